"""OpenAI's API as its official client sees it: the real server and store, a scripted model where the claim is about our own code."""

from __future__ import annotations

import asyncio
import base64
import json
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import openai
import pytest

from ownmind.guard.clients import Scope
from ownmind.messages import Integrity, Kind
from ownmind.models.scripted import ScriptedModel
from programs import LIGHT, calling
from served import JSON, Served, served

ALL = (Scope.TALK, Scope.MODEL, Scope.EMBEDDINGS)


@contextmanager
def api(home: Path, brain: Any = None, scopes: tuple[Scope, ...] = ALL) -> Iterator[tuple[openai.OpenAI, Served]]:
    with served(home, brain or ScriptedModel("A calm answer.")) as server:
        key = server.house.clients.add("editor", scopes).key
        with openai.OpenAI(api_key=key, base_url=f"http://127.0.0.1:{server.port}/v1", max_retries=0) as client:
            yield client, server


def post(server: Served, path: str, key: str, body: bytes) -> tuple[int, dict[str, Any]]:
    headers = {"host": f"127.0.0.1:{server.port}", "authorization": f"Bearer {key}", **JSON}
    answer = server.raw("POST", path, headers, body)
    return answer.status, json.loads(answer.read())


# Models, keys, scopes


def test_a_key_sees_the_models_it_may_use(own_home: Path) -> None:
    with api(own_home) as (client, server):
        embedder = server.house.memory.embedder
        assert embedder is not None
        assert [one.id for one in client.models.list()] == ["ownmind", "brain", embedder.id]
        assert client.models.retrieve("brain").id == "brain"
        with pytest.raises(openai.NotFoundError):
            client.models.retrieve("gpt-4")
        server.house.clients.scopes("k1", (Scope.MODEL,))
        assert [one.id for one in client.models.list()] == ["brain"]


def test_a_wrong_a_revoked_and_a_narrow_key_are_told_apart(own_home: Path) -> None:
    with api(own_home, scopes=(Scope.MODEL,)) as (client, server):
        with pytest.raises(openai.PermissionDeniedError, match="talk") as missing:
            client.chat.completions.create(model="ownmind", messages=[{"role": "user", "content": "Hello"}])
        assert missing.value.code == "missing_scope"
        with pytest.raises(openai.AuthenticationError):
            client.with_options(api_key="om-" + "x" * 43).models.list()
        with pytest.raises(openai.PermissionDeniedError, match="embeddings"):
            client.embeddings.create(model="x", input="Hello")
        server.house.clients.revoke("k1")
        with pytest.raises(openai.AuthenticationError):
            client.models.list()


# Chat


@pytest.mark.parametrize("model", ["ownmind", "brain"])
def test_a_question_is_answered(own_home: Path, model: str) -> None:
    with api(own_home) as (client, _):
        answer = client.chat.completions.create(model=model, messages=[{"role": "user", "content": "Write a line about tea."}])
        assert answer.choices[0].message.content == "A calm answer."
        assert answer.choices[0].finish_reason == "stop"
        assert answer.usage is not None
        assert answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens > 0


@pytest.mark.parametrize("model", ["ownmind", "brain"])
def test_an_answer_is_streamed_with_its_usage_at_the_end(own_home: Path, model: str) -> None:
    with api(own_home) as (client, _):
        asked = client.chat.completions.create(
            model=model,
            messages=[{"role": "user", "content": "Write a line about tea."}],
            stream=True,
            stream_options={"include_usage": True},
        )
        chunks = list(asked)
        assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices) == "A calm answer."
        assert [chunk.choices[0].finish_reason for chunk in chunks if chunk.choices][-1] == "stop"
        assert chunks[0].choices[0].delta.role == "assistant"
        assert chunks[-1].choices == []
        assert chunks[-1].usage is not None
        assert len({chunk.id for chunk in chunks}) == 1


async def _asked(url: str, key: str) -> tuple[str, str]:
    async with openai.AsyncOpenAI(api_key=key, base_url=url, max_retries=0) as client:
        whole = await client.chat.completions.create(model="brain", messages=[{"role": "user", "content": "Hello"}])
        stream = await client.chat.completions.create(model="brain", messages=[{"role": "user", "content": "Hello"}], stream=True)
        pieces = [chunk.choices[0].delta.content or "" async for chunk in stream]
    return str(whole.choices[0].message.content), "".join(pieces)


