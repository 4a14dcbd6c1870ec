"""The page's server as browsers, strangers and attackers meet it: a real server on loopback over a real encrypted store."""

from __future__ import annotations

import http.client
import json
import stat
import sys
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import httpx
import pytest

from ownmind.channels.web.fence import HEADERS
from ownmind.channels.web.routes import safe_name
from ownmind.channels.web.server import bind
from ownmind.egress.door import FETCH_MODELS, Going
from ownmind.errors import BadInput, PortTaken
from ownmind.messages import Entry, Integrity, Kind, Label, Source
from ownmind.models.scripted import ScriptedModel
from served import JSON, Served, served

ROUTES = [
    ("GET", "/api/status"),
    ("GET", "/api/events"),
    ("POST", "/api/turn"),
    ("GET", "/api/conversations"),
    ("GET", "/api/conversations/c1"),
    ("GET", "/api/recall?q=a"),
    ("GET", "/api/facts"),
    ("GET", "/api/timeline"),
    ("POST", "/api/facts/f1/keep"),
    ("POST", "/api/facts/f1/fix"),
    ("POST", "/api/forget"),
    ("POST", "/api/redact"),
    ("POST", "/api/withhold"),
    ("GET", "/api/withheld"),
    ("POST", "/api/expire"),
    ("GET", "/api/receipts"),
    ("POST", "/api/allow-again"),
    ("POST", "/api/verify"),
    ("PUT", "/api/import/a.txt"),
]
SOCKET_ROUTES = [
    ("POST", "/api/address"),
    ("POST", "/api/import"),
    ("POST", "/api/remember"),
    ("POST", "/api/backup"),
    ("POST", "/api/export"),
    ("GET", "/api/doctor"),
]


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One server with an open session for the tests that leave it as it was."""
    with served(tmp_path_factory.mktemp("page") / "home") as running:
        running.enter()
        yield running


def told(running: Served, text: str, speaker: str = "") -> str:
    """The id of something remembered straight in the store."""
    entry = Entry(text, Source("note:test", "note", "a test"), Label(Integrity.PERSON), Kind.NOTE, speaker=speaker)
    return running.house.memory.remember([entry], now=datetime.now().astimezone())[0]


# Who may ask


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_without_a_session_no_route_answers(page: Served, method: str, path: str) -> None:
    """A program on this machine that found the port gets nothing, and is told what the person would do."""
    headers = {**page.own(), "cookie": "ownmind=guess"}
    if method == "PUT":
        headers["content-type"] = "application/octet-stream"
    response = page.raw(method, path, headers, b"{}" if method != "GET" else None)
    assert response.status == 401
    assert "ownmind" in json.loads(response.read())["error"]["hint"]


def test_the_page_itself_opens_for_anybody_and_holds_nothing(page: Served) -> None:
    """A browser without a session sees the calm page, not a blob."""
    response = page.raw("GET", "/", {})
    assert response.status == 200
    assert response.getheader("content-type") == "text/html; charset=utf-8"
    assert b"<mind-page>" in response.read()


def test_the_token_works_once(tmp_path: Path) -> None:
    """A token found later in a scrollback or a list of processes opens nothing."""
    with served(tmp_path / "home") as running:
        set_cookie = running.enter()
        assert "HttpOnly" in set_cookie and "SameSite=Strict" in set_cookie
        assert running.token not in set_cookie
        again = running.raw("POST", "/api/session", {**running.own(), "cookie": ""}, json.dumps({"token": running.token}).encode())
        assert again.status == 401
        assert again.getheader("set-cookie") is None
        assert running.ask("GET", "/api/status")[0] == 200


def test_guessing_tokens_is_slowed(tmp_path: Path) -> None:
    """After a handful of wrong tokens nobody may try for a while, and the answer says how long."""
    with served(tmp_path / "home") as running:
        statuses = [running.ask("POST", "/api/session", {"token": f"guess {number}"})[0] for number in range(8)]
        assert statuses[0] == 401 and statuses[-1] == 429
        last = running.raw("POST", "/api/session", running.own(), b'{"token":"x"}')
        assert 0 < int(last.getheader("retry-after") or 0) <= 60


def test_a_session_goes_on_after_a_restart_and_is_kept_only_as_a_hash(tmp_path: Path) -> None:
    """An open page needs no new address when Ownmind is started again; the store cannot be replayed."""
    home = tmp_path / "home"
    with served(home) as running:
        running.enter()
        port, cookie = running.port, running.cookie
        assert cookie.partition("=")[2] not in running.house.store.settings.get("web_sessions")
    with served(home, port=port) as running:
        running.cookie = cookie
        assert running.ask("GET", "/api/status")[0] == 200


# Where a request may come from


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "127.0.0.1.evil.example:{port}",
        "evil.example:{port}",
        "127.0.0.1",
        "127.0.0.1:1",
        "",
        "2130706433:{port}",
        "[::ffff:127.0.0.1]:{port}",
    ],
)
def test_another_host_name_gets_nothing(page: Served, host: str) -> None:
    """DNS rebinding: a name that points here is not an address we answer to, whatever cookie comes along."""
    for path in ("/", "/api/status", "/style.css"):
        assert page.raw("GET", path, {**page.own(), "host": host.format(port=page.port)}).status in (400, 421)


@pytest.mark.parametrize(
    "origin",
    ["http://evil.example", "null", "http://127.0.0.1:{other}", "https://127.0.0.1:{port}", "http://localhost.evil.example:{port}", None],
)
def test_another_origin_changes_nothing(page: Served, origin: str | None) -> None:
    """Another page in the same browser, with the session's cookie, cannot make the companion do anything."""
    for method, path in ROUTES:
        if method == "GET":
            continue
        headers = {**page.own(), "content-type": "application/octet-stream" if method == "PUT" else "application/json"}
        del headers["origin"]
        if origin is not None:
            headers["origin"] = origin.format(port=page.port, other=page.port + 1)
        assert page.raw(method, path, headers, b"{}").status == 403


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_what_another_site_asks_for_is_refused_even_to_read(page: Served, site: str) -> None:
    """An image tag or a link elsewhere reads nothing here."""
    for method, path in [*ROUTES, ("GET", "/"), ("GET", "/components/page.js")]:
        assert page.raw(method, path, {**page.own(), "sec-fetch-site": site}, b"{}" if method != "GET" else None).status == 403


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=a", "", "application/jsonp"]
)
def test_only_json_is_taken(page: Served, kind: str) -> None:
    """The types a form can send without asking are refused."""
    assert page.raw("POST", "/api/forget", page.own(content_type=kind), b'{"target":"i1","dry_run":false}').status == 415


