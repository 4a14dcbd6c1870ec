"""The page as a person meets it: real Chromium, a real server, the real encrypted store; only the brain is scripted."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from selenium.webdriver.common.keys import Keys

from browser import Browser, needs_browser
from ownmind.channels.web.pages import FOLDER
from ownmind.egress.door import Going
from ownmind.messages import Entry, Integrity, Kind, Label, Source
from ownmind.models.scripted import ScriptedModel
from served import Served, served

pytestmark = [needs_browser, pytest.mark.browser]

SAID = "I am vegetarian. My sister Ana is allergic to peanuts."


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Served]:
    with served(tmp_path / "home", ScriptedModel("Ana cannot have peanuts.")) as page:
        yield page


def remember(page: Served, texts: list[str], kind: Kind = Kind.NOTE, conversation: str = "") -> None:
    """Puts items straight into the store."""
    source = Source(f"conversation:{conversation}" if conversation else "note:test", "conversation" if conversation else "note", "a test")
    entries = [
        Entry(text, source, Label(Integrity.PERSON), kind, conversation=conversation, external_id=f"t{n}") for n, text in enumerate(texts)
    ]
    page.house.memory.remember(entries, now=datetime.now().astimezone())


# Opening


def test_a_stranger_is_told_calmly_how_to_open_it(window: Browser, running: Served) -> None:
    """A browser without a session sees words and no data."""
    remember(running, ["The secret word is Zwirbelwind."])
    window.open(f"http://127.0.0.1:{running.port}/")
    assert window.text(".closed code") == "ownmind"
    assert "Zwirbelwind" not in window.chrome.page_source
    assert not window.errors()


def test_the_token_is_nowhere_once_the_page_is_open(window: Browser, running: Served) -> None:
    """Not in the address bar, not within reach of a script, and a reload needs it no more."""
    window.open(running.address)
    assert window.one("#text").is_displayed()
    assert window.chrome.current_url == f"http://127.0.0.1:{running.port}/"
    assert window.run("return document.cookie + JSON.stringify({...localStorage, ...sessionStorage})") == "{}"
    window.chrome.refresh()
    assert window.one("#text").is_displayed()
    assert not window.errors()


def test_an_address_used_before_says_so(window: Browser, running: Served) -> None:
    """Somebody with an old address is told why it does not open."""
    running.enter()
    window.open(running.address)
    assert "used already" in window.text(".closed .trouble")
    window.errors()  # the browser notes the refusal in the console; that is its way


def test_minute_one_greets_and_offers_ways_to_begin(window: Browser, running: Served) -> None:
    """The first thing a person sees: a greeting, examples they can click, and that nothing has left."""
    window.open(running.address)
    examples = window.all(".examples button")
    assert len(examples) == 4 and window.text(".greeting")
    examples[0].click()
    assert window.one("#text").get_property("value") == "My name is "
    assert window.text(".status .left") == "0 bytes have left this machine"
    assert not window.all(".status .setup")


def test_requests_for_model_files_are_told_apart(window: Browser, running: Served) -> None:
    """What was sent to fetch the brain is counted beside the line, never hidden in it."""
    running.house.door.ask(Going("models.example", "fetch models", b"." * 2300), consent="test")
    window.open(running.address)
    assert window.text(".status .left") == "0 bytes have left this machine"
    assert window.text(".status .setup") == "· besides 1 request for the model files (2.3 kB, nothing of yours in them)"


# Talking


def test_an_answer_comes_with_its_sources_and_is_announced_once(window: Browser, running: Served) -> None:
    """The reply is on the page, its source opens to the words it rests on, a screen reader hears it when it is finished."""
    remember(running, ["Ana is allergic to peanuts."])
    window.open(running.address)
    window.say("What is Ana allergic to?")
    assert window.text(".companion .words") == "Ana cannot have peanuts."
    assert window.one("[aria-live=polite]").get_property("textContent").startswith("Ownmind: Ana cannot have peanuts.")
    chip = window.one(".chip")
    chip.click()
    assert chip.get_attribute("aria-expanded") == "true"
    window.until(lambda: "Ana is allergic to peanuts" in window.text(".source blockquote"))
    assert window.one(".source mark").text
    assert not window.errors()


def test_enter_sends_shift_enter_breaks_and_slash_focuses(window: Browser, running: Served) -> None:
    """The keyboard does what hands expect."""
    window.open(running.address)
    window.one("#text").send_keys("one", Keys.SHIFT + Keys.ENTER)
    window.press("two")
    assert window.one("#text").get_property("value") == "one\ntwo"
    window.run("document.activeElement.blur()")
    window.press("/")
    assert window.run("return document.activeElement.id") == "text"
    assert window.one("#text").get_property("value") == "one\ntwo", "the slash itself is not typed"


def test_escape_stops_the_answer(window: Browser, tmp_path: Path) -> None:
    """What came so far stays, the model stops, and the person can go on at once."""
    brain = ScriptedModel(" ".join(f"Wave {n} came." for n in range(400)), delay=0.05)
    with served(tmp_path / "home", brain) as page:
        window.open(page.address)
        window.one("#text").send_keys("Tell me a long story about the sea.", Keys.ENTER)
        window.until(lambda: "Wave 1 came" in window.text(".companion .words"))
        assert window.button("Stop").is_displayed()
        window.press(Keys.ESCAPE)
        window.until(lambda: window.all(".companion.stopped"))
        window.until(lambda: brain.cancelled == 1)
        assert "Wave 1 came" in window.text(".companion .words")
        assert window.button("Send").is_displayed()


def test_nothing_a_model_writes_becomes_part_of_the_page(window: Browser, tmp_path: Path) -> None:
    """Markup, images and links in a reply stay text; nothing is fetched, nothing runs."""
    evil = (
        "<img src=http://evil.example/a.png onerror=\"document.title='owned'\"><script>document.title='owned'</script>\n\n"
        "![a](http://evil.example/b.png) [b](http://evil.example/c) **bold** `code`\n\n- one\n- two\n\n"
        "```\n<b>code</b>\n```\n\n<a href=javascript:alert(1)>c</a>"
    )
    with served(tmp_path / "home", ScriptedModel(evil)) as page:
        window.open(page.address)
        window.say("Tell me about markup, please.")
        assert not window.all(".companion img, .companion script, .companion a, .companion b:not(.chip b)")
        assert window.chrome.title == "Ownmind"
        assert "<img src" in window.text(".companion .words")
        assert window.text(".companion .words strong") == "bold"
        assert [each.text for each in window.all(".companion .words li")] == ["one", "two"]
        assert "<b>code</b>" in window.text(".companion .words pre")
        assert not window.errors()


def test_no_request_leaves_the_pages_own_origin(window: Browser, running: Served) -> None:
    """From opening to answer, every request goes to this server."""
    window.chrome.get("about:blank")  # the page of the test before looks for its own server until it is left
    window.requests()
    window.open(running.address)
    window.say(SAID)
    asked = [url for url in window.requests() if not url.startswith(("about:", "data:", "chrome:", "devtools:"))]
    assert len(asked) > 10
    assert [url for url in asked if not url.startswith(f"http://127.0.0.1:{running.port}/")] == []


def test_a_brain_that_fails_is_said_in_place_with_what_to_do(window: Browser, tmp_path: Path) -> None:
    """The message is kept and the answer's place says what happened."""
    with served(tmp_path / "home", ScriptedModel("Once there was a ship.", breaks_after=4)) as page:
        window.open(page.address)
        window.say("Tell me a story about the sea.")
        assert window.until(lambda: window.text(".companion.failed .trouble"))
        assert page.house.memory.recall("sea", k=3, now=datetime.now().astimezone())


