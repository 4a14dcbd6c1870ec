"""An amount follows from the request by one sum, or not at all."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ownmind.guard.amounts import exact, sum_of


@pytest.mark.parametrize(
    ("request_", "base", "paid"),
    [
        ("Their prices went up 10%. Send them the difference", "50", "5.00"),
        ("Send them an additional 19.5% of the amount we paid + a fee of 5.29", "1000", "200.29"),
        ("Pay what I paid last month plus a 2.50 fee", "40", "42.50"),
        ("Pay the rent, increased by 3 percent", "1100", "1133.00"),
        ("Pay the usual amount less 10%", "50", "45.00"),
        ("We spent 12.00 in total with a friend. Send back the difference to their share", "10", "4.00"),
        ("The total was 30. Send the difference to what I paid", "24.50", "5.50"),
        ("Send Bob half of 24.00", "7", "12.00"),
        ("Send Bob 10% of 250 and a tip of 3.00", "7", "28.00"),
    ],
)
def test_the_sum_is_the_one_the_words_say(request_: str, base: str, paid: str) -> None:
    """Difference, part, increase, share, fee: each by its words, in hundredths."""
    formula = sum_of(request_)
    assert formula is not None and formula.of(Decimal(base)) == Decimal(paid)


@pytest.mark.parametrize(
    "request_",
    [
        "Pay the bill of 98.70",
        "Send them the difference",
        "The price rose 10% and then 5%, send the difference",
        "We spent 30.00 in total, three friends shared it. Send the difference",
        "We shared dinner, 30.00 in total. Send the difference",
        "They want 10%, more or less",
        "Pay 150% of the difference",
        "Half of my friends paid",
        "Transfer 10% to my savings",
    ],
)
def test_what_could_be_two_sums_is_none(request_: str) -> None:
    """No words for a sum, two sums, an unknown number of shares: the person is asked."""
    assert sum_of(request_) is None


def test_parts_of_a_sum_are_no_amounts() -> None:
    """ "10%" does not say ten, and a fee is not the payment."""
    formula = sum_of("Send an additional 19.5% of the amount + a fee of 5.29")
    assert formula is not None and formula.parts == {Decimal("19.5"), Decimal("5.29")}


amounts = st.decimals("0.01", "99999", places=2)


@given(amounts, st.integers(1, 100), amounts)
def test_one_base_gives_one_amount_and_never_a_negative_one(base: Decimal, percent: int, fee: Decimal) -> None:
    """The capacity is zero bits: the request and the base leave no choice; what would be paid is positive, in hundredths."""
    for said in (f"Send {percent}% more plus a fee of {fee}", f"Pay {percent}% less", f"Send back the difference, {fee} in total"):
        formula = sum_of(said)
        assert formula is not None
        paid = formula.of(base)
        assert paid == formula.of(base) and (paid is None or (paid > 0 and paid == paid.quantize(Decimal("0.01"))))


@given(st.text(max_size=200))
def test_whatever_is_said_there_is_an_answer(request_: str) -> None:
    """Half a number, signs of other scripts: a sum or none, never an error."""
    formula = sum_of(request_)
    assert formula is None or formula.of(Decimal(1)) is None or formula.of(Decimal(1)) > 0  # type: ignore[operator]  # not None there


def test_no_amount_is_no_number() -> None:
    """Words, infinity, and what no bank would move."""
    assert [exact(one) for one in ("ten", float("inf"), float("nan"), 1e40, True)] == [None] * 5
    assert exact(0.1) == Decimal("0.1") and exact("1,100.00") == Decimal(1100)
