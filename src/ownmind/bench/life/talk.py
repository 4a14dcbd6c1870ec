"""Two friends chatting: each happening told by the one it happened to, over a few turns, amid reactions and small talk."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import cast

from ...messages import Entry, Integrity, Kind, Label, Source
from . import when
from .claims import Claims
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
    claims: Claims | None = None


class Friends:
    """Writes the talk of two friends, session by session."""

    def __init__(self, world: World, began: datetime, months: int) -> None:
        self.world, self._rng = world, world.rng
        self.log = Log(Source("transcript:friends", "transcript"), Label(Integrity.UNTRUSTED), Kind.TURN, "friends")
        self.told = Told()
        self._session, self._turn, self._at = 0, 0, began
        self._began = began
        self._values = Values(world)
        starts = timeline(self._rng, began, months, max(3, round(months * 20 / 6)))
        self._claims = Claims(world, starts)
        for start in starts:
            self._session, self._turn, self._at = self._session + 1, 0, start
            self._talk()
        self.told.spans = self._values.spans
        self.told.claims = self._claims

    def _talk(self) -> None:
        rng = self._rng
        first = rng.randrange(2)
        one, other = self.world.people[first], self.world.people[1 - first]
        self._say(one, self._line("greet", one, other))
        self._say(other, self._line("greet_back", other, one))
        for number in range(rng.randint(2, 4)):
            who, partner = (one, other) if (number + rng.randrange(2)) % 2 else (other, one)
            if rng.random() < 0.55:
                self._value(who, partner)
            if rng.random() < 0.35 and self.told.happenings:
                self._callback(who, partner)
            self._happening(who, partner)
            if rng.random() < 0.25:
                self._say(partner, f"{expand(rng, decoys(), {})} {self._line('own', partner, who)}")
            if rng.random() < 0.5:
                self._love(partner if rng.random() < 0.5 else who, partner)
        self._claims.say(self._session, self._at, lambda at, text, phrase: self._say(self.world.people[at], text, phrase))
        self._say(one, self._line("bye", one, other))
        self._say(other, self._line("bye_back", other, one))

    def _happening(self, who: Person, partner: Person) -> None:
        rng = self._rng
        day = when.midnight(self._at) - timedelta(days=rng.choice((0, 1, 1, 2, 3, 4, 5, 6, 8, 10, 13, 15, 20, 27, 40, 65)))
        found = None
        while found is None:
            found = self.world.happening(who, rng.choice(schemas()), day)
        self._lead(found)
        facets = [name for name in found.facets if name not in found.told]
        rng.shuffle(facets)
        for number, name in enumerate(facets[: rng.randint(1, 3)]):
            self._facet(found, name, who, partner, ends=number > 0 and rng.random() < 0.6)
        self.told.happenings.append(found)

    def _lead(self, found: Happening) -> str:
        """The turn that tells what happened, with its date more often than not."""
        rng = self._rng
        text, phrase, at_once = lead(rng, found, self._at, share=0.4)
        if rng.random() < 0.6:
            text += " " + self._line("comment", found.who, found.who)
        if rng.random() < 0.4:
            text += " " + photo(rng, found)
        name = self._say(found.who, text, phrase)
        keep(found, name, text, phrase, at_once)
        return name

    def _facet(self, found: Happening, name: str, who: Person, partner: Person, *, ends: bool) -> None:
        rng, spec = self._rng, cast("Mapping[str, list[str]]", stock("talk")["facet"][name])
        bad = found.name in _BAD
        react = self._line("react_bad" if bad and rng.random() < 0.8 else "react", partner, who)
        extra = self._line("own", partner, who, topic=found.topic) if rng.random() < 0.5 else ""
        asked = self._say(partner, f"{react} {extra} {expand(rng, spec['prompt'], found.slots)}")
        thanks = self._line("thanks", who, partner) if rng.random() < 0.5 else ""
        resume = expand(rng, chat("resume"), {"mine": noun(rng, found, me())}) if rng.random() < 0.45 else ""
        comment = self._line("comment", who, partner) if rng.random() < 0.7 else ""
        shown = photo(rng, found) if rng.random() < 0.15 else ""
        found.told[name] = self._say(who, f"{thanks} {tell(rng, found, name)} {resume} {comment} {shown}")
        found.about |= {asked, found.told[name]}
        if ends:
            self._say(partner, f"{self._line('react', partner, who)} {self._line('encourage', partner, who)}")
            self._say(who, f"{self._line('thanks', who, partner)} {self._line('own', who, partner, topic=found.topic)}")

    def _callback(self, who: Person, partner: Person) -> None:
        """Somebody asks after something told before: its words again, and nothing new."""
        rng = self._rng
        before = rng.choice(self.told.happenings)
        asks, answers = (who, partner) if before.who is partner else (partner, who)
        slots = {"deed": noun(rng, before, you())}
        self._say(asks, expand(rng, chat("still"), slots))
        self._say(
            answers, expand(rng, chat("still_back"), {"deed": noun(rng, before, me()), "comment": self._line("comment", answers, asks)})
        )

    def _love(self, who: Person, partner: Person) -> None:
        """What somebody loves about what they do: a preference, and the topic's words once more."""
        topic = self._rng.choice(who.topics)
        charm = self.world.fresh(f"{who.name} {topic} charm", topic_words(topic, "charm"))
        if charm is None:
            return
        slots = {"topic": topic_words(topic, "names")[0], "charm": charm, "doing": self._rng.choice(topic_words(topic, "doing"))}
        name = self._say(who, expand(self._rng, chat("love"), slots) + " " + self._line("comment", who, partner))
        self.told.loves.setdefault((who.name, topic), []).append((charm, name))
        listener = next(one for one in self.world.people if one is not who)
        self._say(listener, f"{self._line('react', listener, who)} {self._line('own', listener, who, topic=topic)}")

    def _value(self, who: Person, partner: Person) -> None:
        """Something that is so of ``who``, or has changed; now and then misspoken first, or looked back on after."""
        said = self._values.next(who, self._at)
        if said is None:
            return
        if said.slip:
            self._say(who, said.slip)
        said.span.told = self._say(
            who, f"{said.text} {self._line('comment', who, partner) if self._rng.random() < 0.4 else ''}", said.phrase
        )
        self._say(partner, f"{self._line('react', partner, who)} {self._line('encourage', partner, who)}")
        if said.back:
            self._say(who, said.back)

    def _say(self, who: Person, text: str, phrase: when.Phrase | None = None) -> str:
        self._turn += 1
        self._at += timedelta(seconds=self._rng.randint(20, 90))
        name = f"s{self._session}t{self._turn}"
        tidy = " ".join(text.split())
        return self.log.write(who.name, self._at, tidy, name, [phrase] if phrase and phrase.text else [])

    def _line(self, name: str, who: Person, partner: Person, topic: str = "") -> str:
        return line(self._rng, name, partner.name, topic or self._rng.choice(who.topics))