def test_the_asynchronous_client_is_served_alike(own_home: Path) -> None:
    with api(own_home) as (client, server):
        assert asyncio.run(_asked(f"http://127.0.0.1:{server.port}/v1", client.api_key)) == ("A calm answer.", "A calm answer.")


def test_the_companion_answers_from_memory_with_its_sources(own_home: Path) -> None:
    with api(own_home) as (client, server):
        server.enter()
        server.lines("/api/turn", {"text": "My dentist is Dr Okafor."})
        answer = client.chat.completions.create(model="ownmind", messages=[{"role": "user", "content": "Who is my dentist?"}])
        told = (answer.model_extra or {})["ownmind"]
        assert set(told) == {"conversation", "known", "sources", "actions"}
        assert any("Okafor" in source["quote"] for source in told["sources"])
        assert "“" not in str(answer.choices[0].message.content)
        server.house.clients.footnotes("k1", True)
        answer = client.chat.completions.create(model="ownmind", messages=[{"role": "user", "content": "Who is my dentist, again?"}])
        assert "[1] " in str(answer.choices[0].message.content)


def test_the_model_alone_remembers_nothing(own_home: Path) -> None:
    with api(own_home) as (client, server):
        client.chat.completions.create(model="brain", messages=[{"role": "user", "content": "I am allergic to peanuts."}])
        assert server.house.memory.counts()["items"] == 0


def test_a_talk_sent_again_with_one_more_message_is_one_conversation(own_home: Path) -> None:
    """Whatever the program repeats, each thing said is remembered once; an edited past begins another conversation."""
    with api(own_home) as (client, server):
        talk: list[Any] = [{"role": "system", "content": "It is 10:00."}]
        for number, said in enumerate(["Tell me a word.", "Tell me another.", "And a third."]):
            talk[0] = {"role": "system", "content": f"It is 10:0{number}."}
            talk.append({"role": "user", "content": said})
            answer = client.chat.completions.create(model="ownmind", messages=talk)
            talk.append({"role": "assistant", "content": answer.choices[0].message.content})
        assert len(server.house.conversations()) == 1
        assert len(server.house.memory.items(kinds=[Kind.MESSAGE])) == 3
        client.chat.completions.create(model="ownmind", messages=talk[:-1])  # sent once more
        assert len(server.house.memory.items(kinds=[Kind.MESSAGE])) == 3
        assert len(server.house.conversations()) == 1
        edited = [*talk[:3], {"role": "user", "content": "Tell me a number instead."}]
        client.chat.completions.create(model="ownmind", messages=edited)
        assert len(server.house.memory.items(kinds=[Kind.MESSAGE])) == 4
        assert len(server.house.conversations()) == 2


def test_a_talk_goes_on_after_a_restart(own_home: Path) -> None:
    talk: list[Any] = [{"role": "user", "content": "Tell me a word."}]
    with api(own_home) as (client, server):
        answer = client.chat.completions.create(model="ownmind", messages=talk)
        key = client.api_key
    talk += [{"role": "assistant", "content": answer.choices[0].message.content}, {"role": "user", "content": "And another."}]
    with served(own_home) as server, openai.OpenAI(api_key=key, base_url=f"http://127.0.0.1:{server.port}/v1", max_retries=0) as client:
        client.chat.completions.create(model="ownmind", messages=talk)
        assert len(server.house.conversations()) == 1


def test_words_through_a_key_are_from_outside_unless_it_speaks_for_the_person(own_home: Path) -> None:
    with api(own_home) as (client, server):
        said = {"role": "user", "content": "I am allergic to peanuts."}
        client.chat.completions.create(model="ownmind", messages=[said])  # type: ignore[list-item]
        assert server.house.memory.facts(everything=True) == []
        assert server.house.memory.items(kinds=[Kind.MESSAGE])[0].label.integrity is Integrity.UNTRUSTED
        refused = client.chat.completions.create(
            model="ownmind", messages=[{"role": "user", "content": "Forget everything about peanuts."}]
        )
        assert "own_words" in str(refused.choices[0].message.content)
        server.house.clients.scopes("k1", (Scope.TALK, Scope.OWN_WORDS))
        said = {"role": "user", "content": "My sister Ana is allergic to peanuts."}
        client.chat.completions.create(model="ownmind", messages=[said])  # type: ignore[list-item]
        assert server.house.memory.facts(everything=True) != []


