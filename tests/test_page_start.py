"""The first minutes and the last: offers on one's own words, the key, the locked page, offline, taking it away and wiping it."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from selenium.webdriver.common.keys import Keys

from browser import Browser, needs_browser
from commandline import quiet_home, running
from ownmind.messages import Entry, Integrity, Kind, Label, Source
from ownmind.models.scripted import ScriptedModel
from ownmind.paths import find
from ownmind.store import keys
from ownmind.store.opening import open_store
from served import Served, served

pytestmark = [needs_browser, pytest.mark.browser]

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
SAID = "I am vegetarian. My sister Ana is allergic to peanuts."


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Served]:
    with served(tmp_path / "home", ScriptedModel("I will keep that in mind.")) as held:
        yield held


def settled(window: Browser, before: int) -> None:
    window.until(lambda: len(window.all(".companion")) > before and not window.all(".companion.streaming"), 40)


def tab(window: Browser, name: str) -> None:
    """A view of Privacy."""
    if not window.all("mind-privacy dialog[open]"):
        window.button("Privacy", "header").click()
    window.until(lambda: [each for each in window.all("mind-privacy [role=tab]") if each.text == name])[0].click()


def fill(window: Browser, **given: str) -> None:
    for name, value in given.items():
        field = window.one(f"mind-privacy input[name={name}]")
        field.clear()
        field.send_keys(value)


def test_nothing_is_offered_before_the_first_word_then_each_thing_once(window: Browser, page: Served, tmp_path: Path) -> None:
    """The card is pointed at, what is known is asked by their own click, one thing is forgotten; put away is put away for good."""
    window.open(page.address)
    assert window.one("#text").is_displayed() and not window.all(".offer")
    window.say(SAID)
    window.until(lambda: "memory card" in window.text(".offer"))
    window.button("Show me the card", ".offer").click()
    window.until(lambda: window.run("return document.activeElement.classList.contains('card')"))
    before = len(window.all(".companion"))
    window.button("What do you know about me, and why?", ".offer").click()
    settled(window, before)
    assert "What do you know about me, and why?" in window.all(".message.person")[-1].text
    window.until(lambda: "Forgetting is real" in window.text(".offer"))
    window.button("Not now", ".offer").click()
    window.until(lambda: "With a passphrase only you can open it" in window.text(".offer"))
    window.button("Not now", ".offer").click()
    window.until(lambda: len(window.all(".offer .bring button")) == 4)
    window.button("Not now", ".offer").click()
    window.until(lambda: not window.all(".offer"))
    assert page.house.welcome.offers() == ()
    window.chrome.refresh()
    window.say("And I live in Porto.")
    assert not window.all(".offer") and not window.errors()


def test_what_somebody_else_wrote_is_not_called_what_the_person_said(window: Browser, page: Served) -> None:
    """Cards of a letter that was given are there before the first word; no offer says that they are of the person's words."""
    letter = Entry(
        "Ana is my sister.", Source("transcript:chat", "transcript"), Label(Integrity.UNTRUSTED), Kind.TURN, NOW, "Ben", "chat", "1"
    )
    page.house.memory.remember([letter], now=NOW)
    window.open(page.address)
    window.until(lambda: "Ana is" in window.text(".cards"))
    window.say("Good morning")
    assert window.run("return document.querySelector('mind-tour').updateComplete.then(() => true)")
    assert not window.all(".offer") and "card" in page.house.welcome.offers()


