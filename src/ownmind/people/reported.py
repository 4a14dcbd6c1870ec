"""What somebody says that another one promised them: "Tom said he'd send me the contract". English."""

# a pattern reads best on one line

from __future__ import annotations

import re
from collections.abc import Iterator

from ..memory.rules.wording import FAMILY, RELATION
from .deeds import is_done_for_others
from .receivers import called, earlier
from .vows import OVER

TOLD = re.compile(r"\b(?:said|says|told|promised|promises|agreed|assured|swore|vowed|undertook|guaranteed|wrote)\b", re.IGNORECASE)
_WHO = (
    rf"(?P<who>(?:my|our)\s+(?:\w+\s+)?{RELATION}|{FAMILY}|the\s+[a-z]+|(?:Dr|Mr|Mrs|Ms|Prof)[.\u2024]?\s(?-i:[A-ZÀ-Þ])[\w’-]+"
    rf"|(?-i:[A-ZÀ-Þ])[\w’-]+(?:\s(?-i:[A-ZÀ-Þ])[\w’-]+)?|(?:he|she|they)(?=\s))"
)
_HAS = r"(?:['’]s|\s+has|\s+have|\s+had)?\s+(?:also\s+|just\s+|already\s+|kindly\s+)?"
_HE = r"(?:(?:he|she|they)(?:['’]?d|\s+would|['’]?ll|\s+will|['’]s going to|\s+(?:is|are|was) going to))"
_SAYS = re.compile(
    rf"\b{_WHO}{_HAS}(?P<how>said|says|told\s+(?:me|us)|wrote|agreed|assured\s+(?:me|us)|promised|promises|swore|vowed|guaranteed)(?:\s+(?P<me>me|us))?,?\s+"
    rf"(?:that\s+)?(?:{_HE}\s+(?:definitely\s+|also\s+|then\s+)?|to\s+)(?P<what>(?P<verb>[a-z]+)\b.*)",
    re.IGNORECASE,
)
_GAVE = re.compile(rf"\b{_WHO}{_HAS}(?P<how>promised)\s+(?P<me>me|us)\s+(?P<what>(?P<verb>an?|the|some|my|our|\d+)\s.*)", re.IGNORECASE)
_OTHERS = re.compile(r"\w+(?:\s+(?:up|back|for|to|after))?\s+(?:his|her|their)\s+(?!own\b)", re.IGNORECASE)
_NOBODY = re.compile(
    r"the\s+(?:advert|ad|app|website|weather|forecast|news|paper|film|book|article|government|sign|label|radio|minister|president)$",
    re.IGNORECASE,
)


def told(sentence: str, before: str) -> Iterator[tuple[str, re.Match[str]]]:
    """Who promised the speaker something, and the match whose group ``what`` says what. ``before``: what was said before, where "she"
    has her name."""
    for pattern in (_SAYS, _GAVE):
        for match in pattern.finditer(sentence):
            by = _named(match["who"], before)
            if by and not OVER.search(sentence, match.start("what")) and _is_for_me(match):
                yield by, match


def _named(who: str, before: str) -> str:
    if re.match(r"(?:he|she|they)$", who, re.IGNORECASE):
        return earlier(before)
    if re.match(r"the\s", who, re.IGNORECASE):
        return "" if _NOBODY.match(who) else who.lower()
    return called(who)


_PROMISED = re.compile(r"promise|assured|swore|vowed|guaranteed|agreed", re.IGNORECASE)
_ME = re.compile(r"\b(?:me|us|my|our)\b", re.IGNORECASE)


def _is_for_me(match: re.Match[str]) -> bool:
    """Whether it is promised to the speaker, and not told of somebody's life: "he'd call his mother" is their own affair."""
    what = match["what"]
    if _ME.search(what) or match["me"]:
        return True
    if _OTHERS.match(what) or re.match(r"(?:be|have|go|live|work|move|come)\b", what, re.IGNORECASE):
        return False
    return bool(_PROMISED.search(match["how"])) or (match["how"].lower().startswith("told") and is_done_for_others(what))
