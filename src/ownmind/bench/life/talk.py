"""Two friends chatting: each happening told by the one it happened to, over a few turns, amid reactions and small talk."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import cast

from ...messages import Entry, Integrity, Kind, Label, Source
from . import when
from .phrasing import expand, stock
from .values import Named
from .world import Happening, Person, Span, World, pool, schemas, timeline, topic_words, value_specs

_BAD = frozenset({"damaged", "injury", "house"})


@dataclass
class Log:
    """The entries written so far and the dates they name."""

    source: Source
    label: Label
    kind: Kind
    conversation: str
    entries: list[Entry] = field(default_factory=list)
    dates: list[Named] = field(default_factory=list)

    def write(self, speaker: str, at: datetime, text: str, name: str, phrases: Sequence[when.Phrase] = ()) -> str:
        """Adds one entry and gives its external id. A phrase that does not stand in the text is not named there."""
        self.entries.append(Entry(text, self.source, self.label, self.kind, at, speaker, self.conversation, name))
        for phrase in phrases:
            start = text.lower().find(phrase.text.lower())
            if start >= 0:
                self.dates.append(Named(name, text[start : start + len(phrase.text)], phrase.start, phrase.end, phrase.precision))
        return name


@dataclass
class Told:
    """What a talk told: the ground truth questions are made from."""

    happenings: list[Happening] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    loves: dict[tuple[str, str], list[tuple[str, str]]] = field(default_factory=dict)  # (name, topic) to (charm, entry)


class Friends:
    """Writes the talk of two friends, session by session."""

    def __init__(self, world: World, began: datetime, months: int) -> None:
        self._world, self._rng = world, world.rng
        self.log = Log(Source("transcript:friends", "transcript"), Label(Integrity.UNTRUSTED), Kind.TURN, "friends")
        self.told = Told()
        self._session, self._turn, self._at = 0, 0, began
        self._began = began
        self._values = Values(world, began, months)
        for start in timeline(self._rng, began, months, max(3, round(months * 20 / 6))):
            self._session, self._turn, self._at = self._session + 1, 0, start
            self._talk()
        self.told.spans = self._values.spans

    def _talk(self) -> None:
        rng = self._rng
        first = rng.randrange(2)
        one, other = self._world.people[first], self._world.people[1 - first]
        self._say(one, self._line("greet", one, other))
        self._say(other, self._line("greet_back", other, one))
        for number in range(rng.randint(2, 4)):
            who, partner = (one, other) if (number + rng.randrange(2)) % 2 else (other, one)
            if rng.random() < 0.55:
                self._value(who, partner)
            if rng.random() < 0.35 and self.told.happenings:
                self._callback(who, partner)
            self._happening(who, partner)
            if rng.random() < 0.5:
                self._love(partner if rng.random() < 0.5 else who, partner)
        self._say(one, self._line("bye", one, other))
        self._say(other, self._line("bye_back", other, one))

    def _happening(self, who: Person, partner: Person) -> None:
        rng = self._rng
        day = when.midnight(self._at) - timedelta(days=rng.choice((0, 1, 1, 2, 3, 4, 5, 6, 8, 10, 13, 15, 20, 27, 40, 65)))
        found = None
        while found is None:
            found = self._world.happening(who, rng.choice(schemas()), day)
        found.about.add(self._lead(found))
        facets = [name for name in found.facets if name not in found.told]
        rng.shuffle(facets)
        for number, name in enumerate(facets[: rng.randint(1, 3)]):
            self._facet(found, name, who, partner, ends=number > 0 and rng.random() < 0.6)
        self.told.happenings.append(found)

    def _lead(self, found: Happening) -> str:
        """The turn that tells what happened, with its date more often than not."""
        rng, who = self._rng, found.who
        phrase = self._phrase(found)
        slots = {**found.slots, "when": phrase.text, "year": phrase.text, "future": phrase.text}
        text = expand(rng, cast("list[str]", found.schema["lead"]), slots)
        at_once = rng.choice(list(found.facets)) if rng.random() < 0.4 else ""
        if at_once:
            text += " " + self._tell(found, at_once)
        if rng.random() < 0.6:
            text += " " + self._line("comment", who, who)
        if rng.random() < 0.4:
            text += self._photo(found)
        name = self._say(who, text, phrase)
        found.told["lead"] = name
        if at_once:
            found.told[at_once] = name
        if phrase.text and phrase.text.lower() in text.lower():
            found.told["when"], found.dated = name, phrase.text
        return name

    def _photo(self, found: Happening) -> str:
        return f" [photo: {lower(expand(self._rng, cast('str', found.schema['photo']), found.slots))}]"

    def _tell(self, found: Happening, facet: str) -> str:
        spec = cast("Mapping[str, list[str]]", stock("talk")["facet"][facet])
        return expand(self._rng, spec["tell"], {**found.slots, "value": found.facets[facet]})

    def _noun(self, found: Happening, slots: Mapping[str, str]) -> str:
        return lower(expand(self._rng, cast("list[str]", found.schema["noun"]), {**found.slots, **slots}))

    def _phrase(self, found: Happening) -> when.Phrase:
        rng = self._rng
        if found.name == "memory":
            return when.year(self._at.year - rng.randint(14, 30), self._at)
        if found.name == "plan":
            return when.coming(rng, self._at)
        return when.past(rng, found.day, self._at)

    def _facet(self, found: Happening, name: str, who: Person, partner: Person, *, ends: bool) -> None:
        rng, spec = self._rng, cast("Mapping[str, list[str]]", stock("talk")["facet"][name])
        bad = found.name in _BAD
        react = self._line("react_bad" if bad and rng.random() < 0.8 else "react", partner, who)
        extra = self._line("own", partner, who, topic=found.topic) if rng.random() < 0.5 else ""
        asked = self._say(partner, f"{react} {extra} {expand(rng, spec['prompt'], found.slots)}")
        thanks = self._line("thanks", who, partner) if rng.random() < 0.5 else ""
        resume = expand(rng, chat("resume"), {"mine": self._noun(found, me())}) if rng.random() < 0.45 else ""
        comment = self._line("comment", who, partner) if rng.random() < 0.7 else ""
        photo = self._photo(found) if rng.random() < 0.15 else ""
        found.told[name] = self._say(who, f"{thanks} {self._tell(found, name)} {resume} {comment} {photo}")
        found.about |= {asked, found.told[name]}
        if ends:
            self._say(partner, f"{self._line('react', partner, who)} {self._line('encourage', partner, who)}")
            self._say(who, f"{self._line('thanks', who, partner)} {self._line('own', who, partner, topic=found.topic)}")

    def _callback(self, who: Person, partner: Person) -> None:
        """Somebody asks after something told before: its words again, and nothing new."""
        rng = self._rng
        before = rng.choice(self.told.happenings)
        asks, answers = (who, partner) if before.who is partner else (partner, who)
        slots = {"deed": self._noun(before, you())}
        self._say(asks, expand(rng, chat("still"), slots))
        self._say(
            answers, expand(rng, chat("still_back"), {"deed": self._noun(before, me()), "comment": self._line("comment", answers, asks)})
        )

    def _love(self, who: Person, partner: Person) -> None:
        """What somebody loves about what they do: a preference, and the topic's words once more."""
        topic = self._rng.choice(who.topics)
        charm = self._world.fresh(f"{who.name} {topic} charm", topic_words(topic, "charm"))
        if charm is None:
            return
        slots = {"topic": topic_words(topic, "names")[0], "charm": charm, "doing": self._rng.choice(topic_words(topic, "doing"))}
        name = self._say(who, expand(self._rng, chat("love"), slots) + " " + self._line("comment", who, partner))
        self.told.loves.setdefault((who.name, topic), []).append((charm, name))
        listener = next(one for one in self._world.people if one is not who)
        self._say(listener, f"{self._line('react', listener, who)} {self._line('own', listener, who, topic=topic)}")

    def _value(self, who: Person, partner: Person) -> None:
        said = self._values.next(who, self._at)
        if said is None:
            return
        text, phrase, span = said
        span.told = self._say(who, f"{text} {self._line('comment', who, partner) if self._rng.random() < 0.4 else ''}", phrase)
        self._say(partner, f"{self._line('react', partner, who)} {self._line('encourage', partner, who)}")

    def _say(self, who: Person, text: str, phrase: when.Phrase | None = None) -> str:
        self._turn += 1
        self._at += timedelta(seconds=self._rng.randint(20, 90))
        name = f"s{self._session}t{self._turn}"
        tidy = " ".join(text.split())
        return self.log.write(who.name, self._at, tidy, name, [phrase] if phrase and phrase.text else [])

    def _line(self, name: str, who: Person, partner: Person, topic: str = "") -> str:
        return line(self._rng, name, partner.name, topic or self._rng.choice(who.topics))


