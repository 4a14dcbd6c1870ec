"""Generated weeks and quarters: calendars that look like people's, and goals that sometimes cannot fit.

Nothing here knows the solver. A calendar has work, sleep, recurring and single appointments, a trip, and sometimes clocks that change;
goals are drawn from the kinds people have, some with what was done already, some with a project that may stand in any of the weeks. Some
are made tight in one of the ways people do it, so that about 30 of 100 do not fit; which, is for the solver to say and the bench to prove.
The calendar goes on for two weeks after the time that is planned, as a person's does.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from ..goals.placing.schedule import Busy, Days, Past, Problem, Rules, Sitting, Window

_ZONES = ("Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "America/Sao_Paulo", "Pacific/Auckland", "Asia/Tokyo")
_EVENINGS, _MORNINGS, _NOONS, _ANY = Window(17 * 60, 21 * 60), Window(6 * 60, 9 * 60), Window(12 * 60, 14 * 60), Window(7 * 60, 22 * 60)
_WEEKEND = frozenset({5, 6})
_AFTER = 2  # weeks of calendar behind the plan


@dataclass(frozen=True, slots=True)
class _Kind:
    """A sort of goal: minutes of a sitting, how many a week, when, days of rest, minutes there."""

    name: str
    minutes: tuple[int, ...]
    weekly: tuple[int, ...]
    windows: tuple[Window, ...]
    rest: int = 0
    travel: tuple[int, ...] = (0,)
    shortest: int = 0


_KINDS = (
    _Kind("run", (30, 45, 60, 90), (2, 3, 4), (_MORNINGS, _EVENINGS), rest=1, shortest=30),
    _Kind("thesis", (60, 90, 120), (2, 3, 5), (_EVENINGS, replace(_ANY, weekdays=_WEEKEND)), shortest=45),
    _Kind("piano", (15, 30), (3, 5, 7), (_EVENINGS,)),
    _Kind("gym", (60, 75), (2, 3), (_MORNINGS, _EVENINGS), travel=(15, 20)),
    _Kind("read", (20, 30), (3, 5), (Window(19 * 60, 22 * 60),)),
    _Kind("Spanish", (15, 25, 45), (3, 5), (_NOONS, _EVENINGS), shortest=15),
    _Kind("call Tom", (30,), (1,), (_EVENINGS, replace(_ANY, weekdays=_WEEKEND))),
    _Kind("garden", (60, 120), (1, 2), (replace(_ANY, weekdays=_WEEKEND),)),
    _Kind("accounts", (45, 90), (1,), ()),
    _Kind("swim", (45,), (1, 2), (_MORNINGS, _NOONS), rest=1, travel=(20, 30)),
)


def problems(seed: int, n: int, *, weeks: int = 1) -> Iterator[Problem]:
    """``n`` problems of ``weeks`` weeks each; the same for the same seed."""
    for number in range(n):
        yield problem(Random(f"{seed}/{weeks}/{number}"), weeks=weeks)


def problem(random: Random, *, weeks: int = 1) -> Problem:
    zone = ZoneInfo(random.choice(_ZONES))
    monday = date(2026, 1, 5) + timedelta(weeks=random.randrange(52))
    start = _at(monday, 0, zone)
    end = _at(monday + timedelta(weeks=weeks + _AFTER), 0, zone)
    is_tight = random.random() < 0.28
    goals = random.sample(_KINDS, random.randint(3, 8) if is_tight else random.randint(1, 8))
    sittings: list[Sitting] = []
    rules: dict[str, Rules] = {}
    past: list[Past] = []
    for kind in goals:
        weekly = random.choice(kind.weekly) + (random.randint(1, 2) if is_tight and random.random() < 0.3 else 0)
        rules[kind.name] = Rules(kind.rest if random.random() < 0.8 else 0, most_a_week=weekly)
        sittings += _sittings(kind, weekly, monday, weeks, zone, random)
        if random.random() < 0.3:
            past.append(Past(kind.name, _at(monday - timedelta(days=random.randint(1, 3)), 18 * 60, zone), kind.minutes[0]))
    if random.random() < 0.25:
        sittings += _project(monday, weeks, zone, random)
    days = Days((Window(6 * 60, 22 * 60 + 30),), random.choice((180, 210, 240)) - (30 if is_tight else 0), random.choice((3, 4, 5)),
                random.choice((0, 15)))  # fmt: skip
    lunch = frozenset({"Spanish"}) if random.random() < 0.3 else frozenset()
    busy = tuple(_busy(monday, weeks + _AFTER, zone, random, lunch, is_tight=is_tight))
    return Problem(zone, start, end, tuple(sittings), rules, busy, days, past=tuple(past))


def _project(monday: date, weeks: int, zone: ZoneInfo, random: Random) -> Iterator[Sitting]:
    """Something to be done by a day, whenever there is time: about a sitting a week."""
    minutes = random.choice((45, 60, 90))
    for number in range(weeks):
        yield Sitting(
            f"project {number}", "project", minutes, _at(monday, 0, zone), _at(monday + timedelta(weeks=weeks), 0, zone), shortest=45
        )


def _sittings(kind: _Kind, weekly: int, monday: date, weeks: int, zone: ZoneInfo, random: Random) -> Iterator[Sitting]:
    minutes, travel = random.choice(kind.minutes), random.choice(kind.travel)
    for week in range(weeks):
        first = _at(monday + timedelta(weeks=week), 0, zone)
        last = _at(monday + timedelta(weeks=week + 1), 0, zone)
        for number in range(weekly):
            yield Sitting(
                f"{kind.name} {week}.{number}", kind.name, minutes, first, last, kind.windows, kind.windows[:1], travel,
                min(kind.shortest, minutes),
            )  # fmt: skip


def _busy(monday: date, weeks: int, zone: ZoneInfo, random: Random, lunch: frozenset[str], *, is_tight: bool) -> Iterator[Busy]:
    works = random.random() < 0.85
    begins, ends = random.choice(((8 * 60, 16 * 60), (9 * 60, 17 * 60 + 30), (9 * 60, 18 * 60 + (60 if is_tight else 0))))
    commute = random.choice((0, 20, 45))
    weekly = {random.randrange(5): random.choice((18, 19, 20)) for _ in range(random.randint(0, 3))}
    trip = random.randrange(7 * (weeks - _AFTER)) if random.random() < 0.25 else None
    for number in range(7 * weeks):
        day = monday + timedelta(days=number)
        if works and day.weekday() < 5:
            yield Busy(_at(day, begins, zone), _at(day, ends, zone), "work", commute, lunch)
        if day.weekday() in weekly:
            yield Busy(_at(day, weekly[day.weekday()] * 60, zone), _at(day, weekly[day.weekday()] * 60 + 90, zone), "choir", 15)
        for _ in range(random.choice((0, 0, 1, 1, 2, 3 if is_tight else 1))):
            at = random.randrange(7 * 60, 21 * 60, 5)
            yield Busy(
                _at(day, at, zone), _at(day, at + random.choice((25, 40, 60, 90, 120)), zone), "appointment", random.choice((0, 0, 10))
            )
        if number == trip:
            yield Busy(_at(day, 0, zone), _at(day + timedelta(days=random.choice((1, 2))), 0, zone), "trip")


def _at(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    return datetime.combine(day + timedelta(days=minutes // 1440), time(minutes % 1440 // 60, minutes % 60), zone)
