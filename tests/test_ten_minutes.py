"""The first ten minutes of a new person, lived through in Chromium by keyboard: the real command, store and embedder, the starter brain.

Once in a window of a desktop and once in one of a phone. A picture of each minute is saved under ``.shots/`` (or ``OWNMIND_SHOTS``)."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from selenium.common.exceptions import TimeoutException
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

from axe import violations
from browser import Browser, needs_browser
from chatting import Chat
from commandline import QUIET, running, told
from documents import pdf
from outside import outside
from ownmind import paths
from ownmind.config import Config
from ownmind.models.shelf import fetch
from test_errands import Site, site

__all__ = ["site"]

pytestmark = [needs_browser, pytest.mark.browser, pytest.mark.brain, pytest.mark.timeout(1500), pytest.mark.long]

SHOTS = Path(os.environ.get("OWNMIND_SHOTS") or Path(__file__).parent.parent / ".shots")
ANA = "Hi, I'm Ana, vegetarian, training for a half marathon on 12 April"
LEASE = [f"Page {n} of the lease says what holds for room {n} of the house." for n in range(1, 12)]
NOTICE = "The notice period of this lease is three months, to the end of a quarter."
CHAT = """12/11/2026, 19:02 - Tom Novak: Are you coming to the lake on Saturday?
12/11/2026, 19:05 - Ana: Yes! I will bring the blue tent.
"""
SECRET = "four calm blue herons"
MOST_TABS = 150  # from one thing to another
PATIENCE = 240.0  # seconds for an answer of the brain on two busy cores


@dataclass
class Life:
    """One new person at one window."""

    window: Browser
    folder: Path
    width: int

    @property
    def home(self) -> Path:
        return self.folder / "mind"

    def until(self, holds: Callable[[], object], seconds: float = 20) -> None:
        """Waits for it; where it does not come, a picture says what there was instead."""
        try:
            self.window.until(holds, seconds)
        except TimeoutException:
            self.shot("failed")
            raise

    def shot(self, minute: str) -> None:
        SHOTS.mkdir(exist_ok=True)
        self.window.chrome.save_screenshot(str(SHOTS / f"{self.width}-{minute}.png"))

    def say(self, text: str) -> WebElement:
        """Says it and gives the whole answer."""
        window = self.window
        self.type("#text", text, Keys.ENTER)

        def answered() -> bool:
            """The last two of the talk are these words and their answer: counting would count what forgetting takes away meanwhile."""
            *_, said, answer = window.all("#talk .message")
            return (
                said.text.startswith(text)
                and "companion" in str(answer.get_attribute("class"))
                and not window.all(".companion.streaming, .stop")
            )

        window.until(answered, PATIENCE)
        assert not window.all(".companion.failed")
        return window.all(".companion")[-1]

    def reach(self, element: WebElement) -> None:
        """Goes there with the Tab key alone, the shorter way round; no script and no driver gives it the focus."""
        window = self.window
        script = """const [at, to] = [document.activeElement, arguments[0]];
            if (at === to) return '';
            return at !== document.body && at.compareDocumentPosition(to) & Node.DOCUMENT_POSITION_PRECEDING ? 'back' : 'on'"""
        where = window.run(script, element)
        for _ in range(MOST_TABS if where else 0):
            step = ActionChains(window.chrome, duration=0)
            (step.key_down(Keys.SHIFT).send_keys(Keys.TAB).key_up(Keys.SHIFT) if where == "back" else step.send_keys(Keys.TAB)).perform()
            if window.run("return document.activeElement === arguments[0]", element):
                return
        if where:
            self.shot("unreached")
            raise AssertionError(f"the Tab key does not lead to {element.get_attribute('outerHTML')}")

    def type(self, css: str, *keys: str) -> None:
        """Goes to a field and types into it."""
        self.reach(self.window.one(css))
        self.keys(*keys)

    def keys(self, *keys: str) -> None:
        """Presses keys, wherever the focus is."""
        ActionChains(self.window.chrome).send_keys(*keys).perform()

    def press(self, name: str, within: str = "body") -> None:
        """Presses the button that shows these words; where it is in the menu, after that."""
        window = self.window
        buttons = f"{within} :is(button, summary)"

        def there() -> list[WebElement]:
            return [each for each in window.all(buttons) if name in (each.text, each.accessible_name) and each.is_displayed()]

        def is_in_the_menu() -> list[bool]:  # looked at anew where the page is just being rendered
            return [not there() and any(each.get_property("textContent") == name for each in window.all("#menu button"))]

        if window.until(is_in_the_menu)[0]:
            self.reach(window.one(".top .menu"))
            self.keys(Keys.ENTER)
        self.enter(window.until(there)[0])

    def enter(self, element: WebElement) -> None:
        """Goes to what can be pressed, and presses it."""
        self.reach(element)
        self.keys(Keys.ENTER)

    def tab(self, name: str) -> None:
        """Shows one of the views of the room that is open: Tab leads to the tabs, the arrows from one to the next."""
        window = self.window
        self.reach(window.one("dialog[open] [role=tab][aria-selected=true]"))
        for _ in window.all("dialog[open] [role=tab]"):
            if window.chrome.switch_to.active_element.accessible_name == name:
                return
            self.keys(Keys.ARROW_RIGHT)
            window.until(lambda: window.run("return document.activeElement.matches('[aria-selected=true]')"))
        raise AssertionError(f"no tab is called {name}")

    def choose(self, css: str, value: str) -> None:
        """Chooses from a list by the arrow keys."""
        select = self.window.one(css)
        self.reach(select)
        for _ in select.find_elements("css selector", "option"):
            if select.get_property("value") == value:
                return
            self.keys(Keys.ARROW_DOWN)
        raise AssertionError(f"the arrow keys do not lead to {value}")

    def give(self, files: list[Path]) -> None:
        """Presses what gives files; the system's own window for choosing them cannot be driven from here, so the driver answers it."""
        chrome = self.window.chrome
        chrome.execute_cdp_cmd("Page.setInterceptFileChooserDialog", {"enabled": True})
        chrome.get_log("performance")
        self.press("Give a file to read")
        opened = [entry["message"] for entry in chrome.get_log("performance")]
        assert any("Page.fileChooserOpened" in each for each in opened), "the key opens no window to choose files in"
        self.window.one("#file").send_keys("\n".join(map(str, files)))
        chrome.execute_cdp_cmd("Page.setInterceptFileChooserDialog", {"enabled": False})

    def close(self) -> None:
        """Closes the view that is open."""
        self.keys(Keys.ESCAPE)
        self.window.until(lambda: not self.window.all("dialog[open]"))

    def is_seen(self, element: WebElement) -> bool:
        """Whether it lies in the window, above the bar at the foot."""
        script = """const [r, bar] = [arguments[0], document.querySelector('footer.bar')].map((each) => each.getBoundingClientRect());
            return r.top >= 0 && r.bottom <= bar.top + 1"""
        return bool(self.window.run(script, element))

    def fits(self) -> bool:
        """Whether nothing is cut off at the side."""
        return bool(self.window.run("return document.documentElement.scrollWidth <= innerWidth"))


