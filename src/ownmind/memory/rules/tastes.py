"""Rules for verbs of liking, needing, having and doing: tastes, what somebody does not eat, pets, possessions, instruments, goals."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...messages import FactKind
from .reading import Aspect, Finding, Statement
from .states import allergies, languages, relation_of
from .when import event, since, until
from .wording import AGED, NAME, PET, RELATION, is_name, is_vague, listed, narrow, said_of, wide


def like(said: Statement) -> Iterator[Finding]:
    yield from _taste(said, liked=True)


def dislike(said: Statement) -> Iterator[Finding]:
    yield from _taste(said, liked=False)


def stand(said: Statement) -> Iterator[Finding]:
    if said.is_can and said.aspect is Aspect.NOT:
        for thing in _tasted(said):
            yield Finding("dislikes", thing, said.about.does(f"can't stand {thing}", f"can't stand {thing}"), FactKind.PREFERENCE)


def _taste(said: Statement, *, liked: bool) -> Iterator[Finding]:
    if said.is_can or said.aspect in (Aspect.PAST, Aspect.FUTURE) or said.began:
        return
    base, third = said.verb, f"{said.verb}s" if said.verb != "enjoy" else "enjoys"
    for thing in _tasted(said):
        words = said_of(said.about.subject, thing)
        if said.aspect is Aspect.NOT:
            text = f"{said.about.does(f'do not {base}', f'does not {base}')} {words}"
            yield Finding("dislikes" if liked else "likes", words, text, FactKind.PREFERENCE)
        elif said.is_over:
            yield Finding("likes" if liked else "dislikes", words, said.state(base, third, words), FactKind.PREFERENCE,
                          valid_to=until(said) or said.talk.said)  # fmt: skip
        else:
            text = f"{said.about.does(base, third)} {words}"
            yield Finding("likes" if liked else "dislikes", words, text, FactKind.PREFERENCE, valid_from=since(said))


def _tasted(said: Statement) -> list[str]:
    """The things a verb of taste is about; none for a passing word ("this weather", "it when"), a jibe or a pleasantry."""
    if _SARCASM.match(said.rest) or is_vague(said.rest) or re.search(r"\bwhen\b", said.rest, re.IGNORECASE):
        return []
    found = listed(said.rest)
    return [] if any(_PASSING.search(thing) or _AT_HAND.match(thing) for thing in found) else found


def avoid(said: Statement) -> Iterator[Finding]:
    """ "I don't eat eggs or fish", "I can't drink milk"; and an end of it when somebody eats meat again is a statement of its own."""
    if said.aspect not in (Aspect.NOT, Aspect.ENDED):
        return
    for thing in listed(_WHEN.split(said.rest)[0]):
        words = thing.split()
        if len(words) > 4 or re.match(_NO_FOOD, thing, re.IGNORECASE):
            continue
        verb = "eat" if said.verb == "tolerate" else said.verb
        text = f"{said.about.does(f'do not {said.verb}', f'does not {said.verb}')} {thing}"
        yield Finding(
            f"does not {verb}", thing, text, FactKind.NEED, valid_from=since(said) or (event(said) if said.aspect is Aspect.ENDED else None)
        )


def play(said: Statement) -> Iterator[Finding]:
    """An instrument or a sport."""
    if said.aspect in (Aspect.NOT, Aspect.PAST, Aspect.FUTURE):
        return
    for one in listed(re.sub(r"\ba (?:little )?bit of\s+", "", said.rest)):
        thing = narrow(one)
        if not re.fullmatch(rf"(?:(?:the|a|an|some)\s+)?(?:[\w-]+\s+)?(?:{_PLAYED})", thing, re.IGNORECASE):
            return
        yield Finding(
            "plays", thing, said.state("play", "plays", thing), valid_from=None if said.is_over else since(said),
            valid_to=until(said) or ((event(said) or said.talk.said) if said.is_over else None),
        )  # fmt: skip


def speak(said: Statement) -> Iterator[Finding]:
    if said.aspect in (Aspect.NOW, Aspect.FORMER, Aspect.ENDED) and not re.match(r"to\b|with\b|up\b|for\b|in\b", said.rest, re.IGNORECASE):
        yield from languages(said, said.rest)


def drive(said: Statement) -> Iterator[Finding]:
    car = narrow(said.rest)
    if said.aspect in (Aspect.NOT, Aspect.PAST, Aspect.FUTURE) or not re.match(r"(?:an?|our|my|the)\s+[\w-]{2,}", car, re.IGNORECASE):
        return
    if re.match(
        r"(?:an? (?:bit|lot|hard|long|little|few)|my (?:kids|children|wife|husband|mum|sister|brother)|(?:the|my|our) (?:car|bus|kids"
        r"|way))\b",
        car,
        re.IGNORECASE,
    ):
        return
    yield Finding("drives", car, said.state("drive", "drives", car), valid_to=said.talk.said if said.is_over else None)


def own(said: Statement) -> Iterator[Finding]:
    thing = wide(said.rest)
    if said.aspect in (Aspect.NOW, Aspect.PERFECT) and re.match(r"(?:an?|two|three|four|five|\d+)\s+\w", thing, re.IGNORECASE):
        yield Finding("has", thing, f"{said.about.does('own', 'owns')} {thing}")


def sell(said: Statement) -> Iterator[Finding]:
    """ "I sold the Honda last week": it is driven no longer. Of other things nobody has said what had been theirs."""
    match = re.match(r"(?:my|our|the)\s+(?:old\s+)?(?P<car>.+)", said.rest, re.IGNORECASE)
    car = narrow(match["car"]) if match else ""
    if said.aspect in (Aspect.PAST, Aspect.PERFECT) and (
        car[:1].isupper() or re.fullmatch(r"(?:\w+\s)?(?:car|van|motorbike|scooter)", car)
    ):
        yield Finding(
            "drives", car, f"{said.about.does('no longer drive', 'no longer drives')} the {car}", valid_to=event(said) or said.talk.said
        )


def have(said: Statement) -> Iterator[Finding]:
    """Pets by name, brothers and sisters, children, allergies, and things one has for long."""
    food = re.match(rf"(?P<food>(?:any\s+)?(?:{_FOOD}))(?=$|[\s,;])", said.rest, re.IGNORECASE)
    if said.is_can and said.aspect is Aspect.NOT and food:
        thing = re.sub(r"^any\s+", "", food["food"])
        yield Finding("does not eat", thing, f"{said.about.does('do not eat', 'does not eat')} {thing}", FactKind.NEED)
    if said.aspect not in (Aspect.NOW, Aspect.PERFECT) or said.is_can:
        return
    text = re.sub(r"^got\s+", "", said.rest)
    for rule in (_pets, _siblings, _allergic, _keeps):
        found = list(rule(said, text))
        if found:
            yield from found
            return


def adopt(said: Statement) -> Iterator[Finding]:
    """ "We adopted a puppy named Biscuit": a pet's name, whenever it came."""
    if said.aspect not in (Aspect.NOT, Aspect.FUTURE, Aspect.ENDED, Aspect.FORMER):
        yield from _pets(said, said.rest)


