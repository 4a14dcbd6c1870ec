"""The page as a whole: in other languages and directions, in other colours and sizes, as an app, and while Ownmind is away."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

from browser import Browser, needs_browser
from ownmind.bench import wording
from ownmind.models.scripted import ScriptedModel
from served import Served, served

pytestmark = [needs_browser, pytest.mark.browser]


# The paths of everything the page's worker keeps.
KEPT = """const held = await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys()));
return held.flat().map((each) => new URL(each.url).pathname)"""


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory, window: Browser) -> Iterator[Served]:
    """A page with a conversation and a card on it."""
    with served(tmp_path_factory.mktemp("shell") / "home", ScriptedModel("I will keep that in mind.")) as page:
        window.open(page.address)
        window.one("#text").send_keys("My sister Ana is allergic to peanuts.", Keys.ENTER)
        window.until(lambda: window.all(".companion") and not window.all(".companion.streaming") and window.all(".card"))
        yield page


def choose(window: Browser, name: str, value: str) -> None:
    """Sets something on the page's settings, as a person does, and closes them."""
    window.run("document.querySelector('mind-page').ask('view', 'mind-settings')")
    Select(window.one(f"mind-settings select[name={name}]")).select_by_value(value)
    window.until(lambda: window.run(f"return localStorage.getItem('{name}') ?? ''") == value)
    window.run("document.querySelector('mind-settings').close()")
    window.until(lambda: not window.all("mind-settings[open], mind-settings .title"))


def test_the_language_changes_at_once_and_stays(window: Browser, running: Served) -> None:
    """German, without a reload and after one; what the person wrote stays as it is."""
    german = wording.messages("de")
    choose(window, "language", "de")
    window.until(lambda: german["Goals"] in window.text(".top nav"))
    assert window.run("return document.documentElement.lang + document.documentElement.dir") == "deltr"
    assert window.one("#text").get_attribute("placeholder") == german["Say something"]
    assert window.text(".person") == "My sister Ana is allergic to peanuts."
    assert "5 " not in window.text(".status") and "Byte haben diesen Computer verlassen" in window.text(".status .left")
    window.chrome.refresh()
    assert window.until(lambda: german["Goals"] in window.text(".top nav"))
    choose(window, "language", "")
    assert window.until(lambda: "People" in window.text(".top nav"))
    assert not window.errors()


def test_arabic_turns_the_page_round(window: Browser, running: Served) -> None:
    """From right to left at 390 px: nothing is cut off, the message field begins at the right, commands stay as they are typed."""
    choose(window, "language", "ar")
    window.look(390, 844, dark=True)
    window.until(lambda: window.run("return document.documentElement.dir") == "rtl")
    window.one(".top .menu").click()
    window.until(lambda: str(wording.messages("ar")["People"]) in window.text("#menu"))
    inside = "const menu = document.querySelector('#menu').getBoundingClientRect(); return menu.left >= 0 && menu.right <= innerWidth"
    assert window.run(inside)
    window.press(Keys.ESCAPE)
    assert window.run("return document.documentElement.scrollWidth <= innerWidth")
    places = "return ['.composer .send', '.composer .round'].map(css => document.querySelector(css).getBoundingClientRect().x)"
    send, clip = window.run(places)  # type: ignore[misc]  # two numbers
    assert send < clip
    english = "return import('/lang.js').then(({ t, plural }) => [t('Of tomorrow.'), plural(2, '{n} dog.', '{n} dogs.')])"
    assert window.run(english) == ["\u2066Of tomorrow.\u2069", "\u20662 dogs.\u2069"]  # not translated: it ends on its own side (UAX 9)
    window.room("mind-tools", "servers")
    window.one("mind-tools code")
    assert window.run("return getComputedStyle(document.querySelector('mind-tools code')).direction") == "ltr"
    window.run("document.querySelector('mind-tools').close()")
    window.look(1280, 900)
    choose(window, "language", "")


