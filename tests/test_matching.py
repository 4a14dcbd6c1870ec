"""Which replies count as the known answer: the same time in other words does, a near miss does not."""

from __future__ import annotations

import pytest

from ownmind.bench.matching import says

SAME = [
    ("Caroline went there on 14 July 2023.", "The friday before 15 July 2023"),
    ("It was on Sunday, 2 July 2023.", "The sunday before 3` July 2023"),
    ("Last week, from 31 July to 6 August 2023.", "The week before 6 August 2023"),
    ("From 26 June to 2 July 2023.", "The week before 7 July 2023"),
    ("That was 14 to 15 October 2023.", "The weekend before 20 October 2023"),
    ("Last week, 8 to 14 August 2022.", "The week before 14August, 2022."),
    ("In the week of 21 August 2023.", "The week of 23 August 2023"),
    ("He started last month, April 2023.", "April.2023"),
    ("On June 13, 2023.", "June, 2023"),
    ("Last summer [summer 2022].", "The summer of 2022"),
    ("On 5 April 2024.", "April 5, 2024"),
    ("In May 2019.", "2019"),
    ("They were rejected two times.", "Twice"),
    ("4700 words.", "4,700 words"),
    ("You have three turtles.", "3"),
    ("She discovered a cool old book collection there.", "cool old book collection"),
    ("He has been there for ten years.", "10 years"),
]
OTHER = [
    ("Caroline went there on 15 July 2023.", "The friday before 15 July 2023"),
    ("It was on 30 July 2023, which was a Sunday.", "The sunday before 3` July 2023"),
    ("It was on 3 July 2023.", "The sunday before 3` July 2023"),
    ("In July 2023.", "10 July 2023"),
    ("Last week, from 24 to 30 July 2023.", "The week before 9 August 2023"),
    ("On 1 May 2023.", "1 May 2023 and 3 May 2023"),
    ("She applied on 20 October 2023.", "The week of 23 August 2023"),
    ("It was on 10 May 2023.", "February, 2023"),
    ("In 2023.", "May 2023"),
    ("In April 2022.", "April.2023"),
    ("On 1 April 2024.", "April 5, 2024"),
    ("In May 2020.", "2019"),
    ("They were rejected three times.", "Twice"),
    ("470 words.", "4,700 words"),
    ("You have thirteen turtles.", "3"),
    ("She found a cool book.", "cool old book collection"),
    ("He has been there for ten months.", "10 years"),
]


@pytest.mark.parametrize(("reply", "answer"), SAME)
def test_the_same_answer_in_other_words_is_right(reply: str, answer: str) -> None:
    """Dates that are one day, week or month match; so do digits and number words."""
    assert says(reply, answer) == 1


@pytest.mark.parametrize(("reply", "answer"), OTHER)
def test_a_near_miss_is_not_right(reply: str, answer: str) -> None:
    """A neighbouring day, a coarser date, another number or half of the words never count as all of the answer."""
    assert says(reply, answer) < 1
