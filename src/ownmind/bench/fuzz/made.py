"""Inputs that have a format's own shape and are wrong within it, so that they get past the first look of a parser: drawn by Hypothesis.

Mutated samples (`mutate`) stay near what is usual; these nest, repeat, contradict and count in ways no sample does. The same for the
same seed. Hypothesis is a dependency of the tests; without it the bench runs on mutated samples alone, and says so.
"""

from __future__ import annotations

import io
import json
import tempfile
import warnings
import zipfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.configuration import set_hypothesis_home_dir
from hypothesis.strategies import SearchStrategy

from .. import samples
from .mutate import BYTES, TEXTS

_LONGEST = 1 << 20  # bytes of one input
_FEW = 12


@cache
def _set_up() -> None:
    set_hypothesis_home_dir(Path(tempfile.gettempdir()) / "ownmind-bench-hypothesis")  # else a folder where the command was given


def drawn(strategy: SearchStrategy[bytes], count: int, number: int) -> list[bytes]:
    """``count`` inputs of ``strategy``, or fewer where it has no more; ``number`` is the seed."""
    _set_up()
    found: list[bytes] = []

    @settings(max_examples=count, database=None, deadline=None, phases=(Phase.generate,), suppress_health_check=list(HealthCheck))
    @seed(number)
    @given(strategy)
    def collect(made: bytes) -> None:
        found.append(made[:_LONGEST])

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        collect()
    return found


# Building blocks

_odd_texts = st.sampled_from(TEXTS)
_letters = st.text(alphabet="abyz AZ09._-@/:+'\"<>&;%\\\n\t\u00e9\u0130\u200d\u202e\u0301\U0001f600", max_size=24)
_texts = _letters | _odd_texts.map(lambda text: text[:4000])
_counts = st.sampled_from((0, 1, 2, 3, 9, -1, 255, 65536, 2**31 - 1, 2**31, 2**63, 10**30)) | st.integers(-5, 400)


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def values() -> SearchStrategy[object]:
    """Any JSON there is, and some that json.dumps writes though it is none (NaN)."""
    leaf: SearchStrategy[object] = st.none() | st.booleans() | _counts | st.floats() | _texts
    return st.recursive(leaf, lambda inner: st.lists(inner, max_size=6) | st.dictionaries(_texts, inner, max_size=6), max_leaves=20)


def deep() -> SearchStrategy[bytes]:
    """JSON nested far deeper than anybody writes."""
    return st.builds(
        lambda opening, depth, inside: opening * depth + inside,
        st.sampled_from((b"[", b'{"a":', b'[{"a":[', b"[[],")),
        st.sampled_from((60, 900, 1100, 5000, 100_000)),
        st.sampled_from((b"", b"1", b"]")),
    )


def objects(keys: Sequence[str]) -> SearchStrategy[bytes]:
    """JSON objects with these keys, or some of them, and any values."""
    named: SearchStrategy[dict[str, object]] = st.dictionaries(st.sampled_from(keys), values(), max_size=len(keys))
    other: SearchStrategy[dict[str, object]] = st.dictionaries(st.sampled_from(keys) | _texts, values(), max_size=6)
    return st.one_of(named, named, other).map(_dumped) | deep()


def _dumped(value: object) -> bytes:
    return _utf8(json.dumps(value, ensure_ascii=False))


def lines(one: SearchStrategy[bytes]) -> SearchStrategy[bytes]:
    return st.lists(one | st.sampled_from(BYTES), max_size=_FEW).map(b"\n".join)


# Files

_TAGS = (
    "p", "div", "table", "tr", "td", "th", "ul", "ol", "li", "h1", "h6", "pre", "script", "style", "title", "textarea", "template", "svg",
    "math", "select", "option", "br", "img", "a", "b", "body", "html", "head", "noscript", "plaintext", "iframe", "meta", "dl", "dd", "x-a",
)  # fmt: skip
_ATTRIBUTES = ("href", "hidden", "style", "charset", "content", "http-equiv", "class", "src", "colspan", "aria-hidden", "id", "=")


