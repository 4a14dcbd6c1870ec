"""Whether anything remembered can be read from the disk: secrets go in by every road there is, then every byte is searched.

Searched while it runs, after it stopped, and after it and each of its children were made to crash with core files allowed: the home with
database, log (WAL), shared memory, blobs and backups, the temporary folder, the working folder, what was logged, the model worker's files;
and the command line and environment of every process while they run. Each secret as UTF-8, UTF-16, hex and base64.

A zero proves nothing alone. The control writes the same secrets unencrypted (a text file, an SQLite database), aborts a plain process
that holds one, and starts one with it in its command line: the same search must find them all. That the model's process has really had
secrets in its prompts is looked up in its memory. Compressed or otherwise encrypted copies would not be found. The person's own files
that are imported lie outside, and are not searched.
"""

from __future__ import annotations

import base64
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np

from ..channels.attach import Attached
from ..errors import OwnmindError
from ..paths import find
from . import result, samples
from .start import allow_dumps, quiet_home, serving

SAID = 20  # the conversation takes a whole turn for each
NAMED = 20  # names of files; a canary may not be longer than a name
WORKER = "smollm2-135m-instruct-q4_1"  # runs where it was fetched before
ASKED = ("Which word is for the cellar door?", "What is the word for the cellar door?", "Tell me the word for the cellar door.")
TRIED = 8  # of each road's secrets are recalled again
_WAIT = 180.0  # seconds for the small model to start on a busy machine

_LARGEST = 1 << 30  # bytes of one stretch of memory: larger ones are models, not words

# How many of a hundred go each way, besides those that are said and those that name files.
_SHARES = {"remembered": 30, "speaker": 5, "fact": 5, "transcript": 25, "markdown": 10, "text": 10, "html": 10, "word": 4, "pdf": 1}


def run(*, n: int | None = None, seed: int = 7, quick: bool = False, **_: object) -> dict[str, object]:
    """Counts of secrets found. ``faults`` must be 0, and every figure of ``control`` what it says beside it."""
    n = n or (300 if quick else 10_000)
    secrets = _secrets(n, seed)
    with tempfile.TemporaryDirectory(prefix="ownmind-bench-") as name:
        folder = Path(name)
        home, temporary, outside = quiet_home(folder / "home"), folder / "tmp", folder / "outside"
        for place in (temporary, outside, folder / "cache"):
            place.mkdir(mode=0o700)
        places, worker = (home, temporary, folder / "cache"), not quick and _lend_model(folder / "cache")
        if worker:
            with (home / "config.toml").open("a", encoding="utf-8") as config:
                config.write(f'brain = "{WORKER}"\n')
        search = Search(secrets)
        with serving(home, folder=temporary, cache=folder / "cache") as (child, _address), Attached(find(home).socket) as mind:
            if worker:
                mind.wait_for_brain(_WAIT)
            ways = _shared_out(secrets)
            told = _tell(mind, ways, outside)
            mind.backup()
            recalled = {way: f"{sum(_is_known(mind, each) for each in some[:TRIED])} of {len(some[:TRIED])}" for way, some in ways.items()}
            answered = [mind.say(question, conversation="c0").text for question in (ASKED if worker else ())]
            running, searched = search.files(places), _size(places)
            processes = _tree(child.pid)
            visible = search.processes(processes)
            in_memory = search.memory(processes[1:])
        stopped = search.files(places)
        crashed = _crashed(home, temporary, folder / "cache", search, places)
        found = {"running": running, "command_lines_and_environments": visible, "stopped": stopped, "crashed": crashed}
        control = _control(folder / "control", secrets, search)
    figures: dict[str, object] = {
        "faults": sum(map(len, found.values())) + (sum(told.values()) != n),
        "told": told,
        "recalled": recalled,
        "found": {where: len(each) for where, each in found.items()},
        "bytes_searched": searched,
        "processes_looked_at": len(processes),
        "model_worker": "ran" if worker else "not there",
        "answered_by_it": len(list(filter(None, answered))),
    }
    control |= {"secrets_in_the_memory_of_the_model's_process": len(in_memory)} if worker else {}
    return result("canaries", figures, n=n, seed=seed, control=control)


