"""Forgetting is real."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from ownmind.bench import stage
from ownmind.errors import BadInput, NotFound
from ownmind.memory.facts import Candidate
from ownmind.memory.memory import Memory
from ownmind.messages import Cited, Entry, Integrity, Kind, Label, Source, Span
from ownmind.models.embedding.embedder import HashEmbedder
from ownmind.store.opening import Store

NOW = datetime(2026, 11, 18, 12, tzinfo=UTC)
MINE, THEIRS, OURS = Label(Integrity.PERSON), Label(Integrity.UNTRUSTED), Label(Integrity.COMPANION)
SECRET = "The vault code is quillfeather zanzibar 4711"


@pytest.fixture
def room() -> Iterator[tuple[Memory, Store]]:
    with stage.memory(HashEmbedder(), NOW) as (memory, store):
        memory.remember(
            [Entry(f"The {word} is on the table", Source(f"note:{word}"), MINE, at=NOW) for word in ("lamp", "book", "vase")], now=NOW
        )
        yield memory, store


def everywhere(store: Store, needle: str) -> list[str]:
    """Every table and column, shadow tables too, and every page, that holds ``needle`` in any case."""
    found = []
    raw = needle.lower().encode()
    with store.db.read() as cx:
        for (table,) in cx.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall():
            for (column,) in cx.execute("SELECT name FROM pragma_table_info(?)", (table,)).fetchall():
                values = cx.execute(f'SELECT "{column}" FROM "{table}"')
                if any(raw in (value if isinstance(value, bytes) else str(value).encode()).lower() for (value,) in values):
                    found.append(f"{table}.{column}")
        if raw in cx.serialize("main").lower():
            found.append("pages")
    return found


def say(memory: Memory, text: str, reply: str, at: datetime = NOW) -> tuple[str, str]:
    source = Source("conversation:c1", "conversation")
    entries = [
        Entry(text, source, MINE, Kind.MESSAGE, at, conversation="c1"),
        Entry(reply, source, OURS, Kind.REPLY, at, conversation="c1"),
    ]
    said, replied = memory.remember(entries, now=at)
    return said, replied


def test_forgetting_leaves_no_trace(room: tuple[Memory, Store]) -> None:
    """Not in any table, shadow table or page; the same search found it in several before (the control)."""
    memory, store = room
    (name,) = memory.remember([Entry(SECRET, Source("note:9"), MINE, at=NOW)], now=NOW)
    memory.recall("vault code", now=NOW)
    before = everywhere(store, "quillfeather")
    assert {"items.text", "pages"} <= set(before)
    receipt = memory.forget(name)
    assert receipt.verified and receipt.items == (name,) and receipt.removed["items"] == receipt.removed["vectors"] == 1
    assert everywhere(store, "quillfeather") == everywhere(store, "zanzibar") == []
    assert all(one.id != name for one in memory.recall("vault code quillfeather", now=NOW))
    with pytest.raises(NotFound):
        memory.item(name)


def test_a_dry_run_removes_nothing(room: tuple[Memory, Store]) -> None:
    """The plan counts what forgetting then removes."""
    memory, _ = room
    (name,) = memory.remember([Entry("I am allergic to peanuts", Source("note:9"), MINE, at=NOW)], now=NOW)
    plan = memory.plan_forget("peanuts")
    assert [item.id for item in plan.items] == [name] and memory.item(name)
    receipt = memory.forget(plan)
    for place in ("items", "facts", "vectors", "index", "replies", "blobs"):
        assert receipt.removed[place] == plan.counts[place], place
    assert plan.counts["facts"] == 1 and memory.facts() == []


def test_importing_again_does_not_bring_it_back(room: tuple[Memory, Store]) -> None:
    """By its source's id, and by its words whatever their blanks and case; the same words from elsewhere are another thing."""
    memory, _ = room
    by_id = Entry("Ben told me about the vault", Source("transcript:t"), THEIRS, Kind.TURN, NOW, "Ben", "t", "t1")
    passage = Entry("The vault is below the mill.", Source("file:a.txt"), THEIRS, Kind.PASSAGE, NOW, span=Span(0, 28))
    for name in memory.remember([by_id, passage], now=NOW):
        memory.forget(name)
    edited = Entry("the  vault is below the mill", Source("file:a.txt"), THEIRS, Kind.PASSAGE, NOW + timedelta(days=1), span=Span(5, 33))
    count = memory.counts()["items"]
    assert memory.remember([by_id, passage, edited], now=NOW) == ["", "", ""]
    assert memory.counts()["items"] == count
    assert memory.remember([Entry(passage.text, Source("note:new"), MINE, at=NOW)], now=NOW) != [""]


