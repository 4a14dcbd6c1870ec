"""Times counted from the moment they were said: yesterday, two weeks ago, next month, the last three days."""

# ruff: noqa: E501  # a pattern reads best on one line

from __future__ import annotations

import re
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from .. import calendar
from ..calendar import Precision, Stretch
from ..tense import Tense, tense
from .vocabulary import DAY_WORDS, FEW, NUMBER, STEP, STEPS, UNIT, UNIT_WORDS, Here, Named, Phrase, count, row, step_of


def _day_word(got: Named, here: Here) -> Stretch | None:
    said = re.sub(r"\s+", " ", (got["said"] or "").lower())
    match said:
        case "last night":
            return calendar.part(calendar.day(here.at, -1), "night")
        case "tonight":
            return calendar.part(calendar.day(here.at), "night")
        case "this morning" | "this afternoon" | "this evening":
            return calendar.part(calendar.day(here.at), said.split()[1])
        case "earlier today":
            return Stretch(calendar.midnight(here.at), here.at, Precision.HOUR)
        case "later today":
            return Stretch(here.at, calendar.day(here.at).end, Precision.HOUR)
        case "the other day":  # within about a week, and not yesterday
            return calendar.days(calendar.day(here.at, -8).start, 7, Precision.WEEK)
    days = {"yesterday": -1, "today": 0, "tomorrow": 1}.get(said)
    if days is None:
        days = -2 if "before" in said else 2
    return calendar.day(here.at, days)


def _ago(got: Named, here: Here, sign: int = -1) -> Stretch | None:
    """ "two weeks ago", "in three months": the unit that holds the moment, or for days the day; "a few" is as wide as it says."""
    name, said = (got["unit"] or "").lower(), re.sub(r"\s+", " ", (got["n"] or "").lower())
    if name in ("minute", "hour"):
        n = count(said)
        midnight = here.at == calendar.midnight(here.at)  # most likely a date without its time
        if n is None or midnight:
            return None
        at = calendar.moved(here.at, name, sign * n)
        wide = timedelta(minutes=30 if name == "hour" else 1)
        return Stretch(at - wide, at + wide, Precision.HOUR if name == "hour" else Precision.MINUTE)
    if got.get("plus") is not None or got.get("plus2") is not None:  # "a year and a half ago": the quarter around it
        months = {"month": 0, "year": 6}.get(name)
        if not months:
            return None
        middle = calendar.unit("month", calendar.moved(calendar.moved(here.at, name, sign * (count(said) or 1)), "month", sign * months))
        return Stretch(middle.start - relativedelta(months=1), middle.end + relativedelta(months=1), Precision.SEASON)
    if got.get("other"):
        return _between(name, count(said), count(got["other"]), here, sign)
    if said in FEW:
        few = FEW[said]
        return _between(name, few if few == 2 else few - 1, few if few == 2 else few + 2, here, sign)
    n = count(said)
    assert n is not None, "the pattern knows only numbers"
    return calendar.unit(name, calendar.moved(here.at, name, sign * n))


_WIDER = {
    "day": Precision.WEEK, "night": Precision.WEEK, "weekend": Precision.WEEK, "week": Precision.WEEK, "month": Precision.MONTH,
    "year": Precision.YEAR, "decade": Precision.DECADE, "fortnight": Precision.WEEK,
}  # fmt: skip


def _between(name: str, fewest: int | None, most: int | None, here: Here, sign: int) -> Stretch | None:
    if not fewest or not most or fewest > most:
        return None
    ends = [calendar.unit(name, calendar.moved(here.at, name, sign * n)) for n in (fewest, most)]
    first, last = sorted(ends, key=lambda one: one.start)
    return Stretch(first.start, last.end, first.precision if fewest == most else _WIDER[name])


def _in(got: Named, here: Here) -> Stretch | None:
    """ "in two weeks", unless a past verb makes it how long something took."""
    if tense(here.text, here.start, here.end) in (Tense.PAST, Tense.HABIT, Tense.UNCLEAR) or here.word_after in ("or", "and"):
        return None
    return _ago(got, here, 1)


def _from_now(got: Named, here: Here) -> Stretch | None:
    return _ago(got, here, 1)


def _today_ago(got: Named, here: Here) -> Stretch | None:
    """ "a year ago today": the day, not the year."""
    return calendar.day(calendar.moved(here.at, (got["unit"] or "").lower(), -(count(got["n"]) or 1)))


