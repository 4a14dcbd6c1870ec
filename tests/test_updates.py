"""The bench of what was true when: its zeros mean something, and its figures come from the real memory."""

from __future__ import annotations

from typing import cast

from ownmind.bench import updates

RUN = updates.run(n=1, seed=1)
FIGURES = cast("dict[str, object]", RUN["figures"])


def test_its_control_is_met() -> None:
    """Dates held against talk said on another day are wrong, and bare date words are found where no date is named."""
    control = cast("dict[str, object]", RUN["control"])
    assert control["met"] is True
    assert cast("int", control["invented_by_words_alone"]) > 0


def test_no_date_is_invented() -> None:
    """Of everything that only looks like a date nothing is taken for one."""
    assert FIGURES["dates_invented"] == 0


def test_it_measures_every_promise() -> None:
    """Current value, value as of a date, conflicts and dates are all asked about."""
    asked = cast("dict[str, int]", FIGURES["asked"])
    assert all(asked[name] > 0 for name in ("found", "current", "as_of", "conflict", "date"))
    assert all(0 <= cast("float", FIGURES[name]) <= 1 for name in ("found", "current", "as_of", "conflict", "date"))


def test_the_same_seed_measures_the_same() -> None:
    """Run again it gives the same figures."""
    assert updates.run(n=1, seed=1)["figures"] == FIGURES
