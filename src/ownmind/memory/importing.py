"""Files, folders and transcripts into memory: what is read becomes items, what cannot be read is listed with the reason.

The road of one file: the connector finds it; its bytes are hashed (a second import of the same bytes stops here); a sense
gives its text; passages are remembered in batches, each durable before the next; the original is kept, sealed; and only
then is the source marked as finished. So an import that was killed needs no repair: run again, it finds what is there by
the ids the passages have, adds the rest, and nothing is doubled.

A document that changed replaces itself: passages that are still in it stay the items they were (with the facts that rest
on them), new ones come in, and those no longer in it are removed, unless the person confirmed a fact that rests on them.
A transcript only grows: a turn that is no longer in the file stays.
"""

from __future__ import annotations

import logging
import os
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from typing import BinaryIO

import apsw

from .. import senses
from ..connectors import Recorded
from ..connectors.calendar import Calendar
from ..connectors.contacts import Contacts
from ..connectors.folder import Folder, shown
from ..connectors.letters import Letters
from ..connectors.transcript import Transcript, unscoped
from ..errors import BadInput, DiskFull
from ..messages import Confidentiality, Entry, Imported, Integrity, Kind, Label, Media, Part, Progress, Skipped, Source, Span
from ..records import Letter, Record
from ..senses.sandbox import Limits, Sandbox
from ..store import appointments, facts, imports, items, people
from ..store import goals as goal_rows
from ..store.opening import Store
from . import goals_file
from .acquaintances import entry_of, keep
from .memory import Memory
from .passages import split

log = logging.getLogger(__name__)

BATCH = 256  # entries remembered in one transaction
_MOST_REFS = 1000
_REPLACED = ("document", "contacts")  # kinds of sources that hold what their file holds now; others only grow
_BEHIND, _AHEAD = 120 * 86_400.0, 500 * 86_400.0  # seconds around now for which what repeats is worked out at once
_DOCUMENT = Label(Integrity.UNTRUSTED, Confidentiality.PRIVATE)


@dataclass(slots=True)
class _Tally:
    """What the run did so far."""

    sources: int = 0
    items: int = 0
    known: int = 0
    skipped: list[Skipped] = field(default_factory=list)
    bytes_done: int = 0
    refs: list[str] = field(default_factory=list)

    def done(self, seconds: float) -> Imported:
        return Imported(self.sources, self.items, self.known, tuple(self.skipped), seconds, tuple(self.refs[:_MOST_REFS]))


@dataclass(frozen=True, slots=True)
class _Run:
    """What one import carries from file to file."""

    memory: Memory
    store: Store
    now: datetime
    sandbox: Sandbox
    tally: _Tally
    tell: Callable[[str, int], None]  # what is being read, and how many of its bytes are behind us
    cancelled: Callable[[], bool]
    given_in: Path | None


