"""What may leave: given, narrow, revocable; seen and changed by command, by the socket and from Python alike."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from commandline import quiet_home, running, told
from outside import Outside, allowed, outside
from ownmind import Companion
from ownmind.channels.attach import Attached
from ownmind.channels.cli import run
from ownmind.config import Config
from ownmind.egress import consents
from ownmind.egress.door import Going
from ownmind.egress.frames import End
from ownmind.egress.told import exactly, in_words
from ownmind.errors import BadInput, NotFound
from ownmind.messages import Sent
from ownmind.store.opening import Store, open_store, open_throwaway
from store_fixtures import paths_at

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_throwaway(paths_at(tmp_path / "mind")) as store:
        yield store


def test_a_permission_holds_until_it_is_over(store: Store) -> None:
    """Revoked, run out, used up, spent: from then on it allows nothing, and it can still be read."""
    given = store.permissions
    revoked, dated = (given.give(to, "answer", now=NOW, until=NOW + timedelta(days=1)) for to in ("a.org", "b.org"))
    once, capped = given.give("c.org", "answer", now=NOW, uses=1), given.give("d.org", "answer", now=NOW, spend_cap=5.0)
    for to in ("a.org", "b.org", "c.org", "d.org"):
        assert given.take(to, "answer", now=NOW) is not None
    given.revoke(revoked.id, now=NOW)
    given.spend(capped.id, 4.0)
    assert given.take("d.org", "answer", now=NOW) is not None
    given.spend(capped.id, 1.0)
    for to in ("a.org", "c.org", "d.org"):
        assert given.take(to, "answer", now=NOW) is None
    assert given.take("b.org", "answer", now=NOW + timedelta(days=1)) is None
    assert [one.id for one in given.all()] == [revoked.id, dated.id, once.id, capped.id]
    assert [one.id for one in given.all(holding_at=NOW)] == [dated.id]


def test_the_narrowest_permission_is_taken_and_single_uses_are_kept(store: Store) -> None:
    """One that names the destination before one for anywhere; one that lasts before one that is used up."""
    anywhere = store.permissions.give("*", "answer", now=NOW)
    once = store.permissions.give("a.org", "answer", now=NOW, uses=1)
    lasting = store.permissions.give("a.org", "answer", now=NOW)
    taken = [store.permissions.take(to, "answer", now=NOW) for to in ("a.org", "a.org", "b.org")]
    assert [one.id for one in taken if one is not None] == [lasting.id, lasting.id, anywhere.id]
    store.permissions.revoke(lasting.id, now=NOW)
    taken = [store.permissions.take("a.org", "answer", now=NOW) for _ in range(2)]
    assert [one.id for one in taken if one is not None] == [once.id, anywhere.id]


def test_what_there_is_not_cannot_be_revoked(store: Store) -> None:
    for which in ("p9", "9", "", "p", "p-1", "i1"):
        with pytest.raises(NotFound):
            store.permissions.revoke(which, now=NOW)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("api.example.org", "api.example.org"),
        ("API.Example.org:443", "api.example.org"),
        ("https://api.example.org/", "api.example.org"),
        ("http://api.example.org", "api.example.org:80"),
        ("imap.example.org:993", "imap.example.org:993"),
        ("[2001:db8::1]:8443", "[2001:db8::1]:8443"),
        ("127.0.0.1:11434", "127.0.0.1:11434"),
        ("localhost:11434", "localhost:11434"),
        ("*", "*"),
    ],
)
def test_a_destination_is_written_one_way(said: str, kept: str) -> None:
    assert consents.destination(said) == kept


@pytest.mark.parametrize(
    "said",
    [
        "",
        "a b",
        "a.org/path",
        "user@a.org",
        "a.org:0",
        "a.org:99999",
        "9" * 5000,
        "a.org:" + "4" * 5000,
        "a.org:443443",
        "a.org:0000443",
        "2130706433",
        "0x7f.1",
        "a%2eorg",
        "é.org",
    ],
)
def test_what_is_no_destination_is_refused(said: str) -> None:
    with pytest.raises(BadInput):
        consents.destination(said)


@pytest.fixture
def said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """What a command printed, in this process: a start takes seconds on a busy machine."""
    home = quiet_home(tmp_path)
    with open_store(paths_at(home)):
        pass

    def ask(*words: str, code: int = 0) -> str:
        assert run(["--home", str(home), *words]) == code, words
        return capsys.readouterr().out

    return ask


def test_permissions_by_command(said: Callable[..., str]) -> None:
    """Allow, list, revoke, switch off and on."""
    given = json.loads(said("permissions", "allow", "api.example.org", "answer", "--until", "2030-01-01", "--json"))
    assert given["destination"] == "api.example.org" and given["until"]
    single = json.loads(said("permissions", "allow", "b.example.org:993", "read my mail", "--once", "--cap", "2.5", "--json"))
    assert (single["uses_left"], single["spend_cap"]) == (1, 2.5)
    assert "revoked" in said("permissions", "revoke", given["id"])
    assert [one["id"] for one in json.loads(said("permissions", "--json"))["permissions"]] == [single["id"]]
    assert "Offline" in said("permissions", "offline") and json.loads(said("permissions", "--json"))["offline"] is True
    assert "Online" in said("permissions", "online")
    shown = said("permissions", "--all")
    assert "revoked" in shown and "read my mail at b.example.org:993, 1 time more" in shown
    said("permissions", "allow", "a b", "answer", code=2)
    said("permissions", "revoke", "p99", code=2)


def test_fetching_model_files_is_not_told_as_something_of_yours() -> None:
    """The line at the bottom counts 0 bytes then, and so do the words; what is the person's own is counted apart from it."""
    fetched, asked = (
        Sent(n, datetime(2026, 5, 3, tzinfo=UTC), place, purpose, "p1", size, (), "done", "", None, None, False)
        for n, place, purpose, size in ((1, "models.example.org", "fetch models", 237), (2, "api.example.org", "answer", 1200))
    )
    assert in_words([fetched], 7, []).startswith("0 bytes of yours left this machine this week. 1 request asked for the model files")
    both = in_words([fetched, asked], 7, [])
    assert both.startswith("1 request with 1,200 bytes left this machine this week:") and "1 request asked for model files" in both
    assert "models.example.org" in both


