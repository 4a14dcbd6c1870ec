"""Pairing on the page, in a real Chromium: the computer shows the code, the phone brings it, both show one number. Over real TLS."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from browser import Browser, browser, needs_browser
from ownmind.models.scripted import ScriptedModel
from served import Served, served

pytestmark = [needs_browser, pytest.mark.browser]

HERE = "127.0.0.2"
ADDRESS = (
    "document.querySelector('mind-devices details').open = true;"
    "document.querySelector('mind-devices input[name=address]').value = '127.0.0.2'"
)


def code(window: Browser, home: Served, pictures: Path) -> str:
    """Shows the code on the computer, and gives the address in it."""
    window.look(1280, 900)
    window.open(home.address)
    window.run("document.querySelector('mind-page').room('mind-privacy')")
    window.one("#tab-devices").click()
    window.one("mind-devices form")
    window.run(ADDRESS)
    window.button("Pair a device").click()
    window.one("mind-devices svg")
    window.until(lambda: not window.run("return document.querySelector('mind-devices').busy"))
    window.chrome.save_screenshot(str(pictures / "code.png"))
    return str(window.run("return document.querySelector('mind-devices').pairing.url"))


def bring(window: Browser, url: str) -> str:
    """Opens the address as a phone that scanned it; gives its window."""
    window.chrome.switch_to.new_window("tab")
    window.chrome.execute_cdp_cmd("Security.setIgnoreCertificateErrors", {"ignore": True})
    window.look(390, 800, dark=True)
    window.open(url)
    return window.chrome.current_window_handle


def test_a_phone_is_paired_by_what_both_screens_show(tmp_path: Path) -> None:
    """The code on one screen, the number on both, a yes, and the page opens by itself on the other; ended there, it is out. The browser is
    told to go on past its warning, as a person would after comparing the fingerprint."""
    pictures = Path(os.environ.get("OWNMIND_PICTURES", str(tmp_path)))
    with served(tmp_path / "home", ScriptedModel("Good morning.")) as home, browser() as window:
        url = code(window, home, pictures)
        computer = window.chrome.current_window_handle
        phone = bring(window, url)
        window.one("mind-pairing input").send_keys("Ana's phone")
        assert "pair=" not in str(window.run("return location.href"))
        window.button("Go on").click()
        number = window.one("mind-pairing code").text
        window.chrome.save_screenshot(str(pictures / "number.png"))
        window.chrome.switch_to.window(computer)
        assert window.one("mind-devices .waiting code").text == number
        window.chrome.save_screenshot(str(pictures / "yes.png"))
        window.button("Yes, let it in").click()
        window.until(lambda: "Ana's phone" in window.text("mind-devices .rows"))
        window.chrome.switch_to.window(phone)
        window.one("mind-composer textarea")
        window.chrome.save_screenshot(str(pictures / "phone.png"))
        window.chrome.switch_to.window(computer)
        window.button("End this device: Ana's phone").click()
        window.until(lambda: not home.house.devices.all())
        window.until(lambda: "No device is paired." in window.text("mind-devices"))


def test_a_phone_that_is_sent_away_is_told_so(tmp_path: Path) -> None:
    """No device is paired, so nobody listens any more after the no: the phone shows no number that would wait for ever."""
    with served(tmp_path / "home", ScriptedModel("Good morning.")) as home, browser() as window:
        url = code(window, home, tmp_path)
        computer = window.chrome.current_window_handle
        phone = bring(window, url)
        window.one("mind-pairing input").send_keys("A stranger's phone")
        window.button("Go on").click()
        window.one("mind-pairing code")
        window.chrome.switch_to.window(computer)
        window.button("No, send it away").click()
        window.until(lambda: not window.all("mind-devices .waiting"))
        window.chrome.switch_to.window(phone)
        window.until(lambda: "This device was not let in." in window.text("mind-pairing"))
        assert not window.all("mind-pairing code") and not home.house.devices.all()
