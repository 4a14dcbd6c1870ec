"""The house itself: status, doctor, paths."""

from __future__ import annotations

import dataclasses
from typing import Annotated

from cyclopts import Parameter

from ...paths import find
from .opening import opened
from .options import HERE, Everywhere
from .output import bold, clean, dim, print_json


def status(*, everywhere: Everywhere = HERE) -> int:
    """Show what is here and what is going on: what is remembered, the chat model, and what has left this machine.

    Example: ownmind status
    """
    with opened(everywhere) as face:
        figures = face.status()
    if everywhere.json:
        from ..wire import encode

        print_json(encode(figures))
        return 0
    for line in _lines(figures):
        print(line)
    return 0


def paths(*, everywhere: Everywhere = HERE) -> int:
    """Print where everything is. Makes nothing.

    Example: ownmind paths
    """
    places = find(everywhere.home)
    named = {field.name: getattr(places, field.name) for field in dataclasses.fields(places)}
    named |= {
        name: getattr(places, name) for name in ("config", "database", "keys", "blobs", "backups", "log", "temporary", "socket", "models")
    }
    if everywhere.json:
        print_json({name: str(path) for name, path in named.items()})
        return 0
    for name, path in named.items():
        print(f"{name:<10} {path}" + ("" if path.exists() else dim("  (not there yet)")))
    return 0


def doctor(
    *,
    verify: Annotated[
        bool, Parameter(help="Also hash every model file, load the chat model and read the whole index: takes a minute.", negative="")
    ] = False,
    repair: Annotated[bool, Parameter(help="Make the search index again where it is out of step; nothing is lost.", negative="")] = False,
    everywhere: Everywhere = HERE,
) -> int:
    """Check everything, and say what to do. Exit code 1 when a check failed; changes nothing unless asked to repair.

    Example: ownmind doctor --verify
    """
    from ..doctor import Verdict, worst
    from .examining import examine

    checks = examine(everywhere, verify=verify, repair=repair)
    gravest = worst(checks)
    if everywhere.json:
        from ..wire import encode

        print_json({"ok": gravest is not Verdict.FAIL, "checks": encode(checks)})
    else:
        for check in checks:
            print(f"{check.verdict:<5} {bold(check.name)}: {clean(check.detail)}")
            if check.hint and check.verdict is not Verdict.OK:
                print(f"      → {clean(check.hint)}")
    return 1 if gravest is Verdict.FAIL else 0


def _lines(figures: dict[str, object], indent: str = "") -> list[str]:
    """``name: value`` a line, nested ones indented."""
    lines = []
    for name, value in figures.items():
        words = name.replace("_", " ")
        if isinstance(value, dict):
            lines += [f"{indent}{words}:", *_lines(value, indent + "  ")]
        else:
            lines.append(f"{indent}{words}: {clean(_shown(value))}")
    return lines


def _shown(value: object) -> str:
    match value:
        case None | "":
            return "-"
        case bool():
            return "yes" if value else "no"
        case float():
            return f"{value:.3g}"
        case int():
            return f"{value:,}"
        case list() | tuple():
            return ", ".join(map(str, value)) or "-"
    return str(value)
