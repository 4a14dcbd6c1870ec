"""What changed because of the person, as rows that say so, the latest first; and what each week brought, counted.

Nothing is kept for this: each function reads the rows that changed. A place is (Unix seconds, number); what comes after it in a list is
below it. What is withheld or just being forgotten is in none of these.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import apsw

from .items import whole

Place = tuple[float, int]
END: Place = (float("inf"), 1 << 62)  # everything is below it
CORRECTION, WORD = "correction:", "feedback:"  # beginnings of the refs of what put right a fact, or a reply
_IS_OWN = "f.integrity IN ('person', 'system')"
_BY_HAND = "(substr(s.ref, 1, 11) = 'correction:' OR substr(s.ref, 1, 9) = 'feedback:')"
_FROM = "FROM facts f JOIN items i ON i.id = f.item_id JOIN sources s ON s.id = i.source_id"


class Row(NamedTuple):
    """A row that changed: when (Unix seconds; 0 where nobody knows), and its number."""

    at: float
    number: int


class Word(NamedTuple):
    """An item that puts something right: ``ref`` says what (correction:f3, feedback:i12)."""

    at: float
    number: int
    ref: str
    is_used: bool


class Allowed(NamedTuple):
    at: float
    number: int
    destination: str
    purpose: str
    is_over: bool


class Installed(NamedTuple):
    """A skill: ``how`` is installed, updated, or off (one that came with Ownmind)."""

    at: float
    number: int
    name: str
    how: str
    is_on: bool


class Voice(NamedTuple):
    """A model since its first reply that is still here: ``number`` is that reply."""

    at: float
    number: int
    brain: str
    replies: int


def words(cx: apsw.Connection, prefix: str, below: Place, most: int) -> list[Word]:
    """Corrections of facts (those taken back too), or of replies (those that are remembered), by the beginning of their refs."""
    found = cx.execute(
        """SELECT i.learned_at, i.id, s.ref, NOT i.withheld FROM sources s JOIN items i ON i.source_id = s.id
            WHERE s.ref >= ? AND s.ref < ? AND i.withheld <= ? AND (i.learned_at, i.id) < (?, ?)
            AND i.id NOT IN (SELECT item_id FROM forgetting) ORDER BY i.learned_at DESC, i.id DESC LIMIT ?""",
        (prefix, f"{prefix[:-1]};", prefix == CORRECTION, *below, most),
    )
    return [Word(float(str(at)), whole(row), str(ref), bool(used)) for at, row, ref, used in found]


def word(cx: apsw.Connection, number: int) -> Word | None:
    """One of these, used or not; of a reply also before it was remembered."""
    found = cx.execute(
        f"""SELECT i.learned_at, i.id, s.ref, NOT i.withheld FROM items i JOIN sources s ON s.id = i.source_id
            WHERE i.id = ? AND i.withheld IN (0, 1) AND {_BY_HAND} AND i.id NOT IN (SELECT item_id FROM forgetting)""",  # noqa: S608  # constants
        (number,),
    )
    return next((Word(float(str(at)), whole(row), str(ref), bool(used)) for at, row, ref, used in found), None)


def kept_instead(cx: apsw.Connection, newer: int) -> int:
    """The fact the person confirmed in the place of this one, learnt later; 0 for none."""
    sql = """SELECT f.id FROM facts g JOIN items j ON j.id = g.item_id JOIN facts f ON f.id = g.superseded_by
             JOIN items i ON i.id = f.item_id
             WHERE g.id = ? AND f.id < g.id AND f.kept AND NOT g.wrong AND NOT i.withheld AND NOT j.withheld"""
    return next((whole(row) for (row,) in cx.execute(sql, (newer,))), 0)


def confirmed(cx: apsw.Connection, below: Place, most: int) -> list[Row]:
    """Facts the person confirmed, also where they took that back: the first row of each statement."""
    return _rows(
        cx,
        f"""SELECT coalesce(f.kept_at, f.learned_at), f.id {_FROM} WHERE (f.kept OR f.kept_at IS NOT NULL)
            AND (coalesce(f.kept_at, f.learned_at), f.id) < (?, ?) AND NOT i.withheld AND NOT {_BY_HAND}
            AND NOT EXISTS (SELECT 1 FROM facts g JOIN items j ON j.id = g.item_id WHERE g.content_key = f.content_key AND g.id < f.id
                            AND (g.kept OR g.kept_at IS NOT NULL) AND NOT j.withheld)
            ORDER BY coalesce(f.kept_at, f.learned_at) DESC, f.id DESC LIMIT ?""",  # noqa: S608  # constants
        below,
        most,
    )


def updated(cx: apsw.Connection, below: Place, most: int) -> list[Row]:
    """Facts in the person's own words that took the place of others learnt before. They come by their rows: that is by time, unless the
    clock was put back. The index is walked from its end, so that a page costs the same whatever there is."""
    return _rows(
        cx,
        f"""SELECT f.learned_at, f.id FROM facts w INDEXED BY facts_superseded CROSS JOIN facts f ON f.id = w.superseded_by
            CROSS JOIN items j ON j.id = w.item_id CROSS JOIN items i ON i.id = f.item_id CROSS JOIN sources s ON s.id = i.source_id
            WHERE w.superseded_by IS NOT NULL AND w.id < f.id AND {_IS_OWN} AND (f.learned_at, f.id) < (?, ?)
            AND NOT i.withheld AND NOT j.withheld AND NOT {_BY_HAND}
            GROUP BY w.superseded_by ORDER BY w.superseded_by DESC LIMIT ?""",  # noqa: S608  # constants
        below,
        most,
    )


def wishes(cx: apsw.Connection, below: Place, most: int) -> list[Row]:
    """What the person said of how they want to be treated (needs, standing instructions): the first row of each statement."""
    return _rows(
        cx,
        f"""SELECT f.learned_at, f.id {_FROM} WHERE f.kind IN ('instruction', 'need') AND {_IS_OWN} AND (f.learned_at, f.id) < (?, ?)
            AND NOT i.withheld AND NOT {_BY_HAND}
            AND NOT EXISTS (SELECT 1 FROM facts g JOIN items j ON j.id = g.item_id WHERE g.content_key = f.content_key AND g.id < f.id
                            AND NOT j.withheld)
            ORDER BY f.learned_at DESC, f.id DESC LIMIT ?""",  # noqa: S608  # constants
        below,
        most,
    )


def allowed(cx: apsw.Connection, below: Place, most: int) -> list[Allowed]:
    """What may leave until it is revoked, and what might until it was."""
    rows = cx.execute(
        """SELECT given_at, id, destination, purpose, revoked_at IS NOT NULL FROM permissions WHERE until IS NULL AND uses_left IS NULL
           AND (given_at, id) < (?, ?) ORDER BY given_at DESC, id DESC LIMIT ?""",
        (*below, most),
    )
    return [Allowed(float(str(at)), whole(row), str(to), str(why), bool(over)) for at, row, to, why, over in rows]


def skills(cx: apsw.Connection, below: Place, most: int) -> list[Installed]:
    """Skills that were installed or updated and still are, and those of Ownmind's own that are switched off."""
    rows = cx.execute(
        """SELECT at, number, name, how, is_on FROM (
             SELECT coalesce(k.approved_at, k.added_at) AS at, k.id AS number, k.name,
                    iif(EXISTS (SELECT 1 FROM skills b WHERE b.name = k.name AND b.state = 'before'), 'updated', 'installed') AS how,
                    k.name NOT IN (SELECT name FROM skills_off) AS is_on
             FROM skills k WHERE k.state = 'active'
             UNION ALL
             SELECT coalesce(o.at, 0), row_number() OVER (ORDER BY o.name), o.name, 'off', 0 FROM skills_off o
             WHERE o.name NOT IN (SELECT name FROM skills))
           WHERE (at, number) < (?, ?) ORDER BY at DESC, number DESC LIMIT ?""",
        (*below, most),
    )
    return [Installed(float(str(at)), whole(number), str(name), str(how), bool(on)) for at, number, name, how, on in rows]


