"""What is to be said to a person now, what waits and until when, and what went by: a pure function of what is planned, what was already
said, the clock and their wishes.

A nudge has a key that is the same whenever it is worked out anew (``check:s12:2026-11-22``): the row of its ``Delivery`` is what makes it
happen once, whatever crashes, sleeps or travels in between. What comes at a bad time waits for the end of the quiet hours, or is given
up with a reason; a day has no more nudges than the person wants, the more important first. What went by while this machine slept is
told in one summary.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from .clock import at, today
from .nudging.matters import DAY, LOOK_BACK, Life, Matter, deadlines, matters
from .nudging.nudge import Delivery, Nudge, NudgeKind
from .preferences import Preferences

LATE = timedelta(minutes=20)  # after which something comes late and not on time
_HORIZONS = (timedelta(days=2), timedelta(days=40), timedelta(days=400))
_TOO_MANY = "more than {} a day; it goes into the next briefing"
_QUIET = "its time lay in your quiet hours"
_PASSED = "its time passed while this machine slept, Ownmind was closed, or the clock was changed"
_GONE = "it was answered, planned anew, paused or let go before it could be said"
_DECLINED = "you wanted no more of this until {:%d %B}"


@dataclass(frozen=True, slots=True)
class Held:
    """A nudge that waits, until when and why."""

    nudge: Nudge
    until: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Missed:
    """A nudge that will not come, and why: the next briefing shows it."""

    nudge: Nudge
    reason: str


@dataclass(frozen=True, slots=True)
class Due:
    """What is to be done now. ``lapsed``: steps whose check-in nobody answered in time, for which the plan is to be made anew; ``gone``:
    keys of what was held and is no longer to be said, with why."""

    nudges: tuple[Nudge, ...] = ()
    held: tuple[Held, ...] = ()
    missed: tuple[Missed, ...] = ()
    lapsed: tuple[str, ...] = ()
    gone: tuple[tuple[str, str], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.nudges or self.missed or self.lapsed or self.gone)


def due(life: Life, now: datetime, zone: ZoneInfo, preferences: Preferences, deliveries: Mapping[str, Delivery]) -> Due:
    """What is due at ``now``. Keys in ``deliveries`` are settled and never come again, but for those that are held."""
    if preferences.silent:
        return Due()
    now = now.astimezone(UTC)
    open_ = list(_unsettled(life, now, _end_of_day(now, zone), zone, preferences, deliveries))
    seat = _Seats(open_, now, zone, preferences, deliveries)
    ready: list[Matter] = []
    late: list[Matter] = []
    held: list[Held] = []
    missed: list[Missed] = []
    passed: list[Matter] = []
    for one in (matter for matter in open_ if matter.due <= now):
        comes = _comes(one.due, zone, preferences)
        if until := declined(one.nudge.about, one.due, deliveries):
            missed.append(Missed(one.nudge, _DECLINED.format(until.astimezone(zone))))
        elif comes >= one.until:
            missed.append(Missed(one.nudge, _QUIET))
        elif now >= one.until:
            passed.append(one)
        elif (free := _comes(now, zone, preferences)) > now:
            if free < one.until:
                held.append(Held(one.nudge, free.astimezone(zone), "quiet hours"))
            else:
                missed.append(Missed(one.nudge, _QUIET))
        elif now - comes > LATE:
            late.append(one)
        else:
            ready.append(one)
    nudges = [one for one in ready if one in seat]
    missed += [Missed(one.nudge, _TOO_MANY.format(preferences.nudges_a_day)) for one in ready if one not in seat]
    lapsed = tuple(step for step, end in deadlines(life, now, zone) if end <= now)
    summary, told = _summed(nudges, late, passed, seat, now, zone, deliveries, is_quiet=is_quiet(now, zone, preferences))
    given = sorted([*nudges, *summary], key=lambda one: (one.nudge.rank, one.due))
    still = {one.nudge.key for one in open_}
    gone = tuple((row.key, _GONE) for row in deliveries.values() if row.is_held and row.key not in still)
    return Due(tuple(one.nudge for one in given), tuple(held), (*missed, *told), lapsed, gone)


def next_at(
    life: Life,
    now: datetime,
    zone: ZoneInfo,
    preferences: Preferences,
    deliveries: Mapping[str, Delivery],
    found: Due | None = None,
) -> datetime | None:
    """When there will next be something to do (UTC), or ``now`` when there is; None when nothing is planned within 400 days. ``found``:
    what is due now, where that is known."""
    if preferences.silent:
        return None
    now = now.astimezone(UTC)
    found = due(life, now, zone, preferences, deliveries) if found is None else found
    if found:
        return now
    ends = [one.until.astimezone(UTC) for one in found.held]
    for horizon in _HORIZONS:
        ahead = matters(life, now, now + horizon, zone, preferences, deliveries)
        ends += [one.due for one in ahead if _is_open(one, deliveries)]
        ends += [end for _, end in deadlines(life, now, zone) if now < end <= now + horizon]
        if ends:
            return min(ends)
    return None


def standing(life: Life, now: datetime, zone: ZoneInfo, preferences: Preferences, deliveries: Mapping[str, Delivery]) -> tuple[Nudge, ...]:
    """What was said and still stands: not answered, not declined, its time not over; of what needs no answer, not yet seen. The most
    important first."""
    now = now.astimezone(UTC)
    if preferences.silent:
        return ()
    said = {
        row.key
        for row in deliveries.values()
        if row.begun is not None and row.answered is None and (row.seen is None or row.kind is NudgeKind.CHECK_IN)
    }
    found = [one for one in matters(life, now - LOOK_BACK, now, zone, preferences, deliveries) if one.nudge.key in said]
    found += [
        _catch_up_of(row, sum(other.missed == row.begun for other in deliveries.values()), zone)
        for row in deliveries.values()
        if row.kind is NudgeKind.CATCH_UP and row.key in said
    ]
    found = [one for one in found if now < one.until and not declined(one.nudge.about, now, deliveries)]
    return tuple(one.nudge for one in sorted(found, key=lambda one: (one.nudge.rank, one.due)))


def declined(about: str, moment: datetime, deliveries: Mapping[str, Delivery]) -> datetime | None:
    """Until when the person wants no more of a matter; None when they did not say so."""
    ends = (row.declined_until for row in deliveries.values() if row.declined_until is not None and row.about == about)
    return max((end for end in ends if end.astimezone(UTC) > moment.astimezone(UTC)), default=None)


def is_quiet(moment: datetime, zone: ZoneInfo, preferences: Preferences) -> bool:
    """Whether nothing may be said then: from ``quiet_from`` to ``quiet_to`` on the clock where the person is, also past midnight."""
    start, end = preferences.quiet_from, preferences.quiet_to
    there = moment.astimezone(zone)
    minute = 60 * there.hour + there.minute
    return start <= minute < end if start <= end else minute >= start or minute < end


def _comes(moment: datetime, zone: ZoneInfo, preferences: Preferences) -> datetime:
    """The moment itself, or the end of the quiet hours it lies in (UTC)."""
    if not is_quiet(moment, zone, preferences):
        return moment.astimezone(UTC)
    day = today(moment, zone)
    ends = (at(day + timedelta(days=more), preferences.quiet_to, zone).astimezone(UTC) for more in (0, 1, 2))
    return next(
        (end for end in ends if end > moment.astimezone(UTC) and not is_quiet(end, zone, preferences)), moment.astimezone(UTC) + DAY
    )


def _unsettled(
    life: Life, now: datetime, until: datetime, zone: ZoneInfo, preferences: Preferences, deliveries: Mapping[str, Delivery]
) -> Iterator[Matter]:
    start = max(life.since.astimezone(UTC), now - LOOK_BACK)
    return (one for one in matters(life, start, until, zone, preferences, deliveries) if _is_open(one, deliveries))


def _is_open(one: Matter, deliveries: Mapping[str, Delivery]) -> bool:
    row = deliveries.get(one.nudge.key)
    return row is None or row.is_held


def _end_of_day(now: datetime, zone: ZoneInfo) -> datetime:
    return at(today(now, zone) + timedelta(days=1), 0, zone).astimezone(UTC) - timedelta(microseconds=1)


class _Seats:
    """Which of a day's matters come: the most important of those that still come today, as many as the day has room for."""

    def __init__(
        self, open_: Iterable[Matter], now: datetime, zone: ZoneInfo, preferences: Preferences, deliveries: Mapping[str, Delivery]
    ) -> None:
        day = today(now, zone)
        self.left = max(0, preferences.nudges_a_day - sum(_counts_for(row, day, zone) for row in deliveries.values()))
        wanted = [one for one in open_ if one.until > now and today(_comes(max(one.due, now), zone, preferences), zone) == day]
        wanted = [one for one in wanted if not declined(one.nudge.about, one.due, deliveries)]
        wanted.sort(key=lambda one: (one.nudge.rank, one.due))
        self.keys = {one.nudge.key for one in wanted[: self.left]}

    def __contains__(self, one: Matter) -> bool:
        return one.nudge.key in self.keys


