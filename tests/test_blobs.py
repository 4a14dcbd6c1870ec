from __future__ import annotations

import io
import random
import sys
from pathlib import Path

import pytest

from ownmind.errors import NotFound, StoreDamaged
from ownmind.store.opening import Store, open_store, open_throwaway
from ownmind.store.sealed import OVERHEAD, PIECE, Sealing, Unsealed, unsealed
from store_fixtures import child, number, paths_at


@pytest.fixture
def store(tmp_path: Path):
    store = open_throwaway(paths_at(tmp_path / "mind"))
    yield store
    store.close()


def _files(store: Store) -> list[Path]:
    return sorted(store.paths.blobs.iterdir())


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE])
def test_what_was_kept_comes_back(store: Store, size: int) -> None:
    """At and around the borders of a piece, and empty."""
    content = random.Random(size).randbytes(size)
    blob = store.blobs.add(io.BytesIO(content), now=1.0)
    assert store.blobs.read(blob) == content
    assert all(path.stat().st_mode & 0o077 == 0 for path in _files(store))


def test_the_same_content_is_kept_once(store: Store) -> None:
    first = store.blobs.add(io.BytesIO(b"a diary" * 1000), now=1.0)
    assert store.blobs.add(io.BytesIO(b"a diary" * 1000), now=2.0) == first
    assert len(_files(store)) == 1
    assert list(store.paths.temporary.iterdir()) == []


def test_neither_content_nor_its_name_or_hash_shows(store: Store) -> None:
    store.blobs.add(io.BytesIO(b"the plum tree stands in the north garden" * 100), now=1.0)
    (path,) = _files(store)
    assert b"plum tree" not in path.read_bytes()
    second = store.paths.home.parent / "other"
    with open_throwaway(paths_at(second)) as other:
        other.blobs.add(io.BytesIO(b"the plum tree stands in the north garden" * 100), now=1.0)
        assert _files(other)[0].name != path.name, "the name does not depend on the content"
        assert _files(other)[0].read_bytes() != path.read_bytes()


def test_removing_shreds_the_key_and_the_file(store: Store) -> None:
    blob = store.blobs.add(io.BytesIO(b"gone soon"), now=1.0)
    store.blobs.remove(blob)
    assert _files(store) == []
    with pytest.raises(NotFound):
        store.blobs.read(blob)
    store.blobs.remove(blob)


def test_a_removal_that_is_undone_keeps_the_file(store: Store) -> None:
    blob = store.blobs.add(io.BytesIO(b"kept after all"), now=1.0)
    with pytest.raises(ZeroDivisionError), store.db.write():
        store.blobs.remove(blob)
        _ = 1 / 0
    assert store.blobs.read(blob) == b"kept after all"
    with store.db.write(), pytest.raises(ZeroDivisionError), store.db.write():
        store.blobs.remove(blob)
        _ = 1 / 0
    assert store.blobs.read(blob) == b"kept after all"


@pytest.mark.parametrize("how", ["flip first", "flip middle", "flip last", "cut", "cut to a piece", "gone", "grown", "swapped"])
def test_a_damaged_file_is_said_and_never_read_as_something_else(store: Store, how: str) -> None:
    content = random.Random(5).randbytes(2 * PIECE + 100)
    blob = store.blobs.add(io.BytesIO(content), now=1.0)
    (path,) = _files(store)
    sealed = bytearray(path.read_bytes())
    match how:
        case "flip first":
            sealed[0] ^= 1
        case "flip middle":
            sealed[len(sealed) // 2] ^= 1
        case "flip last":
            sealed[-1] ^= 128
        case "cut":
            del sealed[-50:]
        case "cut to a piece":
            del sealed[24 + PIECE + OVERHEAD :]
        case "grown":
            sealed += b"x"
        case "swapped":
            other = store.blobs.add(io.BytesIO(b"another" * PIECE), now=1.0)
            assert other != blob
            sealed = bytearray(next(p for p in _files(store) if p != path).read_bytes())
    path.write_bytes(sealed)
    if how == "gone":
        path.unlink()
        assert store.blobs.missing() == [blob]
    with pytest.raises(StoreDamaged) as damaged:
        store.blobs.read(blob)
    assert damaged.value.hint


def test_a_file_without_a_row_is_swept_at_the_next_start(tmp_path: Path) -> None:
    paths = paths_at(tmp_path / "mind")
    with open_store(paths) as store:
        blob = store.blobs.add(io.BytesIO(b"kept"), now=1.0)
        (paths.blobs / ("0" * 32)).write_bytes(b"of a process that was killed")
        (paths.temporary / "half").write_bytes(b"of a process that was killed")
        (paths.blobs / ("1" * 32)).write_bytes(b"of another")
    with open_store(paths) as store:
        assert len(_files(store)) == 1
        assert store.blobs.read(blob) == b"kept"


ADDS = """
import io, sys
from pathlib import Path
from ownmind.store.opening import open_store
from store_fixtures import paths_at
store = open_store(paths_at(Path(sys.argv[1])))

class Slow(io.RawIOBase):
    pieces = 0
    def read(self, size=-1):
        Slow.pieces += 1
        if Slow.pieces == 20:
            print("in the middle", flush=True)
            sys.stdin.read()
        return b"words that are being kept " * 1000

print(store.blobs.add(io.BytesIO(b"already kept"), now=1.0), flush=True)
store.blobs.add(Slow(), now=1.0)
"""


def test_a_process_killed_while_keeping_a_file_leaves_no_half_of_it(tmp_path: Path) -> None:
    adding = child(ADDS, tmp_path / "mind")
    assert adding.stdout is not None
    blob = int(adding.stdout.readline())
    assert adding.stdout.readline() == "in the middle\n"
    adding.kill()
    adding.wait()
    with open_store(paths_at(tmp_path / "mind")) as store:
        with store.db.read() as cx:
            assert number(cx, "SELECT count(*) FROM blobs") == 1
        assert store.blobs.read(blob) == b"already kept"
        assert len(_files(store)) == 1
        assert list(store.paths.temporary.iterdir()) == []


BIG = """
import io, resource, sys
from pathlib import Path
from ownmind.store.opening import open_throwaway
from store_fixtures import paths_at

class Zeros(io.RawIOBase):
    left = int(sys.argv[2])
    def read(self, size=-1):
        size = min(size, self.left)
        self.left -= size
        return bytes(size)

with open_throwaway(paths_at(Path(sys.argv[1]))) as store:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    blob = store.blobs.add(Zeros(), now=1.0)
    size = sum(len(piece) for piece in store.blobs.pieces(blob))
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(size, after - before, flush=True)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="ru_maxrss is in KiB on Linux only")
def test_a_large_file_needs_little_memory(tmp_path: Path) -> None:
    """100 MB in and out again with less than 40 MB more than before."""
    keeping = child(BIG, tmp_path / "mind", str(100 * 1024 * 1024))
    assert keeping.stdout is not None
    size, grown_kib = map(int, keeping.stdout.readline().split())
    keeping.wait()
    assert size == 100 * 1024 * 1024
    assert grown_kib < 40 * 1024


def test_pieces_cannot_change_places() -> None:
    """Two sealed pieces swapped, doubled or dropped are refused, though each is itself untouched."""
    key, sealed = bytes(32), io.BytesIO()
    sealing = Sealing(sealed, key)
    sealing.write(b"a" * PIECE + b"b" * PIECE + b"c")
    sealing.finish()
    raw = sealed.getvalue()
    header, one, two, end = (
        raw[:24],
        raw[24 : 24 + PIECE + OVERHEAD],
        raw[24 + PIECE + OVERHEAD : 24 + 2 * (PIECE + OVERHEAD)],
        raw[24 + 2 * (PIECE + OVERHEAD) :],
    )
    assert b"".join(unsealed(io.BytesIO(header + one + two + end), key)) == b"a" * PIECE + b"b" * PIECE + b"c"
    for wrong in (header + two + one + end, header + one + one + two + end, header + one + end, header + one + two, header, b""):
        with pytest.raises(Unsealed):
            b"".join(unsealed(io.BytesIO(wrong), key))
