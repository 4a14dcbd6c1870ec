"""Word: what stands on the page, under its heading."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from documents import rewritten, word
from ownmind import senses
from ownmind.errors import BadInput
from ownmind.messages import Media, Part, Source


def read(path: Path) -> list[Part]:
    return list(senses.perceive(Media(path, senses.WORD, Source("file:x"))))


def test_headings_paragraphs_and_tables_are_read_in_order(tmp_path: Path) -> None:
    """Signs that look like markup stay as they were typed; spans are exact."""
    path = word(tmp_path / "a.docx", [("One", ["2 * 3 <b>raw</b> _x_", "# no heading"]), ("Two", ["last"])], rows=[["a", "b"], ["c", ""]])
    parts = read(path)
    text = "".join(part.text for part in parts)
    assert text == "One\n\n2 * 3 <b>raw</b> _x_\n\n# no heading\n\nTwo\n\nlast\n\na | b\n\nc | \n\n"
    assert [part.heading for part in parts] == ["One", "Two"]
    assert all(text[part.span.start : part.span.end] == part.text for part in parts)


def test_hidden_and_deleted_text_is_left_out(tmp_path: Path) -> None:
    """Text formatted as hidden, moved away or deleted under change tracking is not what the page says."""
    path = word(tmp_path / "a.docx", [("One", ["MARK here"])], hidden="HIDDEN")
    deleted = b"<w:del><w:r><w:delText>DELETED</w:delText></w:r></w:del>"
    moved = b"<w:moveFrom><w:r><w:t>MOVED</w:t></w:r></w:moveFrom>"
    seen = b"<w:r><w:t>MARK here</w:t></w:r>"
    rewritten(path, "word/document.xml", seen, deleted + moved + seen)
    text = "".join(part.text for part in read(path))
    assert "MARK here" in text
    assert "Seen." in text
    assert not any(word in text for word in ("HIDDEN", "DELETED", "MOVED"))


def test_a_text_box_is_read_once(tmp_path: Path) -> None:
    """Word writes a text box twice, for new and old readers; its words are remembered once."""
    path = word(tmp_path / "a.docx", [("One", ["MARK"])])
    box = b"<w:txbxContent><w:p><w:r><w:t>BOXED</w:t></w:r></w:p></w:txbxContent>"
    choice = b'<mc:Choice Requires="wps">%b</mc:Choice><mc:Fallback>%b</mc:Fallback>' % (box, box)
    name = b"http://schemas.openxmlformats.org/markup-compatibility/2006"
    both = b'<mc:AlternateContent xmlns:mc="%b">%b</mc:AlternateContent>' % (name, choice)
    rewritten(path, "word/document.xml", b"<w:t>MARK</w:t>", b"<w:t>MARK</w:t>" + both)
    text = "".join(part.text for part in read(path))
    assert text.count("BOXED") == 1
    assert text.count("MARK") == 1


@pytest.mark.parametrize("harm", ["bomb", "entities", "cut", "no text", "xml", "deflate"])
def test_a_word_file_made_to_do_harm_is_refused(tmp_path: Path, harm: str) -> None:
    """A zip bomb, expanding entities, a damaged archive and an empty page each end with a reason, before they cost anything."""
    path = word(tmp_path / "a.docx", [("One", ["MARK"])] if harm != "no text" else [])
    if harm == "bomb":
        rewritten(path, "word/document.xml", b"<w:t>MARK</w:t>", b"<w:t>" + b" " * (300 << 20) + b"</w:t>")
    elif harm == "entities":
        rewritten(path, "word/document.xml", b"<w:document", b'<!DOCTYPE x [<!ENTITY a "aaaa">]><w:document')
    elif harm == "cut":
        path.write_bytes(path.read_bytes()[:-200])
    elif harm == "deflate":  # a zip file whose table is whole, and what is packed is not
        content = bytearray(path.read_bytes())
        start = content.index(b"word/document.xml") + len("word/document.xml")
        content[start : start + 40] = b"\xff" * 40
        path.write_bytes(content)
    elif harm == "xml":
        rewritten(path, "word/document.xml", b"</w:body>", b"")
    with pytest.raises(BadInput, match={"bomb": "unpacks to", "entities": "document type", "no text": "no text"}.get(harm, "damaged")):
        read(path)


def test_other_files_in_a_zip_are_named(tmp_path: Path) -> None:
    """A spreadsheet, an OpenDocument text and any other archive say what they are."""
    for member, reason in (("xl/workbook.xml", "spreadsheet"), ("anything", "unpack"), ("META-INF/container.xml", "book")):
        path = tmp_path / "a.docx"
        with zipfile.ZipFile(path, "w") as packed:
            packed.writestr(member, "x")
        with senses.open_regular(path) as stream, pytest.raises(BadInput, match=reason):
            senses.sniff(stream, path.name)
