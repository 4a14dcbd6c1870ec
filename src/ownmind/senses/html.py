"""HTML, with the standard library's parser: the words a person would see, and nothing that would have to be fetched or run.

Left out: scripts, styles, templates, frames, comments, form values, and text hidden by ``hidden``, ``aria-hidden``, an
inline style, or a simple rule (``.x``, ``#x``, ``x``) of a ``<style>`` block that sets ``display: none`` or
``visibility: hidden``. Not covered: text hidden by position, colour, size or an outside style sheet; all of a page is
untrusted anyway. Links and pictures give their words only, never an address that showing could fetch.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import BinaryIO

from ..errors import BadInput
from ..messages import Media, Part
from .encoding import find_encoding
from .sections import Block, lay_out
from .sniff import open_regular

LARGEST = 64 << 20  # bytes: the parser holds the page in memory

_TAGS = """
    script style template noscript iframe object embed applet svg math canvas audio video select datalist textarea dialog map head
    ;
    area base br col embed hr img input link meta param source track wbr
    ;
    address article aside blockquote body caption dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header
    hgroup hr html legend li main menu nav ol p pre section summary table tbody td tfoot th thead tr ul
"""
_UNSEEN, _VOID, _BLOCKS = (frozenset(tags.split()) for tags in _TAGS.split(";"))
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
# A start tag on the left closes an open tag on the right (HTML Living Standard §13.1.2.4, optional tags).
_CLOSES = {
    "li": {"li"},
    "dt": {"dt", "dd"},
    "dd": {"dt", "dd"},
    "tr": {"tr", "td", "th"},
    "td": {"td", "th"},
    "th": {"td", "th"},
    "option": {"option"},
}
_IN_HEAD = frozenset(("title", "meta", "link", "base", "script", "style", "noscript", "template"))
_WALLS = frozenset(("table", "ul", "ol", "dl", "select"))  # an implied end never reaches past these
_NUMBERED = re.compile(r"&#(\d{9,})")  # a character by a number with more digits than there are characters
_DEEPEST = 512  # elements inside each other; what is deeper stands beside, as in browsers
_HIDES = re.compile(
    r"(?:^|[;\s])(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|font-size\s*:\s*0(?:\D|$)|opacity\s*:\s*0(?:\.0*)?\s*(?:[;!]|$))",
    re.IGNORECASE,
)
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]+)", re.IGNORECASE)


def perceive(media: Media) -> Iterator[Part]:
    """What stands under each heading, as a part. Raises BadInput when it is too large or nothing in it can be seen."""
    with open_regular(media.path) as stream:
        text = _decoded(stream)
    yield from read(text)


def read(text: str) -> Iterator[Part]:
    """`perceive`, of a page that is a text already (a letter may be one). Raises BadInput when nothing in it can be seen."""
    text = _NUMBERED.sub(_in_range, text)
    page = _Page(_hidden_by_style(text))
    page.feed(text)
    page.close()
    page.finish()
    if not page.blocks:
        raise BadInput("no text in it that a person would see")
    yield from lay_out(page.blocks, title=" ".join(page.title.split()))


def _in_range(reference: re.Match[str]) -> str:
    """The number without its zeros, or that of the replacement character (HTML Standard, 13.2.5.80): Python refuses to read thousands of
    digits as a number."""
    digits = reference[1].lstrip("0")
    return f"&#{digits if len(digits) < 8 else 0xFFFD}"


def _decoded(stream: BinaryIO) -> str:
    content = stream.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise BadInput(f"a page larger than the {LARGEST >> 20} MB that are read")
    encoding = find_encoding(stream)
    declared = _CHARSET.search(content[:4096])
    if encoding.assumed and declared:  # the page's own word is better than an assumption
        try:
            return content.decode(declared.group(1).decode("ascii"), "replace")
        except LookupError:
            pass
    return content.decode(encoding.name, "replace")


def _hidden_by_style(text: str) -> frozenset[str]:
    """The simple selectors (``.x``, ``#x``, ``x``) that the page's own style blocks hide."""
    found: set[str] = set()
    for style in _between(text, "<style", "</style"):
        for rule in _unconditional(_without_comments(style.partition(">")[2])).split("}")[:-1]:
            before, _, rules = rule.rpartition("{")
            selectors = before.rpartition("{")[2]
            if _HIDES.search(rules):
                found.update(selector.strip().lower() for selector in selectors.split(",") if re.fullmatch(r"\s*[.#]?[\w-]+\s*", selector))
    return frozenset(found - {"html", "body"})


def _between(text: str, begins: str, ends: str) -> Iterator[str]:
    """What stands between these two, in any case. Read once from left to right: a pattern would read a page of nothing but beginnings from
    each of them to its end."""
    lower, at = text.lower(), 0
    if len(lower) != len(text):  # a few capitals have two small letters
        lower = text = "".join(letter if len(letter.lower()) == 1 else " " for letter in text).lower()
    while (start := lower.find(begins, at)) >= 0 and (end := lower.find(ends, start + len(begins))) >= 0:
        yield text[start + len(begins) : end]
        at = end + len(ends)


def _without_comments(style: str) -> str:
    kept, at = [], 0
    while (start := style.find("/*", at)) >= 0 and (end := style.find("*/", start + 2)) >= 0:
        kept.append(style[at:start])
        at = end + 2
    return "".join([*kept, style[at:]])


def _unconditional(style: str) -> str:
    """The rules outside ``@media`` and the like, which may not apply to what a person sees."""
    kept: list[str] = []
    depth = 0
    conditional = False
    for piece in re.split(r"([{}])", style):
        if piece == "{":
            depth += 1
        elif piece == "}":
            depth = max(0, depth - 1)
        elif depth == 0:
            conditional = "@" in piece.rpartition(";")[2]
            piece = piece.rpartition(";")[2]
        if not conditional:
            kept.append(piece)
    return "".join(kept)


class _Page(HTMLParser):
    """Gathers ``blocks`` and ``title`` while the parser walks the page."""

    def __init__(self, hidden: frozenset[str]) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self.title = ""
        self._hidden = hidden
        self._open: list[tuple[str, bool]] = []  # tag, and whether it or anything above it is unseen
        self._count: Counter[str] = Counter()  # of the open ones
        self._words: list[str] = []
        self._row: list[str] | None = None
        self._heading = False
        self._keeps_space = 0

    def parse_html_declaration(self, i: int) -> int:
        """What begins with "<![" is a comment, as in browsers (HTML Standard, 13.2.5.42); the base class refuses what it does not know."""
        return self.parse_bogus_comment(i) if self.rawdata.startswith("<![", i) else super().parse_html_declaration(i)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._imply_ends(tag)
        if tag in _BLOCKS:
            self.end_block()
        if tag == "br" and not self._unseen():
            self._words.append("\n")
        if tag in _VOID:
            return
        unseen = self._unseen() or tag in _UNSEEN or self._is_hidden(tag, dict(attrs))
        if len(self._open) == _DEEPEST:
            self._close()
        self._open.append((tag, unseen))
        self._count[tag] += 1
        if unseen:
            return
        if tag == "tr":
            self._end_row()  # of the table around this one
            self._row = []
        elif tag == "pre":
            self._keeps_space += 1
        self._heading = self._heading or tag in _HEADINGS

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)  # "<div/>" opens a div in HTML; only void tags close themselves

    def handle_endtag(self, tag: str) -> None:
        if not self._count[tag]:
            return
        while self._open:
            name = self._open[-1][0]
            self._close()
            if name == tag:
                return

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1][0] == "title" and not self.title:
            self.title = data.strip()
        elif not self._unseen():
            self._words.append(data if self._keeps_space else re.sub(r"[ \t\r\n\f]+", " ", data))

    def end_block(self) -> None:
        """Puts away the words gathered so far as a block, or as a cell when a table's row is open."""
        text = "".join(self._words)
        text = text.strip("\r\n ") if self._keeps_space else re.sub(r" *\n *", "\n", re.sub(r" {2,}", " ", text)).strip()
        self._words.clear()
        if not text:
            return
        if self._row is not None:
            self._row.append(text)
        else:
            self.blocks.append(Block(text, is_heading=self._heading))

    def finish(self) -> None:
        """Puts away what a page that ends in the middle has left open."""
        while self._open:
            self._close()
        self.end_block()

    def _end_row(self) -> None:
        row, self._row = " | ".join(self._row or ()), None
        if row:
            self.blocks.append(Block(row))

    def _close(self) -> None:
        tag, unseen = self._open[-1]
        if tag in _BLOCKS:
            self.end_block()
        self._open.pop()
        self._count[tag] -= 1
        if unseen:
            return
        if tag == "tr":
            self._end_row()
        elif tag == "pre":
            self._keeps_space -= 1
        elif tag in _HEADINGS:
            self._heading = False

    def _imply_ends(self, tag: str) -> None:
        if tag not in _IN_HEAD:
            self._close_to("head")
        if tag in _BLOCKS and self._open and self._open[-1][0] in ("p", *_HEADINGS):
            self._close()
        closes = _CLOSES.get(tag)
        while closes and (inner := self._nearest(closes)):
            self._close_to(inner)

    def _nearest(self, tags: set[str]) -> str | None:
        for name, _ in reversed(self._open):
            if name in tags:
                return name
            if name in _WALLS:
                return None
        return None

    def _close_to(self, tag: str) -> None:
        if self._count[tag]:
            while self._open[-1][0] != tag:
                self._close()
            self._close()

    def _unseen(self) -> bool:
        return bool(self._open) and self._open[-1][1]

    def _is_hidden(self, tag: str, attrs: dict[str, str | None]) -> bool:
        if "hidden" in attrs or (attrs.get("aria-hidden") or "").lower() == "true" or _HIDES.search(attrs.get("style") or ""):
            return True
        names = {tag, f"#{(attrs.get('id') or '').lower()}", *(f".{name.lower()}" for name in (attrs.get("class") or "").split())}
        return not self._hidden.isdisjoint(names)
