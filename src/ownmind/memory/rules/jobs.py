"""What somebody works as and where, as every rule about work says it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from .reading import Aspect, Finding, Statement
from .when import event, since, until
from .wording import article, is_place, is_vague, narrow, plain


def no_longer_with(said: Statement) -> Iterator[Finding]:
    """ "I'm no longer with Acme"."""
    match = re.match(r"(?:with|at)\s+(?P<place>(?-i:[A-Z]).+)", said.rest)
    place = narrow(match["place"]) if match else ""
    if place and said.aspect is Aspect.ENDED and said.is_first:
        text = f"{said.about.does('no longer work', 'no longer works')} at {place}"
        yield Finding("works at", place, text, valid_to=event(said) or said.talk.said)


def promoted(said: Statement) -> Iterator[Finding]:
    """ "I got promoted to team lead", "Lena was promoted to store manager": works as that since then."""
    match = re.match(r"promoted\s+to\s+(?:the\s+)?(?:(?:role|post|position)\s+of\s+)?(?P<job>.+)", said.rest, re.IGNORECASE)
    if match and said.aspect in (Aspect.PAST, Aspect.PERFECT):
        yield from occupation(replace(said, aspect=Aspect.NOW, began=True), narrow(match["job"]))


def job(said: Statement) -> Iterator[Finding]:
    words = rf"(?:(?!{_NO_JOB})[\w-]+\s+){{0,3}}"
    match = re.match(
        rf"(?:working\s+as\s+)?(?P<article>an?\s+|the\s+)?(?P<job>{words}{_OCCUPATION})(?P<rest>$|[\s,;].*)", said.rest, re.IGNORECASE
    )
    if not match or not match["article"] or (not said.is_first and match["article"].strip().lower() == "the"):
        return
    if said.aspect is Aspect.NOT or said.aspect is Aspect.PAST:
        return
    rest = match["rest"].strip()
    if rest and not re.match(r"(?:,|and\b|but\b|at\b|in\b|for\b|by\b|with\b|who\b|since\b|now\b|from\b|so\b|because\b|there\b|here\b"
                             r"|too\b|of\b|any\s?more)",
                             rest, re.IGNORECASE):  # fmt: skip
        return  # "nurse shark", "driver of change"
    yield from occupation(said, match["job"])
    where = re.match(r"(?:at|for|with)\s+(?P<place>.+)", rest, re.IGNORECASE)
    if where:
        yield from workplace(said, where["place"], "at")


def occupation(said: Statement, words: str) -> Iterator[Finding]:
    """What somebody works as."""
    job = plain(words)
    if re.match(rf"(?:{_NO_JOB})\b", job, re.IGNORECASE) or not job or len(job.split()) > 6 or is_vague(job):
        return
    over = said.is_over
    yield Finding(
        "works as", job, said.state("work", "works", f"as {article(job)} {job}"),
        valid_from=None if over else since(said) or (event(said) if said.began else None),
        valid_to=until(said) or (said.talk.said if over else None),
    )  # fmt: skip


def workplace(said: Statement, words: str, preposition: str) -> Iterator[Finding]:
    """Where somebody works, and as what when that follows."""
    place = narrow(words)
    described = re.match(r"(?:an?|the|my)\s+\w", place, re.IGNORECASE)
    if not place or is_vague(place) or (not is_place(place, lower=said.talk.lower) and not described):
        return
    if re.match(r"(?:home|the (?:moment|weekends?|garden|morning|night|time|same|evening|day|beach|table)|night|my\b|a (?:time|loss|desk"
                r"|snail)|an? hour|free)",
                place, re.IGNORECASE) or re.match(r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?\b", place, re.IGNORECASE):  # fmt: skip
        return
    over = said.is_over
    began = said.began or said.verb in _BEGINNINGS or said.aspect is Aspect.FUTURE
    yield Finding(
        "joined" if said.verb in _BEGINNINGS and event(said) and _is_long_ago(said) else "works at", place,
        said.state("work", "works", f"{preposition} {place}"),
        valid_from=None if over else since(said) or (event(said) if began else None),
        valid_to=until(said) or ((event(said) if said.verb in ("quit", "leave") else None) or said.talk.said if over else None),
    )  # fmt: skip
    job = re.search(r"\bas\s+(?:an?\s+|the\s+)?(?P<job>.+)", words[len(place) :], re.IGNORECASE)
    if job and not over:
        yield from occupation(said, narrow(job["job"]))


def _is_long_ago(said: Statement) -> bool:
    """Whether an event is told as a memory: its predicate then claims less (store/settling.py)."""
    when = event(said)
    return when is not None and (said.talk.said - when).days > 366


_BEGINNINGS = ("start", "join", "get")
_NO_JOB = (
    r"good|bad|terrible|great|big|lousy|better|best|fan|happy|huge|total|complete|real|born|natural|wannabe|would-be|frustrated|amateur"
    r"|hobby|home"
    r"|professional (?:couch|procrast)|couch|sofa|crazy|lucky|proud|nervous|slow|fast|careful|terrible|decent|lot|bit|little|frequent"
    r"|backseat|armchair"
)
_OCCUPATION = (
    r"(?:nurse|doctor|surgeon|gp|teacher|professor|lecturer|tutor|engineer|developer|programmer|designer|architect|lawyer|solicitor"
    r"|barrister|judge"
    r"|accountant|plumber|electrician|carpenter|joiner|mechanic|welder|chef|cook|baker|butcher|barista|bartender|waiter|waitress|writer"
    r"|author|poet"
    r"|novelist|journalist|editor|translator|interpreter|photographer|artist|illustrator|musician|singer|pianist|violinist|cellist"
    r"|composer|painter|actor"
    r"|actress|dancer|scientist|researcher|physicist|chemist|biologist|geologist|astronomer|mathematician|statistician|historian"
    r"|archaeologist"
    r"|sociologist|philosopher|student|pharmacist|dentist|therapist|physiotherapist|psychologist|psychiatrist|counsellor|social worker"
    r"|vet|veterinarian"
    r"|farmer|gardener|florist|pilot|driver|sailor|librarian|archivist|analyst|consultant|manager|director|administrator|secretary"
    r"|receptionist"
    r"|economist|banker|broker|midwife|paramedic|firefighter|fireman|policeman|policewoman|police officer|soldier|civil servant|politician"
    r"|hairdresser|barber|tailor|cleaner|cashier|clerk|salesman|saleswoman|salesperson|estate agent|travel agent|flight attendant"
    r"|surveyor|technician"
    r"|builder|roofer|bricklayer|postman|courier|tour guide|coach|trainer|priest|pastor|nun|monk|optician|radiologist|cardiologist"
    r"|paediatrician"
    r"|data scientist|product owner|project manager|software engineer|web designer|landscaper|carer|caretaker|childminder|nanny|beekeeper"
    r"|brewer"
    r"|apprentice|intern|trainee|freelancer|entrepreneur|potter|sculptor|jeweller|watchmaker|locksmith|seamstress|potter|usher|umpire"
    r"|referee)"
)
