"""A phone on the home network: paired by a code and a number, over TLS of our own, and gone the moment it is revoked.

Real parts: the porter in a process of its own, real certificates and TLS clients, the encrypted store. The home network is 127.0.0.2.
"""

from __future__ import annotations

import http.client
import json
import socket
import ssl
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from commandline import ownmind, quiet_home, running, told
from ownmind.channels.web import certificate
from ownmind.channels.web.fence import HEADERS
from ownmind.channels.web.network import local_name
from ownmind.config import parse
from ownmind.egress import porter
from ownmind.errors import BadInput, NotFound, PersonMustAct, Refused
from ownmind.guard.clients import Scope
from ownmind.guard.devices import Devices, Pairing, Reach
from served import Served, served

HERE = "127.0.0.2"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@dataclass
class Phone:
    """A browser on the home network that trusts what the person told it to trust."""

    pairing: Pairing
    cookie: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def port(self) -> int:
        return int(self.pairing.url.partition("/#")[0].rpartition(":")[2])

    @property
    def code(self) -> str:
        return self.pairing.url.partition("pair=")[2].partition("&")[0]

    def connection(self) -> http.client.HTTPSConnection:
        trusted = ssl.create_default_context(cadata=self.pairing.reach.certificate)
        return http.client.HTTPSConnection(HERE, self.port, timeout=20, context=trusted)

    def ask(self, method: str, path: str, body: object = None, **more: str) -> http.client.HTTPResponse:
        sent = {"origin": f"https://{HERE}:{self.port}", "content-type": "application/json", "sec-fetch-site": "same-origin"}
        sent |= {"cookie": self.cookie} if self.cookie else {}
        connection = self.connection()
        connection.request(method, path, None if body is None else json.dumps(body), {**sent, **more})
        return connection.getresponse()

    def said(self, method: str, path: str, body: object = None, **more: str) -> tuple[int, dict[str, object]]:
        response = self.ask(method, path, body, **more)
        return response.status, json.loads(response.read())

    def claim(self, name: str = "Ana's phone", code: str = "") -> tuple[int, dict[str, object]]:
        response = self.ask("POST", "/api/pairing", {"code": code or self.code, "name": name})
        self.headers = dict(response.getheaders())
        self.cookie = (response.getheader("set-cookie") or self.cookie).partition(";")[0]
        return response.status, json.loads(response.read())


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Served]:
    with served(tmp_path / "home", on_socket=True) as running_:
        running_.enter()
        yield running_


def paired(home: Served, name: str = "Ana's phone") -> Phone:
    phone = Phone(home.house.devices.pair(HERE))
    status, said = phone.claim(name)
    assert status == 200
    [waiting] = home.house.devices.listening().waiting
    home.house.devices.confirm(waiting.id, str(said["number"]))
    return phone


def listens(port: int) -> bool:
    with socket.socket() as asked:
        return asked.connect_ex((HERE, port)) == 0


def until(holds: object, seconds: float = 15.0) -> None:
    assert callable(holds)
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)


# Pairing


def test_a_phone_is_paired_by_its_code_and_its_number_and_then_opens_the_page(home: Served) -> None:
    """The whole way: nothing before the yes, the same page after it, and the key is in the store as its hash alone."""
    phone = Phone(home.house.devices.pair(HERE))
    assert phone.ask("GET", "/").status == 200, "the page itself opens for anybody and holds nothing"
    assert phone.said("GET", "/api/status")[0] == 401
    status, said = phone.claim()
    assert status == 200 and said["state"] == "waiting" and len(str(said["number"])) == 6
    assert phone.said("GET", "/api/status")[0] == 401, "a device that waits reads nothing"
    [waiting] = home.house.devices.listening().waiting
    assert (waiting.name, waiting.number) == ("Ana's phone", said["number"])
    device = home.house.devices.confirm(waiting.id, f"{waiting.number[:3]} {waiting.number[3:]}")
    assert phone.said("GET", "/api/pairing")[1]["state"] == "open"
    assert phone.said("GET", "/api/session")[1] == {"open": True, "device": "Ana's phone"}
    assert phone.said("GET", "/api/status")[0] == 200
    [seen] = home.house.devices.all()
    assert seen.id == device.id and seen.last_seen is not None
    key = phone.cookie.partition("=")[2]
    assert key and key not in home.house.store.settings.get("devices")
    attributes = phone.headers.get("set-cookie", "")
    assert phone.cookie.startswith("__Host-") and all(each in attributes for each in ("Secure", "HttpOnly", "SameSite=Strict", "Path=/"))


