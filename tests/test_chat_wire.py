"""The chat completions protocol: whatever comes back is read, or refused in words, however its bytes are cut."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ownmind.config import Provider
from ownmind.errors import BadInput
from ownmind.models.elsewhere.chat import deltas, read, whole
from ownmind.models.elsewhere.endpoint import endpoint
from ownmind.models.elsewhere.wires import CutOff, Delta, Garbled, Usage


def deltas_of(pieces: Sequence[bytes]) -> list[Delta]:
    async def come() -> AsyncIterator[bytes]:
        for piece in pieces:
            yield piece

    async def collect() -> list[Delta]:
        return [delta async for delta in deltas(come())]

    return asyncio.run(collect())


@given(st.lists(st.integers(0, 400), max_size=12))
def test_however_the_bytes_are_cut_the_same_is_read(cuts: list[int]) -> None:
    """Also in the middle of a letter, of a line end, of the mark that ends it."""
    for events in (EVENTS_BARE, EVENTS_BARE.replace(b"\n", b"\r\n")):
        places = [0, *sorted(cuts), len(events)]
        pieces = [events[start:end] for start, end in itertools.pairwise(places)]
        assert "".join(delta.text for delta in deltas_of(pieces)) == "Hello 😀"


@given(st.lists(st.binary(max_size=60), max_size=6).filter(lambda pieces: b"[DONE]" not in b"".join(pieces)))
def test_garbage_raises_one_error_and_no_other(pieces: list[bytes]) -> None:
    for said in (pieces, [b"data: " + b"".join(pieces) + b"\n\n"]):
        with pytest.raises(Garbled):
            deltas_of(said)


KEYS = ["choices", "delta", "content", "tool_calls", "function", "index", "usage", "prompt_tokens", "finish_reason", "message", "name"]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(["choices", "usage", "error", "id"]), JSON))
def test_any_object_is_read_or_refused(event: dict[str, object]) -> None:
    for reading in (lambda: read(json.loads(json.dumps(event))), lambda: whole(json.dumps(event).encode())):
        try:
            found = reading()
        except Garbled:
            continue
        assert isinstance(found.text, str) and (found.usage is None or min(found.usage.sent, found.usage.came) >= 0)


def test_an_end_that_was_not_said_is_a_cut() -> None:
    whole_line = b'data: {"choices": [{"delta": {"content": "Hi"}}]}\n\n'
    with pytest.raises(CutOff):
        deltas_of([whole_line])
    assert [one.text for one in deltas_of([whole_line, b"data: [DONE]\n\n"])] == ["Hi"]


def test_a_line_without_an_end_is_refused_before_it_fills_the_memory() -> None:
    with pytest.raises(Garbled):
        deltas_of([b"data: " + b"x" * (1 << 16)] * 40)


def test_the_worst_a_call_can_cost_is_never_less_than_it_does() -> None:
    """A token is at least a byte, and an answer at most ``most_tokens``."""
    at = endpoint(Provider("p", url="https://api.example.org/v1/", model="m", price_in=3.0, price_out=15.0, most_tokens=100))
    assert at.destination == "api.example.org" and at.url == "https://api.example.org/v1"
    assert at.worst(1000, 3) >= at.cost(Usage(1000, 100)) > 0
    unknown = endpoint(Provider("p", url="https://api.example.org/v1", model="m"))
    assert unknown.worst(1, 1) == float("inf") and unknown.cost(Usage(5, 5)) == 0


def test_where_it_is_must_be_a_place() -> None:
    for url in (
        "",
        "api.example.org",
        "https://",
        "https://api.example.org/v1?key=1",
        "https://a:b@api.example.org",
        "http://192.0.2.300/",
    ):
        with pytest.raises(BadInput):
            endpoint(Provider("p", url=url, model="m"))
    for url in ("http://127.0.0.1:8080/v1", "http://localhost:11434/v1", "http://[::1]:8080/v1", "http://10.1.2.3/v1"):
        assert endpoint(Provider("p", url=url, model="m")).url == url


EVENTS_BARE = b"".join(
    b"data: %s\n\n" % (said if isinstance(said, bytes) else json.dumps(said, ensure_ascii=False).encode())
    for said in (
        {"choices": [{"delta": {"role": "assistant", "content": "Hel"}}]},
        {"choices": [{"delta": {"content": "lo "}}]},
        {"choices": [{"delta": {"content": "😀"}}]},
        {"choices": [{"delta": {}, "finish_reason": "stop"}]},
        {"choices": [], "usage": {"prompt_tokens": 1, "completion_tokens": 2}},
        b"[DONE]",
    )
)
