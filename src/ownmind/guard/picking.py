"""Which one of many a request picks, decided by code over what was read wholly, never by a model.

By a superlative ("the largest file"), by the beginning of a name, as one of each ("all users who are not in it yet"), by who said what
there ("where Alice asked about the mug"). Each takes only what systems wrote and the request's own words, and two of one kind are none.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Sequence

from ..memory.words import STOP
from .declared import Measure, Talk
from .identifiers import has_word, is_well_formed
from .labels import Value
from .seen import Row, Seen, by_system, is_read_wholly, is_whole, names

_HIGHEST = ("largest", "biggest", "longest", "most", "highest", "greatest")
_LOWEST = ("smallest", "shortest", "fewest", "least", "lowest")
_PREFIX = re.compile(r"\b(?:(?:start|beginn|begin)(?:ing|s)?)\s+with\s+['\"‘“]?([\w-]{3,})", re.IGNORECASE)
_NOT_IN = re.compile(r"\b(?:who|that)\s+(?:are|is)(?:\s+not|n['’]t)\s+(?:(?:already|yet)\s+)?(?:in|part of|members? of)\b", re.IGNORECASE)
_EXCEPT = re.compile(r"\b(?:except|excluding|other than|apart from|but not|besides)\b", re.IGNORECASE)
# "where Alice asked about coffee mug and ...": who it was, and what they spoke of, up to the end of the clause.
_SAID = re.compile(
    r"\b(?:where|in which)\s+(?P<who>[A-Z][\w.-]{0,40})\s+(?:\w+\s+)?(?:asked|wrote|said|posted|mentioned|spoke|talked|told)\b"
    r"(?P<what>[^,.;:!?\n]{1,120}?)(?=\s+(?:and|then|or)\b|[,.;:!?\n]|$)"
)


def pick(kind: str, request: str, seen: Sequence[Seen]) -> frozenset[str] | None:
    """What a superlative of the request picks: at most one. None where the request has none for this kind of object; empty where
    not everything was read, or two are equal: what can be steered by reading half is not decided by code."""
    measures = {(measure, one.tool.name): one.tool for one in seen for measure in one.tool.measures if measure.kind == kind}
    for (measure, _), tool in measures.items():
        highest = is_highest(request, measure.nouns)
        if highest is None or not _is_about(kind, measure.nouns, request, seen):
            continue
        weights = _weights(measure, [one for one in seen if one.tool.name == tool.name])
        if not is_read_wholly(tool, seen, kind) or any(math.isnan(weight) for weight in weights.values()):
            return frozenset()
        best = (max if highest else min)(weights.values(), default=0.0)
        chosen = [key for key, weight in weights.items() if weight == best]
        return frozenset(chosen if len(chosen) == 1 else ())
    return None


def starts_as_said(value: Value, kind: str, request: str, seen: Sequence[Seen]) -> bool:
    """Whether the request gives the beginning of this name ("the channel starting with Ext") and it is the only such of a whole list."""
    match = _PREFIX.search(request)
    if match is None or not is_well_formed(value):
        return False
    found = {str(name.data) for one in seen if is_whole(one) and one.tool.kind == kind for row in one.rows for name in names(one, row)}
    return [name for name in found if name.startswith(match[1])] == [str(value.data)]


def is_each(kind: str, request: str) -> bool:
    """Whether the request is for each object of a kind."""
    return bool(kind) and re.search(rf"\b(?:each|every|all)\s+(?:\w+\s+)?{re.escape(kind)}s?\b", request, re.IGNORECASE) is not None


def is_one_of_each(value: Value, kind: str, request: str, seen: Sequence[Seen]) -> bool:
    """Whether the request is for each object of this kind, and this is one that a complete reading found. "Who are not in it yet"
    leaves out those that a reading of the picked place found there."""
    if not is_each(kind, request) or _is_narrowed(kind, request):
        return False
    found: set[str] = set()
    for one in seen:
        others = [other for other in seen if other.tool.name == one.tool.name]
        for measure in one.tool.measures:
            if measure.kind == kind and not measure.is_argument and is_read_wholly(one.tool, seen, kind):
                found |= set(_weights(measure, others))
        if one.tool.kind == kind and is_read_wholly(one.tool, seen):
            found |= {str(name.data) for row in one.rows for name in names(one, row)}
    return str(value.data) in found and str(value.data) not in (_already_there(kind, request, seen) if _NOT_IN.search(request) else ())


def _is_narrowed(kind: str, request: str) -> bool:
    """Whether the request speaks of some of them only, in a way that code cannot check ("all users who like tea", "except Bob")."""
    rest = _NOT_IN.sub(" ", request)
    clause = re.search(rf"\b{re.escape(kind)}s?\s+(?:who|whose|whom|that|which|with|without)\b", rest, re.IGNORECASE)
    return _EXCEPT.search(rest) is not None or clause is not None


def said_there(request: str) -> tuple[str, tuple[str, ...]] | None:
    """Whom the request says spoke of what ("where Alice asked about coffee mug"): their name, and the words that count; else None."""
    match = _SAID.search(request)
    if match is None:
        return None
    spoken = tuple(word for word in re.findall(r"\w+", match["what"].casefold()) if word not in STOP and len(word) > 2)
    return (match["who"], spoken) if spoken else None


def is_where_said(value: Value, kind: str, request: str, seen: Sequence[Seen]) -> bool:
    """Whether this is the one place where the request says somebody spoke of something. Who spoke must be written by the service; so
    that a stranger who repeats the words elsewhere moves nothing."""
    spoken = said_there(request)
    if spoken is None:
        return False
    who, what = spoken
    places: set[str] = set()
    for one in seen:
        talk = one.tool.talk
        if talk is None or one.tool.parameters[talk.place].kind != kind:
            continue
        if not is_read_wholly(one.tool, seen):
            return False
        if any(_speaks(row, talk, who, what) for row in one.rows):
            places |= {str(place.data) for place in one.arguments.get(talk.place, ())}
    return places == {str(value.data)}


def is_highest(request: str, nouns: Sequence[str]) -> bool | None:
    """True: the highest is asked for, False: the lowest, None: neither. "most" alone names too little: its noun must follow."""
    return next((highest for words, highest in ((_HIGHEST, True), (_LOWEST, False)) if _superlative(request, words, nouns)), None)


def _superlative(request: str, words: Sequence[str], nouns: Sequence[str]) -> re.Match[str] | None:
    noun = "|".join(map(re.escape, nouns))
    return re.search(rf"\b(?:{'|'.join(words)})\s+(?:\w+\s+){{0,3}}?(?:{noun})\b", request, re.IGNORECASE)


def _is_about(kind: str, nouns: Sequence[str], request: str, seen: Sequence[Seen]) -> bool:
    """Whether the superlative is one of this kind of object: "a channel with the fewest messages" picks no user, though users too are
    measured by messages. The kind that is said nearest before it counts."""
    found = _superlative(request, (*_HIGHEST, *_LOWEST), nouns)
    before = request[: found.start()] if found else ""
    kinds = {measure.kind for one in seen for measure in one.tool.measures if set(measure.nouns) & set(nouns)}
    said = {other: [match.start() for match in re.finditer(rf"\b{re.escape(other)}s?\b", before, re.IGNORECASE)] for other in kinds}
    nearest = max((places[-1] for places in said.values() if places), default=None)
    return nearest is None or nearest in said.get(kind, ())


def _already_there(kind: str, request: str, seen: Sequence[Seen]) -> set[str]:
    """Who was found in the place that the request picks; everybody who was found anywhere where it picks none."""
    inside: set[str] = set()
    for one in seen:
        parameters = ((name, one.tool.parameters.get(name)) for name in one.arguments)
        places = [(name, parameter.kind) for name, parameter in parameters if parameter is not None and parameter.kind]
        if one.tool.kind != kind or not places:
            continue
        is_elsewhere = any(
            (picked := pick(place, request, seen)) and not picked & {str(value.data) for value in one.arguments[name]}
            for name, place in places
        )
        inside |= set() if is_elsewhere else {str(name.data) for row in one.rows for name in names(one, row)}
    return inside


def _speaks(row: Row, talk: Talk, who: str, what: Sequence[str]) -> bool:
    return any(str(speaker.data) == who for speaker in by_system(row, talk.who)) and any(
        all(has_word(str(text.data), word) for word in what) for text in row.get(talk.words, ())
    )


def _weights(measure: Measure, seen: Sequence[Seen]) -> dict[str, float]:
    """Each object with its number, nan where a system wrote none; reads of the same thing count once."""
    latest = {tuple(sorted((key, tuple(str(v.data) for v in values)) for key, values in one.arguments.items())): one for one in seen}
    weights: defaultdict[str, float] = defaultdict(float)
    for one in latest.values():
        if measure.is_argument:
            keys = one.arguments.get(measure.group, ())
            weights[str(keys[0].data) if keys else ""] += len(one.rows)
            continue
        for row in one.rows:
            for key in row.get(measure.group, ()):
                weights[str(key.data)] += _weight(row, measure.weigh) if measure.weigh else 1
    return dict(weights)


def _weight(row: Row, field: str) -> float:
    known = by_system(row, field)
    return float(known[0].data) if known and isinstance(known[0].data, int | float) else math.nan
