"""The week of goals on the page: steps dragged, moved by keys and by fields, checked in on; the measure drawn. Real Chromium and solver."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from selenium.webdriver.common.action_chains import ActionBuilder
from selenium.webdriver.common.actions.pointer_input import PointerInput
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

from browser import Browser, needs_browser
from ownmind.goals.goal import Step, StepState
from ownmind.models.scripted import ScriptedModel
from ownmind.store import goals as rows
from served import Served, served

pytestmark = [needs_browser, pytest.mark.browser]
EVENT = (
    "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//t//t//EN", "BEGIN:VEVENT", "UID:1", "DTSTAMP:20261101T000000Z",
    "DTSTART:{day}T190000", "DTEND:{day}T203000", "SUMMARY:Dentist", "END:VEVENT", "END:VCALENDAR", "",
)  # fmt: skip


@pytest.fixture
def running(tmp_path: Path, window: Browser) -> Iterator[Served]:
    """A home with a habit of one sitting tomorrow or later, placed, and a dentist in the evening of that day."""
    with served(tmp_path / "home", ScriptedModel("I do not know that."), files=tmp_path / "files") as page:
        window.look(1280, 1400)
        yield page


def goal(page: Served, words: str, template: str, **answers: str) -> str:
    """The id of a goal that was said, answered and confirmed."""
    goals = page.house.goals
    draft = goals.add(words, template)
    assert draft.goal is not None
    made = draft.goal.id
    for slot, value in answers.items():
        draft = goals.answer(made, slot, value)
    while draft.question:
        draft = goals.answer(made, draft.slot, "")
    return goals.confirm(made).id


def habit(page: Served) -> Step:
    """A daily habit, placed; its step of the day after tomorrow, which is in this week or the next."""
    goal(page, "stretch for twenty minutes", "habit", a_week="7", minutes="20 min")
    page.house.goals.plan()
    day = (datetime.now() + timedelta(days=2)).date()
    return next(one for one in page.house.goals.steps() if one.start and one.start.date() == day)


def busy(page: Served, step: Step, folder: Path) -> None:
    """A dentist from seven in the evening of the step's day; then all is planned anew."""
    assert step.start is not None
    calendar = folder / "c.ics"
    calendar.write_text("\r\n".join(EVENT).format(day=f"{step.start:%Y%m%d}"))
    page.house.import_paths([calendar])
    page.house.goals.plan()


def opened(window: Browser, page: Served, room: str = "mind-goals") -> None:
    window.open(page.address)
    window.run("document.querySelector('mind-page').dispatchEvent(new CustomEvent('view', {detail: arguments[0]}))", room)
    window.one(f"{room} dialog[open]")


def week_of(window: Browser, page: Served, step: Step) -> WebElement:
    """The step's block on the week it stands in."""
    opened(window, page)
    window.one(".week .day")
    if not window.all(f"#block-{step.id}"):
        window.button("Later days").click()
    return window.one(f"#block-{step.id}")


def now_at(page: Served, step: Step) -> str:
    """Where the store has it: "18:30"."""
    start = next(one.start for one in page.house.goals.steps() if one.id == step.id)
    assert start is not None
    return f"{start:%H:%M}"


def drag(window: Browser, block: WebElement, hours: float, *, kind: str = "mouse") -> None:
    """Takes the block by hand and sets it down so many hours lower on its day."""
    window.run("arguments[0].scrollIntoView({block: 'center'})", block)
    hour = window.run(
        "return parseFloat(getComputedStyle(document.querySelector('.track')).height) / document.querySelectorAll('.scale span').length"
    )
    assert isinstance(hour, float)
    scale = len(window.all(".scale span"))
    hour = hour * scale / (scale + 1)  # the first hour has no label
    hand = ActionBuilder(window.chrome, mouse=PointerInput(kind, f"a {kind}"))
    box = window.run("const b = arguments[0].getBoundingClientRect(); return [b.left + b.width / 2, b.top + 8]", block)
    assert isinstance(box, list)
    x, y = int(box[0]), int(box[1])
    hand.pointer_action.move_to_location(x, y).pointer_down()
    for part in (0.25, 0.5, 0.75, 1):
        hand.pointer_action.move_to_location(x, round(y + part * hours * hour))
    hand.pointer_action.pointer_up()
    hand.perform()


