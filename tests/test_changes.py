"""When a plan cannot fit: the smallest changes that make it fit, each proven."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest

from ownmind.bench.plans import one_less
from ownmind.bench.weeks import problems
from ownmind.goals.placing.changes import Offer, changed, offers
from ownmind.goals.placing.check import check
from ownmind.goals.placing.schedule import Busy, Days, Problem, Rules, Sitting, Window
from ownmind.goals.placing.solve import solve

ZONE = ZoneInfo("Europe/Berlin")
START = datetime(2026, 3, 2, tzinfo=ZONE)
END = START + timedelta(days=7)
EVENING = (Window(18 * 60, 20 * 60),)


def sittings(count: int, goal: str = "run", **more: object) -> list[Sitting]:
    return [replace(Sitting(f"{goal} {n}", goal, 60, START, END, EVENING), **more) for n in range(count)]


def problem(its: list[Sitting], **more: object) -> Problem:
    return replace(Problem(ZONE, START, END + timedelta(days=14), tuple(its)), **more)


def words(made: Problem) -> dict[tuple[str, ...], Offer]:
    assert solve(made) is None
    return {one.words: one for one in offers(made, most=9)}


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (problem(sittings(8)), "run: 7 times instead of 8 times"),
        (problem(sittings(8)), "run: finished 1 day later"),
        (problem(sittings(5), rules={"run": Rules(rest=1)}), "run: no free days between, instead of 1"),
        (problem(sittings(2, latest=START + timedelta(days=1), minutes=50), rules={"run": Rules(most_a_day=2)}, days=Days(most_minutes=90)),
         "up to 100 minutes a day instead of 90 (Mon 2 Mar)"),
        (problem([*sittings(1, latest=START + timedelta(days=1)), *sittings(1, "gym", latest=START + timedelta(days=1))],
                 days=Days(most_sittings=1)), "up to 2 sittings a day instead of 1 (Mon 2 Mar)"),
        (problem(sittings(7, minutes=90, shortest=60, windows=(Window(18 * 60, 19 * 60),))), "run: 60 minutes instead of 90"),
        (problem(sittings(2), busy=tuple(Busy(START + timedelta(days=n), START + timedelta(days=n, hours=21)) for n in range(1, 7))),
         "run: once outside the hours you gave"),
    ],
)  # fmt: skip
def test_each_kind_of_change_is_offered_where_it_helps(made: Problem, expected: str) -> None:
    found = words(made)
    assert (expected,) in found, list(found)
    assert found[expected,].is_smallest


def test_every_offer_holds_and_with_one_unit_less_none_does() -> None:
    """Of generated weeks that do not fit: each offer's problem has the plan it shows, and nothing less would do."""
    tried = 0
    for made in islice((one for one in problems(11, 25) if len(one.sittings) < 16 and solve(one) is None), 3):
        found = offers(made)
        assert found, "leaving things out always helps"
        for offer in found:
            assert check(changed(made, offer.given), offer.plan).holds
            for less in islice(one_less(made, offer.given), 4) if offer.is_smallest else ():
                tried += 1
                assert solve(changed(made, less)) is None, (offer.words, less)
    assert tried > 3


def test_offers_come_cheapest_first_and_say_each_thing_once() -> None:
    made = next(one for one in problems(11, 40) if len(one.sittings) < 16 and solve(one) is None)
    found = offers(made)
    assert [one.cost for one in found] == sorted(one.cost for one in found)
    assert len({one.words for one in found}) == len(found)


def test_only_the_week_that_does_not_fit_is_changed() -> None:
    """Of two weeks the second is full: nothing of the first gives way."""
    week = timedelta(days=7)
    second = [replace(one, id=f"{one.id}b", earliest=END, latest=END + week) for one in sittings(3)]
    away = Busy(END, END + week - timedelta(days=2), "away")
    found = words(problem([*sittings(3), *second], busy=(away,)))
    for offer in found.values():
        touched = offer.given.left_out | offer.given.outside | offer.given.shorter | set(offer.given.later)
        assert touched <= {one.id for one in second}


def test_what_may_wait_is_never_a_reason_to_change_anything() -> None:
    found = words(problem([*sittings(8), *sittings(3, "read", may_wait=True)]))
    assert ("run: 7 times instead of 8 times",) in found
