"""What can be read by address: ``ownmind://facts/f7``, ``ownmind://goals/g3``, ``ownmind://people/p7``, ``ownmind://today``, and what
waits for the person of what a program asked for, ``ownmind://approvals/a7``."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from ...errors import BadInput, NotFound
from ...guard.clients import Client, Scope
from .. import wire
from ..wire import Json
from . import reading, writing
from .offer import Call, may_go

HOME = "ownmind://"
_PAGE = 100
_LONGEST = 200  # characters of an address


@dataclass(frozen=True, slots=True)
class Shelf:
    """One kind of things. ``names``: id and title of each; ``one`` reads a single one, ``every`` what the bare address says."""

    name: str
    title: str
    scopes: tuple[Scope, ...]
    names: Callable[[Call], list[tuple[str, str]]]
    one: Callable[[Call, str], Json]
    notices: tuple[str, ...] = ()  # after these something here may be different

    def is_for(self, client: Client) -> bool:
        return set(self.scopes) <= set(client.scopes)


@dataclass(frozen=True, slots=True)
class Listed:
    uri: str
    title: str


def listed(call: Call, cursor: str) -> tuple[list[Listed], str]:
    """A page of addresses, and the cursor of the next; "" at the end. Raises BadInput for a cursor that is none of ours."""
    shelf_at, _, place = (cursor or "0:0").partition(":")
    if not (shelf_at.isdecimal() and place.isdecimal() and len(cursor) < 30):
        raise BadInput("that is no cursor", hint="use the one of the page before")
    shelves = [shelf for shelf in SHELVES if shelf.is_for(call.client)]
    found: list[Listed] = []
    number, start = int(shelf_at), int(place)
    while number < len(shelves):
        shelf = shelves[number]
        names = shelf.names(call) if shelf.name != "today" else []
        if start == 0 and shelf.name != "approvals":
            found.append(Listed(f"{HOME}{shelf.name}", shelf.title))
        some = names[start : start + _PAGE]
        found += [Listed(f"{HOME}{shelf.name}/{name}", title) for name, title in some]
        if len(found) >= _PAGE:
            following = f"{number}:{start + len(some)}" if start + len(some) < len(names) else f"{number + 1}:0"
            return found, following if start + len(some) < len(names) or number + 1 < len(shelves) else ""
        if start + len(some) < len(names):
            start += len(some)
            continue
        number, start = number + 1, 0
    return found, ""


async def read(call: Call, uri: str) -> Json:
    """What stands at an address. Raises NotFound, Refused for a scope the key does not have."""
    shelf, name = parted(uri)
    for scope in shelf.scopes:
        call.client.need(scope)
    if shelf.name == "today":
        return (await reading.today(call))["briefing"]
    if not name:
        names = await asyncio.to_thread(shelf.names, call)
        return {"all": [{"uri": f"{HOME}{shelf.name}/{one}", "title": title} for one, title in names[:_PAGE]], "count": len(names)}
    return await asyncio.to_thread(shelf.one, call, name)


def parted(uri: str) -> tuple[Shelf, str]:
    """The shelf of an address, and the id on it. Raises NotFound."""
    kind, _, name = uri.removeprefix(HOME).partition("/")
    found = next((shelf for shelf in SHELVES if shelf.name == kind), None)
    if not uri.startswith(HOME) or len(uri) > _LONGEST or found is None or (name and not name.isalnum()):
        raise NotFound("there is nothing at that address", hint=f"such as {HOME}goals/g3")
    return found, name


def _facts(call: Call) -> list[tuple[str, str]]:
    return [(one.id, one.text) for one in call.house.memory.facts() if may_go(one.label)]


def _fact(call: Call, name: str) -> Json:
    return reading.traced(Call(call.house, call.client, {"fact": name}, call.back))


def _goals(call: Call) -> list[tuple[str, str]]:
    return [(one.id, one.title) for one in call.house.goals.all()]


def _goal(call: Call, name: str) -> Json:
    goals = call.house.goals
    return {"goal": wire.encode(goals.get(name)), "steps": reading.plain(goals.steps(name)), "progress": wire.encode(goals.progress(name))}


def _people(call: Call) -> list[tuple[str, str]]:
    return [(one.id, one.name) for one in call.house.people.all()]


def _person(call: Call, name: str) -> Json:
    return wire.encode(call.house.people.card(name))


def _approvals(call: Call) -> list[tuple[str, str]]:
    mine = writing.asker(call.client)
    return [(one.id, one.words) for one in call.house.actions() if one.conversation == mine]


def _approval(call: Call, name: str) -> Json:
    return writing.said(writing.own(call, name))


SHELVES = (
    Shelf("today", "Today's briefing", (Scope.GOALS_READ, Scope.PEOPLE_READ), lambda call: [], lambda call, name: None,
          ("today", "goals", "people", "calendar", "forgotten")),
    Shelf("facts", "What is believed", (Scope.MEMORY_READ,), _facts, _fact, ("learned", "forgotten")),
    Shelf("goals", "Goals", (Scope.GOALS_READ,), _goals, _goal, ("goals", "forgotten")),
    Shelf("people", "People", (Scope.PEOPLE_READ,), _people, _person, ("people", "forgotten")),
    Shelf("approvals", "What this program asked for", (), _approvals, _approval, ("actions",)),
)  # fmt: skip
