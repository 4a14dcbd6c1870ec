"""The control: a scheduler as it is usually written. It looks every five minutes, knows one offset from UTC, keeps what it said in memory,
and says whatever fell due in the last hour. The same judgement must find it wanting.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from .lived import Line, Lived
from .made import DAY, GRID, Made

_HOUR = timedelta(hours=1)


def naively(made: Made) -> Lived:
    """A life with that scheduler."""
    lived = Lived(made)

    def tell(kind: str, true: datetime, **more: object) -> None:
        line: Line = {"kind": kind, "true": true.timestamp(), "machine": (true + made.skew(true)).timestamp(), **more}
        lived.read(line)

    zone, offset = "", made.start.astimezone(ZoneInfo(made.home)).utcoffset()
    assert offset is not None
    for week in range(made.days // 7 + 1):
        _plan(lived, made.start + week * 7 * DAY, tell)
    walls = _walls(lived)
    said: set[str] = set()
    true = made.start
    while true < made.end:
        if (here := made.zone(true)) != zone:
            zone = here
            tell("zone", true, id=zone)
        if any(spell.holds(true) for spell, _ in made.off):
            if any(spell.holds(true) and is_new for spell, is_new in made.off):
                said.clear()
        else:
            clock = (true + made.skew(true) + offset).replace(tzinfo=None)
            for day in (clock.date() - DAY, clock.date()):
                for wall, key, about in walls.get(day, ()):
                    if clock - _HOUR < wall <= clock and key not in said:
                        said.add(key)
                        tell("shown", true, key=key, nudge="check_in", about=about, zone=zone)
                        if made.chance("kill", key).random() < made.kill:
                            said.clear()  # the process ended here, and was started again
        true += GRID
    return lived


def _plan(lived: Lived, true: datetime, tell: Callable[..., None]) -> None:
    for aim in lived.made.aims:
        for day in (true.date() + timedelta(days=more) for more in range(1, 8)):
            if day.weekday() in aim.days:
                name = f"s{len(lived.steps) + 1}"
                tell("step", lived.made.start, id=name, aim=aim.id, day=day.isoformat(), at=aim.at, minutes=aim.minutes)


def _walls(lived: Lived) -> dict[date, list[tuple[datetime, str, str]]]:
    """What is due by the clock, by day."""
    found: dict[date, list[tuple[datetime, str, str]]] = {}
    made = lived.made
    for aim in made.aims:
        for day in (made.start.date() + timedelta(days=more) for more in range(made.days + 1)):
            if day.weekday() in aim.asked:
                wall = datetime(day.year, day.month, day.day) + timedelta(minutes=aim.clock)
                found.setdefault(wall.date(), []).append((wall, f"check:{aim.id}:{day}", aim.id))
    for step in lived.steps.values():
        wall = datetime(step.day.year, step.day.month, step.day.day) + timedelta(minutes=step.at + step.minutes)
        found.setdefault(wall.date(), []).append((wall, f"check:{step.id}:{wall.date()}", step.aim))
    return found
