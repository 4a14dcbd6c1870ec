"""A large forget is measured in processes of its own, one of which dies in the middle."""

from __future__ import annotations

from ownmind.bench import forget_scale


def test_half_a_memory_is_forgotten_and_a_killed_forget_is_ended() -> None:
    """Nothing of either half is left, nothing that waits to go is found, and the control shows that the look-ups do find."""
    outcome = forget_scale.run(sizes=(4_000,))
    figures = outcome["figures"]["4000"]  # type: ignore[index]  # an object for printing
    assert figures["whole"]["items"] == 2_000 and figures["whole"]["verified"] and figures["whole"]["traces"] == 0
    assert figures["killed"]["died"]
    assert figures["ended"]["receipts"] == 1 and figures["ended"]["found_meanwhile"] == 0
    assert 0 < figures["ended"]["items"] <= 1_000 and figures["ended"]["verified"] and figures["ended"]["traces"] == 0
    assert outcome["control"]["4000"] > 2_000  # type: ignore[index]
