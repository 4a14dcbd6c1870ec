"""Yours to take away: backup, restore, export."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from ...errors import NotFound, PassphraseNeeded
from ...paths import find
from .opening import asked, opened, passphrase
from .options import HERE, Everywhere
from .output import note, print_encoded


def backup(
    file: Annotated[Path | None, Parameter(help="A new file, or a folder; the home's own backups folder when left out.")] = None,
    /,
    *,
    everywhere: Everywhere = HERE,
) -> int:
    """Write one encrypted file with everything, and read it back to be sure.

    It opens with your passphrase or your recovery key. A home that has neither is given a recovery key, shown this once.

    Example: ownmind backup
    """
    with opened(everywhere) as face:
        done = face.backup(file.expanduser().absolute() if file else None)
    told = _fields(done)
    if everywhere.json:
        print_encoded(done)
        return 0
    print(f"Backed up {told.get('items', 0)} items to {told.get('path')} ({_size(told.get('bytes'))}), and read back.")
    if key := told.get("recovery_key"):
        print(f"\nOnly this recovery key opens it (and this memory, should its key be lost):\n\n    {key}\n")
        note("Write it down and keep it away from this machine. It is not shown again.")
    return 0


def restore(
    file: Annotated[Path, Parameter(help="The backup.")],
    /,
    *,
    everywhere: Everywhere = HERE,
) -> int:
    """Bring a backup back into a new home. What is there already is never overwritten.

    The passphrase or recovery key is asked for, or read from OWNMIND_PASSPHRASE.

    Example: ownmind restore mind.ownmind-backup --home ~/mind
    """
    from ...store import backup as store_backup

    paths = find(everywhere.home)
    path = file.expanduser().absolute()
    if not path.is_file():
        raise NotFound(f"there is no backup at {file}", hint="`ownmind paths` says where backups are kept")
    try:
        done = store_backup.restore(path, paths, passphrase())
    except PassphraseNeeded:
        done = store_backup.restore(path, paths, asked("Passphrase or recovery key: "))
    if everywhere.json:
        print_encoded(done)
        return 0
    print(f"Restored {done.items} items and {done.blobs} files into {done.home}.")
    if done.removed:
        print(f"{done.removed} were forgotten since that backup, and stay forgotten.")
    return 0


def export(
    folder: Annotated[Path, Parameter(help="A new or empty folder.")],
    /,
    *,
    everywhere: Everywhere = HERE,
) -> int:
    """Write everything as Markdown and JSONL, to read or to take elsewhere. The export is not encrypted.

    Example: ownmind export ~/my-memory
    """
    with opened(everywhere) as face:
        done = face.export(folder.expanduser().absolute())
    if everywhere.json:
        print_encoded(done)
        return 0
    counts = ", ".join(
        f"{value:,} {name}" for name, value in _fields(done).items() if isinstance(value, int) and not isinstance(value, bool)
    )
    print(f"Exported to {folder}" + (f": {counts}." if counts else "."))
    note("These files are not encrypted: whoever can open the folder can read them.")
    return 0


def _fields(value: object) -> dict[str, object]:
    """What a receipt says by name, whether it is the store's own value or came as JSON from a running Ownmind."""
    if isinstance(value, dict):
        return value
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.asdict(value)
    return {}


def _size(count: object) -> str:
    return f"{count / 1e6:.1f} MB" if isinstance(count, int) else "?"
