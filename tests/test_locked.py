"""A locked home at its port: one question, no data, counted wrong answers, and the house on the same socket after the right one."""

from __future__ import annotations

import asyncio
import http.client
import json
import threading
from pathlib import Path

from ownmind.app import House, open_house
from ownmind.channels.web import locked
from ownmind.channels.web.server import bind
from ownmind.config import Config
from ownmind.models.embedding.embedder import HashEmbedder
from ownmind.models.scripted import ScriptedModel
from ownmind.paths import Paths
from ownmind.store.opening import open_store
from store_fixtures import paths_at


def ask(port: int, method: str, path: str, body: object = None, **more: str) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    own = {"origin": f"http://127.0.0.1:{port}", "sec-fetch-site": "same-origin", "content-type": "application/json"}
    headers = {**own, **{name.replace("_", "-"): value for name, value in more.items()}}
    connection.request(method, path, None if body is None else json.dumps(body), headers)
    answer = connection.getresponse()
    return answer.status, dict(answer.getheaders()), answer.read()


def test_a_locked_home_answers_one_question_and_then_is_open(tmp_path: Path) -> None:
    """The page's files and nothing else; another site is refused; wrong answers are counted, then wait; the right one gives a token."""
    paths = paths_at(tmp_path / "mind")
    open_store(paths, "correct horse").close()
    answers: list[tuple[int, bytes]] = []

    with bind("127.0.0.1", 0) as listening:
        port = listening.getsockname()[1]

        def person(stop: threading.Event) -> None:
            assert b"mind-page" in ask(port, "GET", "/")[2]
            for method, path, body in (("GET", "/api/session", None), ("POST", "/api/session", {"token": "x"})):
                assert ask(port, method, path, body)[0] == 423
            assert ask(port, "GET", "/api/facts")[0] == 401
            assert ask(port, "POST", "/api/unlock", {"secret": "correct horse"}, origin="http://evil.example")[0] == 403
            for wrong in ("open barley", "open oats", "open rye"):
                status, _, said = ask(port, "POST", "/api/unlock", {"secret": wrong})
                answers.append((status, said))
            status, headers, said = ask(port, "POST", "/api/unlock", {"secret": "correct horse"})
            assert (status, b"3 wrong tries" in said) == (429, True) and int(headers["retry-after"]) >= 1
            while status == 429:
                stop.wait(0.2)
                status, _, said = ask(port, "POST", "/api/unlock", {"secret": "correct horse"})
            answers.append((status, said))

        async def main() -> tuple[House, str] | None:
            def open_it(secret: str) -> House:
                return _opened(paths, secret)

            serving = asyncio.create_task(locked.unlocked(listening, open_it, stop=asyncio.Event()))
            await asyncio.to_thread(person, threading.Event())
            return await serving

        opened = asyncio.run(main())
        assert opened is not None
        house, token = opened
        try:
            assert listening.fileno() >= 0, "the socket is still ours, for the page itself"
            assert [status for status, _ in answers] == [401, 401, 401, 200]
            assert b"1 wrong try so far" in answers[0][1] and b"2 wrong tries so far" in answers[1][1]
            assert json.loads(answers[3][1]) == {"token": token} and len(token) > 40
            assert house.memory.counts()
        finally:
            asyncio.run(house.close())


def _opened(paths: Paths, secret: str) -> House:
    config = Config(fetch=False, learn=False)
    return open_house(paths, config, passphrase=secret, brain=ScriptedModel("Yes."), embedder=HashEmbedder())
