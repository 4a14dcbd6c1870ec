"""The bench of statements, without a brain: what code reads of the half it was not tuned on, and of talk."""

from ownmind.bench.statements import run


def test_statements_are_read_and_talk_is_left_alone() -> None:
    """At least 36 of 40 held-out statements whole, and not one message of other talk taken for a goal."""
    figures = run(quick=True)["figures"]
    assert isinstance(figures, dict)
    assert figures["code"]["held"]["right"] >= 36
    assert figures["code"]["dev"]["right"] >= 38
    assert figures["talk"]["taken"] == 0
    assert figures["talk"]["messages"] > 600