def test_no_other_page_may_read_answers(page: Served) -> None:
    """No CORS header is ever sent, also not when it is asked for."""
    headers = {"origin": "http://evil.example", "access-control-request-method": "POST"}
    response = page.raw("OPTIONS", "/api/turn", headers)
    assert response.status in (401, 403, 405)
    assert not [name for name, _ in response.getheaders() if name.lower().startswith("access-control")]


def test_there_is_no_websocket(page: Served) -> None:
    """An evil origin gets none, and neither does anybody else."""
    upgrade = {
        "connection": "Upgrade",
        "upgrade": "websocket",
        "sec-websocket-version": "13",
        "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
    }
    assert page.raw("GET", "/api/events", {**upgrade, "origin": "http://evil.example"}).status in (401, 403)


def test_every_answer_carries_the_strict_headers(page: Served) -> None:
    """Pages, data, errors and refusals alike."""
    for response in (
        page.raw("GET", "/", {}),
        page.raw("GET", "/nothing", {}),
        page.raw("GET", "/api/status", page.own()),
        page.raw("GET", "/api/status", {}),
        page.raw("GET", "/", {"host": "evil.example"}),
        page.raw("POST", "/api/turn", page.own(), b"not json"),
    ):
        for name, value in HEADERS:
            assert response.getheader(name.decode()) == value.decode(), (response.status, name)
    csp = dict(HEADERS)[b"content-security-policy"].decode()
    assert "default-src 'none'" in csp and "unsafe" not in csp and "http" not in csp and "*" not in csp


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.10", "example.org", ""])
def test_it_listens_on_this_machine_alone(host: str) -> None:
    """Any other address refuses to start."""
    with pytest.raises(BadInput, match="is not this machine"):
        bind(host, 0)