def import_paths(
    memory: Memory,
    store: Store,
    paths: Sequence[Path],
    *,
    now: datetime,
    on_progress: Callable[[Progress], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    limits: Limits | None = None,
    given_in: Path | None = None,
) -> Imported:
    """Remembers what is in ``paths`` (files and folders). Progress counts bytes; its detail says items and rate.

    ``given_in`` is a passing folder that files were put into only to be imported (dropped on the page): documents in it are
    known by name and content (``given:letter.pdf~1f3a...``) instead of by a path that will mean nothing tomorrow.
    When ``cancelled`` says so it stops after the batch in hand. Raises DiskFull, after which as after a crash the same call
    continues where it stopped.
    """
    began = time.monotonic()
    tally = _Tally()
    total = sum(_size(found.path) for found in Folder(paths).fetch() if isinstance(found, Media)) if on_progress else 0

    def tell(title: str, behind: int) -> None:
        if on_progress:
            rate = tally.items / max(time.monotonic() - began, 1e-3)
            on_progress(
                Progress("import", tally.bytes_done + behind, total, "bytes", f"{title}: {tally.items:,} items, {rate:,.0f} a second")
            )

    with Sandbox(limits) as sandbox:
        run = _Run(memory, store, now, sandbox, tally, tell, cancelled or (lambda: False), given_in)
        goals: list[Media] = []
        for found in Folder(paths).fetch():
            if run.cancelled():
                break
            match found:
                case Skipped():
                    tally.skipped.append(found)
                case Media() if found.path.name == goals_file.NAME:
                    goals.append(found)  # they hang on items, which may come after them
                case Media():
                    _file(run, found)
        for media in goals:
            _goals(run, media)
    return tally.done(time.monotonic() - began)


def import_fetched(memory: Memory, store: Store, media: Media, *, now: datetime, limits: Limits | None = None) -> Imported:
    """Remembers one document that was fetched into ``media.path``, under the source ``media`` itself names. What cannot be read is
    in ``skipped``, with the reason."""
    began = time.monotonic()
    tally = _Tally()
    with Sandbox(limits) as sandbox:
        _file(_Run(memory, store, now, sandbox, tally, lambda title, behind: None, lambda: False, None), media)
    return tally.done(time.monotonic() - began)


def _file(run: _Run, media: Media) -> None:
    """One file, whatever becomes of it: remembered, known, or listed as skipped."""
    before = run.tally.items
    size = _size(media.path)
    try:
        with senses.open_regular(media.path) as stream:
            _opened(run, media, stream)
    except BadInput as error:
        kept = run.tally.items - before
        reason = f"{error.message}; the {kept} items before that are kept" if kept else error.message
        run.tally.skipped.append(Skipped(shown(media.path), reason, error.hint))
    except DiskFull as error:
        raise DiskFull(
            f"the disk is full: {run.tally.items} items are safe, and {shown(media.path)} is not finished",
            hint="free some space and run the same import again: it continues there",
        ) from error
    run.tally.bytes_done += size
    run.tell(media.source.title, 0)


def _goals(run: _Run, media: Media) -> None:
    """The goals of an export. Another file of that name is read as what it is."""
    try:
        with senses.open_regular(media.path) as stream:
            if _size(media.path) > run.sandbox.limits.file:
                raise BadInput("more than is read of one file")
            text = stream.read().decode("utf-8", "replace").splitlines()
        with run.store.db.write() as cx:
            new, known, skipped = goals_file.read(cx, text, goal_rows.items_of_export(cx), shown(media.path))
        run.tally.sources += 1
        run.tally.known += known
        run.tally.skipped += skipped
        run.tell(media.source.title, 0)
        log.info("%d goals brought back", new)
    except BadInput as error:
        log.info("no goals: %s", error)
        _file(run, media)


def _opened(run: _Run, media: Media, stream: BinaryIO) -> None:
    limit = run.sandbox.limits.file
    before = os.fstat(stream.fileno())
    if before.st_size > limit:
        raise BadInput(f"{before.st_size >> 20} MB: more than the {limit >> 20} MB that are read of one file", hint="give it in parts")
    media_type = senses.sniff(stream, media.path.name)
    content_key = _content_key(stream, run.store.keys.tombstones)
    with run.store.db.read() as cx:
        known = imports.finished(cx, content_key)
    if known is not None:
        run.tally.known += known.items
        run.tally.refs.append(known.ref)
        return
    if run.given_in is not None and media.path.is_relative_to(run.given_in):
        name = shown(media.path.relative_to(run.given_in))
        media = replace(media, source=replace(media.source, ref=f"given:{name}~{content_key.hex()[:8]}"))
    source, found = _reader(media_type)(run, media, stream, media_type)
    read = _remember_all(run, source, found, stream)
    if run.cancelled():
        return
    if (now := _status(media.path)) is None or (now.st_mtime_ns, now.st_size) != (before.st_mtime_ns, before.st_size):
        raise BadInput("it changed while it was read", hint="import it again")
    _finish(run, source, read, stream, content_key)


def _reader(media_type: str) -> Callable[[_Run, Media, BinaryIO, str], tuple[Source, Iterator[Entry | Skipped]]]:
    match media_type:
        case senses.TRANSCRIPT:
            return _transcript
        case senses.CALENDAR:
            return _calendar
        case senses.CONTACTS | senses.LETTER | senses.MAILBOX:
            return _recorded
        case _:
            return _document


def _transcript(run: _Run, media: Media, stream: BinaryIO, media_type: str) -> tuple[Source, Iterator[Entry | Skipped]]:
    name = shown(Path(media.path.name))
    ref = _transcript_ref(run.store, stream, name, media.source.ref)
    return Source(ref, "transcript", name, senses.TRANSCRIPT), _without_media(Transcript(stream, name, ref).fetch())


def _transcript_ref(store: Store, stream: BinaryIO, name: str, path_ref: str) -> str:
    """``transcript:chat.jsonl``, also after the file moved or grew; with a mark of its path behind when that name is another chat's.

    Another chat shows by its turns: most of the ids it shares with what is stored have other words.
    """
    plain = f"transcript:{name}"
    own = f"{plain}~{blake2b(path_ref.encode(), digest_size=4).hexdigest()}"
    with store.db.read() as cx:
        if imports.source(cx, own):
            return own
        if not imports.source(cx, plain):
            return plain
        first = {
            entry.external_id: entry.text for entry in islice(Transcript(stream, name, plain).fetch(), BATCH) if isinstance(entry, Entry)
        }
        stream.seek(0)
        shared = imports.texts(cx, plain, list(first))
    differing = sum(not _same(first[external_id], text) for external_id, (_, text) in shared.items())
    return own if differing * 2 > len(shared) else plain


def _document(run: _Run, media: Media, stream: BinaryIO, media_type: str) -> tuple[Source, Iterator[Entry | Skipped]]:
    charset = ""
    if media_type in (senses.PLAIN, senses.MARKDOWN):
        encoding = senses.find_encoding(stream)
        charset = f"; charset={encoding.name}" if encoding.assumed else ""  # kept: the words may look wrong one day
    source = replace(media.source, media_type=media_type + charset)
    media = replace(media, media_type=media_type)
    parts = run.sandbox.perceive(media) if senses.is_risky(media_type) else senses.perceive(media)
    return source, _entries(parts, media, source)


def _recorded(run: _Run, media: Media, stream: BinaryIO, media_type: str) -> tuple[Source, Iterator[Entry | Skipped]]:
    """Contacts or letters, parsed in the child."""
    kind = "contacts" if media_type == senses.CONTACTS else "letters"
    source = replace(media.source, kind=kind, media_type=media_type)
    parts = run.sandbox.perceive(replace(media, media_type=media_type))
    found = Contacts(parts, source).fetch() if kind == "contacts" else Letters(parts, source).fetch()
    return source, (thing if isinstance(thing, Skipped) else entry_of(thing) for thing in found)


def _calendar(run: _Run, media: Media, stream: BinaryIO, media_type: str) -> tuple[Source, Iterator[Entry | Skipped]]:
    """A calendar's events, parsed in the child; what repeats is worked out for the time around now."""
    source, now = replace(media.source, media_type=media_type), run.now.timestamp()
    found = run.sandbox.events(media.path, appointments.window(appointments.blocks(now - _BEHIND, now + _AHEAD)))
    return source, Calendar(found, source).fetch()


def _entries(parts: Iterator[Part], media: Media, source: Source) -> Iterator[Entry | Skipped]:
    """A document's passages. A passage's id is a hash of its words, and which time they occur: it survives changes elsewhere."""
    occurred: Counter[bytes] = Counter()
    for passage in split(parts):
        words = blake2b(passage.text.encode(), digest_size=8).digest()
        occurred[words] += 1
        yield Entry(
            text=passage.text,
            source=source,
            label=_DOCUMENT,
            kind=Kind.PASSAGE,
            at=media.at,
            conversation=source.ref,
            external_id=f"{words.hex()}.{occurred[words]}",
            span=passage.span,
            page=passage.page,
        )
    if not occurred:
        raise BadInput("no text in it")


@dataclass(slots=True)
class _Read:
    """What the entries of one source became: the rows of its items now, and how many stay forgotten."""

    rows: set[int] = field(default_factory=set)
    forgotten: int = 0


def _remember_all(run: _Run, source: Source, found: Iterator[Entry | Skipped], stream: BinaryIO) -> _Read:
    read, behind = _Read(), 0
    for batch in _batches(found):
        run.tally.skipped += [thing for thing in batch if isinstance(thing, Skipped)]
        _remember(run, source, [thing for thing in batch if isinstance(thing, Entry)], read)
        if source.media_type.startswith("text/"):  # read whole before, for its encoding: what was taken in says how far it is
            behind += sum(len(thing.text.encode()) for thing in batch if isinstance(thing, Entry))
        run.tell(source.title, stream.tell() if source.kind == "transcript" else min(behind, os.fstat(stream.fileno()).st_size))
        if run.cancelled():
            break
    return read


def _remember(run: _Run, source: Source, batch: list[Entry], read: _Read) -> None:
    """Remembers what of ``batch`` is not there yet: durable when this returns."""
    with run.store.db.read() as cx:
        there = imports.texts(cx, source.ref, [entry.external_id for entry in batch])
        newest = imports.newest_item(cx)
        elsewhere = people.known_letters(
            cx, [record.id for _, record in _records((0, entry) for entry in batch) if isinstance(record, Letter)]
        )
    fresh: dict[str, Entry] = {}
    stand: list[tuple[int, Entry]] = []
    for entry in batch:
        row, text = there.get(entry.external_id, (0, fresh[entry.external_id].text if entry.external_id in fresh else ""))
        if not text and entry.external_id in elsewhere:  # the same letter, in another mailbox
            run.tally.known += 1
        elif not text:
            fresh[entry.external_id] = entry
        elif not _same(text, entry.text):
            run.tally.skipped.append(
                Skipped(f"{source.title} turn {unscoped(entry.external_id)}", "a turn with this id and other words came before")
            )
        else:
            run.tally.known += 1
            stand.append((row, entry))
    rows = [items.row_id(item) if item else 0 for item in run.memory.remember(list(fresh.values()), now=run.now)]
    run.tally.items += sum(row > newest for row in rows)
    run.tally.known += sum(0 < row <= newest for row in rows)
    read.forgotten += rows.count(0)
    keep(run.store, _records([*zip(rows, fresh.values(), strict=True), *stand]))
    if source.kind in _REPLACED:
        read.rows.update(row for row in rows if row)
        read.rows.update(row for row, _ in stand)
        _move(run.store, [(row, entry.span, entry.page) for row, entry in stand if entry.span])


def _records(entries: Iterable[tuple[int, Entry]]) -> list[tuple[int, Record]]:
    """What of these has a record beside its words, with its row."""
    return [(row, entry.record) for row, entry in entries if isinstance(entry, Recorded)]


def _move(store: Store, places: list[tuple[int, Span, int | None]]) -> None:
    if places:
        with store.db.write() as cx:
            imports.place(cx, places)


def _finish(run: _Run, source: Source, read: _Read, stream: BinaryIO, content_key: bytes) -> None:
    """Keeps the original, removes what the new version of a document no longer holds, and marks the source as read to its end."""
    if read.forgotten:
        run.tally.skipped.append(
            Skipped(source.title, f"{read.forgotten} things in it were forgotten and stay forgotten; the file itself is not kept")
        )
    with run.store.db.read() as cx:
        stored = imports.source(cx, source.ref)
    if stored is None:  # nothing in it that is not forgotten
        return
    stream.seek(0)
    blob = None if read.forgotten else run.store.blobs.add(stream, now=run.now.timestamp())
    with run.store.db.write() as cx:
        if source.kind in _REPLACED:
            _retire(cx, imports.without_kept_fact(cx, stored.row, read.rows))
            appointments.keep_only(cx, stored.row, read.rows)
            imports.renumber(cx, stored.row)
        imports.finish(cx, stored.row, content_key=content_key, blob=blob, media_type=source.media_type)
    if stored.blob is not None and stored.blob != blob:
        run.store.blobs.remove(stored.blob)
    run.tally.sources += 1
    run.tally.refs.append(source.ref)


def _retire(cx: apsw.Connection, rows: list[int]) -> None:
    """Removes what a document no longer says. No tombstone: should it say it again, it comes back."""
    if rows:
        facts.restore_superseded_by(cx, [items.row_id(fact.id) for fact in facts.resting_on(cx, rows)])
        items.remove(cx, rows)


def _batches(found: Iterator[Entry | Skipped]) -> Iterator[list[Entry | Skipped]]:
    """Up to BATCH things at a time; what came before a failure comes before the failure. Raises BadInput."""
    failure: BadInput | None = None
    batch: list[Entry | Skipped] = []
    try:
        for thing in found:
            batch.append(thing)
            if len(batch) == BATCH:
                yield batch
                batch = []
    except BadInput as error:
        failure = error
    except OSError as error:
        failure = BadInput(senses.why(error))
    if batch:
        yield batch
    if failure:
        raise failure


def _without_media(found: Iterator[Media | Entry | Skipped]) -> Iterator[Entry | Skipped]:
    return (thing for thing in found if not isinstance(thing, Media))


def _same(one: str, other: str) -> bool:
    return one == other or one.split() == other.split()


def _content_key(stream: BinaryIO, key: bytes) -> bytes:
    """A keyed hash of all of ``stream``: 16 bytes that stand for the file in this store and say nothing outside it."""
    digest = blake2b(key=key, digest_size=16)
    stream.seek(0)
    while piece := stream.read(1 << 20):
        digest.update(piece)
    stream.seek(0)
    return digest.digest()


def _size(path: Path) -> int:
    status = _status(path)
    return status.st_size if status else 0


def _status(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except (OSError, ValueError):
        return None
