"""The /commands inside a conversation."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...messages import Reply
from .output import clean, day, dim, joined, one_line, print_fact, print_learned, where

if TYPE_CHECKING:
    from ..attach import Face

HELP = """\
/sources       what the last answer rests on, in full
/why           the same as /sources
/facts [WHO]   what was learnt (about someone)
/today         what today asks
/goals         what you want, and what is next
/forget WHAT   forget an item, a fact, or what a search finds; asks first
/keep ID       confirm a fact        /fix ID TEXT   correct one
/new           begin a new conversation
/quit          leave (Ctrl-D too; Ctrl-C stops a reply)"""


@dataclass(slots=True)
class Conversation:
    """A conversation going on in this terminal. ``id`` is None until the first message was heard."""

    face: Face
    id: str | None
    now: str | None = None
    as_json: bool = False
    last: Reply | None = None


def obey(talk: Conversation, line: str) -> None:
    """Does what a line that begins with a slash asks."""
    name, _, rest = line[1:].partition(" ")
    rest = rest.strip()
    match name:
        case "sources" | "why":
            _sources(talk.last)
        case "facts":
            _facts(talk, rest)
        case "today":
            from .brief import print_briefing

            print_briefing(talk.face.today.brief())
        case "goals":
            _goals(talk)
        case "forget" if rest:
            _forget(talk, rest)
        case "keep" if rest:
            print_fact(talk.face.keep(rest))
        case "fix" if " " in rest:
            id, _, text = rest.partition(" ")
            print_fact(talk.face.fix(id, text.strip()))
        case "new":
            talk.id, talk.last = None, None
            print(dim("A new conversation. What you said before is still remembered."))
        case _:
            print(HELP)


def _sources(reply: Reply | None) -> None:
    if reply is None:
        print("Nothing has been answered yet.")
        return
    if not reply.sources:
        print("That answer rests on nothing remembered.")
    for cited in reply.sources:
        print(f"{cited.item_id}  {clean(cited.text)}")
        print(dim(f"    {joined(clean(cited.speaker), day(cited.at), where(cited.source, cited.title, cited.page))}"))
    print_learned(reply.learned)


def _facts(talk: Conversation, about: str) -> None:
    found = talk.face.facts(about or None)
    for fact in found:
        print_fact(fact)
    if not found:
        print("Nothing was learnt yet." if not about else f"Nothing was learnt about {clean(about)}.")


def _goals(talk: Conversation) -> None:
    from .goals import LIVING, print_goals, print_next

    found = talk.face.goals.all(LIVING)
    print_goals(talk.face, found)
    if found:
        print()
        print_next(talk.face)


def _forget(talk: Conversation, target: str) -> None:
    """Shows what would go, asks, and forgets just that."""
    plan = talk.face.plan_forget(target)
    if not plan.items and not plan.facts:
        print("Nothing remembered matches that.")
        return
    for item in plan.items:
        print(f"{item.id}  {one_line(item.text)}")
    for fact in plan.facts:
        print(f"{fact.id}  {one_line(fact.text)}")
    sys.stdout.flush()
    if input("Forget this for good? [y/N] ").strip().lower() not in ("y", "yes"):
        print("Nothing was forgotten.")
        return
    receipt = talk.face.forget(plan)
    print(
        f"Forgotten: {len(receipt.items)} remembered, {len(receipt.facts)} learnt."
        + (" A scan found no trace." if receipt.verified else "")
    )
