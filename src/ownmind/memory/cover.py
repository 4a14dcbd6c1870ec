"""Choosing a set instead of the best: for questions whose answer is made of many items, pure.

"In which order did I bring up ..." is answered by first mentions, spread over the talks, and not by the ten items that say most
about the topic: those say the same thing ten times. So for the order of events an item gains by opening its session (what is brought
up is what a talk begins with), loses by repeating what was said before, and loses with every item already taken from its session.
A greedy choice, as maximal marginal relevance (Carbonell and Goldstein 1998), with sessions in place of pairs.
"""

from __future__ import annotations

import numpy as np

from .question import Asks
from .signals import Candidates, Floats, Places, z

_OPENS = 2.0  # deviations of the score: what opening a session is worth
_SOON = 5.0  # messages: how far into a session the opening reaches
_REPEATS = 0.3  # taken off for a deviation of likeness with what was said before
_SPREAD = 0.15  # taken off for every item already chosen from the same session


def chosen(score: Floats, c: Candidates, kind: Asks) -> Places:
    """The places of the candidates in the order to show them: by score, and for the order of events so that the first few cover them."""
    if kind is not Asks.ORDER:
        return np.argsort(-score, kind="stable")
    worth = z(score) + _OPENS * opening(c) - _REPEATS * repeating(c)
    taken = np.empty(len(score), np.int64)
    for at in range(len(score)):
        taken[at] = np.argmax(worth)
        worth[taken[at]] = -np.inf
        worth[c.sessions == c.sessions[taken[at]]] -= _SPREAD
    return taken


def opening(c: Candidates) -> Floats:
    """(n,) 1 for what opens a session, fading over the messages after it; of the person's own where they are asked about."""
    own = c.by_person > 0 if c.by_person.any() else np.ones(len(c.sessions), bool)
    found = np.zeros(len(c.sessions), np.float32)
    for number in np.unique(c.sessions[own]):
        here = np.flatnonzero(own & (c.sessions == number))
        found[here[np.argsort(c.positions[here], kind="stable")]] = np.exp(-np.arange(len(here)) / _SOON)
    return found


def repeating(c: Candidates) -> Floats:
    """(n,) how like something said before an item is, at mean 0 and deviation 1; of the person's own where they are asked about."""
    own = c.by_person > 0 if c.by_person.any() else np.ones(len(c.sessions), bool)
    place = np.empty(len(own), np.int64)
    place[np.lexsort((c.positions, c.sessions))] = np.arange(len(own))
    earlier = (place[None, :] < place[:, None]) & own[None, :]
    return z(np.where(earlier, c.vectors @ c.vectors.T, 0.0).max(axis=1, initial=0.0).astype(np.float32))
