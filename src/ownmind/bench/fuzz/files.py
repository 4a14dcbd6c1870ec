"""What reads files: the parsers of documents, transcripts, settings and backups, and the whole road of an import."""

from __future__ import annotations

import io
import os
import random
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from ... import config
from ...connectors.transcript import Transcript
from ...errors import OwnmindError
from ...memory.importing import import_paths
from ...memory.memory import Memory
from ...messages import Entry, Media, Skipped, Source
from ...paths import Paths
from ...senses import calendar, perceive, sniff
from ...senses.sandbox import Sandbox
from ...store.backup import backup, restore
from ...store.opening import open_throwaway
from .remembered import MINE, NOW, memory_in
from .target import Take

_YEAR = (1_790_000_000.0, 1_821_536_000.0)  # around November 2026


@contextmanager
def sandboxed(folder: Path) -> Iterator[Take]:
    """By the type its bytes say it is, in the process that parses."""
    path = folder / f"fuzz-{os.getpid()}"
    with Sandbox() as sandbox:

        def take(data: bytes) -> None:
            path.write_bytes(data)
            with path.open("rb") as stream:
                media_type = sniff(stream, "a")
            for part in sandbox.perceive(Media(path, media_type, Source("file:a"))):
                assert len(part.text) == part.span.end - part.span.start

        yield take


@contextmanager
def parsed(folder: Path) -> Iterator[Take]:
    """By the type its bytes say it is, here: the process that parses would hide an error of ours behind its end."""
    path = folder / f"fuzz-{os.getpid()}"

    def take(data: bytes) -> None:
        path.write_bytes(data)
        with path.open("rb") as stream:
            media_type = sniff(stream, "a")
        for _ in perceive(Media(path, media_type, Source("file:a"))):
            pass

    yield take


@contextmanager
def plain(folder: Path) -> Iterator[Take]:
    path = folder / f"fuzz-{os.getpid()}"

    def take(data: bytes) -> None:
        path.write_bytes(data)
        with path.open("rb") as stream:
            media_type = sniff(stream, "a.md")
        if media_type in ("text/plain", "text/markdown", "text/html"):
            for _ in perceive(Media(path, media_type, Source("file:a"))):
                pass

    yield take


def events(data: bytes) -> None:
    """A calendar, here: every event comes out whole, or a reason does."""
    for found in calendar.events(io.BytesIO(data), _YEAR):
        assert isinstance(found, Skipped) or all(one.start < one.end for one in found.occurrences)


def turns(data: bytes) -> None:
    for _ in Transcript(io.BytesIO(data), "chat.jsonl", "file:chat.jsonl").fetch():
        pass


@contextmanager
def imported(folder: Path) -> Iterator[Take]:
    """The whole road of a file on disk, into a real store."""
    with memory_in(folder) as (memory, store):

        def take(data: bytes) -> None:
            path = folder / f"given-{os.getpid()}{chance.choice(('.txt', '.md', '.jsonl', '.html', '.docx', '.pdf', ''))}"
            path.write_bytes(data)
            import_paths(memory, store, [path], now=NOW)

        chance = random.Random(0)
        yield take


@contextmanager
def settings(folder: Path) -> Iterator[Take]:
    path = folder / f"config-{os.getpid()}.toml"

    def take(data: bytes) -> None:
        path.write_bytes(data)
        config.read(path)

    yield take


@contextmanager
def backups(folder: Path) -> Iterator[Take]:
    """Damaged backups, opened with their recovery key: never a home, and never half of one."""
    number = 0

    def take(data: bytes) -> None:
        nonlocal number
        number += 1
        place = folder / f"restoring-{os.getpid()}"
        place.mkdir(exist_ok=True)
        path, home = place / "a.ownmind-backup", place / f"home{number}"
        path.write_bytes(data)
        try:
            restore(path, Paths(home, place / "cache"), made_backup()[1])
        except OwnmindError:
            assert not home.exists() and not list(place.glob(".*restoring*")), "something is left of a restore that was refused"
            raise
        assert data == made_backup()[0], "a damaged backup was taken for sound"

    yield take


@cache
def made_backup() -> tuple[bytes, str]:
    with tempfile.TemporaryDirectory(prefix="ownmind-bench-") as name:
        folder = Path(name)
        with open_throwaway(Paths(folder / "home", folder / "cache")) as store:
            Memory(store, None, lambda: NOW).remember([Entry("I live in Porto.", Source("note:1"), MINE)], now=NOW)
            made = backup(store, folder, now=NOW)
            return made.path.read_bytes(), made.recovery_key
