"""A question as memory reads it: what kind of answer it asks for, about whom, about which time.

Pure, English, by pattern: no model, tens of microseconds. A question that fits nothing is ``OTHER``, and everything downstream
then behaves as for any text; so a wrong guess costs an order, never an answer. The kinds say how many items an answer rests on
(one, the latest one, or a set that must be gathered), ``Expects`` what an item must hold to be that answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from . import dates, languages
from .words import STOP, content_words, is_about_me, named, words


class Asks(StrEnum):
    """What is asked for. Of several the first that fits in this order wins."""

    SUMMARY = "summary"  # everything about a topic, in brief
    FIRST = "first"  # in which order a few named things came
    ORDER = "order"  # in which order many things came
    HOW_MANY = "how_many"  # a count of things or times
    WHEN = "when"  # a date, or the time between two
    WHERE = "where"
    WHO = "who"
    PREFERENCE = "preference"  # likes, dislikes, and advice that must respect them
    LIST = "list"  # all of a kind
    LATEST = "latest"  # how it is now
    YES_NO = "yes_no"
    OTHER = "other"


class Expects(StrEnum):
    """What the text that answers holds."""

    TIME = "time"
    NUMBER = "number"
    NAME = "name"
    PLACE = "place"
    ANYTHING = "anything"


_READ = 600  # characters of each end


@dataclass(frozen=True, slots=True)
class Reading:
    """What a question says about its own answer. ``terms`` are content words, lower case, unstemmed; of a follow-up the words of
    the message it leans on come after its own."""

    kind: Asks
    expects: Expects
    people: tuple[str, ...]  # those of the given names it says; of a follow-up's "he" and "her", those the message before says
    proper: tuple[str, ...]  # capitalised names of people, places and things, as written, without those of the sentence's grammar
    about_me: bool  # "what did I say", "my address"
    about_you: bool  # what the other side of a talk said: "what did you recommend"
    window: dates.Window | None
    wants_latest: bool  # "now", "currently", "most recent"
    wants_past: bool  # "used to", "at first", "before"
    refers_back: bool  # "and what about him?": not to be understood alone
    terms: tuple[str, ...]
    languages: frozenset[str] = frozenset()  # those it may be in; none where nothing tells

    @property
    def is_gathering(self) -> bool:
        """Whether the answer rests on a set of items rather than on one."""
        return self.kind in (Asks.SUMMARY, Asks.FIRST, Asks.ORDER, Asks.HOW_MANY, Asks.LIST)


def read(text: str, now: datetime, *, names: Iterable[str] = (), before: str = "") -> Reading:
    """``text`` understood as asked at ``now``. ``names``: people memory knows; ``before``: the message a follow-up may lean on."""
    whole, text = text, _ends(text)
    before = _ends(before)
    core = _LEAD_IN.sub("", text.strip())
    kind = _kind(core, text)
    leans = bool(before) and refers_back(text)
    terms = content_words(topic(whole))
    if leans:
        terms = [term for term in terms if term not in STOP] + [term for term in content_words(before) if term not in terms]
    reading = Reading(
        kind=kind,
        expects=_expects(core, kind),
        people=(),
        proper=proper_names(text) or (proper_names(before) if leans else ()),
        about_me=is_about_me(text),
        about_you=_YOU_SAID.search(text) is not None,
        window=dates.window(text, now) or (dates.window(before, now) if leans else None),
        wants_latest=_LATEST.search(text) is not None,
        wants_past=_PAST.search(text) is not None,
        refers_back=leans,
        terms=tuple(dict.fromkeys(terms)),
        languages=languages.spoken(text),
    )
    return about(reading, whole, names, before=before)


def about(reading: Reading, text: str, names: Iterable[str], *, before: str = "") -> Reading:
    """``reading`` of ``text`` with those people of ``names`` it is about: who they may be is often known only after a first search."""
    known = list(names)
    people = named(_ends(text), known)
    if not people and reading.refers_back:
        people = named(_ends(before), known)
    return replace(reading, people=tuple(sorted(people)))


def _ends(text: str) -> str:
    """``text``, of a long one its beginning and end: a question stands at either end of what somebody pastes."""
    return text if len(text) <= 2 * _READ else f"{text[:_READ]} {text[-_READ:]}"


def refers_back(text: str) -> bool:
    """Whether a question leans on what was said before: it opens as a continuation, or is short and points with a pronoun."""
    core = _LEAD_IN.sub("", _ends(text).strip())
    return bool(_CONTINUES.match(core) or (len(words(core)) <= 12 and _POINTS.search(core) and not proper_names(core)))


def standing_alone(text: str, before: str) -> str:
    """What ``text`` is about, as its vector should say it: a follow-up with the message it leans on."""
    return f"{before} {topic(text)}" if before and refers_back(text) else topic(text)


def topic(text: str) -> str:
    """What ``text`` is about, without the words that only say how to answer: "Can you list the order in which I brought up different
    aspects of the garden in our talks? Mention only three." is about the garden. ``text`` itself when nothing would be left, or when
    it is long."""
    if len(text) > 2 * _READ:
        return text
    left = text
    for pattern in _REQUESTED:
        left = pattern.sub(" ", left)
    left = " ".join(left.split()).strip(" ,;:")
    return left if any(word not in STOP for word in words(left)) else text


def proper_names(text: str) -> tuple[str, ...]:
    """Names as English writes them, in order, once each: runs of capitalised words ("Universal Studios"), and what stands in
    quotation marks. A word that begins a sentence counts only when it is no common opening."""
    found = [quoted for quoted in _QUOTED.findall(text) if quoted.strip()]
    for run in _CAPITALISED.finditer(text):
        said = run.group(0).split()
        if _BEGINS.search(text[: run.start()]) and said[0].lower() in _OPENINGS:
            said = said[1:]
        said = [word for word in said if word.split("'")[0].lower() not in _NO_NAMES]
        if any(not word.isdigit() for word in said):
            found.append(re.sub(r"['’]s$", "", " ".join(said)))
    return tuple(dict.fromkeys(found))


def _kind(core: str, text: str) -> Asks:
    for kind, pattern in _KINDS:
        if pattern.search(core):
            return kind
    if _LATEST.search(text):
        return Asks.LATEST
    return Asks.YES_NO if _AUXILIARY.match(core) and not _REQUEST.match(core) else Asks.OTHER


def _expects(core: str, kind: Asks) -> Expects:
    if kind is Asks.WHEN or _DURATION.search(core):
        return Expects.TIME
    if kind is Asks.HOW_MANY or _AMOUNT.search(core):
        return Expects.NUMBER
    if kind is Asks.WHERE or _PLACE.search(core):
        return Expects.PLACE
    if kind is Asks.WHO or _NAMED_THING.search(core):
        return Expects.NAME
    return Expects.ANYTHING


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE)


_LEAD_IN = re.compile(
    r"^(?:(?:hi|hey|hello|ok|okay|so|well|please|and|but|also)[,!.]?\s+)*"
    r"(?:(?:can|could|would|will) you (?:please )?(?:tell|remind|help|let) me(?: (?:know|of|about|remember|recall|understand))?\s+"
    r"|(?:do|did) you (?:remember|know|recall)\s+|(?:i'd like|i want) to know\s+|(?:please )?(?:tell|remind) me\s+)?",
    re.IGNORECASE,
)
_TALKS = r"(?:conversations?|discussions?|chats?|talks?|sessions?|messages|exchanges|requests|questions)"
_REQUESTED = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?<=[.?!])\s*(?:mention|answer|reply|respond|include|list|name|limit|keep|be|use|give)\b[^.?!]*[.?!]?\s*$",
        r"^\s*(?:can|could|would|will) you (?:please )?(?:help me (?:to )?)?",
        r"^\s*(?:please )?(?:give|provide|show|tell|list|walk|write|make|describe|name)\b(?: (?:me|us|through|about|up))*",
        r"\b(?:an?|the) (?:(?:clear|complete|comprehensive|brief|short|full|detailed|quick|concise|thorough|overall) )*"
        r"(?:summary|overview|recap|list|timeline|outline)\b(?: of)?(?: (?:how|what|everything|all))?",
        r"\bsummar(?:i[sz]e|i[sz]ing)\b(?: (?:how|what|everything|all))?",
        r"\b(?:in )?(?:the|what|which) order (?:in which|of|that|did)?",
        r"\b(?:i|we)(?:['’]ve| have| had)? (?:first |then )?(?:brought up|mentioned?|talked? about|discuss(?:ed)?|covered|asked about)\b",
        r"\b(?:(?:the|some|all) )*(?:different|various|several|many) (?:aspects|parts|sides|things|topics|concepts|points|kinds|types)"
        r"(?: (?:of|related to|about))?",
        rf"\b(?:throughout|through|across|in|during|over|from) (?:all )?(?:(?:of )?(?:our|my|the|these|those) )?"
        rf"(?:past |previous |earlier )?{_TALKS}\b",
        r",? (?:in (?:chronological )?order|so far|over time)\b",
        r"\b(?:did|have|had) (?:i|we) (?:say|said|mention|mentioned|tell|told)(?: (?:that|you|to you))?\b",
    )
)
_UNIT = r"(?:second|minute|hour|day|night|week|weekend|month|year)s?"
_VERBS = r"(?:has|have|had|did|does|do|is|are|was|were|would|will|can|could|should|might)"

_SUMMARY = _words(
    r"summar(?:y|ies|i[sz]e[ds]?|i[sz]ing|i[sz]ation)|overview|recap|sum up|in a nutshell|(?:all|everything) (?:you know )?about"
    r"|everything (?:that )?(?:i|we|you|he|she|they)(?:['’]ve| have| had)? (?:\w+ )?"
    r"(?:covered|discussed|said|told|talked|learn(?:ed|t)|know|did|done)"
    r"|go over (?:everything|all)|what (?:has|have) (?:all )?happened (?:so far|since|over)|what have (?:i|we) (?:covered|worked out)"
    r"|how (?:has|have) [^?]{3,80} (?:progress|develop|evolv|unfold)ed|how did (?:\S+ ){1,6}(?:progress|develop|evolve|unfold)"
)
_ORDER = _words(
    r"(?:in )?(?:what|which) order|the order (?:in which|of|that)|in (?:chronological )?order|chronolog\w+|sequence of|order of events"
    r"|timeline|(?:came|come|comes|happened|happens|did) first|happened (?:earlier|later|before|after)"
)
_FIRST = re.compile(
    r"\b(?:came|come|comes|happened|happens|was|were|did) (?:[\w'’]+ ){0,6}?(?:first|earlier|later|sooner)\b[^?]*\bor\b"
    r"|^in (?:what|which) order (?!.*\b(?:different|various|several|many|all|these|aspects|parts|things|topics|subjects|points|concepts"
    r"|ideas|kinds|steps)\b).*\band\b",
    re.IGNORECASE,
)
_HOW_MANY = _words(rf"how many(?! {_UNIT})|how often|(?:the|what) number of|count (?:of|how)|how many {_UNIT} off")
_WHEN = re.compile(
    rf"\bwhen(?:'s)?\s+(?:{_VERBS}|exactly|else|and)\b|^when\b(?! \w+ing\b)|\bsince when\b|\bhow (?:long ago|recently|soon)\b"
    rf"|\bhow many {_UNIT}\b|\b(?:what|which) (?:exact )?(?:time|date|day|year|month|week|season|decade)\b|\bat what age\b|\bby when\b",
    re.IGNORECASE,
)
_WHERE = re.compile(
    rf"^(?:from |to |in |at )?where\b|\bwhere(?:'s)?\s+(?:{_VERBS}|exactly|else)\b|\bwhereabouts\b"
    r"|\b(?:what|which) (?:city|country|place|town|state|address|street|village|region|location|area)\b(?!s)",
    re.IGNORECASE,
)
_WHO = re.compile(r"^(?:with |to |from |for |by )?(?:who|whom|whose|who's)\b|\b(?:what|which) (?:person|friend|colleague)\b", re.IGNORECASE)
_LIST = re.compile(
    r"^(?:list|name|enumerate)\b|\b(?:can|could) you list\b|\ball (?:the|of|my|his|her|their)\b|\bwhat (?:all|else)\b|\beach of\b"
    r"|\b(?:what|which) (?:are|were) (?:the|some|all|my|his|her|their|our|\w+['’]s)\b|\b(?:what|which) (?:kinds|sorts|types) of\b"
    r"|\b(?:what|which) (?:[\w/-]+ ){0,3}?(?!(?:was|is|has|does|this|his|us|class|business|process|address|news)\b)"
    rf"[a-z/-]{{2,}}(?<!s)s (?:{_VERBS}|in|at|for|from|that|of|about)\b|\bwhat (?:do|does|did|have|has) (?:\w+ and \w+ (?:both )?|both )",
    re.IGNORECASE,
)
_PREFERENCE = re.compile(
    r"\bfavou?rites?\b|\bprefer(?:s|red|ence|ences)?\b|\bfond of\b|\btaste in\b|\b(?:dis)?likes? (?:and|or) \w+\b"
    r"|\b(?:do|does|did|would|might|could)(?:n['’]t)? (?!(?:\w+ ){0,2}(?:be|look|feel|sound|seem|taste) like)"
    r"(?:\w+ ){1,2}?(?:really |most |likely |still )?(?:like|love|enjoy|hate|dislike|avoid)\b"
    r"|\b(?:would|can|could) you (?:suggest|recommend|advise)\b|\bshould i\b|\bwhat (?:to|should) \w+ (?:cook|buy|get|give)\b",
    re.IGNORECASE,
)
_KINDS: tuple[tuple[Asks, re.Pattern[str]], ...] = (
    (Asks.SUMMARY, _SUMMARY),
    (Asks.FIRST, _FIRST),
    (Asks.ORDER, _ORDER),
    (Asks.HOW_MANY, _HOW_MANY),
    (Asks.WHEN, _WHEN),
    (Asks.WHERE, _WHERE),
    (Asks.WHO, _WHO),
    (Asks.LIST, _LIST),
    (Asks.PREFERENCE, _PREFERENCE),
)
_AUXILIARY = re.compile(
    r"(?:is|are|was|were|am|do|does|did|has|have|had|can|could|will|would|should|may|might|must)(?:n['’]t)?\b", re.IGNORECASE
)
_REQUEST = re.compile(r"(?:can|could|will|would) you\b", re.IGNORECASE)
_LATEST = _words(
    r"latest|most recent(?:ly)?|newest|currently|current|now|nowadays|these days|at the moment|right now|as of (?:now|today)|last time"
    r"|up[- ]to[- ]date|still|at present|presently|any ?more|when (?:did|was|have) \w+ last"
)
_PAST = _words(
    r"used to|previous(?:ly)?|formerly|former|back then|original(?:ly)?|at first|initial(?:ly)?|in the past|earlier|no longer|any ?more"
    r"|before (?:that|then|now)|the first time"
)
_DURATION = _words(rf"how long|how many {_UNIT}|how old")
_AMOUNT = _words(
    r"how (?:much|many|often|far|tall|big|large|high|fast|heavy)"
    r"|(?:what|which) (?:percentage|percent|amount|price|cost|number|rate|share|size|score)"
)
_PLACE = _words(
    r"where|(?:what|which|all the|list the) (?:cit(?:y|ies)|countr(?:y|ies)|places?|towns?|states?|restaurants?|shops?|parks?|locations?)"
)
_NAMED_THING = _words(
    r"who|whom|whose|names? of|called|named|(?:what|which|all the|list the) (?:books?|films?|movies?|songs?|bands?|artists?|authors?"
    r"|brands?|compan(?:y|ies)|games?|shows?|teams?|libraries|languages?|pets?|person|people|friends?)"
)
_SAID = r"(?:recommend|suggest|advise|explain|propose|mention|describe|outline|list|show)(?:e?d)?|say|said|tell|told|give|gave|given"
_YOU_SAID = _words(
    rf"(?:did|had|have) you (?:\w+ )?(?:{_SAID})|you(?:['’]ve| have| had)? (?:recommended|suggested|advised|explained|proposed|mentioned"
    r"|described|outlined|listed|said|told|gave)|your (?:recommendation|suggestion|advice|explanation|answer|reply)s?"
)
_CONTINUES = re.compile(
    r"(?:and|but|so|or|then|also|what about|how about|same (?:for|question)|why(?: not)?\?|really\?|since when\?|who else|what else"
    r"|where else|anything else)\b",
    re.IGNORECASE,
)
_POINTS = _words(r"he|she|they|him|her|them|his|hers|theirs|their|it|its|that|those|this|these|there|then|ones?")
_QUOTED = re.compile(r"[\"“]([^\"“”]{2,60})[\"”]")
_NAME = r"[A-Z][\w&.+-]*[\w+](?:['’]s\b)?"
_CAPITALISED = re.compile(rf"\b{_NAME}(?: (?:(?:of|the|de|la|and|&) )?{_NAME}| \d{{1,2}}\b)*")
_BEGINS = re.compile(r"(?:^|[.!?:]\s*|[\"“(]\s*)$")
_NO_NAMES = frozenset(
    """i i'm i've i'd i'll mention only ok okay yes no monday tuesday wednesday thursday friday saturday sunday january february march april
    may june july august september october november december""".split()  # noqa: SIM905
)
_OPENINGS = STOP | frozenset(
    """in according based considering given since after before during between which whose list name describe explain compare why does did
    many much show give walk let think imagine suppose write find make use help one two three first last next today yesterday
    tomorrow""".split()  # noqa: SIM905
)
