"""The morning's briefing and the week's review: what a day asks, in sentences that stand in their sources."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from ownmind.bench.briefing import run
from ownmind.bench.briefing_lives import Life
from ownmind.goals.goal import Goal, State, Step, StepState
from ownmind.goals.telling.briefing import Briefing, Known, Line, Ref, Said, Section, briefing, quoted
from ownmind.goals.telling.traced import tracer
from ownmind.messages import Entry, Integrity, Kind, Label, Source, Span
from ownmind.people.person import Birthday, Promise, PromiseState, Waiting
from ownmind.records import Appointment
from ownmind.store.deliveries import Delivery, NudgeKind
from ownmind.store.opening import open_store
from store_fixtures import paths_at

ZONE = ZoneInfo("Europe/Berlin")
DAY = date(2026, 3, 30)  # a Monday, the day after the clocks went forward
BEFORE = DAY - timedelta(days=1)
RUN = Goal("g1", "run a half marathon", "training", State.ACTIVE, datetime(2026, 3, 1, tzinfo=UTC))
PIANO = Goal("g2", "practise the piano", "practice", State.ACTIVE, datetime(2026, 3, 1, tzinfo=UTC))


def at(hour: int, minute: int = 0, *, days: int = 0) -> datetime:
    return datetime(DAY.year, DAY.month, DAY.day, hour, minute, tzinfo=ZONE) + timedelta(days=days)


def step(number: int, goal: str = "g1", *, start: datetime | None = None, state: StepState = StepState.OPEN, note: str = "") -> Step:
    end = start + timedelta(minutes=45) if start else None
    return Step(
        f"s{number}", goal, f"Run {number}", 45, number, at(0, days=-60), at(23, days=3), state=state, start=start, end=end, note=note
    )


def told(known: Known, section: Section) -> list[str]:
    return [line.text for line in briefing(known).lines if line.section is section]


def test_a_day_that_asks_nothing_says_so_calmly() -> None:
    found = briefing(Known(DAY, ZONE))
    assert found == Briefing(DAY, (), "Nothing is planned, promised or waiting today. The day is yours.")


def test_todays_steps_come_in_order_of_their_time() -> None:
    """On the clock of the person's zone; those of tomorrow, of a paused goal, and those that are done are not told."""
    paused = replace(PIANO, state=State.PAUSED)
    steps = (step(1, start=at(18)), step(2, start=at(7, 30)), step(3, start=at(7, days=1)), step(4, "g2", start=at(9)),
             step(5, start=at(6), state=StepState.DONE))  # fmt: skip
    assert told(Known(DAY, ZONE, (RUN, paused), steps), Section.STEPS) == [
        "07:30 to 08:15: “Run 2”, for “run a half marathon”.", "18:00 to 18:45: “Run 1”, for “run a half marathon”."
    ]  # fmt: skip


def test_what_must_be_done_today_and_has_no_place_is_told() -> None:
    late = replace(step(1), latest=at(0, days=1))
    assert told(Known(DAY, ZONE, (RUN,), (late,)), Section.STEPS) == ["Some time today: “Run 1”, for “run a half marathon”."]


def promise(number: int, *, by: str = "you", to: str = "Tom", days: int = 0, state: PromiseState = PromiseState.OPEN) -> Promise:
    return Promise(
        f"m{number}",
        by,
        to,
        "send the photos",
        "I'll send the photos",
        f"i{number}",
        Span(0, 20),
        at(9, days=-3),
        at(23, 59, days=days),
        state=state,
    )


def test_promises_are_told_when_they_are_due_the_persons_own_first() -> None:
    """One that was only found is asked about, and one that is due later waits."""
    known = Known(DAY, ZONE, promises=(
        promise(1, by="Ana", to="you"), promise(2), promise(3, days=-1), promise(4, days=5), promise(5, days=1, state=PromiseState.FOUND),
    ))  # fmt: skip
    found = "Is this a promise, due tomorrow, you to Tom: “send the photos”? It was said: “I'll send the photos”"
    assert told(known, Section.PROMISES) == [
        "Due yesterday: you promised Tom: “send the photos”.", "Due today: you promised Tom: “send the photos”.",
        "Due today: Ana promised you: “send the photos”.", found,
    ]  # fmt: skip


def test_birthdays_and_who_waits_are_told() -> None:
    known = Known(DAY, ZONE, birthdays=(Birthday("p1", "Tom", DAY, 40, "i1"), Birthday("p2", "Ana", DAY + timedelta(days=3), None, "i2"),
                                        Birthday("p3", "Ben", DAY + timedelta(days=20), 30, "i3")),
                  waiting=(Waiting("p1", "Tom", at(9, days=-4), "i4", "When do you arrive?"),))  # fmt: skip
    assert told(known, Section.BIRTHDAYS) == ["Tom has a birthday today; they turn 40.", "Ana has a birthday on Thursday 2 April."]
    assert told(known, Section.WAITING) == ["Tom has waited for an answer since Thursday 26 March: “When do you arrive?”"]


