"""What is due: once, at the right local time, never in quiet hours, never too many, and never lost without a word."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from ownmind.goals.due import due, next_at, standing
from ownmind.goals.goal import CheckInRule, Goal, State, Step, StepState
from ownmind.goals.nudging.matters import Life
from ownmind.goals.nudging.nudge import Delivery, Nudge, NudgeKind
from ownmind.goals.preferences import Preferences
from ownmind.people.person import Person

BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")
SINCE = datetime(2026, 3, 1, tzinfo=BERLIN)
USUAL = Preferences(zone="Europe/Berlin")
BARE = replace(USUAL, briefing=-1, review=-1)
RUN = Goal("g1", "run the half marathon", "training", State.ACTIVE, SINCE, check_in=CheckInRule("FREQ=DAILY", 18 * 60))


def _at(text: str, zone: ZoneInfo = BERLIN) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def _step(name: str, start: str, minutes: int = 60, goal: str = "g1", state: StepState = StepState.OPEN) -> Step:
    begin = _at(start)
    return Step(name, goal, f"Run {name}", minutes, 1, begin, begin + timedelta(days=1), state=state, start=begin,
                end=begin + timedelta(minutes=minutes))  # fmt: skip


def _said(nudge: Nudge, at: datetime) -> Delivery:
    return Delivery(nudge.key, nudge.kind, nudge.subject, nudge.about, nudge.due, begun=at, day=at.date(), delivered=at)


def _lived(life: Life, moments: list[datetime], preferences: Preferences = BARE, zone: ZoneInfo = BERLIN) -> dict[str, Delivery]:
    """What became of everything when somebody looked at these moments."""
    rows: dict[str, Delivery] = {}
    for now in moments:
        found = due(life, now, zone, preferences, rows)
        rows |= {one.key: _said(one, now) for one in found.nudges}
        rows |= {
            one.nudge.key: Delivery(
                one.nudge.key, one.nudge.kind, one.nudge.subject, one.nudge.about, one.nudge.due, missed=now, reason=one.reason
            )
            for one in found.missed
        }
    return rows


def _keys(rows: Mapping[str, Delivery]) -> list[str]:
    return [row.key for row in rows.values() if row.begun]


def _goal(rule: str, clock: int) -> Life:
    return Life(SINCE, BERLIN, (replace(RUN, check_in=CheckInRule(rule, clock)),))


def test_a_check_in_comes_once_at_its_local_time_on_both_sides_of_a_change_of_the_clocks() -> None:
    """18:00 is 18:00 in winter and in summer; looking twice says it once."""
    life = replace(_goal("FREQ=DAILY", 18 * 60), since=_at("2026-03-28 11:00"))
    assert next_at(life, _at("2026-03-28 12:00"), BERLIN, BARE, {}) == _at("2026-03-28 18:00")
    rows = _lived(life, [_at("2026-03-28 18:00"), _at("2026-03-28 18:01"), _at("2026-03-29 18:00")])
    late = [one.due for one in rows.values() if one.begun]
    assert [one.astimezone(BERLIN) for one in late] == [_at("2026-03-28 18:00"), _at("2026-03-29 18:00")]
    assert late[1] - late[0].astimezone(UTC) == timedelta(hours=23)


def test_a_time_the_day_skips_comes_at_the_jump_and_a_doubled_one_comes_once() -> None:
    """02:30 on the day the clocks go forward is 03:00; on the day they go back the first 02:30 counts."""
    awake = replace(BARE, quiet_from=0, quiet_to=0)
    life = _goal("FREQ=DAILY", 150)
    rows = _lived(life, [_at("2026-03-29 03:00")], awake)
    assert "check:g1:2026-03-29" in _keys(rows)
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    rows = _lived(replace(life, since=_at("2026-10-24 12:00")), [first, first + timedelta(hours=1), first + timedelta(hours=2)], awake)
    assert _keys(rows) == ["check:g1:2026-10-25"]


def test_nothing_comes_in_quiet_hours_and_what_keeps_waits_for_their_end() -> None:
    """A check-in at 22:00 comes at 08:00; a step whose time is over by then is missed, with the reason."""
    life = replace(_goal("FREQ=DAILY", 22 * 60), steps=(_step("s1", "2026-03-02 21:40", 60),))
    night = _at("2026-03-02 22:50")
    found = due(replace(life, since=_at("2026-03-02 12:00")), night, BERLIN, BARE, {})
    assert not found.nudges and {one.nudge.key for one in found.held} == {"check:s1:2026-03-02", "check:g1:2026-03-02"}
    assert [(one.nudge.key, one.reason) for one in found.missed] == [("step:s1:2026-03-02", "its time lay in your quiet hours")]
    assert {one.until for one in found.held} == {_at("2026-03-03 08:00")}
    rows = _lived(replace(life, since=_at("2026-03-02 12:00")), [night, _at("2026-03-03 08:00")])
    assert set(_keys(rows)) == {"check:s1:2026-03-02", "check:g1:2026-03-02"}


def test_a_day_has_no_more_nudges_than_wanted_and_the_more_important_come() -> None:
    """Four check-ins and a birthday: the briefing and two check-ins come, the rest say that the day was full."""
    goals = tuple(replace(RUN, id=f"g{n}", check_in=CheckInRule("FREQ=DAILY", 600 + n)) for n in range(1, 5))
    tom = Person("p1", "Tom", (), birthday=date(1604, 3, 2))
    life = Life(_at("2026-03-01 23:00"), BERLIN, goals, people=(tom,))
    plain = replace(USUAL, review=-1)
    rows = _lived(life, [_at("2026-03-02 08:00"), _at("2026-03-02 09:00"), *(_at(f"2026-03-02 10:0{n}") for n in range(1, 5))], plain)
    assert _keys(rows) == ["brief:2026-03-02", "check:g1:2026-03-02", "check:g2:2026-03-02"]
    assert {row.reason for row in rows.values() if row.missed} == {"more than 3 a day; it goes into the next briefing"}
    assert len(rows) == 6


def test_a_week_asleep_ends_in_one_summary_and_every_missed_thing_has_a_reason() -> None:
    """Seven check-ins went by: one summary comes, no check-in does, each has its row."""
    life = replace(_goal("FREQ=DAILY", 18 * 60), since=_at("2026-03-02 12:00"))
    rows = _lived(life, [_at("2026-03-09 19:00"), _at("2026-03-09 19:01")])
    assert [row.kind for row in rows.values() if row.begun] == [NudgeKind.CATCH_UP]
    missed = [row for row in rows.values() if row.missed]
    assert len(missed) == 8 and all("slept" in row.reason and "summary" in row.reason for row in missed)
    (stands,) = standing(life, _at("2026-03-09 20:00"), BERLIN, BARE, rows)
    assert stands.title == "8 things went by while you were away"


def test_a_clock_that_jumps_brings_nothing_twice() -> None:
    """Forward by three days, back again, and on: each key once."""
    life = replace(_goal("FREQ=DAILY", 18 * 60), since=_at("2026-03-02 12:00"))
    looks = ["2026-03-02 18:00", "2026-03-05 18:00", "2026-03-02 19:00", "2026-03-03 18:00", "2026-03-04 18:00", "2026-03-05 18:00"]
    rows = _lived(life, [_at(look) for look in looks])
    assert len([key for key in rows if key.startswith("check")]) == 4


def test_who_travels_is_asked_at_the_time_of_where_they_are() -> None:
    """A step at 18:00 planned in Berlin comes at 18:00 in New York, and a check-in too; the same day's is not asked twice."""
    life = replace(_goal("FREQ=DAILY", 20 * 60), since=_at("2026-03-02 12:00"), steps=(_step("s1", "2026-03-03 18:00"),))
    there = _at("2026-03-03 12:00", NEW_YORK)
    assert not due(life, there, NEW_YORK, BARE, _lived(life, [_at("2026-03-02 20:00")])).nudges
    found = due(life, _at("2026-03-03 18:00", NEW_YORK), NEW_YORK, BARE, _lived(life, [_at("2026-03-02 20:00")]))
    assert [one.key for one in found.nudges] == ["step:s1:2026-03-03"]
    rows = _lived(life, [_at("2026-03-02 20:00")])
    again = due(life, _at("2026-03-02 20:00", NEW_YORK), NEW_YORK, BARE, rows)
    assert not again.nudges


