"""The models of this home, for every channel: what runs, what could run here, how well; fetch, choose, add, check and remove.

A face of synchronous methods (see channels/rooms.py). What takes long begins at once: ``progress`` says how far it is, ``stop`` ends it,
and the bulletin tells whoever listens (``{"type": "models"}``).
"""

from __future__ import annotations

import asyncio
import functools
import hashlib
import shutil
import time
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from ... import config as settings
from ...config import Config
from ...egress.door import Door, Outlet
from ...egress.download import Downloader, ServerRefused
from ...errors import BadInput, BrainNotReady, DiskFull, DownloadFailed
from ...jobs.bulletin import Notice
from ...messages import Progress
from ...paths import Paths
from ..brain import Brain, State, is_path, resident
from ..llama import devices, gguf
from . import catalogue, checked, fetch, fits, hub, machine, measure, servers
from .catalogue import Entry, HubRepo, ModelFile
from .checked import Checked
from .fits import Fit, Verdict
from .machine import Machine
from .servers import Found
from .underway import Say, Stopped, Underway, Work

T = TypeVar("T")
_MOST_CATALOGUE = 4 << 20
_STALE = 5.0  # seconds


@dataclass(frozen=True, slots=True)
class Model:
    """A model as it can be shown. Bytes; ``needs`` is memory, 0 where it is not known."""

    id: str
    title: str
    role: str
    about: str
    licence: str
    languages: str
    context: int
    tools: str
    parameters: int
    quantisation: str
    bytes: int
    upstream: str
    origin: str  # built in, update, yours
    runs: bool  # whether something here runs it
    here: bool
    in_use: bool
    pinned: bool  # whether its bytes are known by their hash
    verdict: str  # fits, tight, too large, unknown, nothing here runs it yet
    why: str
    needs: int
    path: str
    measured: str  # in one line; "" when it was not checked on this machine
    checked: Checked | None


@dataclass(frozen=True, slots=True)
class Using:
    """What runs now."""

    id: str
    title: str
    state: str
    note: str
    chosen: str  # by the settings; another one while that cannot be used
    memory: int  # bytes its process has
    embedder: str


@dataclass(frozen=True, slots=True)
class Added:
    """A model that was added, what to know about it, and what else its repository has."""

    model: Model
    note: str
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Removed:
    id: str
    freed: int  # bytes
    note: str


@dataclass(frozen=True, slots=True)
class Updated:
    """What an update of the catalogue brought."""

    models: int
    new: tuple[str, ...]
    changed: tuple[str, ...]


