"""What a fact is about in the large: one topic for each predicate, so that a person can look through what is known by it. Pure.

By the first part of a fact's slot (predicates.py). What no table names is "other": models find predicates nobody thought of.
"""

from __future__ import annotations

TOPICS = ("home", "work", "family", "food", "health", "tastes", "things", "dates", "plans", "reach", "wishes", "other")

_OF = {
    "home": ("lives in", "moved to", "address", "is from", "born", "grew up in"),
    "work": ("works at", "works as", "works in", "studies at", "studies", "teaches", "speaks", "started", "retired from"),
    "family": ("relation", "married to", "relationship status", "name", "has child", "has children", "expecting", "died", "age"),
    "food": ("diet", "does not eat", "does not drink", "allergic to", "intolerant to"),
    "health": ("blood type", "height", "weight", "takes", "quit", "afraid of", "diagnosed with", "smokes"),
    "tastes": ("taste", "plays", "hobby", "interested in", "collects", "reads"),
    "things": ("has", "drives", "shoe size", "pet", "dog", "cat", "bought", "sold"),
    "dates": ("birthday", "anniversary"),
    "plans": ("goal", "plans", "wants", "training for", "saving for", "learning", "intends"),
    "reach": ("phone", "email"),
    "wishes": ("instruction", "answers in"),
}
_TOPIC = {head: topic for topic, heads in _OF.items() for head in heads}
_BEGINNINGS = {"favourite ": "tastes", "favorite ": "tastes", "date of ": "dates"}


def topic(head: str) -> str:
    """The topic of a slot by its first part: "tastes" for "taste", "other" for what no table names."""
    return _TOPIC.get(head) or next((topic for beginning, topic in _BEGINNINGS.items() if head.startswith(beginning)), "other")