def _pets(said: Statement, text: str) -> Iterator[Finding]:
    match = re.match(
        rf"(?:an?|two|three|four|our|another|\d)\s+(?:[\w-]+\s+){{0,2}}?(?P<pet>{PET})s?(?:\s+who\s+is)?"
        r"(?:,?\s+(?:(?:which|that|who)\s+(?:is|are)\s+)?(?:called|named)\s+|,\s+)(?P<names>.+)", text, re.IGNORECASE,
    )  # fmt: skip
    if not match:
        return
    pet = match["pet"].lower()
    for name in re.split(r"\s*,\s*|\s+(?:and|&)\s+", match["names"]):
        first = _first_name(name)
        if not is_name(first, lower=said.talk.lower and "," not in match[0]):
            break
        yield Finding(pet, first, f"{said.about.whose} {pet} is called {first}")


def _siblings(said: Statement, text: str) -> Iterator[Finding]:
    brood = re.match(
        r"(?:an?|one|two|three|four|five|\d)\s+(?:\w+\s+)?(?:kids|children)\s*[:,]\s*(?P<names>(?-i:[A-Z]).+)", text, re.IGNORECASE
    )
    for name in re.split(r"\s*,\s*|\s+(?:and|&)\s+", brood["names"]) if brood else ():
        first = _first_name(name)
        if not is_name(first):
            break
        relation = relation_of(said.about.subject, "child")
        yield Finding("relation", relation, f"{first} is {relation}", subject=first)
    match = re.match(
        rf"(?:an?|one|two|three|four|\d)\s+(?P<relation>{AGED}{RELATION})s?,?\s+(?:(?:who\s+(?:is|are)\s+)?(?P<called>called|named)\s+)?"
        rf"(?P<names>.+)",
        text, re.IGNORECASE,
    )  # fmt: skip
    found = False
    if match and (match["called"] or "," in text[: match.start("names")]):
        names = re.split(r"\s*,(?!\s*(?:who|aged)\b)\s*|\s+(?:and|&)\s+", match["names"])
        for name in names:
            first = _first_name(name)
            if not is_name(first, lower=said.talk.lower and bool(match["called"])):
                break
            relation = relation_of(said.about.subject, match["relation"])
            found = True
            yield Finding("relation", relation, f"{first} is {relation}", subject=first)
            age = re.match(
                r",?\s+(?:who\s+is|who['’]s|aged)\s+(?P<age>\d{1,2})(?=$|[,;)]|\s+(?:and|years|now)\b)", match["names"][len(first) :]
            )
            if age and len(names) == 1:
                yield Finding("age", age["age"], f"{first} is {age['age']} years old", subject=first)
    many = re.match(
        r"(?:(?:an?|one|two|three|four|five|six|\d)\s+(?:\w+\s+)?(?:child|children|kids?|sons?|daughters?|brothers?|sisters?|siblings"
        r"|grandchildren"
        r"|twins?)|twins)\b", text, re.IGNORECASE,
    )  # fmt: skip
    if many and not found and re.fullmatch(r"(?:\s*[,;:(–—].*|\s+(?:and|who|in|aged|at|but|together|under).*)?", text[many.end() :]):
        yield Finding("has", many[0], f"{said.about.does('have', 'has')} {many[0]}")


