"""The parts of a goal as text and back: the closed list that statements, questions, chips and commands share.

A part has one written form (`shown`), which `read` takes back unchanged; `read` also takes the forms people write: "Mon and Wed evenings",
"1 h 30", "€3,000", "12 April". Nothing is guessed: what is not understood is an error that gives an example.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from ..errors import BadInput
from .goal import CheckInRule, Chip, Goal, Measure, Milestone, Obstacle
from .hours import clock, clock_shown, weekdays, weekdays_shown, windows, windows_shown
from .placing.schedule import Window

LONGEST = 400  # characters of one part in words
_MOST = 40  # milestones or obstacles


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with its unit, as written: 21.1 km."""

    number: float
    unit: str = ""


Value = str | int | float | date | Amount | CheckInRule | tuple[Window, ...] | tuple[Milestone, ...] | tuple[Obstacle, ...]


@dataclass(frozen=True, slots=True)
class Slot:
    """One part: what it is called in front of a person, an example of it, and how it is read and written."""

    name: str
    label: str
    example: str
    reads: Callable[[str, date], Any]
    shows: Callable[[Any], str]


def read(slot: str, value: str, today: date | None = None) -> Value:
    """What the text ``value`` says for ``slot``. ``today``: what "12 April" and "in 10 weeks" are counted from; without it only whole
    dates are taken. Raises BadInput for no such slot and for what cannot be read."""
    part = needed(slot)
    text = " ".join(value.split()) if slot not in ("milestones", "obstacles") else value.strip()
    if not text:
        raise BadInput(f"{part.label} is empty", hint=f"such as {part.example}")
    try:
        found: Value = part.reads(text, today or date.max)
    except ValueError as error:  # a number too large, the 30th of February
        raise BadInput(f"{part.label} cannot be read from that", hint=f"such as {part.example}") from error
    except BadInput as error:
        raise BadInput(error.message, hint=error.hint or f"such as {part.example}") from error
    return found


def shown(slot: str, value: Value) -> str:
    """The one written form of ``value``: ``read(slot, shown(slot, value)) == value``."""
    return needed(slot).shows(value)


def needed(slot: str) -> Slot:
    """The slot of this name. Raises BadInput that lists the names."""
    if slot not in SLOTS:
        raise BadInput(f"a goal has no part {slot[:40]!r}", hint="one of " + ", ".join(SLOTS))
    return SLOTS[slot]


def filled(goal: Goal, chips: Sequence[Chip]) -> Goal:
    """The goal with what its ``chips`` say; a chip whose value is "" says that the person left the part open."""
    said = {chip.slot: read(chip.slot, chip.value) for chip in chips if chip.value}
    rhythm, parts = goal.rhythm, goal
    rules = {name: said[name] for name in ("rest", "most_a_day", "most_a_week") if name in said}
    timed = {name: said[name] for name in ("a_week", "every", "minutes", "windows", "best", "place", "travel", "money", "pace", "amounts")
             if name in said}  # fmt: skip
    rhythm = replace(rhythm, **timed, rules=replace(rhythm.rules, **rules))  # type: ignore[arg-type]  # each was read by its slot
    plain = {name: said[name] for name in ("title", "why", "begins", "deadline", "person", "milestones", "obstacles", "check_in", "effort")
             if name in said}  # fmt: skip
    parts = replace(parts, **plain, rhythm=rhythm, chips=tuple(chip for chip in chips if chip.value))  # type: ignore[arg-type]
    return replace(parts, measure=_measure(said))


def _measure(said: dict[str, Value]) -> Measure | None:
    target, baseline, what = said.get("target"), said.get("baseline"), said.get("measure")
    if target is None and what is None:
        return None
    one = target if isinstance(target, Amount) else None
    base = baseline if isinstance(baseline, Amount) else None
    unit = (one.unit if one else "") or (base.unit if base else "")
    return Measure(str(what or ""), unit, base.number if base else None, one.number if one else None)


# Reading

_DAYS = {"day": 1, "days": 1, "week": 7, "weeks": 7}
_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december")
_NUMBERS = {"a": 1, "an": 1, "one": 1, "once": 1, "two": 2, "twice": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
            "nine": 9, "ten": 10, "daily": 7}  # fmt: skip