def test_a_running_ownmind_is_asked(tmp_path: Path) -> None:
    """The same commands, through the process that has the home open."""
    home = quiet_home(tmp_path)
    with running(home), Attached(home / "ownmind.sock") as mind:
        given = mind.allow("api.example.org", "answer", once=True, until="2030-01-01", spend_cap=2.5)
        assert [one.id for one in mind.permissions()] == [given.id] and given.uses_left == 1
        assert mind.revoke(given.id).revoked_at is not None and mind.permissions() == []
        assert mind.offline(True) and mind.offline() and not mind.offline(False)
        assert mind.sent(start="2020-01-01", destination="a.org") == [] and mind.verify_ledger() == []
        assert mind.left_in_words() == "Nothing left this machine this week."
        with pytest.raises(NotFound):
            mind.sent_text(7, secrets=True)
        assert told(home, "ledger", "verify") == {"whole": True, "wrong": []}


def test_what_left_is_shown_exactly_filtered_and_exported(said: Callable[..., str], tmp_path: Path) -> None:
    """The rows, one of them exactly (keys hidden unless asked for), a week in words, an export, and a broken chain found."""
    home = paths_at(tmp_path / "mind")
    with outside(Outside()) as place, open_store(home) as store:
        door = allowed(store, place)
        content = b'POST /v1 HTTP/1.1\r\nAuthorization: Bearer sk-123\r\nX-Api-Key: k-456\r\n\r\n{"text": "peanuts"}'
        leave = door.ask(Going(place.destination, "answer", content, ("i1",)))
        leave.ended(End("done", content_out=len(content), wire_out=len(content), bytes_in=3))
        door.ask(Going(place.destination, "answer", b"\xff\x00 no text"))
    rows = json.loads(said("ledger", "--json"))["rows"]
    assert [(row["outcome"], row["consent"]) for row in rows] == [("done", "p1"), ("unknown", "p1")]
    assert "tells i1" in said("ledger") and "Nothing like that" in said("ledger", "--destination", "elsewhere.org")
    assert len(json.loads(said("ledger", "--purpose", "answer", "-k", "1", "--json"))["rows"]) == 1
    assert json.loads(said("ledger", "--to", "2020-01-01", "--json"))["rows"] == []
    shown = said("ledger", "show", "1")
    assert "peanuts" in shown and "sk-123" not in shown and "k-456" not in shown and "not shown" in shown
    assert "Bearer sk-123" in said("ledger", "show", "1", "--secrets")
    assert "\\xff" in said("ledger", "show", "2")
    words = said("ledger", "week")
    assert words.startswith("2 requests with") and "telling 1 memory" in words and "not known" in words
    left = tmp_path / "left.jsonl"
    assert "2 rows" in said("ledger", "export", str(left))
    lines = [json.loads(line) for line in left.read_text().splitlines()]
    assert "peanuts" in lines[0]["content"] and "sk-123" not in lines[0]["content"] and left.stat().st_mode & 0o077 == 0
    said("ledger", "export", str(left), code=2)
    said("ledger", "show", "7", code=2)
    assert "whole" in said("ledger", "verify")
    with open_store(home) as store, store.db.write() as cx:
        cx.execute("DROP TRIGGER ledger_no_update")
        cx.execute("UPDATE ledger SET bytes_out = 1 WHERE id = 1")
    assert "row 1 does not follow" in said("ledger", "verify", code=1)


def test_the_same_from_python() -> None:
    """One function each."""
    with Companion.temporary(config=Config(fetch=False, learn=False)) as mind:
        given = mind.allow("api.example.org", "answer", once=True)
        assert [one.id for one in mind.permissions()] == [given.id]
        mind.revoke(given.id)
        assert mind.permissions() == [] and len(mind.permissions(everything=True)) == 1
        assert mind.offline(True) and mind.status()["egress"]["offline"] is True  # type: ignore[index]
        assert not mind.offline(False)
        assert mind.sent() == [] and mind.verify_ledger() == [] and mind.left_in_words(1) == "Nothing left this machine today."
        with pytest.raises(NotFound):
            mind.sent_text(1)


def test_only_headers_that_open_something_are_hidden() -> None:
    """Not the body, not the rest of the head; a relay's words as they were said."""
    content = b"GET / HTTP/1.1\r\nCookie: a=b\r\nX-Tokens-Left: 5\r\nAccept: */*\r\n\r\nauthorization: in the body"
    shown = exactly(content)
    assert "a=b" not in shown and "Accept: */*" in shown and shown.endswith("authorization: in the body")
    assert exactly(content, secrets=True) == content.decode()
    assert exactly(b"a1 LOGIN ana pw\r\n") == "a1 LOGIN ana pw\r\n"