class Models:
    """The models of one home. Any thread may call it; what speaks with the brain runs in the house's loop."""

    def __init__(
        self,
        paths: Paths,
        config: Config,
        kept: checked.Settings,
        brain: Brain,
        door: Door,
        *,
        publish: Callable[[Notice], None],
        connect: Callable[[str, str, str], object],
    ) -> None:
        self._paths, self._config, self._kept, self._brain, self._door = paths, config, kept, brain, door
        self._connect = connect
        self._work = Work(publish)
        self._measured_last: tuple[float, Machine | None] = (0.0, None)
        self._loop: asyncio.AbstractEventLoop | None = None

    def begin(self, loop: asyncio.AbstractEventLoop) -> None:
        """Told by the house which loop the brain lives in."""
        self._loop = loop

    def close(self) -> None:
        """Stops what is under way."""
        self._work.stop()

    # What there is

    def all(self, kind: str = "") -> tuple[Model, ...]:
        """Every model known here; ``kind`` narrows to chat, vision, embedding, reranker, speech, voice, translation or image."""
        if kind and kind not in catalogue.KINDS:
            raise BadInput(f"there is no kind {kind[:40]!r}", hint=f"one of: {', '.join(catalogue.KINDS)}")
        found, past = self.machine(), checked.kept(self._kept)
        return tuple(self._model(entry, found, past) for entry in self._entries() if kind in ("", entry.kind))

    def machine(self) -> Machine:
        """What this machine has: memory, cores, disk and graphics processors, measured now (a few seconds ago at most)."""
        at, found = self._measured_last
        if found is None or time.monotonic() - at > _STALE:
            found = replace(machine.measure(self._paths.models, with_gpus=False), gpus=_gpus())
            found = replace(found, unused_gpu="" if found.gpus else machine.seen_gpu())
            self._measured_last = time.monotonic(), found
        return found

    def using(self) -> Using:
        """What runs now, and what the settings say."""
        now = settings.read(self._paths.config)
        id = self._brain.id
        title = next((entry.title for entry in self._entries() if entry.id == id), Path(id).stem if is_path(id) else id)
        state, note = str(self._brain.state), self._brain.note
        return Using(id, title, state, note, now.brain, resident(self._brain.pid), now.embedder)

    def progress(self) -> Underway:
        """What is under way, or how the last of it ended."""
        return self._work.now

    def stop(self) -> Underway:
        """Ends what is under way. A fetch goes on where it stopped when it is begun again."""
        return self._work.stop()

    # Fetching, adding, removing

    def fetch(self, id: str) -> Underway:
        """Begins to fetch a model. One whose bytes are not known yet is looked up on the hub first, and pinned."""
        entry = self._entry(id)
        if entry.bytes and not entry.is_own_file and (free := self.machine().disk_free) < entry.bytes and not self._is_here(entry):
            raise DiskFull(
                f"{entry.title} needs {fits.words(entry.bytes)} of disk, and {fits.words(free)} are free in {self._paths.models}",
                hint="remove a model (`ownmind models remove ID`), or set OWNMIND_CACHE to a folder on a bigger disk",
            )
        return self._work.begin("fetch", id, functools.partial(self._fetched, entry))

    def add(self, what: str) -> Added:
        """Adds a GGUF file of the person's own (it stays where it is), or one of the hub: OWNER/NAME, OWNER/NAME:Q4_K_M or :FILE, or an
        id of the catalogue whose bytes are not pinned yet. The hub is asked; nothing is fetched yet."""
        path = Path(what).expanduser()
        if what.endswith(".gguf") and (path.is_absolute() or path.exists() or what.startswith(("~", "."))):
            return self._added_file(path.absolute())
        known = next((entry for entry in self._entries() if entry.id == what), None)
        if known is not None and known.is_pinned:
            return Added(self._shown(known), f"{known.title} is known already; `ownmind models fetch {known.id}` brings it", ())
        asked = known.hub if known is not None else hub.parse(what)
        if asked is None:
            raise BadInput(f"{what[:120]!r} is no model", hint="a .gguf file, OWNER/NAME of the hub, or an id of `ownmind models`")
        return self._added_repo(asked, known)

    def remove(self, id: str) -> Removed:
        """Frees the disk of a model. Refuses one that is in use. A file of the person's own stays where it is and is forgotten here."""
        entry, now = self._entry(id), settings.read(self._paths.config)
        if id in (self._brain.id, now.brain, now.embedder):
            raise BadInput(f"{entry.title} is in use", hint="use another one first: `ownmind models use ID`")
        if self._work.now.state == "running" and self._work.now.id == id:
            raise BadInput(f"{entry.title} is being worked on", hint="stop it first: `ownmind models stop`")
        folder = self._paths.models / entry.id
        freed = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) if folder.is_dir() else 0
        shutil.rmtree(folder, ignore_errors=True)
        freed += _remove_partial(entry, self._paths)
        mine = catalogue.own(self._paths.home)
        if entry.is_own_file or (not freed and any(one.id == id for one in mine)):
            catalogue.keep(self._paths.home, [one for one in mine if one.id != id])
            where = f"the file stays at {entry.files[0].path}" if entry.is_own_file else "its hash is forgotten too"
            return Removed(id, freed, f"{entry.title} is no longer listed; {where}.")
        return Removed(id, freed, f"{fits.words(freed)} freed." if freed else f"Nothing of {entry.title} was here.")

    def update(self, where: str) -> Updated:
        """Reads a newer catalogue from a file or an address, checks it, and keeps it in the home. What it fetches is asked for and written
        down like everything that leaves. Raises BadInput for what is no catalogue."""
        if where.startswith(("https://", "http://")):
            new = catalogue.parse(self._downloaded(where))
        else:
            new = catalogue.read(Path(where).expanduser())
        before = {entry.id: entry for entry in catalogue.entries(self._paths.home)}
        catalogue.keep(self._paths.home, new, catalogue.UPDATE)
        fresh = tuple(entry.id for entry in new if entry.id not in before)
        return Updated(len(new), fresh, tuple(entry.id for entry in new if entry.id in before and before[entry.id] != entry))

    # Choosing

    def use(self, id: str, force: bool = False) -> Underway:
        """Begins to have a model answer from now on, and after every start. ``force`` loads one that is too large for the memory. An
        embedder is used from the next start on. Raises BadInput at once for what is not here, or cannot be it."""
        if not is_path(id) and not (entry := self._entry(id)).is_chat:
            return self._use_embedder(entry)
        path = self._brain.at_hand(id)
        fits.room(path, self._paths, freed=resident(self._brain.pid), force=force)
        return self._work.begin("use", id, functools.partial(self._used, id, force))

    # How good it is here

    def check(self, id: str = "") -> Underway:
        """Begins the two-minute check of a model on this machine; of the one in use when left out."""
        id = id or self._brain.id
        path = self._brain.at_hand(id)
        if id != self._brain.id:
            fits.room(path, self._paths)
        return self._work.begin("check", id, functools.partial(self._measured, id, path))

    def checked(self, id: str = "") -> tuple[Checked, ...]:
        """What the last checks found, the latest first."""
        found = [one for one in checked.kept(self._kept).values() if id in ("", one.id)]
        return tuple(sorted(found, key=lambda one: one.at, reverse=True))

    # Servers of models on this machine

    def servers(self, port: str = "") -> tuple[Found, ...]:
        """Looks for servers of models on this machine, now that it is asked for: Ollama, LM Studio, llama-server, vLLM, and whatever
        answers at ``port`` too. Each request has its row in the ledger."""
        return servers.look(self._shown_outlet(), port)

    def connect(self, url: str, model: str) -> str:
        """Has a model of such a server among the providers of models, at no price. It answers what the rule gives it."""
        name = servers.named(url)
        self._connect(name, url, model)
        return f'{model} is the provider {name} now; `ownmind brain rules "everything to {name}"` has it answer.'

    # Inside

    def _entries(self) -> tuple[Entry, ...]:
        return catalogue.entries(self._paths.home)

    def _entry(self, id: str) -> Entry:
        return catalogue.entry(id, self._paths.home)

    def _is_here(self, entry: Entry) -> bool:
        return fetch.present(entry, paths=self._paths) is not None

    def _shown(self, entry: Entry) -> Model:
        return self._model(entry, self.machine(), checked.kept(self._kept))

    def _model(self, entry: Entry, found: Machine, past: dict[str, Checked]) -> Model:
        there = fetch.present(entry, paths=self._paths)
        read = _metadata(there.path) if there is not None and entry.runs_with == "llama.cpp" else None
        fit = self._fit(entry, read, found)
        now = settings.read(self._paths.config)
        last = past.get(entry.id)
        is_mine = any(one.id == entry.id for one in catalogue.own(self._paths.home))
        is_built_in = any(one.id == entry.id for one in catalogue.built_in())
        return Model(
            id=entry.id,
            title=entry.title,
            role=entry.role,
            about=entry.about,
            licence=entry.licence,
            languages=entry.languages,
            context=read.context if read is not None and read.context else entry.context,
            tools=entry.tools,
            parameters=read.parameters if read is not None else entry.parameters,
            quantisation=read.quantisation if read is not None else hub.quantisation(entry.files[0].name) if entry.files else "",
            bytes=entry.bytes,
            upstream=entry.upstream,
            origin="built in" if is_built_in else "yours" if is_mine else "update",
            runs=bool(entry.runs_with),
            here=there is not None,
            in_use=entry.id in (self._brain.id if self._brain.state is State.READY else now.brain, now.embedder),
            pinned=entry.is_pinned,
            verdict=str(fit.verdict),
            why=fit.why,
            needs=fit.needs,
            path=str(there.path) if there is not None else "",
            measured=last.words if last is not None else "",
            checked=last,
        )

    def _fit(self, entry: Entry, read: gguf.Metadata | None, found: Machine) -> Fit:
        if not entry.runs_with:
            return Fit(Verdict.NOT_RUN, "it can be fetched, and nothing here uses it yet")
        if entry.runs_with != "llama.cpp":
            return Fit(Verdict.FITS, f"needs about {fits.words(3 * entry.bytes)} of memory", 3 * entry.bytes, found.available)
        freed = resident(self._brain.pid)
        need = fits.needs_here(read, found, freed=freed) if read is not None else fits.needs_of(entry)
        if need is None:
            return Fit(Verdict.UNKNOWN, "how large it is the hub says: add it to see")
        return fits.fit(need, found, freed=freed)

    def _fetched(self, entry: Entry, say: Say, stopped: Stopped) -> str:
        outlet, note = self._door.outlet(consent="ownmind models fetch"), ""
        if not entry.is_pinned:
            assert entry.hub is not None
            say(Progress(f"fetch {entry.id}", 0, 0, "bytes", "asking the hub"))
            entry, note = self._pinned(entry.hub, entry, stopped)
        fetched = fetch.ensure(entry, paths=self._paths, on_progress=say, cancelled=stopped, outlet=outlet)
        return f"{entry.title} is here and right: {fetched.folder}. {note}".strip()

    def _added_repo(self, asked: HubRepo, known: Entry | None) -> Added:
        entry, note = self._pinned(asked, known, lambda: False)
        return Added(self._shown(entry), note, self._others)

    _others: tuple[str, ...] = ()

    def _pinned(self, asked: HubRepo, known: Entry | None, stopped: Stopped) -> tuple[Entry, str]:
        """The entry with the hashes the hub says now, kept for ever after, and what there is to say about that."""
        listing = hub.look(asked.repo, self._door.outlet(consent="ownmind models add"), cancelled=stopped)
        files = hub.chosen(listing, asked.wanted)
        entry = hub.pinned(known, listing, files)
        mine = {one.id: one for one in catalogue.own(self._paths.home)}
        before = mine.get(entry.id)
        if before is not None and [file.sha256 for file in before.files] != [file.sha256 for file in entry.files]:
            raise BadInput(
                f"{entry.title} is pinned to other bytes than the hub has now",
                hint=f"if you trust the new ones: `ownmind models remove {entry.id}`, twice if it is here, then add it again",
            )
        catalogue.keep(self._paths.home, [*(one for one in mine.values() if one.id != entry.id), entry])
        self._others = tuple(hub.offered([file for file in listing.files if file not in files]))
        size, hashes = fits.words(entry.bytes), ", ".join(file.sha256[:12] for file in entry.files[:3])
        return entry, (
            f"{listing.repo} at {listing.commit[:12]}: {size}, {entry.licence}. The hub says its sha256 begins {hashes}: "
            "nobody else says so. From now on only these bytes are taken."
        )

    def _added_file(self, path: Path) -> Added:
        read = gguf.read(path)
        if read.kind != "model":
            raise BadInput(f"{path.name} is a {read.kind}, not a model", hint="add the model it belongs to")
        parts = _shards(path, read.shards)
        files = tuple(ModelFile(part.name, part.stat().st_size, _digest(part), path=str(part)) for part in parts)
        taken = {entry.id: entry for entry in self._entries()}
        id = hub.slug(path.stem)
        same = taken.get(id)
        if same is not None and not same.is_own_file:
            id = f"my-{id}"
        entry = Entry(
            id=id,
            role="chat",
            title=read.name or path.stem,
            about=f"Your own file: {path.name}.",
            runs_with="llama.cpp",
            licence=read.licence or "as its publisher says",
            upstream="",
            files=files,
            parameters=read.parameters,
            context=read.context,
        )
        mine = [one for one in catalogue.own(self._paths.home) if one.id != id]
        catalogue.keep(self._paths.home, [*mine, entry])
        fetch.ensure(entry, paths=self._paths, sources=())  # remembers that these bytes were read
        note = f"{path.name} stays where it is: {read.architecture}, {read.parameters / 1e9:.2g} billion parameters, {read.quantisation}."
        return Added(self._shown(entry), note, ())

    def _downloaded(self, url: str) -> str:
        outlet = self._door.outlet(consent="ownmind models update")
        try:
            with outlet.broker.resting():
                return Downloader(outlet, home=url).read(url, accept="application/json", limit=_MOST_CATALOGUE).text
        except ServerRefused as error:
            raise BadInput(f"there is no catalogue at that address: {error.message}", hint="check the address") from error
        except DownloadFailed as error:
            raise DownloadFailed(
                f"the catalogue could not be fetched: {error.message}", hint="check the connection and try again"
            ) from error

    def _use_embedder(self, entry: Entry) -> Underway:
        if not entry.runs_with:
            raise BadInput(f"nothing here runs {entry.title} yet", hint="`ownmind models` says which run")
        if not self._is_here(entry):
            raise BadInput(f"{entry.title} is not on this machine", hint=f"`ownmind models fetch {entry.id}` first")
        settings.write(self._paths.config, "embedder", entry.id)
        return Underway(
            "use",
            entry.id,
            "done",
            note=f"{entry.title} is the embedder from the next start on; everything is then read again in the background.",
        )

    def _used(self, id: str, force: bool, say: Say, stopped: Stopped) -> str:
        say(Progress(f"use {id}", 0, 0, "", "loading"))
        note = self._in_loop(self._brain.switch(id, force=force))
        settings.write(self._paths.config, "brain", id)
        if force:
            settings.write(self._paths.config, "too_large", True)
        return f"{id} answers from now on. {note}".strip()

    def _measured(self, id: str, path: Path, say: Say, stopped: Stopped) -> str:
        entry = next((one for one in self._entries() if one.id == id), None)
        sha256 = entry.files[0].sha256 if entry is not None and entry.files else ""
        found = self._in_loop(
            measure.check(
                self._brain if id == self._brain.id else None, path, id=id, sha256=sha256, say=say, stopped=stopped, now=datetime.now(UTC)
            )
        )
        checked.keep(self._kept, found)
        return found.words + (f" ({found.note})" if found.note else "")

    def _shown_outlet(self) -> Outlet:
        """A way out for what the person has just asked for and nothing more."""
        return Outlet(lambda going: self._door.ask(going, is_shown=True), self._door.broker)

    def _in_loop(self, work: Coroutine[object, object, T]) -> T:
        if self._loop is None or self._loop.is_closed():
            work.close()
            raise BrainNotReady("the house is not open", hint="this is a fault of ours; please report it")
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()


