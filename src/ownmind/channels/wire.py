"""What every value of ours looks like as JSON: the one form the page, the socket and ``--json`` share.

A dataclass becomes an object of its fields, a datetime ISO 8601 text with its offset, an enum its value, a path its
text. The four events of a turn carry a ``type`` beside their fields, so one line of NDJSON says what it is.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from datetime import date, datetime
from enum import Enum
from pathlib import Path

from ..errors import (
    BadInput,
    Damaged,
    DiskFull,
    HomeInUse,
    NotFound,
    OwnmindError,
    PassphraseNeeded,
    PersonMustAct,
    Refused,
    TryAgainLater,
    WrongPassphrase,
)
from ..messages import Done, Event, Failed, Heard, Words

TYPE_NAMES: dict[type, str] = {Heard: "heard", Words: "words", Done: "done", Failed: "failed"}

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]

# The first class an error is an instance of decides; the order is from the particular to the general.
STATUS: tuple[tuple[type[OwnmindError], int], ...] = (
    (BadInput, 400),
    (NotFound, 404),
    (DiskFull, 507),
    (HomeInUse, 409),
    (PassphraseNeeded, 401),
    (WrongPassphrase, 401),
    (PersonMustAct, 409),
    (TryAgainLater, 503),
    (Refused, 403),
    (Damaged, 500),
    (OwnmindError, 500),
)


def encode(value: object) -> Json:
    """``value`` as plain JSON values, recursively. TypeError for a value that has no form on the wire."""
    match value:
        case Enum():
            return encode(value.value)
        case None | bool() | int() | float() | str():
            return value
        case datetime() | date():
            return value.isoformat()
        case Path():
            return str(value)
        case Mapping():
            return {str(key): encode(held) for key, held in value.items()}
        case list() | tuple() | set() | frozenset():
            return [encode(held) for held in value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: encode(getattr(value, field.name)) for field in dataclasses.fields(value)}
    raise TypeError(f"{type(value).__name__} has no form on the wire")


def event(value: Event) -> dict[str, Json]:
    """One event of a turn: its fields, and its ``type``: heard, words, done or failed."""
    encoded = encode(value)
    assert isinstance(encoded, dict)
    return {"type": TYPE_NAMES[type(value)], **encoded}


def error(raised: OwnmindError) -> dict[str, Json]:
    """An error in the words it already has; ``type`` is its class, for programs."""
    return {"error": {"type": type(raised).__name__, "message": raised.message, "hint": raised.hint}}


def status(raised: OwnmindError) -> int:
    """The HTTP status for an error of ours."""
    return next(code for kind, code in STATUS if isinstance(raised, kind))


def line(value: Json) -> bytes:
    """One line of NDJSON. NaN and infinity are refused, a lone surrogate becomes "?": readers take neither."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode("utf-8", "replace") + b"\n"


def moment(text: str) -> datetime:
    """The aware moment that ISO 8601 text names; without an offset it is of the system's zone. Raises BadInput."""
    try:
        read = datetime.fromisoformat(text)
        if not 1 < read.year < 9999:  # at the ends of the calendar another zone has no such day
            raise ValueError
        return read if read.tzinfo else read.astimezone()
    except (ValueError, OverflowError) as error:
        raise BadInput(f"{text[:40]!r} is not a time", hint="use ISO 8601, such as 2026-11-22T10:30+01:00") from error
