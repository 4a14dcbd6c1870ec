"""Anthropic's API as its official client sees it: the real server and store, a scripted model where the claim is about our own code."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import anthropic
import httpx
import pytest

from ownmind.channels.openai import line
from ownmind.errors import BrainNotReady
from ownmind.guard.clients import Scope
from ownmind.messages import Integrity, Kind
from ownmind.models.scripted import ScriptedModel
from programs import LIGHT, calling
from served import JSON, Served, served

ALL = (Scope.TALK, Scope.MODEL)
LAMP: Any = {"name": "light", "description": "Switch a light", "input_schema": LIGHT["function"]["parameters"]}  # type: ignore[index]
BOTH = ["ownmind", "brain"]


@contextmanager
def api(home: Path, brain: Any = None, scopes: tuple[Scope, ...] = ALL) -> Iterator[tuple[anthropic.Anthropic, Served]]:
    with served(home, brain or ScriptedModel("A calm answer.")) as server:
        key = server.house.clients.add("editor", scopes).key
        with anthropic.Anthropic(api_key=key, base_url=f"http://127.0.0.1:{server.port}", max_retries=0) as client:
            yield client, server


def said(*texts: str) -> Any:
    """A talk: the person's words first."""
    return [{"role": ("user", "assistant")[at % 2], "content": text} for at, text in enumerate(texts)]


def post(server: Served, body: bytes, path: str = "/v1/messages", **headers: str) -> tuple[int, dict[str, str], bytes]:
    told = {"host": f"127.0.0.1:{server.port}", **JSON, **{name.replace("_", "-"): value for name, value in headers.items()}}
    answer = server.raw("POST", path, told, body)
    return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()


# Answers


@pytest.mark.parametrize("model", BOTH)
def test_a_message_is_answered(own_home: Path, model: str) -> None:
    with api(own_home) as (client, _):
        made = client.messages.create(model=model, max_tokens=100, messages=said("Write a line about tea."))
        assert [block.model_dump(include={"type", "text"}) for block in made.content] == [{"type": "text", "text": "A calm answer."}]
        assert (made.role, made.model, made.stop_reason, made.stop_sequence) == ("assistant", model, "end_turn", None)
        assert made.usage.input_tokens > 0
        assert made.usage.output_tokens > 0


@pytest.mark.parametrize("model", BOTH)
def test_events_of_a_message_come_in_order(own_home: Path, model: str) -> None:
    with api(own_home) as (client, server):
        with client.messages.stream(model=model, max_tokens=100, messages=said("Write a line about tea.")) as stream:
            assert "".join(stream.text_stream) == "A calm answer."
            whole = stream.get_final_message()
        assert (whole.stop_reason, whole.usage.output_tokens > 0) == ("end_turn", True)
        body = {"model": model, "max_tokens": 100, "messages": said("Write another line."), "stream": True}
        _, headers, raw = post(server, json.dumps(body).encode(), x_api_key=str(client.api_key))
        assert headers["content-type"].startswith("text/event-stream")
        events = [each.removeprefix("event: ") for each in raw.decode().splitlines() if each.startswith("event: ")]
        assert events[:3] == ["message_start", "ping", "content_block_start"]
        assert set(events[3:-3]) == {"content_block_delta"}
        assert events[-3:] == ["content_block_stop", "message_delta", "message_stop"]
        data = [json.loads(each.removeprefix("data: ")) for each in raw.decode().splitlines() if each.startswith("data: ")]
        assert [each["type"] for each in data] == events


def test_the_companion_answers_from_memory_with_its_sources(own_home: Path) -> None:
    with api(own_home) as (client, server):
        server.enter()
        server.lines("/api/turn", {"text": "My dentist is Dr Okafor."})
        made = client.messages.create(model="ownmind", max_tokens=300, messages=said("Who is my dentist?"))
        told = (made.model_extra or {})["ownmind"]
        assert any("Okafor" in source["quote"] for source in told["sources"])


