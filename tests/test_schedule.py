"""The values of planning refuse what cannot be meant."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from ownmind.errors import BadInput
from ownmind.goals.placing.schedule import Problem, Rules, Sitting, Window

ZONE = ZoneInfo("Europe/Berlin")
START = datetime(2026, 3, 2, tzinfo=ZONE)
RUN = Sitting("r", "run", 45, START, START + timedelta(days=7))
PROBLEM = Problem(ZONE, START, START + timedelta(days=7), (RUN,))


@pytest.mark.parametrize(("start", "end", "days"), [(60, 60, {0}), (120, 60, {0}), (-1, 60, {0}), (0, 1441, {0}), (0, 60, {7})])
def test_a_window_must_begin_before_it_ends_within_one_day(start: int, end: int, days: set[int]) -> None:
    with pytest.raises(BadInput):
        Window(start, end, frozenset(days))


def test_every_time_must_say_its_zone() -> None:
    with pytest.raises(BadInput, match="zone"):
        replace(PROBLEM, start=START.replace(tzinfo=None))
    with pytest.raises(BadInput, match="zone"):
        replace(PROBLEM, sittings=(replace(RUN, earliest=START.replace(tzinfo=None)),))


def test_a_plan_spans_more_than_nothing_and_at_most_400_days() -> None:
    for end in (START, START - timedelta(days=1), START + timedelta(days=401)):
        with pytest.raises(BadInput, match="span"):
            replace(PROBLEM, end=end)


def test_sittings_have_ids_of_their_own_and_lengths_that_can_be() -> None:
    with pytest.raises(BadInput, match="one id"):
        replace(PROBLEM, sittings=(RUN, RUN))
    for wrong in (replace(RUN, minutes=0), replace(RUN, minutes=1441), replace(RUN, travel=-1), replace(RUN, shortest=46)):
        with pytest.raises(BadInput, match="last"):
            replace(PROBLEM, sittings=(wrong,))


def test_a_goal_without_rules_has_the_usual_ones_and_its_id_for_a_name() -> None:
    assert PROBLEM.rules_of("run") == Rules() and PROBLEM.name("run") == "run"
