"""An independent check of a line: re-opens every source it cites and asks whether they say what it says.

A line must be, as a whole, one of the sentences in `_FORMS`; then each thing it says (a time, a day, a name, a number, words in quotation
marks, and what is claimed of them) is compared with the rows behind its refs, read by `store/sources.py`. It knows nothing of how
lines are written: a sentence that is not known here, or of which one part is not in its sources, does not pass.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from ...people.book import People
from ...store import sources
from ...store.opening import Store
from ...store.sources import Opened
from .briefing import Line, Ref

_YEAR_UNKNOWN = 1604


@dataclass(frozen=True, slots=True)
class Tracer:
    """Checks lines of ``day``. ``names``: every name and address of a person by their id (`people`)."""

    store: Store
    zone: ZoneInfo
    day: date
    names: Callable[[str], frozenset[str]]

    def traced(self, line: Line) -> bool:
        """Whether its sources say all that it says."""
        return not self.wrong(line)

    def wrong(self, line: Line) -> str:
        """What of the line no source says; "" when they say it all."""
        for pattern, check in _FORMS:
            if match := pattern.fullmatch(line.text):
                found: dict[str, Opened] = {}
                for ref in line.refs:
                    opened = self._opened(ref)
                    if opened is None:
                        return f"{ref.kind} {ref.ref} is not there, or does not say {ref.words!r}"
                    if ref.kind in found:
                        return f"two sources of the kind {ref.kind}"
                    found[ref.kind] = opened
                return check(_Case(self, match, found, line.refs))
        return "it is no sentence that can be checked"

    def _opened(self, ref: Ref) -> Opened | None:
        if ref.kind == "person":
            known = self.names(ref.ref)
            return Opened("person", tuple(sorted(known))) if ref.words in known else None
        with self.store.db.read() as cx:
            opened = sources.opened(cx, ref.kind, ref.ref, self.zone)
        return opened if opened is not None and (not ref.words or _stands(ref.words, opened.texts)) else None

    def tally(self, goal: str, days: int) -> dict[str, int]:
        """What became of a goal's steps in the days before this one."""
        end = datetime.combine(self.day, datetime.min.time(), self.zone)
        with self.store.db.read() as cx:
            return sources.tally(cx, goal, end - timedelta(days=days), end)


def tracer(store: Store, people: People, zone: ZoneInfo, day: date) -> Tracer:
    """What checks the lines of a day against the sources in ``store``."""
    known = {one.id: frozenset((one.name, *(held.value for held in one.handles))) for one in people.all()}
    return Tracer(store, zone, day, lambda person: known.get(person, frozenset()))


@dataclass(frozen=True, slots=True)
class _Case:
    """One line: its parts, and its sources by kind."""

    tracer: Tracer
    match: re.Match[str]
    found: dict[str, Opened]
    refs: tuple[Ref, ...]

    def said(self, name: str) -> str:
        return self.match.groupdict().get(name) or ""

    def has(self, name: str) -> bool:
        return self.match.groupdict().get(name) is not None

    def exactly(self, *kinds: str) -> str:
        """The sources are of these kinds, no more and no less."""
        return "" if set(self.found) == set(kinds) else f"it rests on {sorted(self.found)}, not on {sorted(kinds)}"

    def quotes(self, name: str, kind: str, *, whole: int | None = None) -> str:
        """The words quoted stand in that source; ``whole``: they are this text of it, to its end or to where they were cut."""
        texts, said = self.found[kind].texts, self.said(name)
        if whole is not None:
            texts = texts[whole : whole + 1]
            if not said.endswith("…") and [_norm(said)] != [_norm(text) for text in texts]:
                return f"{kind} says another thing than {said!r}"
        return "" if _stands(said, texts) else f"{kind} does not say {said!r}"

    def is_at(self, name: str, at: datetime | None) -> str:
        """``name`` is "Tuesday 24 November at 18:00" of just that moment."""
        wrong = f"{self.said(name)!r} is not that time"
        return "" if at is not None and self.said(name) == f"{_spelled(at.date())} at {at.hour:02}:{at.minute:02}" else wrong

    def is_on(self, name: str, day: date | None) -> str:
        return "" if day is not None and self.said(name) == _spelled(day) else f"{self.said(name)!r} is not that day"

    def is_when(self, name: str, day: date | None) -> str:
        """``name`` is today, tomorrow, yesterday or "on Tuesday 24 November"."""
        if day is None:
            return "no source names the day"
        near = {0: "today", 1: "tomorrow", -1: "yesterday"}.get((day - self.tracer.day).days, f"on {_spelled(day)}")
        return "" if self.said(name) == near else f"{self.said(name)!r} is not {near}"

    def is_clock(self, name: str, at: datetime) -> str:
        return "" if self.said(name) == f"{at.hour:02}:{at.minute:02}" else f"{self.said(name)!r} is not that time"