def voices(cx: apsw.Connection, below: Place, most: int) -> list[Voice]:
    """Every model that has answered, by its first reply."""
    rows = cx.execute(
        """SELECT i.learned_at, i.id, r.brain, r.n FROM (SELECT min(item_id) AS row, brain, count(*) AS n FROM replies WHERE brain <> ''
                                                           GROUP BY brain) r JOIN items i ON i.id = r.row
           WHERE (i.learned_at, i.id) < (?, ?) ORDER BY i.learned_at DESC, i.id DESC LIMIT ?""",
        (*below, most),
    )
    return [Voice(float(str(at)), whole(row), str(brain), whole(n)) for at, row, brain, n in rows]


def when(cx: apsw.Connection, fact: int, *, confirmed: bool) -> float:
    """When this fact was learnt, or was ``confirmed``, in Unix seconds; 0 where it is not here."""
    for learned, kept in cx.execute("SELECT learned_at, kept_at FROM facts WHERE id = ?", (fact,)):
        return float(str(kept if confirmed and kept is not None else learned))
    return 0.0


def in_place_of(cx: apsw.Connection, facts: Iterable[int]) -> dict[int, list[int]]:
    """By row, the facts learnt before that each of these took the place of; what is withheld left out."""
    found: dict[int, list[int]] = {row: [] for row in facts}
    sql = """SELECT w.value, g.id FROM json_each(?) w JOIN facts g ON g.superseded_by = w.value JOIN items j ON j.id = g.item_id
             WHERE g.id < w.value AND NOT j.withheld ORDER BY g.id"""
    for row, older in cx.execute(sql, (json.dumps([*found]),)):
        found[whole(row)].append(whole(older))
    return found


