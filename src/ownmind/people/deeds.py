"""Whether what somebody says they will do is done for somebody: "send you the photos", "book the table", and not "turn forty", "do yoga",
"keep my fingers crossed". English.

Some verbs always do something for another (``_FOR_OTHERS``), some only with a thing both know of or with "you" (``_WITH_THING``), and any
other verb only with "you" in its clause; what one feels and sayings never do.
"""

# ruff: noqa: E501  # a pattern reads best on one line

from __future__ import annotations

import re

_FOR_OTHERS = frozenset(
    """send resend bring call ring phone text reply answer respond book pay transfer wire fix repair collect fetch drop lend return check ask
    review proofread deliver submit upload share forward fwd organise organize arrange sort handle update post mail email ship hand confirm
    print feed water cancel schedule circulate provide issue refund reimburse settle process prepare publish cover babysit chase grab fax
    resolve translate correct escalate notify inform advise compile draft escort host invite introduce remind help chair coach tidy reserve
    transcribe distribute summarise summarize investigate replace compensate credit""".split()  # noqa: SIM905
)
_WITH_THING = frozenset(
    """do make write rewrite finish complete meet visit join attend order buy cook bake clean wash walk paint build teach speak talk put tell show
    open close leave carry keep add move fill sign test install edit lock set read drive take give pass play fly cut burn copy mind get pick
    find support sponsor collect wrap mend iron sew hang""".split()  # noqa: SIM905
)
_FEELS = frozenset(
    """miss love hate kill bet believe see always never think know remember like need want trust follow envy understand forgive hear feel
    spare owe beat warn congratulate admire watch""".split()  # noqa: SIM905
)
_PHRASES = re.compile(
    r"(?:take (?:care|you|us|it (?:on|over|up|to|back)|them|over|notes|(?:the|your) \w+ (?:to|for))|make (?:sure|certain|it up|time for you)|find out|follow up|circle back|touch base|report back|deal with"
    r"|get (?:back|in touch|on it|right on|you|(?:it|this|that|them|those|these|the|some|your|him|her)\b.*\b(?:to|over|sorted|done|for|from|on the way|tickets|drinks|food|keys|key|bread|milk))"
    r"|look (?:into|after|at|over|up|through|out for)|have (?:a (?:look|word|chat|think)|another look)|keep (?:you|him|her|them|us) (?:posted|updated|informed|in the loop|company)|keep (?:an eye|it (?:safe|secret|for|to myself)|you)"
    r"|have (?:it|this|that|them|the|your|a|an|my|our) ?.*\b(?:ready|done|finished|fixed|sent|with you|for you|to you|by \w+|back|translated|printed|sorted)"
    r"|(?:be|get) (?:there|on time|with you|in touch|round|over|back to you|at (?:your|the))|put (?:together|you|him|her|in a (?:good )?word|it|up the|that)|set (?:up|the|it|an|a)"
    r"|(?:swing|pop|drop|stop|come) (?:by|round|over|in|along|with)|come (?:to (?:your|ur|the|visit)|visit|and|back to you|on|at)\b|come$|pick (?:you|up|him|her|them|the kids|it|the)|let (?:you|u|him|her|them|everyone) (?:know|have|in|off)"
    r"|let (?:the|your)|see (?:to|that|you (?:home|off))|stand (?:by|in)|give (?:you|u|him|her|back|it (?:back|to)|the|them|a (?:hand|ring|call|shout))|talk to|speak (?:to|with)|tell (?:you|u|him|her|them)|write (?:to|you|it|up|back|the)"
    r"|help\b|do (?:it|that|this|the|your|all|both|my part|so)\b|hand (?:it|in|over)|meet you|teach (?:you|him|her)|watch (?:the (?:kids|children|dog|cat|baby|house|bags)|your)|lay (?:the|out)|sort\b)",
    re.IGNORECASE,
)
_SAYINGS = re.compile(
    r"(?:tell (?:you|u) (?:what|this|that|something)|be (?:honest|frank|damned|late|fine|ok|okay|happy to|thinking|watching|off|right back|back)\b(?! to you)|show (?:you|them|him|her)(?: and|$)|give (?:you|it|him|her) that\b"
    r"|give (?:it|that|this) (?:a (?:go|try|shot|miss|rest)|some thought)|take (?:that|it) as|take (?:your|his|her|their) word|take (?:a )?(?:rain ?check|the (?:blame|hint|train|bus))|let (?:you|that|it) (?:go|slide|off|be)\b"
    r"|leave (?:you|u|him|her|them) (?:to|alone|be|in peace)|leave it (?:at|there)|keep (?:my|our) (?:fingers|eyes|mouth)|keep (?:it|that) (?:in mind|simple|short|brief)|keep trying|spare you|hold (?:you|him|her|them) to"
    r"|have to|have (?:a|an|the|some|another) (?:\w+ )?(?:coffee|tea|soup|fish|beer|wine|salad|steak|same|pizza|drink|nap|shower|bath|bite|go|ball|fit|baby|great|good|nice|lovely)|make (?:a fool|no|do|my|it\b(?! up))|do (?:my|our) (?:best|utmost)|do what (?:I|we|it) |do (?:anything|nothing|whatever|without)"
    r"|get (?:there|home|used|married|over (?:it|him|her)|going|the (?:train|bus|blame|hang)|my|some sleep|to (?:know|bed|work|sleep)|it (?:right|eventually|one day))|call (?:it|that) |come (?:from|down|across|around|true|back stronger|clean)|pass (?:on|away|out|the exam)"
    r"|go (?:with|for|to|home|and see|mad|crazy|first)|raise you|drink to|second that|buy (?:that|it)$|eat |bite|play (?:it )?by ear|sleep on|cross (?:that|my)|put (?:up with|it (?:this|that) way|my feet)|see you|ask (?:you )?again|read (?:on|about|up)"
    r"|tell (?:\w+['’]s|the story|a story)|never |always |probably|survive|manage|cope|stick|be the )",
    re.IGNORECASE,
)
_OWN_AFFAIR = re.compile(
    r"\w+(?: up| off)? (?:my|our|myself|ourselves)\b(?! (?:part|end|best|notes|cv|draft|report|comments|address|number|share|details|slides|feedback|answer|reply|tools|car|drill|tent|ladder|camera|charger))|\w+(?: off)? (?:work|yoga|school|sport|nothing|\w+ing)\b",
    re.IGNORECASE,
)
_YOU = re.compile(r"\b(?:you|your|yours|u|ur|ya)\b", re.IGNORECASE)
_THING = re.compile(r"\b(?:it|this|that|them|the|those|these|both|him|her|us|everything|some|an?|your|all)\b|\bfor \w+", re.IGNORECASE)
_WON_T = re.compile(r"(?:won['’]?t|will not)\b", re.IGNORECASE)
_GERUND = re.compile(r"be ([a-z]+ing)\b")


