"""Errors as words: what happened, why, and what to do next; with ``--json`` the same as an object."""

from __future__ import annotations

import sys
import traceback

from ...errors import BadInput, DiskFull, OwnmindError


def complain(error: Exception, argv: list[str]) -> int:
    """Says what went wrong on stderr (and as JSON on stdout for ``--json``) and gives the exit code."""
    from . import BUG
    from .output import clean, print_json

    known = explained(error)
    if "--debug" in argv:
        traceback.print_exception(error, file=sys.stderr)
    message, hint = clean(known.message), clean(known.hint)
    code = BUG if known.exit_code == 1 else known.exit_code
    if "--json" in argv:
        print_json({"error": {"kind": type(known).__name__, "message": message, "hint": hint, "exit_code": code}})
    print(f"ownmind: {message}", file=sys.stderr)
    if hint:
        print(f"hint: {hint}", file=sys.stderr)
    return code


def explained(error: Exception) -> OwnmindError:
    """``error`` as one of ours. What nobody foresaw is a bug: named by type alone, since its text may hold remembered words."""
    if isinstance(error, OwnmindError):
        return error
    if "cyclopts" in sys.modules:
        from cyclopts import CycloptsError

        if isinstance(error, CycloptsError):
            return BadInput(str(error).strip().splitlines()[0], hint=_usage(error))
    if isinstance(error, OSError) and error.errno == 28:  # ENOSPC
        return DiskFull("the disk is full", hint="make room and run the same command again: nothing that was acknowledged is lost")
    if isinstance(error, PermissionError | FileNotFoundError | IsADirectoryError | NotADirectoryError):
        return BadInput(f"{error.strerror}: {error.filename}", hint="check the path and its permissions")
    return OwnmindError(f"a bug in Ownmind ({type(error).__name__})", hint="run the same command with --debug and report it")


def _usage(error: Exception) -> str:
    chain = getattr(error, "command_chain", None) or ()
    return f"`{' '.join(['ownmind', *chain])} --help` shows how"
