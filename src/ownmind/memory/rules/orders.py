"""Rules for standing instructions: how the person wants to be answered. Only their own words may stand as one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...messages import FactKind
from ..predicates import YOU
from .reading import Finding, Talk
from .sentences import Stretch
from .wording import is_name, plain


def instruction(sentence: Stretch, talk: Talk) -> Iterator[Finding]:
    """A sentence that orders: "Always answer in French", "When I'm at work, call me Dr Moser"."""
    if talk.speaker != YOU or not _MAY_ORDER.match(sentence.text):
        return
    text = sentence.text.rstrip(" .!")
    match = _ORDER.fullmatch(text)
    if match is None:
        return
    order = plain(
        re.sub(r"^(?:and\s+|so\s+|also,?\s+)?(?:please|pls|can you please|could you please)\s+|,?\s+please$", "", text, flags=re.IGNORECASE)
    )
    if not match["scope"]:
        order = re.sub(r"^from now on,?\s+(?:please\s+)?", "", order, flags=re.IGNORECASE)
        order = re.sub(r",?\s+from now on$", "", order, flags=re.IGNORECASE)
    order = order[:1].upper() + order[1:]
    yield Finding("instruction", order, order, FactKind.INSTRUCTION)


def called(sentence: Stretch, talk: Talk) -> Iterator[Finding]:
    """ "Call me Leni" gives the person's name."""
    match = re.fullmatch(
        r"(?:(?:please|just)\s+)*call me (?P<name>[^\W\d_][\w'’-]*(?:\s[^\W\d_][\w'’-]*)?)[\s.!]*", sentence.text, re.IGNORECASE
    )
    if match and talk.speaker == YOU and is_name(match["name"], lower=talk.lower) and match["name"].lower() not in _LATER:
        yield Finding("name", match["name"], f"Your name is {match['name']}")


_MAY_ORDER = re.compile(
    r"(?:and|so|also|please|pls|always|never|from now|don['’]?t|do not|when|if|answer|reply|respond|speak|write|use|call|address|mention"
    r"|suggest|recommend|give"
    r"|tell|show|keep|ask|talk|say|include|start|end|finish|be|translate|explain|assume|offer|put|add|begin|make|quote|swear|remind|cite"
    r"|avoid|stop|format"
    r"|greet|wake|send|schedule|book)",
    re.IGNORECASE,
)
_LATER = frozenset("back later tomorrow crazy maybe when if soon tonight old".split())  # noqa: SIM905  # reads better
_VERB = (
    r"(?:answer|reply|respond|speak|write|use|call|address|mention|suggest|recommend|give|tell|show|keep|ask|talk|say|include|start|end"
    r"|finish|be|translate"
    r"|explain|assume|offer|put|add|begin|make|quote|swear|remind|cite|avoid|stop|format|greet|wake|send|schedule|book)"
)
_ORDER = re.compile(
    rf"(?:and\s+|so\s+|also,?\s+)?(?:please\s+|pls\s+)?(?:"
    rf"(?:always|never|from\s+now\s+on,?|don['’]?t\s+ever|do\s+not\s+ever)\s+(?:please\s+)?(?:always\s+|never\s+"
    rf"|don['’]?t\s+)?{_VERB}\b.{{2,200}}"
    rf"|(?:don['’]?t|do\s+not|never)\s+(?:call|address)\s+me\b.{{2,80}}|{_VERB}\b.{{2,120}}?\s+(?:from\s+now\s+on|always|every time|in"
    rf" future|in the future)"
    r"|(?:answer|reply|respond|speak|write)\s+(?:to\s+me\s+)?(?:only\s+|always\s+)?in\s+.{2,80}?(?:from\s+now\s+on|always)"
    rf"|(?P<scope>(?:when(?:ever)?|if)\s+(?!you\s+(?:need|want|see|can|have|get|like)\b)(?:you|I|we|I['’]?m|you['’]?re|it['’]?s|somebody"
    rf"|someone)\b[^,]{{2,80}},?\s+(?:please\s+"
    rf"|always\s+|never\s+|don['’]?t\s+|do not\s+)*"
    rf"{_VERB}\b.{{2,160}})"
    r")",
    re.IGNORECASE | re.DOTALL,
)
