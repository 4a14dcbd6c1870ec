"""An action as a person is shown it before they decide: each value with where it came from, and what of it is from outside.

The terminal and the page say the same words, so that nothing looks safer in one than in the other. Hidden and reordering characters
are written out (`guard.visible`). The stretches of a value are cut here: a browser counts characters otherwise than we do.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..errors import BadInput
from ..guard.visible import visible
from ..messages import ASK_REMOTE, Action, ActionState, Argument, Confidentiality, Integrity, Label
from . import wire

_ORIGIN = {
    Integrity.SYSTEM: "set by Ownmind or a system you trust",
    Integrity.PERSON: "your own words",
    Integrity.ENDORSED: "you vouched for it",
    Integrity.COMPANION: "written by Ownmind",
    Integrity.UNTRUSTED: "from outside",
}


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a value as it is shown. ``outside``: it came from outside, so nobody vouches for it."""

    text: str
    outside: bool = False


def pieces(argument: Argument) -> tuple[Piece, ...]:
    """The value in order, cut where it begins or ends to be from outside. Together they are the whole value."""
    cut, at = [], 0
    for span in sorted(argument.tainted, key=lambda one: one.start):
        start, end = max(span.start, at), min(span.end, len(argument.value))
        if start < end:
            cut += [Piece(argument.value[at:start]), Piece(argument.value[start:end], outside=True)]
            at = end
    cut.append(Piece(argument.value[at:]))
    return tuple(Piece(visible(one.text), one.outside) for one in cut if one.text)


def origin(argument: Argument) -> str:
    """Where the value came from, in words."""
    sources = ", ".join(visible(source) for source in argument.label.sources)
    return _ORIGIN[argument.label.integrity] + (f": {sources}" if sources else "")


def in_words(label: Label) -> str:
    """What a person should know of a label: who vouches for it, where that is not they themselves, and whether it may travel."""
    whose = "" if label.integrity in (Integrity.PERSON, Integrity.COMPANION) else _ORIGIN[label.integrity]
    how = "" if label.confidentiality is Confidentiality.PRIVATE else label.confidentiality.value
    return ", ".join(part for part in (whose, how) if part)


def as_confidentiality(said: str) -> Confidentiality:
    """The confidentiality of this name. Raises BadInput."""
    try:
        return Confidentiality(said)
    except ValueError:
        known = ", ".join(each.value for each in Confidentiality)
        raise BadInput(f"{said!r} is not how confidential a thing can be", hint=f"one of: {known}") from None


def is_question(action: Action) -> bool:
    """Whether it is a question that waits to go to a model elsewhere: shown as exactly what would leave."""
    return action.tool == ASK_REMOTE and action.state is ActionState.WAITING


def can_vouch(action: Action) -> bool:
    """Whether "allow this value" would mean more than "allow once"."""
    return action.state is ActionState.WAITING and bool(action.needed or action.destination)


def encode(action: Action) -> dict[str, wire.Json]:
    """The action for the page: its fields, ``can_vouch``, and with each argument its ``pieces`` and ``origin``."""
    encoded = wire.encode(action)
    assert isinstance(encoded, dict)
    arguments: list[wire.Json] = []
    for argument in action.arguments:
        held = wire.encode(argument)
        assert isinstance(held, dict)
        arguments.append({**held, "pieces": wire.encode(pieces(argument)), "origin": origin(argument)})
    return {
        **encoded,
        "arguments": arguments,
        "destination": visible(action.destination),
        "outcome": visible(action.outcome),
        "can_vouch": can_vouch(action),
    }