def test_a_taken_port_is_said_in_words(page: Served) -> None:
    """The second server on a port says which and what to do."""
    with pytest.raises(PortTaken, match=str(page.port)) as raised:
        bind("127.0.0.1", page.port)
    assert raised.value.hint


# What a request may hold


@pytest.mark.parametrize(
    "path",
    [
        "/../server.py",
        "/..%2fserver.py",
        "/%2e%2e/server.py",
        "/static/../../server.py",
        "/vendor/../../fence.py",
        "//etc/passwd",
        "/etc/passwd",
        "/..\\server.py",
        "/%00",
        "/vendor/README.md",
        "/vendor/lit-html/lit-html.d.ts",
        "/types.js/..",
        "/.",
        "/index.html%00.js",
        "/%c0%ae%c0%ae/server.py",
    ],
)
def test_nothing_outside_the_page_is_ever_served(page: Served, path: str) -> None:
    """There is no path that climbs out."""
    response = page.raw("GET", path, {})
    body = response.read()
    assert response.status in (400, 404)
    assert b"import" not in body and b"root:" not in body


def test_a_huge_body_is_refused_before_it_is_read(page: Served) -> None:
    """Declared or not, a body over the limit is not held in memory."""
    declared = page.raw("POST", "/api/turn", page.own(content_length=str(1 << 40)), b"{")
    assert declared.status == 413
    connection = http.client.HTTPConnection("127.0.0.1", page.port, timeout=30)
    pieces = (b"x" * 65536 for _ in range(64))
    try:
        connection.request("POST", "/api/turn", pieces, {**page.own(), "transfer-encoding": "chunked"}, encode_chunked=True)
        status = connection.getresponse().status
    except (BrokenPipeError, ConnectionResetError):
        status = 413  # it hung up on us, which is as good
    assert status == 413
    assert page.ask("GET", "/api/status")[0] == 200


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"null", b"{", b"[" * 100_000, b'"text"', b"{}", b'{"text":1}', b'{"text":""}', b'{"text":"a","now":"soon"}', b"\xff\xfe"],
)
def test_bad_input_is_answered_in_words(page: Served, body: bytes) -> None:
    """Whatever comes, the answer says what is wrong and the server goes on."""
    response = page.raw("POST", "/api/turn", page.own(), body)
    assert response.status == 400
    assert json.loads(response.read())["error"]["message"]


@pytest.mark.parametrize(
    "path",
    [
        "/api/recall",
        "/api/recall?q=a&k=0",
        "/api/recall?q=a&k=1e9",
        "/api/recall?q=a&k=101",
        "/api/facts?at=yesterday",
        "/api/timeline?k=0",
        "/api/timeline?from=soon",
    ],
)
def test_bad_questions_are_answered_in_words(page: Served, path: str) -> None:
    """A wrong parameter is named."""
    status, said = page.ask("GET", path)
    assert status == 400 and said["error"]


def test_an_unknown_fact_is_said_to_be_unknown(page: Served) -> None:
    """Not a crash, not a silent success."""
    for path in ("/api/facts/f999/keep", "/api/facts/nonsense/keep"):
        assert page.ask("POST", path, {})[0] in (400, 404)
    assert page.ask("POST", "/api/facts/f999/fix", {"text": "a"})[0] == 404


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("diary.md", "diary.md"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("..", "untitled"),
        ("", "untitled"),
        (".bashrc", "bashrc"),
        ("a\x00b\n.txt", "ab.txt"),
        ("été.pdf", "été.pdf"),
        ("x" * 500 + ".docx", "x" * 200 + ".docx"),
        ("日" * 300 + ".txt", "日" * 66 + ".txt"),
        ("ﬁ" * 300, "ﬁ" * 66),
        ("日記.txt", "日記.txt"),
        ('a:b|"c".md', "a_b__c_.md"),
    ],
)
def test_a_given_name_is_only_ever_a_name(given: str, kept: str) -> None:
    """What a file was called is never a path."""
    assert safe_name(given) == kept


