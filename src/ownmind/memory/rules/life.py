"""Rules for what happens in a life: marrying, dying, giving up a habit, starting school, buying a car; and medicine that is taken."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...messages import FactKind
from .reading import Aspect, Finding, Statement
from .states import relation_of
from .when import event
from .wording import NAME, is_name, narrow, plain

_TOLD = (Aspect.PAST, Aspect.PERFECT)


def marry(said: Statement) -> Iterator[Finding]:
    """ "I married Paul in 2019": who Paul is, and since when one is married."""
    match = re.match(NAME, said.rest)
    name = narrow(match["name"]) if match else ""
    if said.aspect not in _TOLD or not is_name(name):
        return
    if said.is_first:
        relation = relation_of(said.talk.speaker, "spouse")
        yield Finding("relation", relation, f"{name} is {relation}", subject=name)
    yield Finding("relationship status", "married", f"{said.about.does('are', 'is')} married", valid_from=event(said))


def die(said: Statement) -> Iterator[Finding]:
    """ "Grandma passed away in March", "my uncle died": said of people, told as it happened."""
    match = re.match(r"away\b\s*(?P<rest>.*)" if said.verb == "pass" else r"(?P<rest>.*)", said.rest, re.IGNORECASE)
    if not match or said.is_first or said.aspect not in _TOLD or not re.fullmatch(_DEATH, match["rest"], re.IGNORECASE):
        return
    when = next((one for one in said.times() if one.span.start >= said.clause.start), None)
    end = when.span.end - said.clause.start if when else 0
    begins = said.clause.text.rfind(match["rest"]) if match["rest"] else 0
    words = plain(said.clause.text[begins:end]) if when and begins < end else ""
    if len(words.split()) > 5 or re.match(r"of\b", words):
        words = ""
    how = "passed away" if said.verb == "pass" else "died"
    text = f"{said.about.does('died', 'died')} {words}".rstrip()
    yield Finding("died", words or how, text, valid_from=event(said) if words else None)


def give_up(said: Statement) -> Iterator[Finding]:
    """ "I gave up alcohol in January"."""
    match = re.match(rf"up\s+(?:on\s+)?(?P<habit>{_HABIT})(?=$|\W)", said.rest, re.IGNORECASE)
    if match and said.aspect in _TOLD:
        yield _quit(said, match["habit"].lower())


def stop(said: Statement) -> Iterator[Finding]:
    """ "I quit smoking in May", "my dad stopped drinking two years ago"."""
    habit = {"smoke": "smoking", "vape": "vaping", "drink": "drinking"}[said.verb]
    begun = said.clause.text[: len(said.clause.text) - len(said.rest)].rstrip().lower().endswith(habit)
    if said.aspect is Aspect.ENDED and begun and re.match(_AFTER_HABIT, said.rest, re.IGNORECASE):
        yield _quit(said, habit)


def _quit(said: Statement, habit: str) -> Finding:
    return Finding("quit", habit, f"{said.about.does('quit', 'quit')} {habit}", valid_from=event(said))


def start_school(said: Statement) -> Iterator[Finding]:
    """ "My daughter Mia started school in September"."""
    match = re.match(rf"(?P<what>(?:at\s+)?(?:an?\s+|her\s+|his\s+|my\s+)?(?:{_SCHOOL}))(?=$|[\s,])", said.rest, re.IGNORECASE)
    if match and said.aspect in _TOLD:
        what = re.sub(r"^(?:at|her|his|my)\s+", "", match["what"], flags=re.IGNORECASE)
        yield Finding("started", what, f"{said.about.does('started', 'started')} {what}", valid_from=event(said))


def buy(said: Statement) -> Iterator[Finding]:
    """ "We bought a Skoda in 2019": driven since then, as far as anybody says."""
    match = re.match(
        rf"(?P<car>(?:an?|our|my)\s+(?:(?:new|used|second[- ]hand|old|red|blue|black|white|grey|green|electric|little|big)\s+)*"
        rf"(?-i:{_CARS})(?:\s+(?-i:[A-Z0-9])[\w-]*){{0,2}})",
        said.rest, re.IGNORECASE,
    )  # fmt: skip
    if not match or said.aspect not in _TOLD:
        return
    car, when = re.sub(r"^(?:our|my)\b", "a", match["car"]), event(said)
    is_memory = when is not None and (said.talk.said - when).days > 366  # it then claims less (store/settling.py)
    yield Finding("started driving" if is_memory else "drives", car, f"{said.about.does('drive', 'drives')} {car}", valid_from=when)


def take(said: Statement) -> Iterator[Finding]:
    """ "I take 20 mg of ramipril every morning": a dose of something, or a medicine everybody knows."""
    match = re.match(
        rf"(?P<what>(?:{_DOSE}(?:\s+of)?\s+[a-z][\w-]+|(?:{_MEDICINE}))(?:\s+(?:{_OFTEN}))?)(?P<after>.*)", said.rest, re.IGNORECASE
    )
    if not match or said.aspect not in (Aspect.NOW, Aspect.PERFECT) or said.is_can:
        return
    if not re.match(r"$|[,;(]|\s+(?:for|since|against|because|and|but|with|in|at|now)\b", match["after"], re.IGNORECASE):
        return
    what = plain(match["what"])
    yield Finding("takes", what, f"{said.about.does('take', 'takes')} {what}", FactKind.NEED)


_DEATH = (
    r"(?:$|[,;(]|(?:in|on|last|this|yesterday|today|peacefully|suddenly|two|three|four|five|six|seven|eight|nine|ten|an?|\d+"
    r"|when|at|of|after|aged|before|early|late|from)\b).*"
)
_HABIT = r"alcohol|smoking|drinking|cigarettes|coffee|caffeine|sugar|meat|gambling|vaping|sweets|chocolate|dairy|social media|tobacco"
_AFTER_HABIT = r"(?:$|\W|(?:in|on|last|this|for good|completely|when|since|after|before|a|an|two|three|four|five|six|ten|\d+)\b)"
_SCHOOL = (
    r"(?:primary |elementary |secondary |high |middle |nursery |grammar |medical |law |night )?school"
    r"|kindergarten|nursery|preschool|college"
    r"|university|uni|apprenticeship|PhD|master['’]s|first grade"
)
_CARS = (
    r"Alfa Romeo|Audi|BMW|BYD|Chevrolet|Chevy|Citro[eë]n|Cupra|Dacia|Fiat|Ford|Honda|Hyundai|Jaguar|Jeep|Kia|Lada|Land Rover|Lexus|Mazda"
    r"|Mercedes(?:-Benz)?|MG|Mini|Mitsubishi|Nissan|Opel|Peugeot|Polestar|Porsche|Range Rover|Renault|Saab|Seat|Skoda|Škoda|Smart|Subaru"
    r"|Suzuki|Tesla|Toyota|Vauxhall|Volkswagen|Volvo|VW|Vespa|Yamaha|Ducati"
)
_DOSE = r"\d[\d.,]*\s*(?:mg|mcg|µg|g|ml|units?|drops?|tablets?|pills?|puffs?)"
_MEDICINE = (
    r"insulin|metformin|ramipril|bisoprolol|aspirin|warfarin|statins?|levothyroxine|thyroxine|lithium|antidepressants?|blood thinners?"
    r"|beta[- ]blockers?|methotrexate|prednisone|prednisolone|omeprazole|pantoprazole|amlodipine|atorvastatin|simvastatin|sertraline"
    r"|fluoxetine|citalopram|escitalopram|lisinopril|losartan|salbutamol|the pill"
)
_OFTEN = (
    r"(?:every|each)\s+(?:other\s+)?(?:day|morning|evening|night|week|noon|lunch)"
    r"|(?:once|twice|three times|four times)\s+(?:a|per)\s+(?:day|week)"
    r"|daily|at (?:night|bedtime|noon)|in the (?:morning|evening)s?|before (?:bed|breakfast)|with (?:breakfast|dinner)"
)
