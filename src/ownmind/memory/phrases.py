"""The table of phrases that name a time, and what each means at the moment it was said.

Each row has the words one of which must be there (so that most rows cost nothing on most texts), a pattern, and how it resolves.
Where a pattern names a group ``core``, only that is the mention: the word before it ("in", "since") was needed to tell it from
other words. A row gives None when the words mean no single time. Conventions: "last Friday" is the latest Friday before that day,
"next Friday" the first after it; "last" of anything else is the one before the one that holds the day.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from dateutil.relativedelta import relativedelta

from . import calendar
from .calendar import MONTHS, SEASONS, WEEKDAYS, Precision, Stretch
from .tense import Tense, is_past, tense

Named = Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Here:
    """Where a phrase stands: the moment it was said, and the words around it."""

    at: datetime
    text: str
    start: int
    end: int
    silent: Tense
    known: bool  # False: nobody knows when it was said

    def looks(self, *, sure: bool = False) -> int:
        """-1: at the past, 1: ahead, 0: no single time is meant. ``sure``: only where a verb says so, as a bare "in March" needs."""
        found = tense(self.text, self.start, self.end)
        if not self.known or found is Tense.HABIT:
            return 0
        if found is Tense.PRESENT and sure and self.silent is Tense.PAST:
            return -1  # a question: "who is the friend from May?"
        if found is Tense.SILENT:
            return -1 if self.silent is Tense.PAST else 0 if sure else 1
        return -1 if found is Tense.PAST else 1

    @property
    def word_before(self) -> str:
        return _LAST_WORD.search(self.text, max(0, self.start - 24), self.start)["word"].lower()  # type: ignore[index]  # matches anything

    @property
    def word_after(self) -> str:
        return _FIRST_WORD.match(self.text, self.end, self.end + 24)["word"].lower()  # type: ignore[index]  # matches anything


_LAST_WORD = re.compile(r"(?P<word>(?:[\w'’]+)?)\s*$")
_FIRST_WORD = re.compile(r"\s*(?P<word>(?:[\w'’]+)?)")


@dataclass(frozen=True, slots=True)
class Phrase:
    """One row. ``needs``: sets of words or digits, of each of which the text must hold one; ``absolute``: means the same whenever
    it is said."""

    needs: tuple[frozenset[str], ...]
    pattern: re.Pattern[str]
    resolve: Callable[[Named, Here], Stretch | None]
    absolute: bool = False


# Words of the patterns

_NUMBERS = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty".split()  # noqa: E501, SIM905
_NUMBER_OF = {word: n for n, word in enumerate(_NUMBERS)} | {"a": 1, "an": 1, "thirty": 30, "forty": 40, "fifty": 50}
_FEW = {"a couple": 2, "a couple of": 2, "couple of": 2, "a few": 3, "few": 3, "several": 4}
_TENTHS = frozenset("0123456789")

_MONTH = r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"  # noqa: E501
_DAY = r"(?P<day>[0-3]?\d)(?P<ordinal>st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:1[6-9]|20)\d\d|['’]\d\d)"
_WEEKDAY = rf"(?P<weekday>{'|'.join(WEEKDAYS)}|(?-i:Mon|Tues?|Wed|Thu(?:rs?)?|Fri|Sat|Sun)\b\.?)"
_SEASON = r"(?P<season>spring|summer|autumn|fall|winter)(?:time)?"
_HOLIDAY = (
    "(?P<holiday>"
    + "|".join(
        re.escape(name).replace("'", "['’]")
        for name in sorted((*calendar.FIXED_HOLIDAYS, *calendar.MOVABLE_HOLIDAYS), key=len, reverse=True)
    )
    + ")"
)
_STEP = r"(?P<step>last|this past|this coming|past|previous|this|next|coming)"
NUMBER = r"(?P<n>\d{1,3}|a couple of|a couple|couple of|a few|few|several|" + "|".join(sorted(_NUMBER_OF, key=len, reverse=True)) + r")\b"
UNIT = r"(?P<unit>minute|hour|day|night|weekend|week|fortnight|month|year|decade)s?\b"
_PREPOSITION = r"(?:in|during|since|by|before|after|until|till|around|through|throughout|from|of|for|to|over|at|on)"
CLOCK = (
    r"(?:(?P<word>noon|midday|midnight)|(?P<hour>[01]?\d|2[0-3])(?:[:.](?P<minute>[0-5]\d))?\s?(?P<half>am|pm|a\.m\.|p\.m\.)(?!\w)"
    r"|(?P<hour24>[01]?\d|2[0-3])[:.](?P<minute24>[0-5]\d)(?![\w:.]*\d)|(?P<bare>1[0-2]|[1-9])(?:\s?o['’]clock)?(?!\s*[-–\d:.%€$£/]|\s?\w))\b"
    r"|(?P<bare2>1[0-2]|[1-9])(?=\s*$|[,.;!?)])"
)


def clock_time(match: re.Match[str], part: str) -> tuple[int, int] | None:
    """Hour and minute of a CLOCK match; ``part`` of the day settles what am or pm would. None: it may be either."""
    got = match.groupdict()
    if got["word"]:
        return (0, 0) if got["word"].lower() == "midnight" else (12, 0)
    if got["hour"]:
        hour, late = int(got["hour"]), (got["half"] or "").lower().startswith("p")
        return None if not 1 <= hour <= 12 else (hour % 12 + 12 * late, int(got["minute"] or 0))
    written = got["hour24"] or got["bare"] or got["bare2"] or ""
    hour, minute = int(written), int(got["minute24"] or 0)
    if got["hour24"] and (hour > 12 or hour == 0 or written.startswith("0")):
        return hour, minute
    if part == "morning":
        return hour, minute
    if part in ("afternoon", "evening") or (part == "night" and hour >= 6):
        return hour % 12 + 12, minute
    return (hour % 12, minute) if part == "night" else None


def count(word: str | None) -> int | None:
    """The number a word says; None where it says only about how many."""
    said = (word or "").lower()
    return int(said) if said.isdigit() else _NUMBER_OF.get(said)


def _month(got: Named) -> int:
    said = (got["month"] or "").lower()[:3]
    return next(n for n, name in enumerate(MONTHS, 1) if name.startswith(said))


def _year(got: Named, here: Here) -> int | None:
    said = got.get("year")
    if not said:
        return None
    if said[0].isdigit():
        return int(said)
    short = int(said[1:]) + here.at.year // 100 * 100  # '69 said in 2023 is 1969
    return short if short <= here.at.year + 10 else short - 100


def _step(got: Named) -> int:
    said = (got.get("step") or "").lower()
    return -1 if said in ("last", "past", "previous", "this past") else 1 if said in ("next", "coming", "this coming") else 0


def _weekday(got: Named) -> int:
    said = (got["weekday"] or "").lower()[:3]
    return next(n for n, name in enumerate(WEEKDAYS) if name.startswith(said))


# Dates


def _iso(got: Named, here: Here) -> Stretch:
    year, number = int(got["year"] or 0), int(got["number"] or 0)
    if not got["day"]:
        return calendar.month(year, number, here.at)
    day = calendar.date(year, number, int(got["day"]), here.at)
    return calendar.clock(day, int(got["hour"]), int(got["minute"] or 0)) if got.get("hour") else day


def _dotted(got: Named, here: Here) -> Stretch:
    return calendar.date(int(got["year"] or 0), int(got["number"] or 0), int(got["day"] or 0), here.at)


def _slashed(got: Named, here: Here) -> Stretch | None:
    """Day and month are told apart only where one is above twelve, or both are the same."""
    first, second = int(got["first"] or 0), int(got["second"] or 0)
    if first <= 12 and second <= 12 and first != second:
        return None
    return calendar.date(int(got["year"] or 0), min(first, second), max(first, second), here.at)


def _bare_year(here: Here, on: Callable[[int], Stretch], *, sure: bool = False) -> Stretch | None:
    """A date without its year: the latest that has begun, or the first that has not ended, as the verbs around it say."""
    looks = here.looks(sure=sure)
    years = range(here.at.year, here.at.year - 9, -1) if looks < 0 else range(here.at.year, here.at.year + 9)
    for year in years if looks else ():
        try:
            found = on(year)
        except ValueError:  # 29 February
            continue
        if found.start <= here.at if looks < 0 else found.end > here.at:
            return found
    return None


def _date(got: Named, here: Here) -> Stretch | None:
    number, day, year = _month(got), int(got["day"] or 0), _year(got, here)
    if number in (3, 5) and (got["month"] or "").islower() and not got["ordinal"] and not year and _follows_noun(here):
        return None  # "you may 2 times"
    if year is not None:
        return calendar.date(year, number, day, here.at)
    if got.get("step"):
        return calendar.date(here.at.year + _step(got), number, day, here.at)
    return _bare_year(here, lambda year: calendar.date(year, number, day, here.at))


def _follows_noun(here: Here) -> bool:
    return bool(here.word_after) and here.word_after not in _CLAUSE_WORDS


def _day_range(got: Named, here: Here) -> Stretch | None:
    """ "3 to 7 May", "May 3-7"."""
    last = _date({**got, "day": got["last"]}, here)
    if last is None:
        return None
    first = last.start.replace(day=int(got["day"] or 0))
    return Stretch(first, last.end, Precision.DAY)


def _month_year(got: Named, here: Here) -> Stretch | None:
    year = _year(got, here)
    if year is None:
        year = here.at.year + _step(got)
    return calendar.month(year, _month(got), here.at)


_MONTH_NAMES_TOO = frozenset((4, 5, 6, 8))  # April, May, June, August: also people's names, and "may"


def _bare_month(got: Named, here: Here) -> Stretch | None:
    number, before = _month(got), (got["before"] or "").lower()
    word = got["month"] or ""
    if before in ("to", "for", "at", "on", "over") or here.text[here.end : here.end + 1] in ("'", "’", "-"):
        return None
    if word.islower() and (number in (3, 5) or len(word) == 3) and before not in ("in", "since", "during", "until"):
        return None
    if len(word) == 3 and number == 1 and before not in ("in", "since", "until", "during"):
        return None  # Jan is a name
    if number in _MONTH_NAMES_TOO and before in ("by", "from", "of"):
        return None
    after = here.word_after
    if number in _MONTH_NAMES_TOO and before not in ("in", "during", " ", "-") and (is_past(after) or after in ("has", "is", "will", "and")):
        return None
    return _bare_year(here, lambda year: calendar.month(year, number, here.at), sure=True)


def _step_month(got: Named, here: Here) -> Stretch | None:
    """ "last May" is the latest that has ended, "next May" the first to begin, "this May" this year's."""
    number, step = _month(got), _step(got)
    if (got["month"] or "").islower() and (number in (3, 5) or len(got["month"] or "") == 3) and step >= 0 and here.word_after in _MODAL:
        return None  # "this may be"
    return _stepped(step, here, lambda year: calendar.month(year, number, here.at))


