"""The passphrase and the recovery key. Typed on the terminal or taken from the environment; never an argument, which
other programs of this machine could read in the list of processes."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from ...errors import BadInput
from .opening import asked, opened
from .opening import passphrase as given_passphrase
from .options import HERE, Everywhere
from .output import note, print_json

if TYPE_CHECKING:
    from ..attach import Face

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
    with opened(everywhere) as face:
        current = _current(face)
        kept = face.privacy.unprotect(current) if action == "remove" else face.privacy.protect(_new(), current)
    if everywhere.json:
        print_json({"protection": kept.kind, "recovery": kept.has_recovery})
        return 0
    print({"set": "The passphrase is set.", "change": "The passphrase is changed.", "remove": "The passphrase is removed."}[action])
    print(f"Now {kept.says}." + (f"\nhint: {kept.hint}" if kept.hint else ""))
    return 0


def recovery(*, everywhere: Everywhere = HERE) -> int:
    """Make a recovery key: shown this once, to be written down and put away. An earlier one stops working.

    It opens this memory when the passphrase is forgotten: give the words, or the letters, where the passphrase is asked for.

    Example: ownmind recovery
    """
    with opened(everywhere) as face:
        made = face.privacy.recovery(_current(face))
        face.privacy.confirm(tuple(made.words[number - 1] for number in made.asked))
    if everywhere.json:
        print_json({"recovery_key": made.letters, "words": list(made.words)})
        return 0
    print()
    for n in range(0, len(made.words), 5):
        print("    " + "".join(f"{at:>2} {word:<10}" for at, word in enumerate(made.words[n : n + 5], n + 1)))
    print(f"\n    or, as letters: {made.letters}\n")
    note("Write it down and keep it away from this machine. It is not shown again, and whoever has it can read everything here.")
    return 0


def _current(face: Face) -> str:
    """The passphrase the home has, "" when it has none."""
    if face.privacy.protection().kind != "passphrase":
        return ""
    return given_passphrase() or asked("Current passphrase: ")


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
