"""Facts found by rule: what a plain statement says, with the exact words it rests on. No model, no guess.

A wrong memory card is worse than none, so a rule fires only on a statement in a known form, from its first word. Questions,
hypotheticals ("if I were vegetarian"), quoted speech, jokes, songs and stories yield nothing; what used to be so is learnt as over.
What the rules miss, the few-shot extraction (extract.py) may find later, in the background. English.

The subject of "I ..." is the speaker: the person ("you") when the item has no other speaker. Text is written about the person in
the second person, about everyone else in the third.

``sentences`` decides where a fact may stand, ``reading`` finds subject, verb and whether it still holds; a file a theme has the rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ...messages import Integrity, Item, Kind, Span
from ..facts import Candidate
from ..predicates import YOU
from . import jobs, life, places, states, tastes
from .corrections import amended, correction
from .orders import called, instruction
from .owned import contact_of_the_speaker, introduced, owned
from .plans import appointment, plan
from .pronouns import meant
from .reading import Finding, Rule, Statement, Talk, statements
from .sentences import Stretch, clauses, is_made_up, is_plain_statement, is_serious, is_stated, sentences
from .wording import AGED, NAME, RELATION, is_name, to_you

__all__ = ["YOU", "candidates", "is_plain_statement", "to_you"]

_I_AM = re.compile(rf"(?:I['’]?m|I\s+am)\s+{NAME}", re.IGNORECASE)
_THIS = re.compile(rf"this\s+is\s+my\s+(?P<relation>{AGED}{RELATION}),?\s+(?P<name>[^\W\d_][\w-]*)", re.IGNORECASE)
_RULES: dict[str, tuple[Rule, ...]] = {
    "be": (states.be,),
    "live": (places.live,), "move": (places.move,), "come": (places.come,), "grow": (places.grow,),
    "work": (places.work,), "start": (places.start, life.start_school), "join": (places.start,),
    "quit": (places.leave,), "leave": (places.leave,),
    "study": (places.study,), "teach": (places.teach,),
    "like": (tastes.like,), "love": (tastes.like,), "enjoy": (tastes.like,), "adore": (tastes.like,), "prefer": (tastes.like,),
    "hate": (tastes.dislike,), "dislike": (tastes.dislike,), "detest": (tastes.dislike,), "stand": (tastes.stand,),
    "eat": (tastes.avoid,), "drink": (tastes.avoid, life.stop), "tolerate": (tastes.avoid,),
    "play": (tastes.play,), "speak": (tastes.speak,), "drive": (tastes.drive,), "own": (tastes.own,), "sell": (tastes.sell,),
    "have": (tastes.have,), "get": (tastes.adopt, states.get, places.start, jobs.promoted), "turn": (states.turn,),
    "adopt": (tastes.adopt,), "buy": (tastes.adopt, life.buy), "take": (life.take,), "give": (life.give_up,),
    "smoke": (life.stop,), "vape": (life.stop,), "marry": (life.marry,), "die": (life.die,), "pass": (life.die,),
    "train": (tastes.pursue,), "save": (tastes.pursue,), "learn": (tastes.pursue,), "want": (tastes.want,),
}  # fmt: skip


def candidates(item: Item) -> list[Candidate]:
    """The facts ``item`` states in so many words, in order, each with its span. Never from the companion's words or a document."""
    if item.kind in (Kind.REPLY, Kind.PASSAGE) or item.label.integrity is Integrity.COMPANION:
        return []
    speaker = item.speaker.strip() or (YOU if item.label.integrity is Integrity.PERSON else "")
    talk = Talk(item, speaker, item.text == item.text.lower())
    found: list[Candidate] = []
    for sentence in sentences(item.text):
        found.extend(_of_sentence(sentence, talk, found))
    return _distinct(found) if found and not is_made_up(item.text) else []  # vetoes cost more than rules: they look last


def _of_sentence(sentence: Stretch, talk: Talk, before: list[Candidate]) -> Iterator[Candidate]:
    """``before``: what the message said until now, which tells who "she" is."""
    taken_back = correction(sentence, talk)
    if taken_back is not None:
        yield taken_back
        return
    people = introduced(sentence, talk)
    if people and is_serious(sentence.text):
        for finding, start, end in people:
            yield _candidate(finding, talk, start, end)
    orders = list(instruction(sentence, talk))
    for finding in orders or called(sentence, talk):
        yield _candidate(finding, talk, sentence.start, sentence.end)
    if orders:
        return
    heard: list[Statement] = []
    said: list[tuple[Stretch, Finding]] = []
    for clause in clauses(sentence):
        known: list[Finding | Candidate] = []
        if clause.text[:3].lower() in ("she", "he ", "he'", "he’"):
            known = [*before, *(finding for finding, _, end in people if end <= clause.start), *(finding for _, finding in said)]
        said.extend((clause, finding) for finding in _of_clause(clause, talk, heard, known))
    if said and is_stated(sentence.text):
        for clause, finding in said:
            whole = amended(finding, clause, sentence)
            start = clause.lead if clause.lead >= 0 and (whole.valid_from or whole.valid_to) else clause.start
            yield _candidate(whole, talk, start, clause.end)


def _of_clause(clause: Stretch, talk: Talk, heard: list[Statement], known: Sequence[Finding | Candidate]) -> Iterator[Finding]:
    """What one clause states: about the speaker, about somebody it names, and who that somebody is. ``heard``: the statements of
    the sentence so far; this one's is added."""
    found = [*owned(clause, talk), *contact_of_the_speaker(clause, talk), *appointment(clause, talk)]
    if found:
        yield from found
        return
    introduction = _introduction(clause, talk)
    if introduction:
        yield introduction
        return
    this = _THIS.match(clause.text)
    if this and talk.speaker and is_name(this["name"]):
        relation = states.relation_of(talk.speaker, this["relation"])
        yield Finding("relation", relation, f"{this['name']} is {relation}", subject=this["name"])
        return
    who = meant(clause.text, talk.item.text[: clause.start], known, talk.speaker) if known else None
    for statement in statements(clause, talk, heard[-1] if heard else None, who):
        heard.append(statement)
        found = [finding for rule in _RULES.get(statement.verb, ()) for finding in rule(statement)]
        for finding in found or plan(statement):
            yield replace(finding, subject=finding.subject or statement.about.subject)


def _introduction(clause: Stretch, talk: Talk) -> Finding | None:
    """ "I'm Ana" among the first words."""
    match = _I_AM.fullmatch(clause.text)
    if not match or not clause.opening or talk.speaker != YOU or not is_name(match["name"]) or len(match["name"].split()) > 2:
        return None
    return Finding("name", match["name"], f"Your name is {match['name']}")


def _candidate(finding: Finding, talk: Talk, start: int, end: int) -> Candidate:
    quote = talk.item.text[start:end]
    return Candidate(
        subject=finding.subject or talk.speaker,
        predicate=finding.predicate,
        object=finding.object,
        text=finding.text,
        quote=quote,
        span=Span(start, start + len(quote)),
        kind=finding.kind,
        stated=True,
        confidence=0.9,
        valid_from=finding.valid_from,
        valid_to=finding.valid_to,
        denies=finding.denies,
    )


def _distinct(found: list[Candidate]) -> list[Candidate]:
    """Each statement once: of two with the same meaning the first is kept."""
    kept: dict[tuple[str, str, str, str], Candidate] = {}
    for candidate in sorted(found, key=lambda one: one.span.start):
        kept.setdefault((candidate.subject.lower(), candidate.predicate, candidate.object.lower(), candidate.denies), candidate)
    return list(kept.values())
