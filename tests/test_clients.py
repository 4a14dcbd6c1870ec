"""Programs and their keys: who holds one, what it opens, and what can never stand in for it."""

from __future__ import annotations

import asyncio
import json
import sys
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ownmind.app import open_house
from ownmind.channels.attach import Attached
from ownmind.config import Config
from ownmind.errors import BadInput, NotFound, Refused
from ownmind.guard.clients import Clients, Scope
from ownmind.models.embedding.embedder import HashEmbedder
from ownmind.models.scripted import ScriptedModel
from ownmind.paths import find
from ownmind.store.opening import open_store
from served import JSON, Served, served

NOW = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)


def get(server: Served, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    named = {key.replace("_", "-"): value for key, value in headers.items()}
    answer = server.raw("GET", path, {"host": f"127.0.0.1:{server.port}", **named})
    return answer.status, {key.lower(): value for key, value in answer.getheaders()}, answer.read()


def key_of(server: Served, *scopes: Scope, name: str = "editor") -> str:
    return server.house.clients.add(name, scopes or (Scope.TALK,)).key


def test_a_key_is_shown_once_and_never_kept(own_home: Path) -> None:
    """What is on the disk, read with the store's own key, does not hold the key; the key still opens."""
    with open_store(find(own_home)) as store:
        clients = Clients(store.db, lambda: NOW)
        added = clients.add("editor", (Scope.TALK, Scope.MODEL))
        assert len(added.key) == 46
        assert added.key.startswith("om-")
        with store.db.read() as cx:
            everything = " ".join(str(row) for row in cx.execute("SELECT * FROM clients"))
        assert added.key not in everything
        assert added.key[3:] not in everything
        known = Clients(store.db, lambda: NOW).known(added.key)
        assert known is not None
        assert known.scopes == (Scope.TALK, Scope.MODEL)


@pytest.mark.parametrize("wrong", ["", "om-", "om-" + "a" * 43, "sk-" + "a" * 43, "om-" + "ä" * 43, "x" * 100_000])
def test_a_wrong_key_is_nobodys(own_home: Path, wrong: str) -> None:
    with open_store(find(own_home)) as store:
        clients = Clients(store.db, lambda: NOW)
        clients.add("editor", (Scope.TALK,))
        assert clients.known(wrong) is None


def test_a_revoked_key_opens_nothing_at_once_and_after_a_restart(own_home: Path) -> None:
    with open_store(find(own_home)) as store:
        clients = Clients(store.db, lambda: NOW)
        added = clients.add("editor", (Scope.TALK,))
        clients.revoke(added.client.id)
        assert clients.known(added.key) is None
        assert Clients(store.db, lambda: NOW).known(added.key) is None
        assert clients.add("editor", (Scope.TALK,)).client.id != added.client.id  # the name is free again


def test_a_key_opens_at_once_and_ends_at_once_while_calls_are_written_down(own_home: Path) -> None:
    """Whoever counts meanwhile has read the programs before; that does not take a new key away, nor give an ended one back."""
    often = sys.getswitchinterval()
    with served(own_home, ScriptedModel("Hello.")) as home, ThreadPoolExecutor(4) as pool:
        clients = home.house.clients
        used = clients.add("used", (Scope.MEMORY_READ,)).client

        def count() -> None:
            clients.called(used)
            clients.count()

        sys.setswitchinterval(1e-6)  # a thread is often stopped between what it read and where it keeps that
        try:
            for number in range(100):
                counting = [pool.submit(count) for _ in range(4)]
                added = clients.add(f"editor {number}", (Scope.MEMORY_READ,))
                wait(counting)
                assert clients.known(added.key) is not None
                counting = [pool.submit(count) for _ in range(4)]
                clients.revoke(added.client.id)
                wait(counting)
                assert clients.known(added.key) is None
        finally:
            sys.setswitchinterval(often)


def test_a_key_is_named_rescoped_and_counted(own_home: Path) -> None:
    with open_store(find(own_home)) as store:
        clients = Clients(store.db, lambda: NOW)
        added = clients.add("  my   editor ", (Scope.MODEL, Scope.MODEL))
        assert added.client.name == "my editor"
        assert clients.rename(added.client.id, "Editor").name == "Editor"
        assert clients.scopes(added.client.id, (Scope.EMBEDDINGS,)).scopes == (Scope.EMBEDDINGS,)
        assert clients.footnotes(added.client.id, True).footnotes
        clients.called(added.client)
        clients.called(added.client)
        (shown,) = clients.all()
        assert (shown.calls, shown.last_used) == (2, NOW)


def test_bad_names_scopes_and_ids_are_refused_in_words(own_home: Path) -> None:
    with open_store(find(own_home)) as store:
        clients = Clients(store.db, lambda: NOW)
        clients.add("editor", (Scope.TALK,))
        for name in ("", " ", "a" * 61, "EDITOR", "a\x00b"):
            with pytest.raises(BadInput):
                clients.add(name, (Scope.TALK,))
        with pytest.raises(BadInput):
            clients.add("other", ())
        for name in ("k99", "editor", "", "k" * 1000):
            with pytest.raises(NotFound):
                clients.revoke(name)


def test_a_missing_scope_is_named(own_home: Path) -> None:
    with open_store(find(own_home)) as store:
        client = Clients(store.db, lambda: NOW).add("editor", (Scope.TALK,)).client
        client.need(Scope.TALK)
        client.need(Scope.MODEL, Scope.TALK)
        with pytest.raises(Refused, match="embeddings"):
            client.need(Scope.EMBEDDINGS)


def test_the_page_makes_a_key_by_post_and_never_by_get(own_home: Path) -> None:
    with served(own_home) as server:
        server.enter()
        status, told = server.ask("POST", "/api/clients/add", {"name": "editor", "scopes": ["talk", "own_words"]})
        assert status == 200
        added = told["result"]
        assert isinstance(added, dict)
        assert str(added["key"]).startswith("om-")
        assert server.raw("GET", "/api/clients/add?name=other&scopes=talk", server.own()).status == 404
        assert len(server.house.clients.all()) == 1
        status, told = server.ask("GET", "/api/clients/all")
        assert status == 200
        assert str(added["key"]) not in json.dumps(told)
        assert server.house.clients.known(str(added["key"])) is not None


def test_a_session_opens_nothing_for_programs_and_a_key_nothing_of_the_page(own_home: Path) -> None:
    """Neither can stand in for the other."""
    with served(own_home) as server:
        server.enter()
        key = key_of(server, *Scope)
        assert get(server, "/v1/nothing", cookie=server.cookie)[0] == 401
        assert get(server, "/mcp", cookie=server.cookie)[0] == 401
        assert get(server, "/api/status", authorization=f"Bearer {key}")[0] == 401
        assert get(server, "/api/clients/all", authorization=f"Bearer {key}")[0] == 401
        assert get(server, "/v1/nothing", authorization=f"Bearer {key}")[0] == 404


def test_a_page_of_the_web_cannot_use_a_key(own_home: Path) -> None:
    """Not from another site, not with another Host, not by a preflight: even with the right key."""
    with served(own_home) as server:
        key = f"Bearer {key_of(server)}"
        assert get(server, "/v1/nothing", authorization=key, origin="https://evil.example")[0] == 403
        assert get(server, "/v1/nothing", authorization=key, origin="null")[0] == 403
        assert get(server, "/v1/nothing", authorization=key, sec_fetch_site="cross-site")[0] == 403
        assert get(server, "/v1/nothing", authorization=key, sec_fetch_site="same-site")[0] == 403
        assert get(server, "/v1/nothing", authorization=key, host="evil.example")[0] == 421
        answer = server.raw("OPTIONS", "/v1/nothing", {"host": f"127.0.0.1:{server.port}", "origin": "https://evil.example"})
        assert answer.status in (403, 405)
        assert answer.getheader("access-control-allow-origin") is None


def test_a_refusal_has_the_shape_its_caller_reads(own_home: Path) -> None:
    with served(own_home) as server:
        status, headers, body = get(server, "/v1/models")
        assert status == 401
        assert headers["content-type"] == "application/json"
        error = json.loads(body)["error"]
        assert error["code"] == "invalid_api_key"
        assert set(error) == {"message", "type", "param", "code"}
        _, _, body = get(server, "/v1/messages")
        assert json.loads(body)["error"]["type"] == "authentication_error"


def test_two_keys_in_one_request_are_refused(own_home: Path) -> None:
    with served(own_home) as server:
        key = key_of(server)
        assert get(server, "/v1/messages/x", authorization=f"Bearer {key}", x_api_key="om-" + "a" * 43)[0] == 401
        assert get(server, "/v1/messages/x", x_api_key=key)[0] == 404
        assert get(server, "/v1/nothing", x_api_key=key)[0] == 401  # only where Anthropic's clients send it


def test_wrong_keys_are_slowed_down_and_a_right_one_is_not(own_home: Path, caplog: pytest.LogCaptureFixture) -> None:
    with served(own_home) as server:
        key, wrong = key_of(server), "om-" + "w" * 43
        statuses = [get(server, "/v1/nothing", authorization=f"Bearer {wrong}") for _ in range(12)]
        assert [status for status, _, _ in statuses] == [401] * 10 + [429] * 2
        assert int(statuses[-1][1]["retry-after"]) >= 1
        assert get(server, "/v1/nothing", authorization=f"Bearer {key}")[0] == 404
    assert wrong not in caplog.text
    assert key not in caplog.text


def test_a_huge_body_is_refused_before_it_is_read(own_home: Path) -> None:
    with served(own_home) as server:
        headers = {"host": f"127.0.0.1:{server.port}", "authorization": f"Bearer {key_of(server)}", **JSON, "content-length": str(1 << 40)}
        answer = server.raw("POST", "/v1/chat/completions", headers)
        assert answer.status == 413
        assert json.loads(answer.read())["error"]["type"] == "invalid_request_error"


def test_the_socket_wants_a_key_too(own_home: Path) -> None:
    """Whose words come through is in the key: so there is one even where only the person can reach."""
    import httpx

    with (
        served(own_home, on_socket=True) as server,
        httpx.Client(transport=httpx.HTTPTransport(uds=str(own_home / "ownmind.sock"))) as http,
    ):
        assert http.get("http://ownmind/v1/nothing").status_code == 401
        answer = http.get("http://ownmind/v1/nothing", headers={"authorization": f"Bearer {key_of(server)}"})
        assert answer.status_code == 404


def test_another_process_of_the_person_sees_and_makes_keys(own_home: Path) -> None:
    with served(own_home, on_socket=True) as server, Attached(own_home / "ownmind.sock") as mind:
        added = mind.clients.add("editor", (Scope.TALK,))
        assert server.house.clients.known(added.key) is not None
        assert [one.name for one in mind.clients.all()] == ["editor"]
        assert mind.clients.revoke(added.client.id).name == "editor"
        assert mind.clients.all() == ()


def test_calls_are_counted_over_a_restart(own_home: Path) -> None:
    house = open_house(find(own_home), Config(fetch=False), brain=ScriptedModel("Yes."), embedder=HashEmbedder())
    client = house.clients.add("editor", (Scope.TALK,)).client
    house.clients.called(client)
    asyncio.run(house.close())
    again = open_house(find(own_home), Config(fetch=False), brain=ScriptedModel("Yes."), embedder=HashEmbedder())
    assert again.clients.all()[0].calls == 1
    asyncio.run(again.close())
