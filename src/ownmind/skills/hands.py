"""What a run of a skill can reach: the parts of memory it was approved for, the model, and nothing else.

Every read is checked against what the person granted, here and nowhere else, for our own skills as for anybody's. What was read is noted,
so that the answer has its sources and the label of all it was made from.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import cast

from pydantic_ai import ModelMessage, ModelRequest, ModelResponse, ModelSettings
from pydantic_ai.direct import model_request
from pydantic_ai.messages import SystemPromptPart, TextPart, UserPromptPart
from pydantic_ai.models import Model

from ..errors import BadInput, NotFound, Refused
from ..goals.goal import Goal, Step
from ..goals.telling.review import Review
from ..guard.labels import of_item
from ..memory.citing import cited_from, stems
from ..messages import OURS, Cited, Fact, FactKind, Integrity, Item, Kind, Label
from ..models.llama.worker import Slot
from ..people.person import Card
from ..records import Appointment
from .rooms import Rooms

MOST_SOURCES = 6
_PAGES = (Kind.PASSAGE, Kind.TURN)
_OWN = (Kind.MESSAGE, Kind.NOTE, Kind.TURN, Kind.PASSAGE)
_MARKS = re.compile(r"\[(?=/?\s*(?:text|must|request|notes|message|samples|question)\s*\])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Shots:
    """One task for a model: what it is told, and examples (shown, said). A stable beginning, so that it stays in the cache."""

    system: str
    examples: tuple[tuple[str, str], ...] = ()
    most: int = 120  # tokens of an answer
    stops: tuple[str, ...] = ("\n[",)


@dataclass
class Hands:
    """One run. ``but``: the id of the message that asks for it, which is no source. ``read``: what was read, in order."""

    skill: str
    granted: frozenset[str]
    rooms: Rooms
    now: datetime
    model: Model | None
    but: str = ""
    is_ours: bool = True
    read: dict[str, Item] = field(default_factory=dict)
    cites: dict[str, Cited] = field(default_factory=dict)
    label: Label = OURS
    warnings: list[str] = field(default_factory=list)
    known: bool = True
    asked: int = 0  # calls of the model

    # Reading

    def recall(self, query: str, k: int = 8, kinds: Sequence[Kind] | None = None) -> list[Item]:
        """What memory holds about ``query``, best first."""
        self._need("recall")
        found = self.rooms.memory.recall(query, k=k, now=self.now, kinds=kinds)
        return self._noted([one.item for one in found if one.id != self.but])

    def document(self, words: str) -> list[Item]:
        """The document or talk that ``words`` mean, whole, in its order: the one whose title they name, else the one that most of what is
        found lies in. Empty where nothing is meant."""
        self._need("documents")
        found = self.rooms.memory.recall(words, k=24, now=self.now, kinds=_PAGES)
        wanted = stems(words)
        weights: dict[str, float] = {}
        for one in found:
            item = one.item
            key = item.conversation if item.kind is Kind.TURN and item.conversation else item.source.ref
            if key not in weights:
                title = stems(f"{item.source.title} {item.source.ref.rpartition('/')[2]}") - {"txt", "pdf", "file", "docx", "html", "md"}
                weights[key] = 3.0 * len(title & wanted)
            weights[key] += max(0.0, one.signals.get("cosine", 0.0)) * 0.2 + len(stems(item.text) & wanted) / (4 + len(wanted))
        if not weights:
            return []
        best = max(weights, key=lambda key: weights[key])
        first = next(one.item for one in found if best in (one.item.conversation, one.item.source.ref))
        if first.kind is Kind.TURN and first.conversation:
            return self._noted(self.rooms.memory.items(conversation=first.conversation))
        return self._noted(self.rooms.memory.items(source=first.source.ref, kinds=[Kind.PASSAGE]))

    def facts(self, about: str | None = None) -> list[Fact]:
        self._need("facts")
        return self.rooms.memory.facts(about)

    def own_words(self, near: str = "", most: int = 6) -> list[Item]:
        """Messages and letters the person wrote themselves, those first that are nearest to ``near``; not what they say to us in orders."""
        self._need("own_words")
        found = self.rooms.memory.recall(near, k=40, now=self.now, kinds=_OWN) if near else []
        own = [one.item for one in found if _is_own(one.item) and one.id != self.but]
        return self._noted(own[:most])

    def card(self, name: str) -> Card | None:
        """What is known of a person; None of nobody, and of a name that several have."""
        self._need("people")
        try:
            return self.rooms.people.card(name)
        except (NotFound, BadInput):
            return None

    def names(self) -> list[str]:
        """The names of people who are known, the longest first."""
        self._need("people")
        return sorted({one.name for one in self.rooms.people.all() if not one.is_you}, key=len, reverse=True)

    def aims(self) -> list[tuple[Goal, list[Step]]]:
        self._need("goals")
        steps = self.rooms.goals.steps()
        return [(goal, [step for step in steps if step.goal == goal.id]) for goal in self.rooms.goals.all()]

    def review(self) -> Review:
        self._need("goals")
        return self.rooms.today.review()

    def appointments(self, days: int, start: datetime | None = None) -> list[Appointment]:
        self._need("calendar")
        begin = start or self.now
        return list(self.rooms.appointments(begin, begin + timedelta(days=days)))

    def rules(self) -> list[Fact]:
        """What must be obeyed: needs (allergies, diets) and standing instructions. For every skill: they bind it, whatever it may read."""
        return self.rooms.memory.must(self.now)

    def needs(self) -> list[Fact]:
        return [fact for fact in self.rules() if fact.kind is FactKind.NEED]

    # Sources

    def cite(self, item: Item, words: str = "") -> None:
        """Says that the answer rests on ``item``, quoting the sentence of it that holds most of ``words``."""
        if len(self.cites) < MOST_SOURCES:
            self.cites.setdefault(item.id, cited_from(item, stems(words)))
        self._joined(item)

    def cite_id(self, name: str, words: str = "") -> None:
        """The same by an item's id; nothing when it is forgotten."""
        if re.fullmatch(r"i\d+", name):
            try:
                self.cite(self.rooms.memory.item(name), words)
            except NotFound:
                return

    @property
    def sources(self) -> tuple[Cited, ...]:
        return tuple(self.cites.values())

    # The model

    async def ask(self, shots: Shots, shown: str) -> str:
        """What the model says to ``shown``; "" where there is no model."""
        if self.model is None:
            return ""
        self.asked += 1
        return await answered(self.model, shots, shown)

    def _need(self, part: str) -> None:
        if part not in self.granted:
            hint = "`ownmind skills show` says what it may do"
            raise Refused(f"the skill {self.skill} may not use {part}: it was not approved for that", hint=hint)

    def _noted(self, items: list[Item]) -> list[Item]:
        for item in items:
            self.read[item.id] = item
            self._joined(item)
        return items

    def _joined(self, item: Item) -> None:
        self.label = self.label.joined(of_item(item))


