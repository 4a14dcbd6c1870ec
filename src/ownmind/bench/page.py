"""The page as a browser feels it: the real server and store in one process, Debian's Chromium in another, figures by its own trace.

First view: first contentful paint, when the field takes words, bytes that came over the network with an empty cache, layout shift. A
conversation of ``messages``: from the call that opens it until its last message is painted, and the longest frame while it is scrolled
from its end upwards. Search: from the request to its answer in the page, for beginnings of words over ``memories``. Medians of ``n`` runs.
``faults`` names each figure that misses its target; a figure that could not be taken is a fault too.
"""

from __future__ import annotations

import json
import os
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from ..errors import OwnmindError
from ..messages import Entry, Integrity, Kind, Label, Source
from ..models.embedding.embedder import HashEmbedder
from ..paths import find
from ..store.opening import Store
from . import result, stage
from .served import Served, served

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

CHROMIUM, DRIVER = Path("/usr/bin/chromium"), Path("/usr/bin/chromedriver")
FLAGS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking")
SEED = 11
TARGETS = {
    "first_paint_s": 0.5, "interactive_s": 1.0, "first_view_kb": 250.0, "layout_shift": 0.0, "open_long_s": 0.5, "longest_frame_ms": 50.0,
    "search_p50_ms": 100.0, "search_p95_ms": 100.0,
}  # fmt: skip
_WATCH = """
window.__shift = 0; window.__ready = 0;
new PerformanceObserver((list) => { for (const each of list.getEntries()) if (!each.hadRecentInput) window.__shift += each.value; })
  .observe({ type: 'layout-shift', buffered: true });
const look = () => { if (document.querySelector('#text')) window.__ready = performance.now(); else requestAnimationFrame(look); };
requestAnimationFrame(look);
"""
_PAINTED = "return performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null"
_OPEN = """
const [id, last, done] = arguments;
const began = performance.now();
document.querySelector('mind-page').mind.show(id);
const isShown = (row) => row.textContent.includes(last) && row.getBoundingClientRect().top < innerHeight;
const look = () => {
  if ([...document.querySelectorAll('.said > li')].some(isShown)) requestAnimationFrame(() => done(performance.now() - began));
  else requestAnimationFrame(look);
};
look();
"""
_SCROLL = """
const [frames, step, done] = arguments;
let longest = 0, before = 0, left = frames;
const next = (at) => {
  if (before) longest = Math.max(longest, at - before);
  before = at;
  const rows = document.querySelectorAll('.said > li');
  if (!left--) return done({ longest, first: rows[0].ariaPosInSet, rows: rows.length });
  scrollBy({ top: -step, behavior: 'instant' });
  requestAnimationFrame(next);
};
requestAnimationFrame(next);
"""
_SEARCH = """
const [words, done] = arguments;
const began = performance.now();
fetch(`/api/find?k=5&q=${encodeURIComponent(words)}`).then((answer) => answer.json())
  .then((said) => done([performance.now() - began, said.found.length]));
"""


