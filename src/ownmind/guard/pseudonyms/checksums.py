"""Numbers that give themselves away by a check digit or by their shape: cards, IBANs, national numbers, telephones.

ISO/IEC 7812 (Luhn), ISO 13616 and ISO 7064 mod 97-10 (IBAN), and the national rules named beside each function.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from .spelling import BEGINS, ENDS


@dataclass(frozen=True, slots=True)
class Number:
    """A number found: ``text[start:end]``; ``kind``: card, iban, national, phone."""

    start: int
    end: int
    kind: str


_SEPARATOR = "[ \u00a0\u202f./()-]"
_IBAN = re.compile(rf"{BEGINS}[A-Za-z]{{2}}\d{{2}}(?:[ -]?[A-Za-z0-9]{{4}}){{2,7}}(?:[ -]?[A-Za-z0-9]{{1,3}})?{ENDS}")
_DIGITS = re.compile(rf"{BEGINS}(?<![+.,])[+(]{{0,2}}[0-9](?:{_SEPARATOR}{{0,2}}[0-9]){{6,24}}{ENDS}(?![.,][0-9])")
_LETTERED = re.compile(
    rf"{BEGINS}(?:[XYZxyz]?\d{{7,8}}-?[A-Za-z]|[A-Za-z]{{6}}\d{{2}}[A-EHLMPRSTa-ehlmprst]\d{{2}}[A-Za-z]\d{{3}}[A-Za-z]|\d{{17}}[Xx]"
    rf"|[A-CEGHJ-PR-TW-Za-ceghj-pr-tw-z]{{2}} ?\d{{2}} ?\d{{2}} ?\d{{2}} ?[A-Da-d]){ENDS}"
)
_CUE = re.compile(
    r"(?:phone|tel|call|mobile|cell|number|whatsapp|text|ring|fax|dial|sms|tel[eé]fono|m[oó]vil|celular|ll[aá]ma\w*|handy|telefon\w*|nummer|"
    r"num[eé]ro|appel\w*|ligar|liga|cellulare|numero|телефон\w*|номер\w*|звони\w*|电话|手机|號碼|电話)\W{0,3}(?:\w+\W{1,3}){0,3}[是：:]?$",
    re.IGNORECASE,
)
_DATE = re.compile(r"\d{4}[-./ ]\d{1,2}[-./ ]\d{1,2}(?:\D.*)?|\d{1,2}[-./ ]\d{1,2}[-./ ]\d{4}(?:\D.*)?|\d{1,3}(?:[ .]\d{3})+")
_NANP = re.compile(r"(?:\+?1[ .-]?)?\(?[2-9]\d{2}\)?[ .-]?[2-9]\d{2}[ .-]\d{4}")
_SSN = re.compile(r"(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}")


def numbers(text: str) -> Iterator[Number]:
    """The numbers of ``text`` that are somebody's, in no order; they may overlap."""
    for match in _IBAN.finditer(text):
        end = _iban_end(text, match.start(), match.end())
        if end:
            yield Number(match.start(), end, "iban")
    for match in _LETTERED.finditer(text):
        if any(check(digits_of(match[0]).upper()) for check in (dni, codice_fiscale, resident_id, national_insurance)):
            yield Number(match.start(), match.end(), "national")
    for match in _DIGITS.finditer(text):
        kind = _kind(match[0], text[max(0, match.start() - 40) : match.start()])
        if kind:
            yield Number(match.start(), match.end(), kind)


def digits_of(text: str) -> str:
    """The letters and digits of a number without what separates them."""
    return "".join(char for char in text if char.isalnum())


def luhn(digits: str) -> bool:
    """ISO/IEC 7812-1, annex B."""
    doubled = (int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(digits)))
    return sum(number - 9 if number > 9 else number for number in doubled) % 10 == 0


def iban(code: str) -> bool:
    """ISO 13616: the first four characters last, letters as 10 to 35, 1 modulo 97."""
    if not 15 <= len(code) <= 34 or not code.isascii():
        return False
    return int("".join(str(int(char, 36)) for char in code[4:] + code[:4])) % 97 == 1


def card(digits: str) -> bool:
    """A payment card: 13 to 19 digits of an issuer's range (first digit 2 to 6), Luhn."""
    return 13 <= len(digits) <= 19 and digits[0] in "23456" and len(set(digits)) > 1 and luhn(digits)


