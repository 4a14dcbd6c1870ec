"""What a reply may rest on: the notes shown for a message, what code gathered and worked out, and whether memory holds the answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic_ai import models

from ..messages import OURS, Cited, Label, Recalled
from ..models.small.gate import gate
from ..tracing import span
from . import answers
from .answer import Answer
from .answerable import LIKELY, SURE, UNLIKELY, weighed
from .cite import cite
from .computed import Said, computed
from .context import unmarked
from .evidence import Evidence, Message, is_about_the_person, notes
from .intent import Want

_GATHERED = 0.8  # probability that an answer holds which code gathered from facts and dates and is sure of
_COMPUTED = 6  # items that dates and sums are worked out from
_LINES = 4  # of what was gathered; more are as many notes, and recall has them already


@dataclass(frozen=True, slots=True)
class Ground:
    """What a reply to ``message`` may rest on."""

    message: Message
    evidence: Evidence
    personal: bool  # only memory can answer
    notes: Sequence[tuple[Recalled, str]]  # items with their lines
    gathered: Sequence[tuple[Recalled, str]]  # what code gathered for a question of several parts, likewise
    lines: Sequence[str]  # the same with what sums it up, then what was worked out
    worked_out: Sequence[str]  # dates, sums, units
    stands_alone: bool  # what was worked out needs nothing from memory

    @property
    def asks(self) -> bool:
        return self.message.want in (Want.QUESTION, Want.REQUEST)

    @property
    def rests_on_notes(self) -> bool:
        return self.personal or (self.message.want is Want.QUESTION and bool(self.notes))

    @property
    def shown(self) -> Label:
        """The joined label of what the model is shown this turn. Whatever that is may be in what it says: nobody can tell which words of
        it came from where."""
        computed_from = [] if self.stands_alone or not self.worked_out else self.evidence.found[:_COMPUTED]
        read = [one.item.label for one, _ in [*self.notes, *self.gathered]] + [one.item.label for one in computed_from]
        return OURS.joined(self.message.item.label, *read, *(fact.label for fact in self.evidence.rules))

    @property
    def probability(self) -> float:
        """That memory holds the answer, before the model is asked: what code gathered and is sure of counts, and so does a rule about
        somebody the question names, and what was said in this conversation where that is asked for."""
        gathered = _GATHERED if self.evidence.collected.sure else 0.0
        ruled = LIKELY if self.evidence.rules_named_in(self.message.text) else 0.0
        said = LIKELY if self.evidence.earlier else 0.0  # what was said here is what was asked for
        return max(self.evidence.holding.probability, gathered, ruled, said)

    def sources(self, said: str) -> tuple[Cited, ...]:
        """The sources of what was said."""
        known = [*self.notes, *self.gathered, *self.evidence.resting]
        # A yes, or a date worked out, says nothing the question did not: then all of its words count.
        return cite(self.message.text, said, known) or (cite("", said, known) if self.rests_on_notes else ())

    def without_brain(self, state: str) -> answers.Told:
        """The reply by code alone; ``state``: why there is no model."""
        held = self.asks and self.evidence.holding.probability > UNLIKELY
        return answers.without_brain(state, self.evidence.found if held else [], self.worked_out, self.message.want, self.message.text)


def ground(message: Message, evidence: Evidence) -> Ground:
    """What a reply to ``message`` may rest on, of what memory brought."""
    personal = is_about_the_person(message, evidence)
    found = [Said(one.text, one.at.date() if one.at else None) for one in evidence.found[:_COMPUTED]]
    worked_out = computed(message.text, found, message.now)
    collected = evidence.collected
    gathered = personal and len(collected.lines) <= _LINES
    return Ground(
        message=message,
        evidence=evidence,
        personal=personal,
        notes=notes(message, evidence, personal=personal),
        gathered=list(zip(collected.items, collected.lines, strict=False)) if gathered else [],
        lines=[*(map(unmarked, collected.lines) if gathered else ()), *worked_out],
        worked_out=worked_out,
        stands_alone=bool(computed(message.text, [], message.now)),
    )


async def is_held(ground: Ground, model: models.Model, answer: Answer) -> bool:
    """Whether memory holds the answer: by code where that is sure, with the model's own look at the notes where it is not."""
    probability = answer.holds or 0.0
    if ground.notes and UNLIKELY < probability < SURE:
        question = ground.message.text
        with span("gate"):
            answer.gated = await answer.speech.timed(gate(question, [line for _, line in ground.notes], model))
        anothers = bool(answer.gated) and ground.evidence.is_told_of_another(answer.gated, ground.message.now)
        answer.holds = probability = weighed(probability, answer.gated, anothers=anothers)
    return probability >= LIKELY
