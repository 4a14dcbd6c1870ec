"""Words as rules need them: names, lists, where an object ends, and sentences about the person in the second person."""

from __future__ import annotations

import re

from ..predicates import YOU
from .sentences import FULL_STOP


def to_you(text: str) -> str:
    """First-person words turned to the second person: ``my car`` -> ``your car``, ``I am`` -> ``you are``. A sentence start is kept."""
    for pattern, replacement in _TO_YOU:
        text = pattern.sub(replacement, text)
    return text[:1].upper() + text[1:]


def said_of(subject: str, words: str) -> str:
    """Words of the speaker's about themselves, as said of ``subject``."""
    if subject == YOU:
        turned = to_you(words)
        return turned if words[:1].isupper() else turned[:1].lower() + turned[1:]
    return re.sub(r"\b(my|our)\b", "their", words)


def is_name(words: str, *, lower: bool = False) -> bool:
    """Whether ``words`` can be somebody's name. ``lower``: the message is written without capitals."""
    parts = words.split()
    return bool(parts) and all(
        (part[:1].isupper() or (lower and len(part) > 1)) and part.lower().strip(".") not in NOT_NAMES for part in parts
    )


def is_place(words: str, *, lower: bool = False) -> bool:
    """Whether ``words`` name a place: something with a capital, or in a message without capitals a word or two that are no common ones."""
    if any(word[:1].isupper() for word in words.split()):
        return not _VAGUE.match(words)
    return lower and len(words.split()) <= 2 and not _NO_PLACE.search(words) and not any(letter.isdigit() for letter in words)


def is_vague(words: str) -> bool:
    """Whether ``words`` point instead of naming: "it", "how you do it", "your idea"."""
    return not words or bool(_VAGUE.match(words)) or words.lower() in _EMPTY


def article(word: str) -> str:
    return "an" if word[:1].lower() in "aeiou" else "a"


def plain(words: str) -> str:
    """An object without what only fills: blanks, adverbs at the end, the stand-in of an abbreviation's dot."""
    words = " ".join(words.replace(FULL_STOP, ".").split()).strip(" -–—")
    words = _TRAILING.sub("", words)
    return words.strip(" .,;:!?'’\"") if not words.endswith(("r.", "s.")) else words.strip(" ,;:!?")


def narrow(words: str) -> str:
    """The beginning of ``words`` that can be a name of a person, place or firm."""
    cut = _NARROW.search(words)
    return plain(words[: cut.start()] if cut else words)


def wide(words: str) -> str:
    """The beginning of ``words`` that can be a thing somebody likes, does or owns."""
    cut = _WIDE.search(words)
    return plain(words[: cut.start()] if cut else words)


def listed(words: str) -> list[str]:
    """The things ``words`` list ("jazz, rye bread and trains"), or the one thing they name; none when it only points."""
    cut = _WIDE.search(words)
    text = words[: cut.start()] if cut else words
    parts = [plain(part) for part in _COMMA.split(text)]
    if len(parts) == 1:
        parts = _pair(plain(text))
    elif _LAST.search(text):
        parts = [*parts[:-1], *(plain(part) for part in re.split(r"\s+(?:and|or|&)\s+", parts[-1]))]
    if len(parts) > 1 and not (_LAST.search(text) and all(0 < len(part.split()) <= 4 and not _VERBAL.match(part) for part in parts)):
        parts = parts[:1]
    return [part for part in parts if not is_vague(part) and len(part.split()) <= 8 and len(part) <= 80]


def _pair(text: str) -> list[str]:
    sides = re.split(r"\s+(?:and|or)\s+", text)
    if len(sides) == 2 and text.lower() not in _BINOMIALS and all(0 < len(side.split()) <= 3 and not _VERBAL.match(side) for side in sides):
        return [plain(side) for side in sides]
    return [text]


