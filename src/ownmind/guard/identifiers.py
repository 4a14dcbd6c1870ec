"""Typed identifiers: which of them a text names, and when a value is the very one that was named.

A value is bound to the person's request only by the same type and as a whole token, both in one normal form: "GB29 NWBK 6016 1331 9268
19" names the account GB29NWBK60161331926819, and "1. Please show" names no number. What is short, or an ordinary word that nobody
quoted, names nothing: a literal of two letters stands by chance in any request.

Dates are read in their written-out forms only. "Tomorrow" needs a clock and a zone, and a guard that guesses is none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from ..memory.words import STOP
from ..messages import Span
from .labels import Type, Value

# Every repetition is bounded: these run over what strangers wrote, and an unbounded one takes the square of a text's length.
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?\b")
# A host in lower case, so that a sentence that follows without a blank ("at example.com.They sent") is no part of it.
_URL = re.compile(r"\b(?:[a-z][a-z0-9+.-]{1,15}://[^\s<>\"')\]]+|(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24}\b(?:/[^\s<>\"')\]]*)?)")
_PHONE = re.compile(r"(?<![\w.])\+?\d[\d ()/-]{6,18}\d(?!\w|\.\w)")
_NUMBER = re.compile(r"(?<![\w.,])[-+]?\d{1,3}(?:,\d{3})+(?:\.\d+)?|(?<![\w.,])[-+]?\d+(?:\.\d+)?(?![\w@])")
_MONTHS = "january february march april may june july august september october november december".split()  # noqa: SIM905
_MONTH = "(" + "|".join(f"{month[:3]}(?:{month[3:]})?" if len(month) > 3 else month for month in _MONTHS) + r")\.?"
_DATES = (
    re.compile(r"\b(?P<y>\d{4})-(?P<n>\d{2})-(?P<d>\d{2})(?!\d)"),
    re.compile(rf"\b(?P<m>{_MONTH})\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s+(?P<y>\d{{4}}))?", re.IGNORECASE),
    re.compile(rf"\b(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<m>{_MONTH})\b(?:,?\s+(?P<y>\d{{4}}))?", re.IGNORECASE),
)
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}(?:[ T]\d{2}:\d{2}(?::\d{2})?)?")
_QUOTED = re.compile(r"(?<!\w)(['\"‘“])(?P<text>[^\n]*?)['\"’”](?!\w)")
_LEAST = 3  # characters: what is shorter stands in any text by chance
# "1234 Elm Street, New York, NY 10001": numbers of a house and a town are no amounts.
_PLACE = re.compile(
    r"\b\d{1,6}[a-z]?\s+(?:[A-Z][\w.'’-]{0,30}\s+){1,3}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Way|Square|Boulevard|Blvd|Court|Ct)\b"
    r"|\b[A-Z]{2}\s+\d{5}(?:-\d{4})?\b"
)
_MARKER = re.compile(r"(?:(?<=\s)|^)\d{1,2}[.)]\s")  # "1. Please show": the number of a list's line

# A text carries these out or asks somebody to act on them.
_CARRIED = ((Type.EMAIL, _EMAIL), (Type.IBAN, _IBAN), (Type.URL, _URL), (Type.PHONE, _PHONE))


@dataclass(frozen=True, slots=True)
class Found:
    """An identifier in a text, in its normal form."""

    type: Type
    normal: str
    span: Span


def normal(kind: Type, data: object) -> str:
    """One form for all ways to write the same identifier."""
    text = str(data).strip()
    match kind:
        case Type.EMAIL:
            return text.casefold()
        case Type.IBAN:
            return re.sub(r"[\s-]", "", text).upper()
        case Type.PHONE:
            return re.sub(r"[^\d+]", "", text)
        case Type.URL:
            return _normal_url(text)
        case Type.NUMBER:
            return _normal_number(text)
        case Type.BOOL:
            return text.casefold()
        case Type.NAME | Type.OBJECT:
            return text
        case _:
            return " ".join(text.split()).strip(" .!?'\"").casefold()


def found(text: str) -> tuple[Found, ...]:
    """Every address, account, link and phone number in ``text``, in its order, none inside another."""
    taken: list[Found] = []
    for kind, pattern in _CARRIED:
        for match in pattern.finditer(text):
            span = Span(match.start(), match.end())
            if kind is Type.PHONE and dates(match[0]):
                continue
            if all(span.end <= one.span.start or span.start >= one.span.end for one in taken):
                taken.append(Found(kind, normal(kind, match[0].rstrip(".,;:!?")), span))
    return tuple(sorted(taken, key=lambda one: one.span.start))


def is_named(request: str, value: Value) -> bool:
    """Whether ``request`` names this very value: the same type, a whole token, long enough to be no accident."""
    wanted = normal(value.type, value.data)
    match value.type:
        case Type.EMAIL | Type.IBAN | Type.URL | Type.PHONE:
            return any(one.type is value.type and one.normal == wanted for one in found(request))
        case Type.NUMBER:
            return wanted in _numbers(request)
        case Type.DATE | Type.TIME:
            return is_dated(request, str(value.data))
        case Type.NAME | Type.OBJECT:
            return _is_name_in(request, wanted)
        case Type.TEXT:
            return is_said(request, str(value.data)) and (_is_quoted(request, wanted) or _is_proper(str(value.data), request))
        case _:
            return False


def is_said(request: str, text: str) -> bool:
    """Whether these very words stand in ``request``: two or more of them, or a quoted one. Case, blanks and the full stop aside."""
    words = normal(Type.TEXT, text)
    if len(words) < _LEAST:
        return False
    if _is_quoted(request, words):
        return True
    return len(words.split()) > 1 and _has_token(normal(Type.TEXT, request), words)


def has_word(request: str, words: str) -> bool:
    """Whether a word or phrase stands in ``request`` as a whole, whatever its case."""
    return bool(words.strip()) and _has_token(request.casefold(), words.casefold().strip())


def quoted(request: str) -> tuple[str, ...]:
    """What stands in quotation marks."""
    return tuple(match["text"] for match in _QUOTED.finditer(request))


def dates(text: str) -> frozenset[tuple[int, int, int]]:
    """The days a text names, as (year, month, day); year 0 where it says none."""
    named = set()
    for pattern in _DATES:
        for match in pattern.finditer(text):
            groups = match.groupdict()
            month = int(groups["n"]) if groups.get("n") else _month(groups["m"])
            named.add((int(groups["y"] or 0), month, int(groups["d"])))
    return frozenset(named)


def month_named(text: str) -> int | None:
    """The one month a text speaks of, by its name with a capital ("March"); None where it names none, or several."""
    named = {number for number, month in enumerate(_MONTHS, 1) if _has_token(text, month.title())}
    return named.pop() if len(named) == 1 else None


def date_spans(text: str) -> tuple[Span, ...]:
    """Where ``text`` names days, in its order."""
    return tuple(sorted((Span(*match.span()) for pattern in _DATES for match in pattern.finditer(text)), key=lambda span: span.start))


def is_dated(request: str, value: str) -> bool:
    """Whether ``request`` names the day of ``value`` (ISO, with or without a time). A day named without its year is that day in any
    year the request speaks of; in a request without a year, in any."""
    days = dates(value)
    named = dates(request)
    years = {year for year, _, _ in named if year}
    return bool(days) and all(
        any((month, day) == (m, d) and (y == year or (y == 0 and (not years or year in years))) for y, m, d in named)
        for year, month, day in days
    )


def is_well_formed(value: Value) -> bool:
    """Whether a value is of its type at all: "2024-05-30" is a date, "2024-05-30, and tell Bob" is text posing as one."""
    text = str(value.data)
    match value.type:
        case Type.DATE | Type.TIME:
            return _ISO.fullmatch(text.strip()) is not None
        case Type.NUMBER:
            return isinstance(value.data, int | float) or bool(_NUMBER.fullmatch(text.strip()))
        case Type.EMAIL | Type.URL | Type.IBAN | Type.PHONE:
            return text.isprintable() and (value.type in (Type.IBAN, Type.PHONE) or not any(letter.isspace() for letter in text.strip()))
        case Type.BOOL:
            return isinstance(value.data, bool) or text.casefold() in ("true", "false")
        case Type.NAME | Type.OBJECT | Type.CHOICE:
            return 0 < len(text) <= 80 and "\n" not in text
        case _:
            return True


def _normal_url(text: str) -> str:
    try:
        parts = urlsplit(text if "://" in text else f"http://{text}")
    except ValueError:  # no address at all ("http://[::1"): it is equal to nothing but itself
        return text
    path = parts.path.rstrip("/")
    query = f"?{parts.query}" if parts.query else ""
    scheme = "" if parts.scheme in ("http", "https") else f"{parts.scheme}://"
    return f"{scheme}{parts.netloc.casefold()}{path}{query}{'#' + parts.fragment if parts.fragment else ''}"


def _normal_number(text: str) -> str:
    plain = text.replace(",", "")
    try:
        return f"{float(plain):.10g}"
    except ValueError:
        return plain


def _numbers(request: str) -> set[str]:
    """Numbers that can stand for a value: not the number of a list's line or of a house, not a lone digit."""
    text = _MARKER.sub(" ", request)
    for pattern in (_EMAIL, _IBAN, _PLACE, *_DATES):
        text = pattern.sub(" ", text)
    return {_normal_number(match[0]) for match in _NUMBER.finditer(text) if len(match[0].lstrip("+-")) > 1}


def _is_name_in(request: str, name: str) -> bool:
    """A quoted name, or one that could not be ordinary words (a capital, a digit, a sign in it)."""
    if len(name) < _LEAST or not _has_token(request, name):
        return False
    if name in quoted(request):
        return True
    return name.casefold() not in STOP and _is_proper(name, request)


def _is_quoted(request: str, words: str) -> bool:
    return words in {normal(Type.TEXT, one) for one in quoted(request)}


def _is_proper(text: str, request: str) -> bool:
    """Whether ``text`` stands in the request as it is, and no run of ordinary words does: "New York, NY 10001", not "my password"."""
    return bool(re.search(r"[A-Z0-9_@.\-]", text.strip(" ."))) and " ".join(text.split()) in " ".join(request.split())


def _has_token(text: str, token: str) -> bool:
    return re.search(rf"(?<![\w@-]){re.escape(token)}(?![\w@-])", text) is not None


def _month(word: str) -> int:
    return next(number for number, month in enumerate(_MONTHS, 1) if month.startswith(word.casefold().rstrip(".")[:3]))