def test_what_was_declined_stays_quiet_until_the_end_and_says_so() -> None:
    """A week without this goal; then it comes again."""
    life = replace(_goal("FREQ=DAILY", 18 * 60), since=_at("2026-03-02 12:00"))
    rows = _lived(life, [_at("2026-03-02 18:00")])
    (key,) = rows
    rows[key] = replace(rows[key], declined_until=_at("2026-03-05 12:00"))
    found = due(life, _at("2026-03-03 18:00"), BERLIN, BARE, rows)
    assert not found.nudges and found.missed[0].reason == "you wanted no more of this until 05 March"
    assert due(life, _at("2026-03-05 18:00"), BERLIN, BARE, rows).nudges


def test_silent_says_nothing_and_wakes_nobody() -> None:
    life = _goal("FREQ=DAILY", 18 * 60)
    silent = replace(USUAL, silent=True)
    assert not due(life, _at("2026-03-02 18:00"), BERLIN, silent, {})
    assert next_at(life, _at("2026-03-02 12:00"), BERLIN, silent, {}) is None


def test_a_step_without_an_answer_lapses_at_the_next_check_in_or_a_day_later() -> None:
    """The plan is made anew within one check-in of a miss; an answered step never lapses."""
    steps = (_step("s1", "2026-03-02 10:00"), _step("s2", "2026-03-02 16:00"), _step("s3", "2026-03-02 11:00", state=StepState.DONE))
    life = Life(_at("2026-03-02 08:00"), BERLIN, (replace(RUN, check_in=CheckInRule("FREQ=MONTHLY")),), steps)
    assert due(life, _at("2026-03-02 16:59"), BERLIN, BARE, {}).lapsed == ("s1",)
    assert due(life, _at("2026-03-02 17:00"), BERLIN, BARE, {}).lapsed == ("s1",)
    assert set(due(life, _at("2026-03-03 17:00"), BERLIN, BARE, {}).lapsed) == {"s1", "s2"}
    rows = _lived(life, [_at("2026-03-02 11:00")])
    assert next_at(replace(life, steps=steps[:1]), _at("2026-03-02 11:01"), BERLIN, BARE, rows) == _at("2026-03-03 11:00")


def test_later_asks_again_three_hours_on() -> None:
    life = Life(_at("2026-03-02 08:00"), BERLIN, (RUN,), (_step("s1", "2026-03-02 10:00"),))
    rows = _lived(life, [_at("2026-03-02 10:00"), _at("2026-03-02 11:00")])
    rows["check:s1:2026-03-02"] = replace(rows["check:s1:2026-03-02"], answered=_at("2026-03-02 11:30"), answer="later")
    assert not due(life, _at("2026-03-02 14:00"), BERLIN, BARE, rows).nudges
    assert [one.key for one in due(life, _at("2026-03-02 14:30"), BERLIN, BARE, rows).nudges] == ["check:s1:2026-03-02+1"]


def test_nothing_from_before_the_first_start_is_made_up_for() -> None:
    """A goal added today has no check-ins of last week."""
    life = replace(_goal("FREQ=DAILY", 18 * 60), of={"g1": _at("2026-03-09 17:00")})
    found = due(life, _at("2026-03-09 18:00"), BERLIN, BARE, {})
    assert [one.key for one in found.nudges] == ["check:g1:2026-03-09"] and not found.missed
