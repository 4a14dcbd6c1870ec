"""The face of people, over a real encrypted store."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ownmind.app import House, open_house
from ownmind.config import Config
from ownmind.errors import NotFound
from ownmind.messages import Entry, Integrity, Label, Source, Target
from ownmind.paths import Paths

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    monkeypatch.setattr("ownmind.app.clock.present", lambda: NOW)
    made = open_house(Paths(tmp_path / "mind", tmp_path / "cache"), Config(fetch=False))
    yield made
    made.store.close()


def test_an_empty_home_knows_nobody(house: House) -> None:
    """No person, no link, nobody to write to; and a person who is not there is named in the error."""
    assert house.people.all() == ()
    assert house.people.links() == ()
    assert house.people.birthdays() == ()
    assert house.people.reconnect() == ()
    with pytest.raises(NotFound):
        house.people.card("Tom")


CARDS = """BEGIN:VCARD
VERSION:3.0
UID:1
FN:Tom Novak
EMAIL:tom@a.example
TEL:+43 660 1234567
BDAY:1980-12-04
END:VCARD
BEGIN:VCARD
VERSION:3.0
UID:2
FN:Ana Winter
EMAIL:ana@b.example
END:VCARD
"""


def test_who_is_who_can_be_asked_while_another_thread_waits_to_write_it(house: House, tmp_path: Path) -> None:
    """One thread writes (a goal that is said) and asks for names; another has seen somebody new and waits to number them. Neither waits
    for the other: they did, each for ever, and the page stood still."""
    (tmp_path / "book.vcf").write_text(CARDS)
    house.import_paths([tmp_path / "book.vcf"])
    found: list[int] = []

    def writes() -> None:
        with house.store.db.write():
            other.start()
            time.sleep(0.3)  # until the other stands before the write; were it slower, this test would prove less, not fail
            found.append(len(house.people.all()))

    other = threading.Thread(target=lambda: found.append(len(house.people.all())), daemon=True)
    one = threading.Thread(target=writes, daemon=True)
    one.start()
    one.join(60)
    other.join(60)
    assert not one.is_alive() and not other.is_alive()
    assert found == [2, 2]


def letter(number: int, sender: str, to: str, day: str, text: str, *, subject: str = "Hello") -> str:
    """One letter of a mailbox."""
    head = f"From: {sender}\nTo: {to}\nSubject: {subject}\nDate: {day} 10:00:00 +0000\nMessage-ID: <{number}@x.example>"
    return f"From - x\n{head}\n\n{text}\n\n"


def mailbox() -> str:
    """Ten letters with Tom, a week apart until August, and one with Ana."""
    days = [f"{(7 * week) % 28 + 1} {'May' if week < 4 else 'Jun' if week < 8 else 'Jul'} 2026" for week in range(10)]
    me, tom = "Sam Own <sam@own.example>", '"Novak, Thomas" <tom@a.example>'
    found = [letter(n, *((tom, me) if n % 2 else (me, tom)), f"Mon, {day}", "All is well here.") for n, day in enumerate(days)]
    return "".join([*found, letter(90, "Ana <ana@b.example>", me, "Fri, 20 Nov 2026", "I have my driving test on Saturday.")])


@pytest.fixture
def filled(house: House, tmp_path: Path) -> House:
    """Cards, a mailbox and a talk, brought in as a person would, on NOW."""
    talk = (
        '{"id": 1, "at": "2026-11-18T09:00:00+00:00", "speaker": "Ana Winter", "text": "I would love a new tent for the summer.",'
        ' "conversation": "x"}\n'
        '{"id": 2, "at": "2026-11-18T09:05:00+00:00", "speaker": "me", "text": "Good idea!", "conversation": "x"}\n'
    )
    for name, text in (("book.vcf", CARDS), ("in.mbox", mailbox()), ("chat.jsonl", talk)):
        (tmp_path / name).write_text(text)
    done = house.import_paths([tmp_path / name for name in ("book.vcf", "in.mbox", "chat.jsonl")])
    assert done.skipped == ()
    return house


def test_one_person_stands_on_one_card_across_sources(filled: House) -> None:
    """Card, letters and talk under several names are one, with what shows it; the person themselves is not among them."""
    ana, tom = filled.people.all()
    assert (ana.name, tom.name) == ("Ana Winter", "Tom Novak") or {ana.name, tom.name} == {"Ana Winter", "Novak, Thomas"}
    assert {held.kind for held in ana.handles} >= {"name", "email", "speaker"}
    card = filled.people.card("tom@a.example")
    assert card.person.letters == 10
    assert [link.state for link in card.links] == ["merged"]
    assert card.next_birthday is not None
    assert (card.next_birthday.month, card.next_birthday.day) == (12, 4)
    for words, ref in card.links[0].evidence:
        assert words
        assert filled.memory.item(ref)


def test_a_card_says_what_to_ask_and_what_to_give_with_sources(filled: House) -> None:
    """A day that has passed since, and a wish, each quoted from the item that says it."""
    card = filled.people.card("Ana Winter")
    assert [line.text for line in card.ask] == ["How was it: “I have my driving test on Saturday.” (20 November)"]
    assert any("tent" in line.text for line in card.gifts)
    for line in (*card.ask, *card.gifts):
        assert line.text.partition("“")[2].partition("”")[0] in filled.memory.item(line.ref).text


def test_birthdays_and_silences_are_told(filled: House) -> None:
    """Tom's birthday comes, and he has been quiet for longer than usual."""
    (birthday,) = filled.people.birthdays(30)
    assert (birthday.day.isoformat(), birthday.turns) == ("2026-12-04", 46)
    (one,) = filled.people.reconnect()
    assert one.text.endswith("usually in touch every 7 days, now quiet for 4 months")


