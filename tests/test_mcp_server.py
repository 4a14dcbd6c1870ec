"""Ownmind as an MCP server: the official client sees what its key may see, what it writes waits for the person, and nothing breaks it."""

from __future__ import annotations

import asyncio
import http.client
import json
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2
import mcp_types as types
import pytest
from mcp.client.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.exceptions import MCPError

from commandline import environment
from ownmind.guard.clients import Scope
from ownmind.messages import ActionState, Confidentiality, Entry, Integrity, Kind, Label, Source
from ownmind.models.scripted import ScriptedModel
from served import JSON, Served, served

READS = (Scope.MEMORY_READ, Scope.GOALS_READ, Scope.PEOPLE_READ)
WRITES = (*READS, Scope.MEMORY_WRITE, Scope.GOALS_WRITE)


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Served]:
    with served(tmp_path / "home", on_socket=True) as server:
        yield server


@asynccontextmanager
async def connected(port: int, key: str, **options: object) -> AsyncIterator[Client]:
    async with (
        httpx2.AsyncClient(headers={"authorization": f"Bearer {key}"}, timeout=30) as web,
        Client(streamable_http_client(f"http://127.0.0.1:{port}/mcp", http_client=web), **options) as client,  # type: ignore[arg-type]
    ):
        yield client


def asked(running: Served, doing: Callable[[Client], Awaitable[object]], *scopes: Scope, name: str = "editor", **options: object) -> object:
    """What ``doing`` gives, with a client of these scopes."""
    key = running.house.clients.add(name, scopes).key

    async def run() -> object:
        async with connected(running.port, key, **options) as client:
            return await doing(client)

    return asyncio.run(run())


def told(running: Served, text: str, label: Label | None = None) -> str:
    label = label or Label(Integrity.PERSON)
    (item,) = running.house.memory.remember([Entry(text, Source("note:1"), label, Kind.NOTE)], now=running.house.goals._ground.now()[0])
    return item


@pytest.mark.parametrize("mode", ["legacy", "auto"])
def test_the_official_client_reads_memory_with_its_sources(running: Served, mode: str) -> None:
    """By both ways of the protocol to begin: each thing with where it is from and who vouches for it, in words and as data."""
    told(running, "Ana is allergic to peanuts.")

    async def doing(client: Client) -> object:
        names = {tool.name for tool in (await client.list_tools()).tools}
        assert {"recall", "why", "list_goals", "today", "person", "approval_status"} <= names
        assert not {"remember", "add_goal", "ask", "forget"} & names
        recall = next(tool for tool in (await client.list_tools()).tools if tool.name == "recall")
        assert recall.annotations is not None
        assert recall.annotations.read_only_hint is True
        return await client.call_tool("recall", {"query": "what is Ana allergic to"})

    found = asked(running, doing, *READS, mode=mode)
    assert isinstance(found, types.CallToolResult)
    first = found.structured_content["found"][0]
    assert (first["text"], first["source"], first["integrity"]) == ("Ana is allergic to peanuts.", "note:1", "person")
    assert json.loads(found.content[0].text) == found.structured_content  # type: ignore[union-attr]


def test_what_is_secret_is_given_to_no_program(running: Served) -> None:
    """It is left out, and said so."""
    told(running, "The code of the safe is 4711.", Label(Integrity.PERSON, Confidentiality.SECRET))

    async def doing(client: Client) -> object:
        return (await client.call_tool("recall", {"query": "code of the safe"})).structured_content

    assert asked(running, doing, Scope.MEMORY_READ) == {"found": [], "left_out": 1}


def test_a_write_waits_for_the_person_and_the_program_hears_what_became_of_it(running: Served) -> None:
    """The row is a card with the words marked as from outside; after the yes it is remembered as the program's, and `approval_status`
    says so, also to a program that waited."""

    async def doing(client: Client) -> object:
        first = (await client.call_tool("remember", {"text": "The plumber comes on Friday."})).structured_content
        assert first["state"] == "waiting"
        card = running.house.action(first["approval"])
        assert card.arguments[0].tainted
        assert card.arguments[0].label.sources == ("client:editor",)
        heard, told_of = list[str](), asyncio.Event()

        async def on_progress(done: float, total: float | None, message: str | None) -> None:
            heard.append(message or "")
            told_of.set()

        waiting = asyncio.create_task(
            client.call_tool("approval_status", {"approval": first["approval"], "wait_seconds": 60}, progress_callback=on_progress)
        )
        await asyncio.wait_for(told_of.wait(), 30)
        await asyncio.to_thread(running.house.approve, first["approval"])
        assert "waits for the person" in heard[0]
        return (await waiting).structured_content

    after = asked(running, doing, *WRITES)
    assert isinstance(after, dict)
    assert after["state"] == "done"
    (item,) = running.house.memory.items(source="client:editor")
    assert (item.text, item.label.integrity) == ("The plumber comes on Friday.", Integrity.UNTRUSTED)
    assert not item.may_teach


