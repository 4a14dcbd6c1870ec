"""What stands against a value in an argument: the rules of each role, one value at a time.

Authority must be bound: named by the request, or meant by it. An object must be the one that is meant, and what this session wrote into it
goes with it. Words may stay with the person, and leave when they are the request's own or when the person was asked. What has
little capacity is free as long as it is of its type.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..messages import Confidentiality, Integrity
from .correspondents import is_correspondent
from .declared import Effect, Parameter, Role
from .granted import Endorsement, Granted, Verdict
from .identifiers import dates as days_named
from .identifiers import found, has_word, is_dated, is_named, is_said, is_well_formed, normal
from .labels import Type, Value
from .own import is_field_meant, is_meant, written_into
from .payments import is_amount, is_payee
from .picking import is_one_of_each, is_where_said, pick, starts_as_said
from .plan import Literal, Step, fits, is_said_with_numbers, spoken, templates
from .secrets import secrets
from .seen import Seen
from .visible import visible


@dataclass(frozen=True, slots=True)
class Objection:
    """Why a call is not simply allowed, in words, and the endorsements that would answer it."""

    verdict: Verdict
    reason: str
    needed: tuple[Endorsement, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """What a value is judged by: the effect of the call it is in, the plan's step, the request, what was granted and what was read, and
    the call's other values."""

    effect: Effect
    step: Step
    request: str
    granted: Granted
    seen: Sequence[Seen]
    arguments: Mapping[str, tuple[Value, ...]]


def objections(name: str, value: Value, parameter: Parameter, case: Case) -> Iterator[Objection]:
    """What stands against this value as the parameter ``name``."""
    if value.type is not parameter.type:
        yield Objection(Verdict.DENY, f"The {said(name)} is a {value.type}, not a {parameter.type}.")
        return
    needed = Endorsement(value.type, normal(value.type, value.data), case.effect)
    is_endorsed = needed in case.granted.endorsed
    match parameter.role:
        case Role.AUTHORITY if not is_endorsed and not _is_bound(value, parameter, case):
            yield Objection(Verdict.ASK, f"You did not name “{short(value)}” as {said(name)}; {_origin(value)}.", (needed,))
        case Role.TARGET:
            if not is_endorsed and not is_meant(value, parameter.kind, case.request, case.seen):
                what = f"It is not clear that you mean the {parameter.kind or 'object'} “{short(value)}”; {_origin(value)}."
                yield Objection(Verdict.ASK, what, (needed,))
            for inner, words in written_into(value, parameter.kind, case.seen) if case.effect is not Effect.WRITES else ():
                yield from _words(f"{inner} of the {parameter.kind} “{short(value)}”", words, (), case)
        case Role.CONTENT:
            said_so = case.step.arguments.get(name)
            yield from _words(name, value, said_so if isinstance(said_so, tuple) else (), case, parameter.usual)
        case Role.DETAIL | Role.QUERY if not is_endorsed:
            yield from _detail(name, value, case.request, needed)
    if parameter.type is Type.URL:
        yield from _secrets(name, value, case)


def _is_bound(value: Value, parameter: Parameter, case: Case) -> bool:
    request, seen = case.request, case.seen
    if not is_well_formed(value):
        return False
    match value.type:
        case Type.CHOICE:
            return any(has_word(request, word) for word in parameter.choices.get(str(value.data), ()))
        case Type.NUMBER if parameter.like:
            return is_amount(value, parameter, request, seen) or is_field_meant(value, parameter, request, seen)
        case Type.IBAN if parameter.like:
            numbers = [one for values in case.arguments.values() for one in values if one.type is Type.NUMBER]
            return is_named(request, value) or is_payee(value, request, seen, numbers)
        case Type.NAME if parameter.kind and not is_named(request, value):
            return _is_picked(value, parameter.kind, request, seen)
    if is_named(request, value) or (value.type is Type.EMAIL and is_correspondent(value, request, seen)):
        return True
    return bool(parameter.like) and has_word(request, parameter.like) and is_field_meant(value, parameter, request, seen)


def _is_picked(value: Value, kind: str, request: str, seen: Sequence[Seen]) -> bool:
    picked = pick(kind, request, seen)
    if picked is not None:
        return str(value.data) in picked
    ways = (starts_as_said, is_one_of_each, is_where_said)
    return any(is_the_one(value, kind, request, seen) for is_the_one in ways)


