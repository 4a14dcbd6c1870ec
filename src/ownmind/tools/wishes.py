"""A goal and a check-in that a program asks for: deeds, so that they wait for the person where the words are not theirs.

Only our own code asks for them (`channels.mcp`): in a conversation goals have a road of their own (`agent.aims`).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from ..errors import BadInput, Refused
from ..goals.book import Goals
from ..goals.goal import State
from ..guard.declared import Declaration, Effect, Parameter, Role
from ..guard.labels import Type
from .act import Arguments, Deed, Result

ADD, CHECK_IN = "add_goal", "check_in"

_ADD = Declaration(
    ADD,
    Effect.WRITES,
    {"statement": Parameter(Role.CONTENT), "template": Parameter(Role.CONTENT)},
    says="add the goal {statement}; you are asked for what is missing before anything is planned",
)
_CHECK_IN = Declaration(
    CHECK_IN,
    Effect.WRITES,
    {"step_or_goal": Parameter(Role.DETAIL, Type.OBJECT), "words": Parameter(Role.CONTENT)},
    says="write of {step_or_goal}: {words}; what was missed is planned anew",
)


def deeds(goals: Callable[[], Goals]) -> tuple[Deed, ...]:
    """``goals``: the face, asked for when it is needed."""

    def add(arguments: Arguments, now: datetime) -> Result:
        draft = goals().add(_one(arguments, "statement"), _one(arguments, "template"))
        if draft.goal is None:
            raise Refused(draft.refused, hint="say it in other words")
        if draft.is_known:
            return Result(f"That goal is there already: {draft.goal.id}.")
        return Result(f"Added {draft.goal.id}, {draft.goal.title}. {draft.question}".strip(), undo=draft.goal.id)

    def let_go(goal: str) -> str:
        if goals().get(goal).state is State.DROPPED:
            raise Refused(f"{goal} was let go already", hint="there is nothing to take back")
        return f"{goals().drop(goal).title} was let go."

    def check_in(arguments: Arguments, now: datetime) -> Result:
        done = goals().check_in(_one(arguments, "step_or_goal"), _one(arguments, "words"))
        if done.answer is None:
            raise BadInput(done.question or "the words were not understood", hint='such as "done" or "half"')
        return Result(done.words)

    return Deed(_ADD, add, let_go, by_us=True), Deed(_CHECK_IN, check_in, by_us=True)


def _one(arguments: Arguments, name: str) -> str:
    return "".join(str(value.data) for value in arguments.get(name, ()))
