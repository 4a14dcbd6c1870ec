"""What an answer must hold, by how the question asks: a "who" a person, a "how much" a sum, a "which colour" a colour. Pure; English.

That an event was told does not mean that every side of it was. The words here are common ones of each kind; a rare answer ("ochre")
is missed, so the absence of a facet makes an answer less probable, never impossible.
"""

from __future__ import annotations

import re
from collections.abc import Sequence


def facet(question: str) -> re.Pattern[str] | None:
    """What the answer must hold, or None when any words may be one."""
    return next((answer for asks, answer in _FACETS if asks.search(question)), None)


def _words(text: str) -> str:
    return "|".join(text.split())


_KIN = _words(
    """mother mum mom father dad parents sister brother son daughter kids children child uncle aunt cousin nephew niece grandma grandpa
    grandmother grandfather wife husband partner girlfriend boyfriend fianc\\w+ friends? neighbou?rs? colleagues? coworkers? boss manager
    teacher coach trainer instructor tutor mentor guide doctor therapist nurse vet dentist lawyer plumber carpenter electrician mechanic
    team group club class flatmate roommate family somebody someone stranger volunteer expert professor librarian owner seller
    alone myself ourselves together"""
)
_NUMBER = (
    r"\d|\b(?:an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|twenty|thirty|forty|fifty|hundred|thousand|once|twice"
    r"|several|both|couple|few|no|none)\b"
)
_MONEY = r"[$€£]\s?\d|\d[\d.,]*\s?(?:[$€£]|euros?|dollars?|pounds?|francs?|bucks|cents|quid|k\b|usd|eur|gbp)|\b(?:free|nothing|a fortune)\b"
_TIME = (
    r"\d|\b(?:today|tomorrow|yesterday|tonight|morning|evening|night|week|weekend|month|year|day|hour|minute|ago|since|spring|summer|autumn|fall"
    r"|winter|monday|tuesday|wednesday|thursday|friday|saturday|sunday|january|february|march|april|may|june|july|august|september|october"
    r"|november|december|always|forever|childhood|recently|just|soon|now)s?\b"
)
_COLOURS = _words(
    """red orange yellow green blue purple violet pink brown black white grey gray gold golden silver turquoise teal navy beige cream
    mustard olive maroon crimson scarlet lilac lavender magenta indigo sage mint coral copper bronze colou?rful striped dotted
    two-tone transparent"""
)
_FEELINGS = _words(
    """happy glad thrilled excited proud relieved nervous anxious scared afraid sad upset angry annoyed frustrated disappointed tired
    exhausted calm peaceful grateful thankful touched moved emotional overwhelmed surprised shocked amazed inspired motivated hopeful
    lonely jealous embarrassed guilty worried stressed confident free alive joy\\w* feel\\w* felt loved enjoyed hated awesome amazing
    wonderful great fun good bad terrible magical hard tough rewarding special humbl\\w+ awestruck bittersweet content comfortable
    uncomfortable"""
)
_WEATHER = _words(
    """sun sunny sunshine rain rainy raining snow snowy wind windy storm stormy fog foggy cloud cloudy clouds heat hot cold warm cool
    freezing ice humid drizzle mist clear blizzard breeze"""
)
_REASON = (
    r"\b(?:because|since|so that|reason|in order|that['’]?s why|to (?!the\b|a\b|my\b|me\b|you\b)\w+|helps?|wanted|love[sd]?|inspired"
    r"|motivated|makes?|made|thanks to|due|for)\b|['’]cause\b"
)
_SOMEBODY = rf"\b(?:{_KIN})\b|(?<=[a-z,] )(?-i:[A-Z])[a-z]+"
_PLACE = r"\b(?:at|in|from|on|near|to|by|inside|under|behind|around|online|home|abroad|here|there)\b"


def _pair(asks: str, answer: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    return re.compile(asks, re.IGNORECASE), re.compile(answer, re.IGNORECASE)


# The first whose question fits decides.
_FACETS: Sequence[tuple[re.Pattern[str], re.Pattern[str]]] = (
    _pair(r"\bhow much\b.{0,30}\b(?:pay|paid|cost|spen[dt]|charge|owe|rent|price)|\b(?:cost|price|salary|fee|budget)\b", _MONEY),
    _pair(r"\bhow (?:many|much|old|often)\b|\b(?:number|percentage|age|phone|code|score|rate|count)\b", _NUMBER),
    _pair(r"\bwhen\b|\bhow long\b|\bwhat (?:date|day|time|year|month)\b|\bdate of\b", _TIME),
    _pair(r"\bcolou?r", rf"\b(?:{_COLOURS})\b"),
    _pair(r"\b(?:weather|conditions)\b", rf"\b(?:{_WEATHER})\b"),
    _pair(r"\b(?:feel|feeling|felt|emotion|mood|reaction|react)\b", rf"\b(?:{_FEELINGS})\b"),
    _pair(r"^\W*(?:with |to |from |for |by )?(?:who|whom|whose)\b|\b(?:teacher|companion|instructor)\b", _SOMEBODY),
    _pair(r"\bwhy\b|\b(?:reason|rationale|motivat\w+|caused?)\b", _REASON),
    _pair(r"\bwhere\b|\b(?:place|address|city|country)\b", _PLACE),
)  # fmt: skip
