"""Following through, with its rows: what is due now, begun and delivered once, seen, answered, declined; and when to look again.

``Follow`` says nothing itself: `agent/heartbeat.py` takes what is due from it, and the page and the terminal what stands.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from ...errors import BadInput
from ...people.book import People
from ...people.person import PromiseState
from ...store import goals as rows
from ...store.opening import Store
from .. import due as due_
from ..clock import today, zone_of
from ..due import Due
from ..goal import State, StepState
from ..living import kept
from ..placing.travel import arrive
from ..preferences import KEY, Preferences, changed, to_json
from ..preferences import kept as kept_preferences
from .matters import LOOK_BACK, Life
from .nudge import Delivery, Nudge

if TYPE_CHECKING:
    from ..book import Goals

_SINCE, _SETTLED, _PLANNED = "follow.since", "follow.settled", "follow.planned"  # of the settings
_OF = {"briefing": "briefing", "review": "review", "review_day": "review"}  # whose time a preference moves
_MARGIN, _OFTEN = timedelta(minutes=1), timedelta(hours=1)
_SILENT = "you wanted silence before it could be said"
_LONGEST_DECLINE = 3650  # days


@dataclass(frozen=True, slots=True)
class _Look:
    """What a look at everything gave: ``at`` is when there is something to do (UTC), None when never; ``of`` what it was a look at: how
    much was written, and the zone. Whatever was due before ``settled`` has its row."""

    of: tuple[int, str]
    at: datetime | None
    settled: datetime


class Follow:
    """The following through of one home. ``clock``: now, aware; ``gather``: the goals, steps, promises and people there are, without
    ``since``. Any thread may use it."""

    def __init__(self, store: Store, clock: Callable[[], datetime], gather: Callable[[ZoneInfo], Life]) -> None:
        self._store, self._clock, self._gather = store, clock, gather
        self._looked: _Look | None = None

    # What the person set

    def preferences(self) -> Preferences:
        return kept_preferences(self._store.settings)

    def set(self, name: str, value: str) -> Preferences:
        """Changes a preference. What would have been due before, by the new one, is not made up for. Raises BadInput."""
        before = self.preferences()
        after = changed(before, name, value)
        now = self._clock()
        waits = self.work() if after.silent and not before.silent else Due()
        with self._store.db.write():
            self._store.deliveries.settle(replace(_row(one), missed=now, reason=_SILENT) for one in _all(waits))
            self._store.settings.set(KEY, to_json(after))
            if name in _OF:
                self._store.settings.set(f"{_SINCE}.{_OF[name]}", str(now.timestamp()))
            if name == "zone":
                arrive(self._store, zone_of(after), now)
            if before.silent and not after.silent:
                self._store.settings.set(_SINCE, str(now.timestamp()))
        return after

    # What is due

    def begin(self) -> None:
        """From now on things are due, unless they already were: call it once at the start."""
        if not self._store.settings.get(_SINCE):
            self._store.settings.set(_SINCE, str(self._clock().timestamp()))

    def work(self) -> Due:
        """What is to be done now, where the person is."""
        now = self._clock()
        preferences = self.preferences()
        zone = zone_of(preferences)
        arrive(self._store, zone, now)
        life = self._recent(now, zone)
        return due_.due(life, now, zone, preferences, self._rows(min(life.since, now)))

    def take(self, found: Due) -> tuple[Nudge, ...]:
        """Writes the rows of what is due, and gives the nudges that are to be shown now: those nobody began before."""
        now = self._clock()
        day = today(now, zone_of(self.preferences()))
        rows = [replace(_row(one), begun=now, day=day) for one in found.nudges]
        rows += [replace(_row(one.nudge), missed=now, reason=one.reason) for one in found.missed]
        rows += [replace(_row(one.nudge), reason=one.reason) for one in found.held]
        with self._store.db.write():
            self._store.deliveries.gone(found.gone, now)
            new = self._store.deliveries.settle(rows)
        return tuple(one for one in found.nudges if one.key in new)

    def delivered(self, key: str, channel: str) -> Delivery:
        return self._store.deliveries.delivered(key, channel, self._clock())

    def lapse(self, steps: tuple[str, ...]) -> None:
        """Writes that nobody said how these steps went."""
        self._store.deliveries.lapse(steps, self._clock())

    def is_to_plan(self) -> bool:
        """Whether steps of the next days have no place yet and nobody tried to give them one today."""
        now = self._clock()
        zone = zone_of(self.preferences())
        day = today(now, zone).isoformat()
        if self._store.settings.get(_PLANNED) == day:
            return False
        soon = now + timedelta(days=7)
        unplaced = any(one.start is None and one.state is StepState.OPEN and one.earliest < soon for one in self._gather(zone).steps)
        self._store.settings.set(_PLANNED, day)
        return unplaced

    def is_due(self) -> bool:
        """Whether it is worth a look: something is due by the last one, or something was written since, or the zone is another. Cheap."""
        looked = self._looked
        return looked is None or looked.of != self._state() or (looked.at is not None and looked.at <= self._clock().astimezone(UTC))

    def next_at(self) -> datetime | None:
        """When there was to be something to do, by the last look; None when never, or nobody looked."""
        return None if self._looked is None else self._looked.at

    def look(self) -> datetime | None:
        """When there is something to do (UTC): now when there is already, None when nothing is planned."""
        of, now = self._state(), self._clock()
        preferences = self.preferences()
        zone = zone_of(preferences)
        life = self._recent(now, zone)
        rows = self._rows(min(life.since, now))
        found = due_.due(life, now, zone, preferences, rows)
        moment = due_.next_at(life, now, zone, preferences, rows, found)
        settled = life.since if found else min((one.nudge.due.astimezone(UTC) for one in found.held), default=now.astimezone(UTC))
        if settled - self._settled(zone) > _OFTEN:
            self._store.settings.set(_SETTLED, f"{settled.timestamp()} {zone.key}")
            of = (of[0] + 1, of[1])  # this very write
        self._looked = _Look(of, moment, settled)
        return moment

    def _state(self) -> tuple[int, str]:
        return self._store.db.changes(), zone_of(self.preferences()).key

    # What stands

    def standing(self, now: datetime | None = None) -> tuple[Nudge, ...]:
        """What was said and still stands, and what is due at this moment, the most important first."""
        moment = now or self._clock()
        preferences = self.preferences()
        zone = zone_of(preferences)
        life, rows = self._life(moment, zone), self._rows(moment - LOOK_BACK)
        said = due_.standing(life, moment, zone, preferences, rows)
        return tuple(sorted((*said, *due_.due(life, moment, zone, preferences, rows).nudges), key=lambda one: (one.rank, one.due)))

    def seen(self, key: str) -> Delivery:
        """Raises NotFound."""
        return self._store.deliveries.seen(key, self._clock())

    def decline(self, key: str, days: int) -> Delivery:
        """Keeps the matter of this one quiet for so many days. Raises NotFound, BadInput."""
        if not 1 <= days <= _LONGEST_DECLINE:
            raise BadInput(f"{days} days are no time", hint=f"give 1 to {_LONGEST_DECLINE}")
        now = self._clock()
        return self._store.deliveries.decline(key, now + timedelta(days=days), now)

    def receipts(self, days: int) -> tuple[Delivery, ...]:
        """What was due in the last so many days and what became of it, the latest first."""
        start = self._clock() - timedelta(days=min(max(days, 0), _LONGEST_DECLINE))
        return tuple(row for row in reversed(self._store.deliveries.since(start).values()) if row.due >= start)

    def _rows(self, start: datetime) -> dict[str, Delivery]:
        """The receipts of what is due after ``start``, and of the days around it: who travels has long days."""
        return self._store.deliveries.since(max(start, self._clock() - LOOK_BACK) - timedelta(days=3))

    def _life(self, now: datetime, zone: ZoneInfo) -> Life:
        life = self._gather(zone)
        since = self._moment(_SINCE, now)
        own = {name: self._moment(f"{_SINCE}.{name}", since) for name in ("briefing", "review")}
        return replace(life, since=max(since, life.since), of={**life.of, **own})

    def _recent(self, now: datetime, zone: ZoneInfo) -> Life:
        """The same without what an earlier look found settled; in another zone everything is looked at again: a clock time is another
        moment there."""
        life, looked = self._life(now, zone), self._looked
        settled = looked.settled if looked is not None and looked.of[1] == zone.key else self._settled(zone)
        return replace(life, since=max(life.since, min(settled, now.astimezone(UTC)) - _MARGIN))

    def _settled(self, zone: ZoneInfo) -> datetime:
        """The same as earlier processes left it, for this zone."""
        seconds, _, name = self._store.settings.get(_SETTLED).partition(" ")
        return datetime.fromtimestamp(float(seconds), UTC) if name == zone.key else datetime.fromtimestamp(60.0, UTC)

    def _moment(self, name: str, default: datetime) -> datetime:
        seconds = self._store.settings.get(name)
        return datetime.fromtimestamp(float(seconds), UTC) if seconds else default


def gathering(store: Store, people: People, goals: Callable[[], Goals], clock: Callable[[], datetime]) -> Callable[[ZoneInfo], Life]:
    """What `Follow` gathers: active goals with the steps of the last weeks and those that come, open promises, birthdays, who waits."""

    def gather(zone: ZoneInfo) -> Life:
        active = goals().all((State.ACTIVE,))
        with store.db.read() as cx:
            since = clock() - LOOK_BACK
            steps = kept.steps(cx, zone, [goal.id for goal in active], since=since) if active else ()
            turned = {rows.name(goal): datetime.fromtimestamp(at, UTC) for goal, at in rows.turned(cx).items()}
        known = tuple(one for one in people.all() if one.birthday is not None)
        of = {goal.id: turned.get(goal.id, goal.created_at) for goal in active}
        promises = people.promises((PromiseState.OPEN,))
        return Life(datetime.fromtimestamp(0, UTC), zone, active, steps, of, promises, known, people.waiting())

    return gather


def _all(found: Due) -> tuple[Nudge, ...]:
    return (*found.nudges, *(one.nudge for one in found.held), *(one.nudge for one in found.missed))


def _row(nudge: Nudge) -> Delivery:
    return Delivery(nudge.key, nudge.kind, nudge.subject, nudge.about, nudge.due)


__all__ = ["Follow", "gathering"]
