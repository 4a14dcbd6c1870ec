"""Remember and read again."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ownmind.bench import stage
from ownmind.errors import NotFound
from ownmind.memory.memory import Memory
from ownmind.messages import Entry, Integrity, Kind, Label, Source, Span
from ownmind.models.embedding.embedder import HashEmbedder

NOW = datetime(2026, 11, 18, 12, tzinfo=UTC)
MINE = Label(Integrity.PERSON)


@pytest.fixture
def memory() -> Iterator[Memory]:
    with stage.memory(HashEmbedder(), NOW) as (memory, _store):
        yield memory


def note(text: str, ref: str = "note:1", **other: object) -> Entry:
    return Entry(text, Source(ref), MINE, at=NOW, **other)  # type: ignore[arg-type]  # fields of Entry


def test_an_item_comes_back_whole(memory: Memory) -> None:
    """Text, span, page, speaker, time with its zone, source and label are as they were given."""
    at = datetime.fromisoformat("2026-05-04T23:30:00+05:30")
    source = Source("file:/home/ana/diary.pdf", "document", "Diary", "application/pdf")
    entry = Entry("Zoë wrote:\n  “café” 🌊", source, Label(Integrity.UNTRUSTED), Kind.PASSAGE, at, "Ana", "diary", "p1", Span(10, 31), 3)
    (name,) = memory.remember([entry], now=NOW)
    item = memory.item(name)
    assert (item.text, item.source, item.label, item.kind, item.at, item.speaker, item.conversation, item.span, item.page) == (
        entry.text, source, entry.label, entry.kind, at, "Ana", "diary", Span(10, 31), 3,
    )  # fmt: skip
    assert item.at is not None and item.at.utcoffset() == timedelta(hours=5, minutes=30)
    assert item.learned_at == NOW


def test_remembering_twice_adds_nothing(memory: Memory) -> None:
    """The same entries again give the ids they have."""
    entries = [note("I like figs"), note("I like dates", external_id="x1"), note("I like figs", "note:2")]
    first = memory.remember(entries, now=NOW)
    assert len(set(first)) == 3
    assert memory.remember(entries, now=NOW + timedelta(days=1)) == first
    assert memory.counts()["items"] == 3


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.text(min_size=1, max_size=30), st.sampled_from(["", "c1", "c2"]), st.sampled_from(["", "7", "8"])), max_size=12)
)
def test_any_batch_remembered_twice_adds_nothing(memory: Memory, drawn: list[tuple[str, str, str]]) -> None:
    """A law: one id an entry, the same ids again, and no more items than before."""
    entries = [note(text, conversation=conversation, external_id=external) for text, conversation, external in drawn]
    first = memory.remember(entries, now=NOW)
    count = memory.counts()["items"]
    assert len(first) == len(entries) and all(first)
    assert memory.remember(entries, now=NOW) == first
    assert memory.counts()["items"] == count


def test_the_same_words_at_another_time_are_another_item(memory: Memory) -> None:
    """Saying "yes" twice in a conversation is two messages."""
    entries = [Entry("yes", Source("conversation:c1"), MINE, Kind.MESSAGE, NOW + timedelta(minutes=i), conversation="c1") for i in range(2)]
    assert len(set(memory.remember(entries, now=NOW))) == 2
    assert [item.position for item in memory.items(conversation="c1")] == [0, 1]


def test_memory_works_before_the_embedder_is_there() -> None:
    """Words are found at once; when the embedder arrives, the backlog is embedded and meaning joins in."""
    with stage.memory(None, NOW) as (memory, _store):
        memory.remember([note("The boiler was serviced in March"), note("Figs are ripe", "note:2")], now=NOW)
        assert memory.recall("boiler", now=NOW)[0].text.startswith("The boiler")
        memory.use(HashEmbedder())
        assert memory.counts()["unembedded"] == 2
        assert memory.embed_backlog(10) == 2 and memory.embed_backlog(10) == 0
        assert memory.counts()["unembedded"] == 0
        assert memory.recall("boiler", now=NOW)[0].signals["cosine"] > 0.1


def test_an_id_that_is_not_there_is_said_so(memory: Memory) -> None:
    """Neither an empty answer nor a traceback."""
    for name in ("i99", "nonsense", "f", ""):
        with pytest.raises(NotFound):
            memory.item(name)


def test_two_threads_remember_and_recall_at_once(memory: Memory) -> None:
    """Nothing is lost, doubled or raised while both go on."""
    failures: list[BaseException] = []

    def write(who: str) -> None:
        try:
            for i in range(30):
                (name,) = memory.remember([note(f"{who} saw heron number {i}", f"note:{who}{i}")], now=NOW)
                assert memory.item(name).text.startswith(who)
        except Exception as error:  # noqa: BLE001  # shown below
            failures.append(error)

    def read() -> None:
        try:
            for _ in range(40):
                memory.recall("who saw a heron?", now=NOW)
        except Exception as error:  # noqa: BLE001  # shown below
            failures.append(error)

    threads = [threading.Thread(target=write, args=(who,)) for who in ("Ana", "Ben")] + [threading.Thread(target=read) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert memory.counts()["items"] == 60 == memory.counts()["vectors"]
    assert memory.recall("heron number 29", now=NOW)[0].text.endswith("number 29")


def test_a_note_without_a_date_is_said_when_it_is_written_down() -> None:
    """So "last month" in it means something, and writing it down again adds nothing; somebody else's words stay undated."""
    with stage.memory(None, NOW) as (memory, _):
        mine = Entry("Ana moved to Porto last month.", Source("note:terminal"), Label(Integrity.PERSON))
        theirs = replace(mine, text="We moved last month.", speaker="Ben")
        (first, other) = memory.remember([mine, theirs], now=NOW)
        assert memory.remember([mine], now=NOW + timedelta(days=3)) == [first]
        assert (memory.item(first).at, memory.item(other).at) == (NOW, None)
        (event,) = memory.timeline()
        assert (event.item_id, event.precision) == (first, "month")
        memory.forget(first)
        assert memory.remember([replace(mine, text="ana moved to  Porto last month")], now=NOW) == [""]