_SYMBOLS = "€$£¥₹"
_NUMBER = r"\d+(?:[.,]\d+)*"


def _words(text: str, _today: date) -> str:
    if len(text) > LONGEST:
        raise BadInput(f"that is longer than {LONGEST} characters", hint="say it shorter; the rest can be a note")
    return text


def _day(text: str, today: date) -> date:
    said = text.casefold().strip(" .").removeprefix("by ").removeprefix("on ").removeprefix("until ").removeprefix("the ")
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", said):
        return date.fromisoformat(said)
    if today == date.max:
        raise BadInput(f"{text[:40]!r} is no date", hint="such as 2027-04-12")
    if said in ("today", "tomorrow"):
        return today + timedelta(days=said == "tomorrow")
    if match := re.fullmatch(r"in (\d+|[a-z]+) (days?|weeks?|months?|years?)", said):
        return _after(today, _count(match[1]), match[2])
    first = re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th)?\.? (?:of )?([a-z]{3,9})\.?,?(?: (\d{4}))?", said)
    last = re.fullmatch(r"([a-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,?(?: (\d{4}))?", said)
    if first is None and last is None:
        raise BadInput(f"{text[:40]!r} is no date", hint="such as 2027-04-12, 12 April, in 10 weeks")
    number, month, year = (first[1], first[2], first[3]) if first else (last[2], last[1], last[3])  # type: ignore[index]  # one of them is
    return _next(int(number), _month(month, text), int(year) if year else None, today)


def _month(said: str, text: str) -> int:
    found = [place for place, name in enumerate(_MONTHS, 1) if name.startswith(said[:3]) and name.startswith(said.removesuffix("t"))]
    if len(found) != 1:
        raise BadInput(f"{text[:40]!r} is no date", hint="such as 2027-04-12, 12 April, in 10 weeks")
    return found[0]


def _next(day: int, month: int, year: int | None, today: date) -> date:
    """That day of ``year``, else the next one from today on; 29 February waits for its year."""
    for at in (year,) if year else range(today.year, today.year + 9):
        try:
            found = date(at, month, day)
        except ValueError:
            continue
        if year or found >= today:
            return found
    raise BadInput("there is no such day", hint="such as 2027-04-12")


def _after(today: date, count: int, unit: str) -> date:
    if count > 3660:
        raise BadInput("that is too far away", hint="such as in 10 weeks")
    if unit in _DAYS:
        return today + timedelta(days=count * _DAYS[unit])
    month = today.month - 1 + count * (12 if unit.startswith("year") else 1)
    year, at = today.year + month // 12, month % 12 + 1
    for day in range(today.day, 27, -1):
        try:
            return date(year, at, day)
        except ValueError:
            continue
    return date(year, at, min(today.day, 28))


def _count(text: str) -> int:
    if text in _NUMBERS:
        return _NUMBERS[text]
    return int(text)


def number(text: str) -> float:
    """A number as people write it: 3,000 and 3000, 21.1 and 21,1, 3k. Raises ValueError."""
    said = text.casefold().strip()
    times = 1000 if said.endswith("k") else 1
    said = said.removesuffix("k").strip()
    if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", said):
        said = said.replace(",", "")
    elif re.fullmatch(r"\d{1,3}(\.\d{3}){2,}(,\d+)?|\d{1,3}(\.\d{3})+,\d+", said):
        said = said.replace(".", "").replace(",", ".")
    found = float(said.replace(",", ".")) * times
    if not abs(found) < 1e12:
        raise ValueError("too large")
    return found


def _amount(text: str, _today: date) -> Amount:
    match = re.fullmatch(rf"([{_SYMBOLS}])? ?({_NUMBER}k?) ?([^\d\s].{{0,30}})?", text.strip(), re.IGNORECASE)
    if match is None:
        raise BadInput(f"{text[:40]!r} is no amount", hint="such as 21.1 km or 3,000 euros")
    return Amount(number(match[2]), match[1] or (match[3] or "").strip())


def _between(least: int, most: int) -> Callable[[str, date], int]:
    def reads(text: str, _today: date) -> int:
        said = re.sub(r" ?(times|x|×|days?|per week|a week|a day|/ ?week)\b", "", text.casefold()).strip()
        found = _NUMBERS.get(said)
        if found is None:
            if not re.fullmatch(r"\d{1,6}", said):
                raise BadInput(f"{text[:40]!r} is no whole number")
            found = int(said)
        if not least <= found <= most:
            raise BadInput(f"that must lie between {least} and {most}")
        return found

    return reads


