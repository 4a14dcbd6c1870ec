"""To whom a promise is made that is told to somebody else: "I told Ben I'd help him", "I'll send Tom the photos". English."""

# ruff: noqa: E501  # a pattern reads best on one line

from __future__ import annotations

import re

from ..memory.rules.wording import FAMILY, RELATION, is_name

_PRONOUN = re.compile(r"(?:him|her|them)$", re.IGNORECASE)
_KIN = re.compile(rf"(?:my|our)\s+((?:\w+\s+)?{RELATION})$", re.IGNORECASE)
_PARENT = re.compile(rf"{FAMILY}$", re.IGNORECASE)
_NAMES = re.compile(r"(?-i:\b[A-ZÀ-Þ])[\w’-]+(?:\s(?-i:[A-ZÀ-Þ])[\w’-]+)?|\bmy\s+\w+|\b(?:mum|mom|dad|grandma|grandpa)\b", re.IGNORECASE)
_OBJECT = re.compile(
    rf"(?:send|bring|call|ring|phone|text|write|pay|lend|give|tell|show|ask|help|meet|visit|invite|remind|drive|feed|thank|e-?mail|message|fix|buy|get|cook|bake|pick up|answer|reply to|respond to)"
    rf"(?:\s+(?:back|up))?\s+(?P<whom>(?:my|our)\s+(?:\w+\s+)?{RELATION}|(?-i:[A-ZÀ-Þ])[\w’-]+(?:\s(?-i:[A-ZÀ-Þ])[\w’-]+)?|{FAMILY})(?!['’]s)\b"
    rf"|\b(?:send|bring|give|lend|take|drop|post|forward|return|write|mail|pass|hand|deliver|reply|bake|buy|do|cook|get|book|fix|make|finish|print|get back)\b[^.,;]{{0,60}}?\s(?:to|for)\s"
    rf"(?P<whom2>(?:my|our)\s+(?:\w+\s+)?{RELATION}|(?-i:[A-ZÀ-Þ])[\w’-]+(?:\s(?-i:[A-ZÀ-Þ])[\w’-]+)?|{FAMILY})(?!['’]s)\b",
    re.IGNORECASE,
)


def receiver(match: re.Match[str], before: str) -> str:
    """Whom the promise at ``match`` is made to, as the person would call them ("your sister"); "" when its words do not say.
    ``before``: what was said before it, where a "her" has its name."""
    groups = match.groupdict()
    named = groups.get("whom") or groups.get("whom2") or ""
    if not named and groups.get("alone"):
        named = "them"
    if not named:
        found = _OBJECT.match(match["what"])
        named = (found["whom"] or found["whom2"] or "") if found else ""
        if not named:
            return ""
    return earlier(before) if _PRONOUN.match(named) else called(named)


def called(named: str) -> str:
    """A name as it is shown: "my sister" is "your sister", "Mum" is "your mum"; "" for what is no name."""
    if kin := _KIN.match(named.strip()):
        return f"your {kin[1].lower()}"
    if _PARENT.match(named.strip()):
        return f"your {named.strip().lower()}"
    if re.match(r"the\s", named):
        return named.lower()
    name = re.sub(r"['’]s$", "", named.strip()).replace("\u2024", ".")
    return name if re.match(r"(?:Dr|Mr|Mrs|Ms|Prof)\b", name) or is_name(name) else ""


def earlier(before: str) -> str:
    """The last one named in what was said before."""
    for match in reversed(list(_NAMES.finditer(before))):
        if name := called(match.group()):
            return name
    return ""
