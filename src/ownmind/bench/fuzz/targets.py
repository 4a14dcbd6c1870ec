"""Every parser that meets what a stranger, a damaged disk or a tired person wrote, each as a function of bytes."""

from __future__ import annotations

import asyncio
import io
import json
import os
import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from ... import config
from ...agent.turn import Parts, turn
from ...channels import attach
from ...connectors.transcript import Transcript
from ...egress import frames
from ...errors import OwnmindError
from ...guard import identifiers, orders, secrets
from ...guard.declared import Declaration, Effect, Parameter, Role
from ...guard.labels import Type
from ...guard.plan import planned
from ...guard.pseudonyms.personal import Dictionary
from ...guard.pseudonyms.veil import restore as unveiled
from ...guard.pseudonyms.veil import veil
from ...memory import dates, question, rules, times
from ...memory.importing import import_paths
from ...memory.memory import Memory
from ...messages import Entry, Integrity, Item, Kind, Label, Media, Source
from ...models.brain import Brain
from ...models.embedder import HashEmbedder
from ...models.llama_process import read_frame
from ...models.scripted import ScriptedModel
from ...models.worker import _frame as worker_frame
from ...paths import Paths
from ...senses import perceive, sniff
from ...senses.sandbox import Sandbox
from ...store import keys
from ...store.backup import backup, restore
from ...store.opening import Store, open_store, open_throwaway
from .. import samples
from .mutate import Mutate, of_bytes, of_json, of_text

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
MINE = Label(Integrity.PERSON)
Take = Callable[[bytes], object]


@dataclass(frozen=True, slots=True)
class Target:
    """One parser. ``begin`` makes the function in a folder of its own; ``share`` is how often it is tried beside the others; ``refuses``
    are errors that say no beside ours, where the layer above turns them into ours."""

    name: str
    samples: Callable[[], Sequence[bytes]]
    mutate: Mutate
    begin: Callable[[Path], AbstractContextManager[Take]]
    share: int
    refuses: tuple[type[Exception], ...] = ()


def _pure(take: Take) -> Callable[[Path], AbstractContextManager[Take]]:
    @contextmanager
    def begin(folder: Path) -> Iterator[Take]:
        del folder
        yield take

    return begin


def _text(take: Callable[[str], object]) -> Callable[[Path], AbstractContextManager[Take]]:
    return _pure(lambda data: take(data.decode("utf-8", "surrogatepass" if data.isascii() else "replace")))


# Files


@contextmanager
def _sandboxed(folder: Path) -> Iterator[Take]:
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
def _plain(folder: Path) -> Iterator[Take]:
    path = folder / f"fuzz-{os.getpid()}"

    def take(data: bytes) -> None:
        path.write_bytes(data)
        with path.open("rb") as stream:
            media_type = sniff(stream, "a.md")
        if media_type in ("text/plain", "text/markdown", "text/html"):
            for _ in perceive(Media(path, media_type, Source("file:a"))):
                pass

    yield take


def _turns(data: bytes) -> None:
    for _ in Transcript(io.BytesIO(data), "chat.jsonl", "file:chat.jsonl").fetch():
        pass


@contextmanager
def _imported(folder: Path) -> Iterator[Take]:
    """The whole road of a file on disk, into a real store."""
    with _memory(folder) as (memory, store):

        def take(data: bytes) -> None:
            path = folder / f"given-{os.getpid()}{chance.choice(('.txt', '.md', '.jsonl', '.html', '.docx', '.pdf', ''))}"
            path.write_bytes(data)
            import_paths(memory, store, [path], now=NOW)

        chance = random.Random(0)
        yield take


@contextmanager
def _config(folder: Path) -> Iterator[Take]:
    path = folder / f"config-{os.getpid()}.toml"

    def take(data: bytes) -> None:
        path.write_bytes(data)
        config.read(path)

    yield take


@contextmanager
def _backups(folder: Path) -> Iterator[Take]:
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
            restore(path, Paths(home, place / "cache"), _made_backup()[1])
        except OwnmindError:
            assert not home.exists() and not list(place.glob(".*restoring*")), "something is left of a restore that was refused"
            raise
        assert data == _made_backup()[0], "a damaged backup was taken for sound"

    yield take


