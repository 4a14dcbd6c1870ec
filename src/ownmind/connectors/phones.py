"""Telephone numbers as they compare equal (ITU-T E.164 without a table of countries). Pure.

A number is written "+43 660 123", "0043 (660) 123" or "0660 123" for the same telephone: what is compared is its end.
"""

from __future__ import annotations

import re

SHORTEST = 7  # digits: shorter ones are extensions and emergency numbers, and nobody's alone
_LINE = 9  # digits at the end that tell two telephones apart, whatever stands before them


def number(said: str) -> str:
    """``said`` with nothing but its digits and a leading "+"; "" when that is no telephone's."""
    said = re.split(r"(?i)\s*(?:ext|x|durchwahl|#)\.?\s*\d+$", said.strip())[0].replace("(0)", "")
    digits = re.sub(r"\D", "", said)
    plus = said.startswith("+") or digits.startswith("00")
    digits = digits.removeprefix("00") if plus else digits
    return f"{'+' if plus else ''}{digits}" if SHORTEST <= len(digits) <= 15 else ""


def line(phone: str) -> str:
    """What two ways of writing one telephone share: its last nine digits, without a leading nought."""
    return re.sub(r"\D", "", phone).lstrip("0")[-_LINE:]
