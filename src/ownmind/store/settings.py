"""Small things the house itself must remember between starts, by name. What the person sets is in config.toml."""

from __future__ import annotations

from .database import Database


class Settings:
    """Text by name."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def get(self, key: str, default: str = "") -> str:
        """The value kept under ``key``."""
        with self._db.read() as cx:
            row = cx.execute("SELECT value FROM settings WHERE key = ?", (key,)).fetchone()
        return default if row is None else str(row[0])

    def set(self, key: str, value: str) -> None:
        """Keeps ``value``, durable when this returns."""
        with self._db.write() as cx:
            cx.execute("INSERT INTO settings(key, value) VALUES (?, ?) ON CONFLICT(key) DO UPDATE SET value = excluded.value", (key, value))

    def remove(self, key: str) -> None:
        with self._db.write() as cx:
            cx.execute("DELETE FROM settings WHERE key = ?", (key,))