def test_a_talk_sent_again_with_one_more_message_is_one_conversation(own_home: Path) -> None:
    """In whichever form its text comes, and whatever the program says of itself; thinking that comes back is nothing said."""
    with api(own_home) as (client, server):
        talk = said("Tell me a word.")
        for words in ("Tell me another.", "And a third.", ""):
            made = client.messages.create(model="ownmind", max_tokens=100, system=f"Be brief: {words}", messages=talk)
            thought = {"type": "thinking", "thinking": "Hm.", "signature": "x"}
            talk.append({"role": "assistant", "content": [thought, {"type": "text", "text": made.content[0].text}]})  # type: ignore[union-attr]
            talk.append({"role": "user", "content": [{"type": "text", "text": words}]})
        assert len(server.house.conversations()) == 1
        kept = server.house.memory.items(kinds=[Kind.MESSAGE])
        assert [item.text for item in kept] == ["Tell me a word.", "Tell me another.", "And a third."]
        assert {item.label.integrity for item in kept} == {Integrity.UNTRUSTED}


def test_the_model_alone_is_shown_system_text_and_the_talk(own_home: Path) -> None:
    brain = ScriptedModel("Tea.")
    with api(own_home, brain) as (client, server):
        system: Any = [{"type": "text", "text": "Be brief.", "cache_control": {"type": "ephemeral"}}, {"type": "text", "text": "Be kind."}]
        client.messages.create(model="brain", max_tokens=9, system=system, messages=said("Name a drink.", "Milk.", "Another."))
        assert brain.calls[-1] == [
            ("system", "Be brief.\nBe kind."),
            ("user", "Name a drink."),
            ("assistant", "Milk."),
            ("user", "Another."),
        ]
        assert server.house.memory.counts()["items"] == 0


@pytest.mark.parametrize("model", BOTH)
@pytest.mark.parametrize("stream", [False, True])
def test_an_answer_ends_where_it_is_to_end(own_home: Path, model: str, stream: bool) -> None:
    brain = ScriptedModel("Green tea is calm and warm. Black tea is strong.")
    with api(own_home, brain) as (client, _):

        def ask(text: str, **how: Any) -> anthropic.types.Message:
            if not stream:
                return client.messages.create(model=model, messages=said(text), **how)
            with client.messages.stream(model=model, messages=said(text), **how) as made:
                return made.get_final_message()

        made = ask("Write a line about tea.", max_tokens=100, stop_sequences=["never", "Black"], extra_body={"temperature": 0.4})
        assert made.content[0].text == "Green tea is calm and warm. "  # type: ignore[union-attr]
        assert (made.stop_reason, made.stop_sequence) == ("stop_sequence", "Black")
        assert brain.settings_seen[-1].get("temperature") == 0.4
        made = ask("Write a poem about tea.", max_tokens=4)
        assert "Green tea is calm".startswith(made.content[0].text)  # type: ignore[union-attr]
        assert (made.stop_reason, made.stop_sequence) == ("max_tokens", None)


# Tools and forms


@pytest.mark.parametrize("model", BOTH)
@pytest.mark.parametrize("stream", [False, True])
def test_a_programs_tools_are_called_and_their_results_answered(own_home: Path, model: str, stream: bool) -> None:
    brain = calling(("light", {"room": "hall", "on": True}), ("light", {"room": "den", "on": False}), then="Both are set.")
    with api(own_home, brain) as (client, server):
        talk = said("Switch the hall on and the den off.")
        if stream:
            with client.messages.stream(model=model, max_tokens=300, messages=talk, tools=[LAMP]) as events:
                made = events.get_final_message()
        else:
            made = client.messages.create(model=model, max_tokens=300, messages=talk, tools=[LAMP])
        assert made.stop_reason == "tool_use"
        uses = [block for block in made.content if block.type == "tool_use"]
        assert [use.input for use in uses] == [{"room": "hall", "on": True}, {"room": "den", "on": False}]
        assert server.house.memory.items(kinds=[Kind.MESSAGE]) == []  # nothing half is remembered
        results = [{"type": "tool_result", "tool_use_id": use.id, "content": [{"type": "text", "text": "ok"}]} for use in uses]
        talk += [{"role": "assistant", "content": made.content}, {"role": "user", "content": results}]
        done = client.messages.create(model=model, max_tokens=300, messages=talk, tools=[LAMP])
        assert done.content[0].text == "Both are set."  # type: ignore[union-attr]
        kept = server.house.memory.items(kinds=[Kind.MESSAGE])
        assert [item.label.integrity for item in kept] == ([Integrity.UNTRUSTED] if model == "ownmind" else [])


