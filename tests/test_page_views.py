"""Every view of the page, for everybody: one table that opens each, and what each must hold in both themes, wide and narrow, from the
left and from the right, and with large text. Real Chromium; the rooms of a new person and the same rooms with a life in them."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from selenium.webdriver.common.keys import Keys

from axe import violations
from browser import Browser, needs_browser
from documents import pdf
from ownmind.channels.web.locked import unlocked
from ownmind.channels.web.pages import FOLDER
from ownmind.channels.web.server import bind
from ownmind.errors import WrongPassphrase
from ownmind.guard.clients import Scope
from ownmind.memory.facts import Candidate
from ownmind.messages import Action, ActionState, Argument, Endorsement, Entry, Integrity, Kind, Label, Source, Span
from ownmind.models.scripted import ScriptedModel
from ownmind.store import goals as rows
from served import Served, served

pytestmark = [needs_browser, pytest.mark.browser, pytest.mark.long]

REPLY = "Ana is **allergic to peanuts**:\n\n- the satay sauce\n- the `almond` cake"
Open = Callable[[Browser, Served], object]

ROOMS = (
    "mind-today", "mind-goals", "mind-people", "mind-memory/known", "mind-memory/timeline", "mind-library/shelf",
    "mind-library/bring", "mind-library/connections", "mind-conversations", "mind-activity", "mind-forget", "mind-brain/here",
    "mind-brain/elsewhere", "mind-brain/speed", "mind-brain/growth", "mind-tools/skills", "mind-tools/search", "mind-tools/servers",
    "mind-tools/programs", "mind-privacy/permissions", "mind-privacy/ledger", "mind-privacy/trust", "mind-privacy/devices",
    "mind-privacy/would", "mind-privacy/kept", "mind-privacy/taken", "mind-settings", "mind-find",
)  # fmt: skip
"""A room, or a room and one of its tabs: opened in an empty home and in one with a life in it."""


def room(name: str) -> Open:
    """Opens a room at a tab, with everything in it that can be unfolded."""
    element, _, tab = name.partition("/")

    def opened(window: Browser, page: Served) -> None:
        if not window.all(f"{element} dialog[open]"):
            window.run("document.querySelector('mind-page').room(arguments[0])", element)
            window.one(f"{element} dialog[open]")
        if tab:
            window.one(f"#tab-{tab}").click()
        settled(window)
        window.run("document.querySelectorAll('dialog[open] details').forEach(each => { each.open = true; })")

    return opened


PRESSED = """
const [css, name] = arguments;
const all = [...document.querySelectorAll(`:is(${css}) :is(button, summary)`)].filter(each => each.checkVisibility() && !each.disabled);
const found = all.find(each => (each.ariaLabel || each.textContent).trim().startsWith(name));
found?.click();
return Boolean(found);
"""


def pressed(css: str, *names: str, room_: str = "", then: str = "") -> Open:
    """Opens a room and presses what has these names, one after the other; ``then``: what must be there in the end."""

    def opened(window: Browser, page: Served) -> None:
        if room_:
            room(room_)(window, page)
        for name in names:
            window.until(lambda name=name: window.run(PRESSED, css, name))
            settled(window)
        if then:
            window.one(then)

    return opened


def found(window: Browser, page: Served) -> None:
    room("mind-find")(window, page)
    window.press("ana")
    window.until(lambda: len(window.all("#found [role=option]")) > 3)


def found_nothing(window: Browser, page: Served) -> None:
    room("mind-find")(window, page)
    window.press("qqqqq")
    window.until(lambda: window.text("mind-find [role=status]"))


def reading(window: Browser, page: Served) -> None:
    """A document, with the words of a citation marked and others looked for."""
    pressed("mind-shelf", "Read: lease.pdf", room_="mind-library/shelf", then=".reader .passage")(window, page)
    window.one("#reader-words").send_keys("notice period", Keys.ENTER)
    window.one(".reader .looked")


def would_leave(window: Browser, page: Served) -> None:
    room("mind-privacy/would")(window, page)
    window.one("textarea[name=text]").send_keys("What may Ana eat?")
    window.one("input[name=destination]").send_keys("api.example.org", Keys.ENTER)
    window.until(lambda: window.all(".preview .stands li"))


def forget_words(window: Browser, page: Served) -> None:
    """What would go, of what was said about somebody."""
    room("mind-forget")(window, page)
    window.one("#forget-target input[name='person']").send_keys("my sister", Keys.ENTER)
    window.one("mind-forget-plan .going li")
    window.run("document.querySelectorAll('dialog[open] details').forEach(each => { each.open = true; })")


PLANNED = "dialog.forget[open] .danger:not([disabled])"  # what would go is shown


def forgotten(window: Browser, page: Served) -> None:
    """One thing is forgotten: its receipt."""
    pressed("mind-memory-list", "Forget: You like figs", room_="mind-memory/known", then=PLANNED)(window, page)
    window.run("document.querySelector('dialog.forget .danger').click()")
    window.until(lambda: "Gone from" in window.text("dialog.forget"))


def week(window: Browser, page: Served) -> None:
    """A goal with its week, a step of it open, and what came of putting it where it cannot be."""
    room("mind-goals")(window, page)
    window.until(lambda: window.all("mind-week .step") or window.button("Later days").click())
    window.run("[...document.querySelectorAll('mind-week .step.open')].at(-1).click()")
    window.run("arguments[0].value = '03:00'", window.one("mind-step input[name=clock]"))
    window.button("Move it there", "mind-step").send_keys(Keys.ENTER)
    window.one(".week .deed.waiting")
    window.until(lambda: window.all(".plot canvas"))


def person(window: Browser, page: Served) -> None:
    room("mind-people")(window, page)
    window.run("[...document.querySelectorAll('.people button')].find(each => each.textContent.includes('Ana')).click()")
    window.one("mind-person details")
    window.run("document.querySelectorAll('dialog[open] details').forEach(each => { each.open = true; })")


def cards_and_sources(window: Browser, page: Served) -> None:
    """The talk with everything unfolded: cards on a narrow window, sources, what is behind a reply, the brain."""
    window.run("document.querySelector('mind-cards').open = true; document.querySelector('.chip').click()")
    window.run("document.querySelector('mind-behind details').open = true")
    window.run("[...document.querySelectorAll('.status button')].forEach(each => each.ariaExpanded === 'false' && each.click())")
    window.one("mind-behind mind-bars *")
    window.one(".source mark")


def attached(window: Browser, page: Served) -> None:
    window.run(
        "const data = new DataTransfer(); data.items.add(new File(['The boiler.'], 'boiler.md', {type: 'text/markdown'}));"
        "document.body.dispatchEvent(new DragEvent('drop', {dataTransfer: data, bubbles: true, cancelable: true}))"
    )
    window.one(".attached li")


def given(window: Browser, page: Served) -> None:
    """A file that is given to read: through the room, with what came of it."""
    room("mind-library/bring")(window, page)
    window.one("mind-incoming input[type=file]").send_keys(str(page.house.paths.home.parent / "lease.pdf"))
    window.until(lambda: "1 of 1 files" in window.text("mind-incoming"), 30)


def given_here(window: Browser, page: Served) -> None:
    window.run("document.querySelector('mind-page').mind.give([new File(['The boiler was serviced.'], 'boiler.md')])")
    window.until(lambda: "boiler.md" in window.text("mind-given") and not window.all("mind-given progress"))


def fetching(window: Browser, page: Served) -> None:
    """As the server says it while the model's file comes."""
    brain = {"state": "fetching", "note": "", "starter": True, "progress": {"done": 3e8, "total": 1.1e9, "unit": "bytes"}}
    window.run("const {mind} = document.querySelector('mind-page'); mind.change({status: {...mind.status, brain: arguments[0]}})", brain)
    window.one("mind-brain-note progress")


