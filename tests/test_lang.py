"""The page's languages: what the message files promise to the code."""

from __future__ import annotations

import re

import pytest

from ownmind.bench import wording

# CLDR's categories that whole numbers up to a million ask for: what a plural must say in each language.
CATEGORIES = {
    "ar": {"zero", "one", "two", "few", "many", "other"},
    "ja": {"other"},
    "pl": {"one", "few", "many", "other"},
    "zh": {"other"},
}
TEXTS = wording.texts()
OTHERS = [code for code in wording.codes() if code != "en"]


def places(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))


def test_twelve_languages_are_offered_and_each_has_its_file() -> None:
    """A language in the list without its messages would be English under another name."""
    assert len(wording.codes()) == 12 and wording.codes()[0] == "en"
    assert {path.stem for path in (wording.FOLDER / "lang").glob("*.json")} == set(OTHERS)


def test_every_text_is_written_out_where_it_is_said() -> None:
    """A text put together at run time is in no message file, so none is."""
    for path in wording.scripts():
        code = path.read_text(encoding="utf-8")
        assert not re.findall(r"(?<![\w.])(?:t|rich|key|plural)\(\s*[`\"]", code), path.name


def test_the_page_says_nothing_that_stands_in_english_alone() -> None:
    """Whatever a component shows or has read out is marked, so that a language can say it."""
    assert wording.unmarked() == {}


def test_english_in_a_component_is_seen_wherever_it_stands() -> None:
    """In a text, in a spoken attribute, in a template within a template, and in a string beside them; not in a command, class or path."""
    code = """const NAME = 'Held back'; // “It isn't shown”
    html`<p class="aside quiet" title="Why it is">${this.all ? html`<b>All of it</b>` : 'none of them'} <code>ownmind chat</code>
      ${t('Kept.')} ${plural(n, '{n} fact', '{n} facts')}
      <a href="/some/where" aria-label=${`Show ${name} again`}>${'Enter' === key}</a></p>`;"""
    assert [text for _, text in wording.bare(code)] == ["Held back", "Why it is", "All of it", "none of them", "Show {} again"]


@pytest.mark.parametrize("code", OTHERS)
def test_a_language_says_only_what_the_page_says(code: str) -> None:
    """A text that went from the code goes from the files; every place of a text is in its translation, and no other."""
    for text, said in wording.messages(code).items():
        assert text in TEXTS.every, f"{code}: nobody says {text!r} any more"
        if isinstance(said, str):
            assert text in TEXTS.plain, f"{code}: {text!r} has a number and needs its forms"
            assert said.strip() and places(said) == places(text), f"{code}: {text!r}"
        else:
            assert text in TEXTS.plural, f"{code}: {text!r} has no number"
            assert set(said) == CATEGORIES.get(code, {"one", "other"}), f"{code}: {text!r}"
            for form in said.values():
                assert places(form) | {"n"} == places(text) | {"n"}, f"{code}: {text!r}"
