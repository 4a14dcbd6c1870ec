"""``ownmind import``: reading files and folders, with a bar that says how many, how fast, and what was left out and why."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from ...errors import BadInput, NotFound
from ...messages import Imported, Progress
from .opening import opened
from .options import HERE, Everywhere
from .output import clean, dim, note, print_encoded

_LISTED = 50  # skipped things shown to a person; --json has them all


def bring(
    *paths: Annotated[Path, Parameter(help="Files and folders: Markdown, text, HTML, PDF, Word, and transcripts (.jsonl).")],
    everywhere: Everywhere = HERE,
) -> int:
    """Read files, folders and chat transcripts into memory.

    A second import adds nothing. Stopped in the middle, the same command goes on where it was. What cannot be read is
    listed with the reason and the exit code is then 1; everything else was imported.

    Example: ownmind import ~/Documents/notes chat.jsonl
    """
    if not paths:
        raise BadInput("nothing to import", hint="for example: ownmind import ~/Documents/notes")
    for path in paths:
        if not path.expanduser().exists():
            raise NotFound(f"there is nothing at {path}", hint="check the path; nothing was imported yet")
    with opened(everywhere, make=True) as face:
        try:
            with _bar() as moved:
                done = face.import_paths([path.expanduser().absolute() for path in paths], on_progress=moved)
        except KeyboardInterrupt:
            note("\nownmind: stopped; what was read is kept, and the same command goes on from there")
            raise
    print_encoded(done) if everywhere.json else _show(done)
    return 1 if done.skipped else 0


def _show(done: Imported) -> None:
    rate = f", {done.items / done.seconds:,.0f} a second" if done.items and done.seconds else ""
    print(f"Remembered {done.items:,} items from {done.sources:,} sources in {done.seconds:.1f} s{rate}.")
    if done.already_known:
        print(f"{done.already_known:,} were known already.")
    for skipped in done.skipped[:_LISTED]:
        todo = dim(f"  → {clean(skipped.hint)}") if skipped.hint else ""
        print(f"  skipped {clean(skipped.where)}: {clean(skipped.reason)}{todo}")
    if len(done.skipped) > _LISTED:
        print(f"  and {len(done.skipped) - _LISTED:,} more; --json lists them all")


@contextmanager
def _bar() -> Iterator[Callable[[Progress], None] | None]:
    """Something to call with each step of progress: a bar on stderr when a person looks there, else nothing."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (
        SpinnerColumn("line"),
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeElapsedColumn(),
    )
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Reading", total=None, rate="")

        def moved(step: Progress) -> None:
            elapsed = bar.tasks[0].elapsed or 0.0
            rate = f"{step.done / elapsed:,.0f} {step.unit}/s" if elapsed > 1 else ""
            bar.update(task, description=clean(step.detail or step.task)[-40:], completed=step.done, total=step.total or None, rate=rate)

        yield moved