def test_colours_and_size_are_set_without_anything_jumping(window: Browser, running: Served) -> None:
    """The theme switches with a layout shift of zero; text at 200 % leaves nothing cut off at 1280 px wide (WCAG 1.4.4)."""
    window.run("""window.shift = 0; new PerformanceObserver((list) => { for (const each of list.getEntries()) window.shift += each.value; })
        .observe({type: 'layout-shift', buffered: false})""")
    paper = "return getComputedStyle(document.documentElement).backgroundColor"
    light = window.run(paper)
    window.run("document.documentElement.dataset.theme = 'dark'")
    window.until(lambda: window.run(paper) != light)
    window.run("return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert window.run("return window.shift") == 0
    window.run("document.documentElement.dataset.theme = ''")
    choose(window, "size", "200")
    assert window.run("return getComputedStyle(document.documentElement).fontSize") == "34px"
    assert window.run("return document.documentElement.scrollWidth <= innerWidth")
    window.chrome.refresh()
    window.one("#text")
    assert window.run("return getComputedStyle(document.documentElement).fontSize") == "34px"
    choose(window, "size", "")


def test_the_manifest_makes_an_app(window: Browser, running: Served) -> None:
    """The browser itself would install it, reads it without a complaint, and every icon is there in the size it says."""
    found = window.chrome.execute_cdp_cmd("Page.getAppManifest", {})
    assert window.chrome.execute_cdp_cmd("Page.getInstallabilityErrors", {}) == {"installabilityErrors": []}
    assert found["errors"] == [] and found["url"].endswith("/manifest.webmanifest")
    said = json.loads(found["data"])
    assert said["display"] == "standalone" and {each.get("purpose") for each in said["icons"]} >= {"any", "maskable"}
    size = "const i = new Image(); i.src = arguments[0]; return i.decode().then(() => `${i.naturalWidth}x${i.naturalHeight}`)"
    for icon in said["icons"]:
        if icon["type"] == "image/png":
            assert window.run(size, icon["src"]) == icon["sizes"]


def test_the_page_says_that_ownmind_is_away_and_goes_on(window: Browser, tmp_path: Path) -> None:
    """Stopped, a reload shows how to start it, in the page's language, with nothing of the person kept; started, the page is back."""
    home = tmp_path / "home"
    with served(home) as page:
        window.open(page.address)
        window.one("#text").send_keys("My secret word is Zwirbelwind.", Keys.ENTER)
        window.until(lambda: window.all(".companion") and not window.all(".companion.streaming"))
        window.until(lambda: window.run("return navigator.serviceWorker.controller !== null"))
        kept = window.run(f"return (async () => {{ {KEPT} }})()")
        assert isinstance(kept, list) and "/away.html" in kept
        assert not [path for path in kept if path.startswith(("/api", "/v1", "/mcp"))] and "/" not in kept
        port = page.port
        choose(window, "language", "de")
        assert window.until(lambda: "/lang/de.json" in window.run(f"return (async () => {{ {KEPT} }})()"))  # type: ignore[operator]  # paths
    window.chrome.refresh()
    assert window.until(lambda: window.text("#away h1")) == wording.messages("de")["Ownmind is not running."]
    assert window.text("#away .command") == "ownmind" and "Zwirbelwind" not in window.chrome.page_source
    assert window.run("return document.documentElement.lang") == "de"
    with served(home, port=port):
        assert window.until(lambda: window.all("#text"))
    window.errors()  # the refused requests, noted by the browser itself


def test_everything_is_one_menu_away_on_a_phone(window: Browser, running: Served) -> None:
    """At 320 px the top is one row; by keyboard alone the menu opens, Escape closes it, and a view that was opened gives the focus back."""
    window.open(running.address)
    window.look(320, 700)
    window.one(".top .menu")
    assert window.run("return document.querySelector('.top').getBoundingClientRect().height") < 80  # type: ignore[operator]  # a number
    menu = window.one(".top .menu")
    menu.send_keys(Keys.ENTER)
    window.until(lambda: window.one("#menu").is_displayed())
    names = [each.text for each in window.all("#menu button")]
    assert {"Today", "Goals", "People", "Library", "Earlier", "Activity", "Forget …", "Brain", "Tools", "Privacy", "Settings"} <= set(names)
    window.press(Keys.ESCAPE)
    window.until(lambda: not window.one("#menu").is_displayed())
    assert window.chrome.switch_to.active_element == menu
    window.press(Keys.ENTER, Keys.TAB)
    assert window.chrome.switch_to.active_element.text == names[0]
    window.button("Settings").send_keys(Keys.ENTER)
    window.one("mind-settings dialog[open]")
    assert not window.one("#menu").is_displayed()
    window.press(Keys.ESCAPE)
    window.until(lambda: not window.all("dialog[open]"))
    assert window.chrome.switch_to.active_element == menu
    window.look(1280, 900)
