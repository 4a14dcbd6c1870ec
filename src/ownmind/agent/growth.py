"""What changed in this companion because of this person: the face ``growth``.

Each change is read off the rows that changed, when it is asked for: what it says goes with the words it came from, and nothing is kept a
second time. It is taken back by the room that owns it. The figures of a week are counts of rows and claim no more: nothing here is measured
on held-out cases, and no model's weights change.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from datetime import date, datetime, time, timedelta, tzinfo

import apsw

from ..errors import BadInput, NotFound
from ..memory.memories import Memories
from ..memory.memory import Memory
from ..people.book import People
from ..people.person import Said
from ..skills.book import Skills
from ..store import facts as fact_rows
from ..store import growth as rows
from ..store import items
from ..store.growth import CORRECTION, END, WORD, Place
from ..store.opening import Store
from .grown import Change, Found, Row, changes, kept_instead, of_two
from .talking import Talking

KINDS = ("fix", "correction", "confirmed", "updated", "wish", "people", "permission", "skill", "brain")
_RANKS = {kind: -place for place, kind in enumerate(KINDS)}  # of several at one moment, the first of KINDS is the latest
_MOST = 200  # changes given at once
_FEW = 10_000  # of what there is little of: permissions, skills, models
_WEEKS = 52


@dataclass(frozen=True, slots=True)
class Page:
    """Some changes, the latest first; ``next`` is the cursor of those after them, "" at the end."""

    changes: tuple[Change, ...]
    next: str


@dataclass(frozen=True, slots=True)
class Week:
    """What a week brought, from Monday, in rows. ``good`` and ``bad`` of ``replies`` have a thumb; ``unknown``: what it said it did not
    know; ``corrections``: words given with a thumb, of which ``remembered`` are used; ``learnt``: statements that were new;
    ``put_right``: memories corrected by hand."""

    start: date
    replies: int
    good: int
    bad: int
    unknown: int
    corrections: int
    remembered: int
    learnt: int
    confirmed: int
    put_right: int


class Growth:
    """What changed in one home. Any thread may use it. ``zone``: the person's, for what a week is."""

    def __init__(
        self,
        store: Store,
        memory: Memory,
        clock: Callable[[], datetime],
        zone: Callable[[], tzinfo],
        *,
        memories: Memories,
        talk: Talking,
        people: People,
        skills: Skills,
    ) -> None:
        self._store, self._memory, self._clock, self._zone = store, memory, clock, zone
        self._memories, self._talk, self._people, self._skills = memories, talk, people, skills

    def all(self, kind: str = "", cursor: str = "", limit: int = 50) -> Page:
        """Changes of one kind, or of all; the latest first. Raises BadInput."""
        if kind not in ("", *KINDS):
            raise BadInput(f"there is no kind {kind[:40]!r}", hint=f"one of: {', '.join(KINDS)}")
        place, most = _read(cursor), min(max(limit, 1), _MOST)
        kinds = [kind] if kind else KINDS
        found = self._of_people(_below(place, "people"), most + 1) if "people" in kinds else []
        with self._store.db.read() as cx:
            found += [one for each in kinds if each in _LISTS for one in _listed(cx, each, _below(place, each), most + 1)]
            found.sort(key=_place, reverse=True)
            told = tuple(changes(cx, found[:most], self._clock()))
        last = found[most - 1] if len(found) > most else None
        return Page(told, "" if last is None else f"{last.at!r} {last.kind} {last.number}")

    def get(self, change: str) -> Change:
        """One of them as it is now, also one that was taken back and is in no list any more. Raises NotFound."""
        kind, _, key = change.partition(":")
        match kind:
            case "fix" | "correction" | "confirmed" | "updated" | "wish":
                found = self._of_memory(kind, items.row_id(key, "i" if kind in ("fix", "correction") else "f"))
            case "people":
                found = self._of_two(key)
            case "skill":
                found = self._of_skill(key)
            case _:
                found = self._among(kind, change)
        if found is None or found.id != change:
            raise NotFound(f"there is no change {change[:40]!r}", hint="`ownmind growth` lists them with their ids")
        return found

    def weeks(self, count: int = 8) -> tuple[Week, ...]:
        """What the last weeks brought, this one last."""
        zone = self._zone()
        today = self._clock().astimezone(zone).date()
        monday = today - timedelta(days=today.weekday())
        starts = [monday - timedelta(weeks=n) for n in range(min(max(count, 1), _WEEKS) - 1, -2, -1)]
        with self._store.db.read() as cx:
            counted = rows.counted(cx, [datetime.combine(day, time(), zone).timestamp() for day in starts])
        return tuple(Week(start, *astuple(one)) for start, one in zip(starts, counted, strict=False))

    def undo(self, change: str) -> Change:
        """Takes a change back, and gives it as it is then. Raises NotFound, and BadInput for one that cannot be taken back."""
        one = self.get(change)
        if not one.can_undo:
            raise BadInput("that cannot be taken back here", hint=_INSTEAD.get(one.kind, "forget the words it came from"))
        _, _, key = change.partition(":")
        match one.kind:
            case "fix" | "correction":
                self._memory.take_back(key)
            case "confirmed":
                self._memories.unkeep(key)
            case "updated":
                self._memory.keep(self._older(key))
            case "people":
                self._people.undecide(key.partition(":")[2])
            case "permission":
                self._store.permissions.revoke(key, now=self._clock())
            case "skill":
                self._skills.enable(key, on=one.detail == "off")
        return self.get(change)

    def redo(self, change: str) -> Change:
        """Has a change count again that was taken back, and gives it as it is then. Raises NotFound, BadInput."""
        kind, _, key = change.partition(":")
        match kind:
            case "fix":
                self._memory.fix_again(key)
            case "correction":
                self._talk.remember(self._memory.item(key).source.ref.removeprefix(WORD))
            case "confirmed":
                self._memory.keep(key)
            case "updated":
                self._memories.unkeep(self._newer(key))
            case "people":
                self._say_again(*key.split(":", 1))
            case "skill":
                self._skills.enable(key, on=self._skills.get(key).state != "builtin")
            case _:
                raise BadInput("that cannot be had again here", hint=_INSTEAD.get(kind, "`ownmind growth` lists changes with their ids"))
        return self.get(change)

    # Inside

    def _of_memory(self, kind: str, number: int) -> Change | None:
        with self._store.db.read() as cx:
            if kind in ("fix", "correction"):
                word = rows.word(cx, number)
                some = [] if word is None else [Found(kind, word.at, number, word)]
            else:
                at = rows.when(cx, number, confirmed=kind == "confirmed")
                some = [one for one in _listed(cx, kind, (at, number + 1), 1) if one.number == number]
                if not some and kind == "updated" and (older := rows.kept_instead(cx, number)):
                    return kept_instead(cx, number, older)
            return next(changes(cx, some, self._clock()), None)

    def _of_two(self, key: str) -> Change | None:
        """What was said of the two sides of a link; taken back, where nothing is said of them any more."""
        verdict, _, link = key.partition(":")
        for one in self._of_people(END, _FEW):
            if isinstance(one.row, Said) and one.row.link == link:
                return of_two(one.row)
        names = self._people.sides(link)
        said = Said(link, verdict, self._clock(), *names)
        return replace(of_two(said), state="undone", can_undo=False, can_redo=True) if all(names) else None

    def _of_skill(self, name: str) -> Change | None:
        found = self._among("skill", f"skill:{name}")
        if found is None and self._skills.get(name).state == "builtin":
            return Change(f"skill:{name}", "skill", None, (name,), (), "off", state="undone", can_redo=True)
        return found

    def _among(self, kind: str, change: str) -> Change | None:
        """One of a kind there is little of."""
        with self._store.db.read() as cx:
            some = _listed(cx, kind, END, _FEW) if kind in _LISTS else []
            return next((one for one in changes(cx, some, self._clock()) if one.id == change), None)

    def _of_people(self, below: Place, most: int) -> list[Found]:
        """What was said of people who have a name still; whoever is forgotten has none."""
        found: list[Found] = []
        while len(found) < most and (said := self._people.decided(below, most)):
            below = (said[-1].at.timestamp(), _first(said[-1]))
            found += [Found("people", one.at.timestamp(), _first(one), one) for one in said if one.first and one.second]
        return found[:most]

    def _older(self, newer: str) -> str:
        row = items.row_id(newer, "f")
        with self._store.db.read() as cx:
            return f"f{rows.in_place_of(cx, [row])[row][0]}"

    def _newer(self, older: str) -> str:
        with self._store.db.read() as cx:
            found = fact_rows.get(cx, [items.row_id(older, "f")])
        if not found or found[0].superseded_by is None:
            raise NotFound(f"nothing stands in the place of {older[:20]}", hint="`ownmind growth` lists changes with their ids")
        return found[0].superseded_by

    def _say_again(self, verdict: str, link: str) -> None:
        match verdict:
            case "same":
                self._people.join(link)
            case "apart":
                self._people.split(link)
            case _:
                self._people.me(f"p{link.removeprefix('l').partition('.')[0]}")


