"""Promises found in labelled messages: precision and recall. No model, and each message alone.

A found promise is right when it stands in the labelled sentence, is by and to the same people, and says the same (half of the words of
substance on each side). The time is counted by itself: ``due_right`` is the share of right ones whose day (and clock time, where the
words name one) agrees, also where none is named. ``strict`` counts only those right in everything. The control reads the same messages with
their labels moved on by one: precision must fall to nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from time import process_time

from ..memory.words import STOP
from ..people.person import Promise
from ..people.promises import found
from . import result
from .promises_data import SAID_AT, Labelled, P, messages


@dataclass(frozen=True, slots=True)
class _Read:
    message: Labelled
    promises: tuple[Promise, ...]


def run(*, show: bool = False, part: str = "", **_: object) -> dict[str, object]:
    """Precision, recall and times of both parts. ``show`` lists what went wrong in the part the rules were made with."""
    figures = measured()
    if show:
        figures["errors"] = [error for one in _read(part or "dev") for error in _errors(one)]
    moved = _read("")
    shifted = [_Read(moved[at - 1].message, one.promises) for at, one in enumerate(moved)]
    return result("promises", figures, n=len(moved), seed=None, control=_score(shifted)["precision"])


def measured() -> dict[str, object]:
    """The figures of all messages, and of each part."""
    figures: dict[str, object] = {
        **_score(_read("")),
        "dev": _score(_read("dev")),
        "held": _score(_read("held")),
        "wide": _score(_read("wide")),
    }
    began = process_time()
    rounds = 5
    for _ in range(rounds):
        _read("")
    figures["milliseconds_a_message"] = round(1000 * (process_time() - began) / (rounds * len(messages())), 3)
    return figures


def _read(part: str) -> list[_Read]:
    return [
        _Read(one, found(one.text, by=one.by, to=one.to, said_at=SAID_AT, asked=one.asked, addressed=one.addressed))
        for one in messages(part)
    ]


def _score(read: Sequence[_Read]) -> dict[str, object]:
    pairs = [(one, promise, _label(one.message, promise)) for one in read for promise in one.promises]
    right = [(promise, label) for _, promise, label in pairs if label is not None]
    wanted = [(one, label) for one in read for label in one.message.promises]
    got = sum(any(_is(one.message, promise, label) for promise in one.promises) for one, label in wanted)
    dated = sum(_is_due(promise, label) for promise, label in right)
    spans = sum(promise.sentence == one.message.text[promise.span.start : promise.span.end] for one, promise, _ in pairs)
    return {
        "messages": len(read),
        "found": len(pairs),
        "labelled": len(wanted),
        "precision": _share(len(right), len(pairs)),
        "recall": _share(got, len(wanted)),
        "due_right": _share(dated, len(right)),
        "strict_precision": _share(dated, len(pairs)),
        "strict_recall": _share(dated, len(wanted)),
        "invented_spans": len(pairs) - spans,
    }


def _share(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0


def _label(message: Labelled, promise: Promise) -> P | None:
    return next((label for label in message.promises if _is(message, promise, label)), None)


def _is(message: Labelled, promise: Promise, label: P) -> bool:
    by, to = label.by or message.by, label.to or message.to
    sentence = " ".join(promise.sentence.split()).lower()
    return promise.by == by and promise.to == to and label.quote.lower() in sentence and _says(promise.what, label.what, (by, to))


def _says(found_: str, label: str, names: tuple[str, str]) -> bool:
    leave = {word for name in names for word in re.findall(r"\w+", name.lower())}
    mine, theirs = _words(found_) - leave, _words(label) - leave
    shared = len(mine & theirs)
    return shared > 0 and 2 * shared >= len(mine) and 2 * shared >= len(theirs)


def _words(text: str) -> set[str]:
    return {word for word in re.findall(r"[\w-]+", text.lower().replace("’", "'")) if word not in _EMPTY}


_EMPTY = (STOP | {"s", "m", "u", "ur"}) - {"have", "do", "it", "be", "with", "not", "will", "won", "t"} | {"t"}


def _is_due(promise: Promise, label: P) -> bool:
    if not label.due or promise.due is None:
        return not label.due and promise.due is None
    wanted = datetime.fromisoformat(label.due).replace(tzinfo=promise.due.tzinfo or UTC)
    return promise.due == wanted if "T" in label.due else promise.due.date() == wanted.date()


def _errors(one: _Read) -> list[str]:
    lines = [
        f"WRONG {promise.by}>{promise.to}: {promise.what!r} in {one.message.text!r}"
        for promise in one.promises
        if not _label(one.message, promise)
    ]
    for label in one.message.promises:
        mine = next((promise for promise in one.promises if _is(one.message, promise, label)), None)
        if mine is None:
            lines.append(f"MISSED {label} in {one.message.text!r} (asked {one.message.asked!r})")
        elif not _is_due(mine, label):
            lines.append(f"DUE {mine.due} for {label.due!r} in {one.message.text!r}")
    return lines
