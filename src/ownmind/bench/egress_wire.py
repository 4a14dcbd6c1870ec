"""Two network namespaces joined by a cable, for ``bench egress``: ``python -m ownmind.bench.egress_wire FOLDER EXCHANGES SEED``.

Started in a fresh namespace. The other machine (``--peer``) answers HTTP, echoes a stream, and says for each connection how many
bytes its kernel received (tcp(7), TCP_INFO, tcpi_bytes_received), how many of them it read, and when the first came.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import shutil
import socket
import ssl
import struct
import subprocess
import sys
import threading
import time
from pathlib import Path

OURS, THEIRS = "10.213.7.1", "10.213.7.2"
HTTP, ECHO, BESIDE, HTTPS = 8001, 8002, 8003, 8004
_ANSWER = 4 << 20  # more than the buffers on the way hold: left early, it is cut
_WORDS = "Peanuts, I think."
_CHAT = b'data: {"choices":[{"delta":{"content":"%s"},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n' % _WORDS.encode()
_RECEIVED = 128  # offset of tcpi_bytes_received in struct tcp_info (linux/tcp.h)


def _say(told: object) -> None:
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


def main(folder: Path, exchanges: int, seed: int) -> None:
    """The near side: joins the namespaces, sends, and compares. Prints figures and controls as JSON."""
    holder = subprocess.Popen(["unshare", "-n", "sleep", "1200"])  # noqa: S607  # the other machine's namespace
    try:
        _join(holder.pid)
        made = _certificate(folder)
        enter = ["nsenter", "-t", str(holder.pid), "-n", sys.executable, "-m", __spec__.name, "--peer", made]
        with subprocess.Popen(enter, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as peer:  # noqa: S603  # ourselves
            assert peer.stdout is not None
            assert peer.stdin is not None
            peer.stdout.readline()
            beside = _beside(peer, b"a byte beside the ledger")
            sealed = subprocess.run(  # noqa: S603  # ourselves
                [sys.executable, "-m", __spec__.name, "--send", str(folder), str(exchanges), str(seed)],
                capture_output=True,
                text=True,
                timeout=900,
                check=False,
                env={**os.environ, **({"SSL_CERT_FILE": made} if made else {})},
            )
            if sealed.returncode:
                raise SystemExit(sealed.stderr)
            ours = json.loads(sealed.stdout.splitlines()[-1])
            theirs = _told(peer)
            peer.stdin.close()
        _say(_compared(ours, theirs, beside))
    finally:
        holder.kill()
        holder.wait()


def _certificate(folder: Path) -> str:
    """A certificate of the other machine's, with its key, that signs itself; empty where there is no openssl to make one."""
    if shutil.which("openssl") is None:
        return ""
    made, key = folder / "certificate.pem", folder / "key.pem"
    words = f"openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=far -addext subjectAltName=IP:{THEIRS} -keyout {key} -out {made}"
    subprocess.run(words.split(), check=True, capture_output=True)  # noqa: S603  # the words above
    with made.open("a") as file:
        file.write(key.read_text())
    return str(made)


def _join(pid: int) -> None:
    until = time.monotonic() + 5
    while time.monotonic() < until and Path(f"/proc/{pid}/ns/net").readlink() == Path("/proc/self/ns/net").readlink():
        time.sleep(0.02)
    inside = ["nsenter", "-t", str(pid), "-n"]
    for words in (
        ["ip", "link", "set", "lo", "up"],
        ["ip", "link", "add", "near", "type", "veth", "peer", "name", "far", "netns", str(pid)],
        ["ip", "addr", "add", f"{OURS}/24", "dev", "near"],
        ["ip", "link", "set", "near", "up"],
        [*inside, "ip", "addr", "add", f"{THEIRS}/24", "dev", "far"],
        [*inside, "ip", "link", "set", "far", "up"],
    ):
        subprocess.run(words, check=True, capture_output=True)  # noqa: S603  # the words above


