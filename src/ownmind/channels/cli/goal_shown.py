"""How goals, steps, plans and progress look in a terminal: a line each, with what shows it, and a chart of letters."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from ...goals.goal import CheckedIn, Draft, Goal, How, Move, Moved, Progress, State, Step, StepState, TemplateShown, Week
from .output import bold, clean, dim, joined, note, one_line, print_encoded, table

if TYPE_CHECKING:
    from ..attach import Face

STATE = {State.DRAFT: "not begun", State.ACTIVE: "going on", State.PAUSED: "paused", State.REACHED: "reached", State.DROPPED: "let go"}
HOW = {How.SAID: "you said so", How.ANSWERED: "you answered so", How.CHANGED: "you changed it", How.ASSUMED: "assumed"}
STEP = {
    StepState.OPEN: "",
    StepState.DONE: "done",
    StepState.HALF: "half done",
    StepState.MISSED: "missed",
    StepState.SKIPPED: "left out",
}
_ROWS = 16  # of a chart


def zone(face: Face) -> tzinfo:
    """Where the person is, by their preferences."""
    from ...goals.clock import zone_of

    return zone_of(face.today.preferences())


def print_list(goals: Sequence[Goal], upcoming: Mapping[str, Step], where: tzinfo) -> None:
    rows = []
    for goal in goals:
        step = upcoming.get(goal.id)
        then = f"next: {one_line(step.title, 60)}, {_at(step.start, where)}" if step else ""
        by = f"by {goal.deadline:%d %b %Y}" if goal.deadline else ""
        rows.append((bold(goal.id), STATE[goal.state], joined(one_line(goal.title, 80), by, then)))
    for line in table(rows):
        print(line)


def print_goal(goal: Goal, steps: Sequence[Step], where: tzinfo) -> None:
    """The whole of it: every part with how it is known, and its steps."""
    print(f"{bold(goal.id)}  {clean(goal.title)}  ({STATE[goal.state]})")
    print_parts(goal)
    if steps:
        print()
        print_steps(steps, where, {})
    if goal.state is State.DRAFT:
        print(dim(f"    `ownmind goals confirm {goal.id}` begins it; `ownmind goals change {goal.id} PART VALUE` puts a part right"))


def print_parts(goal: Goal) -> None:
    for line in table([(f"    {chip.slot}", dim(HOW[chip.how]), one_line(chip.value, 200) or "open") for chip in goal.chips]):
        print(line)


def print_draft(draft: Draft, *, as_json: bool) -> int:
    """What was understood and what is still asked; 1 when the goal was not taken."""
    if as_json:
        print_encoded(draft)
        return 0 if draft.goal is not None else 1
    if draft.goal is None:
        print(clean(draft.refused or draft.question))
        return 1
    print(f"{bold(draft.goal.id)}  {clean(draft.goal.title)}  ({STATE[draft.goal.state]})")
    print_parts(draft.goal)
    print_remarks(draft)
    if draft.question:
        print(clean(draft.question) + (f" ({'; '.join(map(clean, draft.choices))})" if draft.choices else ""))
        print(dim(f"Answer: ownmind goals answer {draft.goal.id} {draft.slot} VALUE"))
    elif draft.goal.state is State.DRAFT:
        print(dim(f"Nothing is left to ask. `ownmind goals confirm {draft.goal.id}` begins it."))
    return 0


def print_remarks(draft: Draft) -> None:
    """What the person must be told now."""
    for words in draft.remarks:
        print(clean(words))


def print_steps(steps: Sequence[Step], where: tzinfo, titles: Mapping[str, str]) -> None:
    rows = []
    for step in steps:
        about = joined(one_line(step.title, 80), STEP[step.state], _of(step, titles))
        rows.append((bold(step.id), _span(step, where), about))
    for line in table(rows):
        print(line)


def print_week(week: Week, where: tzinfo, titles: Mapping[str, str], *, proof: bool, as_json: bool) -> int:
    """The plan day by day, what moved and why; 1 and what would help when it does not fit."""
    if as_json:
        print_encoded(week)
        return 0 if week.fits else 1
    day = ""
    for step in sorted((one for one in week.steps if one.start), key=lambda one: (one.start.timestamp() if one.start else 0.0, one.id)):
        on = step.start.astimezone(where).strftime("%A %d %B") if step.start else ""
        if on != day:
            print(bold(on))
            day = on
        print(f"  {_clock(step, where)}  {one_line(step.title, 70)}  {dim(joined(step.id, _of(step, titles)))}")
    _print_moved(week.moved, where)
    for words in week.notes:
        print(dim(clean(words)))
    if week.fits:
        _print_proof(week, proof=proof)
        return 0
    print(bold("It does not fit.") + (f" {clean(week.missing)}." if week.missing else ""))
    for words in week.why:
        print(f"  {clean(words)}")
    for offer in week.offers:
        print(f"  {bold(offer.id)}  {clean('; '.join(offer.words))}" + (dim("  (nothing smaller would do)") if offer.is_smallest else ""))
    if week.offers:
        print(dim(f"Each of these was checked. `ownmind goals take {week.offers[0].id}` does one."))
    return 1


def print_move(move: Move, where: tzinfo, *, as_json: bool) -> int:
    """Whether it stands there now, what made room; 1 and why where it does not fit."""
    if as_json:
        print_encoded(move)
        return 0 if move.fits else 1
    print(clean(move.words) + (f" {clean(move.missing)}." if move.missing else ""))
    _print_moved(move.moved, where)
    return 0 if move.fits else 1


def print_check_in(checked: CheckedIn, where: tzinfo, *, as_json: bool) -> int:
    """What it was taken for, and what moved; 1 when the words were not understood."""
    if as_json:
        print_encoded(checked)
        return 0 if checked.answer is not None else 1
    for words in (checked.words, checked.question):
        if words:
            print(clean(words))
    _print_moved(checked.moved, where)
    if checked.week is not None and not checked.week.fits:
        print("The rest of the week does not fit any more: `ownmind goals plan` says what would help.")
    return 0 if checked.answer is not None else 1


def print_progress(goal: Goal, progress: Progress, *, as_json: bool) -> int:
    """How far it is in words, a bar a day of the measure against the plan, and what shows it."""
    if as_json:
        print_encoded(progress)
        return 0
    print(f"{bold(goal.id)}  {clean(goal.title)}: {clean(progress.words)}")
    unit = goal.measure.unit if goal.measure else ""
    for line in chart(progress, unit, shutil.get_terminal_size().columns):
        print(line)
    for one in progress.evidence[-10:]:
        print(dim(f"  ← {one.ref}  {one.at:%d %b}  “{one_line(one.words, 90)}”"))
    if not progress.evidence:
        print(dim(f'Nothing shows it yet. Say how it went: ownmind goals check-in {goal.id} "I am at 3 now"'))
    return 0


def chart(progress: Progress, unit: str, width: int) -> list[str]:
    """The measure against the plan, a row a point: a full bar as far as it came, a mark where the plan was. At most ``_ROWS`` rows, evenly
    chosen, and always the last."""
    points = progress.points
    if not points:
        return []
    step = -(-len(points) // _ROWS)
    points = points[::-step][::-1] if step > 1 else points
    values = [value for point in points for value in (point.planned, point.actual) if value is not None]
    if not values:
        return []
    low, high = min(0.0, *values), max(0.0, *values)
    full, mark = ("█", "┊") if _can_show("█┊") else ("#", "|")
    room = max(10, min(48, width - 34))
    lines = []
    for point in points:
        filled, at = _cells(point.actual, low, high, room), _cells(point.planned, low, high, room)
        cells = [full if index < (filled or 0) else " " for index in range(room + 1)]
        if at is not None:
            cells[min(at, room)] = mark
        told = "·" if point.actual is None else f"{point.actual:g}"
        plan = "" if point.planned is None else f"planned {point.planned:.4g}"
        lines.append(f"  {point.day:%d %b}  {''.join(cells)}  {joined(f'{told} {unit}'.strip(), plan)}")
    return lines


def print_templates(found: Sequence[TemplateShown], *, as_json: bool) -> int:
    """The kinds of goals, what each says it rests on, and the files that cannot be used; 1 when there is one."""
    broken = [one for one in found if one.wrong]
    if as_json:
        print_encoded({"templates": found})
        return 1 if broken else 0
    for one in found:
        if one.wrong:
            continue
        print(f"{bold(clean(one.id))}  {clean(one.title)}: {clean(one.about)}" + ("  (yours)" if one.is_own else ""))
        for said in (one.says, one.source):
            if said:
                print(dim(f"    {clean(said)}"))
    for one in broken:
        note(f"cannot be used: {one.wrong}")
    return 1 if broken else 0


def _of(step: Step, titles: Mapping[str, str]) -> str:
    """The goal it serves, where its own title does not say so."""
    title = titles.get(step.goal, "")
    return "" if title.casefold() == step.title.casefold() else one_line(title, 50)


def _print_moved(found: Sequence[Moved], where: tzinfo) -> None:
    for moved in found:
        if moved.was is None and moved.now is None:
            print(f"let go: {one_line(moved.title, 60)}: {clean(moved.why)}")
            continue
        print(f"moved: {one_line(moved.title, 60)}, {_at(moved.was, where)} → {_at(moved.now, where)}: {clean(moved.why)}")


def _print_proof(week: Week, *, proof: bool) -> None:
    if not week.steps:
        print("Nothing is to be placed. `ownmind goals` lists what you want.")
        return
    for line in week.proof if proof else ():
        print(dim(f"  {clean(line)}"))
    if week.proof and not proof:
        print(dim(f"Checked: {len(week.proof)} places hold every rule; --proof says why."))


def _cells(value: float | None, low: float, high: float, room: int) -> int | None:
    return None if value is None or high == low else round(room * (value - low) / (high - low))


def _span(step: Step, where: tzinfo) -> str:
    if step.start is None or step.end is None:
        return "no place yet"
    return f"{step.start.astimezone(where):%a %d %b} {_clock(step, where)}"


def _clock(step: Step, where: tzinfo) -> str:
    if step.start is None or step.end is None:
        return ""
    return f"{step.start.astimezone(where):%H:%M}–{step.end.astimezone(where):%H:%M}"


def _at(moment: datetime | None, where: tzinfo) -> str:
    return "no place" if moment is None else f"{moment.astimezone(where):%a %d %b %H:%M}"


def _can_show(characters: str) -> bool:
    try:
        characters.encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return False
    return True
