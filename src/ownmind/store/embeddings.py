"""Which embedders' vectors the store holds, which of them serves recall, and dropping those that serve no more.

Vectors of several models lie side by side in ``item_vectors``, by (model, item). The one that recall uses is named in the settings,
so that the next process knows it before any model is loaded.
"""

from __future__ import annotations

from collections.abc import Collection

import apsw

from . import items, vectors

_SERVING = "embedder.serving"


def serving(cx: apsw.Connection) -> str:
    """The id of the embedder whose vectors recall uses; "" while there are none."""
    row = cx.execute("SELECT value FROM settings WHERE key = ?", (_SERVING,)).fetchone()
    if row is not None:
        return str(row[0])
    return next(iter(models(cx)), "")  # a store from before the setting was kept


def serve(cx: apsw.Connection, model: str) -> None:
    """From this transaction's end on ``model`` is the one that serves."""
    cx.execute(
        "INSERT INTO settings(key, value) VALUES (?, ?) ON CONFLICT(key) DO UPDATE SET value = excluded.value "
        "WHERE value <> excluded.value",
        (_SERVING, model),
    )


def models(cx: apsw.Connection) -> list[str]:
    """The ids of all embedders that have vectors here."""
    return [str(model) for (model,) in cx.execute("SELECT model FROM vector_counts WHERE n > 0 ORDER BY model")]


def is_complete(cx: apsw.Connection, model: str) -> bool:
    """Whether every item has its vector of ``model``. Both are counts kept by triggers, and a vector never outlives its item."""
    return vectors.count(cx, model) == items.total(cx)


def drop_others(cx: apsw.Connection, keep: Collection[str], limit: int) -> int:
    """Removes up to ``limit`` vectors of models that are not in ``keep``; gives how many. Their pages are overwritten (secure_delete)."""
    for model in models(cx):
        if model not in keep:
            cx.execute(
                "DELETE FROM item_vectors WHERE model = ?1 AND item_id IN "
                "(SELECT item_id FROM item_vectors WHERE model = ?1 ORDER BY item_id LIMIT ?2)",
                (model, limit),
            )
            return cx.changes()
    return 0
