"""Memory on the page: looking through what is known, why it is, confirming, fixing and forgetting it, and the timeline. Real Chromium,
server and store."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from selenium.webdriver.common.keys import Keys

from browser import Browser, needs_browser
from ownmind.memory.facts import Candidate
from ownmind.messages import Entry, Integrity, Kind, Label, Source, Span
from ownmind.models.scripted import ScriptedModel
from served import Served, served

pytestmark = [needs_browser, pytest.mark.browser]

SAID = "I'm vegetarian and I like figs. My sister Ana is allergic to peanuts."


@pytest.fixture
def page(tmp_path_factory: pytest.TempPathFactory, window: Browser) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("memory") / "home", ScriptedModel("Good to know.")) as held:
        window.look(1280, 900)
        window.open(held.address)
        yield held


@pytest.fixture
def told(page: Served) -> Served:
    """Said in a talk, noted with dates, read in a transcript, and guessed by a model."""
    note(page, "I live in Lyon.", datetime(2024, 3, 1, tzinfo=UTC))
    note(page, "I live in Porto.", datetime(2026, 5, 1, tzinfo=UTC))
    note(page, "We met Tom in March 2019 in the harbour bar. It rained.", None)
    note(page, "Ana marries on 12 June 2091.", None)
    said = note(page, "Stamps again, from the flea market.", None)
    item = page.house.memory.item(said)
    guess = Candidate("you", "collects", "stamps", "You collect stamps", item.text, Span(0, len(item.text)), confidence=0.7)
    page.house.memory.store_facts(item, [guess], datetime.now(UTC))
    outside = Entry(
        "I'm allergic to hazelnuts.", Source("transcript:chat.jsonl", "transcript", "chat.jsonl"), Label(Integrity.UNTRUSTED), Kind.TURN,
        datetime(2026, 4, 2, tzinfo=UTC), "Ben", "t1",
    )  # fmt: skip
    page.house.memory.remember([outside], now=datetime.now(UTC))
    return page


def note(page: Served, text: str, at: datetime | None) -> str:
    entry = Entry(text, Source("note:home", "note", "Home"), Label(Integrity.PERSON), Kind.NOTE, at)
    return page.house.memory.remember([entry], now=datetime.now(UTC))[0]


def opened(window: Browser, tab: str = "known") -> None:
    window.room("mind-memory", tab)
    settled(window)


def settled(window: Browser) -> None:
    """Waits until what is asked for has come, and nothing more is under way."""
    script = "const e = document.querySelector('mind-memory [role=tabpanel] > *'); return !!e && !e.busy && !!(e.choices ?? e.lines)"
    window.until(lambda: window.run(script))


def shown(window: Browser) -> list[str]:
    return [each.text for each in window.all("mind-memory-entry h4")]


def choose(window: Browser, name: str, value: str) -> None:
    """Chooses as a person does, from the keyboard's list."""
    script = "const s = document.querySelector(`mind-memory select[name=${arguments[0]}]`); s.value = arguments[1];"
    window.run(f"{script} s.dispatchEvent(new Event('change', {{bubbles: true}}))", name, value)


def test_an_empty_memory_teaches_what_comes_here_and_one_button_begins(window: Browser, page: Served) -> None:
    """It says what will stand here and what can be done with it; the button leads to the message field with words to go on with."""
    opened(window)
    assert "stands here, each with the sentence it came from" in window.text("mind-memory-list")
    assert not window.all("mind-memory select")
    window.button("Tell me something about you").click()
    window.until(lambda: window.run("return document.activeElement.id") == "text")
    assert window.run("return document.querySelector('#text').value") == "I live in "
    window.one("#text").clear()


def test_what_is_known_is_narrowed_by_words_as_they_are_typed_and_by_every_choice(window: Browser, told: Served) -> None:
    """Words answer without Enter; each choice has its number; all of them come off with one button."""
    opened(window)
    everything = ["Ben is allergic to hazelnuts", "You collect stamps", "You live in Porto"]
    assert shown(window) == everything and "3 memories" in window.text("mind-memory-list [role=status]")
    window.one("mind-memory input[name=words]").send_keys("HAZEL")
    window.until(lambda: shown(window) == everything[:1])
    window.button("Show everything again").click()
    window.until(lambda: shown(window) == everything)
    assert window.run("return document.activeElement.name") == "words"
    options = [each.text for each in window.all("mind-memory select[name=about] option")]
    assert options == ["everything", "You (2)", "Ben (1)"]
    both = (("about", "ben", everything[:1]), ("topic", "food", everything[:1]), ("topic", "home", everything[2:]))
    for name, value, left in both:
        choose(window, name, value)
        window.until(lambda left=left: shown(window) == left)  # type: ignore[misc]  # bound now
        choose(window, name, "")
        window.until(lambda: shown(window) == everything)
    choose(window, "source", "note:home")
    window.until(lambda: shown(window) == everything[1:])
    choose(window, "state", "guess")
    window.until(lambda: shown(window) == ["You collect stamps"])
    choose(window, "time", "today")
    settled(window)
    assert shown(window) == ["You collect stamps"] and "3 choices made" in window.text("mind-memory summary")
    assert window.errors() == []


