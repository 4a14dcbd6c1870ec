"""The static files: what a browser hears of them, how they travel, and what is seen before they have all come."""

from __future__ import annotations

import asyncio
import gzip
import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from browser import Browser, browser, needs_browser
from ownmind.channels.web.pages import FOLDER
from ownmind.channels.web.server import bind
from served import Served, served

# Where the name stands in each frame in which that changes, and whether it is the one that index.html brings.
WATCHED = """window.__stood = []; window.__shift = 0;
new PerformanceObserver((list) => { for (const each of list.getEntries()) window.__shift += each.value; })
  .observe({ type: 'layout-shift', buffered: true });
const look = () => {
  const brand = document.querySelector('.brand');
  if (brand?.textContent.trim()) { // the parser may stop between its picture and its word
    const { left, top, width, height } = brand.getBoundingClientRect();
    const here = [Math.round(left), Math.round(top), Math.round(width), Math.round(height)].join(' ');
    if (window.__stood.at(-1) !== here) window.__stood.push(here);
  }
  requestAnimationFrame(look);
};
look();
try { localStorage.setItem('language', LANGUAGE); } catch {}"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("pages") / "home") as running:
        yield running


@pytest.fixture
def window() -> Iterator[Browser]:
    with browser() as opened:
        yield opened


def asked(page: Served, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    response = page.raw(
        "GET", path, {"host": f"127.0.0.1:{page.port}", **{name.replace("_", "-"): value for name, value in headers.items()}}
    )
    return response.status, {name.lower(): value for name, value in response.getheaders()}, response.read()


def test_what_is_compressed_is_the_same(page: Served) -> None:
    """Every text of the page comes smaller for who takes gzip, whole for who does not, each under its own tag."""
    for path in ("/", "/style.css", "/components/page.js", "/lang/ar.json", "/icon.svg"):
        _, plain, whole = asked(page, path)
        status, packed, small = asked(page, path, accept_encoding="br, gzip;q=0.9")
        assert status == 200
        assert gzip.decompress(small) == whole
        assert len(small) < len(whole)
        assert (packed["content-encoding"], plain.get("content-encoding")) == ("gzip", None)
        assert "accept-encoding" in packed["vary"]
        assert packed["etag"] != plain["etag"]
        assert asked(page, path, accept_encoding="gzip", if_none_match=packed["etag"])[0] == 304
        assert asked(page, path, if_none_match=plain["etag"])[0] == 304
        assert asked(page, path, if_none_match=packed["etag"])[0] == 200
        assert asked(page, path, accept_encoding="gzip;q=0, br")[2] == whole


def test_what_is_compressed_already_is_left_alone(page: Served) -> None:
    """A picture travels as it is."""
    _, headers, body = asked(page, "/icons/192.png", accept_encoding="gzip")
    assert "content-encoding" not in headers
    assert body == (FOLDER / "icons" / "192.png").read_bytes()


def test_the_page_for_when_ownmind_is_away_needs_nothing_else(page: Served) -> None:
    """Every file that it names is kept by the worker, those that are announced too."""
    worker = asked(page, "/worker.js")[2].decode()
    kept = {"/away.html", *re.findall(r"'(/[^']+)'", worker[worker.index("const KEPT") :].partition("]")[0])}
    away = asked(page, "/away.html")[2].decode()
    named = set(re.findall(r'(?:href|src)="(/[^"]+)"', away))
    assert {"/lang.js", "/kept.js"} <= named <= kept


def test_an_answer_waits_for_nothing() -> None:
    """A small answer is sent when it is written, not when the other side has confirmed the one before (TCP_NODELAY): on loopback that
    would be 40 ms for each."""

    async def told() -> int:
        heard: asyncio.Future[int] = asyncio.get_running_loop().create_future()

        class Seen(asyncio.Protocol):
            def connection_made(self, transport: asyncio.BaseTransport) -> None:
                heard.set_result(transport.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))

        listening = bind("127.0.0.1", 0)
        server = await asyncio.get_running_loop().create_server(Seen, sock=listening)
        _, writer = await asyncio.open_connection("127.0.0.1", listening.getsockname()[1])
        writer.close()
        server.close()
        return await heard

    assert asyncio.run(told())


@needs_browser
@pytest.mark.browser
def test_a_browser_hears_of_every_module_at_once(page: Served, window: Browser) -> None:
    """The head of the page names exactly the modules that Chromium loads for the first view: none is found behind another."""
    announced = set(re.findall(r'rel="modulepreload" href="([^"]+)"', asked(page, "/")[2].decode()))
    window.open(page.address)
    loaded = window.run("return performance.getEntriesByType('resource').map((each) => new URL(each.name).pathname)")
    assert isinstance(loaded, list)
    assert announced | {"/first.js", "/lang.js", "/components/page.js"} == {path for path in loaded if path.endswith(".js")}
    assert not window.errors()


@needs_browser
@pytest.mark.browser
@pytest.mark.parametrize(("width", "language"), [(1280, "en"), (390, "en"), (390, "ar")])
def test_what_is_seen_first_stays_where_it_is(tmp_path: Path, window: Browser, width: int, language: str) -> None:
    """The name is painted before any module has come, stands there when the page is open, and nothing has moved meanwhile."""
    window.chrome.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": WATCHED.replace("LANGUAGE", f"'{language}'")})
    window.look(width, 844)
    with served(tmp_path / "home") as running:
        window.open(running.address)
        window.until(lambda: window.all("#text"))
        stood, shift, shells = window.run("return [__stood, __shift, document.querySelectorAll('.shell').length]")  # type: ignore[misc]
        assert len(stood) == 1, stood
        assert (shift, shells) == (0, 0)
        assert not window.errors()
