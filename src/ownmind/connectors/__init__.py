"""Where a person's data comes from: one file a source.

A connector is made with what it needs to find the data, and has one method. It yields what it found in a stable order:
``Media`` (bytes a sense must read), ``Entry`` (text that needs no sense) and ``Skipped`` (what it left out, and why).
It never raises for one bad thing among many.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

from ..messages import Entry, Media, Skipped
from ..records import Record

Found = Media | Entry | Skipped


@dataclass(frozen=True, slots=True)
class Recorded(Entry):
    """An entry that has a record beside its words."""

    record: Record = field(kw_only=True)


class Connector(Protocol):
    def fetch(self) -> Iterator[Found]: ...
