"""Ways to forget beyond one item: by person, time and topic; cut, withheld, expiring; in batches, proved, and taken back."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ownmind.bench import stage
from ownmind.errors import BadInput, NotFound
from ownmind.memory.forgetting import deed
from ownmind.memory.memory import Memory
from ownmind.messages import Cited, Entry, Integrity, Kind, Label, Source, Target
from ownmind.models.embedding.embedder import HashEmbedder
from ownmind.store import receipts
from ownmind.store.opening import Store, open_store
from ownmind.store.traces import Needles, in_pages
from store_fixtures import child, paths_at

NOW = datetime(2026, 11, 18, 12, tzinfo=UTC)
MINE, THEIRS, OURS = Label(Integrity.PERSON), Label(Integrity.UNTRUSTED), Label(Integrity.COMPANION)


@pytest.fixture
def room() -> Iterator[tuple[Memory, Store]]:
    with stage.memory(HashEmbedder(), NOW) as (memory, store):
        yield memory, store


def turn(text: str, speaker: str = "", at: datetime = NOW, *, file: str = "chat", number: str = "", kind: Kind = Kind.TURN) -> Entry:
    return Entry(text, Source(f"transcript:{file}", "transcript", f"{file}.jsonl"), THEIRS, kind, at, speaker, file, number)


def note(text: str, at: datetime = NOW) -> Entry:
    return Entry(text, Source("note:terminal"), MINE, Kind.NOTE, at)


def everywhere(store: Store, needle: str) -> list[str]:
    """Every column of every table, and every page, that holds ``needle`` in any case."""
    found, raw = [], needle.lower().encode()
    store.db.checkpoint()
    with store.db.read() as cx:
        for (table,) in cx.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall():
            for (column,) in cx.execute("SELECT name FROM pragma_table_info(?)", (table,)).fetchall():
                values = cx.execute(f'SELECT "{column}" FROM "{table}"')
                if any(raw in (value if isinstance(value, bytes) else str(value).encode()).lower() for (value,) in values.fetchall()):
                    found.append(f"{table}.{column}")
        if raw in cx.serialize("main").lower():
            found.append("pages")
    return found


# Whom and when


def test_a_person_is_what_they_said_and_what_is_said_about_them(room: tuple[Memory, Store]) -> None:
    """The two are counted apart and may be chosen apart; a longer name is another person."""
    memory, _ = room
    by, about, both, other = memory.remember(
        [
            turn("The boiler is broken again", "Ana Lima"),
            turn("Did you hear what happened to Ana?", "Ben"),
            turn("Ana here, call me back", "Ana Lima"),
            turn("Anastasia moved house", "Ben"),
        ],
        now=NOW,
    )
    plan = memory.plan_forget(Target(person="Ana"))
    assert set(plan.ids) == {by, about, both} and (plan.counts["by"], plan.counts["about"]) == (2, 2)
    assert set(memory.plan_forget(Target(person="ana", part="by")).ids) == {by, both}
    assert set(memory.plan_forget(Target(person="Ana", part="about")).ids) == {about, both}
    assert memory.forget(Target(person="Ana")).verified
    assert [item.id for item in memory.items()] == [other]


def test_a_time_is_named_or_given_from_day_to_day(room: tuple[Memory, Store]) -> None:
    """Both days of from..to are included, and what is given together must all hold."""
    memory, _ = room
    days = [datetime(2023, 2, 28, 23, tzinfo=UTC), datetime(2023, 3, 1, 8, tzinfo=UTC), datetime(2023, 3, 31, 22, tzinfo=UTC)]
    february, first, last = memory.remember([turn(f"Rain in the valley on day {n}", "Ben", at) for n, at in enumerate(days)], now=NOW)
    (now,) = memory.remember([turn("Snow in the valley", "Ana", NOW - timedelta(days=8))], now=NOW)
    assert memory.plan_forget(Target(during="March 2023")).ids == (first, last)
    assert memory.plan_forget(Target(during="2023-02-28..2023-03-01")).ids == (february, first)
    assert memory.plan_forget(Target(during="last week")).ids == (now,)
    assert memory.plan_forget(Target(during="March 2023", topic="day 2")).ids == (last,)
    for wrong in (Target(during="the blue hour"), Target(), Target(person="Ana", part="beside")):
        with pytest.raises(BadInput):
            memory.plan_forget(wrong)
    with pytest.raises(NotFound):
        memory.plan_forget(Target(person="Ana", during="March 2023"))


def test_a_source_is_known_by_its_ref_its_title_and_its_path(room: tuple[Memory, Store]) -> None:
    memory, _ = room
    memory.remember(
        [turn("From the chat", number="1"), Entry("From the diary", Source("file:/home/ana/diary.md", "document"), THEIRS)], now=NOW
    )
    assert [memory.plan_forget(Target(source=name)).counts["items"] for name in ("transcript:chat", "chat.jsonl", "chat")] == [1, 1, 1]
    assert [memory.plan_forget(Target(source=name)).counts["items"] for name in ("/home/ana/diary.md", "diary.md")] == [1, 1]
    assert memory.plan_forget(Target(conversation="chat")).counts["items"] == 1
    with pytest.raises(NotFound):
        memory.plan_forget(Target(source="iary.md"))


def test_what_says_the_same_is_offered_and_goes_only_when_chosen() -> None:
    """By the words it shares here; a stranger to it is not offered. `ownmind bench forget` measures it by meaning."""
    with stage.memory(None, NOW) as (memory, _):
        names = memory.remember(
            [
                note("Clara is terribly afraid of spiders in the cellar"),
                turn("The spiders in the cellar again, Clara is so afraid", "Sam"),
                turn("The train was late and cold", "Sam"),
            ],
            now=NOW,
        )
        plan = memory.plan_forget(names[0], with_near=True)
        assert plan.ids == (names[0],) and [one.id for one in plan.near] == [names[1]]
        assert set(memory.plan_forget(names[0], also=[names[1]]).ids) == set(names[:2])
        assert memory.forget(memory.plan_forget(names[0], also_near=True)).verified
        assert [item.id for item in memory.items()] == [names[2]]


# What must not come back


def test_the_same_message_is_known_in_another_file(room: tuple[Memory, Store]) -> None:
    """With another id, blanks, case, time zone, name of the speaker, and seconds cut off; the words a day later are another message."""
    memory, _ = room
    said = datetime(2024, 5, 1, 18, 20, 31, tzinfo=UTC)
    words = "The safe is behind the painting in the hall"
    (name,) = memory.remember([turn(words, "Ana", said, file="old", number="1")], now=NOW)
    memory.forget(name)
    again = [
        turn("the safe is  behind the painting, in the hall!", "Ana", said, file="new", number="77"),
        turn(words.upper(), "Ana Lima", said.replace(second=0).astimezone(), file="export", number="a"),
        Entry(words, Source("note:script"), MINE, Kind.NOTE, said),
    ]
    assert memory.remember(again, now=NOW) == ["", "", ""]
    later, now_said = memory.remember([turn(words, "Ana", said + timedelta(days=1), file="new", number="78"), note(words)], now=NOW)
    assert later and now_said


def test_two_people_who_say_yes_do_not_bury_each_other(room: tuple[Memory, Store]) -> None:
    """A short text is known elsewhere only with its speaker and its minute; signs alone are not all the same."""
    memory, _ = room
    (name,) = memory.remember([turn("Yes", "Ana", file="a", number="1")], now=NOW)
    memory.forget(name)
    ben, other_minute, ana = memory.remember(
        [
            turn("Yes", "Ben", file="b", number="1"),
            turn("Yes", "Ana", NOW + timedelta(minutes=5), file="b", number="2"),
            turn("yes!", "ana", file="b", number="3"),
        ],
        now=NOW,
    )
    assert ben and other_minute and ana == ""
    (party,) = memory.remember([turn("🎉🎉🎉", file="c", kind=Kind.PASSAGE)], now=NOW)
    memory.forget(party)
    assert memory.remember([turn("🎂🎂🎂", file="c", kind=Kind.PASSAGE)], now=NOW) != [""]


def test_the_person_may_let_it_come_back(room: tuple[Memory, Store]) -> None:
    """By the receipt's id or its day. A receipt that is read again holds numbers and dates, and nothing of what it was."""
    memory, store = room
    entry = turn("The quillfeather is in the drawer", "Ana", number="1")
    first = memory.forget(memory.remember([entry], now=NOW)[0])
    assert memory.remember([entry], now=NOW) == [""]
    (kept,) = memory.forgetting.receipts()
    assert (kept.id, kept.items, kept.facts, kept.verified, kept.ended) == (first.id, (), (), True, True)
    assert everywhere(store, "quillfeather") == []
    (lifted,) = memory.allow_again(first.id)
    assert lifted.lifted_at == NOW
    (name,) = memory.remember([entry], now=NOW)
    assert memory.item(name)
    memory.forget(name)
    assert len(memory.allow_again(NOW.replace(hour=0))) == 2
    assert memory.remember([entry], now=NOW) != [""]
    for nothing in ("r99", "yesterday"):
        with pytest.raises(NotFound):
            memory.allow_again(nothing)


