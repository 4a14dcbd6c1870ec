"""Transcripts: every good line a turn, every bad line named."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ownmind.connectors.transcript import LONGEST_LINE, Transcript, moment, scoped, unscoped
from ownmind.errors import BadInput
from ownmind.messages import Entry, Integrity, Kind, Skipped

GOOD = {"id": "t1", "at": "2026-03-04T18:20:00+01:00", "speaker": "Ana", "text": "Peanuts make me ill."}


def read(*lines: bytes | str | dict[str, object]) -> tuple[list[Entry], list[Skipped]]:
    encoded = [json.dumps(line) if isinstance(line, dict) else line for line in lines]
    content = b"\n".join(line.encode() if isinstance(line, str) else line for line in encoded)
    found = list(Transcript(io.BytesIO(content), "chat.jsonl", "transcript:chat.jsonl").fetch())
    return [thing for thing in found if isinstance(thing, Entry)], [thing for thing in found if isinstance(thing, Skipped)]


def test_a_turn_keeps_who_said_it_when_and_where() -> None:
    """Everything in the line is in the entry; nobody vouches for it, so it is untrusted."""
    (turn, other), skipped = read(GOOD, {**GOOD, "conversation": "trip"})
    assert not skipped
    assert (turn.text, turn.speaker, turn.external_id, turn.conversation) == ("Peanuts make me ill.", "Ana", "t1", "chat.jsonl")
    assert turn.at == datetime(2026, 3, 4, 17, 20, tzinfo=UTC)
    assert turn.kind is Kind.TURN
    assert turn.label.integrity is Integrity.UNTRUSTED
    assert turn.source.ref == "transcript:chat.jsonl"
    assert other.conversation == "trip"
    assert unscoped(other.external_id) == "t1"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"{not json", "not JSON"),
        (b"\xff\xfe{}", "not UTF-8"),
        (b"[1, 2]", "not a JSON object"),
        (b"[" * 100_000, "not JSON"),
        ({"id": "t1", "at": None, "speaker": "Ana"}, "without text"),
        ({"text": "x"}, "without id and at and speaker"),
        ({**GOOD, "text": "  "}, "text is empty"),
        ({**GOOD, "text": 7}, "text is not text"),
        ({**GOOD, "text": None}, "text is not text"),
        ({**GOOD, "speaker": ["Ana"]}, "speaker is not text"),
        ({**GOOD, "id": ""}, "id is neither"),
        ({**GOOD, "id": True}, "id is neither"),
        ({**GOOD, "at": "yesterday"}, "at is neither"),
        ({**GOOD, "at": 1_700_000_000_000_000}, "milliseconds"),
        ({**GOOD, "at": True}, "at is neither"),
        ({**GOOD, "at": "0001-01-01T00:00:00+14:00"}, "at is neither"),
        ({**GOOD, "conversation": 3}, "conversation is not text"),
        (b'{"id": "' + b"x" * LONGEST_LINE + b'"}', "longer than 4 MB"),
        (b'{"id": 1, "at": ' + b"9" * 5000 + b', "speaker": "", "text": "x"}', ""),
        (b'{"id": 1, "at": NaN, "speaker": "", "text": "x"}', "at is neither"),
    ],
)
def test_a_bad_line_is_named_and_the_rest_is_read(line: bytes | dict[str, object], reason: str) -> None:
    """The line's number and the reason in words; the turns before and after it are there."""
    turns, (skipped,) = read(GOOD, b"", line, {**GOOD, "id": "t2"})
    assert [turn.external_id for turn in turns] == ["t1", "t2"]
    assert skipped.where == "chat.jsonl line 3"
    assert reason in skipped.reason


def test_bad_lines_at_the_start_are_named_too() -> None:
    """A heading before the first turn does not make it another kind of file."""
    turns, skipped = read("exported 2026", *([GOOD] * 2))
    assert len(turns) == 2
    assert [thing.where for thing in skipped] == ["chat.jsonl line 1"]


def test_what_is_no_transcript_says_so() -> None:
    """Logs, data and empty files in the same form are refused as a whole, with what was expected."""
    for lines in ([{"level": "info", "message": "x"}] * 30, [b"plain words"], [b'{"a": 1}']):
        with pytest.raises(BadInput, match="not a transcript"):
            read(*lines)
    with pytest.raises(BadInput, match="empty"):
        read(b"\n\n")


def test_times_are_read_in_every_documented_form() -> None:
    """With a zone, with Z, without a zone (this machine's), Unix seconds with and without a fraction, and none."""
    at = datetime(2026, 3, 4, 17, 20, tzinfo=UTC)
    assert moment("2026-03-04T17:20:00Z") == moment("2026-03-04 18:20+01:00") == moment(at.timestamp()) == moment(int(at.timestamp())) == at
    local = moment("2026-03-04T17:20:00")
    assert local == datetime(2026, 3, 4, 17, 20).astimezone()
    assert moment("2026-03-04") is not None
    assert moment(at.timestamp() + 0.5) == at + timedelta(seconds=0.5)
    assert moment(None) is None


def test_text_no_store_can_hold_is_repaired() -> None:
    """Half an emoji and a zero character become the sign for a damaged character; whole emoji stay."""
    (turn,), _ = read(b'{"id": 5, "at": 0, "speaker": "B\\u0000", "text": "a \\ud83d\\ude00 b \\ud83d c"}')
    assert turn.text == "a 😀 b � c"
    assert turn.speaker == "B�"
    assert turn.external_id == "5"
    assert turn.text.encode()


def test_a_byte_order_mark_and_windows_line_ends_do_not_matter() -> None:
    """As editors on Windows write them."""
    turns, skipped = read(b"\xef\xbb\xbf" + json.dumps(GOOD).encode() + b"\r", json.dumps({**GOOD, "id": 2}) + "\r")
    assert len(turns) == 2
    assert not skipped


@given(st.text(min_size=1).filter(lambda text: "\x1f" not in text), st.text())
def test_an_id_survives_being_scoped(turn_id: str, conversation: str) -> None:
    """Ids need to be unique only within their conversation, and come out as they went in."""
    assert unscoped(scoped(turn_id, conversation)) == turn_id
