"""``ownmind bench web`` in its quick form: what guards the page is attacked from outside, beside a server that nothing guards."""

from __future__ import annotations

import pytest

from ownmind.bench import web


@pytest.mark.long
def test_the_server_takes_nothing_it_should_not_and_a_naive_one_does() -> None:
    """Every route and method of the application with two attacks of each kind: none gets through, every proper request does. A
    server without the fence takes more than a third of the same, so the attacks are worth something."""
    found = web.run(quick=True)
    figures, control = found["figures"], found["control"]
    assert isinstance(figures, dict) and isinstance(control, dict)
    assert figures["faults"] == 0, (figures["must_be_zero"], figures["which"])
    assert figures["proper_answered"] == 2 * figures["routes"]
    assert 3 * control["accepted"] > control["of"]
    assert control["still held"]["slow head"] > 0
