"""What one asks of another in a text, and whether an answer takes it on: "Can you send it?" "Sure, tomorrow". Pure, by rule, English."""

# ruff: noqa: E501  # a pattern reads best on one line

from __future__ import annotations

import re
from dataclasses import dataclass

from ..memory.rules.sentences import Stretch, sentences


@dataclass(frozen=True, slots=True)
class Request:
    """``what`` is asked to be done ("send me the photos"), in the words of ``sentence``."""

    what: str
    sentence: Stretch
    start: int  # where ``what`` stands in the text


def requests(text: str) -> list[Request]:
    """What ``text`` asks its reader to do, in its order."""
    if not _QUICK.search(text):
        return []
    found = []
    for sentence in sentences(unwrapped(text)):
        match = _ASKS.search(sentence.text)
        if match and not _IDLE.match(match["what"]) and not _FORBIDS.search(sentence.text[: match.start("what")]):
            found.append(Request(match["what"].rstrip(" .?!"), sentence, sentence.start + match.start("what")))
    return found


def asks(text: str) -> str:
    """The sentence of ``text`` that wants an answer, as it stands there: the last question or request; "" when none does."""
    wanted = ""
    if "?" not in text and not _QUICK.search(text):
        return wanted
    for sentence in sentences(unwrapped(text)):
        is_question = sentence.text.endswith("?") and not _RHETORICAL.search(sentence.text)
        match = _ASKS.search(sentence.text)
        if is_question or (match and not _IDLE.match(match["what"]) and not _COURTESY.search(sentence.text)):
            wanted = text[sentence.start : sentence.end]
    return wanted


def accepts(text: str) -> Stretch | None:
    """The sentence with which ``text`` says yes to what was asked; None when it does not, or takes it back in the next breath."""
    spoken = unwrapped(text)
    if _REFUSES.search(spoken):
        return None
    for number, sentence in enumerate(sentences(spoken)):
        if _ACCEPTS.match(sentence.text) and not sentence.text.endswith("?"):
            return sentence
        if number >= 2:  # a greeting may stand before it, not a story
            return None
    return None


def unwrapped(text: str) -> str:
    """``text`` with the line ends of wrapped paragraphs turned to blanks and quoted lines blanked; every place stays where it was."""
    text = _QUOTED.sub(lambda match: " " * len(match.group()), text)
    return _WRAPPED.sub(" ", text)


_QUOTED = re.compile(r"^>.*$", re.MULTILINE)
_WRAPPED = re.compile(r"(?<=[^\n]{44}[^\n.!?:])\n(?=[a-z0-9(])")
_QUICK = re.compile(r"\b(?:you|u|please|pls|plz|remember|forget|mind|kindly)\b", re.IGNORECASE)
_ADVERB = r"(?:please|pls|plz|possibly|maybe|perhaps|also|just|quickly|kindly|at least|then|still)"
_ASKS = re.compile(
    rf"\b(?:(?:can|could|would|will|can['’]t|couldn['’]t)\s+(?:you|u|ya|one of you|somebody|someone)(?:\s+{_ADVERB})*"
    r"|(?:would|do)\s+(?:you|u)\s+mind|(?:any|is there (?:any|a))\s+chance\s+(?:that\s+)?(?:you|u)\s+(?:can|could|would)"
    r"|(?:do|would) (?:you|u) (?:think )?(?:you|u) (?:can|could|would)|do (?:you|u) think (?:you|u) (?:can|could)"
    r"|(?:I|we)\s+need\s+(?:you|u)\s+to|(?:I|we)['’]d\s+(?:like|love)\s+(?:you|u)\s+to|would (?:you|u) be (?:able|willing|so kind as) to"
    r"|are (?:you|u) able to|would it be possible for (?:you|u) to|is it possible for (?:you|u) to|don['’]?t\s+forget\s+to|(?:please\s+)?remember\s+to"
    r"|(?:^|[.,;:]\s+|\band\s+)(?:please|pls|plz|kindly))\s+(?P<what>(?!be\b)[a-z].*)",
    re.IGNORECASE,
)
_IDLE = re.compile(
    r"(?:believe|imagine|see|hear|tell|swim|ski|cook|sing|speak|read|like|prefer|know|understand|find"
    r"|note|accept|excuse|forgive|do not|don['’]t|feel free|contact|visit|click|unsubscribe|reply to this)\b(?!\s+(?:my|our)\b)(?!(?<=find)\s+(?:out|me)\b)",
    re.IGNORECASE,
)
_FORBIDS = re.compile(r"\b(?:please|pls)\s+(?:do not|don['’]?t)\b(?!\s+forget)", re.IGNORECASE)
_COURTESY = re.compile(r"\b(?:let me know if you|don['’]t hesitate|feel free|do not reply|please find|see attached)\b", re.IGNORECASE)
_RHETORICAL = re.compile(
    r"^(?:(?:really|what|huh|eh|right|no|wow|oh|how are you|how['’]?s it going|you ok|all good|guess what|you know what|who knows|why not"
    r"|can you believe (?:it|this|that))\W*)\?$",
    re.IGNORECASE,
)
_ACCEPTS = re.compile(
    r"(?:(?:hi|hello|hey|dear|good (?:morning|afternoon|evening))\b[^,!.]{0,30}[,!]\s*)?(?:oh|ah|well|hmm+|sorry|thanks)?[,!]?\s*(?:"
    r"yes|yep|yup|yeah|ye|ya|sure|of course|ofc|course|okay|ok|okey|k|kk|absolutely|certainly|gladly|definitely|will do|no prob(?:lem)?"
    r"|np|no worries|nw|consider it done|on it|happy to|glad to|with pleasure|my pleasure|can do|got it|that works|works for me|deal"
    r"|alright|all right|right away|done deal|(?:I|we)(?:['’]?ll| will| can| shall)(?:\s+(?:definitely|gladly))?\s*(?:[.!,]|$|(?:do|manage) (?:it|that|so))"
    r"|(?:I|we) (?:can|will|could) do (?:that|it)|it['’]s on my list|leave it (?:with|to) me|by all means"
    r")\b",
    re.IGNORECASE,
)
_REFUSES = re.compile(
    r"\b(?:but|sorry,? (?:I|no)|can['’]?t|cannot|couldn['’]t|won['’]t be|not (?:sure|today|possible|really)|maybe|perhaps|might|unless|if"
    r"|I['’]d (?:love|like|have) to|I wish|unfortunately|afraid|need to (?:check|ask|see)|have to (?:check|ask|look|see)|no,|nope|let me check)\b"
    r"(?! (?:problem|worries))",
    re.IGNORECASE,
)
