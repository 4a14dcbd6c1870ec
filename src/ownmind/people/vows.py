"""The forms in which somebody says that they will do something, and what makes them no promise: the grammar of `promises`. English."""

# ruff: noqa: E501  # a pattern reads best on one line

from __future__ import annotations

import re

from ..memory.rules.wording import FAMILY, RELATION
from .deeds import is_done_for_others

# Who
_WE = r"(?:\b(?:I|we)(?:['’]ll|\s+will|\s+shall)|(?<![\w'’])(?:(?-i:I|i)ll|\bI\s+wil)(?=\s))"
_ADVERB = (
    r"(?:(?:definit\w*|certainly|surely|def|gladly|happily|personally|also|just|then|first|quickly|still|both|all|now|(?!(?:reply|apply|supply|comply|rely|fly|multiply)\b)\w+ly|\w+ley|"
    r"of course|be sure to|make sure to|at least|get (?:this|that) (?:done|sorted) and)\s+)*"
)

_WHAT = r"(?P<what>(?P<verb>[a-z]+)\b.*)"

_OATH = (
    r"(?:\b(?:I|we)\s+(?:hereby\s+)?(?:promise|swear|vow|guarantee|undertake|pledge|commit(?:\s+myself)?)(?:\s+(?:you|u))?"
    r"|\b(?:I|we)\s+(?:can\s+)?(?:give\s+you|you\s+have)\s+my\s+word|\byou\s+have\s+my\s+word|\bI\s+(?:can\s+)?(?:confirm|assure you)"
    r"|\b(?:swear|promise))"
)

# To whom something was promised, when it is told to somebody else
WHOM = (
    rf"(?:(?:my|our)\s+(?:\w+\s+)?{RELATION}|{FAMILY}|(?-i:[A-ZÀ-Þ])[\w'’-]+(?:\s(?-i:[A-ZÀ-Þ])[\w'’-]+)?"
    rf"|(?:Dr|Mr|Mrs|Ms|Prof)[.\u2024]?\s(?-i:[A-ZÀ-Þ])[\w'’-]+|the\s+(?:kids|children|boys|girls|team|landlord|landlady|neighbou?rs?|teacher|doctor|garage|bank|school|others))"
)
_I = r"(?:\b(?:I|we)(?:['’]ve|\s+have|['’]d|\s+had)?\s+|^|(?<=[,:;]\s))(?:also\s+|just\s+|already\s+)?"
_TOLD = rf"{_I}(?P<telling>promised|told|assured|swore\s+to|(?:gave|given)(?=.*\bword\b))\s+(?:my\s+word\s+to\s+)?(?P<whom>{WHOM}|him|her|them)(?:\s+my\s+word)?"
_SAID = rf"(?:{_TOLD}|{_I}(?P<alone>said|agreed|offered|swore)(?:\s+(?:to|with)\s+(?P<whom2>{WHOM}))?)"
_ID = r"(?:I|we)(?:['’]?d|\s+would|['’]ll|\s+will)\s+(?!had|been|gone|got|done|seen|made|lost|left|never|rather|better|like|love|prefer|have\s+(?:been|to)|\w+ed\b)"

VOWS: tuple[re.Pattern[str], ...] = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # I promise I'll ..., I swear to ..., I commit to sending ...
        rf"(?P<sworn>{_OATH}),?\s+(?:that\s+)?(?:{_WE}\s+{_ADVERB}|(?:I|we)\s+(?:won['’]?t|will\s+not)\s+(?P<not>)|to\s+|it\s+will\s+)(?P<what>(?P<verb>[a-z]+)\b.*)",
        # I won't tell anyone; I will not share it
        r"\b(?:I|we)\s+(?P<what>(?:won['’]?t|will\s+not)\s+(?P<verb>tell|share|forget|mention|say|let|show|pass|publish|miss it|be late)\b.*)",
        # I told Tom I'd ..., I promised my sister to ..., I said I'd lend her ...
        rf"{_SAID},?\s+(?:that\s+)?{_ID}{_ADVERB}{_WHAT}",
        rf"{_I}(?P<telling>promised|swore\s+to|agreed\s+with)\s+(?P<whom>{WHOM}|him|her|them)\s+to\s+{_WHAT}",
        rf"\b(?:I|we)\s+(?P<alone>agreed|swore|vowed)\s+to\s+{_WHAT}",
        # I promised Leo a trip
        rf"{_I}(?P<telling>promised)\s+(?P<whom>{WHOM}|him|her|them)\s+(?P<what>(?P<gift>(?!to\b|that\b|I\b|we\b|and\b)[a-z]+)\b.*)",
        # I'll ..., will ..., gonna ...
        rf"{_WE}\s+{_ADVERB}{_WHAT}",
        rf"(?:^|(?<=[,.;:!]\s)|(?<=\band\s)|(?<=\bsec\s))(?:I\s+)?(?:will|gonna|going to)\s+{_ADVERB}{_WHAT}",
        rf"\b(?:I['’]?m|I\s+am|we['’]?re|we\s+are)\s+(?:going\s+to|gonna)\s+{_ADVERB}{_WHAT}",
        r"\b(?:I['’]?m|I\s+am|we['’]?re|we\s+are)\s+(?P<what>(?P<verb>sending|bringing|posting|mailing|e-?mailing|transferring|forwarding|dropping|picking|paying|lending"
        r"|booking|cooking|ordering|returning)\s.*)",
        # You'll have it by Monday
        r"(?P<handed>\byou(?:['’]ll|\s+will))\s+(?P<what>(?P<verb>have|get|receive|hear)\s+(?:(?:it|them|my|the|our|your)\b.*|(?:an?\s.*)?(?:from|back from)\s+(?:me|us)\b.*))",
    )
)

