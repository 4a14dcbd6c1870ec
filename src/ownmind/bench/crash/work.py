"""What a home goes through before it is cut off: every sort of writing there is, and a journal of what was acknowledged.

The journal is written outside, line by line, after each call has returned: what stands in it must be true of the home whatever
happens next. What a call that has begun may take away stands in it before.
"""

from __future__ import annotations

import io
import json
import os
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from ...errors import NotFound, OwnmindError
from ...guard.declared import Declaration, Effect, Parameter, Role
from ...guard.labels import Type, Value
from ...guard.plan import planned
from ...memory.importing import import_paths
from ...memory.memory import Memory
from ...messages import ActionState, Entry, Integrity, Kind, Label, Source
from ...models.embedding.embedder import HashEmbedder
from ...store.backup import backup
from ...store.items import whole
from ...store.opening import Store
from ...tools.act import Arguments, Deed, Result, Session, World, granted_by

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
MINE = Label(Integrity.PERSON)
SEND = Declaration(
    "send", Effect.SENDS, {"to": Parameter(Role.AUTHORITY, Type.EMAIL), "text": Parameter(Role.CONTENT)}, says="send {text} to {to}"
)
PASSPHRASE = "a backup of the bench"  # noqa: S105  # protects nothing
SIZES = (64, 128, 256)  # of embedders that take turns

Note = Callable[[dict[str, object]], None]


@dataclass(slots=True)
class Journal:
    """What must be true by now. ``there``: texts to their ids ("" where nobody asked)."""

    there: dict[str, str] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    open: set[str] = field(default_factory=set)  # texts a call that has not returned may take away
    rows: int = 0  # of the ledger
    backups: list[str] = field(default_factory=list)
    begun: list[str] = field(default_factory=list)  # marks of outside effects
    set: str = ""
    kept: dict[int, str] = field(default_factory=dict)  # ids of kept files to what they hold

    def read(self, line: dict[str, object]) -> None:
        """One line more."""
        match line:
            case {"there": dict(texts)}:
                self.there |= {str(text): str(name) for text, name in texts.items()}
            case {"going": list(texts)}:
                self.open |= set(map(str, texts))
            case {"gone": list(texts)}:
                for text in map(str, texts):
                    self.there.pop(text, None)
                    self.gone.add(text)
                    self.open.discard(text)
            case {"row": int(number)}:
                self.rows = number
            case {"backup": str(path)}:
                self.backups.append(path)
            case {"sending": str(mark)}:
                self.begun.append(mark)
            case {"kept": int(number), "holds": str(content)}:
                self.kept[number] = content
            case {"shredding": int(number)}:
                self.kept.pop(number, None)
            case {"set": str(value)}:
                self.set = value


def go_on(store: Store, outside: Path, note: Note, chance: random.Random, *, kinds: tuple[str, ...] = ()) -> Iterator[str]:
    """Works on, one call after the other, for as long as it is asked; gives the kind of each when it has returned."""
    memory = Memory(store, HashEmbedder(), lambda: NOW)
    steps = {
        "say": _say,
        "many": _many,
        "import": _import,
        "forget": _forget,
        "embed": _embed,
        "backup": _backup,
        "row": _row,
        "send": _send,
        "set": _set,
        "keep": _keep,
    }
    names = kinds or tuple(steps)
    told: dict[str, str] = {}
    while True:
        kind = chance.choice(names)
        steps[kind](memory, store, outside, note, chance, told)
        yield kind


def wrong(store: Store, journal: Journal) -> list[str]:
    """What is not as the journal has it, in words."""
    found: list[str] = [f"corrupt: {line}" for line in store.db.check()]
    with store.db.read() as cx:
        texts = {str(text) for (text,) in cx.execute("SELECT text FROM items")}
        items, words = (whole(cx.execute(f"SELECT count(*) FROM {table}").get) for table in ("items", "items_fts_docsize"))  # noqa: S608
    found += [f"lost: {text}" for text in journal.there if text not in texts and text not in journal.open]
    found += [f"back: {text}" for text in journal.gone if text in texts]
    if items != words:
        found.append(f"corrupt: {items} items, {words} in the index")
    found += [f"ledger: {line}" for line in store.ledger.verify()]
    if len(store.ledger.rows()) < journal.rows:
        found.append(f"lost: {journal.rows - len(store.ledger.rows())} rows of the ledger")
    if journal.set and int(store.settings.get("crash.mark", "0")) < int(journal.set):
        found.append("lost: a setting")
    found += [f"lost: kept file b{number}" for number, content in journal.kept.items() if not _holds(store, number, content)]
    found += [f"corrupt: the row of b{number} has no file" for number in store.blobs.missing()]
    return found


def _holds(store: Store, number: int, content: str) -> bool:
    try:
        return store.blobs.read(number) == content.encode()
    except OwnmindError:
        return False


