"""Brain and tools on the page: what runs, who else may answer, what Ownmind can use and who can use it. Real Chromium, the real house."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from selenium.webdriver.common.keys import Keys

from browser import Browser, needs_browser
from ownmind.guard.clients import Scope
from ownmind.models.scripted import ScriptedModel
from served import Served, served

pytestmark = [needs_browser, pytest.mark.browser]


@pytest.fixture
def page(tmp_path_factory: pytest.TempPathFactory, window: Browser) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("brain") / "home", ScriptedModel("You mentioned Dr Okafor.")) as held:
        window.look(1280, 900)
        window.open(held.address)
        yield held


def test_a_key_for_a_program_is_shown_once_and_can_be_ended(window: Browser, page: Served) -> None:
    """The page shows it after making it; the store has its hash alone."""
    window.room("mind-tools", "programs")
    window.one("mind-programs input[name=name]").send_keys("my editor", Keys.ENTER)
    window.until(lambda: window.all("mind-programs .key"))
    key = str(window.one("mind-programs .key").text)
    client = page.house.clients.known(key)
    assert client is not None
    assert (client.name, client.scopes) == ("my editor", (Scope.TALK,))
    window.run("[...document.querySelectorAll('mind-programs button')].find(e => e.textContent === 'I have it').click()")
    window.until(lambda: not window.all("mind-programs .key"))
    assert key not in str(window.run("return document.documentElement.outerHTML"))
    window.run("document.querySelector('mind-programs .rows button').click()")
    window.until(lambda: page.house.clients.known(key) is None)


def test_a_provider_is_set_up_with_its_key_and_its_cap_and_answers_nothing_unasked(window: Browser, page: Served) -> None:
    """The key goes into the store and is shown nowhere; who answers does not change by it."""
    window.room("mind-brain", "elsewhere")
    window.button("Add it", "mind-providers").click()
    assert window.all("mind-providers input[name=key]:invalid") and page.house.providers.all() == ()  # it would answer nothing without
    window.one("mind-providers input[name=key]").send_keys("sk-very-secret-1")
    window.one("mind-providers input[name=cap]").send_keys("5", Keys.ENTER)
    window.until(lambda: "is set up" in str(window.one("mind-providers [role=status]:last-of-type").text))
    (card,) = page.house.providers.all()
    assert (card.has_key, card.cap, card.is_used) == (True, 5.0, False)
    assert "sk-very-secret-1" not in str(window.run("return document.documentElement.outerHTML"))
    assert page.house.providers.rules().lines == ()
    window.one("mind-providers textarea").send_keys(f"write to {card.name}")
    window.run("document.querySelector('mind-providers textarea').form.requestSubmit()")
    window.until(lambda: [each.line for each in page.house.providers.rules().lines] == [f"write to {card.name}"])


def test_what_runs_here_and_what_could_is_listed_with_its_size_and_licence(window: Browser, page: Served) -> None:
    """Every model to talk with says whether this machine can run it, and nothing was fetched by looking."""
    window.room("mind-brain", "here")
    window.until(lambda: window.all("mind-models .rows > li"))
    rows = [str(each.text) for each in window.all("mind-models h3 + .rows > li")]
    assert len(rows) >= 3
    assert all(("Runs here" in each) or ("Too large" in each) or ("hub says" in each) for each in rows)
    assert all(("GB" in each) or ("MB" in each) or ("size not known" in each) for each in rows)
    assert page.house.door.left().requests == 0
    assert page.house.door.left().setup_requests == 0


def test_behind_a_reply_stands_exactly_what_the_model_was_sent_and_where_its_time_went(window: Browser, page: Served) -> None:
    """Read when it is opened; the words are those of the page the model saw."""
    window.one("#text").send_keys("My dentist is Dr Okafor on Mill Road", Keys.ENTER)
    window.until(lambda: window.all("mind-behind summary"))
    window.one("mind-behind summary").click()
    window.until(lambda: window.all("mind-behind .bars li"))
    assert "recall" in str(window.one("mind-behind .bars").text)
    window.until(lambda: window.all("mind-behind .exactly"))
    sent = str(window.run("return document.querySelector('mind-behind .exactly').textContent"))
    assert "My dentist is Dr Okafor on Mill Road" in sent


def test_a_skill_is_used_from_the_page_and_switched_off(window: Browser, page: Served) -> None:
    window.room("mind-tools", "skills")
    window.until(lambda: len(window.all("mind-skills .rows > li")) >= 12)
    first = str(window.one("mind-skills .rows > li strong").text)
    window.run("[...document.querySelectorAll('mind-skills .rows > li button')].find(e => e.textContent === 'Switch off').click()")
    window.until(lambda: not page.house.skills.get(first).is_on)


def test_a_search_server_is_set_and_taken_away(window: Browser, page: Served) -> None:
    window.room("mind-tools", "search")
    window.one("mind-search input[name=url]").send_keys("https://searx.example.org", Keys.ENTER)
    window.until(lambda: page.house.search.engine() is not None)
    window.until(lambda: window.all("mind-search input[name=words]"))
    window.run("[...document.querySelectorAll('mind-search button')].find(e => e.textContent === 'Search nowhere').click()")
    window.until(lambda: page.house.search.engine() is None)


def test_what_goes_wrong_is_said_where_it_went_wrong(window: Browser, page: Served) -> None:
    """In the words of the house, with what to do."""
    window.room("mind-tools", "search")
    window.one("mind-search input[name=url]").send_keys("http://searx.example.org", Keys.ENTER)
    window.until(lambda: window.all("mind-search .trouble"))
    assert "https://" in str(window.one("mind-search .trouble").text)
