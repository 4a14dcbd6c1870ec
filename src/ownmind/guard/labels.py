"""Labels joined on derivation: what is made of several things may do only what all of them may.

A label has two orders and a set. Integrity falls to the weakest, confidentiality rises to the highest, sources add up; so `join` is
the meet of a lattice, and in whatever order a value was put together it carries the same label (Denning, "A Lattice Model of Secure
Information Flow", CACM 1976; Biba, 1977, for integrity).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ..messages import Confidentiality, Integrity, Item, Label, Span

# The strongest first; messages.py keeps this order.
_INTEGRITY = {integrity: place for place, integrity in enumerate(Integrity)}
_CONFIDENTIALITY = {confidentiality: place for place, confidentiality in enumerate(Confidentiality)}

NEUTRAL = Label(Integrity.SYSTEM, Confidentiality.PUBLIC)  # joins to the other one


def join(*labels: Label) -> Label:
    """The label of what was derived from things with these labels; ``NEUTRAL`` when it was derived from nothing."""
    return Label(
        max((label.integrity for label in labels), key=_INTEGRITY.__getitem__, default=NEUTRAL.integrity),
        max((label.confidentiality for label in labels), key=_CONFIDENTIALITY.__getitem__, default=NEUTRAL.confidentiality),
        tuple(sorted({source for label in labels for source in label.sources})),
    )


def of_item(item: Item) -> Label:
    """The label of a remembered text, with the place it came from among its sources."""
    return join(item.label, Label(NEUTRAL.integrity, NEUTRAL.confidentiality, (item.source.ref,)))


def is_at_least(label: Label, integrity: Integrity) -> bool:
    """Whether it is as trustworthy as ``integrity``, or more."""
    return _INTEGRITY[label.integrity] <= _INTEGRITY[integrity]


class Type(StrEnum):
    """What a value is. Two values are one identifier only when their types are one (`identifiers` compares them)."""

    TEXT = "text"
    BOOL = "bool"
    NUMBER = "number"
    DATE = "date"
    TIME = "time"
    DURATION = "duration"
    CHOICE = "choice"  # one of a closed list the tool itself declares
    EMAIL = "email"
    PHONE = "phone"
    IBAN = "iban"
    URL = "url"
    NAME = "name"  # of a person, user or channel
    OBJECT = "object"  # the id of a message, file, event, payment


@dataclass(frozen=True, slots=True)
class Value:
    """One value that could reach a tool or a store. ``label`` is None when nobody knows where it came from: the gate refuses it.

    ``tainted``: the stretches of a text that came from outside, where it was put together from several; empty with an untrusted
    label means all of it.
    """

    data: str | int | float | bool
    label: Label | None
    type: Type = Type.TEXT
    tainted: tuple[Span, ...] = ()


def attributed(text: str, label: Label) -> str:
    """``text`` as it may be said: what came from outside is a quotation with its source, never our own claim."""
    if label.integrity is not Integrity.UNTRUSTED:
        return text
    return f"According to {', '.join(label.sources) or 'an outside source'}: “{text}”"
