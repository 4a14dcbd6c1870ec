"""Importing: everything once, nothing lost, whatever happens in the middle."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from documents import as_root, outcome, pdf, prose, transcript, turn, word
from ownmind.errors import DiskFull
from ownmind.memory.facts import Candidate
from ownmind.memory.importing import import_paths
from ownmind.memory.memory import Memory
from ownmind.messages import Imported, Integrity, Item, Kind, Progress, Span
from ownmind.models.embedding.embedder import HashEmbedder
from ownmind.senses.sandbox import Limits
from ownmind.store.opening import Store, open_store, open_throwaway
from store_fixtures import child, paths_at

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


class Mind:
    """A store with its memory, as the house has it."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.memory = Memory(store, HashEmbedder(), lambda: NOW)

    def take_in(self, *paths: Path, **more: object) -> Imported:
        return import_paths(self.memory, self.store, paths, now=NOW, **more)  # type: ignore[arg-type]

    def items(self, source: str | None = None) -> list[Item]:
        return self.memory.items(source=source, limit=1_000_000)


@pytest.fixture
def mind(own_home: Path) -> Iterator[Mind]:
    with open_throwaway(paths_at(own_home)) as store:
        yield Mind(store)


def reasons(imported: Imported) -> dict[str, str]:
    return {Path(thing.where).name: thing.reason for thing in imported.skipped}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """One of each kind, all good."""
    inside = tmp_path / "papers"
    inside.mkdir()
    (inside / "note.md").write_text("# Garden\n\n" + prose(400))
    (inside / "plain.txt").write_text(prose(300, seed=1))
    (inside / "page.html").write_text("<html><h1>Lyon</h1><p>We walked by the river all day.</html>")
    pdf(inside / "paper.pdf", ["Page one speaks of apples.", "Page two speaks of pears."])
    word(inside / "letter.docx", [("Dear Ana", ["The key is under the mat."])])
    transcript(inside / "chat.jsonl", [turn(number) for number in range(30)])
    return inside


def test_every_kind_of_file_is_remembered_with_its_place(mind: Mind, folder: Path) -> None:
    """All six kinds give items that say where they stand: source, span, page, time, speaker; and all are untrusted."""
    done = mind.take_in(folder)
    assert done.skipped == ()
    assert done.sources == 6
    assert done.items == len(mind.items())
    titles = {item.source.title for item in mind.items()}
    assert titles == {"note.md", "plain.txt", "page.html", "paper.pdf", "letter.docx", "chat.jsonl"}
    assert all(item.label.integrity is Integrity.UNTRUSTED for item in mind.items())
    assert [item.page for item in mind.items(f"file:{folder}/paper.pdf")] == [1, 2]
    text = (folder / "note.md").read_text()
    for item in mind.items(f"file:{folder}/note.md"):
        assert item.span is not None
        assert text[item.span.start : item.span.end] == item.text
        assert item.kind is Kind.PASSAGE
        assert item.at is not None
    turns = mind.items("transcript:chat.jsonl")
    assert [item.text for item in turns] == [turn(number)["text"] for number in range(30)]
    assert {item.speaker for item in turns} == {"Ana", "Ben"}
    assert {item.conversation for item in turns} == {"chat.jsonl"}
    assert mind.memory.recall("where is the key?", k=1)[0].item.source.title == "letter.docx"


def test_an_assumed_encoding_is_kept_with_the_source(mind: Mind, tmp_path: Path) -> None:
    """The words may look wrong one day: the source says what was assumed about them."""
    (tmp_path / "old.txt").write_bytes("Café".encode("cp1252"))
    mind.take_in(tmp_path)
    (item,) = mind.items()
    assert item.text == "Café"
    assert item.source.media_type == "text/plain; charset=cp1252"


@pytest.mark.skipif(os.name != "posix", reason="names are bytes only on POSIX")
def test_a_file_of_any_name_is_read(mind: Mind, tmp_path: Path) -> None:
    """A line break and bytes that are no text in the name, also for what is read in the child process."""
    for number, suffix in enumerate((b".txt", b".pdf", b".jsonl")):
        path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff\nname" + suffix))
        text = f"number {number}"
        if suffix == b".txt":
            path.write_text(text)
        elif suffix == b".jsonl":
            transcript(path, [turn(1, text)])
        else:
            pdf(tmp_path / "plain.pdf", [text]).rename(path)
    assert mind.take_in(tmp_path).skipped == ()
    assert sorted(item.text for item in mind.items()) == ["number 0", "number 1", "number 2"]
    assert all(item.source.ref.isprintable() and item.source.title.isprintable() for item in mind.items())


