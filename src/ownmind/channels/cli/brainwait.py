"""Waiting for the chat model while it is fetched and loaded, with a bar on stderr so that stdout stays the answer's."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from ..attach import brain_state
from .output import note

if TYPE_CHECKING:
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


def _with_bar(face: Face) -> bool:
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Fetching the chat model", total=None)
        while not face.wait_for_brain(_LOOK_AGAIN):
            status = face.status()
            state = brain_state(status)
            if state not in COMING:
                return state == "ready"
            done, total = _how_far(status)
            words = "Fetching the chat model" if state == "fetching" else "Loading the chat model"
            bar.update(task, description=words, completed=done, total=total or None)
    return True


def _how_far(status: dict[str, object]) -> tuple[int, int]:
    brain = status.get("brain")
    progress = brain.get("progress") if isinstance(brain, dict) else None
    if not isinstance(progress, dict):
        return 0, 0
    done, total = progress.get("done"), progress.get("total")
    return (done if isinstance(done, int) else 0), (total if isinstance(total, int) else 0)
