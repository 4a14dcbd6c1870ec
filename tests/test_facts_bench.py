"""The facts bench measures what it says, and its labels are sound."""

from __future__ import annotations

from ownmind.bench import facts
from ownmind.messages import FactKind


def test_the_labels_are_sound() -> None:
    """Enough of them, no message twice, and none known to two parts; every kind is one of ours."""
    dev, held, wide = facts.load("dev"), facts.load("held"), facts.load("wide")
    assert len(dev) >= 120 and len(held) >= 120 and len(wide) >= 100
    assert len({message.text for message in [*dev, *held, *wide]}) == len(dev) + len(held) + len(wide)
    assert {label["kind"] for message in [*dev, *held, *wide] for label in message.facts} <= {kind.value for kind in FactKind}


def test_the_bar_is_kept_and_the_control_fails() -> None:
    """Precision on the labelled set, no invented span; labels moved by one message give next to nothing."""
    found = facts.run(part="dev")
    figures = found["figures"]
    assert isinstance(figures, dict) and isinstance(found["control"], float)
    assert figures["precision"] >= 0.95 and figures["invented_spans"] == 0 and found["control"] < 0.1
