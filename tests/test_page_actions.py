"""Deciding on the page: the card, its outcome, undo, what pages tried, what may leave and what left. Real Chromium, store and site."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from selenium.webdriver.common.keys import Keys

from axe import violations
from browser import Browser, needs_browser
from chatting import Chat
from outside import outside
from ownmind.messages import Action, ActionState, Argument, Endorsement, Entry, Integrity, Kind, Label, Source, Span, Trust
from ownmind.models.scripted import ScriptedModel
from served import Served, served
from test_errands import Site, site

__all__ = ["site"]

pytestmark = [needs_browser, pytest.mark.browser]


@pytest.fixture
def running(tmp_path: Path, window: Browser) -> Iterator[Served]:
    with served(tmp_path / "home", ScriptedModel("It opens at seven."), files=tmp_path / "files") as page:
        window.look(1280, 900)
        window.open(page.address)
        yield page


def card(window: Browser, css: str = "#talk .deed") -> str:
    window.one(css)
    return window.text(css)


def pressed(window: Browser, name: str, within: str = "#talk .deed") -> None:
    """Presses the card's button of that name, by keyboard."""
    found = window.until(lambda: [each for each in window.all(f"{within} button") if each.text == name])
    found[0].send_keys(Keys.ENTER)


def asked(page: Served) -> Action:
    """An action whose text came from outside in part, with a direction mark in it, and with a value to vouch for."""
    text = "😀 Dear eve\u202egro@example.org, the key is under the mat."
    outside = Label(Integrity.UNTRUSTED, sources=("page:http://bakery.example/",))
    arguments = (
        Argument("to", "ana@example.org", "email", Label(Integrity.PERSON)),
        Argument("text", text, "text", outside, (Span(7, 26),)),
    )
    action = Action(
        "", "send_mail", "sends", "Send a mail to “ana@example.org”", arguments, ActionState.WAITING, datetime.now(UTC),
        destination="ana@example.org", reasons=("Its text came from outside.",), needed=(Endorsement("email", "ana@example.org", "sends"),),
    )  # fmt: skip
    return page.house.store.actions.ask(action, b"\0" * 32)


def test_a_card_says_what_where_and_whose_and_a_yes_does_it_once(window: Browser, running: Served, site: Site) -> None:
    """Nothing is fetched before the yes; the outcome stands where the question stood, and what the page ordered is told."""
    window.say(f"Read {site.address}/bakery")
    told = card(window)
    assert "Waits for you" in told and site.address in told and "your own words" in told and "Goes to" in told
    assert site.asked == []
    pressed(window, "Allow once")
    window.until(lambda: "Done" in card(window) and "which I ignored" in card(window), seconds=60)
    assert site.asked == ["/bakery"]
    assert not [each for each in window.all("#talk .deed button") if each.text in ("Allow once", "Deny", "Undo")]
    assert window.run("return document.activeElement.className") == "state"
    window.button("Activity").send_keys(Keys.ENTER)
    window.until(lambda: "The page" in window.text("dialog[open]"))  # the action's own outcome, which is there before, says the rest
    told = window.text("dialog[open]")
    assert "eve@example.org" in told and "tried to have something sent:" in told and "Ignored" in told and "Nothing waits for you." in told
    window.button("Close", within="dialog[open]").send_keys(Keys.ENTER)
    assert not window.errors()


def test_what_waited_is_there_after_a_reload_and_can_be_denied(window: Browser, running: Served, site: Site) -> None:
    window.say(f"Read {site.address}/bakery")
    card(window)
    window.open(running.address.partition("#")[0])
    assert site.address in card(window, "#talk .waits .deed")
    pressed(window, "Deny")
    window.until(lambda: not window.all("#talk .waits"), seconds=30)
    assert [one.state for one in running.house.actions()] == [ActionState.DENIED]
    assert site.asked == [] and not window.errors()