def learnt_from(cx: apsw.Connection, rows: Iterable[int]) -> dict[int, list[int]]:
    """By item, the rows of the facts learnt from it."""
    found: dict[int, list[int]] = {row: [] for row in rows}
    sql = "SELECT item_id, id FROM facts WHERE item_id IN (SELECT value FROM json_each(?)) ORDER BY id"
    for item, fact in cx.execute(sql, (json.dumps([*found]),)):
        found[whole(item)].append(whole(fact))
    return found


def cited_facts(cx: apsw.Connection, reply: int) -> list[int]:
    """The facts that rest on what this reply cites."""
    sql = "SELECT f.id FROM reply_sources q JOIN facts f ON f.item_id = q.item_id WHERE q.reply_id = ? ORDER BY f.id"
    return [whole(row) for (row,) in cx.execute(sql, (reply,))]


def shown(cx: apsw.Connection, facts: Iterable[int]) -> list[int]:
    """Those of these facts that may be shown."""
    sql = "SELECT f.id FROM facts f JOIN items i ON i.id = f.item_id WHERE f.id IN (SELECT value FROM json_each(?)) AND NOT i.withheld"
    return [whole(row) for (row,) in cx.execute(sql, (json.dumps([*facts]),))]


def corrected_by_hand(cx: apsw.Connection, facts: Iterable[int]) -> set[int]:
    """Those of these facts that a correction says too."""
    sql = f"""SELECT w.value FROM json_each(?) w JOIN facts o ON o.id = w.value JOIN facts f ON f.content_key = o.content_key
              JOIN items i ON i.id = f.item_id JOIN sources s ON s.id = i.source_id WHERE {_BY_HAND}"""  # noqa: S608  # constants
    return {whole(row) for (row,) in cx.execute(sql, (json.dumps([*facts]),))}


