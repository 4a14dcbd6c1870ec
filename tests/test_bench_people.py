"""The bench of who is who: that it measures, and that its controls are worse."""

from __future__ import annotations

from ownmind.bench.address_book import made
from ownmind.bench.people import compared, measured


def test_pairs_are_counted_as_they_are() -> None:
    """Three of one and one of another, of which two were told together and one wrongly."""
    assert compared({1: "a", 2: "a", 3: "a", 4: "b"}, {1: 1, 2: 1, 3: 2, 4: 2}) == {"precision": 0.5, "recall": 1 / 3, "f1": 0.4}


def test_a_book_is_the_same_for_the_same_seed_and_says_whose_everything_is() -> None:
    """Cards, letters and talks of both styles; another seed gives another book."""
    for style in ("home", "far"):
        book = made(3, style=style, humans=20, letters=60)
        assert book == made(3, style=style, humans=20, letters=60)
        assert book != made(4, style=style, humans=20, letters=60)
        assert {kind for kind, _, _ in book.whose} == {"contact", "letter", "talk"}


def test_a_small_book_is_told_together_better_than_by_name_or_address() -> None:
    """Through the whole road: files, import, rows, clusters; every merge with evidence."""
    found = measured(made(2, humans=25, letters=120))
    assert found["with_evidence"] == 1.0
    assert found["f1"] > max(found["same_name"], found["same_address"])