@cache
def _made_backup() -> tuple[bytes, str]:
    import tempfile

    with tempfile.TemporaryDirectory(prefix="ownmind-bench-") as name:
        folder = Path(name)
        with open_throwaway(Paths(folder / "home", folder / "cache")) as store:
            Memory(store, None, lambda: NOW).remember([Entry("I live in Porto.", Source("note:1"), MINE)], now=NOW)
            made = backup(store, folder, now=NOW)
            return made.path.read_bytes(), made.recovery_key


# What processes of ours say to each other


def _answered(data: bytes) -> None:
    """What another process of ours may answer: an error, an event, a list."""
    attach.refusal(data, 500)
    attach.event(attach.parsed(data))


def _framed(data: bytes) -> None:
    async def read() -> None:
        reader = asyncio.StreamReader()
        reader.feed_data(data)
        reader.feed_eof()
        while (frame := await frames.read(reader)) is not None:
            frames.opening(frame)

    asyncio.run(read())


def _worker(data: bytes) -> None:
    stream = io.BytesIO(data)
    with suppress(RecursionError):  # this end reads only what our own process has written; it would end with it
        while read_frame(stream) is not None:
            pass
    worker_frame(data[4:])  # the end that reads what the model's process says


def _frame(body: bytes, head: str) -> bytes:
    import struct

    return struct.pack(head, len(body)) + body if head == ">I" else struct.pack(head, b"j", len(body)) + body


# Words


def _times(text: str) -> None:
    times.mentions(text, NOW)
    dates.window(text, NOW)
    question.read(text, NOW, names=("Ana", "Ben"))


def _rules(text: str) -> None:
    rules.candidates(Item("i1", text, Source("note:1"), MINE, Kind.MESSAGE, NOW, "", "", 1, NOW))


def _guarded(text: str) -> None:
    identifiers.found(text)
    secrets.secrets(text)
    orders.orders(text)
    planned(text, ("send",), {"send": _SEND})
    veiled = veil(text, Dictionary(), (), random.Random(0))
    assert unveiled(veiled.text, veiled.new) == text, "a veiled text does not come back as it was"


_SEND = Declaration("send", Effect.SENDS, {"to": Parameter(Role.AUTHORITY, Type.EMAIL), "text": Parameter(Role.CONTENT)})


@contextmanager
def _memory(folder: Path) -> Iterator[tuple[Memory, Store]]:
    home = folder / f"home-{os.getpid()}"
    with open_store(Paths(home, folder / "cache")) as store:
        memory = Memory(store, HashEmbedder(64), lambda: NOW)
        entries = [Entry(text, Source("note:1"), MINE, at=NOW, external_id=str(n)) for n, text in enumerate(samples.SAYINGS)]
        memory.remember(entries, now=NOW)
        yield memory, store


@contextmanager
def _asked(folder: Path) -> Iterator[Take]:
    """Questions, targets of forgetting, words that stand in the index, and the remembering of them."""
    with _memory(folder) as (memory, _):

        def take(data: bytes) -> None:
            text = data.decode("utf-8", "replace")
            memory.recall(text, k=5, now=NOW)
            memory.facts(text)
            memory.verify(text[:2000])
            if text.strip():
                memory.remember([Entry(text[:4000], Source("note:2"), MINE, at=NOW)], now=NOW)
            memory.plan_forget(text)

        yield take


@contextmanager
def _turned(folder: Path) -> Iterator[Take]:
    """Whole turns with a model that says back what was said to it, notes and all."""
    with _memory(folder) as (memory, store):
        brain = Brain.of(ScriptedModel(lambda pairs: (pairs[-1][1] if pairs else "")[-800:]))

        async def said(text: str) -> None:
            parts = Parts(memory=memory, brain=brain, conversations=store.conversations, settings=store.settings)
            async for _ in turn(text, parts=parts, conversation="c1", now=NOW):
                pass

        yield lambda data: asyncio.run(said(data.decode("utf-8", "replace")))


