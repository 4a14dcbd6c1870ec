"""The bench beside another memory: what it needs is said, and nothing may leave while it runs."""

from __future__ import annotations

import importlib.util
import socket
from pathlib import Path

import pytest

from ownmind.bench import peer
from ownmind.errors import BadInput


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    """Without data, and without the other library, one sentence says what to give or install."""
    with pytest.raises(BadInput, match="needs data"):
        peer.run()
    if importlib.util.find_spec("mem0") is None:
        with pytest.raises(BadInput) as caught:
            peer.run(data=tmp_path)
        assert "--group peer" in caught.value.hint


def test_connections_are_refused_and_counted_while_it_runs() -> None:
    """Whatever the other library tries; afterwards sockets work as before."""
    connect = socket.socket.connect
    with peer.closed() as attempts:
        for _ in range(2):
            with pytest.raises(OSError, match="no connection"):
                socket.create_connection(("127.0.0.1", 9), timeout=1)
    assert attempts.total() == 2 and socket.socket.connect is connect
