"""``ownmind forget``: shows what would go and what is close to it, asks a person, and gives a receipt; proof and second thoughts."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from ...errors import BadInput, NotFound
from ...messages import Checked, Cut, Forgetting, Kind, Receipt, Target
from .opening import opened
from .options import HERE, Everywhere
from .output import clean, day, dim, joined, one_line, print_encoded

if TYPE_CHECKING:
    from ..attach import Face

_LISTED = 40  # items printed; the rest are counted
_WHAT = Parameter(name="*", group="What")


@_WHAT
@dataclass(frozen=True)
class What:
    """What is meant; everything given must hold."""

    person: Annotated[str, Parameter(help="What this person said, and what is said about them.")] = ""
    only: Annotated[Literal["", "by", "about"], Parameter(help="Of a person: what they said (by), or what is said about them.")] = ""
    during: Annotated[str, Parameter(help='A time: "March 2023", "last week".')] = ""
    between: Annotated[tuple[str, str] | None, Parameter(help="Two days, both included.")] = None
    source: Annotated[str, Parameter(help="A file, a transcript, or another source.")] = ""
    conversation: Annotated[str, Parameter(help="A conversation, by its id or its title.")] = ""
    topic: Annotated[str, Parameter(help="Words that all stand in what is meant.")] = ""

    def target(self, what: str = "") -> Target:
        during = "..".join(self.between) if self.between else self.during
        return Target(what, self.person, self.only, self.source, self.conversation, during, self.topic)


def forget(
    what: Annotated[str, Parameter(help="An id (i12, f7), a conversation, a source (file:..., note:3), or words to search for.")] = "",
    /,
    *,
    which: What = What(),  # frozen
    also: Annotated[list[str] | None, Parameter(help="Ids to take along; may be repeated.", negative="")] = None,
    also_near: Annotated[bool, Parameter(help="Take along everything that is shown as close.", negative="")] = False,
    more: Annotated[bool, Parameter(help="Show every offer, also the unlikely ones.", negative="")] = False,
    in_: Annotated[str, Parameter(name="--in", help="Not now but after 12h, 30d, 8w or 1y.")] = "",
    on: Annotated[str, Parameter(help="Not now but on this date; never takes it back.")] = "",
    dry_run: Annotated[bool, Parameter(help="Only show what would go.", negative="")] = False,
    yes: Annotated[bool, Parameter(name=["--yes", "-y"], help="Do not ask. Scripts need it for more than one thing.", negative="")] = False,
    verify: Annotated[str, Parameter(help="Look for these words everywhere, or check a receipt (r3) again.", group="Afterwards")] = "",
    receipts: Annotated[bool, Parameter(help="List what was forgotten when.", negative="", group="Afterwards")] = False,
    allow_again: Annotated[str, Parameter(help="Let it be remembered again: a receipt (r3) or a date.", group="Afterwards")] = "",
    everywhere: Everywhere = HERE,
) -> int:
    """Remove something everywhere: its words, index, vectors and what was learnt from it. It stays gone.

    A scan afterwards looks for traces; the exit code is 1 when it found one.

    Example: ownmind forget --person Ana --during "March 2023" --dry-run
    """
    with opened(everywhere) as face:
        if verify:
            return _show_checked(face.verify(verify), everywhere.json)
        if receipts or allow_again:
            return _show_receipts(face.allow_again(allow_again) if allow_again else face.receipts(), everywhere.json)
        asks = sys.stdin.isatty() and not everywhere.json and not yes
        plan = face.plan_forget(which.target(what), also=also or (), with_near=dry_run or asks, also_near=also_near)
        if not plan.items and not plan.facts:
            raise NotFound("nothing remembered matches that", hint="`ownmind recall` and `ownmind facts` show ids")
        if dry_run:
            _show_plan(plan, everywhere.json, offers=len(plan.near) if more else plan.first)
            return 0
        if in_ or on:
            return _expire(face, plan, in_, on, everywhere.json)
        agreed = plan if yes or not (_needs_asking(plan) or (asks and (plan.near or plan.cut))) else _agreed(face, plan, everywhere.json)
        if agreed is None:
            print("Nothing was forgotten.")
            return 1
        receipt = face.redact(agreed.item, agreed.words) if isinstance(agreed, Cut) else face.forget(agreed)
    print_encoded(receipt) if everywhere.json else _show_receipt(receipt)
    return 0 if receipt.verified else 1


def later(said: str, date: str, now: datetime) -> datetime | None:
    """The moment ``--in`` or ``--on`` names; None for never. Raises BadInput."""
    if date == "never":
        return None
    units = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1), "y": timedelta(days=365)}
    try:
        if said:
            return now + int(said[:-1]) * units[said[-1]]
        at = datetime.fromisoformat(date)
        return at if at.tzinfo else at.astimezone()
    except (ValueError, KeyError, OverflowError) as error:
        raise BadInput(
            f"{said or date!r} is no time that is understood", hint="--in 12h, 30d, 8w or 1y; --on 2026-12-24, or never"
        ) from error


def _expire(face: Face, plan: Forgetting, said: str, date: str, as_json: bool) -> int:
    at = later(said, date, datetime.now().astimezone())
    ids = [name for name in plan.named if name.startswith("i")]
    face.expire(ids, at)
    if as_json:
        print_encoded({"ids": ids, "at": at})
    else:
        print(f"{_count(len(ids), 'item')} will be forgotten on {day(at)}." if at else f"{_count(len(ids), 'item')} will be kept.")
    return 0


def _needs_asking(plan: Forgetting) -> bool:
    """True when more than one thing the person remembered would go. Our own replies made from it go along without a question."""
    own = plan.counts.get("items", len(plan.items)) - plan.counts.get("replies", 0)
    return own > 1 or (not own and len(plan.facts) > 1)


def _agreed(face: Face, plan: Forgetting, as_json: bool) -> Forgetting | Cut | None:
    """The plan the person says yes to, with what they chose of what is close; the cut, where its words alone are to go; None for no.
    Raises BadInput when nobody can be asked."""
    if as_json or not sys.stdin.isatty():
        raise BadInput(
            f"that would forget {plan.counts.get('items', len(plan.items))} remembered things",
            hint="look with --dry-run, then say --yes, or name one by its id",
        )
    offers = plan.first
    while True:
        _show_plan(plan, False, offers=offers)
        more = ", more shows the rest" if offers < len(plan.near) else ""
        words = "/words" if plan.cut else ""
        said = input(f"Forget all of this for good?{f' Ids take them along{more}.' if plan.near else ''} [y/N{words}] ").strip()
        if plan.cut and said.lower() in ("w", "words"):
            return plan.cut
        if said.lower() == "more":
            offers = len(plan.near)
            continue
        chosen = said.replace(",", " ").split()
        if not chosen or any(not (name[0] in "if" and name[1:].isdecimal()) for name in chosen):
            return plan if said.lower() in ("y", "yes") else None
        plan = face.plan_forget(Target(), also=[*(name for name in plan.named if name.startswith("i")), *chosen], with_near=True)
        offers = plan.first


def _show_plan(plan: Forgetting, as_json: bool, *, offers: int) -> None:
    if as_json:
        print_encoded(plan)
        return
    if len(plan.people) > 1:
        print(f"{clean(plan.people[0])} is also: {', '.join(map(clean, plan.people[1:]))}")
    for item in plan.items[:_LISTED]:
        ours = dim("  (my reply)") if item.kind is Kind.REPLY else ""
        print(f"{item.id}  {one_line(item.text)}{dim('  ' + joined(clean(item.speaker), day(item.at)))}{ours}")
    if (left := plan.counts.get("items", 0) - _LISTED) > 0:
        print(f"… and {_count(left, 'more item')}")
    for fact in plan.facts[:_LISTED]:
        print(f"{fact.id}  {one_line(fact.text)}")
    if plan.near:
        print("May say the same, the likeliest first; not removed unless you choose it:")
    for one in plan.near[:offers]:
        print(f"  {one.id}  {one_line(one.text)}")
    if offers < len(plan.near):
        print(f"  … and {_count(len(plan.near) - offers, 'less likely one')} (--more)")
    if cut := plan.cut:
        print(f'Less would do: `ownmind redact {cut.item} "{one_line(cut.words)}"` leaves "{one_line(cut.rest)}"')
    groups = [f"{plan.counts[part]} {name}" for part, name in (("by", "said by them"), ("about", "about them")) if plan.counts.get(part)]
    print("Would remove: " + ", ".join(f"{n} {place}" for place, n in plan.counts.items() if n and place not in ("by", "about")), end="")
    print(f" ({', '.join(groups)})" if groups else "")


def _show_receipt(receipt: Receipt) -> None:
    named = [*receipt.items, *receipt.facts]
    more = f" and {len(named) - _LISTED} more" if len(named) > _LISTED else ""
    print(f"Forgotten: {', '.join(named[:_LISTED]) or 'nothing'}{more}." + (f" Receipt {receipt.id}." if receipt.id else ""))
    print("Removed: " + (", ".join(f"{count} {place}" for place, count in receipt.removed.items() if count) or "nothing") + ".")
    print("A scan found no trace of it." if receipt.verified else "A scan still found a trace: run `ownmind doctor`.")


def _show_receipts(receipts: list[Receipt], as_json: bool) -> int:
    if as_json:
        print_encoded({"receipts": receipts})
        return 0
    for one in receipts:
        state = "not ended: the next start goes on" if not one.ended else "verified" if one.verified else "a trace was found"
        lifted = f"may come back since {day(one.lifted_at)}" if one.lifted_at else ""
        counted = ", ".join(f"{n} {place}" for place, n in one.removed.items() if n and place in ("items", "facts", "replies", "spans"))
        print(f"{one.id}  {day(one.at)}  {joined(one.mode, counted, state, lifted)}")
    if not receipts:
        print("Nothing was forgotten yet.")
    return 0


def _show_checked(checked: Checked, as_json: bool) -> int:
    if as_json:
        print_encoded({"gone": checked.is_gone, "traces": checked.traces, "looked": checked.looked})
        return 0 if checked.is_gone else 1
    for trace in checked.traces:
        print(f"{trace.place}: {trace.count}" + (f" ({', '.join(trace.ids)})" if trace.ids else ""))
    looked = ", ".join(f"{n} {place}" for place, n in checked.looked.items())
    print(f"{'No trace of it' if checked.is_gone else 'It is still there'} (looked at {looked}).")
    return 0 if checked.is_gone else 1


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"