def test_the_key_is_closed_and_its_words_hold_once_two_are_said_back(window: Browser, page: Served) -> None:
    """Set, with words shown once; two typed wrongly change nothing; then changed and removed, each by the passphrase it has."""
    window.open(page.address)
    tab(window, "How it is kept")
    window.until(lambda: "in a file that you alone can read" in window.text(".protect"))
    window.button("Set a passphrase", ".protect").click()
    fill(window, passphrase="correct horse", again="correct mule")
    window.button("Set the passphrase", ".protect").click()
    window.until(lambda: "not the same" in window.text(".protect .trouble"))
    fill(window, passphrase="horse", again="horse")
    window.button("Set the passphrase", ".protect").click()
    assert window.all(".protect input:invalid") and keys.protection(page.house.paths).kind == "file"  # too short to protect anything
    fill(window, passphrase="correct horse", again="correct horse")
    window.button("Set the passphrase", ".protect").click()
    window.until(lambda: len(window.all(".words-once li")) == 15)
    words = [each.text for each in window.all(".words-once li")]
    asked = [int(each.text.removeprefix("Word ")) for each in window.all(".recovery label")]
    fields = window.all(".recovery input")
    for field in fields:
        field.send_keys("nonsense")
    window.button("I have written them down", ".recovery").click()
    window.until(lambda: "nothing was changed" in window.text(".protect .trouble"))
    assert not keys.protection(page.house.paths).has_recovery
    for field, number in zip(fields, asked, strict=True):
        field.clear()
        field.send_keys(words[number - 1])
    window.button("I have written them down", ".recovery").click()
    window.until(lambda: "hold from now on" in window.text(".protect"))
    assert keys.fits(page.house.paths, " ".join(words)) and not window.all(".words-once")
    assert "older ones" not in window.text(".protect")  # there were none
    window.button("Remove the passphrase", ".protect").click()
    fill(window, current="wrong")
    window.button("Remove the passphrase", ".protect").click()
    window.until(lambda: "1 wrong try so far" in window.text(".protect .trouble"))
    fill(window, current="correct horse")
    window.button("Remove the passphrase", ".protect").click()
    window.until(lambda: "is removed" in window.text(".protect"))
    assert keys.protection(page.house.paths).kind == "file"
    window.errors()  # the browser notes refusals in its console


def test_what_went_wrong_is_brought_into_sight(window: Browser, page: Served) -> None:
    """On a phone the button is a screen below the place where it is said."""
    window.look(390, 600)
    window.open(page.address)
    tab(window, "How it is kept")
    window.button("Make recovery words", ".protect").click()
    window.until(lambda: len(window.all(".words-once li")) == 15)
    for field in window.all(".recovery input"):
        field.send_keys("nonsense")
    window.button("I have written them down", ".recovery").click()
    window.until(lambda: "nothing was changed" in window.text(".protect .trouble"))
    seen = "const r = document.querySelector('.protect .trouble').getBoundingClientRect(); return r.top >= 0 && r.bottom <= innerHeight"
    window.until(lambda: window.run(seen), 3)
    window.errors()  # the refusal


def test_while_offline_nothing_may_leave_is_what_stands_there(window: Browser, page: Served) -> None:
    """Not what would be allowed else."""
    window.open(page.address)
    window.button("Privacy", "header").click()
    window.until(lambda: "Nothing of yours" in window.text("mind-permissions"))
    window.one(".switch input").click()
    window.until(lambda: "nothing leaves this machine" in window.text("mind-permissions"))
    assert "may be fetched" not in window.text("mind-permissions") and not window.errors()


def test_what_is_encrypted_is_said_in_groups(window: Browser, page: Served) -> None:
    """From the store itself: the memory is, settings are not, the browser's part is the browser's."""
    window.open(page.address)
    tab(window, "How it is kept")
    window.until(lambda: "mind.db" in window.text("mind-encrypted"))
    said = window.text("mind-encrypted")
    assert said.index("Encrypted\n") < said.index("mind.db") < said.index("Not encrypted: whoever") < said.index("config.toml")
    assert "spell checker" in said and not window.errors()


