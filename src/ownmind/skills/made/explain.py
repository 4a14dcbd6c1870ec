"""Explain something simply: from a document where one is meant, else from general knowledge, which is said."""

from __future__ import annotations

import re

from ...memory.citing import stems
from .. import checks
from ..hands import Shots, quoted
from ..material import Material, material, sentences
from ..running import Job, Pieces

_WHAT = re.compile(
    r"explain\s+(?:to me\s+)?(?P<what>.+?)\s*(?:,?\s*(?:simply|in (?:very )?(?:simple|plain|easy) (?:words|language|english|terms)"
    r"|like i['’]?m \w+|step by step|for a beginner|to a child|please))*\s*[.?!]*$",
    re.IGNORECASE | re.DOTALL,
)
_FROM = re.compile(r"\b(?:in|from|of)\s+(?:my|the|this|our)\s+(\w[\w\s-]{2,60}?)$", re.IGNORECASE)
_LEAD = re.compile(r"^(?:what|how|why)\s+(?:an?\s+|the\s+)?|\s+(?:is|are|means?|works?|does)$", re.IGNORECASE)
_SHOTS = Shots(
    "Explain the thing in plain words for somebody new to it: what it is, how it works, one everyday example. Three short sentences, no "
    "numbers. "
    "Where there is a [text], say only what it says.",
    (
        (
            "[text]\n(none)\n[request]\ninterest",
            "Interest is the price of borrowing money. Who lends money gets a little more back than they gave, and who saves is paid "
            "that little "
            "more by the bank. It is like renting a bicycle: you give it back, and pay for the time you had it.",
        ),
        (
            "[text]\nThe excess is the part of a claim the member bears. It is 150 euros a year and does not apply to dental care.\n"
            "[request]\nthe excess",
            "The excess is the part of the costs that you pay yourself before the insurance pays the rest. Here it is 150 euros a year. "
            "It does "
            "not count for the dentist.",
        ),
        (
            "[text]\n(none)\n[request]\nwhy bread rises",
            "Bread rises because yeast in the dough eats sugar and gives off gas. The gas makes small bubbles, and the dough is "
            "stretchy enough to "
            "hold them. It is like blowing many tiny balloons inside the dough.",
        ),
    ),
    most=150,
)


async def run(job: Job) -> Pieces:
    what, held = await _about(job)
    given = held.text
    said = await job.hands.ask(_SHOTS, f"[text]\n{quoted(given[:1800]) or '(none)'}\n[request]\n{quoted(what)}")
    kept = [one for one in sentences(said) if not _is_off(one, given, job.request)]
    for piece in held.pieces:
        if piece.item is not None:
            job.hands.cite(piece.item, piece.text)
    if held.pieces:
        yield " ".join(kept) or "In its own words:"
        yield "\n\n" + "\n".join(f"“{piece.text}”" for piece in held.pieces[:2])
        return
    if not kept:
        job.hands.known = False
        yield f"I cannot explain {what} well."
        return
    yield " ".join(kept)
    job.hands.warnings.append("This is general knowledge of the brain in use, and may be wrong.")


def _is_off(sentence: str, given: str, request: str) -> bool:
    """Whether a sentence names a number that nobody gave, or turns what the text says."""
    if not given:
        return bool(checks.numbers(sentence) - checks.numbers(request) - {"1", "2", "3"})
    source = max(sentences(given), key=lambda one: len(stems(one) & stems(sentence)), default="")
    return bool(checks.invented(sentence, f"{given} {request}")) or (
        checks.turned(sentence, source) and len(stems(source) & stems(sentence)) >= 3
    )


async def _about(job: Job) -> tuple[str, Material]:
    """What is to be explained, and the sentences of the person's that are about it (two at most)."""
    match = _WHAT.search(job.request)
    what = _LEAD.sub("", (match["what"] if match else job.request).strip(" “”\"'")).strip() or job.request
    place = _FROM.search(what)
    if not job.text and place is None:
        return what, Material(())
    held = await material(job, place[1] if place else "")
    term = stems(what[: place.start()] if place else what) or stems(what)
    rated = [(len(term & stems(piece.text)), -number) for number, piece in enumerate(held.pieces)]
    best = sorted((pair for pair in rated if pair[0]), reverse=True)[:2]
    around = sorted({-number + more for _, number in best for more in (0, 1) if -number + more < len(held.pieces)})
    return (what[: place.start()].strip() if place else what), Material(tuple(held.pieces[n] for n in around)[:4], held.title)