def _allergic(said: Statement, text: str) -> Iterator[Finding]:
    match = re.match(r"an?\s+(?:severe\s+|bad\s+|serious\s+|mild\s+)?allergy\s+to\s+(?P<things>.+)", text, re.IGNORECASE)
    if match:
        yield from allergies(said, match["things"])
        return
    match = re.match(r"an?\s+(?:severe\s+|bad\s+|serious\s+|mild\s+)?(?P<thing>[\w-]+)\s+allergy\b", text, re.IGNORECASE)
    if match:
        yield from allergies(said, match["thing"])
    match = re.match(
        r"(?P<state>type [12] diabetes|diabetes|asthma|coeliac disease|celiac disease|epilepsy|hay fever|migraines)\b", text, re.IGNORECASE
    )
    if match:
        yield Finding("has", match["state"], f"{said.about.does('have', 'has')} {match['state']}", FactKind.NEED, valid_from=since(said))


def _keeps(said: Statement, text: str) -> Iterator[Finding]:
    thing = wide(re.sub(r"^(?:bought|just bought)\s+", "", text))
    if re.fullmatch(rf"(?:an?|two|three|four|\d)\s+(?:[\w-]+\s+){{0,2}}(?:{_KEPT})", thing, re.IGNORECASE):
        yield Finding("has", thing, f"{said.about.does('have', 'has')} {thing}")


def pursue(said: Statement) -> Iterator[Finding]:
    """ "I'm training for a marathon", "saving for a boat", "learning Korean"."""
    if said.aspect not in (Aspect.NOW, Aspect.PERFECT) or (said.verb == "learn" and not said.clause.text):
        return
    if said.verb in ("train", "save"):
        match = re.match(r"(?P<up>up\s+)?for\s+(?P<aim>[^;:!?]{3,90})", said.rest, re.IGNORECASE)
        doing, aim = (
            f"{said.verb[:-1] if said.verb == 'save' else said.verb}ing {'up ' if match and match['up'] else ''}for",
            match["aim"] if match else "",
        )
    else:
        doing, aim = "learning", re.split(r"[,;:!?]", said.rest)[0]
        if re.match(
            r"(?:that|a (?:lot|ton|bit|bunch)|lots|loads|heaps|tons|and|to (?:live|love|cope|be|let|accept|trust|appreciate)|how|so much"
            r"|more|fast|new|from|about|every|the hard|as"
            r"|what|things|something|stuff|all|by)\b",
            aim,
            re.IGNORECASE,
        ):
            return
    if not aim or not _is_progressive(said) or (is_vague(aim) and not _ABLE.match(aim)):
        return
    aim = said_of(said.about.subject, wide(aim))
    yield Finding("goal", f"{doing} {aim}", f"{said.about.does('are', 'is')} {doing} {aim}")


def _is_progressive(said: Statement) -> bool:
    before = said.clause.text[: len(said.clause.text) - len(said.rest)].rstrip().lower()
    return before.endswith("ing") or not before


def want(said: Statement) -> Iterator[Finding]:
    if said.aspect is not Aspect.NOW or not said.is_first:
        return
    match = re.match(
        r"to\s+(?P<aim>(?:learn|run|lose|write|finish|read|save|quit|stop|become|build|get\s+fit|get\s+better|improve|climb|swim|cycle"
        r"|publish"
        r"|graduate|retire|start\s+a|open\s+a)\b[^;:!?]{3,100})", said.rest, re.IGNORECASE,
    )  # fmt: skip
    if match:
        aim = said_of(said.about.subject, wide(match["aim"]))
        yield Finding("goal", aim, f"{said.about.does('want', 'wants')} to {aim}")


