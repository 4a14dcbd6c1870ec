"""What the tables of phrases are made of: the words for numbers, units, months and days, and where a phrase stands."""

# ruff: noqa: E501  # a pattern reads best on one line

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from .. import calendar
from ..calendar import MONTHS, SEASONS, WEEKDAYS, Stretch
from ..tense import Tense, speaks_of_the_past, tense

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
        if not self.known or found in (Tense.HABIT, Tense.UNCLEAR):
            return 0
        if found is Tense.PRESENT and sure and self.silent is Tense.PAST:
            return -1  # a question: "who is the friend from May?"
        if found is Tense.SILENT and self.silent is Tense.PAST:
            return -1
        if found is Tense.SILENT:  # "dentist on Friday" is to come; "first prize on Friday. I never expected it" is not
            return 0 if sure or (not self._is_asked and speaks_of_the_past(self.text, self.start)) else 1
        return -1 if found is Tense.PAST else 1

    @property
    def _is_asked(self) -> bool:
        return _ASKED.match(self.text, self.end, self.end + 80) is not None

    @property
    def word_before(self) -> str:
        return _LAST_WORD.search(self.text, max(0, self.start - 24), self.start)["word"].lower()  # type: ignore[index]  # matches anything

    @property
    def word_after(self) -> str:
        return _FIRST_WORD.match(self.text, self.end, self.end + 24)["word"].lower()  # type: ignore[index]  # matches anything


_ASKED = re.compile(r"[^.!?\n]*\?")
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

NUMBERS = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty".split()  # noqa: SIM905
_NUMBER_OF = {word: n for n, word in enumerate(NUMBERS)} | {"a": 1, "an": 1, "thirty": 30, "forty": 40, "fifty": 50}
FEW = {"a couple": 2, "a couple of": 2, "couple of": 2, "a few": 3, "few": 3, "several": 4}
DIGITS = frozenset("0123456789")

MONTH = r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
DAY = r"(?P<day>[0-3]?\d)(?P<ordinal>st|nd|rd|th)?"
YEAR = r"(?P<year>(?:1[6-9]|20)\d\d|['’]\d\d)"
WEEKDAY = rf"(?P<weekday>{'|'.join(WEEKDAYS)}|(?-i:Mon|Tues?|Wed|Thu(?:rs?)?|Fri|Sat|Sun)\b\.?)"
SEASON = r"(?P<season>spring|summer|autumn|fall|winter)(?:time)?"
HOLIDAY = (
    "(?P<holiday>"
    + "|".join(
        re.escape(name).replace("'", "['’]")
        for name in sorted((*calendar.FIXED_HOLIDAYS, *calendar.MOVABLE_HOLIDAYS), key=len, reverse=True)
    )
    + ")"
)
STEP = r"(?P<step>last|this past|this coming|past|previous|this|next|coming)"
NUMBER = r"(?P<n>\d{1,3}|a couple of|a couple|couple of|a few|few|several|" + "|".join(sorted(_NUMBER_OF, key=len, reverse=True)) + r")\b"
UNIT = r"(?P<unit>minute|hour|day|night|weekend|week|fortnight|month|year|decade)s?\b"
PREPOSITION = r"(?:in|during|since|by|before|after|until|till|around|through|throughout|from|of|for|to|over|at|on)"
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


def month_of(got: Named) -> int:
    said = (got["month"] or "").lower()[:3]
    return next(n for n, name in enumerate(MONTHS, 1) if name.startswith(said))


def year_of(got: Named, here: Here) -> int | None:
    said = got.get("year")
    if not said:
        return None
    if said[0].isdigit():
        return int(said)
    short = int(said[1:]) + here.at.year // 100 * 100  # '69 said in 2023 is 1969
    return short if short <= here.at.year + 10 else short - 100


def step_of(got: Named) -> int:
    said = (got.get("step") or "").lower()
    return -1 if said in ("last", "past", "previous", "this past") else 1 if said in ("next", "coming", "this coming") else 0


def weekday_of(got: Named) -> int:
    said = (got["weekday"] or "").lower()[:3]
    return next(n for n, name in enumerate(WEEKDAYS) if name.startswith(said))


# Which words must be there

WEEKDAY_WORDS = frozenset(WEEKDAYS) | frozenset("mon tue tues wed thu thur thurs fri sat sun".split())  # noqa: SIM905
MONTH_WORDS = frozenset(MONTHS) | frozenset(name[:3] for name in MONTHS) | {"sept"}
SEASON_WORDS = frozenset(SEASONS) | {f"{name}s" for name in SEASONS} | {f"{name}time" for name in SEASONS}
UNIT_WORDS = frozenset(f"{unit}{s}" for unit in "minute hour day night weekend week fortnight month year decade".split() for s in ("", "s"))  # noqa: SIM905
HOLIDAY_WORDS = frozenset(
    [
        "christmas",
        "xmas",
        "boxing",
        "year",
        "years",
        "valentine",
        "valentines",
        "halloween",
        "patrick",
        "bastille",
        "friday",
        "easter",
        "ash",
        "palm",
        "ascension",
        "pentecost",
        "whit",
        "corpus",
    ]
)
DAY_WORDS = frozenset("yesterday today tonight tomorrow night morning afternoon evening day".split())  # noqa: SIM905
STEPS = "last past previous this next coming"


def row(
    needs: frozenset[str], pattern: str, resolve: Callable[[Named, Here], Stretch | None], *, absolute: bool = False, also: str = ""
) -> Phrase:
    return Phrase(
        (needs, frozenset(also.split())) if also else (needs,),
        re.compile(rf"(?<![\w-])(?:{pattern})(?!\w)", re.IGNORECASE),
        resolve,
        absolute,
    )


RELATIVE_YEAR = r"(?:of |in )?(?P<{}>last|this|next) year"
OF_YEAR = RELATIVE_YEAR.format("step")


def follows_noun(here: Here) -> bool:
    return bool(here.word_after) and here.word_after not in _CLAUSE_WORDS


_CLAUSE_WORDS = frozenset(
    """at in and or we i you he she it they with to for from is was are were but so because when then if until till by my our there
    before after during this next last as that where who while instead though morning afternoon evening night not she's he's it's i'm
    i've i'll we'll we're works around about on or again too also please""".split()  # noqa: SIM905
)