# Less than forgetting


def test_words_are_cut_and_the_rest_stays(room: tuple[Memory, Store]) -> None:
    """Facts and replies that rest on the words go, others and their places stay right; importing the old text brings nothing back."""
    memory, store = room
    entry = turn("I live in Lyon. The code is quillfeather 4711. I work at Renault.", "Ana", number="1")
    (name,) = memory.remember([entry], now=NOW)
    talk = Source("conversation:c", "conversation")
    _, reply, harmless = memory.remember(
        [
            Entry("What is the code?", talk, MINE, Kind.MESSAGE, NOW, conversation="c"),
            Entry("It is quillfeather 4711.", talk, OURS, Kind.REPLY, NOW, conversation="c"),
            Entry("You work at Renault.", talk, OURS, Kind.REPLY, NOW, conversation="c"),
        ],
        now=NOW,
    )
    for one, quote in ((reply, "The code is quillfeather 4711."), (harmless, "I work at Renault.")):
        cited = Cited(name, entry.text, entry.source.ref, "", NOW, "Ana", quote)
        store.conversations.keep_reply(one, sources=[cited], known=True, brain="")
    receipt = memory.redact(name, "Quillfeather  4711")
    assert receipt.verified and receipt.mode == "redacted" and receipt.removed["replies"] == 1
    item = memory.item(name)
    assert item.text == "I live in Lyon. The code is […]. I work at Renault."
    assert everywhere(store, "quillfeather") == everywhere(store, "4711") == []
    assert all(item.text[fact.span.start : fact.span.end] == fact.quote for fact in memory.learnt_from(name))
    (said,) = [one for one in store.conversations.messages("c") if one.id == harmless]
    assert said.sources[0].quote == "I work at Renault."
    assert memory.counts()["unembedded"] == 0 and [one.id for one in memory.recall("Renault", k=1, now=NOW)] == [name]
    assert memory.remember([entry, turn(entry.text, "Ana", file="other", number="9")], now=NOW) == ["", ""]
    assert everywhere(store, "quillfeather") == []
    with pytest.raises(NotFound):
        memory.redact(name, "quillfeather")
    with pytest.raises(BadInput):
        memory.redact(name, " ")
    (short,) = memory.remember([note("only these words")], now=NOW)
    with pytest.raises(BadInput):
        memory.redact(short, "only these words")


