"""PDF: page by page, in a process that may die of it."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from documents import pdf, prose, word
from ownmind import senses
from ownmind.errors import BadInput
from ownmind.messages import Media, Part, Source
from ownmind.senses.sandbox import Limits, Sandbox


def media(path: Path, media_type: str = senses.PDF) -> Media:
    return Media(path, media_type, Source("file:x"))


def read(path: Path) -> list[Part]:
    with Sandbox() as sandbox:
        return list(sandbox.perceive(media(path)))


def test_each_page_is_a_part_with_its_number(tmp_path: Path) -> None:
    """Numbers count from 1 and pass over an empty page; spans are exact in the whole text."""
    parts = read(pdf(tmp_path / "a.pdf", ["The first page.\nIts second line.", "", "The café is on page three."]))
    assert [(part.page, part.text) for part in parts] == [
        (1, "The first page.\nIts second line.\n\n"),
        (3, "The café is on page three.\n\n"),
    ]
    text = "".join(part.text for part in parts)
    assert all(text[part.span.start : part.span.end] == part.text for part in parts)


def test_a_word_divided_at_the_end_of_a_line_is_whole_again(tmp_path: Path) -> None:
    """So that it can be found; a hyphen that belongs to the word stays."""
    (part,) = read(pdf(tmp_path / "a.pdf", ["This is an exam-\nple, taken in Aix-\nen-Provence with an X-\nray. Also 3-\n4 things."]))
    assert " ".join(part.text.split()) == "This is an example, taken in Aix-en-Provence with an X-ray. Also 3- 4 things."


@pytest.mark.parametrize("damage", ["password", "picture", "cut", "garbage"])
def test_a_pdf_that_cannot_be_read_says_why(tmp_path: Path, damage: str) -> None:
    """Protected, scanned and damaged files each have their own reason."""
    path = pdf(tmp_path / "a.pdf", ["words"], password="x" if damage == "password" else "", picture=damage == "picture")
    if damage == "cut":
        path.write_bytes(path.read_bytes()[:200])
    if damage == "garbage":
        path.write_bytes(b"%PDF-1.7\n" + os.urandom(5000))
    with pytest.raises(BadInput, match={"password": "password", "picture": "pictures"}.get(damage, "damaged")):
        read(path)


def test_a_bad_file_ends_itself_and_not_the_reading_of_the_next(tmp_path: Path) -> None:
    """After a refusal, and after the child was killed in the middle of a file, the next file is read in full."""
    good = pdf(tmp_path / "good.pdf", [prose(300, seed=n) for n in range(3)])
    bad = tmp_path / "bad.pdf"
    bad.write_bytes(b"%PDF-1.7\n" + b"\xff" * 100)
    with Sandbox() as sandbox:
        expected = list(sandbox.perceive(media(good)))
        with pytest.raises(BadInput):
            list(sandbox.perceive(media(bad)))
        half = sandbox.perceive(media(good))
        next(half)
        half.close()
        assert list(sandbox.perceive(media(good))) == expected
        os.kill(sandbox.pid, 9)
        while Path(f"/proc/{sandbox.pid}/stat").exists() and " Z " not in Path(f"/proc/{sandbox.pid}/stat").read_text():
            time.sleep(0.01)
        assert list(sandbox.perceive(media(good))) == expected


def test_a_file_that_takes_too_long_or_too_much_is_ended(tmp_path: Path) -> None:
    """Time, memory and text are limited, each with its reason, and the next file is read."""
    path = pdf(tmp_path / "a.pdf", [prose(300)])
    with Sandbox(Limits(seconds=0.001)) as sandbox, pytest.raises(BadInput, match="longer than"):
        list(sandbox.perceive(media(path)))
    with Sandbox(Limits(characters=100)) as sandbox, pytest.raises(BadInput, match="more text"):
        list(sandbox.perceive(media(path)))
    large = word(tmp_path / "large.docx", [("One", ["x" * 3_000_000] * 4)])
    with Sandbox(Limits(memory=8 << 20)) as sandbox:
        with pytest.raises(BadInput, match=r"memory|broke its parser"):
            list(sandbox.perceive(media(large, senses.WORD)))
        assert "Here" in next(iter(sandbox.perceive(media(word(tmp_path / "small.docx", [("Here", ["a"])]), senses.WORD)))).text


def test_the_child_inherits_no_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The passphrase in our environment is not in the child's."""
    monkeypatch.setenv("OWNMIND_PASSPHRASE", "correct horse")
    with Sandbox() as sandbox:
        list(sandbox.perceive(media(pdf(tmp_path / "a.pdf", ["words"]))))
        environment = Path(f"/proc/{sandbox.pid}/environ")
        if not environment.exists():
            pytest.skip("this system does not show a process's environment")
        assert b"PATH=" in environment.read_bytes()
        assert b"OWNMIND_PASSPHRASE" not in environment.read_bytes()
