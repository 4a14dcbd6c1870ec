"""What of a message a stranger would still read: spans veiled, spans veiled for nothing, and what it costs.

197 messages in fourteen languages, written by hand for this bench with what is personal in them marked (``data/veil.json``): known
values (exact: whatever the case, grouping and blanks; numbers with a check digit count here too) and their inflections, near forms
(one slip, no accents, another spelling or script), what only its shape gives away, and messages that hold words like "may", "nice"
and "rose" or numbers that are nobody's. A span counts as covered when all of it is replaced; a replaced place is right when it
touches a span. The control is the same count with nothing known.

Speed is measured over the same messages, which are dense with names, with 5,000 made names known besides: milliseconds of the
processor a thousand characters, all of ``veil`` with the check that the text comes back.
"""

from __future__ import annotations

import json
import random
import re
import statistics
import time
from collections import Counter
from dataclasses import dataclass
from importlib import resources

from ..guard.pseudonyms import Dictionary, Known, Sort, Veiled, restore, veil
from . import result

_MARK = re.compile(r"\{([~?^]?)([^{}]*)\}")
_KINDS = {"": "exact", "^": "inflected", "~": "near", "?": "shape"}
_NAMES = 5_000


@dataclass(frozen=True, slots=True)
class _Message:
    text: str
    spans: tuple[tuple[int, int, str], ...]  # start, end, exact | inflected | near | shape


def run(seed: int = 20, **_: object) -> dict[str, object]:
    """Coverage by kind of span, precision, leaks, round trips, and milliseconds a thousand characters."""
    known, messages = _read()
    dictionary, chance = Dictionary(known), random.Random(seed)
    done = [veil(message.text, dictionary, (), chance) for message in messages]
    figures = _counted(messages, done)
    figures["restored"] = sum(restore(one.text, one.new) == message.text for message, one in zip(messages, done, strict=True))
    figures.update(_speed(known, messages, seed))
    blank = [veil(message.text, Dictionary(), (), chance) for message in messages]
    control = {key: value for key, value in _counted(messages, blank).items() if key in ("recall", "leaks_of_exact", "covered")}
    missed = [f"{text}: {said}" for text, said in _missed(messages, done)]
    return result("veil", figures, n=len(messages), seed=seed, control=control, missed=missed, needless=_needless(messages, done))


def _read() -> tuple[list[Known], list[_Message]]:
    raw = json.loads(resources.files(__package__).joinpath("data/veil.json").read_text(encoding="utf-8"))
    return [Known(Sort(sort), value) for sort, value in raw["known"]], [_message(marked) for marked in raw["messages"]]


def _message(marked: str) -> _Message:
    text, spans, at = "", [], 0
    for match in _MARK.finditer(marked):
        text += marked[at : match.start()]
        spans.append((len(text), len(text) + len(match[2]), _KINDS[match[1]]))
        text += match[2]
        at = match.end()
    return _Message(text + marked[at:], tuple(spans))


def _is_covered(message: _Message, span: tuple[int, int, str], done: Veiled) -> bool:
    """Whether no letter or digit of the span stayed."""
    open_ = set(range(span[0], span[1]))
    for place in done.replaced:
        open_ -= set(range(place.at.start, place.at.end))
    return not any(message.text[at].isalnum() for at in open_)


def _counted(messages: list[_Message], done: list[Veiled]) -> dict[str, object]:
    there: Counter[str] = Counter()
    covered: Counter[str] = Counter()
    for message, one in zip(messages, done, strict=True):
        for span in message.spans:
            there[span[2]] += 1
            covered[span[2]] += _is_covered(message, span, one)
    places = sum(len(one.replaced) for one in done)
    needless = len(_needless(messages, done))
    return {
        "spans": dict(there),
        "covered": dict(covered),
        "recall": round(covered.total() / there.total(), 4),
        "precision": round(1 - needless / places, 4) if places else None,
        "leaks_of_exact": there["exact"] - covered["exact"],
        "replaced": places,
    }


def _missed(messages: list[_Message], done: list[Veiled]) -> list[tuple[str, str]]:
    return [
        (message.text[span[0] : span[1]], message.text)
        for message, one in zip(messages, done, strict=True)
        for span in message.spans
        if not _is_covered(message, span, one)
    ]


def _needless(messages: list[_Message], done: list[Veiled]) -> list[str]:
    return [
        f"{place.value}: {message.text}"
        for message, one in zip(messages, done, strict=True)
        for place in one.replaced
        if not any(place.at.start < end and start < place.at.end for start, end, _ in message.spans)
    ]


def _speed(known: list[Known], messages: list[_Message], seed: int) -> dict[str, object]:
    chance = random.Random(seed)
    began = time.process_time()
    dictionary = Dictionary([*known, *(Known(Sort.PERSON, _made_name(chance)) for _ in range(_NAMES))])
    built = time.process_time() - began
    text = "\n".join(message.text for message in messages)
    chunks = [text[at : at + 1000] for at in range(0, len(text) - 999, 1000)]
    costs = []
    for chunk in chunks * 3:
        began = time.process_time()
        veil(chunk, dictionary, (), chance)
        costs.append((time.process_time() - began) * 1000)
    return {
        "known_names": _NAMES,
        "build_ms": round(built * 1000, 1),
        "ms_per_1000_characters_p50": round(statistics.median(costs), 2),
        "ms_per_1000_characters_max": round(max(costs), 2),
    }


def _made_name(chance: random.Random) -> str:
    def word() -> str:
        return "".join(chance.choice("bdfghklmnprstvz") + chance.choice("aeiou") for _ in range(chance.randint(2, 4))).capitalize()

    return f"{word()} {word()}"