def test_what_is_withheld_is_kept_and_not_used(room: tuple[Memory, Store]) -> None:
    """Recall, facts and needs pass it over until that is taken back."""
    memory, _ = room
    (name,) = memory.remember([note("I am allergic to peanuts")], now=NOW)
    assert memory.withhold([name]) == 1 and memory.withhold([name]) == 0
    assert memory.recall("peanuts", now=NOW) == [] and memory.facts() == memory.must(NOW) == []
    assert memory.item(name).text == "I am allergic to peanuts" and [item.id for item in memory.forgetting.withheld()] == [name]
    assert memory.withhold([name], undo=True) == 1
    assert memory.recall("peanuts", now=NOW) and memory.facts() and memory.must(NOW)


def test_what_has_expired_is_forgotten_also_after_a_time_switched_off(tmp_path: Path) -> None:
    """Not before; and for good, with a receipt of its own kind."""
    with open_store(paths_at(tmp_path / "mind"), "pw") as store:
        memory = Memory(store, None, lambda: NOW)
        soon, kept = memory.remember([note("The parcel comes on Tuesday"), note("The lamp is blue")], now=NOW)
        assert memory.expire([soon, kept], NOW + timedelta(days=30)) == 2 and memory.expire([kept], None) == 1
        assert not memory.forgetting.is_due() and memory.forgetting.forget_expired() == []
        assert memory.forgetting.next_due() == (NOW + timedelta(days=30)).timestamp()
    with open_store(paths_at(tmp_path / "mind"), "pw") as store:
        memory = Memory(store, None, lambda: NOW + timedelta(days=31))
        assert memory.forgetting.is_due()
        (receipt,) = memory.forgetting.forget_expired()
        assert receipt.mode == "expired" and receipt.verified and receipt.items == (soon,)
        assert [item.id for item in memory.items()] == [kept] and not memory.forgetting.is_due()


