"""Notifications: what a person sees on their desktop while the page is open behind other windows. Real Chromium, a real D-Bus desktop."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

pytest.importorskip("jeepney")  # comes with keyring, on Linux
import desktop as desktops
from browser import Browser, browser, needs_browser
from desktop import Desktop, needs_desktop
from ownmind.models.scripted import ScriptedModel
from ownmind.store import goals as rows
from served import Served, served

pytestmark = [needs_browser, needs_desktop, pytest.mark.browser]

ALLOWED = {"profile.default_content_setting_values.notifications": 1}
A_WHILE = 1.5  # seconds in which what should not come would have come


@pytest.fixture(scope="module")
def desktop() -> Iterator[Desktop]:
    with desktops.running() as shown:
        yield shown


@pytest.fixture(scope="module")
def window(desktop: Desktop) -> Iterator[Browser]:
    with browser(settings=ALLOWED, DBUS_SESSION_BUS_ADDRESS=desktop.address) as opened:
        yield opened


@pytest.fixture
def page(tmp_path: Path, window: Browser, desktop: Desktop) -> Iterator[Served]:
    """Its page is open in the only tab, and may notify; a habit is planned."""
    with served(tmp_path / "home", ScriptedModel("Noted.")) as home:
        for name, value in (("quiet_from", "00:00"), ("quiet_to", "00:00"), ("nudges_a_day", "20")):
            home.house.today.set(name, value)
        draft = home.house.goals.add("stretch for twenty minutes", "habit")
        assert draft.goal is not None
        goal = draft.goal.id
        draft = home.house.goals.answer(goal, "a_week", "7")
        while draft.question:
            draft = home.house.goals.answer(goal, draft.slot, "")
        home.house.goals.confirm(goal)
        home.house.goals.plan()
        window.chrome.execute_cdp_cmd("Emulation.setFocusEmulationEnabled", {"enabled": False})  # it calls every page visible
        window.look(1280, 900)
        window.open(home.address)
        window.until(lambda: window.run("return navigator.serviceWorker.controller !== null"))
        desktop.shown.clear()
        desktop.closed.clear()
        yield home
        first, *others = window.chrome.window_handles
        for each in others:
            window.chrome.switch_to.window(each)
            window.chrome.close()
        window.chrome.switch_to.window(first)
        window.chrome.get("about:blank")


def look_away(window: Browser) -> str:
    """Another tab comes to the front; gives the handle of the one that was there."""
    before = str(window.chrome.current_window_handle)
    window.chrome.switch_to.new_window("tab")
    return before


def come_due(page: Served) -> None:
    """The next step's time is now."""
    house = page.house
    step = next(one for one in house.goals.steps() if one.start and one.start > datetime.now().astimezone())
    with house.store.db.write() as cx:
        row, now = rows.step(cx, rows.number(step.id, "s")), datetime.now().timestamp()
        rows.write_steps(cx, [row._replace(start=now, until=now + 1200)])
    house.runner.wake()


def test_what_is_due_is_said_once_and_without_a_word_of_it(window: Browser, page: Served, desktop: Desktop) -> None:
    """Others may read it: it says that something is due, and no more."""
    look_away(window)
    come_due(page)
    window.until(lambda: desktop.shown)
    time.sleep(A_WHILE)
    [(_, text)] = desktop.shown
    assert text.startswith("Ownmind") and "Something is due. Open the page to see it." in text
    assert "stretch" not in text.lower() and "minutes" not in text


def test_two_pages_say_it_once(window: Browser, page: Served, desktop: Desktop) -> None:
    """Both are open behind another tab, and hear of it at the same time."""
    look_away(window)
    window.open(f"http://127.0.0.1:{page.port}/")
    look_away(window)
    come_due(page)
    window.until(lambda: desktop.shown)
    time.sleep(A_WHILE)
    assert len(desktop.shown) == 1


def test_nobody_is_told_who_looks_at_a_page(window: Browser, page: Served, desktop: Desktop) -> None:
    """A second page is open behind the one that is looked at: what is due stands there, and nothing pops up."""
    look_away(window)
    window.open(f"http://127.0.0.1:{page.port}/")
    come_due(page)
    window.until(lambda: window.run("return document.querySelector('mind-page').due") == 1)
    time.sleep(A_WHILE)
    assert not desktop.shown


