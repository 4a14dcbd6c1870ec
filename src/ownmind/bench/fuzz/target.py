"""One parser as a function of bytes, and what is given to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .mutate import Mutate

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

Take = Callable[[bytes], object]
Begin = Callable[[Path], AbstractContextManager[Take]]


@dataclass(frozen=True, slots=True)
class Target:
    """One parser. ``begin`` makes the function in a folder of its own; ``share`` is how often it is tried beside the others; ``refuses``
    are errors that say no beside ours, where the layer above turns them into ours.

    Inputs are ``samples`` with mistakes put in by ``mutate`` and, where ``made`` says so, texts that have the format's own shape, drawn
    by Hypothesis. ``chunk``: inputs for one process, fewer where what it holds grows with them.
    """

    name: str
    samples: Callable[[], Sequence[bytes]]
    mutate: Mutate
    begin: Begin
    share: int
    refuses: tuple[type[Exception], ...] = ()
    made: Callable[[], SearchStrategy[bytes]] | None = None
    chunk: int = 400


def pure(take: Take) -> Begin:
    """A parser that needs no folder."""

    @contextmanager
    def begin(folder: Path) -> Iterator[Take]:
        del folder
        yield take

    return begin


def of_text(take: Callable[[str], object]) -> Begin:
    """A parser of words: what is no UTF-8 is repaired, as the wall where it comes in does."""
    return pure(lambda data: take(data.decode("utf-8", "surrogatepass" if data.isascii() else "replace")))