# Proof


def test_verify_finds_what_still_says_it(room: tuple[Memory, Store]) -> None:
    """By words: every place. By receipt, without the words: whole items and single sentences. Both find nothing when nothing is left."""
    memory, store = room
    sentence = "The vault code is quillfeather zanzibar forty seven."
    first, second = memory.remember([note(sentence), note(f"A long letter. {sentence} Yours, Ana", NOW - timedelta(days=3))], now=NOW)
    receipt = memory.forget(first)
    found = memory.verify("quillfeather zanzibar")
    assert not found.is_gone and {trace.place for trace in found.traces} >= {"pages", "items", "index"}
    by_receipt = memory.verify(receipt.id)
    assert [(trace.place, trace.ids) for trace in by_receipt.traces] == [("sentences", (second,))]
    memory.forget(second)
    assert memory.verify("quillfeather zanzibar").is_gone and memory.verify(receipt.id).is_gone
    with store.db.write() as cx:  # the control: words that no item says, in a place forgetting does not know
        cx.execute("CREATE TABLE elsewhere (x)")
        cx.execute("INSERT INTO elsewhere VALUES (?)", ("quillfeather zanzibar",))
    assert [trace.place for trace in memory.verify("quillfeather zanzibar").traces] == ["pages"]


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(alphabet="abcdefgh \u00e9\u4f60", min_size=24, max_size=200), min_size=1, max_size=120, unique=True))
def test_many_words_are_found_in_pages_as_one_by_one(room: tuple[Memory, Store], texts: list[str]) -> None:
    """The search by hashes and the search of each piece agree with looking for the bytes, for any texts and any number."""
    _, store = room
    there = texts[::2]
    with store.db.write() as cx:
        cx.execute("CREATE TABLE IF NOT EXISTS elsewhere (x)")
        cx.execute("DELETE FROM elsewhere")
        cx.executemany("INSERT INTO elsewhere VALUES (?)", [(text,) for text in there])
    store.db.checkpoint()
    needles = Needles()
    needles.add(texts)
    with store.db.read() as cx:
        image = cx.serialize("main")
        found = in_pages(cx, needles)
    pieces = {raw[at : at + 24] for raw in (text.strip().encode() for text in texts) for at in range(0, min(len(raw), 480) - 23, 24)}
    assert {piece for piece in pieces if piece in image} == {piece for piece in found if len(piece) == 24}


