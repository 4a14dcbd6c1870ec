"""Malformed inputs, made from good ones by chance and from what has broken parsers before. The same for the same seed."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence

# Texts that parsers of words, numbers, times, paths and queries have stumbled over.
TEXTS = (
    "", " ", "\x00", "\x1f", "\u200b", "\u202e", "\ufeff", "\ud800", "\udfff", "\U0010ffff", "e\u0301" * 50, "Z\u0334" * 200,
    "👩‍👩‍👧‍👦" * 20, "²³¹", "٣٤", "１２", "Ⅻ", "½", "9" * 5000, "-1", "0", "1e999", "NaN", "-Infinity", "0x7f", "1_000", "+5",
    "9223372036854775808", '"', '""', '"a', "NEAR(a b, 2)", "a* OR b", "AND", "NOT NOT", "text:a", "^a", "(((((", "a AND (b", "{a}:b",
    "'; DROP TABLE items; --", "%s%n", "{0}", "in 99999999999 years", "31 February 2026", "the 0th of May", "year 0", "10000-01-01",
    "0000-00-00", "25:61", "-5 days ago", "last last week", "2026-02-30T25:00+99:99", "2026-05-01T10:00:00+00:00:00.000001",
    "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "next Easter before Friday", "0001-01-01", "9999-12-31", "i0", "f-1",
    "i99999999999999999999", "f" + "1" * 4999, "r1e5", "../../etc", "..\\..", "a/b", "con", "~", "$HOME", "`id`",
    "<script>alert(1)</script>", "<" * 3000, "&#x110000;", "<![CDATA[", "<!--", "]]>", "\r\n\r\n", "\u2028", "a" * 70_000, "ß" * 3000,
    "İ" * 300, "ﬁ" * 300, "I live in " * 500, "My name is my name is my name is", "Ana, " * 800, "?" * 2000, "no. " * 900,
    "I was born on the " + "1" * 400, "- " * 4000, "1. " * 3000,
)  # fmt: skip
VALUES: tuple[object, ...] = (
    None, True, False, 0, -1, 1, 2**31, 2**53 + 1, 2**63, 2**64, -(2**63) - 1, 10**300, 1e308, -0.0, 1e-320, [], {}, [[]], [None],
    {"": None}, *TEXTS,
)  # fmt: skip
BYTES = (
    b"", b"\x00", b"\xff", b"\xfe\xff", b"\xff\xfe", b"\xef\xbb\xbf", b"\x80\x80", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80",
    b"\x1b[2J", b"\r", b"\n", b"\x00" * 4096, b"\xff" * 4096, b"A" * 70_000, b"%s", b"[" * 3000, b"{\"a\":" * 3000, b"9" * 5000, b"-1",
    b"\x7f\xff\xff\xff", b"\x80\x00\x00\x00",
)  # fmt: skip

Mutate = Callable[[bytes, random.Random], bytes]


def of_bytes(sample: bytes, chance: random.Random, others: Sequence[bytes] = ()) -> bytes:
    """``sample`` with one to eight changes: bits, pieces cut, doubled, moved, or put in from elsewhere."""
    data = bytearray(sample)
    for _ in range(chance.choice((1, 1, 2, 3, 8))):
        at = chance.randrange(len(data) + 1)
        length = min(len(data) - at, chance.choice((1, 2, 4, 16, 256)))
        match chance.randrange(8):
            case 0 if data:
                data[at % len(data)] ^= 1 << chance.randrange(8)
            case 1 if data:
                data[at % len(data)] = chance.randrange(256)
            case 2:
                del data[at : at + length]
            case 3:
                data[at:at] = data[at : at + length] * chance.choice((1, 2, 50))
            case 4:
                data[at:at] = chance.choice(BYTES)
            case 5:
                data[at : at + length] = chance.choice(TEXTS).encode("utf-8", "surrogatepass")
            case 6:
                del data[at:]
            case _ if others:
                other = chance.choice(others)
                start = chance.randrange(len(other) + 1)
                data[at:at] = other[start : start + chance.choice((4, 64, 1024))]
    return bytes(data[: 1 << 20])


def of_text(sample: bytes, chance: random.Random) -> bytes:
    """``sample``, a text in UTF-8, with words put in, doubled, taken out or turned round; sometimes only such words."""
    words = sample.decode("utf-8").split(" ")
    for _ in range(chance.choice((1, 2, 3, 6))):
        at = chance.randrange(len(words) + 1)
        match chance.randrange(6):
            case 0:
                words.insert(at, chance.choice(TEXTS))
            case 1:
                words[at:at] = words[at : at + 3] * chance.choice((1, 3, 40))
            case 2:
                del words[at : at + chance.randrange(1, 4)]
            case 3 if words:
                words[at % len(words)] = words[at % len(words)][::-1]
            case 4:
                words = [*words[at:], *words[:at]]
            case _:
                words.insert(at, "".join(chr(chance.choice((chance.randrange(32, 0x300), chance.randrange(0x110000)))) for _ in range(6)))
    return " ".join(words).encode("utf-8", "surrogatepass")[: 1 << 18]


def of_json(sample: bytes, chance: random.Random) -> bytes:
    """``sample``, JSON, with values of other types and sizes, keys gone, new or doubled; sometimes no longer JSON."""
    value: object = json.loads(sample)
    for _ in range(chance.choice((1, 1, 2, 4))):
        value = _changed(value, chance)
    text = json.dumps(value, ensure_ascii=chance.random() < 0.5).encode("utf-8", "surrogatepass")
    match chance.randrange(8):
        case 0:
            return of_bytes(text, chance)
        case 1:
            return text[:1] + b'"text":1,' + text[1:]
        case 2:
            return text.replace(b"null", chance.choice((b"NaN", b"Infinity", b"9" * 5000, b"[" * 100_000, b"1e999")), 1)
        case _:
            return text


def _changed(value: object, chance: random.Random) -> object:
    if isinstance(value, dict) and value and chance.random() < 0.9:
        key = chance.choice(sorted(value))
        match chance.randrange(6):
            case 0:
                return {name: each for name, each in value.items() if name != key}
            case 1:
                return value | {chance.choice(TEXTS): chance.choice(VALUES)}
            case _:
                return value | {key: _changed(value[key], chance)}
    if isinstance(value, list) and value and chance.random() < 0.8:
        at = chance.randrange(len(value))
        return [*value[:at], _changed(value[at], chance), *value[at + 1 :]] if chance.random() < 0.8 else value * chance.choice((0, 2, 200))
    return chance.choice(VALUES)
