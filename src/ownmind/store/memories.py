"""Facts as a person looks them through: narrowed by what they are about, topic, source, time and words, newest first, page by page.

A statement learnt from several items is several rows (facts.py); here it stands once, at the first of them. A page walks the rows from the
newest down and stops when it is full, so that it costs about the same whether there are a thousand facts or a hundred thousand: hence the
unary plus before most columns, which keeps SQLite from sorting half the table out of an index. Counting reads them all.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import apsw

from .facts import CURRENT
from .items import whole

RULE, MODEL = 0.9, 0.7  # confidence of what they read (memory/rules, memory/extract.py): fixed weights, nothing measured of one fact
SURE = 0.8
STATES = ("now", "guess", "kept", "past", "wrong", "all")

_HEAD = "substr(f.predicate_key, 1, instr(f.predicate_key || ': ', ': ') - 1)"  # "taste" of the slot "taste: figs"
_FROM = "FROM facts f CROSS JOIN items i ON i.id = f.item_id"  # CROSS: the facts in their order, and only then their items
_SAME = "g.content_key = f.content_key AND g.wrong = f.wrong AND g.valid_to IS f.valid_to"
_FIRST = f"NOT EXISTS (SELECT 1 FROM facts g JOIN items j ON j.id = g.item_id WHERE {_SAME} AND g.id < f.id AND NOT j.withheld)"  # noqa: S608
_IS_SURE = f"(f.kept OR (f.stated AND f.confidence >= {SURE}))"
_OTHER_SURE = f"""EXISTS (SELECT 1 FROM facts g JOIN items j ON j.id = g.item_id
    WHERE {_SAME} AND NOT j.withheld AND (g.kept OR (g.stated AND g.confidence >= {SURE})))"""  # noqa: S608
_IS_PAST = "f.wrong = 0 AND f.valid_to IS NOT NULL AND f.valid_to <= max(?, coalesce(f.valid_from, 0))"
_IN_STATE = {
    "now": CURRENT,
    "guess": f"{CURRENT} AND NOT {_IS_SURE} AND NOT {_OTHER_SURE}",
    "kept": f"{CURRENT} AND f.kept",
    "past": f"NOT i.withheld AND {_IS_PAST}",
    "wrong": "NOT i.withheld AND f.wrong",
    "all": "NOT i.withheld",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which facts are meant; what is empty narrows nothing. ``now``, ``since`` and ``until`` in Unix seconds; the two are of when a fact
    was learnt, half-open. ``heads``: first parts of slots ("taste"), None for any. ``source``: a ref, or the beginning of refs that ends
    in ":". ``words`` stand in a fact or in the words it rests on, whatever their case."""

    now: float
    state: str = "now"
    subject: str = ""  # folded
    heads: frozenset[str] | None = None
    source: str = ""
    since: float | None = None
    until: float | None = None
    words: tuple[str, ...] = ()


NOW, PAST, WRONG, KEPT, IS_SURE = 1, 2, 4, 8, 16


class Line(NamedTuple):
    """What counting needs of a fact. ``of`` is the same for all rows of one statement; ``flags``: what holds of it."""

    of: object
    subject_key: str
    subject: str
    head: str
    source: int
    learned_at: float
    flags: int


def page(cx: apsw.Connection, wanted: Wanted, below: int | None, limit: int) -> list[int]:
    """Up to ``limit`` rows, the newest first, from below row ``below`` on."""
    where, values = _where(wanted)
    if below is not None:
        where, values = f"f.id < ? AND {where}", [below, *values]
    sql = f"SELECT f.id {_FROM} WHERE {where} AND {_FIRST} ORDER BY f.id DESC LIMIT ?"  # constants
    return [whole(row) for (row,) in cx.execute(sql, (*values, limit))]


def lines(cx: apsw.Connection, wanted: Wanted) -> Iterable[Line]:
    """Every row that holds the words of ``wanted``, whatever else it says: what is counted under each choice of the others."""
    words, values = _words(wanted.words)
    flags = f"({CURRENT}) + {PAST} * ({_IS_PAST}) + {WRONG} * f.wrong + {KEPT} * f.kept + {IS_SURE} * {_IS_SURE}"
    sql = f"""SELECT f.content_key, f.valid_to, f.wrong, f.subject_key, f.subject, {_HEAD}, i.source_id, f.learned_at, {flags}
              {_FROM} WHERE NOT i.withheld{words} ORDER BY f.id"""  # constants
    for key, valid_to, wrong, subject_key, subject, head, source, learned_at, held in cx.execute(sql, (*[wanted.now] * 3, *values)):
        of = key if valid_to is None and not wrong else (key, valid_to, wrong)
        yield Line(of, subject_key, subject, head, source, learned_at, held)