@contextmanager
def started(life: Life, *, port: int = 0) -> Iterator[tuple[int, str]]:
    """The command as a person starts it; gives its process and the address it printed."""
    cache = {"OWNMIND_CACHE": str(paths.find().cache)}  # where the models are
    with running(life.home, *(("--port", str(port)) if port else ()), **cache) as (child, address):
        yield child.pid, address


@pytest.mark.parametrize(("width", "height", "dark"), [(1280, 900, False), (390, 844, True)])
def test_the_first_ten_minutes(window: Browser, tmp_path: Path, site: Site, axe: str, width: int, height: int, dark: bool) -> None:
    """Words, cards, files, a goal, forgetting, a hostile page, a model elsewhere, a crash: each minute holds what it promises."""
    fetch.ensure(Config().brain, paths=paths.find())
    life = Life(window, tmp_path, width)
    life.home.mkdir(mode=0o700)
    (life.home / "config.toml").write_text(QUIET)
    window.look(width, height, dark=dark)
    with ExitStack() as stack:
        pid, address = stack.enter_context(started(life))
        port = int(address.split(":")[2].split("/")[0])
        minute_0(life, address)
        minute_2(life)
        minute_1(life)
        minute_3(life)
        minute_4(life)
        minute_5(life)
        minute_7(life, site)
        minute_8(life)
        assert violations(window, axe) == [] and life.fits()
        os.kill(pid, signal.SIGKILL)
        stack.close()
        minute_9(life, port)
    expected = ("ERR_CONNECTION", "ERR_INCOMPLETE", "423 (Locked)")  # the server was killed, and was locked then
    assert not [each for each in window.errors() if not any(one in each for one in expected)]


def minute_0(life: Life, address: str) -> None:
    """The page opens and asks for nothing: no account, no key; what has left is told, and it is nothing."""
    window = life.window
    window.open(address)
    window.until(lambda: "0 bytes have left this machine" in window.text(".status"))
    assert not window.all("input[type=password], dialog[open]") and life.fits()
    life.shot("0-open")