@pytest.mark.parametrize("kind", ["mouse", "touch"])
def test_a_step_is_dragged_and_the_plan_is_asked(window: Browser, running: Served, kind: str) -> None:
    """Set down two hours later by mouse or finger, it stands there in the store and on the page, and Undo takes it back."""
    step = habit(running)
    assert step.start is not None
    block = week_of(window, running, step)
    drag(window, block, 2, kind=kind)
    window.until(lambda: "nothing else moved" in window.text(".week .deed") or "moved" in window.text(".week .deed"))
    assert now_at(running, step) == f"{step.start + timedelta(hours=2):%H:%M}"
    window.until(lambda: window.run("return document.activeElement.id") == f"block-{step.id}")
    window.until(lambda: "pinned" in str(window.one(f"#block-{step.id}").get_attribute("class")))
    window.button("Undo", ".week").click()
    window.until(lambda: "pinned" not in str(window.one(f"#block-{step.id}").get_attribute("class")))
    assert now_at(running, step) == f"{step.start:%H:%M}"
    assert window.errors() == [] or all("api/session" in each for each in window.errors())


def test_a_step_set_down_on_an_appointment_goes_back_and_a_time_that_fits_is_offered(
    window: Browser, running: Served, tmp_path: Path
) -> None:
    """The reason names the dentist, nothing has changed, and the offered time is taken with one tap."""
    step = habit(running)
    busy(running, step, tmp_path)
    assert step.start is not None
    before = now_at(running, step)
    block = week_of(window, running, step)
    assert "Dentist" in window.text(".week .event")
    drag(window, block, 19.25 - int(before[:2]) - int(before[3:]) / 60)
    window.until(lambda: "Dentist" in window.text(".week .deed"))
    assert now_at(running, step) == before and "nearest time that fits" in window.text(".week .deed")
    window.until(lambda: window.run("return document.activeElement.textContent.startsWith('Put it on')"))
    window.press(Keys.ENTER)
    window.until(lambda: now_at(running, step) != before)
    window.until(lambda: "stands on" in window.text(".week .deed"))


def test_arrows_move_a_step_enter_sets_it_down_and_escape_leaves_it(window: Browser, running: Served) -> None:
    """By keyboard alone, said as it goes; Escape closes nothing but what is in hand."""
    step = habit(running)
    assert step.start is not None
    block = week_of(window, running, step)
    block.send_keys(Keys.ARROW_DOWN, Keys.ARROW_DOWN)
    window.until(lambda: window.all(".in-hand"))
    window.press(Keys.ESCAPE)
    window.until(lambda: not window.all(".in-hand"))
    assert window.all("mind-goals dialog[open]") and now_at(running, step) == f"{step.start:%H:%M}"
    block.send_keys(Keys.PAGE_DOWN, Keys.ARROW_DOWN)
    window.until(lambda: str(step.start and step.start.day) in str(window.one(".week [role=status]").get_attribute("textContent")))
    window.press(Keys.ENTER)
    window.until(lambda: "stands on" in window.text(".week .deed"))
    assert now_at(running, step) == f"{step.start + timedelta(minutes=75):%H:%M}"
    window.until(lambda: window.run("return document.activeElement.id") == f"block-{step.id}")


