"""The people of one home: who they are, when they were in touch, what was promised. The face of this room; sync, from any thread.

Everything is worked out of rows whenever they have changed, and kept in memory until then: nothing here need be forgotten twice.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from ..errors import BadInput, NotFound
from ..memory.memory import Memory
from ..memory.words import normalised
from ..messages import Entry, Integrity, Kind, Label, Source
from ..store import people as rows
from ..store.items import item_id, moment
from ..store.opening import Store
from ..store.people import Decision
from ..store.promises import Promises
from . import promises as promises_
from .correspondence import correspondence
from .gather import Gathered, gather
from .person import Birthday, Card, Cited, Handle, Link, Person, Promise, PromiseState, Waiting
from .resolve import Decided, Record, Resolved, resolve
from .touch import Touch, last, silence
from .waiting import waiting

_MOST_RECONNECT = 3


@dataclass(frozen=True, slots=True)
class _View:
    """What the rows say, worked out."""

    records: dict[int, Record]
    persons: dict[str, Person]
    members: dict[str, tuple[int, ...]]  # a person's records
    links: tuple[Link, ...]
    touches: dict[str, tuple[Touch, ...]]


class People:
    """Who is who, on cards."""

    def __init__(self, store: Store, memory: Memory, clock: Callable[[], datetime]) -> None:
        self._store, self._memory, self._clock = store, memory, clock
        self._promises = Promises(store.db)
        self._one = threading.Lock()
        self._held: tuple[tuple[int, ...], _View] | None = None

    def all(self, query: str = "") -> tuple[Person, ...]:
        """Everybody, those last in touch first, then by name; with ``query``, those with a name or address that has all its words."""
        wanted = normalised(query).split()
        found = [one for one in self._view().persons.values() if not one.is_you and _has(one, wanted)]
        return tuple(sorted(found, key=lambda one: (-(one.last.timestamp() if one.last else 0), one.name.casefold(), one.id)))

    def card(self, person: str) -> Card:
        """Everything about one person, each line with its source. ``person``: an id, or a name of one alone. Raises NotFound, BadInput."""
        view = self._view()
        one = self._named(view, person)
        ours = [link for link in view.links if self._is_of(view, link, one)]
        said = [
            promise for promise in self.promises() if promise.person == one.id and promise.state in (PromiseState.FOUND, PromiseState.OPEN)
        ]
        now = self._clock()
        return Card(
            one, (), (), (),
            tuple(promise for promise in said if promise.by == "you"), tuple(promise for promise in said if promise.by != "you"),
            tuple(ours), _next(one.birthday, now.date()), silence(view.touches.get(one.id, ()), now),
        )  # fmt: skip

    def links(self, state: str = "") -> tuple[Link, ...]:
        """Why records are one person, and which may be: all, or those ``proposed``, ``merged``, ``confirmed`` or ``refused``."""
        if state not in ("", "proposed", "merged", "confirmed", "refused"):
            raise BadInput(f"a link is not {state!r}", hint="proposed, merged, confirmed or refused")
        return tuple(link for link in self._view().links if state in ("", link.state))

    def merge(self, first: str, second: str) -> Person:
        """The two are one, whatever is read later. Raises NotFound."""
        view = self._view()
        one, other = self._named(view, first), self._named(view, second)
        if one.id == other.id:
            return one
        mine, theirs = view.members[one.id], view.members[other.id]
        pairs = {(min(a, b), max(a, b)) for a, b in (*((a, theirs[0]) for a in mine), *((mine[0], b) for b in theirs))}
        self._decide([Decision(a, b, "same") for a, b in sorted(pairs)])
        return self._holding(mine[0])

    def split(self, link: str) -> tuple[Person, ...]:
        """The two sides of a link are two people, whatever is read later. Gives both. Raises NotFound."""
        first, second = self._ends(link)
        self._decide([Decision(first, second, "apart")])
        return tuple(dict.fromkeys((self._holding(first), self._holding(second))))

    def refuse(self, link: str) -> Link:
        """A proposed link is not so, and is not proposed again. Raises NotFound."""
        first, second = self._ends(link)
        self._decide([Decision(first, second, "apart")])
        return next(one for one in self._view().links if one.id == link)

    def rename(self, person: str, name: str) -> Person:
        """Shows this person by another name. The name stands in a note of its own, so that forgetting finds it. Raises NotFound."""
        view = self._view()
        one = self._named(view, person)
        if not (said := " ".join(name.split())):
            raise BadInput("no name", hint="say the name as it should be shown")
        text = f"{one.name} is shown as {said}"
        now = self._clock()
        entry = Entry(text, Source(f"name:{one.id}", "note", "A name you chose"), Label(Integrity.PERSON), Kind.NOTE, now)
        (item,) = self._memory.remember([entry], now=now)
        if not item:
            raise BadInput("that was forgotten, and stays so", hint="`ownmind forget --allow-again` lifts it")
        with self._store.db.write() as cx:
            rows.rename(cx, view.members[one.id], said, int(item[1:]))
        return self._holding(view.members[one.id][0])

    def me(self, person: str) -> Person:
        """This one is the person themselves. Raises NotFound."""
        view = self._view()
        one = self._named(view, person)
        self._decide([Decision(number, number, "you") for number in view.members[one.id]])
        return self._holding(view.members[one.id][0])

    def promises(self, states: tuple[PromiseState, ...] = ()) -> tuple[Promise, ...]:
        """What was promised, those due soonest first."""
        view = self._view()
        by_name = _by_name(view.persons.values())
        found = [promises_.shown(row) for row in self._promises.listed([state.value for state in states])]
        return tuple(replace(one, person=by_name.get(normalised(one.to if one.by == "you" else one.by), "")) for one in found)

    def confirm(self, promise: str) -> Promise:
        """The person says that it is one. Raises NotFound."""
        return self._decided(promise, PromiseState.OPEN)

    def keep(self, promise: str) -> Promise:
        """It was kept. Raises NotFound."""
        return self._decided(promise, PromiseState.KEPT)

    def drop_promise(self, promise: str) -> Promise:
        """It is no promise, or no longer one. Raises NotFound."""
        return self._decided(promise, PromiseState.DROPPED)

    def waiting(self) -> tuple[Waiting, ...]:
        """Who wrote last and asked something, the longest waiting first."""
        persons, now = self._view().persons.values(), self._clock()
        with self._store.db.read() as cx:
            return waiting(correspondence(cx, persons, now), now)

    def birthdays(self, days: int = 30) -> tuple[Birthday, ...]:
        """The birthdays of the next ``days`` days, today's first."""
        today = self._clock().date()
        found = []
        for one in self._view().persons.values():
            day = _next(one.birthday, today)
            if day is not None and one.birthday is not None and not one.is_you and (day - today).days <= days:
                turns = day.year - one.birthday.year if one.birthday.year != 1604 else None
                found.append(Birthday(one.id, one.name, day, turns, one.birthday_ref))
        return tuple(sorted(found, key=lambda one: (one.day, one.name)))

    def reconnect(self) -> tuple[Cited, ...]:
        """A few people who have been quiet for longer than is usual between you, the longest overdue first."""
        view, now = self._view(), self._clock()
        found = []
        for one in view.persons.values():
            why = "" if one.is_you else silence(view.touches.get(one.id, ()), now)
            if why and one.last is not None:
                found.append((one.letters, Cited(f"{one.name}: {why}", one.last_ref, one.last)))
        return tuple(cited for _, cited in sorted(found, key=lambda pair: -pair[0])[:_MOST_RECONNECT])

    def records(self) -> tuple[Record, ...]:
        """Everybody as the sources name them, one by one."""
        return tuple(self._view().records.values())

    def clusters(self) -> tuple[tuple[int, ...], ...]:
        """Which of the records are one person, by their ids."""
        return tuple(self._view().members.values())

    # Who is who

    def _view(self) -> _View:
        """What the rows say now; worked out again only when they have changed."""
        with self._one:
            with self._store.db.read() as cx:
                state = rows.state(cx)
            if self._held is None or self._held[0] != state:
                self._held = (state, self._worked_out())
            return self._held[1]

    def _worked_out(self) -> _View:
        with self._store.db.read() as cx:
            gathered = gather(cx, self._store.keys.tombstones)
        if any(not record.id for record in gathered.records):
            with self._store.db.write() as cx:
                rows.number(cx, gathered.keys)
                gathered = gather(cx, self._store.keys.tombstones)
        with self._store.db.read() as cx:
            said, names = rows.decisions(cx), rows.names(cx)
            heads, mentions, speakers = rows.heads(cx), rows.mentions(cx), rows.speakers(cx)
        resolved = resolve(gathered.records, _decided(said))
        mine = {one.first for one in said if one.verdict == "you"}
        touches = _touches(gathered, heads, mentions, speakers, mine)
        return _put_together(gathered, resolved, names, mine, touches, self._clock())

    def _named(self, view: _View, person: str) -> Person:
        if person in view.persons:
            return view.persons[person]
        wanted = normalised(person)
        found = [one for one in view.persons.values() if wanted and any(normalised(held.value) == wanted for held in one.handles)]
        found = found or [one for one in view.persons.values() if _has(one, wanted.split()) and wanted]
        if not found:
            raise NotFound(f"there is nobody called {person!r} here", hint="`ownmind people` lists everybody with their ids")
        if len(found) > 1:
            some = ", ".join(f"{one.name} ({one.id})" for one in found[:5])
            raise BadInput(f"{person!r} may be {some}", hint="give the id")
        return found[0]

    def _holding(self, record: int) -> Person:
        view = self._view()
        return next(view.persons[name] for name, held in view.members.items() if record in held)

    def _ends(self, link: str) -> tuple[int, int]:
        first, _, second = link.removeprefix("l").partition(".")
        view = self._view()
        if not (first.isdecimal() and second.isdecimal()) or not {int(first), int(second)} <= view.records.keys():
            raise NotFound(f"there is no link {link[:40]!r}", hint="`ownmind people links` lists them with their ids")
        return int(first), int(second)

    def _is_of(self, view: _View, link: Link, one: Person) -> bool:
        return bool(set(self._ends(link.id)) & set(view.members[one.id]))

    def _decide(self, made: Sequence[Decision]) -> None:
        with self._store.db.write() as cx:
            rows.decide(cx, made, self._clock())

    def _decided(self, promise: str, state: PromiseState) -> Promise:
        self._promises.decide(promise, state.value, self._clock())
        return next(one for one in self.promises() if one.id == promise)