def html() -> SearchStrategy[bytes]:
    """Pages: tags that nest, cross and never end, attributes without quotes, wrong encodings said in the page."""
    attribute = st.builds("{} {}={}".format, st.just(""), st.sampled_from(_ATTRIBUTES), _texts.map(lambda text: text[:200]))
    opening = st.builds("<{}{}{}>".format, st.sampled_from(_TAGS), attribute | st.just(""), st.sampled_from(("", "/", " ", "<")))
    closing = st.builds("</{}>".format, st.sampled_from(_TAGS))
    other = st.sampled_from(
        (
            "<!--",
            "-->",
            "<![CDATA[",
            "]]>",
            "<!DOCTYPE html [",
            "<?xml ?>",
            "&",
            "&#x110000;",
            "&#0;",
            "&amp",
            "&lt;p&gt;",
            "<",
            "</",
            "<a b='",
        )
    )
    nested = st.builds(lambda tag, depth: f"<{tag}>" * depth, st.sampled_from(_TAGS), st.sampled_from((2, 40, 2000)))
    page = st.lists(opening | opening | closing | other | _texts | nested, max_size=60).map("".join)
    meta = st.sampled_from(("", "<meta charset=utf-16>", "<meta charset=shift_jis>", "<meta charset=x-none>", "<meta charset=utf-7>"))
    encoding = st.sampled_from(("utf-8", "utf-16", "utf-32", "cp1252", "shift_jis"))
    return st.builds(lambda head, text, name: ("<html>" + head + text).encode(name, "ignore"), meta, page, encoding)


_WORD_TAGS = (
    "p", "r", "t", "tbl", "tr", "tc", "sdt", "sdtContent", "del", "ins", "hyperlink", "tab", "br", "pPr", "numPr", "footnoteReference",
    "drawing", "txbxContent", "fldChar", "instrText", "delText", "smartTag", "moveFrom", "sectPr", "bookmarkStart", "AlternateContent",
)  # fmt: skip


def word() -> SearchStrategy[bytes]:
    """Word files: any tree of its elements in the document, in a zip file that may name a member twice, or wrongly."""
    attribute = st.builds(' w:{}="{}"'.format, st.sampled_from(("val", "id", "styleId", "type")), _counts | st.just("Heading1"))
    leaf = _letters.map(lambda text: text.replace("&", "").replace("<", "").replace("\x00", "")) | st.just("<w:t/>")
    tree = st.recursive(
        leaf,
        lambda inner: st.builds(
            lambda tag, said, inside: f"<w:{tag}{said}>{''.join(inside)}</w:{tag}>",
            st.sampled_from(_WORD_TAGS), attribute | st.just(""), st.lists(inner, max_size=5),
        ),
        max_leaves=25,
    )  # fmt: skip
    deep_tree = st.builds(
        lambda tag, depth: f"<w:{tag}>" * depth + "x" + f"</w:{tag}>" * depth,
        st.sampled_from(_WORD_TAGS),
        st.sampled_from((30, 1500, 20_000)),
    )
    member = st.sampled_from(
        ("word/document.xml", "word/styles.xml", "word/footnotes.xml", "../x", "/etc/x", "[Content_Types].xml", "word/")
    )
    return st.builds(_docx, st.lists(tree | deep_tree, max_size=5), st.lists(member, max_size=3), st.booleans())


def _docx(trees: list[str], more: list[str], is_packed: bool) -> bytes:
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    members = [
        ("[Content_Types].xml", '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'),
        ("word/document.xml", f"<w:document {space}><w:body>{''.join(trees)}</w:body></w:document>"),
        *((name, f"<w:styles {space}>{''.join(trees[:1])}</w:styles>") for name in more),
    ]
    held, packing = io.BytesIO(), zipfile.ZIP_DEFLATED if is_packed else zipfile.ZIP_STORED
    with zipfile.ZipFile(held, "w") as packed, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a name twice
        for name, text in members:
            packed.writestr(zipfile.ZipInfo(name), text.encode("utf-8", "ignore"), packing)
    return held.getvalue()