NAME = (
    r"(?P<name>[^\W\d_][\w'’-]*(?:\s(?!(?:and|who|but|is|the|from|she|he|because|so|in|at|on|since|btw|by|too|now|lol)\b)"
    r"[^\W\d_][\w'’-]*){0,2})"
)
RELATION = (
    r"(?:step|half[- ]|grand|great-)?(?:mother|mum|mom|father|dad|parent|sister|brother|son|daughter|child|wife|husband"
    r"|partner|girlfriend|boyfriend|fianc[eé]e?|"
    r"cousin|aunt|uncle|niece|nephew|friend|best friend|boss|manager|colleague|co-?worker|neighbou?r|flatmate|roommate|doctor|dentist|gp"
    r"|therapist|landlord|landlady|teacher|coach|vet|grandma|grandpa|granny|granddad|grandad|gran|nan|gf|bf|hubby|supervisor|mentor|lawyer|accountant)"
    r"(?:-in-law)?"
)
AGED = r"(?:older\s+|younger\s+|little\s+|big\s+|twin\s+|elder\s+|eldest\s+|youngest\s+|best\s+|good\s+|old\s+|new\s+|ex-?)?"
FAMILY = r"(?:mum|mom|mummy|dad|daddy|grandma|grandpa|granny|granddad|grandad|gran|nan)"
PET = r"(?:dog|cat|puppy|kitten|rabbit|bunny|hamster|parrot|horse|pony|tortoise|turtle|guinea pig|goldfish|snake|budgie|pet)"
DATE = (
    r"(?:the\s+)?(?:\d{1,2}(?:st|nd|rd|th)?\s+(?:of\s+)?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*(?:,?\s+\d{4})?"
    r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\s+(?:the\s+)?\d{1,2}(?:st|nd|rd|th)?(?:,?\s+\d{4})?|\d{4}-\d\d-\d\d)"
)

