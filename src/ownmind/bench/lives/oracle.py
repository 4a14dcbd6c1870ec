"""What should have happened in a life, derived a second time: the clock is walked forward in steps of five minutes, and whatever clock time
it passes for the first time is due then. Nothing of `goals/due.py` or `goals/clock.py` is used; what was shown is judged by it.
"""

from __future__ import annotations

import bisect
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from ...store.deliveries import Delivery
from .lived import Line, Lived, Planned
from .made import DAY, GRID, Made

_PATIENCE = timedelta(minutes=11)  # two steps of the walk
_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Asked:
    """A check-in that was due: of whom, by its key, and when: true time, the clock time it was for, and what the clock showed."""

    key: str
    aim: str
    step: str
    true: datetime
    wall: datetime
    clock: datetime


@dataclass(slots=True)
class Judged:
    """What came of many lives."""

    due: int = 0
    delivered: int = 0
    unsure: int = 0
    missed: int = 0
    untold: int = 0  # due, and neither delivered nor missed with a reason
    late: int = 0  # delivered late though the machine was on, and nothing stood against it
    shown: int = 0
    breaches: int = 0
    duplicates: int = 0
    crowded: int = 0  # local days with more nudges than wanted
    declined: int = 0  # shown though declined
    while_silent: int = 0
    misses: int = 0
    not_replanned: int = 0
    said: list[str] = field(default_factory=list)

    def add(self, other: Judged) -> None:
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


def judge(lived: Lived, rows: Mapping[str, Delivery]) -> Judged:
    """One life against what should have happened in it."""
    found, walk = Judged(), _Walk(lived)
    shown = [line for line in lived.lines if line["kind"] == "shown"]
    found.shown = len(shown)
    _quietly(lived, shown, found)
    asked = walk.asked()
    first = {str(line["key"]): _moment(line["true"]) for line in reversed(shown)}
    for one in asked:
        _told(one, rows.get(one.key), first.get(one.key), lived, walk, found)
    _replanned(asked, lived, walk, found)
    return found


class _Walk:
    """A life walked through. ``ticks``: true time and the person's clock."""

    def __init__(self, lived: Lived) -> None:
        self.lived, self.made = lived, lived.made
        self.zones = [(_moment(line["true"]), ZoneInfo(str(line["id"]))) for line in lived.lines if line["kind"] == "zone"]
        self.down = [
            (_moment(line["true"]), _moment(line["true"]) + timedelta(seconds=float(str(line["seconds"]))))
            for line in lived.lines
            if line["kind"] == "down"
        ] + [(spell.start, spell.end) for spell, _ in self.made.off]
        self.down.sort()
        self.silent = _between(lived.lines, "silent", "yes", "no")
        self.paused = {aim.id: _between(lived.lines, "paused", aim.id, aim.id, "resumed") for aim in self.made.aims}

    def zone(self, moment: datetime) -> ZoneInfo:
        place = bisect.bisect_right(self.zones, moment, key=lambda one: one[0])
        return self.zones[place - 1][1] if place else ZoneInfo(self.made.home)

    def is_on(self, moment: datetime) -> bool:
        return not any(start <= moment < end for start, end in self.down)

    def first_on(self, moment: datetime) -> datetime:
        """The moment, or when the machine is there next."""
        for start, end in self.down:
            if start <= moment < end:
                moment = end
        return moment

    def first_known(self, moment: datetime) -> datetime:
        """When the machine is there and its clock, which may have been set back meanwhile, has come to what it was at ``moment``."""
        shown, on = moment + self.made.skew(moment), self.first_on(moment)
        for spell, by in self.made.skewed:
            if spell.holds(on) and on + by < shown:
                on = self.first_on(min(spell.end, shown - by))
        return on

    def asked(self) -> list[Asked]:
        """Every check-in that was due, in the order of time."""
        made = self.made
        walls: list[tuple[datetime, str, str, str]] = []
        for one in made.aims:
            days = (day for day in _days(made) if day.weekday() in one.asked)
            walls += [(_wall(day, one.clock), f"check:{one.id}:{day}", one.id, "") for day in days]
        for planned in self.lived.steps.values():
            end = _wall(planned.day, planned.at + planned.minutes)
            walls.append((end, f"check:{planned.id}:{end.date()}", planned.aim, planned.id))
        walls.sort()
        found: list[Asked] = []
        zone, place = self.zone(made.start), 0
        furthest = (made.start + made.skew(made.start)).astimezone(zone).replace(tzinfo=None)
        changes = {moment for moment, _ in self.zones}
        ticks = sorted({*(made.start + GRID * n for n in range(made.days * 288)), *changes})
        for true in ticks:
            if true in changes:
                zone = self.zone(true)
            clock = (true + made.skew(true)).astimezone(zone).replace(tzinfo=None)
            if clock <= furthest:
                continue
            while place < len(walls) and walls[place][0] <= clock:
                wall, key, aim, step = walls[place]
                place += 1
                if wall > furthest and self._holds(aim, step, true):
                    found.append(Asked(key, aim, step, true, wall, clock))
            furthest = clock
        return found

    def _holds(self, aim: str, step: str, moment: datetime) -> bool:
        """Whether the goal is followed and the step open then."""
        if any(start <= moment <= end for start, end in (*self.silent, *self.paused[aim])):
            return False
        one = self.lived.steps.get(step)
        return one is None or (one.created <= moment and (one.closed is None or one.closed > moment)) if step else True


