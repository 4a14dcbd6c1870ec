"""How far a goal has come: never a bare number, and honest where nothing is known."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from ownmind.goals.goal import Chip, Evidence, Goal, How, Progress, State, Step, StepState
from ownmind.goals.progress import progress, stages_done
from ownmind.goals.slots import filled
from ownmind.goals.templates import load
from ownmind.goals.templates.expand import expand
from ownmind.records import Appointment

ZONE = ZoneInfo("Europe/Berlin")
BEGIN = datetime(2026, 11, 23, 8, tzinfo=ZONE)  # a Monday
TEMPLATES = load().templates


def goal(template: str, **parts: str) -> Goal:
    chips = [Chip(slot, value, How.ASSUMED) for slot, value in TEMPLATES[template].usual.items() if slot not in parts]
    chips += [Chip(slot, value, How.SAID) for slot, value in parts.items()]
    return filled(Goal("g1", "a goal", template, State.ACTIVE, BEGIN), chips)


def steps(of: Goal, days: int = 28) -> list[Step]:
    until = BEGIN.date() + timedelta(days=days)
    return [replace(one, id=f"s{n}") for n, one in enumerate(expand(of, TEMPLATES[of.template], (), BEGIN.date(), ZONE, until))]


def done(step: Step, state: StepState = StepState.DONE) -> Step:
    return replace(step, state=state, done_at=step.latest - timedelta(hours=2))


def at(of: Goal, its: list[Step], said: tuple[Evidence, ...] = (), days: int = 10, appointments: tuple[Appointment, ...] = ()) -> Progress:
    return progress(of, TEMPLATES[of.template], its, said, BEGIN + timedelta(days=days), ZONE, appointments=appointments)


@pytest.mark.parametrize(
    ("template", "parts"),
    [
        ("habit", {"a_week": "3"}),
        ("training", {"target": "21.1 km", "deadline": "2027-04-11"}),
        ("free", {"measure": "kg lost", "target": "5 kg", "deadline": "2027-03-01"}),
        ("relationship", {"person": "Tom"}),
    ],
)
def test_where_nothing_is_known_that_is_what_is_said(template: str, parts: dict[str, str]) -> None:
    """No share, no evidence, and words that say so."""
    found = at(goal(template, **parts), [], days=0)
    assert found.share is None
    assert "Nothing is known yet" in found.words
    assert found.evidence == ()


def test_every_share_has_its_evidence() -> None:
    """Steps that were done, what was said of them, and what stood in the calendar are named."""
    of = goal("habit", a_week="3")
    its = steps(of)
    its[0], its[1] = done(its[0]), done(its[1], StepState.HALF)
    its[2] = replace(its[2], state=StepState.MISSED)
    said = Evidence("g1", BEGIN + timedelta(days=1), "said", "i7", "done, it went well", step="s0")
    held = Appointment("k1", BEGIN, BEGIN + timedelta(hours=1), "Meditate", goal="g1")
    found = at(of, its, (said,), appointments=(held,))
    assert {one.kind for one in found.evidence} == {"said", "step", "calendar"}
    assert "2 of 3 steps done since 23 November 2026, 1 of them half" in found.words
    assert found.share == pytest.approx(0.5)
    assert found.behind_by == pytest.approx(1.5)


def test_the_measure_is_what_was_said_last_and_what_was_done_since() -> None:
    """ "I'm at 1,000" and a step of 429 after it."""
    of = goal("saving", target="€3,000", baseline="0", deadline="2027-06-01")
    its = steps(of, 60)
    its[1] = replace(its[1], state=StepState.DONE, done_at=BEGIN + timedelta(days=12))
    said = Evidence("g1", BEGIN + timedelta(days=3), "said", "i7", "I'm at 1,000", value=1000)
    found = at(of, its, (said,), days=20)
    assert found.share == pytest.approx((1000 + (its[1].amount or 0)) / 3000)
    assert found.words.startswith("€1,4")


def test_a_target_below_the_beginning_is_progress_downwards() -> None:
    """From 85 kg to 80 kg, now 82: three fifths, and ahead of a straight line is below it."""
    of = goal("free", measure="weight", baseline="85 kg", target="80 kg", deadline="2027-03-03")
    said = Evidence("g1", BEGIN + timedelta(days=9), "said", "i7", "82 kg", value=82)
    found = at(of, [], (said,), days=10)
    assert found.share == pytest.approx(0.6)
    assert found.behind_by is not None and found.behind_by < 0
    assert "82 kg of 80 kg" in found.words


def test_the_chart_has_the_plan_to_the_end_and_what_was_until_today() -> None:
    """Points are in order; what is to come has no actual value; the plan ends at the target."""
    of = goal("saving", target="€3,000", baseline="0", deadline="2027-06-01")
    its = steps(of, 30)
    its[0] = done(its[0])
    found = at(of, its)
    days = [one.day for one in found.points]
    assert days == sorted(set(days))
    today = (BEGIN + timedelta(days=10)).date()
    assert all((one.actual is None) == (one.day > today) for one in found.points)
    assert found.points[-1].planned == pytest.approx(3000)


def test_stages_are_reached_by_their_steps_or_by_word() -> None:
    """Four hours of an outline of four hours; a stage with a day is late when the day has passed."""
    of = goal("project", deadline="2027-01-31", milestones="Outline (2 h); Draft (10 h) by 2026-12-01; Print done 2026-11-25")
    its = steps(of, 70)
    its[0], its[1] = done(its[0]), done(its[1])
    assert [one.title for one in stages_done(of, TEMPLATES["project"], its)] == ["Outline", "Print"]
    found = at(of, its, days=14)
    assert found.share == pytest.approx(2 / 3)
    assert "2 of 3 stages reached" in found.words
    assert "Draft was due on 1 December 2026" in found.words


def test_the_end_is_said_whether_it_was_reached_or_not() -> None:
    """All of it; or the day has passed, and this is how far it came."""
    of = goal("reading", target="100 pages", deadline="2026-12-06")
    whole = at(of, [], (Evidence("g1", BEGIN + timedelta(days=5), "said", "i7", "100 pages", value=100),))
    assert whole.share == 1 and "all of it" in whole.words
    part = at(of, [], (Evidence("g1", BEGIN + timedelta(days=5), "said", "i7", "60 pages", value=60),), days=20)
    assert part.share == pytest.approx(0.6)
    assert "The day was 6 December 2026" in part.words


def test_a_goal_of_a_year_has_a_chart_that_can_be_drawn() -> None:
    """At most a few score of points, whatever was done."""
    of = goal("reading", target="9000 pages", deadline="2027-11-22", a_week="7")
    its = [done(one) for one in steps(of, 200)]
    found = at(of, its, days=201)
    assert 2 < len(found.points) <= 125
    assert found.points[0].day == date(2026, 11, 23)
