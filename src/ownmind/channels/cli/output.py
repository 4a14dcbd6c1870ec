"""What is printed: plain words that fit any terminal, or JSON. No ANSI unless a person looks, and NO_COLOR is obeyed."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
import textwrap
import threading
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TextIO

from ...messages import Cited, Cost, Fact, Recalled
from ..card import in_words

_COLOUR = re.compile("\x1b\\[[0-9;]*m")
_SHARE = "share."  # how recall names a signal's share of an item's score

# Remembered text may come from anywhere. Escape sequences and bidirectional overrides in it could repaint the terminal or
# hide words (CVE-2021-42574), so what is printed for a person keeps only newline and tab of the control characters.
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def clean(text: str) -> str:
    """``text`` with nothing in it that a terminal obeys."""
    return _CONTROLS.sub("�", text.replace("\r\n", "\n"))


def one_line(text: str, limit: int = 160) -> str:
    """``text`` on one line of at most ``limit`` characters."""
    flat = " ".join(clean(text).split())
    return flat if len(flat) <= limit else flat[: limit - 1].rstrip() + "…"


def print_json(value: object) -> None:
    """One JSON object on one line of stdout, in UTF-8 whatever the locale (RFC 8259)."""
    line = json.dumps(value, ensure_ascii=False, default=_plain) + "\n"
    sys.stdout.flush()
    buffer = getattr(sys.stdout, "buffer", None)
    if buffer is None:
        sys.stdout.write(line)
        return
    buffer.write(line.encode("utf-8", errors="replace"))
    buffer.flush()


def print_encoded(value: object) -> None:
    """``value`` from messages.py (or a list of them) as one JSON object."""
    from ..wire import encode

    print_json(encode(value))


def note(text: str) -> None:
    """A word to the person beside the result, on stderr."""
    print(clean(text), file=sys.stderr, flush=True)


def is_coloured(stream: TextIO) -> bool:
    """True when a person looks at ``stream`` and has not asked for plain text (no-color.org)."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def dim(text: str, stream: TextIO | None = None) -> str:
    """``text`` in the background, where there is colour."""
    return f"\x1b[2m{text}\x1b[0m" if is_coloured(stream or sys.stdout) else text


def bold(text: str) -> str:
    return f"\x1b[1m{text}\x1b[0m" if is_coloured(sys.stdout) else text


def day(at: datetime | None) -> str:
    """The date a person reads: ``2026-05-01 14:30``, without the time at midnight, empty when nobody knows."""
    if at is None:
        return ""
    local = at.astimezone() if at.tzinfo else at
    return local.strftime("%Y-%m-%d" if (local.hour, local.minute) == (0, 0) else "%Y-%m-%d %H:%M")


def where(source: str, title: str = "", page: int | None = None) -> str:
    """A source as a person names it."""
    name = clean(title or source)
    return f"{name}, page {page}" if page else name


def joined(*parts: str) -> str:
    """The parts that are not empty, with a middle dot between."""
    return " · ".join(part for part in parts if part)


def table(rows: Sequence[Sequence[str]]) -> list[str]:
    """The rows with their columns under each other. In a terminal the last column is folded under itself to fit the width."""
    if not rows:
        return []
    widths = [max(_wide(row[index]) for row in rows) for index in range(len(rows[0]))]
    indent = sum(widths[:-1]) + 2 * (len(widths) - 1)
    room = max(24, shutil.get_terminal_size().columns - indent - 1) if sys.stdout.isatty() else 10_000
    lines = []
    for row in rows:
        begin = "".join(f"{cell}{' ' * (width - _wide(cell) + 2)}" for cell, width in zip(row[:-1], widths, strict=False))
        first, *more = [row[-1]] if _wide(row[-1]) <= room else textwrap.wrap(row[-1], room) or [""]
        lines += [f"{begin}{first}".rstrip(), *(" " * indent + each for each in more)]
    return lines