_MODAL = frozenset("be have not well also take seem sound come help i you we he she it they on".split())  # noqa: SIM905


def _stepped(step: int, here: Here, on: Callable[[int], Stretch]) -> Stretch | None:
    if step < 0:
        return _first(on, range(here.at.year, here.at.year - 3, -1), lambda one: one.end <= here.at)
    if step > 0:
        return _first(on, range(here.at.year, here.at.year + 3), lambda one: one.start > here.at)
    this = _first(on, range(here.at.year - 1, here.at.year + 1), lambda one: one.start <= here.at < one.end) or on(here.at.year)
    if this.start > here.at and here.looks() < 0:  # "this summer was hot", said in spring
        return on(here.at.year - 1)
    if this.end <= here.at - timedelta(days=180) and here.looks() > 0:  # "this February" said in December
        return on(here.at.year + 1)
    return this


def _first(on: Callable[[int], Stretch], years: range, fits: Callable[[Stretch], bool]) -> Stretch | None:
    return next((found for found in map(on, (year for year in years if 1 <= year <= 9998)) if fits(found)), None)


def _season(got: Named, here: Here) -> Stretch | None:
    name, year = (got["season"] or "").lower(), _year(got, here)
    if year is not None:
        return calendar.season(year, name, here.at)
    if got.get("yearstep"):
        return calendar.season(here.at.year + _step({"step": got["yearstep"]}), name, here.at)
    if got.get("step"):
        return _stepped(_step(got), here, lambda year: calendar.season(year, name, here.at))
    return _bare_year(here, lambda year: calendar.season(year, name, here.at), sure=True)