def is_done_for_others(what: str) -> bool:
    """Whether ``what`` (what follows "I will") is done for somebody beside the speaker."""
    clause = re.split(r"[,;:.!?\n]|\bbut\b", what)[0]
    if (gerund := _GERUND.match(clause.lower())) is not None:
        clause = f"{_base(gerund[1])}{clause[gerund.end() :]}"
    verb = clause.split(" ")[0].lower()
    verb = _base(verb) if verb.endswith("ing") else verb
    if _WON_T.match(clause):
        return True
    if _SAYINGS.match(clause):
        return False
    if _PHRASES.match(clause):
        return not _is_own(clause) or verb in ("take", "get", "have", "give", "do")
    if verb in _FOR_OTHERS:
        return bool(_YOU.search(clause)) or not _is_own(clause)
    if verb in _WITH_THING:
        return bool(_YOU.search(clause)) or (not _is_own(clause) and _THING.match(clause.partition(" ")[2]) is not None)
    return verb not in _FEELS and verb != "be" and _YOU.search(" ".join(clause.split()[:7])) is not None


def _is_own(clause: str) -> bool:
    return _OWN_AFFAIR.match(clause) is not None


def _base(gerund: str) -> str:
    """ "sending" is send, "writing" write, "dropping" drop."""
    known = _FOR_OTHERS | _WITH_THING
    if gerund in known:  # bring, ring
        return gerund
    stem = gerund.removesuffix("ing")
    for form in (stem, f"{stem}e", stem[:-1]):
        if form in known:
            return form
    return stem
