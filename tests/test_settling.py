"""What holds when, worked out from claims: laws, for any claims in any order."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from ownmind.store.settling import Claim, Rank, settle

DAY = 86_400.0


@st.composite
def claims(draw: st.DrawFn) -> list[Claim]:
    """Up to eight claims of one voice about one slot, at different times."""
    said = draw(st.lists(st.integers(1, 3000), min_size=1, max_size=8, unique=True))
    made = []
    for row, day in enumerate(said):
        start = day - draw(st.sampled_from([0, 0, 0, 10, 200, 900]))
        until = draw(st.sampled_from([None, None, None, day, day - 5, day + 30]))
        began = None if until is not None and until <= day else start * DAY
        made.append(Claim(row, draw(st.sampled_from([b"a", b"b", b"c"])), day * DAY, began, None if until is None else until * DAY))
    return made


@given(claims(), st.randoms(use_true_random=False))
def test_the_order_of_arrival_changes_nothing(made: list[Claim], chance: random.Random) -> None:
    """Import old talk last, or first: the same is believed."""
    shuffled = list(made)
    chance.shuffle(shuffled)
    assert settle(made) == settle(shuffled)


@given(claims(), st.integers(0, 4000))
def test_one_voice_holds_one_value_at_a_time(made: list[Claim], day: int) -> None:
    """And no claim is lost: each has its outcome."""
    found = settle(made)
    assert set(found) == {claim.row for claim in made}
    at = day * DAY
    ends = {row: float("inf") if settled.until is None else settled.until for row, settled in found.items()}
    begins = {claim.row: claim.since if claim.since <= ends[claim.row] else float("-inf") for claim in made}  # it was so before it was said
    open_ = [claim for claim in made if not claim.is_over and begins[claim.row] <= at < ends[claim.row]]
    assert len({claim.value for claim in open_}) <= 1


@given(claims())
def test_nothing_ends_before_it_begins(made: list[Claim]) -> None:
    """What was superseded from the start has an empty stretch, or ends where the claim it gave way to begins: never inside another."""
    found, since = settle(made), {claim.row: claim.since for claim in made}
    for claim in made:
        until, by = found[claim.row].until, found[claim.row].by
        if until is not None and until < min(claim.since, claim.until or until):
            assert by is not None and until == since[by]
            assert not [one for one in made if not one.is_over and one.since < until and found[one.row].until != one.since]


def claim(row: int, value: str, said: float, start: float | None = None, **more: object) -> Claim:
    return Claim(row, value.encode(), said * DAY, (said if start is None else start) * DAY, **more)  # type: ignore[arg-type]  # fields of Claim


def test_told_late_is_true_since_then() -> None:
    """ "I moved in March", said in June, covers what was said of April; "I moved in 1990" covers nothing."""
    said_in_april, moved_in_march = claim(1, "paris", 100), claim(2, "lyon", 160, 70, is_event=True)
    assert settle([said_in_april, moved_in_march])[1].by == 2
    moved_long_ago = claim(3, "rome", 170, -5000, is_event=True)
    assert settle([said_in_april, moved_in_march, moved_long_ago])[2].until is None


def test_what_was_said_with_no_date_was_so_before_the_news() -> None:
    """ "Ana lives in Lyon", and minutes later "she moved to Porto last month": Porto now, Lyon before."""
    lyon, porto = claim(1, "lyon", 100), claim(2, "porto", 100.01, 70)
    assert settle([lyon, porto]) == settle([porto, lyon])
    assert settle([lyon, porto])[1].until == 70 * DAY and settle([lyon, porto])[2].until is None
    dated, still = claim(3, "rome", 90, 20), claim(4, "lyon", 100)
    assert settle([dated, still, porto])[3].until == 70 * DAY and settle([dated, still, porto])[4].until == 100 * DAY


def test_strangers_disagree_and_do_not_overrule() -> None:
    """Two voices within a month are a conflict, a year apart an update; who speaks of themselves outweighs who speaks of them."""
    one, two = claim(1, "a", 10, rank=Rank.HEARSAY, voice="Bo"), claim(2, "b", 12, rank=Rank.HEARSAY, voice="Cy")
    assert all(found.until is None for found in settle([one, two]).values())
    later = claim(3, "b", 400, rank=Rank.HEARSAY, voice="Cy")
    assert settle([one, later])[1].by == 3
    herself = claim(4, "c", 12, rank=Rank.FIRST_HAND, voice="Ana")
    assert settle([one, herself])[1].by == 4 and settle([later, herself])[3].until is None


def test_a_birthday_is_not_superseded_by_time() -> None:
    """Two values are a contradiction to show."""
    found = settle([claim(1, "5 May", 1, is_lasting=True), claim(2, "6 May", 900, is_lasting=True)])
    assert [one.until for one in found.values()] == [None, None]


def test_a_thousand_repetitions_are_settled_at_once() -> None:
    """Duplicates by the thousand cost no more than their number."""
    made = [claim(row, "a" if row < 1500 else "b", row) for row in range(3000)]
    assert settle(made)[0].until == 1500 * DAY