@functools.cache
def _gpus() -> tuple[devices.Gpu, ...]:
    """Asked once: it takes a child, and cards do not come and go."""
    return devices.gpus()


def _metadata(path: Path) -> gguf.Metadata | None:
    try:
        status = path.stat()
        return _read(path, status.st_size, status.st_mtime_ns)
    except (BadInput, OSError):
        return None


@functools.lru_cache(maxsize=64)
def _read(path: Path, size: int, changed: int) -> gguf.Metadata:
    del size, changed  # of the key: a file that changed is read again
    return gguf.read(path)


def _shards(path: Path, count: int) -> list[Path]:
    """Every file of a model, the first one first. Raises BadInput when one is missing."""
    if count == 1:
        return [path]
    stem = path.name.rpartition("-00001-of-")[0]
    parts = [path.with_name(f"{stem}-{number:05}-of-{count:05}.gguf") for number in range(1, count + 1)]
    if not stem or (missing := [part.name for part in parts if not part.is_file()]):
        raise BadInput(
            f"{path.name} is one of {count} files of a model" + (f", and {missing[0]} is not beside it" if stem else ""),
            hint="put them into one folder and add the first, whose name says 00001",
        )
    return parts


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _remove_partial(entry: Entry, paths: Paths) -> int:
    """Removes what a fetch left half; gives its bytes."""
    freed = 0
    for file in _partial(entry, paths):
        freed += file.stat().st_size
        file.unlink(missing_ok=True)
    return freed


def _partial(entry: Entry, paths: Paths) -> Iterable[Path]:
    folder = paths.models / "partial"
    for file in entry.files:
        yield from folder.glob(f"{file.sha256[:16]}.*")
        yield from (folder / part.wheel for part in file.parts if (folder / part.wheel).is_file())