# What the routes do


def test_a_turn_streams_and_is_remembered(tmp_path: Path) -> None:
    """Heard, then words, then done; and the message can be found again."""
    with served(tmp_path / "home", ScriptedModel("Noted, you like the sea.")) as running:
        running.enter()
        said = running.lines("/api/turn", {"text": "I am vegetarian and I love the sea."})
        assert said[0]["type"] == "heard" and said[-1]["type"] == "done"
        reply = said[-1]["reply"]
        assert "".join(each["text"] for each in said if each["type"] == "words") == reply["text"]
        assert any(
            "vegetarian" in fact["text"].lower() and fact["told"]["quote"] in "I am vegetarian and I love the sea."
            for fact in reply["learned"]
        )
        conversation = said[0]["conversation"]
        listed = running.ask("GET", "/api/conversations")[1]["conversations"]
        assert [each["id"] for each in listed] == [conversation]
        messages = running.ask("GET", f"/api/conversations/{conversation}")[1]["messages"]
        assert [each["role"] for each in messages] == ["person", "companion"]
        found = running.ask("GET", "/api/recall?q=vegetarian&k=3")[1]["found"]
        assert "vegetarian" in found[0]["item"]["text"]


def test_leaving_stops_the_answer(tmp_path: Path) -> None:
    """When the browser goes away in the middle, the model stops; what the person said stays."""
    with served(tmp_path / "home", ScriptedModel(" ".join(f"Wave {n} came." for n in range(200)), delay=0.05)) as running:
        running.enter()
        response = running.raw("POST", "/api/turn", running.own(), json.dumps({"text": "Tell me about the sea, please."}).encode())
        assert json.loads(response.readline())["type"] == "heard"
        assert json.loads(response.readline())["type"] == "words"  # streamed: the rest is still to come
        response.close()
        wait_until(lambda: running.brain.cancelled == 1)
        assert running.ask("GET", "/api/recall?q=sea")[1]["found"]


def test_the_ways_to_forget_are_routes(tmp_path: Path) -> None:
    """By a target's fields; cut, withheld, expiring; proved, listed and lifted. A target with an unknown key is refused."""
    with served(tmp_path / "home") as running:
        running.enter()
        first, second = told(running, "Ana told me the code is quillfeather."), told(running, "Ben lives in Lisbon by the sea.")
        plan = running.ask("POST", "/api/forget", {"target": {"person": "Ana"}, "dry_run": True, "near": True})[1]
        assert first in plan["ids"] and second not in plan["ids"] and plan["counts"]["about"] >= 1
        receipt = running.ask("POST", "/api/forget", {"target": {}, "also": [first], "dry_run": False})[1]
        assert receipt["verified"] is True
        assert running.ask("POST", "/api/verify", {"said": "quillfeather"})[1]["traces"] == []
        assert running.ask("POST", "/api/redact", {"item": second, "words": "Lisbon"})[1]["verified"] is True
        assert running.ask("POST", "/api/withhold", {"ids": [second]})[1] == {"changed": 1}
        assert [item["id"] for item in running.ask("GET", "/api/withheld")[1]["items"]] == [second]
        assert running.ask("POST", "/api/expire", {"ids": [second], "at": "2099-01-01"})[1] == {"changed": 1}
        assert [one["mode"] for one in running.ask("GET", "/api/receipts")[1]["receipts"]] == ["redacted", "forgotten"]
        (lifted,) = running.ask("POST", "/api/allow-again", {"which": receipt["id"]})[1]["receipts"]
        assert lifted["lifted_at"]
        assert running.ask("POST", "/api/forget", {"target": {"nobody": "Ana"}, "dry_run": True})[0] == 400