def _compared(ours: dict[str, object], theirs: list[dict[str, int]], beside: int) -> dict[str, object]:
    through = [one for one in theirs if one["port"] != BESIDE]
    kernel, read = (sum(one[by] for one in through if one["port"] != HTTPS) for by in ("kernel", "read"))
    secured = sum(one["kernel"] for one in through if one["port"] == HTTPS)
    ledger, wire, durable, tls_wire = ours["bytes_out"], ours["wire_out"], ours["durable"], ours["tls_wire_out"]
    assert isinstance(durable, list)
    assert isinstance(ledger, int)
    assert isinstance(tls_wire, int)
    firsts = sorted(one["first"] for one in through if one["first"])
    late = sum(first <= at for at, first in zip(sorted(durable), firsts, strict=True))
    everything, gone = sum(one["kernel"] for one in theirs), next(one["first"] for one in theirs if one["port"] == BESIDE)
    controls = {"sent_beside_the_ledger": beside, "difference_seen": everything - ledger - tls_wire}
    return {
        "figures": {
            "wire": {
                "exchanges": ours["exchanges"],
                "of_them_answers_of_a_remote_model": ours["answered_by_a_model"],
                "rows": ours["rows"],
                "outcomes": ours["outcomes"],
                "ledger_bytes": ledger,
                "wire_bytes_by_broker": wire,
                "bytes_received_by_kernel": kernel,
                "bytes_read_by_peer": read,
                "difference": kernel - ledger,
            },
            "wire_with_tls": {
                "exchanges": ours["tls_exchanges"],
                "ledger_bytes": ours["tls_bytes_out"],
                "wire_bytes_by_broker": tls_wire,
                "bytes_received_by_kernel": secured,
                "difference": secured - tls_wire,
            },
            "order": {"connections": len(firsts), "rows_younger_than_first_byte": late},
        },
        "control": {**controls, "row_after_its_bytes_seen": int(gone <= ours["too_late"])},  # type: ignore[operator]  # a number of ours
    }


def _beside(peer: subprocess.Popen[str], said: bytes) -> int:
    """The control: bytes sent by a process that is not sealed and asks nobody."""
    with socket.create_connection((THEIRS, BESIDE), timeout=10) as reached:
        reached.sendall(said)
        reached.shutdown(socket.SHUT_WR)
        reached.recv(1)
    return len(said)


def _told(peer: subprocess.Popen[str]) -> list[dict[str, int]]:
    assert peer.stdin is not None
    assert peer.stdout is not None
    time.sleep(0.3)  # connections that were just cut are counted a moment later
    peer.stdin.write("tell\n")
    peer.stdin.flush()
    found: list[dict[str, int]] = json.loads(peer.stdout.readline())
    return found


# The sender: sealed, with a real store, a door and a broker


def send(folder: Path, exchanges: int, seed: int) -> None:
    from ..egress import launch, seal

    launch.prepare()
    seal.close()
    from datetime import UTC, datetime

    import httpx
    from pydantic_ai import ModelMessage, ModelRequest, UserPromptPart
    from pydantic_ai.models import ModelRequestParameters

    from ..config import Provider
    from ..egress.door import Door, Going, Leave, Outlet
    from ..egress.relay import Relay
    from ..egress.transport import Transport
    from ..models.elsewhere.endpoint import endpoint
    from ..models.elsewhere.remote import RemoteModel
    from ..paths import Paths
    from ..store.opening import open_throwaway
    from ..store.sent import sent

    chance, durable = random.Random(seed), list[int]()
    with open_throwaway(Paths(folder / "home", folder / "cache")) as store:
        for port, purpose in ((HTTP, "answer"), (HTTPS, "answer"), (ECHO, "read my mail")):
            store.permissions.give(f"{THEIRS}:{port}", purpose, now=datetime.now(UTC))
        door = Door(store)
        outlet = door.outlet()

        def timed(going: Going) -> Leave:
            leave = outlet.ask(going)
            if not going.purpose.startswith("read") or not going.content:  # a relay's connection opens once
                durable.append(time.monotonic_ns())
            return leave

        timed_outlet, said_by_a_model = Outlet(timed, outlet.broker), 0
        for number in range(exchanges):
            if number % 10 == 9:
                with Relay(timed_outlet, THEIRS, ECHO, "read my mail", tls=False) as stream:
                    for _ in range(chance.randrange(1, 6)):
                        stream.send(said := chance.randbytes(chance.randrange(1, 5000)))
                        heard = 0
                        while heard < len(said):
                            heard += len(stream.read())
                continue
            if number % 10 == 5:  # a question to a remote model
                at = endpoint(Provider("far", url=f"http://{THEIRS}:{HTTP}/v1", model="far"))
                asked: list[ModelMessage] = [ModelRequest([UserPromptPart(chance.randbytes(200).hex())])]
                model = RemoteModel(at, "key", timed_outlet, purpose="answer")
                said_by_a_model += asyncio.run(model.request(asked, None, ModelRequestParameters())).text == _WORDS
                continue
            with httpx.Client(transport=Transport(timed_outlet, "answer"), trust_env=False) as http:
                body = chance.randbytes(chance.choice((0, 10, 1000, 100_000)))
                to = f"https://{THEIRS}:{HTTPS}" if number % 4 == 3 and "SSL_CERT_FILE" in os.environ else f"http://{THEIRS}:{HTTP}"
                with http.stream("POST" if body else "GET", f"{to}/{number}", content=body or None) as answer:
                    if number % 10 == 8:  # left in the middle of the answer
                        next(answer.iter_raw())
                    else:
                        answer.read()
        found = sent(store.db)
        door.close()
        outcomes = {outcome: sum(row.outcome == outcome for row in found) for outcome in ("done", "cut", "failed", "unknown")}
        outlet.ask(Going(f"{THEIRS}:{HTTP}", "answer", b"a row for the bytes that went beside the ledger, too late"))
        told = {"exchanges": exchanges, "rows": len(found), "outcomes": outcomes, "durable": durable, "too_late": time.monotonic_ns()}
        secured = [row for row in found if row.destination.endswith(f":{HTTPS}")]
        plain = [row for row in found if row not in secured]
        told |= {"bytes_out": sum(row.bytes_out for row in plain), "wire_out": sum(row.wire_out or 0 for row in plain)}
        told |= {"tls_bytes_out": sum(row.bytes_out for row in secured), "tls_wire_out": sum(row.wire_out or 0 for row in secured)}
        _say({**told, "tls_exchanges": len(secured), "answered_by_a_model": said_by_a_model})