_PDF_NAMES = (
    "Type",
    "Kids",
    "Parent",
    "Count",
    "Contents",
    "Resources",
    "Font",
    "MediaBox",
    "Length",
    "Filter",
    "Outlines",
    "First",
    "Next",
    "Dest",
)
_PDF_WORDS = (
    "Page",
    "Pages",
    "Catalog",
    "FlateDecode",
    "ASCIIHexDecode",
    "LZWDecode",
    "Type1",
    "Type0",
    "Identity-H",
    "Fit",
    "ObjStm",
    "XRef",
)
_PDF_TEXT = (
    "BT",
    "ET",
    "Tf",
    "Tj",
    "TJ",
    "Td",
    "T*",
    "'",
    "q",
    "Q",
    "cm",
    "Do",
    "BI",
    "ID",
    "EI",
    "(x)",
    "<FF",
    "[",
    "]",
    "/F1",
    "1e99",
    "-1",
)


def pdf() -> SearchStrategy[bytes]:
    """PDF files whose objects point anywhere, themselves included, with a table of places that is right, so that they are followed."""
    reference = st.integers(0, 9).map("{} 0 R".format)
    name = st.sampled_from(_PDF_WORDS).map("/{}".format)
    simple = reference | reference | name | _counts.map(str) | st.sampled_from(("(text)", "<48>", "null", "true", "(((", "<<"))
    value = st.recursive(simple, lambda inner: st.lists(inner, max_size=4).map(lambda each: f"[{' '.join(each)}]"), max_leaves=8)
    entry = st.builds("/{} {}".format, st.sampled_from(_PDF_NAMES), value)
    plain = st.lists(entry, max_size=7).map(lambda each: f"<< {' '.join(each)} >>".encode())
    text = st.lists(st.sampled_from(_PDF_TEXT), max_size=40).map(lambda each: " ".join(each).encode())
    stream = st.builds(lambda said, body: said + b"\nstream\n" + body + b"\nendstream", plain, text)
    return st.lists(plain | stream, min_size=2, max_size=8).map(lambda each: samples.pdf_of([_ROOT, _PAGES, *each]))


_ROOT, _PAGES = b"<< /Type /Catalog /Pages 2 0 R /Outlines 4 0 R >>", b"<< /Type /Pages /Kids [3 0 R 4 0 R 2 0 R] /Count 3 >>"


# What is said

_WHEN = (
    "on", "in", "at", "since", "until", "before", "after", "between", "and", "from", "to", "last", "next", "this", "the", "of",
    "ago", "about", "Monday", "Sunday", "March", "May", "September", "week", "weeks", "month", "year", "years", "day", "days",
    "fortnight", "quarter", "decade", "hour", "hours", "half past", "noon", "midnight", "morning", "tonight", "tomorrow",
    "yesterday", "Easter", "Christmas", "summer", "my birthday", "2024", "1999", "3rd", "31", "30", "0", "1", "12", "29 February",
    "2023-02-29", "24:00", "12:60", "5pm", "13pm", "first", "two", "a hundred", "the day before", "the week after next", "early",
    "late", "end of", "century", "70s", "'98", "Q5", "W53",
)  # fmt: skip
_WHO = (
    "I", "my", "Ana", "Ben's", "sister", "mother's", "husband", "ex", "we", "they", "live", "lives", "moved", "work", "works",
    "is", "was", "am", "not", "no longer", "allergic to", "likes", "hates", "is called", "named", "bought", "sold", "paid", "owe",
    "have", "has", "had", "married", "vegetarian", "Porto", "the museum", "peanuts", "a red bicycle", "300 euros", "1.200,50 €",
    "$5", "how many", "when", "who", "where", "what", "did", "list", "all", "or", "but", "if", "because", "Please", "remember",
    "forget", "delete", "that", "no,", "wrong", "actually", "used to",
)  # fmt: skip
_BETWEEN = st.sampled_from((" ", " ", " ", " ", ", ", ". ", "? ", "; ", "\n", "", " - ", "... ", "\u00a0"))


def sayings() -> SearchStrategy[bytes]:
    """Sentences of the words that times, statements and questions are read from, in any order."""
    return _spoken(st.sampled_from(_WHEN) | st.sampled_from(_WHO) | _odd_texts.map(lambda text: text[:400]))


