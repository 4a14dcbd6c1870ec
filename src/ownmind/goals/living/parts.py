"""The parts of a goal as they are written down: each with the words it was read from, as an item of memory."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import apsw

from ...errors import BadInput, NotFound
from ...memory.words import normalised
from ...messages import Entry, Integrity, Kind, Label, Source, Span
from ...store import goals as rows
from .. import clock, slots
from ..goal import Chip, Goal, How, State
from ..templates import Template, cued, meant
from . import kept
from .ground import Ground

if TYPE_CHECKING:
    from ..saying.statement import Stated

LIVE = (State.DRAFT, State.ACTIVE, State.PAUSED)


def note(ground: Ground, goal: str, text: str, now: datetime) -> str:
    """The id of a note of this goal that says ``text``. Raises NotFound for what the person has forgotten just now."""
    source = Source(f"goal:{goal}", "note", "A goal")
    (item,) = ground.memory.remember([Entry(text, source, Label(Integrity.PERSON), Kind.NOTE, now)], now=now)
    if not item:
        raise NotFound("that was forgotten before, and stays forgotten", hint="say it in other words to have it remembered anew")
    return item


def put(ground: Ground, cx: apsw.Connection, goal: Goal, slot: str, value: str, how: How, now: datetime, zone: ZoneInfo) -> None:
    """A part in the person's words: read, remembered as a note of the goal, and written down with where it stands."""
    today = clock.today(now, zone)
    typed = slots.read(slot, value, today)
    if slot == "deadline" and isinstance(typed, date) and typed < today:
        raise BadInput(f"{clock.spelled(typed)} has passed", hint=f"today is {clock.spelled(today)}")
    written = slots.shown(slot, typed)
    said = " ".join(value.split())
    text = f"{slots.needed(slot).label[:1].upper()}{slots.needed(slot).label[1:]}: {said}"
    item = note(ground, goal.id, text, now)
    span = Span(len(text) - len(said), len(text))
    rows.put(cx, kept.chip_row(goal.id, Chip(slot, written, how, item, span)))


def leave_open(cx: apsw.Connection, goal: Goal, slot: str, how: How, templates: dict[str, Template]) -> None:
    """The person leaves a part open: the usual value holds, where there is one. Raises BadInput for what is needed."""
    slots.needed(slot)
    template = templates.get(goal.template)
    ask = next((one for one in template.asks if one.slot == slot), None) if template else None
    if ask is not None and ask.needed:
        raise BadInput("without that it cannot be planned", hint=ask.question)
    if template is not None and slot in template.usual:
        rows.put(cx, kept.chip_row(goal.id, Chip(slot, template.usual[slot], How.ASSUMED)))
    elif how is How.ANSWERED:
        rows.put(cx, kept.chip_row(goal.id, Chip(slot, "", how)))
    else:
        rows.take_away(cx, rows.number(goal.id), slot)


def choose(cx: apsw.Connection, number: int, template: str, templates: Collection[str]) -> None:
    """Makes it a goal of another kind; what the old one assumed goes."""
    if template not in templates:
        raise BadInput(f"there is no template {template[:40]!r}", hint="one of " + ", ".join(sorted(templates)))
    for chip in rows.chips(cx, [number]).get(number, []):
        if chip.how == How.ASSUMED.value:
            rows.take_away(cx, number, chip.slot)
    rows.write(cx, rows.get(cx, number)._replace(template=template))


def kind(stated: Stated, said: str, templates: dict[str, Template]) -> str:
    """The template of a statement: one that it names (the person's own first), else as it was read; "" is asked for."""
    return cued(said, templates) or stated.template


def defined(said: str, chips: Sequence[Chip], template: Template | None) -> list[Chip]:
    """What words mean by themselves: a half marathon has 21.1 km."""
    known = {chip.slot for chip in chips}
    found = meant(said, template) if template is not None else ()
    return [Chip(slot, value, How.SAID, span=Span(start, end)) for slot, value, start, end in found if slot not in known]


def spanned(ground: Ground, chips: Sequence[Chip], said: str, item: str) -> list[Chip]:
    """The chips with where they stand in the item, which may say more than the statement, or say it with other blanks."""
    text = ground.memory.item(item).text
    offset = text.find(said)
    found = []
    for chip in chips:
        words = said[chip.span.start : chip.span.end] if chip.span else ""
        start = offset + chip.span.start if chip.span and offset >= 0 else text.find(words) if words else -1
        found.append(replace(chip, item_id=item, span=Span(start, start + len(words)) if start >= 0 and words else None))
    return found


def same(cx: apsw.Connection, title: str, said: str, zone: ZoneInfo) -> Goal | None:
    """A goal that is not ended and was said in the same words."""
    wanted = {normalised(title), normalised(said)} - {""}
    live = kept.goals(cx, zone, LIVE)
    return next((one for one in live if normalised(one.title) in wanted), None)
