"""Made-up lives for `ownmind bench briefing`: what is in somebody's files, what they want, and some days of it, in the real store and
through the real faces."""

from __future__ import annotations

import json
import random
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from .. import paths
from ..egress.door import Door
from ..errors import OwnmindError
from ..goals.book import Goals
from ..goals.calendars import Calendars
from ..goals.goal import Draft, StepState
from ..goals.nudging.deliver import Follow, gathering
from ..goals.telling.briefing import Line
from ..goals.telling.traced import Tracer, tracer
from ..goals.today import Today
from ..memory.importing import import_paths
from ..memory.memory import Memory
from ..messages import Action
from ..people import reading
from ..people.book import People, own_names
from ..people.person import PromiseState
from ..store import goals as goal_rows
from ..store.opening import Store, open_throwaway
from ..store.promises import Promises

_DAYS = 5  # briefings of a life
_BEGINS = date(2026, 3, 2)  # a Monday; the clocks of America change on the 8th, Europe's on the 29th
_ZONES = ("Europe/Berlin", "America/New_York", "Asia/Tokyo", "Australia/Sydney", "Europe/London", "Asia/Kolkata")
GOALS: tuple[tuple[str, dict[str, str]], ...] = (
    ("run a half marathon on 14 June", {"baseline": "5 km", "target": "21.1 km", "a_week": "3"}),
    ("practise the piano 4 times a week for 30 minutes", {}),
    ("read “War and Peace”, 1200 pages, by July", {"a_week": "5"}),
    ("save 900 euros by October", {"money": "150"}),
    ("stretch every morning for 10 minutes", {"a_week": "7", "minutes": "10 min"}),
    ("finish my thesis chapter by 30 April", {"effort": "20 h", "milestones": "Outline (4 h); Draft (10 h); Final version (6 h)"}),
    ("learn Spanish 3 times a week", {"a_week": "3", "minutes": "30 min"}),
    ("call my grandmother every week", {"person": "Grandma", "every": "7"}),
)  # fmt: skip
NAMES = (
    "Ana Lima", "Ben Okoro", "Clara Weiss", "David Sand", "Elif Kaya", "Farid Azar", "Greta Lind", "Hugo Blanc", "Ines Prado",
    "Jonas Berg", "Kira Novak", "Liam Dunne",
)  # fmt: skip
_THINGS = (
    "the photos", "the contract", "my notes", "the drill", "the recipe", "the tickets", "the slides", "the invoice",
    "the keys to the shed",
)  # fmt: skip
_WHENS = ("by Friday", "tomorrow", "today", "on Thursday", "tonight", "by Wednesday", "this week")
_ASKED = (
    "When do you arrive?", "Could you send me {thing}?", "Did you get {thing}?", "Can we meet on Saturday?",
    "What do you think of “{thing}”?",
)  # fmt: skip
EVENTS = (
    "Dentist", "Parents’ evening", "Team meeting", "Haircut", "Budget review: Q2", "Choir", "Lunch with Sam", "Car service “A1”",
    "Yoga",
)  # fmt: skip
_NOT = ("not done, too tired", "no, the meeting ran late", "not done", "didn't manage it, I had a cold")


def _nobody(wanted: object, now: datetime) -> Action:
    raise AssertionError("these lives put nothing into calendars elsewhere")


class Life:
    """One made-up life and its home, through the faces a person has. ``now`` is its clock."""

    def __init__(self, chance: random.Random, zone: ZoneInfo, store: Store, now: datetime) -> None:
        self.random, self.zone, self.store, self.now = chance, zone, store, now
        self.memory = Memory(store, None, self.clock)
        self.people = People(store, self.memory, self.clock)
        self.follow = Follow(store, self.clock, gathering(store, self.people, lambda: self.goals, self.clock))
        calendar = Calendars(
            store, self.memory, Door(store), self.clock, zone=lambda: zone, folder=lambda: Path(tempfile.gettempdir()),
            planned=lambda: (self.goals.all(), self.goals.steps()), ask=_nobody,
        )  # fmt: skip
        preferences, taken = self.follow.preferences, calendar.appointments
        self.goals = Goals(store, self.memory, self.clock, preferences=preferences, appointments=taken)
        self.today = Today(store, self.memory, self.clock, self.follow, goals=self.goals, people=self.people, appointments=taken)

    def clock(self) -> datetime:
        return self.now


