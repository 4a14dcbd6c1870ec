"""``ownmind forget``: shows what would go, asks a person, and gives a receipt."""

from __future__ import annotations

import sys
from typing import Annotated

from cyclopts import Parameter

from ...errors import BadInput, NotFound
from ...messages import Forgetting, Kind, Receipt
from .opening import opened
from .options import HERE, Everywhere
from .output import one_line, print_encoded


def forget(
    what: Annotated[str, Parameter(help="An id (i12, f7), a conversation, a source (file:..., note:3), or words to search for.")],
    /,
    *,
    dry_run: Annotated[bool, Parameter(help="Only show what would go.", negative="")] = False,
    yes: Annotated[bool, Parameter(name=["--yes", "-y"], help="Do not ask. Scripts need it for more than one thing.", negative="")] = False,
    everywhere: Everywhere = HERE,
) -> int:
    """Remove something everywhere: its words, index, vectors and what was learnt from it. It stays gone.

    A scan afterwards looks for traces; the exit code is 1 when it found one.

    Example: ownmind forget i12 --dry-run
    """
    with opened(everywhere) as face:
        plan = face.plan_forget(what)
        if not plan.items and not plan.facts:
            raise NotFound("nothing remembered matches that", hint="`ownmind recall` and `ownmind facts` show ids")
        if dry_run:
            _show_plan(plan, everywhere.json)
            return 0
        if not yes and _needs_asking(plan) and not _agreed(plan, everywhere.json):
            print("Nothing was forgotten.")
            return 1
        receipt = face.forget(plan)
    print_encoded(receipt) if everywhere.json else _show_receipt(receipt)
    return 0 if receipt.verified else 1


def _needs_asking(plan: Forgetting) -> bool:
    """True when more than one thing the person remembered would go. Our own replies made from it go along without a question."""
    own = [item for item in plan.items if item.kind is not Kind.REPLY]
    return len(own) > 1 or (not own and len(plan.facts) > 1)


def _agreed(plan: Forgetting, as_json: bool) -> bool:
    """Whether the person says yes. Raises BadInput when nobody can be asked."""
    if as_json or not sys.stdin.isatty():
        raise BadInput(
            f"that would forget {len(plan.items)} remembered things", hint="look with --dry-run, then say --yes, or name one by its id"
        )
    _show_plan(plan, False)
    return input("Forget all of this for good? [y/N] ").strip().lower() in ("y", "yes")


def _show_plan(plan: Forgetting, as_json: bool) -> None:
    if as_json:
        print_encoded(plan)
        return
    for item in plan.items:
        print(f"{item.id}  {one_line(item.text)}")
    for fact in plan.facts:
        print(f"{fact.id}  {one_line(fact.text)}")
    print("Would remove: " + ", ".join(f"{count} {place}" for place, count in plan.counts.items() if count))


def _show_receipt(receipt: Receipt) -> None:
    print(f"Forgotten: {', '.join([*receipt.items, *receipt.facts]) or 'nothing'}.")
    print("Removed: " + (", ".join(f"{count} {place}" for place, count in receipt.removed.items() if count) or "nothing") + ".")
    print("A scan found no trace of it." if receipt.verified else "A scan still found a trace: run `ownmind doctor`.")
