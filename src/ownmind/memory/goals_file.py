"""Goals in an export: one JSON object a line for programs, a page for people, and the lines read back.

A line names the items its words stand in by the ids they have in ``items.jsonl`` beside it; read back, it hangs on what those became.
What is read is a file: every field is checked, a bad line is reported by its number and the rest is read.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import apsw

from ..errors import BadInput
from ..messages import Skipped
from ..store import goals as rows
from ..store.items import item_id

NAME = "goals.jsonl"
_STATES = frozenset({"draft", "active", "paused", "reached", "dropped"})
_DECIDED = frozenset({"open", "done", "half", "missed", "skipped"})
_HOW = frozenset({"said", "answered", "changed", "assumed"})
_LONGEST = 4_000  # characters of a field
_MOST = 20_000  # steps or pieces of evidence of one goal


def lines(cx: apsw.Connection) -> Iterator[dict[str, object]]:
    """Every goal with its parts, steps and evidence."""
    for goal in rows.listed(cx):
        yield {
            "id": rows.name(goal.id),
            "title": goal.title,
            "template": goal.template,
            "state": goal.state,
            "created_at": _iso(goal.created_at),
            "ended_at": _iso(goal.ended_at),
            "item": item_id(goal.item_id),
            "parts": [_part(chip) for chip in rows.chips(cx, [goal.id]).get(goal.id, [])],
            "steps": [_step(step) for step in rows.steps(cx, [goal.id])],
            "evidence": [_evidence(one) for one in rows.evidence(cx, [goal.id])],
        }


def page(told: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """The same for people, from the lines."""
    yield "# Goals\n"
    for goal in told:
        yield f"\n## {_one_line(goal['title'])} ({goal['id']}, {goal['state']})\n\nSince {goal['created_at']}, from {goal['item']}.\n\n"
        for part in goal["parts"]:
            if part["value"]:
                yield f"- {part['slot']}: {_one_line(part['value'])} ({part['how']}{', ' + part['item'] if part['item'] else ''})\n"
        for heading, decided in (("Done", ("done", "half")), ("Open", ("open",)), ("Not done", ("missed", "skipped"))):
            found = [step for step in goal["steps"] if step["state"] in decided]
            yield f"\n### {heading}\n\n" if found else ""
            for step in found:
                at = step["done_at"] or step["start"] or step["latest"]
                note = f": {_one_line(step['note'])}" if step["note"] else ""
                yield f"- {_one_line(step['title'])} ({step['state']}, {at}, {step['id']}){note}\n"
        if goal["evidence"]:
            yield "\n### What was said\n\n"
        for one in goal["evidence"]:
            value = "" if one["value"] is None else f" ({one['value']:g})"
            yield f"- {one['at']}{value} ({one['item']})\n  > {_one_line(one['words'])}\n"


def read(cx: apsw.Connection, text: Iterable[str], items: Mapping[str, int], name: str) -> tuple[int, int, list[Skipped]]:
    """Writes the goals of these lines that are not there yet, on ``items`` (the ids of the export's items to rows); gives how many were
    new, how many known, and what could not be read. Raises BadInput when no line is a goal."""
    new = known = 0
    skipped: list[Skipped] = []
    for number, line in enumerate(text, 1):
        if not line.strip():
            continue
        try:
            with cx:  # a savepoint: half of a goal is never written
                is_new = _bring(cx, json.loads(line), items)
            new, known = new + is_new, known + (not is_new)
        except BadInput as error:
            skipped.append(Skipped(f"{name} line {number}", error.message))
        except (ValueError, RecursionError):
            skipped.append(Skipped(f"{name} line {number}", "not JSON that can be read"))
    if not new and not known and skipped:
        raise BadInput(f"no goals are in it ({skipped[0].reason})")
    return new, known, skipped


def _bring(cx: apsw.Connection, told: object, items: Mapping[str, int]) -> bool:
    fields = _object(told)
    statement = _item(fields, "item", items)
    if statement is None:
        raise BadInput("the words it was said with are not here; import items.jsonl of the same export with it")
    created = _seconds(fields, "created_at")
    title, state = _text(fields, "title"), _text(fields, "state")
    if created is None or not title or state not in _STATES:
        raise BadInput("without a title, a state or its time")
    if any(one.title == title and abs(one.created_at - created) < 1 for one in rows.listed(cx)):
        return False
    wanted, template, ended = _number(fields, "id", "g"), _text(fields, "template"), _seconds(fields, "ended_at")
    goal = rows.bring(cx, rows.GoalRow(wanted, statement, title, template, state, created, ended, ""))
    for part in _list(fields, "parts"):
        rows.put(cx, _chip(_object(part), goal, items))
    steps: dict[str, int] = {}
    for step in _list(fields, "steps"):
        row = _step_row(_object(step), goal)
        steps[_text(_object(step), "id")] = rows.bring_step(cx, row)
    for one in _list(fields, "evidence"):
        said = _object(one)
        item, at = _item(said, "item", items), _seconds(said, "at")
        if item is None or at is None:
            continue  # its words were forgotten before the export was read back
        step_of = steps.get(_text(said, "step"))
        when = datetime.fromtimestamp(at, UTC)
        rows.add_evidence(cx, goal, step_of, item, when, _text(said, "kind") or "said", _text(said, "answer"), _amount(said, "value"))
        if step_of is not None:
            rows.hang_note(cx, step_of, item)
    return True


def _part(chip: rows.ChipRow) -> dict[str, object]:
    span = None if chip.span_start is None else [chip.span_start, chip.span_end]
    item = None if chip.item_id is None else item_id(chip.item_id)
    return {"slot": chip.slot, "value": chip.value, "how": chip.how, "item": item, "span": span}


def _step(step: rows.StepRow) -> dict[str, object]:
    return {
        "id": rows.name(step.id, "s"), "key": step.key, "title": step.title, "minutes": step.minutes, "shortest": step.shortest,
        "position": step.position, "earliest": _iso(step.earliest), "latest": _iso(step.latest), "amount": step.amount,
        "milestone": step.milestone, "state": step.state, "start": _iso(step.start), "end": _iso(step.until), "done_at": _iso(step.done_at),
        "pinned": bool(step.pinned), "note": step.note,
    }  # fmt: skip


def _evidence(one: rows.EvidenceRow) -> dict[str, object]:
    return {
        "at": _iso(one.at), "kind": one.kind, "answer": one.answer, "value": one.value, "words": one.words, "item": item_id(one.item_id),
        "step": None if one.step_id is None else rows.name(one.step_id, "s"),
    }  # fmt: skip


def _chip(fields: dict[str, Any], goal: int, items: Mapping[str, int]) -> rows.ChipRow:
    slot, value, how = _text(fields, "slot"), _text(fields, "value"), _text(fields, "how")
    item = _item(fields, "item", items)
    span = fields.get("span")
    is_span = isinstance(span, list) and len(span) == 2 and all(isinstance(n, int) and not isinstance(n, bool) and n >= 0 for n in span)
    if not slot or how not in _HOW:
        raise BadInput("a part without its slot")
    start, end = (span[0], span[1]) if is_span and item is not None and span is not None else (None, None)
    return rows.ChipRow(goal, slot, value, how, item, start, end)


def _step_row(fields: dict[str, Any], goal: int) -> rows.StepRow:
    earliest, latest = _seconds(fields, "earliest"), _seconds(fields, "latest")
    state, minutes = _text(fields, "state"), _whole(fields, "minutes")
    if earliest is None or latest is None or state not in _DECIDED or not 0 < minutes <= 24 * 60:
        raise BadInput("a step without its time, its length or its state")
    return rows.StepRow(
        _number(fields, "id", "s"), goal, _text(fields, "key"), _text(fields, "title"), minutes, _whole(fields, "shortest"),
        _whole(fields, "position"), earliest, latest, _amount(fields, "amount"), _text(fields, "milestone"), state,
        _seconds(fields, "start"), _seconds(fields, "end"), _seconds(fields, "done_at"), int(fields.get("pinned") is True), None,
    )  # fmt: skip


# Fields of a file


def _object(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise BadInput("not a JSON object")
    return value


def _list(fields: dict[str, Any], name: str) -> list[object]:
    value = fields.get(name, [])
    if not isinstance(value, list) or len(value) > _MOST:
        raise BadInput(f"{name} is no list, or too long")
    return value


def _text(fields: dict[str, Any], name: str) -> str:
    value = fields.get(name)
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > _LONGEST:
        raise BadInput(f"{name} is no text, or too long")
    return value.encode("utf-8", "replace").decode().replace("\x00", "")


def _whole(fields: dict[str, Any], name: str) -> int:
    value = fields.get(name, 0)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 1 << 53:
        raise BadInput(f"{name} is no whole number")
    return value


def _amount(fields: dict[str, Any], name: str) -> float | None:
    value = fields.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise BadInput(f"{name} is no number")
    return float(value)


def _seconds(fields: dict[str, Any], name: str) -> float | None:
    text = _text(fields, name)
    if not text:
        return None
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise BadInput(f"{name} is a time without its zone")
    return at.timestamp()


def _number(fields: dict[str, Any], name: str, kind: str) -> int:
    """The row an id asks for; 0 for none."""
    text = _text(fields, name)
    return int(text[1:]) if text[:1] == kind and text[1:].isdecimal() and len(text) < 12 else 0


def _item(fields: dict[str, Any], name: str, items: Mapping[str, int]) -> int | None:
    return items.get(_text(fields, name))


def _iso(seconds: float | None) -> str | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC).isoformat()


def _one_line(text: str) -> str:
    return " ".join(text.split())