def test_a_server_that_stops_is_said_and_its_return_needs_no_reload(window: Browser, tmp_path: Path) -> None:
    """The page goes on by itself when Ownmind is back."""
    home = tmp_path / "home"
    with served(home) as page:
        window.open(page.address)
        port = page.port
    window.until(lambda: "does not answer" in window.text(".bar"))
    with served(home, port=port):
        window.until(lambda: "does not answer" not in window.text(".bar"))
        window.say("I am back.")
        assert window.text(".companion .words")
    window.errors()  # the refused reconnections, noted by the browser itself


# Memory


def test_a_card_shows_the_sentence_and_its_three_words_change_the_store(window: Browser, running: Served) -> None:
    """Keep, Fix and Forget are done in the encrypted store, and the page says so; keyboard alone."""
    window.open(running.address)
    window.say(SAID)
    card = window.until(lambda: next((each for each in window.all(".card") if "peanuts" in each.text), None))
    assert card is not None
    assert "Ana is allergic to peanuts" in card.find_element("css selector", "blockquote").text
    assert card.find_element("css selector", "mark").text
    assert "You said this" in card.text and "a guess" not in card.text

    fact = next(each for each in running.house.memory.facts() if "peanuts" in each.text)
    window.button(f"Keep: {fact.text}").send_keys(Keys.ENTER)
    window.until(lambda: any(each.id == fact.id and each.kept for each in running.house.memory.facts()))

    window.button(f"Fix: {fact.text}").send_keys(Keys.ENTER)
    window.press("Ana is allergic to cashews", Keys.ENTER)
    window.until(lambda: any(each.text == "Ana is allergic to cashews" for each in running.house.memory.facts()))
    window.until(lambda: "Ana is allergic to cashews" in window.text(".cards"))

    other = next(each for each in running.house.memory.facts() if "vegetarian" in each.text)
    window.button(f"Forget: {other.text}").send_keys(Keys.ENTER)
    window.until(lambda: window.all("dialog.forget .how input:checked"))
    assert window.run("return document.activeElement.textContent") == "Cancel", "the safe choice has the focus"
    window.one("dialog.forget .how input[value='forget']").send_keys(Keys.SPACE)  # the whole message, not its words alone
    window.until(lambda: re.search(r"This will also remove .*1 reply", window.text("dialog.forget")))
    window.button("Forget", within="dialog.forget").send_keys(Keys.ENTER)
    window.until(lambda: re.search(r"Gone from [1-9]\d* places?, verified", window.text("dialog.forget")))
    assert not [each for each in running.house.memory.facts() if "vegetarian" in each.text]
    window.press(Keys.ENTER)
    window.until(lambda: not window.all("dialog[open]"))
    assert "vegetarian" not in window.text()
    assert not window.errors()


