"""Labels where things are kept: files, replies and facts have one, it lasts, and only the person changes it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from commandline import ownmind, quiet_home, told
from ownmind import Companion
from ownmind.app import House
from ownmind.channels import wire
from ownmind.config import Config
from ownmind.errors import BadInput, NotFound
from ownmind.messages import Confidentiality, Integrity, Item, Kind, Label
from ownmind.models.embedding.embedder import HashEmbedder
from ownmind.models.scripted import ScriptedModel
from ownmind.store.database import Database
from ownmind.store.migrations import STEPS, migrate
from store_fixtures import add_item

LETTER = "The boiler of the summer house is serviced by Bergstrom every May.\n"


@pytest.fixture
def mind(tmp_path: Path) -> Iterator[Companion]:
    config = Config(fetch=False, learn=False, files=str(tmp_path / "files"))
    with Companion.temporary(brain=ScriptedModel("Bergstrom services the boiler."), embedder=HashEmbedder(), config=config) as mind:
        yield mind


def house(mind: Companion) -> House:
    return mind._house


def imported(mind: Companion, tmp_path: Path, text: str = LETTER, name: str = "letter.txt") -> list[Item]:
    (tmp_path / name).write_text(text, encoding="utf-8")
    mind.import_paths([tmp_path / name])
    return house(mind).memory.items(source=f"file:{tmp_path / name}") or house(mind).memory.items(kinds=[Kind.TURN])


def blob_of(mind: Companion) -> int:
    with house(mind).store.db.read() as cx:
        return int(str(cx.execute("SELECT max(id) FROM blobs").get))


def test_a_kept_file_is_as_trusted_and_as_confidential_as_what_was_read_from_it(mind: Companion, tmp_path: Path) -> None:
    """The original has the joined label of its passages, and names its source."""
    (passage,) = imported(mind, tmp_path)
    assert house(mind).store.blobs.label(blob_of(mind)) == Label(Integrity.UNTRUSTED, Confidentiality.PRIVATE, (passage.source.ref,))
    imported(mind, tmp_path, "My card is 4111 1111 1111 1111, it ends in May.\n", "card.txt")
    assert house(mind).store.blobs.label(blob_of(mind)).confidentiality is Confidentiality.SECRET
    with pytest.raises(NotFound):
        house(mind).store.blobs.label(999)


def test_marking_a_passage_secret_makes_its_file_its_facts_and_its_replies_secret(mind: Companion, tmp_path: Path) -> None:
    """What was made of a thing is no less confidential than it; taking the mark back leaves the reply as careful as it was."""
    (passage,) = imported(mind, tmp_path)
    reply = mind.say("Who services the boiler of the summer house?")
    assert passage.id in [cited.item_id for cited in reply.sources]
    assert mind.label([passage.id], "secret") == 1
    assert mind.item(passage.id).label.confidentiality is Confidentiality.SECRET
    assert house(mind).store.blobs.label(blob_of(mind)).confidentiality is Confidentiality.SECRET
    assert mind.item(reply.id).label.confidentiality is Confidentiality.SECRET
    mind.label([passage.id], Confidentiality.PRIVATE)
    assert house(mind).store.blobs.label(blob_of(mind)).confidentiality is Confidentiality.PRIVATE
    assert mind.item(reply.id).label.confidentiality is Confidentiality.SECRET


def test_a_reply_that_rests_on_outside_words_is_no_more_trusted_than_they_are(mind: Companion, tmp_path: Path) -> None:
    """The label is joined of what the model was shown, kept with the reply, and the same wherever it is read."""
    (passage,) = imported(mind, tmp_path)
    reply = mind.say("Who services the boiler of the summer house?", conversation="c1")
    wanted = Label(Integrity.UNTRUSTED, Confidentiality.PRIVATE, (passage.source.ref,))
    assert reply.label == mind.item(reply.id).label == wanted
    assert [row["label"] for row in mind.messages("c1") if row["role"] == "companion"] == [wanted]
    assert all(cited.label.integrity is Integrity.UNTRUSTED for cited in reply.sources)


def test_a_reply_from_the_person_s_own_words_stays_our_own(mind: Companion) -> None:
    """Nothing from outside was shown: it is the companion's, never the person's."""
    mind.remember("Bergstrom services the boiler of the summer house every May")
    reply = mind.say("Who services the boiler of the summer house?")
    assert reply.sources
    assert reply.label.integrity is Integrity.COMPANION


def test_what_was_shown_earlier_in_a_talk_weighs_on_later_replies(mind: Companion, tmp_path: Path) -> None:
    """The model still sees it: a later reply may hold its words though it cites nothing."""
    imported(mind, tmp_path)
    mind.say("Who services the boiler of the summer house?", conversation="c1")
    assert mind.say("Thanks, that is good to know!", conversation="c1").label.integrity is Integrity.UNTRUSTED


def test_a_reply_does_not_rise_when_a_source_of_it_goes(mind: Companion, tmp_path: Path) -> None:
    """A document that changed drops a passage a reply rests on; the reply is not more trusted for that."""
    (passage,) = imported(mind, tmp_path)
    reply = mind.say("Who services the boiler of the summer house?", conversation="c1")
    imported(mind, tmp_path, "The summer house was sold in June, with everything in it.\n")
    with pytest.raises(NotFound):
        mind.item(passage.id)
    assert mind.item(reply.id).label == Label(Integrity.UNTRUSTED)


def test_saving_an_answer_carries_the_label_it_was_kept_with(mind: Companion, tmp_path: Path) -> None:
    """The action shows that its words rest on a file from outside, though that passage is gone by then."""
    imported(mind, tmp_path)
    mind.say("Who services the boiler of the summer house?", conversation="c1")
    imported(mind, tmp_path, "The summer house was sold in June, with everything in it.\n")
    (action,) = mind.say("Save that as boiler.txt", conversation="c1").actions
    (text,) = [each for each in action.arguments if each.name == "text"]
    assert text.label.integrity is Integrity.UNTRUSTED


def test_a_confirmed_fact_from_outside_is_endorsed_and_keeps_its_source(mind: Companion, tmp_path: Path) -> None:
    """The person vouched for it; they did not say it. A correction in their own words is theirs."""
    turn = {"id": "1", "at": "2026-01-02T10:00:00+00:00", "speaker": "Ana", "text": "I am allergic to peanuts."}
    imported(mind, tmp_path, json.dumps(turn) + "\n", "chat.jsonl")
    (fact,) = [fact for fact in mind.facts("Ana") if "peanuts" in fact.text]
    kept = mind.keep(fact.id)
    assert (kept.label.integrity, kept.source, kept.kept) == (Integrity.ENDORSED, "transcript:chat.jsonl", True)
    assert mind.fix(kept.id, "Ana is allergic to walnuts").label.integrity is Integrity.PERSON


@pytest.mark.parametrize(
    ("text", "confidentiality"),
    [
        ("My card number is 4111 1111 1111 1111", Confidentiality.SECRET),
        ("The wifi password is hunter2!", Confidentiality.SECRET),
        ("my passport number is X1234567", Confidentiality.SECRET),
        ("Ana's account is DE89 3704 0044 0532 0130 00", Confidentiality.SENSITIVE),
        ("I forgot my password again", Confidentiality.PRIVATE),
        ("We meet on 12.05.2026 at 10:30, table 1234", Confidentiality.PRIVATE),
    ],
)
def test_what_looks_like_a_secret_is_kept_as_one(mind: Companion, text: str, confidentiality: Confidentiality) -> None:
    """Shapes are found as a thing is remembered, and the person may say otherwise."""
    name = mind.remember(text)
    assert mind.item(name).label.confidentiality is confidentiality
    mind.label([name], "private")
    assert mind.item(name).label.confidentiality is Confidentiality.PRIVATE


def test_what_is_secret_is_left_out_of_a_preview(mind: Companion) -> None:
    """It leaves only by a consent of its own."""
    name = mind.remember("The code word for the alarm company is quillfeather")
    shown = mind.preview("What is the code word for the alarm company?", destination="api.example.org", purpose="answer")
    assert "quillfeather" in shown.text
    mind.label([name], "secret")
    shown = mind.preview("What is the code word for the alarm company?", destination="api.example.org", purpose="answer")
    assert "quillfeather" not in shown.text
    assert [one.item_id for one in shown.left_out] == [name]


def test_a_fact_is_marked_on_whatever_it_rests(mind: Companion) -> None:
    """Twice told, one mark."""
    mind.remember_many([{"text": "Ben lives in Porto.", "at": "2026-01-01"}, {"text": "Ben lives in Porto.", "at": "2026-02-01"}])
    (fact,) = mind.facts("Ben")
    assert mind.label([fact.id], "sensitive") == 2
    assert [one.label.confidentiality for one in mind.facts("Ben", everything=True)] == [Confidentiality.SENSITIVE]


def test_the_terminal_labels_too(tmp_path: Path) -> None:
    """And says so beside what it shows."""
    home = quiet_home(tmp_path)
    told(home, "remember", "Ben plays the cello")
    assert told(home, "label", "i1", "secret") == {"id": "i1", "confidentiality": "secret", "changed": 1}
    assert "secret" in ownmind(home, "recall", "cello").stdout
    assert ownmind(home, "label", "i1", "hidden").returncode != 0


def test_only_known_words_and_things_are_labelled(mind: Companion) -> None:
    """A typo in either changes nothing."""
    name = mind.remember("Ben plays the cello")
    with pytest.raises(BadInput):
        mind.label([name], "hidden")
    with pytest.raises(NotFound):
        mind.label([name, "i999"], "secret")
    assert mind.item(name).label.confidentiality is Confidentiality.PRIVATE


def test_an_export_read_back_is_as_confidential_as_it_was_and_no_more_trusted(mind: Companion, tmp_path: Path) -> None:
    """A file may say of itself that it is secret; it may not say that it is the person's."""
    name = mind.remember("Ben plays the cello in the harbour choir")
    mind.label([name], "secret")
    mind.export(tmp_path / "export")
    with Companion.temporary(brain=ScriptedModel(""), embedder=HashEmbedder(), config=Config(fetch=False, learn=False)) as other:
        other.import_paths([tmp_path / "export" / "items.jsonl"])
        (item,) = house(other).memory.items()
        assert (item.label.integrity, item.label.confidentiality) == (Integrity.UNTRUSTED, Confidentiality.SECRET)