def test_a_second_import_adds_nothing(mind: Mind, folder: Path) -> None:
    """Also after the files were touched, copied and moved: the same bytes are known."""
    first = mind.take_in(folder)
    ids = [item.id for item in mind.items()]
    os.utime(folder / "note.md")
    shutil.copy(folder / "plain.txt", folder / "copy.txt")
    (folder / "paper.pdf").rename(folder / "moved.pdf")
    second = mind.take_in(folder)
    assert (second.sources, second.items) == (0, 0)
    assert second.already_known >= first.items
    assert [item.id for item in mind.items()] == ids


def test_what_was_dropped_on_the_page_is_known_by_its_name(mind: Mind, tmp_path: Path) -> None:
    """Two files of one name stay apart, the same one is known, and no passing path is kept."""
    for number, text in enumerate(("The first letter.", "The second letter.", "The first letter.")):
        passing = tmp_path / f"given-{number}"
        passing.mkdir()
        (passing / "letter.txt").write_text(text)
        mind.take_in(passing / "letter.txt", given_in=passing)
    assert [item.text for item in mind.items()] == ["The first letter.", "The second letter."]
    assert all(item.source.ref.startswith("given:letter.txt~") for item in mind.items())


def test_the_original_is_kept_sealed(mind: Mind, folder: Path) -> None:
    """The very bytes come back from the store, and stand nowhere in its folder."""
    original = (folder / "letter.docx").read_bytes()
    mind.take_in(folder / "letter.docx")
    with mind.store.db.read() as cx:
        (blob,) = [row[0] for row in cx.execute("SELECT blob_id FROM sources")]
    assert mind.store.blobs.read(blob) == original
    for path in mind.store.paths.home.rglob("*"):
        assert not path.is_file() or original[:64] not in path.read_bytes()


def test_a_changed_document_replaces_itself(mind: Mind, tmp_path: Path) -> None:
    """Passages still in it keep their ids and take their new place, new ones come in, old ones go, and order is the document's."""
    path = tmp_path / "note.md"
    parts = [f"# Part {number}\n\n{prose(100, seed=number)}" for number in range(4)]
    path.write_text("".join(parts))
    mind.take_in(path)
    assert mind.memory.recall("the garden")  # the old vectors are in memory now
    before = {item.text: item.id for item in mind.items()}
    path.write_text("".join([parts[0], "# New\n\n" + prose(100, seed=9), parts[2], parts[3]]))
    done = mind.take_in(path)
    after = mind.items(f"file:{path}")
    text = path.read_text()
    assert [item.span.start for item in after if item.span] == sorted(item.span.start for item in after if item.span)
    assert all(item.span is not None and text[item.span.start : item.span.end] == item.text for item in after)
    assert {item.text: item.id for item in after if item.text in before} == {t: i for t, i in before.items() if t in text}
    assert not any("Sentence 1-" in item.text for item in mind.items())
    assert any("Sentence 9-" in item.text for item in after)
    assert 0 < done.items < len(after)
    recalled = mind.memory.recall("the garden in week 3, part 1", k=20)
    assert recalled
    assert {found.id for found in recalled} <= {item.id for item in after}


def test_a_document_that_changes_back_comes_back(mind: Mind, tmp_path: Path) -> None:
    """Replacing is not forgetting: nothing keeps the old words from being remembered again."""
    path = tmp_path / "note.txt"
    for text in ("The meeting is on Monday.", "The meeting is on Tuesday.", "The meeting is on Monday."):
        path.write_text(text)
        mind.take_in(path)
        assert [item.text for item in mind.items()] == [text]


def test_what_a_confirmed_fact_rests_on_stays(mind: Mind, tmp_path: Path) -> None:
    """A person confirmed a fact: the passage it quotes is kept although the document no longer holds it."""
    path = tmp_path / "chat.txt"
    path.write_text("Ana is allergic to peanuts.")
    mind.take_in(path)
    (item,) = mind.items()
    words = Candidate("Ana", "is allergic to", "peanuts", "Ana is allergic to peanuts", "allergic to peanuts", Span(7, 26))
    (fact,) = mind.memory.store_facts(item, [words], NOW)
    mind.memory.keep(fact.id)
    path.write_text("Nothing of the kind.")
    mind.take_in(path)
    assert {item.text for item in mind.items()} == {"Ana is allergic to peanuts.", "Nothing of the kind."}
    assert [kept.id for kept in mind.memory.facts()] == [fact.id]


