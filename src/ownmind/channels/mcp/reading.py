"""The tools that only read: memory with its sources, goals and the day, people and what was promised."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from ...app import clock
from ...errors import NotFound
from ...goals.goal import State
from ...guard.clients import Scope
from ...messages import Fact, Item
from ...people.person import PromiseState
from .. import wire
from ..wire import Json
from .offer import TEXT, Call, Offer, Schema, lists, may_go, number, takes, text

_LIVE = (State.DRAFT, State.ACTIVE, State.PAUSED)


async def recall(call: Call) -> dict[str, Json]:
    await call.house.wait_for_embedder()
    most = call.number("limit", 10)
    found = await asyncio.to_thread(call.house.memory.recall, call.text("query"), k=most, now=clock.present())
    kept = [one for one in found if may_go(one.item.label)]
    return {"found": [{**item(one.item), "score": one.score} for one in kept], "left_out": len(found) - len(kept)}


async def facts(call: Call) -> dict[str, Json]:
    found = await asyncio.to_thread(call.house.memory.facts, call.text("about") or None)
    kept = [one for one in found if may_go(one.label)][: call.number("limit", 50)]
    return {"facts": [fact(one) for one in kept]}


async def why(call: Call) -> dict[str, Json]:
    """Where a fact is from: the words it rests on, as they stand in what was said."""
    return await asyncio.to_thread(traced, call)


def traced(call: Call) -> dict[str, Json]:
    name = call.text("fact")
    one = next((each for each in call.house.memory.facts(everything=True) if each.id == name and may_go(each.label)), None)
    if one is None:
        raise NotFound(f"there is no fact {name[:20]!r}", hint="recall and facts give their ids")
    return {"fact": fact(one), "told_in": item(call.house.memory.item(one.item_id))}


async def goals(call: Call) -> dict[str, Json]:
    states = None if call.given.get("all") is True else _LIVE
    found = await asyncio.to_thread(call.house.goals.all, states or ())
    return {"goals": plain(found)}


async def next_steps(call: Call) -> dict[str, Json]:
    return {"steps": plain(await asyncio.to_thread(call.house.goals.next))}


async def progress(call: Call) -> dict[str, Json]:
    return {"progress": wire.encode(await asyncio.to_thread(call.house.goals.progress, call.text("goal")))}


async def today(call: Call) -> dict[str, Json]:
    return {"briefing": wire.encode(await asyncio.to_thread(call.house.today.brief))}


async def people(call: Call) -> dict[str, Json]:
    found = await asyncio.to_thread(call.house.people.all, call.text("query"))
    return {"people": plain(found[: call.number("limit", 50)])}


async def person(call: Call) -> dict[str, Json]:
    return {"card": wire.encode(await asyncio.to_thread(call.house.people.card, call.text("person")))}


async def promises(call: Call) -> dict[str, Json]:
    found = await asyncio.to_thread(call.house.people.promises, (PromiseState.FOUND, PromiseState.OPEN))
    return {"promises": plain(found)}


async def waiting(call: Call) -> dict[str, Json]:
    return {"waiting": plain(await asyncio.to_thread(call.house.people.waiting))}


def item(one: Item) -> dict[str, Json]:
    """Something remembered, as a program is given it: with where it is from and who vouches for it."""
    return {
        "id": one.id,
        "text": one.text,
        "source": one.source.ref,
        "title": one.source.title,
        "at": wire.encode(one.at),
        "speaker": one.speaker,
        "integrity": one.label.integrity.value,
        "confidentiality": one.label.confidentiality.value,
    }


def fact(one: Fact) -> dict[str, Json]:
    return {
        "id": one.id,
        "text": one.text,
        "quote": one.quote,
        "item": one.item_id,
        "source": one.source,
        "kept": one.kept,
        "learned_at": wire.encode(one.learned_at),
        "valid_from": wire.encode(one.valid_from),
        "valid_to": wire.encode(one.valid_to),
        "integrity": one.label.integrity.value,
    }


def plain(found: Iterable[object]) -> list[Json]:
    return [wire.encode(one) for one in found]


_ANY: Json = {"type": "object"}
_FOUND: dict[str, Schema] = dict.fromkeys(("id", "text", "source", "integrity"), TEXT)
_READ_MEMORY, _READ_GOALS, _READ_PEOPLE = (Scope.MEMORY_READ,), (Scope.GOALS_READ,), (Scope.PEOPLE_READ,)

OFFERS = (
    Offer("recall", "Search memory", "What is remembered that best answers a question, with sources, dates and who vouches for each.",
          _READ_MEMORY, takes(("query",), query=text("What to look for, in words."), limit=number("How many at most.", 1, 50)),
          lists("found", **_FOUND), recall),
    Offer("facts", "List facts", "What is believed now, each with the words it rests on; about somebody or something, when named.",
          _READ_MEMORY, takes(about=text("A name; you for the person.", least=0), limit=number("How many at most.", 1, 200)),
          lists("facts", **_FOUND), facts),
    Offer("why", "Where a fact is from", "The words a fact rests on, and the whole of what was said around them.",
          _READ_MEMORY, takes(("fact",), fact=text("Its id, such as f7.", most=20)),
          {"type": "object", "properties": {"fact": _ANY, "told_in": _ANY}, "required": ["fact", "told_in"]}, why),
    Offer("list_goals", "List goals", "The person's goals, those that go on; with all, those reached or let go too.",
          _READ_GOALS, takes(all={"type": "boolean"}), lists("goals", id=TEXT, title=TEXT, state=TEXT), goals),
    Offer("next_steps", "Next steps", "Today's open steps, the soonest first.",
          _READ_GOALS, takes(), lists("steps", id=TEXT, title=TEXT, goal=TEXT), next_steps),
    Offer("goal_progress", "Progress of a goal", "How far a goal has come, with what shows it.",
          _READ_GOALS, takes(("goal",), goal=text("Its id, such as g3.", most=20)),
          {"type": "object", "properties": {"progress": {"type": "object"}}, "required": ["progress"]}, progress),
    Offer("today", "Today's briefing", "What today asks and what has changed, each sentence with its sources.",
          (Scope.GOALS_READ, Scope.PEOPLE_READ), takes(),
          {"type": "object", "properties": {"briefing": {"type": "object"}}, "required": ["briefing"]}, today),
    Offer("people", "List people", "Who is who; with a query, those with a name or address that has its words.",
          _READ_PEOPLE, takes(query=text("Words of a name or address.", least=0), limit=number("How many at most.", 1, 200)),
          lists("people", id=TEXT, name=TEXT), people),
    Offer("person", "A person's card", "Everything about one person, each line with its source.",
          _READ_PEOPLE, takes(("person",), person=text("An id such as p7, or a name of one alone.")),
          {"type": "object", "properties": {"card": {"type": "object"}}, "required": ["card"]}, person),
    Offer("promises", "Open promises", "What was promised and is still open, those due soonest first.",
          _READ_PEOPLE, takes(), lists("promises", id=TEXT, state=TEXT), promises),
    Offer("waiting", "Who waits for an answer", "Who wrote last and asked something, the longest waiting first.",
          _READ_PEOPLE, takes(), lists("waiting"), waiting),
)  # fmt: skip
