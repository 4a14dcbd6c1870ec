"""Meeting notes by rule: decisions, promises, dates and open questions, each in the words of whoever said it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ...memory.times import mentions
from ..material import Piece, material, nothing
from ..running import Job, Pieces

_SPEAKER = re.compile(
    r"^(?:\[?\d{1,2}:\d{2}(?::\d{2})?\]?\s*)?(?P<who>[A-ZÀ-Þ][\w.’'-]*(?:\s[A-ZÀ-Þ][\w.’'-]*){0,2}):\s+(?P<said>.+)$", re.DOTALL
)
_DECIDED = re.compile(
    r"\b(?:we|they|the (?:group|board|committee|team)|everyone|everybody|it (?:was|is))(?:['’]ve| have| has)?\s+(?:all\s+|then\s+|now\s+)?"
    r"(?:decided|agreed|settled|voted|chose|resolved|approved|go(?:es)? with|going with|will go with)\b"
    r"|\b(?:decision|agreed|decided|resolved)\s*:|\b(?:so|then) it['’]?s settled\b|^\W*(?:okay|ok|right|good|fine|"
    r"so)?[,\s]*(?:let['’]?s go with|we['’]?ll go with)\b"
    r"|\bmotion (?:is )?(?:passed|carried)\b",
    re.IGNORECASE,
)
_PROMISED = re.compile(
    r"\b(?:I(?:['’]ll|\s+will|['’]m going to|\s+am going to|\s+can (?:do|send|bring|call|take|write|ask|book|buy|fix|organi[sz]e|"
    r"prepare))|leave (?:it|that) to me)\b"
    r"|\b(?P<other>[A-ZÀ-Þ][\w’'-]+)\s+(?:will|is going to|promised to|agreed to|takes? care of|offered to)\s+(?!be\b)\w+",
)
_UNSURE = re.compile(
    r"\b(?:if|maybe|perhaps|might|I['’]ll see|think about|would|probably not|won['’]t|will not|not sure|wish|joke)\b|\?\s*$", re.IGNORECASE
)
_ANSWERED = re.compile(r"^\W*(?:yes|no|yeah|sure|of course|it is|it['’]s|that['’]s|okay|ok|right|done|agreed|exactly)\b", re.IGNORECASE)
_NO_ONE = frozenset(
    (
        "The",
        "It",
        "This",
        "That",
        "There",
        "We",
        "They",
        "He",
        "She",
        "You",
        "What",
        "Who",
        "Which",
        "Nobody",
        "Everybody",
        "Everyone",
        "Tomorrow",
    )
)


async def run(job: Job) -> Pieces:
    held = await material(job)
    if not held.pieces:
        yield nothing(job, "meeting")
        return
    lines = spoken(held.pieces)
    decisions = [(who, said, piece) for who, said, piece in lines if _DECIDED.search(said) and not said.endswith("?") and not _is_not(said)]
    promises = [(giver(who, said), said, piece) for who, said, piece in lines if is_promise(said) and (who, said, piece) not in decisions]
    dated = [(who, said, piece) for who, said, piece in lines if mentions(said, job.hands.now) and not said.endswith("?")]
    asked = [(who, said, piece) for place, (who, said, piece) in enumerate(lines) if said.endswith("?") and not _is_answered(lines, place)]
    if held.title:
        yield f"{held.title}\n\n"
    for title, found in (("Decisions", decisions), ("Promises", promises), ("Dates", dated), ("Open questions", asked)):
        yield f"{title}:\n"
        for who, said, piece in found:
            if piece.item is not None:
                job.hands.cite(piece.item, said)
            yield f"- {f'{who}: ' if who else ''}{said}\n"
        yield "" if found else "- none found\n"
    job.hands.known = bool(decisions or promises or dated or asked)


def spoken(pieces: Sequence[Piece]) -> list[tuple[str, str, Piece]]:
    """(who, what, where) of each sentence; who is "" until somebody is named."""
    said, who = [], ""
    for piece in pieces:
        match = _SPEAKER.match(piece.text)
        who = match["who"] if match else who
        said.append((who, (match["said"] if match else piece.text).strip(), piece))
    return said


def is_promise(said: str) -> bool:
    match = _PROMISED.search(said)
    return match is not None and match["other"] not in _NO_ONE and not _UNSURE.search(said)


def giver(who: str, said: str) -> str:
    """Who promised: the speaker, or the one they say it of."""
    match = _PROMISED.search(said)
    return match["other"] if match and match["other"] else who


def _is_not(said: str) -> bool:
    return (
        re.search(r"\b(?:not|nothing|yet to be|haven['’]t|hasn['’]t)\b.{0,12}\b(?:decided|agreed|settled)\b", said, re.IGNORECASE)
        is not None
    )


def _is_answered(lines: Sequence[tuple[str, str, Piece]], place: int) -> bool:
    """Whether somebody else says yes, no or "it is" right after."""
    who = lines[place][0]
    after = next((said for other, said, _ in lines[place + 1 : place + 3] if other != who), "")
    return bool(_ANSWERED.match(after))
