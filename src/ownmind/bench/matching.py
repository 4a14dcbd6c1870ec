"""Whether a reply says a known answer. Pure, strict: a paraphrase does not count, a date only when it is the same stretch of time.

An answer that names a time ("the Friday before 15 July 2023", "May 2023") is compared as a time with what the reply names: the same day,
or the same week, month or year by more than half; a reply may be finer than the answer, never coarser. Any other answer is compared
by words of substance and numbers, whatever their form and order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from ..memory.calendar import MONTHS, WEEKDAYS
from ..memory.times import mentions
from ..memory.words import STOP, contains_words, words
from ..store.search import stems


def says(reply: str, answer: str) -> float:
    """The share of the answer that the reply says, 0..1; 1 when it says all of it. A wrong date is never 1."""
    wanted = _substance(answer)
    share = len(wanted & _substance(reply)) / len(wanted) if wanted else 0.0
    times = list(_times(answer))
    if times and _is_only_a_time(answer, times):
        said = list(_times(reply))
        places = {one.at for one in times}  # of "the week before 9 August" two readings stand in one place
        same = {one.at for one in times if any(_is_same(one, other) for other in said)}
        return 1.0 if same == places else min(share, 0.5)
    return 1.0 if contains_words(reply, answer) else share


@dataclass(frozen=True, slots=True)
class _Time:
    """Days of ``[first, last]`` that ``text[at:end]`` names."""

    first: date
    last: date
    at: int
    end: int

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


def _is_same(answer: _Time, said: _Time) -> bool:
    """Whether what was said is no coarser than the answer and lies in it by more than half."""
    common = (min(answer.last, said.last) - max(answer.first, said.first)).days + 1
    return said.days <= max(answer.days, 1) * 1.1 + (0 if answer.days == 1 else 1) and 2 * common > said.days


_MONTH = "|".join(MONTHS)
_DAY = "|".join(WEEKDAYS)
_BEFORE = re.compile(
    rf"\b(?:the )?(?P<what>week|weekend|{_DAY}) (?P<way>before|after) (?P<day>\d{{1,2}}(?:st|nd|rd|th)?,? (?:{_MONTH}),? \d{{4}})",
    re.IGNORECASE,
)
_RANGE = re.compile(
    rf"\b(?P<first>\d{{1,2}})(?P<month> (?:{_MONTH}))?(?: to | until |-|–)(?P<last>\d{{1,2}} (?:{_MONTH}),? (?P<year>\d{{4}}))",
    re.IGNORECASE,
)
_YEAR = re.compile(r"^\W*(?:in |since )?((?:19|20)\d\d)\W*$", re.IGNORECASE)


def _times(text: str) -> Iterator[_Time]:
    """Every time ``text`` names by itself, "last week" not among them."""
    text = _tidied(text)
    if year := _YEAR.match(text):
        yield _Time(date(int(year[1]), 1, 1), date(int(year[1]), 12, 31), 0, len(text))
        return
    taken: list[tuple[int, int]] = []
    for read, pattern in ((_before, _BEFORE), (_range, _RANGE)):
        for match in pattern.finditer(text):
            for first, last in read(match):
                taken.append(match.span())
                yield _Time(first, last, *match.span())
    for one in mentions(text, None):
        if not any(at < one.span.end and one.span.start < end for at, end in taken):
            yield _Time(one.start.date(), (one.end - timedelta(microseconds=1)).date(), one.span.start, one.span.end)


def _tidied(text: str) -> str:
    """``14August``, ``3` July`` and ``April.2023`` as people mean them."""
    text = re.sub(rf"(?<=\d)[`'’]?\s*(?=(?:{_MONTH})\b)", " ", text, flags=re.IGNORECASE)
    return re.sub(rf"\b({_MONTH})[.,]\s*(?=\d{{4}})", r"\1 ", text, flags=re.IGNORECASE)


def _before(match: re.Match[str]) -> list[tuple[date, date]]:
    """The day or weekend; "the week before" a day is the seven days or the calendar week, for nobody can tell which was meant."""
    day = next((one.start.date() for one in mentions(match["day"], None)), None)
    if day is None:
        return []
    step = timedelta(days=-1 if match["way"].lower() == "before" else 1)
    what = match["what"].lower()
    if what == "week":
        monday = day - timedelta(days=day.weekday()) + 7 * step
        ends = sorted((day + step, day + 7 * step))
        return [(ends[0], ends[1]), (monday, monday + timedelta(days=6))]
    found = day + step
    while found.weekday() != WEEKDAYS.index("saturday" if what == "weekend" else what):
        found += step
    return [(found, found + timedelta(days=1 if what == "weekend" else 0))]


def _range(match: re.Match[str]) -> list[tuple[date, date]]:
    last = next((one.start.date() for one in mentions(match["last"], None)), None)
    if last is None:
        return []
    month = MONTHS.index(match["month"].strip().lower()) + 1 if match["month"] else last.month
    try:
        first = date(last.year - (month > last.month), month, int(match["first"]))
    except ValueError:
        return []
    return [(first, last)] if first < last else []


def _is_only_a_time(answer: str, times: list[_Time]) -> bool:
    """Whether nothing of substance is left of the answer without the times it names."""
    text = _tidied(answer)
    for at, end in sorted({(one.at, one.end) for one in times}, reverse=True):
        text = f"{text[:at]} {text[end:]}"
    return not [word for word in words(text) if word not in STOP and word not in {"since", "around", "early", "late", "day"}]


_COUNTED = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
nineteen twenty""".split()  # noqa: SIM905  # reads better
_NUMBERS = {word: str(n) for n, word in enumerate(_COUNTED)}
_NUMBERS |= {"once": "1", "twice": "2", "thrice": "3", "thirty": "30", "forty": "40", "fifty": "50", "hundred": "100"}


def _substance(text: str) -> set[str]:
    text = re.sub(r"(?<=\d),(?=\d{3}\b)", "", text)
    content = [_NUMBERS.get(word, word) for word in words(text)]
    return set(stems([word for word in content if word not in STOP])) or set(content)