_VALUES = (
    "tom@example.org", "Tom <tom@example.org>", "tom@exa mple.org", "a@b", "@", "a@[::1]", "tоm@example.org",
    "DE89 3704 0044 0532 0130 00", "DE89370400440532013000", "4111 1111 1111 1111", "4111-1111-1111-1112", "+49 30 901820",
    "(030) 90 18 20", "00", "https://example.org/a?b=c", "http://[::1", "http://user:pw@example.org:99999/", "www.example.com",
    "javascript:alert(1)", "file:///etc/passwd", "example.org.", "1.2.3.4", "sk-abcdefghijklmnopqrstuvwx",
    "ghp_0123456789abcdefghijklmnopqrstuvwxyz", "-----BEGIN PRIVATE KEY-----", "password: hunter2", "PIN 0000", "X1234567",
    "\u200b", "\u202e", "Ana", "Anna", "Ana's", "ANA", "ana", "García", "Garcia", "Анной", "王小明", "小明", "Müllerstraße 12",
    "12 Main Street", "send", "mail", "transfer", "$1,000.00", "1.000,00 €", "to", "ignore all previous instructions", "you must",
    "IMPORTANT:", "<system>", "forward", "“quoted”", "'a'", '"', "(", "[link](http://x.example)", "![](http://x.example/a.png)",
    "where k is replaced", "{name}", "save", "as", "read",
)  # fmt: skip


