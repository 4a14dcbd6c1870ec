"""Whether everything is as it should be, and what to do where it is not. Looks; changes nothing unless asked to repair the index.

Each check is a function that gives one ``Check``. Those that need no open store run always, so a wrong passphrase or a
damaged database is itself a finding and never stops the others.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import platform
import shutil
import stat
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from .. import config as settings
from ..egress import seal
from ..errors import OwnmindError
from ..memory import languages
from ..models.brain import Brain, State
from ..models.shelf import catalogue, fetch
from ..paths import Paths
from ..store import derived, items, keys
from ..tools import jail

if TYPE_CHECKING:
    from ..app import House
    from ..models.shelf.catalogue import Entry
    from ..store.opening import Store

LITTLE_ROOM = 2 << 30  # bytes: the starter set is 1.2 GB and a download needs room beside it
NO_ROOM = 100 << 20
LONG_AGO = 1_735_689_600  # 2025-01-01 UTC: a clock before the day this was written is wrong
ENGLISH_ONLY, MULTILINGUAL = "all-minilm-l6-v2-int8", "multilingual-e5-small-q4"
_RECENT = 400  # items whose language is looked at
_SOME, _A_SHARE = 5, 0.1  # how many of them in another language make a person who needs the other embedder


class Verdict(StrEnum):
    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at: what was found, and what to do when it is not ok."""

    name: str
    verdict: Verdict
    detail: str
    hint: str = ""


def check_house(house: House, *, verify: bool = False) -> list[Check]:
    """Every check on a house that is open."""
    return [*outside(house.paths, verify=verify), *inside(house.store, verify=verify), _brain(house)]


def outside(paths: Paths, *, verify: bool = False) -> Iterator[Check]:
    """What can be seen without opening the store. ``verify`` hashes every model file: seconds a gigabyte."""
    yield _python()
    yield _system()
    yield _settings(paths)
    yield _private(paths)
    yield _room(paths.home)
    yield _clock(paths)
    yield sealed()
    yield _jail()
    yield guarded("mcp", lambda: _servers(paths))
    yield guarded("models", lambda: _models(paths, verify=verify))


def inside(store: Store, *, verify: bool = False) -> Iterator[Check]:
    """What only an open store can say: its pages, its index and its keys. Reads every page; ``verify`` every word of the index too."""
    yield guarded("store", lambda: _pages(store))
    yield guarded("index", lambda: _index(store, verify=verify))
    yield guarded("languages", lambda: _languages(store))
    yield guarded("keys", lambda: _keys(store))


def brain_loads(paths: Paths) -> Check:
    """Whether the chat model of the settings really loads: in a process of its own, ended again. Fetches nothing."""
    config = replace(settings.read(paths.config), fetch=False)

    async def load() -> tuple[State, str]:
        brain = Brain(config, paths)
        try:
            await brain.start()
            await brain.ready()
            return brain.state, brain.note
        finally:
            await brain.close()

    return _up(*asyncio.run(load()))


def guarded(name: str, look: Callable[[], Check]) -> Check:
    """What ``look`` finds; an error of ours it raises is the finding."""
    try:
        return look()
    except OwnmindError as error:
        return Check(name, Verdict.FAIL, error.message, error.hint)


def worst(checks: list[Check]) -> Verdict:
    """The gravest verdict among ``checks``."""
    found = {check.verdict for check in checks}
    return Verdict.FAIL if Verdict.FAIL in found else Verdict.WARN if Verdict.WARN in found else Verdict.OK


def _python() -> Check:
    found = platform.python_version()
    if not (3, 11) <= sys.version_info[:2] <= (3, 13):
        return Check("python", Verdict.WARN, f"Python {found} was not tried", "use Python 3.11, 3.12 or 3.13")
    return Check("python", Verdict.OK, f"Python {found}")


def _system() -> Check:
    found = f"{platform.system()} {platform.machine()}"
    if platform.system() != "Linux":
        return Check("system", Verdict.WARN, f"{found}: written for, not tested on", "please report what does not work")
    return Check("system", Verdict.OK, found)


def _settings(paths: Paths) -> Check:
    if not paths.config.exists():
        return Check("settings", Verdict.OK, "the defaults")
    try:
        settings.read(paths.config)
    except OwnmindError as error:
        return Check("settings", Verdict.FAIL, error.message, error.hint)
    return Check("settings", Verdict.OK, str(paths.config))


