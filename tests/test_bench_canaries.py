"""``ownmind bench canaries`` in its quick form: nothing told by any road can be read from disk, process list or crash."""

from __future__ import annotations

import sys

import pytest

from ownmind.bench.canaries import Search


@pytest.mark.skipif(sys.platform == "win32", reason="processes are aborted, and asked about, as POSIX systems do")
def test_no_secret_is_legible_anywhere_and_the_search_finds_open_ones() -> None:
    """Three hundred secrets by eleven roads: none on the disk while it runs, after it stopped, or after every process was aborted with
    core files allowed. All of them are found in plain files, and one in a command line."""
    from ownmind.bench import canaries

    found = canaries.run(quick=True)
    figures, control = found["figures"], found["control"]
    assert isinstance(figures, dict) and isinstance(control, dict)
    assert figures["faults"] == 0, (figures["found"], figures["told"])
    assert control["open_files"] == "300 of 300"
    if sys.platform == "linux":
        assert control["command_line"] == "1 of 1"


@pytest.mark.parametrize("before", range(9))
def test_the_search_finds_a_secret_wherever_it_begins_and_however_it_is_spelt(before: int) -> None:
    """At every position modulo eight; as UTF-8, UTF-16, hex and inside base64."""
    import base64

    secret = "bcdfghjklmnpqrstvwxzbcdf"
    search = Search([secret, "x" * 24])
    padding = b"-" * before
    for spelt in (
        secret.encode(),
        secret.encode("utf-16-le"),
        secret.encode().hex().encode(),
        base64.b64encode(padding + secret.encode() + b"---"),
    ):
        assert search.bytes(padding + spelt + b"tail") == {secret}
    assert search.bytes(padding + secret[:-1].encode() + b"tail tail") == set()
