"""Two friends chatting: each happening told by the one it happened to, over a few turns, amid reactions and small talk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import cast

from ...messages import Entry, Integrity, Kind, Label, Source
from . import when
from .changes import Values
from .claims import Claims
from .phrasing import expand, stock
from .telling import chat, decoys, keep, lead, line, me, muse, noun, photo, tell, you
from .values import Named
from .world import BAD, Happening, Person, Span, World, schemas, timeline, topic_words


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

    def _lead(self, found: Happening) -> None:
        """The turn that tells what happened, with its date more often than not."""
        rng = self._rng
        text, phrase, at_once = lead(rng, found, self._at, share=0.4)
        if rng.random() < 0.6:
            text += " " + self._line("comment", found.who, found.who)
        if rng.random() < 0.4:
            text += " " + photo(rng, found)
        elif rng.random() < 0.15:
            text += " " + self._line("askback", found.who, found.who, topic=found.topic)
        keep(found, self._say(found.who, text, phrase), text, phrase, at_once)

    def _facet(self, found: Happening, name: str, who: Person, partner: Person, *, ends: bool) -> None:
        rng, spec = self._rng, cast("Mapping[str, list[str]]", stock("talk")["facet"][name])
        self._ask_more(found, partner, expand(rng, spec["prompt"], found.slots))
        thanks = self._line("thanks", who, partner) if rng.random() < 0.5 else ""
        resume = expand(rng, chat("resume"), {"mine": noun(rng, found, me())}) if rng.random() < 0.6 else ""
        comment = self._line("comment", who, partner) if rng.random() < 0.7 else ""
        shown = photo(rng, found) if rng.random() < 0.15 else ""
        back = self._line("askback", who, partner, topic=found.topic) if rng.random() < 0.12 else ""
        found.told[name] = self._say(who, f"{thanks} {resume} {tell(rng, found, name)} {comment} {shown} {back}")
        if ends:
            self._say(partner, f"{self._line('react', partner, who)} {self._line('encourage', partner, who)}")
            self._say(who, f"{self._line('thanks', who, partner)} {self._line('own', who, partner, topic=found.topic)}")

    def _ask_more(self, found: Happening, partner: Person, prompt: str) -> None:
        """The listener's turn: a reaction, at times the thing's own words again or a remark of theirs, and what they want to know."""
        rng, bad = self._rng, found.name in BAD
        react = self._line("react_bad" if bad and rng.random() < 0.8 else "react", partner, found.who)
        own = self._line("own", partner, found.who, topic=found.topic) if rng.random() < 0.5 else ""
        if rng.random() >= 0.45:
            self._say(partner, f"{react} {own} {prompt}")
            return
        slots = {"deed": noun(rng, found, you()), "praise": found.slots["praise"]}
        opinion = expand(rng, chat("echo_bad" if bad else "echo"), slots)
        found.echo = self._say(partner, f"{react} {opinion} {own} {prompt}"), opinion

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
        if len(text) < 90 and self._rng.random() < 0.35:
            text += " " + muse(self._rng)
        tidy = " ".join(text.split())
        return self.log.write(who.name, self._at, tidy, name, [phrase] if phrase and phrase.text else [])

    def _line(self, name: str, who: Person, partner: Person, topic: str = "") -> str:
        return line(self._rng, name, partner.name, topic or self._rng.choice(who.topics))