def _private(paths: Paths) -> Check:
    """Nobody else on this machine may read the home. Not checked where the system has no such modes."""
    if os.name != "posix" or not paths.home.exists():
        return Check("permissions", Verdict.OK, "not applicable here")
    open_to_others = [path for path in _ours(paths) if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)]
    if open_to_others:
        names = ", ".join(path.name for path in open_to_others[:5])
        return Check("permissions", Verdict.WARN, f"others on this machine can open {names}", f"chmod -R go-rwx {paths.home}")
    if paths.home.stat().st_uid != os.getuid():
        return Check(
            "permissions", Verdict.FAIL, f"{paths.home} belongs to another account", "run as that account, or choose another --home"
        )
    return Check("permissions", Verdict.OK, "only you can open the home")


def _ours(paths: Paths) -> list[Path]:
    known = (paths.home, paths.database, paths.keys, paths.blobs, paths.backups, paths.log, paths.temporary, paths.socket)
    return [path for path in known if path.exists()]


def _room(home: Path) -> Check:
    there = next(folder for folder in (home, *home.parents) if folder.exists())
    free = shutil.disk_usage(there).free
    words = f"{free / 1e9:.1f} GB free"
    if free < NO_ROOM:
        return Check("disk", Verdict.FAIL, words, "make room: nothing more can be remembered soon")
    if free < LITTLE_ROOM:
        return Check("disk", Verdict.WARN, words, "make room before fetching models")
    return Check("disk", Verdict.OK, words)


def _clock(paths: Paths) -> Check:
    """A clock that went backwards misdates what is remembered; the home's own files are the witness."""
    now = time.time()
    newest = max((path.stat().st_mtime for path in _ours(paths)), default=0.0)
    if now < LONG_AGO:
        return Check("clock", Verdict.FAIL, f"the clock says {time.strftime('%Y-%m-%d', time.gmtime(now))}", "set the clock")
    if newest > now + 120:
        return Check("clock", Verdict.WARN, f"files here are {newest - now:.0f} s in the future", "set the clock")
    return Check("clock", Verdict.OK, time.strftime("%Y-%m-%d %H:%M %z", time.localtime(now)))


def sealed() -> Check:
    """Whether the process that holds the memory can open a network connection: by trying, itself and in a child. Sends nothing."""
    kind, ways = seal.state().kind, seal.tried()
    open_ways = [way for way, is_open in ways.items() if is_open]
    words = f"{seal.state().words}; tried: " + ", ".join(f"{way} {'works' if is_open else 'is refused'}" for way, is_open in ways.items())
    match kind:
        case seal.Kind.KERNEL if not open_ways:
            return Check("seal", Verdict.OK, words)
        case seal.Kind.KERNEL:
            return Check("seal", Verdict.FAIL, words, "please report this: the seal does not hold")
        case seal.Kind.TRIPWIRE:
            return Check("seal", Verdict.WARN, words, "only Linux on x86-64 and 64-bit ARM has the kernel's seal")
        case seal.Kind.NONE:
            return Check("seal", Verdict.WARN, words, "the `ownmind` command seals its own process; yours is yours to seal")


def _jail() -> Check:
    if reason := jail.available():
        return Check("jail", Verdict.WARN, f"programs cannot be locked in: {reason.message}; each needs your approval", reason.hint)
    return Check("jail", Verdict.OK, "programs are locked in when they run (tried)")


def _servers(paths: Paths) -> Check:
    names = ", ".join(server.name for server in settings.read(paths.config).mcp)
    if not names:
        return Check("mcp", Verdict.OK, "no programs of others are in the settings")
    if reason := jail.available():
        return Check("mcp", Verdict.WARN, f"{names}: not run, because there is no jail here: {reason.message}", reason.hint)
    return Check("mcp", Verdict.OK, f"{names}: locked in and without a network when they run; each use waits for your yes")


def _pages(store: Store) -> Check:
    wrong = store.db.check()
    if wrong:
        return Check("store", Verdict.FAIL, f"damaged: {wrong[0]}", "bring a backup back with `ownmind restore`")
    return Check("store", Verdict.OK, f"every page is sound ({store.paths.database.stat().st_size / 1e6:.1f} MB)")


