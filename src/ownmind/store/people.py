"""Contacts, the heads of letters, and what the person decided of who is who, as rows.

Everything with words in it goes with an item. What is withheld is left out of every list here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

import apsw

from ..messages import Source
from ..records import Contact, Letter
from .items import item_id, moment, whole

_YEARS = 3 * 366 * 86_400.0  # seconds: what was before in a calendar says little of who is in touch
MOST_READERS = 20  # of a letter that are named: in its words and in its rows alike, so that forgetting finds the same


class Mention(NamedTuple):
    """Somebody in the head of a letter. ``item``: the letter's row; ``role``: from, to or cc."""

    item: int
    role: str
    name: str
    email: str


class Head(NamedTuple):
    """A letter without its words. ``thread``: letters that answer each other share it; ``at`` in unix seconds."""

    item: int
    at: float | None
    zone: int
    thread: int
    subject: str
    signature: str
    readers: int
    is_bulk: int


class Speaker(NamedTuple):
    """Somebody in a transcript: what they are called there, in which talk, how often, from which item to which moment."""

    name: str
    source: str
    thread: int
    times: int
    first: int
    last: float | None
    last_item: int


class Attended(NamedTuple):
    """Something in a calendar that others were asked to: the item that says it, when it began, and who (name, address)."""

    item: int
    start: float
    people: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """What the person said of two records, by their numbers, the lower first: "same", "apart", or "you" of one (both numbers its own)."""

    first: int
    second: int
    verdict: str


def add_contact(cx: apsw.Connection, row: int, contact: Contact) -> None:
    """Keeps what a card says beside its item; twice is fine."""
    cx.execute("INSERT OR REPLACE INTO contacts(item_id, uid, card) VALUES (?, ?, ?)", (row, contact.uid, _card(contact)))


def add_letter(cx: apsw.Connection, row: int, letter: Letter) -> None:
    """Keeps the head of a letter beside its item; twice is fine."""
    cx.execute(
        """INSERT OR IGNORE INTO letters(item_id, message_id, answers, subject, signature, readers, is_bulk)
           VALUES (?, ?, ?, ?, ?, ?, ?)""",
        (row, letter.id, letter.answers, letter.subject, letter.signature, letter.readers, letter.is_bulk),
    )
    if not cx.changes():
        return
    people = [("from", letter.sender), *(("to", one) for one in letter.to), *(("cc", one) for one in letter.cc)][: MOST_READERS + 1]
    cx.executemany(
        "INSERT INTO letter_people(item_id, place, role, name, email) VALUES (?, ?, ?, ?, ?)",
        [(row, place, role, one.name, one.email.lower()) for place, (role, one) in enumerate(people)],
    )


def known_letters(cx: apsw.Connection, ids: Iterable[str]) -> dict[str, int]:
    """Of these Message-IDs those that are here, from whatever source, and their rows."""
    rows = cx.execute(
        "SELECT message_id, min(item_id) FROM letters WHERE message_id IN (SELECT value FROM json_each(?)) GROUP BY message_id",
        (json.dumps(list(ids)),),
    )
    return {str(name): whole(row) for name, row in rows}


def contacts(cx: apsw.Connection) -> list[tuple[str, Contact]]:
    """Every card with the id of its item, in the order they came."""
    rows = cx.execute(
        """SELECT c.item_id, c.uid, c.card, s.ref, s.title FROM contacts c JOIN items i ON i.id = c.item_id
           JOIN sources s ON s.id = i.source_id WHERE NOT i.withheld ORDER BY c.item_id"""
    )
    return [
        (item_id(whole(row)), _contact(str(uid), str(card), Source(str(ref), "contacts", str(title))))
        for row, uid, card, ref, title in rows
    ]


