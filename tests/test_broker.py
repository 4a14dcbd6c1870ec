"""The broker: exactly what the ledger says goes out, nothing else does, and every way it can break is said."""

from __future__ import annotations

import asyncio
import ipaddress
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from outside import Echo, Outside, allowed, certificate, ok, outside
from ownmind.egress import addresses, frames
from ownmind.egress.door import Door
from ownmind.egress.frames import Opening
from ownmind.egress.link import Broker
from ownmind.egress.relay import Relay
from ownmind.egress.transport import AsyncTransport, Limits, Transport
from ownmind.errors import DiskFull, DoorClosed, NetworkEnded
from ownmind.messages import Sent
from ownmind.store import sent
from ownmind.store.opening import Store, open_throwaway
from store_fixtures import child, paths_at


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_throwaway(paths_at(tmp_path / "mind")) as store:
        yield store


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


def client(door: Door, *, limits: Limits | None = None, items: tuple[str, ...] = ()) -> httpx.Client:
    return httpx.Client(transport=Transport(door.outlet(), "answer", limits=limits, item_ids=items), trust_env=False)


def rows(store: Store) -> list[Sent]:
    assert store.ledger.verify() == []
    return sent.sent(store.db)


def settled(store: Store) -> list[Sent]:
    """The rows once each knows how it ended, or after two seconds."""
    until = time.monotonic() + 2
    while any(row.outcome == "unknown" for row in rows(store)) and time.monotonic() < until:
        time.sleep(0.02)
    return rows(store)


def test_what_the_ledger_keeps_is_what_arrives_to_the_byte(store: Store) -> None:
    """Request line, headers and body; the counts agree on both sides."""
    with outside(Outside()) as place:
        door = allowed(store, place)
        with client(door, items=("i7",)) as http:
            assert http.post(f"{place.address}/v1/talk?a=b", json={"text": "héllo"}, headers={"X-One": "two"}).text == "hello"
        (row,) = settled(store)
        assert place.requests == [sent.content(store.db, row.id)]
        assert row.bytes_out == row.wire_out == place.wire_in == len(place.requests[0])
        assert (row.destination, row.purpose, row.consent, row.item_ids, row.outcome) == (
            place.destination,
            "answer",
            "p1",
            ("i7",),
            "done",
        )
        door.close()


def test_under_tls_the_content_is_counted_and_the_wire_is_counted(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """``bytes_out`` is the content that can be shown; ``wire_out`` is every byte the other side's network socket received."""
    made = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(made))
    with outside(Outside(certificate=made)) as place:
        door = allowed(store, place)
        with client(door) as http:
            for size in (10, 200_000):
                assert http.post(place.address, content=bytes(size)).text == "hello"
        found = settled(store)
        assert [sent.content(store.db, row.id) for row in found] == place.requests
        assert sum(row.bytes_out for row in found) == sum(map(len, place.requests))
        assert sum(row.wire_out or 0 for row in found) == place.wire_in > sum(row.bytes_out for row in found)
        door.close()


def test_a_certificate_nobody_vouches_for_is_refused(store: Store, tmp_path: Path) -> None:
    with outside(Outside(certificate=certificate(tmp_path))) as place:
        door = allowed(store, place)
        with client(door) as http, pytest.raises(httpx.ConnectError, match="could not prove who it is"):
            http.get(place.address)
        assert place.requests == [] and rows(store)[0].outcome == "failed"
        door.close()


def test_without_leave_nothing_connects(store: Store) -> None:
    with outside(Outside()) as place:
        door = Door(store)
        with client(door) as http, pytest.raises(DoorClosed):
            http.get(place.address)
        assert (place.connections, rows(store)) == (0, [])
        door.close()


def test_a_full_disk_when_the_row_is_written_lets_nothing_leave(store: Store) -> None:
    """The row comes first; where it cannot be written, there is no connection."""
    with outside(Outside()) as place:
        door = allowed(store, place)
        with store.db.write() as cx:
            cx.pragma("max_page_count", int(str(cx.pragma("page_count"))))
        with client(door) as http, pytest.raises(DiskFull):
            http.post(place.address, content=bytes(200_000))
        assert (place.connections, rows(store)) == (0, [])
        door.close()


