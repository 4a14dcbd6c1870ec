"""The page for everybody: keyboard alone, 320 px, large text and targets. Real Chromium. What every view holds: test_page_views.py."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver.common.keys import Keys

from axe import sideways
from browser import Browser, needs_browser
from ownmind.models.scripted import ScriptedModel
from served import Served, served

pytestmark = [needs_browser, pytest.mark.browser]

REPLY = "Ana is **allergic to peanuts**, so leave out:\n\n- the satay sauce\n- the `almond` cake"


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