def _holiday(got: Named, here: Here) -> Stretch | None:
    name, year = re.sub(r"\s+", " ", (got["holiday"] or "").lower().replace("’", "'")), _year(got, here)
    if here.word_after.rstrip("s") in _DECORATIONS or (name == "new year" and here.word_after in ("resolution", "resolutions")):
        return None
    if year is not None:
        return calendar.holiday(year, name, here.at)
    if not here.known:
        return None
    if got.get("yearstep"):
        return calendar.holiday(here.at.year + _step({"step": got["yearstep"]}), name, here.at)
    if got.get("step"):
        return _stepped(_step(got), here, lambda year: calendar.holiday(year, name, here.at))
    if name in ("new year", "new year's", "new years") and here.looks() < 0 and here.at.month == 12:
        return None  # "for New Year we went ..." said in December
    return _bare_year(here, lambda year: calendar.holiday(year, name, here.at))


_DECORATIONS = frozenset(
    "tree card present gift cookie shopping song carol sweater jumper decoration light market egg bunny costume movie film music party candy dinner".split()  # noqa: E501, SIM905
) - {"party", "dinner"}


def _whole_year(got: Named, here: Here) -> Stretch | None:
    after = here.word_after
    if after.endswith("s") and after not in ("was", "is", "has", "this", "as", "his", "its", "us", "plus", "yes"):
        return None  # "of 2000 euros"
    return None if after in ("people", "km", "m", "am", "pm", "kg", "percent", "words") else calendar.year(_year(got, here) or 0, here.at)