def test_an_answer_streams(store: Store) -> None:
    """Its first piece is read before its second is sent."""
    go = threading.Event()

    def answers(request: bytes) -> Iterator[bytes]:
        yield ok(b"one ", length=7)
        assert go.wait(10)
        yield b"two"

    with outside(Outside(answers)) as place:
        door = allowed(store, place)
        with client(door) as http, http.stream("GET", place.address) as answer:
            pieces = answer.iter_raw()
            assert next(pieces) == b"one "
            go.set()
            assert b"".join(pieces) == b"two"
        assert settled(store)[0].bytes_in == 7
        door.close()


def endless(request: bytes) -> Iterator[bytes]:
    yield ok(b"", length=1 << 40)
    while True:
        yield bytes(1 << 14)
        time.sleep(0.005)


def test_leaving_an_answer_early_hangs_up_and_is_written_down(store: Store) -> None:
    with outside(Outside(endless)) as place:
        door = allowed(store, place)
        with client(door) as http, http.stream("GET", place.address) as answer:
            next(answer.iter_raw())
        assert place.left.wait(10)
        (row,) = settled(store)
        assert (row.outcome, row.wire_out) == ("cut", place.wire_in)
        door.close()


def test_a_cancelled_task_hangs_up(store: Store) -> None:
    """The asynchronous client: while it waits for the answer, and in the middle of it."""

    def silent(request: bytes) -> Iterator[bytes]:
        time.sleep(5)
        yield b""

    async def ask(place: Outside, *, read: bool) -> None:
        transport = AsyncTransport(Transport(door.outlet(), "answer"))
        async with httpx.AsyncClient(transport=transport, trust_env=False) as http, http.stream("GET", place.address) as answer:
            async for _ in answer.aiter_raw():
                begun.set()

    async def cancelled(place: Outside, *, read: bool) -> None:
        task = asyncio.create_task(ask(place, read=read))
        if read:
            await asyncio.wait_for(begun.wait(), 10)
        else:
            assert await asyncio.to_thread(place.heard.wait, 10)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    for answers, read in ((silent, False), (endless, True)):
        begun = asyncio.Event()
        with outside(Outside(answers)) as place:
            door = allowed(store, place)
            asyncio.run(cancelled(place, read=read))
            assert place.left.wait(10)
            door.close()


def test_the_asynchronous_client_reads_the_same(store: Store) -> None:
    async def ask(address: str) -> str:
        async with httpx.AsyncClient(transport=AsyncTransport(Transport(door.outlet(), "answer")), trust_env=False) as http:
            return (await http.post(address, json={"a": 1})).text

    with outside(Outside()) as place:
        door = allowed(store, place)
        assert asyncio.run(ask(place.address)) == "hello"
        assert settled(store)[0].bytes_out == place.wire_in
        door.close()


@pytest.mark.parametrize(
    ("limits", "words"),
    [(Limits(most_in=100_000), "more than the 100,000 bytes"), (Limits(total=0.5), "took too long"), (Limits(idle=0.3), "took too long")],
)
def test_limits_of_size_and_time_hold(store: Store, limits: Limits, words: str) -> None:
    def slowly(request: bytes) -> Iterator[bytes]:
        yield ok(b"x", length=10)
        time.sleep(3)

    with outside(Outside(slowly if limits.idle < 1 else endless)) as place:
        door = allowed(store, place)
        with client(door, limits=limits) as http, pytest.raises(httpx.TransportError, match=words):
            http.get(place.address, timeout=None)
        assert rows(store)[0].outcome == "failed" and words in rows(store)[0].detail
        door.close()


def test_a_redirect_is_asked_for_again(store: Store) -> None:
    """To where nobody consented to, nothing goes."""
    with outside(Outside()) as elsewhere, outside(Outside()) as place:
        place.answers = lambda request: iter([ok(b"", f"Location: {elsewhere.address}/x", status="302 Found")])
        door = allowed(store, place)
        with client(door) as http, pytest.raises(DoorClosed):
            http.get(place.address, follow_redirects=True)
        assert (len(place.requests), elsewhere.connections, len(rows(store))) == (1, 0, 1)
        door.close()