_EVENTS = (
    b'{"type":"heard","conversation":"c1","message_id":"i1"}', b'{"type":"words","text":"Hello"}',
    b'{"type":"failed","message":"no","hint":"x"}', b'{"error":{"type":"BadInput","kind":"BadInput","message":"m","hint":"h"}}',
    b'{"type":"done","reply":{"text":"a","conversation":"c1","sources":[]}}',
)  # fmt: skip
_OPENING = json.dumps(frames.Opening("example.org", 443, True, "GET").frame()).encode()
_COMPLETION = b'{"id":1,"slot":0,"messages":[{"role":"user","content":"hi"}],"most":64,"schema":null}'
_SAYINGS = [text.encode() for text in samples.SAYINGS]
_KEYS = b'{"body":"{\\"home\\":\\"ab\\",\\"wraps\\":[{\\"kind\\":\\"recovery\\",\\"box\\":\\"AAAA\\"}]}","sum":"0"}'
_UNSOUND = (ValueError, KeyError, TypeError, AttributeError)  # what keys.parsed says it raises; its caller turns them into StoreDamaged

TARGETS: dict[str, Target] = {
    each.name: each
    for each in (
        Target("pdf", lambda: [samples.pdf()], of_bytes, _sandboxed, 6),
        Target("word", samples.docx, of_bytes, _sandboxed, 6),
        Target("html", lambda: [samples.HTML], of_bytes, _sandboxed, 8),
        Target("text and encodings", samples.encodings, of_bytes, _plain, 10),
        Target("transcript", lambda: [samples.transcript()], of_bytes, _pure(_turns), 8),
        Target("transcript line", lambda: samples.transcript().splitlines(), of_json, _pure(_turns), 6),
        Target(
            "import of any file",
            lambda: [samples.pdf(), samples.HTML, samples.MARKDOWN, samples.transcript(), *samples.docx()],
            of_bytes,
            _imported,
            2,
        ),
        Target("config", lambda: [samples.TOML], of_bytes, _config, 8),
        Target("backup", lambda: [_made_backup()[0]], of_bytes, _backups, 1),
        Target("keys file", lambda: [_KEYS], of_json, _pure(keys.parsed), 4, _UNSOUND),
        Target("answers of a running Ownmind", lambda: _EVENTS, of_json, _pure(_answered), 6),
        Target("frames of the broker", lambda: [_frame(_OPENING, ">cI")], of_bytes, _pure(_framed), 5, (frames.BrokenFrames,)),
        Target(
            "opening of the broker",
            lambda: [_OPENING],
            lambda data, chance: _frame(of_json(data, chance), ">cI"),
            _pure(_framed),
            4,
            (frames.BrokenFrames,),
        ),
        Target("frames of the model", lambda: [_frame(_COMPLETION, ">I")], of_bytes, _pure(_worker), 4, (ValueError,)),
        Target("times and questions", lambda: _SAYINGS, of_text, _text(_times), 7),
        Target("statements", lambda: _SAYINGS, of_text, _text(_rules), 5),
        Target("what the guard reads", lambda: _SAYINGS, of_text, _text(_guarded), 5),
        Target("recall, forget, remember", lambda: _SAYINGS, of_text, _asked, 2),
        Target("turn", lambda: _SAYINGS, of_text, _turned, 1),
    )
}


def _planted(data: bytes) -> None:
    """The control: a parser with an error, a hang, a death and a leak in it."""
    if data[:1] == b"\x00":
        os.abort()
    if data[:1] == b"\x01":
        while True:
            pass
    if data[:1] == b"\x02":
        _LEAKED.append(b"x" * (1 << 30))
    if data[:1] == b"\x03":
        json.loads(b"[" * 200_000)
    raise OwnmindError("refused")


_LEAKED: list[bytes] = []
TARGETS["planted"] = Target("planted", lambda: [bytes([n]) + b"!" for n in range(5)], lambda data, chance: data, _pure(_planted), 0)
