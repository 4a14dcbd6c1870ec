"""Who is who: which of the records that name somebody name one and the same. Pure.

Probabilistic record linkage (Fellegi and Sunter 1969): what two agree in is worth the logarithm of how much likelier that is for one
person than for two, a name by how rare its parts are here (Newcombe 1967), and what they differ in counts against. First come
addresses, numbers and card ids that one person alone uses; an address under which people of different names write is shared, and says
nothing. Then those who are left are compared by name, with what they have besides: the people they write with (Bhattacharya and Getoor
2007), an address that is nearly the same, a firm, a birthday. Only records that share a rare enough key are compared ("blocking").

A name alone never makes two one: it is proposed. It counts as more only between sources of which each knows one of that full name (one
to one, as Jaro 1989 links files): a card without an address, a mailbox, a messenger. Two cards of one book, or two addresses of one
mailbox, stay two until something else speaks for them. What the person decided always holds.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from ..connectors.phones import line
from .likeness import Likeness, contradicts, likeness
from .names import GROUP, Fit, Name, fit, fold, from_address, is_slip, nicknames, parse, root, spelling
from .person import Link

MERGE = 3.0  # log-odds from which on two are one: 20 to 1
PROPOSE = 0.0  # from which on it is asked
MOST_PROPOSED = 2  # for one record
_NO_YEAR = 1604
_BLOCK = 40  # those who share a key; of one that more share, only the first are compared
_MOST_NAMES = 6  # of one that are compared
_TALK = 12  # people in a talk that says something of who knows whom
_KNOWN_BY_ALL = 0.25  # who is in so many of the talks (the person themselves) says nothing
_ROLES = frozenset(
    """info support noreply no-reply donotreply newsletter office billing reservations service contact kontakt hello sales admin
    webmaster postmaster help team notifications notification mailer-daemon orders booking news rechnung buchhaltung""".split()  # noqa: SIM905
)
_FREE = frozenset(
    """gmail googlemail gmx outlook hotmail live yahoo icloud me mac aol web protonmail proton mail seznam centrum posteo libero free wp
    yandex orange t-online bluewin""".split()  # noqa: SIM905
)


_HOUSEHOLD = re.compile(r"(?:family|familie|fam|rodina)[._-]?([a-z]{3,})\d*")


@dataclass(frozen=True, slots=True)
class Record:
    """Somebody as one source names them: a card, a name with an address in letters, a speaker of a transcript, an attendee."""

    id: int  # > 0; the same for the same record, also after a second import
    kind: str  # contact, letter, talk, calendar
    ref: str  # the item or appointment where it stands
    names: tuple[str, ...] = ()  # as written
    nicknames: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    uid: str = ""
    source: str = ""  # Source.ref
    birthday: date | None = None
    organisation: str = ""
    told: tuple[tuple[str, str], ...] = ()  # addresses and numbers they gave as theirs in their words, each with the item
    threads: tuple[tuple[int, str], ...] = ()  # the talks and exchanges they take part in, each with an item of it
    count: int = 1
    is_bulk: bool = False  # a list or a machine


@dataclass(frozen=True, slots=True)
class Decided:
    """What the person said of pairs of records (the lower id first). It wins over everything."""

    same: frozenset[tuple[int, int]] = frozenset()
    apart: frozenset[tuple[int, int]] = frozenset()


@dataclass(frozen=True, slots=True)
class Resolved:
    """``clusters``: the ids of the records of each one, ascending, ordered by the first; ``links``: why, and what else may be."""

    clusters: tuple[tuple[int, ...], ...]
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class _Sign:
    """Something that speaks for two being one. ``is_name``: no more than that they are called alike."""

    weight: float
    words: str
    ref: str
    is_name: bool = False


@dataclass(slots=True)
class _One:
    """Records that are one so far."""

    ids: list[int]
    names: dict[Name, int] = field(default_factory=dict)  # with the record that has it
    emails: dict[str, int] = field(default_factory=dict)
    birthdays: set[date] = field(default_factory=set)
    firms: dict[str, int] = field(default_factory=dict)
    saved: dict[str, int] = field(default_factory=dict)  # as written, of cards
    shown: dict[str, int] = field(default_factory=dict)  # as written, of talks
    threads: dict[int, str] = field(default_factory=dict)
    sources: set[str] = field(default_factory=set)  # address books, transcripts; "letters" for the whole of the mail
    phones: set[str] = field(default_factory=set)
    spelt: dict[Name, int] = field(default_factory=dict)  # names that addresses spell, where nothing else says more
    is_bulk: bool = False
    is_group: bool = False  # a household or an office


def resolve(records: Sequence[Record], decided: Decided) -> Resolved:
    """Clusters and links of ``records``. Deterministic: the order of the records changes nothing."""
    world = _World(sorted(records, key=lambda one: one.id), decided)
    world.join_decided()
    world.join_by_values()
    joined = world.join_by_likeness()
    if joined:  # whom somebody knows shows better once others are told together
        world.join_by_likeness(only=joined)
    return Resolved(world.clusters(), world.links())


class _World:
    """The state of one `resolve`."""

    def __init__(self, records: Sequence[Record], decided: Decided) -> None:
        self.records = {record.id: record for record in records}
        self.parent = {record.id: record.id for record in records}
        self.ones = {record.id: _one(record) for record in records}
        self.decided = decided
        self.apart: defaultdict[int, set[int]] = defaultdict(set)
        for a, b in decided.apart:
            self.apart[a].add(b)
            self.apart[b].add(a)
        self.found: list[Link] = []
        self.proposed: dict[tuple[int, int], tuple[float, tuple[_Sign, ...]]] = {}

    def root(self, one: int) -> int:
        while self.parent[one] != one:
            self.parent[one] = self.parent[self.parent[one]]
            one = self.parent[one]
        return one

    def join(self, a: int, b: int) -> None:
        first, second = sorted((self.root(a), self.root(b)))
        if first != second:
            self.parent[second] = first
            _absorb(self.ones[first], self.ones.pop(second))

    def may_join(self, a: int, b: int) -> bool:
        """Whether nothing stands against these two being one: the person's word, two birthdays, two given names."""
        one, other = self.ones[self.root(a)], self.ones[self.root(b)]
        if one is other or (one.is_group != other.is_group and (one.names or other.names)):
            return False
        if self.apart and any(not self.apart[number].isdisjoint(other.ids) for number in one.ids if number in self.apart):
            return False
        if not _may_be_one_day(one.birthdays, other.birthdays):
            return False
        pairs = ((x, y) for x in list(one.names)[:_MOST_NAMES] for y in list(other.names)[:_MOST_NAMES])
        return not any(contradicts(x, y) for x, y in pairs)

    def may_be_alike(self, a: int, b: int) -> bool:
        """`may_join`, and no address book has a card of each with telephones of their own: two of one name, that is."""
        one, other = self.ones[self.root(a)], self.ones[self.root(b)]
        in_one_book = any(source.startswith("contact") for source in one.sources & other.sources)
        return self.may_join(a, b) and not (in_one_book and one.phones and other.phones and not one.phones & other.phones)

    # What the person said

    def join_decided(self) -> None:
        for a, b in sorted(self.decided.same):
            if a in self.records and b in self.records:
                self.join(a, b)
                self.link((a, b), 20.0, (_Sign(20.0, "you said that they are one", self.records[b].ref),), "confirmed")

    # What one alone uses

    def join_by_values(self) -> None:
        """Joins those who have an address, a number or a card's id that nobody else uses."""
        holders: defaultdict[tuple[str, str], dict[int, str]] = defaultdict(dict)
        for record in self.records.values():
            for kind, value, ref in _values(record):
                holders[kind, value].setdefault(record.id, ref)
        for (kind, value), held in sorted(holders.items()):
            for group in self._users(value, list(held)):
                for number in group[1:]:
                    self._join_by(kind, value, group[0], number, held[number])

    def _join_by(self, kind: str, value: str, first: int, number: int, ref: str) -> None:
        words = {"email": f"the same address: {value}", "phone": "the same telephone number", "uid": "the same card (its id)"}[kind]
        if self.root(first) != self.root(number) and self.may_join(first, number):
            self.join(first, number)
            self.link((first, number), 10.0, (_Sign(10.0, words, ref),), "merged")

    def _users(self, value: str, held: Sequence[int]) -> Iterator[list[int]]:
        """Those who have a value, by whom it belongs to: all of them, or where people of different names share it, each name by itself."""
        if len(held) < 2:
            return
        if any(self.records[number].is_bulk for number in held):
            yield list(held)
            return
        named = {number: next(iter(self.ones[number].names), None) if number in self.ones else None for number in held}
        households = [number for number in held if self.ones[self.root(number)].is_group]
        groups: list[list[int]] = []
        for number in sorted(held, key=lambda one: (-_size(named[one]), one)):
            name = named[number]
            fits = [group for group in groups if not contradicts(name, named[group[0]])] if name is not None else []
            if fits:
                fits[0].append(number)
            elif name is not None:
                groups.append([number])
        nameless = [number for number in held if named[number] is None]
        if len(groups) == 1 and not households:
            groups[0] += nameless
        elif nameless:
            groups.append(nameless)
        yield from groups

    # What is alike

    def join_by_likeness(self, only: Collection[int] = ()) -> set[int]:
        """Joins those alike enough, the likeliest first; gives who was joined. ``only``: of a pair at least one must be among them."""
        near = _Near(self.ones)
        rated: list[tuple[float, tuple[int, int], tuple[_Sign, ...]]] = []
        for pair in near.pairs(only):
            signs = near.signs(*pair)
            score = near.prior + sum(sign.weight for sign in signs)
            if score >= PROPOSE:
                rated.append((score, pair, signs))
        rated.sort(key=lambda one: (-one[0], one[1]))
        rivals: defaultdict[int, list[tuple[float, int]]] = defaultdict(list)
        for score, (a, b), _ in rated:
            rivals[a].append((score, b))
            rivals[b].append((score, a))
        joined: set[int] = set()
        for score, (a, b), signs in rated:
            if self.root(a) == self.root(b) or not self.may_join(a, b):
                continue
            enough = score >= MERGE and any(not sign.is_name for sign in signs)
            if enough and self.may_be_alike(a, b) and not self._is_torn(rivals, a, b, score):
                ends = _ends(near, a, b)
                self.join(a, b)
                self.link(ends, score, signs, "merged")
                joined |= {a, b}
            else:
                self.proposed[_ends(near, a, b)] = (score, signs)
        return {self.root(number) for number in joined}

    def _is_torn(self, rivals: dict[int, list[tuple[float, int]]], a: int, b: int, score: float) -> bool:
        """Whether one of the two fits another, who cannot be the same, about as well: then nobody can tell."""
        for one, other in ((a, b), (b, a)):
            for their_score, rival in rivals[one]:
                if (
                    rival != other
                    and their_score > score - 1.5
                    and self.root(rival) != self.root(other)
                    and not self.may_be_alike(rival, other)
                ):
                    return True
        return False

    # What is shown

    def link(self, pair: tuple[int, int], score: float, signs: Sequence[_Sign], state: str) -> None:
        a, b = sorted(pair)
        told = sorted((sign for sign in signs if sign.weight > 0 or sign.weight < -9), key=lambda one: -one.weight)
        evidence = tuple((sign.words, self.records[int(sign.ref)].ref if sign.ref.isdecimal() else sign.ref) for sign in told)
        self.found.append(Link(link_id((a, b)), shown(self.records[a]), shown(self.records[b]), round(score, 2), evidence, state))

    def clusters(self) -> tuple[tuple[int, ...], ...]:
        return tuple(sorted(tuple(sorted(one.ids)) for one in self.ones.values()))

    def links(self) -> tuple[Link, ...]:
        """The links, the surest first; of those that are only proposed, the best of each record."""
        for a, b in sorted(self.decided.apart):
            if a in self.records and b in self.records:
                self.link((a, b), -20.0, (_Sign(-20.0, "you said that they are two", self.records[b].ref),), "refused")
        asked: Counter[int] = Counter()
        seen: set[tuple[int, int]] = set()
        for (a, b), (score, signs) in sorted(self.proposed.items(), key=lambda one: (-one[1][0], one[0])):
            first, second = sorted((self.root(a), self.root(b)))
            if first == second or (first, second) in seen or not self.may_join(a, b):
                continue
            seen.add((first, second))
            if max(asked[first], asked[second]) < MOST_PROPOSED:
                asked.update((first, second))
                self.link((a, b), score, signs, "proposed")
        return tuple(sorted(self.found, key=lambda link: (-link.score, link.id)))