def _first(*wrongs: str) -> str:
    return next((wrong for wrong in wrongs if wrong), "")


def _step(case: _Case) -> str:
    if wrong := case.exactly("step", "goal"):
        return wrong
    step, goal = case.found["step"], case.found["goal"]
    if step.state != "open" or step.goal != goal.goal or goal.state != "active":
        return "the step is not open, or not of that goal"
    words = _first(case.quotes("what", "step", whole=0), case.quotes("goal" if case.has("goal") else "what", "goal", whole=0))
    if case.has("begin"):
        if step.span is None:
            return "the step has no place"
        start, end = step.span
        day = (
            case.is_on("date", start.date())
            if case.has("date")
            else ""
            if start.date() == case.tracer.day
            else "the step is on another day"
        )
        return words or _first(day, case.is_clock("begin", start), case.is_clock("end", end))
    due = (step.due - timedelta(minutes=1)).date() if step.due else None
    return words or ("" if step.span is None and due == case.tracer.day else "the step has a place, or time")


def _promised(case: _Case) -> str:
    if wrong := case.exactly("promise"):
        return wrong
    promise = case.found["promise"]
    by, to = ("you", case.said("to")) if not case.said("by") else (case.said("by"), "you")
    if (promise.by, promise.to) != (by, to) or promise.state != "open":
        return "somebody else promised it, or it is not open"
    return _first(case.quotes("what", "promise", whole=0), case.is_when("when", promise.due.date() if promise.due else None))


def _found(case: _Case) -> str:
    if wrong := case.exactly("promise"):
        return wrong
    promise = case.found["promise"]
    by, to = (case.said("by"), "you") if case.said("by") else ("you", case.said("to"))
    wrong = "" if (promise.state, promise.by, promise.to) == ("found", by, to) else "it is decided, or somebody else's"
    words = _first(case.quotes("what", "promise", whole=0), case.quotes("said", "promise", whole=1))
    return wrong or words or _first(case.is_when("when", promise.due.date() if promise.due else None))


def _birthday(case: _Case) -> str:
    if wrong := case.exactly("item", "person"):
        return wrong
    born, names = case.found["item"].born, case.found["person"].texts
    if case.said("name") not in names or not any(_stands(name, case.found["item"].texts) for name in names):
        return "the card is somebody else's"
    if born is None:
        return "no birthday stands there"
    days = [
        day for year in (case.tracer.day.year, case.tracer.day.year + 1) for day in [_anniversary(born, year)] if day >= case.tracer.day
    ]
    age = str(days[0].year - born.year) if born.year != _YEAR_UNKNOWN else ""
    return _first(case.is_when("when", days[0]), "" if case.said("age") == (age if case.has("age") else "") else "another age")


def _anniversary(born: date, year: int) -> date:
    try:
        return born.replace(year=year)
    except ValueError:  # 29 February, in a year that has none
        return date(year, 2, 28)


def _waiting(case: _Case) -> str:
    if wrong := case.exactly("item", "person"):
        return wrong
    item, names = case.found["item"], case.found["person"].texts
    if case.said("name") not in names or not any(name and (name == item.by or _stands(name, item.texts[:1])) for name in names):
        return "somebody else wrote that"
    return _first(case.quotes("what", "item"), case.is_on("date", item.moments[0].date() if item.moments else None))


