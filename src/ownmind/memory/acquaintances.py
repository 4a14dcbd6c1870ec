"""Contacts and letters as things remembered: each is an item in words, and beside it the row that says who is meant.

The words name everybody the row names, so that forgetting somebody by name or address finds both; the row goes with the item. Whatever
comes this way is untrusted: also a letter that says it is the person's own, because anybody can write that on a letter.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b

from ..connectors import Recorded
from ..connectors.calendar import goal_of
from ..messages import Confidentiality, Integrity, Kind, Label
from ..records import Address, CalendarEvent, Contact, Letter, Record
from ..store import appointments, people
from ..store.opening import Store

_LABEL = Label(Integrity.UNTRUSTED, Confidentiality.PRIVATE)
_NO_YEAR = 1604


def entry_of(record: Contact | Letter) -> Recorded:
    """What is remembered of a contact or a letter."""
    if isinstance(record, Letter):
        conversation = f"letters:{record.thread or record.id}"
        speaker = record.sender.name or record.sender.email
        return Recorded(letter_text(record), record.source, _LABEL, Kind.TURN, record.at, speaker, conversation, record.id, record=record)
    text = contact_text(record)
    words = blake2b(f"{record.uid}\x1f{text}".encode(), digest_size=12).hexdigest()
    return Recorded(text, record.source, _LABEL, Kind.PASSAGE, conversation=record.source.ref, external_id=words, record=record)


def contact_text(card: Contact) -> str:
    """A card in words."""
    lines = [card.name or (*card.emails, *card.phones)[0]]
    for title, values in (
        ("Also called", card.nicknames), ("E-mail", card.emails), ("Phone", card.phones), ("Birthday", (_day(card),)),
        ("Organisation", (card.organisation,)), *((role.capitalize(), (name,)) for role, name in card.relations), ("Note", (card.note,)),
    ):  # fmt: skip
        if any(values):
            lines.append(f"{title}: {', '.join(values)}")
    return "\n".join(lines)


def letter_text(letter: Letter) -> str:
    """A letter in words, with its head."""
    readers = [*letter.to, *letter.cc][: people.MOST_READERS]
    head = [f"From: {_shown(letter.sender)}"]
    if readers:
        more = letter.readers - len(readers)
        head.append(f"To: {', '.join(map(_shown, readers))}{f' and {more} more' if more > 0 else ''}")
    if letter.subject:
        head.append(f"Subject: {letter.subject}")
    signed = f"\n\n-- \n{letter.signature}" if letter.signature else ""
    return "\n".join(head) + f"\n\n{letter.text}{signed}".rstrip()


def keep(store: Store, kept: Iterable[tuple[int, Record]]) -> None:
    """Writes the rows of these items; again is fine."""
    with store.db.write() as cx:
        for row, record in kept:
            if not row:  # it was forgotten, and stays so
                continue
            match record:
                case Letter():
                    people.add_letter(cx, row, record)
                case Contact():
                    people.add_contact(cx, row, record)
                case CalendarEvent():
                    appointments.keep(cx, row, record, goal=goal_of(record, store.keys.tombstones))


def _shown(one: Address) -> str:
    return f"{one.name} <{one.email}>" if one.name and one.email and one.name != one.email else one.email or one.name


def _day(card: Contact) -> str:
    if card.birthday is None:
        return ""
    day = f"{card.birthday.day} {card.birthday:%B}"
    return day if card.birthday.year == _NO_YEAR else f"{day} {card.birthday.year}"