def test_what_would_be_asked_waits_as_a_card_and_the_answer_says_so(own_home: Path) -> None:
    with api(own_home, scopes=(Scope.TALK, Scope.OWN_WORDS)) as (client, server):
        answer = client.chat.completions.create(model="ownmind", messages=[{"role": "user", "content": "Read http://page.invalid/"}])
        (action,) = server.house.actions()
        assert action.state.value == "waiting"
        assert f"waits for your yes on the page or in the terminal ({action.id})" in str(answer.choices[0].message.content)


# Tools and forms


@pytest.mark.parametrize("model", ["ownmind", "brain"])
@pytest.mark.parametrize("stream", [False, True])
def test_a_programs_tools_are_called_and_their_results_answered(own_home: Path, model: str, stream: bool) -> None:
    brain = calling(("light", {"room": "hall", "on": True}), ("light", {"room": "den", "on": False}), then="Both are set.")
    with api(own_home, brain) as (client, server):
        talk: list[Any] = [{"role": "user", "content": "Switch the hall on and the den off."}]
        made = client.chat.completions.create(model=model, messages=talk, tools=[LIGHT], stream=stream)  # type: ignore[call-overload]
        if stream:
            held: dict[int, list[str]] = {}
            for chunk in made:
                for call in chunk.choices[0].delta.tool_calls or []:
                    one = held.setdefault(call.index, [call.id, call.function.name, ""])
                    one[2] += call.function.arguments or ""
                reason = chunk.choices[0].finish_reason
            calls = [{"id": id, "type": "function", "function": {"name": name, "arguments": text}} for id, name, text in held.values()]
        else:
            reason = made.choices[0].finish_reason
            calls = [call.model_dump() for call in made.choices[0].message.tool_calls]
        assert reason == "tool_calls"
        assert [json.loads(call["function"]["arguments"]) for call in calls] == [{"room": "hall", "on": True}, {"room": "den", "on": False}]
        assert server.house.memory.items(kinds=[Kind.MESSAGE]) == []  # nothing half is remembered
        talk.append({"role": "assistant", "content": None, "tool_calls": calls})
        talk += [{"role": "tool", "tool_call_id": call["id"], "content": "ok"} for call in calls]
        done = client.chat.completions.create(model=model, messages=talk, tools=[LIGHT])
        assert done.choices[0].message.content == "Both are set."
        kept = server.house.memory.items(kinds=[Kind.MESSAGE])
        assert [item.label.integrity for item in kept] == ([Integrity.UNTRUSTED] if model == "ownmind" else [])


def test_one_call_at_a_time_where_that_is_asked_for(own_home: Path) -> None:
    brain = calling(("light", {"room": "hall", "on": True}), ("light", {"room": "den", "on": False}))
    with api(own_home, brain) as (client, _):
        made = client.chat.completions.create(
            model="brain",
            messages=[{"role": "user", "content": "Both."}],
            tools=[LIGHT],
            parallel_tool_calls=False,  # type: ignore[list-item]
        )
        assert len(made.choices[0].message.tool_calls or []) == 1


def test_a_form_reaches_the_model(own_home: Path) -> None:
    """The scripted model takes a schema as the small ones do; what it says is passed on."""
    brain = ScriptedModel('{"name": "tea"}')
    with api(own_home, brain) as (client, _):
        form: Any = {
            "type": "json_schema",
            "json_schema": {"name": "a", "schema": {"type": "object", "properties": {"name": {"type": "string"}}}},
        }
        for model in ("brain", "ownmind"):
            made = client.chat.completions.create(
                model=model, messages=[{"role": "user", "content": "Name a drink."}], response_format=form
            )
            assert json.loads(str(made.choices[0].message.content)) == {"name": "tea"}


