"""The face of people, over a real encrypted store."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ownmind.app import House, open_house
from ownmind.config import Config
from ownmind.errors import NotFound
from ownmind.paths import Paths

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = open_house(Paths(tmp_path / "mind", tmp_path / "cache"), Config(fetch=False))
    yield made
    made.store.close()


def test_an_empty_home_knows_nobody(house: House) -> None:
    """No person, no link, nobody to write to; and a person who is not there is named in the error."""
    assert house.people.all() == ()
    assert house.people.links() == ()
    assert house.people.birthdays() == ()
    assert house.people.reconnect() == ()
    with pytest.raises(NotFound):
        house.people.card("Tom")
