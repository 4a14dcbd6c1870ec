"""The forms in which somebody says that they will do something, and what makes them no promise: the grammar of `promises`. English."""

# ruff: noqa: E501  # a pattern reads best on one line

from __future__ import annotations

import re

from ..memory.rules.wording import FAMILY, RELATION

# Who
_WE = r"(?:\b(?:I|we)(?:['’]ll|\s+will|\s+shall)|(?<![\w'’])(?:(?-i:I|i)ll|\bI\s+wil)(?=\s))"
_ADVERB = (
    r"(?:(?:definit\w*|certainly|surely|def|gladly|happily|personally|also|just|then|first|quickly|still|both|all|now|\w+ly|\w+ley|"
    r"of course|be sure to|make sure to|at least|get (?:this|that) (?:done|sorted) and)\s+)*"
)

# What: verbs that do something for somebody. Beside these any verb with "you" in its clause counts.
DEEDS = (
    r"(?:send(?:ing)?|resend|bring(?:ing)?|call(?:ing)?|ring|phone|text|write|reply|answer|respond|book|pay|transfer|wire|fix|repair|bake|cook|pick|collect|fetch|drop"
    r"|drive|take care|lend|return|give|check|ask|find out|look (?:into|after|at|over|up)|have a (?:look|word|chat)|review|proofread|finish|complete|deliver|submit"
    r"|upload|share|forward|fwd|organi[sz]e|arrange|sort|handle|deal with|do|make|keep|update|post|mail|e-?mail|ship|hand|confirm|print|order|buy"
    r"|get (?:back|in touch|it|this|that|them|you|the|those|these|some|him|her)|feed|water|help|join|attend|host|invite|introduce|tell|remind"
    r"|let|meet|add|cancel|schedule|set|circulate|provide|issue|refund|settle|process|draft|prepare|publish|fill|sign|show|teach|cover"
    r"|clean|wash|walk|babysit|mind|chase|follow up|speak|talk|come|be (?:there|on time|with you|at your|at the|back to you|in touch|round|over)"
    r"|have (?:it|this|that|them|the \w+|your \w+|\w+ \w+) (?:with|to|for|ready|done|finished|fixed|sent)|have (?:the|your) [\w ]{2,30}(?:finished|done|ready|sent|with you|to you|by)"
    r"|pass|put|move|fly|translate|edit|correct|test|install|set up|build|paint|carry|lock|open|leave you|leave the|see to|see that|stand by|go with)"
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
    rf"|(?:Dr|Mr|Mrs|Ms|Prof)[.\u2024]?\s(?-i:[A-ZÀ-Þ])[\w'’-]+)"
)
_SAID = (
    r"\b(?:I|we)(?:['’]ve|\s+have|['’]d|\s+had)?\s+(?:also\s+|just\s+|already\s+)?"
    rf"(?:(?P<telling>promised|told|assured|swore to|gave)\s+(?P<whom>{WHOM}|him|her|them)(?:\s+my word)?|(?P<alone>said|agreed|offered|swore)(?:\s+(?:to|with)\s+(?P<whom2>{WHOM}))?)"
)

