"""An amount that follows from the request: one plain sum over numbers the person wrote and, at most, one amount of their own books.

"Send them the difference", "19.5% of what I paid plus a fee of 5.29", "half of 24.00": the words name the sum, and code computes it. What
a text from outside can choose here is nothing: numbers come from the request alone, and the amount the sum starts from must be one
(`payments` sees to that). So the capacity of the slot is zero bits, and where a request could mean two sums there is none, and the person
is asked.

English words. Only sums whose words the request has are formed; a number that is part of a sum is no amount by itself ("10%" is not 10).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

_N = r"(\d{1,12}(?:,\d{3})*(?:\.\d{1,6})?)"
_UNIT = r"(?:\s?(?:[€$£]|EUR|USD|GBP|CHF|euros?|dollars?|pounds?)\b)?"
_PERCENT = re.compile(rf"(?<![\w.,]){_N}\s?(?:%|per ?cent\b)", re.IGNORECASE)
_EXTRA = r"(?:fee|tip|charge|surcharge|postage|shipping)"
_FEE = re.compile(
    rf"(?:\+|\bplus\b|\band\b|\bwith\b|\bincluding\b)\s+(?:an?\s+|the\s+)?(?:\w+\s+)?{_EXTRA}\s+of\s+[€$£]?{_N}(?!\s?%)"
    rf"|(?:\+|\bplus\b|\band\b|\bwith\b|\bincluding\b)\s+(?:an?\s+|the\s+)?[€$£]?{_N}{_UNIT}\s+{_EXTRA}\b",
    re.IGNORECASE,
)
_TOTAL = re.compile(
    rf"(?<![\w.,])[€$£]?{_N}{_UNIT}\s+(?:in total|altogether|together)\b|\btotal\s+(?:was|is|of|came to)\s+[€$£]?{_N}(?!\s?%)",
    re.IGNORECASE,
)
_OF = re.compile(rf"(?:\bhalf|(?:%|per ?cent))\s+of\s+(?:the\s+)?[€$£]?{_N}(?!\s?%)", re.IGNORECASE)  # "half of 24.00"
_DIFFERENCE = re.compile(r"\bdifference\b", re.IGNORECASE)
_SHARED = re.compile(r"\b(?:shares?|shared|split|half|halves)\b", re.IGNORECASE)
# Two of us, and not three: otherwise nobody knows how many shares there are.
_TWO = re.compile(r"\b(?:half|halves|(?:two|both) of us|with (?:an?|my|one) (?!few\b|couple\b|lot\b|group\b)\w+(?<!s))\b", re.IGNORECASE)
_MORE_OF_US = re.compile(
    r"\b(?:three|four|five|six|seven|eight|nine|ten|[3-9]|\d\d+)\s+(?:of us|people|friends|ways)\b|\beach of\b", re.IGNORECASE
)
_PART = re.compile(r"(?:%|per ?cent)\s+of\b", re.IGNORECASE)
_ADDED = re.compile(r"\b(?:additional|extra)\b", re.IGNORECASE)
_UP = re.compile(r"\b(?:increase[sd]?|rais(?:e[sd]?|ing)|went up|more)\b", re.IGNORECASE)
_DOWN = re.compile(r"\b(?:reduced?|reductions?|discount(?:ed)?|less|lower(?:ed)?|decrease[sd]?|off)\b", re.IGNORECASE)
_CENT = Decimal("0.01")
_MOST = Decimal(10) ** 12  # what is larger is no amount a person pays


@dataclass(frozen=True, slots=True)
class Sum:
    """What the request does with an amount: base * ``factor``, then the distance to ``against`` if there is one, then ``plus``. With
    ``fixed`` it needs no base. ``parts``: the numbers it is made of, which are no amounts by themselves."""

    factor: Decimal = Decimal(1)
    against: Decimal | None = None
    plus: Decimal = Decimal(0)
    fixed: Decimal | None = None
    parts: frozenset[Decimal] = frozenset()

    def of(self, base: Decimal) -> Decimal | None:
        """The amount in hundredths, halves up; None where nothing is left to pay."""
        amount = (self.fixed if self.fixed is not None else base) * self.factor
        if self.against is not None:
            amount = abs(amount - self.against)
        paid = (amount + self.plus).quantize(_CENT, ROUND_HALF_UP)
        return paid if paid > 0 else None


def sum_of(request: str) -> Sum | None:
    """The one sum that ``request`` names; None when it names none, or could mean several."""
    percents, totals, wholes, fees = (_numbers(pattern, request) for pattern in (_PERCENT, _TOTAL, _OF, _FEE))
    if any(len(numbers) > 1 for numbers in (percents, totals, wholes, fees)) or (totals and (percents or wholes)):
        return None
    plus, parts = (fees[0] if fees else Decimal(0)), frozenset({*percents, *totals, *wholes, *fees})
    if percents or wholes:
        factor = _factor(request, percents[0]) if percents else Decimal("0.5")
        return None if factor is None else Sum(factor, plus=plus, fixed=wholes[0] if wholes else None, parts=parts)
    if totals and _DIFFERENCE.search(request):
        shares = _shares(request)
        return None if shares is None else Sum(against=totals[0] / shares, plus=plus, parts=parts)
    return Sum(plus=plus, parts=parts) if fees else None


def exact(amount: object) -> Decimal | None:
    """A number as it is written, so that 0.1 and 0.2 are 0.3; None for what is no amount."""
    try:
        number = Decimal(str(amount).replace(",", ""))
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number) < _MOST else None


def _factor(request: str, percent: Decimal) -> Decimal | None:
    part = percent / 100
    if part > 1:
        return None
    if _DIFFERENCE.search(request) or _ADDED.search(request) or _PART.search(request):
        return part
    up, down = _UP.search(request), _DOWN.search(request)
    if (up is None) == (down is None):
        return None
    return 1 + part if up else 1 - part


def _shares(request: str) -> Decimal | None:
    """Into how many parts a total goes: one where nobody shares, two where the request says so, None where that is not clear."""
    if not _SHARED.search(request):
        return Decimal(1)
    return Decimal(2) if _TWO.search(request) and not _MORE_OF_US.search(request) else None


def _numbers(pattern: re.Pattern[str], request: str) -> list[Decimal]:
    """The distinct numbers in a pattern's groups, in their order."""
    said = (exact(group) for match in pattern.finditer(request) for group in match.groups() if group is not None)
    return list(dict.fromkeys(number for number in said if number is not None))