async def answered(model: Model, shots: Shots, shown: str) -> str:
    """What ``model`` says to ``shown`` after the examples. Greedy, so that the same gives the same."""
    messages: list[ModelMessage] = []
    for number, (page, said) in enumerate(shots.examples):
        head = [SystemPromptPart(shots.system)] if number == 0 else []
        messages += [ModelRequest([*head, UserPromptPart(page)]), ModelResponse([TextPart(said)])]
    head = [] if shots.examples else [SystemPromptPart(shots.system)]
    messages.append(ModelRequest([*head, UserPromptPart(shown)]))
    settings = cast(
        ModelSettings, {"temperature": 0.0, "max_tokens": shots.most, "stop_sequences": list(shots.stops), "slot": Slot.ROUTER}
    )  # cast: slot is the embedded brain's own
    reply = await model_request(model, messages, model_settings=settings)
    return "".join(part.content for part in reply.parts if isinstance(part, TextPart)).strip()


def quoted(text: str) -> str:
    """``text`` so that it cannot open a section of what the model is shown."""
    return _MARKS.sub("(", text)


def _is_own(item: Item) -> bool:
    mine = item.label.integrity is Integrity.PERSON or item.speaker.lower() in ("me", "user", "you")
    return mine and len(item.text.split()) >= 6


def outside(hands: Hands) -> Label:
    """The label of what a skill of somebody else says: its own words are from outside, approved or not."""
    return replace(hands.label, integrity=Integrity.UNTRUSTED, sources=tuple(sorted({*hands.label.sources, f"skill:{hands.skill}"})))