def _years(got: Named, here: Here) -> Stretch | None:
    return calendar.joined(calendar.year(int(got["first"] or 0), here.at), calendar.year(int(got["second"] or 0), here.at))


_TENS = {f"{word}ies": n for n, word in enumerate("twent thirt fort fift sixt sevent eight ninet".split(), 2)}  # noqa: SIM905


def _decade(got: Named, here: Here) -> Stretch | None:
    said = (got["decade"] or "").lower().strip("'’")
    if said in _TENS:
        said = f"{_TENS[said]}0s"
    year = int(said[:-1])
    if year < 100:
        year += here.at.year // 100 * 100
        year -= 100 if year > here.at.year else 0
    return calendar.unit("decade", calendar.midnight(here.at).replace(year=year, month=1, day=1))


# Counted from the moment it was said


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
    if said in _FEW:
        few = _FEW[said]
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
    if here.looks() <= 0 or here.word_after in ("or", "and") or _SAME_IN_THE_PAST.search(here.text, max(0, here.start - 48), here.start):
        return None
    return _ago(got, here, 1)


_SAME_IN_THE_PAST = re.compile(r"\b(?:read|cut|put|hit|quit|set|beat|shut|cost|spread)\b[^.!?]*$")  # "I read it in two weeks"


def _from_now(got: Named, here: Here) -> Stretch | None:
    return _ago(got, here, 1)


def _today_ago(got: Named, here: Here) -> Stretch | None:
    """ "a year ago today": the day, not the year."""
    return calendar.day(calendar.moved(here.at, (got["unit"] or "").lower(), -(count(got["n"]) or 1)))


def _last_few(got: Named, here: Here) -> Stretch | None:
    """ "the last three days": until the end of today; "the next two weeks" from today."""
    name, n = (got["unit"] or "").lower(), count(got.get("n") or "one") or _FEW.get((got.get("n") or "").lower())
    if n is None or name in ("minute", "hour"):
        return None
    today = calendar.day(here.at)
    if _step(got) > 0:
        return Stretch(today.start, calendar.midnight(calendar.moved(here.at, name, n)), _WIDER[name])
    return Stretch(calendar.midnight(calendar.moved(here.at, name, -n)), today.end, _WIDER[name])


def _relative_unit(got: Named, here: Here) -> Stretch | None:
    """ "last week", "earlier this month", "later this year"."""
    name, step = (got["unit"] or "").lower(), _step(got)
    if here.word_before in ("the", "your", "my", "our", "their", "his", "her") and (got["step"] or "").lower() not in ("coming", "past"):
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


def _relative_weekday(got: Named, here: Here) -> Stretch | None:
    step, wanted = _step(got), _weekday(got)
    if here.text[here.end : here.end + 1].isalnum():
        return None
    if step == 0 and got.get("step"):  # "this Friday": of this week, today included
        ahead = (wanted - here.at.weekday()) % 7
        if ahead and here.looks() < 0:
            return calendar.day(here.at, ahead - 7)
        return calendar.day(here.at, ahead)
    extra = 7 if got.get("again") else 0
    return calendar.day(here.at, _days_ahead(wanted, here) + extra if step > 0 else -_days_back(wanted, here) - extra)


def _days_ahead(wanted: int, here: Here) -> int:
    return (wanted - here.at.weekday() - 1) % 7 + 1


def _days_back(wanted: int, here: Here) -> int:
    return (here.at.weekday() - wanted - 1) % 7 + 1


def _bare_weekday(got: Named, here: Here) -> Stretch | None:
    """ "on Friday": the latest before that day or the first after it, as the verbs say; never "on Fridays", "Friday night football"."""
    if here.text[here.end : here.end + 1] in ("s", "-", "'", "’") or _HABIT_AFTER.match(here.text, here.end, here.end + 20):
        return None
    before = (got.get("before") or "").lower()
    if before in ("to", "for") and here.looks() > 0:
        return calendar.day(here.at, _days_ahead(_weekday(got), here))
    looks = -1 if before == "since" else here.looks()
    if not looks:
        return None
    return calendar.day(here.at, _days_ahead(_weekday(got), here) if looks > 0 else -_days_back(_weekday(got), here))


