from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ownmind.egress.door import FETCH_MODELS, Door, Going, Left
from ownmind.egress.frames import End
from ownmind.errors import DoorClosed, NotFound
from ownmind.store import sent
from ownmind.store.opening import Store, open_store, open_throwaway
from store_fixtures import add_item, child, paths_at

DAY = 86_400.0


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = open_throwaway(paths_at(tmp_path / "mind"))
    yield store
    store.close()


def going(purpose: str = FETCH_MODELS, content: bytes = b"GET /model", to: str = "hub.example.org", items: tuple[str, ...] = ()) -> Going:
    return Going(to, purpose, content, items)


@pytest.mark.parametrize("purpose", ["answer", "telemetry", "update check", "", "fetch model"])
def test_the_door_is_closed(store: Store, purpose: str) -> None:
    """Nothing may leave, and a refusal leaves no row that would say something had. A setting that allows fetching allows nothing else."""
    door = Door(store)
    for consent in ("", "config fetch = true"):
        with pytest.raises(DoorClosed) as refused:
            door.ask(going(purpose), consent=consent)
        assert refused.value.hint
    assert store.ledger.rows() == []
    assert door.left() == Left(0, 0, 0, 0)


def test_fetching_models_is_counted_as_setting_up_and_apart(store: Store) -> None:
    door = Door(store)
    door.ask(going(content=bytes(300)), consent="config: fetch")
    door.ask(going(content=bytes(200)), consent="config: fetch")
    assert door.left() == Left(bytes=0, requests=0, setup_bytes=500, setup_requests=2)
    assert [(row.item_ids, row.consent) for row in store.ledger.rows()] == [((), "config: fetch")] * 2


def test_fetching_models_too_needs_somebody_who_allowed_it(store: Store) -> None:
    with pytest.raises(DoorClosed):
        Door(store).ask(going())


def test_what_was_allowed_goes_under_the_name_of_its_consent(store: Store) -> None:
    """To that destination and for that purpose alone."""
    given = store.permissions.give("api.example.org", "answer", now=datetime.now(UTC))
    door = Door(store)
    door.ask(going("answer", b"hello", "api.example.org"))
    assert [row.consent for row in store.ledger.rows()] == [given.id]
    assert door.left() == Left(bytes=5, requests=1, setup_bytes=0, setup_requests=0)
    for to, purpose in (("api.example.org:80", "answer"), ("evil.example.org", "answer"), ("api.example.org", "train")):
        with pytest.raises(DoorClosed):
            door.ask(going(purpose, b"hello", to))


def test_the_exact_content_is_kept_as_long_as_the_person_wants(store: Store) -> None:
    """Its hash stays in the chain when the content is gone."""
    now = [1_000_000.0]
    Door(store, keep_days=30, clock=lambda: now[0]).ask(going(), consent="a test")
    assert sent.content(store.db, 1) == b"GET /model"
    assert sent.expire(store.db, now[0] + 29 * DAY) == 0
    assert sent.expire(store.db, now[0] + 30 * DAY) == 1
    with pytest.raises(NotFound):
        sent.content(store.db, 1)
    assert store.ledger.verify() == [] and len(store.ledger.rows()[0].body_hash) == 32
    Door(store, keep_days=0, clock=lambda: now[0]).ask(going(), consent="a test")
    assert [row.is_kept for row in sent.sent(store.db)] == [False, False]


@pytest.mark.parametrize("deed", ["DELETE FROM items WHERE id = ?", "UPDATE items SET text = 'cut' WHERE id = ?"])
def test_what_is_forgotten_or_redacted_goes_from_what_was_kept_of_sending_it(store: Store, deed: str) -> None:
    """The row stays and says that something left; its words do not stay."""
    item, other = add_item(store.db, "Ana is allergic to peanuts"), add_item(store.db, "Ben is tall")
    store.permissions.give("api.example.org", "answer", now=datetime.now(UTC))
    door = Door(store)
    door.ask(going("answer", b"Ana is allergic to peanuts", "api.example.org", (f"i{item}", f"i{other}")))
    door.ask(going("answer", b"Ben is tall", "api.example.org", (f"i{other}",)))
    with store.db.write() as cx:
        cx.execute(deed, (item,))
    assert [row.is_kept for row in sent.sent(store.db)] == [False, True]
    assert store.ledger.verify() == []


def test_how_it_ended_is_said_and_unknown_is_said_too(store: Store) -> None:
    door = Door(store)
    first, _ = (door.ask(going(), consent="a test") for _ in range(2))
    first.ended(End("done", content_out=10, wire_out=500, bytes_in=4))
    assert [(row.outcome, row.wire_out) for row in sent.sent(store.db)] == [("done", 500), ("unknown", None)]
    assert store.ledger.verify() == []


def test_offline_closes_the_door_to_everything_and_stays_so(tmp_path: Path) -> None:
    """Over a restart too; back online what was allowed is allowed again."""
    for _ in range(2):
        with open_store(paths_at(tmp_path / "mind")) as store:
            door = Door(store)
            door.go_offline()
            with pytest.raises(DoorClosed, match="offline"):
                door.ask(going(), consent="a test")
    with open_store(paths_at(tmp_path / "mind")) as store:
        door = Door(store)
        assert door.is_offline
        door.go_online()
        door.ask(going(), consent="a test")
        assert len(store.ledger.rows()) == 1


SENDS = """
import os, signal, sys
from pathlib import Path
from ownmind.egress.door import FETCH_MODELS, Door, Going
from ownmind.store.opening import open_store
from store_fixtures import paths_at
store = open_store(paths_at(Path(sys.argv[1])))
Door(store).ask(Going("hub.example.org", FETCH_MODELS, bytes(77)), consent="a test")
os.kill(os.getpid(), signal.SIGKILL)  # where the first byte would be sent
"""


def test_the_row_is_durable_before_the_first_byte(tmp_path: Path) -> None:
    """A process killed at the moment of sending has its row already."""
    sender = child(SENDS, tmp_path / "mind")
    assert sender.wait(30) == -9
    with open_store(paths_at(tmp_path / "mind")) as store:
        assert Door(store).left() == Left(0, 0, 77, 1)
        assert store.ledger.verify() == []
