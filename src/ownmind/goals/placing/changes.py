"""When a plan cannot fit: the smallest changes of what was asked that make it fit, each proven.

For each thing that may give way the solver finds the least of it that suffices by itself, and the cheapest mixture of all. A quarter is
gone through part by part, and only the parts that do not fit are loosened. Every offer is a changed problem with its plan, and the
independent checker has passed that plan before it is shown.

What is called the smallest is proven: each part that gave way does not fit with less, taken for itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, timedelta
from math import inf

from ..counted import count, times
from .check import check
from .free import Grid
from .model import Found, Model
from .schedule import Days, Plan, Problem
from .slack import COSTS, LATER_BY, LATER_TOO, Given, Slack
from .solve import EFFORT, bare, beside, parts, spread

_EFFORT = 0.4  # deterministic seconds to look for one smallest change; what is found by then is offered, if not as the smallest
_IN_ALL = 0.8  # and for all parts of one way
_Known = dict[tuple[object, ...], Found]


@dataclass(frozen=True, slots=True)
class Offer:
    """A change that makes it fit: what gave way, in words, and the ``problem`` and ``plan`` as they are then. ``cost``: how much gives
    way (`slack.COSTS`); ``is_smallest``: the solver proved that less of these kinds would not do."""

    words: tuple[str, ...]
    given: Given
    problem: Problem
    plan: Plan
    cost: int
    is_smallest: bool


def offers(problem: Problem, *, effort: float = _EFFORT, most: int = 4) -> list[Offer]:
    """Changes that make ``problem`` fit, the smallest first. What may wait is left aside: it never makes a plan fail."""
    problem = replace(problem, sittings=tuple(one for one in problem.sittings if not one.may_wait))
    found: dict[tuple[str, ...], Offer] = {}
    known: _Known = {}
    for kinds in (*(frozenset({kind}) for kind in Slack), frozenset(Slack)):
        cheapest = min((one.cost for one in found.values()), default=0) if len(kinds) > 1 else 0
        offer = _offer(problem, _Way(problem, kinds, effort, known, most=cheapest))
        if offer is not None and (offer.words not in found or offer.is_smallest):
            found[offer.words] = offer
    return sorted(found.values(), key=lambda one: one.cost)[:most]


def changed(problem: Problem, given: Given) -> Problem:
    """The problem with what gave way written into it."""
    sittings = []
    for one in problem.sittings:
        if one.id in given.left_out:
            continue
        if one.id in given.outside:
            one = replace(one, windows=())
        if one.id in given.shorter:
            one = replace(one, minutes=one.shortest)
        if days := given.later.get(one.id, 0):
            one = replace(one, latest=(one.latest.astimezone(UTC) + timedelta(days=days)).astimezone(problem.zone))
        sittings.append(one)
    rules = dict(problem.rules)
    for goal, days in given.less_rest.items():
        rules[goal] = replace(problem.rules_of(goal), rest=problem.rules_of(goal).rest - days)
    return replace(problem, sittings=tuple(sittings), rules=rules, days=_longer(problem.days, given))


def _longer(days: Days, given: Given) -> Days:
    minutes, sittings = Counter(days.more_minutes), Counter(days.more_sittings)
    minutes.update(given.longer)
    sittings.update(given.more)
    return replace(days, more_minutes=dict(minutes), more_sittings=dict(sittings))


class _Way:
    """One way through all parts with these kinds giving way: ``given`` in all, ``plan`` (None: they do not suffice, or cost more than
    ``most``, where that is not 0)."""

    def __init__(self, problem: Problem, kinds: frozenset[Slack], effort: float, known: _Known, *, most: int = 0) -> None:
        self.kinds, self.effort, self.known, self.cost = kinds, effort, known, 0
        self.left = _IN_ALL if kinds != {Slack.FEWER} else inf
        self.bounds: list[int] = []  # what must be given at least, part by part
        self.given = Given()
        self.done: list[tuple[Problem, Plan]] = []
        even = spread(problem)
        self.is_exact = even is problem
        after = timedelta(days=1 + (0 if Slack.LATER not in kinds else LATER_BY if len(kinds) == 1 else LATER_TOO))
        for part in parts(even, after=after):
            if not self._through(part) or (most and self.cost > most):
                self.plan: Plan | None = None
                return
        self.plan = {name: at for _, its in self.done for name, at in its.items()}

    @property
    def is_smallest(self) -> bool:
        """Whether no way costs less: something must give way, and so must the least of each part; but rest, given up once, may have
        served several parts."""
        least = max(self.bounds, default=0) if Slack.LESS_REST in self.kinds else sum(self.bounds)
        return self.cost <= max(least, min(COSTS[kind] for kind in self.kinds))

    def _through(self, part: Problem) -> bool:
        """Whether the part has a place beside those before it, with what must give way for that."""
        part = changed(part, Given(less_rest=self.given.less_rest))  # what was given up for a goal holds for all parts
        found = self._strict(part)
        if found.plan is not None:
            self.done.append((part, found.plan))
            return True
        if self._alone(part):
            return True
        # What only ends later would push each part into the next.
        return bool(self.done) and self.kinds != {Slack.LATER} and self._beside(part)

    def _strict(self, part: Problem) -> Found:
        """The part beside those before it; up to where something first gives way it is the same on every way."""
        name = (part.sittings[0].id, "strict")
        if self.cost == 0 and name in self.known:
            return self.known[name]
        found = Model(Grid(beside(part, self.done))).solve(EFFORT)
        if self.cost == 0:
            self.known[name] = found
        return found

    def _alone(self, part: Problem) -> bool:
        """The least that lets the part stand by itself, if it then stands beside the others too."""
        rest = tuple(sorted(self.given.less_rest.items()))
        found = self._loosened(part, (part.sittings[0].id, rest))
        if found.is_proven and self.is_exact:
            self.bounds.append(found.cost)
        if found.plan is None or (self.done and not found.cost):
            return False
        other = changed(part, found.given)
        again = Model(Grid(beside(other, self.done))).solve(EFFORT) if self.done else found
        if again.plan is None:
            return False
        if not self.is_exact:
            self.bounds.append(self._bare(part))
        self._take(other, again.plan, found)
        return True

    def _bare(self, part: Problem) -> int:
        """What must give way in the part even without what might stand in another one."""
        found = self._loosened(bare(part), None)
        return found.cost if found.is_proven else 0

    def _beside(self, part: Problem) -> bool:
        """The least beside what the parts before it took: rest, if that does, as it then holds for all parts."""
        part_beside = beside(part, self.done)
        found = self._found(Grid(part_beside), frozenset({Slack.LESS_REST}), None) if Slack.LESS_REST in self.kinds else None
        if found is None or found.plan is None:
            found = self._loosened(part_beside, None)
        if found.plan is None:
            return False
        self._take(changed(part, found.given), found.plan, found)
        return True

    def _take(self, part: Problem, plan: Plan, found: Found) -> None:
        self.done.append((part, plan))
        self.given = _joined([self.given, found.given])
        self.cost += found.cost

    def _loosened(self, part: Problem, name: tuple[object, ...] | None) -> Found:
        """The part with these kinds giving way. ``name``: it may be asked for again by it."""
        grid = Grid(part)
        if len(self.kinds) == 1:
            return self._found(grid, self.kinds, name)
        alone = [self._found(grid, frozenset({kind}), name) for kind in (Slack if name else (Slack.FEWER,))]
        best = min((one for one in alone if one.plan is not None), key=lambda one: one.cost, default=None)
        found = self._found(grid, self.kinds, name, below=best.cost if best else 0)
        if found.plan is not None or best is None:
            return found
        return replace(best, is_proven=found.is_proven)

    def _found(self, grid: Grid, kinds: frozenset[Slack], name: tuple[object, ...] | None, *, below: int = 0) -> Found:
        if name is not None and (found := self.known.get((kinds, *name))) is not None:
            return found
        if self.left <= 0:
            return Found(None, 0, is_proven=False)
        found = Model(grid, kinds, below=below).solve(min(self.effort, self.left))
        self.left -= found.spent
        if name is not None:
            self.known[kinds, *name] = found
        return found


def _offer(problem: Problem, way: _Way) -> Offer | None:
    if way.plan is None:
        return None
    other = changed(problem, way.given)
    if not check(other, way.plan).holds:
        return None
    return Offer(tuple(_words(problem, way.given)), way.given, other, way.plan, way.cost, way.is_smallest)


def _joined(every: Sequence[Given]) -> Given:
    """What gave way in several parts, together."""
    return Given(
        frozenset().union(*(one.outside for one in every)),
        {day: n for one in every for day, n in one.longer.items()},
        {day: n for one in every for day, n in one.more.items()},
        dict(sum((Counter(one.less_rest) for one in every), Counter())),  # each part's comes on top of those before
        frozenset().union(*(one.shorter for one in every)),
        {name: n for one in every for name, n in one.later.items()},
        frozenset().union(*(one.left_out for one in every)),
    )


def _words(problem: Problem, given: Given) -> Iterator[str]:
    goals = {one.id: one.goal for one in problem.sittings}
    its = {one.id: one for one in problem.sittings}
    wanted = Counter(goals.values())
    for goal, n in Counter(goals[name] for name in given.left_out).items():
        yield f"{problem.name(goal)}: {times(wanted[goal] - n)} instead of {times(wanted[goal])}"
    for goal, n in sorted(Counter(goals[name] for name in given.shorter).items()):
        lengths = sorted({(its[name].shortest, its[name].minutes) for name in given.shorter if goals[name] == goal})
        how = ", ".join(f"{short} minutes instead of {full}" for short, full in lengths)
        yield f"{problem.name(goal)}: {how}" + ("" if n == wanted[goal] else f", {times(n)}")
    for goal in sorted({goals[name] for name in given.later}):
        late = [days for name, days in given.later.items() if goals[name] == goal]
        most = count(max(late), "day")
        yield (
            f"{problem.name(goal)}: finished {most} later"
            if len(late) == wanted[goal]
            else (f"{problem.name(goal)}: {times(len(late))} up to {most} later")
        )
    for goal, days in sorted(given.less_rest.items()):
        rest = problem.rules_of(goal).rest
        yield f"{problem.name(goal)}: {count(rest - days, 'free day')} between, instead of {rest}"
    for goal, n in sorted(Counter(goals[name] for name in given.outside).items()):
        yield f"{problem.name(goal)}: {times(n)} outside the hours you gave"
    if given.longer:
        held = problem.days.most_minutes + max(given.longer.values())
        yield f"up to {held} minutes a day instead of {problem.days.most_minutes} ({_on(given.longer)})"
    if given.more:
        held = problem.days.most_sittings + max(given.more.values())
        yield f"up to {held} sittings a day instead of {problem.days.most_sittings} ({_on(given.more)})"


def _on(days: Iterable[date]) -> str:
    return ", ".join(f"{day:%a} {day.day} {day:%b}" for day in sorted(days))
