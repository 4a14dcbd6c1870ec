"""Which skill a message asks for, and with what words. Code decides: a wrong guess would take a question away from memory.

A skill is meant where the message names it ("/skill quiz-me the lease", "/quiz-me the lease", "use the quiz-me skill on the lease"), or,
of our own, where it is put in a form that means nothing else ("summarise the lease", "quiz me on ..."). An installed one that is not named
is only proposed to the router when the message is near to its description; see `near`. No description is ever in the prompt of a talk.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ..models.embedding.embedder import Embedder

NEAR = 0.45  # cosine of a message and a description from which the router is asked; all-MiniLM-L6-v2
_MOST = 3  # skills the router is shown


@dataclass(frozen=True, slots=True)
class Chosen:
    """A skill, and the words it is asked with."""

    name: str
    request: str


_POLITE = r"^\s*(?:(?:please|ok(?:ay)?|hey|hi|now|and|could you|can you|would you|will you|i(?: would|['’]d) like you to)[\s,]+)*"
_SLASH = re.compile(r"^\s*/(?:skill\s+)?(?P<name>[a-z0-9-]{1,64})(?:\s+(?P<rest>.*))?$", re.DOTALL)
_NAMED = re.compile(
    _POLITE + r"(?:use|run|apply|try)\s+(?:the\s+|my\s+)?"
    r"(?:skill\s+[“\"']?(?P<a>[a-z0-9-]+)[”\"']?|[“\"']?(?P<b>[a-z0-9-]+)[”\"']?\s+skill)\b"
    r"\s*(?:to|for|on|with|:|,)?\s*(?P<rest>.*)$",
    re.IGNORECASE | re.DOTALL,
)
_ME = r"(?:me\s+|us\s+)?(?:an?\s+|my\s+|our\s+|the\s+)?"
_FORMS: Mapping[str, re.Pattern[str]] = {
    name: re.compile(_POLITE + form, re.IGNORECASE)
    for name, form in {
        "summarise-document": r"(?:summari[sz]e|sum up|give me (?:a|the) (?:short )?summary of|what are the key points of)\s+\S",
        "draft-message": rf"(?:draft|write)\s+{_ME}(?:short\s+|quick\s+)?(?:message|e-?mail|text|reply|letter|note)\s+(?:to|for)\s+\S"
        r"(?=.*\b(?:in my (?:voice|style|words)|telling|saying|that|asking|about|to (?:say|tell|ask))\b)",
        "compare-options": r"(?:compare\s+.{2,80}?\s+(?:and|with|to|vs\.?|versus|or)\s+\S|help me (?:choose|decide) between\s+\S)",
        "meal-plan": rf"(?:(?:make|plan|give|write|suggest|create)\s+{_ME}(?:\w+[\s-]+){{0,3}}"
        r"(?:meal plan|menu for (?:the|this|next) week|meals for)\b|meal plan\b)",
        "meeting-notes": rf"(?:(?:make|write|take|give|do)\s+{_ME}(?:meeting notes|minutes)\b"
        r"|(?:what was decided|what were the decisions|who promised what)\s+(?:in|at)\b)",
        "explain": r"explain\s+.{2,200}?\b(?:simply|in (?:simple|plain) (?:words|language|english)|like i['’]?m (?:five|5|ten|10)"
        r"|step by step|for a beginner)\b",
        "quiz-me": r"(?:quiz|test)\s+me\s+(?:on|about|from|with)\s+\S",
        "translate-with-care": r"translate\s+.*?\b(?:in)?to\s+(?:german|french|spanish|italian|portuguese|english|dutch)\b",
        "weekly-review": rf"(?:(?:do|give|write|make|let['’]?s do)\s+{_ME})?weekly review\b",
        "prepare-meeting": r"(?:(?:prepare|prep|brief|get)\s+me\s+(?:ready\s+)?for\s+(?:my|the|a)\s+\S"
        r"|help me prepare for\s+(?:my|the|a)\s+(?:\w+\s+){0,4}(?:with|meeting|call|talk)\b)",
        "packing-list": rf"(?:(?:make|write|give|create|i need)\s+{_ME}packing list\b|what (?:should|do) i (?:need to )?pack for\b)",
        "kind-note": rf"(?:draft|write)\s+{_ME}(?:short\s+|kind\s+|warm\s+)?"
        r"(?:thank[\s-]?you|condolence|sympathy|get[\s-]well|congratulations?)\b",
    }.items()
}
_ADDRESS = re.compile(r"https?://|www\.", re.IGNORECASE)


def chosen(text: str, names: Collection[str]) -> Chosen | None:
    """The skill ``text`` asks for among ``names`` (those switched on); None where it asks for none."""
    if match := _SLASH.match(text):
        return Chosen(match["name"], (match["rest"] or "").strip()) if match["name"] in names else None
    if (match := _NAMED.match(text)) and (name := (match["a"] or match["b"]).lower()) in names:
        return Chosen(name, match["rest"].strip() or text)
    if _ADDRESS.search(text[:300]):  # a page is read first, by consent: that is a plan's work
        return None
    # The most particular form first: "write a thank-you note to Ben" is a kind note, not any message.
    order = ("kind-note", *(name for name in _FORMS if name != "kind-note"))
    return next((Chosen(name, text) for name in order if name in names and _FORMS[name].search(text[:400])), None)


def near(text: str, described: Sequence[tuple[str, str]], embedder: Embedder | None) -> list[tuple[str, str]]:
    """Those of (name, description) that are near enough to ``text`` to ask the router about, the nearest first; none without an
    embedder."""
    if embedder is None or not described:
        return []
    asked = embedder.embed([text[:500]], kind="query")[0]
    held = embedder.embed([description for _, description in described])
    scores = np.asarray(held @ asked)
    order = [int(place) for place in np.argsort(-scores) if scores[place] >= NEAR]
    return [described[place] for place in order[:_MOST]]
