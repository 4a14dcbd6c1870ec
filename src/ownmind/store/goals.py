"""Goals, their parts, steps and evidence, as rows.

Functions take a connection from ``Database.read`` or ``Database.write``. Moments are unix seconds; ids are integers here, and g3 (a goal)
or s12 (a step) where they leave (`name`, `number`). What a person said is not copied: evidence and a step's note are their item's text.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import apsw

from ..errors import NotFound
from .items import LONGEST_ID, item_id, whole


class GoalRow(NamedTuple):
    id: int
    item_id: int
    title: str
    template: str
    state: str
    created_at: float
    ended_at: float | None
    unfolded: str


class ChipRow(NamedTuple):
    goal_id: int
    slot: str
    value: str
    how: str
    item_id: int | None = None
    span_start: int | None = None
    span_end: int | None = None


class StepRow(NamedTuple):
    """``note``: the text of the item; it is read, never written."""

    id: int
    goal_id: int
    key: str
    title: str
    minutes: int
    shortest: int
    position: int
    earliest: float
    latest: float
    amount: float | None
    milestone: str
    state: str
    start: float | None
    until: float | None
    done_at: float | None
    pinned: int
    item_id: int | None
    note: str = ""


class EvidenceRow(NamedTuple):
    id: int
    goal_id: int
    step_id: int | None
    item_id: int
    at: float
    kind: str
    answer: str
    value: float | None
    words: str  # the item's text


class ChangeRow(NamedTuple):
    id: int
    goal_id: int
    at: float
    what: str
    before: str


_GOAL = "id, item_id, title, template, state, created_at, ended_at, unfolded"
_CHIP = "goal_id, slot, value, how, item_id, span_start, span_end"
_STEP = """id, goal_id, key, title, minutes, shortest, position, earliest, latest, amount, milestone, state, start, until, done_at, pinned,
    item_id"""
_WITH_NOTE = ", ".join(f"s.{column.strip()}" for column in _STEP.split(",")) + ", coalesce(i.text, '')"
_WRITTEN = tuple(column.strip() for column in _STEP.split(",")[1:])


def name(row: int, kind: str = "g") -> str:
    return f"{kind}{row}"


def number(told: str, kind: str = "g") -> int:
    """The row an id such as g3 or s12 names. Raises NotFound."""
    if told[:1] == kind and told[1:].isdecimal() and len(told) < LONGEST_ID:
        return int(told[1:])
    what, example = ("goal", "g3") if kind == "g" else ("step", "s12")
    raise NotFound(f"{told[:LONGEST_ID]!r} is no id of a {what}", hint=f"`ownmind goals` lists them; their ids look like {example}")


# Goals and their parts


def add(cx: apsw.Connection, item: int, title: str, template: str, state: str, now: datetime) -> int:
    cx.execute(
        "INSERT INTO goals(item_id, title, template, state, created_at) VALUES (?, ?, ?, ?, ?)",
        (item, title, template, state, now.timestamp()),
    )
    row = cx.last_insert_rowid()
    lean(cx, row, [item])
    return row


def next_id(cx: apsw.Connection) -> int:
    """The id the next goal will have."""
    return whole(cx.execute("SELECT seq FROM sqlite_sequence WHERE name = 'goals'").get) + 1


def lean(cx: apsw.Connection, goal: int, items: Iterable[int]) -> None:
    """Writes that these items stand behind the goal."""
    cx.executemany("INSERT OR IGNORE INTO goal_items(goal_id, item_id) VALUES (?, ?)", [(goal, item) for item in items])


def get(cx: apsw.Connection, goal: int) -> GoalRow:
    """Raises NotFound."""
    for row in cx.execute(f"SELECT {_GOAL} FROM goals WHERE id = ?", (goal,)):  # noqa: S608  # a constant of ours
        return GoalRow(*row)
    raise NotFound(f"there is no goal g{goal}", hint="`ownmind goals` lists them")


def listed(cx: apsw.Connection, states: Sequence[str] = ()) -> list[GoalRow]:
    """In order of being said; of some states alone, when given."""
    sql = f"SELECT {_GOAL} FROM goals WHERE ?1 = '[]' OR state IN (SELECT value FROM json_each(?1)) ORDER BY id"  # noqa: S608  # a constant
    return [GoalRow(*row) for row in cx.execute(sql, (json.dumps([*states]),))]


def write(cx: apsw.Connection, goal: GoalRow) -> None:
    """Writes a goal's own row anew."""
    cx.execute(
        "UPDATE goals SET item_id = ?, title = ?, template = ?, state = ?, ended_at = ?, unfolded = ? WHERE id = ?",
        (goal.item_id, goal.title, goal.template, goal.state, goal.ended_at, goal.unfolded, goal.id),
    )