def effects(store: Store, outside: Path) -> tuple[int, int]:
    """Outside effects that happened twice, and those that happened though the store says neither done nor unknown. What was
    running when the process ended is declared unknown first, as every start does; then all that is allowed is tried again."""
    store.actions.lost(NOW)
    world = _world(store, outside)
    for action in store.actions.listed(limit=10_000):
        if action.state is ActionState.ALLOWED:
            world.allow(action.id, NOW)
    lines = _lines(outside)
    told = {
        each.value
        for action in store.actions.listed(limit=10_000)
        if action.state in (ActionState.DONE, ActionState.UNKNOWN)
        for each in action.arguments
    }
    return sum(lines.count(mark) > 1 for mark in set(lines)), sum(mark not in told for mark in set(lines))


def said(text: str, number: int) -> Entry:
    return Entry(text, Source("note:crash", "note", "crash"), MINE, Kind.NOTE, at=NOW, external_id=str(number))


def _say(memory: Memory, store: Store, outside: Path, note: Note, chance: random.Random, told: dict[str, str]) -> None:
    _remember(memory, note, chance, told, 1)


def _many(memory: Memory, store: Store, outside: Path, note: Note, chance: random.Random, told: dict[str, str]) -> None:
    _remember(memory, note, chance, told, 20)


def _remember(memory: Memory, note: Note, chance: random.Random, told: dict[str, str], count: int) -> None:
    numbers = [chance.randrange(1 << 60) for _ in range(count)]
    texts = [f"Number {number} stood in the book of {chance.choice(('Ana', 'Ben', 'Clara'))}, whole to its end." for number in numbers]
    new = dict(zip(texts, memory.remember([said(text, number) for text, number in zip(texts, numbers, strict=True)], now=NOW), strict=True))
    told |= new
    note({"there": new})


def _import(memory: Memory, store: Store, outside: Path, note: Note, chance: random.Random, told: dict[str, str]) -> None:
    number = chance.randrange(1 << 60)
    texts = [f"Turn {turn} of talk {number}, about the harbour." for turn in range(30)]
    path = outside / f"talk-{number}.jsonl"
    rows = [{"id": f"t{turn}", "at": "2026-04-01T10:00:00+00:00", "speaker": "Ana", "text": text} for turn, text in enumerate(texts)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    import_paths(memory, store, [path], now=NOW)
    note({"there": dict.fromkeys(texts, "")})


def _forget(memory: Memory, store: Store, outside: Path, note: Note, chance: random.Random, told: dict[str, str]) -> None:
    for text in chance.sample(sorted(told), min(2, len(told))):
        note({"going": [text]})
        try:
            memory.forget(told.pop(text))
        except NotFound:
            continue
        note({"gone": [text]})


def _embed(memory: Memory, store: Store, outside: Path, note: Note, chance: random.Random, told: dict[str, str]) -> None:
    """Another embedder, or some more of the reading that the last change began."""
    if chance.random() < 0.3:
        memory.use(HashEmbedder(chance.choice(SIZES)))
    memory.embed_backlog(32)


def _backup(memory: Memory, store: Store, outside: Path, note: Note, chance: random.Random, told: dict[str, str]) -> None:
    if chance.random() < 0.3:  # it takes ten times as long as the others
        path = outside / f"{chance.randrange(1 << 60)}.ownmind-backup"
        note({"backup": str(backup(store, path, now=NOW, passphrase=PASSPHRASE).path)})


def _row(memory: Memory, store: Store, outside: Path, note: Note, chance: random.Random, told: dict[str, str]) -> None:
    note({"row": store.ledger.append("hub.example", "test", consent="bench", bytes_out=1, at=NOW.timestamp())})


def _set(memory: Memory, store: Store, outside: Path, note: Note, chance: random.Random, told: dict[str, str]) -> None:
    value = str(int(store.settings.get("crash.mark", "0")) + 1)
    store.settings.set("crash.mark", value)
    note({"set": value})


def _keep(memory: Memory, store: Store, outside: Path, note: Note, chance: random.Random, told: dict[str, str]) -> None:
    """A file kept, and now and then one shredded: its row and its file are two things on the disk."""
    content = f"A kept file, number {chance.randrange(1 << 60)}. " * chance.choice((1, 40, 4000))
    number = store.blobs.add(io.BytesIO(content.encode()), now=NOW.timestamp())
    note({"kept": number, "holds": content})
    if chance.random() < 0.3:
        note({"shredding": number})
        store.blobs.remove(number)


def _send(memory: Memory, store: Store, outside: Path, note: Note, chance: random.Random, told: dict[str, str]) -> None:
    """An effect outside: a line in a file, which nothing of ours takes back."""
    mark = f"letter {chance.randrange(1 << 60)}"
    note({"sending": mark})
    session = Session(planned("Send a letter to tom@example.org", ("send",), {"send": SEND}), "c1")
    arguments = {"to": (Value("tom@example.org", MINE, Type.EMAIL),), "text": (Value(mark, MINE),)}
    _world(store, outside).attempt("send", arguments, session, NOW)


def _world(store: Store, outside: Path) -> World:
    def run(arguments: Arguments, now: datetime) -> Result:
        fd = os.open(outside / "letters", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(fd, f"{arguments['text'][0].data}\n".encode())
        finally:
            os.close(fd)
        return Result("Sent.")

    return World(store.actions, [Deed(SEND, run)], lambda: granted_by(store.actions.endorsements()))


def _lines(outside: Path) -> list[str]:
    path = outside / "letters"
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []
