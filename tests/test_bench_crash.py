"""``ownmind bench crash`` in its quick form: kills, power cuts and worse against real homes, beside keepers that do lose things."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pytest

from ownmind.bench.crash.beside import Folder
from ownmind.bench.crash.recorder import Disk, Op

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kills and limits on files are asked of POSIX systems")


def test_nothing_acknowledged_is_lost_and_the_controls_lose() -> None:
    """A few kills, some fifty power cuts, a full disk, rotten bits, jumping clocks and intruders: nothing is lost, doubled or silently
    wrong, and the same without flushing, or without encryption, is."""
    from ownmind.bench import crash

    found = crash.run(quick=True)
    figures, control = found["figures"], found["control"]
    assert isinstance(figures, dict) and isinstance(control, dict)
    assert figures["faults"] == 0, (figures["must_be_zero"], figures["which"])
    assert figures["full_disk"]["refused"] > 0, "the disk did get full"
    assert all(count > 0 for count in control.values()), control


def test_a_cut_keeps_what_was_flushed_and_may_keep_any_of_the_rest(tmp_path: Path) -> None:
    """The disk of the bench: flushed sectors are always there, unflushed ones in every combination over enough cuts."""
    log = [Op("write", "mind.db", 0, b"a" * 1024), Op("sync", "mind.db"), Op("write", "mind.db", 512, b"b" * 1024)]
    disk = Disk(log)
    disk.play(len(log))
    seen = set()
    for seed in range(40):
        for how in ("dropped", "torn", "scattered", "arrived"):
            disk.cut(tmp_path, how, random.Random(seed))
            kept = (tmp_path / "mind.db").read_bytes()
            assert kept[:512] == b"a" * 512
            seen.add((how, kept[512:1024].strip(b"b") == b"", len(kept)))
    assert {("dropped", False, 1024), ("arrived", True, 1536), ("scattered", False, 1536), ("scattered", True, 1024)} <= seen
    assert ("torn", True, 1024) in seen and ("torn", False, 1536) not in seen


def test_a_cut_keeps_a_name_only_once_its_folder_was_flushed(tmp_path: Path) -> None:
    """The files beside the database: a rename counts from the folder's fsync, and a file that was never flushed may be there empty."""
    folder = Folder()
    for op in (
        Op("content", "new/a", data=b"whole"),
        Op("rename", "blobs/a", note={"from": "new/a"}),
        Op("settle", "blobs"),
        Op("rename", "blobs/b", note={"from": "new/b"}),  # its content was not flushed
    ):
        folder.play(op)
    seen = set()
    for seed in range(40):
        home = tmp_path / str(seed)
        folder.cut(home, ("dropped", "torn", "scattered", "arrived")[seed % 4], random.Random(seed))
        seen.add(tuple((path.name, path.read_bytes()) for path in sorted((home / "blobs").iterdir())))
    assert seen == {(("a", b"whole"),), (("a", b"whole"), ("b", b""))}