@contextmanager
def slowly(doing: str) -> Iterator[None]:
    """Says on stderr what is being done once it has taken longer than a second."""
    telling = threading.Timer(1.0, note, [f"ownmind: {doing} …"])
    telling.daemon = True
    telling.start()
    try:
        yield
    finally:
        telling.cancel()


def print_recalled(found: Recalled) -> None:
    """One recalled item: its words, then where they come from."""
    item = found.item
    print(f"{bold(item.id)}  {clean(item.text)}")
    place = where(item.source.ref, item.source.title, item.page)
    print(dim(f"    {joined(clean(item.speaker), day(item.at), place, in_words(item.label))}"))


def print_shares(found: Sequence[Recalled]) -> None:
    """Why these and in this order: a column an item, a row a signal, the heaviest first. The shares add up to ``sum``."""
    shares = {name for one in found for name in one.signals if name.startswith(_SHARE)}
    heaviest = sorted(shares, key=lambda name: (-max(abs(one.signals.get(name, 0.0)) for one in found), name))
    rows = [(name.removeprefix(_SHARE), [one.signals.get(name, 0.0) for one in found]) for name in heaviest]
    rows = [(name, values) for name, values in rows if any(round(value, 2) for value in values)]
    rows.append(("sum", [one.signals.get("fused", 0.0) for one in found]))
    rows.append(("score", [one.score for one in found]))
    print(f"\n{'signal':16}" + "".join(f"{one.id:>9}" for one in found))
    for name, values in rows:
        print(f"{name.replace('_', ' '):16}" + "".join(f"{value:9.2f}" for value in values))


def print_fact(fact: Fact, *, is_contradicted: bool = False) -> None:
    """One fact: what is believed, then the words it rests on."""
    until = f"until {day(fact.valid_to)}" if fact.valid_to else ""
    since = f"since {day(fact.valid_from)}" if fact.valid_from else ""
    never = "never so" if fact.wrong else ""
    since, until = ("", "") if fact.wrong else (since, until)
    disputed = "contradicted: see --conflicts" if is_contradicted else ""
    marks = joined("" if fact.stated else "inferred", "kept" if fact.kept else "", never, since, until, disputed)
    print(f"{bold(fact.id)}  {clean(fact.text)}" + (f"  ({marks})" if marks else ""))
    print(dim(f"    “{one_line(fact.quote)}” · {joined(clean(fact.source), fact.item_id, in_words(fact.label))}"))


def print_sources(sources: tuple[Cited, ...]) -> None:
    """The sources under an answer, one line each."""
    for cited in sources:
        about = joined(clean(cited.speaker), day(cited.at), where(cited.source, cited.title, cited.page))
        print(dim(f"  ← {cited.item_id}  “{one_line(cited.quote or cited.text, 100)}”  {about}"))


def print_surety(holds: float | None) -> None:
    """How sure memory is to hold the answer; nothing for a message that asked nothing of it."""
    if holds is not None:
        how = "holds" if holds >= 0.75 else "probably holds" if holds >= 0.65 else "hardly holds"  # as the page says it
        print(dim(f"  memory {how} this ({100 * holds:.0f} %)"))


def print_cost(cost: Cost | None) -> None:
    """What a reply by a model elsewhere cost, and by whose count; nothing for one from here."""
    if cost is not None:
        amount = "at a price nobody knows" if cost.amount is None else f"{cost.amount:.4g} {cost.currency}"
        how = "by its count of tokens" if cost.is_counted else "at most: it counted nothing"
        print(dim(f"  {clean(cost.model)}: {amount}, {how}"))


def print_learned(facts: tuple[Fact, ...]) -> None:
    """What was just learnt, one line each, with the words it rests on."""
    for fact in facts:
        print(dim(f"  + {fact.id}  {one_line(fact.text, 100)}  “{one_line(fact.quote, 80)}”"))


def _wide(cell: str) -> int:
    """How many columns it takes: colours take none, wide letters two."""
    plain = _COLOUR.sub("", cell)
    return sum(0 if unicodedata.combining(each) else 2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in plain)


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Path):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")
