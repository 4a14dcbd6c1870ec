"""What memory brings to a message: what was found, whether that holds the answer, the rules that bear on it, what code gathered.

Reads, never writes, and asks no model. Everything here is worked out before the first word is spoken.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ..memory.collect import NOTHING, Collected, collect
from ..memory.holds import Holding, judged, passages, told_of_another
from ..memory.memory import Memory
from ..memory.question import Asks, read, refers_back
from ..memory.timeline import Dated, when
from ..memory.whose import Passage
from ..messages import Fact, Item, Kind, Recalled
from ..models.tokens import tokens
from ..tracing import count, span
from .cite import stems
from .context import SMALL, Budget, chosen, excerpt, note, unmarked, when_said
from .intent import Want, asks, is_personal

_NEVER_NAMES = frozenset(
    """monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november
    december christmas easter english german french spanish the a an i""".split()  # noqa: SIM905  # reads better
)
_K = 18  # items asked of recall: enough that questions and repeats among them can be left out
_CLEAR = 0.42  # cosine from which a note is shown for a message that is not about the person
_MOSTLY = 0.6  # share of a question's rare words that something remembered says
_NEAR = 0.55  # cosine that says the same
_A_MONTH = timedelta(days=32)
_ASKED_LONGEST, _LEANT_ON = 1000, 300  # characters of a message, and of the one before it, that recall reads


@dataclass(frozen=True, slots=True)
class Message:
    """The person's message as it was stored, what it wants, and what stood before it."""

    item: Item
    text: str
    want: Want
    now: datetime
    before: str = ""  # the person's message before this one
    budget: Budget = SMALL  # of the model that will answer
    files: Sequence[tuple[str, str]] = ()  # source and name of what was sent with it


@dataclass(frozen=True, slots=True)
class Evidence:
    """What memory brings to a message. ``found``, ``rules`` and ``collected`` may each be empty."""

    found: Sequence[Recalled]  # evidence, best first
    around: Sequence[Item]  # said just before and after it
    passages: Sequence[Passage]  # both, sentence by sentence
    earlier: Sequence[tuple[Recalled, str]]  # of this conversation, ours too, where the message leans on it; what was sent with it
    holding: Holding  # whether it holds the answer
    rules: Sequence[Fact]
    resting: Sequence[tuple[Recalled, str]]  # the items the rules rest on, each with its rule
    collected: Collected  # what code could gather for a question of several parts
    query: str  # the message, with what it leans on
    is_gathering: bool  # the answer is a list, a count or an order
    dated: Dated | None = None  # of a "when": the time that the item which bears it out best names for it

    def is_told_of_another(self, answer: str, now: datetime) -> bool:
        """Whether the answer's own words are told only of somebody else than the one asked about."""
        return told_of_another(self.query, answer, self.passages, now)

    def rules_named_in(self, text: str) -> list[tuple[Recalled, str]]:
        """The rules about people ``text`` names, with the items they rest on."""
        words = frozenset(re.findall(r"\w+", text.lower()))
        resting = zip(self.rules, self.resting, strict=False)
        return [one for fact, one in resting if words & set(fact.subject.lower().split()) - {"you"}]


