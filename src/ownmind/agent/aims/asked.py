"""What a message asks or orders of goals and people, decided by its form. Pure; English.

Only plain forms count: anything else goes on as ordinary talk, which memory and the model answer.
"""

# ruff: noqa: E501  # a pattern reads best on one line

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class Ask(StrEnum):
    """What is asked for."""

    NEXT = "next"  # "what's next?", "what should I do today?"
    WEEK = "week"  # "show me my week"
    BRIEF = "brief"  # "brief me"
    GOALS = "goals"  # "what are my goals?"
    PROGRESS = "progress"  # "how is my half marathon going?"
    ASK_ABOUT = "ask about"  # "what should I ask Tom about?"
    PROMISED = "promised"  # "what did I promise Tom?"
    PROMISED_ME = "promised me"  # "what did Tom promise me?"
    BIRTHDAY = "birthday"  # "whose birthday is next?"
    WAITING = "waiting"  # "who is waiting for an answer?"
    RECONNECT = "reconnect"  # "who should I get in touch with?"
    PAUSE = "pause"
    RESUME = "resume"
    DROP = "drop"
    REACH = "reach"


@dataclass(frozen=True, slots=True)
class Asked:
    """``about``: the goal or the person it is about, as said; "" for none in particular."""

    ask: Ask
    about: str = ""


_LEAD = r"^\W*(?:(?:so|and|ok(?:ay)?|hey|hi|hello|well|now|please|good morning|morning|can you tell me|could you tell me|tell me|remind me|do you know)\b[\s,.!]*)*"
_MY = r"(?:my |the |our )?"
_END = r"(?: (?:so far|now|today|at the moment|lately|these days|then|please|again))?[\s?!.]*$"

_FORMS: tuple[tuple[Ask, re.Pattern[str]], ...] = tuple(
    (ask, re.compile(_LEAD + form + _END, re.IGNORECASE))
    for ask, form in (
        (Ask.NEXT, r"what(?:['’]?s| is| are) (?:my |the )?next(?: steps?| thing| up)?(?: (?:for|with|on|in|of|towards) (?:my |the )?(?P<about>.+?))?"),
        (Ask.NEXT, r"what (?:should|shall|can|must|do) i (?:do|work on|tackle|start with)(?: next)?(?: (?:today|now|next|tonight|this morning|this afternoon|this evening|first))(?: (?:for|about|on) (?:my |the )?(?P<about>.+?))?"),
        (Ask.NEXT, r"what(?:['’]?s| is) (?:on |up )?(?:my |the )?(?:plan|to-?do(?: list)?|planned)(?: for)? today"),
        (Ask.NEXT, r"(?:what do i have planned(?: for)? today|what(?:['’]?s| is) planned(?: for)? today)"),
        (Ask.WEEK, r"(?:show(?: me)?|plan|replan|re-plan) (?:my|the) (?:week|plan)(?: again)?"),
        (Ask.WEEK, r"what does my week look like|what(?:['’]?s| is) (?:my|the) plan (?:for )?(?:this|the|next) week"),
        (Ask.BRIEF, r"(?:brief me|(?:give me |show me )?(?:my|the) (?:morning |daily )?briefing)"),
        (Ask.GOALS, r"(?:what are|show(?: me)?|list|which are) (?:all )?(?:of )?my goals|what goals do i have"),
        (Ask.PROGRESS, r"how(?:['’]?s| is| are) (?:my |the )(?P<about>.+?) (?:going|coming along|coming on|progressing|doing|getting on)"),
        (Ask.PROGRESS, r"how (?:am i|are we) (?:doing|getting on|coming along) (?:with|on|at|in|towards) (?:my |the )?(?P<about>.+?)"),
        (Ask.PROGRESS, r"how far (?:am i|along am i|have i (?:come|got|gotten)) (?:with|on|in|towards|along with) (?:my |the )?(?P<about>.+?)"),
        (Ask.PROGRESS, r"(?:show(?: me)?|what(?:['’]?s| is)|how(?:['’]?s| is)) my progress (?:on|with|in|towards|for) (?:my |the )?(?P<about>.+?)"),
        (Ask.ASK_ABOUT, r"what (?:should|could|can|might|shall|would) i (?:ask|talk (?:to|with)|speak (?:to|with)|chat (?:to|with)) (?P<about>[^?]+?)(?: about)?(?: when i (?:see|meet|call|visit) (?:him|her|them))?"),
        (Ask.ASK_ABOUT, r"what (?:should|could|can|might) i talk about (?:with|to) (?P<about>[^?]+?)"),
        (Ask.ASK_ABOUT, r"what to (?:ask|talk to) (?P<about>[^?]+?) about"),
        (Ask.PROMISED, r"what (?:did|have|had) i promise(?:d)?(?: to)?(?: (?P<about>(?!to\b|you\b)[^?]+?))?"),
        (Ask.PROMISED, r"(?:what|which) promises (?:are (?:still )?(?:open|due)|(?:have|did) i (?:made?|give|given|still have to keep)|do i (?:still )?have to keep)(?: to (?P<about>[^?]+?))?"),
        (Ask.PROMISED_ME, r"what (?:did|has|have) (?P<about>[^?]+?) promised? me"),
        (Ask.BIRTHDAY, r"(?:whose birthday is (?:it |coming(?: up)? |up )?(?:next|soon|coming up|coming|this (?:week|month))|who has (?:the next birthday|(?:a |their )?birthday (?:next|soon))|(?:when|what)(?:['’]?s| is) the next birthday|(?:which|what) birthdays are (?:coming(?: up)?|next|soon)|(?:any )?birthdays (?:coming up|soon))"),
        (Ask.BIRTHDAY, r"when(?:['’]?s| is) (?P<about>[^?]+?)['’]s? birthday"),
        (Ask.WAITING, r"who(?:['’]?s| is) (?:still )?waiting for (?:an? )?(?:answer|reply|response|me)(?: from me)?|(?:who|whom) (?:do|should|must) i (?:still )?(?:have to |need to )?(?:answer|reply to|get back to|write back to)"),
        (Ask.RECONNECT, r"(?:who|whom) (?:should|could|shall) i (?:get (?:back )?in touch with|reconnect with|catch up with|call again|write to again)|who have i lost touch with"),
        (Ask.PAUSE, r"(?:pause|put on hold|suspend) (?:my |the )(?P<about>.+?)(?: goal)?(?: for (?:now|a while))?"),
        (Ask.RESUME, r"(?:resume|take up|go on with|continue with|restart|pick up) (?:my |the )(?P<about>.+?)(?: goal)?(?: again)?"),
        (Ask.DROP, r"(?:drop|let go of|give up(?: on)?|abandon|i (?:want to )?(?:give|gave) up(?: on)?) (?:my |the )(?P<about>.+?)(?: goal)?"),
        (Ask.REACH, r"i(?:['’]ve| have)? (?:just |finally )?(?:reached|achieved) (?:my |the )(?P<about>.+?)(?: goal)?"),
    )
)  # fmt: skip
_LONGEST = 200  # characters of a message that is one of these forms
_FEW = 8  # words that name a goal or a person


