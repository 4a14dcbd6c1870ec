"""Steps put elsewhere by hand: made-up weeks, random wishes, and a plain judge that shares nothing with solver or checker.

Of every wish that is granted: the week breaks no rule the judge knows, the step is where it was wanted, stays there when all is planned
anew, and undo brings back every place. Of every wish that is refused: nothing has changed, the time that is offered is granted, and no
time nearer on either side is. The control grants every wish: what it breaks shows that the judge sees.
"""

from __future__ import annotations

import random
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from statistics import quantiles
from zoneinfo import ZoneInfo

from ..goals.book import Goals
from ..goals.goal import Move, Step, StepState
from ..goals.preferences import Preferences
from ..memory.memory import Memory
from ..paths import Paths
from ..records import Appointment
from ..store.opening import open_throwaway
from . import result
from .briefing_lives import EVENTS, GOALS

_ZONES = ("Europe/Berlin", "America/New_York", "Asia/Kolkata")
_BEGINS = date(2026, 3, 2)  # a Monday
_QUARTER = timedelta(minutes=15)
Places = dict[str, datetime | None]


def run(*, n: int = 20, moves: int = 10, seed: int = 1, **_: object) -> dict[str, object]:
    """``n`` weeks with ``moves`` wishes each."""
    told: Counter[str] = Counter()
    took: list[float] = []
    for week in range(n):
        chance = random.Random(1000 * seed + week)
        with tempfile.TemporaryDirectory(prefix="ownmind-bench-") as folder:
            for what, seconds in _week(chance, Path(folder), moves):
                told[what] += 1
                took += [seconds] if seconds else []
    faults = {what: count for what, count in told.items() if what.startswith("fault: ")}
    figures: dict[str, object] = {
        "wishes": told["granted"] + told["refused"], "granted": told["granted"], "refused": told["refused"],
        "others_moved": told["others moved"], "offered": told["offered"], "nothing_fits": told["nothing fits"],
        "faults": sum(faults.values()), "which": faults, **_spread(took),
    }  # fmt: skip
    control = {"granted": told["control"], "broken": told["control broken"]}
    return result("moves", figures, n=n, seed=seed, control=control)


def _week(chance: random.Random, folder: Path, moves: int) -> Iterator[tuple[str, float]]:
    """What came of each wish, with the seconds it took where it was one."""
    zone = ZoneInfo(chance.choice(_ZONES))
    now = datetime(_BEGINS.year, _BEGINS.month, _BEGINS.day, chance.randint(6, 18), 7, tzinfo=zone)
    busy = tuple(_events(chance, now, zone))
    preferences = Preferences(zone=zone.key, pause=chance.choice((0, 15)))
    with open_throwaway(Paths(folder / "home", folder / "cache")) as store:
        goals = Goals(
            store, Memory(store, None, lambda: now), lambda: now, preferences=lambda: preferences,
            appointments=lambda start, end: tuple(one for one in busy if one.start < end and start < one.end),
        )  # fmt: skip
        for words, answers in chance.sample(GOALS, chance.randint(2, 4)):
            _wanted(goals, words, answers)
        if not goals.plan().fits:
            return
        for _ in range(moves):
            steps = _placed(goals)
            if not steps:
                return
            step = chance.choice(steps)
            assert step.start is not None
            day = now.date() + timedelta(days=chance.randint(0, 6))
            wanted = datetime(day.year, day.month, day.day, chance.randint(6, 22), chance.choice((0, 15, 30, 45)), tzinfo=zone)
            yield from _wish(goals, step, wanted, chance, busy, preferences, now)


def _wish(
    goals: Goals, step: Step, wanted: datetime, chance: random.Random, busy: Sequence[Appointment], preferences: Preferences, now: datetime
) -> Iterator[tuple[str, float]]:
    before = _places(goals)
    naive = [_at(one, wanted) if one.id == step.id else one for one in _placed(goals)]
    yield "control", 0
    if _broken(naive, busy, preferences, now):
        yield "control broken", 0
    began = time.perf_counter()
    move = _put(goals, step.id, wanted)
    yield ("granted" if move.fits else "refused"), time.perf_counter() - began
    if not move.fits:
        yield from ((what, 0) for what in _refused(goals, step, wanted, move, before))
        return
    if move.moved:
        yield "others moved", 0
    if _places(goals)[move.step] != wanted:
        yield "fault: not where it was wanted", 0
    if why := _broken(_placed(goals), busy, preferences, now):
        yield f"fault: {why}", 0
    if chance.random() < 0.5:
        goals.undo()
        if _places(goals) != before:
            yield "fault: undo left something", 0
    elif goals.plan().fits and _places(goals)[move.step] != wanted:
        yield "fault: planning anew took it away", 0


