"""Growth on the page: what changed because of the person, with their words and its undo. Real Chromium, server and store."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from selenium.webdriver.common.keys import Keys

from axe import sideways, violations
from browser import Browser, needs_browser
from ownmind.messages import Entry, Integrity, Kind, Label, Source
from ownmind.models.scripted import ScriptedModel
from served import Served, served

pytestmark = [needs_browser, pytest.mark.browser]


@pytest.fixture
def page(tmp_path_factory: pytest.TempPathFactory, window: Browser) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("growth") / "home", ScriptedModel("Your dentist is Dr Ames.")) as held:
        window.look(1280, 900)
        window.open(held.address)
        yield held


@pytest.fixture
def grown(page: Served, window: Browser) -> Served:
    """A reply was put right in the talk; a memory fixed, one confirmed, one changed by newer words; a skill is off."""
    note(page, "My dentist is Dr Ames.")
    window.say("Who is my dentist?")
    window.button("Not a good reply").click()
    window.one(".fixing textarea").send_keys("My dentist is Dr Brooks.", Keys.ENTER)
    window.button("Remember this").click()
    window.until(lambda: "Remembered" in window.text(".word"))
    note(page, "I like figs.")
    page.house.memory.keep(fact(page, "You like figs"))
    note(page, "I live in Lyon.", datetime(2024, 3, 1, tzinfo=UTC))
    note(page, "I live in Porto.", datetime(2026, 5, 1, tzinfo=UTC))
    note(page, "I play chess.")
    page.house.memory.fix(fact(page, "You play chess"), "You play go")
    page.house.skills.enable(page.house.skills.all()[0].name, on=False)
    return page


def note(page: Served, text: str, at: datetime | None = None) -> str:
    entry = Entry(text, Source("note:home", "note", "Home"), Label(Integrity.PERSON), Kind.NOTE, at)
    return page.house.memory.remember([entry], now=datetime.now(UTC))[0]


def fact(page: Served, text: str) -> str:
    return next(one.id for one in page.house.memory.facts() if one.text == text)


def believed(page: Served) -> set[str]:
    return {one.text for one in page.house.memory.facts()}


def opened(window: Browser) -> None:
    window.room("mind-brain", "growth")
    window.until(lambda: window.run("const e = document.querySelector('mind-growth'); return !!e && !e.busy && !!e.changes"))


def shown(window: Browser) -> list[str]:
    return [each.text for each in window.all("mind-growth-change h4")]


def row(window: Browser, text: str) -> str:
    """Everything the row of this change says."""
    return next((each.text for each in window.all("mind-growth-change") if text in each.text), "")


def focused(window: Browser) -> object:
    return window.run("return document.activeElement.textContent")


def test_an_empty_view_teaches_how_something_is_learnt(window: Browser, page: Served) -> None:
    """What to do so that something stands here, the way to where it is done, and that no weights change; no table of nothing."""
    opened(window)
    said = window.text("mind-growth")
    assert "Nothing has changed yet. Keep a card, fix a memory" in said and "weights are never changed" in said
    assert not window.all("mind-growth table") and not window.all("mind-growth select")
    window.button("Look through all I know", "mind-growth").click()
    window.until(lambda: window.all("mind-memory dialog[open]") and not window.all("mind-brain dialog[open]"))
    assert "Tell me something about you" in window.text("mind-memory")


def test_each_change_has_its_words_and_what_it_took_the_place_of(window: Browser, grown: Served) -> None:
    """The latest first: by hand, by newer words, by confirming, and by correcting a reply, which one tap shows in its talk."""
    opened(window)
    skill = grown.house.skills.all()[0].name
    assert shown(window) == [
        f"The skill {skill} is switched off",
        "You play go",
        "You live in Porto",
        "You like figs",
        "Your dentist is Dr Brooks",
        "scripted answers since then",
    ]
    fixed, newer, corrected = (row(window, text) for text in ("You play go", "You live in Porto", "Your dentist is Dr Brooks"))
    assert "You put a memory right" in fixed and "Before: You play chess" in fixed
    assert "You said something newer" in newer and "I live in Porto" in newer and "Before: You live in Lyon" in newer
    assert "You put a reply right" in corrected and "My dentist is Dr Brooks." in corrected and "I had said it" in corrected
    window.button("Read it there", "mind-growth-change[data-id^='updated']").click()
    window.until(lambda: window.text(".reader .cited mark") == "I live in Porto")
    window.button("Back", ".reader").click()
    window.button("Open the conversation", "mind-growth-change[data-id^='correction']").click()
    window.until(lambda: not window.all("dialog[open]"))
    window.until(lambda: "Your dentist is Dr Ames." in window.text(".message.companion"))


@pytest.mark.parametrize(
    ("now", "before", "kind"),
    [
        ("You play go", "You play chess", "fix"),
        ("You live in Porto", "You live in Lyon", "updated"),
        ("Your dentist is Dr Brooks", "Your dentist is Dr Ames", "correction"),
    ],
)
def test_undo_really_undoes_and_the_row_says_so(window: Browser, grown: Served, now: str, before: str, kind: str) -> None:
    """What stood before is believed again; the row stays where it was, offers the change again, and that works too."""
    opened(window)
    places = shown(window)
    window.button(f"Undo: {now}").click()
    window.until(lambda: "Taken back. What stood before holds again." in window.text("mind-growth [role=status]"))
    assert {before} <= believed(grown) and now not in believed(grown)
    window.until(lambda: focused(window) == now)
    undone = row(window, f"Holds again: {before}")
    assert "Taken back" in undone and now in undone and [text for text in shown(window) if text in places] == places
    window.button(f"Have it again: {now}").click()
    window.until(lambda: "It counts again." in window.text("mind-growth [role=status]"))
    assert now in believed(grown) and before not in believed(grown)
    window.until(lambda: f"Undo: {now}" in [each.accessible_name for each in window.all(f"[data-id^={kind}] button")])


def test_a_confirmation_and_a_skill_are_taken_back(window: Browser, grown: Served) -> None:
    """Each by the room that owns it."""
    opened(window)
    skill = grown.house.skills.all()[0].name
    window.button("Undo: You like figs").click()
    window.until(lambda: "You took that back" in window.text("mind-growth [role=status]"))
    assert not any(one.kept for one in grown.house.memory.facts() if one.text == "You like figs")
    window.button(f"Undo: {skill}").click()
    window.until(lambda: "The skill is on again." in window.text("mind-growth [role=status]"))
    assert grown.house.skills.get(skill).is_on


def test_forgotten_words_vanish_from_an_open_view(window: Browser, grown: Served) -> None:
    """Also from a row that was taken back here and stands in no row of the store any more."""
    opened(window)
    window.button("Undo: Your dentist is Dr Brooks").click()
    window.until(lambda: "Taken back" in row(window, "Dr Brooks"))
    for words, text in (("Brooks", "mind-growth"), ("Porto", "mind-growth"), ("chess", "mind-growth")):
        assert words in window.text(text)
        grown.house.memory.forget(grown.house.memory.plan_forget(words))
        window.until(lambda words=words: words not in window.text("mind-growth"))  # type: ignore[misc]  # bound now
    window.button("Forget: You play go").click()
    window.until(
        lambda: "Forget this?" in window.text("dialog.forget") and not window.one("dialog.forget .danger").get_attribute("disabled")
    )
    window.button("Forget", "dialog.forget").click()
    window.until(lambda: "verified" in window.text("dialog.forget"))
    window.button("Close", "dialog.forget").click()
    window.until(lambda: "You play go" not in window.text("mind-growth"))


def test_what_changes_elsewhere_is_shown_by_itself(window: Browser, grown: Served) -> None:
    """A word in another window, or in the terminal, stands here without a tap."""
    opened(window)
    grown.cookie = "; ".join(f"{each['name']}={each['value']}" for each in window.chrome.get_cookies())
    change = window.one("mind-growth-change[data-id^='fix']").get_attribute("data-id")
    assert grown.ask("POST", "/api/growth/undo", {"change": change})[0] == 200
    window.until(lambda: "Holds again: You play chess" in window.text("mind-growth"))


def test_kinds_narrow_and_pages_go_on(window: Browser, grown: Served) -> None:
    """One kind alone, and more than a page of them, the focus on the first that came."""
    for n in range(33):
        note(grown, f"I like number{n}.")
        grown.house.memory.keep(fact(grown, f"You like number{n}"))
    opened(window)
    assert len(shown(window)) == 30 and "The last 30 changes" in window.text("mind-growth [role=status]")
    window.button("Show more", "mind-growth").click()
    window.until(lambda: len(shown(window)) == 39)
    assert focused(window) == shown(window)[30]
    script = "const s = document.querySelector('mind-growth select'); s.value = arguments[0];"
    script += " s.dispatchEvent(new Event('change', {bubbles: true}))"
    window.run(script, "fix")
    window.until(lambda: shown(window) == ["You play go"])
    window.run(script, "people")
    window.until(lambda: "Nothing of that kind has changed." in window.text("mind-growth"))


def test_the_week_is_counted_in_a_table(window: Browser, grown: Served) -> None:
    """Each share with what it is of, and that none of it proves anything."""
    opened(window)
    lines = {each.text.partition("\n")[0]: each.text for each in window.all("mind-growth tbody tr")}
    values = {name: window.run("return arguments[0]", text) for name, text in lines.items()}
    assert any(str(line).endswith("0 of 1") and "Good, of those you rated" in str(line) for line in values.values())
    assert any("Corrections I remember" in str(line) and str(line).endswith("1 of 1") for line in values.values())
    assert any("Facts you put right" in str(line) and str(line).endswith("1") for line in values.values())
    assert "no figure here proves" in window.text("mind-growth-weeks")


def test_everything_is_reached_by_the_keyboard_alone(window: Browser, grown: Served) -> None:
    """From the tab on: the table, the kinds, and each row's words and undo; Enter undoes."""
    opened(window)
    window.run("document.querySelector('#tab-growth').focus()")
    names, named = [], "const e = document.activeElement; return e.name || e.getAttribute('aria-label') || e.textContent.trim()"
    for _ in range(12):
        window.press(Keys.TAB)
        names.append(window.run(named))
    wanted = ["kind", "Undo: You play go", "Forget: You play go", "Read it there", "Undo: You live in Porto"]
    assert [name for name in names if name in wanted][:5] == wanted
    window.run("[...document.querySelectorAll('mind-growth button')].find((e) => e.ariaLabel === 'Undo: You play go').focus()")
    window.press(Keys.ENTER)
    window.until(lambda: "You play chess" in believed(grown))
    window.press(Keys.ESCAPE)
    window.until(lambda: not window.all("dialog[open]"))


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize(("width", "height"), [(1280, 900), (390, 844)])
def test_no_rule_of_axe_is_broken_and_nothing_is_wider_than_the_window(
    window: Browser, grown: Served, axe: str, width: int, height: int, dark: bool
) -> None:
    """The list with one taken back, in both themes, also at the largest text."""
    window.look(width, height, dark=dark)
    opened(window)
    window.button("Undo: You play go").click()
    window.until(lambda: "Holds again" in window.text("mind-growth"))
    assert violations(window, axe) == []
    fits = "const d = document.querySelector('dialog[open]'); return d.scrollWidth <= d.clientWidth"
    assert sideways(window) <= 0 and window.run(fits)
    window.run("document.documentElement.dataset.size = '200'")
    assert window.run(fits)
    assert window.errors() == []
