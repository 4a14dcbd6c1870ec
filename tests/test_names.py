"""Names as they compare."""

from __future__ import annotations

import pytest

from ownmind.people.likeness import contradicts, likeness
from ownmind.people.names import Fit, fit, fold, from_address, parse


@pytest.mark.parametrize(
    ("said", "parts"),
    [
        ("Dr. Novák, Ana (EXT)", ("ana", "novak")),
        ("Tom Novak via climbers", ("tom", "novak")),
        ("O'Brien, Sam", ("sam", "obrien")),
        ("Jan van der Berg", ("jan", "berg")),
        ("Юрий Гагарин", ("yurii", "gagarin")),
        ("~Aisha", ("aisha",)),
        ("+43 660 123", ()),
        ("tom@novak.example", ()),
        ("", ()),
    ],
)
def test_a_name_is_its_parts(said: str, parts: tuple[str, ...]) -> None:
    """Without titles, asides and accents, given name first; an address or a number is no name."""
    assert parse(said).parts == parts


@pytest.mark.parametrize(
    ("one", "other", "how"),
    [
        ("tom", "thomas", Fit.NICK),
        ("kruger", "krueger", Fit.SAME),
        ("jan", "jana", Fit.NONE),
        ("robert", "roberta", Fit.NONE),
        ("horvath", "hovrath", Fit.SLIP),
        ("horvath", "h", Fit.INITIAL),
        ("novak", "novakova", Fit.NONE),
    ],
)
def test_parts_agree_as_people_write_them(one: str, other: str, how: Fit) -> None:
    """Nicknames, spellings of umlauts, initials and slips agree; two names that differ in an ending do not."""
    assert fit(one, other) is how
    assert fit(other, one) is how


def test_two_given_names_speak_against_each_other_and_two_family_names_do_not() -> None:
    """A couple is two people; somebody who married is one."""
    assert contradicts(parse("Ana Novak"), parse("Tom Novak"))
    assert not contradicts(parse("Ana Novak"), parse("Ana Winter"))
    assert not contradicts(parse("A. Novak"), parse("Ana Winter"))
    assert not contradicts(parse("Mum"), parse("Ana Novak"))
    assert contradicts(parse("Tom"), parse("Ana Novak"))


def test_likeness_is_the_same_from_both_sides() -> None:
    """Whoever is named first."""
    one, other = parse("Kate Fischer"), parse("Fischer, Katharina")
    there, back = likeness(one, other), likeness(other, one)
    assert there is not None
    assert back is not None
    assert there.weight(lambda key: 3.0) == back.weight(lambda key: 3.0)


def test_an_address_may_spell_a_name() -> None:
    """With a dot or without, with a number behind."""
    assert from_address("ana.novak84@x.example").parts == ("ana", "novak")
    assert from_address("info@x.example").parts == ()


def test_folding_keeps_what_it_does_not_know() -> None:
    """Scripts without a table stay as they are."""
    assert fold("Łukasz Größe") == "lukasz grosse"
    assert fold("田中") == "田中"
