"""Offline now: whatever is allowed, nothing leaves by any way out, open connections end, and a restart changes nothing."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from commandline import ownmind, quiet_home, running, told
from outside import Outside, outside
from ownmind import Companion
from ownmind.config import Config, Provider, Route
from ownmind.egress.download import Downloader
from ownmind.egress.transport import Transport
from ownmind.errors import DoorClosed, OwnmindError
from ownmind.messages import Action, ActionState
from ownmind.models.embedding.embedder import HashEmbedder
from ownmind.models.scripted import ScriptedModel

Way = Callable[[Companion, Outside, Path], object]


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


def _provider(mind: Companion, place: Outside, folder: Path) -> object:
    return mind.providers.test("far")


def _question(mind: Companion, place: Outside, folder: Path) -> object:
    return mind.say("Why is the sky blue?")


def _search(mind: Companion, place: Outside, folder: Path) -> object:
    mind.search.set(place.address)
    return _allowed(mind, mind.search.ask("open days of the harbour museum"))


def _page(mind: Companion, place: Outside, folder: Path) -> object:
    reply = mind.say(f"Read {place.address}/bakery")
    return [reply.text, *(_allowed(mind, asked) for asked in reply.actions)]


def _allowed(mind: Companion, asked: Action) -> Action:
    return mind.approve(asked.id) if asked.state is ActionState.WAITING else asked


def _tools(mind: Companion, place: Outside, folder: Path) -> object:
    return mind.mcp.add(f"far{time.monotonic_ns()}", f"{place.address}/mcp")


def _calendar(mind: Companion, place: Outside, folder: Path) -> object:
    return mind.calendar.connect(f"{place.address}/days.ics")


def _hub(mind: Companion, place: Outside, folder: Path) -> object:
    return mind.models.add("ana/Tiny-GGUF")


def _model_file(mind: Companion, place: Outside, folder: Path) -> object:
    outlet = mind.house.door.outlet(consent="config fetch = true")
    fresh = folder / f"{time.monotonic_ns()}.gguf"
    return Downloader(outlet, home=place.address).save(f"{place.address}/tiny.gguf", fresh, expected=5)


def _servers(mind: Companion, place: Outside, folder: Path) -> object:
    return mind.models.servers(str(place.port))


WAYS: dict[str, Way] = {
    "a provider that is tried": _provider,
    "a question to a model elsewhere": _question,
    "a search of the web": _search,
    "a page that is read": _page,
    "an address with tools": _tools,
    "a calendar elsewhere": _calendar,
    "the hub of models": _hub,
    "the file of a model": _model_file,
    "model servers here": _servers,
}


def gone(act: Callable[[], object]) -> str:
    """What came of it, in words: some ways raise, some say it in what they give."""
    try:
        return repr(act())
    except OwnmindError as error:
        return f"{error.message} {error.hint}"


@pytest.fixture
def place() -> Iterator[Outside]:
    with outside(Outside()) as held:
        yield held


@pytest.fixture
def mind(tmp_path: Path, place: Outside, monkeypatch: pytest.MonkeyPatch) -> Iterator[Companion]:
    """A home in which everything that can be allowed is."""
    monkeypatch.setenv("OWNMIND_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("HF_ENDPOINT", place.address)
    far = Provider("far", "compatible", url=f"{place.address}/v1", model="big-one", price_in=0.0, price_out=0.0)
    config = Config(fetch=False, learn=False, provider=(far,), route=(Route(to="far"),))
    brain = ScriptedModel("From here.")
    with Companion.open(tmp_path / "home", brain=brain, embedder=HashEmbedder(), config=config, background=False) as held:
        held.providers.key("far", "k-1")
        for purpose in ("answer", "search the web", "read a page", "read a calendar", "use tools"):
            held.allow(place.destination, purpose)
        yield held


@pytest.mark.parametrize("way", sorted(WAYS))
def test_no_way_out_is_open_while_offline(way: str, mind: Companion, place: Outside, tmp_path: Path) -> None:
    """The same call reaches the server before; offline not one connection is made, no row is written; back online it goes again."""
    act = WAYS[way]
    gone(lambda: act(mind, place, tmp_path))
    reached = place.connections
    assert reached > 0, "the control: online it goes"
    mind.offline(True)
    rows = len(mind.sent())
    said = gone(lambda: act(mind, place, tmp_path))
    assert "offline" in said.casefold(), said
    assert (place.connections, len(mind.sent())) == (reached, rows)
    mind.offline(False)
    gone(lambda: act(mind, place, tmp_path))
    assert place.connections > reached


def test_an_open_connection_ends_at_once(mind: Companion) -> None:
    """In the middle of an answer that would go on for minutes."""

    def slowly(request: bytes) -> Iterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n"
        for _ in range(1000):
            time.sleep(0.05)
            yield b"x"

    with outside(Outside(slowly)) as place:
        mind.allow(place.destination, "read a page")
        transport = Transport(mind.house.door.outlet(), "read a page")
        with (
            httpx.Client(transport=transport, trust_env=False) as http,
            pytest.raises((httpx.HTTPError, DoorClosed)),
            http.stream("GET", f"{place.address}/") as answer,
        ):
            for n, _ in enumerate(answer.iter_raw()):
                if n == 2:
                    threading.Thread(target=mind.offline, args=(True,)).start()
        assert mind.sent()[-1].outcome in ("cut", "unknown", "failed")


def test_it_survives_a_restart(tmp_path: Path) -> None:
    """A home that was closed offline opens offline; one call brings it back."""
    config = Config(fetch=False, learn=False)
    for expected in (False, True):
        with Companion.open(tmp_path / "home", brain=ScriptedModel("Yes."), embedder=HashEmbedder(), config=config) as mind:
            assert mind.offline() is expected
            mind.offline(True)
    with Companion.open(tmp_path / "home", brain=ScriptedModel("Yes."), embedder=HashEmbedder(), config=config) as mind:
        assert mind.offline() and not mind.offline(False)


def test_two_commands_switch_it_also_in_one_that_runs(tmp_path: Path) -> None:
    """`ownmind offline` and `ownmind online`, with or without an Ownmind that has the home open."""
    home = quiet_home(tmp_path)
    ownmind(home, "remember", "Ana is allergic to peanuts")
    assert told(home, "offline")["offline"] is True
    assert "Offline" in ownmind(home, "permissions").stdout
    with running(home):
        assert told(home, "online")["offline"] is False
        done = ownmind(home, "offline")
        assert (done.returncode, done.stdout.strip()) == (0, "Offline: nothing leaves this machine.")
    assert json.loads(ownmind(home, "permissions", "--json").stdout)["offline"] is True
