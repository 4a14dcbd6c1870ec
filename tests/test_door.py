from __future__ import annotations

from pathlib import Path

import pytest

from ownmind.egress.door import FETCH_MODELS, Door, Left
from ownmind.errors import DoorClosed
from ownmind.store.opening import Store, open_throwaway
from store_fixtures import child, paths_at


@pytest.fixture
def store(tmp_path: Path):
    store = open_throwaway(paths_at(tmp_path / "mind"))
    yield store
    store.close()


@pytest.mark.parametrize("purpose", ["answer", "telemetry", "update check", "", "fetch model"])
def test_the_door_is_closed(store: Store, purpose: str) -> None:
    """Nothing may leave, and a refusal leaves no row that would say something had."""
    door = Door(store)
    with pytest.raises(DoorClosed) as refused:
        door.require("api.example.org", purpose)
    assert refused.value.hint
    with pytest.raises(DoorClosed):
        door.record("api.example.org", purpose, bytes_out=10, at=1.0, body=b"remembered")
    assert store.ledger.rows() == []
    assert door.left() == Left(0, 0, 0, 0)


def test_fetching_models_is_counted_as_setting_up_and_apart(store: Store) -> None:
    door = Door(store)
    door.record("hub.example.org", FETCH_MODELS, bytes_out=300, at=1.0, consent="config: fetch")
    door.record("hub.example.org", FETCH_MODELS, bytes_out=200, at=2.0, consent="config: fetch")
    assert door.left() == Left(bytes=0, requests=0, setup_bytes=500, setup_requests=2)
    assert [row.item_ids for row in store.ledger.rows()] == [(), ()]


def test_what_left_for_any_other_purpose_is_counted_as_left(store: Store) -> None:
    """A later version may open the door; the counter must not depend on the door being closed."""
    store.ledger.append("api.example.org", "answer", consent="once", bytes_out=1234, at=1.0, item_ids=["i1"])
    assert Door(store).left() == Left(bytes=1234, requests=1, setup_bytes=0, setup_requests=0)


def test_the_ledger_keeps_a_hash_of_the_body_and_never_the_body(store: Store) -> None:
    Door(store).record("hub.example.org", FETCH_MODELS, bytes_out=9, at=1.0, body=b"GET /model")
    (row,) = store.ledger.rows()
    assert len(row.body_hash) == 32
    assert b"GET" not in row.body_hash


SENDS = """
import os, signal, sys
from pathlib import Path
from ownmind.egress.door import FETCH_MODELS, Door
from ownmind.store.opening import open_store
from store_fixtures import paths_at
store = open_store(paths_at(Path(sys.argv[1])))
Door(store).record("hub.example.org", FETCH_MODELS, bytes_out=77, at=1.0)
os.kill(os.getpid(), signal.SIGKILL)  # where the first byte would be sent
"""


def test_the_row_is_durable_before_the_first_byte(tmp_path: Path) -> None:
    """A process killed at the moment of sending has its row already."""
    from ownmind.store.opening import open_store

    sender = child(SENDS, tmp_path / "mind")
    assert sender.wait(30) == -9
    with open_store(paths_at(tmp_path / "mind")) as store:
        assert Door(store).left() == Left(0, 0, 77, 1)
        assert store.ledger.verify() == []
