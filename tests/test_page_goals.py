"""Today, goals and people on the page, as a person meets them: real Chromium, store, solver and calendar."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

from browser import Browser, needs_browser
from ownmind.goals.goal import How, State, StepState
from ownmind.models.scripted import ScriptedModel
from served import Served, served

pytestmark = [needs_browser, pytest.mark.browser]


@pytest.fixture
def running(tmp_path: Path, window: Browser) -> Iterator[Served]:
    with served(tmp_path / "home", ScriptedModel("I do not know that."), files=tmp_path / "files") as page:
        window.look(1280, 900)
        window.open(page.address)
        yield page


def pressed(window: Browser, name: str, within: str = "body") -> None:
    """Presses the shown button whose text begins so, by keyboard."""

    def there() -> list[WebElement]:
        return [each for each in window.all(f"{within} button") if each.text.startswith(name) and each.is_displayed() and each.is_enabled()]

    found = window.until(there)
    found[0].send_keys(Keys.ENTER)


def stated(window: Browser, words: str) -> None:
    pressed(window, "Goals", ".top")
    window.until(lambda: window.all("mind-goals input[name=statement]"))
    window.one("mind-goals input[name=statement]").send_keys(words, Keys.ENTER)


def left_open(window: Browser) -> None:
    """Leaves open whatever is still asked for."""
    for _ in range(10):
        window.until(lambda: window.all("mind-goal .asked") or window.all("mind-goal button.strong"))
        if not window.all("mind-goal .asked"):
            return
        before = window.text("mind-goal .asked label")
        pressed(window, "Leave it open", "mind-goal")
        window.until(lambda before=before: not window.all("mind-goal .asked") or window.text("mind-goal .asked label") != before)


def test_a_goal_is_shown_in_parts_put_right_by_a_tap_and_planned_after_a_yes(window: Browser, running: Served) -> None:
    """Nothing is planned before the person says that it is right; a part they change is theirs from then on."""
    goals = running.house.goals
    stated(window, "Read 20 pages every evening because I miss novels")
    window.until(lambda: window.all("mind-goal .part"))
    assert "I miss novels" in window.text("mind-goal") and "you said" in window.text("mind-goal .parts")
    assert [each.state for each in goals.all()] == [State.DRAFT] and not goals.steps()
    part = next(each for each in window.all("mind-goal .part") if each.text.startswith("minutes each"))
    part.send_keys(Keys.ENTER)
    window.one("mind-goal .parts input").send_keys(Keys.CONTROL, "a")
    window.one("mind-goal .parts input").send_keys("25", Keys.ENTER)
    window.until(lambda: "you put it right" in window.text("mind-goal .parts"))
    [goal] = goals.all()
    assert next(each.how for each in goal.chips if each.slot == "minutes") is How.CHANGED
    left_open(window)
    pressed(window, "That is right", "mind-goal")
    window.until(lambda: goals.all()[0].state is State.ACTIVE)
    window.until(lambda: window.all("mind-week .step"), seconds=60)  # "plan it" plans: nothing else has to be pressed
    assert max(each.minutes for each in goals.steps()) == 25


def test_a_goal_that_would_harm_is_not_planned_and_the_words_are_kind(window: Browser, running: Served) -> None:
    """The refusal is said where the goal would stand, and nothing of it is planned."""
    stated(window, "I want to lose 20 kg in two weeks by eating nothing")
    window.until(lambda: window.all("mind-goals .refused"))
    assert len(window.text("mind-goals .refused")) > 40
    assert running.house.goals.all() == ()


def test_how_far_a_goal_is_stands_with_what_shows_it(window: Browser, running: Served) -> None:
    """The card lists what is next; said done elsewhere, it shows so at once, with the person's words as evidence."""
    house = running.house
    draft = house.goals.add("Read 20 pages every evening")
    assert draft.goal is not None
    while draft.question:
        draft = house.goals.answer(draft.goal.id, draft.slot, "")
        assert draft.goal is not None
    goal = house.goals.confirm(draft.goal.id)
    house.goals.plan()
    step = next(each for each in house.goals.steps(goal.id) if each.start)
    window.open(running.address)
    pressed(window, "Goals", ".top")
    window.until(lambda: window.all(f"#goal-{goal.id} summary"))
    window.one(f"#goal-{goal.id} summary").click()
    window.until(lambda: step.title in window.text(f"#goal-{goal.id}"))
    window.run(
        "fetch('/api/goals/check_in', {method: 'POST', headers: {'content-type': 'application/json'},"
        " body: JSON.stringify({step_or_goal: arguments[0], words: 'done, and it was lovely'})})",
        step.id,
    )
    window.until(lambda: "it was lovely" in window.one(f"#goal-{goal.id}").get_attribute("textContent"))
    assert next(each for each in house.goals.steps(goal.id) if each.id == step.id).state is StepState.DONE


def test_people_stand_on_cards_with_their_sources(window: Browser, running: Served, tmp_path: Path) -> None:
    """An address book and a letter become one card: a birthday, when last in touch, what they promised, with the sentence."""
    born = (datetime.now() + timedelta(days=4)).strftime("%m%d")
    book, letters = tmp_path / "book.vcf", tmp_path / "m.mbox"
    card = ("BEGIN:VCARD", "VERSION:3.0", "FN:Ana Novak", "N:Novak;Ana;;;", "EMAIL:ana@example.net", f"BDAY:1985{born}", "END:VCARD", "")
    book.write_text("\r\n".join(card))
    at = datetime.now().astimezone() - timedelta(days=2)
    letters.write_text(
        f"From ana@example.net {at:%a %b %d %H:%M:%S %Y}\nFrom: Ana Novak <ana@example.net>\nTo: me <me@example.com>\n"
        f"Date: {at:%a, %d %b %Y %H:%M:%S %z}\nMessage-ID: <1@x>\nSubject: Photos\n\nI will send you the photos by Sunday.\n\n"
    )
    running.house.import_paths([book, letters])
    pressed(window, "People", ".top")
    window.until(lambda: [each for each in window.all(".people button") if "Ana Novak" in each.text], seconds=30)
    next(each for each in window.all(".people button") if "Ana Novak" in each.text).send_keys(Keys.ENTER)
    window.until(lambda: window.all("mind-person"))
    told = window.text("mind-people dialog")
    assert "Ana Novak" in told and "1985" in told and "last in touch" in told


def test_the_rooms_open_empty_and_calm_and_close_with_escape(window: Browser, running: Served) -> None:
    """Before there is anything, each room says what would be there."""
    for name, words in (("Today", "Nothing is"), ("Goals", "No goals yet"), ("People", "Nobody yet")):
        window.button(name, ".top").send_keys(Keys.ENTER)
        window.until(lambda words=words: words in window.text("dialog[open]"))
        window.press(Keys.ESCAPE)
        window.until(lambda: not window.all("dialog[open]"))
