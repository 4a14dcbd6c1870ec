"""``ownmind wipe``: the end of a home."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from ...errors import PersonMustAct
from ...paths import find
from .opening import opened
from .options import HERE, Everywhere
from .output import bold, clean, dim, note, print_encoded

if TYPE_CHECKING:
    from ...store.wiping import Shredded, Wiping

_WAIT = 15.0  # seconds an Ownmind that serves may take to end and remove its files


def wipe(
    *,
    dry_run: Annotated[bool, Parameter(help="Say what would go and what would stay; remove nothing.", negative="")] = False,
    models: Annotated[bool, Parameter(help="Remove the model files, too: they can be fetched again.", negative="")] = False,
    typed: Annotated[str, Parameter(name="--type", help="The words that are asked for, for scripts.")] = "",
    everywhere: Everywhere = HERE,
) -> int:
    """Destroy the key to everything remembered, then remove it all. There is no way back. Exit code 1 when something could not be removed.

    Example: ownmind wipe --dry-run
    """
    with opened(everywhere) as face:
        plan = face.privacy.wiping(models)
        if dry_run:
            print_encoded(plan) if everywhere.json else _show(plan)
            return 0
        if not typed:
            _show(plan)
            typed = _typed(plan.phrase)
        done = face.privacy.wipe(typed, models)
    return _told(done, _left(everywhere), as_json=everywhere.json)


def _show(plan: Wiping) -> None:
    print(bold(f"This would remove {plan.files:,} files, {plan.bytes / 1e6:,.1f} MB:"))
    for each in plan.goes:
        print(f"  {each.what}\n" + dim(f"    {clean(each.where)}: {each.files:,} files, {each.bytes / 1e6:,.1f} MB"))
    print(bold("It cannot reach:"))
    for stays in plan.stays:
        print(f"  {clean(stays)}")


def _typed(phrase: str) -> str:
    if not sys.stdin.isatty():
        raise PersonMustAct("this cannot be undone, so it is typed", hint=f'run it in a terminal, or say --type "{phrase}"')
    return input(f'Type "{phrase}" to go on: ')


def _left(everywhere: Everywhere) -> bool:
    """Whether the key or the database is still there, once whoever serves has ended."""
    paths, until = find(everywhere.home), time.monotonic() + _WAIT
    while (found := paths.keys.exists() or paths.database.exists()) and time.monotonic() < until:
        time.sleep(0.1)
    return found


def _told(done: Shredded, is_left: bool, *, as_json: bool) -> int:
    if as_json:
        print_encoded({"wiped": done, "left": is_left})
        return int(is_left)
    print(f"The key is destroyed{'' if done.is_verified else ', but a key file is still there'}; {done.backups} backups are gone.")
    print(
        "Some files could not be removed; without the key nobody reads them."
        if is_left
        else f"Nothing of it is left in {clean(done.home)}."
    )
    note("Left to do by hand:")
    for each in done.by_hand:
        note(f"  {clean(each)}")
    return int(is_left or not done.is_verified)
