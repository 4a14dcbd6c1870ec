"""What the person is asked, and what their yes is worth: one call, as it was shown, once, for a while.

A capability is bound to the tool, every argument, the step of the plan and the moment it ends (the store keeps it and strikes it out
when it is used). Change one letter of an argument and it is for another call. The pure part is here: no clock and no store.
"""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b

from ..messages import Confidentiality, Integrity, Span
from .declared import Declaration, Effect, Parameter, Role
from .gate import Call, Decision, Endorsement, Tainted, Verdict
from .labels import Type, Value
from .secrets import Secret, secrets

_LONGEST = 200  # characters of a value in the line that says what would be done; the values below are shown whole
_EFFECT = {
    Effect.READS: "Looks something up",
    Effect.WRITES: "Changes something of yours",
    Effect.SENDS: "Sends something out",
    Effect.SPENDS: "Spends money or makes a booking",
}


@dataclass(frozen=True, slots=True)
class Capability:
    """A yes to one call. ``digest`` is of the call, its step and ``expires``; whoever holds it may make that call before then, once."""

    digest: str
    step: str
    expires: datetime


def grant(call: Call, step: str, expires: datetime) -> Capability:
    """The capability for ``call``, of the plan's step ``step`` (its place or name, "" for none), until ``expires``."""
    return Capability(_digest(call, step, expires), step, expires)


def is_for(capability: Capability, call: Call, now: datetime) -> bool:
    """Whether ``capability`` allows this very call now. That it was not used before is for the store to say."""
    return now < capability.expires and capability.digest == _digest(call, capability.step, capability.expires)


@dataclass(frozen=True, slots=True)
class Shown:
    """One value as it stands on the card. ``origin``: where it came from, in words. ``tainted``: the stretches from outside."""

    name: str
    text: str
    origin: str
    tainted: tuple[Span, ...] = ()
    secrets: tuple[Secret, ...] = ()


@dataclass(frozen=True, slots=True)
class Card:
    """All that somebody needs to say yes or no. ``endorsable``: what "allow this value" would vouch for; empty where it makes no sense."""

    effect: str  # the kind of effect, in words
    what: str  # the very effect, with its values
    destination: tuple[str, ...]  # who or what receives it
    values: tuple[Shown, ...]
    reasons: tuple[str, ...]
    endorsable: tuple[Endorsement, ...]
    verdict: Verdict


def card(call: Call, decision: Decision) -> Card:
    """The card for a call the gate asks about (or denied: then it only says why)."""
    tool = call.tool
    values = tuple(_shown(name, value, decision.tainted) for name, given in call.arguments.items() for value in given)
    places = [name for name, parameter in (tool.parameters if tool else {}).items() if _is_destination(parameter)]
    return Card(
        _EFFECT[decision.effect],
        _what(call, tool),
        tuple(visible(str(value.data)) for name in places for value in call.arguments.get(name, ())),
        values,
        decision.reasons,
        decision.needed,
        decision.verdict,
    )


def _is_destination(parameter: Parameter) -> bool:
    return parameter.role is Role.TARGET or (
        parameter.role is Role.AUTHORITY and parameter.type not in (Type.NUMBER, Type.CHOICE, Type.TEXT)
    )


def visible(text: str) -> str:
    """``text`` as it may stand on a card: what a screen would hide or turn around (direction marks, zero-width and control characters)
    is written out, so that no value can look like another."""
    return "".join(letter if letter in "\n\t" or unicodedata.category(letter)[0] != "C" else f"<U+{ord(letter):04X}>" for letter in text)


def _what(call: Call, tool: Declaration | None) -> str:
    """The effect in the tool's own words with its values in them, else its name and its values."""
    said = {name: ", ".join(_line(value) for value in values) for name, values in call.arguments.items()}
    if tool is None or not tool.says:
        return f"{call.name.replace('_', ' ')}: " + "; ".join(f"{name.replace('_', ' ')} {text}" for name, text in said.items())
    return re.sub(r"\{(\w+)\}", lambda match: said.get(match[1], "nothing"), tool.says)


def _line(value: Value) -> str:
    text = " ".join(visible(str(value.data)).split())
    return f"“{text if len(text) <= _LONGEST else text[: _LONGEST - 1] + '…'}”"


def _shown(name: str, value: Value, tainted: tuple[Tainted, ...]) -> Shown:
    text = str(value.data)
    spans = tuple(one.span for one in tainted if one.parameter == name and one.value == value)
    return Shown(name, text, _origin(value), spans, secrets(text))


def _origin(value: Value) -> str:
    label = value.label
    if label is None:
        return "nobody knows where it came from"
    where = f" ({', '.join(label.sources)})" if label.sources else ""
    secret = ", marked secret" if label.confidentiality is Confidentiality.SECRET else ""
    match label.integrity:
        case Integrity.SYSTEM:
            return f"written by a system{where}{secret}"
        case Integrity.PERSON:
            return f"you wrote it{where}{secret}"
        case Integrity.ENDORSED:
            return f"you vouched for it{where}{secret}"
        case Integrity.COMPANION:
            return f"our own words{secret}"
        case Integrity.UNTRUSTED:
            return f"written after reading outside text{where}{secret}"


def _digest(call: Call, step: str, expires: datetime) -> str:
    """Of everything that makes the call this one, in one form: names sorted, types beside values, the time with its offset."""
    arguments = {
        name: [(value.type.value, type(value.data).__name__, value.data) for value in values] for name, values in call.arguments.items()
    }
    whole = json.dumps([call.name, arguments, step, expires.isoformat()], sort_keys=True, ensure_ascii=True, allow_nan=False)
    return blake2b(whole.encode(), digest_size=32).hexdigest()