class _Near:
    """Who may be compared with whom, and what speaks for it."""

    def __init__(self, ones: dict[int, _One]) -> None:
        self.ones = dict(ones)
        self.best = {number: _best_names(one) for number, one in ones.items()}
        self.full = {number: _full_keys(one) for number, one in ones.items()}
        people = [one for one in ones.values() if not one.is_bulk]
        self.size = len(people)
        self.prior = -math.log(max(self.size, 20))
        self.bearers = Counter(
            key
            for one in people
            for key in {key for name in (*one.names, *one.spelt) for part in name.parts for key in (part, root(part), part[0])}
        )
        self.domains = Counter(domain for one in people for domain in {_domain(email) for email in one.emails})
        self.locals = Counter(local for one in people for local in {email.partition("@")[0] for email in one.emails})
        self.cards = Counter(label for one in people for label in one.saved)
        self.talks = Counter(label for one in people for label in one.shown)
        self.called: defaultdict[str, list[int]] = defaultdict(list)
        for number, keys in self.full.items():
            for key in keys:
                self.called[key].append(number)
        members: defaultdict[int, set[int]] = defaultdict(set)
        for number, one in ones.items():
            if not one.is_bulk:
                for thread in one.threads:
                    members[thread].add(number)
        talks = Counter(number for held in members.values() for number in held)
        common = {number for number, count in talks.items() if count > max(_KNOWN_BY_ALL * len(members), 8)}
        self.circle: defaultdict[int, set[int]] = defaultdict(set)
        for held in members.values():
            near = held - common
            if 1 < len(near) <= _TALK:
                for number in near:
                    self.circle[number] |= near - {number}

    def pairs(self, only: Collection[int]) -> list[tuple[int, int]]:
        """Pairs that share a key few others have; of ``only`` one at least, where that is given."""
        blocks: defaultdict[str, list[int]] = defaultdict(list)
        for number, one in sorted(self.ones.items()):
            if not one.is_bulk and not one.is_group:
                for key in _keys(one, self.best[number]):
                    blocks[key].append(number)
        found = {(a, b) for held in blocks.values() for place, a in enumerate(held[:_BLOCK]) for b in held[place + 1 : _BLOCK]}
        return sorted(pair for pair in found if not only or pair[0] in only or pair[1] in only)

    def signs(self, a: int, b: int) -> tuple[_Sign, ...]:
        """What speaks for and against these two; () when nothing can be said."""
        one, other = self.ones[a], self.ones[b]
        best = self._name(a, b)
        found = [] if best is None else [best]
        is_full = all(any(name.is_full for name in self.best[number]) for number in (a, b))
        besides = (self._address(one, other), self._label(one, other), self._firm(one, other), self._day(one, other), self._only(a, b))
        found += [sign for sign in besides if sign]
        if best is not None and is_full and best.weight > 0:
            found += [sign for sign in (self._thread(one, other), self._circle(a, b)) if sign]
        if any(source != "letters" for source in one.sources & other.sources):  # an address book rarely has one twice
            found.append(_Sign(-3.0 if one.phones and other.phones and not one.phones & other.phones else -1.5, "", "", is_name=True))
        if not any(sign.weight > 0 for sign in found):
            return ()
        return tuple(found)

    def _name(self, a: int, b: int) -> _Sign | None:
        best: tuple[float, Likeness, int] | None = None
        for name in self.best[a]:
            for said, number in self.best[b].items():
                like = likeness(name, said)
                if like is not None:
                    weight = like.weight(self._rarity)
                    if best is None or weight > best[0]:
                        best = (weight, like, number)
        return None if best is None else _Sign(best[0], best[1].words, f"{best[2]}", is_name=True)

    def _rarity(self, key: str) -> float:
        return math.log((self.size + 20) / (self.bearers[key] + 0.5))

    def _address(self, one: _One, other: _One) -> _Sign | None:
        for email, number in other.emails.items():
            local, _, domain = email.partition("@")
            for mine in one.emails:
                own, _, host = mine.partition("@")
                if (domain == host and len(local) > 5 and is_slip(local, own)) or (
                    local == own and domain != host and is_slip(domain, host)
                ):
                    return _Sign(4.0, f"{email} is {mine} but for one letter", f"{number}")
                if local == own and len(local) > 5 and any(letter.isdigit() for letter in local) and self.locals[local] <= 3:
                    return _Sign(4.0, f"both addresses begin with {local}", f"{number}")
                if domain == host and domain.partition(".")[0] not in _FREE and self.domains[domain] <= 8:
                    return _Sign(1.0, f"both have an address at {domain}", f"{number}")
        return None

    def _label(self, one: _One, other: _One) -> _Sign | None:
        """A messenger shows people as they are saved: a card and a talk that say letter for letter the same, where no other card and no
        other talk does. A single word, which many may be called by, says too little."""
        for said, (talk, card) in ((said, ends) for mine, theirs in ((one, other), (other, one)) for said, ends in _saved(mine, theirs)):
            if len(parse(said).parts) > 1 and self.cards[said] == 1 and self.talks[said] <= 2:
                return _Sign(4.0, f"shown in a talk as the one card of {said} is saved", f"{talk or card}")
        return None

    def _only(self, a: int, b: int) -> _Sign | None:
        """One full name, in sources of which none knows two who bear it; with an address of each it takes more."""
        one, other = self.ones[a], self.ones[b]
        if one.sources & other.sources or (one.emails and other.emails):
            return None
        for key, number in self.full[b].items():
            if (
                key in self.full[a]
                and max(Counter(source for bearer in self.called[key] for source in self.ones[bearer].sources).values()) == 1
            ):
                return _Sign(3.0, "nobody else of this full name in any source", f"{number}")
        return None

    def _firm(self, one: _One, other: _One) -> _Sign | None:
        for mine, theirs in ((one, other), (other, one)):
            for firm, number in theirs.firms.items():
                where = {*mine.firms, *(_domain(email).partition(".")[0] for email in mine.emails)}
                for said in where:
                    if len(firm) > 3 and fold(said).replace("-", "").replace(" ", "") == firm:
                        return _Sign(2.0, f"the same firm: {said}", f"{number}")
        return None

    def _day(self, one: _One, other: _One) -> _Sign | None:
        if one.birthdays and other.birthdays:
            return (
                _Sign(5.5, "the same birthday", f"{other.ids[0]}")
                if _may_be_one_day(one.birthdays, other.birthdays)
                else _Sign(-8.0, "", "", is_name=True)
            )
        return None

    def _thread(self, one: _One, other: _One) -> _Sign | None:
        shared = sorted(one.threads.keys() & other.threads.keys())
        return _Sign(2.0, "both names stand in one exchange", other.threads[shared[0]]) if shared else None

    def _circle(self, a: int, b: int) -> _Sign | None:
        shared = self.circle[a] & self.circle[b]
        if not shared:
            return None
        weight = sum(1.5 / math.sqrt(max(len(self.circle[number]) / 4, 1)) for number in shared)
        some = ", ".join(sorted({_called(self.ones[number]) for number in shared})[:3])
        return _Sign(min(weight, 4.0), f"both write with {some}", f"{self.ones[b].ids[0]}")


