"""Goals, steps and evidence as values, read from the store. Moments are given in the zone of whoever asks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import apsw

from ...messages import Span
from ...store import goals as rows
from ...store.items import item_id, row_id
from ..goal import Chip, Evidence, Goal, How, State, Step, StepState
from ..slots import filled

_FORGOTTEN = "A step"  # whose words were forgotten


def goals(cx: apsw.Connection, zone: ZoneInfo, states: Sequence[State] = ()) -> tuple[Goal, ...]:
    """Every goal, or those of some states, in the order they were said."""
    found = rows.listed(cx, [state.value for state in states])
    parts = rows.chips(cx, [row.id for row in found])
    return tuple(_goal(row, parts.get(row.id, []), zone) for row in found)


def goal(cx: apsw.Connection, told: str, zone: ZoneInfo) -> Goal:
    """The goal of this id. Raises NotFound."""
    row = rows.get(cx, rows.number(told))
    return _goal(row, rows.chips(cx, [row.id]).get(row.id, []), zone)


def left_open(cx: apsw.Connection, told: str) -> frozenset[str]:
    """The slots the person was asked about and left open."""
    row = rows.number(told)
    return frozenset(chip.slot for chip in rows.chips(cx, [row]).get(row, []) if not chip.value)


def steps(cx: apsw.Connection, zone: ZoneInfo, of: Iterable[str] | None = None, *, since: datetime | None = None) -> tuple[Step, ...]:
    """Steps in their order: of all goals, or of these; ``since``: without those whose time was over before."""
    wanted = None if of is None else [rows.number(told) for told in of]
    return tuple(_step(row, zone) for row in rows.steps(cx, wanted, since=None if since is None else since.timestamp()))


def step(cx: apsw.Connection, told: str, zone: ZoneInfo) -> Step:
    """The step of this id. Raises NotFound."""
    return _step(rows.step(cx, rows.number(told, "s")), zone)


def evidence(cx: apsw.Connection, zone: ZoneInfo, of: Iterable[str] | None = None) -> tuple[Evidence, ...]:
    """What was said of goals at check-ins, in order of time."""
    wanted = None if of is None else [rows.number(told) for told in of]
    return tuple(_evidence(row, zone) for row in rows.evidence(cx, wanted))


def row_of(one: Step, *, note: str = "") -> rows.StepRow:
    """A step as its row; ``note``: the item that says what the person said of it."""
    number = rows.number(one.id, "s") if one.id else 0
    return rows.StepRow(
        number, rows.number(one.goal), one.key, one.title, one.minutes, one.shortest, one.position, one.earliest.timestamp(),
        one.latest.timestamp(), one.amount, one.milestone, one.state.value, _seconds(one.start), _seconds(one.end), _seconds(one.done_at),
        int(one.pinned), row_id(note) if note else None,
    )  # fmt: skip


def chip_row(told: str, chip: Chip) -> rows.ChipRow:
    item = row_id(chip.item_id) if chip.item_id else None
    span = chip.span
    return rows.ChipRow(
        rows.number(told), chip.slot, chip.value, chip.how.value, item, span.start if span else None, span.end if span else None
    )


def _goal(row: rows.GoalRow, parts: Sequence[rows.ChipRow], zone: ZoneInfo) -> Goal:
    chips = [_chip(part) for part in parts]
    bare = Goal(rows.name(row.id), row.title, row.template, State(row.state), _moment(row.created_at, zone), item_id(row.item_id))
    return filled(bare, chips)


def _chip(part: rows.ChipRow) -> Chip:
    span = None if part.span_start is None or part.span_end is None else Span(part.span_start, part.span_end)
    return Chip(part.slot, part.value, How(part.how), "" if part.item_id is None else item_id(part.item_id), span)


def _step(row: rows.StepRow, zone: ZoneInfo) -> Step:
    start, end, done = (None if at is None else _moment(at, zone) for at in (row.start, row.until, row.done_at))
    return Step(
        rows.name(row.id, "s"), rows.name(row.goal_id), row.title or _FORGOTTEN, row.minutes, row.position, _moment(row.earliest, zone),
        _moment(row.latest, zone), row.shortest, row.amount, row.milestone, StepState(row.state), start, end, done, row.note,
        bool(row.pinned), row.key,
    )  # fmt: skip


def _evidence(row: rows.EvidenceRow, zone: ZoneInfo) -> Evidence:
    step = "" if row.step_id is None else rows.name(row.step_id, "s")
    return Evidence(rows.name(row.goal_id), _moment(row.at, zone), row.kind, item_id(row.item_id), row.words, row.value, step)


def _moment(seconds: float, zone: ZoneInfo) -> datetime:
    return datetime.fromtimestamp(seconds, zone)


def _seconds(at: datetime | None) -> float | None:
    return None if at is None else at.timestamp()
