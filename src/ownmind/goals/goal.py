"""The values of a goal: what is wanted and why, how it is measured, what is to be done next, and what shows that it was done.

Every part that was read out of the person's words is a ``Chip``: shown, with the words it was read from, and changed by a tap, before
anything is planned. Days and clock times are the person's own; moments are aware.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from ..messages import Span
from .placing.schedule import Rules, Window


class State(StrEnum):
    """Where a goal stands."""

    DRAFT = "draft"  # something is still asked, or the person has not yet said that it is right
    ACTIVE = "active"
    PAUSED = "paused"  # nothing is planned and nothing said until it goes on
    REACHED = "reached"
    DROPPED = "dropped"  # let go; kept, so that nobody has to say it twice


class How(StrEnum):
    """How a part of a goal came to be known."""

    SAID = "said"  # read out of the person's words
    ANSWERED = "answered"  # the person's answer when asked for it
    CHANGED = "changed"  # the person put it right
    ASSUMED = "assumed"  # the template's usual value; shown as such, never counted as the person's


@dataclass(frozen=True, slots=True)
class Chip:
    """One part of a goal as the person sees it: ``slot`` is a name of `slots.SLOTS`, ``value`` its text in the form `slots` reads."""

    slot: str
    value: str
    how: How
    item_id: str = ""  # what was said
    span: Span | None = None  # where in it


@dataclass(frozen=True, slots=True)
class Measure:
    """What is counted, in what unit, from where to where. ``target`` may lie below ``baseline`` (weight, debts)."""

    what: str
    unit: str = ""
    baseline: float | None = None
    target: float | None = None


@dataclass(frozen=True, slots=True)
class Milestone:
    """A stage on the way. ``done``: the day it was reached; ``minutes``: the work it is thought to be, 0 where nobody said."""

    title: str
    due: date | None = None
    done: date | None = None
    minutes: int = 0


@dataclass(frozen=True, slots=True)
class Obstacle:
    """What may come between, and what then (an implementation intention: Gollwitzer 1999)."""

    when: str
    then: str


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How much, how often, when: the constraints of a goal. None: the template's usual value holds and is shown as assumed."""

    a_week: int | None = None  # sittings wanted in a week
    every: int | None = None  # days from one to the next, for what is rarer than once a week
    minutes: int | None = None  # of one sitting
    windows: tuple[Window, ...] = ()  # hours that are possible; none: any waking hour
    best: tuple[Window, ...] = ()  # hours that suit better
    place: str = ""
    travel: int = 0  # minutes there, each way
    rules: Rules = field(default_factory=Rules)  # rest between, most a day, most a week
    money: float | None = None  # what it may cost or take in a month, in the unit of the measure
    pace: float | None = None  # minutes for one of what is counted: a kilometre, a page
    amounts: str = ""  # equal, growing: how what is put aside is spread


@dataclass(frozen=True, slots=True)
class CheckInRule:
    """When a goal is looked at together beside the check-ins that follow its steps: ``rule`` is an RRULE (RFC 5545), such as
    FREQ=WEEKLY;BYDAY=SU, at ``clock`` minutes since midnight of the person's own zone; "": never."""

    rule: str = "FREQ=WEEKLY;BYDAY=SU"
    clock: int = 18 * 60


@dataclass(frozen=True, slots=True)
class Goal:
    """Something a person wants."""

    id: str  # g3
    title: str  # in the person's words: "run the half marathon on 12 April"
    template: str  # the id of one of `templates.all`
    state: State
    created_at: datetime
    item_id: str = ""  # the words it was said with
    why: str = ""
    measure: Measure | None = None
    milestones: tuple[Milestone, ...] = ()
    begins: date | None = None
    deadline: date | None = None
    person: str = ""  # whom it is about (relationship upkeep), as said
    effort: int | None = None  # minutes of work in all, where somebody said
    rhythm: Rhythm = field(default_factory=Rhythm)
    obstacles: tuple[Obstacle, ...] = ()
    check_in: CheckInRule = field(default_factory=CheckInRule)
    chips: tuple[Chip, ...] = ()


