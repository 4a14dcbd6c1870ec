"""The people of one home: who they are, when they were in touch, what was promised. The face of this room; sync, from any thread.

Everything is worked out of rows whenever they have changed, and kept in memory until then: nothing here need be forgotten twice.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

from ..errors import BadInput, NotFound
from ..memory.memory import Memory
from ..memory.predicates import YOU
from ..memory.words import normalised
from ..messages import Entry, Integrity, Kind, Label, Source
from ..store import facts as fact_rows
from ..store import people as rows
from ..store.opening import Store
from ..store.people import Decision
from ..store.promises import Promises
from . import cards
from . import promises as promises_
from .ask import ask
from .correspondence import correspondence
from .gather import gather
from .lately import lately, opened
from .names import parse
from .person import Birthday, Card, Cited, Link, Person, Promise, PromiseState, Said, Waiting
from .resolve import Record, forget_words
from .touch import silence
from .view import View, view
from .waiting import waiting

_MOST_RECONNECT = 3


class People:
    """Who is who, on cards."""

    def __init__(self, store: Store, memory: Memory, clock: Callable[[], datetime], read: Callable[[], object] = lambda: None) -> None:
        self._store, self._memory, self._clock, self._read = store, memory, clock, read
        self._promises = Promises(store.db)
        self._one = threading.Lock()
        self._held: tuple[tuple[int, ...], View] | None = None
        memory.forgetting.listeners.append(self._drop)
        self._asked: tuple[object, tuple[Waiting, ...]] | None = None

    def all(self, query: str = "") -> tuple[Person, ...]:
        """Everybody, those last in touch first, then by name; with ``query``, those with a name or address that has all its words."""
        wanted = normalised(query).split()
        found = [one for one in self._view().persons.values() if not one.is_you and _has(one, wanted)]
        return tuple(sorted(found, key=lambda one: (-(one.last.timestamp() if one.last else 0), one.name.casefold(), one.id)))

    def card(self, person: str) -> Card:
        """Everything about one person, each line with its source. ``person``: an id, or a name of one alone. Raises NotFound, BadInput."""
        known, now = self._view(), self._clock()
        one = self._named(known, person)
        said = [
            promise for promise in self.promises() if promise.person == one.id and promise.state in (PromiseState.FOUND, PromiseState.OPEN)
        ]
        names = cards.names(one, known.persons.values())
        with self._store.db.read() as cx:
            meant = cards.whose(fact_rows.subjects(cx), known.persons.values())
            facts = fact_rows.about(cx, [subject for subject, who in meant.items() if who == one.id], now)
            by, about = lately(cx, one, names, known.persons.values(), now)
            open_ends = (*opened(cx, by, by=True), *opened(cx, about, by=False))
        return Card(
            one, cards.matters(facts), cards.gifts(facts, by), ask(open_ends, names, now),
            tuple(promise for promise in said if promise.by == YOU), tuple(promise for promise in said if promise.by != YOU),
            tuple(link for link in known.links if self._is_of(known, link, one)), _next(one.birthday, now.date()),
            silence(known.touches.get(one.id, ()), now),
        )  # fmt: skip

    def links(self, state: str = "") -> tuple[Link, ...]:
        """Why records are one person, and which may be: all, or those ``proposed``, ``merged``, ``confirmed`` or ``refused``."""
        if state not in ("", "proposed", "merged", "confirmed", "refused"):
            raise BadInput(f"a link is not {state!r}", hint="proposed, merged, confirmed or refused")
        return tuple(link for link in self._view().links if state in ("", link.state))

    def merge(self, first: str, second: str) -> Person:
        """The two are one, whatever is read later. Raises NotFound."""
        known = self._view()
        one, other = self._named(known, first), self._named(known, second)
        mine, theirs = known.members[one.id], known.members[other.id]
        if mine == theirs:
            return one
        told_apart = [said for said in known.decisions if said.verdict == "apart" and _is_between(said, mine, theirs)]
        pairs = {(min(a, b), max(a, b)) for a, b in (*((a, theirs[0]) for a in mine), *((mine[0], b) for b in theirs))}
        self._decide([*(replace(said, verdict="") for said in told_apart), *(Decision(a, b, "same") for a, b in sorted(pairs))])
        return self._holding(mine[0])

    def split(self, link: str) -> tuple[Person, ...]:
        """The two sides of a link are two people, whatever is read later; what the person merged of them before is as it was. Gives both.
        Raises NotFound."""
        first, second = self._ends(link)
        known = self._view()
        held = next(members for members in known.members.values() if first in members)
        merged = [said for said in known.decisions if said.verdict == "same" and _is_between(said, held, held)]
        self._decide([*(replace(said, verdict="") for said in merged), Decision(first, second, "apart")])
        return tuple(dict.fromkeys((self._holding(first), self._holding(second))))

    def join(self, link: str) -> Person:
        """The two sides of a link are one person, whatever is read later. Raises NotFound."""
        first, second = self._ends(link)
        return self.merge(self._holding(first).id, self._holding(second).id)

    def refuse(self, link: str) -> Link:
        """A proposed link is not so, and is not proposed again. Raises NotFound."""
        first, second = self._ends(link)
        self._decide([Decision(first, second, "apart")])
        return next(one for one in self._view().links if one.id == link)

    def decided(self, below: tuple[float, int], most: int) -> tuple[Said, ...]:
        """What the person said of who is who and still counts, the latest first, as far as the two have names; see ``store.people.said``
        for ``below``."""
        with self._store.db.read() as cx:
            made = rows.said(cx, below, most)
        known = self._view().records if made else {}
        return tuple(
            Said(
                f"l{one.first}.{one.second}", one.verdict, datetime.fromtimestamp(at, UTC), _called(known.get(one.first)),
                _called(known.get(one.second)),
            )
            for one, at in made
        )  # fmt: skip

    def sides(self, link: str) -> tuple[str, str]:
        """How the two sides of a link are written; "" for one whose records are gone."""
        ends = (int(part) for part in link.removeprefix("l").split(".", 1) if part.isdecimal())
        known = self._view().records
        first, second = (_called(known.get(end)) for end in (*ends, 0, 0)[:2])
        return first, second

    def undecide(self, link: str) -> tuple[Person, ...]:
        """Takes back what the person said of the two sides of a link, and in the same breath of others: what the records say counts again.
        Gives who they are then. Raises NotFound."""
        first, second = self._ends(link)
        with self._store.db.read() as cx:
            made = rows.said_with(cx, first, second)
        if not made:
            raise NotFound(f"nothing was said of {link[:40]}", hint="`ownmind people links` lists what was")
        self._decide([replace(one, verdict="") for one in made])
        return tuple(dict.fromkeys((self._holding(first), self._holding(second))))

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
        self._held = None
        return self._holding(view.members[one.id][0])

    def me(self, person: str) -> Person:
        """This one is the person themselves. Raises NotFound."""
        view = self._view()
        one = self._named(view, person)
        self._decide([Decision(number, number, "you") for number in view.members[one.id]])
        return self._holding(view.members[one.id][0])

    def promises(self, states: tuple[PromiseState, ...] = ()) -> tuple[Promise, ...]:
        """What was promised, those due soonest first."""
        self._read()
        view = self._view()
        by_name = _by_name(view.persons.values())
        you = own_names(self)
        found = [_to_you(promises_.shown(row), you) for row in self._promises.listed([state.value for state in states])]
        return tuple(replace(one, person=by_name.get(normalised(one.to if one.by == "you" else one.by), "")) for one in found)

    def confirm(self, promise: str) -> Promise:
        """The person says that it is one. Raises NotFound."""
        return self._decided(promise, PromiseState.OPEN)

    def keep(self, promise: str) -> Promise:
        """It was kept. Raises NotFound."""
        return self._decided(promise, PromiseState.KEPT)

    def drop(self, promise: str) -> Promise:
        """It is no promise, or no longer one. Raises NotFound."""
        return self._decided(promise, PromiseState.DROPPED)

    def waiting(self) -> tuple[Waiting, ...]:
        """Who wrote last and asked something, the longest waiting first."""
        persons, now = self._view().persons.values(), self._clock()
        with self._store.db.read() as cx:
            of = (self._store.db.changes(), f"{now:%F %H}")  # who waits changes with what is here, and as hours go by
            if self._asked is None or self._asked[0] != of:
                self._asked = (of, waiting(correspondence(cx, persons, now), now))
            return self._asked[1]

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

    def called(self, name: str) -> tuple[str, ...]:
        """The full names, addresses and numbers that are theirs alone, of the one person called so; nothing where that may be several."""
        known = self._view()
        try:
            one = self._named(known, name)
        except (NotFound, BadInput):
            return ()
        others = {held.value for other in known.persons.values() if other.id != one.id for held in other.handles}
        mine = [held.value for held in one.handles if held.kind in ("email", "phone") or parse(held.value).is_full]
        return tuple(value for value in (one.name, *mine) if value not in others and (parse(value).is_full or not parse(value).parts))

    def records(self) -> tuple[Record, ...]:
        """Everybody as the sources name them, one by one."""
        return tuple(self._view().records.values())

    def clusters(self) -> tuple[tuple[int, ...], ...]:
        """Which of the records are one person, by their ids."""
        return tuple(self._view().members.values())

    # Who is who

    def _view(self) -> View:
        """What the rows say now; worked out again only when they have changed, or another day has come."""
        now, secret = self._clock(), self._store.keys.tombstones
        with self._one:  # for reading only: somebody who writes may ask who is who, and would wait for whoever waits to write
            held = self._held
            with self._store.db.read() as cx:
                state = (now.toordinal(), *rows.state(cx))
                gathered = gather(cx, secret, now) if held is None or held[0] != state else None
            if gathered is None:
                assert held is not None, "what is not gathered anew is here"
                return held[1]
            if not gathered.new:
                return self._keep(state, view(gathered, now))
        with self._store.db.write() as cx:
            rows.number(cx, gathered.new)  # those that another thread has numbered meanwhile keep their numbers
            gathered = gathered.numbered(rows.numbers(cx, gathered.keys))
        return self._keep(state, view(gathered, now))

    def _keep(self, state: tuple[int, ...], found: View) -> View:
        self._held = (state, found)
        return found

    def _drop(self) -> None:
        """Something was forgotten: nothing that was worked out before is kept."""
        self._held = None
        forget_words()

    def _named(self, view: View, person: str) -> Person:
        for name, held in view.members.items():  # also by an id it had before two were made one
            if person[:1] == "p" and person[1:].isdecimal() and int(person[1:]) in held:
                return view.persons[name]
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

    def _is_of(self, view: View, link: Link, one: Person) -> bool:
        return bool(set(self._ends(link.id)) & set(view.members[one.id]))

    def _decide(self, made: Sequence[Decision]) -> None:
        with self._store.db.write() as cx:
            rows.decide(cx, made, self._clock())
        self._held = None

    def _decided(self, promise: str, state: PromiseState) -> Promise:
        self._promises.decide(promise, state.value, self._clock())
        return next(one for one in self.promises() if one.id == promise)


def own_names(people: People) -> frozenset[str]:
    """The names and addresses by which letters and talks call the person themselves, lower case."""
    return frozenset(held.value.lower() for one in people._view().persons.values() if one.is_you for held in one.handles)


def _called(record: Record | None) -> str:
    """How a record names somebody; "" where it is gone, or names nobody."""
    return "" if record is None else next(iter((*record.names, *record.emails, *record.phones, *record.nicknames)), "")


def _is_between(said: Decision, some: Sequence[int], others: Sequence[int]) -> bool:
    return (said.first in some and said.second in others) or (said.second in some and said.first in others)


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


def _to_you(promise: Promise, you: frozenset[str]) -> Promise:
    """The person is "you" also in what was read before it was known which name in the letters is theirs."""
    by = "you" if promise.by.lower() in you else promise.by
    to = "you" if promise.to.lower() in you else promise.to
    return promise if by == to else replace(promise, by=by, to=to)
