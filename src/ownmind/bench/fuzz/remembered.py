"""A real encrypted memory with a few things in it, for the targets that need one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from ...memory.memory import Memory
from ...messages import Entry, Integrity, Label, Source
from ...models.embedding.embedder import HashEmbedder
from ...paths import Paths
from ...store.opening import Store, open_store
from .. import samples

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
MINE = Label(Integrity.PERSON)


@contextmanager
def memory_in(folder: Path) -> Iterator[tuple[Memory, Store]]:
    home = folder / f"home-{os.getpid()}"
    with open_store(Paths(home, folder / "cache")) as store:
        memory = Memory(store, HashEmbedder(64), lambda: NOW)
        entries = [Entry(text, Source("note:1"), MINE, at=NOW, external_id=str(n)) for n, text in enumerate(samples.SAYINGS)]
        memory.remember(entries, now=NOW)
        yield memory, store