def test_from_right_to_left_the_week_is_turned_and_so_are_the_arrows(window: Browser, running: Served) -> None:
    """In Arabic the first day is on the right and the left arrow leads to the day after."""
    goal(running, "stretch for twenty minutes", "habit", a_week="7", minutes="20 min")
    running.house.goals.plan()
    window.open(running.address)
    window.run("return import('/lang.js').then(lang => lang.speak('ar'))")
    try:
        window.run("document.querySelector('mind-page').dispatchEvent(new CustomEvent('view', {detail: 'mind-goals'}))")
        window.one(".week .day")
        if datetime.now().weekday() > 4:  # two days of this week must be left
            window.run("document.querySelectorAll('.week .turn')[1].click()")
        block = window.one(".week .step.open")
        lefts = window.run("return [...document.querySelectorAll('.track')].map(each => each.getBoundingClientRect().left)")
        assert isinstance(lefts, list) and lefts == sorted(lefts, reverse=True)
        before = str(window.run("return arguments[0].closest('.track').dataset.day", block))
        block.send_keys(Keys.ARROW_LEFT)
        after = str(window.run("return document.querySelector('.in-hand').closest('.track').dataset.day"))
        assert datetime.fromisoformat(after) - datetime.fromisoformat(before) == timedelta(days=1)
        window.press(Keys.ESCAPE)
    finally:
        window.run("return import('/lang.js').then(lang => lang.speak(''))")


def test_a_step_is_moved_by_a_day_and_a_time_in_fields(window: Browser, running: Served) -> None:
    """For whoever sees no calendar: the list has Move, which has two fields; a pin is let go there too."""
    step = habit(running)
    assert step.start is not None
    week_of(window, running, step)
    window.one(".as-list summary").send_keys(Keys.ENTER)
    index = [each.get_attribute("id") for each in window.all(".week .step")].index(f"block-{step.id}")
    moves = window.until(lambda: [each for each in window.all(".as-list button") if each.is_displayed()])
    moves[index - len(window.all(".week .step:not(.open)"))].send_keys(Keys.ENTER)
    window.one("mind-step input[name=clock]")
    window.until(lambda: window.run("return document.activeElement.closest('mind-step') !== null"))
    wanted = "20:15" if f"{step.start:%H:%M}" != "20:15" else "19:15"
    window.run("arguments[0].value = arguments[1]", window.one("mind-step input[name=clock]"), wanted)
    window.button("Move it there", "mind-step").send_keys(Keys.ENTER)
    window.until(lambda: "stands on" in window.text(".week .deed"))
    assert now_at(running, step) == wanted
    window.one(f"#block-{step.id}").send_keys(Keys.ENTER)
    window.button("Leave its time to the plan", "mind-step").send_keys(Keys.ENTER)
    window.until(lambda: not next(one for one in running.house.goals.steps() if one.id == step.id).pinned)


def test_steps_that_wait_are_named_and_planned_from_there(window: Browser, running: Served) -> None:
    """A week that was not planned yet says what waits; one press plans until its end."""
    goal(running, "stretch for twenty minutes", "habit", a_week="2", minutes="20 min")
    opened(window, running)
    window.one(".week .day")
    window.button("Later days").click()
    window.until(lambda: "wait for a place" in window.text(".week"))
    window.button("Plan these days").send_keys(Keys.ENTER)
    window.until(lambda: len(window.all(".week .step")) == 2, seconds=40)
    assert "wait for a place" not in window.text(".week")


def test_a_check_in_takes_two_taps_and_is_taken_back(window: Browser, running: Served) -> None:
    """Done is kept with the first; how it went with the second, as words on the step; Undo takes both back."""
    habit(running)
    goals = running.house.goals
    [step, *_] = goals.next()
    opened(window, running, "mind-today")
    window.one("mind-today mind-step .strong").click()
    window.until(lambda: window.text("mind-today .told").startswith("Done"))
    assert next(one for one in goals.steps() if one.id == step.id).state is StepState.DONE
    window.button("It was hard", "mind-today").click()
    window.until(lambda: "hard" in next(one for one in goals.steps() if one.id == step.id).note)
    assert len([one for one in goals.progress(step.goal).evidence if one.step == step.id]) == 1
    window.until(lambda: not window.all("mind-today .check-in [role=group]"))
    window.one("mind-today .check-in button[aria-label^=Undo]").click()
    window.until(lambda: "Taken back" in window.text("mind-today .told"))
    there = next(one for one in goals.steps() if one.id == step.id)
    assert there.state is StepState.OPEN and not there.note