def _moved(case: _Case) -> str:
    more = ["appointment"] * case.has("why") + ["evidence"] * case.has("said")
    if wrong := case.exactly("step", "place", *more):
        return wrong
    step, place = case.found["step"], case.found["place"]
    was = place.moments[0]
    now = step.span[0] if step.span else None
    if step.state != "open" or (now == was) or (now is None) == case.has("to"):
        return "it did not move like that"
    if not _is_of(case, "place", "step"):
        return "the place is another step's"
    if case.has("why"):
        taken = case.found["appointment"].span
        if taken is None or not (taken[0] < was + timedelta(minutes=step.minutes) and was < taken[1]):
            return "nothing stood in its way then"
    there = case.quotes("why", "appointment", whole=0) if case.has("why") else ""
    if case.has("said"):
        there = _said_of(case)
    then = case.is_at("to", now) if case.has("to") else ""
    return _first(case.quotes("what", "step", whole=0), case.is_at("from", was), then, there)


def _is_of(case: _Case, one: str, other: str) -> bool:
    """Whether the first source names the second as what it is about."""
    refs = {ref.kind: ref.ref for ref in case.refs}
    return case.found[one].to == refs.get(other)


def _said_of(case: _Case) -> str:
    """The words are those that the person said of this step when it was not done."""
    if case.found["evidence"].state != "not_done" or not _is_of(case, "evidence", "step"):
        return "that was said of something else"
    return case.quotes("said", "evidence", whole=0)


def _not_done(case: _Case) -> str:
    if wrong := case.exactly("step", "evidence"):
        return wrong
    state = "" if case.found["step"].state in ("open", "missed") else "it was done after all"
    day = case.is_on("date", case.found["evidence"].moments[0].date())
    return _first(state, case.quotes("what", "step", whole=0), day, _said_of(case))


def _new(case: _Case) -> str:
    if wrong := case.exactly("appointment"):
        return wrong
    found = case.found["appointment"]
    assert found.span is not None
    start, end = found.span
    last = (end - timedelta(minutes=1)).date()
    words = case.quotes("what", "appointment", whole=0)
    if case.has("all_day"):
        return words or _first(
            "" if found.is_whole_day else "it is no whole day", case.is_on("all_day", start.date()), case.is_on("all_day", last)
        )
    if case.has("first"):
        return words or _first(case.is_on("first", start.date()), case.is_on("last", last))
    if case.has("from"):
        return words or _first(case.is_at("from", start), case.is_at("to", end))
    same = "" if start.date() == end.date() else "it ends on another day"
    return words or _first(same, case.is_on("date", start.date()), case.is_clock("begin", start), case.is_clock("end", end))


def _decided(state: str) -> Callable[[_Case], str]:
    def check(case: _Case) -> str:
        place = case.found.get("place")
        if wrong := case.exactly("step", "goal", *(("place",) if place else ())):
            return wrong
        step, goal = case.found["step"], case.found["goal"]
        if place is not None and (step.span is not None or not _is_of(case, "place", "step")):
            return "the place is another step's"
        if step.state != state or step.goal != goal.goal:
            return f"it is {step.state}, not {state}"
        words = _first(case.quotes("what", "step", whole=0), case.quotes("note", "step", whole=2) if case.has("note") else "")
        if case.has("planned"):
            return words or case.is_at("planned", step.span[0] if step.span else place.moments[0] if place else None)
        if case.has("date"):
            days = [_spelled(moment.date()) for moment in step.moments]
            return words or ("" if case.said("date") in days else "another day")
        return (
            words
            or ("" if step.span is None else "it had a place")
            or case.is_at("by", step.due - timedelta(minutes=1) if step.due else None)
        )

    return check


def _let_go(case: _Case) -> str:
    if wrong := case.exactly("goal"):
        return wrong
    goal = case.found["goal"]
    tally = case.tracer.tally(goal.goal, int(case.said("days")))
    if (case.said("done"), case.said("total")) != (str(tally["done"]), str(tally["decided"])):
        return f"{tally['done']} of {tally['decided']} were done"
    return _first("" if goal.state == "active" else "it is not active", case.quotes("what", "goal", whole=0))


def _held(case: _Case) -> str:
    kind = "step" if "step" in case.found else "promise"
    if wrong := case.exactly("delivery", kind):
        return wrong
    delivery = case.found["delivery"]
    if delivery.state != "missed" or not _is_of(case, "delivery", kind):
        return "it was said, or is about something else"
    return _first(case.is_at("at", delivery.due), case.quotes("what", kind, whole=0), case.quotes("why", "delivery", whole=0))


# Words


