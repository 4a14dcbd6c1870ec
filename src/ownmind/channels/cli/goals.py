"""``ownmind goals``: what you want, the plan for it against your week, what is next, and how far it has come."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from ...errors import BadInput
from ...goals.goal import Goal, State, Step
from . import goal_shown as shown
from .adding import add
from .opening import opened
from .options import HERE, Everywhere
from .output import dim, note, print_encoded, print_json, slowly

if TYPE_CHECKING:
    from ..attach import Face

What = Literal[
    "list", "add", "answer", "show", "change", "confirm", "plan", "take", "move", "unpin", "next", "check-in", "attach", "progress",
    "pause", "resume", "drop", "reach", "undo", "templates", "ics",
]  # fmt: skip
LIVING = (State.DRAFT, State.ACTIVE, State.PAUSED)
_WANTS = {
    "add": 'what do you want? For example: ownmind goals add "run the half marathon on 12 April"',
    "answer": "for example: ownmind goals answer g1 deadline 2027-04-12",
    "change": 'for example: ownmind goals change g1 deadline 2027-04-12; "" takes the part away',
    "take": "for example: ownmind goals take o1; `ownmind goals plan` lists what would make it fit",
    "move": "for example: ownmind goals move s12 2026-11-24 18:00; `ownmind goals plan` lists the steps",
    "attach": 'for example: ownmind goals attach g1 i12 "14 km"; `ownmind recall` finds items with their ids',
    "check-in": 'for example: ownmind goals check-in s12 "did half"; `ownmind goals next` lists the steps',
}
_WORDS = {
    "add": 1,
    "answer": 3,
    "show": 1,
    "change": 3,
    "confirm": 1,
    "take": 1,
    "move": 3,
    "unpin": 1,
    "check-in": 2,
    "attach": 2,
    "progress": 1,
} | dict.fromkeys(("pause", "resume", "drop", "reach"), 1)


def goals(
    what: Annotated[
        What,
        Parameter(
            help="list them; add one; answer a question about one, show, change, confirm or plan; take a change that makes a plan fit; "
            "move a step to another time, or leave its time to the plan again (unpin); "
            "what is next; check in; attach an item as evidence; progress; pause, resume, drop, reach; undo the last; templates; ics."
        ),
    ] = "list",
    /,
    *words: Annotated[str, Parameter(help='What the action needs: a goal (g3), a step (s12), or the words, such as "read 20 books".')],
    template: Annotated[str, Parameter(help="To add: which kind of goal it is; `ownmind goals templates` lists them.")] = "",
    answer: Annotated[
        list[str] | None, Parameter(name="--answer", help="To add: an answer beforehand, slot=value. May be given again.")
    ] = None,
    yes: Annotated[bool, Parameter(help="To add: leave open what may be, and begin.", negative="")] = False,
    weeks: Annotated[int, Parameter(help="To plan: how many weeks, 1 to 26.")] = 1,
    proof: Annotated[bool, Parameter(help="To plan: show why each step may stand where it stands.", negative="")] = False,
    everything: Annotated[bool, Parameter(name="--all", help="List what was reached and let go, too.", negative="")] = False,
    output: Annotated[Path | None, Parameter(name=["-o", "--output"], help="For ics: the new file to write.")] = None,
    everywhere: Everywhere = HERE,
) -> int:
    """Say what you want, have it planned against your real week, and see how far it has come. No model is needed for any of it.

    A goal is asked about one thing at a time, and planned once you say that it is right. Exit code 1 when a plan does not fit, a step
    cannot stand where it was moved to, or a goal was not taken.

    Example: ownmind goals add "run 5 km without stopping by June"
    """
    said = _said(what, words)
    with opened(everywhere, make=what == "add") as face:
        match what:
            case "list":
                return _list(face, everything=everything, as_json=everywhere.json)
            case "add":
                return add(face, " ".join(said), template=template, answers=answer or (), yes=yes, as_json=everywhere.json)
            case "answer":
                return shown.print_draft(face.goals.answer(*said), as_json=everywhere.json)
            case "plan" | "take":
                with slowly("placing everything into your week"):
                    week = face.goals.plan(weeks) if what == "plan" else face.goals.take(said[0])
                return shown.print_week(week, shown.zone(face), titles(face), proof=proof, as_json=everywhere.json)
            case "move":
                with slowly("asking whether the plan holds"):
                    moved = face.goals.move(said[0], _day(said[1]), said[2])
                return shown.print_move(moved, shown.zone(face), as_json=everywhere.json)
            case "unpin":
                week = face.goals.unpin(said[0])
                return shown.print_week(week, shown.zone(face), titles(face), proof=proof, as_json=everywhere.json)
            case "next":
                return _next(face, as_json=everywhere.json)
            case "check-in":
                with slowly("planning anew"):
                    checked = face.goals.check_in(*said)
                return shown.print_check_in(checked, shown.zone(face), as_json=everywhere.json)
            case "progress":
                found = face.goals.progress(said[0])
                return shown.print_progress(face.goals.get(said[0]), found, as_json=everywhere.json)
            case "attach":
                found = face.goals.attach(*said)
                return shown.print_progress(face.goals.get(said[0]), found, as_json=everywhere.json)
            case "templates":
                return shown.print_templates(face.goals.templates(), as_json=everywhere.json)
            case "ics":
                return _ics(face.goals.ics(said[0] if said else ""), output, as_json=everywhere.json)
            case "show":
                goal = face.goals.get(said[0])
                steps = face.goals.steps(goal.id)
                if everywhere.json:
                    print_encoded({"goal": goal, "steps": steps})
                else:
                    shown.print_goal(goal, steps, shown.zone(face))
                return 0
        goal = _changed(face, what, said)
        if everywhere.json:
            print_encoded(goal)
        else:
            shown.print_goal(goal, (), shown.zone(face))
    return 0


def titles(face: Face) -> dict[str, str]:
    """What each goal is called, by its id."""
    return {goal.id: goal.title for goal in face.goals.all()}


def print_goals(face: Face, found: Sequence[Goal]) -> None:
    """A line a goal, with its next step; calm words when there is none."""
    if not found:
        print('Nothing is wanted yet. Say what you want: ownmind goals add "be a better friend to Tom"')
        return
    upcoming: dict[str, Step] = {}
    for step in sorted((one for one in face.goals.steps() if one.start and one.state == "open"), key=lambda one: str(one.start)):
        upcoming.setdefault(step.goal, step)
    shown.print_list(found, upcoming, shown.zone(face))


def print_next(face: Face) -> None:
    """Today's steps, soonest first."""
    steps = face.goals.next()
    shown.print_steps(steps, shown.zone(face), titles(face))
    if not steps:
        print("Nothing is planned for today. `ownmind goals plan` shows the week.")
    else:
        print(dim(f"Afterwards: ownmind goals check-in {steps[0].id} done"))