_HABIT_AFTER = re.compile(r"\s+(?:mornings|afternoons|evenings|nights|night (?:football|live|fever|lights)|roast|league|school|prayers|paper|papers|market|brunch|club)\b", re.IGNORECASE)


def _lone_weekday(got: Named, here: Here) -> Stretch | None:
    """ "We met Friday.": a weekday without a preposition, at the end of what is said or before a part of the day."""
    if here.word_before in _NOT_BEFORE or here.word_before in _DETERMINERS:
        return None
    return _bare_weekday(got, here)


_NOT_BEFORE = frozenset("happy black good every each on is it's was today palm easter ash super bloody cyber".split())  # noqa: SIM905
_DETERMINERS = frozenset("the a an that my your our his her their some any most all what which one of".split())  # noqa: SIM905


def _weekday_of_week(got: Named, here: Here) -> Stretch:
    """ "Friday of last week", "next week on Tuesday"."""
    monday = calendar.unit("week", calendar.moved(here.at, "week", _step(got))).start
    return calendar.day(monday, _weekday(got))


def _weekday_week(got: Named, here: Here) -> Stretch:
    """ "Friday week", "a week on Friday", "the Friday after next": a week behind the next one."""
    return calendar.day(here.at, _days_ahead(_weekday(got), here) + 7)


def _before_last(got: Named, here: Here) -> Stretch | None:
    """ "the week before last", "the summer after next"."""
    sign = -1 if (got["which"] or "").lower().startswith("before") else 1
    if got.get("weekday"):
        return calendar.day(here.at, 7 + _days_ahead(_weekday(got), here) if sign > 0 else -7 - _days_back(_weekday(got), here))
    if got.get("season"):
        name = (got["season"] or "").lower()
        near = _stepped(sign, here, lambda year: calendar.season(year, name, here.at))
        return None if near is None else calendar.season(near.start.year + sign, name, here.at)
    name = (got["unit"] or "").lower()
    return calendar.unit(name, calendar.moved(here.at, name, 2 * sign))


def _things_ago(got: Named, here: Here) -> Stretch | None:
    """ "two Fridays ago", "three summers ago"."""
    n = count(got["n"])
    if n is None:
        return None
    if got.get("weekday"):
        return calendar.day(here.at, -_days_back(_weekday(got), here) - 7 * (n - 1))
    name = (got["season"] or "").lower()
    near = _stepped(-1, here, lambda year: calendar.season(year, name, here.at))
    return None if near is None else calendar.season(near.start.year - n + 1, name, here.at)


def _day_of_month(got: Named, here: Here) -> Stretch | None:
    """ "on the 14th": the latest or the next, as the verbs say; "the 14th floor" is none."""
    day = int(got["day"] or 0)
    if got.get("step"):
        first = calendar.unit("month", calendar.moved(here.at, "month", _step(got))).start
        return calendar.day(first.replace(day=day))
    if _follows_noun(here) or not (looks := here.looks()):
        return None
    wanted = _weekday(got) if got.get("weekday") else None
    for n in range(24):
        first = calendar.unit("month", calendar.moved(here.at, "month", looks * n)).start
        try:
            found = calendar.day(first.replace(day=day))
        except ValueError:
            continue
        if (found.start <= here.at if looks < 0 else found.end > here.at) and wanted in (None, found.start.weekday()):
            return found
    return None


_CLAUSE_WORDS = frozenset(
    """at in and or we i you he she it they with to for from is was are were but so because when then if until till by my our there
    before after during this next last as that where who while instead though morning afternoon evening night not she's he's it's i'm
    i've i'll we'll we're works around about on or again too also please""".split()  # noqa: SIM905
)


def _nth(got: Named, here: Here) -> Stretch | None:
    """ "the second week of May", "the last Friday in June", "the first weekend of next month"."""
    if got["month"]:
        number, year = _month(got), _year(got, here)
        if year is not None:
            inside: Stretch | None = calendar.month(year, number, here.at)
        else:
            inside = _bare_year(here, lambda year: calendar.month(year, number, here.at)) if here.known else None
    else:
        if not here.known:
            return None
        name = (got["whole"] or "").lower()
        inside = calendar.unit(name, calendar.moved(here.at, name, _step(got)))
    if inside is None:
        return None
    nth = _ORDINALS[(got["nth"] or "").lower()]
    if got.get("weekday"):
        wanted = [one for n in range(31) if (one := calendar.day(inside.start, n)).start.weekday() == _weekday(got) and one.end <= inside.end]
        return wanted[nth] if -1 <= nth < len(wanted) else None
    match (got["unit"] or "").lower():
        case "weekend":
            saturdays = [one for n in range(31) if (one := calendar.day(inside.start, n)).start.weekday() == 5 and one.end <= inside.end]
            return calendar.unit("weekend", saturdays[nth].start) if nth < len(saturdays) else None
        case "week":  # seven days from the first; the last seven
            start = inside.end - timedelta(days=7) if nth < 0 else inside.start + timedelta(days=7 * nth)
            return calendar.days(start, 7, Precision.WEEK)
        case "day":
            return calendar.day(inside.end, -1) if nth < 0 else calendar.day(inside.start, nth)
    return None


