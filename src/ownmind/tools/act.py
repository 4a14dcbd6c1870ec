"""Doing something in the world: the one road from a call to its effect, for every channel and every model.

The gate decides (`guard.gate`). What it allows is written as a row before it begins and its outcome after it; what it asks about waits as
a row, for a person who may come tomorrow; what it denies is written too, so that the person sees it was tried. A yes is a capability for
exactly what was shown: the digest of the tool, every argument with its label, the plan's step and the time it holds until. It is used
up by beginning.

Everything here may block on the store or on what the tool does: call it in a thread.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Protocol
from weakref import WeakValueDictionary

from ..errors import NotFound, OwnmindError, Refused
from ..guard.declared import Declaration, Effect
from ..guard.gate import Call, Decision, Granted, Verdict, decide
from ..guard.gate import Endorsement as Needed
from ..guard.labels import Type, Value
from ..guard.missing import missing
from ..guard.plan import Plan
from ..guard.seen import Row, Seen
from ..guard.visible import visible
from ..messages import Action, ActionState, Argument, Endorsement, Integrity, Label, Span
from ..store.actions import Actions

log = logging.getLogger(__name__)

HOLDS = timedelta(days=7)  # how long a question waits, and with it the yes
_MOST_READ = 200  # calls of one request after which nothing is read by ourselves any more
_HOLE = re.compile(r"\{(\w+)\}")
_SHOWN = 120  # characters of a value in the sentence that says what would be done

Arguments = Mapping[str, tuple[Value, ...]]


@dataclass(frozen=True, slots=True)
class Result:
    """What an effect gave. ``rows``: what came back, every field with its own label; ``undo``: what taking it back needs, None when
    that cannot be."""

    text: str
    rows: tuple[Row, ...] = ()
    undo: str | None = None


@dataclass(frozen=True, slots=True)
class Deed:
    """A tool that acts in the world. ``run`` raises an OwnmindError when nothing happened; whatever else it raises means that nobody
    knows. ``undo`` is given what ``run`` kept, and says what it did. ``destination``: where it goes, for the card. ``purpose``: that of
    its way out through the door, for a deed that opens a connection; then the destination must be one that the door may be asked for.
    ``by_us``: only our own code asks for it; to plans and models it is not there."""

    declaration: Declaration
    run: Callable[[Arguments, datetime], Result]
    undo: Callable[[str], str] | None = None
    destination: Callable[[Arguments], str] = lambda arguments: ""
    purpose: str = ""
    by_us: bool = False

    def leaves(self, arguments: Arguments) -> tuple[str, str] | None:
        return (self.destination(arguments), self.purpose) if self.purpose else None


@dataclass
class Session:
    """What one request of the person's may do: its plan, and what was done of it. ``items``: rows that its values were made from."""

    plan: Plan
    conversation: str = ""
    is_present: bool = True
    seen: list[Seen] = field(default_factory=list)
    items: tuple[int, ...] = ()
    by_us: bool = False  # our own code asks the person, of itself
    tools: frozenset[str] | None = None  # what whoever asks was approved for (a skill); None: all


@dataclass(frozen=True, slots=True)
class Attempt:
    """What became of a call: its row (None for a read, which leaves none), and the result when it was carried out."""

    decision: Decision
    action: Action | None = None
    result: Result | None = None


class Allows(Protocol):
    """Lets bytes go to a destination for a purpose: until it is revoked (``always``), or until what it gives is called."""

    def __call__(self, destination: str, purpose: str, now: datetime, /, *, always: bool) -> Callable[[], object]: ...


