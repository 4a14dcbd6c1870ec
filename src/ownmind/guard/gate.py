"""The gate: may this call be made? A pure function of the call, the plan, what the person granted and what was read before.

Nothing here asks a model. A call is allowed when the request asks for its tool and every argument is either bound (named by the
request itself, or the own object it means), endorsed (the person vouched for this very value), or without authority: of low capacity,
or words that stay with the person. Everything else is asked about, in words and with the stretches that came from outside. What
nobody declared, and what carries no label, is denied.

A label alone authorises nothing, not even PERSON: what the person wrote in another week is no order now, and may be a stranger's words
they pasted. Nor does ENDORSED: a label survives derivation, so the list of endorsed values is asked for the very value.

What the gate does not do: it does not judge whether a claim is true, nor what a summary says; words from outside that the person allows
to be sent may still mislead whoever reads them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ..messages import Confidentiality, Integrity, Span
from .declared import Declaration, Effect, Parameter, Role
from .identifiers import dates as days_named
from .identifiers import found, has_word, is_dated, is_named, is_said, is_well_formed, normal
from .labels import Type, Value
from .own import Seen, is_field_meant, is_meant, is_one_of_each, pick, readers, starts_as_said, written_into
from .plan import Plan, Step, fits, is_said_with_numbers, is_used_up, templates
from .secrets import secrets


class Verdict(StrEnum):
    ALLOW = "allow"
    ASK = "ask"
    DENY = "deny"


@dataclass(frozen=True, slots=True)
class Call:
    """A tool about to be used, with every argument's values, each labelled. ``tool`` None: nobody declared it. ``leaves``: the
    destination and purpose under which bytes would leave this machine, where the tool itself opens the connection."""

    name: str
    tool: Declaration | None
    arguments: Mapping[str, tuple[Value, ...]]
    leaves: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Endorsement:
    """A value the person vouched for, for one kind of effect. Never a rule: another value needs another yes."""

    type: Type
    normal: str
    effect: Effect


@dataclass(frozen=True, slots=True)
class Granted:
    """What the person allows. ``tools``: the rights of whoever calls, None for all; a sub-agent has the `narrowed` ones. ``budget``: the
    most one payment may be, None for whatever the request itself says. ``outside_words``: words that came from outside may go to a
    receiver the person named without being shown first; off by default, and never for links, addresses or secrets in them.
    ``destinations``: with their purpose, those that bytes may go to ("*" for any)."""

    endorsed: frozenset[Endorsement] = frozenset()
    tools: frozenset[str] | None = None
    budget: float | None = None
    outside_words: bool = False
    is_present: bool = True
    is_offline: bool = False
    destinations: frozenset[tuple[str, str]] = frozenset()

    def narrowed(self, other: Granted) -> Granted:
        """What both allow: the rights of a part that works for another."""
        tools = self.tools if other.tools is None else other.tools if self.tools is None else self.tools & other.tools
        budgets = [one.budget for one in (self, other) if one.budget is not None]
        return Granted(
            self.endorsed & other.endorsed,
            tools,
            min(budgets, default=None),
            self.outside_words and other.outside_words,
            self.is_present and other.is_present,
            self.is_offline or other.is_offline,
            self.destinations & other.destinations,
        )


@dataclass(frozen=True, slots=True)
class Tainted:
    """A stretch of an argument that came from outside, and the sources it came from."""

    parameter: str
    value: Value
    span: Span
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """``reasons``: why it was not simply allowed, in words for the person. ``needed``: the endorsements after which it would be."""

    verdict: Verdict
    reasons: tuple[str, ...] = ()
    tainted: tuple[Tainted, ...] = ()
    needed: tuple[Endorsement, ...] = ()
    effect: Effect = Effect.READS


@dataclass(frozen=True, slots=True)
class _Objection:
    verdict: Verdict
    reason: str
    needed: tuple[Endorsement, ...] = ()


def decide(call: Call, plan: Plan, granted: Granted, seen: Sequence[Seen] = ()) -> Decision:
    """Whether ``call`` may be made now. ``seen``: the calls made before in this session, with what they returned."""
    if call.tool is None or call.tool.name != call.name:
        return Decision(Verdict.DENY, (f"Nobody has declared what “{call.name}” does.",))
    tool = call.tool
    unlabelled = [name for name, values in call.arguments.items() if any(value.label is None for value in values)]
    unknown = [name for name in call.arguments if name not in tool.parameters]
    if unlabelled or unknown:
        what = f"of {_list(unlabelled)} it is not known where the value came from" if unlabelled else f"it has no {_list(unknown)}"
        return Decision(Verdict.DENY, (f"“{call.name}” was refused: {what}.",), effect=tool.effect)
    if granted.tools is not None and call.name not in granted.tools:
        return Decision(Verdict.DENY, (f"Whoever asks has no right to use “{call.name}”.",), effect=tool.effect)
    effect = effect_of(call, tool, seen)
    if effect is Effect.READS:
        return Decision(Verdict.ALLOW, effect=effect)
    if granted.is_offline and effect is not Effect.WRITES:
        return Decision(Verdict.DENY, ("Ownmind is offline: nothing leaves.",), effect=effect)
    objections = [*_step(call, plan, seen), *_leave(call, granted), *_arguments(call, tool, effect, plan, granted, seen)]
    return _decided(objections, _tainted(call), effect, granted)


def effect_of(call: Call, tool: Declaration, seen: Sequence[Seen]) -> Effect:
    """What this very call does: an event with guests is a send, and so is writing into a file that others read, or that was not seen."""
    if tool.effect is not Effect.WRITES:
        return tool.effect
    if any(call.arguments.get(name) for name in tool.sends_with):
        return Effect.SENDS
    targets = [(value, parameter) for name, parameter in tool.parameters.items() if parameter.role is Role.TARGET
               for value in call.arguments.get(name, ())]  # fmt: skip
    if tool.readers and any(readers(value, parameter.kind, tool.readers, seen) != () for value, parameter in targets):
        return Effect.SENDS
    return tool.effect


def _decided(objections: Sequence[_Objection], tainted: tuple[Tainted, ...], effect: Effect, granted: Granted) -> Decision:
    if not objections:
        return Decision(Verdict.ALLOW, tainted=tainted, effect=effect)
    reasons = tuple(dict.fromkeys(objection.reason for objection in objections))
    if any(objection.verdict is Verdict.DENY for objection in objections):
        return Decision(Verdict.DENY, reasons, tainted, effect=effect)
    if not granted.is_present:
        reasons = (*reasons, "Nobody is here to ask: it waits as a proposal.")
    needed = tuple(dict.fromkeys(one for objection in objections for one in objection.needed))
    return Decision(Verdict.ASK, reasons, tainted, needed, effect)


def _step(call: Call, plan: Plan, seen: Sequence[Seen]) -> list[_Objection]:
    step = plan.step(call.name)
    if step is None:
        return [_Objection(Verdict.ASK, f"You did not ask for this: nothing you wrote calls for “{call.name}”.")]
    if is_used_up(step, seen):
        times = "once" if step.times == 1 else f"{step.times} times"
        return [_Objection(Verdict.ASK, f"You asked for this {times}, and it was done.")]
    return []


def _leave(call: Call, granted: Granted) -> list[_Objection]:
    if call.leaves is None:
        return []
    destination, purpose = call.leaves
    if {(destination, purpose), ("*", purpose)} & granted.destinations:
        return []
    return [_Objection(Verdict.ASK, f"Nothing may go to {destination} yet, to {purpose}: it would learn that you ask, and what.")]


def _arguments(call: Call, tool: Declaration, effect: Effect, plan: Plan, granted: Granted, seen: Sequence[Seen]) -> list[_Objection]:
    step = plan.step(call.name) or Step(call.name)
    objections: list[_Objection] = []
    for name, values in call.arguments.items():
        for value in values:
            found_ = _objection(name, value, tool.parameters[name], effect, step, plan.request, granted, seen)
            if found_ is not None:
                objections.append(found_)
            if effect is not Effect.WRITES:
                objections += _secrets(name, value, tool.parameters[name], plan.request)
        if tool.effect is Effect.SPENDS and granted.budget is not None and tool.parameters[name].type is Type.NUMBER:
            over = [value for value in values if not isinstance(value.data, int | float) or value.data > granted.budget]
            objections += [
                _Objection(Verdict.ASK, f"{value.data} is more than the {granted.budget:g} you allow at once.") for value in over
            ]
    return objections


def _objection(
    name: str, value: Value, parameter: Parameter, effect: Effect, step: Step, request: str, granted: Granted, seen: Sequence[Seen]
) -> _Objection | None:
    """What stands against this value, if anything."""
    if value.type is not parameter.type:
        return _Objection(Verdict.DENY, f"The {_said(name)} is a {value.type}, not a {parameter.type}.")
    needed = Endorsement(value.type, normal(value.type, value.data), effect)
    if needed in granted.endorsed and parameter.role is not Role.CONTENT:
        return None
    match parameter.role:
        case Role.AUTHORITY:
            if _is_bound(value, parameter, request, seen):
                return None
            return _Objection(Verdict.ASK, f"You did not name “{_short(value)}” as {_said(name)}; {_origin(value)}.", (needed,))
        case Role.TARGET:
            if not is_meant(value, parameter.kind, request, seen):
                what = f"It is not clear that you mean the {parameter.kind or 'object'} “{_short(value)}”; {_origin(value)}."
                return _Objection(Verdict.ASK, what, (needed,))
            return None if effect is Effect.WRITES else _carries(value, parameter.kind, effect, request, granted, seen)
        case Role.CONTENT:
            return _content(name, value, effect, step, request, granted, seen)
        case Role.DETAIL | Role.QUERY:
            return _detail(name, value, request, needed)


def _is_bound(value: Value, parameter: Parameter, request: str, seen: Sequence[Seen]) -> bool:
    if not is_well_formed(value):
        return False
    if value.type is Type.CHOICE:
        return any(has_word(request, word) for word in parameter.choices.get(str(value.data), ()))
    if is_named(request, value):
        return True
    if (
        parameter.like
        and (value.type is Type.NUMBER or has_word(request, parameter.like))
        and is_field_meant(value, parameter, request, seen)
    ):
        return True
    if value.type is not Type.NAME or not parameter.kind:
        return False
    picked = pick(parameter.kind, request, seen)
    if picked is not None:
        return str(value.data) in picked
    return starts_as_said(value, parameter.kind, request, seen) or is_one_of_each(value, parameter.kind, request, seen)


def _content(
    name: str, value: Value, effect: Effect, step: Step, request: str, granted: Granted, seen: Sequence[Seen]
) -> _Objection | None:
    """Words: the request's own, the person's or ours are fine; from outside they may stay with the person, and leave only when asked.
    A yes to words is for this call alone: the same words mean something else elsewhere."""
    text = str(value.data)
    fixed = step.arguments.get(name)
    if isinstance(fixed, tuple):
        if any(fits(text, literal, seen) for literal in fixed):
            return None
        return _Objection(Verdict.ASK, f"You said what the {_said(name)} should be, and it is not “{_short(value)}”.")
    is_outside = value.label is None or value.label.integrity is Integrity.UNTRUSTED
    is_theirs = value.label is not None and value.label.integrity is Integrity.PERSON
    if effect is Effect.WRITES or is_theirs or _is_of_the_request(text, request, seen):
        return None
    carried = _carried(text, request)
    if not carried and (granted.outside_words or not is_outside):
        return None
    what = f"The {_said(name)} holds words from outside ({_sources(value)})" if is_outside else f"The {_said(name)} is in our own words"
    return _Objection(Verdict.ASK, f"{what}, with “{carried}” in them, which you did not name." if carried else f"{what}.")


def _carries(value: Value, kind: str, effect: Effect, request: str, granted: Granted, seen: Sequence[Seen]) -> _Objection | None:
    """What stands against giving away an object, because of the words this session wrote into it."""
    for name, words in written_into(value, kind, seen):
        secret = words.label is not None and words.label.confidentiality is Confidentiality.SECRET
        if secret and not is_said(request, str(words.data)):
            return _Objection(Verdict.DENY, f"The {kind} “{_short(value)}” holds what is marked secret, and your request does not say it.")
        found_ = _content(f"{name} of the {kind} “{_short(value)}”", words, effect, Step(""), request, granted, seen)
        if found_ is not None:
            return found_
    return None


def _carried(text: str, request: str) -> str:
    """The first link, address, account or phone number in ``text`` that the request does not name; "" when there is none. Whoever reads
    the text may act on it, so it is not left to the words around it."""
    for one in found(text):
        data = text[one.span.start : one.span.end].rstrip(".,;:!?")
        if not is_named(request, Value(data, None, one.type)):
            return data
    return ""


def _is_of_the_request(text: str, request: str, seen: Sequence[Seen]) -> bool:
    """Whether the words are the request's own: said in it, with or without their holes filled, or one word of it."""
    if not text.strip() or is_said(request, text) or is_said_with_numbers(request, text):
        return True
    if any(fits(text, literal, seen) for literal in templates(request)):
        return True
    return len(text.split()) == 1 and text.isalpha() and len(text) > 3 and has_word(request, text)


