"""Forgetting on the page: every target of the command line, what may say the same, the gentler ways, receipts and proof. Real Chromium."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from selenium.webdriver.common.keys import Keys

from browser import Browser, browser, needs_browser
from ownmind.messages import Entry, Integrity, Kind, Label, Source, Target
from ownmind.models.scripted import ScriptedModel
from served import Served, served

pytestmark = [needs_browser, pytest.mark.browser]

AT = datetime(2024, 3, 10, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def window() -> Iterator[Browser]:
    with browser() as opened:
        opened.look(1280, 900)
        yield opened


@pytest.fixture
def running(tmp_path: Path, window: Browser) -> Iterator[Served]:
    """A page whose memory holds a transcript of Ana and Ben, a diary, and who Ana is."""
    with served(tmp_path / "home", ScriptedModel("Noted.")) as page:
        chat, diary = Source("transcript:chat", "transcript", "chat.jsonl"), Source("file:/home/me/diary.md", "document")
        theirs = Label(Integrity.UNTRUSTED)
        told = [("Ana", "I am afraid of thunder"), ("Ben", "Ana is afraid of thunder, she hid"), ("Ben", "The train was late")]
        entries = [Entry(text, chat, theirs, Kind.TURN, AT, who, "chat", str(n)) for n, (who, text) in enumerate(told)]
        entries += [Entry("The lock of the shed is 4471 and it sticks", diary, theirs, Kind.PASSAGE)]
        entries += [Entry("Ana is my sister.", Source("note:page"), Label(Integrity.PERSON), Kind.NOTE)]
        page.house.memory.remember(entries, now=datetime(2025, 6, 1, tzinfo=UTC))
        window.open(page.address)
        yield page


def look(window: Browser, **fields: str) -> str:
    """Opens the dialog, fills in what is meant, and gives the words of the dry run."""
    window.button("Forget …").send_keys(Keys.ENTER)
    window.one("#forget-target")
    if {"from", "until", "during", "source"} & {name.rstrip("_") for name in fields}:
        window.run("document.querySelector('#forget-target details').open = true")
    for name, value in fields.items():
        field = window.one(f"#forget-target [name='{name.rstrip('_')}']")
        if field.get_attribute("type") == "date":
            window.run("arguments[0].value = arguments[1]", field, value)
        else:
            field.send_keys(value)
    window.button("Show what would go").send_keys(Keys.ENTER)
    window.until(lambda: window.all("mind-forget-plan p") or window.all("dialog.forget > .trouble"))
    return window.text("dialog.forget")


def leave(window: Browser) -> None:
    window.press(Keys.ESCAPE)
    window.until(lambda: not window.all("dialog[open]"))


def forget(window: Browser) -> str:
    """Decides, and gives the words of the receipt."""
    window.button("Forget", within="dialog.forget").send_keys(Keys.ENTER)
    window.button("Close", within="dialog.forget")
    told = window.text("dialog.forget")
    window.press(Keys.ENTER)
    window.until(lambda: not window.all("dialog[open]"))
    return told


def texts(page: Served) -> set[str]:
    return {item.text for item in page.house.memory.items()}


def test_every_target_is_there_and_shows_what_would_go(window: Browser, running: Served) -> None:
    """A person by every name, only their own words, a time, a source, words: each shows first, and removes nothing."""
    before = texts(running)
    told = look(window, person="my sister")
    assert "“my sister” is also Ana" in told and "1 said by them and 3 about them" in told and "3 messages" in told
    leave(window)
    assert "1 message" in look(window, person="Ana", part="only what they said")
    leave(window)
    assert "3 messages" in look(window, during="March 2024")
    leave(window)
    assert "3 messages" in look(window, from_="2024-03-10")
    leave(window)
    assert "shed" in look(window, source="diary.md")
    leave(window)
    assert "train" in look(window, topic="train late")
    leave(window)
    assert texts(running) == before and not window.errors()


def test_what_matches_nothing_and_an_empty_form_are_said_in_words(window: Browser, running: Served) -> None:
    """No target is refused at the form; a target that nothing meets says so and can be mended."""
    window.button("Forget …").send_keys(Keys.ENTER)
    window.button("Show what would go").send_keys(Keys.ENTER)
    window.until(lambda: "Fill in at least one" in window.text("#forget-empty"))
    window.one("#forget-target [name='during']")
    window.press("platypus", Keys.ENTER)
    window.until(lambda: window.text("dialog.forget > .trouble"))
    assert window.one("#forget-target [name='topic']").get_attribute("value") == "platypus"


def test_what_says_the_same_goes_only_with_a_tick(window: Browser, running: Served) -> None:
    """An offer is taken along, the plan shown again, and everything of it goes; the receipt is verified."""
    look(window, topic="thunder hid")
    offer = next(each for each in window.all(".offers label") if "I am afraid of thunder" in each.text)
    offer.find_element("css selector", "input").send_keys(Keys.SPACE)
    window.button("Take 1 more along").send_keys(Keys.ENTER)
    window.until(lambda: "2 messages" in window.text("dialog.forget"))
    assert "verified" in forget(window)
    assert not {text for text in texts(running) if "thunder" in text} and "The train was late" in texts(running)


def test_words_are_cut_out_of_one_thing(window: Browser, running: Served) -> None:
    """The rest of it stays, and the dialog says that a scan found nothing."""
    look(window, topic="shed")
    window.one(".going button").send_keys(Keys.ENTER)
    window.press("4471", Keys.ENTER)
    window.button("Close", within="dialog.forget")
    assert "Cut out" in window.text("dialog.forget") and "verified" in window.text("dialog.forget")
    assert "The lock of the shed is […] and it sticks" in texts(running)


def test_less_than_forgetting_keeps_it(window: Browser, running: Served) -> None:
    """Withheld it is not recalled until the person says so; given a day it is due then."""
    memory = running.house.memory
    look(window, topic="train")
    window.run("document.querySelector('.less').open = true")
    window.one(".less input[value='withhold']").send_keys(Keys.SPACE)
    window.button("Stop using it").send_keys(Keys.ENTER)
    window.until(lambda: "kept and not used" in window.text("dialog.forget"))
    assert not [one for one in memory.recall("train late") if "train" in one.text]
    window.press(Keys.ENTER)
    window.button("Forget …").send_keys(Keys.ENTER)
    window.button("Forgotten before").send_keys(Keys.ENTER)
    window.button("Use again: The train was late").send_keys(Keys.ENTER)
    window.until(lambda: "Everything that is kept may be used" in window.text("dialog.forget"))
    assert [one for one in memory.recall("train late") if "train" in one.text]
    leave(window)

    look(window, topic="train")
    window.run("document.querySelector('.less').open = true")
    window.one(".less input[value='later']").send_keys(Keys.SPACE)
    day = window.one(".less input[type='date']")
    window.run("arguments[0].value = '2031-05-01'; arguments[0].dispatchEvent(new Event('change'))", day)
    window.button("Forget then").send_keys(Keys.ENTER)
    window.until(lambda: "will be forgotten on" in window.text("dialog.forget"))
    due = memory.forgetting.next_due()
    assert due is not None and datetime.fromtimestamp(due).date().isoformat() == "2031-05-01"


def test_a_receipt_is_checked_again_and_lifted(window: Browser, running: Served) -> None:
    """First an empty list in words, then the receipt: no trace of it, and the same may come back."""
    memory = running.house.memory
    window.button("Forget …").send_keys(Keys.ENTER)
    window.button("Forgotten before").send_keys(Keys.ENTER)
    window.until(lambda: "Nothing was forgotten yet" in window.text("dialog.forget"))
    window.one("input[name='said']").send_keys("train late", Keys.ENTER)
    window.until(lambda: "It still stands in" in window.text("dialog.forget"))
    window.button("Show the first").send_keys(Keys.ENTER)
    window.until(lambda: "1 message would go" in window.text("dialog.forget"))
    assert "Receipt r1" in forget(window)

    window.button("Forget …").send_keys(Keys.ENTER)
    window.button("Forgotten before").send_keys(Keys.ENTER)
    window.button("Check again: r1").send_keys(Keys.ENTER)
    window.until(lambda: "No trace of it" in window.text("dialog.forget"))
    window.button("Let it come back: r1").send_keys(Keys.ENTER)
    window.until(lambda: "It may come back since" in window.text("dialog.forget"))
    assert memory.forgetting.receipts()[0].lifted_at is not None


def test_a_card_says_when_its_fact_was_superseded_or_forgotten_meanwhile(window: Browser, running: Served) -> None:
    """By news in the talk, and by a forget somewhere else; of the forgotten one no word stays on the page."""
    for text in ("I live in Lyon.", "I am allergic to hazelnuts.", "I moved to Porto."):
        before = len(window.all(".companion"))
        window.one("#text").send_keys(text, Keys.ENTER)
        window.until(lambda seen=before: len(window.all(".companion")) > seen and not window.all(".companion.streaming"))
    window.until(lambda: any("Now: You live in Porto" in card.text for card in window.all(".card.ended")))
    assert window.all("[aria-label='No longer so: You live in Lyon']")
    running.house.memory.forget(running.house.memory.plan_forget(Target(topic="hazelnuts")))
    window.until(lambda: any("Forgotten meanwhile" in card.text for card in window.all(".card.ended")))
    assert "hazelnuts" not in window.text(".cards") and not window.errors()


def test_of_a_message_that_says_more_only_the_words_are_forgotten_first(window: Browser, running: Served) -> None:
    """The smaller deed is chosen, shown with what stays; the rest of the message and its other fact stay, on the page too."""
    for text in ("I'm Ana and I am allergic to peanuts.", "Thank you."):
        before = len(window.all(".companion"))
        window.one("#text").send_keys(text, Keys.ENTER)
        window.until(lambda seen=before: len(window.all(".companion")) > seen and not window.all(".companion.streaming"))
    card = window.until(
        lambda: [card for card in window.all(".card") if card.find_element("css selector", "h3").text == "You are allergic to peanuts"]
    )[0]
    next(each for each in card.find_elements("css selector", "button") if each.accessible_name.startswith("Forget")).send_keys(Keys.ENTER)
    window.until(lambda: window.all(".how input[value='cut']:checked"))
    told = window.text("dialog.forget")
    assert "I am allergic to peanuts" in told and "I'm Ana and […]." in told and "Nothing else goes with it." in told
    window.one(".how input[value='forget']").send_keys(Keys.SPACE)
    window.until(lambda: "This will also remove" in window.text("dialog.forget"))
    window.one(".how input[value='cut']").send_keys(Keys.SPACE)
    assert "verified" in forget(window)
    window.until(lambda: "I'm Ana and […]." in window.text(".said"))
    assert "peanuts" not in window.text("body") and [card for card in window.all(".card") if "Your name is Ana" in card.text]
    assert "Thank you." in window.text(".said") and "I'm Ana and […]." in texts(running) and not window.errors()
