"""What a turn needs of the house, and the reply while it is made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from ..goals.book import Goals
from ..goals.today import Today
from ..memory.memory import Memory
from ..messages import HERE, OURS, Action, Cited, Fact, Label, Reply, Timings, Voice
from ..models.brain import Brain
from ..people.book import People
from ..skills.book import Skills
from ..store.conversations import Conversations
from ..store.plans import Plans
from ..store.settings import Settings
from ..tools.act import World
from ..tracing import Tracer
from . import answers
from .remote.asking import RemoteBrain
from .speech import Speech


@dataclass(frozen=True, slots=True)
class Parts:
    """What a turn needs of the house."""

    memory: Memory
    brain: Brain
    conversations: Conversations
    settings: Settings
    world: World | None = None  # what may be done outside memory; None where nothing may
    waiting: Plans | None = None  # where plans are kept that wait; with a world there is one

    @property
    def plans(self) -> Plans:
        assert self.waiting is not None, "a world has a place for its plans"
        return self.waiting

    remote: RemoteBrain | None = None  # a model on another machine, which answers when it is chosen and may
    goals: Goals | None = None  # what the person wants; with it there are people and today
    people: People | None = None
    today: Today | None = None
    voice: Voice = HERE  # how the message comes
    skills: Skills | None = None
    tracer: Tracer | None = None  # records where the time goes and what the model is sent


@dataclass
class Answer:
    """A reply while it is made. ``words`` is exactly what was streamed."""

    words: list[str] = field(default_factory=list)
    sources: tuple[Cited, ...] = ()
    known: bool = True
    brain: str = ""
    gated: str | None = None  # what the gate found; None when it was not asked
    holds: float | None = None  # probability that memory holds the answer; None when the reply needs nothing from memory
    recall: float = 0.0
    speech: Speech = field(default_factory=Speech)
    actions: tuple[Action, ...] = ()  # what was done in the world, or waits to be
    goals: tuple[str, ...] = ()  # ids of the goals it is about
    calls: list[int] = field(default_factory=list)  # rows of what models elsewhere were asked for it
    label: Label = OURS  # joined of what the words were made from; the sources add theirs when it is stored
    after: str = ""  # id of the message it answers; "" for whatever was said last
    instead_of: str = ""  # id of the reply that was asked for anew
    ends: Callable[[bool], None] | None = None  # what is to be settled once, when it is over; told whether it was stopped

    @property
    def text(self) -> str:
        return "".join(self.words).strip()

    @property
    def rests_on(self) -> Label:
        """The reply's own label: as weak as the weakest of what it was made from and of what it cites, whose sources it names."""
        cited = [Label(one.label.integrity, one.label.confidentiality, (one.source,)) for one in self.sources]
        return OURS.joined(self.label, *cited)

    def settle(self, *, stopped: bool = False) -> None:
        """Settles what is known once all was said, or all that ever will be."""
        ends, self.ends = self.ends, None
        if ends is not None:
            ends(stopped)

    def reply(self, name: str, conversation: str, learned: tuple[Fact, ...], timings: Timings) -> Reply:
        """It, as it was stored under the id ``name``."""
        return Reply(
            name, self.text, self.sources, learned, timings, conversation, self.known, self.brain, self.holds, self.actions, self.rests_on,
            self.goals,
        )  # fmt: skip

    def take(self, told: answers.Told) -> str:
        """Makes ``told`` the reply, without the model; gives its words."""
        self.sources, self.known, self.brain = told.sources, told.known, ""
        return told.text