def minute_2(life: Life) -> None:
    """The first words are answered, and three things were learnt of them, each with its sentence, to keep, fix or forget."""
    window = life.window
    life.type("#text", ANA, Keys.ENTER)
    cards = window.until(lambda: len(window.all(".card")) == 3 and window.all(".card"), PATIENCE)
    window.until(lambda: window.all(".companion .words") and not window.all(".companion.streaming, .stop"), PATIENCE)
    assert window.text(".companion .words")
    marked = [str(window.run("return arguments[0].querySelector('mark').textContent", card)) for card in cards]
    assert marked == ["I'm Ana", "vegetarian", "training for a half marathon on 12 April"]
    if folded := [each for each in window.all("mind-cards .narrow") if each.is_displayed()]:  # on a phone
        life.enter(folded[0])
        window.until(lambda: window.all(".card")[0].is_displayed())
    names = {each.accessible_name.split(":")[0] for each in cards[0].find_elements("css selector", "button")}
    assert {"Keep", "Fix", "Forget"} <= names
    life.shot("2-cards")


def minute_1(life: Life) -> None:
    """A passphrase, and fifteen recovery words that hold once two were typed back."""
    window = life.window
    life.press("Privacy")
    life.tab("How it is kept")
    life.press("Set a passphrase", "dialog[open]")
    for name in ("passphrase", "again"):
        life.type(f"dialog[open] input[name={name}]", SECRET)
    life.press("Set the passphrase", "dialog[open]")
    words = [each.text for each in window.until(lambda: window.all("dialog[open] .words-once li"))]
    assert len(words) == 15 and all(words)
    life.shot("1-recovery")
    for field in window.all("dialog[open] input[name=word]"):
        number = int("".join(filter(str.isdigit, field.accessible_name)))
        life.reach(field)
        life.keys(words[number - 1])
    life.press("I have written them down", "dialog[open]")
    window.until(lambda: "The recovery words hold" in window.text("dialog[open]"))
    life.close()


def minute_3(life: Life) -> None:
    """A chat, a document and a calendar are read; a question is answered with the page it stands on, and one tap shows it there."""
    window, folder = life.window, life.folder
    pdf(folder / "lease.pdf", [*LEASE, NOTICE])
    (folder / "chat with Tom.txt").write_text(CHAT)
    (folder / "work.ics").write_text(calendar())
    life.give([folder / name for name in ("chat with Tom.txt", "lease.pdf", "work.ics")])
    window.until(lambda: len(window.all(".attached li")) == 3)
    life.shot("3-given")
    answer = life.say("How long is the notice period of my lease?")
    assert "three months" in answer.text and "lease.pdf" in answer.text
    life.until(lambda: life.is_seen(answer.find_element("css selector", ".words")))
    life.shot("3-answer")
    life.enter(answer.find_element("css selector", ".chips button"))
    life.press("Read it there")
    marked = window.until(lambda: window.all("mind-reader dialog[open] mark"))
    window.until(lambda: "notice period" in marked[0].text)
    assert "Page 12" in window.text("mind-reader dialog[open]")
    life.shot("3-passage")
    life.close()


def minute_4(life: Life) -> None:
    """ "Help me reach it" is the goal that was told; two answers later the week holds it, beside the calendar; a file goes along."""
    window = life.window
    assert "half marathon" in life.say("Help me reach it").text
    life.say("5 km")
    life.say("3 times a week, in the evenings")
    planned = life.say("yes, plan it")
    assert "Planned" in planned.text
    life.shot("4-planned")
    life.press("Goals")
    window.until(lambda: "half marathon" in window.text("dialog[open]"))
    window.until(lambda: window.all("mind-week .step, mind-week [data-step]"))
    life.shot("4-week")
    window.button("The plan as a calendar file")
    life.close()