# Large, interrupted, and all at once


def test_a_large_forget_goes_in_batches_and_is_verified(room: tuple[Memory, Store], monkeypatch: pytest.MonkeyPatch) -> None:
    """More items than one batch, with replies: the same result as at once."""
    memory, store = room
    monkeypatch.setattr(deed, "BATCH", 10)
    memory.remember([turn(f"Quillfeather number {n} is in the box", "Ben", number=str(n)) for n in range(45)], now=NOW)
    (kept,) = memory.remember([note("The lamp is blue")], now=NOW)
    receipt = memory.forget("transcript:chat")
    assert receipt.verified and len(receipt.items) == receipt.removed["items"] == 45 and receipt.removed["sources"] == 1
    assert everywhere(store, "quillfeather") == [] and [item.id for item in memory.items()] == [kept]
    with store.db.read() as cx:
        assert receipts.unended(cx) == [] and list(cx.execute("SELECT * FROM forgetting")) == []


FORGETS = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from ownmind.memory.forgetting import deed
from ownmind.memory.memory import Memory
from ownmind.store.opening import open_store
from store_fixtures import paths_at
deed.BATCH = 20
removing = deed._remove
def slowly(*arguments):
    print("a batch", flush=True)
    return removing(*arguments)
deed._remove = slowly
store = open_store(paths_at(Path(sys.argv[1])), "pw")
print(Memory(store, None, lambda: datetime(2026, 11, 18, 12, tzinfo=UTC)).forget("transcript:chat").verified, flush=True)
"""


def test_a_forget_that_was_killed_leaves_nothing_half_forgotten_in_use(tmp_path: Path) -> None:
    """After kill -9 what it named is not used any more; the next process ends it, and the receipt says how it went."""
    home = paths_at(tmp_path / "mind")
    with open_store(home, "pw") as store:
        memory = Memory(store, None, lambda: NOW)
        memory.remember([turn(f"Quillfeather number {n} is in the box", "Ben", number=str(n)) for n in range(400)], now=NOW)
        memory.remember([note("The lamp is blue")], now=NOW)
    forgetting = child(FORGETS, tmp_path / "mind")
    assert forgetting.stdout is not None
    assert [forgetting.stdout.readline() for _ in range(4)] == ["a batch\n"] * 4
    forgetting.kill()
    rest = forgetting.stdout.read()
    forgetting.wait()
    assert "True" not in rest, "control: it was killed in the middle"
    with open_store(home, "pw") as store:
        memory = Memory(store, None, lambda: NOW)
        left = memory.counts()["items"] - 1
        assert 0 < left < 400, "control: some batches are durable, some are not"
        assert memory.recall("quillfeather box", now=NOW) == []
        assert [receipt.ended for receipt in memory.forgetting.receipts()] == [False]
        assert memory.forgetting.is_due()
        (receipt,) = memory.forgetting.go_on()
        assert receipt.verified and receipt.removed["items"] == 400 and receipt.removed["unsearched"] == 400 - left
        assert everywhere(store, "quillfeather") == [] and memory.counts()["items"] == 1
        entry = turn("Quillfeather number 3 is in the box", "Ben", number="3")
        assert memory.remember([entry], now=NOW) == [""], "what went before the kill left its tombstone too"


def test_forgetting_while_others_write_recall_and_embed(room: tuple[Memory, Store]) -> None:
    """Nothing fails, nothing forgotten is recalled afterwards, and no vector of it is left."""
    memory, store = room
    memory.remember([turn(f"Quillfeather number {n} is in the box", "Ben", number=str(n)) for n in range(120)], now=NOW)
    stop, failures = threading.Event(), list[BaseException]()

    def during(act: str) -> None:
        try:
            n = 0
            while not stop.is_set():
                n += 1
                match act:
                    case "write":
                        memory.remember([turn(f"The lamp number {n} is blue", "Ana", number=f"lamp{n}", file="lamps")], now=NOW)
                    case "recall":
                        memory.recall("quillfeather box lamp", now=NOW)
                    case _:
                        memory.embed_backlog()
        except BaseException as error:  # noqa: BLE001  # told to the test
            failures.append(error)

    threads = [threading.Thread(target=during, args=(act,)) for act in ("write", "recall", "embed")]
    for thread in threads:
        thread.start()
    time.sleep(0.2)
    names = [item.id for item in memory.items(source="transcript:chat")]
    done = [memory.forget(memory.plan_forget(Target(), also=names[at : at + 40])) for at in range(0, 120, 40)]
    stop.set()
    for thread in threads:
        thread.join()
    assert failures == [] and sum(len(receipt.items) for receipt in done) == 120
    assert everywhere(store, "quillfeather") == [] and memory.counts()["unembedded"] == 0
    assert all("lamp" in one.text for one in memory.recall("quillfeather box lamp", now=NOW))


def test_whoever_keeps_words_beside_the_store_is_told(room: tuple[Memory, Store]) -> None:
    """After forgetting, cutting and withholding: talks and prompts that were shown to a model are dropped there."""
    memory, _ = room
    told: list[int] = []
    memory.forgetting.listeners.append(lambda: told.append(1))
    first, second = memory.remember([note("The code is quillfeather"), note("The lamp is blue in the hall")], now=NOW)
    memory.forget(first)
    memory.redact(second, "in the hall")
    memory.withhold([second])
    assert len(told) == 3


# The law


_WORDS = st.lists(st.sampled_from(["lamp", "table", "Ana", "moved", "house", "yes", "we", "met", "in", "Lyon"]), min_size=1, max_size=6)
_SAID = st.tuples(_WORDS, st.booleans(), st.sampled_from(["note", "turn", "message", "passage"]))


@settings(max_examples=12, deadline=None)
@given(st.lists(_SAID, min_size=1, max_size=12), st.data())
def test_forgetting_leaves_no_trace_in_any_table(said: list[tuple[list[str], bool, str]], data: st.DataObject) -> None:
    """Whatever is stored, as whatever kind and with whatever was made of it: what is forgotten stands in no column and no page."""
    marked = [number for number, (_, secret, _) in enumerate(said) if secret]
    with stage.memory(HashEmbedder(), NOW) as (memory, store):
        for number, (words, secret, kind) in enumerate(said):
            text = " ".join([*words, f"quillfeather{number}x"] if secret else words)
            _store(memory, store, text, kind, number)
        assert all(everywhere(store, f"quillfeather{number}x") for number in marked), "the control"
        for number in data.draw(st.permutations(marked)):
            assert memory.forget(f"quillfeather{number}x").verified
        assert everywhere(store, "quillfeather") == []
        with store.db.read() as cx:
            assert list(cx.execute("PRAGMA foreign_key_check")) == []


def _store(memory: Memory, store: Store, text: str, kind: str, number: int) -> None:
    match kind:
        case "note":
            memory.remember([note(text)], now=NOW)
        case "turn":
            memory.remember([turn(text, "Ana", number=str(number))], now=NOW)
        case "passage":
            memory.remember([Entry(text, Source("file:a.md", "document"), THEIRS, Kind.PASSAGE, external_id=f"p{number}")], now=NOW)
        case _:
            talk, at = Source(f"conversation:c{number}", "conversation"), NOW + timedelta(seconds=number)
            asked, told = memory.remember(
                [
                    Entry(text, talk, MINE, Kind.MESSAGE, at, conversation=f"c{number}"),
                    Entry(f"You said: {text}", talk, OURS, Kind.REPLY, at, conversation=f"c{number}"),
                ],
                now=NOW,
            )
            store.conversations.start(f"c{number}", now=at.timestamp(), title=text[:60])
            cited = Cited(asked, text, talk.ref, "", at, "", text)
            store.conversations.keep_reply(told, sources=[cited], known=True, brain="")
            store.settings.set(f"last.{number}", f"seen {text}")


# Less than a whole message


def said(memory: Memory, store: Store, text: str, *replies: str) -> str:
    """What the person said in a talk, with replies made of it."""
    talk = Source("conversation:c", "conversation")
    name, *made = memory.remember(
        [
            Entry(text, talk, MINE, Kind.MESSAGE, NOW, conversation="c"),
            *(Entry(reply, talk, OURS, Kind.REPLY, NOW, conversation="c") for reply in replies),
        ],
        now=NOW,
    )
    for reply in made:
        store.conversations.keep_reply(reply, sources=[Cited(name, text, talk.ref, "", NOW, "", text)], known=True, brain="")
    return name


def test_of_a_message_that_says_more_only_the_words_of_the_fact_have_to_go(room: tuple[Memory, Store]) -> None:
    """The plan of a fact says what cutting its words would leave and take; doing so does just that, and no reply still tells."""
    memory, store = room
    replies = "Nice to meet you, Ana.", "Noted: peanuts.", "Your allergy is a thing to tell a cook."
    name = said(memory, store, "I'm Ana and I am allergic to peanuts.", *replies)
    called, allergic = memory.facts()
    if "peanuts" not in allergic.text:
        called, allergic = allergic, called
    cut = memory.plan_forget(allergic.id).cut
    assert cut is not None and (cut.item, cut.words, cut.rest) == (name, "I am allergic to peanuts", "I'm Ana and […].")
    assert [fact.id for fact in cut.facts] == [allergic.id] and len(cut.replies) == 2
    receipt = memory.redact(cut.item, cut.words)
    assert receipt.verified and set(receipt.facts) == {fact.id for fact in cut.facts} and receipt.removed["replies"] == 2
    assert memory.item(name).text == cut.rest and [fact.id for fact in memory.facts()] == [called.id]
    assert everywhere(store, "peanut") == everywhere(store, "allerg") == []
    assert memory.plan_forget(called.id).cut is None  # nothing worth keeping would be left


@pytest.mark.parametrize("text", ["I am allergic to peanuts.", "Hi, I am allergic to peanuts!"])
def test_what_says_nothing_else_is_forgotten_whole(room: tuple[Memory, Store], text: str) -> None:
    """No smaller deed is offered where it would leave nothing, nor for a whole item, a topic, or with more chosen."""
    memory, store = room
    said(memory, store, text)
    (fact,) = memory.facts()
    assert memory.plan_forget(fact.id).cut is None
    more = said(memory, store, "I live in Porto and I work at Siemens.")
    at_home = next(fact for fact in memory.facts() if "Porto" in fact.text)
    assert memory.plan_forget(at_home.id).cut is not None
    assert memory.plan_forget(more).cut is memory.plan_forget(Target(topic="Porto")).cut is None
    assert memory.plan_forget(at_home.id, also=[fact.id]).cut is None


def test_what_is_said_twice_is_not_cut_in_one_place_only(room: tuple[Memory, Store]) -> None:
    """A fact that rests on two messages would stay by the other."""
    memory, store = room
    said(memory, store, "I live in Porto and I work at Siemens.")
    said(memory, store, "I live in Porto. I like rain.")
    at_home = [fact for fact in memory.facts() if fact.text == "You live in Porto"]
    assert at_home and all(memory.plan_forget(fact.id).cut is None for fact in at_home)


def test_facts_told_in_the_same_words_go_together_and_are_named_before(room: tuple[Memory, Store]) -> None:
    """What hangs on the same words is in the plan, not a surprise."""
    memory, store = room
    said(memory, store, "My name is Marta and I have two children, Ben and Eva.")
    ben = next(fact for fact in memory.facts() if "Ben is your child" in fact.text)
    cut = memory.plan_forget(ben.id).cut
    assert cut is not None and {fact.text for fact in cut.facts} == {"Ben is your child", "Eva is your child", "You have two children"}
    memory.redact(cut.item, cut.words)
    assert [fact.text for fact in memory.facts()] == ["Your name is Marta"]