def code_to_pair(window: Browser, page: Served) -> None:
    room("mind-privacy/devices")(window, page)
    window.run("document.querySelector('mind-devices input[name=address]').value = '127.0.0.2'")
    pressed("mind-devices", "Pair a device", then="mind-devices svg")(window, page)


def menu(window: Browser, page: Served) -> None:
    window.run("document.querySelector('#menu').showPopover()")


def failed(window: Browser, page: Served) -> None:
    """A room whose answer does not come."""
    window.chrome.execute_cdp_cmd("Network.setBlockedURLs", {"urls": ["*/api/memories/*"]})
    try:
        room("mind-memory/known")(window, page)
        window.one("mind-memory [role=alert]")
    finally:
        window.chrome.execute_cdp_cmd("Network.setBlockedURLs", {"urls": []})


VIEWS: dict[str, Open] = {
    "the menu": menu,
    "a talk unfolded": cards_and_sources,
    "a file with a message": attached,
    "editing a message": pressed(".mine", "Edit your message", then=".fixing textarea"),
    "correcting a reply": pressed(".under", "Not a good reply", then=".under textarea, .under input"),
    "fixing a card": pressed("mind-cards", "Fix", then=".card .fixing textarea"),
    "what was found": found,
    "nothing found": found_nothing,
    "a document": reading,
    "a file given": given,
    "a file given in the talk": given_here,
    "a brain on its way": fetching,
    "a memory and why": pressed("mind-memory-list", "Why? You live in Porto", room_="mind-memory/known", then=".why mark"),
    "fixing a memory": pressed("mind-memory-list", "Fix: You collect stamps", room_="mind-memory/known", then=".memory textarea"),
    "what could not be read": failed,
    "what would go": pressed("mind-memory-list", "Forget: You live in Porto", room_="mind-memory/known", then=PLANNED),
    "what would go, of words": forget_words,
    "forgotten before": pressed("dialog.forget", "Forgotten before", room_="mind-forget", then="mind-forgotten form"),
    "a receipt": forgotten,
    "a goal and its week": week,
    "a plan": pressed("mind-goals", "Plan my week", room_="mind-goals", then="mind-plan section"),
    "a part of a goal": pressed("mind-goal", "minutes each", room_="mind-goals", then="mind-goal .own input"),
    "a step done": pressed("mind-today", "Done", room_="mind-today", then="mind-today .told"),
    "a person": person,
    "what would leave": would_leave,
    "a new passphrase": pressed("mind-protect", "Set a passphrase", room_="mind-privacy/kept", then="mind-protect input[name=again]"),
    "recovery words": pressed("mind-protect", "Make recovery words", room_="mind-privacy/kept", then=".words-once li"),
    "a code to pair": code_to_pair,
    "a backup's key": pressed("mind-wipe", "Back up now", room_="mind-privacy/taken", then="mind-wipe .key"),
    "what a wipe takes": pressed("mind-wipe", "Show what would go", room_="mind-privacy/taken", then="mind-wipe input[name=typed]"),
}  # fmt: skip
"""What is more than a room at its first glance, in a home with a life in it."""


