"""What forgetting a target would remove: rows, then what a person is shown of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import apsw

from ...errors import BadInput, NotFound
from ...messages import Fact, Forgetting, Item, Kind, Target
from ...store import facts as fact_rows
from ...store import goals, items, promises, search, targets
from .. import dates, kin
from ..facts import subject_key
from ..whose import YOU, speaker_of
from ..words import STOP, contains_words, content_words, normalised, words

SHOWN = 200  # items and facts a plan holds whole; of the others, the ids
_REPEATS = 4  # words: a reply that says this many in a row repeats the item
_ALL = 1 << 40  # no limit: only ids are kept
_PARTS = ("", "by", "about")


def rows_named(cx: apsw.Connection, target: Target, now: datetime, ways: Sequence[str]) -> list[int]:
    """The rows that meet everything ``target`` says, ascending; empty when none does. ``ways``: how its person is called. Raises
    BadInput for a target that says nothing or cannot be read."""
    chosen = [rows for rows in _conditions(cx, target, now, ways) if rows is not None]
    if not chosen:
        raise BadInput("forget what?", hint="give an id, a source, a conversation, a person, a time, or words")
    return sorted(set(chosen[0]).intersection(*chosen[1:]))


def with_replies(cx: apsw.Connection, rows: Sequence[int]) -> list[int]:
    """``rows`` and the companion's replies that cite, answer or repeat them."""
    replies = {*items.replies_citing(cx, rows), *items.replies_to(cx, rows), *_repeating(cx, rows)}
    return [*rows, *sorted(replies - set(rows))]


def shown(cx: apsw.Connection, rows: Sequence[int], ways: Sequence[str]) -> Forgetting:
    """The plan for ``rows`` as a person sees it."""
    facts = fact_rows.resting_on(cx, rows[:SHOWN])
    return Forgetting(
        items=tuple(items.get(cx, rows[:SHOWN])),
        facts=tuple(facts[:SHOWN]),
        counts=_counts(cx, rows, ways),
        ids=tuple(items.item_id(row) for row in rows),
        people=tuple(ways),
    )


def last_facts(cx: apsw.Connection, gone: Sequence[Fact]) -> set[bytes]:
    """Facts (by content) of which every row goes: the others go on resting on another item."""
    rows = {items.row_id(fact.id) for fact in gone}
    keys = set(fact_rows.content_keys(cx, rows).values())
    return {key for key in keys if all(items.row_id(fact.id) in rows for fact in fact_rows.same(cx, key))}


def _conditions(cx: apsw.Connection, target: Target, now: datetime, ways: Sequence[str]) -> Iterable[Sequence[int] | None]:
    """For each thing the target says, the rows that meet it; None for what it does not say."""
    if target.part not in _PARTS:
        raise BadInput(f"a person's part is {target.part!r}", hint="by (what they said) or about (what is said about them)")
    yield _named(cx, target.what.strip()) if target.what.strip() else None
    yield by_person(cx, ways, target.part) if target.person.strip() else None
    yield targets.from_source(cx, target.source.strip()) if target.source.strip() else None
    yield targets.in_conversation(cx, target.conversation.strip()) if target.conversation.strip() else None
    yield _during(cx, target.during, now) if target.during.strip() else None
    yield _holding(cx, target.topic) if target.topic.strip() else None


def people(cx: apsw.Connection, person: str, now: datetime) -> tuple[str, ...]:
    """Every way of calling ``person`` that what was said links ("my sister", "Ana"). Raises BadInput for no name."""
    if not words(person):
        raise BadInput(f"{person!r} is no name", hint="give a name as it stands in what was said")
    return kin.called(person.strip(), fact_rows.relations(cx, now))


def by_person(cx: apsw.Connection, ways: Sequence[str], part: str) -> list[int]:
    """Rows said by a person or about them, who goes by these ``ways``; ``part`` "by" or "about" is one of the two alone. A name matches
    by whole words: "Ana" is "Ana Lima" and not "Anastasia"."""
    found: set[int] = set()
    for way in ways:
        name = words(way)
        if part != "about":
            found.update(row for row, speaker in targets.spoken_by(cx, name) if set(name) <= set(words(speaker)))
        if part != "by":
            found.update(_mentioning(cx, way))
            found.update(targets.with_facts_about(cx, subject_key(way)))
            found.update(promises.naming(cx, way) if subject_key(way) != YOU else ())
    return sorted(found)


def _mentioning(cx: apsw.Connection, way: str) -> list[int]:
    """Rows whose text says ``way``. "My sister" is the person's only where the person speaks, and the companion says "your sister"."""
    whose, _, role = way.partition(" ")
    is_mine = bool(role) and whose.lower() in ("my", "our", "your")
    found: list[int] = []
    for said in (f"my {role}", f"our {role}", f"your {role}") if is_mine else (way,):
        rows = [row for row, text in targets.mentioning(cx, words(said)) if contains_words(text, said)]
        found += [items.row_id(item.id) for item in items.get(cx, rows) if _means_mine(item, said)] if is_mine else rows
    return found


