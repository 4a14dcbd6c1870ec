"""The library on the page: giving files, what was taken in, reading it, connections. Real Chromium, server and store."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver.common.keys import Keys

from browser import Browser, needs_browser
from documents import pdf, prose
from ownmind.models.scripted import ScriptedModel
from served import Served, served

pytestmark = [needs_browser, pytest.mark.browser]

PAGES = [f"Page {n} of the lease says what holds for room {n} of the house." for n in range(1, 30)] + ["The notice period is three months."]
ASKED = "How long is the notice period?"


@pytest.fixture
def page(tmp_path_factory: pytest.TempPathFactory, window: Browser) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("library") / "home", ScriptedModel(said)) as held:
        window.look(1280, 900)
        window.open(held.address)
        yield held


def said(pairs: list[tuple[str, str]]) -> str:
    """What the brain answers: words that rest on what was told."""
    return "The spare key is under the blue pot." if "spare key" in str(pairs) else "The notice period is three months."


def give(window: Browser, *paths: Path) -> None:
    """Chooses files as a person does."""
    window.room("mind-library", "bring")
    window.one("#bring-files").send_keys("\n".join(map(str, paths)))


def is_seen(window: Browser, css: str) -> bool:
    """Whether the first match lies inside the window."""
    script = "const r = document.querySelector(arguments[0])?.getBoundingClientRect(); return !!r && r.top >= 0 && r.bottom <= innerHeight"
    return bool(window.run(script, css))


def test_files_are_given_listed_read_and_taken_away_again(window: Browser, page: Served, tmp_path: Path) -> None:
    """Each says what was remembered; one that cannot be read says why and what to do; undo shows what would go first, gives a receipt,
    and the shelf is empty of it."""
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.7\nnothing of the sort")
    give(window, pdf(tmp_path / "lease.pdf", PAGES), tmp_path / "broken.pdf")
    window.until(lambda: "2 of 2 files" in window.text("mind-incoming"), 60)
    assert "30 passages remembered" in window.text("mind-incoming")
    assert "a damaged PDF → open it" in window.text("mind-incoming")
    listed = [each.text for each in window.all("mind-incoming .rows .name")]
    assert listed == ["broken.pdf", "lease.pdf"]  # what was left out stands first
    window.room("mind-library", "shelf")
    window.until(lambda: "lease.pdf" in window.text("mind-shelf"))
    assert "given:" not in window.text("mind-shelf") and "~" not in window.text("mind-shelf")  # our name for it is none of the person's
    window.room("mind-library", "bring")
    window.button("Undo: lease.pdf", "mind-incoming").click()
    window.until(lambda: "30 messages would go" in window.text("dialog.forget"))
    window.button("Forget", "dialog.forget").click()
    window.until(lambda: "verified" in window.text("dialog.forget"))
    window.button("Close", "dialog.forget").click()
    assert page.house.library.sources().total == 0
    window.room("mind-library", "shelf")
    window.until(lambda: "Nothing was taken in yet" in window.text("mind-shelf"))
    assert window.errors() == []


def test_a_large_file_goes_in_pieces_is_stopped_and_goes_on_where_it_was(window: Browser, page: Served, tmp_path: Path) -> None:
    """Stopped in the middle it keeps what was read; going on sends no byte again, and the whole of it is there, once."""
    (tmp_path / "diary.md").write_text(prose(240_000), encoding="utf-8")
    give(window, tmp_path / "diary.md")
    window.until(lambda: page.house.memory.counts()["items"] > 0, 60)
    window.button("Stop: diary.md", "mind-incoming").click()
    window.until(lambda: "stopped; what was read of it is kept" in window.text("mind-incoming"), 30)
    window.requests()
    before = page.house.memory.counts()["items"]
    [shelved] = page.house.library.sources().sources
    assert shelved.state == "unfinished" and before > 0
    window.button("Go on: diary.md", "mind-incoming").click()
    window.until(lambda: "1 of 1 files" in window.text("mind-incoming"), 120)
    assert not [each for each in window.requests() if "/api/pieces/" in each]
    [shelved] = page.house.library.sources().sources
    assert shelved.state == "whole" and shelved.items == page.house.memory.counts()["items"] > before


def test_a_source_chip_opens_the_document_with_its_words_marked_and_in_view(window: Browser, page: Served, tmp_path: Path) -> None:
    """On its page, also when the file is gone, which is said; words are looked for in it; back leads to the answer."""
    path = pdf(tmp_path / "lease.pdf", PAGES)
    page.house.import_paths([path])
    path.unlink()
    window.one("#text").send_keys(ASKED, Keys.ENTER)
    window.until(lambda: window.all(".companion .chip") and not window.all(".companion.streaming"))
    window.one(".companion .chip").click()
    window.button("Read it there").click()
    window.until(lambda: is_seen(window, ".reader .cited mark"))
    assert window.text(".reader .cited mark") == "The notice period is three months."
    assert "Page 30" in window.text(".reader .text") and "Its file is gone" in window.text(".reader")
    window.one("#reader-words").send_keys("ROOM 3 of")  # looked for by itself
    window.until(lambda: "1 of 1" in window.text(".reader .tools") and is_seen(window, ".reader .looked"))
    assert window.text(".reader .looked") == "room 3 of"
    window.button("Back", ".reader").click()
    window.until(lambda: not window.all(".reader[open]"))
    assert window.chrome.switch_to.active_element.text == "Read it there"


def test_a_source_that_was_said_in_a_talk_opens_that_talk(window: Browser, page: Served) -> None:
    """Another conversation than the one that is shown."""
    window.one("#text").send_keys("The spare key is under the blue pot.", Keys.ENTER)
    window.until(lambda: len(window.all(".companion")) == 1 and not window.all(".companion.streaming"))
    window.button("New").click()
    window.one("#text").send_keys("Where is the spare key?", Keys.ENTER)
    window.until(lambda: window.all(".companion .chip") and not window.all(".companion.streaming"))
    window.one(".companion .chip").click()
    window.button("Open the conversation").click()
    window.until(lambda: "under the blue pot" in window.text(".message.person"))


def test_from_citation_to_citation_and_through_a_long_text(window: Browser, page: Served, tmp_path: Path) -> None:
    """The shelf's reader steps through what replies cited; what lies beyond the first stretch is read when it is asked for."""
    (tmp_path / "walks.md").write_text(prose(12_000), encoding="utf-8")
    page.house.import_paths([tmp_path / "walks.md"])
    [source] = page.house.library.sources().sources
    window.room("mind-library", "shelf")
    window.button("Read: walks.md", "mind-shelf").click()
    window.until(lambda: len(window.all(".reader .passage")) == 80)
    window.button(f"{source.items - 80} passages after this", ".reader").click()
    window.until(lambda: len(window.all(".reader .passage")) == min(160, source.items))
    window.one("#reader-words").send_keys("Sentence 0-990 tells", Keys.ENTER)
    window.until(lambda: is_seen(window, ".reader .looked"))
    assert window.all(".reader .text") and "before this" in window.text(".reader")


def test_a_connection_says_how_it_is_and_is_switched_off(window: Browser, page: Served) -> None:
    """With nothing connected it says so; a search server that may be asked is switched off and then asks each time."""
    window.room("mind-library", "connections")
    window.until(lambda: "connected with nothing" in window.text("mind-connections"))
    page.house.search.set("https://searx.example.org")
    page.house.allow("searx.example.org", "search the web")
    window.one("#tab-shelf").click()
    window.room("mind-library", "connections")
    window.until(lambda: "searx.example.org" in window.text("mind-connections"))
    assert "Not contacted yet" in window.text("mind-connections")
    window.button("Switch off: Web search", "mind-connections").click()
    window.until(lambda: "asks you each time" in window.text("mind-connections"))
    assert page.house.permissions() == []


def shot(window: Browser, name: str) -> None:
    import os

    if folder := os.environ.get("OWNMIND_SHOTS"):
        window.chrome.save_screenshot(f"{folder}/{name}.png")