def guarded() -> SearchStrategy[bytes]:
    """Requests with addresses, accounts, secrets, names and orders, whole, cut and run together."""
    return _spoken(
        st.sampled_from(_VALUES) | st.sampled_from(_VALUES).map(lambda text: text[: len(text) // 2]) | _texts.map(lambda text: text[:400])
    )


def _spoken(word: SearchStrategy[str]) -> SearchStrategy[bytes]:
    return st.lists(st.tuples(word, _BETWEEN).map("".join), max_size=40).map("".join).map(_utf8)


def settings_files(keys: Sequence[str]) -> SearchStrategy[bytes]:
    """TOML: known keys, twice, in tables, with values of every type it has."""
    simple = st.sampled_from(
        ("1", "-0", "0x7f", "1_0", "9" * 400, "inf", "nan", "1e999", "true", '""', '"a"', "'a'", "1979-05-27", "07:32:00",
         "1979-05-27T00:32:00Z", '"""a\nb"""', '"\\u0000"', '"\\uD800"', "{}", "{a=1}", "[]", "[1,", "[[1],[2]]", "")
    )  # fmt: skip
    key = st.sampled_from(keys) | st.sampled_from(("", '""', "a.b", "a.b.c", "'x'", "[a]", "[[a]]", "host.port", "é"))
    pair = st.builds("{} = {}".format, key, simple | _texts.map(lambda text: json.dumps(text[:200])))
    table = st.builds("[{}]".format, key) | st.builds("[[{}]]".format, key)
    return st.lists(pair | pair | table, max_size=_FEW).map("\n".join).map(_utf8)


# What comes over a connection

_HEADS = (
    "Content-Length",
    "Transfer-Encoding",
    "Content-Type",
    "Content-Encoding",
    "Location",
    "Set-Cookie",
    "Connection",
    "Upgrade",
    "X",
    "",
    " ",
)
_SAYS = (
    "5",
    "0",
    "-1",
    "5, 5",
    "5, 6",
    "9" * 30,
    "chunked",
    "gzip, chunked",
    "identity",
    "text/html; charset=x",
    "close",
    "http://[::1",
    "//x",
    "a" * 9000,
)


def answers() -> SearchStrategy[bytes]:
    """Answers of a server of HTTP/1.1: heads and bodies that contradict each other, chunks that lie, several answers, none."""
    first = st.sampled_from(
        ("HTTP/1.1 200 OK", "HTTP/1.1 204", "HTTP/1.1 304 X", "HTTP/1.1 100 Continue", "HTTP/1.1 302 Found", "HTTP/1.0 200",
         "HTTP/2 200", "200 OK", "HTTP/1.1 999 \xff", "HTTP/1.1 -1 X", "")
    )  # fmt: skip
    header = st.builds("{}: {}".format, st.sampled_from(_HEADS), st.sampled_from(_SAYS) | _letters.map(lambda text: text[:40]))
    end = st.sampled_from(("\r\n\r\n", "\n\n", "\r\n", "\r\n \r\n\r\n", ""))
    head = st.builds(lambda line, held, last: "\r\n".join((line, *held)) + last, first, st.lists(header, max_size=8), end)
    chunk = st.sampled_from(
        (b"5\r\nhello\r\n", b"0\r\n\r\n", b"FFFFFFFFF\r\n", b"-1\r\n", b"5;a=b\r\nhel", b"0\r\nA: b\r\n\r\n", b"\r\n", b"x")
    )
    body = st.lists(chunk | st.sampled_from(BYTES), max_size=6).map(b"".join)
    whole = st.builds(lambda held, said: held.encode("utf-8", "replace") + said, head, body)
    return st.lists(whole, min_size=1, max_size=3).map(b"".join)


def framed() -> SearchStrategy[bytes]:
    """A row of frames of the broker's protocol; lengths and kinds may be lies."""
    body = objects(("open", "end", "head", "host", "port", "tls", "version")) | st.sampled_from(BYTES)
    length = st.sampled_from((0, 1, 16, 255, 4096, (1 << 20) - 1, 1 << 20, (1 << 32) - 1)) | st.integers(0, 200)
    lie = st.builds(_frame, st.sampled_from((b"j", b"d", b"x", b"\x00")), length, body)
    true = st.builds(lambda kind, inside: _frame(kind, len(inside), inside), st.sampled_from((b"j", b"d")), body)
    return st.lists(true | true | lie, max_size=5).map(b"".join)


def _frame(kind: bytes, length: int, body: bytes) -> bytes:
    return kind + length.to_bytes(4, "big") + body


_EVENT = (
    "choices",
    "delta",
    "message",
    "content",
    "finish_reason",
    "tool_calls",
    "function",
    "name",
    "arguments",
    "index",
    "id",
    "usage",
    "error",
)


def events() -> SearchStrategy[bytes]:
    """Events of a model's server: right in their outer shape with anything inside, cut, repeated, or no events at all."""
    inside = st.dictionaries(st.sampled_from(_EVENT), values(), max_size=5)
    whole = st.builds(lambda held, more: {"choices": [{"delta": held, **more}], **more}, inside, inside).map(_dumped)
    start, end = (
        st.sampled_from((b"data: ", b"data:", b"data", b": ", b"event: x\ndata: ", b"")),
        st.sampled_from((b"\n\n", b"\r\n\r\n", b"\n", b"")),
    )
    said = whole | objects(_EVENT) | st.sampled_from((b"[DONE]", b"{}", b"[]", b"null"))
    return st.lists(st.builds(lambda before, held, after: before + held + after, start, said, end), max_size=8).map(b"".join)


_MESSAGE = (
    "jsonrpc",
    "id",
    "method",
    "params",
    "result",
    "error",
    "tools",
    "nextCursor",
    "name",
    "inputSchema",
    "properties",
    "type",
    "items",
    "content",
)


def messages() -> SearchStrategy[bytes]:
    """Lines of a tool server (JSON-RPC): answers to what it is asked with anything inside, questions of its own, and what is neither."""
    kind = st.sampled_from(("string", "number", "array", "object", "boolean", 7, None))
    parameter: SearchStrategy[object] = st.fixed_dictionaries({"type": kind}) | values()
    schema = st.builds(lambda held: {"type": "object", "properties": held}, st.dictionaries(_letters, parameter, max_size=4))
    one = st.builds(
        lambda name, held: {"name": name, "inputSchema": held}, st.sampled_from(("add", "a b", "", "ädd")) | _letters, schema | values()
    )
    inside = st.builds(
        lambda held, more: {"tools": held, **more},
        st.lists(one | values(), max_size=4),
        st.dictionaries(st.sampled_from(_MESSAGE), values(), max_size=3),
    )
    answer = st.builds(
        lambda number, held: {"jsonrpc": "2.0", "id": number, "result": held},
        st.sampled_from((1, 1, 2, 2, 3, "1", None)),
        inside | values(),
    )
    asked = st.builds(lambda number: {"id": number, "method": "ping"}, values())
    return st.lists((answer | answer | asked).map(_dumped) | objects(_MESSAGE), max_size=6).map(
        lambda each: b"\n".join((_FIRST, *each, b""))
    )


_FIRST = b'{"jsonrpc":"2.0","id":1,"result":{}}'