def heads(cx: apsw.Connection) -> list[Head]:
    """Every letter, in the order they came."""
    rows = cx.execute(
        """SELECT l.item_id, i.at, i.zone, coalesce(i.conversation_id, -i.id), l.subject, l.signature, l.readers, l.is_bulk
           FROM letters l JOIN items i ON i.id = l.item_id WHERE NOT i.withheld ORDER BY l.item_id"""
    )
    return [Head(*row) for row in rows]


def mentions(cx: apsw.Connection) -> list[Mention]:
    """Everybody in the heads of letters, letter by letter, the sender first."""
    return [Mention(*row) for row in cx.execute("SELECT item_id, role, name, email FROM letter_people ORDER BY item_id, place")]


def speakers(cx: apsw.Connection) -> list[Speaker]:
    """Everybody who speaks in transcripts, talk by talk."""
    rows = cx.execute(
        """SELECT i.speaker, s.ref, coalesce(i.conversation_id, -s.id), count(*), min(i.id), max(i.at), max(i.id)
           FROM items i JOIN sources s ON s.id = i.source_id
           WHERE i.kind = 'turn' AND s.kind = 'transcript' AND i.speaker <> '' AND NOT i.withheld
           GROUP BY i.speaker, i.source_id, i.conversation_id ORDER BY min(i.id)"""
    )
    return [Speaker(*row) for row in rows]


def naming_addresses(cx: apsw.Connection) -> list[tuple[int, str, str, str]]:
    """Row, source, speaker and text of turns of transcripts that may name an address or a telephone number."""
    rows = cx.execute(
        """SELECT i.id, s.ref, i.speaker, i.text FROM items i JOIN sources s ON s.id = i.source_id
           WHERE i.kind = 'turn' AND s.kind = 'transcript' AND i.speaker <> '' AND NOT i.withheld
           AND (i.text LIKE '%_@_%.__%' OR i.text GLOB '*[+0][0-9 ]*[0-9][0-9][0-9]*[0-9][0-9]*') ORDER BY i.id"""
    )
    return [(whole(row), str(ref), str(speaker), str(text)) for row, ref, speaker, text in rows]


def attended(cx: apsw.Connection, until: float) -> list[Attended]:
    """What began before ``until`` (unix seconds) and at most some years ago, and took time."""
    rows = cx.execute(
        """SELECT e.item_id, o.start, e.attendees FROM events e JOIN occurrences o ON o.event_id = e.id JOIN items i ON i.id = e.item_id
           WHERE e.attendees <> '[]' AND o.start <= ?1 AND o.start > ?1 - ?2 AND NOT coalesce(o.is_free, e.is_free) AND NOT i.withheld
           ORDER BY o.start, e.item_id LIMIT 100000""",
        (until, _YEARS),
    )
    found = []
    for item, start, people in rows:
        asked = dict.fromkeys((str(name), str(email).lower()) for name, email in json.loads(str(people)) if name or email)
        found.append(Attended(whole(item), float(str(start)), tuple(asked)[:MOST_READERS]))
    return found


def state(cx: apsw.Connection) -> tuple[int, ...]:
    """Changes whenever something comes or goes that says who is who: what is worked out of these rows may be kept until then."""
    (found,) = cx.execute(
        """SELECT (SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'items'), (SELECT sum(n) FROM item_counts),
                  (SELECT count(*) FROM contacts), (SELECT count(*) FROM letters), (SELECT count(*) FROM people_decisions),
                  (SELECT count(*) FROM events), (SELECT coalesce(max(id), 0) FROM facts), (SELECT count(*) FROM facts),
                  (SELECT coalesce(max(at), 0) FROM people_decisions), (SELECT coalesce(sum(item_id), 0) FROM people_names)"""
    )
    return tuple(int(float(str(value or 0)) * 1000) for value in found)


def numbers(cx: apsw.Connection, keys: Sequence[bytes]) -> dict[bytes, int]:
    """The numbers that these keys have."""
    return {bytes(key): whole(number) for key in keys for number, key in cx.execute("SELECT id, key FROM people WHERE key = ?", (key,))}


