"""A sentence said shorter without saying anything else: by code, which only leaves words out, and by a model, whose sentence is taken only
where it keeps all that a reader would act on. The checks are of English; sentences of other languages stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeAlias

from ..memory.citing import stem, stems
from ..memory.languages import spoken
from . import checks
from .deciding import weight
from .hands import Shots, quoted
from .material import by_number, numbered

Ask: TypeAlias = "Callable[[Shots, str], Awaitable[str]]"
LONG = 14  # words from which a sentence is worth shortening
AT_ONCE = 4
_KEPT = 0.5  # the share of a sentence's words that a shorter one has at least: what else was there is gone
_OWN = 0.75  # the share of the shorter one's words that are the sentence's
SHOTS = Shots(
    "Shorten each numbered sentence. Keep every name, number, date, condition and every not. Add nothing. Answer with the same numbers.",
    (
        (
            "1. The committee, which met for the third time this year in the old town hall, decided after a long debate to raise the "
            "fee to 40 euros from 1 March.\n2. Members who have not paid by 15 April will, unless they have spoken to the treasurer, lose "
            "their key.\n3. A list of all the people who would like to help with the harvest is hanging beside the door of the office.",
            "1. The committee raises the fee to 40 euros from 1 March.\n"
            "2. Members who have not paid by 15 April lose their key, unless they spoke to the treasurer.\n"
            "3. A list of harvest helpers hangs beside the office door.",
        ),
        (
            "1. In our view, and that of most people we asked, the new bus line number 12 has been something of a disappointment so far.\n"
            "2. We would ask you to make sure that your dog is on a lead at all times and does not run around on the grass.",
            "1. The new bus line 12 has been a disappointment so far.\n2. Keep your dog on a lead, not on the grass.",
        ),
    ),
    most=260,
)

# What a sentence begins with and nobody misses. Each is left out only where it decides nothing.
_LEADS = re.compile(
    r"^(?:(?:dear|hello|hi|good (?:morning|evening|day)) [^,.!]{1,40}[,!]\s+"
    r"|as (?:(?:(?:some|many|most|all) of )?you (?:\w+ ){0,4}"
    r"(?:know|heard|noticed|remember|aware|seen|read)\b|usual|always|ever|before|in every)"
    r"[^,]{0,40},\s+"
    r"|(?:and )?(?:please )?note that\s+|it should be (?:noted|said|mentioned) that\s+|it (?:is|was) (?:also )?(?:true|clear|known) that\s+"
    r"|(?:we|i) (?:would like to|wish to|want to|have to|must|are|am)(?: (?:very )?(?:pleased|happy|glad|sorry|delighted))?(?: to)? "
    r"(?:tell|inform|let|remind) you(?: know)? that\s+"
    r"|i am writing to (?:tell|inform|let) you (?:know )?that\s+"
    r"|(?:in (?:our|my) (?:view|opinion)|personally|of course|unfortunately|fortunately|"
    r"luckily|sadly|interestingly|furthermore|moreover|in addition|besides|by the way|incidentally|naturally|finally|lastly|after all|"
    r"all in all|in fact|indeed|on the whole)(?:,\s+|\s+(?=(?:the|we|it|he|she|they|a|an|this|that|there)\b)))",
    re.IGNORECASE,
)
_IDLE = (
    r"in (?:our|my) (?:view|opinion)|of course|by the way|as it were|so to speak|after all|"
    r"as (?:always|usual|ever|everybody|everyone|you|i|we|they)\b"
)
_ASIDE = re.compile(rf",\s+(?:(?:as|which|where|after (?:several|many|some|a))\b|{_IDLE})[^,;.:!?]{{0,90}},(?=\s)", re.IGNORECASE)
_TAIL = re.compile(rf",\s+(?:which\b|{_IDLE})[^,;.:!?]{{0,90}}(?=[.!]?$)", re.IGNORECASE)
_BRACKET = re.compile(r"\s*\([^()]{1,120}\)")

# Where a sentence has a word of the first column, a shorter one has a word of its row: what binds is not left out.
_BINDING = tuple(
    (re.compile(rf"\b(?:{word})\b", re.IGNORECASE), re.compile(rf"\b(?:{word}|{row})\b", re.IGNORECASE))
    for word, row in (
        (r"only|just|solely|exclusively", r"alone|no other|nobody else"),
        (r"if|unless|in case|provided that|whoever|anyone|those who|except|without|whether", r"who|where|when|(?:for|by) those"),
        (r"(?:done|ready|finished|true|enough) if", r"only if"),
        (r"when|whenever|once|while|during", r"if|as|after|until"),
        (
            r"until|till|by (?=\d|(?:the )?(?:end|noon|\w+day)\b|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)",
            r"to|before",
        ),
        (r"before|beforehand|prior", r"by|until|first|ahead|earlier"),
        (r"after", r"once|following|since|from|later|then|when"),
        (r"at least|no less than|minimum", r"or more|min|not under"),
        (r"at most|up to|no more than|maximum|at the latest|within", r"or less|max|by|until"),
        (r"more than|over|above|exceed\w*|longer than", r"more|longer|older"),
        (r"less than|below|fewer than|shorter than|under(?= \d)", r"under|less|fewer|younger"),
        (r"about|around|almost|nearly|roughly|approximately", r"some|circa"),
        (r"each|every|per|an? (?:day|night|week|month|year|hour|trip|person|head)|daily|weekly|monthly|yearly", r"annual\w*"),
        (r"must|shall|ha(?:s|ve|d) to|needs? to|required|obliged|compulsory|mandatory|obligatory", r"need|requires?|duty"),
        (r"may(?! \d)|can|could|might|allowed|permitted", r"possib\w+|able|right|free to"),
        (r"should|ought to|recommend\w*|advis\w+|suggest\w*|propos\w+", r"must|please|better|call|bring|ask"),
        (
            r"sa(?:ys?|id)|announced|claim(?:s|ed)|according|believes?|reported|expect\w*|hop(?:e|es|ed)|discussed|planned|wants?",
            r"told|to",
        ),
        (r"half|twice|double|third|quarter|dozen|couple|none|most|few|neither|percent", r"%|2|two|12|twelve"),
        (r"(?:decided|agreed|resolved|wants?|plans?) to", r"decided|decides|agreed|agrees|to|will"),
        (r"or", r"either|otherwise|/"),
        (r"free|pay nothing", r"no (?:fee|cost|charge)|nothing"),
    )
)
_ORDERED = re.compile(
    r"\d+(?:[.,:]\d+)*|\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|january|february|march|april|june|july|august|september|october|"
    r"november|december)s?\b",
    re.IGNORECASE,
)


def trimmed(text: str) -> str:
    """``text`` without the turns of phrase, asides and brackets that decide nothing; words are left out, none is changed."""
    kept = text
    if (
        (lead := _LEADS.match(kept))
        and not checks.numbers(lead[0])
        and not checks.negated(lead[0])
        and len(kept[lead.end() :].split()) >= 3
    ):
        kept = kept[lead.end() :][:1].upper() + kept[lead.end() + 1 :]
    for part in (_BRACKET, _ASIDE, _TAIL):
        kept = part.sub(lambda found: found[0] if weight(found[0]) > 0 else "", kept)
    return kept.strip()


async def shortened(texts: Sequence[str], ask: Ask) -> list[str]:
    """Each sentence shorter, in the same order; as it stands (trimmed) where it is short, not English, or the model says something else."""
    cut = [trimmed(text) for text in texts]
    long = [text for text in cut if len(text.split()) >= LONG]
    if not long or "en" not in spoken(" ".join(texts)):
        return cut
    said = by_number(await ask(SHOTS, quoted(numbered(long))))
    short = {text: said.get(number, "") for number, text in enumerate(long, 1)}
    return [short[text] if text in short and is_faithful(short[text], text) else text for text in cut]


def is_faithful(said: str, source: str) -> bool:
    """Whether ``said`` is shorter than ``source`` and a reader would act as on it: no number or name is added or gone, numbers and days
    stand in the same order, no "not" and no condition, limit, duty or permission is lost, and it keeps half of the words."""
    if not said or len(said) >= len(source) or checks.invented(said, source) or checks.lost(said, source) or checks.turned(said, source):
        return False
    if checks.names(source) - checks.names(f"x {said}") or _in_order(said) != _in_order(source):
        return False
    if len(checks.numbers(source)) > 1 and not _is_straight(said, source):  # 780 of what, 900 of what
        return False
    if any(word.search(source) and not row.search(said) for word, row in _BINDING):
        return False
    return checks.share(stems(said), stems(source)) >= _OWN and checks.share(stems(source), stems(said)) >= _KEPT


def _in_order(text: str) -> list[str]:
    return [found.lower().rstrip("s") for found in _ORDERED.findall(text)]


def _is_straight(said: str, source: str) -> bool:
    """Whether the words they share, of those that ``source`` has once, come in the same order."""
    theirs, ours = ([stem(word) for word in re.findall(r"\w+", text.lower())] for text in (source, said))
    shared = [word for word in ours if theirs.count(word) == 1 == ours.count(word)]
    return shared == sorted(shared, key=theirs.index)
