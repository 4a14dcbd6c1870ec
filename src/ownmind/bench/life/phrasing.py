"""From templates to sentences: choices in brackets, slots in braces, articles and capitals put right. Pure but for the generator given.

``[a|b]`` is a choice (choices nest), ``{slot}`` is filled, ``{slot cap}`` filled with a capital, ``{ slot}`` filled with a space
before it unless it is empty; ``a/an`` becomes the article that fits the next word.
"""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any, cast

_CHOICE = re.compile(r"\[([^\[\]]*)\]")
_SLOT = re.compile(r"\{( ?)([\w]+)( cap)?\}")
_ARTICLE = re.compile(r"\b([Aa])/an (?=([\w\"]+))")
_SENTENCE_START = re.compile(r"(^|[.!?] +|: \")([a-zé])")
_AN = re.compile(r"^\"?(?:[aeiouéAEIO]|hour|honest|heir)(?<!^eu)(?<!^one)", re.IGNORECASE)


@cache
def stock(name: str) -> Mapping[str, Any]:  # Any: parsed TOML; words() and templates() give it types
    """The parsed word stock ``name``.toml of this package."""
    return tomllib.loads(resources.files(__package__).joinpath(f"{name}.toml").read_text(encoding="utf-8"))


@cache
def words(section: str, name: str) -> tuple[str, ...]:
    """The words of one list: words("places", "cities")."""
    return tuple(cast("str", stock("words")[section][name]).split("|"))


def expand(rng: random.Random, template: str | Sequence[str], slots: Mapping[str, str]) -> str:
    """One phrasing of ``template`` (or of one of several), slots filled. Raises KeyError for a slot nobody filled."""
    text = template if isinstance(template, str) else rng.choice(template)
    while "[" in text:
        text = _CHOICE.sub(lambda match: rng.choice(match[1].split("|")), text)
    for _ in range(3):  # what fills a slot may hold a slot
        if "{" not in text:
            break
        text = _SLOT.sub(lambda match: _filled(match, slots), text)
    return polished(text)


def polished(text: str) -> str:
    """Articles, spaces and capitals as they should be."""
    text = _ARTICLE.sub(lambda match: match[1] + ("n " if _AN.match(match[2]) else " "), text)
    text = re.sub(r"\s+([.,!?;])", r"\1", re.sub(r"\s{2,}", " ", text)).strip()
    text = re.sub(r"([!?])[.,]", r"\1", text)
    return _SENTENCE_START.sub(lambda match: match[1] + match[2].upper(), text)


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _filled(match: re.Match[str], slots: Mapping[str, str]) -> str:
    value = slots[match[2]]
    return (match[1] if value else "") + (capital(value) if match[3] else value)