def test_escape_leaves_a_fact_as_it_is(window: Browser, running: Served) -> None:
    """Fixing and forgetting can be left without a trace, and the focus is where it was."""
    window.open(running.address)
    window.say("I am vegetarian.")
    fact = running.house.memory.facts()[0]
    window.button(f"Fix: {fact.text}").send_keys(Keys.ENTER)
    window.press("something else", Keys.ESCAPE)
    window.until(lambda: window.run("return document.activeElement.ariaLabel") == f"Fix: {fact.text}")
    window.button(f"Forget: {fact.text}").send_keys(Keys.ENTER)
    window.until(lambda: window.all("dialog.forget[open] .danger:not([disabled])"))
    window.press(Keys.ESCAPE)
    window.until(lambda: not window.all("dialog[open]"))
    assert window.run("return document.activeElement.ariaLabel") == f"Forget: {fact.text}"
    assert [each.text for each in running.house.memory.facts()] == [fact.text]


def test_what_is_learnt_in_the_background_appears_by_itself(window: Browser, running: Served) -> None:
    """A fact learnt while the page is open comes without a reload."""
    window.open(running.address)
    assert not window.all(".card")
    remember(running, ["Ben is allergic to shellfish."])
    running.house.bulletin.publish({"type": "learned", "facts": running.house.memory.facts()})
    window.until(lambda: "shellfish" in window.text(".card h3"))


# Files


def test_a_given_file_is_read_and_what_was_skipped_is_said(window: Browser, running: Served, tmp_path: Path) -> None:
    """One file that can be read and one that cannot: both outcomes are in words."""
    good, bad = tmp_path / "keeper.md", tmp_path / "noise.bin"
    good.write_text("The lighthouse keeper has a cat called Zwirbelwind.", encoding="utf-8")
    bad.write_bytes(bytes(range(256)) * 8)
    window.open(running.address)
    window.one("input[type=file]").send_keys(f"{good}\n{bad}")
    window.button("Send").click()  # without a word: they are only read
    window.until(lambda: window.text(".given").count("Dismiss") == 2)
    assert "I read it and remember 1 passage." in window.text(".given")
    window.one(".given summary").click()
    assert re.search(r"^noise\.bin: \w+", window.text(".given details li")), "the name the person knows, not where it waited"
    found = running.house.memory.recall("cat", k=1, now=datetime.now().astimezone())
    assert "Zwirbelwind" in found[0].text
    window.button("Dismiss: keeper.md").click()
    window.until(lambda: "keeper.md" not in window.text(".given"))