def test_a_code_works_once_and_a_wrong_number_sends_the_device_away(home: Served) -> None:
    """Who photographed the code comes too late, or is seen by the number."""
    devices = home.house.devices
    thief, phone = (Phone(pairing) for pairing in [devices.pair(HERE)] * 2)
    assert thief.claim("Ana's phone")[0] == 200
    assert phone.claim()[0] == 401, "the code was used"
    [waiting] = devices.listening().waiting
    wrong = "000000" if waiting.number != "000000" else "111111"
    with pytest.raises(Refused):
        devices.confirm(waiting.id, wrong)
    with pytest.raises(NotFound):
        devices.confirm(waiting.id, waiting.number)
    assert devices.all() == () and devices.awaited(thief.cookie.partition("=")[2]) is None


def test_a_fresh_code_voids_the_one_before_and_an_old_one_is_none() -> None:
    """A code lasts five minutes, and there is one at a time."""
    now = [NOW]
    devices = Devices(_Settings(), lambda: now[0])  # type: ignore[arg-type]  # the two methods it uses
    devices.network = _Nowhere()  # type: ignore[assignment]

    def code() -> str:
        return devices.pair("").url.partition("pair=")[2].partition("&")[0]

    first, second = code(), code()
    assert devices.claim(first, "phone") is None
    now[0] += timedelta(minutes=5)
    assert devices.claim(second, "phone") is None
    third = code()
    with pytest.raises(BadInput):
        devices.claim(third, "  ")
    claimed = devices.claim(third, "phone")
    assert claimed is not None, "a name that is none does not use the code up"
    now[0] += timedelta(minutes=6)
    with pytest.raises(NotFound):
        devices.confirm(claimed.waiting.id, claimed.waiting.number)


def test_guessing_codes_is_slowed_and_the_right_one_is_not(home: Served) -> None:
    """Whoever guesses on the network keeps nobody else out."""
    phone = Phone(home.house.devices.pair(HERE))
    statuses = [phone.claim(code=f"guess{number}")[0] for number in range(7)]
    assert statuses[0] == 401 and statuses[-1] == 429
    assert phone.claim()[0] == 200


# Who may come, and when


def test_it_listens_only_while_somebody_is_meant_to_come(home: Served) -> None:
    """Before pairing nothing is reachable; a cancelled pairing closes it; a paired device keeps it open until the person says off."""
    devices = home.house.devices
    assert devices.listening().reach is None
    with pytest.raises(PersonMustAct):
        devices.listen(True)
    port = Phone(devices.pair(HERE)).port
    assert listens(port)
    devices.cancel()
    until(lambda: not listens(port))
    phone = paired(home)
    assert devices.listening().is_on and listens(phone.port)
    devices.listen(False)
    until(lambda: not listens(phone.port))
    devices.listen(True)
    assert devices.listening().reach is not None
    home.house.offline(True)
    until(lambda: devices.listening().reach is None)
    home.house.offline(False)
    until(lambda: devices.listening().reach is not None)


def test_a_revoked_device_is_out_at_once_with_what_it_was_reading(home: Served) -> None:
    """Its open stream ends, its key opens nothing; another device goes on."""
    lost, kept = paired(home), paired(home, "tablet")
    stream = lost.ask("GET", "/api/events")
    assert stream.status == 200 and stream.readline().startswith(b":")
    home.house.devices.revoke(home.house.devices.all()[0].id)
    while stream.readline():
        pass  # until it has ended: before, this would block
    assert lost.said("GET", "/api/status")[0] == 401
    assert kept.said("GET", "/api/status")[0] == 200


def test_a_device_lets_no_other_in_and_programs_keys_open_nothing_there(home: Served) -> None:
    """A phone that is stolen unlocked cannot make itself a second way in."""
    phone = paired(home)
    assert phone.said("GET", "/api/devices/all")[0] == 200
    for path in ("pair", "listen", "confirm", "revoke"):
        assert phone.said("POST", f"/api/devices/{path}", {})[0] == 403
    assert phone.said("POST", "/api/clients/add", {"name": "me", "scopes": ["talk"]})[0] == 403
    assert phone.ask("POST", "/api/session", {"token": home.token}).status == 405
    key = home.house.clients.add("editor", tuple(Scope)).key
    assert phone.said("GET", "/v1/models", authorization=f"Bearer {key}")[0] == 404
    assert phone.said("POST", "/mcp", {}, authorization=f"Bearer {key}")[0] == 404


