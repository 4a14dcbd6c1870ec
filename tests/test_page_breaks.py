"""What breaks while something is under way: Ownmind killed and started, the network cut, a machine or a tab asleep, a clock that jumped.

In the middle of a reply, of an import, of a deed that was just allowed: nothing is lost or done twice, and the page says what happened.
Ownmind is a process of its own, stopped and woken by signals; the browser is Debian's Chromium.
"""

from __future__ import annotations

import contextlib
import json
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import cast
from urllib.parse import quote

import pytest
from selenium.webdriver.common.keys import Keys

import child_server
from browser import Browser, needs_browser

pytestmark = [
    needs_browser,
    pytest.mark.browser,
    pytest.mark.long,
    pytest.mark.skipif(sys.platform == "win32", reason="stops a process by signals"),
]

ASLEEP = 2.5  # seconds
FETCHED = "fetch(arguments[0], { cache: 'no-store' }).then((answer) => answer.json()).then(arguments[1])"


class Network:
    """What lies between browser and Ownmind: every connection goes through here, at the very port that Ownmind listens at on its side."""

    def __init__(self) -> None:
        self.open: set[socket.socket] = set()
        self.listening: socket.socket | None = None
        self.port = 0

    def mend(self) -> None:
        """Carries connections from now on."""
        self.listening = socket.create_server(("127.0.0.1", self.port))
        self.port = self.listening.getsockname()[1]
        threading.Thread(target=self._accept, args=(self.listening,), daemon=True).start()

    def cut(self) -> None:
        """Breaks every connection and takes no new one."""
        if self.listening is None:
            return
        for each in (self.listening, *self.open):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()
        self.listening = None
        self.open.clear()

    def _accept(self, listening: socket.socket) -> None:
        while True:
            try:
                near, _ = listening.accept()
            except OSError:
                return
            try:
                far = socket.create_connection(("::1", self.port))
            except OSError:
                near.close()
                continue
            self.open |= {near, far}
            for ends in ((near, far), (far, near)):
                threading.Thread(target=self._carry, args=ends, daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            source.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            while piece := source.recv(1 << 16):
                target.sendall(piece)
        for each in (source, target):
            self.open.discard(each)
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()


@dataclass
class Machine:
    """A home, the Ownmind over it, if one runs, and the network to it."""

    home: Path
    delay: float = 0.03
    network: Network = field(default_factory=Network)
    token: str = ""
    process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Starts it, at the port it had before."""
        if self.network.listening is None:
            self.network.mend()
        command = [sys.executable, child_server.__file__, str(self.home), "::1", str(self.network.port), str(self.delay)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        assert self.process.stdout is not None
        self.token = json.loads(self.process.stdout.readline())["token"]

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.network.port}/#{self.token}"

    def send(self, number: signal.Signals) -> None:
        assert self.process is not None
        self.process.send_signal(number)

    def end(self, number: signal.Signals = signal.SIGTERM) -> None:
        """Ends it: SIGKILL as a power cut does."""
        if self.process is None:
            return
        self.send(number)
        if number is not signal.SIGKILL:
            self.send(signal.SIGCONT)
        self.process.wait(30)
        assert self.process.stdout is not None
        self.process.stdout.close()
        self.process = None


@contextmanager
def machine(folder: Path) -> Iterator[Machine]:
    running = Machine(folder / "home")
    running.start()
    try:
        yield running
    finally:
        running.end()
        running.network.cut()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """One that lives through everything but being killed."""
    with machine(tmp_path_factory.mktemp("breaks")) as running:
        yield running


@pytest.fixture
def page(window: Browser, shared: Machine) -> Iterator[Browser]:
    """The shared machine's page, opened anew, with a new conversation."""
    here = shared.address.partition("#")[0]
    window.open(shared.address if not str(window.chrome.current_url).startswith(here) else here)
    window.one("#text")
    yield window
    window.chrome.execute_cdp_cmd("Page.setWebLifecycleState", {"state": "active"})
    window.errors()  # refused reconnections, noted by the browser itself


def asleep(window: Browser, running: Machine) -> None:
    """The machine of Ownmind sleeps and wakes; its connections look whole all the while."""
    running.send(signal.SIGSTOP)
    time.sleep(ASLEEP)
    running.send(signal.SIGCONT)


def frozen(window: Browser, running: Machine) -> None:
    """The tab is frozen, as browsers do with tabs nobody looks at, and thawed."""
    window.chrome.execute_cdp_cmd("Page.setWebLifecycleState", {"state": "frozen"})
    time.sleep(ASLEEP)
    window.chrome.execute_cdp_cmd("Page.setWebLifecycleState", {"state": "active"})


def cut(window: Browser, running: Machine) -> None:
    """The network is gone for a while."""
    running.network.cut()
    time.sleep(ASLEEP)
    running.network.mend()


def jumped(hours: int) -> Callable[[Browser, Machine], None]:
    """The clock of the person's machine jumps: it slept for hours, or was put right."""

    def jump(window: Browser, running: Machine) -> None:
        window.run("const was = Date.now; Date.now = () => was() + arguments[0] * 3600e3", hours)
        asleep(window, running)

    return jump


def asked(window: Browser, path: str) -> dict[str, object]:
    """What the server answers the page."""
    return cast("dict[str, object]", window.chrome.execute_async_script(FETCHED, path))


def said(window: Browser) -> list[tuple[str, str]]:
    """Who said what in the conversation that is shown, as it is stored."""
    key = window.run("return document.querySelector('mind-page').mind.conversation")
    held = cast("list[dict[str, str]]", asked(window, f"/api/conversations/{key}")["messages"])
    return [(each["role"], each["text"]) for each in held]


# A reply


@pytest.mark.parametrize("breaks", [asleep, frozen, cut, jumped(5), jumped(-5)], ids=["asleep", "frozen", "cut", "later", "earlier"])
def test_a_reply_comes_whole(page: Browser, shared: Machine, breaks: Callable[[Browser, Machine], None]) -> None:
    """Every word of it stands on the page and in the store, once, and nothing is left of the trouble."""
    page.one("#text").send_keys("Tell me about the sea.", Keys.ENTER)
    page.until(lambda: "Wave 2 came" in page.text(".companion .words"))
    breaks(page, shared)
    page.until(lambda: "Wave 59 came." in page.text(".companion .words") and not page.all(".companion.streaming"), 40)
    assert page.text(".companion .words") == child_server.SAID
    assert said(page) == [("person", "Tell me about the sea."), ("companion", child_server.SAID)]
    page.until(lambda: not page.all(".trouble"))


def test_a_page_says_that_the_answer_goes_on_without_it(page: Browser, shared: Machine) -> None:
    """While the network is cut, where the answer stands, and what was asked meanwhile stays in its field."""
    page.one("#text").send_keys("Tell me about the sea.", Keys.ENTER)
    page.until(lambda: "Wave 2 came" in page.text(".companion .words"))
    shared.network.cut()
    page.until(lambda: "The answer goes on" in page.text(".companion"))
    page.until(lambda: "does not answer" in page.text(".bar"))
    shared.network.mend()
    page.until(lambda: "Wave 59 came." in page.text(".companion .words"), 40)
    page.until(lambda: "does not answer" not in page.text(".bar"))


def test_what_was_asked_of_a_machine_that_slept_is_seen_to(page: Browser, shared: Machine) -> None:
    """Its connections look whole: after the hours it slept the page finds out by the silence, says so, and goes on when it wakes."""
    page.one("#text").send_keys("Tell me about the sea.", Keys.ENTER)
    page.until(lambda: "Wave 2 came" in page.text(".companion .words"))
    shared.send(signal.SIGSTOP)
    try:
        page.run("const was = Date.now; Date.now = () => was() + 5 * 3600e3")
        page.until(lambda: "does not answer" in page.text(".bar"), 20)
    finally:
        shared.send(signal.SIGCONT)
    page.until(lambda: "does not answer" not in page.text(".bar"), 30)
    page.until(lambda: "Wave 59 came." in page.text(".companion .words"), 40)
    assert said(page) == [("person", "Tell me about the sea."), ("companion", child_server.SAID)]


def test_a_power_cut_in_a_reply_loses_no_word_of_the_person(window: Browser, tmp_path: Path) -> None:
    """Killed in the middle and started again: the page says that it was not answered to its end, and the words can be sent once more."""
    with machine(tmp_path) as running:
        window.open(running.address)
        window.one("#text").send_keys("Tell me about the sea.", Keys.ENTER)
        window.until(lambda: "Wave 2 came" in window.text(".companion .words"))
        running.end(signal.SIGKILL)
        window.until(lambda: "does not answer" in window.text(".bar"))
        running.start()
        window.until(lambda: window.all(".companion.cut"), 30)
        assert "What you said is kept" in window.text(".companion.cut")
        assert ("person", "Tell me about the sea.") in said(window)
        window.button("Send again").click()
        window.until(lambda: "Wave 59 came." in window.text(".said li:last-child .words"), 40)
        assert not window.all(".companion.cut")
    window.errors()


# An import


def diary(folder: Path) -> Path:
    """A text of many passages."""
    day = "# Day {n}\n\nOn day {n} the keeper saw {n} ships go by. " + "The sea was grey. " * 20
    (folder / "diary.md").write_text("\n\n".join(day.format(n=n) for n in range(DAYS)))
    return folder / "diary.md"


def give(window: Browser, path: Path) -> None:
    """Sent with no words, it is only read; returns in the middle of that."""
    window.one("input[type=file]").send_keys(str(path))
    window.button("Send").click()
    window.until(lambda: window.all(".given progress[value]"), 30)


DAYS = 1500


@pytest.mark.parametrize("breaks", [asleep, cut], ids=["asleep", "cut"])
def test_an_import_goes_on_to_its_end(window: Browser, tmp_path: Path, breaks: Callable[[Browser, Machine], None]) -> None:
    """Every day of the diary is remembered once, and the page says how many."""
    with machine(tmp_path) as running:
        window.open(running.address)
        give(window, diary(tmp_path))
        breaks(window, running)
        window.until(lambda: "I read it and remember" in window.text(".given"), 60)
        assert days(window) == DAYS
    window.errors()


def test_a_power_cut_in_an_import_costs_nothing(window: Browser, tmp_path: Path) -> None:
    """Killed in the middle and started again: the page says that it waits, gives the file again by itself, and nothing is there twice."""
    with machine(tmp_path) as running:
        window.open(running.address)
        give(window, diary(tmp_path))
        running.end(signal.SIGKILL)
        window.until(lambda: "goes on by itself" in window.text(".given"))
        running.start()
        window.until(lambda: "I read it and remember" in window.text(".given"), 60)
        assert days(window) == DAYS
    window.errors()


def test_a_power_cut_costs_the_library_nothing(window: Browser, tmp_path: Path) -> None:
    """There files go in pieces, which are gone with the power: they are sent again, and the reading goes on where it was."""
    with machine(tmp_path) as running:
        window.open(running.address)
        window.room("mind-library", "bring")
        window.one("#bring-files").send_keys(str(diary(tmp_path)))
        window.until(lambda: result(window, "sources")["sources"], 30)
        running.end(signal.SIGKILL)
        window.until(lambda: "goes on by itself" in window.text("mind-incoming"))
        running.start()
        window.until(lambda: "1 of 1 files" in window.text("mind-incoming"), 60)
        assert days(window) == DAYS
    window.errors()


def days(window: Browser) -> int:
    """How many days of the diary are remembered; fails where one is there twice."""
    found: list[str] = []
    (ref,) = [each["source"] for each in shelf(window)]
    while passages := result(window, f"read?source={quote(ref, safe='')}&start={len(found)}&count=500")["passages"]:
        found += [str(each["text"]) for each in cast("list[dict[str, object]]", passages)]
    seen = [day for text in found for day in re.findall(r"On day (\d+)", text)]
    assert len(seen) == len(set(seen))
    return len(seen)


def shelf(window: Browser) -> list[dict[str, str]]:
    return cast("list[dict[str, str]]", result(window, "sources")["sources"])


def result(window: Browser, what: str) -> dict[str, object]:
    return cast("dict[str, object]", asked(window, f"/api/library/{what}")["result"])


# A deed that was allowed


@dataclass
class Slow:
    """A site that answers when it is let."""

    address: str = ""
    asked: list[str] = field(default_factory=list)
    let: threading.Event = field(default_factory=threading.Event)


@pytest.fixture
def site() -> Iterator[Slow]:
    known = Slow()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            known.asked.append(self.path)
            known.let.wait(60)
            body = b"<html><body><p>The bakery opens at seven.</p></body></html>"
            self.send_response(200)
            self.send_header("content-type", "text/html; charset=utf-8")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    known.address = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield known
    known.let.set()
    server.shutdown()
    server.server_close()


def allowed(window: Browser, site: Slow) -> None:
    """Asks for the site's page and says yes; returns while it is being read."""
    window.one("#text").send_keys(f"Read {site.address}/bakery", Keys.ENTER)
    window.until(lambda: [each for each in window.all("#talk .deed button") if each.text == "Allow once"], 40)[0].click()
    window.until(lambda: site.asked, 20)


@pytest.mark.parametrize("breaks", [asleep, frozen, cut, jumped(5)], ids=["asleep", "frozen", "cut", "later"])
def test_a_yes_is_carried_out_once(page: Browser, shared: Machine, site: Slow, breaks: Callable[[Browser, Machine], None]) -> None:
    """What was allowed is done once, and where the question stood stands what came of it."""
    allowed(page, site)
    breaks(page, shared)
    site.let.set()
    page.until(lambda: "Done" in page.text("#talk .deed"), 40)
    assert site.asked == ["/bakery"]
    page.until(lambda: not page.all(".trouble"))


def test_a_yes_that_never_arrived_is_said(page: Browser, shared: Machine, site: Slow) -> None:
    """The network was cut before: nothing was done, the card says so, and a second yes does it."""
    page.one("#text").send_keys(f"Read {site.address}/bakery", Keys.ENTER)
    buttons = page.until(lambda: [each for each in page.all("#talk .deed button") if each.text == "Allow once"], 40)
    site.let.set()
    shared.network.cut()
    buttons[0].click()
    time.sleep(0.5)
    assert site.asked == []
    shared.network.mend()
    page.until(lambda: "Nothing was done" in page.text("#talk .deed"), 30)
    page.until(lambda: [each for each in page.all("#talk .deed button") if each.text == "Allow once"])[0].click()
    page.until(lambda: "Done" in page.text("#talk .deed"), 30)
    assert site.asked == ["/bakery"]


def test_a_power_cut_after_a_yes_is_never_a_second_deed(window: Browser, tmp_path: Path, site: Slow) -> None:
    """Killed while it was under way: started again, the page says that nobody knows whether it happened, and it is not done again."""
    with machine(tmp_path) as running:
        window.open(running.address)
        allowed(window, site)
        running.end(signal.SIGKILL)
        site.let.set()
        running.start()
        window.until(lambda: "Nobody knows whether it happened" in window.text("#talk .deed"), 30)
        assert site.asked == ["/bakery"]
    window.errors()