def own_names(people: People) -> frozenset[str]:
    """The names and addresses by which letters and talks call the person themselves, lower case."""
    return frozenset(held.value.lower() for one in people._view().persons.values() if one.is_you for held in one.handles)


def _decided(said: Iterable[Decision]) -> Decided:
    pairs = {verdict: frozenset((one.first, one.second) for one in said if one.verdict == verdict) for verdict in ("same", "apart")}
    return Decided(pairs["same"], pairs["apart"])


def _put_together(
    gathered: Gathered, resolved: Resolved, names: dict[int, str], mine: set[int], touches: dict[int, list[Touch]], now: datetime
) -> _View:
    records = {record.id: record for record in gathered.records}
    persons: dict[str, Person] = {}
    members: dict[str, tuple[int, ...]] = {}
    in_touch: dict[str, tuple[Touch, ...]] = {}
    for cluster in resolved.clusters:
        held = [records[one] for one in cluster]
        person = f"p{cluster[0]}"
        met = sorted({touch for one in cluster for touch in touches.get(one, ())}, key=lambda touch: (touch.at, touch.ref))
        latest = last(met, now)
        is_you = any(one in mine for one in cluster) or any(email in gathered.own for record in held for email in record.emails)
        born = next((record for record in held if record.birthday is not None), None)
        chosen = next((names[one] for one in cluster if one in names), "")
        members[person], in_touch[person] = cluster, tuple(met)
        persons[person] = Person(
            person, chosen or _fullest(held), _handles(held), born.birthday if born else None, born.ref if born else "", "",
            latest.at if latest else None, latest.ref if latest else "", latest.how if latest else "",
            sum(touch.how == "mail" for touch in met), is_you,
        )  # fmt: skip
    return _View(records, persons, members, resolved.links, in_touch)