def test_what_changed_says_from_where_to_where_and_why() -> None:
    """A calendar that came in the way, words that were said, or nothing where nothing is known."""
    was = {"s1": at(18), "s2": at(7), "s3": at(12), "s4": at(20)}
    steps = (step(1, start=at(19, days=1)), step(2, start=at(7, days=1)), step(3, start=at(12)), step(4))
    dentist = Appointment("AB/1", at(17, 30), at(18, 30), "Dentist “Müller”")
    known = Known(DAY, ZONE, (RUN,), steps, appointments=(dentist,), new=(dentist,), since=at(7, days=-1), since_day=BEFORE,
                  before=was, refused=(Said("e1", "s2", at(8, days=-1), "too tired"),))  # fmt: skip
    assert told(known, Section.CHANGED) == [
        "Moved: “Run 2” from Monday 30 March at 07:00 to Tuesday 31 March at 07:00, after you said “too tired”.",
        "Moved: “Run 1” from Monday 30 March at 18:00 to Tuesday 31 March at 19:00, because “Dentist ‘Müller’” is then.",
        "Without a place now: “Run 4”, which stood on Monday 30 March at 20:00.",
        "New in the calendar: “Dentist ‘Müller’”, on Monday 30 March from 17:30 to 18:30.",
    ]  # fmt: skip


def test_what_was_missed_is_told_with_what_was_said_of_it() -> None:
    missed = step(1, start=at(18, days=-1), state=StepState.MISSED, note="it rained")
    long_ago = step(2, start=at(18, days=-9), state=StepState.MISSED)
    assert told(Known(DAY, ZONE, (RUN,), (missed, long_ago)), Section.MISSED) == [
        "Missed: “Run 1”, planned for Sunday 29 March at 18:00; you said “it rained”."
    ]


def test_one_thing_to_let_go_is_the_goal_of_which_least_was_done() -> None:
    """Said with its numbers; nothing is claimed of a goal with few steps, or of one that goes well enough."""
    piano = tuple(step(n, "g2", start=at(18, days=-n), state=StepState.DONE if n == 2 else StepState.MISSED) for n in range(2, 8))
    run_ = tuple(step(10 + n, start=at(18, days=-n), state=StepState.MISSED) for n in range(2, 5))
    assert told(Known(DAY, ZONE, (RUN, PIANO), (*piano, *run_)), Section.LET_GO) == [
        "To let go, or to make smaller: “practise the piano”, of which 1 of 6 steps were done in the last 28 days."
    ]
    well = tuple(replace(one, state=StepState.DONE) for one in piano[:3]) + piano[3:]
    assert told(Known(DAY, ZONE, (RUN, PIANO), (*well, *run_)), Section.LET_GO) == []


def test_what_was_not_said_comes_with_its_reason() -> None:
    row = Delivery(
        "step:s1:2026-03-29", NudgeKind.STEP, "s1", "g1", at(18, days=-1), missed=at(19, days=-1), reason="it was in your quiet hours"
    )
    known = Known(DAY, ZONE, (RUN,), (step(1),), deliveries=(row,), since=at(8, days=-1))
    assert told(known, Section.HELD) == ["Not said on Sunday 29 March at 18:00 about “Run 1”: it was in your quiet hours."]


def test_words_from_outside_cannot_leave_their_quotation_marks() -> None:
    """A calendar's title is material: neither its quotes nor its line ends nor its length make a sentence of ours."""
    shown = quoted("Nice” is then.\nDue today: you promised Eve: “everything" + " x" * 300)
    assert shown.count("”") == 1
    assert "\n" not in shown
    assert len(shown) < 170


# In a real home


@pytest.fixture
def life(own_home: Path) -> Iterator[Life]:
    with open_store(paths_at(own_home)) as store:
        made = Life(random.Random(1), ZONE, store, datetime(2026, 3, 2, 7, tzinfo=ZONE))
        made.follow.set("zone", ZONE.key)
        yield made


def stretching(life: Life) -> str:
    """A goal with a step a day, planned."""
    draft = life.goals.add("stretch every morning for 10 minutes")
    for _ in range(9):
        if draft.goal is None or not draft.question:
            break
        draft = life.goals.answer(draft.goal.id, draft.slot, draft.choices[0] if draft.choices else "")
    assert draft.goal is not None
    life.goals.confirm(draft.goal.id)
    life.goals.plan()
    return draft.goal.id


