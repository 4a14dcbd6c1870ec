"""Facts found by rule: what a plain statement says, with the exact words it rests on. No model, no guess.

A wrong memory card is worse than none, so a rule fires only on a statement in a known form, from its first word. Questions,
hypotheticals ("if I were vegetarian"), quoted speech, jokes and what used to be so yield nothing. What the rules miss, the
few-shot extraction (extract.py) may find later, in the background. English.

The subject of "I ..." is the speaker: the person ("you") when the item has no other speaker. Text is written about the person in
the second person, about everyone else in the third.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from ..messages import FactKind, Integrity, Item, Kind, Span
from .facts import Candidate

YOU = "you"


def candidates(item: Item) -> list[Candidate]:
    """The facts ``item`` states in so many words, in order, each with its span. Never from the companion's words or a document."""
    if item.kind in (Kind.REPLY, Kind.PASSAGE) or item.label.integrity is Integrity.COMPANION:
        return []
    speaker = item.speaker.strip() or (YOU if item.label.integrity is Integrity.PERSON else "")
    found: list[Candidate] = []
    for sentence in _sentences(item.text):
        if _VETO.search(sentence.text):
            continue
        for clause in _clauses(sentence):
            found.extend(_read(clause, item, speaker))
    return _distinct(found)


def is_plain_statement(text: str, span: Span) -> bool:
    """Whether the sentence around ``span`` simply states: no question, wish, hypothetical, joke or quoted speech."""
    if _QUOTED.search(text, span.start, span.end):
        return False
    around = next((one for one in _sentences(text) if one.start <= span.start < one.start + len(one.text)), None)
    return around is not None and span.end <= around.start + len(around.text) and not _VETO.search(around.text)


def to_you(text: str) -> str:
    """First-person words turned to the second person: ``my car`` -> ``your car``, ``I am`` -> ``you are``. A sentence start is kept."""
    for pattern, replacement in _TO_YOU:
        text = pattern.sub(replacement, text)
    return text[:1].upper() + text[1:]


_TO_YOU = [
    (re.compile(rf"\b{old}\b"), new)
    for old, new in {
        "I am": "you are", "I['’]m": "you're", "I was": "you were", "I['’]ve": "you've", "I['’]ll": "you'll", "I['’]d": "you'd",
        "am I": "are you", "was I": "were you", "I": "you", "me": "you", "Me": "You", "my": "your", "My": "Your", "mine": "yours",
        "myself": "yourself", "our": "your", "Our": "Your", "ours": "yours", "we['’]re": "you're", "We['’]re": "You're", "we": "you",
        "We": "You", "us": "you", "ourselves": "yourselves",
    }.items()
]  # fmt: skip


# Where to look


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A piece of the item's text and where it begins there. ``subject`` is "I" when an earlier clause of the sentence said it."""

    text: str
    start: int
    subject: str = ""
    opening: bool = False  # the first words of the item


_SENTENCE = re.compile(r"[^.!?\n]+(?:\.(?=\w)[^.!?\n]*)*[.!?]*")
_QUOTED = re.compile(r"[\"“«][^\"”»]{0,300}[\"”»]|(?<!\w)['‘][^'’\n]{3,300}['’](?!\w)")
_VETO = re.compile(
    r"\?\s*$|\b(if|unless|would|['’]d\s+(?:be|have|love|like|rather|prefer)|wish|might|maybe|perhaps|probably|could|imagine"
    r"|imagining|suppose|supposing|pretend(?:ing)?|"
    r"hope|hoping|dream(?:t|ed|ing)?|jok(?:e|es|ing)|kidding|jk|lol|lmao|haha\w*|as though|used to|thinking (?:about|of)"
    r"|considering|almost|nearly|"
    r"claims?|claimed|says?|said|told|thinks?|thought|believes?|asked|heard|character|novel|movie|film|not (?:sure|really)"
    r"|for example|e\.g\.|sarcasm|until|hopefully)\b|[😂🤣😜😉]",
    re.IGNORECASE,
)
# A clause begins at the start, or after a joint when what follows is itself the beginning of a statement the rules know.
_JOINT = re.compile(r"\s*(?:[,;:–—-]\s*(?:and\s+|but\s+|so\s+)?|\s(?:and|but)\s+)", re.IGNORECASE)
_STATE = (
    r"(?:an?\s+)?(?:strict\s+|lifelong\s+)?(?:vegetarian|vegan|pescatarian|teetotal|diabetic|coeliac|celiac"
    r"|lactose[- ]intolerant|gluten[- ]intolerant)"
)
_BEGINS = re.compile(
    rf"(?:I\s|I['’]|my\s|our\s|we\s|please\b|always\b|never\b|from now on\b|call me\b|{_STATE}\b|allergic to\b|training for\b|learning\b|"
    r"saving (?:up )?for\b|living in\b|working (?:as|at|for)\b|(?-i:[^\W\d_a-z])[\w'’-]+\s+(?:is|lives|works|likes|loves|hates)\b)",
    re.IGNORECASE,
)


