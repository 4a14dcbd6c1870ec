"""Waiting for the chat model while it is fetched and loaded, with a bar on stderr so that stdout stays the answer's."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ..attach import brain_state
from .output import note

if TYPE_CHECKING:
    from ...app import House
    from ..attach import Face

COMING = ("fetching", "loading")
_LOOK_AGAIN = 0.25  # seconds between two looks at how far it is


def await_brain(face: Face) -> bool:
    """True when the brain is ready; False when there is none to wait for. Ctrl-C leaves; what was fetched is kept."""
    if face.wait_for_brain(_LOOK_AGAIN):
        return True
    state = brain_state(face.status())
    if state not in COMING:
        return False
    if not sys.stderr.isatty():
        note(f"ownmind: the chat model is {state}; waiting for it (--no-wait answers from memory alone)")
        return face.wait_for_brain(None)
    return _with_bar(face)


def is_far(face: Face) -> bool:
    """True when the brain is still being fetched: minutes, while loading takes seconds."""
    face.wait_for_brain(_LOOK_AGAIN)
    return brain_state(face.status()) == "fetching"


async def follow(house: House) -> None:
    """Shows on stderr how far the brain of a serving Ownmind is, until there is nothing to wait for: a bar, or a line a change."""
    await house.wait_for_embedder()  # it is fetched first: 21 MB make recall whole
    await house.wait_for_brain(_LOOK_AGAIN)
    shown = ""
    with _bar() as moved:
        while (state := str(house.brain.state)) in COMING:
            if moved is not None:
                moved(await asyncio.to_thread(house.status))
            elif state != shown:
                note(f"ownmind: the chat model is {state}; memory already works")
            shown = state
            await asyncio.sleep(_LOOK_AGAIN)
    if state != "ready" or shown:
        note(f"ownmind: {house.brain.note or 'the chat model is ready'}")


def _with_bar(face: Face) -> bool:
    with _bar() as moved:
        while not face.wait_for_brain(_LOOK_AGAIN):
            status = face.status()
            if brain_state(status) not in COMING:
                return brain_state(status) == "ready"
            if moved is not None:
                moved(status)
    return True


@contextmanager
def _bar() -> Iterator[Callable[[dict[str, object]], None] | None]:
    """Something to call with each status: a bar on stderr where a person looks, else None."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True, redirect_stdout=False) as bar:
        task = bar.add_task("The chat model", total=None, visible=False)

        def moved(status: dict[str, object]) -> None:
            done, total = _how_far(status)
            words = "Fetching the chat model" if brain_state(status) == "fetching" else "Loading the chat model"
            bar.update(task, description=words, completed=done, total=total or None, visible=True)

        yield moved


def _how_far(status: dict[str, object]) -> tuple[int, int]:
    brain = status.get("brain")
    progress = brain.get("progress") if isinstance(brain, dict) else None
    if not isinstance(progress, dict):
        return 0, 0
    done, total = progress.get("done"), progress.get("total")
    return (done if isinstance(done, int) else 0), (total if isinstance(total, int) else 0)