def thumbed(cx: apsw.Connection, words: Iterable[int]) -> set[int]:
    """Those of these words of correction that a thumb still holds."""
    sql = "SELECT word_id FROM feedback WHERE word_id IN (SELECT value FROM json_each(?))"
    return {whole(row) for (row,) in cx.execute(sql, (json.dumps([*words]),))}


@dataclass(frozen=True, slots=True)
class Counted:
    """What came between two moments, in rows. ``good`` and ``bad`` have a thumb; ``unknown``: what it said it did not know."""

    replies: int
    good: int
    bad: int
    unknown: int
    corrections: int  # words given with a thumb
    remembered: int  # of these
    learnt: int  # statements
    confirmed: int
    put_right: int  # facts corrected by hand, and not taken back


def counted(cx: apsw.Connection, bounds: Sequence[float]) -> list[Counted]:
    """What came from each of ``bounds`` (Unix seconds, rising) to the next."""
    first = _first_fact_since(cx, bounds[0])
    return [_between(cx, start, end, first) for start, end in pairwise(bounds)]


def _between(cx: apsw.Connection, start: float, end: float, first: int) -> Counted:
    (replies, unknown) = cx.execute(
        """SELECT count(*), coalesce(sum(NOT r.known), 0) FROM items i JOIN replies r ON r.item_id = i.id
           WHERE i.at >= ? AND i.at < ? AND NOT r.stopped AND NOT i.withheld""",
        (start, end),
    ).fetchall()[0]
    (good, bad, given, remembered) = cx.execute(
        """SELECT coalesce(sum(f.is_good), 0), coalesce(sum(NOT f.is_good), 0), count(w.id), coalesce(sum(NOT w.withheld), 0)
           FROM feedback f LEFT JOIN items w ON w.id = f.word_id WHERE f.at >= ? AND f.at < ?""",
        (start, end),
    ).fetchall()[0]
    (learnt,) = cx.execute(
        """SELECT count(*) FROM facts f JOIN items i ON i.id = f.item_id
           WHERE f.id >= ? AND f.learned_at >= ? AND f.learned_at < ? AND NOT i.withheld
           AND NOT EXISTS (SELECT 1 FROM facts g WHERE g.content_key = f.content_key AND g.id < f.id)""",
        (first, start, end),
    ).fetchall()[0]
    (sure,) = cx.execute(
        """SELECT count(DISTINCT f.content_key) FROM facts f JOIN items i ON i.id = f.item_id JOIN sources s ON s.id = i.source_id
           WHERE (f.kept OR f.kept_at IS NOT NULL) AND coalesce(f.kept_at, f.learned_at) >= ? AND coalesce(f.kept_at, f.learned_at) < ?
           AND f.kept AND substr(s.ref, 1, 11) <> 'correction:' AND NOT i.withheld""",
        (start, end),
    ).fetchall()[0]
    (right,) = cx.execute(
        """SELECT count(*) FROM sources s JOIN items i ON i.source_id = s.id WHERE s.ref >= 'correction:' AND s.ref < 'correction;'
           AND i.learned_at >= ? AND i.learned_at < ? AND NOT i.withheld""",
        (start, end),
    ).fetchall()[0]
    return Counted(*(whole(n) for n in (replies, good, bad, unknown, given, remembered, learnt, sure, right)))


def _first_fact_since(cx: apsw.Connection, start: float) -> int:
    """About the row of the first fact learnt since ``start``, by halving: ids rise with time, and a table is not read to find a week."""
    low, high = 0, whole(cx.execute("SELECT coalesce(max(id), 0) FROM facts").get)
    while low < high:
        middle = (low + high) // 2
        at = cx.execute("SELECT learned_at FROM facts WHERE id > ? ORDER BY id LIMIT 1", (middle,)).get
        if at is None or float(str(at)) >= start:
            high = middle
        else:
            low = middle + 1
    return low


def _rows(cx: apsw.Connection, sql: str, below: Place, most: int) -> list[Row]:
    return [Row(float(str(at)), whole(row)) for at, row in cx.execute(sql, (*below, most))]
