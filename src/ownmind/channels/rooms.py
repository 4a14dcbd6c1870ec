"""The faces of goals, calendar, people and today for every channel: one table, and what follows from the methods' annotations.

A face is a class of synchronous methods with plain annotated arguments and frozen values (or tuples of them, text, a number, None)
back. The page, the socket and an attached process reach the methods this table names, and no others: what is not named here cannot be
asked from outside. Nothing else is written by hand: arguments are read and results are understood by the annotations.
"""

from __future__ import annotations

import inspect
import typing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from importlib import import_module
from types import UnionType

from ..errors import BadInput
from . import wire

MOST_COUNTED = 10_000  # of weeks or days: no argument of a face is a larger number
MOST_AMOUNT = 1e15

Given = Mapping[str, object]
Ask = Callable[[str, str, dict[str, object]], object]
"""Sends a method (GET, POST), a path and its arguments as JSON values; gives what came back."""


@dataclass(frozen=True, slots=True)
class Room:
    """A face: the field of the house that holds it, where its class is, which methods only read, which change something, and which of
    these a page may not ask for: who says where a password goes is at the terminal."""

    name: str
    where: str
    reads: tuple[str, ...]
    changes: tuple[str, ...]
    on_socket: tuple[str, ...] = ()

    @property
    def methods(self) -> tuple[str, ...]:
        return (*self.reads, *self.changes, *self.on_socket)

    @property
    def face(self) -> type:
        """The class, imported on first use: a command that needs none of it does not pay for it."""
        module, name = self.where.split(":")
        found: type = getattr(import_module(f"..{module}", __package__), name)
        return found

    def path(self, method: str) -> str:
        return f"/api/{self.name}/{method}"


ROOMS = (
    Room(
        "goals",
        "goals.book:Goals",
        reads=("all", "get", "draft", "steps", "next", "progress", "review", "week", "templates", "ics"),
        changes=(
            "add",
            "answer",
            "change",
            "confirm",
            "plan",
            "take",
            "move",
            "unpin",
            "check_in",
            "attach",
            "pause",
            "resume",
            "drop",
            "reach",
            "undo",
        ),
    ),
    Room(
        "calendar",
        "goals.calendars:Calendars",
        reads=("appointments", "sources"),
        changes=("remove", "fetch", "publish"),
        on_socket=("connect",),
    ),
    Room(
        "people",
        "people.book:People",
        reads=("all", "card", "links", "promises", "waiting", "birthdays", "reconnect"),
        changes=("merge", "join", "split", "refuse", "rename", "me", "confirm", "keep", "drop"),
    ),
    Room(
        "today",
        "goals.today:Today",
        reads=("due", "brief", "review", "receipts", "preferences"),
        changes=("seen", "decline", "set"),
    ),
    Room(
        "mcp",
        "tools.offered:ToolServers",
        reads=("servers", "tools"),
        changes=("add", "remove", "refresh", "set_effect", "disallow"),
        on_socket=("add_program", "set_key"),
    ),
    Room(
        "providers",
        "agent.remote.providers:Providers",
        reads=("all", "get", "presets", "rules", "costs"),
        changes=("set", "forget", "cap", "set_rules", "use", "explain", "test", "models", "key"),
    ),
    Room(
        "models",
        "models.shelf.book:Models",
        reads=("all", "machine", "using", "progress", "checked"),
        changes=("fetch", "stop", "use", "remove", "add", "check", "servers", "connect"),
        on_socket=("update",),  # it fetches whatever address it is given
    ),
    Room("search", "tools.search:Search", reads=("engine",), changes=("set", "ask", "forget"), on_socket=("key",)),
    Room("clients", "guard.clients:Clients", reads=("all",), changes=("add", "revoke", "rename", "scopes", "footnotes")),
    Room(
        "devices",
        "guard.devices:Devices",
        reads=("all", "listening"),
        changes=("pair", "cancel", "confirm", "refuse", "rename", "revoke", "listen"),
    ),
    Room(
        "skills",
        "skills.book:Skills",
        reads=("all", "get", "permissions", "changes", "look"),
        changes=("install", "update", "remove", "enable", "run"),
        on_socket=("export",),
    ),
    Room(
        "privacy",
        "app.privacy:Privacy",
        reads=("protection", "encrypted", "backups", "wiping"),
        changes=("protect", "unprotect", "recovery", "confirm", "back_up", "wipe"),
    ),
    Room("welcome", "app.welcome:Welcome", reads=("offers",), changes=("done",)),
    Room("library", "memory.library:Library", reads=("sources", "get", "read", "around", "find", "citations"), changes=()),
    Room("memories", "memory.memories:Memories", reads=("all", "choices", "why", "timeline"), changes=("unkeep",)),
    Room("connections", "agent.connections:Connections", reads=("all", "get"), changes=("check", "switch")),
    Room("growth", "agent.growth:Growth", reads=("all", "get", "weeks"), changes=("undo", "redo")),
    Room("talk", "agent.talking:Talking", reads=("feedback",), changes=("choose", "rate", "undo", "remember")),
    Room("traces", "agent.traces:Traces", reads=("recent", "turn", "summary", "background", "seen"), changes=()),
)


@dataclass(frozen=True, slots=True)
class Method:
    """One method of a face as its annotations have it."""

    name: str
    takes: Mapping[str, object]  # argument -> annotation
    needs: frozenset[str]  # arguments without a default
    gives: object


