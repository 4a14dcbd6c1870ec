"""A remote model with tools behind the veil, a crash before the bill, and the commands a person uses for it."""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic_ai import ModelMessage, ModelRequest
from pydantic_ai.messages import ToolCallPart, ToolReturnPart, UserPromptPart
from pydantic_ai.models import ModelRequestParameters
from pydantic_ai.tools import ToolDefinition

from chatting import Chat, asked, chunk
from commandline import command, environment, ownmind, quiet_home, running, told
from outside import outside
from ownmind import Companion
from ownmind.config import Config, Remote
from ownmind.errors import BadInput
from ownmind.messages import Entry, Integrity, Kind, Label, Source
from ownmind.models.embedder import HashEmbedder
from ownmind.models.scripted import ScriptedModel

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
KEY = "sk-canary-0a1b2c3d4e5f6071829304"
TOOL = ToolDefinition(
    name="find_account", description="Finds an account.", parameters_json_schema={"type": "object", "properties": {"of": {}}}
)


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture
def chat() -> Iterator[Chat]:
    with outside(Chat()) as place:
        assert isinstance(place, Chat)
        yield place


@pytest.fixture
def home(tmp_path: Path, chat: Chat) -> Path:
    """A home of which ``chat`` is the remote model, its key piped in."""
    home = quiet_home(tmp_path)
    ownmind(home, "remember", "The dustbins go out on Thursdays.")
    set_ = ownmind(home, "brain", "remote", "set", chat.url, "--model", "big-one", "--price-in", "1", "--price-out", "2", said=f"{KEY}\n")
    assert set_.returncode == 0, set_.stderr
    assert ownmind(home, "brain", "use", "remote").returncode == 0
    return home


def calls(name: str, arguments: str) -> Iterator[bytes]:
    """A tool call, its arguments in two pieces."""
    yield b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
    half = len(arguments) // 2
    function = {"name": name, "arguments": arguments[:half]}
    yield chunk({"choices": [{"delta": {"tool_calls": [{"index": 0, "id": "call_1", "function": function}]}}]})
    yield chunk({"choices": [{"delta": {"tool_calls": [{"index": 0, "function": {"arguments": arguments[half:]}}]}}]})
    yield chunk({"choices": [{"delta": {}, "finish_reason": "tool_calls"}]})
    yield chunk("[DONE]") + b"0\r\n\r\n"


def test_the_arguments_of_a_call_come_back_real_and_its_result_leaves_veiled(chat: Chat) -> None:
    """Names in texts, in keys and after a line break, and an account as a number: none arrives; the call names the real person."""
    settings = Remote(use=True, url=chat.url, model="big-one")
    with Companion.temporary(brain=ScriptedModel(), embedder=HashEmbedder(), config=Config(fetch=False, remote=settings)) as mind:
        said = Entry("Hello.", Source("transcript:t"), Label(Integrity.UNTRUSTED), Kind.TURN, NOW, "Zephyrine Quackenbush")
        mind.house.memory.remember([said], now=NOW)
        mind.allow(chat.destination, "plan")
        model = mind.house.remote.model("plan", "c1")
        parameters = ModelRequestParameters(function_tools=[TOOL])
        messages: list[ModelMessage] = [ModelRequest([UserPromptPart("Which account has Zephyrine?")])]

        def answers(request: bytes) -> Iterator[bytes]:
            if len(chat.requests) == 1:
                name = asked(request).removesuffix("?").split()[-1]
                return calls("find_account", json.dumps({"of": f"{name}, please"}))
            return chat._answer(request)

        chat.answers = answers
        response = asyncio.run(model.request(messages, None, parameters))
        (call,) = response.parts
        assert isinstance(call, ToolCallPart) and call.args_as_dict() == {"of": "Zephyrine, please"}
        result = {"Zephyrine": "line one\nQuackenbush of them", "account": 4111111111111111}
        messages += [response, ModelRequest([ToolReturnPart("find_account", result, call.tool_call_id)])]
        asyncio.run(model.request(messages, None, parameters))
        received = b"".join(chat.requests).decode()
        assert "find_account" in received and "line one" in received
        assert not [one for one in ("Zephyrine", "Quackenbush", "4111111111111111") if one in received]


