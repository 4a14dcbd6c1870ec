"""What a person decides on cannot be made to look like something else."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ownmind.guard.visible import visible


def test_nothing_is_hidden_or_turned_around() -> None:
    """A direction mark or a zero-width blank cannot make one account look like another."""
    assert visible("GB29\u202e123\u200b") == "GB29<U+202E>123<U+200B>"
    assert visible("two\nlines, ünï, 日本, 🌊") == "two\nlines, ünï, 日本, 🌊"


@given(st.text())
def test_what_is_shown_is_all_there_is(text: str) -> None:
    """Written out once, it stays so; no letter is lost."""
    assert visible(visible(text)) == visible(text)
    assert len(visible(text)) >= len(text)
