"""What a message asks for, decided by code from its words. Pure. English; anything else is treated as plain talk.

Only unmistakable forms count as an order to remember or forget: a wrong guess there would change what is kept.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class Want(StrEnum):
    REMEMBER = "remember"  # "remember that ...", "note: ..."
    FORGET = "forget"  # "forget that ..."
    YES = "yes"
    NO = "no"
    ABOUT_ME = "about me"  # "what do you know about me?"
    WHY = "why"  # "why do you know that?"
    QUESTION = "question"
    REQUEST = "request"  # "write ...", "suggest ...": help, ideas
    SMALL_TALK = "small talk"
    STATEMENT = "statement"


@dataclass(frozen=True, slots=True)
class Intent:
    """What is wanted, and of what: the thing to remember, the words that say what to forget or explain."""

    want: Want
    about: str = ""


_POLITE = (
    r"(?:(?:please|ok(?:ay)?|hey|hi|hello|well|so|and|could you|can you|would you|will you|i(?: would|['’]d) like you to|i "
    r"want you to)[\s,]+)*"
)
_REMEMBER = re.compile(
    rf"^\s*{_POLITE}(?:(?:remember|don['’]?t forget|do not forget|keep in mind|make a note|take (?:a )?note|note down|write "
    rf"down|never forget)"
    r"(?:\s+(?:that|of this|this)(?:\s+for me)?\b)?\s*[:,-]?\s+|(?:note|note to self|memo|remember)\s*:\s*)(?P<what>\S.*)$",
    re.IGNORECASE | re.DOTALL,
)
_NOT_TO_KEEP = re.compile(r"^(?:me\b|when\b|how\b|what\b|where\b|who\b|the time\b|to\b(?=.*\?))", re.IGNORECASE)
_FORGET = re.compile(
    rf"^\s*{_POLITE}(?:forget|delete|erase|remove|wipe|unlearn|scrap)\s+(?P<what>(?:that|about|what (?:i|you)|everything"
    rf"|anything|all|the|my|this|i\d+|f\d+|note|it\b|[A-Z\"“]).*)$",
    re.IGNORECASE | re.DOTALL,
)
_FORGET_LEAD = re.compile(
    r"^(?:(?:everything|anything|all|what)?\s*(?:that\s+)?(?:i|you|we)?\s*(?:ever\s+)?(?:said|told you|know|remember|wrote"
    r"|have|mentioned)?\s*(?:about|on|of)\s+"
    r"|that\s+|about\s+|the\s+(?:fact|note|thing|bit|part)\s+(?:that\s+|about\s+|of\s+)?)",
    re.IGNORECASE,
)
_YES = re.compile(
    r"^\s*(?:yes|yep|yeah|yup|sure|ok(?:ay)?|do it|go ahead|confirm(?:ed)?|please do|yes,? please|forget (?:it|them)"
    r"|y)\b[\s.!]*(?:please|do it|forget (?:it|them|that))?[\s.!]*$",
    re.IGNORECASE,
)
_NO = re.compile(r"^\s*(?:no|nope|nah|cancel|stop|don['’]?t|keep (?:it|them)|n)\b.{0,30}$", re.IGNORECASE)
_ABOUT_ME = re.compile(
    r"\b(?:what|tell me (?:what|everything)|everything|all)\b.{0,20}\byou\b.{0,12}\b(?:know|remember|learn(?:ed|t)|keep"
    r"|stored?)\b.{0,12}\b(?:about|of|on)\s+(?P<who>me|myself|[A-Z]\w+)\b"
    r"|^\s*(?:who am i|what do you (?:know|remember))\s*\??\s*$",
    re.IGNORECASE,
)
_WHY = re.compile(
    r"\b(?:why|how) (?:do|did|would|come) you (?:know|think|say|believe|remember)\b\s*(?:that\b|this\b|about\b|it\b"
    r"|so\b)?(?P<what>.*)|\bwho (?:told you|said)\b(?:\s+(?:that|about|this|it)\b)?(?P<told>.*)"
    r"|\b(?:where|how) (?:do|did) you (?:get|have|learn|hear) (?:that|this|it)\b(?P<from>.*)|\bhow come you know\b(?P<come>.*)",
    re.IGNORECASE,
)
_SMALL_TALK = re.compile(
    r"^\s*(?:(?:hi|hello|hey|hiya|yo|good (?:morning|afternoon|evening|night)|thanks?(?: you)?|thank you|cheers|bye|goodbye"
    r"|see you|ok(?:ay)?|great|nice|cool|lovely|"
    r"wow|haha\w*|lol|how are you|how['’]?s it going|what['’]?s up|you['’]?re welcome|good|perfect|sweet|awesome|got it|i "
    r"see|hmm+|sorry|no worries)\b[\s,!.?]*"
    r"(?:there|you|everyone|ownmind|so much|a lot|very much|again|today|doing|later|soon|that['’]?s (?:great|good|nice"
    r"|lovely|helpful|all))?[\s,!.?]*)+$",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"^\s*(?:and |but |so |ok(?:ay)?,? |hey,? |well,? )*(?:who|whom|whose|what|when|where|which|why|how|is|are|am|was|were"
    r"|do|does|did|can|could|should|shall|will|would|have|has|had|may|might|any|anything|"
    r"isn['’]t|aren['’]t|don['’]t you|didn['’]t|what['’]?s|who['’]?s|where['’]?s|when['’]?s|how['’]?s|tell me|remind me "
    r"(?:what|who|when|where|which|how|of)|do you)\b",
    re.IGNORECASE,
)
# "Tell me about my trip" asks memory; "tell me about how I can cook rice" and "tell me about Rome" do not.
_TELLS_OF_ME = re.compile(
    r"^\s*(?:please\s+|can you\s+|could you\s+|would you\s+)*tell me (?:more |something |anything )?about\b(?!\s+(?:how|ways?)\b)"
    r".*\b(?:my|mine|i|we|our)\b(?!\s+(?:can|could|should|might)\b)",
    re.IGNORECASE,
)
_REQUESTS = re.compile(
    r"^\s*(?:please\s+|can you\s+|could you\s+|would you\s+|let['’]?s\s+)*(?:help|write|draft|suggest|recommend|give|make"
    r"|explain|describe|translate|summari[sz]e|list|plan|compare|tell me (?:a|about|more|something)|"
    r"recite|sing|create|show|brainstorm|name|rewrite|rephrase|correct|fix|convert|calculate|compute|define|imagine|teach"
    r"|continue|go on|think|read|remind|call|send|book|order|set|schedule|email|text)\b",
    re.IGNORECASE,
)


def intent(text: str) -> Intent:
    """What the message wants. Never raises, whatever the text."""
    said = text.strip()[:2000]
    if not has_words(said):
        return Intent(Want.SMALL_TALK)
    if _YES.match(said):
        return Intent(Want.YES)
    if _NO.match(said):
        return Intent(Want.NO)
    if _SMALL_TALK.match(said):
        return Intent(Want.SMALL_TALK)
    kept = _REMEMBER.match(said)
    if kept and not said.endswith("?") and not _NOT_TO_KEEP.match(kept["what"]):
        return Intent(Want.REMEMBER, kept["what"].strip())
    gone = _FORGET.match(said)
    if gone and not re.match(r"(?:it|that|this|about it)[\s.!]*$", gone["what"], re.IGNORECASE) and not said.endswith("?"):
        return Intent(Want.FORGET, _forgettable(gone["what"]))
    if gone and re.match(r"(?:it|that|this|about it)[\s.!]*$", gone["what"], re.IGNORECASE):
        return Intent(Want.FORGET, "")
    me = _ABOUT_ME.search(said)
    if me:
        return Intent(Want.ABOUT_ME, "you" if (me["who"] or "me").lower() in ("me", "myself") else me["who"])
    why = _WHY.search(said)
    if why and (said.endswith("?") or said.lower().startswith(("why", "how", "who", "where"))):
        return Intent(Want.WHY, next((part.strip(" ?.,") for part in why.groups() if part), ""))
    if _TELLS_OF_ME.match(said):
        return Intent(Want.QUESTION)
    if _REQUESTS.match(said) and not re.match(r"\s*name\s+(?:is|of)", said, re.IGNORECASE):
        return Intent(Want.REQUEST)
    if said.endswith("?") or _ASKS.match(said):
        return Intent(Want.QUESTION)
    return Intent(Want.STATEMENT)


def has_words(text: str) -> bool:
    """Whether there is a letter or a digit in the text, and not only a mark or a face."""
    return bool(re.search(r"\w", text))


def asks(text: str) -> bool:
    """Whether the text only asks: every sentence of it is a question. Such a text is no evidence of anything."""
    sentences = [one for one in re.split(r"(?<=[.!?])\s+", text.strip()) if re.search(r"\w", one)]
    return bool(sentences) and all(one.rstrip().endswith("?") or (len(sentences) == 1 and intent(one).want in _ASKING) for one in sentences)


_ASKING = (Want.QUESTION, Want.ABOUT_ME, Want.WHY, Want.FORGET, Want.YES, Want.NO, Want.SMALL_TALK, Want.REQUEST)
_FIRST = re.compile(r"\b(?:i|me|my|mine|myself|we|us|our|ours|i['’](?:m|ve|d|ll)|we['’](?:re|ve|d|ll))\b", re.IGNORECASE)
_OF_MINE = "say|tell|promise|mention|buy|leave|put|park|owe|have|like|work|live|know|need to|forget|miss"
_HABIT = "eat|drink|play|take|wear|drive|pay|run|earn|weigh|teach|speak|prefer|own|sing|keep|want to|usually|normally|always|still|ever"
_SERVICE = re.compile(
    r"^\s*(?:(?:please|can you|could you|would you|will you)\s+)*(?:help|tell|give|show|teach|explain(?: to)?|write|remind"
    r"|let|make|find|read)\s+(?:me|us)\b"
    rf"|\b(?:can|could|should|shall|would|may|must) (?:i|we|you)\b(?!\s+(?:{_OF_MINE}))"
    rf"|(?:\bhow )?\bdo (?:i|we|you)\b(?!\s+(?:{_OF_MINE}|{_HABIT}))|\bhow do (?:i|we)\b|\b(?:explain|describe|show|tell|recommend|suggest"
    r"|translate)\b.{0,60}\b(?:to|for) (?:me|us)\b|\bdid you know\b|\blet us\b|\bexplain to me\b",
    re.IGNORECASE,
)


def is_personal(question: str, *, names: frozenset[str] = frozenset()) -> bool:
    """Whether only memory can answer: it asks about the person, or about somebody memory knows by one of ``names`` (lower case)."""
    stripped = _SERVICE.sub(" ", question)
    if _FIRST.search(stripped):
        return True
    return any(
        word[:1].isupper() and word.lower().removesuffix("'s").removesuffix("’s") in names
        for word in re.findall(r"[^\W\d_][\w'’]+", question)
    )


def _forgettable(what: str) -> str:
    words = _FORGET_LEAD.sub("", what.strip().rstrip(".!"))
    return words.strip(" \"“”'") or what.strip()
