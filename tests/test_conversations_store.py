"""A conversation in pages: what stands where, from the encrypted store."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from ownmind.errors import NotFound
from ownmind.memory.memory import Memory
from ownmind.messages import Entry, Integrity, Kind, Label, Source
from ownmind.paths import Paths
from ownmind.store.conversations import Conversations
from ownmind.store.opening import open_throwaway

BEGAN = datetime(2026, 1, 1, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Conversations]:
    """One hundred messages, one a day."""
    folder = tmp_path_factory.mktemp("talk")
    with open_throwaway(Paths(folder / "home", folder / "cache")) as store:
        source = Source("conversation:long", "conversation", "a test")
        entries = [
            Entry(f"message {n}", source, Label(Integrity.PERSON), Kind.MESSAGE, BEGAN + timedelta(days=n), conversation="long")
            for n in range(100)
        ]
        Memory(store, None, lambda: BEGAN).remember(entries, now=BEGAN)
        yield store.conversations


def numbers(held: Conversations, limit: int = 10, **where: object) -> tuple[list[int], int]:
    page = held.page("long", limit, **where)  # type: ignore[arg-type]  # the test names them
    assert page.total == 100
    return [int(said.text.split()[1]) for said in page.messages], page.first


def test_the_newest_come_first_and_the_rest_page_by_page(held: Conversations) -> None:
    """From the end to the beginning, each message once, in order."""
    found, first = numbers(held)
    assert (found, first) == (list(range(90, 100)), 90)
    seen = found
    while first:
        found, first = numbers(held, before=held.page("long", 100).messages[first].id)
        seen = found + seen
    assert seen == list(range(100))


def test_pages_go_forward_too_and_the_last_may_be_short(held: Conversations) -> None:
    """After a message come those right after it; after the last none."""
    everything = held.messages("long")
    assert numbers(held, after=everything[93].id) == ([94, 95, 96, 97, 98, 99], 94)
    assert numbers(held, after=everything[99].id) == ([], 100)
    assert numbers(held, before=everything[3].id) == ([0, 1, 2], 0)


@pytest.mark.parametrize(("at", "first"), [(50, 45), (2, 0), (99, 90)])
def test_a_page_around_a_message_holds_it_and_is_full(held: Conversations, at: int, first: int) -> None:
    """In the middle, at the beginning and at the end."""
    found, begins = numbers(held, around=held.messages("long")[at].id)
    assert (begins, len(found)) == (first, 10) and at in found


def test_a_day_leads_to_the_first_message_said_then(held: Conversations) -> None:
    """With a few before it; a day after everything leads to the end."""
    found, _ = numbers(held, on=BEGAN + timedelta(days=39, hours=1))
    assert found[4] == 40
    assert numbers(held, on=BEGAN + timedelta(days=500))[0][-1] == 99


def test_a_message_that_is_not_there_is_said(held: Conversations) -> None:
    """Forgotten meanwhile, of another conversation, or no id at all."""
    for wrong in ("i999999", "f1", "nonsense"):
        with pytest.raises(NotFound):
            held.page("long", 10, before=wrong)
    assert held.page("nothing", 10).total == 0