def _first_name(words: str) -> str:
    match = re.match(NAME, words.strip())
    return narrow(match["name"]) if match else ""


_WHEN = re.compile(
    r"\s+(?:in\s+(?:\d|(?-i:[A-Z]))|on\s+(?-i:[A-Z])|last\s|this\s|since\s"
    r"|for\s+(?:\d|an?\s|two|three|\w+ years)|\w+\s+(?:years?|months?|weeks?)\s+ago)"
)
_FOOD = (
    r"dairy|milk|gluten|nuts|peanuts|eggs|soy|lactose|sugar|alcohol|caffeine|coffee|meat|fish|shellfish|seafood|pork|beef|wheat|cheese"
    r"|chocolate|garlic|onions?"
)
_ABLE = re.compile(
    r"to\s+(?:play|speak|cook|drive|swim|ski|code|sew|knit|draw|paint|sing|dance|ride|sail|surf|read|write|weld|bake|juggle|fly"
    r"|program)\b",
    re.IGNORECASE,
)
_SARCASM = re.compile(
    r"(?:being|getting|having to|waiting|paying|cleaning|doing (?:my|the)|waking|sitting in|standing in|losing|missing|forgetting"
    r"|queueing|queuing|"
    r"working (?:late|weekends|overtime|for free)|getting up|stepping on|running late|dealing with|filling in|listening to (?:people"
    r"|complaints))\b",
    re.IGNORECASE,
)
_PASSING = re.compile(
    r"\b(?:weather|idea|dress|outfit|photos?|pic(?:ture)?s? of you|post|joke|message|story|attitude|answer|you|him|her|them|talking"
    r"|hearing|seeing|chatting"
    r"|mondays?|nails|today|tonight|tomorrow|yesterday|this|that|these|those|your|each other|vibes?|moments?|it|I|we|he|she|they|us|plan"
    r"|blast|lot)\b"
    r"|^(?:how|what)\b",
    re.IGNORECASE,
)
_AT_HAND = re.compile(  # "the colour": of something they look at; "the sea" is the sea
    r"the\s+(?!(?:sea|ocean|beach|mountains?|outdoors|rain|snow|sun|summer|winter|autumn|spring|country|countryside|city|theatre|theater"
    r"|cinema|opera|ballet"
    r"|forest|woods|desert|night|cold|heat|heights|piano|guitar|violin|cello|drums|lake|river|seaside|desert|arts|gym|library|smell of"
    r"|sound of|taste of"
    r"|Beatles|stars)\b|(?-i:[A-Z])|colou?r \w)",
    re.IGNORECASE,
)
_NO_FOOD = (
    r"(?:much|enough|well|at|before|after|in|out|alone|breakfast|lunch|dinner|anything|that|this|it|so|too|as|here|there|like|with|on|now"
    r"|today"
    r"|yet|until|a lot|more|another|any ?more)\b"
)
_PLAYED = (
    r"tennis|table tennis|football|soccer|basketball|volleyball|handball|rugby|cricket|baseball|softball|hockey|golf|squash|badminton"
    r"|chess|bridge"
    r"|poker|go|darts|snooker|pool|billiards|bowls|padel|pickleball|lacrosse|water polo|piano|guitar|violin|viola|cello|bass|double bass"
    r"|drums|flute|clarinet"
    r"|oboe|bassoon|saxophone|sax|trumpet|trombone|horn|tuba|harp|accordion|organ|ukulele|banjo|mandolin|recorder|harmonica|keyboard|keys"
    r"|synth"
    r"|bagpipes|lute|sitar|percussion|video games|board games|dungeons|minecraft|scrabble"
)
_KEPT = (
    r"piano|guitar|violin|cello|harp|car|van|motorbike|motorcycle|bike|bicycle|boat|sailing boat|canoe|kayak|caravan|camper van|campervan"
    r"|house|flat|apartment"
    r"|cottage|garden|allotment|greenhouse|balcony|sauna|pool|camera|telescope|sewing machine|3D printer|tattoos?|degree|PhD|licence"
    r"|license"
    r"|driving licence|scar|pacemaker|hearing aid|prosthesis|wheelchair|dogs?|cats?|rabbits?|horses?|chickens|hens|goats|sheep|bees"
    r"|beehives?|hamsters?|parrots?"
    r"|tortoises?|ponies|pony|fish|guinea pigs?|snakes?|puppy|puppies|kittens?"
)