def heads(cx: apsw.Connection) -> set[str]:
    """The first part of every slot there is."""
    return {str(head) for (head,) in cx.execute(f"SELECT DISTINCT {_HEAD} FROM facts f")}  # noqa: S608  # constants


def saying_the_same(cx: apsw.Connection, rows: Iterable[int]) -> dict[int, list[int]]:
    """For each of these rows, every row of the same statement that may be shown, itself first."""
    found: dict[int, list[int]] = {row: [row] for row in rows}
    sql = f"""SELECT f.id, g.id FROM json_each(?) w JOIN facts f ON f.id = w.value JOIN facts g ON {_SAME}
              JOIN items j ON j.id = g.item_id WHERE NOT j.withheld AND g.id <> f.id ORDER BY g.id"""  # noqa: S608  # constants
    for row, other in cx.execute(sql, (json.dumps([*found]),)):
        found[whole(row)].append(whole(other))
    return found


def lineage(cx: apsw.Connection, row: int, most: int) -> list[int]:
    """The rows of what the fact at ``row`` came from and became: its slot, what was put in its place, what it was put in place of."""
    found = cx.execute(
        """WITH RECURSIVE chain(id) AS (
             SELECT g.id FROM facts f JOIN facts g ON g.subject_key = f.subject_key AND g.predicate_key = f.predicate_key WHERE f.id = ?
             UNION SELECT g.id FROM chain c JOIN facts g ON g.superseded_by = c.id
             UNION SELECT f.superseded_by FROM chain c JOIN facts f ON f.id = c.id WHERE f.superseded_by IS NOT NULL)
           SELECT f.id FROM chain c JOIN facts f ON f.id = c.id JOIN items i ON i.id = f.item_id
           WHERE NOT i.withheld ORDER BY f.id LIMIT ?""",
        (row, most),
    )
    return [whole(each) for (each,) in found]


def titles(cx: apsw.Connection, sources: Iterable[int]) -> dict[int, tuple[str, str]]:
    """Ref and title of these sources."""
    found = cx.execute("SELECT id, ref, title FROM sources WHERE id IN (SELECT value FROM json_each(?))", (json.dumps([*sources]),))
    return {whole(row): (str(ref), str(title)) for row, ref, title in found}


def _where(wanted: Wanted) -> tuple[str, list[str | float]]:
    """The conditions of ``wanted`` and their values, in order."""
    state = _IN_STATE[wanted.state]
    where, values = [state], list[str | float]([wanted.now] * state.count("?"))
    if wanted.subject:
        where.append("+f.subject_key = ?")
        values.append(wanted.subject)
    if wanted.heads is not None:
        where.append(f"{_HEAD} IN (SELECT value FROM json_each(?))")  # noqa: S608  # constants
        values.append(json.dumps([*wanted.heads]))
    if wanted.source:
        which = "substr(s.ref, 1, length(?)) = ?" if wanted.source.endswith(":") else "s.ref = ?"
        where.append(f"+f.item_id IN (SELECT n.id FROM items n JOIN sources s ON s.id = n.source_id WHERE {which})")  # noqa: S608  # constants
        values += [wanted.source] * which.count("?")
    for bound, sign in ((wanted.since, ">="), (wanted.until, "<")):
        if bound is not None:
            where.append(f"f.learned_at {sign} ?")
            values.append(bound)
    words, more = _words(wanted.words)
    return " AND ".join(where) + words, [*values, *more]


def _words(words: Sequence[str]) -> tuple[str, list[str]]:
    """That each of ``words`` stands somewhere in a fact's sentence or quote."""
    where, values = "", list[str]()
    for word in words:
        for operator, pattern in (("LIKE ? ESCAPE '!'", _like(word)), *([] if word.isascii() else [("GLOB ?", _glob(word))])):
            where += f" AND (f.text {operator} OR f.quote {operator})"
            values += [pattern, pattern]
    return where, values


def _like(word: str) -> str:
    """``word`` as LIKE finds it, which is quick and knows the case of ASCII alone: of every other letter only that there is one."""
    return "%" + "".join(f"!{letter}" if letter in "%_!" else letter if letter.isascii() else "_" for letter in word) + "%"


def _glob(word: str) -> str:
    """``word`` as GLOB finds it in any script, each letter in either case; what GLOB means specially stands for itself."""
    letters = []
    for letter in word:
        both = dict.fromkeys(letter.lower() + letter.upper())
        special = letter in "*?["
        letters.append(f"[{''.join(both)}]" if special or len(both) == 2 == len(letter.lower() + letter.upper()) else letter)
    return f"*{''.join(letters)}*"
