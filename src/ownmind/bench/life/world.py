"""The world behind a generated life: people, what happens to them and what is so until it changes. Simulated before anybody talks."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import cast

from .phrasing import stock, words

BAD = frozenset({"damaged", "injury", "house"})  # sorts of happening nobody wishes for
Schema = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who talks. ``circle``: people they mention, as ("sister", "Leonie")."""

    name: str
    she: bool
    topics: tuple[str, ...]
    circle: tuple[tuple[str, str], ...]


@dataclass(slots=True)
class Happening:
    """Something that happened to a person on a day. ``told`` fills while it is talked about: part told ("lead", "when", a facet's
    name) to the external id of the entry that tells it."""

    who: Person
    schema: Schema
    topic: str
    day: datetime  # midnight
    slots: dict[str, str]
    facets: dict[str, str]  # every facet it has, told or not
    told: dict[str, str] = field(default_factory=dict)
    echo: tuple[str, str] = ("", "")  # the entry in which the listener says what they think, and that
    dated: str = ""  # what an answer says of its date, once the talk has named it

    @property
    def name(self) -> str:
        return cast("str", self.schema["name"])

    @property
    def thing(self) -> str:
        return self.slots["thing"]


@dataclass(slots=True)
class Span:
    """A value while it holds. ``told``: the entry that states it."""

    who: Person
    spec: Schema
    object: str
    since: datetime
    until: datetime | None = None
    told: str = ""


def schemas() -> tuple[Schema, ...]:
    return tuple(cast("list[Schema]", stock("talk")["schema"]))


def value_specs() -> tuple[Schema, ...]:
    return tuple(cast("list[Schema]", stock("talk")["value"]))


def pool(path: str) -> tuple[str, ...]:
    """The words of ``section.list`` of the word stock, or of a list of the talk's own pools."""
    section, _, name = path.partition(".")
    return words(section, name) if name else tuple(cast("str", stock("talk")["pools"][section]).split("|"))


def topic_words(topic: str, name: str) -> tuple[str, ...]:
    found = cast("Mapping[str, str]", stock("words")["topic"][topic]).get(name, "")
    return tuple(found.split("|")) if found else ()


def _titles() -> tuple[str, ...]:
    return tuple(f"The {adjective} {noun}" for adjective in pool("bits.title_adjectives") for noun in pool("bits.title_nouns"))