def test_how_an_answer_is_sampled_reaches_the_model(own_home: Path) -> None:
    brain = ScriptedModel("one two three four")
    said: Any = [{"role": "user", "content": "Count."}]
    with api(own_home, brain) as (client, _):
        made = client.chat.completions.create(model="brain", messages=said, max_tokens=2, temperature=0.5, top_p=0.9, seed=7)
        assert made.choices[0].message.content == "one two"
        assert made.choices[0].finish_reason == "length"
        seen = brain.settings_seen[-1]
        assert (seen.get("temperature"), seen.get("top_p"), seen.get("seed")) == (0.5, 0.9, 7)
        made = client.chat.completions.create(model="brain", messages=said, stop=[" three", "x"])
        assert made.choices[0].message.content == "one two"
        assert made.choices[0].finish_reason == "stop"


@pytest.mark.parametrize("stream", [False, True])
def test_a_companions_answer_ends_where_a_program_says(own_home: Path, stream: bool) -> None:
    """By so many tokens or before given words; what was sent is what is remembered, and the talk goes on from it."""
    brain = ScriptedModel("Green tea is calm and warm. Black tea is strong. White tea is mild.")
    with api(own_home, brain) as (client, server):

        def ask(talk: list[Any], **how: Any) -> tuple[str, str]:
            made = client.chat.completions.create(model="ownmind", messages=talk, stream=stream, **how)
            if not stream:
                return str(made.choices[0].message.content), str(made.choices[0].finish_reason)
            chunks = list(made)
            return "".join(chunk.choices[0].delta.content or "" for chunk in chunks), str(chunks[-1].choices[0].finish_reason)

        first: list[Any] = [{"role": "user", "content": "Write a line about tea."}]
        assert ask(first, stop=["strong", "mild"]) == ("Green tea is calm and warm. Black tea is ", "stop")
        second: list[Any] = [{"role": "user", "content": "Write a poem about tea."}]
        text, reason = ask(second, max_tokens=6, temperature=0.7)
        assert (text, reason) == ("Green tea is calm and", "length")
        assert brain.settings_seen[-1].get("temperature") == 0.7
        ask([*second, {"role": "assistant", "content": text}, {"role": "user", "content": "Another line, please."}])
        said = [[each["text"] for each in server.house.messages(str(one["id"]))] for one in server.house.conversations()]
        assert [texts[1] for texts in said if texts[0] == "Write a line about tea."] == ["Green tea is calm and warm. Black tea is"]
        assert [texts[:3] for texts in said if len(texts) == 4] == [["Write a poem about tea.", text, "Another line, please."]]


def test_what_code_says_is_cut_as_well_and_what_it_does_is_done(own_home: Path) -> None:
    with api(own_home, scopes=(Scope.TALK, Scope.OWN_WORDS)) as (client, server):
        said: Any = [{"role": "user", "content": "Remember that the boat is called Ilse and lies in the harbour of Porto."}]
        made = client.chat.completions.create(model="ownmind", messages=said, max_tokens=2)
        assert made.choices[0].finish_reason == "length"
        assert len(str(made.choices[0].message.content)) <= 8
        assert server.house.memory.recall("What is the boat called?", k=1)
        client.chat.completions.create(model="ownmind", messages=[{"role": "user", "content": "Read http://page.invalid/"}], max_tokens=1)
        assert [action.state.value for action in server.house.actions()] == ["waiting"]
        cut = client.responses.create(model="ownmind", input="Remember that the oars are blue.", max_output_tokens=1)
        assert cut.status == "incomplete"
        assert cut.incomplete_details is not None
        assert cut.incomplete_details.reason == "max_output_tokens"


