"""The passphrase and the recovery key. Typed on the terminal or taken from the environment; never an argument, which
other programs of this machine could read in the list of processes."""

from __future__ import annotations

import os
from typing import Annotated, Literal

from cyclopts import Parameter

from ...errors import BadInput, HomeInUse
from ...paths import find
from ...store import keys
from ...store.opening import Store, open_store
from .opening import asked, require_home, unlocked
from .options import HERE, Everywhere
from .output import note, print_json

_SHORT = 8  # characters; below that a warning, since argon2id makes guessing slow but not impossible


def passphrase(
    action: Annotated[Literal["set", "change", "remove"], Parameter(help="set or change it, or remove it.")],
    /,
    *,
    everywhere: Everywhere = HERE,
) -> int:
    """Set, change or remove the passphrase. It is asked for twice, or read from OWNMIND_NEW_PASSPHRASE.

    Nothing is encrypted anew: the passphrase wraps the key. Backups made before still open with the old one.

    Example: ownmind passphrase set
    """
    with _opened(everywhere) as store:
        new = None if action == "remove" else _new()
        keys.change_passphrase(store.paths, store.keys, new)
        kept = keys.protection(store.paths)
    if everywhere.json:
        print_json({"protection": kept.kind, "recovery": kept.has_recovery})
        return 0
    print({"set": "The passphrase is set.", "change": "The passphrase is changed.", "remove": "The passphrase is removed."}[action])
    print(f"Now {kept.says}." + (f"\nhint: {kept.hint}" if kept.hint else ""))
    return 0


def recovery(*, everywhere: Everywhere = HERE) -> int:
    """Make a recovery key: shown this once, to be written down and put away. An earlier one stops working.

    It opens this memory when the passphrase is forgotten: give it where the passphrase is asked for.

    Example: ownmind recovery
    """
    with _opened(everywhere) as store:
        key = keys.new_recovery_key(store.paths, store.keys)
    if everywhere.json:
        print_json({"recovery_key": key})
        return 0
    print(f"\n    {key}\n")
    note("Write it down and keep it away from this machine. It is not shown again, and whoever has it can read everything here.")
    return 0


def _opened(everywhere: Everywhere) -> Store:
    paths = find(everywhere.home)
    require_home(paths)
    try:
        return unlocked(lambda given: open_store(paths, given))
    except HomeInUse as error:
        raise HomeInUse(error.message, hint="stop it first: keys are changed only while nobody uses them", pid=error.pid) from error


def _new() -> str:
    """The new passphrase. Raises BadInput when it is empty or was typed in two ways."""
    given = os.environ.pop("OWNMIND_NEW_PASSPHRASE", None)
    if given is None:
        given = asked("New passphrase: ")
        if asked("Once more: ") != given:
            raise BadInput("the two were not the same", hint="nothing was changed; try again")
    if not given:
        raise BadInput("an empty passphrase protects nothing", hint="`ownmind passphrase remove` removes it")
    if len(given) < _SHORT:
        note("ownmind: a short passphrase can be guessed by someone who has the files; a few words together are better")
    return given
