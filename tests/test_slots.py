"""The parts of a goal as text and back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ownmind.errors import BadInput
from ownmind.goals.goal import CheckInRule, Milestone, Obstacle
from ownmind.goals.placing.schedule import Window
from ownmind.goals.slots import SLOTS, Amount, read, shown

TODAY = date(2026, 11, 22)

SAID = [
    ("deadline", "12 April", date(2027, 4, 12)),
    ("deadline", "April 12th, 2027", date(2027, 4, 12)),
    ("deadline", "by 15 Sept", date(2027, 9, 15)),
    ("deadline", "29 February", date(2028, 2, 29)),
    ("deadline", "in ten weeks", date(2027, 1, 31)),
    ("deadline", "in 3 months", date(2027, 2, 22)),
    ("target", "21.1 km", Amount(21.1, "km")),
    ("target", "€3,000", Amount(3000, "€")),
    ("target", "3k", Amount(3000)),
    ("target", "21,1 km", Amount(21.1, "km")),
    ("a_week", "3 times a week", 3),
    ("a_week", "twice", 2),
    ("minutes", "1 h 30", 90),
    ("minutes", "half an hour", 30),
    ("windows", "Mon and Wed evenings", (Window(18 * 60, 22 * 60, frozenset({0, 2})),)),
    ("windows", "daily 22:00-2:00", (Window(22 * 60, 24 * 60), Window(0, 2 * 60))),
    ("windows", "Sa 8-12; after 6pm", (Window(8 * 60, 12 * 60, frozenset({5})), Window(18 * 60, 24 * 60))),
    (
        "milestones",
        "Outline (4 h) by 1 December; Stand by the door",
        (Milestone("Outline", date(2026, 12, 1), None, 240), Milestone("Stand by the door")),
    ),
    ("obstacles", "if it rains then treadmill; when tired, walk", (Obstacle("it rains", "treadmill"), Obstacle("tired", "walk"))),
    ("check_in", "Sunday at 18:00", CheckInRule("FREQ=WEEKLY;BYDAY=SU", 18 * 60)),
    ("check_in", "never", CheckInRule("", 0)),
]

WRONG = [
    ("deadline", "30 February"),
    ("deadline", "soon"),
    ("deadline", "2027-02-30"),
    ("target", "a lot"),
    ("target", "1" + "0" * 400),
    ("a_week", "0"),
    ("a_week", "99"),
    ("minutes", "-5"),
    ("minutes", "40 h"),
    ("windows", "18:00-18:00"),
    ("windows", "Xy 18:00-19:00"),
    ("windows", "Mo 25:00-26:00"),
    ("obstacles", "rain"),
    ("why", ""),
    ("why", "x" * 500),
    ("colour", "red"),
]


@pytest.mark.parametrize(("slot", "said", "meant"), SAID)
def test_what_people_write_is_understood(slot: str, said: str, meant: object) -> None:
    """Every part takes the forms people write."""
    assert read(slot, said, TODAY) == meant


@pytest.mark.parametrize(("slot", "said", "meant"), SAID)
def test_the_written_form_reads_back_the_same(slot: str, said: str, meant: object) -> None:
    """What a chip holds is read back as what was meant, on any day."""
    found = read(slot, said, TODAY)
    assert read(slot, shown(slot, found)) == found


@pytest.mark.parametrize(("slot", "said"), WRONG)
def test_what_is_not_understood_is_an_error_with_an_example(slot: str, said: str) -> None:
    """Nothing is guessed."""
    with pytest.raises(BadInput) as caught:
        read(slot, said, TODAY)
    assert caught.value.hint


@pytest.mark.parametrize("slot", SLOTS)
def test_every_slot_reads_its_own_example(slot: str) -> None:
    """An example that cannot be read would be a bad hint."""
    assert read(slot, SLOTS[slot].example)


@given(slot=st.sampled_from(sorted(SLOTS)), said=st.text(max_size=60))
def test_no_text_breaks_a_slot(slot: str, said: str) -> None:
    """Any text is read or refused with BadInput; what is read reads back."""
    try:
        found = read(slot, said, TODAY)
    except BadInput:
        return
    assert read(slot, shown(slot, found)) == found


@given(
    start=st.integers(0, 1439), length=st.integers(1, 1440), days=st.frozensets(st.integers(0, 6), min_size=1), later=st.integers(0, 4000)
)
def test_windows_and_days_have_one_written_form(start: int, length: int, days: frozenset[int], later: int) -> None:
    """Every window of hours and every day survives being written down."""
    window = (Window(start, min(start + length, 1440), days),)
    assert read("windows", shown("windows", window)) == window
    day = TODAY + timedelta(days=later)
    assert read("deadline", shown("deadline", day)) == day
