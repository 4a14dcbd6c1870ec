"""``ownmind bench calendar`` in its quick form."""

from __future__ import annotations


def test_every_week_is_right_and_the_control_is_not() -> None:
    """Each week is what plain arithmetic says; the weeks of another calendar are found wrong."""
    from ownmind.bench import calendar

    found = calendar.run(quick=True)
    figures = found["figures"]
    assert isinstance(figures, dict)
    assert figures["wrong"] == figures["skipped"] == 0 and figures["items"] == found["n"]
    assert found["control"] == figures["weeks"]