def test_a_fact_nobody_confirmed_goes_with_its_words(mind: Mind, tmp_path: Path) -> None:
    """And what it had superseded is current again."""
    old, new = tmp_path / "old.txt", tmp_path / "new.txt"
    old.write_text("Ana lives in Lyon.")
    new.write_text("Ana lives in Nice.")
    facts = []
    for path, city, days in ((old, "Lyon", -1), (new, "Nice", 0)):
        mind.take_in(path)
        item = mind.items()[-1]
        since = NOW + timedelta(days=days)
        words = Candidate("Ana", "lives in", city, f"Ana lives in {city}", f"lives in {city}", Span(4, 17), valid_from=since)
        facts += mind.memory.store_facts(item, [words], NOW)
    assert [fact.id for fact in mind.memory.facts()] == [facts[1].id]
    new.write_text("Ana has moved.")
    mind.take_in(new)
    assert [fact.id for fact in mind.memory.facts()] == [facts[0].id]


def test_a_transcript_that_grew_adds_only_what_is_new(mind: Mind, tmp_path: Path) -> None:
    """Also when it moved, and when the export dropped its oldest turns; those stay."""
    path = transcript(tmp_path / "chat.jsonl", [turn(number) for number in range(20)])
    mind.take_in(path)
    (tmp_path / "later").mkdir()
    path = transcript(tmp_path / "later" / "chat.jsonl", [turn(number) for number in range(10, 40)])
    done = mind.take_in(path)
    assert (done.items, done.already_known) == (20, 10)
    assert [item.text for item in mind.items()] == [turn(number)["text"] for number in range(40)]


def test_two_chats_of_the_same_name_stay_apart(mind: Mind, tmp_path: Path) -> None:
    """Both number their turns from one, in files called chat.jsonl: neither loses a turn."""
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        transcript(tmp_path / name / "chat.jsonl", [turn(number, f"{name} says {number}") for number in range(10)])
    done = mind.take_in(tmp_path)
    assert (done.items, done.sources) == (20, 2)
    assert mind.take_in(tmp_path).items == 0
    transcript(tmp_path / "b" / "chat.jsonl", [turn(number, f"b says {number}") for number in range(15)])
    assert mind.take_in(tmp_path).items == 5


def test_ids_need_to_be_unique_only_within_a_conversation(mind: Mind, tmp_path: Path) -> None:
    """One file, two conversations that both begin with turn 0."""
    turns = [turn(number, f"{name} {number}", conversation=name) for name in ("trip", "work") for number in range(5)]
    assert mind.take_in(transcript(tmp_path / "all.jsonl", turns)).items == 10
    assert [item.text for item in mind.memory.items(conversation="work")] == [f"work {number}" for number in range(5)]


def test_bad_lines_and_repeated_ids_are_named_and_the_rest_is_remembered(mind: Mind, tmp_path: Path) -> None:
    """A line that is no JSON by its number; an id with other words by the id; the very same turn twice counts as known."""
    lines = [turn(0), turn(1), "{broken", turn(1), turn(0, "other words"), turn(2)]
    done = mind.take_in(transcript(tmp_path / "chat.jsonl", lines))
    assert (done.items, done.already_known) == (3, 1)
    assert {(thing.where, thing.reason[:8]) for thing in done.skipped} == {
        ("chat.jsonl line 3", "not JSON"),
        ("chat.jsonl turn t0", "a turn w"),
    }


def test_what_cannot_be_read_is_listed_and_nothing_else_is_lost(mind: Mind, folder: Path) -> None:
    """Empty, binary, protected, scanned, damaged, forbidden and too large files each have a reason; all good files are in."""
    (folder / "empty.txt").touch()
    (folder / "blank.txt").write_text(" \n\n")
    (folder / "binary.dat").write_bytes(bytes(range(256)) * 10)
    pdf(folder / "protected.pdf", ["x"], password="secret")
    pdf(folder / "scan.pdf", ["x"], picture=True)
    (folder / "damaged.docx").write_bytes((folder / "letter.docx").read_bytes()[:500])
    (folder / "huge.txt").write_text(prose(40_000))
    (folder / "log.jsonl").write_text('{"level": "info"}\n' * 5)
    (folder / "forbidden.txt").write_text("x")
    (folder / "forbidden.txt").chmod(0)
    done = mind.take_in(folder, limits=Limits(file=100_000))
    expected = {
        "empty.txt": "empty",
        "blank.txt": "no text",
        "binary.dat": "it is no text",
        "protected.pdf": "password",
        "scan.pdf": "pictures",
        "damaged.docx": "damaged",
        "huge.txt": "MB that are read",
        "log.jsonl": "not a transcript",
        **({} if as_root() else {"forbidden.txt": "permission"}),
    }
    found = reasons(done)
    assert set(found) == set(expected)
    assert all(reason in found[name] for name, reason in expected.items())
    assert done.sources == 6 + as_root()


