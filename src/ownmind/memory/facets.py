"""Which side of a thing a question asks for, and what an answer to that holds: a "who" a person, a "how much" a sum, a "which colour"
a colour. Pure; English.

That an event was told does not mean that every side of it was. The words here are common ones of each kind; a rare answer ("ochre")
is missed, so the absence of a side makes an answer less probable, never impossible.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from .words import words


@dataclass(frozen=True, slots=True)
class Facet:
    """One side of a thing. ``asked``: the question's words that ask for it, which its answer need not repeat. ``telling``: how much
    it says when no answer is there, 0..1: a colour has few names, a place may be called anything. ``somebody``: the answer is a person,
    so that whoever says "I" is one."""

    answer: re.Pattern[str]
    asked: frozenset[str]
    telling: float
    somebody: bool = False


def facet(question: str) -> Facet | None:
    """The side that is asked for, or None when any words may answer."""
    for asks, answer, telling in _FACETS:
        if match := asks.search(question):
            between = [word for gap in match.groups() if gap for word in words(gap)]
            asked = Counter(words(match.group(0))) - Counter(between)
            return Facet(answer, frozenset(asked), telling, answer is _WHO_ANSWERS)
    return None


def _words(text: str) -> str:
    return "|".join(text.split())


_KIN = _words(
    """mother mum mom father dad parents sister brother son daughter kids children child uncle aunt cousin nephew niece grandma grandpa
    grandmother grandfather wife husband partner girlfriend boyfriend fianc\\w+ friends? neighbou?rs? colleagues? coworkers? boss manager
    teacher coach trainer instructor tutor mentor guide doctor therapist nurse vet dentist lawyer plumber carpenter electrician mechanic
    team group club class flatmate roommate family somebody someone stranger volunteer expert professor librarian owner seller
    alone myself ourselves together"""
)
_COUNT = r"\d+|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|twenty|thirty|forty|fifty|hundred|thousand"
_NUMBER = rf"\d|\b(?:{_COUNT}|once|twice|several|both|couple|few|no|none)\b"
_COUNTED = rf"(?<!number )(?<!room )(?<!page )(?<!size )(?<!code )(?<!line )(?<!floor )(?:{_NUMBER})"
_WORK = (
    r"\b(?:works?|worked|working|job|jobs|employ\w+|career|profession|retired|boss|office|company|shift|shifts|stud(?:y|ies|ied)|runs? an?"
    r"|trains? as|nurse|chef|cook|judge|pilot|vet)\b|\b(?:is|am|was|as|becom\w+|became) an? (?:\w+ )?\w+(?:er|or|ist|ian|ant|man|woman)\b"
)
_UNIT = r"(?:seconds?|minutes?|hours?|days?|nights?|evenings?|weekends?|weeks?|months?|years?|sessions?|lessons?|decades?)"
_DURATION = (
    rf"\b(?:{_COUNT}|few|several|half|couple of|many|whole|entire|all)[ -](?:\w+ )?{_UNIT}\b"
    r"(?! (?:ago|later|before|old|earlier|from now|away))"
    r"|\bsince\b|\b(?:until|till) (?!now)|\bovernight\b|\b(?:for|in) (?:ages|no time)\b|\bforever\b|\balways\b|\bso far\b"
)
_FREQUENCY = (
    r"\b(?:every|each|daily|weekly|monthly|yearly|annually|once|twice|always|usually|often|never|rarely|seldom|regularly)\b"
    r"|\b(?:a|per|times (?:a|per)) (?:day|week|month|year)\b|\bon (?:mon|tues|wednes|thurs|fri|satur|sun)days\b"
)
_MONEY = r"[$€£]\s?\d|\d[\d.,]*\s?(?:[$€£]|euros?|dollars?|pounds?|francs?|bucks|cents|quid|k\b|usd|eur|gbp)|\b(?:free|nothing|a fortune)\b"
_HOUR = "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|noon|midnight|midday"
# "at nine", "from eight to noon", "half past six": an hour in words, where nothing is counted after it ("at nine
# schools"). Not "one", which is mostly no hour.
_CLOCK = (
    rf"\b(?:at|by|until|till|from|past|quarter to|half|around|before|after|between|to) (?:{_HOUR})"
    r"(?:[ -](?:thirty|fifteen|forty-five|o['’]?clock|sharp|in the|on|at|and|to|till|until|a\.?m|p\.?m)\b|(?=\s*(?:[.,;:!?)]|$)))"
)
_TIME = (
    rf"{_CLOCK}|"
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
    lonely jealous embarrassed guilty worried stressed confident alive joy\\w* feel\\w* felt loved enjoyed hated awesome amazing
    wonderful great terrible magical tough rewarding humbl\\w+ awestruck bittersweet content comfortable uncomfortable resigned
    furious giddy"""
)
_WEATHER = _words(
    """sun sunny sunshine rain rainy raining snow snowy wind windy storm stormy fog foggy cloud cloudy clouds heat hot cold warm cool
    freezing ice humid drizzle mist clear blizzard breeze"""
)
_REASON = (
    r"\b(?:because|since|so that|so i|reason|in order|that['’]?s why|helps?|wanted|want to|love[sd]?|inspired|promised|hoping|hope to"
    r"|motivated|ma[dk]es? (?:me|us|him|her|them|you)|thanks to|due to|need(?:ed)?|told me to|keeps?)\b|['’]cause\b"
)
_DATES = (
    "January|February|March|April|May|June|July|August|September|October|November|December"
    "|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"
)
# A name, as English writes one inside a sentence, that is no place ("in Porto") and no date.
_NAMED = rf"(?<=[a-z,] )(?<!\bin )(?<!\bat )(?<!\bnear )(?<!\bthe )(?-i:(?!(?:{_DATES}|I)\b)[A-Z])[a-z]+"
_SOMEBODY = rf"\b(?:{_KIN})\b|\ban? (?:\w+ )?\w+(?:er|or|ist|ian|man|woman)\b|{_NAMED}"
_TEACHER = (
    r"\b(?:teachers?|coach|tutor|trainer|instructor|mentor|taught|teaches|patient|lessons? (?:with|from)|class with"
    r"|under (?:his|her|their) wing|correct(?:s|ing|ed) me|show(?:s|ed) me|guid(?:es|ed|ing))\b"
)
_AGENT = r"\bby (?:my|our|his|her|an?|the|(?-i:[A-Z]))"  # "repaired by Mr Osei"
_HELPER = (
    rf"{_AGENT}|"
    r"\b(?:help(?:s|ed|ing)?|support(?:s|ed|ive)?|a hand|thanks to|without (?:my|him|her|them|you)|rescue|fix(?:es|ed)|repair(?:s|ed)"
    r"|by my side|cheer(?:s|ed) me|encourag(?:es|ed)|drove me|look(?:s|ed) after)\b"
)
_COMPANION = (
    r"\bwith (?:my|our|his|her|him|them|friends|(?-i:[A-Z]))|\b(?:came|come|went|tagged|go) (?:too|along|with)\b|\btogether\b"
    r"|\bjoin(?:s|ed) (?:me|us)\b|\band (?:i|me)\b|\bby my side\b|\b(?:alone|by myself|on my own|just us|as a family|all of us)\b"
    r"|\bbrought my\b"
)
_GIVER = (
    rf"{_AGENT}|"
    r"\b(?:gave|gives|given|gift|present) |\bfrom (?:my|our|his|her|an?|(?-i:[A-Z]))|\bhanded\b|\bit was (?:my|(?-i:[A-Z]))|\bthanks to\b"
)
_ADVISER = (
    rf"{_AGENT}|"
    r"\b(?:recommend\w*|suggest\w*|rav(?:ed|ing)|told me (?:about|of)|tip from|insist\w*|swears? by|heard (?:about|of) it)\b"
    r"|\bfrom (?:my|(?-i:[A-Z]))"
)
_PLACE = (
    rf"\b(?:at|in|into|from|near|inside|under|behind|around|outside|next to|beside|between|on|by) (?!(?-i:{_DATES})\b)"
    r"(?:the|an?|my|our|his|her|their|this|that|(?-i:[A-Z]))"
    r"(?! (?:end|moment|morning|evening|afternoon|time|way|day|week|month|year|last|whole|bit)\b)"
    r"|\bat (?!(?:least|all|first|last|once|night|times)\b)\w|\b(?:online|home|abroad|upstairs|downstairs)\b"
)
_SHOP = (
    r"\b(?:at|in|from|through|via) (?:an?|the|my|our) (?:[\w-]+ ){0,3}(?:shop|store|market|mall|sale|fair|auction|boutique|gallery|garage"
    r"|studio|cent(?:er|re)|dealer|supermarket|website|friend|neighbou?r|bakery|bookshop|thrift)s?\b|\bonline\b|\bsecond[- ]hand\b"
    r"|\b(?:at|from) (?-i:[A-Z])"
)
_RANK = r"\b(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|last|\d+(?:st|nd|rd|th)|won|win|winner|champion|medal)\b"
_PRIZE = (
    r"\b(?:prizes?|awards?) (?:was|is|were|of)\b|\b(?:trophy|trophies|medals?|vouchers?|certificates?|cup)\b"
    r"|\b(?:won|got|received|given|handed me) (?:an?|the) (?!(?:place|prize|race|contest|game|match)\b)|\bwith my (?:name|initials)\b"
)
_LESSON = r"\b(?:taught|teach(?:es)?|learn\w*|lessons?|moral|reali[sz]\w+|understood|discover\w*|remind\w*|know now|show(?:ed|s) me)\b"
_BEST = (
    r"\b(?:best|highlight|favou?rite|loved?|most|never forget|unforgettable|above all|hands down|especially"
    r"|without a doubt|for me it was)\b"
)


