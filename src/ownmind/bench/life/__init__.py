"""A seeded generator of lives: a world is simulated, people talk about it, and questions are asked whose answers are known.

Everything here was written for this project and may be shipped, so that weights fitted on a generated life may be too. Three styles:
``friends`` (two people chatting in short turns, in sessions weeks apart), ``assistant`` (a person and a long-winded assistant) and
``diary`` (the person's own notes). The same seed gives the same life. No network, no model.
"""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

from . import asking
from .talk import Friends
from .values import Asked, Conflict, Life, Named, Style, Value
from .world import World

__all__ = ["Asked", "Conflict", "Life", "Named", "Style", "Value", "generate"]


def generate(seed: int, *, style: Style = "friends", months: int = 6) -> Life:
    """The life of this seed: about 20 sessions of 25 turns for six months of friends."""
    rng = random.Random(f"{style} {seed}")
    began = datetime(2022 + rng.randrange(3), rng.randint(1, 12), rng.randint(1, 28), tzinfo=UTC)
    world = World(rng, 2)
    talk = Friends(world, began, months)
    end = (talk.log.entries[-1].at or began) + timedelta(days=1)
    return Life(
        tuple(talk.log.entries),
        asking.questions(asking.Talk(world, talk.told, False, end)),
        tuple(
            Value(span.who.name, str(span.spec["predicate"]), span.object, span.since, span.until, span.told)
            for span in talk.told.spans
            if span.told
        ),
        tuple(talk.log.dates),
        (),
        world.people[0].name,
    )