def _counts_for(row: Delivery, day: date, zone: ZoneInfo) -> bool:
    """Whether it was shown on this day, by the calendar it was shown under or by today's: who travels has no more nudges for that."""
    return row.begun is not None and (row.day == day or today(row.begun, zone) == day)


def _summed(
    nudges: list[Matter],
    late: list[Matter],
    passed: list[Matter],
    seat: _Seats,
    now: datetime,
    zone: ZoneInfo,
    deliveries: Mapping[str, Delivery],
    *,
    is_quiet: bool,
) -> tuple[list[Matter], list[Missed]]:
    """What comes of that which is late: itself when it is one thing, else one summary (a briefing that comes now is one)."""
    alone = [one for one in late if one in seat]
    if not passed and len(late) == 1 and alone:
        return alone, []
    gone = [*late, *passed]
    if len(gone) < 2 or is_quiet or any(one.nudge.kind is NudgeKind.BRIEFING for one in nudges):
        return [], [Missed(one.nudge, f"{_PASSED}; it is in the briefing") for one in gone]
    briefing = [one for one in late if one.nudge.kind is NudgeKind.BRIEFING]
    if briefing and briefing[0] in seat:  # today's, which comes late: it is the summary
        return briefing[:1], [Missed(one.nudge, f"{_PASSED}; it is in the briefing") for one in gone if one is not briefing[0]]
    if len(nudges) >= seat.left or declined("catch_up", now, deliveries):
        return [], [Missed(one.nudge, f"{_PASSED}; it is in the next briefing") for one in gone]
    return [_catch_up(gone, now, zone)], [Missed(one.nudge, f"{_PASSED}; it is in the summary") for one in gone]


def _catch_up(gone: list[Matter], now: datetime, zone: ZoneInfo) -> Matter:
    newest = max(one.due for one in gone)
    return _summary(f"catch-up:{newest:%Y-%m-%dT%H:%MZ}", len(gone), now, zone)


def _catch_up_of(row: Delivery, count: int, zone: ZoneInfo) -> Matter:
    """The summary as it was shown: what it tells of was missed at the moment it began."""
    assert row.begun is not None
    return _summary(row.key, count, row.begun, zone)


def _summary(key: str, count: int, now: datetime, zone: ZoneInfo) -> Matter:
    why = "this machine slept, or Ownmind was closed, when they were due"
    stop = "pause the goals you do not need now; silent turns off everything"
    title = f"{count} things went by while you were away"
    return Matter(Nudge(key, NudgeKind.CATCH_UP, now.astimezone(zone), title, why, stop, about="catch_up"), now, now + DAY)


__all__ = ["Delivery", "Due", "Held", "Life", "Missed", "Nudge", "NudgeKind", "declined", "due", "is_quiet", "next_at", "standing"]