# What is wrong with what is shown now, as a sentence each. `open`: the dialog or menu on top, else the page.
LOOKED = """
const open = [...document.querySelectorAll('dialog[open]')].at(-1) ?? document.querySelector('#menu:popover-open') ?? document.body;
const said = (e) => e.outerHTML.replace(/<!--.*?-->/g, '').replace(/\\s+/g, ' ').slice(0, 90);
const seen = (e) => e.checkVisibility({visibilityProperty: true}) && !e.closest('.unseen, .skip');
const found = [];
const root = document.documentElement;
const wide = root.clientWidth; // a phone's innerWidth grows with what does not fit
if (root.scrollWidth > wide) found.push(`the page is ${root.scrollWidth} wide of ${wide}`);
const edge = open === document.body ? {left: 0, right: wide} : open.getBoundingClientRect();
const scrolls = (e) => e && e !== open && (isMeant(e) || scrolls(e.parentElement));
const isMeant = (e) => (e.tabIndex >= 0 || e.matches('.days, pre')) && ['auto', 'scroll'].includes(getComputedStyle(e).overflowX);
const over = [...open.querySelectorAll('*')].filter((e) => {
  const box = e.getBoundingClientRect();
  return box.width && (box.right > edge.right + 1 || box.left < edge.left - 1) && seen(e) && !scrolls(e);
});
const deepest = over.filter((e) => !over.some((other) => other !== e && e.contains(other)));
if (open.scrollWidth > open.clientWidth + 1 && !over.length) found.push(`${said(open)} is ${open.scrollWidth} wide of ${open.clientWidth}`);
for (const e of deepest.slice(0, 4)) found.push(`over the edge, to ${Math.round(e.getBoundingClientRect().right)}: ${said(e)}`);
for (const e of open.querySelectorAll('button, input, select, textarea, summary, a[href], [role=option]')) {
  if (!seen(e) || (e.matches('a') && getComputedStyle(e).display === 'inline') || e.type === 'file') continue;
  const box = (e.matches('[type=checkbox], [type=radio]') ? e.closest('label') ?? e : e).getBoundingClientRect();
  if (box.width < 24 || box.height < 24) found.push(`${Math.round(box.width)} by ${Math.round(box.height)}: ${said(e)}`);
}
"""
RINGS = """
const had = document.activeElement;
for (const e of open.querySelectorAll('button, input, select, textarea, summary, a[href], [tabindex="0"]')) {
  if (!seen(e) || e.disabled || e.type === 'file') continue;
  e.focus({preventScroll: true, focusVisible: true});
  if (document.activeElement !== e) continue;
  const ring = ({outlineStyle: line, outlineWidth, boxShadow}) => boxShadow !== 'none' || (line !== 'none' && outlineWidth !== '0px');
  if (![e, e.closest('.composer')].some((at) => at && ring(getComputedStyle(at)))) found.push(`no ring: ${said(e)}`);
}
had?.focus({preventScroll: true});
"""
NAMED = "button checkbox combobox dialog link listbox option radio searchbox slider spinbutton switch tab textbox"


