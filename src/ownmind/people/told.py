"""Addresses and telephone numbers that somebody gives as their own: in a signature, or by saying so. Pure."""

from __future__ import annotations

import re

from ..connectors.phones import number

_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")
_PHONE = re.compile(r"(?:\+|\b00|\b0)[\d ()/.-]{7,20}\d")
_MINE = re.compile(  # said right before it, in one sentence
    r"\b(?:my|(?:reach|call|text|write(?: to)?|mail|ring) me|i['’]?m (?:now )?(?:at|on)|meine?"
    r"|(?:erreichst|schreib|ruf) (?:du )?mich|moj[ae]?|m[ůô]j"
    r"|mon|ma|mi|mio|mia)\b[^.!?,;\n@]{0,40}$",
    re.IGNORECASE,
)
_MOST = 4


def in_signature(signature: str) -> tuple[str, ...]:
    """What stands in a signature; nothing where so much stands in it that it is a firm's or a list of others."""
    found = _found(signature)
    return tuple(dict.fromkeys(value for _, value in found)) if len(found) <= _MOST else ()


def in_words(text: str) -> tuple[str, ...]:
    """What a text gives as the speaker's own: "my new number is ..."."""
    return tuple(dict.fromkeys(value for start, value in _found(text[:4000]) if _MINE.search(text[max(start - 80, 0) : start])))


def _found(text: str) -> list[tuple[int, str]]:
    emails = [(match.start(), match[0].lower()) for match in _EMAIL.finditer(text)]
    phones = [(match.start(), said) for match in _PHONE.finditer(text) if (said := number(match[0]))]
    return sorted(emails + phones)