class StepState(StrEnum):
    """What became of a step."""

    OPEN = "open"
    DONE = "done"
    HALF = "half"  # begun, or done in part
    MISSED = "missed"  # its time went by and the person said it was not done, or said nothing in time
    SKIPPED = "skipped"  # the person said "not this week", or it is no longer needed


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to be done at one go. ``start`` and ``end``: where the plan has it, None while it has no place."""

    id: str  # s12
    goal: str
    title: str  # "Long run, 14 km"
    minutes: int
    position: int  # steps of a goal keep this order
    earliest: datetime
    latest: datetime
    shortest: int = 0  # minutes it may be cut to when nothing else helps
    amount: float | None = None  # of the goal's measure: 14 (km), 250 (euros), 20 (pages)
    milestone: str = ""
    state: StepState = StepState.OPEN
    start: datetime | None = None
    end: datetime | None = None
    done_at: datetime | None = None
    note: str = ""  # what the person said of it
    pinned: bool = False  # the person agreed to exactly this place: it stays there although it breaks a wish or a limit
    key: str = ""  # its place in the template's own order ("2026-W48.2", "m3.1"): what keeps it the same step when all are worked out anew


class Answer(StrEnum):
    """What a check-in may be answered with; the words for each are in `answers.py`."""

    DONE = "done"
    HALF = "half"
    NOT_DONE = "not_done"
    NOT_THIS_WEEK = "not_this_week"
    LATER = "later"  # ask me again later today
    VALUE = "value"  # a number of the measure: "I am at 1,200 now"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Something that shows how far a goal has come. ``ref`` names it: an item's id, an appointment's key, a step's id."""

    goal: str
    at: datetime
    kind: str  # said, step, calendar, imported
    ref: str
    words: str  # what it says, as it stands there
    value: float | None = None  # of the measure
    step: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """The measure on one day: as planned, and as it was (None: not known)."""

    day: date
    planned: float | None
    actual: float | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a goal has come, never without what shows it. ``share``: of the way from baseline to target or of the steps, 0 to 1."""

    goal: str
    words: str  # "6 of 9 runs since 2 March, the longest 12 km"
    share: float | None
    points: tuple[Point, ...]
    evidence: tuple[Evidence, ...]
    behind_by: float | None = None  # of the measure's unit, against the plan of today; below 0: ahead


@dataclass(frozen=True, slots=True)
class Moved:
    """A step that has another place now, and why."""

    step: str
    title: str
    was: datetime | None
    now: datetime | None
    why: str


@dataclass(frozen=True, slots=True)
class Week:
    """A plan as the person sees it: every step with a place, ``proof`` of the independent checker line by line, what moved since the
    plan before; and where it does not fit, what is ``missing``, ``why`` (the demands that are in each other's way) and the smallest
    changes, each verified (`OfferShown`). ``notes``: what was not planned and why, and what in the calendar was not counted as taken."""

    start: datetime
    end: datetime
    steps: tuple[Step, ...]
    fits: bool
    proof: tuple[str, ...] = ()
    moved: tuple[Moved, ...] = ()
    missing: str = ""
    offers: tuple[OfferShown, ...] = ()
    why: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Move:
    """What came of the wish to have a step at ``start``. It ``fits``: ``step`` stands there now and stays there (of several that are
    alike it may be another one, as they keep their order), and ``moved`` is what made room for it. Else nothing has changed: ``words``
    say why, ``missing`` what is short, and ``nearest`` is the next time to it that was proven to fit, None when there is none."""

    step: str
    title: str
    start: datetime  # on a quarter of an hour
    fits: bool
    words: str
    missing: str = ""
    nearest: datetime | None = None
    moved: tuple[Moved, ...] = ()
    week: Week | None = None


@dataclass(frozen=True, slots=True)
class OfferShown:
    """A change that would make the plan fit. ``take`` it by its ``id``."""

    id: str
    words: tuple[str, ...]
    is_smallest: bool


@dataclass(frozen=True, slots=True)
class Draft:
    """A goal as it was understood, with what is still to be asked: one ``question`` about one ``slot`` at a time, "" when it is whole.
    ``refused``: why this is not planned, kindly said; then there is no goal. ``remarks``: what the person must be told now, such as that
    a day has passed, or that this goal is there already (``is_known``)."""

    goal: Goal | None
    slot: str = ""
    question: str = ""
    choices: tuple[str, ...] = ()
    refused: str = ""
    remarks: tuple[str, ...] = ()
    is_known: bool = False


@dataclass(frozen=True, slots=True)
class CheckedIn:
    """What became of a check-in. ``words`` say it in a sentence, ``moved`` what moved and why, ``week`` the plan as it is now (None where
    nothing had to be planned anew). ``answer`` is None when the words were not understood: then nothing was changed, and ``question``
    asks again."""

    goal: Goal
    step: Step | None
    answer: Answer | None
    words: str
    moved: tuple[Moved, ...] = ()
    week: Week | None = None
    question: str = ""


@dataclass(frozen=True, slots=True)
class TemplateShown:
    """A kind of goal as a person sees it; ``wrong``: what is the matter with a file that cannot be used, and in which line."""

    id: str
    title: str
    about: str = ""
    asks: tuple[str, ...] = ()  # questions, in order
    says: str = ""
    source: str = ""
    is_own: bool = False
    wrong: str = ""