def chips(cx: apsw.Connection, goals: Iterable[int]) -> dict[int, list[ChipRow]]:
    """The parts of these goals, in the order they were written."""
    found: dict[int, list[ChipRow]] = {}
    sql = f"SELECT {_CHIP} FROM goal_chips WHERE goal_id IN (SELECT value FROM json_each(?)) ORDER BY goal_id, rowid"  # noqa: S608  # a constant
    for row in cx.execute(sql, (json.dumps([*goals]),)):
        chip = ChipRow(*row)
        found.setdefault(chip.goal_id, []).append(chip)
    return found


def put(cx: apsw.Connection, chip: ChipRow) -> None:
    """Writes a part in place of what was there."""
    cx.execute(
        """INSERT INTO goal_chips(goal_id, slot, value, how, item_id, span_start, span_end) VALUES (?, ?, ?, ?, ?, ?, ?)
           ON CONFLICT(goal_id, slot) DO UPDATE SET value = excluded.value, how = excluded.how, item_id = excluded.item_id,
               span_start = excluded.span_start, span_end = excluded.span_end""",
        chip,
    )
    if chip.item_id is not None:
        lean(cx, chip.goal_id, [chip.item_id])


def take_away(cx: apsw.Connection, goal: int, slot: str) -> None:
    cx.execute("DELETE FROM goal_chips WHERE goal_id = ? AND slot = ?", (goal, slot))


# Steps


def steps(cx: apsw.Connection, goals: Sequence[int] | None = None, *, since: float | None = None) -> list[StepRow]:
    """Steps in their order, of all goals or of these; ``since``: without those whose last moment lies before."""
    sql = f"""SELECT {_WITH_NOTE} FROM goal_steps s LEFT JOIN items i ON i.id = s.item_id
              WHERE (?1 IS NULL OR s.goal_id IN (SELECT value FROM json_each(?1))) AND (?2 IS NULL OR s.latest >= ?2 OR s.start >= ?2)
              ORDER BY s.goal_id, s.position, s.id"""  # noqa: S608  # constants of ours
    return [StepRow(*row) for row in cx.execute(sql, (None if goals is None else json.dumps([*goals]), since))]


def step(cx: apsw.Connection, row: int) -> StepRow:
    """Raises NotFound."""
    sql = f"SELECT {_WITH_NOTE} FROM goal_steps s LEFT JOIN items i ON i.id = s.item_id WHERE s.id = ?"  # noqa: S608  # constants of ours
    for found in cx.execute(sql, (row,)):
        return StepRow(*found)
    raise NotFound(f"there is no step s{row}", hint="`ownmind goals next` shows today's steps with their ids")


def add_steps(cx: apsw.Connection, rows: Iterable[StepRow]) -> None:
    marks = ", ".join("?" * len(_WRITTEN))
    cx.executemany(
        f"INSERT INTO goal_steps({', '.join(_WRITTEN)}) VALUES ({marks})",  # noqa: S608  # constants of ours
        [tuple(row[1:-1]) for row in rows],
    )


