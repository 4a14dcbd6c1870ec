from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from ownmind.errors import HomeInUse, PassphraseNeeded, StoreDamaged, WrongPassphrase
from ownmind.messages import Cited
from ownmind.store.opening import open_store, open_throwaway
from store_fixtures import add_item, child, paths_at, texts


def test_a_first_start_asks_nothing_and_the_second_finds_everything(tmp_path: Path) -> None:
    paths = paths_at(tmp_path / "mind")
    with open_store(paths) as store:
        assert store.is_new
        add_item(store.db, "Ana is allergic to peanuts")
    with open_store(paths) as store:
        assert not store.is_new
        assert texts(store.db) == ["Ana is allergic to peanuts"]
        assert store.ledger.verify() == []


def test_nobody_else_may_look_into_the_home(tmp_path: Path) -> None:
    with open_store(paths_at(tmp_path / "mind")) as store:
        add_item(store.db, "private")
        assert [path.name for path in store.paths.home.rglob("*") if path.stat().st_mode & 0o077] == []
        assert store.paths.home.stat().st_mode & 0o077 == 0


def test_a_wrong_or_missing_passphrase_changes_nothing_and_frees_the_home(tmp_path: Path) -> None:
    paths = paths_at(tmp_path / "mind")
    with open_store(paths, "right") as store:
        add_item(store.db, "kept")
    before = {path: path.read_bytes() for path in (paths.database, paths.keys)}
    for wrong, error in (("wrong", WrongPassphrase), (None, PassphraseNeeded)):
        with pytest.raises(error):
            open_store(paths, wrong)
        assert {path: path.read_bytes() for path in before} == before
    with open_store(paths, "right") as store:
        assert texts(store.db) == ["kept"]


def test_one_process_at_a_time(tmp_path: Path) -> None:
    paths = paths_at(tmp_path / "mind")
    with open_store(paths) as store:
        store.lock.announce("http://127.0.0.1:7717/")
        with pytest.raises(HomeInUse) as refused:
            open_store(paths)
        assert refused.value.address == "http://127.0.0.1:7717/"
        add_item(store.db, "the first one goes on")
    open_store(paths).close()


@pytest.mark.parametrize("lost", ["keys", "database"])
def test_lost_keys_or_database_are_an_error_and_never_a_fresh_start(tmp_path: Path, lost: str) -> None:
    paths = paths_at(tmp_path / "mind")
    with open_store(paths) as store:
        add_item(store.db, "kept")
    gone = [paths.keys, paths.home / "keys.copy.json"] if lost == "keys" else [paths.database]
    kept = {path: path.read_bytes() for path in gone}
    for path in gone:
        path.unlink()
    with pytest.raises(StoreDamaged) as damaged:
        open_store(paths)
    assert "missing" in damaged.value.message
    assert "backup" in damaged.value.hint
    for path, content in kept.items():
        path.write_bytes(content)
    with open_store(paths) as store:
        assert texts(store.db) == ["kept"]


def test_a_first_start_killed_anywhere_is_a_first_start_again(tmp_path: Path) -> None:
    """After the keys and before the database, or before the ledger's head, the next start just goes on."""
    paths = paths_at(tmp_path / "mind")
    open_store(paths).close()
    for gone in ([paths.home / "ledger.head"], [paths.home / "ledger.head", paths.database], [paths.home / "keys.copy.json"]):
        for path in gone:
            path.unlink()
        with open_store(paths) as store:
            assert store.ledger.verify() == []


def test_what_a_killed_process_left_is_cleared_away(tmp_path: Path) -> None:
    paths = paths_at(tmp_path / "mind")
    open_store(paths).close()
    paths.backups.mkdir()
    (paths.backups / "x.ownmind-backup.part").write_bytes(b"half")
    (paths.temporary / "folder").mkdir()
    (paths.temporary / "folder" / "file").write_bytes(b"half")
    open_store(paths).close()
    assert list(paths.temporary.iterdir()) == []
    assert list(paths.backups.iterdir()) == []


def test_a_throwaway_home_keeps_its_key_nowhere(tmp_path: Path) -> None:
    """Once closed, nobody opens it again: neither as a home nor as a throwaway."""
    paths = paths_at(tmp_path / "mind")
    with open_throwaway(paths) as store:
        key = store.keys.data
        add_item(store.db, "gone with the process")
    assert not paths.keys.exists()
    assert not any(key in path.read_bytes() or key.hex().encode() in path.read_bytes() for path in paths.home.rglob("*") if path.is_file())
    for again in (open_store, open_throwaway):
        with pytest.raises(StoreDamaged):
            again(paths)


