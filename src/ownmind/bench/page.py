"""The page as a browser feels it: the real server and store in one process, Debian's Chromium in another, figures by its own trace.

First view: first contentful paint, when the field takes words, bytes that came over the network with an empty cache, layout shift. A
conversation of ``messages``: from the call that opens it until its last message is painted, the longest frame while it is scrolled
from its end upwards, and the longest task of the page's main thread meanwhile, in processor time. Over ``memories`` remembered turns, each
with a fact: search (beginnings of words, as they are typed) and filter (the memory view narrowed by words, persons and topics), each from
the request to its answer in the page, and the processor time it took in the house. Medians of ``n`` runs. ``faults`` names each figure
that misses its target; a figure that could not be taken is a fault too. Wall times mean little on a busy machine: see ``load_average``.
"""

from __future__ import annotations

import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlencode

from ..errors import OwnmindError
from . import result, stage
from .page_home import fill, opened, told
from .served import Served, served

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

CHROMIUM, DRIVER = Path("/usr/bin/chromium"), Path("/usr/bin/chromedriver")
FLAGS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking")
SEED = 11
TARGETS = {
    "first_paint_s": 0.5, "interactive_s": 1.0, "first_view_kb": 250.0, "layout_shift": 0.0, "open_long_s": 0.5, "longest_frame_ms": 50.0,
    "longest_task_cpu_ms": 50.0, "search_p50_ms": 100.0, "search_p95_ms": 100.0, "search_cpu_p95_ms": 100.0, "filter_p50_ms": 100.0,
    "filter_p95_ms": 100.0, "filter_cpu_p95_ms": 100.0,
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
_ASK = """
const [path, done] = arguments;
const began = performance.now();
fetch(path).then((answer) => answer.json())
  .then((said) => done([performance.now() - began, (said.found ?? said.result.memories).length]));
"""
_PATIENCE = 120  # seconds for one script: a busy machine takes its time over four hundred frames
_TASK = "ThreadControllerImpl::RunTask"


def run(*, n: int = 5, messages: int = 10_000, memories: int = 100_000, seed: int = SEED, **_: object) -> dict[str, object]:
    """Medians over ``n`` runs; of search over forty beginnings. Raises OwnmindError without Chromium or selenium."""
    busy = _load()
    with tempfile.TemporaryDirectory(prefix="ownmind-bench-") as folder:
        with served(Path(folder) / "new") as empty:
            views = [_first_view(empty, number) for number in range(n)]
        home = Path(folder) / "long"
        last = fill(home, messages, memories, seed)
        with served(home) as page, _browser() as chrome:
            _enter(chrome, page, 0)
            talks = [_long_talk(chrome, last) for _ in range(n)]
            told("the conversation opened and scrolled")
            answered = {name: _answered(chrome, paths) for name, paths in _questions(seed).items()}
        spent = _spent(home, seed)
    figures: dict[str, object] = {name: _median(runs, name) for runs in (views, talks) for name in runs[0]}
    for name, times in answered.items():
        figures |= {f"{name}_p50_ms": times[len(times) // 2], f"{name}_p95_ms": times[int(len(times) * 0.95)]} if times else {}
    figures |= spent
    figures["faults"] = [name for name, most in TARGETS.items() if not isinstance(held := figures.get(name), int | float) or held > most]
    load = [busy, _load()]
    return result("page", figures, n=n, seed=seed, messages=messages, memories=memories, targets=TARGETS, load_average=load)


def _load() -> float:
    return round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else 0.0


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
        told(f"first view {number + 1}: painted at {painted:.0f} ms, ready at {ready:.0f}; load {_load()}")
        chrome.refresh()
        _until_ready(chrome, page)
        again = cast("list[float]", chrome.execute_script(f"return [({_PAINTED.removeprefix('return ')}), __ready]"))
        return {
            "first_paint_s": painted / 1000, "interactive_s": ready / 1000, "first_view_kb": came / 1000, "layout_shift": round(shift, 4),
            "again_first_paint_s": again[0] / 1000, "again_interactive_s": again[1] / 1000,
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
    chrome.execute_async_script(_OPEN, "long", last)
    longest = _longest_task(chrome, lambda: chrome.execute_async_script(_SCROLL, 400, 300))
    return {
        "open_long_s": opened / 1000, "longest_frame_ms": said["longest"], "longest_task_cpu_ms": longest,
        "scrolled_to": float(said["first"]), "rows": said["rows"],
    }  # fmt: skip


def _longest_task(chrome: Chrome, work: Callable[[], object]) -> float:
    """Milliseconds of processor time of the longest task of the page's main thread during ``work``: the driver's log has no traces, so the
    browser is asked beside it."""
    import httpx
    import websocket  # comes with selenium

    about = httpx.get(f"http://{chrome.capabilities['goog:chromeOptions']['debuggerAddress']}/json/version").json()
    events: list[dict[str, Any]] = []
    with closing(websocket.create_connection(about["webSocketDebuggerUrl"], suppress_origin=True, timeout=_PATIENCE)) as channel:

        def ask(method: str, until: str, **params: object) -> None:
            channel.send(json.dumps({"id": 1, "method": method, "params": params}))
            while (said := json.loads(channel.recv())).get("method", "answered") != until:
                events.extend(said.get("params", {}).get("value", ()))

        ask("Tracing.start", "answered", traceConfig={"includedCategories": ["toplevel"]})
        work()
        ask("Tracing.end", "Tracing.tracingComplete")
    names = {(each["pid"], each["tid"]): each["args"]["name"] for each in events if each["name"] == "thread_name"}
    tasks = [
        each["tdur"] / 1000
        for each in events
        if each["name"] == _TASK and "tdur" in each and names.get((each["pid"], each["tid"]), "").startswith("CrRendererMain")
    ]
    return float(round(max(tasks), 1))


def _asked_for(seed: int) -> list[str]:
    """Forty things to look for: beginnings of words as they are typed, and two words."""
    talk = stage.Chatter(seed)
    words = [word for question in (talk.question() for _ in range(14)) for word in (question.split()[-1][:3], question.split()[-1][:5])]
    words += [f"{first} {second[:4]}" for first, second in zip(words[1::2], words[3::2], strict=False)]
    return [each.replace("?", "") for each in words[:40]]


def _narrowed(seed: int) -> list[dict[str, str]]:
    """As many ways to narrow what is known."""
    words = _asked_for(seed)
    names = [word for word in words if word.istitle() and " " not in word and len(word) == 5]
    return [
        *({"words": each} for each in words[:20]),
        *({"about": each, "words": word} for each, word in zip(names, words, strict=False)),
        *({"topic": topic, "words": word} for topic in ("food", "home", "work") for word in words[20:24]),
    ]


def _questions(seed: int) -> dict[str, list[str]]:
    return {
        "search": [f"/api/find?{urlencode({'k': 5, 'q': each})}" for each in _asked_for(seed)],
        "filter": [f"/api/memories/all?{urlencode(each)}" for each in _narrowed(seed)],
    }


def _answered(chrome: Chrome, paths: Sequence[str]) -> list[float]:
    """Milliseconds of each that found something, sorted."""
    answers = [cast("list[float]", chrome.execute_async_script(_ASK, path)) for path in paths]
    return sorted(round(taken, 1) for taken, found in answers if found)


def _spent(home: Path, seed: int) -> dict[str, float]:
    """Milliseconds of processor time, of a hundred the fifth worst, of the same questions asked in the house itself."""
    house = opened(home)
    try:
        asked: dict[str, list[Callable[[], object]]] = {
            "search": [lambda each=each: house.find(each, 5) for each in _asked_for(seed)],  # type: ignore[misc]  # a lambda's default
            "filter": [lambda each=each: house.memories.all(**each) for each in _narrowed(seed)],  # type: ignore[misc]
            "count": [lambda each=each: house.memories.choices(**each) for each in _narrowed(seed)[:10]],  # type: ignore[misc]
        }
        times = {name: sorted(_processor_ms(each) for each in questions) for name, questions in asked.items()}
    finally:
        house.store.close()
    return {f"{name}_cpu_p95_ms": taken[int(len(taken) * 0.95)] for name, taken in times.items()}


def _processor_ms(work: Callable[[], object]) -> float:
    began = time.thread_time()
    work()
    return round((time.thread_time() - began) * 1000, 1)


def _enter(chrome: Chrome, page: Served, number: int) -> None:
    """Opens the page with an address of its own: the first one was used."""
    import httpx

    token = page.token
    if number:
        with httpx.Client(transport=httpx.HTTPTransport(uds=str(page.socket)), base_url="http://ownmind") as http:
            token = str(http.post("/api/address", json={}).json()["address"]).partition("#")[2]
    chrome.get(f"http://127.0.0.1:{page.port}/#{token}")
    _until_ready(chrome, page)


def _until_ready(chrome: Chrome, page: Served) -> None:
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
        chrome.set_script_timeout(_PATIENCE)
        try:
            yield chrome
        finally:
            chrome.quit()
