"""Choosing a set instead of the best: for questions whose answer is made of many items, pure.

"In which order did I bring up ..." is answered by first mentions, spread over the talks, and not by the ten items that say most
about the topic: those say the same thing ten times. So what is about the topic is learnt from the best of every session, not of one;
an item gains by opening its session (what is brought up is what a talk begins with) and by being the first there to name somebody
who comes back in others (what is followed over months mostly has a name: who helped, what it is made with); it loses by repeating
what was said before, and with every item already taken from its session. A greedy choice, as maximal marginal relevance (Carbonell
and Goldstein 1998), with sessions in place of pairs. A summary is of the same topic, of both sides, wherever it was said.

The constants are round numbers; generated lives of an assistant and one published dev set were looked at when they were chosen.
"""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from ..models.embedding.embedder import normalised
from .question import Asks
from .signals import Candidates, Floats, Places, z

_ASKED = 0.5  # what a deviation of the score is worth where a set is put in order; what is of the topic counts more
_OPENS = 2.0  # deviations: what opening a session is worth
_SOON = 5.0  # messages: how far into a session the opening reaches
_REPEATS = 0.3  # taken off for a deviation of likeness with what was said before
_FOLLOWS = 2.0  # what naming first in a session somebody named in all sessions is worth
_SPREAD = 0.15  # taken off for every item already chosen from the same session
_TYPICAL = 3  # items of each session that say what the topic is
_COMMON = 0.25  # a name in more than this share of the items follows nothing: it is in everything


def chosen(score: Floats, c: Candidates, kind: Asks) -> Places:
    """The places of the candidates in the order to show them: by score, and for a set so that the first few cover it."""
    if kind is Asks.SUMMARY:
        return np.argsort(-(z(score) + z(topical(score, c)) + opening(c)), kind="stable")
    if kind is not Asks.ORDER:
        return np.argsort(-score, kind="stable")
    near = topical(score, c)
    answered = np.where(c.after >= 0, near[c.after], near)  # what is said to it tells what it was about
    worth = _ASKED * z(score) + z(near + answered) + _OPENS * opening(c) + _FOLLOWS * following(score, c) - _REPEATS * repeating(c)
    worth[~_own(c)] -= _LAST
    taken = np.empty(len(score), np.int64)
    for at in range(len(score)):
        taken[at] = np.argmax(worth)
        worth[taken[at]] = -np.inf
        worth[c.sessions == c.sessions[taken[at]]] -= _SPREAD
    return taken


_LAST = 100.0  # what others said comes after all of the person's own where the person is asked about


def topical(score: Floats, c: Candidates) -> Floats:
    """(n,) cosine with what the topic is in all sessions: the mean of the best few of each, the better ones counting more. Feedback
    from the best of all would be of the one session that says most."""
    if not len(score):
        return np.zeros(0, np.float32)
    own, degree = np.flatnonzero(_own(c)), z(score)
    best = [
        here[np.argsort(-score[here], kind="stable")][:_TYPICAL]
        for number in np.unique(c.sessions[own])
        for here in [own[c.sessions[own] == number]]
    ]
    typical = np.concatenate(best)
    centre = (c.vectors[typical] * np.exp(degree[typical])[:, None]).sum(axis=0, keepdims=True)
    return np.asarray(c.vectors @ normalised(centre)[0], np.float32)


def opening(c: Candidates) -> Floats:
    """(n,) 1 for what opens a session, fading over the messages after it; of the person's own where they are asked about."""
    own = _own(c)
    found = np.zeros(len(c.sessions), np.float32)
    for number in np.unique(c.sessions[own]):
        here = np.flatnonzero(own & (c.sessions == number))
        found[here[np.argsort(c.positions[here], kind="stable")]] = np.exp(-np.arange(len(here)) / _SOON)
    return found


def following(score: Floats, c: Candidates) -> Floats:
    """(n,) for the first item of a session that names somebody or something which other sessions name too: the share of the sessions
    that do, times how good (0 to 1) the best of those items look. 0 for every other item."""
    found = np.zeros(len(c.sessions), np.float32)
    if not c.named or not len(score):
        return found
    own, degree = np.flatnonzero(_own(c)), z(score)
    naming: dict[str, list[int]] = defaultdict(list)
    for at in own[np.argsort(c.positions[own], kind="stable")]:
        for name in c.named[at]:
            naming[name].append(int(at))
    sessions = len(np.unique(c.sessions[own]))
    for places in naming.values():
        first = {int(c.sessions[at]): at for at in reversed(places)}
        if len(first) > 1 and len(places) <= _COMMON * len(own):
            looks = 1 / (1 + np.exp(-np.mean(np.sort(degree[places])[-_TYPICAL:])))
            at = list(first.values())
            found[at] = np.maximum(found[at], len(first) / sessions * looks)
    return found


def repeating(c: Candidates) -> Floats:
    """(n,) how like something said before an item is, at mean 0 and deviation 1; of the person's own where they are asked about."""
    own = _own(c)
    place = np.empty(len(own), np.int64)
    place[np.lexsort((c.positions, c.sessions))] = np.arange(len(own))
    earlier = (place[None, :] < place[:, None]) & own[None, :]
    return z(np.where(earlier, c.vectors @ c.vectors.T, 0.0).max(axis=1, initial=0.0).astype(np.float32))


def _own(c: Candidates) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """(n,) what the person said, where they are asked about; else everything."""
    return c.by_person > 0 if c.by_person.any() else np.ones(len(c.sessions), bool)