class World:
    """The deeds of one home. ``granted`` gives what the person allows at this moment; ``permit`` is told when their yes to an action
    is one to its destination too. Any thread may use it."""

    def __init__(self, actions: Actions, deeds: Iterable[Deed], granted: Callable[[], Granted], permit: Allows | None = None) -> None:
        self.actions = actions
        self.deeds = {deed.declaration.name: deed for deed in deeds}
        self._granted, self._permit = granted, permit
        # The request an action waits for, as long as somebody holds it: a yes uses up its step there, so that no copy follows.
        self._asked: WeakValueDictionary[str, Session] = WeakValueDictionary()

    def declared(self) -> dict[str, Declaration]:
        """What a plan or a model may name."""
        return {name: deed.declaration for name, deed in self.deeds.items() if not deed.by_us}

    def declare(self, deed: Deed) -> None:
        """Adds a deed, in the place of one of that name."""
        self.deeds = {**self.deeds, deed.declaration.name: deed}

    def withdraw(self, name: str) -> None:
        """Takes a deed away; one that is not there is fine. What waits for it can no longer be allowed."""
        self.deeds = {known: deed for known, deed in self.deeds.items() if known != name}

    def attempt(self, tool: str, arguments: Arguments, session: Session, now: datetime) -> Attempt:
        """Carries the call out, asks for it, or refuses it, as the gate decides. Raises what the deed raises when nothing happened."""
        deed = self.deeds.get(tool)
        if deed is not None and deed.by_us and not session.by_us:
            deed = None
        call = Call(tool, deed.declaration if deed else None, arguments, deed.leaves(arguments) if deed else None)
        decision = decide(call, session.plan, self._present(session), session.seen)
        while decision.verdict is Verdict.ASK and self._completes(call, session, now):
            decision = decide(call, session.plan, self._present(session), session.seen)
        if deed is None:
            return Attempt(decision)
        if decision.effect is Effect.READS and decision.verdict is Verdict.ALLOW:
            result = deed.run(arguments, now)
            session.seen.append(Seen(deed.declaration, arguments, result.rows))
            return Attempt(decision, result=result)
        action = _card(deed, arguments, decision, session, now)
        digest = capability(action)
        match decision.verdict:
            case Verdict.DENY:
                return Attempt(decision, self.actions.refuse(action, digest, items=session.items))
            case Verdict.ASK:
                waits = self.actions.ask(action, digest, items=session.items)
                self._asked[waits.id] = session
                return Attempt(decision, waits)
            case Verdict.ALLOW:
                begun = self.actions.begin(action, digest, items=session.items)
                return Attempt(decision, *self._carry_out(deed, arguments, begun, session, now))

    def allow(self, name: str, now: datetime, *, vouch: bool = False) -> Attempt:
        """The person's yes: carries the action out, once, exactly as it was shown. With ``vouch`` the values it was asked for are
        remembered as theirs. Raises Refused when it no longer waits, or its tool is not there any more."""
        waiting = self.actions.get(name)
        deed = self.deeds.get(waiting.tool)
        if deed is None:
            raise Refused(f"there is no “{waiting.tool}” any more", hint="ask for it anew")
        self.actions.allow(name, now)
        for needed in waiting.needed if vouch else ():
            self.actions.endorse(needed, now)
        arguments = _values(waiting.arguments, deed.declaration)
        taken = self.actions.take(name, capability(waiting), now)
        leaves = deed.leaves(arguments)
        shut = self._permit(*leaves, now, always=vouch) if leaves is not None and self._permit is not None else None
        try:
            action, result = self._carry_out(deed, arguments, taken, self._asked.pop(name, None), now)
        finally:
            if shut is not None:
                shut()
        return Attempt(Decision(Verdict.ALLOW, effect=Effect(waiting.effect)), action, result)

    def deny(self, name: str, now: datetime) -> Action:
        return self.actions.deny(name, now)

    def undo(self, name: str, now: datetime) -> Action:
        """Takes an action back. Raises Refused when it cannot be."""
        action, kept = self.actions.get(name), self.actions.undo_of(name)
        deed = self.deeds.get(action.tool)
        if deed is None or deed.undo is None:
            raise Refused(f"{name} cannot be undone", hint="its tool cannot take it back")
        return self.actions.undone(name, deed.undo(kept), now)

    def _completes(self, call: Call, session: Session, now: datetime) -> bool:
        """Makes the harmless reads that the decision misses; whether any came back. Bounded: none is made twice, and of few."""
        before = len(session.seen)
        for reading in missing(call, session.plan, self.declared(), session.seen)[: max(0, _MOST_READ - before)]:
            deed = self.deeds[reading.tool.name]
            read = Call(reading.tool.name, reading.tool, reading.arguments, deed.leaves(reading.arguments))
            if decide(read, session.plan, self._present(session), session.seen).verdict is not Verdict.ALLOW:
                break
            try:
                result = deed.run(reading.arguments, now)
            except OwnmindError:  # then the choice stays incomplete, and the person is asked
                break
            session.seen.append(Seen(reading.tool, reading.arguments, result.rows))
        return len(session.seen) > before

    def _present(self, session: Session) -> Granted:
        granted = self._granted()
        if session.tools is not None:
            granted = granted.narrowed(replace(granted, tools=session.tools))
        return granted if session.is_present else replace(granted, is_present=False)

    def _carry_out(
        self, deed: Deed, arguments: Arguments, action: Action, session: Session | None, now: datetime
    ) -> tuple[Action, Result | None]:
        try:
            result = deed.run(arguments, now)
        except OwnmindError as error:  # the deed says that nothing happened
            return self.actions.end(action.id, ActionState.FAILED, f"{error.message}. {error.hint}".strip(), now), None
        except Exception:  # anything else: it may have happened
            log.exception("%s ended without saying what came of it", deed.declaration.name)
            said = "It broke off, and nobody knows whether it happened. Look before you try again."
            return self.actions.end(action.id, ActionState.UNKNOWN, said, now), None
        if session is not None:
            session.seen.append(Seen(deed.declaration, arguments, result.rows))
        undo = result.undo if deed.undo is not None else None
        return self.actions.end(action.id, ActionState.DONE, result.text, now, undo=undo), result