def test_an_answer_says_when_earlier_turns_were_set_aside(own_home: Path) -> None:
    """Once, by the answer before which it happened, and its trace says so."""
    note = "Earlier turns of this talk were set aside; they are kept and can be recalled."
    with api(own_home, ScriptedModel("That sounds like a pleasant walk, and the weather was mild all day.")) as (client, server):
        talk: list[Any] = []
        notes, replies = [], []
        for number in range(24):
            talk.append({"role": "user", "content": f"The weather in the garden was mild on walk number {number}, and we stayed out late."})
            made = client.chat.completions.create(model="ownmind", messages=talk)
            talk.append({"role": "assistant", "content": made.choices[0].message.content})
            notes.append((made.model_extra or {})["ownmind"].get("note"))
        assert notes[0] is None
        assert notes.count(note) >= 1
        assert notes.count(None) >= 12
        (talked,) = server.house.conversations()
        replies = [str(each["id"]) for each in server.house.messages(str(talked["id"])) if each["role"] == "companion"]
        assert [server.house.traces.turn(reply).turn.set_aside > 0 for reply in replies] == [each == note for each in notes]


# Responses


def test_a_response_is_made_gone_on_from_read_and_deleted(own_home: Path) -> None:
    with api(own_home) as (client, server):
        for model in ("ownmind", "brain"):
            first = client.responses.create(model=model, input="Tell me a word.", instructions="Be brief.")
            assert first.output_text == "A calm answer."
            assert first.status == "completed"
            second = client.responses.create(model=model, input=[{"role": "user", "content": "Another."}], previous_response_id=first.id)
            assert second.previous_response_id == first.id
            assert client.responses.retrieve(second.id).output_text == "A calm answer."
            client.responses.delete(second.id)
            with pytest.raises(openai.NotFoundError):
                client.responses.retrieve(second.id)
        assert len(server.house.conversations()) == 1
        assert isinstance(server.brain, ScriptedModel)
        assert ("user", "Tell me a word.") in server.brain.calls[-1]  # the model alone is shown the talk so far


def test_a_response_is_not_anothers_to_read(own_home: Path) -> None:
    with api(own_home) as (client, server):
        made = client.responses.create(model="brain", input="Hello")
        other = client.with_options(api_key=server.house.clients.add("other", ALL).key)
        with pytest.raises(openai.NotFoundError):
            other.responses.retrieve(made.id)
        with pytest.raises(openai.NotFoundError):
            other.responses.create(model="brain", input="Hello", previous_response_id=made.id)
        kept_not = client.responses.create(model="brain", input="Hello", store=False)
        with pytest.raises(openai.NotFoundError):
            client.responses.retrieve(kept_not.id)


def test_what_is_forgotten_is_in_no_response_either(own_home: Path) -> None:
    with api(own_home) as (client, server):
        made = client.responses.create(model="ownmind", input="The boat is called Ilse.")
        server.house.memory.forget("Ilse")
        with pytest.raises(openai.NotFoundError):
            client.responses.retrieve(made.id)


def test_events_of_a_response_come_in_order(own_home: Path) -> None:
    with api(own_home) as (client, _):
        events = list(client.responses.create(model="brain", input="Hello", stream=True))
        assert [event.sequence_number for event in events] == list(range(len(events)))
        kinds = [event.type for event in events]
        assert kinds[:4] == ["response.created", "response.in_progress", "response.output_item.added", "response.content_part.added"]
        assert kinds[-4:] == ["response.output_text.done", "response.content_part.done", "response.output_item.done", "response.completed"]
        assert "".join(event.delta for event in events if event.type == "response.output_text.delta") == "A calm answer."
        with client.responses.stream(model="brain", input="Hello") as stream:
            assert stream.get_final_response().output_text == "A calm answer."


def test_tools_of_a_response(own_home: Path) -> None:
    brain = calling(("light", {"room": "hall", "on": True}), then="It is on.")
    tool: Any = {"type": "function", **LIGHT["function"]}  # type: ignore[dict-item]
    with api(own_home, brain) as (client, _):
        first = client.responses.create(model="brain", input="Switch the hall on.", tools=[tool])
        (call,) = first.output
        assert call.type == "function_call"
        assert json.loads(call.arguments) == {"room": "hall", "on": True}
        given: Any = [{"type": "function_call_output", "call_id": call.call_id, "output": "ok"}]
        second = client.responses.create(model="brain", input=given, previous_response_id=first.id, tools=[tool])
        assert second.output_text == "It is on."
        kinds = [event.type for event in client.responses.create(model="brain", input="On.", tools=[tool], stream=True)]
        assert "response.function_call_arguments.done" in kinds