def test_a_key_that_speaks_for_the_person_writes_at_once(running: Served) -> None:
    """With own_words the words are the person's; the row says through which program, and can be undone."""

    async def doing(client: Client) -> object:
        note = (await client.call_tool("remember", {"text": "I play chess on Mondays."})).structured_content
        goal = (await client.call_tool("add_goal", {"statement": "Read 12 books this year"})).structured_content
        goals = (await client.call_tool("list_goals", {})).structured_content
        return note, goal, goals

    note, goal, goals = asked(running, doing, *WRITES, Scope.OWN_WORDS)  # type: ignore[misc]
    assert (note["state"], goal["state"]) == ("done", "done")
    assert [one["title"] for one in goals["goals"]] == ["read 12 books this year"] or len(goals["goals"]) == 1
    assert running.house.undo(note["approval"]).state is ActionState.UNDONE


def test_a_goal_of_a_program_is_no_goal_before_the_person_says_so(running: Served) -> None:
    """Nothing is planned of it; a no leaves nothing behind, and the program hears that too."""

    async def doing(client: Client) -> object:
        first = (await client.call_tool("add_goal", {"statement": "Run a marathon on 12 April"})).structured_content
        assert running.house.goals.all() == ()
        await asyncio.to_thread(running.house.decline, first["approval"])
        return (await client.call_tool("approval_status", {"approval": first["approval"]})).structured_content

    assert asked(running, doing, *WRITES)["state"] == "denied"  # type: ignore[index]
    assert running.house.goals.all() == ()


def test_a_program_hears_of_nothing_another_one_asked_for(running: Served) -> None:
    """Neither by approval_status nor by its address."""

    async def first(client: Client) -> object:
        return (await client.call_tool("remember", {"text": "A secret plan"})).structured_content["approval"]

    approval = asked(running, first, *WRITES, name="one")

    async def second(client: Client) -> object:
        by_tool = await client.call_tool("approval_status", {"approval": approval})
        assert by_tool.is_error
        with pytest.raises(MCPError):
            await client.read_resource(f"ownmind://approvals/{approval}")
        return by_tool.content[0].text  # type: ignore[union-attr]

    assert "A secret plan" not in str(asked(running, second, *WRITES, name="two"))


def test_a_scope_that_is_missing_is_named_and_nothing_is_shown(running: Served) -> None:
    """For a tool, an address and a prompt alike."""
    told(running, "I live in Porto.")

    async def doing(client: Client) -> object:
        refused = await client.call_tool("recall", {"query": "where do I live"})
        assert refused.is_error
        assert [resource.uri for resource in (await client.list_resources()).resources] == ["ownmind://goals"]
        with pytest.raises(MCPError, match="memory_read"):
            await client.read_resource("ownmind://facts")
        with pytest.raises(MCPError):
            await client.get_prompt("what_do_you_know", {"topic": "me"})
        return refused.content[0].text  # type: ignore[union-attr]

    said = str(asked(running, doing, Scope.GOALS_READ))
    assert "memory_read" in said
    assert "Porto" not in said


def test_addresses_are_listed_by_the_page_and_read(running: Served) -> None:
    """Every fact, goal and person once, whatever the size of a page."""
    added = [running.house.goals.add(f"Read {number} pages of book {number} by 12 December").goal for number in range(3, 9)]
    goal = next(one for one in added if one is not None)

    async def doing(client: Client) -> object:
        seen, cursor = [], None
        while True:
            page = await client.list_resources(cursor=cursor)
            seen += [resource.uri for resource in page.resources]
            cursor = page.next_cursor
            if not cursor:
                break
        assert len(seen) == len(set(seen))
        assert {"ownmind://today", f"ownmind://goals/{goal.id}"} <= set(seen)
        with pytest.raises(MCPError):
            await client.list_resources(cursor="99999999999999999999")
        with pytest.raises(MCPError):
            await client.read_resource("ownmind://goals/g999")
        with pytest.raises(MCPError):
            await client.read_resource("file:///etc/passwd")
        read = await client.read_resource(f"ownmind://goals/{goal.id}")
        return json.loads(read.contents[0].text)  # type: ignore[union-attr]

    assert asked(running, doing, *READS)["goal"]["id"] == goal.id  # type: ignore[index]