def lived(seed: int) -> Iterator[tuple[str, Sequence[Line], Tracer, float]]:
    chance = random.Random(seed)
    zone = ZoneInfo(chance.choice(_ZONES))
    with tempfile.TemporaryDirectory(prefix="ownmind-bench-") as folder:
        place = paths.Paths(Path(folder) / "home", Path(folder) / "cache")
        with open_throwaway(place) as store:
            now = datetime(_BEGINS.year, _BEGINS.month, _BEGINS.day, 6, 30, tzinfo=zone)
            life = Life(chance, zone, store, now)
            life.follow.set("zone", zone.key)
            life.follow.begin()
            files = Path(folder) / "files"
            files.mkdir()
            _imported(
                life,
                files,
                {"people.vcf": _cards(life), "mail.mbox": _mails(life), "chat.jsonl": _chat(life), "a.ics": _calendar(life, 12)},
            )
            _aims(life)
            for day in range(_DAYS):
                yield from _a_day(life, day, files)
            review = life.today.review(_BEGINS)
            lines = [line for goal in review.goals for line in goal.lines] + list(review.next_week)
            yield "reviews", lines, tracer(store, life.people, zone, life.now.astimezone(zone).date()), 0.0


def _a_day(life: Life, day: int, files: Path) -> Iterator[tuple[str, Sequence[Line], Tracer, float]]:
    today = _BEGINS + timedelta(days=day)
    life.now = datetime(today.year, today.month, today.day, 6, 45, tzinfo=life.zone)
    _read_promises(life)
    began = time.perf_counter()
    briefing = life.today.brief()
    took = time.perf_counter() - began
    yield "briefings", briefing.lines, tracer(life.store, life.people, life.zone, today), took
    for step in life.goals.next():
        if step.start is None or step.end is None or step.start.date() != today or life.random.random() < 0.2:
            continue
        life.now = max(life.now, step.end + timedelta(minutes=5))
        said = life.random.choice(("done", "done", "half", life.random.choice(_NOT), life.random.choice(_NOT)))
        try:
            life.goals.check_in(step.id, said)
        except OwnmindError:
            continue
    hour = life.random.choice((3, 12, 20, 23))  # when the machine is awake: what was due meanwhile is taken, or missed
    life.now = max(life.now, datetime(today.year, today.month, today.day, hour, 10, tzinfo=life.zone))
    life.follow.take(life.follow.work())
    if life.random.random() < 0.7:
        _imported(life, files, {f"b{day}.ics": _calendar(life, 3, first=day + 1)})
    if life.random.random() < 0.5:
        life.goals.plan()


def _aims(life: Life) -> None:
    chosen = life.random.sample(GOALS, life.random.randint(0, 4))
    for said, answers in chosen:
        try:
            draft = life.goals.add(said)
            for _ in range(12):
                if draft.goal is None or not draft.question:
                    break
                draft = _answered(life.goals.answer, draft, answers)
            if draft.goal is not None:
                life.goals.confirm(draft.goal.id)
        except OwnmindError:
            continue  # a goal that cannot be is no matter of this bench
    if chosen:
        life.goals.plan()
    if life.random.random() < 0.5:
        _past(life)


def _answered(answer: Callable[[str, str, str], Draft], draft: Draft, answers: dict[str, str]) -> Draft:
    assert draft.goal is not None
    usual = draft.choices[0] if draft.choices else ""
    return answer(draft.goal.id, draft.slot, answers.get(draft.slot, usual))


def _past(life: Life) -> None:
    """Weeks behind this one in which one goal was mostly put off, so that there is something to let go."""
    goals = [goal.id for goal in life.goals.all()]
    if not goals:
        return
    chosen = life.random.choice(goals)
    steps = []
    for back in range(2, 12):
        at = (datetime.combine(_BEGINS - timedelta(days=back), datetime.min.time(), life.zone) + timedelta(hours=18)).timestamp()
        state = life.random.choice((StepState.MISSED, StepState.MISSED, StepState.MISSED, StepState.DONE))
        done = at + 1800 if state is StepState.DONE else None
        steps.append(
            goal_rows.StepRow(
                0, goal_rows.number(chosen), f"past.{back}", "Earlier", 30, 0, -back, at - 3600, at + 3600, None, "", state.value,
                at, at + 1800, done, 0, None,
            )
        )  # fmt: skip
    with life.store.db.write() as cx:
        goal_rows.add_steps(cx, steps)


