"""Cards of address books: vCard 2.1, 3.0 (RFC 2426) and 4.0 (RFC 6350), as programs really write them. Each card is one part: a JSON
object of what it says, which `connectors/contacts.py` makes a Contact of.

Read by hand: vobject (0.9.9, Apache-2.0) was tried, and ends at a card that is never closed, so that one costs all behind it. A line may
be folded, quoted-printable over several lines, in another charset, or Latin-1 in a file that says UTF-8. Photos, sounds and keys are
passed over. A card that cannot be read is said with the reason; the others are kept.
"""

from __future__ import annotations

import json
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import BinaryIO

from ..errors import BadInput
from ..messages import Media, Part, Span
from .encoding import find_encoding
from .sniff import open_regular

MOST_LINES = 5_000  # of one card: a photo of a megabyte has some 14,000, but those lines are not counted
LONGEST = 10_000  # characters of one value that is kept
_BULKY = frozenset(("PHOTO", "LOGO", "SOUND", "KEY", "AGENT"))
_NAME = re.compile(r"^(?:[A-Za-z0-9-]+\.)?([A-Za-z0-9-]+)((?:;[^:\"]*(?:\"[^\"]*\"[^:\"]*)*)?):", re.DOTALL)
_APPLE = re.compile(r"^_\$!<(.+)>!\$_$")
_ADDRESS = re.compile(r"[^\s<>\"(),:;@]{1,64}@[^\s<>\"(),:;@]{1,255}")
_DAY = re.compile(r"^(?:(\d{4})|--)-?(\d{2})-?(\d{2})(?:[T ].*)?$")
_NO_YEAR = 1604  # as calendars write it, and Apple's address book does
_Fields = dict[str, object]


@dataclass(frozen=True, slots=True)
class Line:
    """A property: ``name`` in capitals, its parameters by name in capitals, its value with escapes as they stand."""

    name: str
    parameters: dict[str, str]
    value: str
    group: str = ""


def perceive(media: Media) -> Iterator[Part]:
    """A part for each card, in order; one with the heading "skipped" says why a card was left out. Raises BadInput when there is none."""
    at = number = 0
    for lines in _cards(media):
        number += 1
        try:
            fields: _Fields = card(lines)
            heading = "contact"
        except BadInput as error:
            fields, heading = {"where": f"card {number}", "reason": error.message}, "skipped"
        text = json.dumps(fields, ensure_ascii=False) + "\n"
        yield Part(text, Span(at, at + len(text)), heading=heading)
        at += len(text)
    if not number:
        raise BadInput("no contact in it")


def card(lines: list[str]) -> _Fields:
    """What one card says: uid, name, nicknames, emails, phones, birthday, organisation, relations, note. Raises BadInput."""
    found = [line for raw in lines if (line := _line(raw)) is not None]
    labels = {line.group: _plain(_APPLE.sub(r"\1", line.value)) for line in found if line.name == "X-ABLABEL" and line.group}
    name = _first(found, "FN") or _structured(found) or _first(found, "NICKNAME") or _first(found, "ORG")
    emails = [address[0] for line in found if line.name == "EMAIL" and (address := _ADDRESS.search(_plain(line.value)))]
    phones = [_plain(line.value).removeprefix("tel:") for line in found if line.name == "TEL" and re.search(r"\d", line.value)]
    if not (name or emails or phones):
        raise BadInput("it names nobody")
    relations = [
        (labels.get(line.group) or line.parameters.get("TYPE", "related").lower(), _plain(line.value))
        for line in found
        if line.name in ("RELATED", "X-ABRELATEDNAMES") and not line.value.startswith(("urn:", "http"))
    ]
    relations += [(role.lower(), said) for role in ("SPOUSE", "CHILD", "MANAGER", "ASSISTANT") if (said := _first(found, f"X-{role}"))]
    return {
        "uid": _first(found, "UID").removeprefix("urn:uuid:"),
        "name": name,
        "nicknames": [word for line in found if line.name == "NICKNAME" for word in _listed(line.value, ",")],
        "emails": list(dict.fromkeys(emails)),
        "phones": list(dict.fromkeys(phones)),
        "birthday": birthday(_first(found, "BDAY")),
        "organisation": ", ".join(_listed(next((line.value for line in found if line.name == "ORG"), ""), ";")),
        "relations": relations,
        "note": _first(found, "NOTE"),
    }


