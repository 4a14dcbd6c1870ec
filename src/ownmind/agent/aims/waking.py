"""Whether a message states a goal: something the person wants over time, as against an errand, a request, a report or talk. Pure.

Careful on purpose: a goal that was not heard is said again with "new goal: ..."; a chat that takes every wish for a goal is a nuisance. So
a wish counts only with something that makes it one: a known sort together with a measure, a rhythm or a day that is not near.
"""

# ruff: noqa: E501  # a pattern reads best on one line

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, tzinfo

from ...goals.saying.harm import refuses
from ...goals.saying.sorts import Said, sort
from ...goals.saying.statement import Stated, read
from ...goals.saying.unread import Unread

LONGEST = 600  # characters of a message that states one goal
_ERRAND = timedelta(days=4)  # a day this near is an errand's

_NAMED = re.compile(r"^\W*(?:please\s+)?(?:(?:a\s+|my\s+)?new\s+goal\b|(?:add|set|create|make)\s+(?:me\s+)?(?:a|the|this|another)\s+(?:new\s+)?goal\b|goal\s*:|my\s+(?:new\s+|next\s+|main\s+|big\s+)?(?:goal|resolution|new\s+year['’]?s\s+resolution)\b\s*(?:for\s+[\w\s]{2,20}?)?\s*(?:is|:))\W*(?:is\s+)?(?:to\s+)?(?P<what>.*)$", re.IGNORECASE | re.DOTALL)  # fmt: skip
_STRONG = re.compile(
    r"^\W*(?:(?:ok(?:ay)?|so|well|hi|hey|hello|please|honestly|you know what|this year|next year|i think|i guess)\b[\s,:!-]*)*"
    r"(?:i(?:['’]d|\s+would)?\s+(?:really\s+|just\s+|finally\s+|also\s+|so\s+)*(?:want|like|love|plan|aim|intend|hope|wish)\s+(?:very\s+much\s+)?(?:to)\s+"
    r"|i(?:['’]ve|\s+have)\s+(?:finally\s+)?(?:decided|resolved|promised\s+myself)\s+to\s+|i(?:['’]m|\s+am)\s+(?:\w+ly\s+)?(?:determined|aiming|planning|hoping|resolved|going)\s+to\s+"
    r"|my\s+(?:aim|plan|dream|wish|ambition|target)\s+is\s+(?:to\s+)|(?:can|could|would|will)\s+you\s+(?:please\s+)?help\s+me\s+(?:to\s+)?|(?:please\s+)?help\s+me\s+(?:to\s+)?)(?P<what>\S.*)$",
    re.IGNORECASE | re.DOTALL,
)
_WEAK = re.compile(r"^\W*(?:(?:ok(?:ay)?|so|well|i think|i guess)\b[\s,]*)*i\s+(?:really\s+|finally\s+|also\s+|just\s+)*(?:need\s+to|must|have\s+to|(?:realy|relly)\s+need\s+to|should(?:\s+really)?|ought\s+to|got\s+to|gotta|wanna)\s+(?P<what>\S.*)$", re.IGNORECASE | re.DOTALL)  # fmt: skip
# Wishes that are no goals: of the moment, of the companion, of somebody else, of knowing.
_NO_GOAL = re.compile(
    r"^\W*(?:(?:know|ask|tell|say|thank|talk|speak|hear|understand|see\s+(?:if|what|how|whether|the|a)|remember|remind|forget|check|point|mention|add\s+that|share|show|give|buy|order|book|make\s+sure|make\s+(?:a|an|some)\s+(?!better)|go\s+(?:to\s+the\s+(?!gym)|home|out|there|back|see|on)|eat\s+(?:something|out|pizza|lunch|dinner)|watch|try\s+(?:the|that|this|out|your)|be\s+(?:honest|clear|sure|left|able\s+to\s+(?:see|know))|think|find\s+out|figure|get\s+(?:some|a|the|back\s+to\s+(?:you|him|her|them|sleep|bed))|let|have\s+(?:a\s+look|some|another)|use\s+(?:this|that|it|the)|choose|decide|explain|write\s+(?:a|an|him|her|them|to|some|my\s+(?:boss|landlord|friend|colleague))|draft|translate|summari[sz]e|compare|calculate|convert|list|brainstorm|come\s+up|respond|reply|answer|return|cancel|send|call\s+(?:the|a)|email|do\s+(?:that|this|it)|die|sleep\s+now|kill|leave|stay|hug|cry|scream|punch|apologi[sz]e|complain|with\s+(?:my|the|this|a|an)\s+(?:email|letter|code|essay|cover|math|homework|recipe|text)|understand|phrase|fix\s+(?:this|my\s+code|the\s+bug)|debug|work\s+out\s+(?:what|how|why|if)|plan\s+(?:a|the|an)\s+(?:meal|menu|itinerary))\b|you\b|him\b|her\b|them\b|it\b|that\b|this\b|more\s+of)",
    re.IGNORECASE,
)
_TOLD = re.compile(r"\b(?:yesterday|last\s+(?:week|night|month|year)|used\s+to|wanted\s+to|when\s+i\s+was|ago)\b", re.IGNORECASE)
_NOW = re.compile(r"\b(?:tonight|right\s+away|today|this\s+(?:morning|afternoon|evening)|tomorrow)\b", re.IGNORECASE)
_OUTSIDE = re.compile(r"https?://|www\.|\b[\w-]+\.(?:txt|md|csv|pdf|docx?|json)\b", re.IGNORECASE)
_KEPT = re.compile(r"^\W*be\s+(?:an?\s+)?(?:better|closer|kinder|more\s+\w+|good)\s+(?:\w+\s+)?(?:friend|father|mother|dad|mum|mom|parent|husband|wife|partner|son|daughter|brother|sister|uncle|aunt|grand\w+|neighbou?r|colleague|boss|listener)\b|^\W*(?:be\s+there\s+(?:more\s+)?for|(?:stay|keep|get\s+back)\s+in\s+touch\s+with|reconnect\s+with|spend\s+more\s+time\s+with)\b|^\W*(?:see|call|phone|ring|visit|meet|write\s+to|talk\s+to)\b.{1,40}\bmore\s+(?:often|regularly)\b", re.IGNORECASE)  # fmt: skip
# Verbs that, said as an order to oneself, are nobody else's to do.
_MINE = re.compile(
    r"^\W*(?:run|swim|cycle|hike|row|jog|train|squat|deadlift|bench(?:[\s-]press)?|do\s+\d+|save|pay\s+off|put\s+aside|set\s+aside|learn|practi[sc]e|master|lose|gain|stop|quit|give\s+up|cut\s+(?:down|out)|meditate|journal|exercise|work\s+out|walk|drink|eat|sleep|get\s+(?:better|fit|stronger|in\s+shape|up)|finish\s+(?:my|reading|writing)|hand\s+in\s+my|submit\s+my|read\s+(?:\d+|\w+)\s+(?:books|pages)|call\s+(?:my|mum|mom|dad)|phone\s+(?:my|mum|mom|dad)|visit\s+(?:my|mum|mom|dad)|become\s+fluent|study\s+for|prepare\s+(?:for\s+)?my|renovate|declutter|build\s+(?:up\s+)?(?:an?|my)\s+(?:emergency|nest|rainy|savings)|apply\s+(?:to|for)\s+\d+|be\s+able\s+to|clear\s+my|get\s+(?:myself\s+)?down\s+(?:from|to)|write\s+\d+|launch\s+my|sort\s+out\s+(?:my|the|our))\b",
    re.IGNORECASE,
)
_PACED = frozenset(("a_week", "every", "target", "milestones", "minutes"))
_OWN_SORTS = frozenset(("training", "saving", "practice", "study", "relationship"))