def _told(one: Asked, row: Delivery | None, shown: datetime | None, lived: Lived, walk: _Walk, found: Judged) -> None:
    """Whether what was due was delivered, or missed with a reason; and in time where nothing stood against it."""
    if walk.first_on(one.true) > lived.made.end - 2 * DAY:
        return  # the life is over before anything need be said
    found.due += 1
    if shown is not None:
        found.delivered += 1
        clear = walk.is_on(one.true) and walk.is_on(one.true + _PATIENCE) and not _is_quiet(one.clock, lived.made)
        if clear and shown - one.true > _PATIENCE and one.true not in {moment for moment, _ in walk.zones}:
            found.late += 1
            found.said.append(f"{lived.made.seed}: {one.key} due {one.true} shown {shown}")
    elif row is not None and row.missed is not None and row.reason:
        found.missed += 1
    elif row is not None and row.unsure:
        found.unsure += 1
    else:
        found.untold += 1
        found.said.append(f"{lived.made.seed}: {one.key} due {one.true} ({one.wall}) untold")


def _quietly(lived: Lived, shown: Iterable[Line], found: Judged) -> None:
    """Breaches of quiet hours, limits, declines and silence, and what was shown twice."""
    made, keys = lived.made, Counter[str]()
    days: Counter[tuple[str, date]] = Counter()
    declined = [(str(line["id"]), _moment(line["machine"]), _moment(line["until"])) for line in lived.lines if line["kind"] == "declined"]
    silent = _between(lived.lines, "silent", "yes", "no")
    for line in shown:
        machine, true = _moment(line["machine"]), _moment(line["true"])
        clock = machine.astimezone(ZoneInfo(str(line["zone"]))).replace(tzinfo=None)
        keys[str(line["key"])] += 1
        days["", clock.date()] += 1
        if _is_quiet(clock, made):
            found.breaches += 1
            found.said.append(f"{made.seed}: {line['key']} shown at {clock}")
        if any(about == line["about"] and start < machine < until for about, start, until in declined):
            found.declined += 1
            found.said.append(f"{made.seed}: {line['key']} shown at {clock} though declined")
        found.while_silent += any(start < true < end for start, end in silent)
    found.duplicates += sum(count - 1 for count in keys.values())
    later = {str(line["id"]) for line in lived.lines if line["kind"] == "answered" and line["answer"] == "later"}
    found.duplicates += sum("+" in key and (not key.startswith("check:") or key.split(":")[1] not in later) for key in keys)
    found.crowded += sum(count > made.most for count in days.values())
    found.said += [f"{made.seed}: {count} on {day}, not {made.most}" for (_, day), count in days.items() if count > made.most]


def _replanned(asked: list[Asked], lived: Lived, walk: _Walk, found: Judged) -> None:
    """Every step that nobody spoke of is planned anew by the next check-in of its goal, or as soon as the machine is there after it."""
    by_aim: defaultdict[str, list[datetime]] = defaultdict(list)
    for one in asked:
        by_aim[one.aim].append(one.true)
    anew = {str(line["id"]): _moment(line["true"]) for line in lived.lines if line["kind"] == "replanned"}
    for one in asked:
        step = lived.steps.get(one.step)
        following = next((moment for moment in by_aim[one.aim] if moment > one.true), _NEVER)
        if step is None or following == _NEVER or walk.first_on(following) > lived.made.end - DAY:
            continue
        if step.closed is not None and step.closed <= following and one.step not in anew:
            continue  # answered in time, and done at least in part
        if any(start <= following and one.true <= end for start, end in (*walk.silent, *walk.paused[one.aim])):
            continue  # let be
        found.misses += 1
        by = walk.first_known(following) + _PATIENCE
        if any(one.true < moment <= by for moment, _ in walk.zones):
            by += DAY  # they travelled: the next check-in is at its clock time where they came to
        if anew.get(one.step, _NEVER) > by:
            found.not_replanned += 1
            found.said.append(f"{lived.made.seed}: {one.step} of {one.true}, next {following}, anew {anew.get(one.step)}")


def _between(lines: Iterable[Line], kind: str, first: str, last: str, other: str = "") -> list[tuple[datetime, datetime]]:
    spells: list[tuple[datetime, datetime]] = []
    begun: datetime | None = None
    for line in lines:
        if line["kind"] == kind and line["id"] == first and begun is None:
            begun = _moment(line["true"])
        elif line["kind"] == (other or kind) and line["id"] == last and begun is not None:
            spells.append((begun, _moment(line["true"])))
            begun = None
    return [*spells, (begun, _NEVER)] if begun is not None else spells


def _days(made: Made) -> list[date]:
    return [made.start.date() + timedelta(days=more) for more in range(made.days + 6)]


def _wall(day: date, minutes: int) -> datetime:
    return datetime(day.year, day.month, day.day) + timedelta(minutes=minutes)


def _is_quiet(clock: datetime, made: Made) -> bool:
    start, end = made.quiet
    minute = 60 * clock.hour + clock.minute
    return start <= minute < end if start <= end else not end <= minute < start


def _moment(seconds: object) -> datetime:
    return datetime.fromtimestamp(float(str(seconds)), UTC)


__all__ = ["Judged", "Planned", "judge"]