class Values:
    """What is so of each person over time: first told, then changed now and then."""

    def __init__(self, world: World, began: datetime, months: int) -> None:
        self.spans: list[Span] = []
        self._world, self._rng = world, world.rng

    def next(self, who: Person, at: datetime) -> tuple[str, when.Phrase | None, Span] | None:
        """What ``who`` says next of themselves: something new, or that something changed at least three weeks after it was told."""
        rng = self._rng
        current = [span for span in self.spans if span.who is who and span.until is None]
        old = [span for span in current if at - span.since > timedelta(days=21)]
        untold = [spec for spec in value_specs() if all(span.spec is not spec for span in current)]
        if old and (not untold or rng.random() < 0.6):
            return self._changed(rng.choice(old), at)
        if not untold:
            return None
        spec = rng.choice(untold)
        value = self._fresh(spec, who)
        if value is None:
            return None
        span = Span(who, spec, value, at)
        self.spans.append(span)
        return expand(rng, cast("list[str]", spec["first"]), {"value": value}), None, span

    def _changed(self, old: Span, at: datetime) -> tuple[str, when.Phrase | None, Span] | None:
        value = self._fresh(old.spec, old.who)
        if value is None:
            return None
        phrase = when.past(self._rng, when.midnight(at) - timedelta(days=self._rng.choice((0, 1, 2, 4, 8))), at)
        text = expand(self._rng, cast("list[str]", old.spec["changed"]), {"value": value, "old": old.object, "when": phrase.text})
        since = phrase.start if phrase.text.lower() in text.lower() else when.midnight(at)
        old.until = since
        span = Span(old.who, old.spec, value, since)
        self.spans.append(span)
        return text, phrase, span

    def _fresh(self, spec: Mapping[str, object], who: Person) -> str | None:
        """A value this person has not had; of places and employers, one nobody had."""
        source = cast("str", spec["pool"])
        return self._world.fresh(source if source.startswith("places.") else f"{who.name} {source}", pool(source))