def _sentences(text: str) -> Iterator[_Stretch]:
    """Each sentence; what stands in quotation marks is blanked out, so that nothing is learnt from it."""
    text = _QUOTED.sub(lambda match: " " * len(match.group(0)), text)
    for match in _SENTENCE.finditer(text):
        piece = match.group(0)
        lead = len(piece) - len(piece.lstrip())
        if piece.strip():
            yield _Stretch(piece.strip(), match.start() + lead, opening=not text[: match.start()].strip())


def _clauses(sentence: _Stretch) -> list[_Stretch]:
    """The sentence cut where a new statement begins; "I" carries over to a clause that lacks a subject ("I'm Ana, vegetarian")."""
    starts, ends = [0], []
    for joint in _JOINT.finditer(sentence.text):
        if joint.end() > starts[-1] and _BEGINS.match(sentence.text, joint.end()):
            ends.append(joint.start())
            starts.append(joint.end())
    ends.append(len(sentence.text.rstrip(" .!;,")))
    clauses, subject = [], ""
    for number, (start, end) in enumerate(zip(starts, ends, strict=True)):
        text = sentence.text[start : max(start, end)]
        greeting = _GREETING.match(text)
        offset = greeting.end() if greeting and number == 0 else 0
        text = text[offset:]
        clauses.append(_Stretch(text, sentence.start + start + offset, subject, sentence.opening and number <= 1))
        if re.match(r"I['’]m\b|I am\b", text, re.IGNORECASE):
            subject = "I"
        elif text:
            subject = subject if not re.match(r"(?:my|our|we|I)\b", text, re.IGNORECASE) else ""
    return clauses


_GREETING = re.compile(
    r"(?:(?:hi|hello|hey|good (?:morning|evening|afternoon)|well|ok|okay|so|also|by the way|btw|and|remember(?: that)?|"
    r"please remember(?: that)?|don['’]t forget(?: that)?|note(?: to self)?)\b[\s,!:]*(?:there\b[\s,!:]*)?(?:that\s+)?)+",
    re.IGNORECASE,
)


# What to look for


@dataclass(frozen=True, slots=True)
class _About:
    """Whom a clause is about, and how a sentence about them is written."""

    subject: str

    def does(self, mine: str, theirs: str) -> str:
        """``You mine`` or ``Ana theirs``: does("are", "is")."""
        return f"You {mine}" if self.subject == YOU else f"{self.subject[:1].upper()}{self.subject[1:]} {theirs}"

    @property
    def whose(self) -> str:
        return "Your" if self.subject == YOU else f"{self.subject[:1].upper()}{self.subject[1:]}'s"


@dataclass(frozen=True, slots=True)
class _Finding:
    predicate: str
    object: str
    text: str
    kind: FactKind = FactKind.FACT
    subject: str = ""  # when it is not the one the clause is about
    since_said: bool = False  # it became true about when it was said