def minutes(text: str, _today: date = date.max) -> int:
    """A length in minutes: 45, "45 min", "1 h 30", "1:30", "1.5 hours", "half an hour". Raises BadInput."""
    said = text.casefold().strip()
    said = re.sub(r"^(about|around|ca\.?) ", "", said).replace("half an hour", "30 min").replace("an hour", "1 h").replace("and", " ")
    if match := re.fullmatch(r"(\d{1,3}):(\d{2})", said):
        found = float(int(match[1]) * 60 + int(match[2]))
    elif match := re.fullmatch(rf"(?:({_NUMBER}) ?h(?:ours?|rs?)?)? ?(?:({_NUMBER}) ?(?:m|min|mins|minutes?)?)?\.?", said):
        found = (number(match[1]) * 60 if match[1] else 0) + (number(match[2]) if match[2] else 0)
    else:
        raise BadInput(f"{text[:40]!r} is no length of time", hint="such as 45 min or 1 h 30")
    if found != round(found) or not 1 <= found <= 100_000:
        raise BadInput("a length is a whole number of minutes, and more than none", hint="such as 45 min or 1 h 30")
    return round(found)


def _sitting(text: str, today: date) -> int:
    found = minutes(text, today)
    if found > 16 * 60:
        raise BadInput("that is more than a day can hold at one go", hint="give the length of one sitting, such as 45 min")
    return found


def _way(text: str, today: date) -> int:
    return 0 if text.casefold() in ("0", "none", "0 min") else _sitting(text, today)


def _milestones(text: str, today: date) -> tuple[Milestone, ...]:
    parts = [" ".join(part.split()) for part in re.split(r"[;\n]", text)]
    found = tuple(_milestone(part, today) for part in parts if part)
    if not found:
        raise BadInput("no stage is named")
    if len(found) > _MOST:
        raise BadInput(f"that is more than {_MOST} stages", hint="put several of them into one")
    return found


def _milestone(text: str, today: date) -> Milestone:
    done = due = None
    effort = 0
    if match := re.search(r" done (\d{4}-\d{2}-\d{2})$", text):
        done, text = date.fromisoformat(match[1]), text[: match.start()]
    if match := re.search(r",? \b(?:by|until) (.+)$", text, re.IGNORECASE):
        with contextlib.suppress(BadInput):  # "stand by the door": words, no date
            due, text = _day(match[1], today), text[: match.start()]
    if match := re.search(r",? \(?(\d[\d.,]* ?(?:h|hours?|min|minutes?)(?: ?\d+(?: ?min)?)?)\)?$", text):
        effort, text = minutes(match[1]), text[: match.start()]
    return Milestone(_words(text.strip(" ,"), today), due, done, effort)


def _milestones_shown(value: tuple[Milestone, ...]) -> str:
    def one(stage: Milestone) -> str:
        effort = f" ({_length(stage.minutes)})" if stage.minutes else ""
        due = f" by {stage.due}" if stage.due else ""
        return f"{stage.title}{effort}{due}{f' done {stage.done}' if stage.done else ''}"

    return "; ".join(map(one, value))


def _obstacles(text: str, today: date) -> tuple[Obstacle, ...]:
    found = tuple(_obstacle(" ".join(part.split()), today) for part in re.split(r"[;\n]", text) if part.strip())
    if not found or len(found) > _MOST:
        raise BadInput("name what may come between, and what then")
    return found


def _obstacle(text: str, today: date) -> Obstacle:
    match = re.fullmatch(r"(?:if |when )?(.+?)(?:,? then | ?(?:->|→) ?|, )(.+)", text, re.IGNORECASE)
    if match is None:
        raise BadInput(f"{text[:40]!r} does not say what then", hint="such as if it rains then treadmill")
    return Obstacle(_words(match[1], today), _words(match[2], today))