def chat(name: str) -> list[str]:
    return cast("list[str]", stock("talk")["chat"][name])


def line(rng: random.Random, name: str, partner: str, topic: str) -> str:
    """A turn's filler: greeting, reaction, small talk. ``topic``: what a remark of one's own is about."""
    slots = {key: rng.choice(cast("str", stock("talk")["chat"][key]).split("|")) for key in _SMALL}
    small = expand(rng, chat("small"), slots)
    names = {"topic": topic_words(topic, "names")[0]} | {key: rng.choice(topic_words(topic, key)) for key in ("gear", "charm")}
    return expand(
        rng, chat(name), {**names, "partner": partner, "smalltalk": small, "comment": "", "encourage": expand(rng, chat("encourage"), {})}
    )


_SMALL = ("drink", "street", "noise", "mess", "errand", "body", "food", "workthing")


def you() -> dict[str, str]:
    """How the other is spoken to."""
    return {"poss": "your", "pron": "you", "who": "you", "whom": "you", "whose": "your"}


def me() -> dict[str, str]:
    """How somebody speaks, and asks, of themselves."""
    plural = {"has": "have", "does": "do", "is": "am"}
    return {"poss": "my", "pron": "I", "who": "I", "whom": "me", "whose": "my", **plural}


def lower(text: str) -> str:
    """Without the capital of a sentence's start, unless the first word has one of its own."""
    first = text.split(" ", 1)[0]
    return (
        text[:1].lower() + text[1:]
        if first in ("The", "That", "A", "An", "Your", "My", "Her", "His", "Learning", "Being", "Giving")
        else text
    )


def her(who: Person) -> dict[str, str]:
    """How a question speaks of somebody else."""
    poss, pron = ("her", "she") if who.she else ("his", "he")
    return {
        "poss": poss,
        "pron": pron,
        "who": who.name,
        "whom": who.name,
        "whose": f"{who.name}'s",
        "has": "has",
        "does": "does",
        "is": "is",
    }
