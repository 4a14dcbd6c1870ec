"""Mail: the letters of an .eml file, a Maildir's file, or an mbox, as Letters. The file itself is read by `senses/mail.py`, in a child
process. A Maildir is a folder of such files: `folder.py` finds them (its hidden subfolders only when they are named).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from ..messages import Part, Skipped, Source
from ..records import Address, Letter


@dataclass(frozen=True, slots=True)
class Letters:
    """The letters among ``parts``, which the sense read from ``source``."""

    parts: Iterable[Part]
    source: Source

    def fetch(self) -> Iterator[Letter | Skipped]:
        """Letters in the file's order; what could not be read is Skipped."""
        for part in self.parts:
            fields = json.loads(part.text)
            if part.heading == "skipped":
                yield Skipped(f"{self.source.title} {fields['where']}", str(fields["reason"]))
            else:
                yield self._letter(fields)

    def _letter(self, fields: dict[str, object]) -> Letter:
        at = str(fields["at"])
        (sender,) = _addresses([fields["sender"]])
        return Letter(
            self.source, str(fields["id"]), datetime.fromisoformat(at) if at else None, sender, _addresses(fields["to"]),
            _addresses(fields["cc"]), str(fields["subject"]), str(fields["answers"]), str(fields["text"]), str(fields["thread"]),
            str(fields["signature"]), int(str(fields["readers"])), bool(fields["is_bulk"]),
        )  # fmt: skip


def _addresses(value: object) -> tuple[Address, ...]:
    return tuple(Address(str(name), str(email)) for name, email in value) if isinstance(value, list) else ()