class Search:
    """Looks for many secrets at once: every eight bytes of a file are looked up in a table of how secrets may begin."""

    def __init__(self, secrets: Sequence[str]) -> None:
        self._forms: dict[bytes, list[tuple[bytes, str]]] = {}
        for secret in secrets:
            for form in _forms(secret):
                self._forms.setdefault(form[:8], []).append((form, secret))
        self._table = np.zeros(1 << 24, np.bool_)
        self._table[np.frombuffer(b"".join(self._forms), "<u8") >> np.uint64(40)] = True

    def bytes(self, content: bytes) -> set[str]:
        """The secrets that stand in ``content``."""
        found: set[str] = set()
        for shift in range(8):
            whole = (len(content) - shift) // 8
            if whole <= 0:
                break
            values = np.frombuffer(content, "<u8", whole, shift)
            for place in np.flatnonzero(self._table[values >> np.uint64(40)]).tolist():
                at = shift + 8 * place
                found |= {secret for form, secret in self._forms.get(content[at : at + 8], ()) if content.startswith(form, at)}
        return found

    def files(self, folders: Iterable[Path]) -> set[str]:
        """The secrets in any file below ``folders``, or in its name."""
        found: set[str] = set()
        for path in _files(folders):
            found |= self.bytes(path.name.encode("utf-8", "surrogateescape"))
            with suppress(FileNotFoundError):
                found |= self.bytes(path.read_bytes())
        return found

    def memory(self, numbers: Iterable[int]) -> set[str]:
        """The secrets in what these processes have written in their memory; none where the system does not let us look (proc(5))."""
        found: set[str] = set()
        for number in numbers:
            with suppress(OSError), Path(f"/proc/{number}/mem").open("rb", buffering=0) as held:
                for line in Path(f"/proc/{number}/maps").read_text().splitlines():
                    span, rights, *_ = line.split()
                    start, end = (int(at, 16) for at in span.split("-"))
                    with suppress(OSError):  # a page that is none
                        if rights.startswith("rw") and end - start < _LARGEST:
                            held.seek(start)
                            found |= self.bytes(held.read(end - start))
        return found

    def processes(self, numbers: Iterable[int]) -> set[str]:
        """The secrets in the command lines and environments of these processes; none where the system shows neither."""
        found: set[str] = set()
        for number in numbers:
            for name in ("cmdline", "environ"):
                with suppress(OSError):
                    found |= self.bytes(Path(f"/proc/{number}/{name}").read_bytes())
        return found


def _secrets(n: int, seed: int) -> list[str]:
    """``n`` words of 24 letters that stand nowhere else and share no beginning: an index keeps shared beginnings once."""
    chance = random.Random(seed)
    return ["".join(chance.choices("bcdfghjklmnpqrstvwxz", k=24)) for _ in range(n)]


def _sentence(secret: str) -> str:
    return f"The word for the cellar door is {secret}."


