"""The three protocols, each against a server that holds requests to its provider's own form: every promise of a chat model is kept, and
what goes wrong is said in words."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic_ai import ModelMessage, ModelRequest, ModelResponse
from pydantic_ai.messages import SystemPromptPart, ThinkingPart, ToolCallPart, ToolReturnPart, UserPromptPart
from pydantic_ai.models import ModelRequestParameters
from pydantic_ai.tools import ToolDefinition

from lenders import SIGNATURE, Lender
from outside import allowed, outside
from ownmind.config import Provider
from ownmind.models.conformance import Kept, broken, check_model
from ownmind.models.elsewhere import messages as messages_wire
from ownmind.models.elsewhere.endpoint import endpoint
from ownmind.models.elsewhere.presets import presets
from ownmind.models.elsewhere.remote import WIRES, RemoteModel
from ownmind.models.elsewhere.wires import Delta, Garbled, Json, Usage, Ways
from ownmind.paths import Paths
from ownmind.store.opening import open_throwaway

KINDS = {"chat": "compatible", "messages": "anthropic", "gemini": "google"}
TOOL = ToolDefinition(name="find", description="Finds.", parameters_json_schema={"type": "object", "properties": {}})


@contextmanager
def lent(kind: str, folder: Path, ways: str = "") -> Iterator[tuple[Lender, RemoteModel]]:
    """A server of this protocol, and the model behind the real broker; ``ways``: a preset with that protocol."""
    with outside(Lender(kind=kind, key="sk-right")) as place, open_throwaway(Paths(folder / "home", folder / "cache")) as store:
        assert isinstance(place, Lender)
        door = allowed(store, place)
        at = endpoint(Provider("far", ways or KINDS[kind], url=place.url, model="big-one", price_in=1.0, price_out=2.0))
        try:
            yield place, RemoteModel(at, "sk-right", door.outlet(), purpose="answer")
        finally:
            door.close()


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.mark.parametrize(("kind", "ways"), [("chat", ""), ("chat", "openai"), ("chat", "mistral"), ("messages", ""), ("gemini", "")])
def test_every_protocol_keeps_every_promise(kind: str, ways: str, tmp_path: Path) -> None:
    """Through the real broker. What the server refused is only what nobody may ask: no message at all, or no schema."""
    with lent(kind, tmp_path, ways) as (place, model):
        findings = asyncio.run(check_model(model))
        assert not broken(findings), "\n".join(map(str, findings))
        assert [one.promise for one in findings if one.kept is Kept.NOT_OFFERED] == ["refuses_what_is_too_long"]
        assert len(place.wrong) <= 8 and len(place.asked) >= 20, place.wrong


def test_openai_and_mistral_are_asked_in_their_own_ways(tmp_path: Path) -> None:
    """The one wants another name for the limit and no temperature, the other no field it does not know."""
    for ways, there, gone in (
        ("openai", {"max_completion_tokens"}, {"max_tokens", "temperature"}),
        ("mistral", {"max_tokens", "temperature"}, {"stream_options", "max_completion_tokens"}),
        ("compatible", {"max_tokens", "temperature", "stream_options"}, {"max_completion_tokens"}),
    ):
        with lent("chat", tmp_path / ways, ways) as (place, model):
            asyncio.run(model.request(said("Hello"), {"temperature": 0.0}, ModelRequestParameters()))
            assert there <= set(place.asked[0].body) and not gone & set(place.asked[0].body)


@pytest.mark.parametrize("kind", ["messages", "gemini"])
def test_what_it_thought_goes_back_with_the_results_of_its_tools(kind: str, tmp_path: Path) -> None:
    """Letter for letter, for it is signed; the server refuses a result without it."""
    with lent(kind, tmp_path) as (place, model):
        parameters = ModelRequestParameters(function_tools=[TOOL])
        first = asyncio.run(model.request(said("Find it"), None, parameters))
        (call,) = (part for part in first.parts if isinstance(part, ToolCallPart))
        result = ModelRequest([ToolReturnPart(call.tool_name, "found", call.tool_call_id)])
        second = asyncio.run(model.request([*said("Find it"), first, result], None, parameters))
        assert second.text and not place.wrong
        assert SIGNATURE in json.dumps(place.asked[1].body["messages" if kind == "messages" else "contents"])


def test_the_stable_beginning_is_marked_where_that_can_pay(tmp_path: Path) -> None:
    """Orders and tools long enough to be cached end in a mark; short ones do not, a mark would cost a quarter more."""
    for order, is_marked in (("Be kind.", False), ("Be kind. " * 600, True)):
        messages: list[ModelMessage] = [ModelRequest([SystemPromptPart(order), UserPromptPart("Hello")])]
        body = json.loads(messages_wire.body("m", messages, {}, ModelRequestParameters(), most_tokens=9, ways=Ways()))
        assert ("cache_control" in body["system"][0]) == is_marked
    at = endpoint(Provider("a", "anthropic", model="m", price_in=10.0, price_out=0.0))
    assert at.cost(Usage(1_000_000, 0, cached=1_000_000)) == pytest.approx(1.0)
    kept = at.cost(Usage(1_000_000, 0, kept=1_000_000))
    assert kept == pytest.approx(12.5) and kept <= at.worst(1_000_000, 0)


def test_a_hidden_thought_is_all_signature() -> None:
    events = [
        {"type": "content_block_start", "index": 0, "content_block": {"type": "redacted_thinking", "data": "xyz"}},
        {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 1, "input_tokens": 2}},
        {"type": "message_stop"},
    ]
    thought, end = read_of("messages", events)
    assert thought.thought is not None and thought.thought.is_hidden and end.usage == Usage(2, 1)
    said_before = ModelResponse([ThinkingPart("", id="redacted_thinking", signature="xyz"), ToolCallPart("find", {}, "t1")])
    sent = messages_wire.as_json([*said("Hello"), said_before, ModelRequest([ToolReturnPart("find", "x", "t1")])])
    assert {"type": "redacted_thinking", "data": "xyz"} in sent[1]["content"]  # type: ignore[index,call-overload,operator]  # as just made


@pytest.mark.parametrize(
    ("kind", "events", "finish"),
    [
        ("chat", [{"choices": [{"delta": {"refusal": "no"}, "finish_reason": "stop"}]}], "content_filter"),
        ("chat", [{"choices": [{"delta": {}, "finish_reason": "content_filter"}]}], "content_filter"),
        (
            "messages",
            [{"type": "message_delta", "delta": {"stop_reason": "refusal"}, "usage": {}}, {"type": "message_stop"}],
            "content_filter",
        ),
        ("gemini", [{"promptFeedback": {"blockReason": "SAFETY"}}], "content_filter"),
        ("gemini", [{"candidates": [{"finishReason": "PROHIBITED_CONTENT"}]}], "content_filter"),
        ("gemini", [{"candidates": [{"finishReason": "MALFORMED_FUNCTION_CALL"}]}], "error"),
        ("messages", [{"type": "message_delta", "delta": {"stop_reason": "pause_turn"}, "usage": {}}, {"type": "message_stop"}], "stop"),
        ("gemini", [{"candidates": [{"finishReason": "MAX_TOKENS"}]}], "length"),
    ],
)
def test_why_it_ended_is_told_in_our_words(kind: str, events: list[Json], finish: str) -> None:
    assert read_of(kind, events)[-1].finish == finish


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("chat", {"error": {"message": "secret words", "code": 500}}),
        ("messages", {"type": "error", "error": {"type": "overloaded_error", "message": "secret words"}}),
        ("gemini", {"error": {"code": 503, "message": "secret words", "status": "UNAVAILABLE"}}),
    ],
)
def test_an_error_in_the_middle_is_no_answer_and_none_of_its_words_are_passed_on(kind: str, error: Json) -> None:
    with pytest.raises(Garbled) as raised:
        read_of(kind, [error])
    assert "secret" not in str(raised.value)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["type", "content", "parts", "text"]), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip
_KEYS = ["type", "delta", "index", "message", "content_block", "usage", "candidates", "promptFeedback", "usageMetadata", "error", "content"]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(sorted(WIRES)), st.lists(st.dictionaries(st.sampled_from(_KEYS), _JSON, max_size=3), max_size=3))
def test_whatever_comes_is_read_or_refused(kind: str, events: list[dict[str, Json]]) -> None:
    """Any object, in a stream, as a whole and as a list of models: a delta, names, or Garbled, and nothing else."""
    for reading in (lambda: read_of(kind, events), *(lambda one=one: WIRES[kind].whole(json.dumps(one).encode()) for one in events)):
        try:
            reading()
        except Garbled:
            continue


def test_the_presets_are_whole() -> None:
    """Each names a protocol we speak, a place where its keys are, and prices with their day."""
    assert set(presets()) == {"openai", "anthropic", "google", "mistral", "openrouter", "compatible"}
    for kind, one in presets().items():
        assert one.wire in WIRES and (one.url.startswith("https://") and one.key_at.startswith("https://")) == (kind != "compatible")
        assert all(priced.price_in > 0 and priced.price_out > 0 and priced.on.year >= 2026 for priced in one.prices)
    dated = endpoint(Provider("a", "anthropic", model="claude-haiku-4-5-20251001"))
    assert (dated.price_in, dated.price_out, dated.priced_by) == (1.0, 5.0, "2026-10-23")
    assert endpoint(Provider("a", "anthropic", model="claude-haiku-4-5", url="https://proxy.example.org/v1")).price_in is None
    assert endpoint(Provider("a", "anthropic", model="claude-haiku-4-55")).price_in is None


def said(text: str) -> list[ModelMessage]:
    return [ModelRequest([UserPromptPart(text)])]


def read_of(kind: str, events: Sequence[Json | dict[str, Json]]) -> list[Delta]:
    async def come() -> AsyncIterator[bytes]:
        for event in events:
            yield f"data: {json.dumps(event)}\n\n".encode()

    async def collect() -> list[Delta]:
        return [delta async for delta in WIRES[kind].deltas(come())]

    return asyncio.run(collect())