def _refused(goals: Goals, step: Step, wanted: datetime, move: Move, before: Places) -> Iterator[str]:
    if _places(goals) != before:
        yield "fault: a refusal changed something"
    if not move.words.startswith("It does not fit there: "):
        yield "fault: a refusal without a reason"
    if move.nearest is None:
        yield "nothing fits"
        return
    yield "offered"
    apart = abs(move.nearest.astimezone(UTC) - wanted.astimezone(UTC))
    nearer = [wanted.astimezone(UTC) + sign * (apart - _QUARTER) for sign in (1, -1)] if apart > _QUARTER else []
    if any(_put(goals, step.id, at.astimezone(wanted.tzinfo)).fits for at in nearer):
        yield "fault: a nearer time fits"
        goals.undo()
    if not _put(goals, step.id, move.nearest).fits:
        yield "fault: what was offered does not fit"


def _put(goals: Goals, step: str, at: datetime) -> Move:
    return goals.move(step, at.date(), f"{at:%H:%M}")


def _placed(goals: Goals) -> list[Step]:
    return [one for one in goals.steps() if one.start is not None and one.state is StepState.OPEN]


def _places(goals: Goals) -> Places:
    return {one.id: one.start for one in goals.steps()}


def _at(step: Step, start: datetime) -> Step:
    return replace(step, start=start, end=start + timedelta(minutes=step.minutes))


def _broken(steps: Sequence[Step], busy: Sequence[Appointment], preferences: Preferences, now: datetime) -> str:
    """The first rule these places break, by the minute and one pair at a time; "" when none is."""
    [awake] = preferences.awake
    spans = [(one.start.timestamp(), one.end.timestamp(), one) for one in steps if one.start and one.end]
    spans.sort(key=lambda span: span[:2])
    if any(second[0] - first[1] < 60 * preferences.pause for first, second in pairwise(spans)):
        return "two steps meet"
    for start, end, one in spans:
        assert one.start is not None and one.end is not None
        if start < now.timestamp() or one.start < one.earliest or one.end > one.latest:
            return "outside its time"
        if any(start < event.end.timestamp() and event.start.timestamp() < end for event in busy):
            return "on an appointment"
        first, last = (60 * at.hour + at.minute for at in (one.start, one.end))
        if first < awake.start or last > awake.end or one.start.date() != one.end.date():
            return "asleep"
    minutes = Counter[date]()
    for _, _, one in spans:
        if one.start is not None:
            minutes[one.start.date()] += one.minutes
    return "a day too long" if any(held > preferences.most_minutes for held in minutes.values()) else ""


def _wanted(goals: Goals, words: str, answers: dict[str, str]) -> None:
    draft = goals.add(words)
    assert draft.goal is not None
    for slot, value in answers.items():
        draft = goals.answer(draft.goal.id, slot, value)
        assert draft.goal is not None
    while draft.question and draft.goal is not None:
        draft = goals.answer(draft.goal.id, draft.slot, "")
    assert draft.goal is not None
    goals.confirm(draft.goal.id)


def _events(chance: random.Random, now: datetime, zone: ZoneInfo) -> Iterator[Appointment]:
    for number in range(chance.randint(0, 10)):
        day = now.date() + timedelta(days=chance.randint(0, 8))
        start = datetime(day.year, day.month, day.day, chance.randint(7, 20), chance.choice((0, 30)), tzinfo=zone)
        yield Appointment(str(number), start, start + timedelta(minutes=chance.choice((30, 60, 90, 180))), chance.choice(EVENTS))


def _spread(took: Sequence[float]) -> dict[str, object]:
    if len(took) < 2:
        return {}
    cuts = quantiles(took, n=20, method="inclusive")
    return {"seconds_p50": round(cuts[9], 3), "seconds_p95": round(cuts[18], 3), "seconds_max": round(max(took), 3)}