_RELATIONS = (
    r"(?:step|half[- ]|grand|great-)?(?:mother|mum|mom|father|dad|parent|sister|brother|son|daughter|child|wife|husband"
    r"|partner|girlfriend|boyfriend|fianc[eé]e?|"
    r"cousin|aunt|uncle|niece|nephew|friend|best friend|boss|manager|colleague|neighbou?r|flatmate|roommate|doctor|dentist"
    r"|therapist|landlord|teacher|coach)(?:-in-law)?"
)
_PETS = r"(?:dog|cat|puppy|kitten|rabbit|hamster|parrot|horse|tortoise|guinea pig|goldfish|pet)"
_DATE = (
    r"(?:the\s+)?(?:\d{1,2}(?:st|nd|rd|th)?\s+(?:of\s+)?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*(?:,?\s+\d{4})?"
    r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\s+\d{1,2}(?:st|nd|rd|th)?(?:,?\s+\d{4})?|\d{4}-\d\d-\d\d)"
)
_NAME = r"(?P<name>[^\W\d_][\w'’-]*(?:\s[^\W\d_][\w'’-]*){0,2})"
_THING = r"(?P<thing>[^,;:.!?]{2,80}?)"
_TAIL = r"(?:\s+(?:now|too|as well|also|btw|by the way|these days|at the moment|currently))*\s*$"
_OCCUPATION = (
    r"(?:nurse|doctor|teacher|professor|engineer|developer|programmer|designer|architect|lawyer|accountant|plumber"
    r"|electrician|carpenter|chef|cook|baker|"
    r"waiter|waitress|writer|journalist|editor|translator|photographer|artist|musician|painter|actor|scientist|researcher"
    r"|physicist|chemist|biologist|"
    r"student|pharmacist|dentist|therapist|psychologist|vet|farmer|gardener|pilot|driver|librarian|analyst|consultant"
    r"|manager|economist|midwife|paramedic|firefighter|civil servant)"
)
_NATIONS = frozenset(
    """english irish scottish welsh british american canadian mexican spanish french german italian portuguese dutch belgian swiss
    austrian polish czech danish swedish norwegian finnish russian ukrainian turkish greek romanian hungarian indian
    pakistani chinese japanese korean vietnamese thai australian brazilian argentinian nigerian kenyan egyptian moroccan
    israeli iranian arab european asian african catholic muslim jewish christian buddhist hindu""".split()  # noqa: SIM905  # reads better
)
_NOT_NAMES = _NATIONS | frozenset(
    """i you he she it we they this that there here who what everybody everyone nobody someone anybody people today tomorrow
    yesterday monday tuesday wednesday thursday friday saturday sunday january february march april may june july august
    september october november december my our your his her their the a an sorry sure fine ok okay good great happy sad tired
    back home hungry bored busy late new old glad afraid ready done not just so very really also still already vegetarian
    vegan pescatarian diabetic coeliac celiac teetotal mum mom dad god yes no thanks hello hi hey""".split()  # noqa: SIM905  # reads better
)
_NO_ALLERGENS = re.compile(
    r"\b(mondays?|tuesdays?|wednesdays?|thursdays?|fridays?|work|working|people|you|stupid\w*|drama|exercis\w*|mornings?"
    r"|bullshit|nonsense|commitment|him|her|fun)\b",
    re.I,
)
_VAGUE = re.compile(
    r"^(?:it|that|this|these|those|you|your|how|when|what|him|her|them|to|the way|everything|nothing|everyone|so|both|all)\b", re.IGNORECASE
)

_Build = Callable[[_About, dict[str, str]], _Finding | None]


@dataclass(frozen=True, slots=True)
class _Rule:
    """``mine`` follows the first person; ``theirs`` follows a name or "my sister". Both are matched from the clause's first word."""

    mine: re.Pattern[str] | None
    theirs: re.Pattern[str] | None
    build: _Build


_RULES: list[_Rule] = []
_I = r"(?:I\s+(?:really\s+|absolutely\s+|just\s+|now\s+|also\s+)?)"
_IAM = r"(?:(?:I['’]m|I\s+am)\s+(?:a\s+bit\s+|also\s+|now\s+|currently\s+)?)"


def _rule(mine: str | None, theirs: str | None = None) -> Callable[[_Build], _Build]:
    """Registers a rule: what follows the subject, in each person."""

    def register(build: _Build) -> _Build:
        _RULES.append(
            _Rule(
                re.compile(mine + _TAIL, re.IGNORECASE) if mine else None,
                re.compile(theirs + _TAIL, re.IGNORECASE) if theirs else None,
                build,
            )
        )
        return build

    return register


@_rule(rf"(?:my\s+name\s+is|my\s+name['’]s|call\s+me|I['’]m\s+called|I\s+am\s+called)\s+{_NAME}")
def _name(about: _About, got: dict[str, str]) -> _Finding | None:
    if about.subject != YOU or not _is_name(got["name"]):
        return None
    return _Finding("name", got["name"], f"Your name is {got['name']}")


