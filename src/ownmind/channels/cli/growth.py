"""``ownmind growth``: what changed because of you, with the words that changed it; taking it back; what each week brought."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from ...errors import BadInput
from .opening import opened
from .options import HERE, Everywhere
from .output import bold, clean, day, dim, joined, one_line, print_encoded

if TYPE_CHECKING:
    from ...agent.grown import Change
    from ...agent.growth import Week

What = Literal["list", "weeks", "undo", "redo"]
_NOTHING = """Nothing has changed yet. It changes when you put a memory right (`ownmind fix`), confirm one (`ownmind keep`), say something
newer, or give a reply a thumb down with what it should have said."""
_NEVER = """The model's own weights are never changed. What is learnt lies in memory: it can be looked at, and taken back."""
_STATES = {"stands": "", "undone": "taken back", "over": "something newer stands in its place"}


def growth(
    what: Annotated[What, Parameter(help="list what changed; take one back (undo), have it again (redo); count the weeks.")] = "list",
    change: Annotated[str, Parameter(help="The id of a change, as the list shows it.")] = "",
    /,
    *,
    kind: Annotated[str, Parameter(help="fix, correction, confirmed, updated, wish, people, permission, skill or brain.")] = "",
    cursor: Annotated[str, Parameter(help="Go on here: `next` of the answer before.")] = "",
    limit: Annotated[int, Parameter(help="How many at once; of weeks too.")] = 0,
    everywhere: Everywhere = HERE,
) -> int:
    """Show what changed because of you, with your words, and take it back.

    Example: ownmind growth undo fix:i12
    """
    if what in ("undo", "redo") and not change:
        raise BadInput(f"{what} which?", hint=f"for example: ownmind growth {what} fix:i12")
    with opened(everywhere) as face:
        match what:
            case "weeks":
                weeks = face.growth.weeks(limit or 8)
                print_encoded(weeks) if everywhere.json else _weeks(weeks)
            case "list":
                page = face.growth.all(kind, cursor, limit or 50)
                if everywhere.json:
                    print_encoded(page)
                    return 0
                for one in page.changes:
                    _show(one)
                if not page.changes:
                    print("Nothing of that kind has changed." if kind else _NOTHING)
                if page.next:
                    print(dim(f'and more: --cursor "{page.next}"'))
                print(dim(_NEVER))
            case _:
                one = face.growth.undo(change) if what == "undo" else face.growth.redo(change)
                print_encoded(one) if everywhere.json else _show(one)
    return 0


def _show(one: Change) -> None:
    marks = joined(_STATES[one.state], "can be taken back" if one.can_undo else "", "can be had again" if one.can_redo else "")
    print(f"{bold(clean(one.id))}  {clean(_words(one))}{f'  ({marks})' if marks else ''}")
    for each in one.evidence:
        lead = "it had said: " if each.told.kind == "reply" else ""
        place = joined(clean(each.told.title or each.source), day(each.told.at), each.item_id)
        print(dim(f"    {lead}“{one_line(each.told.quote)}” · {place}"))
    if not one.evidence:
        print(dim(f"    {day(one.at) if one.at else 'nobody kept when'}"))


def _words(one: Change) -> str:
    """The change as a sentence."""
    now, before = "; ".join(one.now), "; ".join(one.before)
    instead = f" (before: {before})" if before else ""
    match one.kind, one.detail:
        case "fix", _:
            return f"You put a memory right: {now}{instead}"
        case "correction", _:
            return f"You put a reply right: {now}{instead}"
        case "confirmed", _:
            return f"You confirmed: {now}"
        case "updated", _:
            return f"You said something newer: {now}{instead}"
        case "wish", _:
            return f"It holds for every answer: {now}"
        case "people", "same":
            return f"{one.now[0]} and {one.now[-1]} are one person"
        case "people", "apart":
            return f"{one.now[0]} and {one.now[-1]} are two people"
        case "people", _:
            return f"{now} is you"
        case "permission", _:
            return f"May go to {now} without asking: {one.detail}"
        case "skill", "off":
            return f"The skill {now} is switched off"
        case "skill", how:
            return f"The skill {now} was {how}"
    return f"{now} answers; {one.count:,} replies"


def _weeks(weeks: tuple[Week, ...]) -> None:
    for one in weeks:
        rated = one.good + one.bad
        print(bold(f"Week of {one.start:%d %b %Y}"))
        print(f"    {one.replies:,} replies; {one.good} of {rated} with a thumb were good; {one.unknown:,} said that it did not know")
        print(f"    {one.remembered} of {one.corrections} corrections of replies remembered")
        print(f"    {one.learnt:,} facts learnt, {one.confirmed:,} confirmed, {one.put_right:,} put right by hand")