CONDITION = re.compile(
    r"(?<!\bas )(?<!\beven )(?<!ask )(?<!check )(?<!out )(?<!see )(?<!him )(?<!her )\bif\b|\bunless\b|\bprovided\b|\bin case\b|\bdepending\b"
    r"|\bassuming\b|\bas long as\b|^should (?:you|he|she|they|it|the)\b|\bonce (?:I|we) win\b|\bwhen (?:I|we) win\b|\bwhenever you\b|\bjust say so\b",
    re.IGNORECASE,
)
HEDGE = re.compile(
    r"\b(?:maybe|perhaps|probably|prob|prolly|possibly|might|hopefully|I (?:hope|guess|think|suppose|doubt|believe|wish|wonder)|not sure"
    r"|don['’]?t (?:know|think)|no idea|wish|try(?:ing)? to|see what|see if|in theory|would|could|was going to|were going to|need to know|let me know|announce(?: that)?|proud to|tell (?:him|her|them|everyone|people))\b"
    r"|\b(?:he|she|they|it|who)(?:['’]s| was| were)? (?:always )?(?:says?|goes|like)\b|\bfor whom\b|\bwhether\b",
    re.IGNORECASE,
)
UNSURE = re.compile(
    r"\b(?:maybe|perhaps|probabl?y|probs|prolly|possibly|hopefully)\b|\b(?:can|cannot|couldn|won|don|didn|never|no)(?:['’]?t)? (?:\w+ )?promis\w*",
    re.IGNORECASE,
)
OVER = re.compile(
    r"\band\s+(?:I\s+|we\s+)?(?:never\s+)?(?:did|have|sent|gave|paid|brought|called|kept|forgot|didn['’]?t|has|never|he|she|they)\b|\b(?:as|like)\s+(?:he|she|they|I)(?:['’]d|\s+had)?\s+(?:said|promised)\b",
    re.IGNORECASE,
)
_FROM_ME = re.compile(r"\b(?:from|back from) (?:me|us)\b", re.IGNORECASE)


def is_idle(match: re.Match[str], *, is_due: bool) -> bool:
    """Whether the clause only tells what the future brings. ``is_due``: it names a time, without which "you'll have it" says nothing."""
    what, groups = match["what"], match.groupdict()
    if groups.get("gift"):
        return False
    if groups.get("handed"):
        return not (is_due or _FROM_ME.search(what))
    return not (groups.get("sworn") or groups.get("whom")) and not is_done_for_others(what)


_JOKES = re.compile(
    r"\b(?:wish|imagine|pretend(?:ing)?|jok(?:e|es|ing)|kidding|lol|lmao|rofl|haha\w*|hypothetical\w*|lottery|eat my hat|over my dead)\b|[😂🤣😜😉🙄]",
    re.IGNORECASE,
)
_FRAME = re.compile(
    r"\b(?:in (?:the|this|that|my|a) (?:film|movie|novel|book|story|song|dream|game|play|series|show|scene))\b", re.IGNORECASE
)
_TAG = re.compile(
    r",?\s*(?:ok|okay|k|alright|all right|yeah|yes|sound good|does that work|is that (?:ok|okay|all right|alright)|deal)\?\W*$",
    re.IGNORECASE,
)


def is_serious(sentence: str) -> bool:
    """Whether a sentence can promise at all: no question (but for "ok?" at its end), joke or story."""
    if sentence.rstrip().endswith("?") and not _TAG.search(sentence):
        return False
    return not _JOKES.search(sentence) and not _FRAME.search(sentence)
