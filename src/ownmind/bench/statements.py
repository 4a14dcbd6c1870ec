"""Whether what a person says they want becomes the right kind of goal with the right parts: written statements (``data/statements.json``),
each with the template and the typed parts beside it; none is an example of the router.

A statement is right when its template is the one written (or one of those), every part has the value written, no part is there
that is not written, a second goal is told apart and a day that has passed is said to have. ``code`` reads by `saying.statement` alone,
``brain`` with a brain for what the code finds unclear. The part ``dev`` was tuned on, ``held`` was not. Hours named in words ("evening")
are right when they lie where that part of the day is; the title is not counted. ``unclear``: wishes that say their kind only in a
roundabout way (``data/unclear.json``), of which only the kind is asked. ``talk``: of the questions and dialogues of this package's other
data, and the talk of ``data/planner.json``, how many a conversation would take for a goal, and of the statements how many.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from ..agent.aims.asked import asked
from ..agent.aims.filling import Filled, filled
from ..agent.aims.waking import states_a_goal
from ..goals import slots
from ..goals.goal import Chip, How
from ..goals.placing.schedule import Window
from ..goals.saying.statement import Stated, read
from ..goals.slots import Amount
from . import result
from .planner import questions

ZONE = ZoneInfo("Europe/Berlin")
SAID_AT = datetime(2026, 11, 22, 15, 0, tzinfo=ZONE)  # a Sunday
_COUNTED = (
    "deadline",
    "begins",
    "baseline",
    "target",
    "a_week",
    "minutes",
    "windows",
    "place",
    "money",
    "person",
    "why",
    "obstacles",
    "milestones",
)
_SYMBOLS = {"€": "euros", "$": "dollars", "£": "pounds"}
# Where a part of the day begins and ends, hours: the earliest and latest of each.
_PARTS = {"morning": (5, 9, 9, 12), "evening": (16, 20, 20, 24), "night": (19, 22, 22, 24), "before work": (5, 8, 8, 10),
          "after work": (16, 18, 19, 24), "any": (0, 8, 20, 24)}  # fmt: skip
_DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")


def run(*, brain: str = "", data: str | None = None, quick: bool = False, wrong: bool = False, **_: object) -> dict[str, object]:
    """``brain``: the one to ask for what is unclear, the starter brain when empty, "none" (or ``quick``) for the code alone. ``data``: a
    folder of other questions (JSON, JSON lines) in which nobody states a goal. ``wrong`` lists what was not right."""
    rows = json.loads(files(__package__).joinpath("data/statements.json").read_text(encoding="utf-8"))
    unclear = json.loads(files(__package__).joinpath("data/unclear.json").read_text(encoding="utf-8"))
    began = time.perf_counter()
    stated = [read(row["say"], SAID_AT, ZONE) for row in rows]
    seconds = time.perf_counter() - began
    kinds = [read(text, SAID_AT, ZONE).template for _, text, _ in unclear]
    figures: dict[str, object] = {
        "code": {**_figures(rows, stated, wrong=wrong), "unclear": _kinds(unclear, kinds)},
        "code_ms_each": round(seconds * 1000 / len(rows), 2),
        "talk": _talk([row["say"] for row in rows], data),
    }
    if brain != "none" and not quick:
        texts = [row["say"] for row, one in zip(rows, stated, strict=True) if not one.template]
        texts += [text for (_, text, _), kind in zip(unclear, kinds, strict=True) if not kind]
        found, taken = asyncio.run(_asked(texts, brain))
        whole = [_with(one, found.get(row["say"])) for row, one in zip(rows, stated, strict=True)]
        kinds = [kind or (found[text].template if text in found else "") for (_, text, _), kind in zip(unclear, kinds, strict=True)]
        figures["brain"] = {**_figures(rows, whole, wrong=wrong), "unclear": _kinds(unclear, kinds), "asked": len(texts)}
        figures["seconds_of_a_look"] = round(statistics.median(taken), 2) if taken else None
    return result("statements", figures, n=len(rows), seed=None)


def _talk(statements: Sequence[str], data: str | None) -> dict[str, object]:
    """What a conversation would take for a goal. The statements of other benches are goals, and not counted as talk."""
    planner = json.loads(files(__package__).joinpath("data/planner.json").read_text(encoding="utf-8"))
    said = [*(text for text in questions(data) if text not in statements), *(row["say"] for row in planner)]
    woken = [text for text in said if states_a_goal(text, SAID_AT, ZONE) or asked(text)]
    heard = sum(bool(states_a_goal(text, SAID_AT, ZONE)) for text in statements)
    return {"messages": len(said), "taken": len(woken), "they_are": woken[:5], "statements": len(statements), "statements_heard": heard}


def _kinds(rows: Sequence[Sequence[Any]], kinds: Sequence[str]) -> dict[str, object]:
    of = {part: [(kind, right) for (where, _, right), kind in zip(rows, kinds, strict=True) if where == part] for part in ("dev", "held")}
    return {part: {"n": len(pairs), "right": sum(kind in right for kind, right in pairs)} for part, pairs in of.items()}


async def _asked(texts: Sequence[str], brain: str) -> tuple[dict[str, Filled], list[float]]:
    """What the brain makes of each text, and the seconds it took."""
    from .. import paths
    from ..config import Config
    from ..models.brain import Brain

    mind = Brain(Config(brain=brain) if brain else Config(), paths.find())
    await mind.start()
    await mind.ready()
    found, seconds = {}, []
    try:
        model = await mind.model()
        for text in texts:
            began = time.perf_counter()
            found[text] = await filled(text, model, SAID_AT)
            seconds.append(time.perf_counter() - began)
    finally:
        await mind.close()
    return found, seconds


def _with(stated: Stated, found: Filled | None) -> Stated:
    """The statement as a conversation would have it: the brain's kind where code had none, and its parts that code has checked."""
    if found is None or not found.template:
        return stated
    there = {chip.slot for chip in stated.chips}
    more = tuple(Chip(slot, value, How.SAID) for slot, value in found.values if slot not in there)
    return replace(stated, template=found.template, chips=(*stated.chips, *more))