def test_an_empty_home_has_a_calm_day_and_an_empty_review(life: Life) -> None:
    assert life.today.brief().lines == ()
    review = life.today.review()
    assert (review.first, review.last, review.goals) == (date(2026, 3, 2), date(2026, 3, 8), ())
    assert review.words


def test_what_moved_is_told_all_day_and_not_again_the_day_after(life: Life) -> None:
    """A briefing that is asked for twice says the same; what it told of is known from then on."""
    goal = stretching(life)
    life.today.brief()
    (step_,) = [one for one in life.goals.steps(goal) if one.start and one.start.date() == date(2026, 3, 2)]
    life.now = datetime(2026, 3, 2, 22, tzinfo=ZONE)
    life.goals.check_in(step_.id, "not done, too tired")
    life.now = datetime(2026, 3, 3, 7, tzinfo=ZONE)
    first = life.today.brief()
    assert any("too tired" in line.text for line in first.lines)
    assert life.today.brief() == first
    check = tracer(life.store, life.people, ZONE, date(2026, 3, 3))
    assert [check.wrong(line) for line in first.lines] == [""] * len(first.lines)
    life.now = datetime(2026, 3, 4, 7, tzinfo=ZONE)
    assert not any("too tired" in line.text for line in life.today.brief().lines)


def test_the_review_tells_done_and_missed_and_what_comes(life: Life) -> None:
    goal = stretching(life)
    for day in (2, 3):
        (one,) = [each for each in life.goals.steps(goal) if each.start and each.start.date() == date(2026, 3, day)]
        assert one.end is not None
        life.now = one.end + timedelta(minutes=1)
        life.goals.check_in(one.id, "done")
    life.now = datetime(2026, 3, 4, 6, tzinfo=ZONE)
    life.goals.plan(2)
    review = life.today.review()
    (week,) = review.goals
    assert week.done == 2
    assert week.progress is not None
    assert week.words.startswith("2 of ")
    assert review.next_week
    check = tracer(life.store, life.people, ZONE, date(2026, 3, 4))
    assert not any(check.wrong(line) for line in (*week.lines, *review.next_week))


def test_the_review_reflects_only_on_the_persons_own_words(life: Life) -> None:
    """Each pattern with its passages, letter for letter; what others wrote, and what was said of goals, is not theirs."""
    stretching(life)
    for day, text in enumerate(("The garden needs water", "I planted beans in the garden", "Rain for the garden at last")):
        for label, source in ((Integrity.PERSON, "conversation:c1"), (Integrity.UNTRUSTED, "transcript:x")):
            said = text if label is Integrity.PERSON else text.replace("garden", "invoice")
            entry = Entry(said, Source(source), Label(label), Kind.MESSAGE, life.now + timedelta(days=day), conversation=source)
            life.memory.remember([entry], now=life.now)
    life.now += timedelta(days=4)
    (one,) = life.today.review().reflections
    assert one.text == "“garden” came up on Monday, Tuesday and Wednesday."
    assert all(ref.words in life.memory.item(ref.ref).text for ref in one.refs)


def test_what_is_forgotten_is_in_no_briefing(life: Life) -> None:
    goal = stretching(life)
    assert life.today.brief().lines
    found = life.goals.get(goal)
    life.memory.forgetting.forget(life.memory.forgetting.plan(found.item_id))
    assert life.today.brief().lines == ()


def test_the_check_refuses_what_no_source_says(life: Life) -> None:
    """Another source, a source that is not there, a sentence nobody knows: none passes."""
    goal = stretching(life)
    line = next(line for line in life.today.brief().lines if line.section is Section.STEPS)
    check = tracer(life.store, life.people, ZONE, date(2026, 3, 2))
    assert check.traced(line)
    for other in (
        replace(line, text=line.text.replace("stretch", "sleep")), replace(line, refs=line.refs[:1]), replace(line, text="All is well."),
        replace(line, refs=(Ref("step", "s999", ""), line.refs[1])), replace(line, text=f"{line.text} Buy now."), replace(line, refs=()),
        Line(f"Missed: “{line.refs[0].words}”, planned for Monday 2 March at 07:00.", Section.MISSED, line.refs),
    ):  # fmt: skip
        assert not check.traced(other), other
    life.goals.pause(goal)
    assert not check.traced(line)


def test_every_sentence_of_a_made_up_life_stands_in_its_sources() -> None:
    """And no changed one does."""
    figures = run(lives=1, seed=7)["figures"]
    assert isinstance(figures, dict)
    assert figures["untraced"] == 0
    assert figures["sentences"] > 20
    assert figures["changed_refused"] == 1.0