def states_a_goal(text: str, said_at: datetime, zone: tzinfo, names: tuple[str, ...] = ()) -> str:
    """The words that state a goal, without "new goal:" before them; "" when ``text`` states none."""
    said = text.strip()
    right = Unread(said[:LONGEST]).text  # "I wnat to excercise"
    if not 4 < len(said) <= LONGEST or _OUTSIDE.search(said):
        return ""
    if match := _NAMED.match(said):
        return match["what"].strip() if re.search(r"\w{2}", match["what"]) else ""
    if said.endswith("?") and not _HELPS.match(said):
        return ""
    strong, weak = _STRONG.match(right), _WEAK.match(right)
    match, today = strong or weak, said_at.astimezone(zone).date()
    what = match["what"] if match else right
    if _TOLD.search(right) and not strong:
        return ""
    stated = read(said, said_at, zone, names=names)
    if stated.template == "project" and not sort(what, Said()):
        return ""  # only its day speaks for a goal: "I'm going to Crete in August"
    if not stated.template or (_NO_GOAL.match(what) and not (strong and _is_often(stated) and _is_far(stated, today))):
        return ""
    return said if (_is_whole(stated, what, today) if strong else _is_firm(stated, what, today, weak is not None)) else ""


def wishes_harm(text: str, said_at: datetime) -> str:
    """What is said to a wish or plan that would harm, whether or not it reads as a goal; "" for everything else."""
    said = text.strip()
    if not 4 < len(said) <= LONGEST or (said.endswith("?") and not _HELPS.match(said)):
        return ""
    return refuses(said, said_at) if _STRONG.match(said) or _NAMED.match(said) or _WEAK.match(said) or _NOT_ALIVE.search(said) else ""


