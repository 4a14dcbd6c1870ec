"""Promises in a text: who said they would do what for whom, and until when, with the exact sentence. Pure, by rule, English.

Whatever is found waits for the person's word: a text from outside never makes a promise by itself. What asks, offers, supposes, hopes,
jokes, quotes, or tells what the future brings is none. Where nobody is spoken to (a note, a talk with the companion) only a promise
that names its receiver counts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime

from ..memory.predicates import YOU
from ..memory.rules.sentences import Stretch, is_made_up, sentences
from ..messages import Span
from ..store.promises import Row
from .person import Promise, PromiseState
from .receivers import receiver
from .reported import TOLD, told
from .requests import accepts, requests, unwrapped
from .until import until
from .vows import CONDITION, HEDGE, OVER, UNSURE, VOWS, is_idle, is_serious


@dataclass(frozen=True, slots=True)
class _Spoken:
    """A text with who says it to whom."""

    text: str
    by: str
    to: str
    said_at: datetime | None
    asked: str
    item_id: str
    addressed: bool


def found(
    text: str, *, by: str, to: str = "", said_at: datetime | None = None, asked: str = "", item_id: str = "", addressed: bool = True
) -> tuple[Promise, ...]:
    """The promises ``text`` makes, in its order. ``by`` speaks ("you" for the person) to ``to`` ("" when nobody says); ``asked``: what the
    other one said right before; ``addressed``: False for what is said to nobody who could be promised something (a note, a talk with
    the companion), where only a promise that names its receiver counts. Ids are "" until they are kept. Promises between two others
    are left out."""
    if (not _QUICK.search(text) and not asked) or is_made_up(text):
        return ()
    spoken = _Spoken(text, by, to, said_at, asked, item_id, addressed)
    kept: list[Promise] = []
    before = ""
    for sentence in sentences(unwrapped(text)):
        kept += _own(spoken, sentence, before) or _told(spoken, sentence, before)
        before = f"{before} {sentence.text}"
    return tuple(_with_request(spoken, [one for one in kept if YOU in (one.by, one.to)]))


def _own(spoken: _Spoken, sentence: Stretch, before: str) -> list[Promise]:
    """What the speaker promises in one sentence."""
    if not is_serious(sentence.text):
        return []
    kept: list[Promise] = []
    for vow in VOWS:
        for match in vow.finditer(sentence.text):
            start = match.start("what")
            if any(start < one.span.end and one.what and _at(one, sentence) <= start for one in kept) or _is_vetoed(sentence.text, match):
                continue
            to = spoken.to if spoken.addressed else receiver(match, before)
            if not spoken.addressed and not to:
                continue
            made = _made(spoken, sentence, match, spoken.by, to)
            if made is not None and not is_idle(match, is_due=made.due is not None):
                kept.append(made)
        if kept:
            break
    return kept


def _at(one: Promise, sentence: Stretch) -> int:
    return one.span.start - sentence.start


def _told(spoken: _Spoken, sentence: Stretch, before: str) -> list[Promise]:
    """What the speaker says that somebody else promised them."""
    if sentence.text.endswith("?") or not TOLD.search(sentence.text):
        return []
    return [
        made
        for by, match in told(sentence.text, before)
        if not HEDGE.search(sentence.text, 0, match.start("what")) and (made := _made(spoken, sentence, match, by, spoken.by))
    ]


def _is_vetoed(sentence: str, match: re.Match[str]) -> bool:
    """Whether a condition or a hedge holds for the promise at ``match``."""
    start = match.start("what")
    if HEDGE.search(sentence, 0, match.start()) or UNSURE.search(sentence, 0, start) or HEDGE.match(sentence, start):
        return True
    if _is_of_telling(match) and OVER.search(sentence, start):
        return True
    clause = _clause(sentence, start)
    head = sentence[:start]
    joined = re.split(r";|\s[-–—]\s|\banyway\b", head)[-1]
    return bool(CONDITION.search(joined) or CONDITION.search(sentence[start:clause]))


def _made(spoken: _Spoken, sentence: Stretch, match: re.Match[str], by: str, to: str) -> Promise | None:
    """The promise at ``match``; None when its time was over before it was made."""
    start, end = sentence.start + match.start("what"), sentence.start + _clause(sentence.text, match.start("what"))
    plain = unwrapped(spoken.text)
    due = until(plain, start, end, spoken.said_at)
    if due is None and not _is_of_telling(match):
        due = until(plain, sentence.start, start, spoken.said_at) or until(plain, end, sentence.end, spoken.said_at)
    if due is not None and spoken.said_at is not None and due.due < spoken.said_at:
        return None
    words = plain[start:end]
    if due is not None and start <= due.span.start < end:
        words = f"{plain[start : due.span.start].rstrip(' ,')}{plain[min(due.span.end, end) : end]}"
    what = _turned(" ".join(words.split()).strip(" .,;:!-–—"), by, to if spoken.addressed or by != spoken.by else "")
    if not what:
        return None
    span = Span(sentence.start, sentence.end)
    return Promise(
        "", by, to, what, spoken.text[span.start : span.end], spoken.item_id, span, spoken.said_at,
        due.due if due else None, spoken.text[due.span.start : due.span.end] if due else "",
    )  # fmt: skip


def _is_of_telling(match: re.Match[str]) -> bool:
    """Whether a time before the promise is when it was told: "today I told my boss I'd hand it in"."""
    return any(match.groupdict().get(name) for name in ("whom", "whom2", "alone", "who"))


def _clause(sentence: str, start: int) -> int:
    """Where the clause that begins at ``start`` ends."""
    match = _CLAUSE_END.search(sentence, start + 1)
    return match.start() if match else len(sentence)


_CLAUSE_END = re.compile(
    r"[.!?;:\u2026](?=\s|$)|\s[-–—]\s|[😀-🙏🌀-🗿]|,\s*(?:so|but|because|since|no|promise|that['’]?s|thanks|thank|cheers|ok|okay|alright|you|I|we"
    r"|don['’]?t|just|when|which|yeah|mate|love|dear|mum|dad|everything|swear|honest|is that)\b"
    r"|\s(?:but|because|so that|cause|cos|otherwise|while)\s|\s(?:and|so)\s(?:if|I|you|we|he|she|they|it)\b(?!['’ ](?:ll|will))",
    re.IGNORECASE,
)


def _turned(what: str, by: str, to: str) -> str:
    """``what`` without "you" and "my" that only the talk makes clear: "send you the photos", to Tom, is "send Tom the photos"."""
    reader, speaker = to, "your" if by == YOU else "their"
    if reader and reader != YOU:
        what = re.sub(r"\b(?:your|ur)\b", f"{reader}'s", what, flags=re.IGNORECASE)
        what = re.sub(r"\b(?:you|u)\b", reader, what, flags=re.IGNORECASE)
    return re.sub(r"\bmy\b", speaker, what, flags=re.IGNORECASE)


# A request that was taken on


def _with_request(spoken: _Spoken, own: list[Promise]) -> list[Promise]:
    """With what was asked for right before, where this takes it on: the answer is the promise, and what comes from the question."""
    wanted = requests(spoken.asked) if spoken.asked and spoken.addressed else []
    yes = accepts(spoken.text) if wanted else None
    if not wanted or (yes is None and not any(_POINTS.search(one.what) for one in own)):
        return own
    request = wanted[-1]
    asked = unwrapped(spoken.asked)
    when = until(asked, request.start, request.sentence.end, spoken.said_at)
    what = request.what
    if when is not None and when.span.start >= request.start:
        at = when.span.start - request.start
        what = f"{what[:at].rstrip(' ,')}{what[at + len(when.words) :]}"
    what = _asked_of(" ".join(what.split()).strip(" .,;:!?"), spoken.by, spoken.to)
    if own:
        return [replace(one, what=_spelled(one.what, what), due=one.due or (when.due if when else None)) for one in own]
    assert yes is not None
    due = until(unwrapped(spoken.text), yes.start, len(spoken.text), spoken.said_at)
    span = Span(yes.start, yes.end)
    return [
        Promise(
            "", spoken.by, spoken.to, what, spoken.text[span.start : span.end], spoken.item_id, span, spoken.said_at,
            due.due if due else when.due if when else None, due.words if due else "",
        )
    ]  # fmt: skip


def _spelled(said: str, asked: str) -> str:
    """What was promised where the answer only points: "do it" is what was asked, "mail it" keeps its own verb beside that."""
    if _BARE.fullmatch(said):
        return asked
    return f"{said} ({asked})" if _POINTS.search(said) else said


_BARE = re.compile(r"(?:do|manage)(?: (?:it|that|so))?", re.IGNORECASE)
_POINTS = re.compile(r"\b(?:it|that|them|so|this)\b|^(?:do|have it|reply)\b", re.IGNORECASE)


def _asked_of(what: str, by: str, to: str) -> str:
    """What was asked with "me", as what ``by`` promised ``to``."""
    asker = to or "them"
    what = re.sub(r"\b(?:me|us)\b", asker, what, flags=re.IGNORECASE)
    return re.sub(r"\b(?:my|our)\b", "your" if to == YOU else f"{asker}'s", what, flags=re.IGNORECASE)


_QUICK = re.compile(
    r"['’]ll\b|\b(?:ill|will|shall|well|promis\w*|gonna|going to|swear|vow|word|told|said|says|agreed|assured|commit|undertake|guarantee)\b"
    r"|['’]m \w+ing\b|\bam \w+ing\b|\bim \w+ing\b|\bwon['’]?t\b",
    re.IGNORECASE,
)


def shown(row: Row) -> Promise:
    """A kept promise as the person sees it."""
    return Promise(
        row.id, row.by, row.to, row.what, row.sentence, row.item_id, row.span, row.said_at, row.due, row.due_words, PromiseState(row.state)
    )