def _touches(
    gathered: Gathered, heads: Sequence[rows.Head], mentions: Sequence[rows.Mention], speakers: Sequence[rows.Speaker], mine: set[int]
) -> dict[int, list[Touch]]:
    """By record. A letter counts for its sender, and for its readers when the person wrote it; one of a list or a machine for nobody."""
    found: defaultdict[int, list[Touch]] = defaultdict(list)
    known = {head.item: head for head in heads}
    by_you: dict[int, bool] = {}
    for mention in mentions:
        head = known.get(mention.item)
        if head is None:
            continue
        record = gathered.records[gathered.by_letter[mention.name, mention.email]]
        if mention.role == "from":
            by_you[head.item] = mention.email in gathered.own or record.id in mine
        if head.at is not None and not head.is_bulk and (mention.role == "from" or by_you.get(head.item)):
            at = moment(head.at, head.zone) or datetime.fromtimestamp(0, UTC)
            found[record.id].append(Touch(at, item_id(head.item), "mail"))
    for speaker in speakers:
        if speaker.last is not None and (speaker.source, speaker.name) in gathered.by_speaker:
            record = gathered.records[gathered.by_speaker[speaker.source, speaker.name]]
            at = moment(speaker.last) or datetime.fromtimestamp(0, UTC)
            found[record.id].append(Touch(at, item_id(speaker.last_item), "talk"))
    return found