def _last_few(got: Named, here: Here) -> Stretch | None:
    """ "the last three days": until the end of today; "the next two weeks" from today."""
    name, n = (got["unit"] or "").lower(), count(got.get("n") or "one") or FEW.get((got.get("n") or "").lower())
    if n is None or name in ("minute", "hour"):
        return None
    today = calendar.day(here.at)
    if step_of(got) > 0:
        return Stretch(today.start, calendar.midnight(calendar.moved(here.at, name, n)), _WIDER[name])
    return Stretch(calendar.midnight(calendar.moved(here.at, name, -n)), today.end, _WIDER[name])


def _relative_unit(got: Named, here: Here) -> Stretch | None:
    """ "last week", "earlier this month", "later this year"."""
    name, step = (got["unit"] or "").lower(), step_of(got)
    if here.word_before in ("the", "your", "my", "our", "their") and (got["step"] or "").lower() not in ("coming", "past"):
        return None  # "the next week": counted from something else
    found = calendar.unit(name, calendar.moved(here.at, name, step))
    side = (got.get("side") or "").lower()
    if name == "weekend" and step == 0 and found.start > here.at and here.at.weekday() < 3 and here.looks() < 0:
        return calendar.unit(name, calendar.moved(here.at, name, -1))  # "this weekend was lovely", said on Monday
    if side == "earlier" and step == 0:
        return Stretch(found.start, max(here.at, found.start + timedelta(days=1)), found.precision)
    if side == "later" and step == 0:
        return Stretch(here.at, found.end, found.precision)
    return found


def _this_time(got: Named, here: Here) -> Stretch:
    """ "this time last year": the week around that day."""
    at = calendar.moved(here.at, (got["unit"] or "").lower(), step_of(got))
    return calendar.day(at) if (got["what"] or "").lower() == "day" else calendar.days(calendar.day(at, -3).start, 7, Precision.WEEK)


def _half(got: Named, here: Here) -> Stretch | None:
    """ "half an hour ago", "half a year ago", "in half an hour"."""
    sign = -1 if got.get("ago") is not None else 1
    if (got["unit"] or "").lower() == "hour":
        return _ago({"unit": "minute", "n": "30"}, here, sign)
    return _ago({"unit": "month", "n": "6"}, here, sign)


ROWS: tuple[Phrase, ...] = (
    row(DAY_WORDS, r"(?P<said>the day before yesterday|day before yesterday|the day after tomorrow|day after tomorrow|earlier today|later today|yesterday|last night|today|tonight|tomorrow|this (?:morning|afternoon|evening)|the other day)(?!['’]s world)", _day_word),
    row(UNIT_WORDS, rf"(?:(?:about|around|almost|nearly|roughly|over|just over|under|more than|less than|like|some) )?{NUMBER} (?:(?:or|to|-) (?P<other>\w+) )?(?:and a half(?P<plus>) )?{UNIT}(?: and a half(?P<plus2>))? (?:ago|back)(?! (?:to|in|at|from))", _ago, also="ago back"),
    row(UNIT_WORDS, rf"{NUMBER} {UNIT} ago (?:today|to the day|tonight)", _today_ago, also="ago"),
    row(UNIT_WORDS, r"(?P<ago>)half an? (?P<unit>hour|year) ago", _half, also="half"),
    row(UNIT_WORDS, r"in half an? (?P<unit>hour)", _half, also="half"),
    row(UNIT_WORDS, rf"(?:in (?:about |around |just )?){NUMBER} {UNIT}(?:['’]s?)?(?: time)?", _in, also="in"),
    row(UNIT_WORDS, rf"{NUMBER} {UNIT} (?:from (?:now|today)|hence)", _from_now, also="from hence"),
    row(UNIT_WORDS, rf"(?:the |these |over |in |during |for |within )+(?P<step>last|past|previous|next|coming) {NUMBER} {UNIT}", _last_few, also=STEPS),
    row(UNIT_WORDS, rf"(?P<step>last|past) {NUMBER} {UNIT}", _last_few, also=STEPS),
    row(UNIT_WORDS, r"(?:over|in|during|for|within) the (?P<step>last|past) (?P<unit>week|month|year|decade)", _last_few, also=STEPS),
    row(UNIT_WORDS, r"(?:the )?(?P<step>past) (?P<unit>week|month|year)", _last_few, also="past"),
    row(UNIT_WORDS, rf"(?:(?P<side>earlier|later) )?{STEP} (?P<unit>weekend|week|month|year)", _relative_unit, also=STEPS),
    row(UNIT_WORDS, r"this (?P<what>time|day) (?P<step>last|next) (?P<unit>week|month|year)", _this_time, also="this"),
)  # fmt: skip
