"""A remote model with tools behind the veil, a crash before the bill, and the commands a person uses for it."""

from __future__ import annotations

import asyncio
import io
import json
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic_ai import ModelMessage, ModelRequest
from pydantic_ai.messages import ToolCallPart, ToolReturnPart, UserPromptPart
from pydantic_ai.models import ModelRequestParameters
from pydantic_ai.tools import ToolDefinition

from chatting import Chat, asked, chunk
from commandline import command, environment, quiet_home, running
from outside import outside
from ownmind import Companion
from ownmind.channels.cli import run
from ownmind.config import Config, Provider
from ownmind.errors import BadInput
from ownmind.messages import Entry, Integrity, Kind, Label, Source
from ownmind.models.embedding.embedder import HashEmbedder
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


@dataclass
class Terminal:
    """The commands, in this process; a home that fetches nothing."""

    home: Path
    capsys: pytest.CaptureFixture[str]
    monkeypatch: pytest.MonkeyPatch

    def __call__(self, *words: str, code: int = 0, said: str = "") -> str:
        """What the command printed."""
        self.capsys.readouterr()
        self.monkeypatch.setattr("sys.stdin", io.StringIO(said))
        left, shown = run(["--home", str(self.home), *words]), self.capsys.readouterr()
        assert left == code, shown.err
        return shown.out

    def told(self, *words: str) -> Any:
        """The last line of what it printed as JSON."""
        return json.loads(self("--json", *words).strip().splitlines()[-1])


@pytest.fixture
def terminal(tmp_path: Path, chat: Chat, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Terminal]:
    """A home of which ``chat`` is the remote model, its key piped in."""
    for name, value in environment(tmp_path / "mind").items():
        monkeypatch.setenv(name, value)
    before = signal.getsignal(signal.SIGTERM)
    terminal = Terminal(quiet_home(tmp_path), capsys, monkeypatch)
    terminal("remember", "My neighbour Zephyrine Quackenbush is allergic to nuts.")
    prices = ("--price-in", "1", "--price-out", "2")
    terminal("brain", "add", "compatible", "--name", "far", "--url", chat.url, "--model", "big-one", *prices, said=f"{KEY}\n")
    terminal("brain", "use", "far")
    yield terminal
    signal.signal(signal.SIGTERM, before)


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
    settings = Provider("far", url=chat.url, model="big-one")
    with Companion.temporary(brain=ScriptedModel(), embedder=HashEmbedder(), config=Config(fetch=False, provider=(settings,))) as mind:
        said = Entry("Hello.", Source("transcript:t"), Label(Integrity.UNTRUSTED), Kind.TURN, NOW, "Zephyrine Quackenbush")
        mind.house.memory.remember([said], now=NOW)
        mind.allow(chat.destination, "plan")
        model = mind.house.remote.model(mind.house.remote.endpoint("far"), "plan", "c1")
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

    settings = Provider("far", url=chat.url, model="big-one")
    with Companion.temporary(brain=ScriptedModel(), embedder=HashEmbedder(), config=Config(fetch=False, provider=(settings,))) as mind:
        mind.allow(chat.destination, "plan")
        model = mind.house.remote.model(mind.house.remote.endpoint("far"), "plan", "c1")
        picture = ModelRequest([UserPromptPart(["look", BinaryContent(b"x", media_type="image/png")])])
        with pytest.raises(BadInput):
            asyncio.run(model.request([picture], None, ModelRequestParameters()))
        assert chat.connections == 0


def test_a_kill_before_the_bill_counts_the_worst(terminal: Terminal, chat: Chat) -> None:
    """Killed while the answer streams: the next start finds the call counted at the most it could cost, never at nothing."""
    allowed = terminal.told("permissions", "allow", chat.destination, "answer", "--cap", "1")

    def endless(request: bytes) -> Iterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"
        chat.left.wait(30)

    chat.answers = endless
    words = command(terminal.home, "chat", "-m", "Why is the sky blue?")
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment(terminal.home)) as talking:
        assert chat.heard.wait(100)
        talking.send_signal(signal.SIGKILL)
    (given,) = terminal.told("permissions", "--all")["permissions"]
    most = ((len(chat.requests[0]) + 1024) * 1.0 + 1024 * 2.0) / 1e6  # a provider may put an order of its own around tools
    assert given["id"] == allowed["id"] and 1024 * 2.0 / 1e6 < given["spent"] <= most
    (spent,) = terminal.told("brain", "costs")["spent"]
    assert spent["at_worst"] == spent["amount"] == pytest.approx(given["spent"])
    (row,) = terminal.told("ledger")["rows"]
    assert (row["outcome"], row["consent"]) == ("unknown", given["id"])