def number(cx: apsw.Connection, keys: Iterable[bytes]) -> None:
    """Gives these keys the next numbers; those that have one keep it."""
    cx.executemany("INSERT OR IGNORE INTO people(key) VALUES (?)", [(key,) for key in keys])


def decisions(cx: apsw.Connection) -> list[Decision]:
    return [
        Decision(whole(first), whole(second), str(verdict))
        for first, second, verdict in cx.execute("SELECT first, second, verdict FROM people_decisions ORDER BY at, first, second")
    ]


def said(cx: apsw.Connection, below: tuple[float, int], most: int) -> list[tuple[Decision, float]]:
    """What the person said in one breath of two, the latest first: the first pair of it, and when (unix seconds, with that pair's first
    number below the place ``below``)."""
    rows = cx.execute(
        """SELECT min(first), second, verdict, at FROM people_decisions WHERE verdict <> '' GROUP BY at, verdict
           HAVING (at, min(first)) < (?, ?) ORDER BY at DESC, min(first) DESC LIMIT ?""",
        (*below, most),
    )
    return [(Decision(whole(first), whole(second), str(verdict)), float(str(at))) for first, second, verdict, at in rows]


def said_with(cx: apsw.Connection, first: int, second: int) -> list[Decision]:
    """What the person said of these two, and in the same breath of others."""
    rows = cx.execute(
        """SELECT d.first, d.second, d.verdict FROM people_decisions o JOIN people_decisions d ON d.at = o.at AND d.verdict = o.verdict
           WHERE o.first = ? AND o.second = ? AND o.verdict <> '' """,
        (min(first, second), max(first, second)),
    )
    return [Decision(whole(one), whole(other), str(verdict)) for one, other, verdict in rows]


def decide(cx: apsw.Connection, made: Iterable[Decision], now: datetime) -> None:
    """Writes what the person says; the last word about two counts."""
    cx.executemany(
        "INSERT OR REPLACE INTO people_decisions(first, second, verdict, at) VALUES (?, ?, ?, ?)",
        [(min(one.first, one.second), max(one.first, one.second), one.verdict, now.timestamp()) for one in made],
    )


def names(cx: apsw.Connection) -> dict[int, str]:
    """The names the person chose, by the number they were given to."""
    rows = cx.execute("SELECT n.person, n.name FROM people_names n JOIN items i ON i.id = n.item_id WHERE NOT i.withheld")
    return {whole(person): str(name) for person, name in rows}


def rename(cx: apsw.Connection, persons: Iterable[int], name: str, item: int) -> None:
    """Calls these ``name`` from now on, as the item says."""
    wanted = list(persons)
    cx.execute("DELETE FROM people_names WHERE person IN (SELECT value FROM json_each(?))", (json.dumps(wanted),))
    cx.executemany("INSERT INTO people_names(person, item_id, name) VALUES (?, ?, ?)", [(one, item, name) for one in wanted])


def _card(contact: Contact) -> str:
    return json.dumps(
        {
            "name": contact.name,
            "nicknames": contact.nicknames,
            "emails": [email.lower() for email in contact.emails],
            "phones": contact.phones,
            "birthday": contact.birthday.isoformat() if contact.birthday else "",
            "organisation": contact.organisation,
            "relations": contact.relations,
            "note": contact.note,
        },
        ensure_ascii=False,
    )


def _contact(uid: str, card: str, source: Source) -> Contact:
    """A card as `_card` wrote it."""
    held = json.loads(card)
    birthday = str(held["birthday"])
    return Contact(
        source, uid, str(held["name"]), tuple(held["nicknames"]), tuple(held["emails"]), tuple(held["phones"]),
        date.fromisoformat(birthday) if birthday else None, str(held["organisation"]),
        tuple((role, name) for role, name in held["relations"]), str(held["note"]),
    )  # fmt: skip


def at(head: Head) -> datetime | None:
    """When a letter was written."""
    return moment(head.at, head.zone)