@_rule(rf"{_IAM}(?P<state>{_STATE})", rf"is\s+(?P<state>{_STATE})")
def _diet(about: _About, got: dict[str, str]) -> _Finding:
    state = re.sub(r"^an?\s+", "", got["state"], flags=re.IGNORECASE).lower()
    return _Finding(_sort_of(state), state, f"{about.does('are', 'is')} {state}", FactKind.NEED)


@_rule(rf"(?:{_IAM}(?:no\s+longer|not)\s+(?P<state>{_STATE})(?:\s+any\s?more)?)", rf"is\s+no\s+longer\s+(?P<state>{_STATE})")
def _no_longer(about: _About, got: dict[str, str]) -> _Finding:
    state = re.sub(r"^an?\s+", "", got["state"], flags=re.IGNORECASE).lower()
    return _Finding(_sort_of(state), f"not {state}", f"{about.does('are', 'is')} no longer {state}", since_said=True)


@_rule(
    rf"(?:{_IAM}(?:severely\s+|very\s+)?allergic\s+to|I\s+have\s+an?\s+(?:severe\s+|bad\s+)?allergy\s+to)\s+{_THING}",
    rf"(?:is\s+(?:severely\s+|very\s+)?allergic\s+to|has\s+an?\s+(?:severe\s+|bad\s+)?allergy\s+to)\s+{_THING}",
)
def _allergy(about: _About, got: dict[str, str]) -> _Finding | None:
    if _NO_ALLERGENS.search(got["thing"]) or _VAGUE.match(got["thing"]):
        return None
    return _Finding("allergic to", got["thing"], f"{about.does('are', 'is')} allergic to {got['thing']}", FactKind.NEED)


@_rule(
    rf"I\s+(?:don['’]t|do\s+not|can['’]t|cannot|never)\s+(?P<verb>eat|drink|tolerate)\s+{_THING}",
    rf"(?:doesn['’]t|does\s+not|can['’]t|cannot|never)\s+(?P<verb>eats?|drinks?|tolerate)\s+{_THING}",
)
def _avoids(about: _About, got: dict[str, str]) -> _Finding | None:
    words = got["thing"].split()
    if (
        len(words) > 4
        or _VAGUE.match(got["thing"])
        or words[0].lower() in {"much", "enough", "well", "at", "before", "after", "in", "out", "alone", "breakfast", "lunch", "dinner"}
    ):
        return None
    verb = got["verb"].lower().rstrip("s")
    return _Finding(f"does not {verb}", got["thing"], f"{about.does('do not', 'does not')} {verb} {got['thing']}", FactKind.NEED)


@_rule(
    rf"{_I}(?P<verb>love|like|enjoy|adore|prefer|hate|dislike|can['’]t\s+stand)\s+{_THING}",
    rf"(?P<verb>loves|likes|enjoys|adores|prefers|hates|dislikes|can['’]t\s+stand)\s+{_THING}",
)
def _taste(about: _About, got: dict[str, str]) -> _Finding | None:
    thing = got["thing"]
    if _VAGUE.match(thing) or len(thing.split()) > 8:
        return None
    verb = re.sub(r"\s+", " ", got["verb"].lower())
    plain = "can't stand" if "stand" in verb else verb.removesuffix("s") if about.subject == YOU else verb
    sort = "dislikes" if verb.startswith(("hate", "dislike", "can")) else "likes"
    return _Finding(sort, _said_of(about, thing), f"{about.does(plain, plain)} {_said_of(about, thing)}", FactKind.PREFERENCE)


@_rule(rf"my\s+favou?rite\s+(?P<what>[\w ]{{2,30}}?)\s+(?:is|are)\s+{_THING}")
def _favourite(about: _About, got: dict[str, str]) -> _Finding | None:
    if _VAGUE.match(got["thing"]):
        return None
    return _Finding(
        f"favourite {got['what'].lower()}", got["thing"], f"{about.whose} favourite {got['what']} is {got['thing']}", FactKind.PREFERENCE
    )


