"""A person and a long-winded assistant at work on one thing: its aspects come up again and again, in long messages."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import cast

from ...messages import Integrity, Kind, Label, Source
from . import when
from .phrasing import expand, stock, words
from .talk import Log
from .telling import muse, tail
from .world import pool, timeline

_SHORT, _PROBLEM = 0.22, 0.55  # of the messages that state nothing


@dataclass
class Aspect:
    """One part of the undertaking, and what was said of it: kind of statement to the entries that made it, oldest first."""

    name: str
    other: str
    words: Mapping[str, tuple[str, ...]]
    said: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    figures: list[tuple[str, datetime, str]] = field(default_factory=list)  # value, when said, entry
    targets: list[tuple[datetime, datetime, str]] = field(default_factory=list)  # day, when said, entry
    tools: tuple[str, str] = ("", "")
    order: str = ""
    advice: list[tuple[str, str]] = field(default_factory=list)  # the assistant's, and its entry
    colleague: tuple[str, str, str] = ("", "", "")  # name, what they advised, entry
    messages: list[str] = field(default_factory=list)  # the person's
    replies: list[str] = field(default_factory=list)

    @property
    def measure(self) -> str:
        return self.words["measure"][0]

    @property
    def unit(self) -> str:
        return self.words["measure"][1]


class Work:
    """Writes the talk, day by day, and keeps what each message stated."""

    def __init__(self, rng: random.Random, began: datetime, months: int) -> None:
        self.rng = rng
        project = rng.choice(cast("list[Mapping[str, object]]", stock("projects")["project"]))
        self.project, self.other = cast("str", project["name"]), cast("str", project["other"])
        self.aspects = [_aspect(one) for one in cast("list[Mapping[str, str]]", project["aspects"])]
        rng.shuffle(self.aspects)
        self.log = Log(Source("transcript:assistant", "transcript"), Label(Integrity.UNTRUSTED), Kind.TURN, "assistant")
        self._names = list(words("people", "women") + words("people", "men"))
        rng.shuffle(self._names)
        self._at, self._n = began, 0
        self._talk(timeline(rng, began, months, max(3, round(months * 9 / 6))))

    def name(self) -> str:
        """A name nobody else in this life has."""
        return self._names.pop()

    def slots(self, aspect: Aspect) -> dict[str, str]:
        """What any sentence about an aspect may need."""
        rng = self.rng
        task, task2 = rng.sample(aspect.words["tasks"], 2)
        part, part2 = rng.sample(aspect.words["parts"], 2)
        return {
            "project": self.project, "otherproject": self.other, "aspect": aspect.name, "other": aspect.other, "task": task, "task2": task2,
            "part": part, "part2": part2, "measure": aspect.measure, "unit": aspect.unit, "tool": aspect.tools[0], "tool2": aspect.tools[1],
        }  # fmt: skip

    def _talk(self, days: Sequence[datetime]) -> None:
        """Each day opens a few aspects, comes back to others, and ends with thanks."""
        rng = self.rng
        fresh, opened = list(self.aspects), list[Aspect]()
        for number, day in enumerate(days):
            self._at = day
            if number == 0:
                self._exchange(
                    self.aspects[0],
                    self._line("hello", self.aspects[0], name=self.name(), job=rng.choice(pool("places.jobs")), hours=_one(rng, "hours")),
                )
            share = -(-len(fresh) // (len(days) - number))
            for aspect in (*fresh[:share], *rng.sample(opened, min(len(opened), 3))):
                self._visit(aspect, first=aspect not in opened)
            opened += fresh[:share]
            fresh = fresh[share:]
            self._exchange(opened[-1], self._line("thanks", opened[-1], comment=_one(rng, "comment")), brief=True)

    def _visit(self, aspect: Aspect, *, first: bool) -> None:
        """A handful of exchanges about one aspect. What was stated on an earlier day may change on this one."""
        rng = self.rng
        if first:
            aspect.said["opening"].append(self._exchange(aspect, self._line("opening", aspect)))
            statements = rng.sample([self._deadline, self._prefer, self._instruct, self._denied, self._colleague], rng.randint(2, 3))
            statements += [self._measured] * (rng.random() < 0.8)
        else:
            statements = [
                again
                for again, due in (
                    (self._measured, aspect.figures),
                    (self._deadline, aspect.targets),
                    (self._claimed, aspect.said["denied"] and not aspect.said["claimed"]),
                )
                if due
            ]
            statements = rng.sample(statements, min(len(statements), 2))
        for state in statements:
            if rng.random() < 0.45:
                self._exchange(aspect, self._line("more" if rng.random() < _PROBLEM else "short", aspect))
            state(aspect)
        for _ in range(rng.randint(0, 2)):
            self._exchange(aspect, self._line("short" if rng.random() < _SHORT * 2 else "more", aspect))

    def _measured(self, aspect: Aspect) -> None:
        low, high = int(aspect.words["measure"][2]), int(aspect.words["measure"][3])
        had = {value for value, _, _ in aspect.figures}
        left = [n for n in range(low, high + 1) if str(n) not in had]
        if not left:
            return
        value = str(self.rng.choice(left))
        text = self._line("remeasured" if had else "measured", aspect, value=value)
        aspect.figures.append((value, self._at, self._exchange(aspect, text)))

    def _deadline(self, aspect: Aspect) -> None:
        day = when.midnight(self._at) + timedelta(days=self.rng.randint(20, 120))
        while any(day == other for one in self.aspects for other, _, _ in one.targets):
            day += timedelta(days=1)
        phrase = when.exact(self.rng, day)
        text = self._line("moved" if aspect.targets else "deadline", aspect, by=f"by {phrase.text}", date=phrase.text)
        aspect.targets.append((day, self._at, self._exchange(aspect, text, phrase)))

    def _prefer(self, aspect: Aspect) -> None:
        aspect.tools = cast("tuple[str, str]", tuple(self.rng.sample(aspect.words["tools"], 2)))
        aspect.said["prefer"].append(self._exchange(aspect, self._line("prefer", aspect)))

    def _instruct(self, aspect: Aspect) -> None:
        taken = {one.order for one in self.aspects}
        aspect.order = self.rng.choice([one for one in cast("str", _templates("person")["order"]).split("|") if one not in taken])
        aspect.said["instruct"].append(self._exchange(aspect, self._line("instruct", aspect, order=aspect.order)))

    def _denied(self, aspect: Aspect) -> None:
        aspect.said["denied"].append(self._exchange(aspect, self._line("denied", aspect, base=aspect.words["deed"][0])))

    def _claimed(self, aspect: Aspect) -> None:
        aspect.said["claimed"].append(self._exchange(aspect, self._line("claimed", aspect, past=aspect.words["deed"][1])))

    def _colleague(self, aspect: Aspect) -> None:
        taken = {one.colleague[1] for one in self.aspects}
        advised = self.rng.choice([one for other in self.aspects for one in other.words["tasks"] if one not in taken])
        name = self.name()
        text = self._line("person", aspect, name2=name, relation=_one(self.rng, "relation"), advice2=advised)
        aspect.colleague = (name, advised, self._exchange(aspect, text))

    def _exchange(self, aspect: Aspect, text: str, phrase: when.Phrase | None = None, *, brief: bool = False) -> str:
        """The person's message and the assistant's reply; gives the message's id."""
        asked = self._write("user", text, phrase)
        aspect.messages.append(asked)
        left = [one for one in aspect.words["advice"] if all(one != given for given, _ in aspect.advice)]
        advice = self.rng.choice(left) if left and not brief and self.rng.random() < 0.3 else ""
        reply = self._write(
            "assistant",
            "You're welcome! " + expand(self.rng, _replies("close"), self.slots(aspect)) if brief else self._reply(aspect, advice),
        )
        aspect.replies.append(reply)
        if advice:
            aspect.advice.append((advice, reply))
        return asked

    def _reply(self, aspect: Aspect, advice: str) -> str:
        """150 to 400 words: headings, steps, points, a block of code or a table, and at times one piece of advice."""
        rng, lines = self.rng, [self._part("open", aspect)]
        for n in range(1, rng.randint(3, 6)):
            heading = expand(
                rng,
                _replies("heading"),
                {**self.slots(aspect), "n": str(n), "gerund": rng.choice(cast("str", _templates("reply")["gerund"]).split("|"))},
            )
            lines += ["", heading, self._part("body", aspect)]
            lines += [self._general("general", aspect)] * (rng.random() < 0.7)
            lines += [self._part("item", aspect) for _ in range(rng.randint(0, 2))]
            lines += [self._general("point", aspect) for _ in range(rng.randint(0, 3))]
        if advice:
            lines += ["", expand(rng, _replies("advice"), {"advice": advice})]
        if rng.random() < 0.35:
            slots = self.slots(aspect)
            snake = {key: slots[part].replace(" ", "_").replace("-", "_").lower() for key, part in (("snake", "part"), ("snake2", "part2"))}
            code = rng.choice(_replies("code"))
            for key, value in {**slots, **snake}.items():
                code = code.replace(f"{{{key}}}", value)
            lines += ["", code]
        if rng.random() < 0.5:
            lines += ["", self._general("faq", aspect), self._general("faq", aspect)]
        return "\n".join([*lines, "", self._part("close", aspect)])

    def _general(self, name: str, aspect: Aspect) -> str:
        """Advice that would fit anything: where most of an assistant's words come from."""
        return expand(self.rng, _replies(name), {**self.slots(aspect), **general(self.rng)})

    def _part(self, name: str, aspect: Aspect) -> str:
        return expand(self.rng, _replies(name), self.slots(aspect))

    def _line(self, sort: str, aspect: Aspect, **more: str) -> str:
        slots = self.slots(aspect)
        asides = self.rng.sample(cast("list[str]", _templates("person")["aside"]), self.rng.choice((1, 1, 1, 2, 3)))
        context = self.rng.choice(cast("list[str]", _templates("person")["context"]))
        slots |= {**general(self.rng), "muse": muse(self.rng)}
        slots |= {"aside": " ".join(expand(self.rng, one, slots) for one in asides), "context": expand(self.rng, context, slots), **more}
        return expand(self.rng, cast("list[str]", _templates("person")[sort]), slots)

    def _write(self, speaker: str, text: str, phrase: when.Phrase | None = None) -> str:
        self._n += 1
        self._at += timedelta(minutes=self.rng.randint(1, 6))
        return self.log.write(speaker, self._at, text, f"m{self._n}", [phrase] if phrase else [])


def general(rng: random.Random) -> dict[str, str]:
    """Words of no topic, rare ones among them."""
    found = {name: tail(rng, name) for name in ("process", "act", "effect", "adjective", "noun")}
    again = {f"{name}{n}": tail(rng, name) for name, n in (("process", 2), ("process", 3), ("act", 2), ("act", 3), ("effect", 2))}
    return found | again | {"n": str(rng.choice((5, 10, 15, 20, 30, 45)))}


def _aspect(given: Mapping[str, str]) -> Aspect:
    lists = {key: tuple(given[key].split("|")) for key in ("tasks", "parts", "tools", "advice")}
    return Aspect(given["name"], given["other"], {**lists, **{key: tuple(given[key].split(";")) for key in ("measure", "deed")}})


def _templates(section: str) -> Mapping[str, object]:
    return cast("Mapping[str, object]", stock("assistant")[section])


def _replies(name: str) -> list[str]:
    return cast("list[str]", _templates("reply")[name])


def _one(rng: random.Random, name: str) -> str:
    return rng.choice(cast("str", _templates("person")[name]).split("|"))
