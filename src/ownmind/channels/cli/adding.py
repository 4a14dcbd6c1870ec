"""A goal in the terminal: what was understood, one question at a time, and the word that begins it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ...errors import BadInput
from . import goal_shown as shown
from .output import clean, dim, note, print_encoded

if TYPE_CHECKING:
    from ...goals.goal import Draft
    from ..attach import Face


def add(face: Face, statement: str, *, template: str, answers: Sequence[str], yes: bool, as_json: bool) -> int:
    """Takes a goal in. In a terminal it is asked about until it is whole; a script answers beforehand and says ``yes``."""
    given = [_answer(one) for one in answers]
    draft = face.goals.add(statement, template)
    if draft.goal is None or (draft.is_known and not draft.question):
        return shown.print_draft(draft, as_json=as_json)
    for slot, value in given:
        draft = face.goals.answer(draft.goal.id if draft.goal else "", slot, value)
    if yes:
        draft = _left_open(face, draft)
    if sys.stdin.isatty() and not as_json:
        shown.print_remarks(draft)
        draft = _asked(face, draft)
        yes = yes or (not draft.question and _is_right(draft))
    begun = draft.goal is not None and yes and not draft.question
    if begun and draft.goal is not None:
        goal = face.goals.confirm(draft.goal.id)
        if as_json:
            print_encoded({"goal": goal, "slot": "", "question": "", "choices": (), "refused": ""})
        else:
            shown.print_goal(goal, (), shown.zone(face))
            print(dim("`ownmind goals plan` places it into your week."))
        return 0
    return shown.print_draft(draft, as_json=as_json)


def _left_open(face: Face, draft: Draft) -> Draft:
    """What may stay open stays so; the first thing that is needed is asked."""
    while draft.goal is not None and draft.question:
        try:
            draft = face.goals.answer(draft.goal.id, draft.slot, "")
        except BadInput:
            break
    return draft


def _asked(face: Face, draft: Draft) -> Draft:
    """One question after the other. Enter leaves a part open, Ctrl-D or Ctrl-C the rest for later: what was said is kept."""
    if draft.question:
        print(dim("Enter leaves a part open; Ctrl-D goes on another time."))
    while draft.goal is not None and draft.question:
        print(clean(draft.question))
        for number, choice in enumerate(draft.choices, 1):
            print(f"  {number}. {clean(choice)}")
        try:
            said = input("> ").strip()
        except (EOFError, KeyboardInterrupt):
            print()
            return draft
        if said.isdecimal() and 0 < int(said) <= len(draft.choices):
            said = draft.choices[int(said) - 1]
        try:
            draft = face.goals.answer(draft.goal.id, draft.slot, said)
        except BadInput as error:
            note(f"{error.message}" + (f" ({error.hint})" if error.hint else ""))
    return draft


def _is_right(draft: Draft) -> bool:
    if draft.goal is None:
        return False
    shown.print_parts(draft.goal)
    try:
        return input("Is this right? [Y/n] ").strip().lower() in ("", "y", "yes")
    except (EOFError, KeyboardInterrupt):
        print()
        return False


def _answer(said: str) -> tuple[str, str]:
    slot, equals, value = said.partition("=")
    if not equals or not slot.strip():
        raise BadInput(f"{said[:40]!r} is no answer", hint="write it slot=value, such as --answer deadline=2027-04-12")
    return slot.strip(), value.strip()