def test_the_cards_beside_the_talk_lead_here(window: Browser, told: Served) -> None:
    """One button under them opens all that is known; so does the search for a room."""
    window.open(told.address)
    window.button("Look through all I know").click()
    settled(window)
    assert "You live in Porto" in shown(window)
    window.button("Close", "mind-memory").click()
    window.press(Keys.CONTROL + "k")
    window.one("mind-find input").send_keys("Memo")
    window.until(lambda: window.text("mind-find [role=option]") == "Memory")
    window.press(Keys.ENTER)
    window.until(lambda: window.all("mind-memory dialog[open]"))


def test_a_hundred_memories_come_a_page_at_a_time(window: Browser, page: Served) -> None:
    """Only a page is in the document; the button brings the next, and the focus goes to the first of them."""
    for n in range(100):
        note(page, f"I like number{n}.", None)
    opened(window)
    assert len(shown(window)) == 40 and "The last 40 of 100 memories" in window.text("mind-memory-list [role=status]")
    window.button("Show more").click()
    window.until(lambda: len(shown(window)) == 80)
    window.until(lambda: window.run("return document.activeElement.textContent") == "You like number59")
    window.button("Show more").click()
    window.until(lambda: len(shown(window)) == 100)
    assert not [each for each in window.all("mind-memory button") if each.text == "Show more"]


def test_why_shows_the_sentence_who_said_it_how_it_was_read_and_what_it_was_before(window: Browser, told: Served) -> None:
    """The old value struck through with from and until; a guess is called one."""
    opened(window)
    window.button("Why? You live in Porto").click()
    window.until(lambda: window.all(".why mark"))
    why = window.text(".why")
    assert window.text(".why mark") == "I live in Porto" and "You said it" in why and "I read it so from a plain statement" in why
    assert window.text(".why s") == "You live in Lyon" and "1, 2024 to" in why.replace("Mar ", "")
    window.button("Why? You live in Porto").click()
    window.until(lambda: not window.all(".why"))
    assert "A guess" in window.text("mind-memory-entry .state.guess")
    window.button("Why? You collect stamps").click()
    window.until(lambda: "I understood it so by myself" in window.text(".why"))


def test_one_tap_leads_to_the_passage_and_to_the_talk(window: Browser, told: Served) -> None:
    """A transcript opens at its words, marked; back leads to the memory; what was said in a talk opens that talk."""
    window.one("#text").send_keys(SAID, Keys.ENTER)
    window.until(lambda: len(window.all(".companion")) == 1 and not window.all(".companion.streaming"))
    opened(window)
    window.button("Why? Ben is allergic to hazelnuts").click()
    window.button("Read it there", ".why").click()
    window.until(lambda: window.text(".reader .cited mark") == "I'm allergic to hazelnuts")
    window.button("Back", ".reader").click()
    window.until(lambda: window.run("return document.activeElement.textContent") == "Read it there")
    window.button("Why? You like figs").click()
    window.button("Open the conversation", ".why").click()
    window.until(lambda: not window.all("dialog[open]"))
    window.until(lambda: "I like figs" in window.text(".message.person"))


def test_that_is_right_ends_a_guess_and_a_fix_takes_its_place(window: Browser, told: Served) -> None:
    """Both say so, with the focus on the memory as it is now; what was fixed stands under what never was so."""
    opened(window)
    window.button("That’s right: You collect stamps").click()
    window.until(lambda: "You confirmed it" in window.text("mind-memory-list [role=status]"))
    window.until(lambda: window.run("return document.activeElement.textContent") == "You collect stamps")
    assert not window.all("mind-memory-entry .state.guess") and "Confirmed by you" in window.text("mind-memory-list")
    window.button("Not sure after all: You collect stamps").click()
    window.until(lambda: "You took that back" in window.text("mind-memory-list [role=status]"))
    assert window.all("mind-memory-entry .state.guess")
    window.button("Fix: You collect stamps").click()
    field = window.one("mind-memory-entry textarea")
    field.clear()
    field.send_keys("You collect coins", Keys.ENTER)
    window.until(lambda: window.run("return document.activeElement.textContent") == "You collect coins")
    assert "You collect stamps" not in shown(window)
    choose(window, "state", "wrong")
    window.until(lambda: shown(window) == ["You collect stamps"])
    assert "Never so: you corrected it · Now: You collect coins" in window.text("mind-memory-entry")
    [coins] = told.house.memories.all(words="coins").memories
    assert coins.fact.kept and [each.how for each in told.house.memories.why(coins.fact.id).readings] == ["correction"]