def gather(message: Message, memory: Memory) -> Evidence:
    """What ``memory`` holds for ``message``; reads the store, so it belongs in a thread."""
    text, before = message.text[:_ASKED_LONGEST], message.before[:_LEANT_ON]
    query = f"{before} {text}" if before and refers_back(text) else text
    # Not recall(before=...): of 32 follow-ups of lives it found the evidence of 20 among 18 items, the joined words of 21.
    with span("recall", words=query):
        recalled = [] if message.want is Want.SMALL_TALK else memory.recall(query, k=_K, now=message.now)
        found = [one for one in recalled if one.id != message.item.id and not (one.item.kind is Kind.MESSAGE and asks(one.text))]
        found = _as_said_last(found, message, memory)
        around = [item for item in memory.around(found) if item.id != message.item.id] if found else []
        count(found=len(found))
    with span("facts"):
        rules = memory.must(message.now)
        resting = [(Recalled(memory.item(fact.item_id), 0.0), fact.text) for fact in rules[:20]]
        count(rules=len(rules))
    earlier = _sent(message, memory) or (_earlier(message, memory) if leans_on_the_talk(message.text) else [])
    with span("holds"):
        read_once = passages(found, around)
        holding = judged(query, read_once, message.now)
    gathered = NOTHING
    if found and message.want is Want.QUESTION:
        with span("gather"):
            gathered = collect(memory, message.text, found, message.now, before=message.before)
    reading = read(query, message.now)
    dated = _dated(message, query, found, holding) if reading.kind is Asks.WHEN else None
    return Evidence(found, around, read_once, earlier, holding, rules, resting, gathered, query, reading.is_gathering, dated)


def _as_said_last(found: list[Recalled], message: Message, memory: Memory) -> list[Recalled]:
    """Without the messages that were edited, where the words in their place were found too, or are what is being answered."""
    anew, there = memory.said_anew([one.id for one in found]), {message.item.id, *(one.id for one in found)}
    return [one for one in found if anew.get(one.id) not in there]


_LEANS = re.compile(
    r"\b(?:did|have|had) (?:you|we|I) (?:just |already |ever )?(?:say|said|tell|told|mention|mentioned|suggest|suggested|recommend"
    r"|recommended|promise|promised|agree|agreed|decide|decided|talk|talked|discuss|discussed|propose|proposed|call|called)\b"
    r"|\b(?:you|we|I) (?:just |already )?(?:said|told|mentioned|suggested|recommended|promised|agreed|decided|discussed|talked|proposed)\b"
    r"|\b(?:earlier|before) (?:in|during) (?:this|our) (?:talk|chat|conversation)\b|\b(?:your|our) (?:earlier|last|first|previous) \w+",
    re.IGNORECASE,
)
_EARLIER = 3  # things said before that are shown


def leans_on_the_talk(text: str) -> bool:
    """Whether a message is about what was said before: "what did you say about the boiler?"."""
    return bool(_LEANS.search(text))


def _sent(message: Message, memory: Memory) -> list[tuple[Recalled, str]]:
    """Of the files sent with the message, the passages that have most of its words, the best first, each as a line: what comes first is
    what a small model looks at. A message that says nothing of them ("what is this?") gets how they begin."""
    wanted = stems(message.text)
    held = [item for ref, _ in message.files for item in memory.items(source=ref, limit=_MOST_READ)]
    shared = [len(wanted & stems(item.text)) for item in held]
    least = max(shared, default=0) / 2  # a page that shares one word of three with the question is beside it
    lines: list[tuple[Recalled, str]] = []
    spent = 0
    for at in sorted(range(len(held)), key=lambda at: (-shared[at], at)):
        line = note(held[at], message.text)
        if shared[at] < least or (lines and spent + tokens(line) > message.budget.gathered):
            break
        lines.append((Recalled(held[at], 0.0), line))
        spent += tokens(line)
    return lines


_MOST_READ = 2000  # passages of one file that are looked through


def _earlier(message: Message, memory: Memory) -> list[tuple[Recalled, str]]:
    """What was said in this very conversation about what the message is about, the companion's words too, each as a line. What left the
    prompt long ago is found again this way; it says what was said, not that it is so."""
    said = (Kind.REPLY, Kind.MESSAGE)
    with span("earlier"):
        found = memory.recall(
            message.text[:_ASKED_LONGEST], k=2 * _EARLIER, now=message.now, conversation=message.item.conversation, kinds=said
        )
    other = {message.item.id, *memory.off_branch(message.item)}
    kept = [one for one in found if one.id not in other and not asks(one.text) and one.signals.get("coverage", 0.0) >= _SHARES]
    return [(one, _said(one, message.text)) for one in kept[:_EARLIER]]