_ORDINALS = {"first": 0, "1st": 0, "second": 1, "2nd": 1, "third": 2, "3rd": 2, "fourth": 3, "4th": 3, "last": -1}


def _this_time(got: Named, here: Here) -> Stretch:
    """ "this time last year": the week around that day."""
    at = calendar.moved(here.at, (got["unit"] or "").lower(), _step(got))
    return calendar.day(at) if (got["what"] or "").lower() == "day" else calendar.days(calendar.day(at, -3).start, 7, Precision.WEEK)


def _half(got: Named, here: Here) -> Stretch | None:
    """ "half an hour ago", "half a year ago", "in half an hour"."""
    sign = -1 if got.get("ago") is not None else 1
    if (got["unit"] or "").lower() == "hour":
        return _ago({"unit": "minute", "n": "30"}, here, sign)
    return _ago({"unit": "month", "n": "6"}, here, sign)


# The table

_W = frozenset(WEEKDAYS) | frozenset("mon tue tues wed thu thur thurs fri sat sun".split())  # noqa: SIM905
_M = frozenset(MONTHS) | frozenset(name[:3] for name in MONTHS) | {"sept"}
_S = frozenset(SEASONS) | {f"{name}s" for name in SEASONS} | {f"{name}time" for name in SEASONS}
_U = frozenset(f"{unit}{s}" for unit in "minute hour day night weekend week fortnight month year decade".split() for s in ("", "s"))  # noqa: SIM905
_H = frozenset("christmas xmas boxing year years valentine valentines halloween patrick bastille friday easter ash palm ascension pentecost whit corpus".split())  # noqa: E501, SIM905
_D = frozenset("yesterday today tonight tomorrow night morning afternoon evening day".split())  # noqa: SIM905
_T = frozenset(_TENS)
_DIGIT = _TENTHS


def _row(
    needs: frozenset[str], pattern: str, resolve: Callable[[Named, Here], Stretch | None], *, absolute: bool = False, also: str = ""
) -> Phrase:
    return Phrase((needs, frozenset(also.split())) if also else (needs,), re.compile(rf"(?<![\w-])(?:{pattern})(?!\w)", re.IGNORECASE), resolve, absolute)


_RELATIVE_YEAR = r"(?:of |in )?(?P<{}>last|this|next) year"
_OF_YEAR = _RELATIVE_YEAR.format("step")

