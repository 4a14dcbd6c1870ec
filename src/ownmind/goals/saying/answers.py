"""What an answer to a check-in says: done, half, not done, not this week, later, or a number of what is counted; the rest is a note.

Pure. English. Only plain ways of saying it are read; anything else is `unclear`, and then it is asked, never guessed.
"""

# ruff: noqa: E501  # a pattern reads best on one line

from __future__ import annotations

import re
from dataclasses import dataclass

from ..goal import Answer
from .quantities import NUMBER, Quantity, quantities
from .unread import Unread

LONGEST = 400  # characters of an answer that are read


@dataclass(frozen=True, slots=True)
class Answered:
    """``answer`` None: unclear. ``value`` and ``unit``: the number said, where one was; ``is_level``: it is where the measure stands now
    ("I'm at 1,200"), not what was done this once ("ran 6 km"). ``tomorrow``: "tomorrow instead". ``note``: the rest of the words."""

    answer: Answer | None
    value: float | None = None
    unit: str = ""
    is_level: bool = False
    tomorrow: bool = False
    note: str = ""


_START = r"^\W*(?:(?:ok(?:ay)?|well|so|hey|hi|oh|um|hm+|sorry|sadly|alas|i(?:['’]m| am) afraid|unfortunately|honestly|actually|ah|haha|phew|finally|today|this time|just|i think)\b[\s,:.!-]*)*"


def _sign(answer: Answer, alternatives: str, lead: str = "") -> tuple[Answer, re.Pattern[str]]:
    """What an answer begins with, one way of saying it a line."""
    ways = "|".join(line.strip() for line in alternatives.strip().splitlines())
    return answer, re.compile(f"{_START}{lead}(?:{ways})", re.IGNORECASE)


_SIGNS = (
    _sign(
        Answer.NOT_THIS_WEEK,
        r"""
        (?:not|skip|leave|pause) (?:it |that |this one )?(?:for )?(?:this|the|all) week
        this week\b
        skip (?:it|this(?: (?:one|time))?|that)\b
        no time this week
        """,
        lead=r"(?:(?:no|nope|nah)\b[\s,.!]*)?(?:(?:i\s+(?:can['’]?t|cannot|won['’]?t)|can['’]?t|won['’]?t)\s+(?:do\s+(?:it|that|this)\s+|make\s+it\s+|manage\s+(?:it\s+)?)?)?",
    ),
    _sign(
        Answer.LATER,
        r"""
        (?:not|no)(?:,)? (?:yet|now|right now|just yet)\b
        (?:a (?:bit|little) )?later\b
        ask (?:me )?(?:again )?(?:later|in|tonight|this evening|after|again)
        remind me\b
        in (?:an?|one|two|\d+) (?:hours?|minutes?|mins?|bit|while)\b
        (?:this evening|tonight|this afternoon)\b
        snooze\b
        (?:i['’]?ll|i will|will|going to|gonna) (?:do (?:it|that) )?(?:later|tonight|this (?:evening|afternoon)|after|soon|tomorrow)\b
        (?:do it |move it to |shift it to |make it |rather |better )?tomorrow\b
        still (?:to do|planning to|going to)
        give me \w+ (?:minutes|hours?)
        """,
    ),
    _sign(
        Answer.HALF,
        r"""
        (?:i )?(?:only |just |about )?(?:did|managed|got|finished|ran|read|wrote|made|completed|done) (?:(?:it|that|this) )?(?:only |just |about )?(?:through )?(?:(?:a )?half|part(?:ly)?|some|a (?:bit|little|part)|most)\b
        half(?:[\s-]?(?:way|done))?(?: of (?:it|that))?\b
        part(?:ly|ial(?:ly)?)\b
        (?:sort|kind) of\b
        a (?:bit|little) of it\b
        (?:i )?(?:started|began)\b(?:.*\b(?:not (?:finished|done)|but|only)\b| (?:it|that)\b|\W*$)
        some of (?:it|that)\b
        mostly\b
        almost\b
        nearly\b
        """,
        lead=r"(?:yes\b[\s,.!]*|yeah\b[\s,.!]*|no\b[\s,.!]*)?(?:but\s+)?(?:only\s+|just\s+)?",
    ),
    _sign(
        Answer.NOT_DONE,
        r"""
        no\b(?! (?:problem|worries|sweat|trouble|doubt|idea|clue))
        nope\b
        nah\b
        not (?:done|today|really|at all|this time|yesterday)\b
        (?:i )?(?:did\s*n['’]?o?t|did not|didnt|could\s*n['’]?o?t|could not|couldnt|forgot|missed|failed|skipped|was (?:too )?(?:ill|sick|tired|busy|away))\b
        (?:i )?have\s*n['’]?t\b
        (?:i )?have not\b
        missed it\b
        (?:it )?(?:did\s*n['’]?t|didnt) (?:happen|work)
        (?:too )?(?:ill|sick|tired|busy)\b
        """,
    ),
    _sign(
        Answer.DONE,
        r"""
        done\b(?! (?:half|nothing|none|some|part|a bit))
        did (?:it|that|this|them|all|everything)\b(?! (?:half|partly))
        (?:i|we) (?:did|have) (?:it|that|done|finished|managed)\b
        (?:i['’]ve|we['’]ve) (?:done|finished|did)\b
        (?:i did)\W*$
        yes\b(?!.*\b(?:but|half|not|only)\b)
        yep\b(?!.*\b(?:but|half|not)\b)
        yeah\b(?!.*\b(?:but|half|not)\b)
        yup\b
        finished\b(?! half)
        complete(?:d)?\b
        check(?:ed)?\b(?=\W*(?:off|$))
        ticked?\b
        (?:all|it['’]s|it is|that['’]s|is) (?:all )?(?:done|finished)\b
        made it\b
        nailed it\b
        managed (?:it|that|to)\b
        ✓
        ✅
        👍
        of course\W*$
        sure did\b
        (?:just )?got (?:it|that) done\b
        (?:went|came) back from\b
        been there\b
        mission accomplished
        """,
    ),
)
_LEVEL = re.compile(
    rf"(?:\b(?:i['’]?m|i\s+am|we['’]?re|we\s+are|it['’]?s|it\s+is|now|currently|stand(?:s|ing)?|up\s+to|down\s+to|reached|weigh|have\s+got|have|got\s+to|saved\s+up\s+to|balance(?:\s+is)?|total(?:\s+is)?)\s+(?:now\s+|already\s+|down\s+|up\s+)?(?:at\s+|to\s+|on\s+|is\s+|about\s+|around\s+)*)[€$£]?\s?(?={NUMBER})"
    rf"|[€$£]?(?<![\w.,])(?:{NUMBER})\s*\S*\s+(?:now|so\s+far|in\s+total|altogether|already|by\s+now)\b",
    re.IGNORECASE,
)
_DID = re.compile(
    r"\b(?:ran|run|did|done|swam|cycled|biked|rode|walked|read|wrote|saved|put\s+(?:aside|away|in)|set\s+aside|paid|lifted|practi[sc]ed|studied|played|managed|made|finished|hiked|rowed|drew|learn(?:ed|t)|jogged|went|got|called|applied|sent|transferred|added)\b",
    re.IGNORECASE,
)
_TOMORROW = re.compile(r"\btomorrow\b", re.IGNORECASE)
_BUT = re.compile(r"\b(?:but|except|though|however)\b", re.IGNORECASE)
_ASKS = re.compile(
    r"\?\s*$|^\W*(?:what|when|why|how|who|where|which|can|could|should|would|do|does|did\s+(?:i|you|we)|is|are)\b", re.IGNORECASE
)
_LATER_NUMBER = re.compile(r"\bin\s+(?:an?|one|two|\d+)\s+(?:hours?|minutes?|mins?)\b|\bat\s+\d{1,2}(?::\d\d|\s*[ap]m\b)", re.IGNORECASE)