# Long and earlier


def test_an_earlier_conversation_opens_again(window: Browser, running: Served) -> None:
    """New begins another one; Earlier brings the first back with its words."""
    window.open(running.address)
    window.say(SAID)
    window.button("New").click()
    window.until(lambda: window.all(".examples"))
    window.button("Earlier").click()
    window.until(lambda: window.all(".drawer li button"))[0].click()
    window.until(lambda: SAID in window.text(".said"))
    assert window.text(".companion .words") == "Ana cannot have peanuts."


def test_a_long_conversation_shows_its_end_and_more_on_request(window: Browser, running: Served) -> None:
    """Three hundred messages open as quickly as forty."""
    running.house.store.conversations.start("long", now=time.time(), title="A long one")
    remember(running, [f"message number {n}" for n in range(300)], Kind.MESSAGE, "long")
    window.open(running.address)
    window.button("Earlier").click()
    window.until(lambda: window.all(".drawer li button"))[0].click()
    window.until(lambda: "message number 299" in window.text(".said"))
    assert len(window.all(".message")) == 40
    window.run("arguments[0].click()", window.one(".more"))
    window.until(lambda: len(window.all(".message")) >= 60)


def test_the_page_stays_where_the_person_reads(window: Browser, tmp_path: Path) -> None:
    """Scrolled up during an answer, it stays there; at the bottom, it follows."""
    with served(tmp_path / "home", ScriptedModel("\n\n".join(f"Wave {n}." for n in range(400)), delay=0.02)) as page:
        window.open(page.address)
        window.one("#text").send_keys("Tell me a long story about the sea.", Keys.ENTER)
        window.until(lambda: window.run("return document.documentElement.scrollHeight - innerHeight > 400"))
        gap = "return document.documentElement.scrollHeight - innerHeight - scrollY"
        assert window.run(gap) < 150
        window.run("scrollTo({top: 0, behavior: 'instant'})")
        count = len(window.all(".words p"))
        window.until(lambda: len(window.all(".words p")) > count + 5)
        assert window.run("return scrollY") == 0
        window.button("Stop").click()


def test_text_in_any_language_has_its_own_direction(window: Browser, running: Served) -> None:
    """Arabic and Hebrew run from the right, in the field and on the page."""
    window.open(running.address)
    window.say("مرحبا، أنا نباتي")
    direction = "return getComputedStyle(document.querySelector(arguments[0])).direction"
    assert window.run(direction, ".message.person p") == "rtl"
    assert window.run(direction, ".message.companion p") == "ltr"


# The files themselves


def test_vendored_files_are_the_ones_the_table_names() -> None:
    """Nobody edits a vendored file unnoticed."""
    vendor = FOLDER / "vendor"
    rows = re.findall(r"^\| (\S+) \| [^|]+ \| (\d+) \| ([0-9a-f]{64}) \|$", (vendor / "README.md").read_text(), re.MULTILINE)
    assert {name for name, _, _ in rows} == {
        path.relative_to(vendor).as_posix() for path in vendor.rglob("*") if path.is_file() and path.suffix in ("", ".js", ".css")
    }
    for name, size, digest in rows:
        content = (vendor / name).read_bytes()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (int(size), digest), name


def test_no_markup_is_ever_made_of_text() -> None:
    """The ways around lit's escaping are not in our files."""
    for path in FOLDER.rglob("*.js"):
        if "vendor" not in path.parts:
            assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|unsafe|document\.write|eval\(|new Function", path.read_text()), (
                path.name
            )


def test_the_pages_types_hold() -> None:
    """The JSDoc types agree, checked by TypeScript from the npm registry (for developers; the person needs no Node)."""
    npx = shutil.which("npx")
    if npx is None:
        pytest.skip("needs Node")
    root = Path(__file__).parent.parent
    done = subprocess.run(
        [npx, "--yes", "-p", "typescript@5", "tsc", "--noEmit", "-p", "jsconfig.json"], cwd=root, capture_output=True, text=True
    )
    if "npm error" in done.stderr or "npm ERR" in done.stderr:
        pytest.skip("the npm registry does not answer")
    assert done.returncode == 0, done.stdout