def test_what_is_from_outside_is_marked_and_nothing_is_hidden(window: Browser, running: Served) -> None:
    """By brackets and words, in the right place though an emoji stands before it; a direction mark is written out."""
    asked(running)
    window.chrome.refresh()
    told = card(window, "#talk .waits .deed")
    assert "⟦eve<U+202E>gro@example.org⟧" in told
    assert "from outside: page:http://bakery.example/" in told and "nobody vouches for it" in told
    assert "Allow this value" in told and "remembers ana@example.org: just that" in told
    hidden = window.run("return document.querySelector('.value .outside').textContent")
    assert isinstance(hidden, str) and hidden.startswith("From outside: ")
    source = Source("page:http://bakery.example/", "document", "bakery.example")
    passage = Entry("The bakery opens at seven.", source, Label(Integrity.UNTRUSTED), Kind.PASSAGE)
    running.house.memory.remember([passage], now=datetime.now(UTC))
    window.say("When does the bakery open?")
    window.one(".chip").click()
    window.until(lambda: "From outside: bakery.example" in window.text("#talk .companion"))
    assert "Rests on words from outside: bakery.example" in window.text("#talk .companion")


def test_always_and_every_permission_can_be_taken_back(window: Browser, running: Served, site: Site) -> None:
    """What was allowed stands under Privacy, can be taken back, given again and capped; so does what left, exactly, and that the ledger is
    whole. Offline is one switch."""
    window.say(f"Read {site.address}/bakery")
    card(window)
    pressed(window, "Allow this value")
    window.until(lambda: "Done" in card(window), seconds=60)
    window.button("Privacy").send_keys(Keys.ENTER)
    where = site.address.removeprefix("http://")
    window.button(f"Revoke p1: {where}, to read web pages").send_keys(Keys.ENTER)
    window.until(lambda: not running.house.permissions())
    window.button("Allow it again").send_keys(Keys.ENTER)
    window.until(lambda: [one.id for one in running.house.permissions()] == ["p2"])
    window.button("Set a cap: p2").send_keys(Keys.ENTER)
    window.one("input[name=cap]").send_keys("2.5", Keys.ENTER)
    window.until(lambda: "0 of 2.5 spent" in window.text("dialog[open]"))
    assert running.house.permissions()[0].spend_cap == 2.5
    window.one("[role=tab][aria-selected=true]").send_keys(Keys.ARROW_RIGHT)
    window.until(lambda: "Exactly what left" in window.text("dialog[open]"))
    told = window.text("dialog[open]")
    assert where in told and "You allowed it (p1: read web pages" in told and "this week" in told
    window.one("dialog[open] summary").click()
    window.until(lambda: "GET /bakery" in window.text("dialog[open] pre"))
    window.button("Check that no row is missing").click()
    window.until(lambda: "The ledger is whole" in window.text("dialog[open]"))
    window.one("dialog[open] [role=switch]").send_keys(Keys.SPACE)
    window.until(lambda: running.house.offline())
    window.button("Close", within="dialog[open]").send_keys(Keys.ENTER)
    assert not window.errors()


def test_what_was_done_is_undone_with_a_button(window: Browser, running: Served) -> None:
    window.say('Write "milk, eggs" to a file called list.md')
    window.until(lambda: "Done" in card(window))
    (done,) = running.house.actions()
    path = Path(done.destination) / "list.md"
    assert path.read_text().strip() == "milk, eggs"
    window.open(running.address.partition("#")[0])
    window.button("Earlier").send_keys(Keys.ENTER)
    window.one("dialog[open] li button").send_keys(Keys.ENTER)
    window.one("mind-message .deed")
    pressed(window, "Undo")
    window.until(lambda: "Undone" in card(window), seconds=30)
    assert not path.exists() and not window.errors()


def test_what_left_is_paged_and_narrowed_and_leads_to_what_was_told(window: Browser, running: Served) -> None:
    """Never more than a page of rows in the document; the filter asks the server; a memory in it leads to its card, and of a forgotten
    one it is said."""
    window.say("My sister Ana is allergic to peanuts.")
    (told, gone) = (running.house.memory.facts()[0].item_id, "i99")
    now = datetime.now(UTC).timestamp()
    for n in range(60):
        place, why = ("b.example.org", "read my mail") if n == 3 else ("api.example.org", "answer")
        running.house.store.ledger.append(place, why, consent="p1", bytes_out=100 + n, at=now - 60 * n, item_ids=(told, gone))
    window.button("Privacy").click()
    window.one("#tab-ledger").click()
    window.until(lambda: len(window.all("mind-ledger .rows > li")) == 25)
    window.button("Older").click()
    window.until(lambda: "26 to 50 of 60" in window.text("mind-ledger .pages"))
    assert len(window.all("mind-ledger .rows > li")) == 25
    window.one("mind-ledger select[name=purpose]").send_keys("read my mail")
    window.until(lambda: len(window.all("mind-ledger .rows > li")) == 1)
    shown = window.text("mind-ledger .rows")
    assert "b.example.org" in shown and "My sister Ana is allergic" in shown and "i99, forgotten since" in shown
    assert "purpose=read+my+mail" in str(window.one("mind-ledger a[download]").get_attribute("href"))
    window.button(f"Show its card: {told}").click()
    window.until(lambda: not window.all("dialog[open]") and window.run("return document.activeElement.matches('.card')"))
    assert not window.errors()


