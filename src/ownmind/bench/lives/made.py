"""A made-up life: everything about it that does not depend on what the companion does. All from a seed."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

GRID = timedelta(minutes=5)  # everything planned stands on it
DAY = timedelta(days=1)
ZONES = (
    "Europe/Berlin", "Europe/London", "America/New_York", "America/Los_Angeles", "Asia/Kolkata", "Asia/Tokyo", "Australia/Sydney",
    "Australia/Lord_Howe", "America/Santiago", "Africa/Cairo", "Asia/Beirut", "Pacific/Auckland",
)  # fmt: skip
# Both changes of the clocks, in both halves of the world, and a leap day.
STARTS = (datetime(2026, 2, 16, tzinfo=UTC), datetime(2026, 9, 7, tzinfo=UTC), datetime(2028, 1, 17, tzinfo=UTC))


@dataclass(frozen=True, slots=True)
class Spell:
    """From when to when, in true time."""

    start: datetime
    end: datetime

    def holds(self, moment: datetime) -> bool:
        return self.start <= moment < self.end


@dataclass(frozen=True, slots=True)
class Aim:
    """A goal: asked about on ``asked`` (weekdays) at ``clock``, with steps of ``minutes`` on ``days`` at ``at`` (minutes of the day)."""

    id: str
    asked: frozenset[int]
    clock: int
    days: frozenset[int]
    at: int
    minutes: int
    paused: Spell | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """One life. ``away``: trips, each with its zone; ``off``: when the machine is not there, and whether Ownmind is started anew after it;
    ``skewed``: when its clock is wrong, and by how much; ``kill``: how likely it is killed around each effect."""

    seed: int
    start: datetime
    days: int
    home: str
    away: tuple[tuple[Spell, str], ...]
    off: tuple[tuple[Spell, bool], ...]
    skewed: tuple[tuple[Spell, timedelta], ...]
    quiet: tuple[int, int]
    most: int
    briefing: int
    review: int
    aims: tuple[Aim, ...]
    silent: Spell | None
    birthday: date
    promises: tuple[date, ...]
    kill: float
    answers: float  # how many check-ins they answer
    declines: float
    zones: dict[str, ZoneInfo] = field(default_factory=dict, compare=False)

    @property
    def end(self) -> datetime:
        return self.start + self.days * DAY

    def zone(self, moment: datetime) -> str:
        """Where they are."""
        return next((name for spell, name in self.away if spell.holds(moment)), self.home)

    def skew(self, moment: datetime) -> timedelta:
        """How much the machine's clock is ahead."""
        return next((by for spell, by in self.skewed if spell.holds(moment)), timedelta())

    def chance(self, *about: object) -> random.Random:
        """The same dice for the same matter, whatever was thrown before."""
        return random.Random(f"{self.seed} {about}")


def made(seed: int, number: int, days: int) -> Made:
    """Person ``number`` of ``seed``."""
    dice = random.Random(f"{seed} {number}")
    start = STARTS[seed % len(STARTS)]
    quiet = dice.choice([(21 * 60 + 30, 8 * 60), (22 * 60, 7 * 60), (0, 6 * 60), (23 * 60, 9 * 60 + 30), (0, 0), (13 * 60, 14 * 60)])
    return Made(
        seed=seed * 100_000 + number,
        start=start,
        days=days,
        home=dice.choice(ZONES),
        away=tuple((spell, dice.choice(ZONES)) for spell in _spells(dice, start, days, dice.choice([0, 0, 1, 2, 3]), (2, 12))),
        off=_off(dice, start, days),
        skewed=tuple(
            (spell, dice.choice([timedelta(hours=-26), timedelta(hours=-3), timedelta(hours=5), timedelta(days=3)]))
            for spell in _spells(dice, start, days, dice.choice([0, 0, 0, 1, 2]), (0, 1))
        ),
        quiet=quiet,
        most=dice.choice([3, 3, 3, 2, 1, 5]),
        briefing=dice.choice([8 * 60, 7 * 60 + 30, 9 * 60, -1]),
        review=dice.choice([18 * 60, 10 * 60, -1]),
        aims=tuple(_aim(dice, f"g{n}", start, days) for n in range(1, dice.choice([1, 2, 2, 3, 4]) + 1)),
        silent=next(iter(_spells(dice, start, days, dice.choice([0, 0, 0, 1]), (1, 6))), None),
        birthday=dice.choice([date(1604, 2, 29), date(1990, 3, 29), date(1985, 10, 25)]),
        promises=tuple(start.date() + timedelta(days=dice.randrange(1, max(2, days))) for _ in range(3)),
        kill=dice.choice([0.0, 0.02, 0.1]),
        answers=dice.uniform(0.2, 0.9),
        declines=dice.choice([0.0, 0.0, 0.02]),
    )


def _aim(dice: random.Random, name: str, start: datetime, days: int) -> Aim:
    asked = frozenset(dice.sample(range(7), dice.choice([1, 1, 2, 7])))
    clock = dice.choice([18 * 60, 20 * 60, 21 * 60 + 45, 7 * 60, 2 * 60 + 30, 12 * 60 + 5, 0])
    stepping = frozenset(dice.sample(range(7), dice.choice([0, 2, 3, 5])))
    paused = next(iter(_spells(dice, start, days, dice.choice([0, 0, 1]), (1, 8))), None)
    return Aim(
        name, asked, clock, stepping, dice.choice([7 * 60, 9 * 60, 17 * 60, 18 * 60 + 30, 20 * 60 + 40]), dice.choice([30, 60]), paused
    )


def _off(dice: random.Random, start: datetime, days: int) -> tuple[tuple[Spell, bool], ...]:
    """Nights, hours, and now and then a week."""
    found: list[tuple[Spell, bool]] = []
    nightly, at = dice.random() < 0.5, start
    while at < start + days * DAY:
        if nightly:
            length = timedelta(hours=dice.choice([6, 8, 10]))
            found.append((Spell(at + timedelta(hours=20), at + timedelta(hours=20) + length), dice.random() < 0.2))
        elif dice.random() < 0.3:
            begin = at + timedelta(minutes=dice.randrange(0, 1200))
            found.append((Spell(begin, begin + timedelta(minutes=dice.randrange(3, 200))), dice.random() < 0.5))
        at += DAY
    for spell in _spells(dice, start, days, dice.choice([0, 1, 2]), (2, 8)):
        found = [one for one in found if one[0].end <= spell.start or one[0].start >= spell.end] + [(spell, dice.random() < 0.5)]
    return tuple(sorted(found, key=lambda one: one[0].start))


def _spells(dice: random.Random, start: datetime, days: int, count: int, length: tuple[int, int]) -> list[Spell]:
    """Spells that do not meet, on the grid."""
    found: list[Spell] = []
    for _ in range(count):
        begin = start + GRID * dice.randrange(0, days * 288)
        end = begin + GRID * dice.randrange(max(12, length[0] * 288), length[1] * 288 + 1)
        if all(end <= one.start or begin >= one.end for one in found):
            found.append(Spell(begin, end))
    return sorted(found, key=lambda one: one.start)