def run(*, n: int = 5, messages: int = 10_000, memories: int = 100_000, seed: int = SEED, **_: object) -> dict[str, object]:
    """Medians over ``n`` runs; of search over forty beginnings. Raises OwnmindError without Chromium or selenium."""
    busy = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    with tempfile.TemporaryDirectory(prefix="ownmind-bench-") as folder:
        with served(Path(folder) / "new") as empty:
            views = [_first_view(empty, number) for number in range(n)]
        home = Path(folder) / "long"
        last = _filled(home, messages, memories, seed)
        with served(home) as page, _browser() as chrome:
            _enter(chrome, page, 0)
            talks = [_long_talk(chrome, last) for _ in range(n)]
            times = _searched(chrome, seed)
    figures: dict[str, object] = {name: _median(runs, name) for runs in (views, talks) for name in runs[0]}
    figures |= {"search_p50_ms": times[len(times) // 2], "search_p95_ms": times[int(len(times) * 0.95)]} if times else {}
    figures["faults"] = [name for name, most in TARGETS.items() if not isinstance(told := figures.get(name), int | float) or told > most]
    after = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    load = [round(busy, 2), round(after, 2)]
    return result("page", figures, n=n, seed=seed, messages=messages, memories=memories, targets=TARGETS, load_average=load)


def _median(runs: Sequence[dict[str, float]], name: str) -> float:
    return round(statistics.median(each[name] for each in runs), 3)


def _first_view(page: Served, number: int) -> dict[str, float]:
    """The empty home in a browser with an empty cache, each time a new one."""
    with _browser() as chrome:
        chrome.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": _WATCH})
        _traced(chrome)
        _enter(chrome, page, number)
        time.sleep(1.0)  # what is read after the first paint belongs to the view, and so do its shifts
        came = sum(each["params"]["encodedDataLength"] for each in _traced(chrome) if each["method"] == "Network.loadingFinished")
        painted, ready, shift = (cast("float", chrome.execute_script(each)) for each in (_PAINTED, "return __ready", "return __shift"))
        return {
            "first_paint_s": painted / 1000, "interactive_s": ready / 1000, "first_view_kb": came / 1000, "layout_shift": round(shift, 4),
        }  # fmt: skip


def _traced(chrome: Chrome) -> list[dict[str, Any]]:
    """What the browser told of itself since it was last asked, as the DevTools protocol has it."""
    log = chrome.get_log("performance")  # type: ignore[no-untyped-call]  # selenium's
    return [json.loads(entry["message"])["message"] for entry in log]


def _long_talk(chrome: Chrome, last: str) -> dict[str, float]:
    chrome.execute_script("document.querySelector('mind-page').mind.startAnew()")
    time.sleep(0.5)
    opened = cast("float", chrome.execute_async_script(_OPEN, "long", last))
    time.sleep(0.5)
    said = cast("dict[str, float]", chrome.execute_async_script(_SCROLL, 400, 300))
    return {"open_long_s": opened / 1000, "longest_frame_ms": said["longest"], "scrolled_to": float(said["first"]), "rows": said["rows"]}


def _searched(chrome: Chrome, seed: int) -> list[float]:
    """Milliseconds of each search that found something, sorted: beginnings of words as they are typed, and two words."""
    talk = stage.Chatter(seed)
    words = [word for question in (talk.question() for _ in range(14)) for word in (question.split()[-1][:3], question.split()[-1][:5])]
    words += [f"{first} {second[:4]}" for first, second in zip(words[1::2], words[3::2], strict=False)]
    answers = [cast("list[float]", chrome.execute_async_script(_SEARCH, each.strip("?"))) for each in words[:40]]
    return sorted(round(taken, 1) for taken, found in answers if found)


def _filled(home: Path, messages: int, memories: int, seed: int) -> str:
    """A home with one long conversation and many memories; gives the words of the conversation's last message."""
    from ..app import open_house
    from ..config import Config
    from ..models.scripted import ScriptedModel

    house = open_house(find(home), Config(fetch=False, learn=False), brain=ScriptedModel("Yes."), embedder=HashEmbedder())
    try:
        _fill(house.store, messages, memories, seed)
    finally:
        house.store.close()
    return f"message {messages - 1} "


def _fill(store: Store, messages: int, memories: int, seed: int) -> None:
    talk, source = stage.Chatter(seed), Source("conversation:long", "conversation", "a long one")
    said = (
        Entry(
            f"message {at} {talk.text()}", source, Label(Integrity.PERSON), Kind.REPLY if at % 2 else Kind.MESSAGE,
            stage.BEGAN + timedelta(minutes=10 * at), conversation="long", external_id=f"m{at}",
        )
        for at in range(messages)
    )  # fmt: skip
    for _ in stage.fill(store, islice(talk.entries(memories), max(0, memories - messages)), HashEmbedder()):
        pass
    for _ in stage.fill(store, said, HashEmbedder()):
        pass


def _enter(chrome: Chrome, page: Served, number: int) -> None:
    """Opens the page with an address of its own: the first one was used."""
    import httpx

    token = page.token
    if number:
        with httpx.Client(transport=httpx.HTTPTransport(uds=str(page.socket)), base_url="http://ownmind") as http:
            token = str(http.post("/api/address", json={}).json()["address"]).partition("#")[2]
    chrome.get(f"http://127.0.0.1:{page.port}/#{token}")
    until = time.monotonic() + 30
    while not chrome.execute_script("return !!document.querySelector('#text')"):
        if time.monotonic() > until:
            raise OwnmindError("the page did not open", hint=f"see {page.log}")
        time.sleep(0.02)


@contextmanager
def _browser() -> Iterator[Chrome]:
    try:
        from selenium.webdriver import Chrome, ChromeOptions, ChromeService
    except ImportError as error:
        raise OwnmindError("`bench page` needs selenium", hint="install the developers' packages (CONTRIBUTING.md)") from error
    if not (CHROMIUM.exists() and DRIVER.exists()):
        raise OwnmindError("`bench page` needs Debian's chromium and chromium-driver")
    with tempfile.TemporaryDirectory(prefix="ownmind-browser-", ignore_cleanup_errors=True) as profile:
        options = ChromeOptions()
        options.binary_location = str(CHROMIUM)
        for flag in (*FLAGS, "--window-size=1280,900", f"--user-data-dir={profile}"):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"performance": "ALL"})
        chrome = Chrome(options=options, service=ChromeService(str(DRIVER)))
        chrome.set_script_timeout(60)
        try:
            yield chrome
        finally:
            chrome.quit()