def cpf(digits: str) -> bool:
    """Brazil: eleven digits, two of them sums modulo 11."""
    if len(digits) != 11 or len(set(digits)) == 1:
        return False
    return all(int(digits[n]) == sum(int(d) * (n + 1 - i) for i, d in enumerate(digits[:n])) * 10 % 11 % 10 for n in (9, 10))


def nhs(digits: str) -> bool:
    """England: ten digits, weights 10 to 2, modulo 11."""
    return len(digits) == 10 and (11 - sum(int(d) * (10 - i) for i, d in enumerate(digits[:9])) % 11) % 11 == int(digits[9])


def pesel(digits: str) -> bool:
    """Poland: eleven digits that begin with a date of birth, weights 1 3 7 9."""
    if len(digits) != 11 or not (1 <= int(digits[2:4]) % 20 <= 12 and 1 <= int(digits[4:6]) <= 31):
        return False
    return -sum(int(d) * (1, 3, 7, 9)[i % 4] for i, d in enumerate(digits[:10])) % 10 == int(digits[10])


def steuer_id(digits: str) -> bool:
    """Germany: eleven digits, ISO 7064 mod 11,10; one digit of the first ten stands twice or thrice."""
    if len(digits) != 11 or digits[0] == "0" or not 7 <= len(set(digits[:10])) <= 9:
        return False
    product = 10
    for digit in digits[:10]:
        product = ((int(digit) + product) % 10 or 10) * 2 % 11
    return (11 - product) % 10 == int(digits[10])


def nir(digits: str) -> bool:
    """France: fifteen digits, the last two 97 minus the rest modulo 97."""
    return len(digits) == 15 and digits[0] in "12" and 97 - int(digits[:13]) % 97 == int(digits[13:])


def resident_id(code: str) -> bool:
    """China: eighteen characters with a date of birth, ISO 7064 mod 11-2."""
    if len(code) != 18 or not code[:17].isdigit() or not (1 <= int(code[10:12]) <= 12 and 1 <= int(code[12:14]) <= 31):
        return False
    return "10X98765432"[sum(int(d) * pow(2, 17 - i, 11) for i, d in enumerate(code[:17])) % 11] == code[17]


def dni(code: str) -> bool:
    """Spain: eight digits (a foreigner's begin with X, Y or Z) and a letter, modulo 23."""
    number = code[:-1].translate(str.maketrans("XYZ", "012"))
    return len(code) == 9 and number.isdigit() and "TRWAGMYFPDXBNJZSQVHLCKE"[int(number) % 23] == code[-1]


def codice_fiscale(code: str) -> bool:
    """Italy: sixteen characters; odd places by a table, even ones by value, modulo 26 (D.M. 23.12.1976)."""
    if len(code) != 16:
        return False
    odd = (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23)
    values = [int(char) if char.isdigit() else ord(char) - ord("A") for char in code[:15]]
    return chr(ord("A") + sum(odd[v] if place % 2 == 0 else v for place, v in enumerate(values)) % 26) == code[15]


def national_insurance(code: str) -> bool:
    """United Kingdom: two letters, six digits, one letter; it has no check digit, the shape says enough."""
    return len(code) == 9 and code[2:8].isdigit() and code[:2].isalpha() and code[8] in "ABCD"


_NATIONAL: tuple[Callable[[str], bool], ...] = (cpf, pesel, steuer_id, nir, resident_id)


def _kind(found: str, before: str) -> str:
    digits = digits_of(found)
    if found[0] == "+":
        return "phone" if 8 <= len(digits) <= 15 else ""
    if card(digits):
        return "card"
    if any(check(digits) for check in _NATIONAL) or _SSN.fullmatch(found):
        return "national"
    if nhs(digits) and re.fullmatch(r"\d{3}[ -]\d{3}[ -]\d{4}", found) and digits[0] in "4679":
        return "national"
    if _DATE.fullmatch(found):
        return ""
    if _NANP.fullmatch(found) or (found.lstrip("(").startswith("0") and 9 <= len(digits) <= 14):
        return "phone"
    return "phone" if 7 <= len(digits) <= 15 and _CUE.search(before) else ""


def _iban_end(text: str, start: int, end: int) -> int:
    """Where the longest IBAN from ``start`` ends: the pattern may have run into the next word. 0: there is none."""
    while end - start >= 15:
        if (end == len(text) or not text[end].isalnum()) and iban(digits_of(text[start:end]).upper()):
            return end
        end -= 1
    return 0