# Embeddings, audio


def test_texts_become_vectors(own_home: Path) -> None:
    with api(own_home) as (client, server):
        embedder = server.house.memory.embedder
        assert embedder is not None
        made = client.embeddings.create(model=embedder.id, input=["tea", "a boat"], encoding_format="float")
        assert [len(one.embedding) for one in made.data] == [embedder.dimensions] * 2
        expected = embedder.embed(["tea"])[0].tolist()
        assert made.data[0].embedding == pytest.approx(expected)
        assert client.embeddings.create(model=embedder.id, input="tea").data[0].embedding == pytest.approx(expected)  # Base64 underneath
        key = client.api_key
        status, told = post(
            server, "/v1/embeddings", key, json.dumps({"model": embedder.id, "input": "tea", "encoding_format": "base64"}).encode()
        )
        assert status == 200
        raw = base64.b64decode(told["data"][0]["embedding"])
        assert list(struct.unpack(f"<{embedder.dimensions}f", raw)) == pytest.approx(expected)
        for wrong in ({"input": [[1, 2]]}, {"input": [1, 2]}, {"input": []}, {"input": ""}, {"input": "x", "dimensions": 3}):
            with pytest.raises(openai.BadRequestError):
                client.embeddings.create(model=embedder.id, **wrong)  # type: ignore[arg-type]
        with pytest.raises(openai.NotFoundError):
            client.embeddings.create(model="ada", input="x")


def test_there_is_no_voice_yet_and_that_is_said(own_home: Path) -> None:
    with api(own_home) as (client, _):
        with pytest.raises(openai.APIStatusError) as refused:
            client.audio.speech.create(model="tts-1", voice="alloy", input="Hello")
        assert refused.value.status_code == 501
        with pytest.raises(openai.APIStatusError) as refused:
            client.audio.transcriptions.create(model="whisper-1", file=("a.wav", b"RIFF" * 100))
        assert refused.value.status_code == 501
        assert not any("whisper" in one.id or "tts" in one.id for one in client.models.list())


# Bad input


WRONG = [
    b"",
    b"{",
    b"[]",
    b"null",
    b'"text"',
    b"\xff\xfe",
    b'{"model": "brain", "messages": "x"}',
    b'{"model": "brain", "messages": []}',
    b'{"model": "brain", "messages": [1]}',
    b'{"model": "brain", "messages": [{"role": "king", "content": "x"}]}',
    b'{"model": "brain", "messages": [{"role": "user"}]}',
    b'{"model": "brain", "messages": [{"role": "user", "content": {"a": 1}}]}',
    b'{"model": "brain", "messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "http://x"}}]}]}',
    b'{"model": 7, "messages": [{"role": "user", "content": "x"}]}',
    b'{"model": "brain", "n": 2, "messages": [{"role": "user", "content": "x"}]}',
    b'{"model": "brain", "temperature": "hot", "messages": [{"role": "user", "content": "x"}]}',
    b'{"model": "brain", "temperature": NaN, "messages": [{"role": "user", "content": "x"}]}',
    b'{"model": "brain", "max_tokens": -1, "messages": [{"role": "user", "content": "x"}]}',
    b'{"model": "brain", "stream": "yes", "messages": [{"role": "user", "content": "x"}]}',
    b'{"model": "brain", "stop": [1], "messages": [{"role": "user", "content": "x"}]}',
    b'{"model": "brain", "tools": [{"type": "function"}], "messages": [{"role": "user", "content": "x"}]}',
    b'{"model": "brain", "tool_choice": {"type": "function", "function": {"name": "no"}}, "messages": [{"role": "user", "content": "x"}]}',
    b'{"model": "brain", "response_format": {"type": "xml"}, "messages": [{"role": "user", "content": "x"}]}',
    b'{"model": "brain", "messages": [{"role": "user", "content": "\\ud800"}]}',
    b'{"model": "ownmind", "messages": [{"role": "user", "content": " "}]}',
    b'{"model": "ownmind", "messages": [{"role": "user", "content": "x"}, {"role": "assistant", "content": "y"}]}',
    b'{"model": "brain", "messages": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    json.dumps(
        {
            "model": "brain",
            "messages": [{"role": "user", "content": "x"}],
            "response_format": {"type": "json_schema", "json_schema": {"schema": json.loads('{"a":' * 60 + "1" + "}" * 60)}},
        }
    ).encode(),
]