def test_keep_fix_and_forget_change_the_store(tmp_path: Path) -> None:
    """What a card does is done: kept facts are kept, fixed ones corrected, forgotten ones gone from recall."""
    with served(tmp_path / "home") as running:
        running.enter()
        item = told(running, "Ana is allergic to peanuts.")
        fact = running.ask("GET", "/api/facts")[1]["facts"][0]
        assert fact["told"]["quote"] and fact["item_id"] == item
        assert running.ask("POST", f"/api/facts/{fact['id']}/keep", {})[1]["fact"]["kept"] is True
        fixed = running.ask("POST", f"/api/facts/{fact['id']}/fix", {"text": "Ana is allergic to cashews"})[1]["fact"]
        assert fixed["text"] == "Ana is allergic to cashews"
        assert [each.text for each in running.house.memory.facts()] == ["Ana is allergic to cashews"]
        other = told(running, "Ben is vegetarian.")
        (about_ben,) = [each for each in running.ask("GET", "/api/facts?about=Ben")[1]["facts"] if each["item_id"] == other]
        plan = running.ask("POST", "/api/forget", {"target": about_ben["id"], "dry_run": True})[1]
        assert running.house.memory.facts("Ben"), "a dry run removes nothing"
        shown = [each["id"] for each in (*plan["items"], *plan["facts"])]
        receipt = running.ask("POST", "/api/forget", {"target": about_ben["id"], "dry_run": False, "expect": shown})[1]
        assert receipt["verified"] is True and sum(receipt["removed"].values()) > 0
        assert not running.house.memory.facts("Ben")
        assert not [each for each in running.ask("GET", "/api/recall?q=Ben+vegetarian")[1]["found"] if "Ben" in each["item"]["text"]]


def test_forgetting_takes_only_what_was_shown(tmp_path: Path) -> None:
    """When more would go than the person saw, nothing goes."""
    with served(tmp_path / "home") as running:
        running.enter()
        told(running, "Ana is allergic to peanuts.")
        fact = running.ask("GET", "/api/facts")[1]["facts"][0]
        status, said = running.ask("POST", "/api/forget", {"target": fact["id"], "dry_run": False, "expect": []})
        assert status == 409 and said["error"]["hint"]
        assert running.house.memory.facts()


def test_forget_needs_to_be_told_whether_it_is_only_asked(page: Served) -> None:
    """A missing dry_run never means "remove"."""
    assert page.ask("POST", "/api/forget", {"target": "i1"})[0] == 400


def test_a_given_file_is_read_and_no_plain_copy_stays(tmp_path: Path) -> None:
    """A file dropped on the page is remembered; its words are on no disk unencrypted, also under a name that climbs."""
    home = tmp_path / "home"
    canary = "The lighthouse keeper's canary is called Zwirbelwind."
    with served(home) as running:
        running.enter()
        headers = running.own(content_type="application/octet-stream")
        response = running.raw("PUT", "/api/import/..%2F..%2Fkeeper.md", headers, canary.encode())
        lines = [json.loads(line) for line in response.read().splitlines()]
        assert lines[-1]["type"] == "done" and lines[-1]["imported"]["items"] == 1, lines
        found = running.ask("GET", "/api/recall?q=lighthouse+canary")[1]["found"]
        assert found[0]["item"]["text"] == canary and found[0]["item"]["source"]["title"] == "keeper.md"
        again = running.raw("PUT", "/api/import/keeper.md", headers, canary.encode())
        assert json.loads(again.read().splitlines()[-1])["imported"]["items"] == 0
        assert not leaks(home, b"Zwirbelwind")
    assert not leaks(tmp_path, b"Zwirbelwind")
    if Path("/dev/shm").is_dir():
        assert not [each for each in Path("/dev/shm").glob("given-*") if (each / "keeper.md").exists()]


def test_live_events_tell_the_status_first_and_then_what_is_learnt(tmp_path: Path) -> None:
    """A page that is open hears of what happens without asking."""
    with served(tmp_path / "home") as running:
        running.enter()
        told(running, "Ana is allergic to peanuts.")
        facts = running.house.memory.facts()
        response = running.raw("GET", "/api/events", running.own())
        assert response.getheader("content-type") == "text/event-stream"
        events = sse(response)
        name, said = next(events)
        assert name == "status" and said["status"]["egress"]["bytes"] == 0
        running.house.bulletin.publish({"type": "learned", "facts": facts})
        name, said = next(each for each in events if each[0] == "learned")
        assert said["facts"][0]["told"]["quote"]
        response.close()


