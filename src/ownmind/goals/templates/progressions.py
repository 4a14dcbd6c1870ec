"""How amounts grow and are spread: the weeks of a training, the months of saving. Pure arithmetic; the templates say whose rule it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil, floor

_WEEK = timedelta(days=7)
_RECENT = 4  # weeks in which what was done still says what can be done


@dataclass(frozen=True, slots=True)
class Course:
    """A training from ``baseline`` to ``target``. ``growth``: the most a week may grow by; every ``lighter_every``-th week holds
    ``lighter`` of its amount; ``taper``: the weeks before the day, as parts of the peak, the week of the day last; ``peak``: the longest
    before the day, as a part of the target; ``easy``: the other times of a week, as a part of its longest; ``is_whole``: what is counted
    has no halves (push-ups), so that a small amount may wait a week to grow by one."""

    baseline: float
    target: float
    a_week: int
    growth: float = 0.10
    lighter_every: int = 4
    lighter: float = 0.7
    taper: tuple[float, ...] = (0.6, 0.4)
    peak: float = 0.9
    easy: float = 0.6
    is_whole: bool = False

    @classmethod
    def of(cls, numbers: Mapping[str, tuple[float, ...]], baseline: float, target: float, a_week: int, *, is_whole: bool = False) -> Course:
        """With a template's numbers, where it has them."""
        one = {name: values[0] for name, values in numbers.items() if name in ("growth", "lighter", "peak", "easy")}
        every = int(numbers["lighter_every"][0]) if "lighter_every" in numbers else 4
        return cls(baseline, target, a_week, lighter_every=every, taper=numbers.get("taper", (0.6, 0.4)), is_whole=is_whole, **one)

    @property
    def longest(self) -> float:
        """The longest before the day."""
        return max(self.baseline, self.target * self.peak)


@dataclass(frozen=True, slots=True)
class TrainingWeek:
    """``longest`` at one go, and ``easy`` at each of the other times."""

    monday: date
    longest: float
    easy: float
    is_lighter: bool = False


def training(course: Course, done: Mapping[date, float], begins: date, current: date, day: date) -> Iterator[TrainingWeek]:
    """The weeks from ``current`` to that of the day, all as Mondays. ``done``: the most that was done at one go in each week before. A week
    builds on the most of the four before it, never on what was only planned; the first begins at the baseline."""
    recent = [amount for monday, amount in done.items() if current - _RECENT * _WEEK <= monday < current]
    level = max(recent) if recent else course.baseline
    is_first = not recent
    mondays = [current + n * _WEEK for n in range((day - current).days // 7 + 1)]
    tapering = len(course.taper)
    building = mondays[: max(0, len(mondays) - tapering)]
    growing = [monday for monday in building if not _is_lighter(course, begins, monday)]
    rate = _rate(course, level, len(growing) - is_first)
    for monday in building:
        if _is_lighter(course, begins, monday):
            yield _week(course, monday, level * course.lighter, is_lighter=True)
            continue
        if not is_first and level < course.longest:
            level = min(course.longest, (level if course.is_whole else _down(level, course)) * (1 + rate))
        is_first = False
        yield _week(course, monday, level)
    for monday in mondays[len(building) :]:
        yield _week(course, monday, level * course.taper[tapering - 1 - (day - monday).days // 7])


def reachable(course: Course, begins: date, day: date) -> float:
    """The longest before the day that the rule leads to by itself."""
    return max((week.longest for week in training(course, {}, begins, begins, day)), default=course.baseline)


def _is_lighter(course: Course, begins: date, monday: date) -> bool:
    number = (monday - begins).days // 7 + 1
    return course.lighter_every > 1 and number % course.lighter_every == 0


def _rate(course: Course, level: float, weeks: int) -> float:
    """Just as much growth a week as is needed, and no more than is allowed."""
    if weeks < 1 or level <= 0 or level >= course.longest:
        return 0.0 if level >= course.longest else course.growth
    return float(min(course.growth, (course.longest / level) ** (1 / weeks) - 1))


def _week(course: Course, monday: date, longest: float, *, is_lighter: bool = False) -> TrainingWeek:
    return TrainingWeek(monday, _down(longest, course), _down(longest * course.easy, course), is_lighter)


def _down(amount: float, course: Course) -> float:
    """Rounded down to what a person can measure, a tenth at the finest; never to nothing."""
    step = 1.0 if course.is_whole or amount >= 100 else 0.5 if amount >= 20 else 0.1
    return max(step, round(floor(round(amount / step, 6)) * step, 6))


def months(first: date, deadline: date) -> list[date]:
    """The first days of the months in which something can be put aside; the month ``first`` lies in counts, as does the deadline's."""
    found = [first.replace(day=1)]
    while (following := (found[-1] + timedelta(days=32)).replace(day=1)) < deadline:
        found.append(following)
    return found


def parts(whole: float, pieces: int, *, growing: bool = False) -> list[float]:
    """``whole`` in so many parts to the hundredth, which add up to it: equal ones, or each larger by the same, the last twice the first.
    What does not divide lies in the first parts."""
    cents = ceil(round(whole * 100, 6))
    weights = [1 + n / (pieces - 1) if growing and pieces > 1 else 1.0 for n in range(pieces)]
    unit = 100 if cents >= 100 * pieces * 10 else 1  # whole ones where they are large
    total, found, given = sum(weights), [], 0
    for n, weight in enumerate(weights):
        amount = cents - given if n == pieces - 1 else min(cents - given, ceil(round(cents * weight / total / unit, 6)) * unit)
        found.append(amount / 100)
        given += amount
    return found
