"""A made-up life lived: the real store, the real ``Follow`` and the real heartbeat, with a clock that can be turned.

What the person does and what they were shown is told line by line (``note``), so that a life that was killed can go on from its lines.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from ...agent import heartbeat
from ...goals.clock import at, today
from ...goals.goal import Answer, CheckInRule, Goal, State, Step, StepState
from ...goals.nudging.deliver import Follow
from ...goals.nudging.matters import Life
from ...goals.nudging.nudge import Nudge, NudgeKind
from ...messages import Span
from ...people.person import Person, Promise, PromiseState
from ...store.opening import Store
from .made import DAY, Aim, Made

LONG_AGO = datetime.fromtimestamp(0, UTC)
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_ANSWERS = (Answer.DONE, Answer.DONE, Answer.HALF, Answer.NOT_DONE, Answer.LATER)

Line = dict[str, object]
"""``kind`` and ``true`` (Unix seconds), ``machine`` (what its clock showed), and what the kind needs."""


class Killed(BaseException):
    """The process ends here."""


@dataclass(slots=True)
class Planned:
    """A step on the clock of wherever the person is: ``day`` and minutes. ``closed``: when it stopped being open, in true time."""

    id: str
    aim: str
    day: date
    at: int
    minutes: int
    created: datetime
    state: StepState = StepState.OPEN
    closed: datetime | None = None


@dataclass(slots=True)
class Lived:
    """What became of a life so far. Made again from its lines alone."""

    made: Made
    steps: dict[str, Planned] = field(default_factory=dict)
    of: dict[str, datetime] = field(default_factory=dict)  # since when each aim is active
    paused: set[str] = field(default_factory=set)
    done: set[str] = field(default_factory=set)  # what the person did already, by name
    lines: list[Line] = field(default_factory=list)
    at: datetime = LONG_AGO

    def read(self, line: Line) -> None:
        """One line more."""
        self.lines.append(line)
        moment = _true(line)
        self.at = max(self.at, moment)
        match line:
            case {"kind": "step", "id": str(name), "aim": str(aim), "day": str(day), "at": int(minute), "minutes": int(minutes)}:
                self.steps[name] = Planned(name, aim, date.fromisoformat(day), minute, minutes, moment)
            case {"kind": "closed", "id": str(name), "state": str(state)}:
                self.steps[name].state, self.steps[name].closed = StepState(state), moment
            case {"kind": "paused", "id": str(name)}:
                self.paused.add(name)
            case {"kind": "resumed", "id": str(name), "machine": float(machine)}:
                self.paused.discard(name)
                self.of[name] = datetime.fromtimestamp(machine, UTC)
            case {"kind": "did", "id": str(name)}:
                self.done.add(name)

    def life(self, zone: ZoneInfo, machine: datetime) -> Life:
        """As `Follow` gathers it: the steps of the last weeks and the next, where the person is now."""
        first = today(machine, zone) - timedelta(days=30)
        goals = tuple(_goal(one, self.made) for one in self.made.aims if one.id not in self.paused)
        steps = tuple(
            _step(one.id, one.aim, one.day, one.at, one.minutes, one.state, zone)
            for one in self.steps.values()
            if one.day >= first and one.aim not in self.paused
        )
        promises = tuple(
            Promise(f"m{n}", "you", "Tom", "call", "", "i1", Span(0, 1), None, at(day, 720, zone), "", PromiseState.OPEN)
            for n, day in enumerate(self.made.promises)
        )
        return Life(LONG_AGO, zone, goals, steps, dict(self.of), promises, (Person("p1", "Ana", (), self.made.birthday),))


def live(lived: Lived, store: Store, note: Callable[[Line], None], *, kills: bool) -> None:
    """Lives on to the end. ``note`` hears every line once it is true. ``kills``: the process ends itself around effects, and starts
    again a while later."""
    _Living(lived, store, note, kills=kills).go()


class _Living:
    def __init__(self, lived: Lived, store: Store, note: Callable[[Line], None], *, kills: bool) -> None:
        self.lived, self.made, self.store, self._note, self.kills = lived, lived.made, store, note, kills
        self.true = max(lived.at, self.made.start)
        self.down_until = self.true
        self.count = itertools.count(1)
        self.heap: list[tuple[datetime, int, str, str]] = []
        self.effects = sum(line["kind"] == "shown" for line in lived.lines)
        self.follow = self._started()
        if "set up" not in lived.done:
            for name, value in _preferences(self.made).items():
                self.follow.set(name, value)
            self.tell("did", id="set up")
        self._expect()

    # Time

    def machine(self) -> datetime:
        """What the machine's clock shows."""
        return self.true + self.made.skew(self.true)

    def is_on(self) -> bool:
        return self.true >= self.down_until and not any(spell.holds(self.true) for spell, _ in self.made.off)

    def _started(self) -> Follow:
        follow = Follow(self.store, self.machine, lambda zone: self.lived.life(zone, self.machine()))
        follow.begin()
        return follow

    def _expect(self) -> None:
        """Everything that is known to happen."""
        made = self.made
        for spell, is_new in made.off:
            self.expect(spell.start, "asleep", "")
            self.expect(spell.end, "awake", "new" if is_new else "")
        for number, (spell, _) in enumerate((*made.away, *made.skewed)):
            self.expect(spell.start, "elsewhere", f"to {number}")
            self.expect(spell.end, "elsewhere", f"from {number}")
        for week in range(made.days // 7 + 1):
            self.expect(made.start + week * 7 * DAY, "plan", f"week {week}")
        for aim in made.aims:
            if aim.paused:
                self.expect(aim.paused.start, "pause", aim.id)
                self.expect(aim.paused.end, "resume", aim.id)
        if made.silent:
            self.expect(made.silent.start, "silent", "yes")
            self.expect(made.silent.end, "silent", "no")
        for line in list(self.lived.lines):
            if line["kind"] == "shown":
                self._think(str(line["key"]), _true(line))

    def expect(self, moment: datetime, what: str, about: str) -> None:
        if f"{what} {about}" not in self.lived.done or what in ("asleep", "awake", "elsewhere"):
            heapq.heappush(self.heap, (moment, next(self.count), what, about))

    def go(self) -> None:
        """Until the last day is over."""
        while self.true < self.made.end:
            wake = self._wake() if self.is_on() else None
            happens = self.heap[0][0] if self.heap else self.made.end
            if wake is not None and wake < happens:
                self.true = max(self.true, wake)
            else:
                moment, _, what, about = heapq.heappop(self.heap) if self.heap else (self.made.end, 0, "end", "")
                self.true = max(self.true, moment)
                if not self._happened(what, about):
                    continue
            if self.true < self.made.end and self.is_on():
                self._beat()

    def _wake(self) -> datetime | None:
        moment = self.follow.next_at()
        return None if moment is None else max(self.true, moment - self.made.skew(self.true))

    # What the companion does

    def _beat(self) -> None:
        """As the runner does it: as long as there is something, and again after a crash."""
        try:
            while self.follow.is_due() and heartbeat.beat(self.follow, self, [self._show]):
                pass
        except Killed:
            down = timedelta(minutes=self.made.chance("down", self.effects).randrange(1, 90))
            self.down_until = self.true + down
            self.tell("down", seconds=down.total_seconds())
            self.follow = self._started()
            self.expect(self.down_until, "awake", "new")

    def _show(self, nudge: Nudge) -> str:
        self.effects += 1
        dice = self.made.chance("kill", self.effects)
        if self.kills and dice.random() < self.made.kill / 2:
            raise Killed
        zone = self.follow.preferences().zone
        self.tell("shown", key=nudge.key, nudge=nudge.kind.value, about=nudge.about, zone=zone)
        if nudge.kind is NudgeKind.CHECK_IN:
            self._think(nudge.key, self.true)
        if dice.random() < self.made.declines:
            self.expect(self.true + timedelta(minutes=3), "decline", nudge.key)
        if self.kills and dice.random() < self.made.kill / 2:
            raise Killed
        return "page"

    def plan(self) -> None:
        """Steps have their places from the beginning here."""

    def missed(self, steps: Sequence[str]) -> None:
        """As `goals.book.Goals.missed`: closed, and planned anew."""
        dice = self.made.chance("kill", self.effects, tuple(steps))
        if self.kills and dice.random() < self.made.kill / 2:
            self.effects += 1
            raise Killed
        for name in steps:
            self.tell("closed", id=name, state=StepState.MISSED.value)
            self.tell("replanned", id=name)
            self._again(self.lived.steps[name])
        if self.kills and dice.random() < self.made.kill / 2:
            self.effects += 1
            raise Killed

    # What the person does

    def _happened(self, what: str, about: str) -> bool:
        """Whether it did; False when it waits for the machine."""
        if what == "awake":
            if about and self.true >= self.down_until:
                self.follow = self._started()
            return self._travelled()
        if what in ("asleep", "end"):
            return what == "end"
        if not self.is_on():
            later = next((spell.end for spell, _ in self.made.off if spell.holds(self.true)), self.down_until)
            self.expect(max(later, self.down_until), what, about)
            return False
        self._travelled()
        if f"{what} {about}" in self.lived.done and what != "elsewhere":
            return True
        match what:
            case "plan":
                self._plan()
            case "pause":
                self.tell("paused", id=about)
            case "resume":
                self.tell("resumed", id=about)
            case "silent":
                self.follow.set("silent", about)
                self.tell("silent", id=about)
            case "answer":
                self._answer(about)
            case "decline":
                row = self.follow.decline(about, 3)
                self.tell("declined", id=row.about, until=_seconds(row.declined_until))
        if what not in ("elsewhere",):
            self.tell("did", id=f"{what} {about}")
        self.follow.look()
        return True

    def _travelled(self) -> bool:
        if self.is_on() and self.follow.preferences().zone != (zone := self.made.zone(self.true)):
            self.follow.set("zone", zone)
            self.tell("zone", id=zone)
        return True

    def _think(self, key: str, shown: datetime) -> None:
        """Whether and when they answer."""
        dice = self.made.chance("answer", key)
        if key.startswith("check:") and dice.random() < self.made.answers:
            self.expect(shown + timedelta(minutes=dice.randrange(2, 400)), "answer", key)

    def _answer(self, key: str) -> None:
        subject = key.split(":")[1]
        answer = self.made.chance("which", key).choice(_ANSWERS)
        step = self.lived.steps.get(subject)
        if step is not None and step.state is not StepState.OPEN:
            return
        self.store.deliveries.answered(subject, answer.value, self.machine())
        self.tell("answered", id=subject, answer=answer.value)
        if step is not None and answer is not Answer.LATER:
            state = StepState.MISSED if answer is Answer.NOT_DONE else StepState(answer.value)
            self.tell("closed", id=subject, state=state.value)
            if answer is Answer.NOT_DONE:
                self.tell("replanned", id=subject)
                self._again(step)

    def _plan(self) -> None:
        """The steps of the next seven days."""
        first = today(self.machine(), ZoneInfo(self.follow.preferences().zone)) + DAY
        for aim in self.made.aims:
            for day in (first + timedelta(days=more) for more in range(7)):
                if day.weekday() in aim.days:
                    self._placed(aim, day)

    def _again(self, step: Planned) -> None:
        """A missed step has another place two days on, unless there is one of its goal."""
        aim = next(one for one in self.made.aims if one.id == step.aim)
        day = today(self.machine(), ZoneInfo(self.follow.preferences().zone)) + 2 * DAY
        if self.made.chance("again", step.id).random() < 0.5:
            self._placed(aim, day)

    def _placed(self, aim: Aim, day: date) -> None:
        if not any(one.aim == aim.id and one.day == day for one in self.lived.steps.values()):
            self.tell("step", id=f"s{len(self.lived.steps) + 1}", aim=aim.id, day=day.isoformat(), at=aim.at, minutes=aim.minutes)

    def tell(self, kind: str, **more: object) -> None:
        line: Line = {"kind": kind, "true": self.true.timestamp(), "machine": self.machine().timestamp(), **more}
        self.lived.read(line)
        self._note(line)


def _preferences(made: Made) -> dict[str, str]:
    return {
        "zone": made.zone(made.start),
        "quiet_from": _clock(made.quiet[0]),
        "quiet_to": _clock(made.quiet[1]),
        "nudges_a_day": str(made.most),
        "briefing": _clock(made.briefing),
        "review": _clock(made.review),
    }


def _clock(minutes: int) -> str:
    return "none" if minutes < 0 else f"{minutes // 60:02}:{minutes % 60:02}"


def _goal(aim: Aim, made: Made) -> Goal:
    rule = "FREQ=WEEKLY;BYDAY=" + ",".join(_DAYS[day] for day in sorted(aim.asked))
    return Goal(
        aim.id, f"goal {aim.id}", "habit", State.ACTIVE, made.start, begins=made.start.date(), check_in=CheckInRule(rule, aim.clock)
    )


@lru_cache(maxsize=4096)
def _step(name: str, aim: str, day: date, minute: int, minutes: int, state: StepState, zone: ZoneInfo) -> Step:
    start, end = at(day, minute, zone), at(day, minute + minutes, zone)
    return Step(name, aim, "step", minutes, 1, start, end, state=state, start=start, end=end)


def _true(line: Line) -> datetime:
    return datetime.fromtimestamp(float(str(line["true"])), UTC)


def _seconds(moment: datetime | None) -> float:
    return 0.0 if moment is None else moment.timestamp()