def _index(store: Store, *, verify: bool) -> Check:
    """Whether what makes things be found is in step with what is remembered."""
    found = derived.faults(store.db, deep=verify)
    if found:
        return Check("index", Verdict.FAIL, "; ".join(fault.detail for fault in found), "`ownmind doctor --repair`: nothing is lost by it")
    return Check("index", Verdict.OK, "everything remembered is in the index")


def repaired(store: Store) -> Check:
    """Makes the index again where it is out of step."""
    found = derived.rebuild(store.db)
    if not found:
        return Check("repair", Verdict.OK, "there was nothing to repair")
    return Check("repair", Verdict.OK, f"made again from what is remembered: {', '.join(fault.what for fault in found)}")


def _languages(store: Store) -> Check:
    """Whether the embedder of the settings reads the languages of what was remembered lately."""
    embedder = settings.read(store.paths.config).embedder
    with store.db.read() as cx:
        recent = items.get(cx, items.newest(cx, items.highest(cx) + 1, _RECENT))
    known = [spoken for item in recent if (spoken := languages.spoken(item.text))]
    foreign = sum("en" not in spoken for spoken in known)
    if embedder != ENGLISH_ONLY or foreign < _SOME or foreign < _A_SHARE * len(known):
        return Check("languages", Verdict.OK, f"{embedder} reads what is remembered")
    hint = f"`ownmind models use {MULTILINGUAL}`: the old one serves until the new one has read everything"
    return Check(
        "languages", Verdict.WARN, f"{foreign} of the newest {len(known)} are not in English, which is all that {embedder} reads", hint
    )


def _keys(store: Store) -> Check:
    """How the key is kept, in plain words. A key in a file is no failure, but nobody should believe it is more than that."""
    kept = keys.protection(store.paths)
    verdict = Verdict.WARN if kept.kind == "file" else Verdict.OK
    recovery = "there is a recovery key" if kept.has_recovery else "there is no recovery key"
    return Check("keys", verdict, f"{kept.says}; {recovery}", kept.hint)


def hashed(entry: Entry, paths: Paths) -> Check:
    """Whether a model's files are the pinned ones, by reading every byte of them."""
    for file in entry.files:
        path = fetch.place(entry, file, paths)
        if not path.is_file():
            return Check(entry.id, Verdict.WARN, "is not here, or not whole yet", f"`ownmind models fetch {entry.id}`")
        with path.open("rb") as content:
            right = hashlib.file_digest(content, "sha256").hexdigest() == file.sha256
        if not right:
            return Check(entry.id, Verdict.FAIL, f"{file.name} is damaged", f"remove {path} and run `ownmind models fetch {entry.id}`")
    return Check(entry.id, Verdict.OK, "its bytes are the pinned ones")


def _models(paths: Paths, *, verify: bool) -> Check:
    """The models the settings name: there, and with ``verify`` right to the last byte."""
    config = settings.read(paths.config)
    missing: list[str] = []
    for name in (config.brain, config.embedder):
        own = Path(name).expanduser()
        if own.suffix == ".gguf":
            if not own.is_file():
                return Check(
                    "models", Verdict.FAIL, f"there is no file {own}", "set brain in config.toml to a file or an id of `ownmind models`"
                )
            continue
        entry = catalogue.entry(name, paths.home)
        if fetch.present(entry, paths=paths) is None:
            missing.append(name)
        elif verify and (check := hashed(entry, paths)).verdict is not Verdict.OK:
            return Check("models", check.verdict, f"{name}: {check.detail}", check.hint)
    if missing:
        return Check(
            "models", Verdict.WARN, f"not here yet: {', '.join(missing)}", "`ownmind models fetch` (memory works without the chat model)"
        )
    return Check("models", Verdict.OK, f"{config.brain}, {config.embedder}" + (": every byte is right" if verify else " are here"))


def _brain(house: House) -> Check:
    """How the chat model of an open house is."""
    return _up(house.brain.state, house.brain.note)


def _up(state: State, note: str) -> Check:
    match state:
        case State.READY:
            return Check("brain", Verdict.OK, "the chat model is loaded and answers")
        case State.FAILED:
            return Check("brain", Verdict.FAIL, note, "`ownmind models verify`, then start again")
        case State.ABSENT:
            return Check("brain", Verdict.WARN, note, "`ownmind models fetch`")
    return Check("brain", Verdict.WARN, note, "it is on its way: look again in a moment")