def birthday(said: str) -> str:
    """The day as ISO 8601, with the year 1604 where none is known; "" for what is no day."""
    match = _DAY.match(said.strip())
    if match is None:
        return ""
    try:
        return date(int(match[1] or _NO_YEAR), int(match[2]), int(match[3])).isoformat()
    except ValueError:
        return ""


def _cards(media: Media) -> Iterator[list[str]]:
    """The logical lines of each card. A card that is never ended ends where the next begins."""
    lines: list[str] | None = None
    for line in _unfolded(media):
        said = line.strip().upper()
        if said == "BEGIN:VCARD":
            if lines is not None:
                yield lines
            lines = []
        elif said == "END:VCARD":
            if lines is not None:
                yield lines
            lines = None
        elif lines is not None and len(lines) < MOST_LINES:
            lines.append(line)
    if lines:
        yield lines


def _unfolded(media: Media) -> Iterator[str]:
    """Logical lines: continued by a blank (RFC 6350, 3.2), or by a "=" at the end of a quoted-printable one (vCard 2.1)."""
    held, is_bulky = "", False
    for raw in _physical(media):
        continues = raw[:1] in (" ", "\t") or (held.endswith("=") and "QUOTED-PRINTABLE" in held[:200].upper())
        if continues and held:
            if not is_bulky and len(held) < LONGEST:
                held = held.removesuffix("=") + (raw[1:] if raw[:1] in (" ", "\t") else raw)
            continue
        if held and not is_bulky:
            yield held
        held = raw
        is_bulky = re.split(r"[;:]", raw, maxsplit=1)[0].rpartition(".")[2].upper() in _BULKY
    if held and not is_bulky:
        yield held


def _physical(media: Media) -> Iterator[str]:
    """Lines without their ends, each cut to what is kept of one."""
    with open_regular(media.path) as stream:
        name = _encoding(stream)
        if name.startswith("utf-16") or name.startswith("utf-32"):
            yield from stream.read().decode(name, "replace").lstrip("\ufeff").splitlines()
            return
        while line := stream.readline(LONGEST):
            yield _decoded(line).rstrip("\r\n").removeprefix("\ufeff")


def _encoding(stream: BinaryIO) -> str:
    try:
        return find_encoding(stream).name
    except BadInput:  # a stray zero somewhere: line by line it is still cards
        return "utf-8"


def _decoded(line: bytes) -> str:
    """One file may hold cards of several programs: what is not UTF-8 is Windows-1252."""
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("cp1252", "replace")


def _line(raw: str) -> Line | None:
    match = _NAME.match(raw)
    if match is None:
        return None
    parameters: dict[str, str] = {}
    for parameter in match[2].split(";")[1:]:
        name, equals, value = parameter.partition("=")
        name, value = (name, value) if equals else ("TYPE" if name.upper() not in ("QUOTED-PRINTABLE", "BASE64") else "ENCODING", name)
        parameters.setdefault(name.strip().upper(), value.strip().strip('"'))
    value = raw[match.end() :]
    if parameters.get("ENCODING", "").upper() in ("QUOTED-PRINTABLE", "Q"):
        octets = quopri.decodestring(value.encode("utf-8", "replace"))
        try:
            value = octets.decode(parameters.get("CHARSET", "utf-8"))
        except (LookupError, ValueError):  # a charset with a zero byte in its name is a ValueError
            value = _decoded(octets)
    return Line(match[1].upper(), parameters, value[:LONGEST], raw.partition(".")[0] if "." in raw[: match.end(1)] else "")


def _first(lines: list[Line], name: str) -> str:
    return next((said for line in lines if line.name == name and (said := _plain(line.value))), "")


def _structured(lines: list[Line]) -> str:
    """The name of N: family; given; more; before; after."""
    value = next((line.value for line in lines if line.name == "N"), "")
    family, given, more = [*_listed(value, ";", empty=True), "", "", ""][:3]
    return " ".join(part for part in (given, more, family) if part)


def _listed(value: str, separator: str, *, empty: bool = False) -> list[str]:
    parts = [_plain(part) for part in re.split(rf"(?<!\\){separator}", value)]
    return [part for part in parts if part or empty]


def _plain(value: str) -> str:
    """A value without its escapes (RFC 6350, 3.4), on one line, without what no store can hold."""
    value = re.sub(r"\\([nN,;:\\])", lambda match: " " if match[1] in "nN" else match[1], value)
    return " ".join("".join(letter if letter.isprintable() else " " for letter in value).split())
