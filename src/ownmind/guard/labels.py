"""Labels joined on derivation: what is made of several things may do only what all of them may.

A label has two orders and a set. Integrity falls to the weakest, confidentiality rises to the highest, sources add up; so `join` is
the meet of a lattice, and in whatever order a value was put together it carries the same label (Denning, "A Lattice Model of Secure
Information Flow", CACM 1976; Biba, 1977, for integrity).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from ..messages import Confidentiality, Integrity, Item, Kind, Label, Span

# The strongest first; messages.py keeps this order.
_INTEGRITY = {integrity: place for place, integrity in enumerate(Integrity)}

NEUTRAL = Label(Integrity.SYSTEM, Confidentiality.PUBLIC)  # joins to the other one


def join(*labels: Label) -> Label:
    """The label of what was derived from things with these labels; ``NEUTRAL`` when it was derived from nothing."""
    return NEUTRAL.joined(*labels)


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


def fields(item: Item) -> Mapping[str, Value]:
    """Each field of a remembered thing as a value of its own: whoever wrote the text did not always write its name, time and title.

    Our own code numbers everything, and names and times what is said to it. The person names and dates a note. Of what came from
    elsewhere every field was chosen elsewhere, the file's name and the sender's too: "Mum" above a message is a claim. No field is
    less confidential than the text.
    """
    text = of_item(item)
    ours = Label(Integrity.SYSTEM, text.confidentiality)
    beside = {"message": ours, "reply": ours, "note": Label(Integrity.PERSON, text.confidentiality)}.get(item.kind, text)
    if item.kind is Kind.NOTE and not item.label.integrity.is_vouched:  # a note of a program: its fields are as good as its words
        beside = text
    named = {
        "speaker": Value(item.speaker, beside, Type.NAME),
        "title": Value(item.source.title, beside),
        "source": Value(item.source.ref, beside),
        "conversation": Value(item.conversation, beside, Type.OBJECT),
        "at": Value(item.at.isoformat() if item.at else "", beside, Type.TIME),
    }
    told = {name: value for name, value in named.items() if value.data}
    return {"id": Value(item.id, ours, Type.OBJECT), "text": Value(item.text, text), **told}


def attributed(text: str, label: Label) -> str:
    """``text`` as it may be said: what came from outside is a quotation with its source, never our own claim."""
    if label.integrity is not Integrity.UNTRUSTED:
        return text
    return f"According to {', '.join(label.sources) or 'an outside source'}: “{text}”"
