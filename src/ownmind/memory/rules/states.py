"""Rules for what somebody is: diet, allergies, age, origin, family, languages, fears."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...messages import FactKind
from ..phrases.vocabulary import NUMBERS
from ..predicates import YOU
from .jobs import job, no_longer_with, promoted
from .reading import Aspect, Finding, Statement
from .sentences import STATE
from .when import event, since, until
from .wording import AGED, DATE, NAME, RELATION, is_name, is_place, listed, narrow


def be(said: Statement) -> Iterator[Finding]:
    """What follows "I am": the first reading that fits."""
    for rule in (no_longer_with, promoted, _fear, _diet, _allergy, _kin, _origin, _born, _age, _status, _named, _fan, _speaks, job):
        found = list(rule(said))
        if found:
            yield from found
            return


def _fear(said: Statement) -> Iterator[Finding]:
    """ "I'm afraid of spiders", "my son is scared of the dark"; not of what might happen."""
    match = re.match(
        r"(?:really\s+|very\s+|a bit\s+|quite\s+)?(?:afraid|scared|terrified|frightened|petrified)\s+of\s+(?P<what>.+)",
        said.rest,
        re.IGNORECASE,
    )
    if not match or said.aspect is not Aspect.NOW:
        return
    for thing in listed(match["what"]):
        if len(thing.split()) <= 3 and not _NO_FEAR.match(thing):
            yield Finding("afraid of", thing, f"{said.about.does('are', 'is')} afraid of {thing}")


def _diet(said: Statement) -> Iterator[Finding]:
    match = re.match(rf"(?P<state>{STATE})(?=$|\W|\s)", said.rest, re.IGNORECASE)
    if not match or said.aspect in (Aspect.PAST, Aspect.FUTURE):
        return
    after = said.rest[match.end() :].strip().lower()
    if after and not re.match(
        r"(?:,|and\b|but\b|since\b|for\b|now\b|too\b|any\s?more|any longer|so\b|because\b|as\b|until\b|btw\b|these\b|at the|by the|-|and,"
        r"|with)",
        after,
    ):
        return  # "vegetarian restaurants", "vegan at heart"
    state = re.sub(r"^(?:an?\s+)?(?:(?:strict|lifelong|total|committed)\s+)?", "", match["state"], flags=re.IGNORECASE).lower()
    state = "vegetarian" if re.fullmatch(r"veg\w{2,4}r\w*", state) else state
    if state == "left-handed":
        yield Finding("is", state, said.state("are", "is", state, be=True))
        return
    one = "diet" if state in ("vegetarian", "vegan", "pescatarian", "pescetarian") else "is"
    if said.aspect in (Aspect.NOT, Aspect.ENDED):
        no_longer = said.aspect is Aspect.ENDED
        text = f"{said.about.does('are', 'is')} {'no longer' if no_longer else 'not'} {state}"
        if one == "diet":
            yield Finding(one, f"not {state}", text, valid_from=event(said) or said.talk.said)
        elif no_longer:
            yield Finding(one, state, text, valid_to=event(said) or said.talk.said)
        else:
            yield Finding(one, "", text, denies=state)
        return
    if said.aspect is Aspect.FORMER:
        yield Finding(one, state, said.state("are", "is", state, be=True), valid_to=until(said) or said.talk.said)
        return
    text = f"{said.about.does('are', 'is')} {state}"
    yield Finding(one, state, text, FactKind.NEED, valid_from=since(said), valid_to=until(said))


def _allergy(said: Statement) -> Iterator[Finding]:
    match = re.match(
        r"(?:severely\s+|very\s+|mildly\s+|highly\s+|a bit\s+)?(?:al+erg(?:ic|c|ci|ix)|allegic)\s+to\s+", said.rest, re.IGNORECASE
    )
    if match:
        yield from allergies(said, said.rest[match.end() :])


def allergies(said: Statement, things: str) -> Iterator[Finding]:
    """One need a thing; a thing nobody is allergic to is a joke."""
    for thing in listed(things):
        if _NO_ALLERGEN.search(thing) or said.aspect in (Aspect.PAST, Aspect.FUTURE):
            continue
        if said.aspect is Aspect.NOT:
            yield Finding("allergic to", "", f"{said.about.does('are', 'is')} not allergic to {thing}", denies=thing)
        elif said.is_over:
            text = said.state("are", "is", f"allergic to {thing}", be=True)
            yield Finding("allergic to", thing, text, valid_to=until(said) or said.talk.said)
        else:
            text = f"{said.about.does('are', 'is')} allergic to {thing}"
            yield Finding("allergic to", thing, text, FactKind.NEED, valid_from=since(said), valid_to=until(said))


def _kin(said: Statement) -> Iterator[Finding]:
    """ "Ana is my sister", "I'm married to Tom"."""
    talk = said.talk
    match = re.match(rf"my\s+(?P<relation>{AGED}{RELATION})\b(?!['’]s?\s)", said.rest, re.IGNORECASE)
    if match and not said.is_first and said.aspect is Aspect.NOW and is_name(said.about.subject, lower=False) and talk.speaker:
        after = said.rest[match.end() :].strip()
        if not re.match(r"(?:\w+ing|in|at|of|for|and a)\b", after, re.IGNORECASE) or re.match(r"(?:in|and)\b", after, re.IGNORECASE):
            relation = relation_of(talk.speaker, match["relation"])
            yield Finding("relation", relation, f"{said.about.name} is {relation}")
        return
    match = re.match(rf"(?P<how>(?:happily\s+)?married|engaged)\s+to\s+{NAME}", said.rest, re.IGNORECASE)
    if match and said.is_first and said.aspect in (Aspect.NOW, Aspect.PERFECT) and is_name(match["name"], lower=talk.lower):
        relation = relation_of(talk.speaker, "spouse" if match["how"].lower().endswith("married") else "fiancé")
        yield Finding("relation", relation, f"{match['name']} is {relation}", subject=match["name"])


def relation_of(speaker: str, relation: str) -> str:
    return f"{'your' if speaker == YOU else f'{speaker}’s'.replace('’', chr(39))} {' '.join(relation.lower().split())}"


def _origin(said: Statement) -> Iterator[Finding]:
    match = re.match(r"(?:originally\s+)?from\s+(?P<place>.+)", said.rest, re.IGNORECASE)
    if match and said.aspect is Aspect.NOW:
        yield from origin(said, match["place"])


def origin(said: Statement, words: str) -> Iterator[Finding]:
    place = narrow(words)
    if is_place(place, lower=said.talk.lower) and not re.match(r"(?:an?|the|my|our|monday|tuesday|wednesday|thursday|friday|saturday|sunday"
                                                            r"|january|february|march|april|may|june|july|august|september|october|november"
                                                            r"|december|now)\b", place, re.IGNORECASE):  # fmt: skip
        yield Finding("is from", place, f"{said.about.does('are', 'is')} from {place}")


def _born(said: Statement) -> Iterator[Finding]:
    match = re.match(rf"born\s+(?:and raised\s+)?(?P<prep>on|in)\s+(?P<what>{DATE}|\d{{4}}|.+)", said.rest, re.IGNORECASE)
    if not match or said.aspect is not Aspect.PAST:
        return
    what = match["what"] if match["what"][:1].isdigit() or re.fullmatch(DATE, match["what"], re.IGNORECASE) else narrow(match["what"])
    if what[:1].isdigit() or re.match(DATE, what, re.IGNORECASE) or is_place(what, lower=said.talk.lower):
        yield Finding("born", what, f"{said.about.does('were', 'was')} born {match['prep'].lower()} {what}")


def _age(said: Statement) -> Iterator[Finding]:
    match = re.match(
        rf"(?P<age>\d{{1,3}}|{'|'.join(NUMBERS[1:])})(?P<unit>[\s-]years?[\s-]old|\s+yo\b)?(?P<rest>.*)", said.rest, re.IGNORECASE
    )
    if not match or said.aspect is not Aspect.NOW:
        return
    rest = match["rest"].strip()
    if not match["unit"] and rest and not re.match(r"(?:,|now\b|and\b|but\b|today\b|already\b|btw\b|this year)", rest, re.IGNORECASE):
        return  # "34 minutes late"
    age = match["age"].lower()
    if not 0 < (int(age) if age.isdigit() else NUMBERS.index(age)) <= 115:
        return
    yield Finding("age", age, f"{said.about.does('are', 'is')} {age} years old")


def _status(said: Statement) -> Iterator[Finding]:
    match = re.match(r"(?P<status>(?:happily\s+)?married|single|engaged|divorced|widowed|retired|unemployed|self-employed)(?=$|[,;]|\s+"
                     r"(?:now|since|again|"
                     r"and|but|for|with|at the|these|btw|too)\b)", said.rest, re.IGNORECASE)  # fmt: skip
    if not match or said.aspect not in (Aspect.NOW, Aspect.PERFECT):
        return
    status = match["status"].lower().removeprefix("happily ").strip()
    predicate = "works as" if status in ("retired", "unemployed", "self-employed") else "relationship status"
    yield Finding(predicate, status, f"{said.about.does('are', 'is')} {status}", valid_from=since(said))


def turn(said: Statement) -> Iterator[Finding]:
    """ "I turned 40 last week"."""
    match = re.match(r"(?P<age>\d{1,3})\b(?!\s*(?:%|degrees|pages|left|right))", said.rest)
    if match and said.aspect in (Aspect.PAST, Aspect.PERFECT) and 0 < int(match["age"]) <= 115:
        yield Finding("age", match["age"], f"{said.about.does('are', 'is')} {match['age']} years old", valid_from=event(said))


def get(said: Statement) -> Iterator[Finding]:
    """ "I got divorced last year", "we got married in 2019"."""
    match = re.match(r"(?P<status>married|engaged|divorced)\b(?:\s+to\s+(?P<whom>(?-i:[^\W\d_a-z])[\w-]*))?", said.rest, re.IGNORECASE)
    if not match or said.aspect not in (Aspect.PAST, Aspect.PERFECT):
        return
    status = match["status"].lower()
    if match["whom"] and is_name(match["whom"]) and said.is_first:
        relation = relation_of(said.talk.speaker, {"married": "spouse", "engaged": "fiancé", "divorced": "ex-spouse"}[status])
        yield Finding("relation", relation, f"{match['whom']} is {relation}", subject=match["whom"])
    yield Finding("relationship status", status, f"{said.about.does('are', 'is')} {status}", valid_from=event(said))


def _named(said: Statement) -> Iterator[Finding]:
    match = re.match(rf"(?:called|named)\s+{NAME}", said.rest, re.IGNORECASE)
    if (
        match
        and said.is_first
        and said.about.subject == YOU
        and said.aspect is Aspect.NOW
        and is_name(match["name"], lower=said.talk.lower)
    ):
        yield Finding("name", match["name"], f"Your name is {match['name']}")


def _fan(said: Statement) -> Iterator[Finding]:
    match = re.match(r"(?:an?\s+)?(?:really\s+)?(?:huge|big|great|massive|real)?\s*(?:fan\s+of|fond\s+of|crazy\s+about|into|keen\s+on)\s+"
                     r"(?P<thing>.+)",
                     said.rest, re.IGNORECASE)  # fmt: skip
    match = match or re.match(r"an?\s+(?:huge|big|massive|real|great)\s+(?P<thing>[^,;:]{2,40}?)\s+fan\b", said.rest, re.IGNORECASE)
    if not match or said.aspect not in (Aspect.NOW, Aspect.PERFECT, Aspect.NOT):
        return
    no = said.aspect is Aspect.NOT
    for thing in listed(match["thing"]):
        if re.search(r"\b(?:this|that|these|those|it|you|your)\b", thing):
            continue
        text = f"{said.about.does('do not like' if no else 'like', 'does not like' if no else 'likes')} {thing}"
        yield Finding("dislikes" if no else "likes", thing, text, FactKind.PREFERENCE)


def _speaks(said: Statement) -> Iterator[Finding]:
    match = re.match(r"(?:fluent|bilingual)\s+in\s+(?P<tongues>.+)", said.rest, re.IGNORECASE)
    if match and said.aspect is Aspect.NOW:
        yield from languages(said, match["tongues"])


def languages(said: Statement, words: str) -> Iterator[Finding]:
    """One fact a language, when they look like languages."""
    words = re.sub(
        r"\b(?:some|an? (?:little |tiny )?(?:bit|little)(?: of)?|a little|basic|fluent|good|decent|native|broken|perfect)\s+(?=[\w-]+)",
        "",
        words,
        flags=re.IGNORECASE,
    )
    for one in listed(words):
        name = re.sub(
            r"^(?:some|a (?:bit|little) of|a little|basic|fluent|good|decent|native|broken|perfect)\s+", "", one, flags=re.IGNORECASE
        )
        name = re.sub(r"\s+(?:fluently|well|badly|at home|with .*|natively|a little|a bit)$", "", name, flags=re.IGNORECASE)
        if (name[:1].isupper() or said.talk.lower) and _LANGUAGE.fullmatch(name):
            yield Finding("speaks", name, said.state("speak", "speaks", name), valid_to=said.talk.said if said.is_over else None)


_NO_FEAR = re.compile(
    r"(?:my|your|his|her|our|their|what|how|losing|being|getting|missing|having|going|making|saying|doing|telling|asking|forgetting"
    r"|the\s+(?!dark|dentist|sea|water|ocean|deep|cold|rain|thunder)|(?-i:[A-Z]))\w*",
    re.IGNORECASE,
)
_NO_ALLERGEN = re.compile(
    r"\b(mondays?|tuesdays?|wednesdays?|thursdays?|fridays?|work|working|people|you|stupid\w*|drama|exercis\w*|mornings?"
    r"|bullshit|nonsense|commitment|him|her|fun|sport|sports|cleaning|cooking|taxes|school|homework|meetings?|everything|anything|nothing|"
    r"responsibility|failure|boredom|love|idiots?|small talk|early|it|that|this|cleaning|chores?|running|waiting|losing)\b",
    re.IGNORECASE,
)
_LANGUAGE = re.compile(
    r"(?:(?:brazilian|swiss|mexican|british|american|canadian|austrian|old|modern|sign|classical|european|standard)\s+)?"
    r"(?:\w+(?:ish|ese|ian|an|i|ic|ch|sh|ek|lish|ew|ai|ali|hili|ili|tch|ench|que|ogh|lsh|norwegian|thai|urdu|zulu|greek|welsh|latin"
    r"|basque|language|tagalog"
    r"|punjabi|malay|xhosa|igbo|yoruba|amharic|esperanto|breton|frisian|galician|quechua|kurdish|pashto|maltese|khmer|lao|farsi|norsk))",
    re.IGNORECASE,
)