INSIDE = (
    *("127.0.0.1", "127.1.2.3", "localhost", "sub.localhost", "[::1]", "[::]", "0.0.0.0", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]"),
    *("[::127.0.0.1]", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "017700000001", "127.1", "127.0.0.1."),
    *("169.254.169.254", "[fe80::1]", "[fd00:ec2::254]", "10.0.0.1", "172.16.0.1", "192.168.1.1", "100.64.0.1", "[fec0::1]"),
    *("[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[2001:0:7f00:1::]", "router", "printer.local", "metadata.google.internal"),
    *("224.0.0.1", "255.255.255.255", "[ff02::1]", "198.18.0.1", "192.0.2.1", "240.0.0.1"),
)


def test_no_address_inside_the_persons_network_is_reached_unnamed(store: Store) -> None:
    """However it is written: with leave for any public address, not one byte goes to any of these. Named, it does (the control)."""
    with outside(Outside()) as place:
        store.permissions.give("*", "answer", now=datetime.now(UTC))
        door = Door(store)
        for host in INSIDE:
            with client(door) as http, pytest.raises((DoorClosed, httpx.InvalidURL)):
                http.get(f"http://{host}:{place.port}/", timeout=5)
        assert place.connections == 0
        assert {row.outcome for row in rows(store)} == {"failed"} and {row.wire_out for row in rows(store)} == {0}
        store.permissions.give(place.destination, "answer", now=datetime.now(UTC))
        with client(door) as http:
            assert http.get(place.address).text == "hello"
        door.close()


@pytest.mark.parametrize("address", ["10.0.0.1", "192.168.1.1", "100.64.0.1", "203.0.113.80", "fd00::1", "::ffff:10.0.0.1"])
def test_what_the_persons_own_mirror_points_to_may_be_a_neighbour(address: str) -> None:
    """Only when the mirror itself is one (``is_inside``)."""
    judged = [addresses.refused(ipaddress.ip_address(address), is_named=False, is_inside=inside) for inside in (False, True)]
    assert judged[0] and not judged[1]


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "::1", "::ffff:127.0.0.1", "169.254.169.254", "fe80::1", "fd00:ec2::254", "0.0.0.0", "224.0.0.1"]
)
def test_but_never_this_machine_nor_a_clouds_metadata(address: str) -> None:
    assert addresses.refused(ipaddress.ip_address(address), is_named=False, is_inside=True)
    for name in ("localhost", "x.localhost"):
        assert addresses.refused_name(name, is_named=False, is_inside=True)


def brokers_of(pid: int) -> list[int]:
    listed = subprocess.run(["ps", "-eo", "pid=,ppid=,args="], capture_output=True, text=True, check=True).stdout.splitlines()
    split = [line.split(None, 2) for line in listed]
    return [int(own) for own, parent, words in split if int(parent) == pid and "ownmind.egress.broker" in words]


@pytest.mark.skipif(os.name != "posix", reason="kills with SIGKILL")
def test_a_broker_killed_in_the_middle_is_an_error_and_unknown_in_the_ledger(store: Store) -> None:
    """And the next request has a broker again."""
    with outside(Outside(endless)) as place:
        door = allowed(store, place)
        with client(door) as http:
            with pytest.raises(httpx.ReadError, match="not known"), http.stream("GET", place.address) as answer:
                for number, _ in enumerate(answer.iter_raw()):
                    if number == 2:
                        for pid in brokers_of(os.getpid()):
                            os.kill(pid, signal.SIGKILL)
            assert [row.outcome for row in rows(store)] == ["unknown"]
            place.answers = lambda request: iter([ok(b"again")])
            for _ in range(5):  # killed while nothing is under way, it is not even noticed
                assert http.get(place.address).text == "again"
                for pid in brokers_of(os.getpid()):
                    os.kill(pid, signal.SIGKILL)
        assert [row.outcome for row in settled(store)] == ["unknown", *["done"] * 5]
        door.close()


