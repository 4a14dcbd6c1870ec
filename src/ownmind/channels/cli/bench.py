"""``ownmind bench``: measures one thing on this machine and prints one object that says how."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from ...errors import BadInput
from .options import HERE, Everywhere
from .output import note, print_json


def bench(
    name: Annotated[str | None, Parameter(help="Which; left out lists them.")] = None,
    /,
    *,
    data: Annotated[Path | None, Parameter(help="The questions and conversations a quality bench runs on.")] = None,
    n: Annotated[int | None, Parameter(name="-n", help="How many; each bench has its own default.")] = None,
    seed: Annotated[int | None, Parameter(help="For what is drawn by chance.")] = None,
    sizes: Annotated[list[int] | None, Parameter(help="How large the memories are, for benches that take several.")] = None,
    quarters: Annotated[int | None, Parameter(help="How many quarters `plans` plans beside its weeks.")] = None,
    ablate: Annotated[bool, Parameter(help="What each signal of recall brings, too.", negative="")] = False,
    quick: Annotated[bool, Parameter(help="A small form that tests run, for benches that take long.", negative="")] = False,
    out: Annotated[Path | None, Parameter(help="Where a bench that asks a model writes each reply; it goes on from what is there.")] = None,
    only: Annotated[list[str] | None, Parameter(help="Which parts, where a bench has them: tasks, categories, halves.")] = None,
    brain: Annotated[str | None, Parameter(help="Which chat model: starter, 0.5b, 135m, a GGUF file; several with commas.")] = None,
    everywhere: Everywhere = HERE,
) -> int:
    """Measure speed, size and promises. Throw-away homes are used: your memory is not touched.

    Example: ownmind bench start -n 3 --json
    """
    from ...bench import BENCHES, load

    if name is None:
        print_json({"benches": sorted(BENCHES)}) if everywhere.json else print("\n".join(sorted(BENCHES)))
        return 0
    if name not in BENCHES:
        raise BadInput(f"there is no bench {name!r}", hint=f"there are: {', '.join(sorted(BENCHES))}")
    if data is not None and not data.expanduser().exists():
        raise BadInput(f"there is nothing at {data}", hint="--data takes the path of a data set")
    given = {
        "data": data.expanduser().absolute() if data else None,
        "n": n,
        "seed": seed,
        "sizes": sizes,
        "quarters": quarters,
        "ablate": ablate or None,
        "quick": quick or None,
        "only": only,
        "brain": brain,
        "out": out.expanduser().absolute() if out else None,
    }
    if not everywhere.json:
        note(f"ownmind: measuring {name}")
    found = load(name).run(**{key: value for key, value in given.items() if value is not None})
    if everywhere.json:
        print_json(found)
        return 0
    _show(found)
    return 0


def _show(found: dict[str, object], indent: str = "") -> None:
    for name, value in found.items():
        if isinstance(value, dict):
            print(f"{indent}{name}:")
            _show(value, indent + "  ")
        else:
            print(f"{indent}{name}: {value}")
