"""Whether the brain speaks as if it were the person: "I am allergic to peanuts", to somebody who just said so of themselves.

A small model slips into the voice it has just read, and once it has, its own words in the talk so far make it do so again. What it may
say of itself is small: it is sorry, it hopes, it will keep that. Anything else in the first person that shares a word of substance with
what the person said, or what is noted of them, is their life told as its own. So is a sentence of theirs given back unchanged.
Words in quotation marks are spared: a letter is written in the person's voice; so is what was asked to be worded (`words_asked`).
"""

from __future__ import annotations

import re

from .cite import stems

# What the brain may say of itself after "I".
_OWN = re.compile(
    r"""^(?:
      (?:am|'m|was) \s+ (?:(?:so|very|really|truly|always|just|only|still|also|not) \s+)* (?:sorry|glad|happy|pleased|delighted|afraid|sure
        |certain|here|ready|able|unable|your|listening|aware|excited|proud|curious|thrilled|touched|honou?red|grateful
        |an? \s+ (?:companion|program|assistant|ai))
      |'ll|'d|will|would|wouldn't|can|can't|cannot|could|couldn't|won't|may|might|should|shall|must
      |(?:do|don't|do\ not) \s+ (?:know|have|see|find|think|remember)
      |(?:(?:do|don't|did|didn't|also|still|really|just|only|always) \s+)* (?:know|knew|hope|think|believe|understand|see|hear|wonder
        |remember|recall|keep|kept|noted?|mean|guess|suppose|imagine|promise|recommend|suggest|appreciate|admire|apologi[sz]e|find|found|learnt|learned
        |agree|wish\ you|said|told|mentioned|suggested|recommended|advised|wrote|heard|saw|looked|searched|meant|thought|asked|answered
        |explained|promised|checked|read\s+(?:the|that|this|it|in|on|through|what))
      |(?:'ve|have) \s+ (?:noted|kept|got|remembered|heard|learnt|learned|written|put|nothing|no)
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)
_FIRST = re.compile(
    r"""\b(?: I (?P<verb>(?:'\w+)? (?:\s+[^.!?;,]*)?)
      | (?:my|our) \s+ [^.!?;,]*
      | we (?:'re|'ve|\s+(?:are|have|had|live|went|got)) [^.!?;,]* )""",
    re.VERBOSE,
)
_QUOTED = re.compile(r"[\"“«„][^\"”»“]*[\"”»“]|(?m:^\s*>.*$)")
_WORDING = re.compile(
    r"\b(?:writ\w*|word(?:ed|ing|s)?|draft\w*|letter|poem|songs?|story|speech|e-?mail|message|note to|card|caption|translat\w*|rephras\w*"
    r"|say in|how (?:do|would|can|should) (?:i|you) say|pretend|role|introduc\w*|announce\w*|repeat|sentence|spell|read (?:it )?back)\b",
    re.IGNORECASE,
)
_YOURS = re.compile(r"\byou(?:rs?|rself|'\w+)?\b", re.IGNORECASE)  # "I made a plan for your trip": whoever says so tells the two apart
_LEAST = 3  # words from which a sentence given back is no greeting


def is_borrowed(sentence: str, told: str, message: str) -> bool:
    """Whether ``sentence`` of a reply tells as the brain's own what ``told`` (the message, and the notes) says of the person, or gives the
    ``message`` back as it was."""
    said = _QUOTED.sub(" ", sentence.replace("’", "'"))
    if _echoes(said, message):
        return True
    theirs = stems(told.replace("’", "'"))
    for match in _FIRST.finditer(said):
        claim = (match["verb"] or "").strip()
        if (match["verb"] is not None and (not claim or _OWN.match(claim))) or "ownmind" in match[0].lower() or _YOURS.search(match[0]):
            continue
        if stems(match[0]) & theirs:
            return True
    return False


def words_asked(message: str) -> bool:
    """Whether the message asks for something to be worded, which is then rightly in the person's voice."""
    return bool(_WORDING.search(message))


def _echoes(said: str, message: str) -> bool:
    words = _folded(said)
    return len(words.split()) >= _LEAST and words in {_folded(one) for one in [message, *re.split(r"(?<=[.!?])\s+", message)]}


def _folded(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))
