"""Editing, branches, thumbs and attachments on the page: real Chromium, a real server, the real encrypted store; a scripted brain."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver.common.keys import Keys

from browser import Browser, needs_browser
from ownmind.models.scripted import ScriptedModel
from served import Served, served

pytestmark = [needs_browser, pytest.mark.browser]

SHOTS = os.environ.get("OWNMIND_SHOTS")  # a folder for pictures of what the tests see


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Served]:
    """A server whose model numbers its answers."""
    model = ScriptedModel(lambda pairs: f"Answer {len(model.calls)}.")
    with served(tmp_path / "home", model) as running:
        yield running


def shot(window: Browser, name: str) -> None:
    if SHOTS:
        window.chrome.save_screenshot(str(Path(SHOTS) / f"{name}.png"))


def say(window: Browser, text: str) -> None:
    """Types a message and waits until its answer is finished."""
    window.one("#text").send_keys(text, Keys.ENTER)
    settled(window, text)


def settled(window: Browser, last: str) -> None:
    """Waits until the person's last words are these and answered."""
    window.until(lambda: theirs(window)[-1:] == [last] and not window.all(".companion.streaming") and not window.all(".stop"))


def theirs(window: Browser) -> list[str]:
    return [each.text for each in window.all(".message.person > p")]


def ours(window: Browser) -> list[str]:
    return [each.text for each in window.all(".companion .words")]


def versions(window: Browser) -> list[str]:
    return [" ".join(each.text.split()) for each in window.all(".versions")]


def test_a_message_is_edited_and_both_branches_can_be_read_with_the_keyboard(window: Browser, page: Served) -> None:
    """Edit, say it in other words, and the arrows lead back and forth; what is typed next joins the branch that is shown."""
    window.open(page.address)
    say(window, "Good morning")
    say(window, "Let us talk about kayaks")
    say(window, "Which are stable?")
    window.all(".tool.edit")[1].send_keys(Keys.ENTER)
    assert window.run("return document.activeElement.id").startswith("edit-")
    shot(window, "editing")
    window.press(Keys.ESCAPE)
    assert "edit" in window.run("return document.activeElement.className"), "Escape leaves it as it was"
    window.press(Keys.ENTER, Keys.CONTROL + "a", "Let us talk about canoes", Keys.ENTER)
    settled(window, "Let us talk about canoes")
    assert theirs(window) == ["Good morning", "Let us talk about canoes"]
    window.until(lambda: versions(window) == ["‹ 2 of 2 ›"])
    assert "kayaks" not in str(page.brain.calls[-1]) and "Good morning" in str(page.brain.calls[-1])
    shot(window, "branch")
    window.button("Version before").send_keys(Keys.ENTER)
    window.until(lambda: "Which are stable?" in theirs(window))
    assert window.run("return document.activeElement.getAttribute('aria-label')") == "Next version"
    assert window.one("[aria-live=polite]").get_property("textContent") == "Version 1 of 2"
    say(window, "And cheap?")
    assert "kayaks" in str(page.brain.calls[-1]) and "canoes" not in str(page.brain.calls[-1])
    window.button("Next version").send_keys(Keys.ARROW_RIGHT)
    window.until(lambda: theirs(window) == ["Good morning", "Let us talk about canoes"])
    window.chrome.refresh()
    assert not window.errors()


def test_a_reply_is_given_anew_beside_the_first(window: Browser, page: Served) -> None:
    """One press; the message stands there once, the replies as versions of each other; after a reload too."""
    window.open(page.address)
    say(window, "Tell me about rain")
    first = ours(window)
    window.button("Answer again").send_keys(Keys.ENTER)
    window.until(lambda: versions(window) == ["‹ 2 of 2 ›"] and not window.all(".stop"))
    assert theirs(window) == ["Tell me about rain"] and ours(window) != first
    window.button("Version before").click()
    window.until(lambda: ours(window) == first)
    assert not window.errors()


def test_a_thumb_and_a_word_of_correction_are_kept_shown_back_and_taken_back(window: Browser, page: Served) -> None:
    """Down, a word, remembered as the person's own statement in place of what the reply said; up and down are undone by a second press."""
    page.brain.script = lambda pairs: "Your dentist is Dr Lee."
    window.open(page.address)
    say(window, "My dentist is Dr Lee.")
    say(window, "Who is my dentist?")
    reply = page.house.store.conversations.messages(page.house.store.conversations.all()[0].key)[-1].id
    good, bad = (f'mind-thumbs[reply], .under button[aria-label="{name}"]' for name in ("A good reply", "Not a good reply"))
    window.all(good)[-1].send_keys(Keys.SPACE)
    window.until(lambda: [one.is_good for one in page.house.talk.feedback()] == [True])
    window.until(lambda: window.all(good)[-1].get_attribute("aria-pressed") == "true")
    window.all(good)[-1].send_keys(Keys.SPACE)
    window.until(lambda: not page.house.talk.feedback())
    window.until(lambda: window.all(bad)[-1].is_enabled())
    window.all(bad)[-1].send_keys(Keys.ENTER)
    window.until(lambda: window.run("return document.activeElement.id") == f"word-{reply}")
    window.press("No, my dentist is Dr Lim", Keys.ENTER)
    window.until(lambda: "No, my dentist is Dr Lim" in window.text(".under .word"))
    assert not any("Lim" in one.text for one in page.house.memory.recall("dentist Lim")), (
        "a word is used for nothing before it is remembered"
    )
    shot(window, "correction")
    assert window.run("return document.activeElement.textContent") == "Remember this"
    window.press(Keys.ENTER)
    window.until(lambda: "Remembered" in window.text(".under .word"))
    window.until(lambda: "Your dentist is Dr Lim" in [each.text for each in window.all(".card h3")])
    believed = [fact.text for fact in page.house.memory.facts()]
    assert "Your dentist is Dr Lim" in believed and "Your dentist is Dr Lee" not in believed
    window.chrome.refresh()
    window.button("Earlier").click()
    window.until(lambda: window.all(".drawer li button"))[0].click()
    window.until(lambda: "You corrected this: No, my dentist is Dr Lim" in " ".join(window.text(".under .word").split()))
    window.button("Take it back").click()
    window.until(lambda: not page.house.talk.feedback())
    assert not window.errors()


