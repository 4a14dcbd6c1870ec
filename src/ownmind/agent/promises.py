"""What a small model says that is not so: promises it cannot keep, deeds it did not do, food somebody must not eat.

Found by code in the reply and put right in plain words, because the person would rely on it. The lists are not complete; they
cover what the starter brain was seen to say.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..messages import Fact, FactKind

CANNOT = (
    "To be plain: I can't set reminders, send messages or do anything outside this conversation by saying so. I have kept your words, "
    "so you can ask me about them. What you want to get done I plan and ask about at its time, if you say it as a goal: “I want to …”."
)

_PROMISE = re.compile(
    r"\bI(?:['’]ll| will| can| am going to|['’]m going to)\s+(?:(?:be sure to|make sure to|also|gladly|definitely|go ahead and)\s+)?"
    r"(?:remind|notify|alert|wake|ping|email|e-mail|text|message|call|phone|ring|send|book|order|buy|schedule|reserve|pay"
    r"|transfer|post|set (?:a|an|up)|add (?:it|that|this) to your (?:calendar|list)|check (?:the web|online)|look (?:it"
    r"|that) up online|contact)\b"
    r"|\bI(?:['’]ve| have|['’]m| am)\s+(?:just\s+|already\s+)?(?:sent|emailed|e-mailed|texted|messaged|called|booked|ordered"
    r"|bought|scheduled|reserved|paid|transferred|set (?:a|an|up)|reminded|sending|booking|ordering|calling)\b"
    r"|\b(?:reminder|alarm|timer|appointment|meeting) (?:is|has been) (?:set|booked|scheduled)\b",
    re.IGNORECASE,
)


def promises(reply: str) -> bool:
    """Whether the reply promises or claims something that no tool here can do."""
    return bool(_PROMISE.search(reply))


_MEAT = "meat beef steak pork ham bacon sausage chicken turkey duck lamb veal mince salami pepperoni prosciutto chorizo goose venison"
_SEAFOOD = "shrimp prawn crab lobster clam mussel scallop oyster squid shellfish scampi crayfish"
_FISH = f"fish salmon tuna cod anchovy trout sardine mackerel haddock seafood {_SEAFOOD}"
_DAIRY = "milk cheese cream butter yogurt yoghurt mozzarella parmesan feta ricotta"
_FAMILIES: dict[str, str] = {
    "vegetarian": f"{_MEAT} {_FISH}", "vegan": f"{_MEAT} {_FISH} {_DAIRY} egg honey omelette", "pescatarian": _MEAT,
    "shellfish": _SEAFOOD + " seafood", "seafood": _FISH, "fish": _FISH, "peanut": "peanut satay",
    "nut": "nut almond walnut cashew pecan hazelnut pistachio peanut praline marzipan",
    "dairy": _DAIRY, "lactose": _DAIRY, "milk": _DAIRY,
    "gluten": "gluten wheat bread pasta spaghetti couscous flour barley beer noodle",
    "coeliac": "wheat bread pasta spaghetti couscous flour barley beer",
    "egg": "egg omelette frittata mayonnaise quiche", "pork": "pork ham bacon sausage prosciutto", "meat": _MEAT,
    "alcohol": "wine beer vodka whisky rum champagne",
}  # fmt: skip
_SAFE = re.compile(
    r"\b(?:no|not|non|nothing|nor|neither|none|without|avoid\w*|free|leav\w+ out|instead|skip\w*|except|allerg\w+|can['’]?t|cannot|don['’]t"
    r"|doesn['’]t|never|rather than|plant|vegan|vegetarian|oat|soy|almond milk|coconut|substitute|minus|hold the"
    r"|intoleran\w+|sans)\b",
    re.IGNORECASE,
)


def forbidden(needs: Sequence[Fact]) -> frozenset[str]:
    """Foods these needs rule out, in the singular, lower case."""
    words: set[str] = set()
    for fact in needs:
        if fact.kind is not FactKind.NEED or fact.object.lower().startswith(("not ", "no ")):
            continue
        for word in re.findall(r"[^\W\d_]+", fact.object.lower()):
            single = _single(word)
            words.update(_FAMILIES.get(single, "").split())
            if fact.predicate.lower().startswith(("allergic", "is allergic", "does not")) and len(single) > 2:
                words.add(single)
    return frozenset(words - {"and", "all", "any", "the", "other", "kind", "some"})


def breach(sentence: str, ruled_out: frozenset[str]) -> str:
    """The first food in ``sentence`` that is ruled out and not said to be left out; "" when there is none."""
    if not ruled_out:
        return ""
    for clause in re.split(r"[.;!?\n]", sentence):
        if _SAFE.search(clause):
            continue
        words: list[str] = re.findall(r"[^\W\d_]+", clause.lower())
        for word in words:
            if _single(word) in ruled_out or word in ruled_out:
                return word
    return ""


def _single(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    return word[:-2] if word.endswith("oes") else word[:-1] if word.endswith("s") and not word.endswith("ss") else word