def test_what_is_no_text_is_refused_before_anything_leaves(chat: Chat) -> None:
    from pydantic_ai.messages import BinaryContent

    settings = Remote(use=True, url=chat.url, model="big-one")
    with Companion.temporary(brain=ScriptedModel(), embedder=HashEmbedder(), config=Config(fetch=False, remote=settings)) as mind:
        mind.allow(chat.destination, "plan")
        model = mind.house.remote.model("plan", "c1")
        picture = ModelRequest([UserPromptPart(["look", BinaryContent(b"x", media_type="image/png")])])
        with pytest.raises(BadInput):
            asyncio.run(model.request([picture], None, ModelRequestParameters()))
        assert chat.connections == 0


def test_a_kill_before_the_bill_counts_the_worst(home: Path, chat: Chat) -> None:
    """Killed while the answer streams: the next start finds the call counted at the most it could cost, never at nothing."""
    allowed = told(home, "permissions", "allow", chat.destination, "answer", "--cap", "1")

    def endless(request: bytes) -> Iterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"
        chat.left.wait(30)

    chat.answers = endless
    words = command(home, "chat", "-m", "Why is the sky blue?")
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment(home)) as talking:
        assert chat.heard.wait(60)
        talking.send_signal(signal.SIGKILL)
    (given,) = _permissions(home)
    worst = (len(chat.requests[0]) * 1.0 + 1024 * 2.0) / 1e6
    assert given["id"] == allowed["id"] and 1024 * 2.0 / 1e6 < float(str(given["spent"])) <= worst
    (row,) = told(home, "ledger")["rows"]  # type: ignore[misc]
    assert row["outcome"] == "unknown" and row["consent"] == given["id"]


def test_a_person_decides_in_the_terminal(home: Path, chat: Chat) -> None:
    """The card shows what would leave with each stand-in beside the name; a yes prints the answer, a cap is kept, the key is nowhere."""
    ownmind(home, "remember", "My neighbour Zephyrine Quackenbush is allergic to nuts.")
    talked = told(home, "chat", "-m", "What could I bake for Zephyrine Quackenbush?")
    (action,) = talked["actions"]  # type: ignore[misc]
    card = ownmind(home, "approvals", "show", action["id"])
    assert "Only you see the second column" in card.stdout and "Zephyrine" in card.stdout and chat.destination in card.stdout
    shown = told(home, "approvals", "show", action["id"])["preview"]
    assert isinstance(shown, dict) and "Zephyrine" not in str(shown["text"]) and chat.connections == 0
    chat.script = lambda body: "A cake without nuts."
    assert ownmind(home, "approvals", "allow", action["id"], "--always", "--cap", "0.000001").returncode == 2
    done = ownmind(home, "approvals", "allow", action["id"], "--always", "--cap", "5")
    assert done.returncode == 0 and "A cake without nuts." in done.stdout
    (given,) = _permissions(home)
    assert (given["spend_cap"], given["spent"]) == (5.0, (100 * 1.0 + 20 * 2.0) / 1e6)
    assert b"Zephyrine" not in chat.requests[0] and KEY.encode() in chat.requests[0]
    everything = [ownmind(home, *words).stdout for words in (("brain",), ("status",), ("ledger", "show", "1"), ("permissions",))]
    exported = home.parent / "exported"
    ownmind(home, "export", str(exported))
    files = [path.read_text(errors="replace") for path in exported.rglob("*") if path.is_file()]
    assert KEY not in "".join([*everything, *files, (home / "config.toml").read_text()])
    assert "big-one" in everything[0] and "key is kept" in everything[0]


def test_a_running_ownmind_is_told(home: Path, chat: Chat) -> None:
    """Over its socket: who answers, another one from now on, its preview and the yes; each in force at once."""
    with running(home):
        assert told(home, "brain")["now"] == "remote"
        talked = told(home, "chat", "-m", "Why is the sky blue?")
        (action,) = talked["actions"]  # type: ignore[misc]
        assert told(home, "approvals", "show", action["id"])["preview"]
        assert told(home, "approvals", "allow", action["id"])["outcome"] == "That I know."
        assert told(home, "brain", "use", "local")["now"] == "local"
        assert not told(home, "chat", "-m", "Why is grass green?")["actions"]
        assert told(home, "brain", "remote", "forget")["has_key"] is False
    assert len(chat.requests) == 1


def _permissions(home: Path) -> list[dict[str, object]]:
    found = told(home, "permissions", "--all")["permissions"]
    assert isinstance(found, list)
    return found