def _handles(held: Sequence[Record]) -> tuple[Handle, ...]:
    found: dict[tuple[str, str], Handle] = {}
    for record in held:
        shape = {"name": record.names if record.kind != "talk" else (), "speaker": record.names if record.kind == "talk" else ()}
        shape |= {"nickname": record.nicknames, "email": record.emails, "phone": record.phones}
        for kind, values in shape.items():
            for value in values:
                before = found.get((kind, value))
                count = record.count + (before.count if before else 0)
                found[kind, value] = Handle(kind, value, before.ref if before else record.ref, count)
    return tuple(found.values())


def _fullest(held: Sequence[Record]) -> str:
    """The name to show: the one with most words, then the one used most."""
    names = [(len(name.split()), record.kind == "contact", record.count, name) for record in held for name in record.names]
    others = [value for record in held for value in (*record.emails, *record.phones)]
    return max(names)[3] if names else next(iter(others), "somebody")


def _by_name(persons: Iterable[Person]) -> dict[str, str]:
    """Who goes by a name that nobody else goes by."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for one in persons:
        for handle in one.handles:
            found[normalised(handle.value)].add(one.id)
    return {name: next(iter(ids)) for name, ids in found.items() if len(ids) == 1}


def _has(person: Person, wanted: Sequence[str]) -> bool:
    said = normalised(" ".join((person.name, person.relation, *(handle.value for handle in person.handles)))).split()
    return all(any(word.startswith(part) for word in said) for part in wanted)


def _next(birthday: date | None, today: date) -> date | None:
    """The next day it is celebrated on; 29 February on the 28th in other years."""
    if birthday is None:
        return None
    this = _in_year(birthday, today.year)
    return this if this >= today else _in_year(birthday, today.year + 1)


def _in_year(birthday: date, year: int) -> date:
    try:
        return birthday.replace(year=year)
    except ValueError:
        return date(year, 2, 28)