_ORDER_VERB = (
    r"(?:answer|reply|respond|speak|write|use|call|address|mention|suggest|recommend|give|tell|show|keep|ask|talk|say"
    r"|include|start|end|finish|be|translate|"
    r"explain|assume|offer|put|add|begin|make|quote|swear)"
)


@_rule(
    rf"(?P<order>(?:please\s+)?(?:always|never|from\s+now\s+on,?|don['’]t\s+ever)\s+(?:please\s+)?{_ORDER_VERB}\b.{{2,160}}?"
    rf"|(?:please\s+)?(?:answer|reply|respond|speak|write)\s+(?:to\s+me\s+)?(?:only\s+|always\s+)?in\s+.{{2,80}}?(?:from\s+now\s+on|always)"
    rf"|when\s+you\s+(?:answer|reply|write|talk)\b.{{4,160}}?)"
)
def _instruction(about: _About, got: dict[str, str]) -> _Finding | None:
    if about.subject != YOU:
        return None  # only the person's own words may stand as an order
    order = re.sub(r"^please\s+", "", got["order"], flags=re.IGNORECASE)
    order = order[:1].upper() + order[1:]
    return _Finding("instruction", order, order, FactKind.INSTRUCTION)


@_rule(
    rf"(?:{_I}live|{_IAM}living)\s+in\s+(?P<place>[^,;:.!?]{{2,50}}?)(?:\s+(?:with|and|but|where|since|because|so)\s.{{1,80}})?",
    r"lives\s+in\s+(?P<place>[^,;:.!?]{2,50}?)(?:\s+(?:with|and|but|where|since|because|so)\s.{1,80})?",
)
def _home(about: _About, got: dict[str, str]) -> _Finding | None:
    if not any(word[:1].isupper() for word in got["place"].split()):
        return None  # "in fear", "in a small flat": not a place with a name
    return _Finding("lives in", got["place"], f"{about.does('live', 'lives')} in {got['place']}")


@_rule(
    r"(?:I|we)\s*(?:['’]ve|have)?\s*(?:just\s+|recently\s+)?moved\s+(?:house\s+)?(?:from\s+[^,;:.!?]{2,40}?\s+)?to\s+(?P<place>[^,;:.!?]{2,50}?)(?:\s+(?P<when>in\s+\d{4}|last\s+\w+|yesterday|today))?",
    r"(?:has\s+)?(?:just\s+)?moved\s+to\s+(?P<place>[^,;:.!?]{2,50}?)(?:\s+(?P<when>in\s+\d{4}|last\s+\w+|yesterday|today))?",
)
def _moved(about: _About, got: dict[str, str]) -> _Finding | None:
    if not got["place"][:1].isupper():
        return None
    return _Finding("lives in", got["place"], f"{about.does('live', 'lives')} in {got['place']}", since_said=not got.get("when"))


@_rule(
    rf"(?:{_I}work|{_IAM}working|I\s*(?:['’]ve|have)?\s*(?:just\s+)?started\s+(?:working\s+|a\s+new\s+job\s+)?)\s*(?P<prep>at"
    rf"|for)\s+(?P<place>[^,;:.!?]{{2,50}}?)(?:\s+as\s+(?:an?\s+)?(?P<job>[^,;:.!?]{{3,40}}?))?",
    r"(?:works|is\s+working)\s+(?P<prep>at|for)\s+(?P<place>[^,;:.!?]{2,50}?)(?:\s+as\s+(?:an?\s+)?(?P<job>[^,;:.!?]{3,40}?))?",
)
def _workplace(about: _About, got: dict[str, str]) -> _Finding | None:
    if not any(word[:1].isupper() for word in got["place"].split()) and not re.match(r"an?\s|the\s", got["place"]):
        return None
    job = f" as {got['job']}" if got.get("job") else ""
    return _Finding("works at", got["place"], f"{about.does('work', 'works')} {got['prep'].lower()} {got['place']}{job}")


@_rule(
    rf"(?:{_I}work\s+as\s+(?:an?\s+)?(?P<job>[^,;:.!?]{{3,40}}?)|{_IAM}an?\s+(?P<job2>(?:[\w-]+\s+){{0,2}}{_OCCUPATION}))",
    rf"(?:works\s+as\s+(?:an?\s+)?(?P<job>[^,;:.!?]{{3,40}}?)|is\s+an?\s+(?P<job2>(?:[\w-]+\s+){{0,2}}{_OCCUPATION}))",
)
def _work(about: _About, got: dict[str, str]) -> _Finding | None:
    job = got.get("job") or got["job2"]
    if re.match(r"(?:good|bad|terrible|great|big|lousy|better|fan)\b", job, re.IGNORECASE):
        return None
    return _Finding("works as", job, f"{about.does('work', 'works')} as {_article(job)} {job}")