_Row = tuple[re.Pattern[str], re.Pattern[str], float]
_GAP = re.compile(r"\.(?:\{\d+,\d+\}|\*)")


def _asks(pattern: str) -> re.Pattern[str]:
    """The pattern with its gaps as its only groups: of "how much did the tyres cost" the tyres are the thing, not the side."""
    return re.compile(_GAP.sub(lambda gap: f"({gap.group(0)})", pattern), re.IGNORECASE)


def _clear(asks: str, answer: str) -> _Row:
    """A side whose answers have few words of their own: where none of them stands, it was hardly told."""
    return _asks(asks), re.compile(answer, re.IGNORECASE), 1.0


def _loose(asks: str, answer: str) -> _Row:
    """A side whose answers take many forms."""
    return _asks(asks), re.compile(answer, re.IGNORECASE), 0.7


_WHO_ANSWERS = re.compile(_SOMEBODY, re.IGNORECASE)
_PART_OF_A_NAME = r"\b(?:first|last|middle|family|full|maiden|given) names?\b|\b(?:surname|nickname)\b"
_WHOLE_NAME = rf"{_PART_OF_A_NAME}|(?-i:\b[A-Z][a-z'’-]+ [A-Z][a-z'’-]+)"
_WHO = r"\b(?:who|whom|whose|which (?:person|friend|relative|colleague))\b"
_OF_A_TIME = (
    r"\bhow long ago\b|\b(?:what|which) (?:date|day|time|year|month)\b|\bdate of\b"
    r"|\bwhen (?:is|was|were|are|did|do|does|will|has|have|had)\b"
)
_OF_A_SIZE = r"\bhow (?:much|old|big|large|tall|heavy|wide|deep|high|far)\b|\b(?:number|percentage|age|phone|code|score|rate|count)\b"
_OF_A_PRICE = r"\bhow much\b.{0,30}\b(?:pay|paid|cost|spen[dt]|charge|owe|rent|price)|\b(?:costs?|price|salary|fee|charges?|earns?)\b"
_OF_A_LESSON = r"\b(?:what|which) (?:did|does|do|has|have) .{1,30}\b(?:learn(?:ed|t)?|take away|reali[sz]e)\b|\b(?:lessons?|insights?)\b"
_OF_A_RANK = r"\bhow did \w+ (?:rank|place|do in|score)\b|\b(?:what|which) (?:rank|position|place did \w+ (?:come|finish|take|get))\b"
# The first whose question fits decides.
_FACETS: Sequence[_Row] = (
    _clear(_PART_OF_A_NAME, _WHOLE_NAME),
    _clear(_OF_A_PRICE, _MONEY),
    _loose(_OF_A_TIME, _TIME),
    _clear(r"\bhow (?:long|much time)\b(?:.{0,20}\b(?:take|took|need|last|spend)\b)?", _DURATION),
    _clear(r"\bhow (?:often|frequently|regularly)\b", _FREQUENCY),
    _loose(r"\bhow many\b", _COUNTED),
    _loose(r"\b(?:job|profession|occupation|work as|for a living)\b", _WORK),
    _loose(_OF_A_SIZE, _NUMBER),
    _loose(r"\bwhen\b", _TIME),
    _clear(r"\bcolou?r", rf"\b(?:{_COLOURS})\b"),
    _clear(r"\bweather\b(?: like)?|\b(?:what|which) conditions\b", rf"\b(?:{_WEATHER})\b"),
    _loose(r"\b(?:feel|feeling|feelings|felt|emotions?|mood|reaction|react)\b", rf"\b(?:{_FEELINGS})\b"),
    _loose(_OF_A_RANK, _RANK),
    _loose(r"\b(?:what|which) (?:prize|award|trophy)\b|\bawarded\b", _PRIZE),
    _loose(_OF_A_LESSON, _LESSON),
    _loose(r"\b(?:highlight|best (?:part|bit|thing|moment)|favou?rite (?:part|bit|moment))\b", _BEST),
    _clear(rf"{_WHO}.{{0,30}}\b(?:taught|teach|instructed|trained)\b|{_WHO}.*\b(?:teacher|instructor|coach)\b", _TEACHER),
    _clear(rf"{_WHO}.{{0,30}}\b(?:help(?:ed)?|support(?:ed)?|a hand|repaired|fixed)\b", _HELPER),
    _clear(rf"\bwith {_WHO}|{_WHO}.{{0,30}}\b(?:with|accompanied|came along|companion)\b", _COMPANION),
    _clear(rf"\bfrom {_WHO}.{{0,30}}\b(?:hear|heard|learn)\b|{_WHO} (?:recommended|suggested)\b", _ADVISER),
    _clear(rf"\bfrom {_WHO}|{_WHO} (?:gave|sent)\b", _GIVER),
    (_asks(rf"{_WHO}|\b(?:teacher|companion|instructor)\b"), _WHO_ANSWERS, 0.7),
    _loose(r"\bwhy\b|\b(?:reason|rationale|motivat\w+|caused?)\b", _REASON),
    _loose(r"\bwhere\b.{1,30}\b(?:buy|bought|purchased?)\b", _SHOP),
    _loose(r"\bwhere\b(?:.{1,30}\b(?:keep|kept|find|take place)\b)?|\b(?:place|address|city|country)\b", _PLACE),
)  # fmt: skip
