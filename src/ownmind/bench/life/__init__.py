"""A seeded generator of lives: a world is simulated, people talk about it, and questions are asked whose answers are known.

Everything here was written for this project and may be shipped, so that weights fitted on a generated life may be too. Three styles:
``friends`` (two people chatting in short turns, in sessions weeks apart), ``assistant`` (a person and a long-winded assistant) and
``diary`` (the person's own notes). The same seed gives the same life. No network, no model.
"""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

from . import asking, asking_work
from .assistant import Work
from .diary import Diary
from .talk import Friends, Log
from .values import Asked, Conflict, Life, Named, Style, Value
from .world import World

__all__ = ["Asked", "Conflict", "Life", "Named", "Style", "Value", "generate"]


def generate(seed: int, *, style: Style = "friends", months: int = 6) -> Life:
    """The life of this seed: for six months, 20 sessions of some 25 turns of friends, some 200 messages with an assistant, or 200 notes."""
    rng = random.Random(f"{style} {seed}")
    began = datetime(2022 + rng.randrange(3), rng.randint(1, 12), rng.randint(1, 28), tzinfo=UTC)
    match style:
        case "assistant":
            return _assistant(rng, began, months)
        case "diary":
            return _told(Diary(World(rng, 1), began, months), own=True)
        case _:
            return _told(Friends(World(rng, 2), began, months), own=False)


def _told(talk: Friends | Diary, *, own: bool) -> Life:
    """A life from a talk about the world. In one's own notes the person is "you", as everywhere in memory."""
    asked = asking.questions(asking.Talk(talk.world, talk.told, own, _end(talk.log)))
    values = [
        Value("you" if own else span.who.name, str(span.spec["predicate"]), span.object, span.since, span.until, span.told)
        for span in talk.told.spans
        if span.told and span.object
    ]
    conflicts = talk.told.claims.conflicts() if talk.told.claims else ()
    return Life(tuple(talk.log.entries), asked, tuple(values), tuple(talk.log.dates), conflicts, "" if own else talk.world.people[0].name)


def _assistant(rng: random.Random, began: datetime, months: int) -> Life:
    work = Work(rng, began, months)
    asked = asking_work.questions(work, _end(work.log))
    values, conflicts = tuple(asking_work.values(work)), tuple(asking_work.conflicts(work))
    return Life(tuple(work.log.entries), asked, values, tuple(work.log.dates), conflicts, "user")


def _end(log: Log) -> datetime:
    """When the questions are asked: a day after the last entry."""
    at = log.entries[-1].at
    assert at is not None
    return at + timedelta(days=1)