class World:
    """Hands out what no two happenings of a life may share, so that a question about one can be answered by it alone."""

    def __init__(self, rng: random.Random, people: int) -> None:
        self.rng = rng
        self._taken: set[tuple[str, str]] = set()
        names = [(name, True) for name in words("people", "women")] + [(name, False) for name in words("people", "men")]
        rng.shuffle(names)
        self._names = tuple(name for name, _ in names[people + 7 * people :])
        topics = list(cast("Mapping[str, object]", stock("words")["topic"]))
        rng.shuffle(topics)
        shared, rest = topics[:4], topics[4:]
        self.people = tuple(
            Person(
                name,
                she,
                (*shared, *rest[4 * at : 4 * at + 4]) if people > 1 else tuple(topics[:8]),
                self._circle(names[people + 7 * at :]),
            )
            for at, (name, she) in enumerate(names[:people])
        )

    def strangers(self, n: int) -> tuple[str, ...]:
        """Names of people nobody here is or has in their circle."""
        return tuple(self._names[:n])

    def fresh(self, group: str, options: tuple[str, ...]) -> str | None:
        """One of ``options`` that this group has not had yet; None when all are taken."""
        left = [option for option in options if (group, option) not in self._taken]
        if not left:
            return None
        chosen = self.rng.choice(left)
        self._taken.add((group, chosen))
        return chosen

    def happening(self, who: Person, schema: Schema, day: datetime) -> Happening | None:
        """One more happening of this sort to ``who`` on ``day``; None when the word stock has no unused thing for it."""
        rng, source = self.rng, cast("str", schema["thing"])
        topic = rng.choice(who.topics)
        if source == "#title":
            thing = self.fresh("title", _titles())
            options: tuple[str, ...] = ()
        else:
            options = pool(source[1:]) if source.startswith("@") else topic_words(topic, source)
            thing = self.fresh(source if source.startswith("@") else f"{topic} {source}", options)
        if thing is None or (schema["name"] == "joined" and self.fresh("joined", (topic,)) is None):
            return None  # one class a topic: "the cycling group" then means one thing
        slots = self._slots(who, topic, thing, options, cast("str", schema["name"]))
        facets = {name: self._facet(name, who, topic, slots, schema["name"] in BAD) for name in cast("list[str]", schema["facets"])}
        return Happening(who, schema, topic, day, slots, {name: value for name, value in facets.items() if value})

    def _slots(self, who: Person, topic: str, thing: str, options: tuple[str, ...], schema: str) -> dict[str, str]:
        rng = self.rng
        at = options.index(thing) if thing in options else 0
        other = {"injury": "bits.injury_base", "habit": "bits.habit_base", "memory": "bits.memory_base"}.get(schema)
        noun = {"injury": "bits.injury_noun", "family": "bits.family_noun"}.get(schema)
        relation, name = rng.choice([one for one in who.circle if one[0] in pool("people.family")])
        names, giver = topic_words(topic, "names"), rng.choice(who.circle)
        return {
            "thing": thing,
            "other": pool(other)[at] if other else "",
            "noun2": pool(noun)[at] if noun else "",
            "topic": names[0],
            "topic2": rng.choice(names),
            "doing": rng.choice(topic_words(topic, "doing")),
            "look": rng.choice(pool("bits.look")),
            "place": rng.choice(pool("places.named")),
            "praise": rng.choice(pool("praise")),
            "trouble": rng.choice(topic_words(topic, "trouble")),
            "rank": rng.choice(pool("rank")),
            "pet": rng.choice(pool("places.pets")),
            "breed": rng.choice(pool("places.breeds")),
            "poss2": rng.choice(("his", "her")),
            "genre": rng.choice(pool("bits.genre")),
            "giver": f"my {' '.join(giver)}",
            "giver2": giver[0],
            "relative": f"my {relation} {name}",
            "relpron": {"sister": "she", "mother": "she", "aunt": "she", "grandmother": "she", "niece": "she"}.get(relation, "they"),
            "venue": rng.choice(topic_words(topic, "venue")),
        }

    def _facet(self, name: str, who: Person, topic: str, slots: Mapping[str, str], bad: bool) -> str:
        """What is so of this facet, as the teller would say it; "" when the facet does not fit."""
        rng = self.rng
        source = cast("str", stock("talk")["facet"][name]["pool"])
        if name == "feel" and bad:
            source = "bits.feel_bad"
        match source:
            case "#person":
                return f"my {' '.join(rng.choice(who.circle))}"
            case "#money":
                return f"{rng.choice(pool('bits.cost'))} {'euros' if rng.random() < 0.7 else 'pounds'}"
            case "#genre" | "#rank" | "#relative" | "#giver":
                return slots[source[1:]]
            case "#title":
                return self.fresh("title", _titles()) or ""
            case "#skill" | "#guide" | "#venue" | "#charm":
                return rng.choice([one for one in topic_words(topic, source[1:]) if one != slots["thing"]])
            case _:
                return rng.choice(pool(source.removeprefix("#")))

    def _circle(self, names: list[tuple[str, bool]]) -> tuple[tuple[str, str], ...]:
        """Seven people one talks about, each relation fitting the name."""
        women = {"sister", "mother", "aunt", "grandmother", "niece", "godmother", "landlady"}
        men = {"brother", "father", "uncle", "nephew"}
        family = list(pool("people.family"))
        circle = list(pool("people.circle"))
        self.rng.shuffle(family)
        self.rng.shuffle(circle)
        chosen: list[tuple[str, str]] = []
        for at, (name, she) in enumerate(names[:7]):
            options = family if at < 4 else circle
            relation = next(one for one in options if one not in (men if she else women))
            options.remove(relation)
            chosen.append((relation, name))
        return tuple(chosen)


def timeline(rng: random.Random, began: datetime, months: int, n: int) -> list[datetime]:
    """When ``n`` sessions of ``months`` begin: spread over them, never twice on a day, at times of day people talk."""
    days = sorted(rng.sample(range(max(n, months * 30)), n))
    return [began + timedelta(days=day, hours=rng.randint(8, 21), minutes=rng.randint(0, 59)) for day in days]