def write_steps(cx: apsw.Connection, rows: Iterable[StepRow]) -> None:
    """Writes these steps anew, by their ids. What was said of one stays where the row names no item."""
    sets = ", ".join(f"{column} = ?" if column != "item_id" else "item_id = coalesce(?, item_id)" for column in _WRITTEN)
    cx.executemany(f"UPDATE goal_steps SET {sets} WHERE id = ?", [(*row[1:-1], row.id) for row in rows])  # noqa: S608  # constants of ours


def remove_steps(cx: apsw.Connection, rows: Iterable[int]) -> None:
    cx.execute("DELETE FROM goal_steps WHERE id IN (SELECT value FROM json_each(?))", (json.dumps([*rows]),))


# Evidence


def add_evidence(
    cx: apsw.Connection, goal: int, step: int | None, item: int, at: datetime, kind: str, answer: str, value: float | None
) -> int:
    cx.execute(
        "INSERT INTO goal_evidence(goal_id, step_id, item_id, at, kind, answer, value) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (goal, step, item, at.timestamp(), kind, answer, value),
    )
    row = cx.last_insert_rowid()
    lean(cx, goal, [item])
    return row


def evidence(cx: apsw.Connection, goals: Sequence[int] | None = None) -> list[EvidenceRow]:
    """What was said of goals, in order of time."""
    rows = cx.execute(
        """SELECT e.id, e.goal_id, e.step_id, e.item_id, e.at, e.kind, e.answer, e.value, i.text
           FROM goal_evidence e JOIN items i ON i.id = e.item_id
           WHERE ?1 IS NULL OR e.goal_id IN (SELECT value FROM json_each(?1)) ORDER BY e.at, e.id""",
        (None if goals is None else json.dumps([*goals]),),
    )
    return [EvidenceRow(*row) for row in rows]


# Taking back

_KEPT = 100  # changes of all goals that can be taken back


def note_changes(cx: apsw.Connection, goals: Iterable[int], what: str, now: datetime) -> None:
    """Keeps these goals as they are now, before ``what`` is done with them in one act."""
    act = whole(cx.execute("SELECT seq FROM sqlite_sequence WHERE name = 'goal_changes'").get) + 1
    for goal in goals:
        before = {
            "goal": get(cx, goal),
            "chips": chips(cx, [goal]).get(goal, []),
            "steps": [one[:-1] for one in steps(cx, [goal])],
            "evidence": whole(cx.execute("SELECT max(id) FROM goal_evidence WHERE goal_id = ?", (goal,)).get),
        }
        cx.execute(
            "INSERT INTO goal_changes(goal_id, act, at, what, before) VALUES (?, ?, ?, ?, ?)",
            (goal, act, now.timestamp(), what, json.dumps(before, ensure_ascii=False)),
        )
    cx.execute("DELETE FROM goal_changes WHERE id <= (SELECT max(id) FROM goal_changes) - ?", (_KEPT,))


def turned(cx: apsw.Connection) -> dict[int, float]:
    """When each goal last became active or was changed, as far as that can still be taken back: rows of goals and Unix seconds."""
    sql = "SELECT goal_id, max(at) FROM goal_changes WHERE what IN ('confirmed', 'resumed', 'changed') GROUP BY goal_id"
    return {int(str(goal)): float(str(at)) for goal, at in cx.execute(sql)}


def last_changes(cx: apsw.Connection) -> list[ChangeRow]:
    """What the last act changed, of one goal or of several."""
    rows = cx.execute(
        "SELECT id, goal_id, at, what, before FROM goal_changes WHERE act = (SELECT max(act) FROM goal_changes) ORDER BY id DESC"
    )
    return [ChangeRow(*row) for row in rows]


