"""The ledger as the page asks for it: a few rows at a time, whose consent in words, what was told in them, and files to take away."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ownmind.messages import Entry, Integrity, Label, Source
from served import Served, served

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
AT = NOW.timestamp()


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Served]:
    with served(tmp_path / "home") as page:
        page.enter()
        yield page


def left(page: Served, number: int, items: tuple[str, ...] = (), *, destination: str = "api.example.org", purpose: str = "answer") -> None:
    """So many rows, a minute apart."""
    given = page.house.allow(destination, purpose)
    for n in range(number):
        page.house.store.ledger.append(destination, purpose, consent=given.id, bytes_out=100 + n, at=AT + 60 * n, item_ids=items)


def rows(page: Served, query: str = "") -> tuple[list[dict[str, object]], object]:
    status, said = page.ask("GET", f"/api/ledger{query}")
    assert status == 200 and isinstance(said["rows"], list)
    return said["rows"], said["total"]


def test_a_few_rows_at_a_time_and_how_many_there_are(page: Served) -> None:
    """The newest first by pages, filtered by time, destination and purpose; the two lists to choose from."""
    left(page, 5)
    left(page, 2, destination="b.example.org", purpose="read my mail")
    found, total = rows(page, "?k=3&skip=1")
    assert ([row["id"] for row in found], total) == ([4, 5, 6], 7)
    assert rows(page, "?destination=b.example.org")[1] == 2 and rows(page, "?purpose=answer&to=2026-11-20T12:02:00Z")[1] == 2
    assert page.ask("GET", "/api/ledger/named")[1] == {
        "destinations": ["api.example.org", "b.example.org"],
        "purposes": ["answer", "read my mail"],
    }
    for wrong in ("k=0", "skip=-1", "skip=x", "from=yesterday"):
        assert page.ask("GET", f"/api/ledger?{wrong}")[0] == 400


def test_a_row_says_by_whose_consent_and_what_was_told_until_it_is_forgotten(page: Served) -> None:
    memory = page.house.memory
    mine = Label(Integrity.PERSON)
    kept, gone = memory.remember(
        [Entry("Ana is allergic to peanuts.", Source("note:1"), mine), Entry("Ben plays.", Source("note:2"), mine)], now=NOW
    )
    left(page, 1, (kept, gone))
    memory.forget(memory.plan_forget(gone))
    (row,), _ = rows(page)
    assert row["by"] == "You allowed it (p1: answer at api.example.org, until you revoke it)."
    assert row["tells"] == [{"id": kept, "begins": "Ana is allergic to peanuts."}, {"id": gone, "begins": None}]


@pytest.mark.parametrize("kind", ["csv", "json"])
def test_the_rows_asked_for_are_a_file(page: Served, kind: str) -> None:
    """Named as one, and only for a session; nothing in it is a formula to a spreadsheet."""
    left(page, 2)
    left(page, 1, purpose="=HYPERLINK(1)")
    response = page.raw("GET", f"/api/ledger/export?format={kind}&destination=api.example.org", page.own())
    assert response.status == 200 and response.getheader("content-disposition") == f'attachment; filename="ownmind-ledger.{kind}"'
    text = response.read().decode("utf-8-sig")
    found = list(csv.DictReader(io.StringIO(text))) if kind == "csv" else json.loads(text)
    assert [row["bytes_out"] for row in found] == (["100", "101", "100"] if kind == "csv" else [100, 101, 100])
    assert found[2]["purpose"] == ("'=HYPERLINK(1)" if kind == "csv" else "=HYPERLINK(1)")
    page.cookie = ""
    assert page.ask("GET", f"/api/ledger/export?format={kind}")[0] == 401


def test_an_earlier_conversation_has_its_actions_under_their_replies(page: Served, tmp_path: Path) -> None:
    """As they are now: what waited and was denied since says so; the values keep where they came from."""
    said = page.lines("/api/turn", {"text": "Read http://nowhere.invalid/bakery"})
    reply = said[-1]["reply"]
    assert isinstance(reply, dict)
    page.house.decline(reply["actions"][0]["id"])
    _, told = page.ask("GET", f"/api/conversations/{reply['conversation']}")
    assert isinstance(told["messages"], list)
    asked, answered = told["messages"]
    assert asked["actions"] == [] and [(each["id"], each["state"]) for each in answered["actions"]] == [("a1", "denied")]
    assert answered["actions"][0]["arguments"][0]["origin"] == "your own words"