@_rule(
    rf"my\s+birthday\s+is\s+(?:on\s+)?(?P<date>{_DATE})|my\s+birthday['’]s\s+(?:on\s+)?(?P<date2>{_DATE})",
    rf"['’]s\s+birthday\s+is\s+(?:on\s+)?(?P<date>{_DATE})",
)
def _birthday(about: _About, got: dict[str, str]) -> _Finding:
    day = got.get("date") or got["date2"]
    return _Finding("birthday", day, f"{about.whose} birthday is on {day}")


@_rule(
    rf"I\s+was\s+born\s+(?P<prep>on|in)\s+(?P<date>{_DATE}|\d{{4}}|[^\W\d_][\w' -]{{2,40}}?)",
    rf"was\s+born\s+(?P<prep>on|in)\s+(?P<date>{_DATE}|\d{{4}})",
)
def _born(about: _About, got: dict[str, str]) -> _Finding | None:
    if not (got["date"][:1].isdigit() or got["date"][:1].isupper()):
        return None
    return _Finding("born", got["date"], f"{about.does('were', 'was')} born {got['prep'].lower()} {got['date']}")


@_rule(
    rf"(?:my|our)\s+(?P<pet>{_PETS})(?:\s+is\s+called|['’]s\s+name\s+is|\s+is\s+named)\s+{_NAME}|(?:I|we)\s+(?:have|got"
    rf"|adopted)\s+an?\s+(?:\w+\s+)?(?P<pet2>{_PETS})\s+(?:called|named)\s+(?P<name2>[^\W\d_][\w'’-]*)"
)
def _pet(about: _About, got: dict[str, str]) -> _Finding | None:
    pet, name = got.get("pet") or got["pet2"], got.get("name") or got["name2"]
    if not _is_name(name):
        return None
    return _Finding(f"{pet.lower()}", name, f"{about.whose} {pet.lower()} is called {name}")


@_rule(rf"(?:my|our)\s+(?P<relation>{_RELATIONS})(?:['’]s\s+name\s+is|\s+is\s+called|\s+is\s+named|['’]s\s+called)\s+{_NAME}")
def _relation(about: _About, got: dict[str, str]) -> _Finding | None:
    if not _is_name(got["name"]):
        return None
    return _Finding(
        "relation", _relation_of(about, got["relation"]), f"{got['name']} is {_relation_of(about, got['relation'])}", subject=got["name"]
    )


@_rule(None, rf"is\s+my\s+(?P<relation>(?:older\s+|younger\s+|little\s+|big\s+|twin\s+)?{_RELATIONS})")
def _is_relation(about: _About, got: dict[str, str]) -> _Finding:
    return _Finding("relation", f"your {got['relation'].lower()}", f"{about.does('are', 'is')} your {got['relation'].lower()}")


@_rule(
    r"(?:my|our)\s+(?P<what>(?:[\w'’-]+\s+){0,2}(?:wedding|anniversary|exam|interview|appointment|flight|meeting|deadline"
    r"|party|marathon|operation|surgery|trip|holiday|concert|race|defence|move))"
    rf"\s+is\s+on\s+(?P<date>{_DATE})(?P<time>\s+at\s+[\d:.]+\s*(?:am|pm|o['’]clock)?)?"
)
def _event(about: _About, got: dict[str, str]) -> _Finding:
    when = f"{got['date']} {got.get('time', '')}".strip()
    return _Finding(f"date of {got['what'].lower()}", when, f"{about.whose} {got['what']} is on {when}")


