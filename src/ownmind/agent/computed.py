"""What code works out before the model speaks: dates, ages, sums and units.

A small model counts badly (asked for 20 weeks it said 13, see dev/LOG.md), so every number about time or money that a
reply may need is computed here and shown to it as a line "computed: ...". Everything is pure: text and dates in,
text out. A relative date ("yesterday") belongs to the day it was said on, never to today (memory/times.py).
"""

from __future__ import annotations

import ast
import math
import operator
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction

from dateutil.relativedelta import relativedelta

from ..memory.calendar import WEEKDAYS, Precision
from ..memory.calendar import day_in_words as day_in_words  # the words for a day, for whoever shows one
from ..memory.times import Mention, in_words, mentions

_SMALL = {
    word: number
    for number, word in enumerate(
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
    )
} | {
    "a": 1,
    "an": 1,
}


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


def dates_in(text: str, said: date | None) -> list[When]:
    """Every date the text names, in order. A relative one counts from ``said`` and is left out when that is unknown."""
    return [
        When(
            one.start.date(),
            one.start.date() if one.precision is Precision.HOUR else (one.end - timedelta(microseconds=1)).date(),
            text[one.span.start : one.span.end],
            one.span.start,
            _has_year(text, one),
        )
        for one in mentions(text, _noon(said))
    ]


def resolve_relative(text: str, said: date | None) -> str:
    """The text with each date that does not name its year followed by the time it meant: ``yesterday [7 May 2026]``."""
    if not said:
        return text
    pieces, position = [], 0
    for one in mentions(text, _noon(said)):
        if not _has_year(text, one):
            pieces.append(f"{text[position : one.span.end]} [{in_words(one.start, one.end, one.precision)}]")
            position = one.span.end
    return "".join([*pieces, text[position:]])


def _noon(said: date | None) -> datetime | None:
    return None if said is None else datetime.combine(said, time(12), UTC)


def _has_year(text: str, one: Mention) -> bool:
    return re.search(r"\d{4}", text[one.span.start : one.span.end]) is not None


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
        yield f"today is {WEEKDAYS[today.weekday()].capitalize()}, {day_in_words(today)}."


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
            yield f"{day_in_words(day)} is a {WEEKDAYS[day.weekday()].capitalize()}, {distance(day, today)}."


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
