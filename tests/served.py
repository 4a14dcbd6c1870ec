"""A real Ownmind serving its page on a loopback port, in a thread: the real encrypted store, a scripted brain."""

from __future__ import annotations

import asyncio
import http.client
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from ownmind.app import House, open_house
from ownmind.channels.web.server import address, bind, bind_unix, new_token, serve
from ownmind.config import Config
from ownmind.models.embedding.embedder import HashEmbedder
from ownmind.models.scripted import ScriptedModel
from ownmind.paths import find

JSON = {"content-type": "application/json"}


@dataclass
class Served:
    """One running server. ``ask`` is a browser of our own page; ``raw`` sends exactly what it is given."""

    house: House
    port: int
    token: str
    address: str
    brain: ScriptedModel
    cookie: str = ""
    answers: list[dict[str, object]] = field(default_factory=list)

    def raw(self, method: str, path: str, headers: dict[str, str], body: bytes | None = None) -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.putrequest(method, path, skip_host="host" in headers, skip_accept_encoding=True)
        if body is not None and "transfer-encoding" not in headers and "content-length" not in headers:
            headers = {**headers, "content-length": str(len(body))}
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.endheaders()
        if body:
            connection.send(body)
        return connection.getresponse()

    def own(self, **more: str) -> dict[str, str]:
        """The headers a browser sends from our own page."""
        mine = {"origin": f"http://127.0.0.1:{self.port}", "sec-fetch-site": "same-origin", **JSON}
        return {**mine, **({"cookie": self.cookie} if self.cookie else {}), **{key.replace("_", "-"): value for key, value in more.items()}}

    def enter(self) -> str:
        """Exchanges the token for a session, as the page does; gives the Set-Cookie header."""
        response = self.raw("POST", "/api/session", self.own(), json.dumps({"token": self.token}).encode())
        assert response.status == 200, response.read()
        set_cookie = response.getheader("set-cookie") or ""
        self.cookie = set_cookie.partition(";")[0]
        return set_cookie

    def ask(self, method: str, path: str, body: object = None) -> tuple[int, dict[str, object]]:
        response = self.raw(method, path, self.own(), None if body is None else json.dumps(body).encode())
        return response.status, json.loads(response.read())

    def lines(self, path: str, body: object) -> list[dict[str, object]]:
        response = self.raw("POST", path, self.own(), json.dumps(body).encode())
        return [json.loads(line) for line in response.read().splitlines()]


@contextmanager
def served(
    home: Path, brain: ScriptedModel | None = None, *, port: int = 0, on_socket: bool = False, files: Path | str = "", real: str = ""
) -> Iterator[Served]:
    """A server over ``home`` until the block ends. ``real``: the id of a chat model that answers in place of a scripted one."""
    brain = brain or ScriptedModel("I will keep that in mind.")
    loop = asyncio.new_event_loop()
    ready = threading.Event()
    made: list[Served | BaseException] = []
    stop = asyncio.Event()

    chosen = {"brain": real} if real else {}

    async def main() -> None:
        house = open_house(
            find(home),
            Config(fetch=False, learn=False, devices_port=0, files=str(files), **chosen),
            brain=None if real else brain,
            embedder=HashEmbedder(),
        )
        try:
            await house.start()
            assert not real or await house.wait_for_brain(120)
            sockets = [bind("127.0.0.1", port)]
            token = new_token()
            made.append(Served(house, sockets[0].getsockname()[1], token, address(sockets[0], token), brain))
            if on_socket:
                sockets.append(bind_unix(house.paths.socket))
            loop.call_later(0.05, ready.set)
            await serve(house, sockets, token=token, stop=stop)
        finally:
            await house.close()

    def run() -> None:
        try:
            loop.run_until_complete(main())
        except BaseException as error:  # noqa: BLE001 -- raised again in the test that asked for the server
            made.append(error)
        finally:
            ready.set()

    thread = threading.Thread(target=run, name="served")
    thread.start()
    try:
        assert ready.wait(30)
        if isinstance(made[-1], BaseException):
            raise made[-1]
        assert isinstance(made[0], Served)
        yield made[0]
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(30)
        loop.close()
    assert not thread.is_alive()