@dataclass(frozen=True, slots=True)
class Said:
    """A statement of what is so. ``slip``: said just before it and wrong; ``back``: said after it of what is no longer so."""

    text: str
    span: Span
    phrase: when.Phrase | None = None
    slip: str = ""
    back: str = ""


class Values:
    """What is so of each person over time: first told, then changed now and then."""

    def __init__(self, world: World) -> None:
        self.spans: list[Span] = []
        self._world, self._rng = world, world.rng

    def next(self, who: Person, at: datetime) -> Said | None:
        """What ``who`` says next of themselves: something new, or that something changed at least three weeks after it was told."""
        rng = self._rng
        mine = [span for span in self.spans if span.who is who]
        old = [span for span in mine if span.until is None and at - span.since > timedelta(days=21)]
        untold = [spec for spec in value_specs() if all(span.spec is not spec for span in mine)]
        if old and (not untold or rng.random() < 0.6):
            chosen = rng.choice(old)
            return self._ended(chosen, at) if "ended" in chosen.spec and rng.random() < 0.15 else self._changed(chosen, at)
        return self._first(who, rng.choice(untold), at) if untold else None

    def _first(self, who: Person, spec: Mapping[str, object], at: datetime) -> Said | None:
        value = self._fresh(spec, who)
        if value is None:
            return None
        span = self._began(Span(who, spec, value, at))
        text = expand(self._rng, cast("list[str]", spec["first"]), {"value": value})
        wrong = self._fresh(spec, who) if "corrected" in spec and self._rng.random() < 0.15 else None
        if wrong is None:
            return Said(text, span)
        slip = expand(self._rng, cast("list[str]", spec["first"]), {"value": wrong})
        return Said(expand(self._rng, cast("str", spec["corrected"]), {"value": value, "old": wrong}), span, slip=slip)

    def _changed(self, old: Span, at: datetime) -> Said | None:
        value = self._fresh(old.spec, old.who)
        if value is None:
            return None
        text, phrase = self._news(old, "changed", at, value)
        back = (
            expand(self._rng, cast("str", old.spec["back"]), {"old": old.object}) if "back" in old.spec and self._rng.random() < 0.3 else ""
        )
        assert old.until is not None
        return Said(text, self._began(Span(old.who, old.spec, value, old.until)), phrase, back=back)

    def _ended(self, old: Span, at: datetime) -> Said:
        """It is so no longer, and nothing takes its place: a span without a value."""
        text, phrase = self._news(old, "ended", at, "")
        assert old.until is not None
        return Said(text, self._began(Span(old.who, old.spec, "", old.until)), phrase)

    def _news(self, old: Span, template: str, at: datetime, value: str) -> tuple[str, when.Phrase]:
        phrase = when.past(self._rng, when.midnight(at) - timedelta(days=self._rng.choice((0, 1, 2, 4, 8))), at)
        text = expand(self._rng, cast("list[str]", old.spec[template]), {"value": value, "old": old.object, "when": phrase.text})
        old.until = phrase.start if phrase.text.lower() in text.lower() else when.midnight(at)
        return text, phrase

    def _began(self, span: Span) -> Span:
        self.spans.append(span)
        return span

    def _fresh(self, spec: Mapping[str, object], who: Person) -> str | None:
        """A value this person has not had; of places and employers, one nobody had."""
        source = cast("str", spec["pool"])
        return self._world.fresh(source if source.startswith("places.") else f"{who.name} {source}", pool(source))