@_rule(
    rf"(?:{_IAM}(?P<doing>training\s+for|saving\s+(?:up\s+)?for)\s+(?P<aim>[^;:!?]{{3,90}}?)"
    rf"|{_IAM}(?P<study>learning)\s+(?P<aim2>(?!that\b|a\s+lot|to\s+live|how\s+much)[^,;:!?]{{3,60}}?))",
    r"is\s+(?P<doing>training\s+for|saving\s+(?:up\s+)?for)\s+(?P<aim>[^;:!?]{3,90}?)",
)
def _pursuit(about: _About, got: dict[str, str]) -> _Finding:
    doing = re.sub(r"\s+", " ", got.get("doing") or got["study"]).lower()
    aim = _said_of(about, got.get("aim") or got["aim2"])
    return _Finding("goal", f"{doing} {aim}", f"{about.does('are', 'is')} {doing} {aim}")


@_rule(
    r"my\s+(?:\w+\s+)?goal\s+(?:for\s+[\w ]{2,20}\s+)?is\s+to\s+(?P<aim>[^;:!?]{5,120}?)"
    r"|I\s+want\s+to\s+(?P<aim2>(?:learn|run|lose|write|finish|read|save|quit|stop|become|build|get\s+fit|get\s+better"
    r"|improve|climb|swim|cycle|publish|graduate|retire|start\s+a|open\s+a)\b[^;:!?]{3,100}?)"
)
def _goal(about: _About, got: dict[str, str]) -> _Finding:
    aim = _said_of(about, got.get("aim") or got["aim2"])
    return _Finding("goal", aim, f"{about.does('want', 'wants')} to {aim}")


@_rule(
    r"my\s+(?P<what>phone(?:\s+number)?|mobile(?:\s+number)?|number|e-?mail(?:\s+address)?|address|blood\s+type|shoe\s+size"
    r"|(?:wi-?fi|wifi)\s+password|"
    r"(?:licen[cs]e|number)\s+plate|passport\s+number|dentist|doctor|gp|landlord|bank)\s+is\s+(?P<value>[^;!?]{2,100}?)"
)
def _detail(about: _About, got: dict[str, str]) -> _Finding | None:
    what, value = re.sub(r"\s+", " ", got["what"].lower()), got["value"]
    if what.startswith(("phone", "mobile", "number")) and what != "number plate":
        if sum(letter.isdigit() for letter in value) < 5:
            return None
        what = "phone"
    elif "mail" in what:
        if "@" not in value:
            return None
        what = "email"
    elif what in ("dentist", "doctor", "gp", "landlord", "bank") and not value[:1].isupper():
        return None  # "my doctor is worried": not who, but how
    return _Finding(
        what, value, f"{about.whose} {what if what not in ('phone', 'gp') else {'phone': 'phone number', 'gp': 'GP'}[what]} is {value}"
    )


# Reading a clause

_SOMEONE = re.compile(rf"(?:(?P<my>my|our)\s+(?P<relation>(?:older\s+|younger\s+|little\s+|big\s+)?(?:{_RELATIONS}"
                      rf"|{_PETS}))(?:\s+(?P<called>[^\W\d_][\w-]*))?|(?P<alone>[^\W\d_][\w-]*(?:\s[^\W\d_][\w-]*)?))(?P<rest>\s+(?:is|has"
                      rf"|lives|works|likes|loves|enjoys|adores|prefers|hates|dislikes|doesn|does|can|cannot|never|moved|just|was)\b"
                      rf"|['’]s\s+birthday\b)", re.IGNORECASE)  # fmt: skip
_NAMED_RELATION = re.compile(
    rf"(?:my|our)\s+(?P<relation>(?:older\s+|younger\s+|little\s+|big\s+)?(?:{_RELATIONS}"
    rf"|{_PETS})),?\s+(?P<called>(?-i:[^\W\d_a-z])[\w-]*)\b",
    re.IGNORECASE,
)


def _read(clause: _Stretch, item: Item, speaker: str) -> Iterator[Candidate]:
    """What one clause states: about the speaker, about somebody it names, and who that somebody is."""
    text, shift = clause.text, 0
    if clause.subject == "I" and not re.match(r"I\b|my\b|our\b|we\b", text, re.IGNORECASE):
        text, shift = f"I'm {text}", len("I'm ")
    if speaker:
        about = _About(speaker)
        if clause.opening and speaker == YOU and shift == 0:
            introduction = re.match(rf"(?:I['’]m|I\s+am)\s+{_NAME}$", text)
            if introduction and _is_name(introduction["name"]) and len(introduction["name"].split()) <= 2:
                yield _candidate(
                    _Finding("name", introduction["name"], f"Your name is {introduction['name']}"),
                    about,
                    item,
                    clause.start,
                    clause.start + len(clause.text),
                )
        for rule in _RULES:
            match = rule.mine.match(text) if rule.mine else None
            finding = rule.build(about, _groups(match)) if match else None
            if match and finding:
                yield _candidate(finding, about, item, clause.start, clause.start + len(match.group(0).rstrip()) - shift)
        yield from _introduced(clause, item, about)
    yield from _of_someone(clause, item, speaker)


