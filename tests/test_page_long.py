"""The page over a long life: many messages, a search across everything, and connections that break."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from selenium.webdriver.common.keys import Keys

from browser import Browser, needs_browser
from ownmind.messages import Entry, Integrity, Kind, Label, Source
from ownmind.models.scripted import ScriptedModel
from served import Served, served

pytestmark = [needs_browser, pytest.mark.browser]

BEGAN = datetime(2025, 1, 1, 12, tzinfo=UTC)
FIRST_SEEN = """const row = [...document.querySelectorAll('.said > li')].find((each) => each.getBoundingClientRect().bottom > 0);
return [row.dataset.id, Math.round(row.getBoundingClientRect().top)]"""

TOP_OF = """const row = document.querySelector(`[data-id="${arguments[0]}"]`);
return row && Math.round(row.getBoundingClientRect().top)"""


@pytest.fixture(scope="module")
def long_talk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One conversation of a thousand messages, one a day."""
    with served(tmp_path_factory.mktemp("long") / "home") as page:
        page.house.store.conversations.start("long", now=time.time(), title="A long one")
        source = Source("conversation:long", "conversation", "a test")
        page.house.memory.remember(
            [
                Entry(f"message number {n}", source, Label(Integrity.PERSON), Kind.MESSAGE, BEGAN + timedelta(days=n), conversation="long")
                for n in range(1000)
            ],
            now=datetime.now(UTC),
        )
        page.enter()
        yield page


def test_a_long_talk_is_read_to_its_beginning_and_back(window: Browser, long_talk: Served) -> None:
    """Never more than 120 messages in the page, what is read does not jump, a day and a word lead to the middle."""
    window.open(f"http://127.0.0.1:{long_talk.port}/")
    window.chrome.add_cookie({"name": long_talk.cookie.partition("=")[0], "value": long_talk.cookie.partition("=")[2]})
    window.chrome.refresh()
    window.until(lambda: window.all("#text"))
    window.run("document.querySelector('mind-page').mind.show('long')")
    window.until(lambda: "message number 999" in window.text(".said"))
    assert len(window.all(".message")) <= 60
    for _ in range(60):
        window.run("scrollBy({top: -1500, behavior: 'instant'})")
        time.sleep(0.02)
        row, top = window.run(FIRST_SEEN)  # type: ignore[misc]  # two values
        time.sleep(0.05)
        after = window.run(
            "const row = document.querySelector(`[data-id='${arguments[0]}']`); return row && Math.round(row.getBoundingClientRect().top)",
            row,
        )
        assert after is None or abs(int(str(after)) - int(top)) <= 2, "what is read stays where it is"
        assert len(window.all(".said > li")) <= 140
    first = int(str(window.run("return document.querySelector('.said > li').ariaPosInSet")))
    assert first < 700, "it was read on by itself"
    assert window.run("return document.querySelector('.said > li').ariaSetSize") in ("1000", "1001")

    field = window.one(".jump input")
    window.run("arguments[0].value = '2025-03-02'; arguments[0].dispatchEvent(new Event('change'))", field)
    window.until(lambda: window.all(".aimed"))
    assert "message number 60" in window.text(".aimed") or "message number 59" in window.text(".aimed")

    window.press(Keys.CONTROL + "k")
    window.one(".finding input").send_keys("number 250")
    window.until(lambda: "message number 250" in window.text("#found"))
    assert window.text("#found mark") in ("number", "250")
    window.press(Keys.ARROW_DOWN, Keys.ARROW_UP, Keys.ENTER)
    window.until(lambda: "message number 250" in window.text(".aimed"))
    assert window.run("return document.activeElement.closest('.aimed') !== null"), "the focus is where it opened"
    window.button("Latest ↓").click()
    window.until(lambda: "message number 999" in window.text(".said"))
    assert not window.errors()


def test_a_reply_cut_by_a_dead_server_is_offered_again(window: Browser, tmp_path: Path) -> None:
    """Stopped in the middle of a reply and started again, the page says what happened, and the words can be sent once more."""
    home = tmp_path / "home"
    with served(home, ScriptedModel(" ".join(f"Wave {n} came." for n in range(400)), delay=0.05)) as page:
        window.open(page.address)
        window.one("#text").send_keys("Tell me a long story about the sea.", Keys.ENTER)
        window.until(lambda: "Wave 1 came" in window.text(".companion .words"))
        port = page.port
    with served(home, ScriptedModel("All of it."), port=port):
        window.until(lambda: window.all(".companion.cut"), 30)
        assert "What you said is kept" in window.text(".companion.cut")
        window.button("Send again").click()
        window.until(lambda: "All of it." in window.text(".said"))
        assert not window.all(".companion.cut")
    window.errors()  # the refused reconnections, noted by the browser itself


def test_a_reply_that_goes_on_is_heard_after_a_reload(window: Browser, tmp_path: Path) -> None:
    """The page is closed in the middle; opened again, the reply that went on is shown whole."""
    with served(tmp_path / "home", ScriptedModel(" ".join(f"Wave {n} came." for n in range(40)), delay=0.05)) as page:
        window.open(page.address)
        window.one("#text").send_keys("Tell me a long story about the sea.", Keys.ENTER)
        window.until(lambda: "Wave 1 came" in window.text(".companion .words"))
        window.chrome.refresh()
        window.until(lambda: window.all("#text"))
        conversation = page.house.conversations()[0]["id"]
        window.run("document.querySelector('mind-page').mind.show(arguments[0])", conversation)
        window.until(lambda: "Wave 39 came." in window.text(".companion .words"), 30)
        assert page.brain.cancelled == 0
        assert not window.errors()
