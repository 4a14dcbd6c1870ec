"""How a person writes: their greeting and their sign-off, read off messages they wrote themselves. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

_GREETING = re.compile(
    r"^\s*(?P<word>hi|hello|hey|dear|good (?:morning|evening|afternoon)|hiya|moin|hallo)\b[ \t]*(?P<name>[^\n,!.]{0,30})(?P<mark>[,!.]?)",
    re.I,
)
_SIGN_OFF = re.compile(
    r"(?:^|[\n.!?])\s*(?P<off>(?:best(?: wishes| regards)?|kind regards|regards|cheers|love|thanks|many thanks|yours(?: \w+)?|take care|"
    r"see you|xx?|"
    r"warmly|all the best|with love)\b[,.!]?(?:\s*\n?\s*[A-Z][\w]{1,20})?)\s*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Voice:
    """``greeting``: with {name} in it; ``off``: the sign-off, "" where there is none."""

    greeting: str
    off: str


def voice(texts: Sequence[str], *, formal: bool = False) -> Voice:
    """The commonest greeting and sign-off of ``texts``, the first of those that are as common."""
    greetings = [match for match in map(_GREETING.match, texts) if match]
    forms = Counter(f"{match['word'][:1].upper()}{match['word'][1:].lower()} {{name}}{match['mark'] or ','}" for match in greetings)
    offs = Counter(" ".join(match["off"].split(" ")).strip() for match in map(_SIGN_OFF.search, texts) if match)
    greeting = forms.most_common(1)[0][0] if forms else "Dear {name}," if formal else "Hi {name},"
    return Voice(greeting, offs.most_common(1)[0][0] if offs else "")


def letter(said: Voice, name: str, body: str) -> str:
    greeting = said.greeting.format(name=name) if name else said.greeting.replace(" {name}", "")
    return f"{greeting}\n\n{body.strip()}" + (f"\n\n{said.off}" if said.off else "")
