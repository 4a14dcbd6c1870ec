"""Hours and days as people write them; what cannot be read says so in words a person can answer to."""

from __future__ import annotations

import pytest

from ownmind.errors import BadInput
from ownmind.goals.hours import windows, windows_shown


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Mo,We 18:00-21:00; Sa 8:00-12:00", "Mo,We 18:00-21:00; Sa 08:00-12:00"),
        ("Monday and Wednesday evening", "Mo,We 18:00-22:00"),
        ("in the afternoon", "daily 13:00-18:00"),
        ("Mondays in the evening", "Mo 18:00-22:00"),
        ("weekends", "Sa,Su 00:00-24:00"),
    ],
)
def test_hours_are_read_as_people_say_them(text: str, read: str) -> None:
    assert windows_shown(windows(text)) == read


def test_what_is_not_understood_is_given_back_whole_with_an_example_that_works() -> None:
    with pytest.raises(BadInput) as caught:
        windows("after school")
    assert caught.value.message == "I read no day and no hour in “after school”"
    assert windows(caught.value.hint.removeprefix("for example: "))