def capability(action: Action) -> bytes:
    """32 bytes that stand for exactly this action: its tool, every argument with its label and type, the step of the plan it belongs
    to, and the time it holds until. Another value anywhere is another capability."""
    shown = [
        [each.name, each.value, each.type, each.label.integrity, each.label.confidentiality, list(each.label.sources)]
        for each in action.arguments
    ]
    until = action.expires_at.timestamp() if action.expires_at else None
    text = json.dumps([action.tool, shown, action.step, until], ensure_ascii=False)
    return blake2b(text.encode("utf-8", "surrogatepass"), person=b"capability", digest_size=32).digest()


def granted_by(
    endorsements: Iterable[Endorsement],
    *,
    is_offline: bool = False,
    destinations: Iterable[tuple[str, str]] = (),
    trusted_sources: Iterable[str] = (),
) -> Granted:
    """What the gate needs to know of the values the person vouched for, of where bytes may go, with the purpose, and of the sources
    whose words may."""
    needed = frozenset(Needed(Type(one.type), one.value, Effect(one.effect)) for one in endorsements)
    return Granted(needed, is_offline=is_offline, destinations=frozenset(destinations), trusted_sources=frozenset(trusted_sources))


def _card(deed: Deed, arguments: Arguments, decision: Decision, session: Session, now: datetime) -> Action:
    """The action as a person is shown it."""
    step = session.plan.step(deed.declaration.name)
    return Action(
        "",
        deed.declaration.name,
        decision.effect.value,
        _words(deed.declaration, arguments),
        tuple(_shown(name, value) for name, values in arguments.items() for value in values),
        ActionState.WAITING,
        now,
        deed.destination(arguments),
        decision.reasons,
        session.conversation,
        "" if step is None else f"{step.tool} x{step.times}",
        now + HOLDS,
        needed=tuple(Endorsement(one.type.value, one.normal, one.effect.value) for one in decision.needed),
    )


def _shown(name: str, value: Value) -> Argument:
    label = value.label or Label(Integrity.UNTRUSTED)
    text = str(value.data)
    outside = (value.tainted or (Span(0, len(text)),)) if label.integrity is Integrity.UNTRUSTED else ()
    return Argument(name, text, value.type.value, label, outside)


def _words(declaration: Declaration, arguments: Arguments) -> str:
    """The effect in a sentence, with its values in it. In one pass: a value that says "{text}" stays those words."""
    said = declaration.says or declaration.name.replace("_", " ")
    filled = _HOLE.sub(lambda hole: ", ".join(_short(str(one.data)) for one in arguments.get(hole[1], ())) or "nothing", said)
    return filled[:1].upper() + filled[1:]


def _values(shown: Sequence[Argument], declaration: Declaration) -> dict[str, tuple[Value, ...]]:
    """The arguments of a call, from what was shown and kept. Raises NotFound when the tool takes others by now."""
    values: dict[str, tuple[Value, ...]] = {}
    for each in shown:
        if each.name not in declaration.parameters:
            raise NotFound(f"“{declaration.name}” has no {each.name} any more", hint="ask for it anew")
        values[each.name] = (*values.get(each.name, ()), Value(_read(each), each.label, Type(each.type), each.tainted))
    return values


def _read(shown: Argument) -> str | int | float | bool:
    match Type(shown.type):
        case Type.BOOL:
            return shown.value == "True"
        case Type.NUMBER:
            number = float(shown.value)
            return int(number) if number.is_integer() and "." not in shown.value else number
        case _:
            return shown.value


def _short(text: str) -> str:
    words = " ".join(visible(text).split())
    return f"“{words if len(words) <= _SHOWN else words[: _SHOWN - 1] + '…'}”"
