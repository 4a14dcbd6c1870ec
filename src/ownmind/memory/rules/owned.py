"""Rules for "my X is Y": names of people and pets, contacts, birthdays, favourites, dates of what is to come; and "my sister Ana"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from ...messages import FactKind
from ..predicates import YOU
from .reading import About, Finding, Talk
from .sentences import FULL_STOP, Stretch
from .states import relation_of
from .wording import AGED, DATE, NAME, PET, RELATION, is_name, is_vague, listed, narrow, plain, said_of, wide


def owned(clause: Stretch, talk: Talk) -> Iterator[Finding]:
    """What "my X is Y" says, and "Ana's X is Y"."""
    match = _OWNED.match(clause.text)
    if not match:
        return
    whose = match["whose"].replace(FULL_STOP, ".")
    if match["mine"]:
        if not talk.speaker:
            return
        about = About(talk.speaker)
    elif match["kin"]:
        if not talk.speaker:
            return
        about = About(relation_of(talk.speaker, match["kin"]))
    elif match["family"]:
        if not talk.speaker:
            return
        about = About(relation_of(talk.speaker, match["family"]))
    else:
        about = About(whose.removesuffix("s").rstrip("'’"))
        if not is_name(about.subject):
            return
    what, value = " ".join(match["what"].lower().split()), match["value"]
    for rule in (_name, _kin, _contact, _birthday, _favourite, _tongue, _hobbies, _goal):
        found = list(rule(about, what, value, talk))
        if found:
            yield from (replace(finding, subject=finding.subject or about.subject) for finding in found)
            return


def introduced(sentence: Stretch, talk: Talk) -> list[tuple[Finding, int, int]]:
    """ "my sister Ana" anywhere says who Ana is, with where it stands."""
    return list(_introduced(sentence, talk)) if talk.speaker and _MINE.search(sentence.text) else []


def _introduced(sentence: Stretch, talk: Talk) -> Iterator[tuple[Finding, int, int]]:
    for match in (*_INTRODUCED.finditer(sentence.text), *_IS_KIN.finditer(sentence.text)):
        name, relation = match["called"], match["relation"].lower()
        after = sentence.text[match.end() : match.end() + 3]
        if not is_name(name) or (re.match(r"[’']s\b", after) and relation in ("friend",)):
            continue
        about = About(talk.speaker)
        if re.fullmatch(rf"{AGED}{PET}", relation):
            finding = Finding(relation.split()[-1], name, f"{about.whose} {relation} is called {name}")
        else:
            finding = Finding(
                "relation", relation_of(talk.speaker, relation), f"{name} is {relation_of(talk.speaker, relation)}", subject=name
            )
        yield finding, sentence.start + match.start(), sentence.start + match.end()


def _name(about: About, what: str, value: str, talk: Talk) -> Iterator[Finding]:
    """ "my name is Pia", "my sister's name is Ana", "my dog is called Rex"."""
    if what not in ("name", "first name", "full name", "nickname"):
        return
    name = _named(value)
    if not is_name(name, lower=talk.lower):
        return
    if about.subject == YOU:
        yield Finding("name", name, f"Your name is {name}")
    elif about.subject.startswith("your ") or about.subject.startswith(f"{talk.speaker}'s "):
        relation = about.subject.split(" ", 1)[1]
        yield from _of(About(talk.speaker), relation, name)


def _of(owner: About, relation: str, name: str) -> Iterator[Finding]:
    if re.fullmatch(rf"{AGED}{PET}", relation, re.IGNORECASE):
        yield Finding(relation.split()[-1], name, f"{owner.whose} {relation} is called {name}", subject=owner.subject)
    else:
        words = relation_of(owner.subject, relation)
        yield Finding("relation", words, f"{name} is {words}", subject=name)


def _kin(about: About, what: str, value: str, talk: Talk) -> Iterator[Finding]:
    """ "my boss is Ida", "my kids are called Mia and Noah", "my doctor is Dr. Lindqvist"."""
    single = re.fullmatch(rf"{AGED}(?:{RELATION}|{PET})", what)
    many = re.fullmatch(rf"{AGED}(?:(?P<one>{RELATION}|{PET})s|(?P<odd>children|kids))", what)
    if not (single or many) or about.subject != talk.speaker:
        return
    called = re.match(r"(?:called|named)\s+", value, re.IGNORECASE)
    words = value[called.end() :] if called else value
    if many and not single:
        relation = "child" if many["odd"] else what[:-1]
        for name in re.split(r"\s*,\s*(?:and\s+)?|\s+(?:and|&)\s+", words):
            first = _named(name)
            if not is_name(first, lower=talk.lower and called is not None):
                return
            yield from _of(about, relation, first)
        return
    name = _named(words)
    rest = words[len(name) :].strip()
    if not is_name(name, lower=talk.lower and called is not None) or (
        rest and not re.match(r"[,;(–—-]|and\b|but\b|who\b|btw\b|from\b|at\b|now\b|too\b", rest)
    ):
        return
    if what in ("dentist", "doctor", "gp", "landlord", "vet", "therapist", "accountant", "lawyer") and (not called):
        yield Finding(what, name, f"{about.whose} {what if what != 'gp' else 'GP'} is {name}")
        if what == "landlord":
            return
        return
    yield from _of(about, what, name)


def _contact(about: About, what: str, value: str, talk: Talk) -> Iterator[Finding]:
    kind = next((kind for kind, pattern in _CONTACTS.items() if re.fullmatch(pattern, what)), "")
    if not kind:
        return
    if kind == "phone":
        number = re.match(r"\+?[\d(][\d\s()/.-]{4,24}\d", value)
        value = number[0] if number else ""
    elif kind == "email":
        found = _EMAIL.search(value)
        value = found[0] if found else ""
    elif kind == "address":
        value = plain(value)
        value = value if re.search(r"\d", value) and re.search(r"[A-Z]", value) and len(value) <= 120 else ""
    else:
        value = plain(re.split(r"[,;](?=\s)|\s+(?:and|but|because|so)\s", value)[0])
        value = (
            value
            if value and not is_vague(value) and len(value.split()) <= 6 and not re.match(r"(?:dead|broken|down|on|off|gone|lost)\b", value)
            else ""
        )
        if kind in ("blood type", "shoe size") and not re.search(r"[\dABO]", value):
            value = ""
        if kind == "licence plate" and not re.search(r"\d", value):
            value = ""
        if kind == "bank" and not value[:1].isupper():
            value = ""
    if value:
        said = {"phone": "phone number"}.get(kind, kind)
        yield Finding(kind, value, f"{about.whose} {said} is {value}")


def contact_of_the_speaker(clause: Stretch, talk: Talk) -> Iterator[Finding]:
    """ "You can reach me at ana@example.org", "call my mum on 0664 123456"."""
    match = _REACH.match(clause.text)
    if not match or not talk.speaker:
        return
    value, whom = match["value"], match["whom"]
    if whom.lower() == "me":
        about = About(talk.speaker)
    elif whom[:3].lower() in ("my ", "our"):
        about = About(relation_of(talk.speaker, whom.split(" ", 1)[1]))
    elif is_name(whom):
        about = About(whom)
    else:
        return
    email, number = _EMAIL.match(value), re.match(r"\+?[\d(][\d\s()/.-]{4,24}\d", value)
    if email:
        yield Finding("email", email[0], f"{about.whose} email is {email[0]}", subject=about.subject)
    elif number and sum(letter.isdigit() for letter in number[0]) >= 6:
        yield Finding("phone", number[0], f"{about.whose} phone number is {number[0]}", subject=about.subject)


def _birthday(about: About, what: str, value: str, talk: Talk) -> Iterator[Finding]:
    if not re.fullmatch(r"b(?:irth|rith|ith|irht)(?:da?y|dya)|date of birth", what):
        return
    match = re.match(rf"(?:on\s+)?(?P<date>{DATE})", value, re.IGNORECASE)
    if match:
        date = re.sub(r"^the\s+", "", match["date"])
        yield Finding("birthday", date, f"{about.whose} birthday is on {date}")
        return
    month = re.match(
        r"in\s+(?P<month>January|February|March|April|May|June|July|August|September|October|November|December)\b", value, re.IGNORECASE
    )
    if month:
        yield Finding("birthday", month["month"], f"{about.whose} birthday is in {month['month']}")


def _favourite(about: About, what: str, value: str, talk: Talk) -> Iterator[Finding]:
    match = re.fullmatch(r"(?:all[- ]time\s+)?favou?rite\s+(?P<what>[\w -]{2,30})", what)
    thing = wide(re.split(r"[,;]", value)[0])
    if (
        match
        and not re.search(r"\b(?:one|ones|part|thing|things|bit|moment|memory|person|people|to)\b", match["what"])
        and not is_vague(thing)
        and len(thing.split()) <= 8
        and not re.match(r"(?:being|getting|on|in|at|back|closed|broken|gone|the one)\b", thing)
    ):
        named = match["what"].strip()
        yield Finding(f"favourite {named}", thing, f"{about.whose} favourite {named} is {thing}", FactKind.PREFERENCE)


def _tongue(about: About, what: str, value: str, talk: Talk) -> Iterator[Finding]:
    language = narrow(value)
    if (
        re.fullmatch(r"(?:native|first|second|mother)\s+(?:language|tongue)", what)
        and language[:1].isupper()
        and len(language.split()) <= 2
    ):
        yield Finding("speaks", language, f"{about.does('speak', 'speaks')} {language}")


def _hobbies(about: About, what: str, value: str, talk: Talk) -> Iterator[Finding]:
    if re.fullmatch(r"(?:main |favou?rite )?(?:hobby|hobbies|passions?|interests)", what):
        for thing in listed(value):
            yield Finding("likes", thing, f"{about.does('like', 'likes')} {thing}", FactKind.PREFERENCE)


def _goal(about: About, what: str, value: str, talk: Talk) -> Iterator[Finding]:
    match = re.match(r"to\s+(?P<aim>[^;:!?]{5,120})", value)
    if match and re.fullmatch(r"(?:\w+\s+)?(?:goal|aim|resolution)(?:\s+for\s+[\w ]{2,20})?", what):
        aim = said_of(about.subject, wide(match["aim"]))
        yield Finding("goal", aim, f"{about.does('want', 'wants')} to {aim}")


def _named(words: str) -> str:
    match = re.match(rf"(?:(?:called|named)\s+)?(?P<title>(?:Dr|Mr|Mrs|Ms|Prof)[.{FULL_STOP}]?\s+)?{NAME}", words.strip())
    return narrow((match["title"] or "") + match["name"]) if match else ""


_CONTACTS = {
    "phone": r"(?:new |old |work |home |private )?(?:(?:mobile |cell |tele)?phone(?: number)?|mobile(?: number)?|cell|number|tel)",
    "email": r"(?:new |work |private )?e-?mail(?: address)?",
    "address": r"(?:new |home |postal |work )?address",
    "blood type": r"blood (?:type|group)",
    "shoe size": r"shoe size",
    "wifi password": r"(?:wi-?fi|wifi) password",
    "licence plate": r"(?:(?:car|van|bike|motorbike)['’]s )?(?:(?:licen[cs]e|number|registration) )?plate(?: number)?",
    "passport number": r"passport number",
    "bank": r"bank",
}
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_REACH = re.compile(
    rf"(?:(?:you can |please |just |best )?(?:reach|call|text|ring|phone|e-?mail|mail|write to|contact|whatsapp)(?: to)?"
    rf" (?P<whom>me|(?:my|our) {AGED}{RELATION}|(?-i:[A-ZÀ-Þ])[\w-]+) (?:at|on|under"
    r"|via)\s+)(?P<value>.+)",
    re.IGNORECASE,
)
_OWNED = re.compile(
    rf"(?P<whose>(?:my|our)\s+(?P<kin>{AGED}(?:{RELATION}|{PET}))['’]?s(?=\s+(?!(?:are|called|named)\b))|(?P<mine>my|our)"
    rf"|(?P<family>(?-i:Mum|Mom|Dad|Grandma|Grandpa|Granny|Grandad|Granddad|Gran|Nan))['’]s"
    rf"|(?-i:(?:(?:Dr"
    rf"|Mr|Mrs|Ms)[.{FULL_STOP}]?\s)?[A-ZÀ-Þ][\w-]*['’]s))\s+"
    r"(?P<what>(?:(?:car|van|bike|motorbike)['’]s\s)?[a-z][\w -]{1,40}?)(?:\s+(?:is|are)\s+(?:now\s+|still\s+|actually\s+)?"
    r"|['’]s\s+(?=called|named|on\s|the\s\d|(?-i:[A-Z\d]))|\s*:\s*)"
    r"(?P<value>\S.*)",
    re.IGNORECASE,
)
_IS_KIN = re.compile(
    rf"(?:^|[.!?]\s+|\b(?:and|with|to)\s+)(?P<called>(?-i:[A-ZÀ-Þ])[\w-]*), (?:my|our) (?P<relation>{AGED}{RELATION}),", re.IGNORECASE
)
_MINE = re.compile(r"\b(?:[Mm]y|[Oo]ur) ")
_INTRODUCED = re.compile(
    rf"\b(?:my|our)\s+(?P<relation>{AGED}(?:{RELATION}|{PET})),?\s+(?P<called>(?-i:[^\W\d_a-z])[\w-]*)(?=[\s,.;:!?)'’]|$)", re.IGNORECASE
)