def test_going_offline_cuts_what_is_under_way(store: Store) -> None:
    """At once: the reader hears it, the other side is hung up on, and nothing new goes; back online it does."""
    with outside(Outside(endless)) as place:
        door = allowed(store, place)
        with client(door) as http:
            with pytest.raises(httpx.ReadError, match="offline"), http.stream("GET", place.address) as answer:
                for number, _ in enumerate(answer.iter_raw()):
                    if number == 2:
                        threading.Thread(target=door.go_offline).start()
            assert place.left.wait(10)
            with pytest.raises(DoorClosed, match="offline"):
                http.get(place.address)
            assert place.connections == 1
            door.go_online()
            place.answers = lambda request: iter([ok(b"again")])
            assert http.get(place.address).text == "again"
        door.close()


def test_many_at_once_keep_one_whole_chain(store: Store) -> None:
    """Forty requests from eight threads: forty rows, each with its own content, and the sums agree."""
    with outside(Outside(lambda request: iter([ok(request.split(b" ")[1])]))) as place:
        door = allowed(store, place)

        def ask(number: int) -> str:
            with client(door) as http:
                return http.get(f"{place.address}/{number}").text

        with ThreadPoolExecutor(8) as pool:
            assert list(pool.map(ask, range(40))) == [f"/{number}" for number in range(40)]
        found = settled(store)
        assert len(found) == 40 and {row.outcome for row in found} == {"done"}
        assert sorted(sent.content(store.db, row.id) for row in found) == sorted(place.requests)
        assert sum(row.bytes_out for row in found) == place.wire_in
        door.close()


@pytest.mark.parametrize("tls", [False, True])
def test_a_relay_counts_and_keeps_every_word_said(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tls: bool) -> None:
    """Each send has its row, under TLS with the words in the clear; all rows together are what the network socket received."""
    made = certificate(tmp_path) if tls else None
    if made is not None:
        monkeypatch.setenv("SSL_CERT_FILE", str(made))
    with outside(Echo(certificate=made)) as place:
        door = allowed(store, place, "read my mail")
        with Relay(door.outlet(), "127.0.0.1", place.port, "read my mail", tls=tls) as stream:
            for word in (b"a1 login ana\r\n", b"a2 select inbox\r\n" * 10_000):
                stream.send(word)
                heard = b""
                while len(heard) < len(word):
                    heard += stream.read()
                assert heard == word.upper()
        found = settled(store)
        assert b"".join(sent.content(store.db, row.id) for row in found if row.bytes_out) == b"".join(place.requests)
        assert [row.bytes_out for row in found] == [0, 14, 170_000]
        assert {row.outcome for row in found} == {"done"}
        assert sum(row.wire_out or 0 for row in found) == place.wire_in
        door.close()


def test_a_relay_ends_with_the_switch(store: Store) -> None:
    with outside(Echo()) as place:
        door = allowed(store, place, "read my mail")
        with Relay(door.outlet(), "127.0.0.1", place.port, "read my mail", tls=False) as stream:
            stream.send(b"hello")
            assert stream.read() == b"HELLO"
            door.go_offline()
            with pytest.raises(DoorClosed):
                stream.send(b"more")
            with pytest.raises(NetworkEnded):
                stream.read()
        assert place.left.wait(10) and place.requests == [b"hello"]
        door.close()


class Proxy(Outside):
    """Tunnels after CONNECT, and answers a request for a whole address itself."""

    def talk(self, conversation: socket.socket) -> None:
        head = b""
        while b"\r\n\r\n" not in head:
            head += conversation.recv(1 << 16)
        self.requests.append(head)
        if not head.startswith(b"CONNECT"):
            conversation.sendall(ok(b"by proxy"))
            return
        host, _, port = head.split(b" ")[1].decode().rpartition(":")
        conversation.sendall(b"HTTP/1.1 200 go on\r\n\r\n")
        with socket.create_connection((host, int(port))) as beyond:
            back = threading.Thread(target=lambda: [conversation.sendall(piece) for piece in iter(lambda: beyond.recv(1 << 16), b"")])
            back.start()
            while piece := conversation.recv(1 << 16):
                beyond.sendall(piece)
            beyond.shutdown(socket.SHUT_WR)
            back.join(5)