def forget_words() -> None:
    """Drops the names that were compared lately: they are kept for speed, and something was forgotten."""
    for cached in (parse, fit, spelling, likeness, contradicts, _is_of_many):
        cached.cache_clear()


def shown(record: Record) -> str:
    """What a record calls somebody."""
    return next(iter((*record.names, *record.emails, *record.phones)), "somebody")


def link_id(pair: Collection[int]) -> str:
    """``l3.17``: between the records 3 and 17, whoever they belong to."""
    return f"l{min(pair)}.{max(pair)}"


def _one(record: Record) -> _One:
    names: dict[Name, int] = {}
    for said in record.names:
        name = parse(said)
        is_role = not name.is_full and any(email.partition("@")[0] in _ROLES for email in record.emails)
        if name.parts and not (record.is_bulk or name.is_group or is_role):
            names[name] = record.id
    if record.names and names:
        (first, *_) = names
        for nick in record.nicknames:
            called = parse(nick).parts
            if len(called) == 1 and any(fit(called[0], part) is Fit.NICK for part in first.parts):
                names[Name(tuple(called[0] if fit(called[0], part) is Fit.NICK else part for part in first.parts))] = record.id
    spelt: dict[Name, int] = {}
    for email in record.emails:
        if email.partition("@")[0] not in _ROLES and not _is_group(record) and (name := from_address(email)).parts:
            spelt[name] = record.id
    for email in record.emails:  # "Charlie", who writes from family.novak@
        family = _HOUSEHOLD.fullmatch(fold(email.partition("@")[0]))
        for name in list(names) if family else ():
            if family and len(name.parts) == 1 and name.parts[0] in nicknames():
                spelt[Name((name.parts[0], family[1]))] = record.id
    firms = {fold(record.organisation.partition(",")[0]).replace(" ", "").replace("-", ""): record.id} if record.organisation else {}
    label = {record.names[0].strip(): record.id} if record.names else {}
    saved, shown_as = (label if record.kind == kind else {} for kind in ("contact", "talk"))
    days = {record.birthday} if record.birthday else set[date]()
    sources = {"letters" if record.kind in ("letter", "calendar") else f"{record.kind} {record.source}"}
    phones = {line(phone) for phone in record.phones}
    emails, threads = dict.fromkeys(record.emails, record.id), dict(record.threads)
    is_group = _is_group(record) and not names
    return _One(
        [record.id], names, emails, days, firms, dict(saved), dict(shown_as), threads, sources, phones, spelt, record.is_bulk, is_group
    )


