"""Quiz: one gap in one sentence of the person's own material at a time; the answer is checked against that sentence, by code.

What a conversation keeps between two messages is ids, places and counts, never words: a sentence that is forgotten meanwhile is gone from
the quiz as well.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from ...errors import NotFound
from ...guard.identifiers import date_spans
from ...memory.citing import stem, stems
from ...messages import Item, Kind
from .. import checks
from ..hands import Shots, quoted
from ..material import material, nothing, sentences
from ..running import Job, Pieces

_MOST = 5
_GAP = "_____"
_NUMBER = re.compile(
    r"(?:[€$£]\s?)?\d[\d.,:]*(?:\s(?:to|–|-)\s\d[\d.,:]*)?(?:\s?(?:%|€|[ap]\.?m\.?|(?:euros?|dollars?|minutes?|hours?|days?|weeks?|"
    r"months?|years?|km|kg|metres?|"
    r"degrees?)\b))?"
)
_NAME = re.compile(r"\b[A-ZÀ-Þ][\w’-]{2,}(?: [A-ZÀ-Þ][\w’-]{2,})*")
_SHOTS = Shots(
    "Turn the sentence with a gap into one question that the gap answers. Use only its words. Never say the answer.",
    (
        ("[text]\nThe library opens at _____ on Saturdays.", "When does the library open on Saturdays?"),
        ("[text]\nThe bridge was designed by _____ in 1931.", "Who designed the bridge in 1931?"),
        ("[text]\nThe deposit is _____ and is paid back after two months.", "How much is the deposit?"),
    ),
    most=40,
    stops=("\n",),
)


@dataclass(frozen=True, slots=True)
class Gap:
    """A sentence and the stretch of it that is asked for."""

    sentence: str
    start: int
    end: int

    @property
    def answer(self) -> str:
        return self.sentence[self.start : self.end].strip(" .,")

    @property
    def shown(self) -> str:
        return f"{self.sentence[: self.start]}{_GAP}{self.sentence[self.end :]}"


async def run(job: Job) -> Pieces:
    if job.state:
        async for said in _go_on(job):
            yield said
        return
    if job.conversation and not job.text:
        items = await _items(job)
        places = [[item.id, number] for item in items for number, one in enumerate(sentences(item.text)) if gap(one) is not None]
        if places:
            chosen = [places[round(n * (len(places) - 1) / max(1, min(_MOST, len(places)) - 1))] for n in range(min(_MOST, len(places)))]
            yield f"{len(chosen)} questions; “stop” ends it.\n\n"
            yield await _ask(job, {"places": chosen, "at": 0, "right": 0})
            return
    held = await material(job)
    gaps = [(one, found) for one in held.pieces if (found := gap(one.text)) is not None]
    if not gaps:
        yield nothing(job)
        return
    step = max(1, len(gaps) // _MOST)
    kept = gaps[::step][:_MOST]
    for number, (_, one) in enumerate(kept, 1):
        yield f"{number}. {await question(job, one)}\n"
    yield "\nAnswers:\n" + "\n".join(f"{number}. {one.answer}" for number, (_, one) in enumerate(kept, 1))
    for piece, one in kept:
        if piece.item is not None:
            job.hands.cite(piece.item, one.sentence)


async def _items(job: Job) -> list[Item]:
    items = await asyncio.to_thread(job.hands.document, job.request)
    about = stems(job.request) - stems("quiz test me my on about from course document notes")
    named = about & stems(" ".join(f"{one.source.title} {one.source.ref}" for one in items[:1]))
    if items and (named or not about):
        return items
    found = await asyncio.to_thread(job.hands.recall, job.request, 8)
    near = [one for one in found if about & stems(one.text) and one.kind is not Kind.REPLY]
    return near or items


async def _ask(job: Job, state: dict[str, object]) -> str:
    """The next question there is, or the end."""
    while True:
        one = await asyncio.to_thread(_current, job, state)
        at, places = int(str(state["at"])), state["places"]
        assert isinstance(places, list)
        if at >= len(places):
            job.left = ""
            return f"That was the last one: {state['right']} of {len(places)} right."
        if one is not None:
            job.left = json.dumps(state)
            return await question(job, one)
        state["at"] = at + 1  # forgotten since


async def _go_on(job: Job) -> Pieces:
    state = json.loads(job.state)
    one = await asyncio.to_thread(_current, job, state)
    if one is not None:
        right = is_right(job.request, one.answer)
        state["right"] += right
        yield f"{'Right' if right else 'No'}: “{one.sentence}”\n\n"
    state["at"] += 1
    yield await _ask(job, state)


def _current(job: Job, state: dict[str, object]) -> Gap | None:
    places, at = state["places"], int(str(state["at"]))
    assert isinstance(places, list)
    if at >= len(places):
        return None
    name, number = places[at]
    try:
        item = job.hands.rooms.memory.item(str(name))
    except NotFound:
        return None
    job.hands.cite(item)
    held = sentences(item.text)
    return gap(held[int(number)]) if int(number) < len(held) else None


async def question(job: Job, one: Gap) -> str:
    """A question for the gap, or the sentence with the gap in it; that always where a name is asked for: the starter brain then asks for
    something near it ("which towns" for one of two)."""
    if not checks.numbers(one.answer):
        return f"What is missing: “{one.shown}”"
    said = await job.hands.ask(_SHOTS, f"[text]\n{quoted(one.shown)}")
    tells = is_right(said, one.answer) or any(word in stems(said) for word in stems(one.answer))
    off = not said.endswith("?") or tells or checks.invented(said, one.sentence) or checks.turned(said, one.sentence)
    unlike = checks.share(stems(said) - {stem("who"), stem("when"), "many", "much"}, stems(one.sentence)) < 0.8 or _GAP in said
    return f"What is missing: “{one.shown}”" if off or unlike or checks.lost(said, one.shown) else said


def gap(sentence: str) -> Gap | None:
    """The stretch of a sentence worth asking for: a date, a number with its unit, a name inside it; None where there is none."""
    if not 5 <= len(sentence.split()) <= 45 or sentence.endswith("?"):
        return None
    spans = [(span.start, span.end) for span in date_spans(sentence)]
    spans += [match.span() for match in _NUMBER.finditer(sentence)]
    spans += [
        match.span()
        for match in _NAME.finditer(sentence)
        if match.start() > 0 and sentence[match.start() - 2 : match.start() - 1] not in ".:"
    ]
    return Gap(sentence, *spans[0]) if spans else None


def is_right(said: str, answer: str) -> bool:
    """Strict with numbers, generous with case, order and a slip of spelling."""
    wanted, given = checks.numbers(answer), checks.numbers(said)
    if wanted:
        return wanted <= given and len(given) <= len(wanted) + 1
    words, there = re.findall(r"\w+", answer.lower()), re.findall(r"\w+", said.lower())
    return bool(words) and all(any(SequenceMatcher(None, word, one).ratio() >= 0.8 for one in there) for word in _significant(words))


def _significant(words: Sequence[str]) -> list[str]:
    return [word for word in words if len(word) > 2] or list(words)