def test_how_far_a_long_text_is_grows_while_it_is_read(mind: Mind, tmp_path: Path) -> None:
    """So that the time it still takes can be said."""
    (tmp_path / "diary.txt").write_text(
        "\n\n".join(f"On day {day} the heron stood by the {day % 97}th boat. {'It rained. ' * 60}" for day in range(900))
    )
    told: list[Progress] = []
    mind.take_in(tmp_path, on_progress=told.append)
    behind = [each.done for each in told]
    assert len(behind) > 2 and behind == sorted(behind) and behind[0] > 0 and behind[-1] == told[-1].total


def test_a_file_that_changes_or_vanishes_meanwhile_is_listed(mind: Mind, tmp_path: Path) -> None:
    """What was read of it stays; the next import finishes it."""
    first = transcript(tmp_path / "a.jsonl", [turn(number) for number in range(600)])
    second = tmp_path / "b.txt"
    second.write_text("soon gone")

    def meddle(progress: Progress) -> None:
        if second.exists():
            second.unlink()
            with first.open("a") as file:
                file.write("\n")

    done = mind.take_in(tmp_path, on_progress=meddle)
    assert "changed" in reasons(done)["a.jsonl"]
    assert done.items == 600
    again = mind.take_in(tmp_path)
    assert (again.items, again.already_known, again.sources, again.skipped) == (0, 600, 1, ())


def test_an_import_can_be_stopped_and_continued(mind: Mind, tmp_path: Path) -> None:
    """It stops after the batch in hand; the same call adds exactly the rest."""
    path = transcript(tmp_path / "chat.jsonl", [turn(number) for number in range(1000)])
    stopped = mind.take_in(path, cancelled=lambda: len(mind.items()) >= 500)
    assert 500 <= stopped.items < 1000
    done = mind.take_in(path)
    assert (stopped.items + done.items, done.already_known) == (1000, stopped.items)
    assert [item.text for item in mind.items()] == [turn(number)["text"] for number in range(1000)]


def test_progress_says_how_far_how_many_and_how_fast(mind: Mind, folder: Path) -> None:
    """Bytes only grow, up to the whole; the words say items and rate."""
    told: list[Progress] = []
    transcript(folder / "chat.jsonl", [turn(number) for number in range(2000)])
    mind.take_in(folder, on_progress=told.append)
    done = [progress.done for progress in told]
    assert done == sorted(done)
    assert len(set(done)) > 6
    assert done[-1] == told[-1].total == sum(path.stat().st_size for path in folder.iterdir())
    assert "items" in told[-1].detail
    assert "a second" in told[-1].detail


def test_what_was_forgotten_stays_forgotten(mind: Mind, tmp_path: Path) -> None:
    """Importing the same file again, or a longer one with it in, brings nothing back, and keeps no copy of the original."""
    path = transcript(tmp_path / "chat.jsonl", [turn(number) for number in range(10)])
    mind.take_in(path)
    gone = mind.items()[4]
    mind.memory.forget(gone.id)
    transcript(path, [turn(number) for number in range(12)])
    done = mind.take_in(path)
    assert done.items == 2
    assert "stay forgotten" in done.skipped[0].reason
    assert gone.text not in {item.text for item in mind.items()}
    with mind.store.db.read() as cx:
        assert cx.execute("SELECT count(*) FROM blobs").get == 0


SCRIPT = """
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from ownmind.memory.importing import import_paths
from ownmind.memory.memory import Memory
from ownmind.models.embedding.embedder import HashEmbedder
from ownmind.store.opening import open_store
from store_fixtures import paths_at
now = datetime(2026, 6, 1, tzinfo=UTC)
store = open_store(paths_at(Path(sys.argv[1])))
memory = Memory(store, HashEmbedder(), lambda: now)
print("ready", flush=True)
done = import_paths(memory, store, [Path(p) for p in sys.argv[2:]], now=now, on_progress=lambda p: print(p.done, flush=True))
print("done", done.items, done.already_known)
store.close()
"""


