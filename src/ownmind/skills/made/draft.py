"""Draft a message in the person's voice: greeting and sign-off from their own words, the middle by the model, checked against the
request."""

from __future__ import annotations

import asyncio
import re

from ...memory.citing import stems
from .. import checks
from ..hands import Shots, quoted
from ..material import sentences
from ..running import Job, Pieces
from ..voice import letter, voice

_TO = re.compile(r"\b(?:to|for)\s+(?:my\s+(?:\w+\s+)?)?(?P<name>[A-ZÀ-Þ][\w’'-]+(?:\s+[A-ZÀ-Þ][\w’'-]+)?|my\s+\w+|the\s+\w+|our\s+\w+)")
_POINT = re.compile(
    r"\b(?:saying|to say|to tell (?:him|her|them)|telling (?:him|her|them)|that says|asking|to ask|about)\b[\s:,]*(?:that\s+)?(?P<what>.+)$"
    r"|\bthat\s+(?P<that>.+)$",
    re.IGNORECASE | re.DOTALL,
)
_ASKS = re.compile(r"\b(?:asking|to ask)\b", re.IGNORECASE)
_SHOTS = Shots(
    "Write the middle of a short message, as the writer, to the reader. Say what [request] says and nothing else: no other day, number, "
    "name, "
    "reason or promise. No greeting, no name at the end.",
    (
        ("[request]\nto Ben: I will be 20 minutes late for dinner", "I'll be 20 minutes late for dinner. Sorry!"),
        ("[request]\nto Mrs Okafor: ask whether the keys can be fetched on Friday", "Could the keys be fetched on Friday?"),
        (
            "[request]\nto Ana: the tickets are booked and she does not have to pay",
            "The tickets are booked, and you don't have to pay anything.",
        ),
        (
            "[request]\nto the landlord: the heating has been broken since Monday",
            "The heating has been broken since Monday. Could you please have a look?",
        ),
    ),
    most=110,
)


async def run(job: Job) -> Pieces:
    to, point = parts(job.request)
    point = job.text or point
    if not point:
        job.hands.known = False
        yield "What should it say? For example: draft a message to Ben saying that I will be late."
        return
    own = await asyncio.to_thread(job.hands.own_words, f"{to} message letter")
    to_them = [item for item in own if to and to.split()[0].lower() in item.text.lower()] or own
    said = voice([item.text for item in to_them], formal=to.lower().startswith(("mr", "mrs", "ms", "dr", "the ")))
    for item in to_them[:2]:
        job.hands.cite(item, to)
    asked = f"to {to or 'them'}: {'ask ' if _ASKS.search(job.request) and not point.lower().startswith('ask') else ''}{point}"
    body = middle(await job.hands.ask(_SHOTS, f"[request]\n{quoted(asked)}"), point, to)
    yield letter(said, "" if to.lower().startswith(("my ", "the ", "our ")) else to, body)


def parts(request: str) -> tuple[str, str]:
    """(to whom, what it is to say)."""
    to, point = _TO.search(request), _POINT.search(request)
    name = to["name"] if to else ""
    what = (point["what"] or point["that"]) if point else ""
    return name, what.strip(" .\n")


def middle(said: str, point: str, to: str) -> str:
    """The model's words where they say the point and nothing that was not asked for; else the point itself."""
    said = re.sub(r"^(?:hi|hello|dear|hey)\b[^\n,!]{0,30}[,!]\s*", "", said.strip().strip('"“”'), flags=re.IGNORECASE)
    first, *rest = sentences(said) or [""]
    said = " ".join([first, *(one for one in rest if len(one.split()) <= 3 or stems(one) & stems(point))])  # no question of its own
    bad = not said or checks.invented(said, f"{point} {to}") or checks.lost(said, point) or checks.turned(said, point)
    missing = checks.share(stems(point) - _PRONOUNS, stems(said)) < 0.6 or len(said.split()) > 3 * len(point.split()) + 14
    return plain(point) if bad or missing else said


_PRONOUNS = stems("he she they whether if ask tell him her them could can will would have has")


def plain(point: str) -> str:
    """The point as a sentence to its reader."""
    point = re.sub(r"^(?:that|him|her|them)\s+", "", point.strip())
    if re.match(r"(?:whether|if)\s+", point, re.IGNORECASE):
        return f"I wanted to ask {point}."
    return f"{point[:1].upper()}{point[1:]}{'' if point.endswith(('.', '!', '?')) else '.'}"
