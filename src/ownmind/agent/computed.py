"""What code works out before the model speaks: dates, ages, sums and units.

A small model counts badly (asked for 20 weeks it said 13, see dev/LOG.md), so every number about time or money that a
reply may need is computed here and shown to it as a line "computed: ...". Everything is pure: text and dates in,
text out. A relative date ("yesterday") belongs to the day it was said on, never to today.

Not covered: recurring dates, time zones inside a text, holidays that move, "the Friday after next".
"""

from __future__ import annotations

import ast
import math
import operator
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction

from dateutil.relativedelta import relativedelta

_MONTHS = ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"]
_MONTH_NUMBER = {name[:length]: number for number, name in enumerate(_MONTHS, 1) for length in (3, 4, len(name)) if name[:length]}
_DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_SMALL = {
    word: number
    for number, word in enumerate(
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
    )
} | {
    "a": 1,
    "an": 1,
}

_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\.?"
)
_ABSOLUTE = [
    re.compile(r"\b(?P<year>(?:19|20)\d\d)-(?P<monthnum>\d\d)-(?P<day>\d\d)\b"),
    re.compile(rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}(?:,?\s+(?P<year>(?:19|20)\d\d))?\b", re.IGNORECASE),
    re.compile(rf"\b{_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?!\s*%)(?:,?\s+(?P<year>(?:19|20)\d\d))?", re.IGNORECASE),
]
_NUMBER = r"(?P<number>\d{1,3}|a|an|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
_UNIT = r"(?P<unit>day|week|month|year)s?"
_RELATIVE = re.compile(
    r"\b(?:(?P<word>today|tonight|this morning|yesterday|last night|tomorrow|the day before yesterday|the day after tomorrow)"
    rf"|{_NUMBER}\s+{_UNIT}\s+ago|in\s+(?P<ahead>\d{{1,3}}|a|an|one|two|three|four|five|six|seven|eight|nine"
    rf"|ten)\s+(?P<aheadunit>day|week|month|year)s?"
    r"|(?P<which>last|next|this)\s+(?P<span>week|weekend|month|year|monday|tuesday|wednesday|thursday|friday|saturday|sunday))\b",
    re.IGNORECASE,
)
_WORD_DAYS = {
    "today": 0, "tonight": 0, "this morning": 0, "yesterday": -1, "last night": -1, "tomorrow": 1,
    "the day before yesterday": -2, "the day after tomorrow": 2,
}  # fmt: skip
_PAST = re.compile(r"\b(was|were|did|went|had|got|came|born|married|moved|started|bought|\w{3,}ed)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class When:
    """A date found in a text: the first day, the last day, the words, and whether the words named the year."""

    start: date
    end: date
    phrase: str
    at: int  # where the words begin
    has_year: bool = True


@dataclass(frozen=True, slots=True)
class Said:
    """A text with the day it was said or written; None when nobody knows."""

    text: str
    day: date | None


def day_in_words(day: date) -> str:
    """``12 April 2027``."""
    return f"{day.day} {_MONTHS[day.month - 1].capitalize()} {day.year}"


def dates_in(text: str, said: date | None) -> list[When]:
    """Every date the text names, in order. A relative one counts from ``said`` and is left out when that is unknown."""
    found: list[When] = []
    for pattern in _ABSOLUTE:
        for match in pattern.finditer(text):
            when = _absolute(match, text, said)
            if when and all(when.at + len(when.phrase) <= other.at or other.at + len(other.phrase) <= when.at for other in found):
                found.append(when)
    if said:
        found.extend(_relative(match, said) for match in _RELATIVE.finditer(text))
    return sorted(found, key=lambda when: when.at)


def resolve_relative(text: str, said: date | None) -> str:
    """The text with each relative date followed by the day it meant: ``yesterday [7 May 2026]``. Absolute dates stay as they are."""
    if not said:
        return text
    pieces, position = [], 0
    for match in _RELATIVE.finditer(text):
        when = _relative(match, said)
        words = day_in_words(when.start) if when.start == when.end else f"{day_in_words(when.start)} to {day_in_words(when.end)}"
        pieces.append(f"{text[position : match.end()]} [{words}]")
        position = match.end()
    return "".join([*pieces, text[position:]])


def computed(question: str, notes: Sequence[Said], now: datetime, *, most: int = 3) -> list[str]:
    """At most ``most`` plain sentences of facts worked out for this question, best first; often none."""
    lines = [*_arithmetic(question), *_conversions(question), *_today(question, now.date())]
    if _ASKS_TIME.search(question):
        lines += _distances(question, notes, now.date())
    if _ASKS_AGE.search(question):
        lines += _ages(notes, now.date())
    if _ASKS_SUM.search(question):
        lines += _sums(notes)
    return list(dict.fromkeys(lines))[:most]


def distance(day: date, today: date) -> str:
    """How far a day is from today, in days and, from two weeks on, in weeks or years: ``20 weeks and 1 day away (141 days)``."""
    days = (day - today).days
    match days:
        case 0:
            return "today"
        case 1:
            return "tomorrow"
        case -1:
            return "yesterday"
    tail = "away" if days > 0 else "ago"
    if abs(days) < 14:
        return f"{abs(days)} days {tail}"
    if abs(days) < 400:
        weeks, rest = divmod(abs(days), 7)
        return f"{weeks} weeks{' and ' + _count(rest, 'day') if rest else ''} {tail} ({abs(days)} days)"
    gap = relativedelta(max(day, today), min(day, today))
    return f"{_count(gap.years, 'year')}{' and ' + _count(gap.months, 'month') if gap.months else ''} {tail}"


def age(born: date, today: date) -> int:
    """Full years lived."""
    return relativedelta(today, born).years


# Dates


def _absolute(match: re.Match[str], text: str, said: date | None) -> When | None:
    groups = match.groupdict()
    month = int(groups["monthnum"]) if groups.get("monthnum") else _MONTH_NUMBER[groups["month"].lower()[:3]]
    year_text = groups.get("year")
    year = int(year_text) if year_text else _likely_year(month, int(groups["day"]), text, said)
    if year is None:
        return None
    try:
        day = date(year, month, int(groups["day"]))
    except ValueError:  # 31 June
        return None
    return When(day, day, match.group(0), match.start(), bool(year_text))


def _likely_year(month: int, day: int, text: str, said: date | None) -> int | None:
    """The year a bare "12 April" means: the last one in a sentence about the past, else the next one."""
    if not said:
        return None
    later = (month, day) >= (said.month, said.day)
    if _PAST.search(text):
        return said.year if (month, day) <= (said.month, said.day) else said.year - 1
    return said.year if later else said.year + 1


def _relative(match: re.Match[str], said: date) -> When:
    groups = {name: value.lower() for name, value in match.groupdict().items() if value}
    start, end = said, said
    if "word" in groups:
        start = end = said + timedelta(days=_WORD_DAYS[groups["word"]])
    elif "number" in groups:
        start = end = said - _gap(groups["number"], groups["unit"])
    elif "ahead" in groups:
        start = end = said + _gap(groups["ahead"], groups["aheadunit"])
    else:
        start, end = _named(groups["which"], groups["span"], said)
    return When(start, end, match.group(0), match.start())


def _gap(number: str, unit: str) -> relativedelta:
    count = int(number) if number.isdigit() else _SMALL[number]
    return relativedelta(days=count * {"day": 1, "week": 7}.get(unit, 0), months=count * {"month": 1, "year": 12}.get(unit, 0))


def _named(which: str, span: str, said: date) -> tuple[date, date]:
    """First and last day of "last week", "next month", "this Friday"."""
    step = {"last": -1, "this": 0, "next": 1}[which]
    monday = said - timedelta(days=said.weekday())
    if span == "week":
        start = monday + timedelta(weeks=step)
        return start, start + timedelta(days=6)
    if span == "weekend":
        start = monday + timedelta(days=5, weeks=step)
        return start, start + timedelta(days=1)
    if span == "month":
        start = said.replace(day=1) + relativedelta(months=step)
        return start, start + relativedelta(months=1, days=-1)
    if span == "year":
        return date(said.year + step, 1, 1), date(said.year + step, 12, 31)
    # As in memory/dates.py: "last Friday" is the latest before that day, "next Friday" the first after it.
    ahead = (_DAYS.index(span) - said.weekday()) % 7
    match which:
        case "last":
            day = said - timedelta(days=(said.weekday() - _DAYS.index(span)) % 7 or 7)
        case "this":
            day = said + timedelta(days=ahead)
        case _:
            day = said + timedelta(days=ahead or 7)
    return day, day


_ASKS_TIME = re.compile(
    r"\b(when|how (?:long|many (?:days|weeks|months|years)|much (?:longer|time)|far (?:off|away)|soon)|until|since|days? (?:left|to go)|"
    r"weeks? (?:left|to go)|countdown|what (?:day|date)|which (?:day|date)|ready|in time|deadline|due|plan|schedule|training)\b",
    re.IGNORECASE,
)
_ASKS_AGE = re.compile(r"\b(how old|what age|age (?:am|is)|turn(?:s|ing)?\b.{0,20}\b(?:this|next|year))", re.IGNORECASE)
_ASKS_SUM = re.compile(
    r"\b(total|altogether|in all|sum|how much (?:have|did|do) (?:i|we)\b.*\b(?:spen[dt]|pa(?:y|id)|cost|owe))", re.IGNORECASE
)
_ASKS_TODAY = re.compile(
    r"\b(?:what(?:'s| is| day is| date is)?\s*(?:it\s*)?(?:the\s+)?(?:date|day|year|month)?\s*(?:is it\s*)?(?:today|now)"
    r"|today'?s date|what day is it)\b",
    re.IGNORECASE,
)
_BORN = re.compile(r"\bborn\b|\bbirth ?day\b|\bdate of birth\b", re.IGNORECASE)


def _today(question: str, today: date) -> Iterator[str]:
    if _ASKS_TODAY.search(question):
        yield f"today is {_DAYS[today.weekday()].capitalize()}, {day_in_words(today)}."


def _distances(question: str, notes: Sequence[Said], today: date) -> Iterator[str]:
    """How far each date is that the question or the notes name, counted from today."""
    seen: set[date] = set()
    texts = [Said(question, today), *notes]
    for index, said in enumerate(texts):
        for when in dates_in(said.text, said.day or today):
            day = when.start
            if not when.has_year and _BORN.search(said.text):  # a birthday comes every year
                day = date(today.year, day.month, min(day.day, 28) if day.month == 2 else day.day)
                day = day if day >= today else day + relativedelta(years=1)
            if day in seen or (index and when.start != when.end):
                continue
            seen.add(day)
            yield f"{day_in_words(day)} is a {_DAYS[day.weekday()].capitalize()}, {distance(day, today)}."


def _ages(notes: Sequence[Said], today: date) -> Iterator[str]:
    for said in notes:
        if not re.search(r"\bborn\b|date of birth", said.text, re.IGNORECASE):
            continue
        for when in dates_in(said.text, said.day):
            if when.has_year and when.start < today:
                yield f"born on {day_in_words(when.start)} means {age(when.start, today)} years old today."
        for match in re.finditer(r"\bborn in ((?:19|20)\d\d)\b", said.text):
            years = today.year - int(match.group(1))
            yield f"born in {match.group(1)} means {years - 1} or {years} years old."


_MONEY = re.compile(
    r"(?P<sign>[$€£])\s?(?P<a>\d[\d,]*(?:\.\d\d?)?)|(?P<b>\d[\d,]*(?:\.\d\d?)?)\s?(?P<word>euros?|eur|pounds?|quid|dollars?"
    r"|usd|gbp|€|£|\$)",
    re.IGNORECASE,
)
_CURRENCY = {"$": "dollars", "€": "euros", "£": "pounds", "eur": "euros", "quid": "pounds", "usd": "dollars", "gbp": "pounds"}


def _sums(notes: Sequence[Said]) -> Iterator[str]:
    """The amounts of money in the notes and their total, a currency at a time."""
    amounts: dict[str, list[Fraction]] = {}
    for said in notes:
        for match in _MONEY.finditer(said.text):
            name = (match.group("sign") or match.group("word")).lower()
            name = _CURRENCY.get(name, _CURRENCY.get(name.rstrip("s"), name if name.endswith("s") else name + "s"))
            amounts.setdefault(name, []).append(Fraction((match.group("a") or match.group("b")).replace(",", "")))
    for name, values in amounts.items():
        if len(values) > 1:
            yield f"the amounts in the notes are {', '.join(map(_plain, values))}; together {_plain(sum(values, Fraction(0)))} {name}."


# Arithmetic

_SPOKEN = [
    (re.compile(r"\s+(?:times|multiplied by)\s+"), " * "),
    (re.compile(r"\s+(?:plus)\s+"), " + "), (re.compile(r"\s+(?:minus|less)\s+"), " - "),
    (re.compile(r"\s+(?:divided by|over)\s+"), " / "), (re.compile(r"(\d+(?:\.\d+)?)\s*(?:%|percent|per cent)\s+of\s+"), r"(\1 / 100) * "),
    (re.compile(r"(?<=\d),(?=\d{3}\b)"), ""),
    (re.compile(r"[×x](?=\s*\d)"), "*"), (re.compile("÷"), "/"), (re.compile("−"), "-"), (re.compile(r"\^"), "**"),
]  # fmt: skip
_SUM_TEXT = re.compile(r"[(\d][\d\s.()*/+\-]*[*/+\-][\d\s.()*/+\-]*[\d)]")
_OPERATORS: dict[type[ast.operator], Callable[[Fraction, Fraction], Fraction]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
}  # fmt: skip


def _arithmetic(question: str) -> Iterator[str]:
    """Each sum written in the question, with its value."""
    text = question[:500].lower()
    for pattern, replacement in _SPOKEN:
        text = pattern.sub(replacement, text)
    for match in _SUM_TEXT.finditer(text):
        written = match.group(0).strip()
        if re.fullmatch(r"[\d\s\-/.]+", written) and not re.search(r"\s[-/]\s|\d\s*/\s*\d+$", written):
            continue  # a telephone number or a date, not a sum
        try:
            value = _value(ast.parse(written, mode="eval").body)
        except (SyntaxError, ValueError, ZeroDivisionError, RecursionError):
            continue
        yield f"{re.sub(r'[()]', '', written) if '/ 100)' in written else written} = {_plain(value)}."


def _value(node: ast.expr) -> Fraction:
    match node:
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            return Fraction(str(number))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_value(operand)
        case ast.BinOp(left=left, op=ast.Pow(), right=right):
            exponent = _value(right)
            if exponent.denominator != 1 or not 0 <= exponent <= 20:
                raise ValueError("exponent out of range")
            return _value(left) ** int(exponent)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
            return _OPERATORS[type(op)](_value(left), _value(right))
        case _:
            raise ValueError("not a sum")


# Units: to the base unit of each dimension (m, kg, l, km/h)

_UNITS: dict[str, tuple[str, float]] = {}
for _dimension, _names in {
    "length": (
        "mm millimetre millimeter=.001 cm centimetre centimeter=.01 m metre meter=1 km kilometre kilometer kilometres=1000 in "
        "inch inches=.0254 ft foot feet=.3048 yd yard=.9144 mi mile=1609.344"
    ),
    "mass": "g gram=.001 kg kilo kilogram=1 oz ounce=.028349523125 lb lbs pound=.45359237 st stone=6.35029318",
    "volume": "ml millilitre milliliter=.001 l litre liter=1 cup=.2365882365 pint=.473176473 gallon=3.785411784",
    "speed": "km/h kmh kph=1 mph=1.609344",
    "duration": "second=1 minute=60 hour=3600 day=86400 week=604800",
}.items():
    _pending: list[str] = []
    for _token in _names.split():
        _name, _, _factor = _token.partition("=")
        _pending.append(_name)
        if _factor:
            _UNITS.update(
                {name: (_dimension, float(_factor)) for name in _pending} | {f"{name}s": (_dimension, float(_factor)) for name in _pending}
            )
            _pending = []
_UNIT_NAME = "|".join(sorted(map(re.escape, _UNITS), key=len, reverse=True))
_CONVERT = re.compile(
    rf"(?P<amount>\d[\d,]*(?:\.\d+)?)\s*(?P<from>{_UNIT_NAME})\b\s+(?:in|to|into|as)\s+(?P<to>{_UNIT_NAME})\b"
    rf"|how many (?P<to2>{_UNIT_NAME})\b.{{0,20}}?(?P<amount2>\d[\d,]*(?:\.\d+)?|\ban?|\bone)\s*(?P<from2>{_UNIT_NAME})\b",
    re.IGNORECASE,
)
_DEGREES = re.compile(
    r"(?P<amount>-?\d+(?:\.\d+)?)\s*(?:°|degrees?)?\s*(?P<from>c|f|celsius|fahrenheit)\b\s+(?:in|to|into|as)\s+(?:°"
    r"|degrees?)?\s*(?P<to>c|f|celsius|fahrenheit)\b",
    re.IGNORECASE,
)


def _conversions(question: str) -> Iterator[str]:
    for match in _CONVERT.finditer(question[:500]):
        amount = match.group("amount") or match.group("amount2")
        source, target = (match.group("from") or match.group("from2")).lower(), (match.group("to") or match.group("to2")).lower()
        (dimension, size), (other, unit) = _UNITS[source], _UNITS[target]
        if dimension != other:
            continue
        number = float(_SMALL.get(amount.lower(), 0) or amount.replace(",", ""))
        yield f"{amount} {source} = {_rounded(number * size / unit)} {target}."
    for match in _DEGREES.finditer(question[:500]):
        number, source, target = float(match.group("amount")), match.group("from")[0].upper(), match.group("to")[0].upper()
        if source != target:
            yield (
                f"{match.group('amount')} °{source} = {_rounded(number * 9 / 5 + 32 if source == 'C' else (number - 32) * 5 / 9)} "
                f"°{target}."
            )


def _rounded(value: float) -> str:
    """Four significant digits, without a tail of zeros."""
    if value == 0 or not math.isfinite(value):
        return "0"
    places = max(0, 3 - math.floor(math.log10(abs(value))))
    text = f"{value:,.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _plain(value: Fraction) -> str:
    if value.denominator == 1:
        return f"{value.numerator:,}" if abs(value.numerator) < 10**15 else f"{float(value):.6g}"
    return f"{float(value):,.2f}" if 100 % value.denominator == 0 else f"{float(value):.6g}"


def _count(number: int, unit: str) -> str:
    return f"{number} {unit}{'' if number == 1 else 's'}"