_HELPS = re.compile(r"^\W*(?:can|could|would|will)\s+you\s+(?:please\s+)?help\s+me\b", re.IGNORECASE)
_NOT_ALIVE = re.compile(r"^\W*i\s+(?:really\s+|just\s+)*(?:do\s?n['’]?t|do\s+not|no\s+longer)\s+want\s+to\b", re.IGNORECASE)


def _is_whole(stated: Stated, what: str, today: date) -> bool:
    """Of "I want to ...": a sort that is a goal by itself, or any with a rhythm, a measure or a day that is not near."""
    slots = {chip.slot for chip in stated.chips}
    if _NOW.search(what) and not slots & {"a_week", "every"}:
        return False
    if stated.template in _OWN_SORTS and _KNOWN_TO_TAKE_TIME.search(what):
        return True
    if _KEPT.match(what) or re.match(r"^\W*(?:stop|quit|give\s+up|cut\s+(?:down|out|back))\b", what, re.IGNORECASE):
        return True
    if stated.template == "project" and re.match(
        r"^\W*(?:finish|complete|hand\s+in|submit|write|publish|launch|build|renovate)\s+(?:my|our)\b", what, re.IGNORECASE
    ):
        return True
    return bool(slots & _PACED) or _is_far(stated, today)


_KNOWN_TO_TAKE_TIME = re.compile(
    r"\b(?:marathon|triathlon|10\s?k|5\s?k|learn(?!\s+(?:how|about|more|what|why|that))|practi[sc]e|fluent|master|save\s+(?:up\b|for\b|[€$£]?\d|\w+\s+(?:hundred|thousand))|debts?|loan|fund|exam|get\s+better\s+at|better\s+\w+|closer|touch|time\s+with|more\s+often|improve)\b",
    re.IGNORECASE,
)


def _is_firm(stated: Stated, what: str, today: date, is_wish: bool) -> bool:
    """Of what is only said ("finish my thesis by May", "I need to ..."): what takes time by its own words, and is the person's to do."""
    slots = {chip.slot for chip in stated.chips}
    if _KEPT.match(what):
        return True
    if not is_wish and not _MINE.match(what):
        return False
    if _NOW.search(what) and not slots & {"a_week", "every"}:
        return False
    if re.match(r"^\W*finish\s+my\b", what, re.IGNORECASE) and stated.template in ("project", "reading"):
        return True
    return (
        bool(slots & {"a_week", "every", "milestones"})
        or (bool(slots & {"target"}) and stated.template != "event")
        or _is_far(stated, today)
    )


def _is_often(stated: Stated) -> bool:
    return any(chip.slot in ("a_week", "every", "minutes") for chip in stated.chips)


def _is_far(stated: Stated, today: date) -> bool:
    due = next((date.fromisoformat(chip.value) for chip in stated.chips if chip.slot == "deadline"), None)
    return due is not None and due - today > _ERRAND