def _means_mine(item: Item, said: str) -> bool:
    return item.kind is Kind.REPLY if said.startswith("your") else item.kind is not Kind.REPLY and speaker_of(item) in ("", YOU)


def _named(cx: apsw.Connection, what: str) -> list[int]:
    """An item's or a fact's id, a source's ref, a conversation, else words: then every item that holds all of them."""
    if what[0] in "if" and what[1:].isdecimal() and len(what) < items.LONGEST_ID:
        number = items.row_id(what)
        if what[0] == "i":
            return [number] if items.get(cx, [number]) else []
        return fact_rows_named(cx, number)
    return items.rows_of(cx, source=what) or items.rows_of(cx, conversation=what) or _holding(cx, what)


def fact_rows_named(cx: apsw.Connection, fact: int) -> list[int]:
    """The items a fact rests on: while one of them stays, the fact could be read off it again."""
    keys = fact_rows.content_keys(cx, [fact])
    return sorted({items.row_id(same.item_id) for key in keys.values() for same in fact_rows.same(cx, key)})


def _holding(cx: apsw.Connection, query: str) -> list[int]:
    """Items that hold every word of ``query`` that carries meaning. Conservative: resemblance removes nothing."""
    wanted = content_words(query)
    return [] if all(word in STOP for word in wanted) else search.holding(cx, wanted, list(Kind), _ALL)


def _during(cx: apsw.Connection, phrase: str, now: datetime) -> list[int]:
    start, until = stretch(phrase, now)
    return targets.said_between(cx, start.timestamp(), until.timestamp())


def stretch(phrase: str, now: datetime) -> tuple[datetime, datetime]:
    """The half-open stretch of time ``phrase`` names: words a question could say ("last week"), or a day..day, both included."""
    first, between, last = phrase.partition("..")
    if between:
        return _day(first, now)[0], _day(last, now)[1]
    found = dates.window(phrase, now) or dates.window(f"in {phrase}", now)
    if found is None:
        raise BadInput(f"{phrase!r} names no time that is understood", hint='for example "March 2023", "last week", 2023-03-01..2023-03-31')
    return found.start, found.end


def _day(said: str, now: datetime) -> tuple[datetime, datetime]:
    """The day or moment ``said`` begins and ends with."""
    try:
        at = datetime.fromisoformat(said.strip())
    except ValueError:
        return stretch(said, now)
    at = at if at.tzinfo else at.replace(tzinfo=now.tzinfo)
    return at, at + timedelta(days=1) if len(said.strip()) <= len("2023-03-01") else at


def _repeating(cx: apsw.Connection, rows: Sequence[int]) -> set[int]:
    """Replies that say the whole of one of these items. An item is looked up by the hash of its first words: no text is kept."""
    first: dict[int, list[int]] = {}
    for start in range(0, len(rows), 500):
        for item in items.get(cx, rows[start : start + 500]):
            said = normalised(item.text).split()
            if item.kind is not Kind.REPLY and len(said) >= _REPEATS:
                first.setdefault(hash(tuple(said[:_REPEATS])), []).append(items.row_id(item.id))
    return {items.row_id(reply.id) for reply in targets.of_kind(cx, Kind.REPLY) if _repeats(cx, reply, first)} if first else set()


def _repeats(cx: apsw.Connection, reply: Item, first: dict[int, list[int]]) -> bool:
    said = normalised(reply.text).split()
    starts = {hash(tuple(said[at : at + _REPEATS])) for at in range(len(said) - _REPEATS + 1)}
    likely = sorted({row for start in starts if start in first for row in first[start]})
    whole = f" {' '.join(said)} "
    return any(f" {normalised(item.text)} " in whole for item in items.get(cx, likely))


def _counts(cx: apsw.Connection, rows: Sequence[int], ways: Sequence[str]) -> dict[str, int]:
    gone = fact_rows.resting_on(cx, rows) if len(rows) <= SHOWN else []
    counts = {
        "items": len(rows),
        "replies": targets.replies_among(cx, rows),
        "facts": len(last_facts(cx, gone)) if len(rows) <= SHOWN else targets.facts_among(cx, rows),
        "vectors": items.vectors_of(cx, rows),
        "index": len(rows),
        "blobs": len(items.blobs_of(cx, rows)),
    }
    if aims := goals.resting_on(cx, rows):
        counts["goals"] = len(aims)
    if ways:
        mine = set(rows)
        for part in ("by", "about"):
            counts[part] = len(mine.intersection(by_person(cx, ways, part)))
    return counts


def needed(rows: Sequence[int]) -> Sequence[int]:
    """``rows``, or NotFound when there are none."""
    if not rows:
        raise NotFound(
            "nothing here matches that",
            hint="give an id from `ownmind recall`, a source, a conversation, or words that all stand in one item",
        )
    return rows
