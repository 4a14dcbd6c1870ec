"""Chat transcripts: JSON Lines, one turn a line (docs/transcripts.md).

``{"id": "t1", "at": "2026-03-04T18:20:00+01:00", "speaker": "Ana", "text": "...", "conversation": "trip"}``
A bad line is reported by its number with the reason and the rest is read. Memory does not grow with the file.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import BinaryIO

from ..errors import BadInput
from ..messages import Confidentiality, Entry, Integrity, Kind, Label, Skipped, Source
from . import Found

LONGEST_LINE = 4 << 20  # bytes; a longer line is reported and passed over without being held
TELLING_LINES = 20  # if none of so many first lines is a turn, the file is something else
REQUIRED = ("id", "at", "speaker", "text")
_BETWEEN = "\x1f"  # ASCII's unit separator: no id of a person's data holds it
_LABEL = Label(Integrity.UNTRUSTED, Confidentiality.PRIVATE)


@dataclass(frozen=True, slots=True)
class Transcript:
    """The turns in ``stream``, an open file. ``name`` (the file's) stands in messages and is the conversation of turns that name none.

    ``ref`` is the reference of the source. Ids need to be unique only within a conversation (see `scoped`).
    """

    stream: BinaryIO
    name: str
    ref: str

    def fetch(self) -> Iterator[Found]:
        """Entries and Skipped lines in the file's order. Raises BadInput when it is no transcript at all."""
        turns = strange = 0
        held: list[Skipped] = []  # until the file is known to be a transcript
        for number, line in _lines(self.stream):
            found = self._turn(number, line)
            if isinstance(found, Entry):
                turns += 1
                yield from held
                held.clear()
                yield found
            elif turns:
                yield found
            else:
                held.append(found)
                strange += 1
                if strange >= TELLING_LINES:
                    break
        if not turns:
            if not held:
                raise BadInput("it is empty")
            raise BadInput(f"not a transcript: each line must be a JSON object with {', '.join(REQUIRED)} (line 1: {held[0].reason})")

    def _turn(self, number: int, line: bytes | None) -> Entry | Skipped:
        where = f"{self.name} line {number}"
        if line is None:
            return Skipped(where, f"longer than {LONGEST_LINE >> 20} MB")
        try:
            return self._entry(_fields(line))
        except BadInput as error:
            return Skipped(where, error.message)

    def _entry(self, fields: dict[str, object]) -> Entry:
        text = _words(fields, "text")
        if not text.strip():
            raise BadInput("text is empty")
        conversation = _words(fields, "conversation") if fields.get("conversation") is not None else ""
        return Entry(
            text=text,
            source=Source(self.ref, "transcript", self.name, "application/jsonl"),
            label=_label(fields),
            kind=Kind.TURN,
            at=moment(fields["at"]),
            speaker=_words(fields, "speaker"),
            conversation=conversation or self.name,
            external_id=scoped(_identity(fields["id"]), conversation),
        )


def _label(fields: dict[str, object]) -> Label:
    """Untrusted whatever the file says of itself; as confidential as an export says it was, or more."""
    try:
        told = Confidentiality(str(fields.get("confidentiality", "private")))
    except ValueError:
        told = Confidentiality.PRIVATE
    return _LABEL if told is Confidentiality.PRIVATE else _LABEL.joined(Label(Integrity.SYSTEM, told))


def _lines(stream: BinaryIO) -> Iterator[tuple[int, bytes | None]]:
    """Numbered lines that hold anything (from 1); None for one that is too long."""
    number = 0
    while line := stream.readline(LONGEST_LINE + 1):
        number += 1
        if len(line) > LONGEST_LINE:
            while line and not line.endswith(b"\n"):
                line = stream.readline(LONGEST_LINE)
            yield number, None
            continue
        if number == 1:
            line = line.removeprefix(b"\xef\xbb\xbf")
        if line.strip():
            yield number, line


def _fields(line: bytes) -> dict[str, object]:
    try:
        value = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise BadInput(f"not UTF-8 (byte {error.start + 1} of the line)") from error
    except json.JSONDecodeError as error:
        raise BadInput(f"not JSON ({error.msg} at character {error.pos + 1})") from error
    except (RecursionError, ValueError) as error:  # nested a thousand deep; a number of a million digits
        raise BadInput("not JSON that can be read") from error
    if not isinstance(value, dict):
        raise BadInput("not a JSON object")
    missing = [name for name in REQUIRED if name not in value]
    if missing:
        raise BadInput(f"without {' and '.join(missing)}")
    return value


def _words(fields: dict[str, object], name: str) -> str:
    value = fields[name]
    if value is None and name != "text":
        return ""
    if not isinstance(value, str):
        raise BadInput(f"{name} is not text")
    return sound(value)


def scoped(turn_id: str, conversation: str) -> str:
    """The external id of a turn: its own id, behind its conversation's name when it has one ("1" may occur in each)."""
    return f"{conversation}{_BETWEEN}{turn_id}" if conversation else turn_id


def unscoped(external_id: str) -> str:
    """The id that `scoped` was given."""
    return external_id.rpartition(_BETWEEN)[2]


def sound(text: str) -> str:
    """The text with what no text store can hold (half of a surrogate pair, zero characters) standing as U+FFFD."""
    if not text.isascii():
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text.replace("\x00", "\ufffd")


def _identity(value: object) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, str) and value.strip():
        return sound(value).replace(_BETWEEN, " ")
    raise BadInput("id is neither text nor a whole number")


def moment(value: object) -> datetime | None:
    """A time with zone from ISO 8601 (without a zone: this machine's) or Unix seconds; None from null. Raises BadInput."""
    try:
        match value:
            case None:
                return None
            case bool():
                raise BadInput("at is neither ISO 8601 nor Unix seconds")
            case int() | float():
                return datetime.fromtimestamp(value, UTC)
            case str():
                at = datetime.fromisoformat(value.strip())
                at = at if at.tzinfo else at.astimezone()
                datetime.fromtimestamp(at.timestamp(), at.tzinfo)  # the first and last days of the calendar do not survive being stored
                return at
            case _:
                raise BadInput("at is neither ISO 8601 nor Unix seconds")
    except (ValueError, OverflowError, OSError) as error:
        large = isinstance(value, int | float) and abs(value) > 1e10
        raise BadInput(
            "at is too large for Unix seconds: is it in milliseconds?" if large else "at is neither ISO 8601 nor Unix seconds"
        ) from error
