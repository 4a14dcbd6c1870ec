"""Export: everything, in files anybody can read, and nobody else may."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from documents import pdf, prose, transcript, turn
from ownmind.errors import BadInput
from ownmind.memory.export import export
from ownmind.memory.importing import import_paths
from ownmind.memory.memory import Memory
from ownmind.messages import Entry, Integrity, Item, Kind, Label, Source
from ownmind.store.opening import Store, open_throwaway
from store_fixtures import paths_at

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
PERSON = Label(Integrity.PERSON)


@pytest.fixture
def store(own_home: Path) -> Iterator[Store]:
    with open_throwaway(paths_at(own_home)) as opened:
        yield opened


def fill(store: Store, folder: Path) -> Memory:
    """A note, a conversation, a document and a transcript."""
    memory = Memory(store, None, lambda: NOW)
    said = Entry("I am vegetarian. # not a heading", Source("conversation:c1", "conversation"), PERSON, Kind.MESSAGE, NOW, "you", "c1")
    memory.remember([Entry("The door code is 4711.", Source("note:1"), PERSON, at=NOW), said], now=NOW)
    pdf(folder / "paper.pdf", ["Apples.", "Pears."])
    transcript(folder / "chat.jsonl", [turn(number, conversation="trip") for number in range(5)])
    import_paths(memory, store, [folder], now=NOW)
    return memory


def lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_everything_is_there_for_people_and_for_programs(store: Store, tmp_path: Path) -> None:
    """Each item and fact stands in JSON Lines whole, and in Markdown with its time, speaker, page and source."""
    (tmp_path / "in").mkdir()
    memory = fill(store, tmp_path / "in")
    done = export(store, tmp_path / "out", now=NOW)
    out = tmp_path / "out"
    rows = lines(out / "items.jsonl")
    assert done.items == len(rows) == memory.counts()["items"] == 9
    assert {(row["id"], row["text"]) for row in rows} == {(item.id, item.text) for item in memory.items()}
    assert len(lines(out / "facts.jsonl")) == done.facts == len(memory.facts(everything=True))
    assert done.files == sum(path.is_file() for path in out.rglob("*"))
    chat = (out / "conversations" / "trip.md").read_text()
    assert "**Ben** (2023-11-14 22:14 +0000, i" in chat
    assert "transcript:chat.jsonl" in chat
    assert "page 2" in (out / "documents" / "paper.pdf.md").read_text()
    assert "> The door code is 4711." in (out / "notes" / "notes.md").read_text()
    assert "> I am vegetarian. # not a heading" in (out / "conversations" / "c1.md").read_text()
    for fact in memory.facts():
        assert fact.quote in (out / "facts.md").read_text()


def test_an_export_says_that_it_is_not_encrypted(store: Store, tmp_path: Path) -> None:
    """In what the call gives back and in the folder itself."""
    done = export(store, tmp_path / "out", now=NOW)
    assert "not encrypted" in done.warning
    assert "not encrypted" in (tmp_path / "out" / "README.md").read_text()


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX")
def test_only_the_person_can_read_an_export(store: Store, tmp_path: Path) -> None:
    """Folders 0700, files 0600, whatever the umask."""
    (tmp_path / "in").mkdir()
    fill(store, tmp_path / "in")
    before = os.umask(0)
    try:
        export(store, tmp_path / "out", now=NOW)
    finally:
        os.umask(before)
    for path in [tmp_path / "out", *(tmp_path / "out").rglob("*")]:
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600)


def test_nothing_is_overwritten_and_nothing_half_is_left(store: Store, tmp_path: Path) -> None:
    """A folder, a file and a link in the way are refused, a missing parent too; nothing appears beside them."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("mine")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    before = sorted(tmp_path.iterdir())
    for name in ("folder", "file", "link", "no/such/parent"):
        with pytest.raises(BadInput):
            export(store, tmp_path / name, now=NOW)
    assert sorted(tmp_path.iterdir()) == before
    assert (tmp_path / "file").read_text() == "mine"


def test_hostile_titles_stay_inside_the_folder(store: Store, tmp_path: Path) -> None:
    """Conversations named like paths, devices and markup give plain file names of their own, and no line of theirs is markup."""
    memory = Memory(store, None, lambda: NOW)
    names = ["../../etc/passwd", "/abs", "CON", "a/b", "a-b", "..", "x" * 300, "\n# title", "é ☃"]
    for name in names:
        memory.remember(
            [Entry(f"in {name}\n# heading", Source(f"transcript:{name}", "transcript"), PERSON, Kind.TURN, conversation=name)], now=NOW
        )
    export(store, tmp_path / "out", now=NOW)
    files = list((tmp_path / "out" / "conversations").iterdir())
    assert len(files) == len(names)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out"]
    for path in files:
        assert sum(line.startswith("#") for line in path.read_text().splitlines()) == 1


def told(items: list[Item]) -> list[tuple[str, str, float | None, str]]:
    return [(item.conversation, item.speaker, item.at.timestamp() if item.at else None, item.text) for item in items]


TURNS = st.lists(
    st.fixed_dictionaries(
        {
            "id": st.integers(0, 10**6),
            "at": st.none() | st.integers(0, 4_000_000_000) | st.just("2026-03-04T18:20:00+05:30"),
            "speaker": st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8),
            "text": st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=80).filter(str.strip),
            "conversation": st.sampled_from(["trip", "work", "élan"]),
        }
    ),
    min_size=1,
    max_size=12,
    unique_by=lambda line: (str(line["id"]), line["conversation"]),
)


@settings(max_examples=12, deadline=None)
@given(lines=TURNS)
def test_an_export_imported_elsewhere_is_the_same_memory(tmp_path_factory: pytest.TempPathFactory, lines: list[dict[str, object]]) -> None:
    """Any transcript, imported, exported and imported into a new store: the same turns by the same speakers at the same times."""
    folder = tmp_path_factory.mktemp("round")
    with open_throwaway(paths_at(folder / "one")) as one, open_throwaway(paths_at(folder / "two")) as two:
        first, second = Memory(one, None, lambda: NOW), Memory(two, None, lambda: NOW)
        import_paths(first, one, [transcript(folder / "chat.jsonl", lines)], now=NOW)
        export(one, folder / "out", now=NOW)
        done = import_paths(second, two, [folder / "out" / "items.jsonl"], now=NOW)
        assert done.skipped == ()
        for conversation in {str(line["conversation"]) for line in lines}:
            assert told(second.items(conversation=conversation)) == told(first.items(conversation=conversation)) != []
        assert second.counts()["items"] == first.counts()["items"]


def test_a_long_document_is_exported_whole(store: Store, tmp_path: Path) -> None:
    """More items than are held at a time, each once and in order."""
    (tmp_path / "long.txt").write_text(prose(120_000))
    memory = Memory(store, None, lambda: NOW)
    import_paths(memory, store, [tmp_path / "long.txt"], now=NOW)
    export(store, tmp_path / "out", now=NOW)
    rows = lines(tmp_path / "out" / "items.jsonl")
    assert len(rows) > 1000
    assert " ".join(str(row["text"]) for row in rows).split() == (tmp_path / "long.txt").read_text().split()
