"""Orders in text from outside, found so that the person can be told: "this page tried to ...".

Nothing is decided by this. An order that is missed is just as little obeyed: the gate looks at where values come from, never at what a
text says. So it is kept to what is plainly meant for a machine (it speaks to an assistant, sets instructions aside, or tells the reader
to hide something from the person) and leaves alone what people ask of people ("Please send me the slides").

Measured on sentences of our own in tests/test_orders.py. English, and the commonest forms in German, French and Spanish.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..messages import Span

_LONGEST = 400_000  # characters looked at; what is behind them is only not reported
_QUOTED = 300  # characters of an order that are shown
_MOST = 20  # orders reported of one text


@dataclass(frozen=True, slots=True)
class Order:
    """What a text asks a machine to do. ``span`` is in the text, ``effect`` the effect it is after: sends, spends, writes, or ""."""

    words: str
    span: Span
    effect: str = ""


# Words that only somebody writes who speaks to a program.
_TO_A_MACHINE = re.compile(
    r"\b(?:(?:ignore|disregard|forget|override|bypass)\b.{0,30}\b(?:instructions?|prompts?|rules?|guidelines?|everything above|context)"
    r"|(?:as an?|dear|attention|hey|hello|note to|message (?:to|for)|instructions? (?:to|for)) (?:the |any |all )?"
    r"(?:ai|llm|language model|assistant|agent|chat ?bot|copilot|model)s?\b"
    r"|(?:ai|llm) (?:assistant|agent|model)s?\b.{0,40}\b(?:must|should|please|do|reading)"
    r"|you are (?:now |actually )?(?:an? |in )?(?:\w+ )?(?:ai|assistant|agent|language model|dan|developer mode)\b"
    r"|(?:new|updated|your real|your actual|system|hidden|developer) (?:instructions?|prompt|task|directive|objective)s?\s*[:\-]"
    r"|before you (?:can )?(?:solve|answer|reply|continue|complete|finish|do)\b.{0,60}\b(?:task|question|user|request)"
    r"|(?:do not|don['’]t|never|without) (?:tell|inform|mention|notify|alert|show|telling|informing|mentioning|notifying)\b.{0,20}"
    r"\b(?:the )?(?:user|owner|human|person|them)\b"
    r"|your (?:system|developer) (?:prompt|message)"
    r"|(?:the )?(?:user|owner) (?:has )?(?:already )?(?:authori[sz]ed|approved|consented|allows?)"
    r"|\b(?:todo|task) ?list\b.{0,30}\bfor (?:the )?(?:ai|assistant|agent)"
    r"|ignorier\w*\b.{0,30}\banweisung\w*|ignore[zr]?\b.{0,20}\binstructions? pr[ée]c[ée]dentes|ignora\w*\b.{0,30}\binstrucciones)"
    r"|<\s*/?\s*(?:information|system|instructions?|assistant|important|tool_call|function_call)\s*>"
    r"|\[\s*/?\s*(?:inst|system|assistant)\s*\]|<\|(?:im_start|im_end|system|assistant|user)\|>"
    r"|!{2,}\s*(?:important|attention|stop)|###\s*(?:system|instruction|new task)",
    re.IGNORECASE,
)
_SENDS = (
    r"send|e-?mail|mail|forward|share|post|publish|message|text|reply|respond|invite|upload|submit|tweet|leak|exfiltrate|visit|click|browse|"
    r"open(?!\s+(?:from|at|on|until|till|daily|every|all|now|mon|tue|wed|thu|fri|sat|sun|\d))|"
    r"fetch|navigate|go to|call|sende|schicke|leite|envo[iy]e[rz]?|transf[èé]re[rz]?|env[ií]a|reenv[ií]a"
)
_SPENDS = (
    r"pay|transfer|wire|buy|purchase|order|book|reserve|subscribe|donate|refund|send (?:money|\$|€|£|\d)|überweise|zahle|paie[rz]?"
    r"|paga|compra"
)
_WRITES = (
    r"delete|remove|erase|change|update|set|reset|replace|create|add|save|write|install|download|run|execute|schedule|cancel|"
    r"remember|store|memori[sz]e|lösche|ändere|supprime[rz]?|borra|elimina"
)
_LEAD = (
    r"(?:(?:please|now|first|then|also|instead|simply|just|and|you (?:must|should|need to|have to|will|shall)|immediately|bitte"
    r"|veuillez|por favor)[\s,:]+)*"
)
_ORDER = re.compile(
    rf"(?:^|[\s>:;\"“'(])\W?{_LEAD}(?P<verb>(?P<spends>{_SPENDS})|(?P<sends>{_SENDS})|(?P<writes>{_WRITES}))\b", re.IGNORECASE
)
# What a page says to the people who visit it, beside whatever else stands there.
_TO_VISITORS = re.compile(
    r"\b(?:call|e-?mail|mail|text|message|visit|share|follow|join|book|reserve|order|subscribe)\s+(?:(?:to|with|at)\s+)?(?:us|our)\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[^.!?\n]+(?:[.!?](?=\S)[^.!?\n]*)*[.!?\n]*")
_NEAR = 600  # characters: how far an order may stand from the words that say it is for a machine


def orders(text: str) -> list[Order]:
    """What ``text`` orders a machine to do, in its order; nothing for plain requests among people."""
    read = text[:_LONGEST]
    signs = [match.span() for match in _TO_A_MACHINE.finditer(read)]
    if not signs:
        return []
    found: list[Order] = []
    for sentence in _SENTENCE.finditer(read):
        start, end = sentence.span()
        if len(found) == _MOST:
            break
        if not any(begin - _NEAR <= end and start <= last + _NEAR for begin, last in signs):
            continue
        said = sentence.group().strip()
        verb = _ORDER.search(sentence.group())
        is_sign = any(start < last and begin < end for begin, last in signs)
        if said and (is_sign or (verb and not _TO_VISITORS.search(said))):
            found.append(Order(_short(said), Span(start, end), _effect(verb)))
    return [one for one in found if one.effect] or found


def _effect(verb: re.Match[str] | None) -> str:
    return next((name for name in ("spends", "sends", "writes") if verb[name]), "") if verb else ""


def _short(said: str) -> str:
    words = " ".join(said.split())
    return words if len(words) <= _QUOTED else words[: _QUOTED - 1] + "…"