def _shared_out(secrets: list[str]) -> dict[str, list[str]]:
    """The secrets by the road each takes."""
    left = list(secrets)

    def some(count: int) -> list[str]:
        taken, left[:] = left[:count], left[count:]
        return taken

    said, named = some(SAID), some(NAMED)
    share = len(left)
    ways = {way: some(share * part // 100) for way, part in _SHARES.items()}
    ways["remembered"] += some(len(left))
    return ways | {"names of files": named, "said": said}


def _is_known(mind: Attached, secret: str) -> bool:
    """Whether it is really in memory: else there is nothing to find on the disk either."""
    hits = (*mind.recall(secret, k=5), *mind.recall("Page of many.", k=NAMED))  # what a file is called is no word of its text
    found = [f"{one.text} {one.item.speaker} {one.item.source.title}".lower() for one in hits]
    return any(secret in text for text in found)


def _tell(mind: Attached, ways: dict[str, list[str]], outside: Path) -> dict[str, int]:
    """How many secrets were acknowledged, by road. ``outside`` holds the files to import: they are not searched."""
    told = {
        "remembered": _remembered(mind, [{"text": _sentence(secret), "speaker": "Ben"} for secret in ways["remembered"]]),
        "speaker": _remembered(mind, [{"text": "We met at noon.", "speaker": f"Ana {secret}"} for secret in ways["speaker"]]),
        "fact": _remembered(mind, [{"text": f"My neighbour {secret.title()} is vegetarian."} for secret in ways["fact"]]),
    }
    for way, write in _WRITERS.items():
        write(outside / way, ways[way])
        done = mind.import_paths([outside / way])
        told[way] = len(ways[way]) if done.items and not done.skipped else 0
    (outside / "named").mkdir()
    for number, secret in enumerate(ways["names of files"]):
        (outside / "named" / f"{secret}.md").write_text(f"Page {number} of many.", encoding="utf-8")
    told["names of files"] = mind.import_paths([outside / "named"]).items
    for number, secret in enumerate(ways["said"]):
        mind.say(f"Please remember this: {_sentence(secret)}", conversation=f"c{number % 3}")
    return told | {"said": len(ways["said"])}


def _remembered(mind: Attached, rows: list[dict[str, str]]) -> int:
    step = 500  # a page takes a megabyte at once
    return sum(sum(map(bool, mind.remember_many(rows[at : at + step]))) for at in range(0, len(rows), step))


def _transcript(folder: Path, secrets: list[str]) -> None:
    same = {"at": "2026-05-01T10:00:00+00:00", "speaker": "Ana"}
    rows = [json.dumps({"id": f"t{number}", "text": _sentence(secret), **same}) for number, secret in enumerate(secrets)]
    _written(folder, "chat.jsonl", "\n".join(rows).encode() + b"\n")


def _word(folder: Path, secrets: list[str]) -> None:
    _written(folder, "letter.docx", samples.docx(" ".join(map(_sentence, secrets)))[0])


def _pdf(folder: Path, secrets: list[str]) -> None:
    for number, secret in enumerate(secrets):
        _written(folder, f"{number}.pdf", samples.pdf(secret))


def _plain(suffix: str, encoding: str = "utf-8", before: str = "") -> Callable[[Path, list[str]], None]:
    def write(folder: Path, secrets: list[str]) -> None:
        _written(folder, f"cellar{suffix}", (before + "\n\n".join(map(_sentence, secrets))).encode(encoding))

    return write


_WRITERS: dict[str, Callable[[Path, list[str]], None]] = {
    "transcript": _transcript,
    "markdown": _plain(".md"),
    "text": _plain(".txt", "utf-16"),
    "html": _plain(".html", before="<!DOCTYPE html><title>A page</title><p>"),
    "word": _word,
    "pdf": _pdf,
}


def _written(folder: Path, name: str, content: bytes) -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(content)


def _crashed(home: Path, temporary: Path, cache: Path, search: Search, places: Sequence[Path]) -> set[str]:
    """What stands on the disk after each process was aborted with core files allowed: first the children, then the core itself."""
    found: set[str] = set()
    for own in (False, True):
        with serving(home, folder=temporary, cache=cache, dumps=True) as (child, _address):
            with Attached(find(home).socket) as mind:
                with suppress(OwnmindError):
                    mind.wait_for_brain(_WAIT)
                    mind.say(ASKED[0], conversation="c0")
                mind.recall("cellar door", k=50)  # words that were encrypted on the disk are in its memory now
            for number in [child.pid] if own else [each for each in _tree(child.pid) if each != child.pid]:
                with suppress(OSError):
                    os.kill(number, signal.SIGABRT)
            time.sleep(1.0)
        found |= search.files(places)
    return found


def _tree(root: int) -> list[int]:
    """The process and all below it; itself alone where the system does not say."""
    found = [root]
    for number in found:
        for listed in Path(f"/proc/{number}/task").glob("*/children"):
            with suppress(OSError):
                found += [int(each) for each in listed.read_text().split()]
    return found


def _lend_model(cache: Path) -> bool:
    """Lends the small chat model from the person's cache, so that its worker runs; False when it was never fetched."""
    models = find().models
    if not (models / WORKER).is_dir() or not (models / "verified.json").is_file():
        return False
    (cache / "models").mkdir()
    (cache / "models" / WORKER).symlink_to(models / WORKER)
    shutil.copy(models / "verified.json", cache / "models" / "verified.json")
    return True


def _control(folder: Path, secrets: list[str], search: Search) -> dict[str, object]:
    """What the same search finds where secrets lie open."""
    folder.mkdir()
    half = len(secrets) // 2
    (folder / "notes.txt").write_text("\n".join(map(_sentence, secrets[:half])), encoding="utf-8")
    with sqlite3.connect(folder / "plain.db") as db:
        db.execute("CREATE TABLE t(text)")
        db.executemany("INSERT INTO t VALUES (?)", [(_sentence(secret),) for secret in secrets[half:]])
    db.close()
    found = len(search.files((folder,)))
    dumps = folder / "dumps"
    dumps.mkdir()
    code = "import sys, time; held = sys.stdin.readline(); print('ready', flush=True); time.sleep(60)"
    holder = subprocess.Popen(  # noqa: S603  # ourselves
        [sys.executable, "-c", code, _sentence(secrets[0])],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=dumps, preexec_fn=allow_dumps if os.name == "posix" else None,
    )  # fmt: skip
    assert holder.stdin is not None and holder.stdout is not None
    holder.stdin.write(_sentence(secrets[1]).encode() + b"\n")
    holder.stdin.flush()
    holder.stdout.readline()
    shown = search.processes([holder.pid])
    holder.send_signal(signal.SIGABRT) if os.name == "posix" else holder.kill()
    holder.communicate()
    return {
        "open_files": f"{found} of {len(secrets)}",
        "command_line": f"{len(shown)} of 1",
        "core_file": f"{len(search.files((dumps,)) & {secrets[1]})} of 1",  # 0 where this system writes core files elsewhere or not at all
    }


def _forms(secret: str) -> Iterator[bytes]:
    """The bytes the end of a secret may stand as: an index that keeps shared beginnings once still keeps the end."""
    end = secret[-16:].encode()
    yield from (end, end.upper(), end.capitalize())
    yield end.decode().encode("utf-16-le")
    yield end.decode().encode("utf-16-be")
    yield end.hex().encode()
    for offset in range(3):  # base64 depends on the position modulo 3; only characters that nothing beside it changes are taken
        yield base64.b64encode(b" " * offset + end)[-(-offset * 8 // 6) : (offset + len(end)) * 8 // 6]


def _files(folders: Iterable[Path]) -> list[Path]:
    """Files below, without what is lent: a model's own weights hold nobody's words."""
    return sorted(path for folder in folders for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def _size(folders: Iterable[Path]) -> int:
    return sum(path.stat().st_size for path in _files(folders))