def test_a_person_decides_in_the_terminal(terminal: Terminal, chat: Chat, tmp_path: Path) -> None:
    """The card shows what would leave with each stand-in beside the name; a yes prints the answer, a cap is kept, the key is nowhere."""
    (action,) = terminal.told("chat", "-m", "What could I bake for Zephyrine Quackenbush?")["actions"]
    card = " ".join(terminal("approvals", "show", action["id"]).split())
    assert "Only you see the second column" in card and "Zephyrine" in card and chat.destination in card
    assert chat.connections == 0
    chat.script = lambda body: "A cake without nuts."
    terminal("approvals", "allow", action["id"], "--always", "--cap", "0.000001", code=2)
    assert "A cake without nuts." in terminal("approvals", "allow", action["id"], "--always", "--cap", "5")
    (given,) = terminal.told("permissions")["permissions"]
    assert (given["spend_cap"], given["spent"]) == (5.0, (100 * 1.0 + 20 * 2.0) / 1e6)
    assert b"Zephyrine" not in chat.requests[0] and KEY.encode() in chat.requests[0]
    said = [terminal(*words) for words in (("brain",), ("ledger", "show", "1"), ("permissions",), ("export", str(tmp_path / "exported")))]
    files = [path.read_text(errors="replace") for path in (tmp_path / "exported").rglob("*") if path.is_file()]
    assert KEY not in "".join([*said, *files, (terminal.home / "config.toml").read_text()])
    assert "big-one" in said[0] and "key is kept" in said[0]


def test_a_running_ownmind_is_told(terminal: Terminal, chat: Chat) -> None:
    """Over its socket: who answers, another one from now on, its preview and the yes; each in force at once."""
    with running(terminal.home):
        assert terminal.told("brain")["rules"]["lines"][0]["to"] == "far"
        (action,) = terminal.told("chat", "-m", "Why is the sky blue?")["actions"]
        assert "exactly this" in terminal("approvals", "show", action["id"])
        assert terminal.told("approvals", "allow", action["id"])["outcome"] == "That I know."
        assert terminal.told("brain", "use", "local")["lines"] == []
        assert not terminal.told("chat", "-m", "Why is grass green?")["actions"]
        assert terminal.told("brain", "forget", "far")["providers"] == []
    assert len(chat.requests) == 1


def test_every_command_about_providers_speaks_json(terminal: Terminal, chat: Chat) -> None:
    """And to people: the kinds, the rule and what it does with a message, caps, costs, a key that is nowhere shown."""
    kinds = {one["kind"]: one for one in terminal.told("brain", "kinds")["kinds"]}
    assert kinds["anthropic"]["prices"][0]["on"] and "keys at" in terminal("brain", "kinds")
    assert terminal.told("brain", "rules", "write to far", "everything to local")["lines"][0]["task"] == "write"
    found = terminal.told("brain", "explain", "Write", "a", "limerick")
    assert (found["to"], found["line"], found["may_answer"]) == ("far", "write to far", False)
    assert "stays here" in terminal("brain", "explain", "Why is the sky blue?") or "keeps it here" in terminal("brain", "explain", "Why?")
    assert terminal.told("brain", "cap", "far", "5")["providers"][0]["cap"] == 5.0
    assert terminal.told("brain", "cap", "all", "none")["providers"][0]["cap"] == 5.0
    assert terminal.told("brain", "test", "far")["key"] == "right" and chat.connections == 1
    (spent,) = terminal.told("brain", "costs")["spent"]
    assert spent["calls"] == 1 and "far" in terminal("brain", "costs")
    assert terminal.told("brain", "set", "far", "--model", "other")["model"] == "other"
    assert terminal.told("brain", "rules", "none")["lines"] == []
    for wrong in (("brain", "cap", "far", "much"), ("brain", "use", "nobody"), ("brain", "rules", "cook to far"), ("brain", "add")):
        terminal(*wrong, code=2)
    shown = "".join(terminal(*words) for words in (("brain",), ("brain", "kinds"), ("brain", "rules")))
    assert KEY not in shown and "other" in shown and KEY not in (terminal.home / "config.toml").read_text()
