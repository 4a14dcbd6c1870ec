"""The person's own notes: what happened, what is so and what they love, each in a breath, with nobody to ask."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import cast

from ...messages import Integrity, Kind, Label, Source
from . import when
from .changes import Values
from .claims import Claims
from .phrasing import expand, stock
from .talk import Log, Told
from .telling import chat, keep, lead, line, me, muse, noun, photo, tell
from .world import World, schemas, timeline, topic_words


class Diary:
    """Writes one to four notes on each of some ninety days in six months."""

    def __init__(self, world: World, began: datetime, months: int) -> None:
        self.world, self._rng, (self._who, *_) = world, world.rng, world.people
        self.log = Log(Source("note:diary", "note"), Label(Integrity.PERSON), Kind.NOTE, "")
        self.told = Told()
        self._values = Values(world)
        self._at, self._n = began, 0
        starts = timeline(self._rng, began, months, max(4, months * 15))
        self._claims = Claims(world, starts)
        self.told.claims = self._claims
        for day, start in enumerate(starts, 1):
            self._at = start
            self._notes(day)
        self.told.spans = self._values.spans

    def _notes(self, day: int) -> None:
        rng = self._rng
        for write, share in ((self._happening, 0.8), (self._value, 0.4), (self._love, 0.3), (self._aside, 0.5)):
            if rng.random() < share:
                write()
        self._claims.say(day, self._at, lambda _, text, phrase: self._note(text, phrase))

    def _happening(self) -> None:
        """What happened, at once with much of what there is to tell; at times more of it in a note hours later."""
        rng, found = self._rng, None
        day = when.midnight(self._at) - timedelta(days=rng.choice((0, 0, 0, 1, 1, 2, 3, 5, 9, 16, 35)))
        while found is None:
            found = self.world.happening(self._who, rng.choice(schemas()), day)
        text, phrase, at_once = lead(rng, found, self._at, share=1.5)
        keep(
            found, self._note(f"{text} {self._comment()} {photo(rng, found) if rng.random() < 0.15 else ''}", phrase), text, phrase, at_once
        )
        left = [name for name in found.facets if name not in found.told]
        if left and rng.random() < 0.5:
            name = rng.choice(left)
            mine = expand(rng, chat("resume"), {"mine": noun(rng, found, me())})
            found.told[name] = self._note(f"{mine} {tell(rng, found, name)}")
        self.told.happenings.append(found)

    def _value(self) -> None:
        said = self._values.next(self._who, self._at)
        if said is None:
            return
        if said.slip:
            self._note(said.slip)
        said.span.told = self._note(f"{said.text} {self._comment()}", said.phrase)
        if said.back:
            self._note(said.back)

    def _love(self) -> None:
        rng, topic = self._rng, self._rng.choice(self._who.topics)
        charm = self.world.fresh(f"{self._who.name} {topic} charm", topic_words(topic, "charm"))
        if charm is not None:
            slots = {"topic": topic_words(topic, "names")[0], "charm": charm, "doing": rng.choice(topic_words(topic, "doing"))}
            entry = self._note(f"{expand(rng, chat('love'), slots)} {self._comment()}")
            self.told.loves.setdefault((self._who.name, topic), []).append((charm, entry))

    def _aside(self) -> None:
        decoys = cast("list[str]", stock("talk")["decoys"]["friends"])
        self._note(
            expand(self._rng, decoys, {}) if self._rng.random() < 0.4 else line(self._rng, "aside", "", self._rng.choice(self._who.topics))
        )

    def _comment(self) -> str:
        return expand(self._rng, chat("comment"), {"muse": muse(self._rng)}) if self._rng.random() < 0.5 else ""

    def _note(self, text: str, phrase: when.Phrase | None = None) -> str:
        self._n += 1
        self._at += timedelta(minutes=self._rng.randint(2, 50))
        return self.log.write("", self._at, " ".join(text.split()), f"n{self._n}", [phrase] if phrase else [])
