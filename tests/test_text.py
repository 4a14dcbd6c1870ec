"""Plain text and Markdown: every character, whatever the encoding; and what is no text is refused in words."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents import outcome, prose
from ownmind import senses
from ownmind.errors import BadInput
from ownmind.memory.passages import split
from ownmind.messages import Media, Part, Source


def read(path: Path) -> list[Part]:
    with senses.open_regular(path) as stream:
        media_type = senses.sniff(stream, path.name)
    return list(senses.perceive(Media(path, media_type, Source("file:x"))))


def whole(parts: list[Part]) -> str:
    return "".join(part.text for part in parts)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252", "latin-1", "utf-16-le", "utf-16-be"])
def test_text_is_read_in_whatever_encoding_it_was_written(tmp_path: Path, encoding: str) -> None:
    """Western text comes back character for character from eight encodings, with and without a mark."""
    text = "Déjà vu: a café in Orléans cost 3 pounds and no more.\r\nNext line.\n" * 5
    path = tmp_path / "note.txt"
    path.write_bytes(text.encode(encoding))
    assert whole(read(path)) == text


def test_an_assumed_encoding_is_said(tmp_path: Path) -> None:
    """UTF-8 is certain and says nothing; Windows-1252 is an assumption and says so, as does a file with damaged characters."""
    for content, name, assumed in (
        ("café".encode(), "utf-8", ""),
        ("caf\xe9 \u2019".encode("cp1252"), "cp1252", "Windows-1252"),
        ("é".encode() * 50 + b"\xff and more", "utf-8", "1 damaged"),
        (codecs.BOM_UTF8 + b"x", "utf-8-sig", ""),
    ):
        path = tmp_path / "note.txt"
        path.write_bytes(content)
        with senses.open_regular(path) as stream:
            found = senses.find_encoding(stream)
        assert found.name == name
        assert assumed in found.assumed
        assert bool(assumed) == bool(found.assumed)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1))
def test_parts_join_to_the_file(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    """Joined, the parts of any UTF-8 text are that text, and each span says where in it the part stands, also as Markdown."""
    text = "# Ä heading\n" + text.replace("#", "\n# ") + "\n\nlast\n===\n\nx\n"
    path = tmp_path_factory.mktemp("t") / "note.md"
    path.write_text(text, encoding="utf-8", newline="")
    parts = read(path)
    assert whole(parts) == text
    assert all(text[part.span.start : part.span.end] == part.text for part in parts)


def test_markdown_headings_stand_over_their_parts(tmp_path: Path) -> None:
    """ATX and underlined headings are found; a line that looks like one inside fenced code is code."""
    path = tmp_path / "note.md"
    path.write_text("before\n\n# One #\n\na\n```\n# not a heading\n```\n\nTwo\n---\n\nb\n\n## Three\nc\n")
    assert [(part.heading, part.text.splitlines()[0]) for part in read(path)] == [
        ("", "before"),
        ("One", "# One #"),
        ("Two", "Two"),
        ("Three", "## Three"),
    ]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.txt", b"", "empty"),
        ("a.txt", bytes(range(256)) * 20, "it is no text"),
        ("a.txt", b"\x01\x02\x03\x04" * 100, "it is no text"),
        ("a.txt", b"\x89PNG\r\n\x1a\n" + bytes(100), "picture"),
        ("a.txt", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), "password-protected"),
        ("a.txt", b"{\\rtf1 hello}", "docx"),
        ("a.txt", b"\x1f\x8b" + bytes(100), "unpack"),
        ("a.docx", b"PK\x03\x04" + bytes(100), "damaged"),
        ("a.txt", b"\x00\x00\x00\x18ftypmp42" + bytes(100), "video"),
    ],
)
def test_what_is_no_text_is_refused_with_the_reason(tmp_path: Path, name: str, content: bytes, reason: str) -> None:
    """A file that only looks like text by its name says what it really is."""
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(BadInput, match=reason):
        read(path)


def test_the_content_decides_and_not_the_name(tmp_path: Path) -> None:
    """A page of HTML called .txt is HTML, a PDF called .md is a PDF, prose called .html is prose, even in UTF-16."""
    for name, content, media_type in (
        ("a.txt", b"\n<!-- x --><!DOCTYPE html><p>hi", senses.HTML),
        ("b.txt", "<html><p>hi</p>".encode("utf-16"), senses.HTML),
        ("c.md", b"%PDF-1.7 rest", senses.PDF),
        ("d.html", b"only words", senses.PLAIN),
        ("e.md", b"only words", senses.MARKDOWN),
        ("f", b"only words", senses.PLAIN),
        ("g.jsonl", b"{}", senses.TRANSCRIPT),
    ):
        path = tmp_path / name
        path.write_bytes(content)
        with senses.open_regular(path) as stream:
            assert senses.sniff(stream, name) == media_type, name


def test_no_line_makes_the_reader_slow(tmp_path: Path) -> None:
    """A heading of spaces, and a page of nothing but line breaks and marks, cost what any other text of that length costs."""
    path = tmp_path / "note.md"
    path.write_text(("# " + " " * 30_000 + "x\n") * 20 + "\n\x0c" * 200_000 + "." * 30_000 + '"' * 30_000 + "\n" + "> " * 100_000)
    parts = read(path)
    assert whole(parts) == path.read_bytes().decode()
    passages = list(split(parts))
    assert all(len(passage.text) < 3000 for passage in passages)


def test_a_long_text_is_read_in_memory_that_does_not_grow(tmp_path: Path) -> None:
    """Ten times the text takes less than a quarter more memory, in a process of its own; also when it is a single line."""
    script = """if True:
        import sys
        from pathlib import Path
        from ownmind import senses
        from ownmind.messages import Media, Source
        print(sum(len(part.text) for part in senses.perceive(Media(Path(sys.argv[1]), sys.argv[2], Source("")))))
    """
    for text, media_type in ((prose(40_000), senses.MARKDOWN), ("word " * 100_000, senses.PLAIN)):
        peaks = []
        for times in (4, 40):
            path = tmp_path / "long.txt"
            path.write_text(text * times)
            (read,), peak = outcome(script, path, media_type)
            assert int(read) == len(text) * times
            peaks.append(peak)
        assert peaks[1] <= peaks[0] * 1.25
