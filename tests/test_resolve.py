"""Who is who, from records: pure."""

from __future__ import annotations

import random
from datetime import date

from ownmind.people.resolve import Decided, Record, Resolved, resolve

NOBODY = Decided()


def card(number: int, name: str, *, book: str = "phone", **more: object) -> Record:
    """A card of an address book."""
    return Record(number, "contact", f"i{number}", (name,) if name else (), source=book, **more)  # type: ignore[arg-type]  # fields of Record


def letter(number: int, name: str, email: str, **more: object) -> Record:
    """A name with an address in letters."""
    return Record(number, "letter", f"i{number}", (name,) if name else (), emails=(email,), **more)  # type: ignore[arg-type]  # fields of Record


def talk(number: int, name: str, **more: object) -> Record:
    """A speaker."""
    return Record(number, "talk", f"i{number}", (name,), source="chat", **more)  # type: ignore[arg-type]  # fields of Record


def found(*records: Record, decided: Decided = NOBODY) -> Resolved:
    return resolve(records, decided)


def test_an_address_of_one_alone_joins_whatever_the_name_is_written_like() -> None:
    """Nickname, order, married name, no name at all."""
    given = found(
        card(1, "Tom Novák", emails=("tom@a.example",)), letter(2, "Novak, Thomas", "tom@a.example"), letter(3, "", "tom@a.example"),
        letter(4, "Thomas Winter", "tom@a.example"),
    )  # fmt: skip
    assert given.clusters == ((1, 2, 3, 4),)


def test_a_shared_address_joins_nobody_but_each_with_themselves() -> None:
    """A couple writes from one address, and the household is neither of them."""
    given = found(
        letter(1, "Ana Novak", "family.novak@a.example"), letter(2, "Tom Novak", "family.novak@a.example"),
        letter(3, "Familie Novak", "family.novak@a.example"), letter(4, "", "family.novak@a.example"),
        letter(5, "Tom", "family.novak@a.example"),
    )  # fmt: skip
    assert given.clusters == ((1,), (2, 5), (3, 4))


def test_a_name_alone_is_proposed_and_never_merged() -> None:
    """Two cards of one book, and two addresses of one mailbox, under one name."""
    cards = found(card(1, "Peter Schmidt", phones=("+431111111",)), card(2, "Peter Schmidt", phones=("+432222222",)))
    letters = found(letter(1, "Peter Schmidt", "p1@a.example"), letter(2, "Peter Schmidt", "p2@b.example"))
    for given in (cards, letters):
        assert given.clusters == ((1,), (2,))
        assert [link.state for link in given.links] in ([], ["proposed"])
    assert [link.state for link in letters.links] == ["proposed"]


def test_a_talk_goes_to_the_one_card_of_its_name_and_to_none_of_two() -> None:
    """A messenger shows people as they are saved; where two are saved so, nobody can tell."""
    assert found(card(1, "Peter Schmidt", phones=("+431111111",)), talk(2, "Peter Schmidt")).clusters == ((1, 2),)
    two = found(
        card(1, "Peter Schmidt", birthday=date(1970, 1, 1)), card(2, "Peter Schmidt", birthday=date(1990, 2, 2)), talk(3, "Peter Schmidt")
    )
    assert two.clusters == ((1,), (2,), (3,))


def test_two_birthdays_keep_two_apart_whatever_else_agrees() -> None:
    """Father and son, at one telephone."""
    given = found(
        card(1, "Jan Novak", phones=("+431111111",), birthday=date(1950, 3, 1)),
        card(2, "Jan Novak", phones=("+431111111",), birthday=date(1980, 3, 2)),
    )
    assert given.clusters == ((1,), (2,))


def test_what_somebody_says_is_theirs_joins_them() -> None:
    """A signature with the number on the card."""
    given = found(card(1, "T. Novak", phones=("+436601234567",)), letter(2, "Tom Novak", "x@a.example", told=(("06601234567", "i9"),)))
    assert given.clusters == ((1, 2),)
    assert given.links[0].evidence == (("the same telephone number", "i9"),)


def test_lists_and_machines_are_nobody_we_know() -> None:
    """Whoever writes through a list is not the list."""
    given = found(
        letter(1, "Tom Novak via choir", "choir@l.example", is_bulk=True),
        letter(2, "Ana Winter via choir", "choir@l.example", is_bulk=True),
        letter(3, "Tom Novak", "tom@a.example"), letter(4, "Shop Team", "info@s.example"), letter(5, "Shop", "info@s.example"),
    )  # fmt: skip
    assert given.clusters == ((1, 2), (3,), (4, 5))


def test_what_the_person_decided_wins() -> None:
    """Two made one against everything, one made two for good, and a refused proposal does not come again."""
    records = (letter(1, "Tom", "tom@a.example"), letter(2, "Ana", "ana@b.example"), letter(3, "", "tom@a.example"))
    given = found(*records, decided=Decided(frozenset({(1, 2)}), frozenset({(1, 3)})))
    assert given.clusters == ((1, 2), (3,))
    assert {link.id: link.state for link in given.links} == {"l1.2": "confirmed", "l1.3": "refused"}
    namesakes = (letter(1, "Peter Schmidt", "p1@a.example"), letter(2, "Peter Schmidt", "p2@b.example"))
    assert [link.state for link in found(*namesakes, decided=Decided(apart=frozenset({(1, 2)}))).links] == ["refused"]


def test_every_merge_shows_why_and_the_order_of_records_changes_nothing() -> None:
    """Clusters are held together by links, each with words and a source, however the records are shuffled."""
    records = [
        card(1, "Tom Novak", emails=("tom@a.example",)), letter(2, "Tom", "tom@a.example", threads=((1, "i2"),)),
        talk(3, "Tom Novak", threads=((2, "i3"),)),
        letter(4, "Ana Winter", "ana@b.example", threads=((1, "i2"),)), letter(5, "Ana Winter", "aw@c.example", threads=((1, "i2"),)),
        card(6, "Ana Winter", book="mail", emails=("ana@b.example",)),
    ]  # fmt: skip
    first = resolve(records, NOBODY)
    for seed in range(5):
        mixed = records[:]
        random.Random(seed).shuffle(mixed)
        assert resolve(mixed, NOBODY) == first
    merged = [link for link in first.links if link.state == "merged"]
    assert len(merged) == sum(len(cluster) - 1 for cluster in first.clusters)
    assert all(words and ref for link in merged for words, ref in link.evidence)
    assert all(link.evidence for link in merged)


def test_two_of_one_name_who_write_in_one_circle_stay_two() -> None:
    """Each has a card with a telephone of their own in one book: whatever exchange both stand in, it is asked, not merged."""
    shared = ((1, "i9"), (2, "i9"))
    given = found(
        card(1, "Martin Berger", phones=("+431111111",), emails=("m1@a.example",)),
        letter(2, "Martin Berger", "m1@a.example", threads=shared),
        card(3, "Martin Berger", phones=("+432222222",), emails=("m2@b.example",)),
        letter(4, "Martin Berger", "m2@b.example", threads=shared),
        letter(5, "Charlotte Moser", "c@c.example", threads=shared),
    )  # fmt: skip
    assert given.clusters == ((1, 2), (3, 4), (5,))