PHRASES: tuple[Phrase, ...] = (
    _row(_DIGIT, r"(?<![/.])(?P<year>(?:1[6-9]|20)\d\d)[-/](?P<number>[01]?\d)[-/](?P<day>[0-3]?\d)(?:[T ](?P<hour>[0-2]\d):(?P<minute>[0-5]\d)(?::\d\d)?)?(?![-/\d])", _iso, absolute=True),  # noqa: E501
    _row(_DIGIT, r"(?P<year>(?:19|20)\d\d)-(?P<number>0[1-9]|1[0-2])(?P<day>)(?![-/\d])", _iso, absolute=True),
    _row(_DIGIT, r"(?<!\.)(?P<day>[0-3]?\d)\.\s?(?P<number>[01]?\d)\.\s?(?P<year>(?:19|20)\d\d)", _dotted, absolute=True),
    _row(_DIGIT, r"(?<!/)(?P<first>[0-3]?\d)/(?P<second>[0-3]?\d)/(?P<year>(?:19|20)\d\d)(?!/)", _slashed, absolute=True),
    _row(_M, rf"(?:{_WEEKDAY},? )?(?:the )?{_DAY} (?:day )?(?:of )?{_MONTH},? (?:of )?{_YEAR}", _date, absolute=True),
    _row(_M, rf"(?:{_WEEKDAY},? )?{_MONTH} (?:the )?{_DAY},? (?:of |in )?{_YEAR}", _date, absolute=True),
    _row(_M, rf"(?:{_WEEKDAY},? )?(?:the )?{_DAY} (?:of )?{_MONTH}(?: {_OF_YEAR})?", _date),
    _row(_M, rf"(?:{_WEEKDAY},? )?{_MONTH} (?:the )?{_DAY}(?: {_OF_YEAR})?(?![:.]\d|\s?%|\s?[ap]m\b)", _date),
    _row(_M, rf"(?:from |between )?(?:the )?{_DAY}\s?(?:-|–|to|until|and)\s?(?:the )?(?P<last>[0-3]?\d)(?:st|nd|rd|th)? (?:of )?{_MONTH}(?:,? {_YEAR})?", _day_range),  # noqa: E501
    _row(_M, rf"(?:from |between )?{_MONTH} {_DAY}\s?(?:-|–|to|until|and)\s?(?:the )?(?P<last>[0-3]?\d)(?:st|nd|rd|th)?(?:,? {_YEAR})?(?!:)", _day_range),  # noqa: E501
    _row(_M, rf"{_MONTH},? (?:of )?{_YEAR}", _month_year, absolute=True),
    _row(_M, rf"{_MONTH} {_OF_YEAR}", _month_year, also="last past previous this next coming"),
    _row(_M, rf"{_OF_YEAR},? (?:in|around) {_MONTH}", _month_year, also="last past previous this next coming"),
    _row(_M, rf"{_STEP} {_MONTH}", _step_month, also="last past previous this next coming"),
    _row(_M, rf"(?P<before>{_PREPOSITION}) (?:(?:early|late|mid|the (?:beginning|start|middle|end) of)[ -])?(?P<core>{_MONTH})", _bare_month),
    _row(_M, rf"(?:early|late|mid|the (?:beginning|start|middle|end) of)(?P<before>[ -])(?P<core>{_MONTH})", _bare_month),
    _row(_S, rf"(?:the )?{_SEASON},? (?:of |in )?{_YEAR}", _season, absolute=True),
    _row(_S, rf"{_STEP} {_SEASON}", _season, also="last past previous this next coming"),
    _row(_S, rf"{_SEASON} {_RELATIVE_YEAR.format('yearstep')}", _season, also="last past previous this next coming"),
    _row(_S, rf"(?:in|during|over|since|until|by|before|after) (?:(?:early|late) )?(?:the )?(?P<core>{_SEASON})(?! (?:\w+ ){{0,1}}(?:of|season|break|camp|term))", _season),  # noqa: E501
    _row(_H, rf"{_HOLIDAY},? (?:of |in )?{_YEAR}", _holiday, absolute=True),
    _row(_H, rf"{_STEP} {_HOLIDAY}", _holiday, also="last past previous this next coming"),
    _row(_H, rf"{_HOLIDAY} {_RELATIVE_YEAR.format('yearstep')}", _holiday, also="last past previous this next coming"),
    _row(_H, rf"{_PREPOSITION} (?:the )?(?P<core>{_HOLIDAY})", _holiday),
    _row(_H, r"(?P<holiday>christmas eve|christmas day|boxing day|new year['’]?s (?:eve|day)|valentine['’]?s day|easter (?:sunday|monday)|good friday)", _holiday),  # noqa: E501
    _row(_DIGIT, r"(?:in|during|since|of|by|before|after|until|till|around|circa|from|early|late|mid|through|back in)[ -](?:about |around |early |late |mid[ -])?(?P<core>(?P<year>(?:1[6-9]|20)\d\d))(?![-/,.:]\d|%)", _whole_year, absolute=True),  # noqa: E501
    _row(_DIGIT, r"(?:from |between )?(?P<first>(?:1[6-9]|20)\d\d)\s?(?:-|–|to|until|and)\s?(?P<second>(?:1[6-9]|20)\d\d)(?![-/\d])", _years, absolute=True),  # noqa: E501
    _row(_DIGIT | _T, rf"the (?P<core>(?P<decade>(?:19|20)\d0s|['’]?[2-9]0s|{'|'.join(_TENS)}))", _decade),
    _row(_D, r"(?P<said>the day before yesterday|day before yesterday|the day after tomorrow|day after tomorrow|earlier today|later today|yesterday|last night|today|tonight|tomorrow|this (?:morning|afternoon|evening)|the other day)(?!['’]s world)", _day_word),  # noqa: E501
    _row(_U, rf"(?:(?:about|around|almost|nearly|roughly|over|just over|under|more than|less than|like|some) )?{NUMBER} (?:(?:or|to|-) (?P<other>\w+) )?(?:and a half(?P<plus>) )?{UNIT}(?: and a half(?P<plus2>))? (?:ago|back)(?! (?:to|in|at|from))", _ago, also="ago back"),  # noqa: E501
    _row(_U, rf"{NUMBER} {UNIT} ago (?:today|to the day|tonight)", _today_ago, also="ago"),
    _row(_U, rf"(?P<ago>)half an? (?P<unit>hour|year) ago", _half, also="half"),
    _row(_U, rf"in half an? (?P<unit>hour)", _half, also="half"),
    _row(_U, rf"(?:in (?:about |around |just )?){NUMBER} {UNIT}(?:['’]s?)?(?: time)?", _in, also="in"),
    _row(_U, rf"{NUMBER} {UNIT} (?:from (?:now|today)|hence)", _from_now, also="from hence"),
    _row(_U, rf"(?:the |these |over |in |during |for |within )+(?P<step>last|past|previous|next|coming) {NUMBER} {UNIT}", _last_few, also="last past previous this next coming"),
    _row(_U, rf"(?P<step>last|past) {NUMBER} {UNIT}", _last_few, also="last past previous this next coming"),
    _row(_U, r"(?:over|in|during|for|within) the (?P<step>last|past) (?P<unit>week|month|year|decade)", _last_few, also="last past previous this next coming"),
    _row(_U, r"(?:the )?(?P<step>past) (?P<unit>week|month|year)", _last_few, also="past"),
    _row(_U, rf"(?:(?P<side>earlier|later) )?{_STEP} (?P<unit>weekend|week|month|year)", _relative_unit, also="last past previous this next coming"),
    _row(_W, rf"{_STEP} {_WEEKDAY}(?P<again> week)?", _relative_weekday, also="last past previous this next coming"),
    _row(_W, rf"(?P<before>on|by|until|till|before|after|since|for|from|to|between|and|through) (?P<core>{_WEEKDAY})", _bare_weekday),
    _row(_W, rf"(?-i:(?P<weekday>{'|'.join(day.capitalize() for day in WEEKDAYS)}))(?=[.,!?;:)]|\s*$|\s+(?:at|and|with|around|about|or)\b|\s+\d|\s*[-–]|\s+(?:morning|afternoon|evening|night)\b|,? in the)", _lone_weekday),  # noqa: E501
    _row(_W, rf"{_WEEKDAY}(?:,| of)? {_STEP} week", _weekday_of_week, also="last past previous this next coming"),
    _row(_W, rf"{_STEP} week(?:,| on)? {_WEEKDAY}", _weekday_of_week, also="last past previous this next coming"),
    _row(_W, rf"(?:(?:on )?{_WEEKDAY} week|a week on {_WEEKDAY.replace('<weekday>', '<weekday2>')})(?! (?:of|before|after))", lambda got, here: _weekday_week({"weekday": got["weekday"] or got["weekday2"]}, here), also="week"),  # noqa: E501
    _row(_W | _U | _S, rf"the (?:{_WEEKDAY}|{_SEASON}|(?P<unit>weekend|week|fortnight|month|year)) (?P<which>before last|after next)", _before_last, also="last past previous this next coming"),
    _row(frozenset(f"{name}s" for name in (*WEEKDAYS, *SEASONS)), rf"{NUMBER} (?:{_WEEKDAY}s|{_SEASON}s) ago", _things_ago, also="ago"),
    _row(_DIGIT, rf"(?:(?P<before>on|by|until|till|before|after|since|from|for|between|and|to) )(?P<core>(?:{_WEEKDAY},? )?the (?P<day>[0-3]?\d)(?:st|nd|rd|th))(?! (?:of|century))", _day_of_month),  # noqa: E501
    _row(_W, rf"{_WEEKDAY},? (?:the )?(?P<day>[0-3]?\d)(?:st|nd|rd|th)(?! (?:of|century))", _day_of_month),
    _row(_U, r"the (?P<day>[0-3]?\d)(?:st|nd|rd|th) of (?P<step>last|this|next) month", _day_of_month),
    _row(_U | _W, rf"the (?P<nth>first|second|third|fourth|last|1st|2nd|3rd|4th) (?:(?P<unit>weekend|week|day)|{_WEEKDAY}) (?:of|in) (?:{_MONTH}(?:,? (?:of )?{_YEAR})?|{_STEP} (?P<whole>month|year))", _nth, absolute=True, also="of in"),  # noqa: E501
    _row(_U, r"this (?P<what>time|day) (?P<step>last|next) (?P<unit>week|month|year)", _this_time, also="this"),
)  # fmt: skip

TRIGGERS: frozenset[str] = frozenset().union(*(phrase.needs[0] for phrase in PHRASES))
"""Lower-case words (and single digits) without which a text names no time."""
