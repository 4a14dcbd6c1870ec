"""Debian's Chromium without a screen, driven by selenium: what the page's tests look through."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import pytest
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver import Chrome, ChromeOptions, ChromeService
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

CHROMIUM, DRIVER = Path("/usr/bin/chromium"), Path("/usr/bin/chromedriver")
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-features=OptimizationHints,MediaRouter",
    "--lang=en-GB",
)
T = TypeVar("T")
needs_browser = pytest.mark.skipif(not (CHROMIUM.exists() and DRIVER.exists()), reason="needs Debian's chromium and chromium-driver")


class Browser:
    """One browser window. ``chrome`` is selenium's driver; what is here is what our tests say often."""

    def __init__(self, chrome: Chrome) -> None:
        self.chrome = chrome

    def open(self, address: str) -> None:
        """Loads ``address`` afresh; a fragment alone would not."""
        self.chrome.get("about:blank")
        self.errors()
        self.chrome.get(address)
        self.until(lambda: self.all("#text, .closed"))

    def look(self, width: int, height: int, *, dark: bool = False, still: bool = True) -> None:
        """Sets the window's size in CSS pixels, the colour scheme, and whether the person asked for less motion."""
        self.chrome.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride", {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
        )
        features = [
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"},
            {"name": "prefers-reduced-motion", "value": "reduce" if still else "no-preference"},
        ]
        self.chrome.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})

    def one(self, css: str) -> WebElement:
        """The first element that matches; waits for it."""
        found: list[WebElement] = self.until(lambda: self.all(css))
        return found[0]

    def all(self, css: str) -> list[WebElement]:
        """Elements that match now."""
        return self.chrome.find_elements(By.CSS_SELECTOR, css)

    def text(self, css: str = "body") -> str:
        """The visible words of the first match; empty when there is none."""
        found = self.all(css)
        return found[0].text if found else ""

    def button(self, name: str, within: str = "body") -> WebElement:
        """The visible button with this accessible name; waits for it. Where it is in the closed menu, that is opened, as a person would."""

        def named() -> list[WebElement]:
            found = [each for each in self.all(f"{within} button") if each.is_displayed() and each.accessible_name == name]
            closed = self.all(f"{within} #menu:not(:popover-open) button")
            if not found and any(each.get_property("textContent") == name for each in closed):
                self.one(".top .menu").click()
            return found

        found: list[WebElement] = self.until(named)
        return found[0]

    def say(self, text: str, seconds: float = 60) -> None:
        """Types a message and waits until its answer is finished."""
        before = len(self.all(".companion"))
        self.one("#text").send_keys(text, Keys.ENTER)
        self.until(lambda: len(self.all(".companion")) > before and not self.all(".companion.streaming"), seconds)

    def room(self, name: str, tab: str) -> None:
        """Opens a room at one of its views, and waits until that view has read what it shows."""
        if not self.all(f"{name} dialog[open]"):
            self.run(f"document.querySelector('mind-page').room('{name}')")
            self.until(lambda: self.all(f"{name} [role=tab]"))
        self.one(f"#tab-{tab}").click()
        self.until(lambda: self.run(f"const e = document.querySelector('{name} [role=tabpanel] > *'); return e && !e.busy"))

    def press(self, *keys: str) -> None:
        """Types into whatever has the focus."""
        for key in keys:
            self.chrome.switch_to.active_element.send_keys(key)

    def until(self, holds: Callable[[], T], seconds: float = 15) -> T:
        """What ``holds`` gives once it is true. An element that was rendered anew while it was looked at is looked for again."""
        patience = WebDriverWait(self.chrome, seconds, poll_frequency=0.03, ignored_exceptions=[StaleElementReferenceException])
        return patience.until(lambda _: holds())

    def errors(self) -> list[str]:
        """What the console complained about since last asked."""
        return [entry["message"] for entry in self.chrome.get_log("browser") if entry["level"] == "SEVERE"]

    def requests(self) -> list[str]:
        """The address of every request the page made since last asked."""
        events = [json.loads(entry["message"])["message"] for entry in self.chrome.get_log("performance")]
        return [each["params"]["request"]["url"] for each in events if each["method"] == "Network.requestWillBeSent"]

    def run(self, script: str, *arguments: object) -> object:
        """What a script gives back."""
        return self.chrome.execute_script(script, *arguments)


@contextmanager
def browser(*, settings: dict[str, object] | None = None, **environment: str) -> Iterator[Browser]:
    """A browser with an empty profile, gone afterwards. ``settings``: of that profile; ``environment``: what it finds besides our own."""
    profile = tempfile.mkdtemp(prefix="ownmind-browser-")
    options = ChromeOptions()
    options.binary_location = str(CHROMIUM)
    for flag in (*FLAGS, f"--user-data-dir={profile}"):
        options.add_argument(flag)
    options.add_experimental_option("prefs", settings or {})
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    chrome = Chrome(options=options, service=ChromeService(str(DRIVER), env={**os.environ, **environment}))
    chrome.execute_cdp_cmd("Emulation.setFocusEmulationEnabled", {"enabled": True})  # no window manager gives it the focus
    try:
        yield Browser(chrome)
    finally:
        chrome.quit()
        shutil.rmtree(profile, ignore_errors=True)


@pytest.fixture(scope="module")
def window() -> Iterator[Browser]:
    """One browser for all tests of a file; each opens its own server's page in it."""
    with browser() as opened:
        opened.look(1280, 900)
        yield opened
