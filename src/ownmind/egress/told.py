"""What left, for a person to read: the exact content as text, and a while of the ledger in words."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

from ..messages import Permission, Sent
from .door import FETCH_MODELS

# Headers whose value opens something: shown only when asked for by name.
_KEYS = re.compile(rb"(?im)^((?:proxy-)?authorization|cookie|[\w-]*(?:api-?key|token|secret)[\w-]*):[ \t]*([^\r\n]*)")


def exactly(content: bytes, *, secrets: bool = False) -> str:
    """The bytes that left as text; what is no UTF-8 is written ``\\x..``. Without ``secrets`` the values of headers that open
    something (Authorization, API keys, cookies) are replaced by their length."""
    head, blank, body = content.partition(b"\r\n\r\n")
    if blank and not secrets and b" HTTP/1." in head.split(b"\r\n", 1)[0]:
        content = _KEYS.sub(lambda found: b"%s: (%d bytes, not shown)" % (found[1], len(found[2])), head) + blank + body
    return content.decode("utf-8", "backslashreplace")


def in_words(rows: Sequence[Sent], days: int, permissions: Sequence[Permission]) -> str:
    """What ``rows``, all of the last ``days`` days, say together."""
    span = "today" if days == 1 else "this week" if days == 7 else f"in the last {days} days"
    if not rows:
        return f"Nothing left this machine {span}."
    own = [row for row in rows if row.purpose != FETCH_MODELS]
    files = len(rows) - len(own)
    if own:
        lines = [f"{_count(len(own), 'request')} with {sum(row.bytes_out for row in own):,} bytes left this machine {span}:"]
    else:
        lines = [f"0 bytes of yours left this machine {span}. {_count(files, 'request')} asked for the model files that Ownmind runs on:"]
    groups: dict[tuple[str, str, str], list[Sent]] = defaultdict(list)
    for row in rows:
        groups[row.destination, row.purpose, row.consent].append(row)
    given = {permission.id: permission for permission in permissions}
    for (destination, purpose, consent), held in sorted(groups.items(), key=lambda group: -sum(row.bytes_out for row in group[1])):
        items = {item for row in held for item in row.item_ids}
        told = f", telling {_count(len(items), 'memory', 'memories')}" if items else ", telling nothing you remember here"
        size = f"{sum(row.bytes_out for row in held):,} bytes"
        lines.append(f"- {_count(len(held), 'time')} to {destination}, to {purpose}: {size}{told}. {consent_of(consent, given)}")
    if unknown := sum(row.outcome == "unknown" for row in rows):
        lines.append(f"How far {_count(unknown, 'request')} came is not known: it was cut, or is still under way.")
    if own and files:
        lines.append(f"Of these lines, {_count(files, 'request')} asked for model files and are not counted above.")
    return "\n".join(lines)


def consent_in_words(given: Permission) -> str:
    """What a permission allows, and how long."""
    parts = [f"{given.purpose} at {'any public address' if given.destination == '*' else given.destination}"]
    if given.uses_left is not None:
        parts.append("used up" if given.uses_left == 0 else f"{_count(given.uses_left, 'time')} more")
    if given.until is not None:
        parts.append(f"until {given.until.day} {given.until:%B %Y}")
    if given.spend_cap is not None:
        parts.append(f"{given.spent:g} of {given.spend_cap:g} spent")
    if given.revoked_at is not None:
        parts.append("revoked")
    elif given.until is None and given.uses_left is None:
        parts.append("until you revoke it")
    return ", ".join(parts)


def consent_of(consent: str, given: Mapping[str, Permission]) -> str:
    """Who allowed it, in words. ``given``: permissions by id."""
    if consent in given:
        return f"You allowed it ({consent}: {consent_in_words(given[consent])})."
    return f"Your settings allow it ({consent})." if consent else "Nobody's consent is written down."


def _count(number: int, word: str, words: str = "") -> str:
    return f"{number:,} {word if number == 1 else words or word + 's'}"
