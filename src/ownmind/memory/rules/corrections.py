"""Rules for taking something back: "no, I meant Lille", "it's the 14th, not the 12th", "I thought I was allergic to cats but I'm not"."""

from __future__ import annotations

import re
from dataclasses import replace

from ...messages import Span
from ..facts import LAST, Candidate
from .reading import Finding, Talk
from .sentences import FULL_STOP, STATE, Stretch
from .wording import is_vague, narrow, plain


def correction(sentence: Stretch, talk: Talk) -> Candidate | None:
    """A sentence that puts one object in the place of another, or says that something never held."""
    if not talk.speaker or not _MAY_CORRECT.search(sentence.text) or sentence.text.rstrip().endswith("?"):
        return None
    mistaken = _MISTAKEN.search(sentence.text)
    if mistaken:
        return _never(mistaken, sentence, talk)
    for pattern in (_NOT_BUT, _MEANT):
        match = pattern.fullmatch(sentence.text.rstrip(" .!").replace(FULL_STOP, "."))
        if match is None:
            continue
        new = _object(match["new"])
        old = _object(match.groupdict().get("old") or "")
        if not new or len(new.split()) > 5 or is_vague(new) or _CLAUSE.match(new) or (old and is_vague(old)):
            return None
        return _candidate(sentence, talk, new, old or LAST)
    return None


def amended(finding: Finding, clause: Stretch, sentence: Stretch) -> Finding:
    """The finding with what its clause takes back at once: "Ida, no sorry, Ada"; "in Nice, not in Cannes"."""
    if not finding.object or finding.denies:
        return finding
    after = (
        clause.text.partition(finding.subject or finding.object)[2]
        if finding.predicate == "relation"
        else clause.text.partition(finding.object)[2]
    )
    instead = _INSTEAD.match(after)
    if instead:
        new = narrow(instead["new"])
        old = finding.subject if finding.predicate == "relation" else finding.object
        if new and not is_vague(new):
            text = finding.text.replace(old, new, 1)
            return replace(finding, subject=new, text=text) if finding.predicate == "relation" else replace(finding, object=new, text=text)
    denied = _DENIED.match(after)
    if not denied or is_vague(denied["old"]) or _ENDED.search(denied["old"]):
        return finding
    is_slip = finding.predicate in _LASTING or _CUE.search(sentence.text) is not None
    return replace(finding, denies=narrow(denied["old"])) if is_slip else finding


def _object(words: str) -> str:
    return plain(re.sub(r"^(?:on|in|at|to|from|called|named)\s+", "", words.strip(), flags=re.IGNORECASE))


def _never(match: re.Match[str], sentence: Stretch, talk: Talk) -> Candidate | None:
    if match["thing"]:
        predicate, thing = "allergic to", plain(match["thing"])
    elif match["state"]:
        thing = re.sub(r"^an?\s+", "", match["state"], flags=re.IGNORECASE).lower()
        predicate = "diet" if thing.endswith(("vegetarian", "vegan", "pescatarian")) else "is"
    else:
        predicate, thing = "lives in", narrow(match["place"])
    return replace(_candidate(sentence, talk, "", thing), predicate=predicate) if thing else None


def _candidate(sentence: Stretch, talk: Talk, new: str, old: str) -> Candidate:
    quote = talk.item.text[sentence.start : sentence.end].rstrip(" .!")
    return Candidate(talk.speaker, "", new, "", quote, Span(sentence.start, sentence.start + len(quote)), denies=old)


_LASTING = ("birthday", "name", "born", "relation", "blood type", "phone", "email")  # "not X" of these is no change of the world
_ENDED = re.compile(r"\b(?:any\s?more|any longer|these days|now)\b", re.IGNORECASE)
_CUE = re.compile(
    r"\b(?:wait|sorry|oops|whoops|correction|actually|mixed|typo|autocorrect|meant|mistake|mistaken|brain|scratch that|wrong|slip)\b|^no\b",
    re.IGNORECASE,
)
_MAY_CORRECT = re.compile(r"not|mean|make that|wrong|should be")
_CLAUSE = re.compile(r"(?:I|we|my|our|he|she|they|I['’]m)\b", re.IGNORECASE)
_OPEN = (
    r"(?:(?:no|nope|sorry|oops|wait|ah|oh|hm+|actually|correction|my mistake|my bad|I mean|well|ok|hang on|scratch that|and)[\s,.!:;–—-]+)"
)
_THING = r"[^,;:!?]{2,50}?"
_MEANT = re.compile(
    rf"(?:{_OPEN}+(?:I\s+(?:meant|mean)(?:\s+to\s+say)?|make\s+that|it\s+should\s+be|that\s+should\s+be)|{_OPEN}*I\s+meant"
    rf"(?:\s+to\s+say)?)\s+(?P<new>{_THING})"
    rf"(?:,?\s+(?:and\s+)?not\s+(?P<old>{_THING}))?",
    re.IGNORECASE,
)
_NOT_BUT = re.compile(
    rf"(?:{_OPEN}+(?:(?:it|that|he|she|they|the\s+\w+)(?:['’]s|\s+is|\s+are|\s+was)\s+|I\s+(?:meant|mean)\s+)?(?P<new>{_THING}),?\s+"
    rf"(?:and\s+)?not\s+(?P<old>{_THING}))",
    re.IGNORECASE,
)
_MISTAKEN = re.compile(
    rf"^(?:{_OPEN})*I\s+(?:always\s+)?(?:thought|believed|said|told\s+you)\s+(?:that\s+)?I\s*(?:['’]?m|am|was)\s+(?:allergic\s+to\s+"
    rf"(?P<thing>[\w\s-]{{2,40}}?)|"
    rf"(?P<state>{STATE})),?\s+(?:but|and)\s+(?:I['’]?m\s+not|I\s+am\s+not|it\s+turns\s+out\s+I['’]?m\s+not|that\s+(?:was|is)\s+(?:wrong"
    rf"|not\s+true|a mistake))"
    rf"|^(?:{_OPEN})*I\s+(?:said|told\s+you)\s+(?:that\s+)?I\s+live\s+in\s+(?P<place>[\w\s-]{{2,40}}?),?\s+(?:but\s+)?that\s+(?:was"
    rf"|is)\s+(?:wrong|not\s+true)",
    re.IGNORECASE,
)
_INSTEAD = re.compile(
    r"\s*[,–—-]?\s*(?:no,?\s+(?:wait,?\s+)?(?:sorry|wait)|sorry|I\s+mean|or\s+rather|no,?\s+I\s+mean)\s*[,–—-]?\s+(?P<new>[^,;:!?]{2,40})$",
    re.IGNORECASE,
)
_DENIED = re.compile(r"\s*,?\s*(?:and\s+)?not\s+(?:on\s+|in\s+|at\s+|the\s+)?(?P<old>[^,;:!?]{2,40})$", re.IGNORECASE)