def test_a_busy_download_does_not_flood_the_page(tmp_path: Path) -> None:
    """Of many changes at once the page gets the newest state, and what was learnt meanwhile is not lost among them."""
    with served(tmp_path / "home") as running:
        running.enter()
        told(running, "Ana is allergic to peanuts.")
        response = running.raw("GET", "/api/events", running.own())
        events = sse(response)
        next(events)
        for _ in range(100):
            running.house.bulletin.publish({"type": "status"})
        running.house.bulletin.publish({"type": "learned", "facts": running.house.memory.facts()})
        for _ in range(100):
            running.house.bulletin.publish({"type": "status"})
        running.house.door.ask(Going("models.example", FETCH_MODELS, bytes(7)), consent="a test")
        running.house.bulletin.publish({"type": "status"})
        seen: list[str] = []
        for name, said in events:
            seen.append(name)
            if name == "status" and said["status"]["egress"]["setup_bytes"] == 7 and "learned" in seen:
                break
        assert len(seen) < 50
        response.close()


@pytest.mark.skipif(sys.platform == "win32", reason="asyncio has no Unix sockets on Windows")
def test_the_persons_own_socket_needs_no_cookie_and_gives_fresh_addresses(tmp_path: Path) -> None:
    """Another command of the same person asks the running one; nobody else can even connect."""
    with served(tmp_path / "home", on_socket=True) as running:
        path = running.house.paths.socket
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        with httpx.Client(transport=httpx.HTTPTransport(uds=str(path)), base_url="http://ownmind") as http:
            assert http.get("/api/status").json()["version"]
            ids = http.post(
                "/api/remember", json={"rows": [{"text": "Ben plays the cello", "speaker": "Ana"}], "conversation": "c1"}
            ).json()["ids"]
            assert running.house.memory.item(ids[0]).speaker == "Ana"
            address = http.post("/api/address", json={}).json()["address"]
            assert http.post("/api/remember", content=b"{}", headers={"content-type": "text/plain"}).status_code == 415
            assert http.post("/api/import", json={"paths": ["relative.md"]}).status_code == 400
        assert address.startswith(f"http://127.0.0.1:{running.port}/#")
        running.token = address.partition("#")[2]
        running.enter()
        assert running.ask("GET", "/api/status")[0] == 200


@pytest.mark.parametrize(("method", "path"), SOCKET_ROUTES)
def test_what_only_the_socket_may_do_is_not_on_the_page(page: Served, method: str, path: str) -> None:
    """Paths on this machine, backups and exports cannot be named from a browser."""
    response = page.raw(
        method,
        path,
        page.own(content_type="application/octet-stream" if path == "/api/import/" else "application/json"),
        b"{}" if method == "POST" else None,
    )
    assert response.status in (404, 405)


def test_the_log_holds_no_words_of_the_person(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Neither what was asked nor what was refused is written to a log."""
    with caplog.at_level("DEBUG"), served(tmp_path / "home") as running:
        running.enter()
        running.ask("GET", "/api/recall?q=zwirbelwind")
        running.ask("POST", "/api/forget", {"target": "zwirbelwind", "dry_run": True})
        running.raw("POST", "/api/turn", {**JSON, "origin": "http://zwirbelwind.example"}, b"{}")
    assert "refused" in caplog.text
    assert "zwirbelwind" not in caplog.text


def wait_until(holds: object, seconds: float = 15) -> None:
    """Returns when ``holds()`` is true; fails when it never is."""
    end = time.monotonic() + seconds
    assert callable(holds)
    while not holds():
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.02)


def sse(response: http.client.HTTPResponse) -> Iterator[tuple[str, dict[str, object]]]:
    """The named events of a stream."""
    name = ""
    while line := response.readline():
        if line.startswith(b"event: "):
            name = line[7:].decode().strip()
        elif line.startswith(b"data: "):
            yield name, json.loads(line[6:])


def leaks(folder: Path, canary: bytes) -> list[Path]:
    """Files below ``folder`` that hold ``canary``."""
    return [path for path in folder.rglob("*") if path.is_file() and not path.is_socket() and canary in path.read_bytes()]