_LISTS: Mapping[str, Callable[[apsw.Connection, Place, int], Sequence[Row]]] = {
    "fix": lambda cx, below, most: rows.words(cx, CORRECTION, below, most),
    "correction": lambda cx, below, most: rows.words(cx, WORD, below, most),
    "confirmed": rows.confirmed,
    "updated": rows.updated,
    "wish": rows.wishes,
    "permission": rows.allowed,
    "skill": rows.skills,
    "brain": rows.voices,
}
_INSTEAD = {
    "permission": "it is asked for again where it is needed",
    "brain": "`ownmind models use` has another model answer",
    "wish": "say it otherwise, or forget the words",
}


def _listed(cx: apsw.Connection, kind: str, below: Place, most: int) -> list[Found]:
    return [Found(kind, row.at, row.number, row) for row in _LISTS[kind](cx, below, most) if not isinstance(row, Said)]


def _place(one: Found) -> tuple[float, int, int]:
    return one.at, _RANKS[one.kind], one.number


def _first(said: Said) -> int:
    return int(said.link.removeprefix("l").partition(".")[0])


# Cursors


def _read(cursor: str) -> tuple[float, str, int] | None:
    """Where a page goes on. Raises BadInput for what is no cursor."""
    if not cursor:
        return None
    try:
        at, kind, number = cursor.split()
        return float(at), KINDS[KINDS.index(kind)], int(number)
    except ValueError as error:
        raise BadInput("that is no place among the changes", hint="go on with `next` of the answer before") from error


def _below(place: tuple[float, str, int] | None, kind: str) -> Place:
    """The place below which changes of this kind come after ``place`` in the list of all kinds."""
    if place is None:
        return END
    at, last, number = place
    if kind == last:
        return at, number
    return (at, END[1]) if _RANKS[kind] < _RANKS[last] else (at, 0)