def dropped(window: Browser, event: str, name: str, media_type: str, words: str) -> None:
    """A file let go over the page, or pasted into the message."""
    window.run(
        """const [event, name, type, words] = arguments; const data = new DataTransfer();
        data.items.add(new File([words], name, {type}));
        const given = {bubbles: true, cancelable: true};
        if (event === 'drop') document.body.dispatchEvent(new DragEvent('drop', {dataTransfer: data, ...given}));
        else document.querySelector('#text').dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, ...given}));""",
        event, name, media_type, words,
    )  # fmt: skip


def test_a_file_goes_with_a_message_and_the_answer_cites_it(window: Browser, page: Served) -> None:
    """Dropped, shown as a chip, sent with a question; the model is shown its words, the reply its source, the message its name."""
    page.brain.script = lambda pairs: "The boiler was serviced on 14 March by Oren Tal."
    window.open(page.address)
    dropped(window, "drop", "boiler.md", "text/markdown", "The boiler was serviced on 14 March by Oren Tal. The next visit is in a year.")
    dropped(window, "paste", "extra.txt", "text/plain", "Nothing of note.")
    window.until(lambda: len(window.all(".attached li")) == 2)
    assert "boiler.md" in window.text(".attached") and "kB" in window.text(".attached")
    shot(window, "attached")
    window.button("Take off extra.txt").send_keys(Keys.ENTER)
    window.until(lambda: len(window.all(".attached li")) == 1)
    say(window, "What does this say?")
    assert not window.all(".attached") and window.text(".files") == "boiler.md"
    assert "Oren Tal" in str(page.brain.calls[-1])
    assert any("boiler.md" in chip.text for chip in window.all(".chip"))
    assert "from outside" in window.text(".companion")
    shot(window, "cited")
    window.chrome.refresh()
    window.button("Earlier").click()
    window.until(lambda: window.all(".drawer li button"))[0].click()
    window.until(lambda: window.text(".files") == "boiler.md")
    assert not window.errors()


def test_a_file_that_cannot_be_read_says_why_and_the_message_waits(window: Browser, page: Served) -> None:
    """A picture: nothing is sent, nothing typed is lost; without it the message goes."""
    window.open(page.address)
    dropped(window, "paste", "photo.gif", "image/gif", "GIF89a and so on")
    window.one("#text").send_keys("Keep this in mind", Keys.ENTER)
    window.until(lambda: "I could not read it" in window.text(".attached .trouble"))
    shot(window, "unreadable")
    assert window.one("#text").get_property("value") == "Keep this in mind" and not theirs(window)
    window.button("Take off photo.gif").click()
    window.one("#text").send_keys(Keys.ENTER)
    settled(window, "Keep this in mind")
    assert not window.errors()


def test_what_never_arrived_is_sent_again_with_its_file(window: Browser, tmp_path: Path) -> None:
    """The server is gone in between: the message stays on the page with its file, and is sent once it is back, once."""
    with served(tmp_path / "home", ScriptedModel("Here I am.")) as first:
        window.open(first.address)
        say(window, "Good morning")
        port = first.port
    dropped(window, "drop", "boiler.md", "text/markdown", "The boiler was serviced on 14 March by Oren Tal.")
    window.one("#text").send_keys("Are you there?", Keys.ENTER)
    window.until(lambda: window.all(".attached progress"))
    with served(tmp_path / "home", ScriptedModel("Here I am."), port=port) as second:
        settled(window, "Are you there?")
        assert theirs(window) == ["Good morning", "Are you there?"] and window.text(".files") == "boiler.md"
        conversation = second.house.store.conversations.all()[0].key
        said = second.house.store.conversations.messages(conversation)
        assert [one.text for one in said if one.files] == ["Are you there?"]
    window.errors()


def test_a_page_of_the_talk_that_comes_late_takes_nothing_away(window: Browser, page: Served) -> None:
    """What was read of the talk before a message was sent, and arrives after it, does not replace that message and its answer."""
    window.open(page.address)
    say(window, "The first thing.")
    window.run("""const real = fetch; window.late = 0;
        window.fetch = async (input, init) => {
          const answer = await real(input, init);
          if (!String(input).includes('/api/conversations/')) return answer;
          await new Promise((done) => setTimeout(done, 1500));
          window.late += 1;
          return answer;
        };
        document.querySelector('mind-page').mind.catchUp().then(() => { window.late += 1; });""")
    say(window, "The second thing.")
    window.until(lambda: window.run("return window.late") >= 2)  # type: ignore[operator]  # a number
    assert theirs(window) == ["The first thing.", "The second thing."]
    assert len(ours(window)) == 2 and all(ours(window))