def test_what_would_leave_is_shown_with_what_each_pseudonym_stands_for(window: Browser, running: Served) -> None:
    """In words beside the text and for a screen reader in it; nothing is sent. A source is told apart by what the person says of it."""
    window.say("My sister Ana is allergic to peanuts.")
    running.house.trust("https://bakery.example", Trust.TRUSTED)
    window.button("Privacy").click()
    window.one("#tab-would").click()
    window.one("textarea[name=text]").send_keys("What may Ana eat?")
    window.one("input[name=destination]").send_keys("api.example.org", Keys.ENTER)
    window.until(lambda: window.all(".preview .stands li"), seconds=60)
    assert "stands for Ana" in window.text(".preview .stands")
    assert "stands for Ana" in str(window.run("return document.querySelector('.preview .exactly').textContent"))
    goes = window.run(
        "const e = document.querySelector('.preview .exactly').cloneNode(true);"
        "e.querySelectorAll('sup').forEach(s => s.remove()); return e.textContent"
    )
    assert isinstance(goes, str) and "is allergic to peanuts" in goes and "Ana" not in goes
    assert running.house.sent() == []
    window.one("#tab-trust").click()
    window.one("mind-trust select").send_keys("Not used")
    window.until(lambda: [one.trust for one in running.house.sources()] == [Trust.UNUSED])
    window.until(lambda: "Not used" in window.text("mind-trust [role=status]"))
    assert not window.errors()


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (320, True)])
def test_a_question_to_a_model_elsewhere_is_shown_whole_and_a_yes_sends_just_that(
    window: Browser, running: Served, axe: str, width: int, dark: bool
) -> None:
    """Nothing goes before the yes; the card has the text with the pseudonyms told; the answer stands in the conversation after it."""
    with outside(Chat()) as chat:
        assert isinstance(chat, Chat)
        chat.script = lambda body: "A mild curry without peanuts."
        running.house.providers.set("far", url=chat.url, model="big-one", price_in=1.0, price_out=2.0, currency="EUR")
        window.button("Privacy").send_keys(Keys.ENTER)
        window.button("Let big-one answer").send_keys(Keys.ENTER)
        window.button("Answer here")
        assert running.house.providers.rules().lines[0].to == "far"
        window.press(Keys.ESCAPE)
        window.say("My sister Ana is allergic to peanuts.")
        for waiting in running.house.actions():
            running.house.decline(waiting.id)
        window.look(width, 844, dark=dark)
        window.say("What could I cook for Ana on Friday?")
        window.until(lambda: window.all("mind-message:last-of-type .preview .stands li"), seconds=60)
        told = card(window, "#talk .deed.waiting")
        assert "stands for Ana" in told and chat.destination in told and "EUR" in told and chat.connections == 0
        assert violations(window, axe) == []
        assert window.run("return document.documentElement.scrollWidth <= innerWidth")
        window.run("document.querySelector('.deed.waiting .lasting').open = true")
        window.one("input[name=cap]").send_keys("3")
        assert violations(window, axe) == []
        pressed(window, "Allow until I revoke it", "#talk .deed.waiting")
        window.until(lambda: "A mild curry without peanuts." in window.text("#talk .said > li:last-child .words"), seconds=60)
        (given,) = running.house.permissions()
        assert (given.destination, given.spend_cap, len(chat.requests)) == (chat.destination, 3.0, 1)
        assert b"Ana" not in chat.requests[0] and not window.errors()
