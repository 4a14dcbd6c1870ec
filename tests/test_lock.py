from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from ownmind.errors import BadInput, HomeInUse
from ownmind.store.lock import HomeLock
from store_fixtures import child

HOLDS = """
import sys
from pathlib import Path
from ownmind.store.lock import HomeLock
lock = HomeLock.take(Path(sys.argv[1]))
lock.announce("http://127.0.0.1:7717/")
print("held", flush=True)
sys.stdin.read()
"""


def test_a_second_process_hears_who_has_the_home_and_where(tmp_path: Path) -> None:
    holder = child(HOLDS, tmp_path / "lock")
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    try:
        with pytest.raises(HomeInUse) as refused:
            HomeLock.take(tmp_path / "lock")
        assert refused.value.pid == holder.pid
        assert refused.value.address == "http://127.0.0.1:7717/"
        assert str(holder.pid) in refused.value.message
    finally:
        holder.kill()
        holder.wait()


def test_a_killed_process_does_not_keep_the_home(tmp_path: Path) -> None:
    holder = child(HOLDS, tmp_path / "lock")
    assert holder.stdout is not None
    holder.stdout.readline()
    holder.kill()
    holder.wait()
    assert str(holder.pid) in (tmp_path / "lock").read_text(), "its text is still there"
    HomeLock.take(tmp_path / "lock").release()


def test_a_second_opening_in_the_same_process_is_refused_too(tmp_path: Path) -> None:
    lock = HomeLock.take(tmp_path / "lock")
    with pytest.raises(HomeInUse) as refused:
        HomeLock.take(tmp_path / "lock")
    assert refused.value.pid == os.getpid()
    lock.release()
    lock.release()
    HomeLock.take(tmp_path / "lock").release()


@pytest.mark.parametrize("text", [b"", b"garbage", b"[1, 2]", b'{"pid": "x"}', b"\xff" * 100])
def test_unreadable_text_in_the_file_does_not_matter(tmp_path: Path, text: bytes) -> None:
    (tmp_path / "lock").write_bytes(text)
    HomeLock.take(tmp_path / "lock").release()


def test_a_shorter_address_leaves_nothing_of_a_longer_one(tmp_path: Path) -> None:
    lock = HomeLock.take(tmp_path / "lock")
    lock.announce("http://127.0.0.1:65535/with/a/long/path")
    lock.announce("")
    with pytest.raises(HomeInUse) as refused:
        HomeLock.take(tmp_path / "lock")
    assert refused.value.address == ""
    lock.release()


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written_is_said(tmp_path: Path) -> None:
    tmp_path.chmod(stat.S_IRUSR | stat.S_IXUSR)
    with pytest.raises(BadInput):
        HomeLock.take(tmp_path / "lock")


def test_a_missing_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as refused:
        HomeLock.take(tmp_path / "nowhere" / "lock")
    assert refused.value.hint
