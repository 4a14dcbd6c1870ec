"""Who waits for an answer: somebody who wrote last and asked something. Pure.

Newsletters, automatic mail and what went to many people are left out: nobody waits there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from .person import Waiting
from .requests import asks

OLDEST = timedelta(days=60)  # who asked before that has given up, or asks again
SOONEST = timedelta(hours=12)  # sooner nobody waits yet
MOST_READERS = 6  # what went to more of them asks nobody in particular


@dataclass(frozen=True, slots=True)
class Said:
    """One letter or turn between the person and somebody else. ``thread``: talks that answer each other share it."""

    ref: str  # the letter or item
    thread: str
    at: datetime
    by_you: bool
    person: str  # the id of the other one, where known: of the reader, in what the person wrote
    name: str
    text: str  # without what it quotes
    readers: int = 1  # to how many it went
    address: str = ""  # its sender's e-mail address, where it is a letter


def waiting(said: Iterable[Said], now: datetime) -> tuple[Waiting, ...]:
    """Whoever wrote last in a thread, asked something, and has no answer yet: the longest waiting first, each once."""
    threads: dict[str, list[Said]] = {}
    for one in said:
        threads.setdefault(one.thread, []).append(one)
    found: dict[str, Waiting] = {}
    for thread in threads.values():
        asked = _open_question(sorted(thread, key=lambda each: each.at), now)
        if asked is None:
            continue
        known = found.get(_who(asked))
        if known is None or asked.at < known.since:
            found[_who(asked)] = Waiting(asked.person, asked.name, asked.at, asked.ref, asks(asked.text))
    answered = _last_answers(threads.values())
    kept = [one for who, one in found.items() if answered.get(who, _LONG_AGO) < one.since]
    return tuple(sorted(kept, key=lambda one: (one.since, one.name)))


def _open_question(thread: Sequence[Said], now: datetime) -> Said | None:
    """The first thing asked since the person last wrote; None when they wrote last, or nobody asked anything."""
    since = next((place for place in range(len(thread) - 1, -1, -1) if thread[place].by_you), -1)
    for one in thread[since + 1 :]:
        if SOONEST <= now - one.at <= OLDEST and not _is_automatic(one) and asks(one.text):
            return one
    return None


def _last_answers(threads: Iterable[Sequence[Said]]) -> dict[str, datetime]:
    """When the person last wrote to each one to whom a letter of theirs went by name, in whatever thread."""
    last: dict[str, datetime] = {}
    for thread in threads:
        for one in thread:
            if one.by_you and one.readers <= 1 and _who(one):
                last[_who(one)] = max(last.get(_who(one), _LONG_AGO), one.at)
    return last


def _who(one: Said) -> str:
    return one.person or one.name


def _is_automatic(one: Said) -> bool:
    return one.readers > MOST_READERS or bool(_MACHINE.search(one.address) or _BULK.search(one.text))


_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_MACHINE = re.compile(
    r"^(?:no-?reply|do-?not-?reply|donotreply|notifications?|newsletter|news|info|mailer|mailer-daemon|postmaster|bounces?|marketing|updates?"
    r"|alerts?|automated|system|digest|offers?|promo\w*)(?:[-+.\w]*)@|[-+.](?:no-?reply|bounce|newsletter)",
    re.IGNORECASE,
)
_BULK = re.compile(
    r"\bunsubscribe\b|\bview (?:this|it) (?:e-?mail )?in your browser\b|\bdo not reply to this\b"
    r"|\bautomat(?:ed|ic(?:ally generated)?) (?:message|e-?mail|reply)\b"
    r"|\byou (?:are receiving|received) this (?:e-?mail|message) because\b|\bout of (?:the )?office\b|\bprivacy policy\b.*\bterms\b",
    re.IGNORECASE | re.DOTALL,
)
