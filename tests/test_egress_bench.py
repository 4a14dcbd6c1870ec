"""The bench of egress can fail: its counters see what they count."""

from __future__ import annotations

from pathlib import Path

from ownmind.bench import egress, egress_chain

TRACE = """\
12 socket(AF_UNIX, SOCK_STREAM|SOCK_CLOEXEC, 0) = 3
12 connect(3, {sa_family=AF_UNIX, sun_path="/run/x"}, 110) = 0
12 connect(4, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("127.0.0.1")}, 16) = 0
12 getsockname(4, {sa_family=AF_INET, sin_port=htons(5), sin_addr=inet_addr("10.0.0.9")}, [16]) = 0
12 bind(5, {sa_family=AF_INET, sin_port=htons(0), sin_addr=inet_addr("0.0.0.0")}, 16) = 0
"""
AWAY = (
    '12 connect(4, {sa_family=AF_INET, sin_port=htons(9), sin_addr=inet_addr("192.0.2.1")}, 16) = -1 ENETUNREACH (Network is unreachable)',
    '12 sendto(4, "x", 1, 0, {sa_family=AF_INET, sin_port=htons(53), sin_addr=inet_addr("9.9.9.9")}, 16) = 1',
    '12 connect(4, {sa_family=AF_INET6, sin6_port=htons(9), inet_pton(AF_INET6, "2001:db8::1", &sin6_addr), sin6_scope_id=0}, 28) = 0',
    '12 sendmsg(4, {msg_name={sa_family=AF_INET, sin_port=htons(53), sin_addr=inet_addr("10.0.0.2")}, msg_namelen=16}, 0) = 5',
    'connect(4, {sa_family=AF_INET, sin_port=htons(9), sin_addr=inet_addr("10.0.0.1")}, 16) = 0',
)


def test_the_trace_reader_sees_every_call_to_another_machine_and_no_other() -> None:
    assert egress._calls(TRACE) == []
    assert egress._calls(TRACE + "\n".join(AWAY)) == list(AWAY)


def test_every_change_of_a_small_ledger_is_found_and_nothing_in_the_untouched_one(tmp_path: Path) -> None:
    """Fifteen kinds of change, and an older database put back."""
    found, untouched = egress_chain.measured(tmp_path / "chain", 40, trials=1, seed=3)
    assert untouched == 0 and found.pop("still_untouched_afterwards") is True and found.pop("rows") == 40
    assert len(found) == 16 and set(found.values()) == {"1 of 1"}


def test_a_ledger_that_no_longer_looks_would_be_seen(tmp_path: Path) -> None:
    """The trial itself: a change that changes nothing is not found."""
    db, ledger = egress_chain._open(tmp_path)
    import random

    egress_chain._append(ledger, 0, random.Random(1))
    assert not egress_chain._is_found(db, ledger, lambda cx, row, rows, chance: None, 1, random.Random(1))
    db.close()
