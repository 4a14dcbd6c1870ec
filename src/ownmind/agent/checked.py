"""The model's words as they may be said: a sentence at a time, each held against the notes, the rules the person set and what can be
promised. What fails is replaced by plain words of ours.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from pydantic_ai import models

from ..messages import Recalled
from ..models.small.gate import gate
from ..tracing import span
from . import answers
from .acting.toolset import GuardedToolset
from .answer import Answer
from .answerable import CLEAR, admits, declines, hedged, is_borne_out
from .borrowed import is_borrowed, words_asked
from .cite import sourced
from .context import is_shown, musts, page
from .evidence import Evidence
from .examples import FREELY, FROM_MEMORY, KEPT, Beginning
from .ground import Ground
from .intent import Want
from .promises import CANNOT, breach, forbidden, promises

AGAIN = "I am not sure I understood you. Could you say it in other words? I follow English best."


@dataclass(frozen=True, slots=True)
class Check:
    """What a reply must keep to. ``known`` empty: the reply is not about the person and may say anything true. ``told``: what is noted,
    and what they said just before."""

    question: str
    known: str
    told: str
    ruled_out: frozenset[str]
    personal: bool
    notes: Sequence[tuple[Recalled, str]]
    want: Want
    beginning: Beginning
    evidence: Evidence
    now: datetime
    doubtful: bool  # worded as something believed, not known


def check(ground: Ground, holds: float | None) -> tuple[Check, str]:
    """What the reply must keep to, and the page the model is shown. ``holds``: the probability that memory holds the answer, if it was
    needed."""
    message, evidence = ground.message, ground.evidence
    lines = [line for _, line in ground.notes]
    must = musts(evidence.rules, " ".join([message.text, *lines]))
    shown = page(message.text, lines, must=must, computed=ground.lines, most=message.budget.message)
    rests = ground.rests_on_notes
    found = Check(
        question=message.text,
        known="\n".join([shown, message.before]) if rests else "",
        told="\n".join([*lines, *must, message.before]),
        ruled_out=forbidden([fact for fact in evidence.rules if is_shown(fact, must)]),
        personal=ground.personal,
        notes=ground.notes,
        want=message.want,
        beginning=FROM_MEMORY if rests or (ground.lines and ground.asks) else FREELY,
        evidence=evidence,
        now=message.now,
        doubtful=holds is not None and holds < CLEAR and not ground.stands_alone,
    )
    return found, shown


async def _instead(kept: Check, verdict: _Verdict, model: models.Model | None, answer: Answer) -> answers.Told:
    """What to say when nothing the model said may be. To news, which needs no answer, that it is kept: it was read back before this turn
    began to speak. Where it refused, the note that holds the answer, in its own words, if the gate finds one."""
    if verdict is not _Verdict.UNFOUNDED and kept.want is Want.STATEMENT:
        return answers.Told(KEPT)
    if verdict is _Verdict.BORROWED and not kept.personal:
        return answers.Told(AGAIN, known=False)
    if verdict is _Verdict.REFUSED:
        lines = [line for _, line in kept.notes]
        words = answer.gated
        if words is None:
            words = await answer.speech.timed(gate(kept.question, lines, model)) if lines and model is not None else ""
        if words:
            return answers.quoted(kept.notes, words)
    return answers.unknown(kept.evidence.found, kept.question, kept.evidence.holding)


async def checked(
    kept: Check,
    says: Callable[[str], AsyncGenerator[str]],
    model: models.Model | None,
    answer: Answer,
    tools: GuardedToolset | None = None,
) -> AsyncGenerator[str]:
    """The model's words, a sentence at a time once each is checked; what fails is replaced by plain words of ours. ``says`` gives its
    sentences, the second time without a food that must not come up; ``model`` may be asked more, and again: one on another machine is
    not, because it was shown to the person once and costs each time."""
    verdict, food, source = _Verdict.FINE, "", ""
    for _ in range(1 if model is None else 2):
        said = False
        # The stream is left before anything else is asked of the model: it does one thing at a time.
        async with aclosing(says(food)) as pieces:
            async for sentence in pieces:
                with span("check"):
                    verdict, food = _judge(kept, sentence, "\n".join(tools.told) if tools else "")
                if verdict in (_Verdict.REFUSED, _Verdict.UNFOUNDED, _Verdict.BORROWED, _Verdict.FORBIDDEN):
                    break
                source, as_told = sourced(kept.question, sentence, [*kept.notes, *(tools.shown if tools else ())], source)
                yield hedged(as_told) if kept.doubtful and not said and as_told == sentence else as_told
                said = True
                if verdict is _Verdict.PROMISE:
                    yield f" {CANNOT}"
                    return
        if verdict is not _Verdict.FORBIDDEN or said:
            break
    if verdict is _Verdict.FORBIDDEN:
        yield f"{' ' if said else ''}(I left out a suggestion with {food}: it breaks a rule you gave me.)"
    elif said and verdict is _Verdict.BORROWED and kept.want is Want.STATEMENT:
        yield KEPT if answer.text != "".join(answer.words) else f" {KEPT}"
    elif not said:  # what is unfounded after a founded sentence is simply left out
        told = await _instead(kept, verdict, model, answer)
        answer.sources, answer.known = told.sources, told.known
        yield told.text


class _Verdict(StrEnum):
    FINE = "fine"
    REFUSED = "refused"  # "I don't know that yet"
    BORROWED = "borrowed"  # the person's life told as the brain's own, or their words given back
    UNFOUNDED = "unfounded"  # a name or number that no note holds, or not the kind of answer that was asked for
    FORBIDDEN = "forbidden"  # food that a need rules out
    PROMISE = "promise"  # of something no tool can do


def _judge(kept: Check, sentence: str, told: str = "") -> tuple[_Verdict, str]:
    """The verdict on one sentence, with the food that is forbidden in it. ``told``: what the model was told by tools meanwhile."""
    if told and not admits(sentence):
        kept = replace(kept, known=f"{kept.known}\n{told}", personal=False)
    if (kept.known and admits(sentence)) or (kept.want is Want.STATEMENT and (admits(sentence) or declines(sentence))):
        return _Verdict.REFUSED, ""
    if (
        kept.want is not Want.REQUEST
        and not words_asked(kept.question)
        and is_borrowed(sentence, f"{kept.question}\n{kept.told}", kept.question)
    ):
        return _Verdict.BORROWED, ""
    if kept.personal and not is_borne_out(kept.question, sentence, kept.known):
        return _Verdict.UNFOUNDED, ""
    if kept.personal and kept.evidence.is_told_of_another(sentence, kept.now):
        return _Verdict.UNFOUNDED, ""
    food = breach(sentence, kept.ruled_out)
    if food:
        return _Verdict.FORBIDDEN, food
    return (_Verdict.PROMISE if promises(sentence) else _Verdict.FINE), ""


def without(shown: str, food: str) -> str:
    """The page once more, with the food that must not come up again."""
    return f"{shown}{'' if '[must]' in shown else chr(10) + '[must]'}\nNo {food} at all."
