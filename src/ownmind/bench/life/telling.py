"""How a person of a generated life puts things: the start of a story, one more facet of it, a reaction, small talk."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from itertools import accumulate
from typing import cast

from . import when
from .phrasing import expand, stock, words
from .world import Happening, Person, topic_words


def lead(rng: random.Random, found: Happening, at: datetime, *, share: float) -> tuple[str, when.Phrase, list[str]]:
    """How somebody begins to tell of it at ``at``, the date named with it, and the facets told in the same breath."""
    if found.name == "memory":
        phrase = when.year(at.year - rng.randint(14, 30), at)
    else:
        phrase = when.coming(rng, at) if found.name == "plan" else when.past(rng, found.day, at)
    slots = {**found.slots, "when": phrase.text, "year": phrase.text, "future": phrase.text}
    at_once = [name for name in found.facets if rng.random() < share / len(found.facets) * 1.2]
    text = expand(rng, cast("list[str]", found.schema["lead"]), slots)
    label = [expand(rng, cast("list[str]", found.schema["label"]), slots)] if rng.random() < 0.4 else []
    return " ".join([text, *label, *(tell(rng, found, name) for name in at_once)]), phrase, at_once


def keep(found: Happening, entry: str, text: str, phrase: when.Phrase, facets: Sequence[str]) -> None:
    """Notes what ``entry`` told of ``found``."""
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
    slots |= {"topic": topic_words(topic, "names")[0], "partner": partner, "comment": "", "muse": muse(rng)}
    slots |= {key: rng.choice(topic_words(topic, key)) for key in ("gear", "charm")}
    slots["support"] = expand(rng, chat("support"), slots)
    slots["encourage"] = expand(rng, chat("encourage"), slots)
    slots["smalltalk"] = expand(rng, chat("small"), slots)
    return expand(rng, chat(name), slots)


def muse(rng: random.Random) -> str:
    """A sentence about nothing that matters, with the rare words real talk is full of."""
    slots = {name: tail(rng, name) for name in ("noun", "adjective", "did", "people", "talk")}
    slots |= {"spot": tail(rng, "place"), "noun2": tail(rng, "noun"), "did2": tail(rng, "did"), "talk2": tail(rng, "talk")}
    return expand(rng, chat("muse"), slots)


def tail(rng: random.Random, name: str) -> str:
    """A word of the general stock, the first of the list much more often than the last (Zipf)."""
    options = words("general", name)
    return rng.choices(options, cum_weights=_zipf(len(options)))[0]


@cache
def _zipf(n: int) -> tuple[float, ...]:
    return tuple(accumulate(1 / (rank + 8) for rank in range(n)))


_SMALL = ("drink", "street", "noise", "mess", "errand", "body", "food", "workthing", "helps")


def decoys() -> list[str]:
    return cast("list[str]", stock("talk")["decoys"]["friends"])


def you() -> dict[str, str]:
    """How the other is spoken to."""
    return {"poss": "your", "pron": "you", "pron2": "yourself", "who": "you", "whom": "you", "whose": "your"}


def me() -> dict[str, str]:
    """How somebody speaks, and asks, of themselves."""
    plural = {"has": "have", "does": "do", "is": "am"}
    return {"poss": "my", "pron": "I", "pron2": "myself", "who": "I", "whom": "me", "whose": "my", **plural}


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
        "pron2": "herself" if who.she else "himself",
        "who": who.name,
        "whom": who.name,
        "whose": f"{who.name}'s",
        "has": "has",
        "does": "does",
        "is": "is",
    }
