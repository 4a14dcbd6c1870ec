"""Address books: the cards of a .vcf file as Contacts. The file itself is read by `senses/vcard.py`, in a child process."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b

from ..messages import Part, Skipped, Source
from ..records import Contact
from .phones import number

MOST = 50  # names, addresses or numbers of one card


@dataclass(frozen=True, slots=True)
class Contacts:
    """The cards among ``parts``, which the sense read from ``source``."""

    parts: Iterable[Part]
    source: Source

    def fetch(self) -> Iterator[Contact | Skipped]:
        """Cards in the file's order, each uid once (the last of them: programs append what changed); what could not be read is Skipped."""
        cards: dict[str, Contact | Skipped] = {}
        for place, part in enumerate(self.parts):
            fields = json.loads(part.text)
            if part.heading == "skipped":
                cards[f"\x1f{place}"] = Skipped(f"{self.source.title} {fields['where']}", str(fields["reason"]))
            else:
                card = self._contact(fields)
                is_somebody = card.name or card.emails or card.phones
                cards[card.uid] = card if is_somebody else Skipped(f"{self.source.title} card {place + 1}", "it names nobody")
        yield from cards.values()

    def _contact(self, fields: dict[str, object]) -> Contact:
        uid = str(fields["uid"]) or blake2b(json.dumps(fields, sort_keys=True).encode(), digest_size=12).hexdigest()
        birthday = str(fields["birthday"])
        phones = dict.fromkeys(phone for said in _listed(fields["phones"]) if (phone := number(said)))
        emails = dict.fromkeys(email.lower() for email in _listed(fields["emails"]))
        return Contact(
            self.source, uid[:250], str(fields["name"]), _listed(fields["nicknames"]), tuple(emails), tuple(phones),
            date.fromisoformat(birthday) if birthday else None, str(fields["organisation"]), _pairs(fields["relations"]),
            str(fields["note"]),
        )  # fmt: skip


def _listed(value: object) -> tuple[str, ...]:
    return tuple(str(one) for one in value[:MOST]) if isinstance(value, list) else ()


def _pairs(value: object) -> tuple[tuple[str, str], ...]:
    return tuple((str(role), str(name)) for role, name in value[:MOST]) if isinstance(value, list) else ()