def _stands(words: str, texts: Sequence[str]) -> bool:
    """Whether the words stand in one of the texts, as whole words; up to a "…" where they were cut."""
    wanted = _norm(words).removesuffix("…").strip()
    return bool(wanted) and any(re.search(rf"(?<!\w){re.escape(wanted)}(?!\w)", _norm(text)) is not None for text in texts)


def _norm(text: str) -> str:
    return " ".join(text.translate(_QUOTES).split())


_QUOTES = str.maketrans("“”", "‘’")


def _spelled(day: date) -> str:
    return f"{_WEEKDAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]}"


_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_DAY = rf"(?:{'|'.join(_WEEKDAYS)}) \d{{1,2}} (?:{'|'.join(_MONTHS)})"
_AT = rf"{_DAY} at \d\d:\d\d"
_WHEN = rf"(?P<when>today|tomorrow|yesterday|on {_DAY})"
_WHAT = "“(?P<what>[^“”]*)”"
_CLOCKS = r"(?P<begin>\d\d:\d\d) to (?P<end>\d\d:\d\d)"
_FOR = "(?:, for “(?P<goal>[^“”]*)”)?"  # left out where the step is called what its goal is
_NOTE = "(?:; you said “(?P<note>[^“”]*)”)?"
_SENTENCE = "It was said: “(?P<said>[^“”]*)”"
_WHY = "(?:, because “(?P<why>[^“”]*)” is then|, after you said “(?P<said>[^“”]*)”)?"
_FORMS: tuple[tuple[re.Pattern[str], Callable[[_Case], str]], ...] = tuple(
    (re.compile(pattern), check)
    for pattern, check in (
        (rf"(?:(?P<date>{_DAY}), )?{_CLOCKS}: {_WHAT}{_FOR}\.", _step),
        (rf"Some time today: {_WHAT}{_FOR}\.", _step),
        (rf"Due {_WHEN}: you promised(?: (?P<to>[^:“”]+))?: {_WHAT}\.", _promised),
        (rf"Due {_WHEN}: (?P<by>[^:“”]+) promised you: {_WHAT}\.", _promised),
        (rf"Is this a promise, due {_WHEN}, (?:you(?: to (?P<to>[^:“”]+))?|(?P<by>[^:“”]+) to you): {_WHAT}\? {_SENTENCE}", _found),
        (rf"(?P<name>[^:“”]+) has a birthday {_WHEN}(?:; they turn (?P<age>\d+))?\.", _birthday),
        (rf"(?P<name>[^:“”]+) has waited for an answer since (?P<date>{_DAY}): {_WHAT}", _waiting),
        (rf"Moved: {_WHAT} from (?P<from>{_AT}) to (?P<to>{_AT}){_WHY}\.", _moved),
        (rf"Without a place now: {_WHAT}, which stood on (?P<from>{_AT}){_WHY}\.", _moved),
        (rf"Not done on (?P<date>{_DAY}): {_WHAT}; you said “(?P<said>[^“”]*)”\.", _not_done),
        (rf"New in the calendar: {_WHAT}, on (?P<date>{_DAY}) from {_CLOCKS}\.", _new),
        (rf"New in the calendar: {_WHAT}, on (?P<all_day>{_DAY}), all day\.", _new),
        (rf"New in the calendar: {_WHAT}, from (?P<first>{_DAY}) to (?P<last>{_DAY})\.", _new),
        (rf"New in the calendar: {_WHAT}, from (?P<from>{_AT}) to (?P<to>{_AT})\.", _new),
        (rf"Missed: {_WHAT}, planned for (?P<planned>{_AT}){_NOTE}\.", _decided("missed")),
        (rf"Missed: {_WHAT}, to be done by (?P<by>{_AT}){_NOTE}\.", _decided("missed")),
        (rf"Done: {_WHAT}, on (?P<date>{_DAY}){_NOTE}\.", _decided("done")),
        (rf"Half done: {_WHAT}, on (?P<date>{_DAY}){_NOTE}\.", _decided("half")),
        (rf"Put off: {_WHAT}, planned for (?P<planned>{_AT}){_NOTE}\.", _decided("skipped")),
        (
            rf"To let go, or to make smaller: {_WHAT}, of which (?P<done>\d+) of (?P<total>\d+) steps were done"
            r" in the last (?P<days>28) days\.",
            _let_go,
        ),
        (rf"Not said on (?P<at>{_AT}) about {_WHAT}: (?P<why>[^“”]+)\.", _held),
    )
)