def test_closing_twice_does_no_harm(tmp_path: Path) -> None:
    store = open_store(paths_at(tmp_path / "mind"))
    store.close()
    store.close()


def test_settings_are_remembered(tmp_path: Path) -> None:
    paths = paths_at(tmp_path / "mind")
    with open_store(paths) as store:
        store.settings.set("page token", "one")
        store.settings.set("page token", "two")
        store.settings.set("other", "x")
        store.settings.remove("other")
    with open_store(paths) as store:
        assert store.settings.get("page token") == "two"
        assert store.settings.get("other", "default") == "default"


def test_failed_work_is_counted_and_left_alone_for_a_while(tmp_path: Path) -> None:
    with open_store(paths_at(tmp_path / "mind")) as store:
        assert store.work.failed("embed", "i1", error="ValueError", not_before=100.0) == 1
        assert store.work.failed("embed", "i1", error="ValueError", not_before=200.0) == 2
        assert store.work.failed("learn", "i1", error="ValueError", not_before=300.0) == 1
        assert store.work.waiting("embed", now=150.0) == {"i1"}
        assert store.work.waiting("embed", now=200.0) == set()
        store.work.done("embed", "i1")
        assert store.work.attempts("embed", "i1") == 0
        assert [(attempt.name, attempt.attempts) for attempt in store.work.failures()] == [("learn", 1)]


def _say(store, conversation: str, kind: str, text: str, position: int, at: float) -> str:
    item = add_item(store.db, text, at=at, ref=f"conversation:{conversation}")
    with store.db.write() as cx:
        cx.execute(
            """UPDATE items SET conversation_id = (SELECT id FROM conversations WHERE key = ?), kind = ?, position = ?, learned_at = ?
               WHERE id = ?""",
            (conversation, kind, position, at, item),
        )
    return f"i{item}"


def test_a_conversation_is_shown_again_with_the_sources_of_its_answers(tmp_path: Path) -> None:
    with open_store(paths_at(tmp_path / "mind")) as store:
        note = f"i{add_item(store.db, 'Ben said: Ana is allergic to peanuts.', at=5.0, speaker='Ben')}"
        store.conversations.start("c1", now=10.0, title="Dinner")
        _say(store, "c1", "message", "What should I not cook for Ana?", 0, 10.0)
        reply = _say(store, "c1", "reply", "Nothing with peanuts.", 1, 11.0)
        cited = Cited(note, "Ben said: Ana is allergic to peanuts.", "note:1", "", None, "Ben", "Ana is allergic to peanuts")
        store.conversations.keep_reply(reply, sources=[cited], known=True, brain="small")
        (conversation,) = store.conversations.all()
        assert (conversation.key, conversation.title, conversation.messages) == ("c1", "Dinner", 2)
        asked, answered = store.conversations.messages("c1")
        assert asked.sources == ()
        assert answered.text == "Nothing with peanuts."
        assert answered.at == datetime.fromtimestamp(11.0, UTC)
        assert (answered.known, answered.brain) == (True, "small")
        (source,) = answered.sources
        assert (source.item_id, source.quote, source.speaker) == (note, "Ana is allergic to peanuts", "Ben")
        with store.db.erase() as cx:
            cx.execute("DELETE FROM items WHERE id = ?", (int(note[1:]),))
        assert store.conversations.messages("c1")[1].sources == (), "a forgotten item takes its quotes along"


OPENS = """
import sys
from pathlib import Path
from ownmind.store.opening import open_store
from store_fixtures import add_item, paths_at
store = open_store(paths_at(Path(sys.argv[1])))
add_item(store.db, "written by the child")
print("open", flush=True)
sys.stdin.read()
"""


def test_a_killed_process_leaves_a_home_that_opens(tmp_path: Path) -> None:
    holder = child(OPENS, tmp_path / "mind")
    assert holder.stdout is not None
    assert holder.stdout.readline() == "open\n"
    with pytest.raises(HomeInUse) as refused:
        open_store(paths_at(tmp_path / "mind"))
    assert refused.value.pid == holder.pid
    holder.kill()
    holder.wait()
    with open_store(paths_at(tmp_path / "mind")) as store:
        assert texts(store.db) == ["written by the child"]