def test_the_fence_of_the_page_stands_here_too(home: Served) -> None:
    """DNS rebinding, another site, plain http's origin, a guess: each is refused as on loopback, with every header."""
    phone = paired(home)
    port = phone.port
    tried: list[tuple[dict[str, str], int]] = [
        ({"host": "evil.example"}, 421),
        ({"host": f"evil.example:{port}"}, 421),
        ({"host": f"{HERE}.evil.example:{port}"}, 421),
        ({"host": f"127.0.0.1:{port}"}, 421),
        ({"host": f"127.0.0.1:{home.port}"}, 421),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": f"http://{HERE}:{port}"}, 403),
        ({"origin": f"https://127.0.0.1:{port}"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"cookie": home.cookie}, 401),
        ({"cookie": f"{phone.cookie}x"}, 401),
        ({"cookie": f"ownmind_{port}={phone.cookie.partition('=')[2]}"}, 401),
    ]
    for named, status in tried:
        response = phone.ask("POST", "/api/offline", {"offline": False}, **named)
        assert response.status == status, named
        assert all(response.getheader(name.decode()) == value.decode() for name, value in HEADERS)
    assert phone.ask("POST", "/api/offline", {"offline": False}).status == 200


def test_without_tls_nothing_is_said(home: Served) -> None:
    """Plain HTTP at that port gets no answer that says anything."""
    phone = Phone(home.house.devices.pair(HERE))
    with socket.create_connection((HERE, phone.port), timeout=20) as plain:
        plain.sendall(f"GET / HTTP/1.1\r\nHost: {HERE}:{phone.port}\r\n\r\n".encode())
        got = b""
        try:
            while piece := plain.recv(4096):
                got += piece
        except ConnectionResetError:
            pass
    assert b"HTTP" not in got


def test_a_paired_device_comes_again_after_a_restart(tmp_path: Path) -> None:
    """The certificate stays the same while the address does, and so does the key."""
    with served(tmp_path / "home") as first:
        phone = paired(first)
        before = phone.pairing.reach
    with served(tmp_path / "home") as second:
        until(lambda: second.house.devices.listening().reach is not None)
        reach = second.house.devices.listening().reach
        assert reach is not None and (reach.fingerprint, reach.authority) == (before.fingerprint, before.authority)
        again = Phone(Pairing(f"{reach.addresses[0]}/#", (), NOW, reach), phone.cookie.replace(str(phone.port), _port(reach.addresses[0])))
        assert again.said("GET", "/api/status")[0] == 200


@pytest.mark.parametrize("address", ["0.0.0.0", "8.8.8.8", "::", "evil.example", "203.0.113.5"])
def test_it_listens_at_home_addresses_alone(home: Served, address: str) -> None:
    """Not at every address of the machine, and at no public one; after the refusal no code is good."""
    with pytest.raises(BadInput):
        home.house.devices.pair(address)
    assert home.house.devices.pairing_until is None


def test_a_setting_that_says_every_address_is_refused_with_what_to_do() -> None:
    """There is one way beyond this machine, and the refusal names it."""
    with pytest.raises(BadInput) as refused:
        parse({"host": "0.0.0.0"})
    assert "ownmind devices pair" in refused.value.hint


# The certificate


def test_the_authority_signs_for_home_networks_and_nothing_else(tmp_path: Path) -> None:
    """A phone that trusts it is not fooled with it about any site of the world: OpenSSL refuses what it was not made for."""
    authority = certificate.make_authority("kitchen.local", datetime.now(UTC))

    def handshake(names: tuple[str, ...], asked: str) -> None:
        serving = certificate.context(certificate.make_server(authority, names, datetime.now(UTC)), authority, tmp_path)
        inner, outer = (ssl.MemoryBIO() for _ in range(2))
        client = ssl.create_default_context(cadata=authority.certificate).wrap_bio(inner, outer, server_hostname=asked)
        server = serving.wrap_bio(outer, inner, server_side=True)
        for _ in range(6):
            for side in (client, server):
                try:
                    side.do_handshake()
                except ssl.SSLWantReadError:
                    continue
        client.do_handshake()

    handshake(("192.168.1.5", "kitchen.local"), "192.168.1.5")
    handshake(("192.168.1.5", "kitchen.local"), "kitchen.local")
    for names in (("8.8.8.8",), ("bank.example",), ("attic.local",)):
        with pytest.raises(ssl.SSLCertVerificationError):
            handshake(names, names[0])
    assert not list(tmp_path.iterdir()), "no key is left on disk"


