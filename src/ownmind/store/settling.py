"""Which of several claims about one thing holds when: pure, and the same whatever the order in which they arrived.

A slot is what can hold one value at a time: where Ana lives, whether she likes figs, that she plays chess. Every claim in a slot
is kept as it was made; ``settle`` works out from all of them where each ends and by which it was superseded. So importing old
talk after new, or forgetting a claim, gives what would have been believed had it all come in order, or never come at all.

- A voice that says something else later has changed its mind, or the world has: the earlier claim ends where the later begins.
- A claim that reaches back ("since 2019", "in March") and was made later covers what was said in between. An event that lay more
  than a year back when it was told is a memory, not news: it covers nothing. What was said last before it with no date of its own
  ("Ana lives in Lyon", then "she moved to Porto last month") was so before: it ends where the new one begins.
- What the person kept or corrected stands whatever is said later. An inference never stands beside a statement.
- The person outranks others, and who speaks of themselves those who speak of them; a lower voice that says something else later
  stays beside the higher one: a conflict to show, not to decide. So do two strangers within a month, and two claims of one time.
- What does not change (a birthday) is never superseded by time: two values stand until one is corrected.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum

_YEAR = 366 * 86_400.0  # seconds: how old an event may be and still be news
_MONTH = 30 * 86_400.0  # seconds between two strangers' claims from which on the later is an update, not a contradiction


class Rank(IntEnum):
    """Whose word counts more."""

    INFERRED = 0
    HEARSAY = 1  # another voice, about somebody else
    FIRST_HAND = 2  # another voice, about itself
    PERSON = 3
    KEPT = 4


@dataclass(frozen=True, slots=True)
class Claim:
    """One stored fact of a slot. Times are unix seconds."""

    row: int
    value: bytes  # equal for claims that say the same
    said: float
    start: float | None  # since when it says it holds; None: it does not say (a thing that ended)
    until: float | None = None  # the end its own words name
    rank: Rank = Rank.PERSON
    voice: str = ""
    thread: int | None = None  # conversation: within one, ``place`` tells earlier from later
    place: tuple[int, int] = (0, 0)  # position of the item, and of the words in it
    is_event: bool = False  # "moved to", not "lives in"
    is_lasting: bool = False  # a birthday does not change

    @property
    def since(self) -> float:
        return float("-inf") if self.start is None else self.start

    @property
    def is_over(self) -> bool:
        """Whether it told of something past when it was made."""
        return self.until is not None and self.until <= self.said

    def before(self, other: Claim) -> bool:
        """Whether ``other`` comes clearly later."""
        mine, theirs = (self.since, self.said), (other.since, other.said)
        return mine < theirs or (mine == theirs and self.thread is not None and self.thread == other.thread and self.place < other.place)

    def covers(self, other: Claim) -> bool:
        """Whether this one, made later, says what was so when ``other`` begins."""
        reach = self.said if not self.is_event or self.said - self.since <= _YEAR else self.since
        return self.said > other.said and self.since <= other.since <= reach and self.start is not None and self.value != other.value


@dataclass(frozen=True, slots=True)
class Settled:
    """Where a claim ends (None: it goes on) and the row that superseded it. An end before the moment it was said: it was so until
    then, and nobody says since when."""

    until: float | None
    by: int | None = None


def settle(claims: Sequence[Claim]) -> dict[int, Settled]:
    """Every claim of one slot, by row, with its end."""
    found = {claim.row: Settled(claim.until) for claim in claims}
    open_ = [claim for claim in claims if not claim.is_over]
    if len(claims) < 2 or not open_:
        return found
    voices: dict[tuple[Rank, str], list[Claim]] = {}
    for claim in open_:
        voices.setdefault((claim.rank, claim.voice), []).append(claim)
    standing: list[Claim] = []
    for said in voices.values():
        left = _uncovered(said, found)
        _in_turn(left, found)
        _before_news(said, left[0], found)
        standing.extend(_runs(left))
    for claim in open_:
        for other in standing:
            _weigh(claim, other, found)
    for claim in claims:
        if claim.is_over:
            _end(claim, open_, found)
    return found


def _uncovered(said: Sequence[Claim], found: dict[int, Settled]) -> list[Claim]:
    """The claims of one voice that no later claim of it covers, in order of time."""
    reaching = sorted((one for one in said if one.since < one.said), key=lambda one: -one.said)
    left: list[Claim] = []
    covered: set[int] = set()
    for claim in sorted(said, key=lambda one: -one.said):
        over = next((one for one in reaching if one.row not in covered and one.covers(claim) and not claim.is_lasting), None)
        if over is None:
            left.append(claim)
        else:
            covered.add(claim.row)
            _close(claim, claim.since, over, found)
    return sorted(left, key=lambda one: (one.since, one.said, one.thread or 0, one.place, one.row))


def _in_turn(ordered: Sequence[Claim], found: dict[int, Settled]) -> None:
    """Each claim of one voice ends where the next with another value begins."""
    next_: Claim | None = None
    closer: Claim | None = None
    for claim in reversed(ordered):
        if next_ is not None and next_.value != claim.value and claim.before(next_):
            closer = next_
        if closer is not None and closer.value != claim.value and not claim.is_lasting:
            _close(claim, closer.since, closer, found)
        next_ = claim


def _before_news(said: Sequence[Claim], first: Claim, found: dict[int, Settled]) -> None:
    """Of what the voice's earliest standing claim covers, the last said before it was so until then, if its words name no date."""
    old = max((one for one in said if found[one.row].by == first.row), key=lambda one: (one.said, one.place, one.row), default=None)
    if old is not None and old.start == old.said and first.since < old.since and old.until is None:
        found[old.row] = Settled(first.since, first.row)


def _runs(ordered: Sequence[Claim]) -> list[Claim]:
    """The first claim of each stretch that says the same: the others add nothing against other voices."""
    return [claim for at, claim in enumerate(ordered) if at == 0 or ordered[at - 1].value != claim.value]


def _weigh(claim: Claim, other: Claim, found: dict[int, Settled]) -> None:
    """Ends ``claim`` where another voice's claim outweighs it."""
    if claim.value == other.value or (claim.rank, claim.voice) == (other.rank, other.voice) or other.rank < claim.rank:
        return
    if other.rank is Rank.KEPT or claim.rank is Rank.INFERRED < other.rank:
        _close(claim, max(claim.since, other.since), other, found)
    elif claim.is_lasting:
        return
    elif (other.rank > claim.rank and other.since >= claim.since) or other.since >= claim.since + _MONTH:
        _close(claim, other.since, other, found)


def _end(end: Claim, open_: Iterable[Claim], found: dict[int, Settled]) -> None:
    """What "no longer" and "until" end: claims of the same value said before, by the same voice or one that counts no more."""
    assert end.until is not None
    is_news = end.said - end.until <= _YEAR
    for claim in open_:
        is_before = claim.said <= end.said and claim.row != end.row and (is_news or claim.since <= end.until)
        is_weightier = end.rank > claim.rank or (end.rank, end.voice) == (claim.rank, claim.voice)
        if claim.value == end.value and is_before and is_weightier:
            _close(claim, max(claim.since, end.until), end, found)


def _close(claim: Claim, at: float, by: Claim, found: dict[int, Settled]) -> None:
    """Ends ``claim`` at ``at``, unless it ends sooner."""
    at = claim.said if at == float("-inf") else max(at, claim.since)
    known = found[claim.row]
    if known.until is None or at < known.until or (at == known.until and known.by is not None and by.row < known.by):
        found[claim.row] = Settled(at, by.row)