_SHARES = 0.3  # of the question's words, that something said before must hold


def _said(one: Recalled, question: str) -> str:
    who = "I (Ownmind) said here" if one.item.kind is Kind.REPLY else "You said here"
    return f'{who}{when_said(one.at)}: "{" ".join(unmarked(excerpt(one.text, stems(question))).split())}"'


_WHEN = re.compile(
    r"\bwhen (?:is|are|was|were|do|does|did|will|has|have|had)\b|\b(?:on )?(?:what|which) (?:exact )?(?:date|day|month|year)\b|\bdate of\b",
    re.IGNORECASE,
)


def _dated(message: Message, query: str, found: Sequence[Recalled], holding: Holding) -> Dated | None:
    """The time of what a "when" asks for, where the words name it and stand in the very item that bears the question out best. Of 80
    such answers 68 were the known one (dev/LOG.md); of those read off another item a third."""
    if not found or not _WHEN.search(message.text):
        return None
    dated = when(query, found, message.now, best=10)
    return dated if dated is not None and dated.is_named and dated.recalled.id == holding.nearest and not holding.elsewhere else None


def is_about_the_person(message: Message, evidence: Evidence) -> bool:
    """Whether only memory can answer: the question is about the person, somebody memory knows, a day something is known of, or a thing
    that was told of as one both know."""
    return message.want is Want.QUESTION and (
        is_personal(message.text, names=frozenset() if _WHO_MADE.match(message.text) else _names(evidence.found))
        or _is_of_a_day_known(message, evidence.found)
        or _is_of_a_thing_told(message.text, evidence.found)
    )


