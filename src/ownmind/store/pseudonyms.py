"""Which pseudonym stands for what, by scope (a session or a purpose): rows in the encrypted store, and nowhere else.

A row lives as long as something remembered holds its value: ``remove_unremembered`` takes the rest, after every forget.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import apsw

from .items import whole


@dataclass(frozen=True, slots=True)
class Pseudonym:
    """What is written in place of a value. ``kind`` is given, family, place, organisation, street, handle, word (of a name), unspaced
    (a name in a script without blanks), phone, card, iban, national, account, house (numbers), email, url or key."""

    kind: str
    value: str
    pseudonym: str


def of(cx: apsw.Connection, scope: str) -> list[Pseudonym]:
    """The pseudonyms of this scope, in the order they were chosen."""
    rows = cx.execute("SELECT kind, value, pseudonym FROM pseudonyms WHERE scope = ? ORDER BY id", (scope,))
    return [Pseudonym(str(kind), str(value), str(pseudonym)) for kind, value, pseudonym in rows]


def add(cx: apsw.Connection, scope: str, chosen: Iterable[Pseudonym]) -> None:
    """Keeps pseudonyms for this scope. Two may not be alike: apsw.ConstraintError."""
    cx.executemany(
        "INSERT INTO pseudonyms(scope, kind, value, pseudonym) VALUES (?, ?, ?, ?)",
        [(scope, one.kind, one.value, one.pseudonym) for one in chosen],
    )


def end(cx: apsw.Connection, scope: str) -> int:
    """Drops the pseudonyms of a scope that is over; gives how many there were."""
    cx.execute("DELETE FROM pseudonyms WHERE scope = ?", (scope,))
    return cx.changes()


def remove_unremembered(cx: apsw.Connection) -> int:
    """Drops the pseudonyms of what no item and no fact holds any more; gives how many rows that were.

    A value that was never in an item goes too: the next call chooses another, which costs nothing but a name.
    """
    values = [str(value) for (value,) in cx.execute("SELECT DISTINCT value FROM pseudonyms")]
    gone = [value for value in values if not _is_remembered(cx, value)]
    count = 0
    for value in gone:
        cx.execute("DELETE FROM pseudonyms WHERE value = ?", (value,))
        count += cx.changes()
    return count


def state(cx: apsw.Connection) -> tuple[int, ...]:
    """Changes when an item or a fact came or went: what is known has to be read again."""
    sql = """SELECT coalesce((SELECT max(id) FROM items), 0), coalesce((SELECT sum(n) FROM item_counts), 0),
                    coalesce((SELECT max(id) FROM facts), 0), (SELECT count(*) FROM facts)"""
    return tuple(whole(value) for value in cx.execute(sql).fetchall()[0])


def speakers(cx: apsw.Connection) -> list[str]:
    """Everybody who says something in the store, but for the companion: its name is nobody's."""
    rows = cx.execute("SELECT DISTINCT speaker FROM items WHERE speaker <> '' AND kind <> 'reply' ORDER BY speaker")
    return [str(speaker) for (speaker,) in rows]


def count(cx: apsw.Connection) -> int:
    return whole(cx.execute("SELECT count(*) FROM pseudonyms").get)


def _is_remembered(cx: apsw.Connection, value: str) -> bool:
    """Whether some item's text or speaker holds the value as whole words. The index stems ("Annes" finds "Ann") and takes a run of
    Chinese for one word, so what it finds is read, and where it finds nothing unspaced scripts are looked for in full."""
    parts = _words(value)
    if not parts:
        return False
    match = '"' + " ".join(parts) + '"'
    rows: Iterable[tuple[object, ...]] = cx.execute(
        "SELECT i.text, i.speaker FROM items_fts f JOIN items i ON i.id = f.rowid WHERE items_fts MATCH ?", (match,)
    )
    if any(_holds(f"{text} \n {speaker}", parts) for text, speaker in rows):
        return True
    if value.isascii():
        return False
    found = cx.execute("SELECT 1 FROM items WHERE instr(text, ?) OR instr(speaker, ?) LIMIT 1", (value, value))
    return bool(found.fetchall())


def _holds(text: str, parts: Sequence[str]) -> bool:
    return f" {' '.join(parts)} " in f" {' '.join(_words(text))} "


def _words(text: str) -> list[str]:
    """Folded as the index folds (unicode61, remove_diacritics 2)."""
    folded = "".join(char for char in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(char))
    return "".join(char if char.isalnum() else " " for char in folded).split()