# The other machine


def peer(certificate: str) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if certificate:
        context.load_cert_chain(certificate)
    told: list[dict[str, int]] = []
    lock = threading.Lock()

    def serve(conversation: socket.socket, port: int) -> None:
        one = {"port": port, "read": 0, "kernel": 0, "first": 0}
        with contextlib.suppress(OSError):
            conversation.recv(1, socket.MSG_PEEK)
            one["first"] = time.monotonic_ns()
            with context.wrap_socket(conversation, server_side=True) if port == HTTPS else conversation as opened:
                _converse(opened, port, one)
        with lock:
            told.append(one)

    def accept(listening: socket.socket, port: int) -> None:
        while True:
            conversation, _ = listening.accept()
            threading.Thread(target=serve, args=(conversation, port), daemon=True).start()

    for port in (HTTP, HTTPS, ECHO, BESIDE):
        threading.Thread(target=accept, args=(socket.create_server((THEIRS, port)), port), daemon=True).start()
    _say("ready")
    for _ in sys.stdin:
        with lock:
            _say(told)


def _converse(conversation: socket.socket, port: int, one: dict[str, int]) -> None:
    def heard() -> bytes:
        came = conversation.recv(1 << 16)
        one["read"] += len(came)
        told = conversation.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 256)
        one["kernel"] = struct.unpack_from("=Q", told, _RECEIVED)[0] - (not came)  # the end itself counts as one (RFC 9293, FIN)
        return came

    if port in (HTTP, HTTPS):
        head = b""
        while b"\r\n\r\n" not in head and (came := heard()):
            head += came
        head, _, body = head.partition(b"\r\n\r\n")
        lengths = [int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
        left = (lengths[0] if lengths else 0) - len(body)
        while left > 0 and (came := heard()):
            left -= len(came)
        is_chat = head.startswith(b"POST /v1/chat/completions ")
        kind, answer = (b"text/event-stream", _CHAT) if is_chat else (b"application/octet-stream", bytes(_ANSWER))
        said = b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n" % (kind, len(answer))
        conversation.sendall(said + answer)  # OSError: they have left
        while heard():
            pass
        return
    while came := heard():
        if port == ECHO:
            conversation.sendall(came)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["--peer", made]:
            peer(made)
        case ["--send", where, count, chance]:
            send(Path(where), int(count), int(chance))
        case [where, count, chance]:
            main(Path(where), int(count), int(chance))
