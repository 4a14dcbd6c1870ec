"""Where facts may stand: sentences that simply state something, cut into clauses.

A wrong memory card is worse than none. So what asks, supposes, wishes, jokes, sings, quotes or tells a story is set aside before any
rule looks at it, and one frame ("in my novel", "just kidding") sets the whole message aside. English.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ...messages import Span

FULL_STOP = "\u2024"  # stands for the dot of "Dr." while sentences are cut; as long as the dot, so that places stay true


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of the item's text and where it begins there. ``subject`` is "I" when an earlier clause of the sentence said it."""

    text: str
    start: int
    subject: str = ""
    opening: bool = False  # among the first words of the item
    lead: int = -1  # where its opening words of time begin ("Since 2019 I live ..."); -1: it has none

    @property
    def end(self) -> int:
        return self.start + len(self.text)


def is_made_up(text: str) -> bool:
    """Whether the whole message is a story, a part to play, a song or a joke."""
    if _MADE_UP.search(text):
        return True
    first = next(iter(_SENTENCE.findall(text)), "")
    return bool(_FRAME.search(first))


def sentences(text: str) -> Iterator[Stretch]:
    """Each sentence; what stands in quotation marks is blanked out, so that nothing is learnt from it."""
    text = _QUOTED.sub(lambda match: " " * len(match.group(0)), text)
    text = _ABBREVIATION.sub(lambda match: f"{match[0][:-1]}{FULL_STOP}", text)
    for match in _SENTENCE.finditer(text):
        piece = match.group(0)
        lead = len(piece) - len(piece.lstrip())
        if piece.strip():
            yield Stretch(piece.strip(), match.start() + lead, opening=not text[: match.start()].strip())


def is_stated(sentence: str) -> bool:
    """Whether the sentence simply states: no question, wish, hypothetical, joke or report of what others say."""
    return not _VETO.search(sentence) and not _FRAME.search(sentence)


def is_serious(sentence: str) -> bool:
    """Whether a sentence, question or not, speaks of the real world: "my sister Ana" in it says who Ana is."""
    return not _UNREAL.search(sentence) and not _FRAME.search(sentence)


def is_plain_statement(text: str, span: Span) -> bool:
    """Whether the sentence around ``span`` simply states: no question, wish, hypothetical, joke or quoted speech."""
    if _QUOTED.search(text, span.start, span.end) or is_made_up(text):
        return False
    around = next((one for one in sentences(text) if one.start <= span.start < one.end), None)
    return around is not None and span.end <= around.end and is_stated(around.text)


def clauses(sentence: Stretch) -> list[Stretch]:
    """The sentence cut where a new statement begins; "I" carries over to a clause that lacks a subject ("I'm Ana, vegetarian")."""
    starts, ends = [0], []
    for joint in _JOINT.finditer(sentence.text):
        if joint.end() > starts[-1] and _BEGINS.match(sentence.text, joint.end()):
            ends.append(joint.start())
            starts.append(joint.end())
    ends.append(len(sentence.text.rstrip(" .!;,")))
    found, subject = [], ""
    for number, (start, end) in enumerate(zip(starts, ends, strict=True)):
        text = sentence.text[start : max(start, end)]
        offset = 0
        if number == 0:
            greeting = _GREETING.match(text)
            offset = greeting.end() if greeting else 0
        lead = _LEAD.match(text, offset)
        after = lead.end() if lead else offset
        found.append(
            Stretch(text[after:], sentence.start + start + after, subject, sentence.opening and number <= 1,
                    sentence.start + start + offset if lead else -1)
        )  # fmt: skip
        if re.match(r"I['’]?m\b|I am\b", text[after:], re.IGNORECASE):
            subject = "I"
        elif text:
            subject = subject if not re.match(r"(?:my|our|we|I)\b", text[after:], re.IGNORECASE) else ""
    return found


