"""Doctor's checks from the command line: through the running Ownmind when there is one, else by opening the store alone.

Nothing is started for it, and a store that does not open is a finding among the others.
"""

from __future__ import annotations

from ...errors import HomeInUse, OwnmindError
from ...paths import Paths, find
from ..doctor import Check, Verdict, brain_loads, guarded, inside, outside, repaired
from .opening import attached, unlocked
from .options import Everywhere


def examine(everywhere: Everywhere, *, verify: bool, repair: bool = False) -> list[Check]:
    """Every check that can be made now, whatever state the home is in. ``repair`` makes the index again first, where it is out of
    step; raises HomeInUse while an Ownmind runs."""
    paths = find(everywhere.home)
    other = attached(paths)
    if other is None:
        loads = [guarded("brain", lambda: brain_loads(paths))] if verify else []
        return [*outside(paths, verify=verify), *_opened(paths, verify=verify, repair=repair), *loads]
    if repair:
        other.close()
        raise HomeInUse("Ownmind is running: the index is repaired while nobody uses it", hint="stop it, then run this again")
    try:
        asked = other.doctor()
    finally:
        other.close()
    if not verify:
        return asked
    ours = {check.name: check for check in outside(paths, verify=True)}  # models are files anyone may read: hash them here
    return [ours.get(check.name, check) for check in asked]


def _opened(paths: Paths, *, verify: bool, repair: bool) -> list[Check]:
    from ...store import keys
    from ...store.opening import open_store

    if not keys.exist(paths) and not paths.database.exists():
        return [Check("store", Verdict.WARN, f"nothing is kept at {paths.home} yet", "`ownmind` begins; --home DIR looks elsewhere")]
    try:
        with unlocked(lambda given: open_store(paths, given)) as store:
            mended = [guarded("repair", lambda: repaired(store))] if repair else []
            return [*mended, *inside(store, verify=verify)]
    except HomeInUse as error:
        return [Check("store", Verdict.WARN, error.message, "stop that process to have the store checked")]
    except OwnmindError as error:
        return [Check("store", Verdict.FAIL, error.message, error.hint)]