_TO_YOU = [
    (re.compile(rf"\b{old}\b"), new)
    for old, new in {
        "I am": "you are", "I['’]m": "you're", "I was": "you were", "I['’]ve": "you've", "I['’]ll": "you'll", "I['’]d": "you'd",
        "am I": "are you", "was I": "were you", "I": "you", "me": "you", "Me": "You", "my": "your", "My": "Your", "mine": "yours",
        "myself": "yourself", "our": "your", "Our": "Your", "ours": "yours", "we['’]re": "you're", "We['’]re": "You're", "we": "you",
        "We": "You", "us": "you", "ourselves": "yourselves",
    }.items()
]  # fmt: skip
NATIONS = frozenset(
    """english irish scottish welsh british american canadian mexican spanish french german italian portuguese dutch belgian swiss
    austrian polish czech danish swedish norwegian finnish russian ukrainian turkish greek romanian hungarian indian
    pakistani chinese japanese korean vietnamese thai australian brazilian argentinian nigerian kenyan egyptian moroccan
    israeli iranian arab european asian african catholic muslim jewish christian buddhist hindu""".split()  # noqa: SIM905  # reads better
)
NOT_NAMES = NATIONS | frozenset(
    """i you he she it we they this that there here who what everybody everyone nobody someone anybody people today tomorrow
    yesterday monday tuesday wednesday thursday friday saturday sunday january february march april may june july august
    september october november december my your our his her their the a an sorry sure fine ok okay good great happy sad tired
    back home hungry bored busy late new old glad afraid ready done not just so very really also still already vegetarian
    vegan pescatarian diabetic coeliac celiac teetotal mum mom dad god yes no thanks hello hi hey is was are has had have and or but
    always never in on at to from of with for by who when where called named only both all one two three four five six
    next last her him them me us if as be do does did will would can could should christmas easter internet tv mr mrs ms
    nice coming going doing getting visiting working living off away angry ill sick worried upset weird dead sleeping
    recently lately keep sounds looks seems feels themes wow oh well yeah yep congrats life love hope music art nature everything nothing
    something maybe perhaps then after before during while since until because although however though anyway honestly actually luckily
    being""".split()  # noqa: SIM905
)
_VAGUE = re.compile(
    r"^(?:it|that|this|these|those|you|your|how|when|what|why|where|whether|him|her|his|them|their|to|the (?:way|fact|idea|thing|one|ones"
    r"|part)|everything|nothing"
    r"|everyone|anything|something|someone|so|both|all|one|being|having|getting|me|us|myself|each|such|more|less|most of|my (?:life|job"
    r"|day)"
    r"|a (?:bit|lot|little)|lots|not|no|any|doing (?:it|that|this|my)|here|there|if|as|just)\b(?!\s+(?:kinds?|sorts?|types?)\s+of\s+\w)",
    re.IGNORECASE,
)
_EMPTY = frozenset("work stuff things people life time fun lots school home today now yours mine".split())  # noqa: SIM905
_NO_PLACE = re.compile(
    r"\b(?:fear|peace|denial|harmony|hope|sin|silence|luxury|poverty|pain|chaos|squalor|exile|hiding|bliss|constant|debt|the|an?|my|our"
    r"|your|his"
    r"|her|their|this|that|it|here|there|where|one|two|both|town|city|past|present|moment|future|flat|house|misery|style|comfort|style"
    r"|dorms?"
    r"|shoes|car|general|between|circles|secret|sync|vain|bed|limbo|and|or)\b",
    re.IGNORECASE,
)
_TRAILING = re.compile(
    r"(?:[\s,]+(?:now|too|as well|also|btw|by the way|these days|at the moment|currently|right now|nowadays|again|a lot|so much|very much"
    r"|though"
    r"|anyway|actually|already|fluently|originally|lol|any\s?more|any longer|instead|please|for now|myself|most|best of all))+$",
    re.IGNORECASE,
)
_NARROW = re.compile(
    r"\s*[,;:(!?–—]|\s+-\s|\s+(?:and|but|so|because|cause|since|when|where|which|who|that|while|after|before|until|till|as|from|with"
    r"|without|for|at the moment|these days|now|nowadays|currently|right now|anyway|though|although|too|also|again|already|this|last|next"
    r"|every|(?:an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|\d+|a few|a couple of|some)\s+(?:day|week|month|year|hour)s?"
    r"|the\s+(?:day|week|month|other day|end)|back|earlier|ago"
    r"|on|in|near|close|together|or|by|to|just|if|btw|lol|today|yesterday|tomorrow|right|full[- ]time|part[- ]time|is|was|any\s?more|not"
    r"|instead|at)\b",
    re.IGNORECASE,
)
_WIDE = re.compile(
    r"\s*[;:(!?–—]|\s+-\s|\s+(?:but|because|cause|since|when|whenever|where|which|while|after|before|although|though|until|till"
    r"|these days|nowadays|at the moment|right now|by the way|btw|anyway|lately|especially|even|so(?=\s+(?:I|we|it|that|please|let))|as"
    r" well"
    r"|every\s+(?:\w+\s?day|day|week|morning|evening|night|weekend|year|month|summer|winter|spring|autumn|time)|on\s+(?:\w+days?"
    r"|weekends)\b"
    r"|(?:and|or)(?=\s+(?:I|we|you|he|she|it|they|my|our|that|this|there|then|also|so|now|am|is|was|have|has)\b)"
    r"|in the (?:morning|evening|afternoon)s?|any\s?more|any longer|as a kid|as much|like crazy|to bits)\b",
    re.IGNORECASE,
)
_COMMA = re.compile(r"\s*,\s*(?:and\s+|or\s+|&\s*)?|(?<=,)\s*and\s+")
_LAST = re.compile(r"(?:,\s*)?\s(?:and|or|&)\s+[^,]+$")
_VERBAL = re.compile(
    r"(?:I|we|you|he|she|it|they|there|which|who|so|but|is|are|was|do|not|my|then|please|thanks|right|especially)\b", re.IGNORECASE
)
_BINOMIALS = frozenset(
    """fish and chips|rock and roll|rhythm and blues|mac and cheese|macaroni and cheese|peanut butter and jelly|drum and bass
    |gin and tonic|dungeons and dragons|bread and butter|ham and eggs|arts and crafts|peace and quiet|track and field|cheese and wine
    |salt and vinegar crisps|black and white films|bed and breakfasts|country and western|milk and honey|up and down""".replace(
        "\n    ", ""
    ).split("|")
)