STATE = (
    r"(?:an?\s+)?(?:strict\s+|lifelong\s+|total\s+|committed\s+)?(?:veg[ei]t[ea]r[ai]{1,2}n|vegatarian|vegan|pescatarian|pescetarian"
    r"|teetotal"
    r"|diabetic|coeliac|celiac|asthmatic|lactose[- ]intolerant|gluten[- ]intolerant|colou?r[- ]?blind|left[- ]handed)"
)
_QUOTED = re.compile(r"[\"“«][^\"”»]{0,300}[\"”»]|(?<!\w)['‘][^'’\n]{3,300}['’](?!\w)|(?<!\w)\*[^*\n]{3,300}\*(?!\w)")
_ABBREVIATION = re.compile(r"\b(?:Dr|Mr|Mrs|Ms|St|Prof|Jr|Sr|Mt)\.(?=\s)|(?<=\s[A-Z])\.(?=\s[A-Z])")
_SENTENCE = re.compile(r"[^.!?\n]+(?:\.(?=\w)[^.!?\n]*)*[.!?]*")
_MADE_UP = re.compile(
    r"[♪♫🎵🎶]|\b(?:just\s+|only\s+)?(?:kidding|joking)\b|\bapril fools?\b|(?:^|\s)/s\b|\bjk\b|\brole[- ]?play|\bonce upon a time\b"
    r"|\blyrics\b"
    r"|\bdear diary\b|\bfan ?fiction\b|\bwrite (?:me |us )?(?:an?|the) (?:\w+ )?(?:story|poem|song|letter|speech|scene|bio|novel|joke"
    r"|essay)\b",
    re.IGNORECASE,
)
_FRAME = re.compile(
    r"\blet['’]?s (?:say|play|pretend|imagine|assume)\b|\bin (?:my|this|that|the|a) (?:\w+ )?(?:novel|story|book|film|movie|scene"
    r"|scenario|game|"
    r"dream|poem|song|simulation|role|skit|sketch|chapter)\b|\bmy character\b|\bsong goes\b|^singing\b|\bthis line\b|\bthat line\b"
    r"|^(?:you are|you['’]re|act as|be|play) an? \w|\bas the saying goes\b|\bsign (?:reads|says)\b|\bthe narrator\b|\bprotagonist\b",
    re.IGNORECASE,
)
_UNREAL = re.compile(
    r"\b(wish|imagine|imagining|suppose|supposing|pretend(?:ing)?|dream(?:t|ed|ing)?|jok(?:e|es|ing)|kidding|lol|lmao|haha\w*"
    r"|hypothetical\w*)\b"
    r"|[😂🤣😜😉]",
    re.IGNORECASE,
)
_VETO = re.compile(
    r"\?\W*$|(?<!in )(?<!of )(?<!since )(?<!until )(?<!last )(?<!next )\b(?-i:may)\b(?!\s+\d)|\b(if|unless|would|['’]d\s+(?:be|have|love"
    r"|like|rather|prefer)|wish|might|maybe|perhaps|probably|could|imagine"
    r"|imagining|suppose|supposing|pretend(?:ing)?|"
    r"hope|hopes|hoping|dream(?:t|ed|ing)?|jok(?:e|es|ing)|kidding|jk|lol|lmao|lmfao|rofl|haha\w*|hehe\w*|as though|as if|thinking "
    r"(?:about|of)"
    r"|considering|almost|nearly|practically|basically|"
    r"claims?|claimed|says?|said|told|thinks?|thought|believes?|believed|asked|heard|wrote|writes|reads|according to|not (?:sure|really)|"
    r"apparently|supposedly|allegedly|for example|e\.g\.|sarcasm|hopefully|one day|someday|some day|in another life|in theory|"
    r"yeah,? right|oh (?:great|yes|sure|yeah|joy|yay)|wow|right|didn['’]?t you know)\b(?!\s+(?:\d|now\b|hand|next|away))"
    r"|[😂🤣😜😉🙄🙃]|\bsure,"
    r"|[:;]-?[DPp)]\B",
    re.IGNORECASE,
)
# A clause begins at the start, or after a joint when what follows is itself the beginning of a statement.
_JOINT = re.compile(
    r"\s*(?:(?:[,;–—]|:(?!\d))\s*|\s-\s*)(?:and\s+|but\s+|so\s+|also\s+|now\s+)*|\s(?:and|but|so)\s+(?:also\s+|now\s+)?", re.IGNORECASE
)
_BEGINS = re.compile(
    rf"(?:I\s|I['’]|im\s|ive\s|my\s|our\s|we\s|we['’]|he\s|she\s|it\s|they\s|(?:it|he|she|that|there)['’]s\s|this\s+is\s|please\b"
    rf"|always\b|never\b"
    rf"|from now on\b|call me\b|{STATE}\b|allergic to\b|training for\b|learning\b|\d\d?\s*(?:,|$)|from\s+(?-i:[A-Z])|(?:joined|quit"
    rf"|left)\s|"
    r"saving (?:up )?for\b|living in\b|working (?:as|at|for)\b|(?:lives?|works?)\s+(?:in|as|at|for)\s|(?-i:[^\W\d_a-z])[\w'’-]+\s+(?:is"
    r"|lives|works|likes|loves|hates|and I)\b"
    r"|(?-i:[^\W\d_a-z])[\w-]+['’]s\s+(?:b\w+day|name|number|phone|e-?mail|address|favou?rite|husband|wife|boss)\b)",
    re.IGNORECASE,
)
_GREETING = re.compile(
    r"(?:(?:hi|hello|hey|good (?:morning|evening|afternoon)|well|ok|okay|so|also|by the way|btw|and|but|anyway|oh|yes|yeah|no|actually|"
    r"honestly|sadly|luckily|fortunately|unfortunately|fun fact|fyi|just so you know|as you know|you know|remember(?: that)?|"
    r"please remember(?: that)?|don['’]?t forget(?: that)?|note(?: to self)?|thanks|thank you|sorry|of course|in fact|"
    r"I (?:just )?(?:wanted|want) (?:you )?to (?:tell you|say|know)(?: that)?)"
    r"\b[\s,!:.]*(?:there\b[\s,!:]*)?(?:that\s+)?)+",
    re.IGNORECASE,
)
_LEAD = re.compile(
    r"(?:(?:since|until|till|from|in|on|as of|starting|last|next|this|yesterday|today|tomorrow|back in|for|right now|at the moment"
    r"|currently|nowadays"
    r"|these days|now|recently|lately|after|before|two|three|four|five|six|seven|eight|nine|ten|an?|\d+)\b[^,.;:!?]{0,34}?,?\s+)"
    r"(?=(?:I|I['’]m|im|I['’]ve|we|we['’]re|we['’]ve|my|our)\s)",
    re.IGNORECASE,
)
