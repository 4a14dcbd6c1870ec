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

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..messages import Integrity, Span
from .arguments import Case, Objection, listed, objections
from .declared import Declaration, Effect, Role
from .granted import Endorsement, Granted, Verdict
from .labels import Type, Value
from .own import readers
from .plan import Plan, Step, is_used_up
from .seen import Seen

__all__ = ["Call", "Decision", "Endorsement", "Granted", "Tainted", "Verdict", "decide", "effect_of"]


@dataclass(frozen=True, slots=True)
class Call:
    """A tool about to be used, with every argument's values, each labelled. ``tool`` None: nobody declared it. ``leaves``: the
    destination and purpose under which bytes would leave this machine, where the tool itself opens the connection."""

    name: str
    tool: Declaration | None
    arguments: Mapping[str, tuple[Value, ...]]
    leaves: tuple[str, str] | None = None


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


def decide(call: Call, plan: Plan, granted: Granted, seen: Sequence[Seen] = ()) -> Decision:
    """Whether ``call`` may be made now. ``seen``: the calls made before in this session, with what they returned."""
    if call.tool is None or call.tool.name != call.name:
        return Decision(Verdict.DENY, (f"Nobody has declared what “{call.name}” does.",))
    tool = call.tool
    unlabelled = [name for name, values in call.arguments.items() if any(value.label is None for value in values)]
    unknown = [name for name in call.arguments if name not in tool.parameters]
    if unlabelled or unknown:
        what = f"of {listed(unlabelled)} it is not known where the value came from" if unlabelled else f"it has no {listed(unknown)}"
        return Decision(Verdict.DENY, (f"“{call.name}” was refused: {what}.",), effect=tool.effect)
    if granted.tools is not None and call.name not in granted.tools:
        return Decision(Verdict.DENY, (f"Whoever asks has no right to use “{call.name}”.",), effect=tool.effect)
    effect = effect_of(call, tool, seen)
    if effect is Effect.READS and call.leaves is None:
        return Decision(Verdict.ALLOW, effect=effect)
    if granted.is_offline and effect is not Effect.WRITES:
        return Decision(Verdict.DENY, ("Ownmind is offline: nothing leaves.",), effect=effect)
    case = Case(effect, plan.step(call.name) or Step(call.name), plan.request, granted, seen, call.arguments)
    against = [*_step(call, plan, seen), *_leave(call, granted), *_budget(call, tool, granted)]
    for name, values in call.arguments.items():
        against += [one for value in values for one in objections(name, value, tool.parameters[name], case)]
    return _decided(against, _tainted(call), effect, granted)


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


def _decided(against: Sequence[Objection], tainted: tuple[Tainted, ...], effect: Effect, granted: Granted) -> Decision:
    if not against:
        return Decision(Verdict.ALLOW, tainted=tainted, effect=effect)
    reasons = tuple(dict.fromkeys(objection.reason for objection in against))
    if any(objection.verdict is Verdict.DENY for objection in against):
        return Decision(Verdict.DENY, reasons, tainted, effect=effect)
    if not granted.is_present:
        reasons = (*reasons, "Nobody is here to ask: it waits as a proposal.")
    needed = tuple(dict.fromkeys(one for objection in against for one in objection.needed))
    return Decision(Verdict.ASK, reasons, tainted, needed, effect)


def _step(call: Call, plan: Plan, seen: Sequence[Seen]) -> list[Objection]:
    step = plan.step(call.name)
    if step is None:
        return [Objection(Verdict.ASK, f"You did not ask for this: nothing you wrote calls for “{call.name}”.")]
    if is_used_up(step, seen):
        times = "once" if step.times == 1 else f"{step.times} times"
        return [Objection(Verdict.ASK, f"You asked for this {times}, and it was done.")]
    return []


def _leave(call: Call, granted: Granted) -> list[Objection]:
    if call.leaves is None:
        return []
    destination, purpose = call.leaves
    if {(destination, purpose), ("*", purpose)} & granted.destinations:
        return []
    return [Objection(Verdict.ASK, f"Nothing may go to {destination} yet, to {purpose}: it would learn that you ask, and what.")]


def _budget(call: Call, tool: Declaration, granted: Granted) -> Iterator[Objection]:
    if tool.effect is not Effect.SPENDS or granted.budget is None:
        return
    for name, values in call.arguments.items():
        for value in values if tool.parameters[name].type is Type.NUMBER else ():
            if not isinstance(value.data, int | float) or not value.data <= granted.budget:
                yield Objection(Verdict.ASK, f"{value.data} is more than the {granted.budget:g} you allow at once.")


def _tainted(call: Call) -> tuple[Tainted, ...]:
    return tuple(
        Tainted(name, value, span, value.label.sources)
        for name, values in call.arguments.items()
        for value in values
        if value.label is not None and value.label.integrity is Integrity.UNTRUSTED
        for span in (value.tainted or (Span(0, len(str(value.data))),))
    )