def _read_promises(life: Life) -> None:
    """What the background would read; half of what is found the person confirms, some they drop."""
    kept = Promises(life.store.db)
    for item in life.memory.items(limit=5_000):
        if item.kind in reading.KINDS:
            kept.add(reading.rows(item, kept.near(item), life.zone, own_names(life.people)), life.now)
    for row in kept.listed([PromiseState.FOUND.value]):
        lot = random.Random(f"{row.id} {row.what}").random()
        if lot < 0.7:
            kept.decide(row.id, (PromiseState.OPEN if lot < 0.6 else PromiseState.DROPPED).value, life.now)


# Its files


def _imported(life: Life, folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8", newline="")
    import_paths(life.memory, life.store, [folder / name for name in files], now=life.now)


def _mail_of(name: str) -> str:
    return f"{name.split()[0].lower()}@example.org"


def _cards(life: Life) -> str:
    cards = []
    for name in NAMES:
        born = _BEGINS + timedelta(days=life.random.randint(-5, 15))
        year = life.random.choice(("1604", str(life.random.randint(1950, 2005))))
        cards.append(
            f"BEGIN:VCARD\r\nVERSION:3.0\r\nUID:{name}\r\nFN:{name}\r\nEMAIL:{_mail_of(name)}\r\nBDAY:{year}-{born:%m-%d}\r\nEND:VCARD\r\n"
        )
    return "".join(cards)


def _mails(life: Life) -> str:
    letters = []
    for number in range(16):
        name, days = life.random.choice(NAMES), life.random.randint(1, 12)
        at = datetime.combine(_BEGINS - timedelta(days=days), datetime.min.time(), life.zone) + timedelta(hours=9, minutes=number)
        mine = number % 3 == 0
        thing, when = life.random.choice(_THINGS), life.random.choice(_WHENS)
        body = life.random.choice(
            (
                f"I'll send you {thing} {when}.",
                life.random.choice(_ASKED).format(thing=thing),
                f"We had a good time. I will bring {thing} {when}.",
            )
        )
        them, you = f"{name} <{_mail_of(name)}>", "Me <me@example.net>"
        sender, reader = (you, them) if mine else (them, you)
        letters.append(
            f"From bench {at:%a %b %d %H:%M:%S %Y}\nFrom: {sender}\nTo: {reader}\nSubject: {thing}\n"
            f"Date: {at:%a, %d %b %Y %H:%M:%S %z}\nMessage-ID: <{number}.{life.random.random()}@example.org>\n"
            f"Content-Type: text/plain; charset=utf-8\n\nHello,\n\n{body}\n\nBye\n"
        )
    return "\n".join(letters)


def _chat(life: Life) -> str:
    lines = []
    for number in range(10):
        name = life.random.choice(NAMES)
        at = datetime.combine(_BEGINS + timedelta(days=-1), datetime.min.time(), life.zone) + timedelta(hours=10, minutes=number * 7)
        thing, when = life.random.choice(_THINGS), life.random.choice(_WHENS)
        for place, (who, text) in enumerate(
            ((name, f"Could you bring {thing} {when}?"), ("me", life.random.choice(("Sure, will do", "Maybe"))))
        ):
            told = {"id": f"{number}.{place}", "at": (at + timedelta(minutes=place)).isoformat(), "speaker": who, "text": text}
            lines.append(json.dumps({**told, "conversation": f"with {name} {number}"}))
    return "\n".join(lines) + "\n"


def _calendar(life: Life, events: int, *, first: int = 0) -> str:
    parts = ["BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//bench//EN\r\n"]
    for number in range(events):
        day = _BEGINS + timedelta(days=first + life.random.randint(0, 8))
        begins = datetime(day.year, day.month, day.day, life.random.randint(7, 20), life.random.choice((0, 15, 30)), tzinfo=life.zone)
        ends = begins + timedelta(minutes=life.random.choice((30, 60, 90)))
        stretch = (
            f"DTSTART:{begins.astimezone(UTC):%Y%m%dT%H%M%SZ}\r\nDTEND:{ends.astimezone(UTC):%Y%m%dT%H%M%SZ}\r\n"
            if number % 4
            else f"DTSTART;VALUE=DATE:{day:%Y%m%d}\r\nDTEND;VALUE=DATE:{day + timedelta(days=life.random.choice((1, 1, 3))):%Y%m%d}\r\n"
        )
        uid = f"{first}.{number}.{life.random.random()}@bench"
        parts.append(
            f"BEGIN:VEVENT\r\nUID:{uid}\r\nDTSTAMP:20260301T000000Z\r\nSUMMARY:{life.random.choice(EVENTS)}\r\n{stretch}END:VEVENT\r\n"
        )
    return "".join([*parts, "END:VCALENDAR\r\n"])