def test_the_proxies_of_the_environment_are_used(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A tunnel for TLS, the whole address for plain HTTP, none for what NO_PROXY lists; the proxy's own bytes count on the wire."""
    made = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(made))
    with outside(Proxy()) as proxy, outside(Outside(certificate=made)) as secured, outside(Outside()) as plain:
        monkeypatch.setenv("HTTPS_PROXY", f"http://ana:secret@127.0.0.1:{proxy.port}")
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{proxy.port}")
        door = allowed(store, secured)
        allowed(store, plain)
        with client(door) as http:
            assert http.get(secured.address).text == "hello"
            assert http.get(f"{plain.address}/x").text == "by proxy"
            monkeypatch.setenv("NO_PROXY", f"127.0.0.1:{plain.port}")
            assert http.get(f"{plain.address}/y").text == "hello"
        assert [request.split(b" HTTP")[0].decode() for request in proxy.requests] == [
            f"CONNECT 127.0.0.1:{secured.port}",
            f"GET {plain.address}/x",
        ]
        assert b"Proxy-Authorization: Basic" in proxy.requests[0]
        found = settled(store)
        assert [sent.content(store.db, row.id) for row in found] == [secured.requests[0], proxy.requests[1], plain.requests[0]]
        assert sum(row.wire_out or 0 for row in found[:2]) == proxy.wire_in
        door.close()


def test_noise_does_not_end_the_broker() -> None:
    """Frames that are none, another version, a request cut short: each ends its own exchange, and the next one works."""
    broker, chance = Broker(), random.Random(5)
    asked = Opening("127.0.0.1", 9, tls=False, method="GET", is_named=True)
    noise = [chance.randbytes(chance.randrange(1, 60)) for _ in range(40)]
    noise += [frames.packed(b"x"), frames.packed({"open": 1}), frames.packed({"open": {}}), b"j\xff\xff\xff\xff"]
    noise += [frames.packed(asked.frame()) + frames.packed({"whole": 5})]
    for said in noise:
        wire = broker.open(asked)
        ours, theirs = socket.socketpair()
        frames.hand_over(broker._control, theirs, 0)  # type: ignore[arg-type]  # what no caller of ours would send
        theirs.close()
        ours.sendall(said)
        ours.shutdown(socket.SHUT_WR)
        ours.close()
        assert isinstance(wire.next(seconds=20), dict)
        wire.close()
    broker.close()


def test_another_version_is_refused_in_words() -> None:
    broker = Broker()
    wire = broker.open(Opening("127.0.0.1", 9, tls=False, method="GET", version=99))
    frame = wire.next(seconds=20)
    assert isinstance(frame, dict) and "version 1" in str(frame["end"])
    broker.close()


SEALED = """
import json, socket, sys
from datetime import UTC, datetime
from pathlib import Path
from ownmind.egress import launch, seal
launch.prepare()
seal.close()
import httpx
from ownmind.egress.door import Door
from ownmind.egress.transport import Transport
from ownmind.store.opening import open_throwaway
from store_fixtures import paths_at
try: socket.create_connection(("127.0.0.1", int(sys.argv[1]))); open_ = True
except OSError: open_ = False
with open_throwaway(paths_at(Path(sys.argv[2]))) as store:
    store.permissions.give("127.0.0.1:" + sys.argv[1], "answer", now=datetime.now(UTC))
    door = Door(store)
    with httpx.Client(transport=Transport(door.outlet(), "answer")) as http:
        text = http.get("http://127.0.0.1:" + sys.argv[1]).text
    print(json.dumps([open_, text, store.ledger.totals()]))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's seal is Linux's")
def test_a_sealed_process_reaches_the_world_only_through_it(tmp_path: Path) -> None:
    import json

    with outside(Outside()) as place:
        said, _ = child(SEALED, str(place.port), tmp_path / "mind").communicate(timeout=60)
        reached, text, totals = json.loads(said)
        assert (reached, text) == (False, "hello")
        assert totals == {"answer": [place.wire_in, 1]} and place.connections == 1
