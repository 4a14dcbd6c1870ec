"""A kind note: thanks, condolence, recovery, congratulation. Its frame is ours, the sentence in the middle the model's where it is true."""

from __future__ import annotations

import asyncio
import re

from ...memory.citing import stems
from .. import checks
from ..hands import Shots, quoted
from ..running import Job, Pieces
from ..voice import letter, voice

_OCCASIONS = (
    ("condolence", re.compile(r"condolence|sympathy|(?:death|loss|passing|funeral) of|died|passed away", re.IGNORECASE)),
    ("recovery", re.compile(r"get[\s-]well|recover|operation|surgery|\bill\b|hospital", re.IGNORECASE)),
    ("congratulation", re.compile(r"congratulat|wedding|graduat|passed|new (?:job|baby)|birthday|promotion|born", re.IGNORECASE)),
    ("thanks", re.compile(r"thank", re.IGNORECASE)),
)
_TO = re.compile(
    r"\b(?:note|letter|message|card|condolences?|congratulations?)?\s*\bto\s+(?P<name>(?:Mrs?|Ms|Dr)\.? )?(?P<who>[A-ZÀ-Þ][\w’'-]+(?: "
    r"(?:and )?[A-ZÀ-Þ][\w’'-]+){0,2}|my \w+)"
)
_FOR = re.compile(r"\b(?:for|about|on|because of|after|whose)\s+(?P<what>[^.!?\n]+)", re.IGNORECASE)
_NEVER = re.compile(
    r"\b(?:at least|better place|god|heaven|everything happens|meant to be|stay strong|move on|silver lining|angel|pray|time heals|i "
    r"know how you feel)\b",
    re.IGNORECASE,
)
_FRAMES = {
    "thanks": ("Thank you so much for {what}.", "It meant a lot to me."),
    "condolence": ("I was very sorry to hear of {what}.", "I am thinking of you."),
    "recovery": ("I was sorry to hear of {what}.", "I hope that you feel better soon."),
    "congratulation": ("Congratulations on {what}!", "I am very happy for you."),
}
_EMPTY = {"thanks": "everything", "condolence": "your loss", "recovery": "your illness", "congratulation": "this"}
_SHOTS = Shots(
    "Write one warm, plain sentence for a note. Use only what [request] says. No advice, no religion, no new detail, no promise.",
    (
        ("[request]\nthanks: your help with the move", "Without your help I would still be carrying boxes."),
        ("[request]\ncondolence: the death of your father", "There are no right words for it, and I am so sorry."),
        ("[request]\nrecovery: your knee operation", "I hope that the knee hurts less every day and that you can rest."),
        ("[request]\ncongratulation: your new job", "The new job is lucky to have you."),
    ),
    most=50,
    stops=("\n",),
)


async def run(job: Job) -> Pieces:
    occasion = next((name for name, form in _OCCASIONS if form.search(job.request)), "thanks")
    to, what = parts(job.request)
    own = await asyncio.to_thread(job.hands.own_words, f"{to} note letter")
    said = voice([item.text for item in own], formal=True)
    for item in own[:2]:
        job.hands.cite(item, to)
    opening, closing = _FRAMES[occasion]
    line = await job.hands.ask(_SHOTS, f"[request]\n{occasion}: {quoted(what or _EMPTY[occasion])}")
    body = [opening.format(what=what or _EMPTY[occasion]), *([line] if is_fit(line, what, occasion) else []), closing]
    yield letter(said, to, " ".join(body))
    job.hands.warnings.append("A draft: the best sentence in such a note is your own.")


def parts(request: str) -> tuple[str, str]:
    """(to whom, what for: as said to that person)."""
    to = _TO.search(request)
    name = "" if to is None else f"{to['name'] or ''}{to['who']}"
    rest = request[to.end() :] if to else request
    what = _FOR.search(rest)
    said = what["what"].strip() if what else ""
    said = re.sub(r"\b(?:her|his|their)\b", "your", said)
    return ("" if name.startswith("my ") else name), said


def is_fit(line: str, what: str, occasion: str) -> bool:
    """Whether a sentence of the model may stand: nothing invented, nothing that hurts."""
    if not line or len(line.split()) > 30 or _NEVER.search(line) or checks.invented(line, what) or "?" in line:
        return False
    return not (
        occasion == "condolence" and re.search(r"happy|great|exciting|lucky|hope (?:that )?you (?:enjoy|are well)", line, re.IGNORECASE)
    ) and bool(stems(line))