VOWS: tuple[re.Pattern[str], ...] = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # I promise I'll ..., I swear to ..., I commit to sending ...
        rf"(?P<sworn>{_OATH}),?\s+(?:that\s+)?(?:{_WE}\s+{_ADVERB}|(?:I|we)\s+(?:won['’]?t|will\s+not)\s+(?P<not>)|to\s+|it\s+will\s+)(?P<what>(?P<verb>[a-z]+)\b.*)",
        # I won't tell anyone; I will not share it
        r"\b(?:I|we)\s+(?P<what>(?:won['’]?t|will\s+not)\s+(?P<verb>tell|share|forget|mention|say|let|show|pass|publish|miss it|be late)\b.*)",
        # I told Tom I'd ..., I promised my sister to ..., I said I'd lend her ...
        rf"{_SAID},?\s+(?:that\s+)?(?:(?:I|we)(?:['’]d|\s+would|['’]ll|\s+will)\s+{_ADVERB}|to\s+)(?P<what>(?P<verb>[a-z]+)\b.*)",
        rf"(?:^|(?<=[,:;]\s))promised\s+(?P<whom>{WHOM})\s+(?:that\s+)?(?:(?:I|we)(?:['’]?d|\s+would|['’]ll|\s+will)\s+|to\s+)(?P<what>(?P<verb>[a-z]+)\b.*)",
        # I promised Leo a trip
        rf"\b(?:I|we)(?:['’]ve|\s+have)?\s+(?P<telling>promised)\s+(?P<whom>{WHOM})\s+(?P<what>(?P<verb>an?|the|some|my|two|three)\s.*)",
        # I'll ..., will ..., gonna ...
        rf"{_WE}\s+{_ADVERB}{_WHAT}",
        rf"(?:^|(?<=[,.;:!]\s)|(?<=\band\s)|(?<=\bsec\s))(?:I\s+)?(?:will|gonna|going to)\s+{_ADVERB}(?P<what>(?P<verb>(?:{DEEDS}))\b.*)",
        rf"\b(?:I['’]?m|I\s+am|we['’]?re|we\s+are)\s+(?:going\s+to|gonna)\s+{_ADVERB}{_WHAT}",
        r"\b(?:I['’]?m|I\s+am|we['’]?re|we\s+are)\s+(?P<what>(?P<verb>sending|bringing|posting|mailing|e-?mailing|transferring|forwarding|dropping|picking|paying|lending"
        r"|booking|cooking|ordering|returning)\s.*)",
        # You'll have it by Monday
        r"\byou(?:['’]ll|\s+will)\s+(?P<what>(?P<verb>have|get|receive|hear)\s+(?:(?:it|them|my|the|our|your|an?)\b.*|(?:from|back from)\s+(?:me|us)\b.*))",
    )
)

CONDITION = re.compile(
    r"(?<!\bas )(?<!\beven )(?<!ask )(?<!check )(?<!out )(?<!see )(?<!him )(?<!her )\bif\b|\bunless\b|\bprovided\b|\bin case\b|\bdepending\b"
    r"|\bassuming\b|\bas long as\b|^should (?:you|he|she|they|it|the)\b|\bonce (?:I|we) win\b|\bwhen (?:I|we) win\b|\bwhenever you\b|\bjust say so\b",
    re.IGNORECASE,
)
HEDGE = re.compile(
    r"\b(?:maybe|perhaps|probably|prob|prolly|possibly|might|hopefully|I (?:hope|guess|think|suppose|doubt|believe|wish|wonder)|not sure"
    r"|don['’]?t (?:know|think)|no idea|wish|try(?:ing)? to|see what|see if|in theory|would|could|was going to|were going to|need to know|let me know)\b"
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
_SAYINGS = re.compile(
    r"(?:tell (?:you|u) what|be (?:honest|frank|damned|late|fine|ok|okay|happy to)|show (?:you|them|him|her)(?: and|$)|give (?:you|it) that|take (?:that|it) as|let (?:you|that) (?:go|slide|off)"
    r"|have to|make (?:a fool|no)|do (?:my|our) best|do what (?:I|we) can|do anything|get (?:there|home|used|married|the (?:train|bus))|keep (?:it|that) in mind"
    r"|come from|call it|give it (?:a (?:try|go|shot)|some thought)|do without|pass on)\b|admit|say\W*$",
    re.IGNORECASE,
)
_YOU = re.compile(r"\b(?:you|your|yours|u|ur|ya)\b", re.IGNORECASE)
_DEED = re.compile(rf"{DEEDS}\b", re.IGNORECASE)
_FOR_YOU_IDLE = re.compile(
    r"(?:miss|love|hate|kill|bet|believe|be|see|always|never|think|know|remember|like|need|want|tell you (?:what|this|that))\b",
    re.IGNORECASE,
)


def is_idle(match: re.Match[str]) -> bool:
    """Whether the clause only tells what the future brings: nothing is done for anybody."""
    what = match["what"]
    if _SAYINGS.match(what):
        return True
    if match.groupdict().get("whom") or _DEED.match(what) or re.match(r"(?:won|will|have|get|receive|hear)\b", what, re.IGNORECASE):
        return (
            bool(re.match(r"(?:have|get)\b", what, re.IGNORECASE))
            and not _DEED.match(what)
            and "you" not in match.group()[: match.start("what") - match.start()].lower()
        )
    clause = re.split(r"[,;]|\bbut\b", what)[0]
    if _YOU.search(clause):
        return bool(_FOR_YOU_IDLE.match(what))
    return True


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
