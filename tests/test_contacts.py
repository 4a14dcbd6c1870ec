"""Address books: real-world cards into contacts, through the child process that parses them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from ownmind import senses
from ownmind.connectors.contacts import Contacts
from ownmind.connectors.phones import line, number
from ownmind.errors import BadInput
from ownmind.messages import Media, Skipped, Source
from ownmind.records import Contact
from ownmind.senses.sandbox import Sandbox

SOURCE = Source("file:/book.vcf", "contacts", "book.vcf", senses.CONTACTS)


def read(path: Path, content: bytes) -> list[Contact | Skipped]:
    """What the connector gives for a file of this content."""
    path = path / "book.vcf"
    path.write_bytes(content)
    with Sandbox() as sandbox:
        return list(Contacts(sandbox.perceive(Media(path, senses.CONTACTS, SOURCE)), SOURCE).fetch())


def test_a_card_of_each_version_says_the_same(tmp_path: Path) -> None:
    """2.1 with quoted-printable over two lines, 3.0 folded and grouped, 4.0 with a URI for a telephone."""
    found = read(
        tmp_path,
        b"BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:"
        b"Nov=C3=A1k;Jo=\r\n=C5=BEko\r\nTEL;CELL:0660 123 45 67\r\nEND:VCARD\r\n"
        b"BEGIN:VCARD\r\nVERSION:3.0\r\nUID:2\r\nFN:Ana Nov\r\n \xc3\xa1k\r\n"
        b"item1.EMAIL;type=INTERNET:Ana@Novak.example\r\nitem2.X-ABRELATEDNAMES:Jo\\, her man\r\n"
        b"item2.X-ABLabel:_$!<Spouse>!$_\r\nBDAY;X-APPLE-OMIT-YEAR=1604:1604-02-29\r\nPHOTO;ENCODING=b:AAAA\r\n BBBB\r\nEND:VCARD\r\n"
        b"BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Tom\r\nNICKNAME:Tommy,T\r\n"
        b"TEL;VALUE=uri:tel:+43-660-765-4321\r\nBDAY:19800504\r\nORG:ACME;Sales\r\nNOTE:climbs\\nwell\r\nEND:VCARD\r\n",
    )
    first, second, third = (one for one in found if isinstance(one, Contact))
    assert (first.name, first.phones) == ("Jožko Novák", ("06601234567",))
    assert (second.name, second.emails, second.birthday) == ("Ana Novák", ("ana@novak.example",), date(1604, 2, 29))
    assert second.relations == (("Spouse", "Jo, her man"),)
    assert (third.nicknames, third.phones, third.birthday) == (("Tommy", "T"), ("+436607654321",), date(1980, 5, 4))
    assert (third.organisation, third.note) == ("ACME, Sales", "climbs well")


def test_one_bad_card_costs_no_other(tmp_path: Path) -> None:
    """A card that names nobody, one that never ends, and one in Latin-1 stand beside a good one."""
    found = read(
        tmp_path,
        b"BEGIN:VCARD\nVERSION:3.0\nBDAY:1980-13-77\nEND:VCARD\n"
        b"BEGIN:VCARD\nFN:Never Ended\nBEGIN:VCARD\nFN:J\xf6rg\nBDAY:1980-13-77\nEND:VCARD\nrubbish\x00\n",
    )
    assert [one.name for one in found if isinstance(one, Contact)] == ["Never Ended", "Jörg"]
    assert [one.where for one in found if isinstance(one, Skipped)] == ["book.vcf card 1"]
    assert all(one.birthday is None for one in found if isinstance(one, Contact))


def test_a_card_with_nothing_but_a_number_for_emergencies_names_nobody(tmp_path: Path) -> None:
    """No name, no address, and a number too short to be anybody's."""
    (one,) = read(tmp_path, b"BEGIN:VCARD\nTEL:112\nEND:VCARD\n")
    assert one == Skipped("book.vcf card 1", "it names nobody")


def test_a_card_that_comes_twice_is_taken_as_it_stands_last(tmp_path: Path) -> None:
    """Programs append what changed under the same UID."""
    (one,) = read(tmp_path, b"BEGIN:VCARD\nUID:7\nFN:Old\nEND:VCARD\nBEGIN:VCARD\nUID:7\nFN:New\nEND:VCARD\n")
    assert isinstance(one, Contact)
    assert one.name == "New"


def test_ten_thousand_cards_and_endless_lines_are_read_within_limits(tmp_path: Path) -> None:
    """A large book with a photo in each card, and one card of a line without an end."""
    photo = b"PHOTO;ENCODING=b;TYPE=JPEG:" + b"\r\n ".join([b"QUJD" * 18] * 20) + b"\r\n"
    cards = [b"BEGIN:VCARD\r\nUID:%d\r\nFN:Person %d\r\n%sEND:VCARD\r\n" % (n, n, photo) for n in range(10_000)]
    found = read(tmp_path, b"".join(cards) + b"BEGIN:VCARD\r\nFN:" + b"A" * 3_000_000)
    assert len([one for one in found if isinstance(one, Contact)]) == 10_001
    assert max(len(one.name) for one in found if isinstance(one, Contact)) <= 10_000


def test_a_file_without_a_card_says_so(tmp_path: Path) -> None:
    """Nothing is made up of a calendar or of a text."""
    with pytest.raises(BadInput):
        read(tmp_path, b"BEGIN:VCALENDAR\nEND:VCALENDAR\n")


@pytest.mark.parametrize("said", ["+43 660 765 43 21", "0043 (660) 7654321", "0660/7654321", "+43 (0) 660 7654321"])
def test_a_telephone_is_one_however_it_is_written(said: str) -> None:
    """With the country's code, without, with blanks and brackets."""
    assert line(number(said)) == "607654321"


def test_what_is_no_telephone_is_none() -> None:
    """Extensions and words are nobody's number."""
    assert number("112") == number("none") == ""


def test_a_charset_that_is_none_costs_no_card(tmp_path: Path) -> None:
    """A name of a charset with a zero byte in it, as damage leaves it."""
    (card,) = read(
        tmp_path, b"BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=UTF\x008;ENCODING=QUOTED-PRINTABLE:Nov=C3=A1k;Jo\r\nTEL:0660\r\nEND:VCARD\r\n"
    )
    assert isinstance(card, Contact) and "Nov" in card.name
