"""The page for everybody: axe-core's rules, keyboard alone, 320 px, large text, large targets. Real Chromium."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver.common.keys import Keys

from axe import sideways, violations
from browser import Browser, needs_browser
from ownmind.models.scripted import ScriptedModel
from served import Served, served

pytestmark = [needs_browser, pytest.mark.browser]

REPLY = "Ana is **allergic to peanuts**, so leave out:\n\n- the satay sauce\n- the `almond` cake"
LOOKS = [(1280, 900, False), (1280, 900, True), (320, 640, False), (320, 640, True)]


@pytest.fixture(scope="module")
def talked(tmp_path_factory: pytest.TempPathFactory, window: Browser) -> Iterator[Served]:
    """A page with a conversation, cards and a source on it."""
    with served(tmp_path_factory.mktemp("talked") / "home", ScriptedModel(REPLY)) as page:
        window.look(1280, 900)
        window.open(page.address)
        for text in ("My sister Ana is allergic to peanuts.", "I am vegetarian.", "What is Ana allergic to?"):
            before = len(window.all(".companion"))
            window.one("#text").send_keys(text, Keys.ENTER)
            window.until(lambda seen=before: len(window.all(".companion")) > seen and not window.all(".companion.streaming"))
        yield page


def test_axe_would_find_a_fault(window: Browser, talked: Served, axe: str) -> None:
    """The control: a picture without words is found, so finding nothing means something."""
    window.look(1280, 900)
    window.run("const i = document.createElement('img'); i.id = 'fault'; i.src = '/icon.svg'; document.querySelector('main').append(i)")
    found = " ".join(violations(window, axe))
    window.run("document.getElementById('fault').remove()")
    assert "image-alt" in found


@pytest.mark.parametrize(("width", "height", "dark"), LOOKS)
def test_no_rule_of_axe_is_broken_in_any_state(window: Browser, talked: Served, axe: str, width: int, height: int, dark: bool) -> None:
    """Conversation, open source, fixing, forgetting (one fact, all targets, what was forgotten before), earlier conversations, about the
    brain: each in light and dark, wide and narrow."""
    window.look(width, height, dark=dark)
    if width < 600:
        toggle = window.one(".cards .narrow")
        if toggle.get_attribute("aria-expanded") == "false":
            window.run("arguments[0].click()", toggle)
    assert window.all(".card") and window.all(".chip")
    assert violations(window, axe) == []

    window.run("document.querySelector('.chip').click()")
    window.one(".source mark")
    assert violations(window, axe) == []
    window.run("document.querySelector('.chip').click()")

    window.run("document.querySelector('.card .fix').click()")
    window.one(".fixing textarea")
    assert violations(window, axe) == []
    window.press(Keys.ESCAPE)

    window.run("[...document.querySelectorAll('.card button')].find(each => each.ariaLabel.startsWith('Forget')).click()")
    window.one("dialog.forget[open] .danger:not([disabled])")
    assert violations(window, axe) == []
    window.press(Keys.ESCAPE)

    window.run("[...document.querySelectorAll('.top button')].find(each => each.textContent === 'Forget …').click()")
    window.one("#forget-target input[name='person']").send_keys("my sister")
    window.run("document.querySelector('#forget-target details').open = true")
    assert violations(window, axe) == []
    window.run("document.querySelector('#forget-target').requestSubmit()")
    window.one("mind-forget-plan .going li")
    window.run("document.querySelector('.less').open = true")
    assert violations(window, axe) == []
    window.run("[...document.querySelectorAll('dialog.forget .back')].at(-1).click()")
    window.run("setTimeout(() => document.querySelector('dialog.forget .back').click(), 200)")
    window.one("mind-forgotten form")
    assert violations(window, axe) == []
    window.press(Keys.ESCAPE)

    window.run("[...document.querySelectorAll('.top button')].find(each => each.textContent === 'Earlier').click()")
    window.one("dialog.drawer[open] li")
    assert violations(window, axe) == []
    window.press(Keys.ESCAPE)
    window.until(lambda: not window.all("dialog[open]"))


@pytest.mark.parametrize(("width", "height", "dark"), LOOKS)
def test_no_rule_of_axe_is_broken_before_a_word_is_said(
    window: Browser, axe: str, tmp_path: Path, width: int, height: int, dark: bool
) -> None:
    """The closed page and minute one."""
    with served(tmp_path / "home") as page:
        window.look(width, height, dark=dark)
        window.open(f"http://127.0.0.1:{page.port}/")
        assert violations(window, axe) == []
        window.open(page.address)
        window.one(".examples")
        assert violations(window, axe) == []


@pytest.mark.parametrize(
    ("width", "height", "font"), [(1280, 900, 100), (320, 640, 100), (640, 450, 100), (1280, 900, 200), (320, 640, 200)]
)
def test_nothing_runs_over_the_edge(window: Browser, tmp_path: Path, width: int, height: int, font: int) -> None:
    """Narrow, zoomed in, or with text twice as large: no sideways scrolling, and the message field is there."""
    with served(tmp_path / "home", ScriptedModel("averyveryveryveryverylongwordthatnobodybreaks" * 4)) as page:
        window.look(width, height)
        window.open(page.address)
        window.run("document.documentElement.style.fontSize = arguments[0]", f"{17 * font / 100}px")
        assert sideways(window) <= 0
        window.one("#text").send_keys(
            "I am vegetarian and I live in Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch.", Keys.ENTER
        )
        window.until(lambda: window.all(".companion.done"))
        window.run("document.querySelector('.cards .narrow').click()")
        assert sideways(window) <= 0
        assert window.one("#text").is_displayed()


def test_everything_can_be_reached_and_left_by_keyboard(window: Browser, tmp_path: Path) -> None:
    """Tab goes through the whole page and round again: nothing is skipped, nothing holds it, and the focus can be seen."""
    with served(tmp_path / "home") as page:
        window.look(1280, 900)
        window.open(page.address)
        window.one("#text").send_keys("I am vegetarian.", Keys.ENTER)
        window.until(lambda: window.all(".card"))
        window.run("document.activeElement.blur(); window.focus()")
        seen: list[str] = []
        for _ in range(30):
            window.press(Keys.TAB)
            where = window.run(
                "const e = document.activeElement; const s = getComputedStyle(e);"
                "const ring = s.outlineStyle !== 'none' || getComputedStyle(e.closest('.composer') ?? e).boxShadow !== 'none';"
                "return e === document.body ? 'body' : (e.ariaLabel || e.textContent.trim() || e.id) + (ring ? '' : ' NO RING')"
            )
            assert isinstance(where, str)
            if where in seen:
                break
            seen.append(where)
        told = " | ".join(seen)
        assert "NO RING" not in told
        for name in ("Skip to your message", "Earlier", "New", "Keep: ", "Fix: ", "Forget: ", "Give a file to read", "text", "Send"):
            assert name in told, (name, told)


def test_the_skip_link_is_first_and_leads_to_the_message(window: Browser, tmp_path: Path) -> None:
    """One key from the top of the page to where the person writes."""
    with served(tmp_path / "home") as page:
        window.look(1280, 900)
        window.open(page.address)
        window.run("document.activeElement.blur()")
        window.run("const s = document.querySelector('.skip'); s.focus()")
        assert window.run("return document.querySelector('.skip').getBoundingClientRect().top >= 0")
        window.press(Keys.ENTER)
        window.until(lambda: window.run("return document.activeElement.id") == "text")


@pytest.mark.parametrize("width", [1280, 320])
def test_everything_to_press_is_large_enough_for_a_thumb(window: Browser, talked: Served, width: int) -> None:
    """44 by 44 CSS pixels, the AAA size."""
    window.look(width, 640)
    script = (
        "return [...document.querySelectorAll('button, summary, textarea')].filter(e => e.checkVisibility())"
        ".map(e => [e, e.getBoundingClientRect()]).filter(([e, box]) => box.width < 43.9 || box.height < 43.9)"
        ".map(([e, box]) => e.outerHTML.slice(0, 80) + ' ' + box.width + 'x' + box.height)"
    )
    assert window.run(script) == []


def test_landmarks_headings_and_names_are_there(window: Browser, talked: Served) -> None:
    """A screen reader finds its way: one main, one h1, a named aside, a live region that is not the stream itself."""
    window.look(1280, 900)
    assert [len(window.all(css)) for css in ("main", "h1", "aside[aria-labelledby]", "nav[aria-label]", "footer", "[aria-live]")] == [1] * 6
    assert not window.all("mind-conversation [aria-live]")
    assert window.run("return document.documentElement.lang") == "en"


def test_less_motion_is_no_motion(window: Browser, talked: Served) -> None:
    """With prefers-reduced-motion nothing is animated for longer than a blink."""
    window.look(1280, 900, still=True)
    script = (
        "return [...document.querySelectorAll('*')].map(e => getComputedStyle(e))"
        ".filter(s => parseFloat(s.animationDuration) > 0.01 || parseFloat(s.transitionDuration) > 0.01).length"
    )
    assert window.run(script) == 0
    window.look(1280, 900, still=False)
    assert isinstance(window.run(script), int) and window.run(script) != 0
