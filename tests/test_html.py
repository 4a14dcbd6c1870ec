"""HTML: the words a person would see, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ownmind import senses
from ownmind.errors import BadInput
from ownmind.messages import Media, Part, Source

PAGE = """<!doctype html><html><head><title>Trip to Lyon</title><style>.gone, #away {display:none} @media print {p {display:none}}</style>
<script>var SCRIPT = "<p>SCRIPT</p>"</script></head><body onload="SCRIPT"><!-- COMMENT -->
<p hidden>HIDDEN</p><p style="color:red; display : none">STYLE</p><div aria-hidden="true">ARIA <b>DEEP</b></div><p class="x gone">CLASS</p>
<p id=away>IDENTITY</p><template><p>TEMPLATE</p></template><noscript>NOSCRIPT</noscript><iframe src="http://example.invalid/">FRAME</iframe>
<img src="http://example.invalid/x.png"><object data="http://example.invalid/">OBJECT</object>
<h1>Big   title</h1><p>First with <b>bold</b>, caf&eacute; &amp; <a href="http://example.invalid/">a link</a>.<p hidden>UNCLOSED<p>Second
line.<h2>List</h2><ul><li>one<li>two</ul><table><tr><th>A<th>B<tr><td>1<td>2</table><pre>x  =
  1</pre></body></html>"""


def read(path: Path) -> list[Part]:
    return list(senses.perceive(Media(path, senses.HTML, Source("file:x"))))


def page(tmp_path: Path, content: str | bytes) -> list[Part]:
    path = tmp_path / "page.html"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read(path)


def test_what_a_person_would_see_is_read_and_what_is_hidden_is_not(tmp_path: Path) -> None:
    """Headings, paragraphs, lists, tables and code come in order; scripts, comments, templates, frames and hidden text do not."""
    parts = page(tmp_path, PAGE)
    text = "".join(part.text for part in parts)
    assert text == "Big title\n\nFirst with bold, café & a link.\n\nSecond line.\n\nList\n\none\n\ntwo\n\nA | B\n\n1 | 2\n\nx  =\n  1\n\n"
    assert [part.heading for part in parts] == ["Big title", "List"]
    assert all(text[part.span.start : part.span.end] == part.text for part in parts)
    assert "example.invalid" not in text


def test_an_unfinished_page_loses_nothing_that_can_be_seen(tmp_path: Path) -> None:
    """A head that is never closed, a table cut off in the middle and a table within a table keep their words."""
    assert "shown" in page(tmp_path, "<head><title>t</title><p>shown")[0].text
    assert "cell" in page(tmp_path, "<table><tr><td>cell")[0].text
    nested = page(tmp_path, "<table><tr><td>outer<table><tr><td>inner</table><td>after</table>")[0].text
    assert all(word in nested for word in ("outer", "inner", "after"))


def test_the_page_itself_says_its_encoding(tmp_path: Path) -> None:
    """A charset the page declares is believed before one that would be assumed; an unknown one is not."""
    assert "Привет" in page(tmp_path, '<html><meta charset="windows-1251"><p>Привет'.encode("cp1251"))[0].text
    assert "café" in page(tmp_path, '<html><meta charset="no-such-thing"><p>café'.encode("cp1252"))[0].text


def test_a_page_with_nothing_to_see_is_refused(tmp_path: Path) -> None:
    """The reason is that there is no text, in words."""
    with pytest.raises(BadInput, match="no text"):
        page(tmp_path, "<html><script>x</script><p hidden>y</p>")


@given(st.text("<>/!-=\"' abphtmldivtrscy&;#0", max_size=200))
def test_no_markup_breaks_the_reader(tmp_path_factory: pytest.TempPathFactory, markup: str) -> None:
    """Whatever the tags, the words after them are read: the parts are exact, and only a refusal in words may end it."""
    try:
        parts = page(tmp_path_factory.mktemp("p"), f"<html><body>{markup}")
    except BadInput:
        return
    text = "".join(part.text for part in parts)
    assert all(text[part.span.start : part.span.end] == part.text for part in parts)


def test_a_marked_section_is_a_comment_as_in_browsers(tmp_path: Path) -> None:
    """Whatever follows "<![": the base class knows a few words only."""
    assert page(tmp_path, "<p>Seen</p><![CDAT9999[ not ]]><![if !IE]><p>and this</p><![endif]><![CDATA[ nor ]]>")[0].text.split("\n\n")[
        :2
    ] == ["Seen", "and this"]


def test_a_page_of_nothing_but_beginnings_is_read_to_its_end(tmp_path: Path) -> None:
    """Each of these took the square of its length, which for this one is hours."""
    for beginning in ("<style>", "<style>/*", "<div>", "<b><p>", "<ul><li>"):
        assert page(tmp_path, "<p>First</p>" + beginning * 150_000)[0].text.strip() == "First"


def test_what_is_hidden_stays_hidden_however_deep(tmp_path: Path) -> None:
    """Nesting is cut off at a depth, as in browsers; what is hidden there is not shown by it."""
    text = f"<p>Seen</p><div style='display: none'>{'<div>' * 2000}secret{'</div>' * 2000}</div><p>Seen too</p>"
    assert "secret" not in "\n".join(part.text for part in page(tmp_path, text))
    shown = f"{'<div>' * 2000}deep{'</div>' * 2000}<p hidden>secret</p>"
    assert [part.text.strip() for part in page(tmp_path, shown)] == ["deep"]


def test_a_character_by_a_number_of_thousands_of_digits_is_no_character(tmp_path: Path) -> None:
    text = f"<p>a&#{'9' * 5000};b&#{'0' * 5000}65;c</p><p title='&#{'1' * 5000};'>d</p>"
    assert page(tmp_path, text)[0].text.split() == ["a\ufffdbAc", "d"]
