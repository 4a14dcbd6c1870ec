"""Rows of the ledger as a file to take away: JSON as the routes give it, or CSV for a spreadsheet.

A spreadsheet takes a cell that begins with =, +, - or @ for a formula. What left may name what outside text made up, so such a cell gets
an apostrophe in front (OWASP, "CSV injection").
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence

from .. import wire

_COLUMNS = ("id", "at", "destination", "purpose", "by", "bytes_out", "wire_out", "bytes_in", "outcome", "detail", "tells")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_json(rows: Sequence[wire.Json]) -> bytes:
    """One array, indented."""
    return json.dumps(rows, ensure_ascii=False, indent=1, allow_nan=False).encode("utf-8", "replace") + b"\n"


def as_csv(rows: Sequence[wire.Json]) -> bytes:
    """A line of names and one for each row (RFC 4180), in UTF-8 with the mark that spreadsheets look for. ``tells``: ids of memories."""
    file = io.StringIO()
    written = csv.writer(file)
    written.writerow(_COLUMNS)
    for row in rows:
        assert isinstance(row, dict)
        written.writerow([_cell(row.get(name)) for name in _COLUMNS])
    return file.getvalue().encode("utf-8-sig", "replace")


def _cell(value: wire.Json) -> str:
    match value:
        case None:
            return ""
        case list():
            return " ".join(str(each["id"]) for each in value if isinstance(each, dict))
        case str():
            return f"'{value}" if value.startswith(_FORMULA) else value
    return str(value)
