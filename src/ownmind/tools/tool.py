"""What a tool is: something a message can ask for, with the one thing the guard must know of it, its effect."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from ..guard.declared import Effect
from ..guard.seen import Row
from ..memory.memory import Memory
from ..messages import Fact, Item, Recalled, Receipt


@dataclass(frozen=True, slots=True)
class Asked:
    """One call of a tool. ``sure``: the person has confirmed this very call; without it a tool that removes only proposes."""

    memory: Memory
    arguments: Mapping[str, str]
    now: datetime
    conversation: str = ""
    item_id: str = ""  # the message that asks, when there is one
    sure: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a tool did or found. ``text`` says it to the person in plain words."""

    text: str
    ids: tuple[str, ...] = ()  # items stored, or proposed for forgetting
    found: tuple[Recalled, ...] = ()
    rows: tuple[Row, ...] = ()  # what was found, every field with its own label
    facts: tuple[Fact, ...] = ()
    items: tuple[Item, ...] = ()
    receipt: Receipt | None = None


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool: its name, what it is for, its arguments (name to meaning, all text), its effect, and the function that runs it."""

    name: str
    description: str
    effect: Effect
    run: Callable[[Asked], Outcome]
    arguments: Mapping[str, str] = field(default_factory=dict)