def test_what_cannot_be_read_is_a_400_in_the_apis_own_shape(own_home: Path) -> None:
    with api(own_home) as (client, server):
        for body in WRONG:
            status, told = post(server, "/v1/chat/completions", client.api_key, body)
            assert status == 400, (body[:80], told)
            assert set(told["error"]) == {"message", "type", "param", "code"}, body[:80]
        for body in (
            b"{",
            b'{"model": "brain"}',
            b'{"model": "brain", "input": [{"type": "computer_call"}]}',
            b'{"model": "brain", "input": 7}',
        ):
            assert post(server, "/v1/responses", client.api_key, body)[0] == 400
        unknown = {"model": "brain", "messages": [{"role": "user", "content": "x", "name": "ana"}], "user": "u", "made_up": {"a": [1]}}
        assert post(server, "/v1/chat/completions", client.api_key, json.dumps(unknown).encode())[0] == 200
        assert post(server, "/v1/chat/completions", client.api_key, json.dumps({**unknown, "model": "gpt-4"}).encode())[0] == 404


# Breaking off, and many at once


def test_a_caller_that_leaves_stops_the_model(own_home: Path) -> None:
    brain = ScriptedModel("One more word. " * 100, delay=0.02)
    with api(own_home, brain) as (client, server):
        for model in ("brain", "ownmind"):
            before = brain.cancelled
            with client.chat.completions.create(
                model=model, messages=[{"role": "user", "content": f"Talk, {model}."}], stream=True
            ) as stream:
                next(iter(stream))
                next(iter(stream))
            assert _soon(lambda was=before: brain.cancelled > was), model
        before = brain.cancelled
        with pytest.raises(openai.APITimeoutError):
            client.with_options(timeout=0.3).chat.completions.create(model="brain", messages=[{"role": "user", "content": "Talk."}])
        assert _soon(lambda: brain.cancelled > before)
        kept = [one for held in server.house.conversations() for one in server.house.messages(str(held["id"]))]
        assert all(len(str(one["text"]).split()) < 100 for one in kept)


def test_a_model_that_breaks_off_is_said_in_the_stream_and_before_it(own_home: Path) -> None:
    with api(own_home, ScriptedModel("one two three", breaks_after=2)) as (client, _):
        stream = client.chat.completions.create(model="brain", messages=[{"role": "user", "content": "Count."}], stream=True)
        with pytest.raises(openai.APIError):
            list(stream)
        with pytest.raises(openai.InternalServerError) as refused:
            client.chat.completions.create(model="brain", messages=[{"role": "user", "content": "Count."}])
        assert refused.value.status_code == 503


def test_a_hundred_requests_at_once_are_all_answered_and_the_page_meanwhile(own_home: Path) -> None:
    with api(own_home, ScriptedModel("A calm answer.", delay=0.01)) as (client, server):
        server.enter()

        async def one(asking: openai.AsyncOpenAI, number: int) -> str:
            made = await asking.chat.completions.create(model="brain", messages=[{"role": "user", "content": f"Hello {number}"}])
            return str(made.choices[0].message.content)

        async def everyone() -> list[str]:
            url = f"http://127.0.0.1:{server.port}/v1"
            async with openai.AsyncOpenAI(api_key=client.api_key, base_url=url, max_retries=0) as asking:
                return await asyncio.gather(*(one(asking, number) for number in range(100)))

        answers: list[str] = []
        thread = threading.Thread(target=lambda: answers.extend(asyncio.run(everyone())))
        thread.start()
        assert server.ask("GET", "/api/status")[0] == 200
        thread.join(60)
        assert answers == ["A calm answer."] * 100


def _soon(holds: Any, seconds: float = 10.0) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if holds():
            return True
        time.sleep(0.02)
    return False