def method(face: type, name: str) -> Method:
    """What ``name`` of ``face`` takes and gives. TypeError for an argument without an annotation: a bug of the face."""
    function = getattr(face, name)
    hints, parameters = typing.get_type_hints(function), [*inspect.signature(function).parameters.values()][1:]
    if bare := [each.name for each in parameters if each.name not in hints]:
        raise TypeError(f"{name}: {bare[0]} has no annotation")
    needs = frozenset(each.name for each in parameters if each.default is inspect.Parameter.empty)
    return Method(name, {each.name: hints[each.name] for each in parameters}, needs, hints["return"])


def arguments(asked: Method, given: Given) -> dict[str, object]:
    """The arguments of a call out of JSON values. Raises BadInput naming the argument that is not there, unknown, or of another type."""
    known = ", ".join(asked.takes) or "nothing"
    if unknown := sorted(set(given) - set(asked.takes)):
        raise BadInput(f"{asked.name} takes no {unknown[0][:40]!r}", hint=f"it takes: {known}")
    if missing := [name for name in asked.takes if name in asked.needs and name not in given]:
        raise BadInput(f"{asked.name} needs {missing[0]}", hint=f"it takes: {known}")
    return {name: _argument(asked.takes[name], value, name) for name, value in given.items()}


def from_query(asked: Method, pairs: Sequence[tuple[str, str]]) -> dict[str, object]:
    """The JSON values that the texts of a query stand for: a list is given one at a time, a number in digits."""
    given: dict[str, object] = {}
    for name, text in pairs:
        kind = asked.takes.get(name, str)
        if typing.get_origin(kind) is tuple:
            held = given.setdefault(name, [])
            assert isinstance(held, list)
            held.append(_from_text(typing.get_args(kind)[0], text))
        elif name in given:
            raise BadInput(f"{name[:40]} is said twice", hint="say it once")
        else:
            given[name] = _from_text(kind, text)
    return given


def as_text(value: object) -> object:
    """A JSON value as `from_query` reads it: text, or a list of texts."""
    match value:
        case list():
            return [as_text(each) for each in value]
        case bool():
            return "true" if value else "false"
    return str(value)


class Elsewhere:
    """A face in another process of this person: its methods by name, asked over ``ask`` and read back by their annotations."""

    def __init__(self, room: Room, ask: Ask) -> None:
        self._room = room
        self._ask = ask

    def __getattr__(self, name: str) -> Callable[..., object]:
        room, ask = self._room, self._ask
        if name not in room.methods:
            raise AttributeError(f"{room.name} has no {name!r}")

        def call(*values: object, **named: object) -> object:
            from .attach import read  # only here: attach is made of these

            function = getattr(room.face, name)
            bound = inspect.signature(function).bind(None, *values, **named).arguments
            given = {key: wire.encode(value) for key, value in [*bound.items()][1:]}
            answer = ask("GET" if name in room.reads else "POST", room.path(name), dict(given))
            result = answer.get("result") if isinstance(answer, dict) else None
            gives: type[object] = method(room.face, name).gives  # type: ignore[assignment]  # an annotation is a type to pydantic
            return None if gives is type(None) else read(gives, result)

        return call


def _argument(kind: object, value: object, name: str) -> object:
    """``value`` from JSON as ``kind``. Raises BadInput naming the argument; TypeError for a kind that faces do not take."""
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin in (UnionType, typing.Union):
        [plain] = [each for each in inner if each is not type(None)]
        return None if value is None else _argument(plain, value, name)
    if origin is tuple:
        if not isinstance(value, list):
            raise BadInput(f"{name} must be a list")
        return tuple(_argument(inner[0], each, name) for each in value)
    match kind:
        case type() if issubclass(kind, Enum):
            return _choice(kind, value, name)
        case _ if kind is str and isinstance(value, str):
            return value
        case _ if kind is bool and isinstance(value, bool):
            return value
        case _ if kind is int and isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST_COUNTED:
            return value
        case _ if kind is float and isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= MOST_AMOUNT:
            return float(value)
        case _ if kind is datetime and isinstance(value, str):
            return _named(name, lambda: wire.moment(value))
        case _ if kind is date and isinstance(value, str):
            return _day(value, name)
    if kind not in _IN_WORDS:
        raise TypeError(f"{name}: no channel can give a {kind}")
    raise BadInput(f"{name} must be {_IN_WORDS[kind]}")


_IN_WORDS: Mapping[object, str] = {
    str: "text",
    bool: "true or false",
    int: f"a whole number from 0 to {MOST_COUNTED}",
    float: "a number",
    datetime: "a time, such as 2026-11-22T10:30+01:00",
    date: "a day, such as 2026-11-22",
}


def _choice(kind: type[Enum], value: object, name: str) -> Enum:
    for one in kind:
        if one.value == value:
            return one
    raise BadInput(f"{name}: there is no such one", hint=f"one of: {', '.join(str(one.value) for one in kind)}")


def _day(value: str, name: str) -> date:
    try:
        read = date.fromisoformat(value)
    except ValueError as error:
        raise BadInput(f"{name} must be {_IN_WORDS[date]}") from error
    if not 1 < read.year < 9999:
        raise BadInput(f"{name} must be {_IN_WORDS[date]}")
    return read


def _named(name: str, read: Callable[[], datetime]) -> datetime:
    try:
        return read()
    except BadInput as error:
        raise BadInput(f"{name} must be {_IN_WORDS[datetime]}") from error


def _from_text(kind: object, text: str) -> object:
    kinds = set(typing.get_args(kind)) if typing.get_origin(kind) in (UnionType, typing.Union) else {kind}
    if bool in kinds and text in ("true", "false", "1", "0"):
        return text in ("true", "1")
    if int in kinds and text.isdecimal() and text.isascii() and len(text) < 10:
        return int(text)
    if float in kinds:
        try:
            return float(text)
        except ValueError:
            return text
    return text
