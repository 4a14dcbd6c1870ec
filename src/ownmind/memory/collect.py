"""What code can gather for a question of several parts, without a model: the value now or at a time, what it was before, which of two
came first, how many, and what a list is made of.

Everything given is a line of plain words with the items it rests on. ``sure``: the lines are the answer, and code may say them;
otherwise they are notes for whoever answers. What cannot be gathered gives nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from ..errors import NotFound
from ..messages import Fact, Integrity, Item, Recalled
from ..store.search import stems
from . import question as questions
from .asked_value import Slot, asked_set, asked_slot
from .calendar import Precision, day_in_words
from .history import conflicts
from .kinds import KindOfThing, asked_kind, is_narrower, members
from .measures import restated
from .memory import Memory
from .predicates import predicate_key, subject_key
from .question import Asks, Reading
from .timeline import SAID, Dated, sentence, when
from .times import in_words
from .words import content_words


@dataclass(frozen=True, slots=True)
class Collected:
    """What was gathered. ``lines`` are short and plain; each of ``items`` is what the line in its place rests on (a last line may sum
    up what the others say; a single line rests on all of them)."""

    lines: tuple[str, ...] = ()
    items: tuple[Recalled, ...] = ()
    sure: bool = False


NOTHING = Collected()
_GATHERED = 30  # items looked at for a list or a count
_KIND = 200  # items looked at for all things of a kind
_PERSON = frozenset({"me", "user", "you", "human"})  # how transcripts name the person


def collect(memory: Memory, question: str, found: Sequence[Recalled], now: datetime, *, before: str = "") -> Collected:
    """What code can gather for ``question``, for which recall gave ``found``. ``before``: the message a follow-up leans on."""
    reading = questions.read(question, now, names={one.speaker for one in found if one.speaker}, before=before)
    asked = f"{before} {question}" if reading.refers_back else question
    if events := _compared(question):
        return _order(memory, events, now)
    facts = memory.facts(everything=True)
    if reading.kind in (Asks.HOW_MANY, Asks.LIST) and (known := asked_set(asked, facts)):
        return _set(memory, known, counting=reading.kind is Asks.HOW_MANY)
    slot = asked_slot(asked, facts) if reading.kind not in (Asks.HOW_MANY, Asks.LIST) else None
    if slot is not None and slot.values:
        return _value(memory, slot, _in_conflict(facts, slot, now), reading, asked, now)
    if not reading.wants_past and reading.window is None and (changed := _restated(question, reading, found)).lines:
        return changed
    if reading.kind is Asks.HOW_MANY and (stated := _stated_number(question, found)).lines:
        return stated
    if (kind := asked_kind(asked)) is not None and (told := _of_kind(memory, kind, asked, reading, found, now)).lines:
        return told
    return _gathered(reading, found) if reading.kind is Asks.LIST else NOTHING


# A value: now, then, and both


def _value(memory: Memory, slot: Slot, against: Sequence[Fact], reading: Reading, asked: str, now: datetime) -> Collected:
    if _CHANGED.search(asked):
        return _then_and_now(memory, slot)
    if reading.window is None and against:
        said = [f"{_sentence(fact)} ({_told(fact)})." for fact in against]
        return _rests_on(memory, [said[0], *(f"But also: {line}" for line in said[1:])], against, sure=True)
    moment = now if reading.window is None else reading.window.start + (min(reading.window.end, now) - reading.window.start) / 2
    if reading.window is None and reading.wants_past and len(slot.values) > 1:
        moment = slot.values[-2].valid_from or now
    fact = slot.at(moment)
    if fact is None:
        return NOTHING
    earlier = [one for one in slot.values if one.valid_to is not None and one.valid_to <= moment][-1:]
    lines = [f"{_sentence(fact)} ({_since(fact)})."]
    if reading.window is None:
        lines += [f"Before that: {_sentence(one)} ({_since(one)})." for one in earlier]
    return _rests_on(memory, lines, [fact, *(earlier if reading.window is None else [])], sure=fact.stated and not fact.wrong)


def _then_and_now(memory: Memory, slot: Slot) -> Collected:
    """Every value with when it came: "In March: ... In June: ..."."""
    values = slot.values
    if len(values) == 1:
        return NOTHING  # whether nothing else was said, or it was not understood, code cannot tell
    return _rests_on(memory, [f"{_capital(_since(fact))}: {_sentence(fact)}." for fact in values], values, sure=True)


def _in_conflict(facts: Sequence[Fact], slot: Slot, now: datetime) -> tuple[Fact, ...]:
    """What of ``facts`` is said of this slot in ways that cannot all hold at ``now``; none as a rule."""
    own = [fact for fact in facts if (subject_key(fact.subject), predicate_key(fact.predicate)) == (slot.subject, slot.predicate)]
    found = conflicts(own, now)
    return found[0].facts if found else ()


def _told(fact: Fact) -> str:
    return f"said {day_in_words(fact.valid_from or fact.learned_at)}"


def _sentence(fact: Fact) -> str:
    return fact.text.rstrip(". ")


def _since(fact: Fact) -> str:
    """ "since 3 May 2024", "3 May 2024 to 7 June 2024"."""
    if fact.valid_from is None:
        return f"until {day_in_words(fact.valid_to)}" if fact.valid_to else "nobody said since when"
    if fact.valid_to is None:
        return f"since {day_in_words(fact.valid_from)}"
    return f"{day_in_words(fact.valid_from)} to {day_in_words(fact.valid_to)}"


def _rests_on(memory: Memory, lines: Sequence[str], facts: Sequence[Fact], *, sure: bool) -> Collected:
    items: list[Recalled] = []
    for fact in facts:
        try:
            items.append(Recalled(memory.item(fact.item_id), 1.0))
        except NotFound:  # forgotten meanwhile
            return NOTHING
    return Collected(tuple(lines), tuple(items), sure)


_CHANGED = re.compile(
    r"\b(?:chang(?:ed?|ing)|differ(?:s|ed|ent)?|contradict\w*|stay(?:ed)? (?:so|the same)|still|over time|used to|conflict\w*|before and"
    r"|then and now|always been|more than one|two (?:different )?answers)\b",
    re.IGNORECASE,
)


# Which came first

_OR = re.compile(
    r"\b(?:first|earlier|later|sooner|before|order)\b(?P<whose>(?: (?:for|with|to) [\w'’ ]{2,30}?)?)"
    r"\s*[,:;-]+\s*(?:was it )?(?P<a>.+?),? or (?P<b>[^?]+)",
    re.IGNORECASE,
)
_BEFORE_OR_AFTER = re.compile(
    r"\b(?:was|were|is|did|does|has|had|came|come|happened?)\s+(?P<a>.+?)\s+(?:come |happen |take place )?before or after\s+(?P<b>[^?]+)",
    re.IGNORECASE,
)
_IN_ORDER = re.compile(
    r"\b(?:[Ii]n (?:what|which) order|the order of)\b(?: (?:did|were|was|have|has|do|does))?"
    r"(?P<whose> (?:I|we|you|he|she|they|[A-Z]\w+))?(?: (?:tell of|mention(?:ed)?|talk(?:ed)? about|bring up|told of|told you of))?:?"
    r"\s+(?P<list>[^?]+?)(?: (?:happen(?:ing|ed)?|take place|come up|occur(?:red)?))?\s*[?.]?$"
)
_WHOSE = re.compile(r"\s+(?:for|with|to)\s+(?P<who>[A-Z]\w+|me|us)\s*$")


def _compared(question: str) -> tuple[tuple[str, str], ...]:
    """The events a question puts in order, as it says them and with whose they are; none when it compares none."""
    match = _OR.search(question) or _BEFORE_OR_AFTER.search(question)
    if match is not None:
        events = [match["a"].strip(" ,"), match["b"].strip(" ,.?!")]
    elif (match := _IN_ORDER.search(question)) is not None:
        events = [event.strip(" ,") for event in re.split(r",\s*(?:and\s+)?|\s+and\s+", match["list"])]
    else:
        return ()
    whose = re.sub(r"^\s*(?:for|with|to)\s+", "", match.groupdict().get("whose") or "").strip()
    if tail := _WHOSE.search(events[-1]):
        whose, events[-1] = whose or tail["who"], events[-1][: tail.start()]
    if len(events) < 2 or not all(content_words(event) for event in events):
        return ()
    whose = "my" if whose.lower() in ("me", "i", "us", "we") else whose
    return tuple((event, f"{whose} {event}".strip()) for event in events)


def _order(memory: Memory, events: Sequence[tuple[str, str]], now: datetime) -> Collected:
    """The events with when they were, the earliest first, and which that is; nothing unless every one of them is known."""
    dated = [(event, _when(memory, phrase, now)) for event, phrase in events]
    known = [(event, one) for event, one in dated if one is not None]
    if len(known) < len(events) or len({one.recalled.id for _, one in known}) < len(known):
        return NOTHING
    known.sort(key=lambda pair: (pair[1].start, pair[1].end))
    lines = [_dated_line(event, one) for event, one in known]
    apart = all(first.end <= second.start for (_, first), (_, second) in pairwise(known))
    sure = apart and all(one.is_named for _, one in known)
    if sure and len(known) == 2:
        lines.append(f"So {_bare(known[0][0])} came before {_bare(known[1][0])}.")
    return Collected(tuple(lines), tuple(one.recalled for _, one in known), sure)


def _when(memory: Memory, phrase: str, now: datetime) -> Dated | None:
    return when(phrase, memory.recall(phrase, k=10, now=now), now, best=10)


def _dated_line(event: str, one: Dated) -> str:
    precision = Precision.DAY if one.precision == SAID else Precision(one.precision)
    words_ = in_words(one.start, one.end, precision)
    how = "" if one.is_named else "told on "
    return f'{_capital(_bare(event))}: {how}{words_} ("{_short(one.quote)}").'


def _bare(event: str) -> str:
    return re.sub(r"^(?:the|a|an)\s+", "the ", event.strip(), flags=re.IGNORECASE)


# How many, and which

_NUMBERS = "zero one two three four five six seven eight nine ten eleven twelve".split()  # noqa: SIM905
_HOW_MANY = re.compile(r"\bhow many (?:different |other )?(?P<noun>[\w'-]+)", re.IGNORECASE)
_NEAR = 0.4  # cosine from which an item may be one of what was asked for, without a word in common


def _set(memory: Memory, facts: Sequence[Fact], *, counting: bool) -> Collected:
    """The facts a list is made of, and how many they are: of what is known, which may not be all."""
    lines = [f"{_sentence(fact)} ({_since(fact)})." for fact in facts]
    if counting:
        lines[0] = f"{len(facts)} are known: {lines[0]}"
    return _rests_on(memory, lines, facts, sure=True)


def _of_kind(memory: Memory, kind: KindOfThing, asked: str, reading: Reading, found: Sequence[Recalled], now: datetime) -> Collected:
    """What of a kind was told by whoever is asked about, oldest first, and how many they are, in one line. Never sure: somebody may
    have told of another in words that no pattern knows."""
    mine = reading.about_me and not reading.people
    wider = [*found, *memory.recall(" ".join([*reading.people, kind.search]), k=_KIND, now=now, pool=_KIND)]
    told = {one.id: one for one in wider if _is_theirs(one.item, reading.people, mine=mine)}
    known = members(kind, [one.item for one in told.values()])
    if reading.window is not None:
        known = [one for one in known if one.item.at and reading.window.start <= one.item.at < reading.window.end]
    if not known:
        return NOTHING
    most = "Perhaps" if is_narrower(asked, kind, reading.people) else "At least"
    line = f"{most} {len(known)} were told of: {', '.join(one.thing for one in known)}."
    return Collected((line,), tuple(told[one.item.id] for one in known), False)


def _is_theirs(item: Item, people: Sequence[str], *, mine: bool) -> bool:
    """Whether whoever is asked about says this: one of ``people``, or the person."""
    if people:
        return item.speaker in people
    return mine and (not item.speaker or item.speaker.lower() in _PERSON) and item.label.integrity is not Integrity.COMPANION


def _restated(question: str, reading: Reading, found: Sequence[Recalled]) -> Collected:
    """The number that was said last for what is asked, and those it had before. Not sure: another thing may be meant."""
    told = restated(question, reading, found)[:3]
    if not told:
        return NOTHING
    lead = ("The latest: ", *("Before that, no longer so: " for _ in told[1:]))
    lines = [f'{when}{_said(one.recalled.item)}: "{_short(one.quote)}"' for when, one in zip(lead, told, strict=True)]
    return Collected(tuple(lines), tuple(one.recalled for one in told), False)


def _stated_number(question: str, found: Sequence[Recalled]) -> Collected:
    """The number somebody stated, the latest where it changed; sure where it never did."""
    match = _HOW_MANY.search(question)
    if match is None:
        return NOTHING
    stated = [(one, *said) for one in found[:10] if (said := _stated(one.item, match["noun"])) is not None]
    if not stated:
        return NOTHING
    latest, _, quote = max(stated, key=lambda one: one[0].at.timestamp() if one[0].at else float("-inf"))
    same = len({number for _, number, _ in stated}) == 1
    return Collected((f'{_said(latest.item)}: "{_short(quote)}"',), (latest,), same and latest is found[0])


def _stated(item: Item, noun: str) -> tuple[int, str] | None:
    """The number an item puts before ``noun`` ("we have three cats"), and the sentence."""
    stem = stems([noun.lower()])[0]
    for match in _COUNTED.finditer(item.text):
        if stems([match["noun"].lower()])[0] == stem or (match["next"] and stems([match["next"].lower()])[0] == stem):
            said = match["n"].lower()
            span = sentence(item.text, match.start(), match.end())
            number = int(said) if said.isdigit() else _NUMBERS.index(said)
            return None if number == 1 else (number, item.text[span.start : span.end])  # "one" is mostly an article
    return None


_COUNTED = re.compile(rf"\b(?P<n>\d{{1,4}}|{'|'.join(_NUMBERS)}) (?P<noun>[a-z]+)\b(?: (?P<next>[a-z]+)\b)?", re.IGNORECASE)


def _gathered(reading: Reading, found: Sequence[Recalled]) -> Collected:
    """The different things the nearest items say, oldest first, each with who said it and when. Never sure: code cannot tell whether
    each is one of what was asked for. Items of others than the people named, questions and repetitions are left out."""
    terms = set(stems([term for term in reading.terms if term not in {part.lower() for name in reading.people for part in name.split()}]))
    kept: list[Recalled] = []
    for one in found[:_GATHERED]:
        if reading.people and one.speaker and one.speaker not in reading.people:
            continue
        mine = set(stems(content_words(one.text)))
        if one.text.rstrip().endswith("?") or not (terms & mine or one.signals.get("cosine", 0.0) >= _NEAR):
            continue
        if not any(len(mine & set(stems(content_words(other.text)))) > 0.7 * len(mine) for other in kept):
            kept.append(one)
    kept.sort(key=lambda one: one.at.timestamp() if one.at else 0.0)
    return Collected(tuple(f'{_said(one.item)}: "{_short(one.text)}"' for one in kept), tuple(kept), False)


def _said(item: Item) -> str:
    who = item.speaker or "you"
    return f"{_capital(who)} said{f' ({day_in_words(item.at)})' if item.at else ''}"


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 160 else f"{text[:157].rsplit(' ', 1)[0]}..."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