def _figures(rows: Sequence[dict[str, Any]], stated: Sequence[Stated], *, wrong: bool) -> dict[str, object]:
    figures: dict[str, object] = {}
    for part in ("dev", "held"):
        pairs = [(row, one) for row, one in zip(rows, stated, strict=True) if row["part"] == part]
        errors = [(row["say"], one.template, errors) for row, one in pairs if (errors := _errors(row, one))]
        figures[part] = {
            "n": len(pairs),
            "right": len(pairs) - len(errors),
            "template_right": sum(one.template in row["template"] for row, one in pairs),
        }
        if wrong:
            figures[f"{part}_wrong"] = errors
    return figures


def _errors(row: dict[str, Any], stated: Stated) -> list[str]:
    """What is not as written, in words; none when it is all right."""
    wanted = dict(row["slots"])
    errors = [] if stated.template in row["template"] else [f"template {stated.template or 'unclear'}, not {row['template'][0]}"]
    has_passed = any("has passed" in remark for remark in stated.remarks)
    if has_passed != ("remark" in wanted):
        errors.append("a day that has passed")
    if (stated.other != "") != ("other" in wanted) or wanted.get("other", "") not in stated.other:
        errors.append(f"second goal: {stated.other!r}")
    got = {chip.slot: _typed(chip) for chip in stated.chips}
    pairs = [(slot, got.get(slot), _wanted(slot, wanted)) for slot in _COUNTED]
    return errors + [f"{slot}: {is_} not {should}" for slot, is_, should in pairs if not _is_right(slot, is_, should)]


def _typed(chip: Chip) -> object:
    value = slots.read(chip.slot, chip.value)
    match chip.slot:
        case "deadline" | "begins":
            return str(value)
        case "obstacles" | "milestones":
            return chip.value
    return value


def _wanted(slot: str, wanted: dict[str, Any]) -> object:
    if slot in ("target", "baseline") and slot in wanted:
        return Amount(float(wanted[slot]), wanted.get("unit", ""))
    if slot == "obstacles" and "obstacle" in wanted:
        return "; ".join(f"if {when} then {then}" for when, then in wanted["obstacle"])
    if slot == "milestones" and slot in wanted:
        return "; ".join(f"{title} by {due}" if due else title for title, due in wanted[slot])
    return wanted.get(slot) or None


def _is_right(slot: str, got: object, wanted: object) -> bool:
    if got is None or wanted is None:
        return got is None and wanted is None
    if isinstance(got, Amount) and isinstance(wanted, Amount):
        return got.number == wanted.number and _SYMBOLS.get(got.unit, got.unit) == wanted.unit
    if slot == "windows":
        assert isinstance(got, tuple)
        assert isinstance(wanted, list)
        return len(got) == len(wanted) and all(_is_window(a, *b) for a, b in zip(got, wanted, strict=True))
    if slot in ("why", "place", "person", "obstacles", "milestones"):
        return str(got).casefold() == str(wanted).casefold()
    return got == wanted


def _is_window(got: Window, days: str, part: str) -> bool:
    low, high, first, last = (hour * 60 for hour in _PARTS[part])
    return got.weekdays == _weekdays(days) and low <= got.start <= high and first <= got.end <= last


def _weekdays(said: str) -> frozenset[int]:
    if "-" in said:
        first, last = (_DAYS.index(day) for day in said.split("-"))
        return frozenset(range(first, last + 1))
    return frozenset(_DAYS.index(day) for day in said.split(","))
