"""Folders: everything the person wrote, nothing that could trap us."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents import as_root
from ownmind.connectors.folder import Folder, reference, shown
from ownmind.messages import Media, Skipped


def found(*paths: Path) -> tuple[list[str], dict[str, str]]:
    """Names of what would be read, in order, and reasons of what would not, by name."""
    things = list(Folder(paths).fetch())
    names = [thing.path.name for thing in things if isinstance(thing, Media)]
    return names, {Path(thing.where).name: thing.reason for thing in things if isinstance(thing, Skipped)}


def write(path: Path, text: str = "words") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_files_come_in_a_stable_order_without_what_is_hidden_or_junk(tmp_path: Path) -> None:
    """Folders after files, by name; hidden files, caches and files for programs are left out; a file named outright is taken."""
    for name in (
        "b.md",
        "a.txt",
        ".hidden.txt",
        ".git/x.txt",
        "node_modules/x.txt",
        "sub/c.pdf",
        "sub/deep/d",
        "z.txt",
        "code.py",
        "Thumbs.db",
    ):
        write(tmp_path / name)
    names, skipped = found(tmp_path)
    assert names == ["a.txt", "b.md", "z.txt", "c.pdf", "d"]
    assert "name the file itself" in skipped["code.py"]
    assert found(tmp_path / "code.py", tmp_path / ".hidden.txt")[0] == ["code.py", ".hidden.txt"]


def test_each_file_comes_once(tmp_path: Path) -> None:
    """Overlapping paths, and one file under two names, are read once."""
    write(tmp_path / "sub/a.txt")
    os.link(tmp_path / "sub/a.txt", tmp_path / "same.txt")
    assert len(found(tmp_path, tmp_path / "sub", tmp_path / "sub/a.txt")[0]) == 1


def test_links_are_neither_followed_nor_circled_inside_a_folder(tmp_path: Path) -> None:
    """A link to a file outside, to the folder itself and to nothing are listed; a link the person names is followed."""
    secret = write(tmp_path / "outside/secret.txt")
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "loop").symlink_to(inside, target_is_directory=True)
    (inside / "to-secret.txt").symlink_to(secret)
    (inside / "broken").symlink_to(tmp_path / "nothing")
    names, skipped = found(inside)
    assert names == []
    assert set(skipped) == {"loop", "to-secret.txt", "broken"}
    assert found(inside / "to-secret.txt")[0] == ["to-secret.txt"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes in folders")
def test_pipes_sockets_and_devices_are_never_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are listed, in a folder and named outright; opening a pipe would wait for ever."""
    os.mkfifo(tmp_path / "pipe")
    monkeypatch.chdir(tmp_path)  # a socket's path must be short
    listening = socket.socket(socket.AF_UNIX)
    listening.bind("socket")
    names, skipped = found(tmp_path, tmp_path / "pipe", Path("/dev/zero"))
    listening.close()
    assert names == []
    assert set(skipped) == {"pipe", "socket", "zero"}


def test_what_is_not_there_or_not_allowed_is_listed(tmp_path: Path) -> None:
    """A wrong path and a forbidden folder each have their reason; the rest is found."""
    write(tmp_path / "good.txt")
    write(tmp_path / "locked/x.txt")
    (tmp_path / "locked").chmod(0)
    try:
        names, skipped = found(tmp_path, tmp_path / "nowhere", Path("bad\0name"))
    finally:
        (tmp_path / "locked").chmod(0o700)
    assert "good.txt" in names
    assert "nothing of that name" in skipped["nowhere"]
    if not as_root():
        assert "permission" in skipped["locked"]


@pytest.mark.skipif(os.name != "posix", reason="names are bytes only on POSIX")
def test_strange_names_have_a_printable_reference_of_their_own(tmp_path: Path) -> None:
    """Line breaks, terminal codes and bytes that are no text are escaped, so nothing of them reaches a terminal or the store."""
    for name in (b"line\nbreak.txt", b"\xff\xfe.txt", b"\x1b[31mred.txt", b"plain %0A.txt", "é.txt".encode()):
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)).write_text("x")
    media = [thing for thing in Folder([tmp_path]).fetch() if isinstance(thing, Media)]
    assert len({thing.source.ref for thing in media}) == 5
    for thing in media:
        assert thing.source.ref.isprintable()
        assert thing.source.title.isprintable()
        assert thing.source.ref.encode()
    assert f"file:{tmp_path}/é.txt" in {thing.source.ref for thing in media}


@given(st.binary(min_size=1, max_size=40), st.binary(min_size=1, max_size=40))
def test_no_two_paths_share_a_reference(one: bytes, other: bytes) -> None:
    """Different names, different references, whatever bytes they are made of."""
    paths = [Path("/home") / os.fsdecode(name.replace(b"\0", b"0").replace(b"/", b"_")) for name in (one, other)]
    if paths[0] != paths[1]:
        assert reference(paths[0]) != reference(paths[1])
    assert shown(paths[0]).isprintable()


def test_the_time_is_when_the_file_was_last_changed(tmp_path: Path) -> None:
    """With its zone, also for a time before 1970."""
    path = write(tmp_path / "a.txt")
    os.utime(path, (-1000, -1000))
    (media,) = Folder([path]).fetch()
    assert isinstance(media, Media)
    assert media.at is not None
    assert media.at.timestamp() == -1000