def test_what_programs_are_given_says_label_and_source(mind: Companion, tmp_path: Path) -> None:
    """Recall, facts, timeline and answers, as the page and ``--json`` have them."""
    imported(mind, tmp_path)
    mind.remember("I moved to Lyon on 3 May 2024")
    (found, *_) = mind.recall("boiler of the summer house")
    encoded = wire.encode(found)
    assert isinstance(encoded, dict)
    assert isinstance(encoded["item"], dict)
    assert encoded["item"]["label"] == {"integrity": "untrusted", "confidentiality": "private", "sources": []}
    assert wire.encode(found.item.source.ref) == f"file:{tmp_path / 'letter.txt'}"
    for given in (*mind.facts(), *mind.timeline("Lyon")):
        held = wire.encode(given)
        assert isinstance(held, dict)
        assert held["source"]
        assert isinstance(held["label"], dict)
        assert {"integrity", "confidentiality", "sources"} == set(held["label"])


def test_older_files_and_replies_get_the_label_of_what_they_were_made_of(tmp_path: Path) -> None:
    """The migration joins: a reply on an untrusted passage is untrusted, and its file too."""
    db = Database.open(tmp_path / "mind.db", bytes(32))
    migrate(db, STEPS[:12])
    mine, theirs, reply, plain = (add_item(db, text, ref=ref) for text, ref in (
        ("mine", "note:1"), ("theirs", "file:a"), ("reply", "conversation:c1"), ("other reply", "conversation:c1")
    ))  # fmt: skip
    with db.write() as cx:
        cx.execute("UPDATE items SET integrity = 'untrusted', confidentiality = 'sensitive' WHERE id = ?", (theirs,))
        cx.execute("UPDATE items SET integrity = 'companion', kind = 'reply' WHERE id IN (?, ?)", (reply, plain))
        for row, rests_on in ((reply, [mine, theirs]), (plain, [mine])):
            cx.execute("INSERT INTO replies(item_id, known, brain) VALUES (?, 1, '')", (row,))
            for place, item in enumerate(rests_on):
                cx.execute("INSERT INTO reply_sources VALUES (?, ?, ?, 0, 1)", (row, place, item))
        cx.execute("INSERT INTO blobs(name, key, size, hash, added_at) VALUES ('a', x'00', 1, x'01', 0), ('b', x'00', 1, x'02', 0)")
        cx.execute("UPDATE sources SET blob_id = 1 WHERE ref = 'file:a'")
    migrate(db)
    with db.read() as cx:
        labels = dict(cx.execute("SELECT id, integrity || ' ' || confidentiality FROM items").fetchall())
        assert labels == {mine: "person private", theirs: "untrusted sensitive", reply: "untrusted sensitive", plain: "companion private"}
        kept = cx.execute("SELECT integrity, confidentiality FROM blobs ORDER BY id").fetchall()
        assert kept == [("untrusted", "sensitive"), ("untrusted", "private")]
    db.close()
