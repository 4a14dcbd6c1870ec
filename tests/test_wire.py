"""The one JSON form of our values, which the page, the socket and --json share."""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from ownmind import errors, messages
from ownmind.channels import wire
from ownmind.messages import (
    Cited,
    Done,
    Fact,
    FactKind,
    Failed,
    Heard,
    Imported,
    Integrity,
    Item,
    Kind,
    Label,
    Progress,
    Recalled,
    Reply,
    Skipped,
    Source,
    Span,
    Timings,
    Words,
)

AT = datetime(2026, 11, 22, 10, 30, tzinfo=timezone(timedelta(hours=1)))
LABEL = Label(Integrity.PERSON)
SOURCE = Source("conversation:c1", "conversation", "c1")
FACT = Fact(
    "f1",
    "You are vegetarian",
    "you",
    "diet",
    "vegetarian",
    FactKind.NEED,
    True,
    1.0,
    "i1",
    "I am vegetarian",
    Span(0, 15),
    "conversation:c1",
    LABEL,
    AT,
)
ITEM = Item("i1", "I am vegetarian", SOURCE, LABEL, Kind.MESSAGE, AT, "", "c1", 0, AT)
CITED = Cited("i1", "I am vegetarian", "conversation:c1", "", AT, "", "vegetarian")
REPLY = Reply("i2", "Noted.", (CITED,), (FACT,), Timings(), "c1", True, "scripted")


@pytest.mark.parametrize(
    "value",
    [
        FACT,
        ITEM,
        CITED,
        REPLY,
        Recalled(ITEM, 0.5, {"bm25": 1.0}),
        Progress("import", 1, 2, "items"),
        Imported(1, 2, 3, (Skipped("a", "b"),), 0.5),
    ],
)
def test_what_is_sent_can_be_read_back_as_the_same_value(value: object) -> None:
    """An attached command gets the very values the store gave, times with their offsets included."""
    sent = json.loads(wire.line(wire.encode(value)))
    assert TypeAdapter(type(value)).validate_python(sent) == value


@pytest.mark.parametrize(
    ("value", "name"), [(Heard("i1", "c1"), "heard"), (Words("a"), "words"), (Done(REPLY), "done"), (Failed("a", "b"), "failed")]
)
def test_an_event_says_what_it_is(value: messages.Event, name: str) -> None:
    """Each line of a turn carries its type beside its fields."""
    assert wire.event(value)["type"] == name


def test_an_unknown_value_is_refused_rather_than_guessed() -> None:
    """Nothing is sent as its repr."""
    with pytest.raises(TypeError):
        wire.encode(object())


@given(st.text())
def test_any_text_is_one_line_of_json(text: str) -> None:
    """Line breaks and lone surrogates in remembered text never break the stream."""
    line = wire.line({"text": text})
    assert line.count(b"\n") == 1 and line.endswith(b"\n")
    assert json.loads(line)["text"] == text.encode("utf-8", "replace").decode()


def test_numbers_no_json_reader_takes_are_refused() -> None:
    """NaN would be written as a bare word that browsers refuse."""
    with pytest.raises(ValueError, match="not JSON compliant"):
        wire.line(math.nan)


def test_every_error_of_ours_has_a_status_and_its_own_words() -> None:
    """Whatever is raised reaches the person with its message and hint."""
    for kind in vars(errors).values():
        if isinstance(kind, type) and issubclass(kind, errors.OwnmindError):
            raised = kind("what", hint="do")
            assert 400 <= wire.status(raised) <= 599
            assert wire.error(raised) == {"error": {"type": kind.__name__, "message": "what", "hint": "do"}}
    assert wire.status(errors.NotFound("a")) == 404
    assert wire.status(errors.BrainNotReady("a")) == 503


def test_times_keep_their_offset() -> None:
    """A moment is sent with the zone it was said in."""
    assert wire.encode(AT) == "2026-11-22T10:30:00+01:00"
    assert wire.encode(AT.astimezone(UTC)) == "2026-11-22T09:30:00+00:00"