def notes(message: Message, evidence: Evidence, *, personal: bool) -> list[tuple[Recalled, str]]:
    """The items to show the model, each with its line: what is near for a question about the person, only what is clearly meant for
    anything else. A need of somebody a personal question names comes first, however far apart the words: "what should I not cook
    for Ana?"."""
    if evidence.earlier:
        there = {recalled.id for recalled, _ in evidence.earlier}
        shown = chosen(evidence.found, message.text, around=evidence.around, most=message.budget.notes // 2) if personal else []
        return [*evidence.earlier, *(one for one in shown if one[0].id not in there)]
    if not personal:
        clear = [one for one in evidence.found if one.signals.get("cosine", 0.0) >= _CLEAR or one.signals.get("coverage", 0.0) >= 0.7]
        return chosen(clear, message.text, around=evidence.around)[: 2 if message.want is Want.STATEMENT else 6]
    most = message.budget.gathered if evidence.is_gathering else message.budget.notes
    shown = chosen(evidence.found, message.text, around=evidence.around, most=most)
    there = {recalled.id for recalled, _ in shown}
    return [*(one for one in evidence.rules_named_in(message.text) if one[0].id not in there), *shown]


_ASKED = re.compile(r"^\W*(?:and |so |but )*(?:who|whose|what|when|where|which|how)\b", re.IGNORECASE)
# A book or a song one has told of has a name in memory, and its author all the same in the world's.
_WHO_MADE = re.compile(r"\W*who (?:wrote|composed|painted|directed|invented|discovered|founded|designed)\b", re.IGNORECASE)
# How to do a thing, and who made what the world knows: questions about things of that kind, not about the one that was told of.
_OF_ITS_KIND = re.compile(
    r"\bhow (?:\w+ )?(?:do|can|could|should|would|must) (?:i|you|we|one|people)\b|\bhow to\b|\bhow do(?:es)? .{1,40}\bworks?\b"
    r"|\b(?:invent|discover|compos|author|wrote|written|direct|paint|design|found)(?:ed|s|er|or)?\b|\b(?:means?|stands? for)\b",
    re.IGNORECASE,
)
_WHO_DOES = re.compile(r"\W*who (?!is|was|has|does)[a-z]+s (?:the|up|out|in|on|for|to)\b", re.IGNORECASE)  # "who plays the drums?": of us
_SAME_SORT = 0.35  # cosine from which what was told is of the sort that is asked for: a trombone, where drums are
_THE_THING = re.compile(r"\bthe ((?:[\w’'-]+ ){0,2}[\w’'-]+)", re.IGNORECASE)
_A_THING_KNOWN = re.compile(r"\b(?:the|my|our|his|her|their|\w+['’]s) ((?:[\w’'-]+ ){0,2}[\w’'-]+)", re.IGNORECASE)
_TOLD_AMONG = 6  # items, from the best
# Things everybody means by "the": a question about them is one about the world, whoever mentioned them once.
_OF_THE_WORLD = frozenset(
    """sky sun moon earth world sea ocean universe planet weather news internet web president king queen pope government economy bible war
    capital population body brain heart speed light history future past theory law difference meaning word word's name answer question
    year day week month time morning afternoon evening night weekend summer winter spring autumn way best most first last next same other
    largest biggest smallest highest longest fastest oldest main rest end beginning thing things kind number""".split()  # noqa: SIM905
)


def _is_of_a_thing_told(question: str, found: Sequence[Recalled]) -> bool:
    """Whether the question asks after "the clinic" where memory tells of the clinic: of that one, not of clinics. Not where it names
    somebody or some place that memory does not know."""
    if not _ASKED.match(question) or _OF_ITS_KIND.search(question):
        return False
    names = _names(found)
    named = {re.sub(r"['’]?s$", "", name.lower()) for name in re.findall(r"(?<=[a-z,] )[A-Z][\w'’-]+", question)} - _NEVER_NAMES
    if named - {re.sub(r"['’]?s$", "", name) for name in names}:
        return False
    if _WHO_DOES.match(question) and any(_is_of_a_sort(one) for one in found[:_TOLD_AMONG]):
        return True
    things = _things(_THE_THING, question)
    proper = frozenset(stems(" ".join(names)))  # "Lake Mjosa" is the lake
    return bool(things & proper) or (bool(things) and any(things & _things(_A_THING_KNOWN, one.text[:2000]) for one in found[:_TOLD_AMONG]))


def _is_of_a_sort(one: Recalled) -> bool:
    return one.signals.get("coverage", 0.0) >= _SHARES and one.signals.get("cosine", 0.0) >= _SAME_SORT


def _things(pattern: re.Pattern[str], text: str) -> frozenset[str]:
    """Stems of the words of substance behind such an article."""
    told = " ".join(match[1] for match in pattern.finditer(text)).lower()
    return frozenset(stems(" ".join(word.removesuffix("'s") for word in told.split() if word not in _OF_THE_WORLD)))


def _names(found: Sequence[Recalled]) -> frozenset[str]:
    """Names memory knows, lower case: who spoke, and the capitalised words of what was found."""
    names = {part.lower() for one in found for part in one.speaker.split()}
    names |= {
        match.lower()
        for one in found
        for match in re.findall(
            r"(?<=[\w,;] )[^\W\d_a-z][\w-]+|^[^\W\d_a-z][\w-]+(?=['’]s\b| (?:is|was|said|has|\w{2,}s)\b)", one.text[:2000]
        )
    }
    return frozenset(names - _NEVER_NAMES)


def _is_of_a_day_known(message: Message, found: Sequence[Recalled]) -> bool:
    """Whether the question names a day or a month, and something remembered says nearly the same: "what is covered in the workshop
    on 20 May?" is about the person's workshop, however it is put."""
    reading = read(message.text, message.now)
    named = reading.window is not None and reading.window.end - reading.window.start < _A_MONTH
    return named and any(one.signals.get("coverage", 0.0) >= _MOSTLY or one.signals.get("cosine", 0.0) >= _NEAR for one in found)