def _check_in(text: str, _today: date) -> CheckInRule:
    said = text.casefold()
    if said in ("never", "none", "no"):
        return CheckInRule("", 0)
    match = re.fullmatch(r"(.*?)[, ]*(?:at )?(\d{1,2}(?:[:.]\d{2})?(?: ?[ap]m)?)", said)
    days = weekdays(match[1] if match else said)
    at = clock(match[2]) if match else CheckInRule().clock
    if len(days) == 7:
        return CheckInRule("FREQ=DAILY", at)
    return CheckInRule("FREQ=WEEKLY;BYDAY=" + ",".join(_CODES[day] for day in sorted(days)), at)


_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")  # RFC 5545


def _check_in_shown(value: CheckInRule) -> str:
    if not value.rule:
        return "never"
    by = re.search(r"BYDAY=([A-Z,]+)", value.rule)
    days = frozenset(_CODES.index(code) for code in by[1].split(",")) if by else frozenset(range(7))
    return f"{weekdays_shown(days)} {clock_shown(value.clock)}"


def _amounts(text: str, _today: date) -> str:
    if text.casefold() not in ("equal", "growing"):
        raise BadInput("amounts are equal or growing")
    return text.casefold()


def plain(value: float) -> str:
    """A number without what it does not need: 21.1, 3000."""
    return f"{value:.6f}".rstrip("0").rstrip(".")


def amount_shown(value: float, unit: str = "") -> str:
    """A number as a person reads it: "3,000 euros", "21.1 km", "€250"."""
    text = f"{value:,.2f}".rstrip("0").rstrip(".")
    return f"{unit}{text}" if unit in _SYMBOLS and unit else f"{text} {unit}".rstrip()


def _amount_written(value: Amount) -> str:
    return f"{value.unit}{plain(value.number)}" if value.unit in _SYMBOLS and value.unit else f"{plain(value.number)} {value.unit}".rstrip()


def _length(value: int) -> str:
    hours, rest = divmod(value, 60)
    return f"{hours} h" if hours and not rest else f"{hours} h {rest}" if hours else f"{rest} min"


def _money(text: str, today: date) -> float:
    return _amount(text, today).number


_SLOTS = (
    Slot("title", "what you want", "run a half marathon", _words, str),
    Slot("why", "why", "because I want to feel strong again", _words, str),
    Slot("measure", "what is counted", "distance", _words, str),
    Slot("baseline", "where you are now", "5 km", _amount, _amount_written),
    Slot("target", "where you want to be", "21.1 km", _amount, _amount_written),
    Slot("begins", "the first day", "2027-01-04", _day, str),
    Slot("deadline", "the day it should be reached", "2027-04-12", _day, str),
    Slot("person", "who it is about", "Tom", _words, str),
    Slot("milestones", "the stages on the way", "Outline (4 h) by 2026-12-01; Draft; Final version", _milestones, _milestones_shown),
    Slot("effort", "how much work it is in all", "20 h", minutes, _length),
    Slot("a_week", "times a week", "3", _between(1, 21), str),
    Slot("every", "days from one to the next", "14", _between(1, 366), str),
    Slot("minutes", "minutes each time", "45 min", _sitting, _length),
    Slot("pace", "minutes for one of what is counted", "6.5", lambda text, _: _positive(number(text)), plain),
    Slot("amounts", "equal or growing amounts", "equal", _amounts, str),
    Slot("windows", "hours that are possible", "Mo,We 18:00-21:00; Sa 8:00-12:00", lambda text, _: windows(text), windows_shown),
    Slot("best", "hours that suit best", "Mo-Fr 7:00-9:00", lambda text, _: windows(text), windows_shown),
    Slot("place", "where", "the gym", _words, str),
    Slot("travel", "minutes there, each way", "15 min", _way, _length),
    Slot("rest", "free days between", "1", _between(0, 30), str),
    Slot("most_a_day", "at most a day", "1", _between(1, 12), str),
    Slot("most_a_week", "at most a week", "4", _between(1, 42), str),
    Slot("money", "money in a month", "250", _money, plain),
    Slot("obstacles", "what may come between, and what then", "if it rains then treadmill", _obstacles,
         lambda value: "; ".join(f"if {one.when} then {one.then}" for one in value)),
    Slot("check_in", "when to look at it together", "Su 18:00", _check_in, _check_in_shown),
)  # fmt: skip
SLOTS = {slot.name: slot for slot in _SLOTS}


def _positive(value: float) -> float:
    if not 0 < value < 10_000:
        raise BadInput("that must be more than nothing")
    return value