def read(words: str) -> Answered:
    """What ``words`` say to "did you do it?". Never raises, whatever the text."""
    text = " ".join(words[:LONGEST].split())
    if not text or (_ASKS.search(text) and not re.match(r"^\W*(?:can['’]?t|could\s*n['’]?t|do\s+it\s+tomorrow)", text, re.IGNORECASE)):
        return Answered(None, note=text)
    counted = _counted(text)
    is_level = counted is not None and _LEVEL.search(text) is not None and not _DID.search(text[: counted.start])
    for answer, sign in _SIGNS:
        match = sign.match(text)
        if match is None:
            continue
        if (
            answer is Answer.DONE
            and _BUT.search(text, match.end())
            and re.search(r"\b(?:half|only|not|part)\b", text[match.end() :], re.IGNORECASE)
        ):
            continue
        if answer is Answer.HALF and re.match(r"^\W*half\s+(?:an?\s+)?(?:marathon|hour|past)", text, re.IGNORECASE):
            continue
        value = counted if answer in (Answer.DONE, Answer.HALF) else None
        return Answered(
            answer, value.number if value else None, value.unit if value else "", is_level and value is not None,
            answer is Answer.LATER and bool(_TOMORROW.search(text)), _rest(text, match.end()),
        )  # fmt: skip
    if counted is not None and (is_level or _DID.search(text) or _is_bare(text, counted)):
        return Answered(Answer.VALUE, counted.number, counted.unit, is_level or not _DID.search(text), note=_around(text, counted))
    return Answered(None, note=text)


def _counted(text: str) -> Quantity | None:
    """The one number of an answer that counts something; None where there is none, or several."""
    if _LATER_NUMBER.search(text):
        return None
    found = [one for one in quantities(Unread(text)) if one.unit or re.match(r"\d", text[one.start :].lstrip("€$£ "))]
    return found[0] if len(found) == 1 else None


def _is_bare(text: str, counted: Quantity) -> bool:
    """ "1,200", "6 km": nothing but the number."""
    return not re.search(r"\w", text[: counted.start] + text[counted.end :])


def _rest(text: str, end: int) -> str:
    return re.sub(r"^(?:and|but|because|as|,)\s+", "", text[end:].strip(" ,.;:!-–"), flags=re.IGNORECASE)


def _around(text: str, counted: Quantity) -> str:
    return text if not _is_bare(text, counted) else ""