def test_whoever_subscribed_hears_that_something_changed(running: Served) -> None:
    """`notifications/resources/updated`, on the session's own stream."""

    async def doing(client: Client) -> object:
        await client.subscribe_resource("ownmind://goals")
        for _ in range(200):
            running.house.bulletin.publish({"type": "goals"})
            await asyncio.sleep(0.05)
            if heard:
                return heard[0]
        return None

    heard: list[str] = []

    async def listen(message: object) -> None:
        if isinstance(message, types.ResourceUpdatedNotification):
            heard.append(str(message.params.uri))

    assert asked(running, doing, *READS, mode="legacy", message_handler=listen) == "ownmind://goals"


def test_a_program_that_can_show_a_page_shows_the_approval(running: Served) -> None:
    """Elicitation in URL mode: the program learns where, and its answer is no yes."""
    shown: list[types.ElicitRequestParams] = []

    async def elicit(context: object, params: types.ElicitRequestParams) -> types.ElicitResult:
        shown.append(params)
        return types.ElicitResult(action="accept")

    async def doing(client: Client) -> object:
        return (await client.call_tool("remember", {"text": "Buy milk", "wait_seconds": 1})).structured_content

    said = asked(running, doing, *WRITES, mode="legacy", elicitation_callback=elicit)
    assert said["state"] == "waiting"  # type: ignore[index]
    assert [getattr(one, "url", "").startswith(f"http://127.0.0.1:{running.port}/") for one in shown] == [True]


@pytest.mark.parametrize(
    ("tool", "given"),
    [
        ("recall", {}),
        ("recall", {"query": ""}),
        ("recall", {"query": "x", "limit": 0}),
        ("recall", {"query": "x", "limit": True}),
        ("recall", {"query": ["x"]}),
        ("recall", {"query": "x", "where": "DROP TABLE"}),
        ("why", {"fact": "../../etc"}),
        ("approval_status", {"approval": "a99999999999999999999"}),
        ("person", {"person": "nobody at all"}),
        ("forget", {"target": "everything"}),
    ],
)
def test_arguments_that_are_wrong_are_an_answer_not_a_fault(running: Served, tool: str, given: dict[str, object]) -> None:
    """In words, with what the tool takes; the session goes on."""

    async def doing(client: Client) -> object:
        wrong = await client.call_tool(tool, given)
        right = await client.call_tool("recall", {"query": "anything"})
        return wrong.is_error, right.is_error

    assert asked(running, doing, *READS) == (True, False)


def test_a_call_that_is_cancelled_stops_the_turn(tmp_path: Path) -> None:
    """The companion stops speaking, and the next call is answered."""
    slow = ScriptedModel(" ".join(["word"] * 400), delay=0.05)
    with served(tmp_path / "home", slow) as running:

        async def doing(client: Client) -> object:
            asking = asyncio.create_task(client.call_tool("ask", {"message": "Tell me a long story about the sea."}))
            await asyncio.sleep(2)
            asking.cancel()
            await asyncio.wait([asking])
            return (await client.call_tool("recall", {"query": "sea"})).is_error

        assert asked(running, doing, Scope.TALK, *READS) is False


def test_a_wrong_key_opens_nothing(running: Served) -> None:
    """Nor does a cookie, nor a page of the web with the right key."""
    key = running.house.clients.add("editor", READS).key
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/list"}).encode()
    accept = {**JSON, "accept": "application/json, text/event-stream"}
    running.enter()
    assert running.raw("POST", "/mcp", accept, body).status == 401
    assert running.raw("POST", "/mcp", running.own(accept=accept["accept"]), body).status == 401
    assert running.raw("POST", "/mcp", {**accept, "authorization": "Bearer om-" + "x" * 43}, body).status == 401
    right = {**accept, "authorization": f"Bearer {key}"}
    assert running.raw("POST", "/mcp", {**right, "origin": "https://evil.example"}, body).status == 403
    assert running.raw("POST", "/mcp", {**right, "host": "evil.example"}, body).status == 421


