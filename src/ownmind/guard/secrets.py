"""Secrets, by their shape: what must not leave unless the person's own request says it, whoever the receiver is.

An authorised receiver is not enough: the person's wife may be sent an address, and not, because a hotel review asked for it, a
passport number. Shapes with a check digit are told by it (cards: Luhn, ISO/IEC 7812; accounts: ISO 13616); what has none is told by the
word beside it. A secret in other words, or one that looks like any number and stands beside no such word, is not found here: for that
there is the label of where it was read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..messages import Confidentiality, Span

_CARD = re.compile(r"(?<![\d-])\d(?:[ -]?\d){12,18}(?![\d-])")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?\b")
_KEYS = (
    re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)"),
    re.compile(r"\b(?:AKIA[0-9A-Z]{16}|gh[pousr]_\w{30,}|sk-[\w-]{20,}|xox[abprs]-[\w-]{10,}|eyJ[\w-]{10,800}\.[\w-]{10,800}\.[\w-]{5,})"),
)
# A value beside the word that says what it is. The value has a digit or a sign in it, so that "the password is gone" holds none.
_BESIDE = re.compile(
    r"(?P<word>pass(?:word|code|phrase)|pin(?: code)?|(?:security|verification|access|secret|reset) (?:code|key)|api[ _]?key|token"
    r"|passport(?:[ _]number)?|(?:credit[ _]?card|card)(?:[ _]number)?|id[ _]number|social security(?: number)?|ssn"
    r"|(?:bank[ _])?account[ _]number)"
    r"(?P<between>(?:\W|\b(?:is|was|are|your|my|the|number|no|for|named|called)\b){1,24})(?P<value>[^\s,;:]{3,64})",
    re.IGNORECASE,
)
# One of these is in every word of _BESIDE. Looked for first: in most texts none is, and the pattern costs as much as all the others.
_NAMING = ("passw", "passc", "passph", "passp", "pin", " code", " key", "apikey", "api_key", "token", "card", "id number", "id_number",
           "social sec", "ssn", "account number", "account_number")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Secret:
    """A stretch of a text that must not leave, and what it is in words ("a card number")."""

    what: str
    span: Span


def secrets(text: str) -> tuple[Secret, ...]:
    """The secrets a text holds, in its order."""
    found = [Secret("a card number", _span(match)) for match in _CARD.finditer(text) if is_card(match[0])]
    found += [Secret("an account number", _span(match)) for match in _IBAN.finditer(text) if is_iban(match[0])]
    found += [Secret("a key", _span(match)) for pattern in _KEYS for match in pattern.finditer(text)]
    folded = text.casefold()
    for match in _BESIDE.finditer(text) if any(word in folded for word in _NAMING) else ():
        if re.search(r"[\d\W_]", match["value"].strip(".!?'\")(")):
            found.append(Secret(f"a {match['word'].casefold().replace('_', ' ')}", Span(match.start("value"), match.end("value"))))
    return tuple(sorted(found, key=lambda one: one.span.start))


def confidentiality(text: str) -> Confidentiality:
    """How confidential a text is by what stands in it: secret with a card, key, password or number of an identity in it, sensitive
    with a bank account, else PUBLIC, which says nothing. What the person is told of others, or of health, shows no shape."""
    found = {one.what for one in secrets(text)}
    if not found:
        return Confidentiality.PUBLIC
    return Confidentiality.SENSITIVE if found <= _SENSITIVE else Confidentiality.SECRET


_SENSITIVE = frozenset({"an account number", "a account number", "a bank account number"})


def is_card(text: str) -> bool:
    """Whether the digits are a card number: the Luhn sum is a multiple of ten."""
    digits = [int(letter) for letter in text if letter.isdecimal()]
    if not 13 <= len(digits) <= 19:
        return False
    doubled = (digit * 2 - 9 if digit > 4 else digit * 2 for digit in digits[-2::-2])
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def is_iban(text: str) -> bool:
    """Whether it is an IBAN: the rearranged number leaves 1 when divided by 97."""
    plain = re.sub(r"\s", "", text).upper()
    if not 15 <= len(plain) <= 34 or not plain.isalnum() or not plain.isascii():
        return False
    return int("".join(str(int(letter, 36)) for letter in plain[4:] + plain[:4])) % 97 == 1


def _span(match: re.Match[str]) -> Span:
    return Span(match.start(), match.end())