def minute_5(life: Life) -> None:
    """What is known, and why; one of it is forgotten: first what would go, then that it is gone."""
    window = life.window
    known = life.say("What do you know about me, and why?")
    assert "vegetarian" in known.text and "half marathon" in known.text and known.find_elements("css selector", ".chips button")
    life.shot("5-known")
    life.press("Memory")
    window.until(lambda: "vegetarian" in window.text("mind-memory dialog[open]"))
    life.shot("5-memory")
    row = window.until(
        lambda: [
            each for each in window.all("mind-memory li") if "vegetarian" in each.text and each.find_elements("css selector", "button")
        ]
    )[-1]
    life.enter(next(each for each in row.find_elements("css selector", "button") if each.accessible_name.startswith("Forget")))
    window.until(lambda: window.all("dialog.forget[open] .danger:not([disabled])"))
    life.shot("5-dry-run")
    life.enter(window.one("dialog.forget[open] .danger"))
    window.until(lambda: "verified" in window.text("dialog.forget[open]").lower() or "gone" in window.text("dialog.forget[open]").lower())
    life.shot("5-receipt")
    while window.all("dialog[open]"):
        life.keys(Keys.ESCAPE)
    window.until(lambda: "vegetarian" not in window.text("#talk"))  # it is read again, without the reply that said so
    assert not [each for each in window.all(".card") if "You are vegetarian" in each.text]


def minute_7(life: Life, site: Site) -> None:
    """A page with hidden orders: nothing is fetched before the yes, and what it ordered is told and not done."""
    window = life.window
    life.say(f"Read {site.address}/bakery")
    window.until(lambda: "Waits for you" in window.text("#talk .deed"))
    assert site.asked == []
    life.shot("7-asks")
    life.press("Allow once", "#talk .deed")
    window.until(lambda: "which I ignored" in window.text("#talk .deed"), 60)
    assert site.asked == ["/bakery"]
    life.press("Activity")
    window.until(lambda: "tried to have something sent" in window.text("mind-activity dialog[open]"))
    life.shot("7-ignored")
    life.close()


def minute_8(life: Life) -> None:
    """A model elsewhere, set up by the person: the exact text is shown before it goes, and the ledger has it afterwards."""
    window = life.window
    chat = Chat()
    with outside(chat):
        life.press("Brain")
        life.tab("Elsewhere")
        life.choose("dialog[open] select[name=kind]", "compatible")
        life.type("dialog[open] input[name=url]", chat.url)
        life.type("dialog[open] input[name=model]", "big-one")
        life.type("dialog[open] input[name=key]", "sk-test-1234567890")
        life.press("Add it", "dialog[open]")
        life.until(lambda: "big-one" in window.text("dialog[open] .rows"))
        life.enter(next(b for b in window.all("dialog[open] button") if b.accessible_name.startswith("Have it answer everything")))
        life.until(lambda: "The rule below" in window.text("dialog[open]"))
        life.shot("8-provider")
        life.close()
        life.say("Why is the sky blue?")
        assert chat.requests == [] and "Why is the sky blue?" in window.until(lambda: window.all("#talk .deed"))[-1].text
        life.shot("8-preview")
        life.enter(window.all("#talk .deed")[-1].find_element("css selector", "button.strong, button"))
        life.until(lambda: len(chat.requests) == 1 and "That I know." in window.text("#talk"), 60)
        life.until(lambda: "0 bytes have left" not in window.text(".status"))
        assert life.is_seen(window.all(".companion .words")[-1])
    life.shot("8-left")


def minute_9(life: Life, port: int) -> None:
    """Killed in the middle and started again: locked, opened with the passphrase, and everything said is there; the house is well."""
    window = life.window
    life.until(lambda: "Ownmind does not answer." in window.text("footer.bar"), 30)
    life.shot("9-away")
    with started(life, port=port) as (_, address):
        window.chrome.get(address)
        life.type("input[name=secret]", SECRET, Keys.ENTER)
        life.until(lambda: window.all("#text"), 60)
        life.press("Earlier")
        life.enter(window.until(lambda: window.all("mind-conversations dialog[open] li button"))[0])
        life.until(lambda: "How long is the notice period of my lease?" in window.text("#talk"))
        talk = window.text("#talk")
        assert "That I know." in talk and "vegetarian" not in talk
        life.shot("9-back")
        checked = told(life.home, "doctor", OWNMIND_CACHE=str(paths.find().cache))
        assert checked
        assert told(life.home, "backup", str(life.folder / "copy.ownmind"), OWNMIND_CACHE=str(paths.find().cache))


def calendar() -> str:
    """Work from nine to five on the next five working days."""
    days = [day for n in range(1, 9) if (day := datetime.now() + timedelta(days=n)).weekday() < 5][:5]
    events = "".join(
        f"BEGIN:VEVENT\nUID:w{day:%d}@example\nDTSTAMP:20261101T000000Z\nDTSTART:{day:%Y%m%d}T090000\nDTEND:{day:%Y%m%d}T170000\nSUMMARY:Work\nEND:VEVENT\n"
        for day in days
    )
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//example//EN\n{events}END:VCALENDAR\n"