def test_quiet_hours_hold_it_back_until_they_end(window: Browser, page: Served, desktop: Desktop) -> None:
    now = datetime.now()
    page.house.today.set("quiet_from", f"{now - timedelta(minutes=30):%H:%M}")
    page.house.today.set("quiet_to", f"{now + timedelta(minutes=5):%H:%M}")
    look_away(window)
    come_due(page)
    time.sleep(2 * A_WHILE)
    assert not desktop.shown
    for name in ("quiet_from", "quiet_to"):
        page.house.today.set(name, "00:00")
    page.house.runner.wake()
    window.until(lambda: len(desktop.shown) == 1)


def test_silence_is_kept(window: Browser, page: Served, desktop: Desktop) -> None:
    """Nothing of the silent time is made up for; what is due after it is said."""
    page.house.today.set("silent", "yes")
    look_away(window)
    come_due(page)
    time.sleep(2 * A_WHILE)
    assert not desktop.shown
    page.house.today.set("silent", "no")
    page.house.runner.wake()
    time.sleep(A_WHILE)
    assert not desktop.shown
    come_due(page)
    window.until(lambda: len(desktop.shown) == 1)


def test_a_browser_that_was_told_no_shows_nothing_and_the_page_says_how_to_take_that_back(
    window: Browser, page: Served, desktop: Desktop
) -> None:
    asked = {"permission": {"name": "notifications"}, "setting": "denied", "origin": f"http://127.0.0.1:{page.port}"}
    window.chrome.execute_cdp_cmd("Browser.setPermission", asked)
    mine = look_away(window)
    come_due(page)
    time.sleep(2 * A_WHILE)
    assert not desktop.shown
    window.chrome.switch_to.window(mine)
    window.until(lambda: window.run("return document.querySelector('mind-page').due") == 1)
    window.run("document.querySelector('mind-page').room('mind-today')")
    window.one("mind-today dialog[open]")
    window.run("[...document.querySelectorAll('mind-today details')].at(-1).open = true")
    window.until(lambda: "press the sign beside the address, allow notifications there" in window.text("mind-days"))
    assert not [each for each in window.all("mind-days button") if "Let this browser" in each.text]


def test_a_click_brings_the_page_to_the_front_with_what_is_due(window: Browser, page: Served, desktop: Desktop) -> None:
    mine = look_away(window)
    come_due(page)
    window.until(lambda: desktop.shown)
    assert window.run("return document.visibilityState") == "visible", "the other tab is looked at"
    desktop.press(desktop.shown[0][0])
    window.until(lambda: window.run("return document.visibilityState") == "hidden")
    window.chrome.switch_to.window(mine)
    assert "stretch" in window.until(lambda: window.text("mind-today dialog[open] mind-nudge")).lower()


def test_a_click_opens_a_page_where_there_is_none_any_more(window: Browser, page: Served, desktop: Desktop) -> None:
    mine = look_away(window)
    other = window.chrome.current_window_handle
    come_due(page)
    window.until(lambda: desktop.shown)
    window.chrome.execute_cdp_cmd("Target.closeTarget", {"targetId": mine})
    window.until(lambda: window.chrome.window_handles == [other])
    desktop.press(desktop.shown[0][0])
    opened = window.until(lambda: set(window.chrome.window_handles) - {other})
    window.chrome.switch_to.window(opened.pop())
    assert "stretch" in window.until(lambda: window.text("mind-today dialog[open] mind-nudge")).lower()
    assert window.run("return location.search") == ""


def test_what_was_seen_on_the_page_is_taken_back(window: Browser, page: Served, desktop: Desktop) -> None:
    mine = look_away(window)
    come_due(page)
    window.until(lambda: desktop.shown)
    window.chrome.switch_to.window(mine)
    window.until(lambda: desktop.closed == [desktop.shown[0][0]])


def test_what_was_answered_elsewhere_is_taken_back(window: Browser, page: Served, desktop: Desktop) -> None:
    """In a terminal or on the phone: nothing is due any more."""
    look_away(window)
    come_due(page)
    window.until(lambda: desktop.shown)
    [nudge] = page.house.today.due()
    window.chrome.get(f"http://127.0.0.1:{page.port}/manifest.webmanifest")  # no page of Ownmind, and its own origin
    window.run(
        "return fetch('/api/goals/check_in', {method: 'POST', headers: {'content-type': 'application/json'},"
        " body: JSON.stringify({step_or_goal: arguments[0], words: 'done'})})",
        nudge.subject,
    )
    window.until(lambda: desktop.closed == [desktop.shown[0][0]])