def _introduced(clause: _Stretch, item: Item, about: _About) -> Iterator[Candidate]:
    """ "my sister Ana" anywhere in a statement says who Ana is."""
    for match in _NAMED_RELATION.finditer(clause.text):
        name, relation = match["called"], match["relation"].lower()
        if not _is_name(name):
            continue
        if re.fullmatch(_PETS, relation):
            finding = _Finding(relation, name, f"{about.whose} {relation} is called {name}")
        else:
            finding = _Finding("relation", _relation_of(about, relation), f"{name} is {_relation_of(about, relation)}", subject=name)
        yield _candidate(finding, about, item, clause.start + match.start(), clause.start + match.end())


def _of_someone(clause: _Stretch, item: Item, speaker: str) -> Iterator[Candidate]:
    """Statements whose subject is a name or one of the speaker's people: "Ana is allergic to peanuts"."""
    who = _SOMEONE.match(clause.text)
    if not who:
        return
    if who["my"]:
        called = who["called"]
        if called and not _is_name(called):
            return
        subject = called or (f"your {who['relation'].lower()}" if speaker == YOU else f"{speaker}'s {who['relation'].lower()}")
        if not speaker and not called:
            return
    else:
        subject = who["alone"]
        if not _is_name(subject):
            return
    rest = clause.text[who.start("rest") :]
    for rule in _RULES:
        match = rule.theirs.match(rest.lstrip()) if rule.theirs else None
        finding = rule.build(_About(subject), _groups(match)) if match else None
        if match and finding and not (finding.predicate == "relation" and speaker != YOU):
            lead = len(rest) - len(rest.lstrip())
            yield _candidate(
                finding, _About(subject), item, clause.start, clause.start + who.start("rest") + lead + len(match.group(0).rstrip())
            )


def _candidate(finding: _Finding, about: _About, item: Item, start: int, end: int) -> Candidate:
    valid_from: datetime | None = item.at if finding.since_said else None
    return Candidate(
        subject=finding.subject or about.subject,
        predicate=finding.predicate,
        object=finding.object,
        text=finding.text,
        quote=item.text[start:end],
        span=Span(start, end),
        kind=finding.kind,
        stated=True,
        confidence=0.9,
        valid_from=valid_from,
    )


def _groups(match: re.Match[str] | None) -> dict[str, str]:
    return {name: value.strip() for name, value in (match.groupdict() if match else {}).items() if value}


def _is_name(words: str) -> bool:
    return all(word[:1].isupper() and word.lower() not in _NOT_NAMES for word in words.split())


def _said_of(about: _About, words: str) -> str:
    """Words of the speaker's about themselves, as said of them."""
    if about.subject == YOU:
        turned = to_you(words)
        return turned if words[:1].isupper() else turned[:1].lower() + turned[1:]
    return re.sub(r"\b(my|our)\b", "their", words)


def _relation_of(about: _About, relation: str) -> str:
    return f"{about.whose.lower() if about.subject == YOU else about.whose} {relation.lower()}"


def _sort_of(state: str) -> str:
    """A way of eating is one at a time; an intolerance stands beside it and must never replace it."""
    return "diet" if state.endswith(("vegetarian", "vegan", "pescatarian")) else "is"


def _article(word: str) -> str:
    return "an" if word[:1].lower() in "aeiou" else "a"


def _distinct(found: list[Candidate]) -> list[Candidate]:
    """Each statement once: of two with the same meaning the first is kept."""
    kept: dict[tuple[str, str, str], Candidate] = {}
    for candidate in sorted(found, key=lambda one: one.span.start):
        kept.setdefault((candidate.subject.lower(), candidate.predicate, candidate.object.lower()), candidate)
    return list(kept.values())