def _detail(name: str, value: Value, request: str, needed: Endorsement) -> _Objection | None:
    """A value of low capacity is free as long as it is of its type; a day must be one the request names, if it names any."""
    if value.type is Type.TEXT or not is_well_formed(value):
        return (
            None if is_said(request, str(value.data)) else _Objection(Verdict.ASK, f"The {_said(name)} is not a {value.type}.", (needed,))
        )
    if value.type is Type.DATE and days_named(request) and not is_dated(request, str(value.data)):
        return _Objection(Verdict.ASK, f"You named another day than {_short(value)} for the {_said(name)}.", (needed,))
    return None


def _secrets(name: str, value: Value, parameter: Parameter, request: str) -> list[_Objection]:
    """A secret leaves only where the request itself says it: to whom is the business of the other arguments."""
    text = str(value.data)
    if parameter.role in (Role.AUTHORITY, Role.TARGET) and value.type is not Type.URL:
        return []
    if value.label is not None and value.label.confidentiality is Confidentiality.SECRET and not is_said(request, text):
        return [_Objection(Verdict.DENY, f"The {_said(name)} comes from what is marked secret, and your request does not say it.")]
    return [
        _Objection(Verdict.ASK, f"The {_said(name)} holds {one.what}, which your request does not say.")
        for one in secrets(text)
        if text[one.span.start : one.span.end] not in request
    ]


def _tainted(call: Call) -> tuple[Tainted, ...]:
    return tuple(
        Tainted(name, value, span, value.label.sources)
        for name, values in call.arguments.items()
        for value in values
        if value.label is not None and value.label.integrity is Integrity.UNTRUSTED
        for span in (value.tainted or (Span(0, len(str(value.data))),))
    )


def _origin(value: Value) -> str:
    label = value.label
    if label is None or label.integrity is not Integrity.UNTRUSTED:
        return "it is our guess"
    return f"it comes from {_sources(value)}"


def _sources(value: Value) -> str:
    return _list(value.label.sources) if value.label is not None and value.label.sources else "outside"


def _list(names: Sequence[str]) -> str:
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def _said(name: str) -> str:
    return name.replace("_", " ").strip()


def _short(value: Value, longest: int = 80) -> str:
    text = " ".join(str(value.data).split())
    return text if len(text) <= longest else text[: longest - 1] + "…"