def test_one_click_or_one_key_closes_the_door_and_one_click_opens_it(window: Browser, page: Served) -> None:
    """On the status line, which says so; also in the switch of Privacy; kept by the house."""
    window.open(page.address)
    window.button("Go offline now", ".status").click()
    window.until(lambda: page.house.offline() and "Offline" in window.text(".status"))
    window.button("Offline. Go online", ".status").click()
    window.until(lambda: not page.house.offline() and "Go offline now" in window.text(".status"))
    window.one("#text").send_keys(Keys.CONTROL + Keys.SHIFT + "o")
    window.until(lambda: page.house.offline() and "Offline. Go online" in window.text(".status"))
    window.chrome.refresh()
    window.until(lambda: "Offline. Go online" in window.text(".status"))
    window.button("Privacy", "header").click()
    window.until(lambda: window.one(".switch input").is_selected())
    page.house.offline(False)
    window.until(lambda: "Go offline now" in window.run("return document.querySelector('.status').textContent"))
    assert not window.errors()


def test_everything_is_backed_up_and_taken_away_from_the_page(window: Browser, page: Served, tmp_path: Path) -> None:
    """A first backup shows its key once; the export is one archive with the words in it."""
    window.chrome.execute_cdp_cmd("Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(tmp_path / "down")})
    window.open(page.address)
    window.say(SAID)
    tab(window, "Backup and wipe")
    window.until(lambda: "There is none yet" in window.text("mind-wipe"))
    window.button("Back up now", "mind-wipe").click()
    window.until(lambda: "Only this recovery key" in window.text("mind-wipe"), 30)
    window.button("I have it", "mind-wipe").click()
    window.until(lambda: "The last one was made today" in window.text("mind-wipe"))
    assert str(page.house.paths.backups) in window.text("mind-wipe")
    window.button("Download the export", "mind-wipe").click()
    made = tmp_path / "down" / "ownmind-export.zip"
    window.until(made.exists, 30)
    with zipfile.ZipFile(made) as held:
        assert any(b"peanuts" in held.read(name) for name in held.namelist() if name.endswith(".jsonl"))
    assert not window.errors()


def test_a_wipe_is_said_typed_and_then_true(window: Browser, tmp_path: Path) -> None:
    """What goes and what stays first; other words change nothing; then key, backups and files are gone, and the page says what is left."""
    home = tmp_path / "home"
    with served(home, ScriptedModel("Yes.")) as page:
        window.open(page.address)
        window.say(SAID)
        tab(window, "Backup and wipe")
        window.button("Show what would go", "mind-wipe").click()
        window.until(lambda: "This would go" in window.text("mind-wipe") and "It cannot reach" in window.text("mind-wipe"))
        fill(window, typed="yes")
        window.button("Wipe", "mind-wipe").click()
        window.until(lambda: "nothing was wiped" in window.text("mind-privacy .trouble"))
        assert (home / "mind.db").exists()
        fill(window, typed="wipe everything")
        window.button("Wipe", "mind-wipe").click()
        window.until(lambda: "The key is destroyed" in window.text("mind-wipe"))
        assert "Left to do by hand" in window.text("mind-wipe")
    assert not home.exists()
    window.errors()  # the server is gone, and the browser says so


def test_a_locked_memory_asks_one_question_and_counts_wrong_answers(window: Browser, tmp_path: Path) -> None:
    """`ownmind` without a terminal serves the question; the recovery words open it, and the page is there without another step."""
    home = quiet_home(tmp_path)
    paths = find(home)
    with open_store(paths, "correct horse") as store:
        words = keys.words_of(keys.new_recovery_key(paths, store.keys))
    with running(home) as (_, address):
        window.chrome.get(address)
        window.until(lambda: window.all("input[name=secret]"), 60)[0].send_keys("open barley", Keys.ENTER)
        window.until(lambda: "1 wrong try so far" in window.text(".trouble"), 60)
        field = window.one("input[name=secret]")
        field.clear()
        field.send_keys(" ".join(words), Keys.ENTER)
        window.until(lambda: window.all("#text"), 120)
        assert window.chrome.current_url == address
        assert paths.socket.exists(), "other commands can ask the one that is open now"
    window.errors()