def test_one_call_at_a_time_and_none_where_that_is_asked_for(own_home: Path) -> None:
    brain = calling(("light", {"room": "hall", "on": True}), ("light", {"room": "den", "on": False}), then="No.")
    with api(own_home, brain) as (client, _):
        one: Any = {"type": "any", "disable_parallel_tool_use": True}
        made = client.messages.create(model="brain", max_tokens=99, messages=said("Both."), tools=[LAMP], tool_choice=one)
        assert [block.type for block in made.content] == ["tool_use"]
        none: Any = {"type": "none"}
        made = client.messages.create(model="ownmind", max_tokens=99, messages=said("Both."), tools=[LAMP], tool_choice=none)
        assert made.stop_reason == "end_turn"


def test_a_form_reaches_the_model(own_home: Path) -> None:
    form: Any = {"format": {"type": "json_schema", "schema": {"type": "object", "properties": {"name": {"type": "string"}}}}}
    with api(own_home, ScriptedModel('{"name": "tea"}')) as (client, _):
        for model in BOTH:
            made = client.messages.create(model=model, max_tokens=99, messages=said("Name a drink."), output_config=form)
            assert json.loads(made.content[0].text) == {"name": "tea"}  # type: ignore[union-attr]


# Counting, models


def test_tokens_are_counted_before_they_are_sent(own_home: Path) -> None:
    with api(own_home) as (client, _):
        for model in BOTH:
            short = client.messages.count_tokens(model=model, messages=said("Hello"))
            long = client.messages.count_tokens(model=model, system="Be brief. " * 20, messages=said("Hello " * 40), tools=[LAMP])
            assert 0 < short.input_tokens < 20
            assert 80 < long.input_tokens < 400
        with pytest.raises(anthropic.NotFoundError):
            client.messages.count_tokens(model="claude-opus-4-5", messages=said("Hello"))


def test_a_key_sees_the_models_it_may_use(own_home: Path) -> None:
    with api(own_home, scopes=(Scope.MODEL,)) as (client, _):
        assert [one.id for one in client.models.list()] == ["brain"]
        assert client.models.retrieve("brain").display_name == "brain"
        with pytest.raises(anthropic.NotFoundError):
            client.models.retrieve("ownmind")


# What goes wrong


def test_what_goes_wrong_is_told_in_the_apis_own_form(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line, "WAITING", 0)
    with api(own_home, scopes=(Scope.MODEL,)) as (client, server):
        ask: Any = {"max_tokens": 9, "messages": said("Hello")}
        with pytest.raises(anthropic.PermissionDeniedError, match="talk") as refused:
            client.messages.create(model="ownmind", **ask)
        assert refused.value.body["error"]["type"] == "permission_error"  # type: ignore[index]
        with pytest.raises(anthropic.PermissionDeniedError, match="talk"):
            client.messages.count_tokens(model="ownmind", messages=said("Hello"))
        with pytest.raises(anthropic.NotFoundError) as absent:
            client.messages.create(model="claude-opus-4-5", **ask)
        assert absent.value.body["error"]["type"] == "not_found_error"  # type: ignore[index]
        with pytest.raises(anthropic.RateLimitError) as busy:  # the line is full
            client.messages.create(model="brain", **ask)
        assert int(busy.value.response.headers["retry-after"]) >= 1
        with pytest.raises(anthropic.AuthenticationError) as wrong:
            client.with_options(api_key="om-" + "x" * 43).messages.create(model="brain", **ask)
        assert wrong.value.body["error"]["type"] == "authentication_error"  # type: ignore[index]
        status, _, raw = post(server, b"", x_api_key=str(client.api_key), content_length=str(5 << 20))
        assert (status, json.loads(raw)["error"]["type"]) == (413, "request_too_large")
        server.house.clients.revoke("k1")
        with pytest.raises(anthropic.AuthenticationError):
            client.messages.create(model="brain", **ask)


def test_a_brain_that_is_not_ready_is_an_overload_and_one_that_breaks_off_says_so(own_home: Path) -> None:
    ask: Any = {"model": "brain", "max_tokens": 99, "messages": said("Count.")}
    with api(own_home, ScriptedModel(fails=BrainNotReady("the model is still being fetched"))) as (client, _):
        with pytest.raises(anthropic.APIStatusError, match="still being fetched") as refused:
            client.messages.create(**ask)
        assert refused.value.status_code == 529
        assert refused.value.body["error"]["type"] == "overloaded_error"  # type: ignore[index]


def test_a_model_that_breaks_off_is_said_in_the_stream(own_home: Path) -> None:
    with (
        api(own_home, ScriptedModel("one two three", breaks_after=2)) as (client, _),
        pytest.raises(anthropic.APIStatusError, match="overloaded_error"),
        client.messages.stream(model="brain", max_tokens=99, messages=said("Count.")) as stream,
    ):
        list(stream)