def _list(face: Face, *, everything: bool, as_json: bool) -> int:
    found = face.goals.all() if everything else face.goals.all(LIVING)
    if as_json:
        print_encoded({"goals": found})
    else:
        print_goals(face, found)
    return 0


def _next(face: Face, *, as_json: bool) -> int:
    if as_json:
        print_encoded({"steps": face.goals.next()})
    else:
        print_next(face)
    return 0


def _changed(face: Face, what: str, said: Sequence[str]) -> Goal:
    match what:
        case "change":
            return face.goals.change(*said)
        case "confirm":
            return face.goals.confirm(said[0])
        case "pause":
            return face.goals.pause(said[0])
        case "resume":
            return face.goals.resume(said[0])
        case "drop":
            return face.goals.drop(said[0])
        case "reach":
            return face.goals.reach(said[0])
    return face.goals.undo()


def _day(words: str) -> date:
    try:
        return date.fromisoformat(words)
    except ValueError as error:
        raise BadInput(f"{words!r} is no day", hint=_WANTS["move"]) from error


def _ics(text: str, output: Path | None, *, as_json: bool) -> int:
    """On stdout as it is, or into a new file that only the person can read."""
    if output is None:
        print_json({"ics": text}) if as_json else print(text, end="")
        return 0
    path = output.expanduser().absolute()
    try:
        target = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise BadInput(f"{path} is there already", hint="name a new file") from error
    except OSError as error:
        raise BadInput(f"{path} cannot be written: {error.strerror}", hint="name a file in a folder that is there") from error
    with os.fdopen(target, "w", encoding="utf-8", newline="") as file:  # RFC 5545 ends its lines itself
        file.write(text)
    if as_json:
        print_json({"path": str(path), "events": text.count("BEGIN:VEVENT")})
    else:
        print(f"{text.count('BEGIN:VEVENT')} events are in {path}.")
        note("It is not encrypted.")
    return 0


def _said(what: str, words: Sequence[str]) -> Sequence[str]:
    """The words an action was given, as many as it takes: what is said last may be several. Raises BadInput for too few or too many."""
    need = _WORDS.get(what, 0)
    if len(words) < need or (need == 1 and what == "add" and not " ".join(words).strip()):
        raise BadInput(f"{what} what?", hint=_WANTS.get(what, "`ownmind goals` lists them; their ids look like g1"))
    if what in ("add", "answer", "change", "check-in"):
        return [*words[: need - 1], " ".join(words[need - 1 :])]
    if what == "attach":
        return [*words[:2], *([" ".join(words[2:])] if words[2:] else [])]
    if len(words) > (1 if what == "ics" else need):
        raise BadInput(f"{what} takes no {words[-1]!r}", hint="see `ownmind goals --help`")
    return words
