"""The rows of programs that hold a key, and of the talks they sent. A key itself is nowhere: only its SHA-256 is kept."""

from __future__ import annotations

from dataclasses import dataclass

import apsw

_COLUMNS = "id, name, scopes, digest, created, last_used, calls, footnotes"


@dataclass(frozen=True, slots=True)
class Row:
    """One program, as it is stored. Times are Unix seconds."""

    number: int
    name: str
    scopes: tuple[str, ...]
    digest: bytes
    created: float
    last_used: float | None
    calls: int
    footnotes: bool


@dataclass(frozen=True, slots=True)
class Talk:
    """A place in a program's talk. ``is_head``: the conversation has come just so far; ``at``: when it last was there (Unix time)."""

    conversation: str
    is_head: bool
    at: float


def add(cx: apsw.Connection, name: str, scopes: tuple[str, ...], digest: bytes, now: float) -> int:
    """The number of a new program."""
    cx.execute("INSERT INTO clients(name, scopes, digest, created) VALUES (?, ?, ?, ?)", (name, " ".join(scopes), digest, now))
    return cx.last_insert_rowid()


def listed(cx: apsw.Connection) -> list[Row]:
    """Those whose key still opens something, oldest first."""
    return [_row(row) for row in cx.execute(f"SELECT {_COLUMNS} FROM clients WHERE revoked IS NULL ORDER BY id")]  # noqa: S608  # a constant


def rename(cx: apsw.Connection, number: int, name: str) -> None:
    cx.execute("UPDATE clients SET name = ? WHERE id = ?", (name, number))


def allow(cx: apsw.Connection, number: int, scopes: tuple[str, ...]) -> None:
    cx.execute("UPDATE clients SET scopes = ? WHERE id = ?", (" ".join(scopes), number))


def show_sources(cx: apsw.Connection, number: int, *, footnotes: bool) -> None:
    cx.execute("UPDATE clients SET footnotes = ? WHERE id = ?", (int(footnotes), number))


def revoke(cx: apsw.Connection, number: int, now: float) -> None:
    cx.execute("UPDATE clients SET revoked = ? WHERE id = ? AND revoked IS NULL", (now, number))


def count(cx: apsw.Connection, number: int, calls: int, at: float) -> None:
    """Adds ``calls`` that were made up to ``at``."""
    cx.execute("UPDATE clients SET calls = calls + ?, last_used = max(coalesce(last_used, 0), ?) WHERE id = ?", (calls, at, number))


# Talks


def talk(cx: apsw.Connection, digest: bytes) -> Talk | None:
    """The conversation that ``digest`` is a place in; None for one unknown."""
    row = cx.execute(
        "SELECT c.key, t.is_head, t.at FROM client_talks t JOIN conversations c ON c.id = t.conversation_id WHERE t.digest = ?", (digest,)
    ).fetchone()
    return None if row is None else Talk(str(row[0]), bool(row[1]), float(row[2]))


def keep_talk(cx: apsw.Connection, number: int, conversation: str, digest: bytes, now: float, *, is_head: bool) -> None:
    """Keeps that ``digest`` is a place in this conversation of a program; as its head, it has come just so far. Nothing where the
    conversation is gone already."""
    row = cx.execute("SELECT id FROM conversations WHERE key = ?", (conversation,)).fetchone()
    if row is None:
        return
    if is_head:
        cx.execute("UPDATE client_talks SET is_head = 0 WHERE conversation_id = ? AND is_head = 1", (row[0],))
    cx.execute(
        """INSERT INTO client_talks(digest, client_id, conversation_id, is_head, at) VALUES (?, ?, ?, ?, ?)
           ON CONFLICT(digest) DO UPDATE SET conversation_id = excluded.conversation_id, is_head = excluded.is_head, at = excluded.at""",
        (digest, number, row[0], int(is_head), now),
    )


def drop_talk(cx: apsw.Connection, digest: bytes) -> None:
    cx.execute("DELETE FROM client_talks WHERE digest = ?", (digest,))


def _row(row: tuple[object, ...]) -> Row:
    number, name, scopes, digest, created, last_used, calls, footnotes = row
    assert isinstance(digest, bytes)
    used = None if last_used is None else float(str(last_used))
    return Row(int(str(number)), str(name), tuple(str(scopes).split()), digest, float(str(created)), used, int(str(calls)), bool(footnotes))
