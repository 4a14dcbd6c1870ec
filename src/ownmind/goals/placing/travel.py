"""Who travels takes their plan along: a step planned for 18:00 is at 18:00 where they are. Appointments stay at their moments."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from ...errors import BadInput
from ...store import goals as rows
from ...store.opening import Store
from ..clock import same_clock, zone_named
from ..goal import StepState

_PLANNED = "goals.zone"  # of the settings: by which clock the open steps stand where they do


def arrive(store: Store, zone: ZoneInfo, now: datetime) -> int:
    """Brings the open steps that are still to come to the same clock times in ``zone``, once; gives how many moved."""
    before = store.settings.get(_PLANNED)
    if before == zone.key:
        return 0
    with store.db.write() as cx:
        store.settings.set(_PLANNED, zone.key)
        try:
            planned = zone_named(before)
        except BadInput:
            return 0  # the first time, or the zone's name is no longer known
        coming = [row for row in rows.steps(cx) if row.state == StepState.OPEN.value and row.latest > now.timestamp()]
        rows.write_steps(cx, [_moved(row, planned, zone) for row in coming])
        return len(coming)


def _moved(row: rows.StepRow, planned: ZoneInfo, zone: ZoneInfo) -> rows.StepRow:
    def there(seconds: float | None) -> float | None:
        return None if seconds is None else same_clock(datetime.fromtimestamp(seconds, UTC), planned, zone).timestamp()

    earliest, latest = there(row.earliest), there(row.latest)
    assert earliest is not None and latest is not None
    start = there(row.start)
    until = None if start is None or row.start is None or row.until is None else start + row.until - row.start
    return row._replace(earliest=earliest, latest=latest, start=start, until=until)