def _absorb(one: _One, other: _One) -> None:
    one.ids += other.ids
    one.names = other.names | one.names
    one.spelt = other.spelt | one.spelt
    one.emails = other.emails | one.emails
    one.firms = other.firms | one.firms
    one.saved = other.saved | one.saved
    one.shown = other.shown | one.shown
    one.threads = other.threads | one.threads
    one.birthdays |= other.birthdays
    one.sources |= other.sources
    one.phones |= other.phones
    one.is_bulk = one.is_bulk or other.is_bulk
    one.is_group = one.is_group or other.is_group


def _saved(talk: _One, card: _One) -> Iterator[tuple[str, tuple[int, int]]]:
    """How somebody is shown in a talk and saved on a card."""
    return ((label, (number, card.saved[label])) for label, number in talk.shown.items() if label in card.saved)


def _values(record: Record) -> Iterator[tuple[str, str, str]]:
    for email in record.emails:
        yield "email", email, record.ref
    for phone in record.phones:
        if line(phone):
            yield "phone", line(phone), record.ref
    for said, ref in record.told if not _is_group(record) else ():
        yield ("email", said, ref) if "@" in said else ("phone", line(said), ref)
    if record.uid:
        yield "uid", record.uid, record.ref


def _keys(one: _One, names: Iterable[Name]) -> Iterator[str]:
    """Keys to find those to compare by: two parts of a name in either order, a part with an initial, an address but for its end."""
    for name in names:
        parts = sorted({root(part) for part in name.parts if len(part) > 1})
        for place, a in enumerate(parts):
            if len(name.parts) == 1:
                yield a
            for b in parts[place + 1 :]:
                yield f"{a} {b}"
        for part in name.parts:
            for other in name.parts:
                if part != other and len(part) > 1:
                    yield f"{root(part)} {other[0]}."
    for email in one.emails:
        local, _, domain = email.partition("@")
        if local not in _ROLES and len(local) > 5:
            yield f"{local}@"
            yield f"{local[:4]}@{domain}"
            yield f"{local[-4:]}@{domain}"
    for label in (*one.saved, *one.shown):
        yield f"={label}"