def _words(name: str, value: Value, fixed: Sequence[Literal], case: Case, usual: Sequence[str] = ()) -> Iterator[Objection]:
    """Words: the request's own and the person's are fine, and so is one of the few ``usual``; from outside they may stay with the person,
    and leave only when asked. A yes to words is for this call alone: the same words mean something else elsewhere."""
    text = str(value.data)
    if fixed:
        if not any(fits(text, literal, case.seen) for literal in fixed):
            yield Objection(Verdict.ASK, f"You said what the {said(name)} should be, and it is not “{short(value)}”.")
    elif case.effect is not Effect.WRITES and text not in usual:
        yield from _leaving(name, value, case)
    if case.effect is not Effect.WRITES:
        yield from _secrets(name, value, case)


def _leaving(name: str, value: Value, case: Case) -> Iterator[Objection]:
    text = str(value.data)
    is_outside = value.label is None or value.label.integrity is Integrity.UNTRUSTED
    is_theirs = value.label is not None and value.label.integrity is Integrity.PERSON
    if is_theirs or _is_of_the_request(text, case.request, case.seen):
        return
    carried = _carried(text, case.request)
    if not carried and (not is_outside or case.granted.lets_out(value.label.sources if value.label else ())):
        return
    what = f"The {said(name)} holds words from outside ({_sources(value)})" if is_outside else f"The {said(name)} is in our own words"
    yield Objection(Verdict.ASK, f"{what}, with “{carried}” in them, which you did not name." if carried else f"{what}.")


def _carried(text: str, request: str) -> str:
    """The first link, address, account or phone number in ``text`` that the request does not name; "" when there is none. Whoever reads
    the text may act on it, so it is not left to the words around it."""
    for one in found(text):
        data = text[one.span.start : one.span.end].rstrip(".,;:!?")
        if not is_named(request, Value(data, None, one.type)):
            return data
    return ""


def _is_of_the_request(text: str, request: str, seen: Sequence[Seen]) -> bool:
    """Whether the words are the request's own: said in it, with or without their holes filled, or from the person's own mouth, or one
    word of it."""
    if not text.strip() or is_said(request, text) or is_said_with_numbers(request, text) or is_said(spoken(request), text):
        return True
    if any(fits(text, literal, seen) for literal in templates(request)):
        return True
    if len(text.split()) != 1 or not text.isalpha():
        return False
    return is_named(request, Value(text, None, Type.NAME)) or (len(text) > 3 and has_word(request, text))


def _detail(name: str, value: Value, request: str, needed: Endorsement) -> Iterator[Objection]:
    """A value of low capacity is free as long as it is of its type; a day must be one the request names, if it names any."""
    if value.type is Type.TEXT or not is_well_formed(value):
        if not is_said(request, str(value.data)):
            yield Objection(Verdict.ASK, f"The {said(name)} is not a {value.type}.", (needed,))
    elif value.type is Type.DATE and days_named(request) and not is_dated(request, str(value.data)):
        yield Objection(Verdict.ASK, f"You named another day than {short(value)} for the {said(name)}.", (needed,))


def _secrets(name: str, value: Value, case: Case) -> Iterator[Objection]:
    """A secret leaves only where the request itself says it: to whom is the business of the other arguments."""
    text = str(value.data)
    if value.label is not None and value.label.confidentiality is Confidentiality.SECRET and not is_said(case.request, text):
        yield Objection(Verdict.DENY, f"The {said(name)} comes from what is marked secret, and your request does not say it.")
        return
    for one in secrets(text):
        if text[one.span.start : one.span.end] not in case.request:
            yield Objection(Verdict.ASK, f"The {said(name)} holds {one.what}, which your request does not say.")


def _origin(value: Value) -> str:
    is_outside = value.label is not None and value.label.integrity is Integrity.UNTRUSTED
    return f"it comes from {_sources(value)}" if is_outside else "it is our guess"


def _sources(value: Value) -> str:
    return listed(value.label.sources) if value.label is not None and value.label.sources else "outside"


def listed(names: Sequence[str]) -> str:
    """The first three, and how many more."""
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def said(name: str) -> str:
    """A parameter's name as words."""
    return name.replace("_", " ").strip()


def short(value: Value, longest: int = 80) -> str:
    """A value on one line, with nothing hidden in it."""
    text = " ".join(visible(str(value.data)).split())
    return text if len(text) <= longest else text[: longest - 1] + "…"