def test_replies_made_of_it_go_too(room: tuple[Memory, Store]) -> None:
    """The reply that answered it, one that cites it and one that repeats it; another reply stays."""
    memory, store = room
    said, answered = say(memory, SECRET, "I'll keep that code.")
    _, cites = say(memory, "What opens it?", "A code you gave me.", NOW + timedelta(minutes=1))
    _, repeats = say(memory, "Say it", f"Here: {SECRET.upper()}!", NOW + timedelta(minutes=2))
    _, other = say(memory, "How are you?", "Well, thank you.", NOW + timedelta(minutes=3))
    store.conversations.keep_reply(cites, sources=[Cited(said, SECRET, "conversation:c1", "", NOW, "", "vault code")], known=True, brain="")
    receipt = memory.forget(said)
    assert set(receipt.items) == {said, answered, cites, repeats} and receipt.removed["replies"] == 3 and receipt.verified
    assert memory.item(other).text == "Well, thank you."
    assert everywhere(store, "quillfeather") == []


def test_a_fact_lives_on_another_source(room: tuple[Memory, Store]) -> None:
    """Forgetting one of two items a fact rests on leaves the fact; forgetting the second takes it."""
    memory, _ = room
    entries = [
        Entry(text, Source(f"file:{i}"), THEIRS, Kind.PASSAGE, NOW)
        for i, text in enumerate(("Ana lives in Lyon", "Yes, Ana lives in Lyon"))
    ]
    names = memory.remember(entries, now=NOW)
    for name in names:
        item = memory.item(name)
        start = item.text.index("Ana")
        memory.store_facts(
            item, [Candidate("Ana", "lives in", "Lyon", "Ana lives in Lyon", item.text[start:], Span(start, len(item.text)))], NOW
        )
    assert memory.forget(names[0]).removed["facts"] == 0
    assert [fact.item_id for fact in memory.facts(about="Ana")] == [names[1]]
    assert memory.forget(names[1]).removed["facts"] == 1
    assert memory.facts(about="Ana") == []


def test_forgetting_a_fact_takes_the_words_it_rests_on(room: tuple[Memory, Store]) -> None:
    """Or it could be read off them again; and what it had superseded is believed again."""
    memory, store = room
    memory.remember([Entry("I live in Paris", Source("note:p"), MINE, at=NOW - timedelta(days=9))], now=NOW)
    memory.remember([Entry("I live in Quillstadt", Source("note:q"), MINE, at=NOW)], now=NOW)
    (fact,) = memory.facts()
    assert fact.object == "Quillstadt"
    assert memory.forget(fact.id).verified
    assert [one.object for one in memory.facts()] == ["Paris"]
    assert everywhere(store, "quillstadt") == []


def test_a_source_or_conversation_goes_as_a_whole(room: tuple[Memory, Store]) -> None:
    """With the kept file it was read from."""
    memory, store = room
    blob = store.blobs.add(io.BytesIO(SECRET.encode()), now=NOW.timestamp())
    source = Source("file:diary.txt", "document")
    memory.remember([Entry(f"Page {i} of the diary", source, THEIRS, Kind.PASSAGE, span=Span(i, i + 1)) for i in range(5)], now=NOW)
    with store.db.write() as cx:
        cx.execute("UPDATE sources SET blob_id = ? WHERE ref = ?", (blob, source.ref))
    receipt = memory.forget("file:diary.txt")
    assert receipt.removed["items"] == 5 and receipt.removed["blobs"] == 1 and receipt.removed["sources"] == 1 and receipt.verified
    with pytest.raises(NotFound):
        store.blobs.read(blob)
    say(memory, "Hello there friend", "Hello!")
    assert memory.forget("c1").removed["items"] == 2 and memory.items(conversation="c1") == []


def test_words_forget_only_what_holds_them_all(room: tuple[Memory, Store]) -> None:
    """Conservative: an item that only resembles the query stays."""
    memory, _ = room
    assert [item.text for item in memory.plan_forget("the lamp on the table").items] == ["The lamp is on the table"]
    for nothing in ("the lamp and the sofa", "the of and", "i999", "f999"):
        with pytest.raises(NotFound):
            memory.plan_forget(nothing)
    with pytest.raises(BadInput):
        memory.plan_forget("  ")


def test_what_another_item_says_may_stay(room: tuple[Memory, Store]) -> None:
    """Two items with the same words: one goes, the other is still there, and that is no trace of the first."""
    memory, _ = room
    first, second = memory.remember([Entry("Thursday works for everyone", Source(f"note:{i}"), MINE, at=NOW) for i in range(2)], now=NOW)
    assert memory.forget(first).verified
    assert memory.item(second).text == "Thursday works for everyone"


def test_a_trace_is_told(room: tuple[Memory, Store]) -> None:
    """The control of ``verified``: words left somewhere forgetting does not reach make it false."""
    memory, store = room
    (name,) = memory.remember([Entry(SECRET, Source("note:9"), MINE, at=NOW)], now=NOW)
    with store.db.write() as cx:
        cx.execute("CREATE TABLE elsewhere (x)")
        cx.execute("INSERT INTO elsewhere VALUES (?)", (SECRET,))
    assert not memory.forget(name).verified
