"""An item as a source, and the stems by which the sentence of it is found that bears most."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..messages import Cited, Item
from .words import STOP


def cited_from(item: Item, words: Iterable[str] = ()) -> Cited:
    """``item`` as a source, quoting the sentence of it that holds most of ``words``."""
    wanted = set(words)
    sentences = [match.group(0).strip() for match in re.finditer(r"[^.!?\n]+[.!?]*", item.text[:20_000]) if match.group(0).strip()]
    quote = max(sentences, key=lambda sentence: len(stems(sentence) & wanted), default=item.text[:400])
    return Cited(item.id, item.text, item.source.ref, item.source.title, item.at, item.speaker, quote, item.page, item.label)


def stems(text: str) -> set[str]:
    """Words of substance, lower case, cut so that "promised" meets "promise"."""
    return {stem(word) for word in re.findall(r"\w+", text.lower()) if word not in STOP and (len(word) > 2 or word.isdigit())}


def stem(word: str) -> str:
    for ending in ("ing", "ed", "es", "s", "e", "ly"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word
