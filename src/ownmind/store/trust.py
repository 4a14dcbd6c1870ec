"""What the person says of where words from outside came from: trusted, not used, or neither.

A rule names a source's ref or its beginning up to a "/" (``page:https://example.org`` is every page there, ``file:/home/ana/mail`` a
folder). What comes from a source that is not used is withheld: recall, facts and answers pass over it as over anything withheld, so
that it costs nothing where there is no such source.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

import apsw

from ..errors import BadInput
from ..messages import Origin, Trust
from .database import Database
from .items import moment, whole

_SITE = re.compile(r"page:https?://[^/?#]+")
_MOST = 2000  # characters of a ref
# A rule on a ref, as the trigger of migration 11 has it.
_MATCHES = "(s.ref = t.source OR substr(s.ref, 1, length(t.source) + 1) IN (t.source || '/', t.source || '?'))"


class Trusts:
    """The rules of one home."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def set(self, source: str, trust: Trust, now: datetime) -> Origin:
        """Remembers the rule, withholds or uses again what came from there, and gives it as it is then. Raises BadInput for no source."""
        source = key(source)
        with self._db.write() as cx:
            if trust is Trust.DEFAULT:
                cx.execute("DELETE FROM source_trust WHERE source = ?", (source,))
            else:
                cx.execute("INSERT OR REPLACE INTO source_trust(source, trust, at) VALUES (?, ?, ?)", (source, trust, now.timestamp()))
            _settle(cx)
            return next((one for one in _listed(cx) if one.source == source), Origin(source, "", 0, trust, None))

    def all(self) -> list[Origin]:
        """Every source there is a rule for, and every site, file and transcript that words came from: the latest first."""
        with self._db.read() as cx:
            return _listed(cx)

    def trusted(self) -> frozenset[str]:
        """The refs of the sources that are trusted, and the rules themselves."""
        with self._db.read() as cx:
            rules = {str(one) for (one,) in cx.execute("SELECT source FROM source_trust WHERE trust = 'trusted'")}
            if not rules:
                return frozenset()
            sql = f"SELECT s.ref FROM source_trust t JOIN sources s ON {_MATCHES} WHERE t.trust = 'trusted'"  # noqa: S608  # constants of ours
            distrusted = f"SELECT s.ref FROM source_trust t JOIN sources s ON {_MATCHES} WHERE t.trust = 'unused'"  # noqa: S608
            refs = {str(ref) for (ref,) in cx.execute(sql)} - {str(ref) for (ref,) in cx.execute(distrusted)}
        return frozenset(rules | refs)


def key(said: str) -> str:
    """A source as rules name it; an address of the web becomes its site. Raises BadInput."""
    text = said.strip().rstrip("/")
    if text.startswith(("http://", "https://")):
        text = f"page:{text}"
    kind, colon, rest = text.partition(":")
    if not (colon and kind.isalpha() and rest) or len(text) > _MOST or not text.isprintable():
        raise BadInput(
            f"{said[:80]!r} is not a source", hint="`ownmind permissions sources` lists them; a site is written https://example.org"
        )
    site = _SITE.match(text)
    return site[0].lower() if site else text


def _settle(cx: apsw.Connection) -> None:
    """Withholds (2) what came from sources that are not used, and uses the rest of what was withheld so again."""
    unused = f"SELECT s.id FROM source_trust t JOIN sources s ON {_MATCHES} WHERE t.trust = 'unused'"  # noqa: S608  # constants of ours
    cx.execute(f"UPDATE items SET withheld = 2 WHERE withheld = 0 AND source_id IN ({unused})")  # noqa: S608  # a constant of ours
    cx.execute("UPDATE items SET withheld = 1 WHERE withheld = 2 AND id IN (SELECT item_id FROM forgetting)")
    cx.execute(f"UPDATE items SET withheld = 0 WHERE withheld = 2 AND source_id NOT IN ({unused})")  # noqa: S608  # a constant of ours


def _listed(cx: apsw.Connection) -> list[Origin]:
    rules = {str(source): Trust(str(trust)) for source, trust in cx.execute("SELECT source, trust FROM source_trust")}
    found: dict[str, Origin] = {source: Origin(source, "", 0, trust, None) for source, trust in rules.items()}
    for ref, title, items, at in cx.execute(
        """SELECT s.ref, s.title, count(*), max(i.learned_at) FROM sources s JOIN items i ON i.source_id = s.id
           WHERE s.kind IN ('document', 'transcript') AND i.id NOT IN (SELECT item_id FROM forgetting) GROUP BY s.id ORDER BY s.id"""
    ):
        site = _SITE.match(str(ref))
        source = site[0].lower() if site else str(ref)
        for one in {source, *_above(source, list(rules))}:
            before = found.get(one, Origin(one, "", 0, rules.get(one, Trust.DEFAULT), None))
            name = source.partition("//")[2] if site else str(title)
            latest = max(filter(None, (before.at, moment(float(str(at))))), default=None)
            found[one] = Origin(one, name if one == source else before.title, before.items + whole(items), before.trust, latest)
    return sorted(found.values(), key=lambda one: (one.at is None, -(one.at.timestamp() if one.at else 0.0), one.source))


def _above(source: str, rules: Sequence[str]) -> list[str]:
    """The rules that name a beginning of ``source``."""
    return [rule for rule in rules if source.startswith((f"{rule}/", f"{rule}?"))]