def asked(text: str) -> Asked | None:
    """What ``text`` asks of goals and people; None for anything else."""
    said = " ".join(text.split())
    if len(said) > _LONGEST:
        return None
    for ask, form in _FORMS:
        if match := form.match(said):
            about = (match.groupdict().get("about") or "").strip(" ?.!,")
            return Asked(ask, about) if len(about.split()) <= _FEW else None
    return None


NEVER_MIND = re.compile(
    r"^\W*(?:(?:oh|ah|no|ok(?:ay)?|actually|sorry)[\s,]+)*(?:never\s?mind|nevermind|forget (?:it|that|about it)|cancel(?: (?:it|that))?|drop (?:it|that)|leave it(?! open)|scrap (?:it|that)|not now|no thanks|no,? thank you|let(?:['’]s| us) leave it|stop)\W*$",
    re.IGNORECASE,
)
LEFT_OPEN = re.compile(
    r"^\W*(?:(?:i['’]?m |i am )?not sure|(?:i )?(?:do\s?n['’]?t|do not) (?:know|care|mind)|no idea|leave it open|skip(?: (?:it|that|this))?|none|no(?:ne)? (?:deadline|date|limit|preference)?|no|nope|nothing|any(?: time)?|any ?time|whenever|(?:it )?(?:does\s?n['’]?t|does not) matter|doesnt matter|no preference|open|not yet|later|not needed|no(?:t)? (?:really|particular(?:ly)?))\W*$",
    re.IGNORECASE,
)
YES = re.compile(
    r"^\W*(?:(?:yes|yep|yeah|yup|sure|ok(?:ay)?|right|correct|exactly|perfect|great|good|sounds good|looks good|fine|please|do|go ahead|that['’]?s (?:right|it|good|fine|correct)|all right|alright|plan it|let['’]s (?:do (?:it|that)|go)|do it|confirm(?:ed)?|start|go)\b[\s,.!]*(?:please|thanks|thank you|plan (?:it|that)|do (?:it|that)|go ahead|let['’]s (?:do it|go)|that['’]?s right|it is|start)?[\s,.!]*)+$",
    re.IGNORECASE,
)
NO = re.compile(r"^\W*(?:no|nope|nah|not quite|wrong|that['’]?s (?:wrong|not right))\b[\s,.!]*(?:thanks|thank you)?\W*$", re.IGNORECASE)
TAKE = re.compile(
    r"^\W*(?:(?:ok(?:ay)?|yes|please|then|let['’]s)[\s,]+)*(?:i(?:['’]ll| will)? )?(?:take|choose|use|do|try|go (?:for|with))?\s*(?:the |number |option |offer )*(?P<which>first|second|third|fourth|1|2|3|4|1st|2nd|3rd|4th|smallest|one|two|three)\s*(?:one|offer|option|change)?\W*$",
    re.IGNORECASE,
)
WHICH = {"first": 0, "1": 0, "1st": 0, "smallest": 0, "one": 0, "second": 1, "2": 1, "2nd": 1, "two": 1, "third": 2, "3": 2, "3rd": 2,
         "three": 2, "fourth": 3, "4": 3, "4th": 3}  # fmt: skip