def test_a_certificate_is_renewed_for_another_address_and_before_it_ends() -> None:
    """The phone trusts the authority, so it trusts the new one."""
    authority = certificate.make_authority("kitchen.local", NOW)
    server = certificate.make_server(authority, ("192.168.1.5", "kitchen.local"), NOW)
    assert server.is_good_for(("192.168.1.5", "kitchen.local"), NOW)
    assert not server.is_good_for(("192.168.1.6", "kitchen.local"), NOW)
    assert not server.is_good_for(("192.168.1.5", "kitchen.local"), NOW + certificate.SERVER_LASTS - timedelta(days=30))
    assert len(server.fingerprint) == 95


@pytest.mark.parametrize(
    ("hostname", "name"),
    [("Kitchen", "kitchen.local"), ("kitchen.fritz.box", "kitchen.local"), ("Anas MacBook", "anasmacbook.local"), ("", "ownmind.local")],
)
def test_a_machine_has_a_local_name(hostname: str, name: str) -> None:
    """What multicast DNS would call it."""
    assert local_name(hostname) == name


@pytest.mark.parametrize(("address", "is_home"), [("192.168.1.5", True), ("10.1.2.3", True), ("100.64.0.1", True), ("127.0.0.2", True),
    ("8.8.8.8", False), ("172.32.0.1", False), ("fd00::1", False), ("0.0.0.0", False), ("", False)])  # fmt: skip
def test_the_porter_knows_home_networks(address: str, is_home: bool) -> None:
    """Callers from elsewhere are cut off, whatever a router lets in."""
    assert porter.is_home(address) is is_home


# The command line, with the kernel's seal


def test_the_command_pairs_and_revokes_while_the_process_with_the_memory_stays_sealed(tmp_path: Path) -> None:
    """A sealed Ownmind is reached over the home network, and holds no socket of the network itself but the page's own."""
    home = quiet_home(tmp_path)
    assert ownmind(home, "remember", "Ana is allergic to peanuts").returncode == 0
    assert told(home, "devices")["devices"] == []
    stopped = ownmind(home, "devices", "pair")
    assert stopped.returncode == 2 and "Start `ownmind`" in stopped.stderr
    with running(home) as (server, _):
        pairing = told(home, "devices", "pair", "--address", HERE)
        reach = pairing["reach"]
        assert isinstance(reach, dict)
        phone = Phone(Pairing(str(pairing["url"]), (), NOW, Reach((), "", "", str(reach["certificate"]))))
        _, said = phone.claim()
        [waiting] = told(home, "devices")["listening"]["waiting"]  # type: ignore[index, call-overload]
        assert told(home, "devices", "confirm", str(waiting["id"]), str(said["number"]))["name"] == "Ana's phone"
        assert phone.said("GET", "/api/status")[0] == 200
        assert all(where.startswith("127.0.0.1:") for where in _listening(server.pid)), "the porter listens, not who remembers"
        assert "Ana's phone" in ownmind(home, "devices").stdout
        assert ownmind(home, "devices", "revoke", "d1").returncode == 0
        until(lambda: not listens(phone.port))


def _listening(pid: int) -> list[str]:
    """The local TCP addresses of a process's sockets."""
    inodes = {Path(link).readlink().name for link in Path(f"/proc/{pid}/fd").iterdir() if "socket" in str(link.readlink())}
    rows = [line.split() for line in Path(f"/proc/{pid}/net/tcp").read_text().splitlines()[1:]]
    held = [row[1] for row in rows if f"socket:[{row[9]}]" in inodes]
    return [f"{socket.inet_ntoa(bytes.fromhex(each[:8])[::-1])}:{int(each[9:], 16)}" for each in held]


def _port(address: str) -> str:
    return address.rpartition(":")[2]


class _Settings:
    def __init__(self) -> None:
        self.held: dict[str, str] = {}

    def get(self, key: str, default: str = "") -> str:
        return self.held.get(key, default)

    def set(self, key: str, value: str) -> None:
        self.held[key] = value


class _Nowhere:
    """A network that listens nowhere."""

    trouble = ""

    def open(self, address: str) -> Reach:
        return Reach(("https://192.168.1.5:7718",), "AB", "AB", "")

    def settle(self) -> None: ...