def test_a_session_is_no_use_to_another_key(running: Served) -> None:
    """Its id is as good as unknown; its owner ends it."""
    begun = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "initialize",
        "params": {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "x", "version": "1"}},
    }
    keys = [running.house.clients.add(name, READS).key for name in ("one", "two")]
    headers = [{**JSON, "accept": "application/json, text/event-stream", "authorization": f"Bearer {key}"} for key in keys]
    answer = running.raw("POST", "/mcp", headers[0], json.dumps(begun).encode())
    session = {"mcp-session-id": answer.getheader("mcp-session-id") or ""}
    assert answer.status == 200
    listing = json.dumps({"jsonrpc": "2.0", "id": 2, "method": "tools/list"}).encode()
    assert running.raw("POST", "/mcp", {**headers[1], **session}, listing).status == 404
    assert running.raw("DELETE", "/mcp", {**headers[1], **session}).status == 404
    assert running.raw("DELETE", "/mcp", {**headers[0], **session}).status == 200
    assert running.raw("POST", "/mcp", {**headers[0], **session}, listing).status == 404


HOSTILE = [
    b"",
    b"{",
    b"[" * 100_000,
    b"[]",
    b"42",
    b'{"jsonrpc":"1.0","id":1,"method":"tools/list"}',
    b'{"jsonrpc":"2.0","id":{"a":1},"method":"tools/list"}',
    b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"recall","arguments":[1]}}',
    b'{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":7}}',
    b'{"jsonrpc":"2.0","id":1,"method":"no/such/method"}',
    b'{"jsonrpc":"2.0","id":1,"result":{}}',
    b"\xff\xfe\x00",
    b'{"jsonrpc":"2.0","id":1,"method":"' + b"x" * (5 << 20) + b'"}',
]


@pytest.mark.parametrize("frame", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_frame_is_refused_and_the_server_goes_on(running: Served, frame: bytes) -> None:
    """A refusal, never a fault of ours; and the next program is served."""
    key = running.house.clients.add("editor", READS).key
    headers = {**JSON, "accept": "application/json, text/event-stream", "authorization": f"Bearer {key}"}
    try:
        answer = running.raw("POST", "/mcp", headers, frame)
        assert 400 <= answer.status < 500 or b'"error"' in answer.read()
    except (ConnectionError, http.client.HTTPException):  # refused before it was sent to its end
        assert len(frame) > 1 << 20

    async def doing(client: Client) -> object:
        return len((await client.list_tools()).tools) > 5

    assert asked(running, doing, *READS, name="next")


def test_two_programs_at_once_and_a_hundred_calls_hold(running: Served) -> None:
    """Each has its own answers."""
    told(running, "I like tea.")
    keys = [running.house.clients.add(name, READS).key for name in ("one", "two")]

    async def run() -> list[bool]:
        async with connected(running.port, keys[0]) as one, connected(running.port, keys[1], mode="legacy") as two:
            calls = [client.call_tool("facts", {}) for _ in range(50) for client in (one, two)]
            return [bool(found.is_error) for found in await asyncio.gather(*calls)]

    assert asyncio.run(run()) == [False] * 100


@pytest.mark.parametrize("by", ["name", "key"])
def test_a_program_that_starts_its_servers_reaches_the_one_that_runs(running: Served, tmp_path: Path, by: str) -> None:
    """`ownmind mcp serve` carries its messages over the socket; nothing else is on standard output."""
    told(running, "Ana is allergic to peanuts.")
    (tmp_path / "key").write_text(running.house.clients.add("desk", READS).key)
    words = ["--client", "desk"] if by == "name" else ["--key-file", str(tmp_path / "key")]
    assert _over_stdio(tmp_path / "home", words) == "Ana is allergic to peanuts."


def test_it_opens_the_home_itself_where_nothing_runs(tmp_path: Path) -> None:
    """And gives it back when the program ends."""
    for _ in range(2):
        with served(tmp_path / "home") as running:
            if not running.house.clients.all():
                running.house.clients.add("desk", READS)
                told(running, "Ana is allergic to peanuts.")
        assert _over_stdio(tmp_path / "home", ["--client", "desk"]) == "Ana is allergic to peanuts."


def test_a_client_nobody_knows_is_told_so(running: Served, tmp_path: Path) -> None:
    """By name too: the name must be one that has a key."""
    with pytest.raises(Exception):  # noqa: B017  # however the official client says that it was refused
        _over_stdio(tmp_path / "home", ["--client", "nobody"])


def _over_stdio(home: Path, words: list[str]) -> str:
    program = StdioServerParameters(
        command=sys.executable, args=["-m", "ownmind", "--home", str(home), "mcp", "serve", *words], env=environment(home)
    )

    async def run() -> str:
        async with asyncio.timeout(60), Client(stdio_client(program)) as client:
            found = await client.call_tool("recall", {"query": "what is Ana allergic to"})
            return str(found.structured_content["found"][0]["text"])

    return asyncio.run(run())
