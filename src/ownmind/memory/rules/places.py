"""Rules for verbs of place and work: living, moving, coming from, working, starting, leaving, studying, teaching."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .jobs import occupation, workplace
from .reading import Aspect, Finding, Statement
from .states import origin
from .when import event, since, until
from .wording import article, is_place, is_vague, narrow, plain


def live(said: Statement) -> Iterator[Finding]:
    if re.match(r"(?:at|on)\s+[^,]*\d|at\s+(?:number|no\b)", said.rest, re.IGNORECASE):
        yield from _address(said)
        return
    match = re.match(r"(?:together\s+|alone\s+|here\s+)?(?P<prep>in|near|outside|on)\s+(?P<place>.+)", said.rest, re.IGNORECASE)
    if not match or said.aspect is Aspect.NOT or (match["prep"].lower() != "in" and not re.match(r"[A-Z]", match["place"])):
        return
    place = narrow(re.sub(r"^the (?:centre|center|middle|heart|north|south|east|west|suburbs|outskirts) of\s+", "", match["place"]))
    if not is_place(place, lower=said.talk.lower) or (said.aspect is Aspect.PAST and not until(said)):
        return
    yield _home(said, place)


def _address(said: Statement) -> Iterator[Finding]:
    """ "I live at 12 Rue de la Paix, Lyon": the address, and the town when one follows."""
    match = re.match(
        r"(?:at|on)\s+(?P<street>[^,;:.!?]{4,60}?)(?:(?:,\s*|\s+in\s+)(?P<town>(?:[A-Z]?-?\d{4,6}\s+)?(?-i:[A-ZÀ-Þ])[^,;:.!?\d]{1,40}))?"
        r"(?=$|[,;(]|\s+(?:since|and|with|now|but|in)\b)",
        said.rest,
    )
    if not match or said.aspect not in (Aspect.NOW, Aspect.PERFECT):
        return
    street, town = plain(match["street"]), narrow(re.sub(r"^[A-Z]?-?\d{4,6}\s+", "", match["town"] or ""))
    if not re.search(r"\d", street) or not re.search(r"(?:^|\s|\d[a-z]?\s)[A-ZÀ-Þ]", street):
        return
    is_in = re.search(r"\s+in\s+$", said.rest[: match.start("town")]) if town else None
    whole = street if is_in or not town else plain(f"{match['street']}, {match['town']}")
    yield Finding("address", whole, f"{said.about.whose} address is {whole}", valid_from=since(said))
    if is_place(town):
        yield _home(said, town)


def _home(said: Statement, place: str) -> Finding:
    over = said.is_over
    return Finding(
        "lives in", place, said.state("live", "lives", f"in {place}"),
        valid_from=None if over else since(said) or (event(said) if said.aspect is Aspect.FUTURE else None),
        valid_to=until(said) or ((event(said) if said.aspect is Aspect.ENDED else None) or said.talk.said if over else None),
    )  # fmt: skip


def move(said: Statement) -> Iterator[Finding]:
    """ "I moved from Cork to Dublin in 2022": lives in Dublin since then, and no longer in Cork."""
    match = re.match(
        r"(?:house\s+|here\s+|back\s+|away\s+|out\s+|over\s+|again\s+|(?:together\s+)?with\s+[^,;.]{2,25}?\s+)*(?:from\s+"
        r"(?P<old>[^,;:.!?]{2,40}?)\s+)?"
        r"(?:back\s+)?to\s+(?P<place>.+)",
        said.rest, re.IGNORECASE,
    )  # fmt: skip
    when = event(said)
    planned = said.aspect in (Aspect.FUTURE, Aspect.NOW)
    if not match or said.aspect in (Aspect.NOT, Aspect.FORMER, Aspect.ENDED) or (planned and when is None):
        return
    place = narrow(match["place"])
    if _NO_TOWN.match(place) or not is_place(place, lower=said.talk.lower) or (planned and when is not None and when < said.talk.said):
        return
    long_ago = when is not None and (said.talk.said - when).days > 366
    text = f"{said.about.does('live', 'lives')} in {place}" if not planned else f"{said.about.does('will', 'will')} live in {place}"
    yield Finding("moved to" if long_ago else "lives in", place, text, valid_from=when or since(said))
    old = narrow(match["old"] or "")
    if old and is_place(old, lower=said.talk.lower) and not planned:
        yield Finding("lives in", old, f"{said.about.does('used to', 'used to')} live in {old}", valid_to=when or said.talk.said)


def come(said: Statement) -> Iterator[Finding]:
    match = re.match(r"(?:originally\s+)?from\s+(?P<place>.+)", said.rest, re.IGNORECASE)
    if match and said.aspect is Aspect.NOW:
        yield from origin(said, match["place"])


def grow(said: Statement) -> Iterator[Finding]:
    match = re.match(r"up\s+in\s+(?P<place>.+)", said.rest, re.IGNORECASE)
    place = narrow(match["place"]) if match else ""
    if is_place(place, lower=said.talk.lower):
        yield Finding("grew up in", place, f"{said.about.does('grew', 'grew')} up in {place}")


def work(said: Statement) -> Iterator[Finding]:
    if said.aspect is Aspect.NOT or (said.aspect is Aspect.PAST and not until(said)):
        return
    match = re.match(
        r"(?:full[- ]time\s+|part[- ]time\s+|there\s+|here\s+)*(?P<prep>as|at|for|in)\s+(?P<rest>.+)", said.rest, re.IGNORECASE
    )
    if not match:
        return
    preposition, rest = match["prep"].lower(), match["rest"]
    if preposition == "as":
        job = re.sub(r"^(?:an?|the|our|my)\s+", "", rest, flags=re.IGNORECASE)
        yield from occupation(said, narrow(job))
        after = re.search(r"\s(?P<prep>at|for|in)\s+(?P<place>.+)", rest, re.IGNORECASE)
        if after and after["prep"].lower() == "in":
            yield from _town(said, after["place"])
        elif after:
            yield from workplace(said, after["place"], after["prep"].lower())
    elif preposition == "in":
        yield from _town(said, rest)
    else:
        yield from workplace(said, rest, preposition)


def _town(said: Statement, words: str) -> Iterator[Finding]:
    place = narrow(words)
    if is_place(place) and not re.search(r"\d", place) and not said.is_over:
        yield Finding("works in", place, said.state("work", "works", f"in {place}"), valid_from=since(said))


def start(said: Statement) -> Iterator[Finding]:
    """ "I start at Acme on Monday", "I started a new job at Lidl", "I joined Festo"."""
    if said.aspect not in (Aspect.NOW, Aspect.PAST, Aspect.PERFECT, Aspect.FUTURE):
        return
    if said.verb == "join":
        match = re.match(r"(?P<place>(?-i:[A-Z0-9]).+)", said.rest)
        club = re.search(r"\b(?:club|choir|team|gym|group|band|church|class|party|army|call|meeting|league|orchestra|society)\b", said.rest)
        match = None if club else match
    elif said.verb == "get":  # "Ana got a new job at Google"
        match = re.match(
            r"(?:an?|my|the|her|his)\s+(?:new\s+|first\s+)?(?:job|position|role|post)\s+(?:at|with|for)\s+(?P<place>.+)", said.rest
        )
        match = match if said.aspect in (Aspect.PAST, Aspect.PERFECT) else None
    else:
        match = re.match(
            r"(?:(?:working|a (?:new\s+)?(?:job|position|role)|my (?:new\s+)?job|work)\s+)?(?:at|for|with)\s+(?P<place>.+)", said.rest
        )
    planned = said.aspect in (Aspect.NOW, Aspect.FUTURE)
    if not match or (planned and event(said) is None):
        return
    for found in workplace(said, match["place"], "at"):
        if found.predicate in ("works at", "joined") and said.aspect in (Aspect.PAST, Aspect.PERFECT):
            text = f"{said.about.does('work', 'works')} at {found.object}"
            yield Finding(found.predicate, found.object, text, valid_from=event(said))
        else:
            yield found


def leave(said: Statement) -> Iterator[Finding]:
    """ "I left Bosch", "I quit my job at Vodafone last month": it ended then."""
    if said.aspect not in (Aspect.PAST, Aspect.PERFECT, Aspect.ENDED, Aspect.NOW):
        return
    job = re.match(
        r"(?:my|the|his|her|that)\s+(?:old\s+)?(?:job|position|post)\s+(?:at|with|for)\s+(?P<place>.+)", said.rest, re.IGNORECASE
    )
    firm = re.match(
        r"(?P<place>(?-i:[A-Z][\w&.-]+(?:\s+[A-Z][\w&.-]+)*))(?=$|\s*[,;]|\s+(?:and|in|last|after|this|because|to join|for good)\b)",
        said.rest,
    )
    ended = event(said) or said.talk.said
    if job or (firm and said.aspect is not Aspect.NOW):
        place = narrow((job or firm)["place"])  # type: ignore[index]  # one of the two matched
        if (
            place
            and not is_vague(place)
            and is_place(place, lower=said.talk.lower)
            and not re.match(r"(?:Facebook|Twitter|Instagram|TikTok)", place)
        ):
            yield Finding("works at", place, f"{said.about.does('no longer work', 'no longer works')} at {place}", valid_to=ended)
        return


def study(said: Statement) -> Iterator[Finding]:
    over = said.is_over
    ended = until(said) or (((event(said) if said.aspect is Aspect.ENDED else None) or said.talk.said) if over else None)
    if said.aspect not in (Aspect.NOW, Aspect.PERFECT, Aspect.ENDED, Aspect.FORMER):
        return
    at = re.match(r"at\s+(?P<place>.+)", said.rest, re.IGNORECASE)
    subject = "" if at else narrow(said.rest)
    if subject and len(subject.split()) <= 4 and not is_vague(subject) and not re.match(_NO_SUBJECT, subject, re.IGNORECASE):
        yield Finding("studies", subject, said.state("study", "studies", subject), valid_from=None if over else since(said), valid_to=ended)
    where = at or re.search(r"\bat\s+(?P<place>.+)", said.rest, re.IGNORECASE)
    place = narrow(where["place"]) if where else ""
    if is_place(place, lower=said.talk.lower) and (at or subject):
        yield Finding(
            "studies at", place, said.state("study", "studies", f"at {place}"), valid_from=None if over else since(said), valid_to=ended
        )


_TAUGHT = (
    r"German|English|French|Spanish|Italian|Latin|Greek|Russian|Polish|Turkish|Arabic|Chinese|Japanese|Portuguese|Dutch|history|geography|maths?"
    r"|mathematics|physics|chemistry|biology|science|art|arts|music|sports?|PE|religion|ethics|philosophy|politics|economics|literature|drama"
    r"|computing|languages"
)


def teach(said: Statement) -> Iterator[Finding]:
    """ "I teach maths at a secondary school": a maths teacher, there. Of "German" and of "art and music" a teacher: a German teacher may be
    one from Germany."""
    match = re.match(
        rf"(?P<subject>(?:{_TAUGHT}) and (?:{_TAUGHT})|[\w ]{{3,30}}?)(?=$|\s*[,;.]|\s+(?:at|in|to|for|and|since)\b)"
        r"(?:\s+(?:at|in)\s+(?P<place>.+))?",
        said.rest,
    )
    if not match or said.aspect not in (Aspect.NOW, Aspect.PERFECT) or is_vague(match["subject"]):
        return
    subject = match["subject"].strip()
    if (
        re.search(
            r"\b(?:my|our|the|his|her|their|an?|people|others|how|someone|kids|children|students|classes|lessons|us|them|everyone)\b",
            subject,
            re.IGNORECASE,
        )
        or len(subject.split()) > 3
    ):
        return
    job = f"teacher of {subject}" if subject[:1].isupper() or " and " in subject else f"{subject} teacher"
    yield Finding("works as", job, f"{said.about.does('are', 'is')} {article(job)} {job}", valid_from=since(said))
    if match["place"]:
        yield from workplace(said, match["place"], "at")


_NO_TOWN = re.compile(
    r"(?:IT|HR|PR|QA|R&D|Sales|Marketing|Finance|Legal|Support|Linux|Mac|macOS|Windows|Android|iOS|Firefox|Chrome"
    r"|Netflix|Team|Group|Level|Slack"
    r"|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|April|May|June|July|August|September|October|November|December)\b"
)
_NO_SUBJECT = (
    r"(?:hard|for|late|all|more|alone|at|in|with|every|tonight|tomorrow|too|abroad|well|together|less|a lot|the (?:menu|map|problem))\b"
)