def faults(window: Browser, axe: str, *, briefly: bool = False) -> list[str]:
    """What is wrong with the view that is open, in every look. Of a theme only the contrast is another; ``briefly`` leaves out the looks
    that a room without anything in it shares with the same room with something in it."""
    wrong: list[str] = []

    def note(look: str, *more: object) -> None:
        wrong.extend(f"{look}: {each}" for each in more)

    def looked(script: str = "") -> list[object]:
        said = window.run(f"{LOOKED}{script}; return found")
        assert isinstance(said, list)
        return said

    speak(window, "de")
    window.look(1280, 900)
    window.press(Keys.TAB)  # what has the focus shows its ring from now on
    note("de 1280 light", *violations(window, axe), *unnamed(window), *looked(RINGS))
    window.look(1280, 900, dark=True)
    note("de 1280 dark", *violations(window, axe, "color-contrast"))
    window.look(390, 844, dark=True)
    note("de 390", *looked())
    speak(window, "ar")
    note("ar 390 dark", *violations(window, axe), *unnamed(window), *looked())
    if not briefly:
        window.look(390, 844)
        note("ar 390 light", *violations(window, axe, "color-contrast"))
        window.look(1280, 900)
        note("ar 1280", *looked())
    window.look(390, 844)
    speak(window, "de")
    window.run("document.documentElement.dataset.size = '200'; return new Promise(done => setTimeout(done, 60))")  # a chart is drawn anew
    note("de 390 at 200 %", *looked())
    window.run("document.documentElement.dataset.size = ''")
    return wrong


def unnamed(window: Browser) -> list[str]:
    """What Chromium's own accessibility tree knows no name of."""
    tree = window.chrome.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
    found = [each for each in tree if not each.get("ignored") and each["role"]["value"] in NAMED.split()]
    return [f"no name: {each['role']['value']}" for each in found if not each.get("name", {}).get("value")]


def speak(window: Browser, language: str) -> None:
    window.run("return import('/lang.js').then(({speak}) => speak(arguments[0])).then(() => new Promise(requestAnimationFrame))", language)


def settled(window: Browser) -> None:
    """Waits until nothing is under way."""
    busy = "return [...document.querySelectorAll('mind-page *')].some(each => each.localName.startsWith('mind-') && each.busy)"
    window.until(lambda: not window.run(busy))


def at(window: Browser, page: Served) -> None:
    """The page of this home, with nothing open on it."""
    if not str(window.chrome.current_url).startswith(f"http://127.0.0.1:{page.port}/"):
        window.open(page.address)
    window.look(1280, 900)
    speak(window, "en")
    window.run("document.querySelectorAll('dialog[open]').forEach(each => each.close())")
    window.run("document.querySelector('#menu')?.hidePopover()")
    window.until(lambda: not window.run("return [...document.querySelectorAll('mind-page > *')].some(each => each.shown)"))


@pytest.fixture(scope="module")
def seen() -> dict[str, set[str]]:
    """The components that each view of the table showed."""
    return {}


def shown(window: Browser) -> set[str]:
    """The components that show something now."""
    names = window.run(
        "return [...document.querySelectorAll('*')].filter(each => each.localName.startsWith('mind-')"
        " && [...each.children].some(one => one.checkVisibility())).map(each => each.localName)"
    )
    assert isinstance(names, list)
    return set(names)