def test_forgetting_shows_what_would_go_gives_a_receipt_and_comes_back_to_the_view(window: Browser, told: Served) -> None:
    """The dry run names the fact; after it the memory is gone from the list, what it had superseded holds again, and the focus is here."""
    opened(window)
    window.button("Forget: You live in Porto").click()
    window.until(lambda: "Forget this?" in window.text("dialog.forget") and window.text("dialog.forget .danger") == "Forget")
    window.button("Cancel", "dialog.forget").click()
    assert "You live in Porto" in shown(window)
    window.button("Forget: You live in Porto").click()
    window.until(lambda: not window.one("dialog.forget .danger").get_attribute("disabled"))
    window.button("Forget", "dialog.forget").click()
    window.until(lambda: "verified" in window.text("dialog.forget"))
    window.button("Close", "dialog.forget").click()
    window.until(lambda: "You live in Lyon" in shown(window))
    assert "You live in Porto" not in shown(window)
    window.until(lambda: window.run("return document.activeElement.id") == "mind-memory-title")


def test_the_timeline_says_what_was_what_comes_and_when_it_was_learnt(window: Browser, told: Served) -> None:
    """Each sentence under its month, no finer than its words; narrowed by words; the passage one tap away."""
    opened(window, "timeline")
    window.until(lambda: "harbour bar" in window.text(".timeline"))
    assert [each.text for each in window.all(".timeline h3")] == ["March 2019"] and not window.all(".timeline .clock")
    window.button("What comes").click()
    window.until(lambda: [each.text for each in window.all(".timeline h3")] == ["June 2091"])
    assert "12" in window.text(".timeline .clock") and "Ana marries" in window.text(".timeline")
    window.button("When I learnt it").click()
    window.until(lambda: len(window.all(".timeline li")) == 4)
    assert window.text(".timeline s") == "You live in Lyon"
    window.one("mind-memory-timeline input").send_keys("hazel")
    window.until(lambda: len(window.all(".timeline li")) == 1)
    window.button("Read it there", ".timeline").click()
    window.until(lambda: window.text(".reader .cited mark") == "I'm allergic to hazelnuts")


def test_everything_is_reached_by_the_keyboard_alone(window: Browser, told: Served) -> None:
    """From the title on: tabs by arrows, words, a choice, why, confirm; Escape leaves."""
    opened(window)
    window.run("document.querySelector('#mind-memory-title').focus()")
    names, named = [], "const e = document.activeElement; return e.name || e.getAttribute('aria-label') || e.textContent.trim()"
    for _ in range(14):
        window.press(Keys.TAB)
        names.append(window.run(named))
    wanted = ["Close", "What I know", "words", "about", "topic", "source", "time", "state", "Why? Ben is allergic to hazelnuts"]
    assert [name for name in names if name in wanted] == wanted
    window.run("document.querySelector('#tab-known').focus()")
    window.press(Keys.ARROW_RIGHT)
    window.until(lambda: window.run("return document.activeElement.id") == "tab-timeline")
    window.press(Keys.ESCAPE)
    window.until(lambda: not window.all("dialog[open]"))


def test_what_goes_wrong_is_said_and_can_be_tried_again(window: Browser, told: Served) -> None:
    """A question that does not arrive says so beside the button that asks it again."""
    opened(window)
    window.chrome.execute_cdp_cmd("Network.setBlockedURLs", {"urls": ["*/api/memories/*"]})
    try:
        window.one("mind-memory input[name=words]").send_keys("figs")
        window.until(lambda: window.all("mind-memory-list [role=alert]"))
    finally:
        window.chrome.execute_cdp_cmd("Network.setBlockedURLs", {"urls": []})
    window.button("Try again").click()
    window.until(lambda: "Nothing I know fits that" in window.text("mind-memory-list"))
    assert not window.all("mind-memory-list [role=alert]")
    window.errors()