def test_a_killed_import_is_finished_by_the_next_with_nothing_doubled(own_home: Path, tmp_path: Path) -> None:
    """kill -9 at four moments, also while a PDF is read: afterwards every turn and passage is there exactly once and whole."""
    transcript(tmp_path / "chat.jsonl", [turn(number) for number in range(3000)])
    pdf(tmp_path / "paper.pdf", [prose(300, seed=page) for page in range(40)])
    (tmp_path / "note.txt").write_text(prose(20_000, seed=99))
    for lines in (2, 4, 8, 14):
        process = child(SCRIPT, own_home, tmp_path)
        assert process.stdout is not None
        for _ in range(lines):
            process.stdout.readline()
        process.kill()
        process.wait()
        process.stdout.close()
    with open_store(paths_at(own_home)) as store:
        mind = Mind(store)
        before = len(mind.items())
        done = mind.take_in(tmp_path)
        assert before > 0
        assert done.items + before == len(mind.items())
        assert [item.text for item in mind.items("transcript:chat.jsonl")] == [turn(number)["text"] for number in range(3000)]
        text = (tmp_path / "note.txt").read_text()
        passages = mind.items(f"file:{tmp_path}/note.txt")
        assert " ".join(item.text for item in passages).split() == text.split()
        pages = mind.items(f"file:{tmp_path}/paper.pdf")
        assert {item.page for item in pages} == set(range(1, 41))
        assert len({(item.page, item.text) for item in pages}) == len(pages)
        assert mind.memory.counts()["unembedded"] == 0
        assert mind.take_in(tmp_path).items == 0


def test_an_import_ten_times_as_long_takes_only_its_vectors_more_memory(own_home: Path, tmp_path: Path) -> None:
    """With the database's page caches, which are bounded by themselves, made small: what stays in memory of a turn is its vector, its
    bits, its scale and its id, and as much again is left for the allocator. A difference, not a ratio: what importing the modules takes
    would otherwise decide."""
    small = "from ownmind.store import database\ndatabase.WRITER_CACHE_KIB = database.READER_CACHE_KIB = 1024"
    script = f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r})\n{small}\n{SCRIPT}"
    peaks, counts = [], (2_000, 20_000)
    for count in counts:
        path = transcript(tmp_path / f"chat{count}.jsonl", (turn(number) for number in range(count)))
        words, peak = outcome(script, own_home / str(count), path)
        assert words[words.index("done") + 1] == str(count)
        peaks.append(peak)
    a_turn = HashEmbedder().dimensions * 9 / 8 + 4 + 8
    assert peaks[1] - peaks[0] < 2 * (counts[1] - counts[0]) * a_turn / 1024


def test_a_full_disk_loses_nothing_and_the_same_import_continues(mind: Mind, tmp_path: Path) -> None:
    """The database may not grow any more: the error says how much is safe; with room again the rest comes in."""
    path = transcript(tmp_path / "chat.jsonl", [turn(number, prose(60, seed=number)) for number in range(2000)])
    with mind.store.db.write() as cx:
        cx.pragma("max_page_count", int(str(cx.pragma("page_count"))) + 200)
    with pytest.raises(DiskFull, match=r"items are safe, and .*chat\.jsonl is not finished") as caught:
        mind.take_in(path)
    safe = len(mind.items())
    assert safe > 0
    assert f"{safe} items are safe" in str(caught.value)
    assert "run the same import again" in caught.value.hint
    with mind.store.db.write() as cx:
        cx.pragma("max_page_count", 1 << 30)
    assert mind.take_in(path).items + safe == 2000


TURNS = st.lists(
    st.fixed_dictionaries(
        {
            "id": st.integers(0, 10**6),
            "at": st.none() | st.integers(0, 4_000_000_000),
            "speaker": st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8),
            "text": st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=80).filter(str.strip),
        }
    ),
    min_size=1,
    max_size=12,
    unique_by=lambda line: str(line["id"]),
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=TURNS)
def test_import_twice_is_import_once(mind: Mind, tmp_path: Path, lines: list[dict[str, object]]) -> None:
    """Whatever the turns: the second import of any transcript adds nothing, even split over two files that overlap."""
    name = f"{time.monotonic_ns()}.jsonl"
    half = len(lines) // 2 + 1
    mind.take_in(transcript(tmp_path / name, lines[:half]))
    mind.take_in(transcript(tmp_path / name, lines))
    found = mind.items(f"transcript:{name}")
    assert [item.text for item in found] == [str(line["text"]).replace("\0", "�") for line in lines]
    assert [item.speaker for item in found] == [line["speaker"] for line in lines]
    assert [None if item.at is None else item.at.timestamp() for item in found] == [line["at"] for line in lines]
    assert mind.take_in(transcript(tmp_path / name, [*lines, *lines])).items == 0
