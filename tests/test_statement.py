"""A goal is read from the person's words: its kind, its parts with where they stand, and nothing that is not said."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ownmind.goals import slots
from ownmind.goals.placing.schedule import Window
from ownmind.goals.preferences import Preferences
from ownmind.goals.saying.statement import Stated, read

BERLIN = ZoneInfo("Europe/Berlin")
SUNDAY = datetime(2026, 11, 22, 15, 0, tzinfo=BERLIN)


WORDS = """save run learn 3,000 € by the end of May every day on Mondays because I can if it rains then gym call Tom 5 km twice a week
    10 k , . : at 7 pm until 31/12 first half an hour""".split()  # noqa: SIM905


def stated(text: str, at: datetime = SUNDAY) -> Stated:
    return read(text, at, BERLIN)


def part(text: str, slot: str) -> object:
    """The typed value of a slot; None where it is not said."""
    chip = next((chip for chip in stated(text).chips if chip.slot == slot), None)
    return None if chip is None else slots.read(slot, chip.value)


@pytest.mark.parametrize(
    ("text", "template"),
    [
        ("train for the city triathlon in July", "training"), ("see my cousins more often", "relationship"),
        ("pay off my car loan", "saving"), ("learn to sew", "practice"), ("read Emma", "reading"),
        ("host a barbecue on 5 June", "event"), ("pass my chemistry final in March", "study"), ("floss every night", "habit"),
        ("hand in the grant report by Friday", "project"), ("lose 4 kg", "free"), ("be happier", ""),
    ],
)  # fmt: skip
def test_the_words_say_the_kind(text: str, template: str) -> None:
    """What is clear is named; "" is asked."""
    assert stated(text).template == template


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("run the race on 12 April", date(2027, 4, 12)), ("finish it by 20 December", date(2026, 12, 20)),
        ("save 100 euros by summer", date(2027, 6, 1)), ("save 100 euros this year", date(2026, 12, 31)),
        ("save 100 euros before 1 March", date(2027, 2, 28)), ("save 100 euros by the end of next month", date(2026, 12, 31)),
        ("save 100 euros within three weeks", date(2026, 12, 13)), ("finish my essay by next Friday", date(2026, 11, 27)),
        ("finish my essay by May", date(2027, 5, 1)), ("finish my essay by mid February", date(2027, 2, 15)),
        ("finish my essay by 31/1", date(2027, 1, 31)), ("run the race on the third of June", date(2027, 6, 3)),
    ],
)  # fmt: skip
def test_a_goal_looks_ahead(text: str, day: date) -> None:
    """A day without its year is the next one; a stretch leaves until before it begins or until it ends, as the words say."""
    assert part(text, "deadline") == day


def test_a_day_that_has_passed_is_said_and_not_moved() -> None:
    """The person is told which day, and asked."""
    found = stated("finish the report by 3 March 2024")
    assert not [chip for chip in found.chips if chip.slot == "deadline"]
    assert "3 March 2024" in found.remarks[0]
    assert stated("finish the report by 4/12").remarks, "which of two days is meant is asked"


def test_numbers_find_their_place() -> None:
    """Where the person stands, where they want to be, what it may cost; a reason's numbers are nobody's target."""
    assert part("squat 120 kg, currently at 85", "baseline") == slots.Amount(85, "kg")
    assert part("squat 120 kg, currently at 85", "target") == slots.Amount(120, "kg")
    assert part("pay off my loan of 2,400 euros", "target") == slots.Amount(0, "euros")
    assert part("lose 5 kg by Easter, I weigh 82 kg", "target") == slots.Amount(77, "kg")
    assert part("organise the party on 5 June with at most 300 euros", "money") == 300
    assert part("learn to sew because I have 3 kids", "target") is None
    assert part("run the half marathon in May", "target") == slots.Amount(21.1, "km")
    assert part("do ten thousand push-ups by June", "target") == slots.Amount(10_000, "push-ups")


def test_how_often_how_long_and_when() -> None:
    """Rhythms and hours as people say them."""
    assert (part("train three times a week", "a_week"), part("call mum every two weeks", "every")) == (3, 14)
    assert part("draw for half an hour on Mondays and Thursdays", "minutes") == 30
    assert part("draw for half an hour on Mondays and Thursdays", "a_week") == 2
    assert part("draw between 6 and 8 pm on weekdays", "windows") == (Window(18 * 60, 20 * 60, frozenset(range(5))),)
    assert part("write every day except Sundays", "a_week") == 6
    assert part("no screens after 9 pm", "windows") is None


def test_after_work_is_when_the_persons_work_ends() -> None:
    """The hours come from the preferences, on the days of work."""
    late = Preferences(work=(Window(12 * 60, 20 * 60, frozenset((0, 1))),))
    found = read("draw after work", SUNDAY, BERLIN, preferences=late)
    (chip,) = [chip for chip in found.chips if chip.slot == "windows"]
    assert slots.read("windows", chip.value) == (Window(20 * 60, 22 * 60, frozenset((0, 1))),)


def test_slips_of_the_pen_are_understood_and_quoted_as_they_stand() -> None:
    """ "evry", "befor", "becuase": read, and the reason is in the person's own letters."""
    found = stated("i want to do yoga evry day befor work becuase my bakc hurts")
    chips = {chip.slot: chip for chip in found.chips}
    assert chips["why"].value == "my bakc hurts"
    assert chips["a_week"].value == "5"


def test_a_part_stands_where_its_span_says() -> None:
    """The span is a place in the very words, also behind misspelt ones."""
    text = "I wnat to excercise three times a weeek at the gym, becuase my doctor says so"
    for chip in stated(text).chips:
        assert chip.span is not None
        words = text[chip.span.start : chip.span.end]
        assert words
        if chip.slot in ("why", "place"):
            assert words == chip.value


def test_obstacles_stages_and_a_second_goal() -> None:
    """If-then, stages with their days, and what is said besides."""
    text = "renovate the flat: choose tiles by 10 December, then paint. If the shop is closed I'll order online"
    chips = {chip.slot: chip.value for chip in stated(text).chips}
    assert chips["obstacles"] == "if the shop is closed then order online"
    assert chips["milestones"] == "choose tiles by 2026-12-10; paint"
    assert stated("learn to juggle and I also want to save 500 euros by May").other == "save 500 euros by May"


def test_another_language_is_said_honestly() -> None:
    """Nothing is guessed from words we do not read."""
    found = stated("Ich möchte bis Ostern jeden Tag eine Stunde laufen und nicht mehr rauchen")
    assert not found.chips
    assert not found.template
    assert "English" in found.remarks[0]


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200))
def test_nothing_a_person_types_breaks_it(text: str) -> None:
    """Whatever the text: a result, every chip readable by its slot, every span inside."""
    for chip in stated(text).chips:
        slots.read(chip.slot, chip.value)
        assert chip.span is None or 0 <= chip.span.start <= chip.span.end <= len(text)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=25))
def test_no_order_of_its_own_words_breaks_it(words: list[str]) -> None:
    """The words the readers look for, in any order."""
    test_nothing_a_person_types_breaks_it.hypothesis.inner_test(" ".join(words))  # type: ignore[attr-defined]


@pytest.mark.parametrize("words", ["Read 20 pages every evening", "do 30 push-ups every morning", "write 500 words each morning"])
def test_what_is_done_each_day_is_a_habit_and_no_end_to_reach(words: str) -> None:
    """Twenty pages every evening is not a book of twenty pages."""
    found = stated(words)
    assert found.template == "habit" and "target" not in {chip.slot for chip in found.chips}
