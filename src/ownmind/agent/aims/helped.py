""" "Help me reach it": what "it" is. Aims that were told in passing ("training for a half marathon on 12 April") are no orders to plan
anything; once the person asks for help with them they are goals, in the words they were told in."""

from __future__ import annotations

import re

_HELP = re.compile(
    r"^\W*(?:(?:please|ok(?:ay)?|yes|so|and|then|now|great|can you|could you|will you|would you|i(?:['’]d| would) like you to)[\s,]+)*"
    r"help me(?: to)? "
    r"(?:(?:reach|achieve|accomplish|hit|meet|plan|with|do|manage|pull off|make) (?:it|that|this|(?:my|that|this) (?:goal|aim|plan))"
    r"|(?:get|make it) there|(?:get ready|prepare|train|practi[sc]e|study|save(?: up)?) for (?:it|that|this))"
    r"(?: happen| off| please)?\W*$",
    re.IGNORECASE,
)
_BASE = {
    "training": "train", "preparing": "prepare", "practising": "practise", "practicing": "practice", "studying": "study", "saving": "save",
    "saving up": "save up", "learning": "learn", "working": "work", "writing": "write", "trying": "try",
}  # fmt: skip
_AIM = re.compile(
    r"\b(?P<doing>(?:training|preparing|practi[sc]ing|studying|saving(?: up)?) for|learning(?! (?:that|about|how))|working (?:on|towards)"
    r"|writing (?=an? |my |the )|trying to)\s+(?P<what>[^,;.!?\n]{3,120})",
    re.IGNORECASE,
)


def asks_for_help(text: str) -> bool:
    """Whether the message asks for help with what was told before, and says nothing of its own: "help me reach it"."""
    return _HELP.match(text) is not None


def aim(text: str) -> str:
    """The aim that is told in passing, as a person would state it: "train for a half marathon on 12 April"; "" for none. The last one,
    where there are several: it is the one that is spoken of."""
    found = [*_AIM.finditer(text)]
    if not found:
        return ""
    doing = found[-1]["doing"].lower().split()
    verb, rest = " ".join(doing[:-1]) or doing[0], doing[-1] if len(doing) > 1 else ""
    if verb == "trying":
        return found[-1]["what"].strip()
    return " ".join(filter(None, (_BASE.get(verb, verb), rest, found[-1]["what"].strip())))