def test_a_nudge_is_answered_in_place_and_stays_to_be_taken_back(window: Browser, running: Served) -> None:
    """What is due now is answered with one tap; the card stays with what came of it, and Undo opens the step again."""
    house = running.house
    for name in ("quiet_from", "quiet_to"):
        house.today.set(name, "00:00")
    goal(running, "stretch for twenty minutes", "habit", a_week="2", minutes="20 min")
    house.goals.plan()
    step = next(one for one in house.goals.steps() if one.start)
    with house.store.db.write() as cx:  # its time is now, whatever time it is
        row, now = rows.step(cx, rows.number(step.id, "s")), datetime.now().timestamp()
        rows.write_steps(cx, [row._replace(start=now, until=now + 1200)])
    assert [one.subject for one in house.today.due()] == [step.id]
    opened(window, running, "mind-today")
    window.one("mind-nudge .strong").click()
    window.until(lambda: window.text("mind-nudge .told").startswith("Done"))
    assert next(one for one in house.goals.steps() if one.id == step.id).state is StepState.DONE
    assert not house.today.due() and len(window.all("mind-nudge")) == 1
    window.one("mind-nudge button[aria-label^=Undo]").click()
    window.until(lambda: "Taken back" in window.text("mind-nudge .told"))
    assert next(one for one in house.goals.steps() if one.id == step.id).state is StepState.OPEN


def test_how_much_it_was_is_the_second_tap_where_something_is_measured(window: Browser, running: Served) -> None:
    goal(running, "run the half marathon", "training", deadline=f"{datetime.now().year + 1}-09-12", baseline="5 km", a_week="3")
    goals = running.house.goals
    goals.plan()
    [step, *_] = goals.next()
    opened(window, running, "mind-today")
    window.one("mind-today mind-step .strong").click()
    amount = window.one("mind-today input[name=amount]")
    amount.send_keys(Keys.CONTROL, "a")
    amount.send_keys("4.5", Keys.ENTER)
    window.until(lambda: next(one for one in goals.steps() if one.id == step.id).amount == 4.5)


def test_the_measure_is_drawn_against_the_plan_and_stands_in_a_table(window: Browser, running: Served) -> None:
    """uPlot draws under the page's own policy: not one style or script is refused."""
    name = goal(running, "run the half marathon", "training", deadline=f"{datetime.now().year + 1}-09-12", baseline="5 km", a_week="3")
    running.house.goals.plan()
    opened(window, running)
    window.one(f"#goal-{name} summary").send_keys(Keys.ENTER)
    canvas = window.one(f"#goal-{name} .plot canvas")
    drawn = "const c = arguments[0]; return c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some(each => each > 0)"
    window.until(lambda: window.run(drawn, canvas))
    window.one(".chart summary").send_keys(Keys.ENTER)
    assert len(window.all(".chart tbody tr")) == len([one for one in running.house.goals.progress(name).points if one.planned is not None])
    assert [each for each in window.errors() if "api/session" not in each] == []


@pytest.mark.parametrize(("width", "days"), [(1280, 7), (390, 3), (320, 1)])
def test_as_many_days_are_drawn_as_there_is_room_for(window: Browser, running: Served, tmp_path: Path, width: int, days: int) -> None:
    """And a step that is open, with what came of moving it, is no wider than the window (the rest: tests/test_page_views.py)."""
    step = habit(running)
    busy(running, step, tmp_path)
    window.look(width, 900)
    opened(window, running)
    window.one(".week .day")
    assert len(window.all(".week .track")) == days
    for _ in range(4):
        if window.all(f"#block-{step.id}"):
            break
        first = window.text("#week-title")
        window.button("Later days").click()
        window.until(lambda first=first: window.text("#week-title") != first)
    window.one(f"#block-{step.id}").send_keys(Keys.ENTER)
    window.run("arguments[0].value = '19:30'", window.one("mind-step input[name=clock]"))
    window.button("Move it there", "mind-step").send_keys(Keys.ENTER)
    window.until(lambda: "Dentist" in window.text(".week .deed"))
    assert window.run("const d = document.querySelector('dialog[open]'); return d.scrollWidth <= d.clientWidth")