def test_importing_again_changes_nothing(filled: House, tmp_path: Path) -> None:
    """Neither who is who nor how often somebody wrote."""
    before = filled.people.all()
    (tmp_path / "again.mbox").write_text(mailbox())
    filled.import_paths([tmp_path / "book.vcf", tmp_path / "again.mbox"])
    assert filled.people.all() == before


def test_what_the_person_decides_is_kept_over_a_second_import(filled: House, tmp_path: Path) -> None:
    """Two made one and parted again, one renamed; a letter more changes none of it."""
    ana, tom = (filled.people.card(name).person for name in ("ana@b.example", "tom@a.example"))
    one = filled.people.merge(ana.id, tom.id)
    assert filled.people.merge(ana.id, tom.id) == one
    assert len(filled.people.all()) == 1
    (link,) = [link for link in filled.people.links("confirmed") if link.state == "confirmed"][:1]
    assert len(filled.people.split(link.id)) == 2
    assert filled.people.rename(filled.people.card("tom@a.example").person.id, "Tommy").name == "Tommy"
    (tmp_path / "more.mbox").write_text(letter(200, "Tom Novak <tom@a.example>", "sam@own.example", "Sat, 21 Nov 2026", "Back again."))
    filled.import_paths([tmp_path / "more.mbox"])
    assert filled.people.card("tom@a.example").person.name == "Tommy"
    assert filled.people.card("ana@b.example").person.name != "Tommy"
    with pytest.raises(NotFound):
        filled.people.split("l9999.10000")


def test_memory_gives_a_relation_and_a_birthday(house: House) -> None:
    """Whom the person calls theirs has a card, also when no other source knows them."""
    entry = Entry("My sister Mia lives in Rome. Mia's birthday is on 5 December.", Source("note:1"), Label(Integrity.PERSON), at=NOW)
    house.memory.remember([entry], now=NOW)
    (mia,) = house.people.all()
    assert (mia.name, mia.relation) == ("Mia", "sister")
    assert mia.birthday is not None
    assert mia.birthday.isoformat() == "1604-12-05"
    assert any("Rome" in line.text for line in house.people.card("Mia").matters)


def test_forgetting_somebody_takes_everything_that_names_them(filled: House) -> None:
    """Card, letters from and to them, handles, names the person chose: nothing says them any more."""
    tom = filled.people.card("tom@a.example").person
    filled.people.rename(tom.id, "Tommy Tiger")
    receipt = filled.memory.forget(Target(person="Tom Novak"))
    assert receipt.verified
    assert "tom@a.example" not in {held.value for one in filled.people.all() for held in one.handles}
    for said in ("tom@a.example", "Novak", "Tommy Tiger"):
        assert filled.memory.verify(said).is_gone


def test_a_proposed_link_becomes_one_person_by_the_persons_word(house: House, tmp_path: Path) -> None:
    """Letters of one name from two addresses are proposed, never merged; joined by the link's id, they are one person."""
    senders = ("Marta Lindqvist <m@a.example>", "Marta Lindqvist <ml@b.example>")
    box = tmp_path / "two.mbox"
    box.write_text(
        "".join(letter(n, one, "Sam Own <sam@own.example>", f"Mon, {n + 2} Nov 2026", "Hello.") for n, one in enumerate(senders))
    )
    house.import_paths([box])
    [link] = house.people.links("proposed")
    assert len(house.people.all("Marta")) == 2 and link.evidence
    one = house.people.join(link.id)
    assert [each.id for each in house.people.all("Marta")] == [one.id]
    assert {each.value for each in one.handles if each.kind == "email"} == {"m@a.example", "ml@b.example"}


def test_what_was_promised_to_a_name_counts_once_the_name_is_the_persons(house: House, tmp_path: Path) -> None:
    """One letter says nothing of whose mailbox it is; told "I'm Ana", the promise in it is one to her, and she can be asked about it."""
    box = tmp_path / "one.mbox"
    box.write_text(
        letter(1, "Tom Berger <tom@a.example>", "Ana <ana@b.example>", "Fri, 20 Nov 2026", "I will send you the photos by Friday.")
    )
    house.import_paths([box])
    assert house.people.promises() == ()
    entry = Entry("Hi, I'm Ana.", Source("note:1"), Label(Integrity.PERSON), at=NOW)
    house.memory.remember([entry], now=NOW)
    [promise] = house.people.promises()
    assert (promise.by, promise.to, promise.sentence) == ("Tom Berger", "you", "I will send you the photos by Friday.")
    house.people.drop(promise.id)
    assert [one.id for one in house.people.promises()] == [promise.id]


def test_a_few_letters_tell_whose_they_are_only_where_one_address_stands_in_all(house: House, tmp_path: Path) -> None:
    """Three letters with two others: the one in all of them. Two letters between the same two: nobody can tell."""
    two = tmp_path / "two.mbox"
    two.write_text("".join(letter(n, "Tom <tom@a.example>", "Sam <sam@own.example>", f"Mon, {n} Nov 2026", "Hello.") for n in (2, 9)))
    house.import_paths([two])
    assert not any(one.is_you for one in house.people.all()) and len(house.people.all()) == 2
    third = tmp_path / "third.mbox"
    third.write_text(letter(3, "Sam <sam@own.example>", "Ana <ana@b.example>", "Tue, 10 Nov 2026", "Hello."))
    house.import_paths([third])
    assert {one.name for one in house.people.all()} == {"Tom", "Ana"}