def lead(rng: random.Random, found: Happening, at: datetime, *, share: float) -> tuple[str, when.Phrase, list[str]]:
    """How somebody begins to tell of it at ``at``, the date named with it, and the facets told in the same breath."""
    if found.name == "memory":
        phrase = when.year(at.year - rng.randint(14, 30), at)
    else:
        phrase = when.coming(rng, at) if found.name == "plan" else when.past(rng, found.day, at)
    slots = {**found.slots, "when": phrase.text, "year": phrase.text, "future": phrase.text}
    at_once = [name for name in found.facets if rng.random() < share / len(found.facets) * 1.2]
    text = expand(rng, cast("list[str]", found.schema["lead"]), slots)
    return " ".join([text, *(tell(rng, found, name) for name in at_once)]), phrase, at_once


def keep(found: Happening, entry: str, text: str, phrase: when.Phrase, facets: Sequence[str]) -> None:
    """Notes what ``entry`` told of ``found``."""
    found.about.add(entry)
    found.told |= dict.fromkeys(("lead", *facets), entry)
    if phrase.text.lower() in text.lower():
        found.told["when"], found.dated = entry, phrase.text


def tell(rng: random.Random, found: Happening, facet: str) -> str:
    """One facet as the one it happened to tells it, with its topic unnamed as often as not."""
    spec = cast("Mapping[str, list[str]]", stock("talk")["facet"][facet])
    return expand(rng, spec["tell"], {**found.slots, "value": found.facets[facet]})


def noun(rng: random.Random, found: Happening, slots: Mapping[str, str]) -> str:
    return lower(expand(rng, cast("list[str]", found.schema["noun"]), {**found.slots, **slots}))


def photo(rng: random.Random, found: Happening) -> str:
    return f"[photo: {lower(expand(rng, cast('str', found.schema['photo']), found.slots))}]"


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


def decoys() -> list[str]:
    return cast("list[str]", stock("talk")["decoys"]["friends"])


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