WRONG: list[Any] = [
    {"max_tokens": None},
    {"max_tokens": 0},
    {"messages": []},
    {"messages": "Hello"},
    {"messages": [1]},
    {"messages": [{"role": "king", "content": "x"}]},
    {"messages": [{"role": "user"}]},
    {"messages": [{"role": "user", "content": []}]},
    {"messages": [{"role": "user", "content": [{"type": "image", "source": {"type": "url", "url": "http://x"}}]}]},
    {"messages": [{"role": "user", "content": [{"type": "tool_result", "content": "x"}]}]},
    {"messages": [{"role": "user", "content": [{"type": "tool_use", "id": "a", "name": "light", "input": {}}]}]},
    {"messages": [{"role": "assistant", "content": [{"type": "tool_use", "id": "a", "name": "light", "input": "{"}]}]},
    {"system": 7},
    {"system": [{"type": "image"}]},
    {"temperature": 2},
    {"stop_sequences": [""]},
    {"stop_sequences": [1]},
    {"stream": "yes"},
    {"tools": [{"type": "web_search_20250305", "name": "web_search"}]},
    {"tools": [{"name": "a b"}]},
    {"tool_choice": {"type": "tool", "name": "no"}},
    {"tool_choice": {"type": "perhaps"}},
    {"output_config": {"format": {"type": "xml"}}},
    {"model": 7},
    {"model": "ownmind", "messages": [{"role": "user", "content": " "}]},
    {"model": "ownmind", "messages": [{"role": "user", "content": "x"}, {"role": "assistant", "content": "y"}]},
]


def test_what_cannot_be_read_is_a_400_in_the_apis_own_form(own_home: Path) -> None:
    with api(own_home) as (client, server):
        proper = {"model": "brain", "max_tokens": 9, "messages": said("Hello")}
        bodies = [json.dumps({**proper, **wrong}).encode() for wrong in WRONG]
        for body in [*bodies, b"", b"{", b"[]", b"\xff", b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"]:
            status, _, raw = post(server, body, x_api_key=str(client.api_key))
            told = json.loads(raw)
            assert (status, told["type"], told["error"]["type"]) == (400, "error", "invalid_request_error"), (body[:120], told)
        unknown = {**proper, "metadata": {"user_id": "u"}, "top_k": 5, "thinking": {"type": "adaptive"}, "made_up": {"a": [1]}}
        assert post(server, json.dumps(unknown).encode(), x_api_key=str(client.api_key))[0] == 200


def test_a_key_opens_it_in_either_header_and_a_page_of_the_web_never(own_home: Path) -> None:
    with api(own_home) as (client, server):
        body, key = json.dumps({"model": "brain", "max_tokens": 9, "messages": said("Hello")}).encode(), str(client.api_key)
        version = {"anthropic_version": "2023-06-01"}
        assert post(server, body, x_api_key=key, **version)[0] == 200
        assert post(server, body, "/v1/messages?beta=true", authorization=f"Bearer {key}")[0] == 200
        assert post(server, body, x_api_key=key, authorization="Bearer om-" + "x" * 43)[0] == 401
        assert post(server, body, x_api_key=key, origin="https://evil.example")[0] == 403
        assert post(server, body, x_api_key=key, sec_fetch_site="cross-site")[0] == 403
        assert post(server, body, "/v1/chat/completions", x_api_key=key, **version)[0] == 401
        assert post(server, body, "/v1/messages/batches", x_api_key=key, **version)[0] == 404
        server.enter()
        assert post(server, body, cookie=server.cookie)[0] == 401


def test_many_at_once_over_the_limit_of_a_key_are_told_when_to_come_back(own_home: Path) -> None:
    """A key's own requests are bounded before anything waits for the model."""
    from ownmind.channels.web import programs

    with pytest.MonkeyPatch.context() as patch, api(own_home) as (client, server):
        patch.setattr(programs, "AT_ONCE", 0)
        body = {"model": "brain", "max_tokens": 9, "messages": said("Hello")}
        url = f"http://127.0.0.1:{server.port}/v1/messages"
        answer = httpx.post(url, json=body, headers={"x-api-key": str(client.api_key)}, trust_env=False)
        assert (answer.status_code, answer.json()["error"]["type"]) == (429, "rate_limit_error")
        assert int(answer.headers["retry-after"]) >= 1