def restore(cx: apsw.Connection, change: ChangeRow) -> None:
    """Brings the goal back to what it was before the change. Evidence given since goes; the words themselves stay remembered."""
    held: Mapping[str, list[list[object]]] = json.loads(change.before)
    there = {whole(row) for (row,) in cx.execute("SELECT item_id FROM goal_items WHERE goal_id = ?", (change.goal_id,))}
    write(cx, GoalRow(*held["goal"]))  # type: ignore[arg-type]  # as `note_change` wrote it
    cx.execute("DELETE FROM goal_chips WHERE goal_id = ?", (change.goal_id,))
    for one in held["chips"]:
        chip = ChipRow(*one)  # type: ignore[arg-type]
        if chip.item_id is None or chip.item_id in there:
            put(cx, chip)
    cx.execute("DELETE FROM goal_evidence WHERE goal_id = ? AND id > ?", (change.goal_id, held["evidence"]))
    before = [StepRow(*one) for one in held["steps"]]  # type: ignore[arg-type]
    now = {one.id for one in steps(cx, [change.goal_id])}
    remove_steps(cx, now - {one.id for one in before})
    cx.execute("UPDATE goal_steps SET item_id = NULL WHERE goal_id = ?", (change.goal_id,))
    write_steps(cx, [one for one in before if one.id in now])
    gone = [one for one in before if one.id not in now]
    add_steps(cx, gone)  # under new ids: an old one is never used again
    cx.execute("DELETE FROM goal_changes WHERE id = ?", (change.id,))


def drop_change(cx: apsw.Connection, change: int) -> None:
    cx.execute("DELETE FROM goal_changes WHERE id = ?", (change,))


# Brought back from an export


def bring(cx: apsw.Connection, goal: GoalRow) -> int:
    """Writes a goal under its own id, or under a new one where that is taken; gives it."""
    taken = cx.execute("SELECT 1 FROM goals WHERE id = ?", (goal.id,)).get is not None
    cx.execute(
        "INSERT INTO goals(id, item_id, title, template, state, created_at, ended_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (None if taken or not goal.id else goal.id, *goal[1:7]),
    )
    row = cx.last_insert_rowid()
    lean(cx, row, [goal.item_id])
    return row


def bring_step(cx: apsw.Connection, step: StepRow) -> int:
    """Likewise a step."""
    taken = cx.execute("SELECT 1 FROM goal_steps WHERE id = ?", (step.id,)).get is not None
    marks = ", ".join("?" * (len(_WRITTEN) + 1))
    cx.execute(
        f"INSERT INTO goal_steps({_STEP}) VALUES ({marks})",  # noqa: S608  # constants of ours
        (None if taken or not step.id else step.id, *step[1:-1]),
    )
    return cx.last_insert_rowid()


def hang_note(cx: apsw.Connection, step: int, item: int) -> None:
    """Says that this item is what was said of the step."""
    cx.execute("UPDATE goal_steps SET item_id = ? WHERE id = ?", (item, step))


def items_of_export(cx: apsw.Connection) -> dict[str, int]:
    """The items that came from an ``items.jsonl``: their ids there to their rows here, the latest of each."""
    found = cx.execute(
        """SELECT i.external_id, i.id FROM items i JOIN sources s ON s.id = i.source_id
           WHERE (s.ref = 'transcript:items.jsonl' OR substr(s.ref, 1, 23) = 'transcript:items.jsonl~') AND i.external_id <> ''
           ORDER BY i.id"""
    )
    return {str(external).rpartition("\x1f")[2]: whole(row) for external, row in found}


# Forgetting


def resting_on(cx: apsw.Connection, rows: Iterable[int]) -> list[int]:
    """The goals that go when these items do."""
    found = cx.execute("SELECT id FROM goals WHERE item_id IN (SELECT value FROM json_each(?)) ORDER BY id", (json.dumps([*rows]),))
    return [whole(row) for (row,) in found]


def items_behind(cx: apsw.Connection, goal: int) -> list[str]:
    """Every item that ever stood behind the goal."""
    return [item_id(whole(row)) for (row,) in cx.execute("SELECT item_id FROM goal_items WHERE goal_id = ? ORDER BY item_id", (goal,))]