@pytest.fixture(scope="module")
def new(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Nothing was said yet."""
    with served(tmp_path_factory.mktemp("new") / "home") as page:
        yield page


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory, window: Browser) -> Iterator[Served]:
    """A talk, documents, people, goals, memories, permissions, and something of everything else."""
    folder = tmp_path_factory.mktemp("full")
    with served(folder / "home", ScriptedModel(REPLY), files=folder / "files") as page:
        filled(page, folder)
        window.look(1280, 900)
        window.open(page.address)
        for text in ("My sister Ana is allergic to peanuts. I like figs.", "What is Ana allergic to?"):
            window.say(text)
        window.button("Answer again").send_keys(Keys.ENTER)
        window.one(".versions button")
        window.until(lambda: not window.all(".companion.streaming, .stop"))
        window.button("Version before").send_keys(Keys.ENTER)
        window.one(".chip")
        yield page


def filled(page: Served, folder: Path) -> None:
    house, now = page.house, datetime.now(UTC)
    house.import_paths([*people(folder), pdf(folder / "lease.pdf", ["The first page.", "The notice period is three months."])])
    lyon, _, _, stamps = (
        remembered(page, text, at)
        for text, at in (
            ("I live in Lyon.", datetime(2024, 3, 1, tzinfo=UTC)),
            ("I live in Porto.", datetime(2026, 5, 1, tzinfo=UTC)),
            ("We met Tom in March 2019.", None),
            ("Stamps again.", None),
        )
    )
    item = house.memory.item(stamps)
    guess = Candidate("you", "collects", "stamps", "You collect stamps", item.text, Span(0, len(item.text)), confidence=0.7)
    house.memory.store_facts(item, [guess], now)
    house.memory.keep(next(one.id for one in house.memory.facts() if one.text == "You live in Porto"))
    house.skills.enable(house.skills.all()[0].name, on=False)
    planned(page, "stretch for twenty minutes", "habit", a_week="7", minutes="20 min")
    planned(page, "run the half marathon", "training", deadline=f"{now.year + 1}-09-12", baseline="5 km", a_week="3")
    house.goals.plan()
    house.goals.add("Read 20 pages every evening because I miss novels")
    due(page)
    house.clients.add("my editor", (Scope.TALK, Scope.MEMORY_READ))
    house.search.set("https://searx.example.org")
    house.providers.set("openai")
    house.allow("searx.example.org", "search the web")
    house.store.ledger.append("api.example.org", "answer", consent="p1", bytes_out=100, at=now.timestamp(), item_ids=(lyon,))
    asked(page)


def remembered(page: Served, text: str, at: datetime | None) -> str:
    entry = Entry(text, Source("note:home", "note", "Home"), Label(Integrity.PERSON), Kind.NOTE, at)
    return page.house.memory.remember([entry], now=datetime.now(UTC))[0]


def people(folder: Path) -> tuple[Path, Path]:
    """Somebody in an address book, whose birthday is soon, and who wrote a letter."""
    book, letters = folder / "book.vcf", folder / "m.mbox"
    born, at = datetime.now() + timedelta(days=4), datetime.now().astimezone() - timedelta(days=2)
    card = (
        "BEGIN:VCARD",
        "VERSION:3.0",
        "FN:Ana Novak",
        "N:Novak;Ana;;;",
        "EMAIL:ana@example.net",
        f"BDAY:1985{born:%m%d}",
        "END:VCARD",
        "",
    )
    book.write_text("\r\n".join((*card, "")))
    letters.write_text(
        f"From ana@example.net {at:%a %b %d %H:%M:%S %Y}\nFrom: Ana Novak <ana@example.net>\nTo: me <me@example.com>\n"
        f"Date: {at:%a, %d %b %Y %H:%M:%S %z}\nMessage-ID: <1@x>\nSubject: Photos\n\nI will send you the photos by Sunday.\n\n"
    )
    return book, letters


def planned(page: Served, words: str, template: str, **answers: str) -> None:
    """A goal that was said, answered and confirmed."""
    draft = page.house.goals.add(words, template)
    assert draft.goal is not None
    name = draft.goal.id
    for slot, value in answers.items():
        draft = page.house.goals.answer(name, slot, value)
    while draft.question:
        draft = page.house.goals.answer(name, draft.slot, "")
    page.house.goals.confirm(name)


def due(page: Served) -> None:
    """A step whose time is now, whatever time it is."""
    house = page.house
    for name, value in (("quiet_from", "00:00"), ("quiet_to", "00:00"), ("nudges_a_day", "20")):
        house.today.set(name, value)
    step = next(one for one in house.goals.steps() if one.start)
    with house.store.db.write() as cx:
        row, now = rows.step(cx, rows.number(step.id, "s")), datetime.now().timestamp()
        rows.write_steps(cx, [row._replace(start=now, until=now + 1200)])


def asked(page: Served) -> None:
    """An action that waits, with words from outside and a value to vouch for."""
    outside = Label(Integrity.UNTRUSTED, sources=("page:http://bakery.example/",))
    arguments = (
        Argument("to", "ana@example.org", "email", Label(Integrity.PERSON)),
        Argument("text", "Dear eve\u202egro@example.org, the key is under the mat.", "text", outside, (Span(5, 24),)),
    )
    action = Action(
        "", "send_mail", "sends", "Send a mail to “ana@example.org”", arguments, ActionState.WAITING, datetime.now(UTC),
        destination="ana@example.org", reasons=("Its text came from outside.",), needed=(Endorsement("email", "ana@example.org", "sends"),),
    )  # fmt: skip
    page.house.store.actions.ask(action, b"\0" * 32)


@contextmanager
def locked() -> Iterator[str]:
    """The address of a locked home."""
    loop, stop, ready, listening = asyncio.new_event_loop(), asyncio.Event(), threading.Event(), bind("127.0.0.1", 0)

    def refuse(secret: str) -> None:
        raise WrongPassphrase("That does not open it.", hint="try again")

    async def main() -> None:
        loop.call_soon(ready.set)
        await unlocked(listening, refuse, stop=stop)

    thread = threading.Thread(target=lambda: loop.run_until_complete(main()))
    thread.start()
    try:
        assert ready.wait(10)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(10)
        listening.close()
        loop.close()


PLANTED = """
const all = document.createElement('div');
all.id = 'planted';
const plant = (name, text, style) => {
  const made = document.createElement(name);
  made.textContent = text;
  for (const [property, value] of Object.entries(style)) made.style.setProperty(property, value, 'important');
  all.append(made);
};
plant('button', '', {width: '10px', height: '10px', padding: 0, 'min-block-size': 0, 'min-inline-size': 0});
plant('button', 'Bare', {outline: 'none', 'box-shadow': 'none'});
plant('p', 'Faint', {color: 'light-dark(#000, #333)', background: 'light-dark(#fff, #222)'});
plant('p', 'Wide '.repeat(20), {'white-space': 'nowrap'});
document.querySelector('main').append(all);
"""


def test_what_is_wrong_is_found(window: Browser, new: Served, axe: str) -> None:
    """The control: each of the faults that no view may have is planted, and found in the look it shows in."""
    window.open(new.address)
    window.run(PLANTED)
    wrong = faults(window, axe)
    window.run("document.querySelector('#planted').remove()")
    told = "\n".join(wrong)
    assert "button-name" in told and "no name: button" in told and "10 by 10" in told
    assert "no ring" in told and "Bare" in told
    faint = {each.partition(":")[0] for each in wrong if "color-contrast" in each}
    assert "de 1280 dark" in faint and not [each for each in faint if "light" in each]
    assert [each for each in wrong if each.startswith("de 390: the page is")]


@pytest.mark.parametrize("name", ["the page of a new person", *ROOMS])
def test_a_new_persons_rooms_are_for_everybody(window: Browser, new: Served, axe: str, seen: dict[str, set[str]], name: str) -> None:
    """Each says what will stand there, and breaks no rule while it is empty."""
    at(window, new)
    if name in ROOMS:
        room(name)(window, new)
    seen[f"new: {name}"] = shown(window)
    wrong = faults(window, axe, briefly=name in ROOMS)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", [*ROOMS, *VIEWS])
def test_every_view_is_for_everybody(window: Browser, full: Served, axe: str, seen: dict[str, set[str]], name: str) -> None:
    """With a life in it: no rule of axe-core broken, everything named, large enough, with a ring, and nothing over the edge."""
    at(window, full)
    (VIEWS.get(name) or room(name))(window, full)
    seen[name] = shown(window)
    wrong = faults(window, axe)
    assert not wrong, "\n".join(wrong)


def test_a_browser_that_is_not_let_in_is_told_so(window: Browser, new: Served, axe: str, seen: dict[str, set[str]]) -> None:
    window.open(f"http://localhost:{new.port}/")  # another host: none of its cookies
    window.one(".closed h1")
    seen["closed"] = shown(window)
    wrong = faults(window, axe)
    assert not wrong, "\n".join(wrong)


def test_pairing_is_for_everybody_on_both_sides(window: Browser, full: Served, axe: str, seen: dict[str, set[str]]) -> None:
    """The phone's page before and while it waits, one that comes without a code, and the question on the computer."""
    at(window, full)
    code_to_pair(window, full)
    address = str(window.run("return document.querySelector('mind-devices').pairing.url"))
    window.chrome.execute_cdp_cmd("Security.setIgnoreCertificateErrors", {"ignore": True})
    window.open(address)
    window.one("mind-pairing input").send_keys("Ana's phone")
    wrong = faults(window, axe)
    speak(window, "en")
    window.button("Go on").send_keys(Keys.ENTER)
    window.one("mind-pairing code")
    seen["pairing"] = shown(window)
    wrong += faults(window, axe)
    window.chrome.delete_all_cookies()
    window.open(address.partition("#")[0])
    wrong += faults(window, axe)  # who comes without a code
    at(window, full)
    room("mind-privacy/devices")(window, full)
    window.one("mind-devices .waiting code")
    wrong += faults(window, axe)
    full.house.devices.refuse(full.house.devices.listening().waiting[0].id)
    assert not wrong, "\n".join(wrong)


def test_a_locked_memory_asks_everybody(window: Browser, axe: str, seen: dict[str, set[str]]) -> None:
    """Before and after a wrong answer."""
    with locked() as address:
        window.open(address)
        window.one("input[name=secret]").send_keys("wrong", Keys.ENTER)
        window.one(".closed .trouble")
        seen["locked"] = shown(window)
        wrong = faults(window, axe)
        assert not wrong, "\n".join(wrong)


def test_the_page_of_an_ownmind_that_is_away_is_for_everybody(window: Browser, new: Served, axe: str) -> None:
    window.chrome.execute_cdp_cmd("Network.setBlockedURLs", {"urls": ["*/api/session*"]})
    try:
        window.chrome.get(f"http://127.0.0.1:{new.port}/away.html")
        window.one("#away h1")
        wrong = faults(window, axe)
        assert not wrong, "\n".join(wrong)
    finally:
        window.chrome.execute_cdp_cmd("Network.setBlockedURLs", {"urls": []})
        window.errors()


def test_the_table_opens_all_there_is(window: Browser, full: Served, seen: dict[str, set[str]]) -> None:
    """Every room the page can open, every tab of each, every way of its menu, and every component there is was shown by a view above."""
    modules = {path.name: path.read_text() for path in (FOLDER / "components").glob("*.js")}
    named = set(re.findall(r"'(mind-[\w-]+)': \(\) => import", modules["page.js"]))
    opened = {each.partition("/")[0] for each in ROOMS}
    assert named - opened == {"mind-reader"}  # it needs something to read: "a document"
    at(window, full)
    window.run("return Promise.all(arguments[0].map(each => import(`/components/${each}`)))", list(modules))
    tabs = window.run(
        "return [...document.querySelectorAll('mind-page > *')]"
        ".flatMap(each => (each.views ?? []).map(view => `${each.localName}/${view.id}`))"
    )
    top = "const top = document.querySelector('mind-top');"
    ways = window.run(f"{top} return [...top.daily, ...top.rest].map(each => each.view ?? each.event)")
    assert isinstance(tabs, list) and isinstance(ways, list) and len(tabs) > 15 and len(ways) > 10
    assert set(tabs) == {each for each in ROOMS if "/" in each}
    assert set(ways) - opened == {"forget-more"}  # the event that opens mind-forget
    assert set(ways) - {"forget-more"} == set(re.findall(r"\['(mind-[\w-]+)', key", modules["find.js"])), "search finds every room"
    if len(seen) < len(VIEWS) + 2 * len(ROOMS):
        pytest.skip("only a part of the table was opened")
    defined = {name for text in modules.values() for name in re.findall(r"customElements\.define\('([\w-]+)'", text)}
    assert defined - set().union(*seen.values()) == set()
