"""Today: what is due, the morning's briefing and the week's review. The face ``mind.today``; safe from any thread."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from ..memory.memory import Memory
from ..messages import Integrity, Item, Kind
from ..people.book import People
from ..people.person import PromiseState
from ..records import Appointment
from ..store import items, sources, targets
from ..store.briefings import Briefings, Given
from ..store.opening import Store
from .book import Goals
from .clock import zone_of
from .due import Delivery, Nudge
from .goal import State, StepState
from .nudging.deliver import Follow
from .preferences import Preferences
from .telling.briefing import Briefing, Known, Said, briefing
from .telling.reflect import reflections, suggestions
from .telling.review import Review, review

_BACK = timedelta(days=56)  # steps that say what works
_WORDS = timedelta(days=28)  # of the person's own, that a week's are compared with
_MOST_WORDS = 2_000  # items looked at in one reflection
_AHEAD = timedelta(days=14)  # of the calendar in which something new is said
_SOON = 7  # days before a birthday is said
_RECEIPTS = 8  # days of receipts looked at
_OF_OURS = frozenset({"goal", "name"})  # sources of notes that Ownmind made of an act
_OWN = (Kind.MESSAGE, Kind.NOTE)


class Today:
    """The face of what is to be said now. ``clock``: now, aware; ``appointments``: what is in the calendar between two moments."""

    def __init__(
        self,
        store: Store,
        memory: Memory,
        clock: Callable[[], datetime],
        follow: Follow,
        *,
        goals: Goals,
        people: People,
        appointments: Callable[[datetime, datetime], Sequence[Appointment]],
    ) -> None:
        self._store, self._memory, self._clock, self._follow = store, memory, clock, follow
        self._goals, self._people, self._appointments = goals, people, appointments
        self._briefings = Briefings(store.db)

    def due(self, now: datetime | None = None) -> tuple[Nudge, ...]:
        """What was said and still stands, and what is due at this moment (now, unless given), the most important first; what a quiet hour
        or the day's limit holds back is not in it."""
        return self._follow.standing(now)

    def brief(self, day: date | None = None) -> Briefing:
        """What a day (today, unless given) asks and what has changed since the briefing before, each sentence with its sources. Today's
        is noted as given: tomorrow's says what moved since."""
        today = self._today()
        known = self._known(day or today)
        if known.day == today:
            places = {step.id: step.start for step in known.steps if step.start is not None and step.state is StepState.OPEN}
            self._briefings.keep(Given(today, self._clock(), places))
        return briefing(known)

    def review(self, day: date | None = None) -> Review:
        """The week that holds ``day`` (today, unless given): planned, done, missed, how far each goal is, what your own words came back
        to, and what comes next."""
        at, zone = day or self._today(), self._zone()
        first = at - timedelta(days=at.weekday())
        start, end = (datetime.combine(one, time(), zone) for one in (first, first + timedelta(days=7)))
        goals, steps = self._goals.all(), self._goals.steps()
        active = [goal for goal in goals if goal.state is State.ACTIVE]
        lately = [step for step in steps if step.start is not None and end - _BACK <= step.start < end]
        said = self._own_words(start - _WORDS, end)
        this_week = [item for item in said if (item.at or item.learned_at) >= start]
        earlier = [item for item in said if (item.at or item.learned_at) < start]
        return review(
            first, [goal for goal in goals if goal.state is not State.DRAFT], steps, zone, progress=self._goals.progress,
            reflections=reflections(this_week, earlier, zone), suggestions=suggestions(active, lately, zone),
        )  # fmt: skip

    def seen(self, key: str) -> Delivery:
        """Writes that the person saw it. Raises NotFound for what was never delivered."""
        return self._follow.seen(key)

    def decline(self, key: str, days: int = 7) -> Delivery:
        """Keeps the matter of this delivery quiet for so many days. Raises NotFound, BadInput."""
        return self._follow.decline(key, days)

    def receipts(self, days: int = 7) -> tuple[Delivery, ...]:
        """What was due in the last so many days and what became of it, the latest first."""
        return self._follow.receipts(days)

    def preferences(self) -> Preferences:
        """How the person's days are shaped and when they may be spoken to."""
        return self._follow.preferences()

    def set(self, name: str, value: str) -> Preferences:
        """Changes one of them; "21:30", "none", "yes", "Mo-Fr 09:00-17:00". Raises BadInput for a name that is none, or a value it cannot
        have."""
        return self._follow.set(name, value)

    def _known(self, day: date) -> Known:
        """Everything a day's briefing is written from."""
        zone, before = self._zone(), self._briefings.before(day)
        midnight = datetime.combine(day, time(), zone)
        appointments = self._appointments(midnight - timedelta(days=1), midnight + _AHEAD)
        with self._store.db.read() as cx:
            known = sources.learned(cx, [one.key for one in appointments]) if before else {}
            refused = sources.refused(cx, before.at) if before else []
        ahead = max(0, (day - self._today()).days)
        return Known(
            day, zone, self._goals.all(), self._goals.steps(), self._people.promises((PromiseState.OPEN, PromiseState.FOUND)),
            self._people.birthdays(_SOON + ahead), self._people.waiting(), tuple(appointments),
            tuple(one for one in appointments if before and one.start >= midnight and known.get(one.key, before.at) > before.at),
            tuple(self._follow.receipts(_RECEIPTS)), before.at if before else None, before.day if before else None,
            before.places if before else {}, tuple(Said(*one) for one in refused),
        )  # fmt: skip

    def _own_words(self, start: datetime, end: datetime) -> list[Item]:
        """What the person said or wrote themselves between the two moments; not what they said of goals, which has its own place."""
        with self._store.db.read() as cx:
            found = items.get(cx, targets.said_between(cx, start.timestamp(), end.timestamp())[-_MOST_WORDS:])
        return [
            item
            for item in found
            if item.kind in _OWN and item.label.integrity is Integrity.PERSON and item.source.ref.partition(":")[0] not in _OF_OURS
        ]

    def _zone(self) -> ZoneInfo:
        return zone_of(self.preferences())

    def _today(self) -> date:
        return self._clock().astimezone(self._zone()).date()