def _best_names(one: _One) -> dict[Name, int]:
    """The names to compare by: full ones where there are any; what the addresses spell only where nothing is said in full."""
    full = {name: number for name, number in one.names.items() if name.is_full}
    spelt = {
        name: number
        for name, number in one.spelt.items()
        if all(likeness(name, said) and not contradicts(name, said) for said in one.names)
    }
    best = full or spelt or one.names
    return dict(list(best.items())[:_MOST_NAMES])


def _full_keys(one: _One) -> dict[str, int]:
    """Keys of the full names somebody goes by, the same in any order and with any nickname."""
    return {" ".join(sorted(map(root, name.parts))): number for name, number in one.names.items() if name.is_full}


def _ends(near: _Near, a: int, b: int) -> tuple[int, int]:
    """The two records that stand for a link: those whose names agree best."""
    best, ends = -1, (near.ones[a].ids[0], near.ones[b].ids[0])
    for name, x in near.best[a].items():
        for said, y in near.best[b].items():
            like = likeness(name, said)
            if like is not None and len(like.agree) > best:
                best, ends = len(like.agree), (x, y)
    return ends


def _may_be_one_day(one: Iterable[date], other: Iterable[date]) -> bool:
    return all((a.month, a.day) == (b.month, b.day) and (a.year == b.year or _NO_YEAR in (a.year, b.year)) for a in one for b in other)


def _is_group(record: Record) -> bool:
    """Whether a household, an office or a machine may write from there, by its name or its address."""
    return any(parse(said).is_group for said in record.names) or any(_is_of_many(email.partition("@")[0]) for email in record.emails)


@lru_cache(maxsize=1 << 16)
def _is_of_many(local: str) -> bool:
    local = fold(local)
    return local in _ROLES or local.startswith(("family", "familie", "rodina")) or not GROUP.isdisjoint(re.split(r"[.-]", local))


def _called(one: _One) -> str:
    name = max(one.names, key=lambda name: (len(name.parts), name.key), default=None)
    return " ".join(part.title() for part in name.parts) if name else next(iter((*one.saved, *one.shown, *one.emails)), "somebody")


def _domain(email: str) -> str:
    return email.rpartition("@")[2]


def _size(name: Name | None) -> int:
    return len(name.parts) if name is not None else 0
