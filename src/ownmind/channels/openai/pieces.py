"""What an answer is made of while it comes: text, calls of the program's tools, and its end. Every API renders the same pieces."""

from __future__ import annotations

from dataclasses import dataclass, field

from .. import wire
from .asked import Call


@dataclass(frozen=True, slots=True)
class Text:
    text: str


@dataclass(frozen=True, slots=True)
class Called:
    """The model wants this tool of the program called."""

    call: Call


@dataclass(frozen=True, slots=True)
class Ended:
    """The last piece. ``reason``: stop, length or tool_calls; ``stop``: the words that were to end it, where it ended before them.
    ``more``: what only a companion has: sources, actions, whether it knew."""

    reason: str
    read: int  # tokens of the request
    written: int  # tokens of the answer
    cached: int = 0  # of those read, the ones that were evaluated before
    conversation: str = ""
    more: dict[str, wire.Json] = field(default_factory=dict)
    stop: str = ""


Piece = Text | Called | Ended


@dataclass
class Whole:
    """An answer as far as it has come."""

    text: str = ""
    calls: list[Call] = field(default_factory=list)
    ended: Ended | None = None

    def take(self, piece: Piece) -> None:
        match piece:
            case Text(text):
                self.text += text
            case Called(call):
                self.calls.append(call)
            case Ended():
                self.ended = piece

    @property
    def end(self) -> Ended:
        return self.ended or Ended("stop", 0, 0)
