"""The person's other devices: paired with a code, confirmed on the first device by a number, and let in by a key of their own.

A code is 128 random bits, good once and for five minutes. Whoever brings it names the device and gets a key of 256 random bits, which
opens nothing until the person has compared the number that this device shows with the one that stands here: a code that somebody else
photographed brings another number. Of a key only the SHA-256 is kept. What listens on the home network is a `Network`; without one
(a command, a program of the person's own) devices can be seen and revoked, not paired.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Protocol

from ..errors import BadInput, NotFound, PersonMustAct, Refused
from ..store.items import LONGEST_ID
from ..store.settings import Settings

CODE_LASTS = timedelta(minutes=5)
LIFETIME = timedelta(days=365)  # since a device was last seen: one that lies in a drawer for longer pairs again
_MOST = 20  # devices
_LONGEST_NAME = 60
_SEEN_EVERY = timedelta(minutes=1)  # how exact "last seen" is on disk: not a durable write for each request
_DEVICES, _IS_ON, _WHERE = "devices", "devices_listen", "devices_address"


@dataclass(frozen=True, slots=True)
class Device:
    """A paired device. ``id`` is d3; ``last_seen`` may lag a minute behind."""

    id: str
    name: str
    paired: datetime
    last_seen: datetime | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A device that brought a code and waits for the person. ``number``: six digits that it shows too."""

    id: str
    name: str
    number: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Reach:
    """Where paired devices find this machine. ``addresses``: what to open, the surest first; both fingerprints are SHA-256."""

    addresses: tuple[str, ...]
    fingerprint: str  # of the certificate that a browser shows
    authority: str  # of the authority that signed it, which a phone can be told to trust
    certificate: str  # the authority's certificate, PEM


@dataclass(frozen=True, slots=True)
class Pairing:
    """What a phone needs: ``url`` has the code and the fingerprint in its fragment; ``qr`` is the same as rows of 0 and 1."""

    url: str
    qr: tuple[str, ...]
    until: datetime
    reach: Reach


@dataclass(frozen=True, slots=True)
class Listening:
    """How things stand. ``is_on``: the person said that paired devices may come; ``trouble``: why nothing is listened at although."""

    is_on: bool
    reach: Reach | None
    waiting: tuple[Waiting, ...]
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Claimed:
    """What a device gets for a code: its key, to keep, and the number to show."""

    key: str
    waiting: Waiting


class Network(Protocol):
    """Listens on the home network. Its methods may be called from any thread but the one of its event loop."""

    @property
    def reach(self) -> Reach | None: ...
    @property
    def trouble(self) -> str: ...
    def open(self, address: str) -> Reach:
        """Listens at an address of this machine, "" for the usual one. Raises BadInput, TryAgainLater."""
        ...

    def settle(self) -> None:
        """Closes what nobody is meant to reach any more, ends the streams of revoked devices."""
        ...


@dataclass(slots=True)
class _Held:
    """A device with the digest of its key."""

    device: Device
    digest: str


@dataclass(slots=True)
class _Pending:
    waiting: Waiting
    digest: str


@dataclass(slots=True)
class _Codes:
    """The code that is shown now, as its digest, and until when."""

    digest: str = ""
    until: datetime = field(default=datetime.min.replace(tzinfo=UTC))


class Devices:
    """The paired devices of this home. Any thread may use it."""

    def __init__(self, settings: Settings, clock: Callable[[], datetime], changed: Callable[[], None] = lambda: None) -> None:
        self._settings = settings
        self._clock = clock
        self._changed = changed
        self._lock = threading.RLock()
        self._code = _Codes()
        self._pending: list[_Pending] = []
        self._held = [_read(row) for row in json.loads(settings.get(_DEVICES, "[]"))]
        self._written = clock()
        self.network: Network | None = None

    # For the person

    def all(self) -> tuple[Device, ...]:
        """Those that are let in, oldest first."""
        self.write()
        return self.held

    def listening(self) -> Listening:
        """Whether this machine can be reached from the home network, where, and who waits to be confirmed."""
        network = self.network
        reach, trouble = (None, "") if network is None else (network.reach, network.trouble)
        return Listening(self.is_on, reach, self._waiting(), trouble)

    def pair(self, address: str = "") -> Pairing:
        """Begins to listen on the home network and gives a fresh code; an earlier one is void. ``address``: another of this machine's than
        the usual one. Raises PersonMustAct where nothing can listen, BadInput for an address that is not on a home network."""
        if len(self._held) >= _MOST:
            raise BadInput(f"{_MOST} devices are paired already", hint="revoke one that is not used any more")
        network = self.network
        if network is None:
            raise PersonMustAct("Ownmind is not running, so no device could reach it.", hint="Start `ownmind`, then pair.")
        code, until = secrets.token_urlsafe(16), self._clock() + CODE_LASTS
        with self._lock:  # before it listens: what nobody is meant to reach is closed again
            self._code = _Codes(_digest(code), until)
        try:
            reach = network.open(address)
        except BaseException:
            self._code = _Codes()
            raise
        self._settings.set(_WHERE, address)
        url = f"{reach.addresses[0]}/#pair={code}&sha256={reach.fingerprint.replace(':', '')}"
        return Pairing(url, _rows(url), until, reach)

    def cancel(self) -> Listening:
        """Takes the code back, and refuses who waits."""
        with self._lock:
            self._code, self._pending = _Codes(), []
        self._settled()
        return self.listening()

    def confirm(self, waiting: str, number: str) -> Device:
        """The person's yes to a device whose number they compared; from now on this machine listens for paired devices. Raises NotFound
        when it does not wait any more, Refused when the number is another one: then the device is sent away."""
        with self._lock:
            found = self._awaited(waiting)
            self._pending.remove(found)
            if not hmac.compare_digest(found.waiting.number, "".join(number.split())):
                raise Refused("That is not the number of this device, so it was not let in.", hint="Pair again, and compare once more.")
            taken = [int(each.device.id[1:]) for each in self._held]
            device = Device(f"d{max([int(self._settings.get(_LAST, '0')), *taken]) + 1}", found.waiting.name, self._clock())
            self._held.append(_Held(device, found.digest))
            self._settings.set(_LAST, device.id[1:])  # an id is never given twice
            self._keep()
            self._settings.set(_IS_ON, "1")
        self._changed()
        return device

    def refuse(self, waiting: str) -> Listening:
        """Sends a device away. Raises NotFound when it does not wait any more."""
        with self._lock:
            self._pending.remove(self._awaited(waiting))
        self._settled()
        return self.listening()

    def rename(self, device: str, name: str) -> Device:
        """Raises NotFound, and BadInput for a name that is none."""
        with self._lock:
            held = self._get(device)
            held.device = replace(held.device, name=_named(name))
            self._keep()
        self._changed()
        return held.device

    def revoke(self, device: str) -> Device:
        """Ends a device at once, with whatever it is reading; gives what it was. Raises NotFound."""
        with self._lock:
            ended = self._get(device)
            self._held.remove(ended)
            self._keep()
        self._settled()
        return ended.device

    def listen(self, on: bool) -> Listening:
        """Whether paired devices may come while Ownmind runs. Raises PersonMustAct where none is paired."""
        if on and not self._held:
            raise PersonMustAct("No device is paired, so there is nobody to listen for.", hint="`ownmind devices pair` pairs one")
        self._settings.set(_IS_ON, "1" if on else "")
        if on and self.network is not None:
            self.network.open(self._settings.get(_WHERE))
        self._settled()
        return self.listening()

    # For the listener

    @property
    def held(self) -> tuple[Device, ...]:
        """Those that are let in, without looking at what is to be written: it may be asked at every request."""
        return tuple(each.device for each in self._held)

    @property
    def is_on(self) -> bool:
        return self._settings.get(_IS_ON) == "1"

    @property
    def address(self) -> str:
        """The address the person chose; "" for the usual one."""
        return self._settings.get(_WHERE)

    @property
    def is_wanted(self) -> bool:
        """Whether anybody is meant to reach this machine now: a code is shown, a device waits, or paired ones may come."""
        return bool(self.pairing_until or self._waiting() or (self.is_on and self._held))

    @property
    def pairing_until(self) -> datetime | None:
        """When the last code or waiting device is over; None where there is none."""
        times = [self._code.until, *(each.until for each in self._waiting())]
        latest = max(times)
        return latest if latest > self._clock() else None

    def claim(self, code: str, name: str) -> Claimed | None:
        """Trades the code for a key that opens nothing yet; None for a wrong, used or old one. Raises BadInput for a name that is none,
        before the code is used up."""
        named = _named(name)
        with self._lock:
            held, until = self._code.digest, self._code.until
            is_right = hmac.compare_digest(held or _digest(secrets.token_urlsafe(16)), _digest(code)) and self._clock() < until
            if not is_right:
                return None
            self._code = _Codes()
            key = secrets.token_urlsafe(32)
            number = f"{secrets.randbelow(1_000_000):06}"
            waiting = Waiting(f"w{secrets.randbelow(1_000_000_000)}", named, number, self._clock() + CODE_LASTS)
            self._pending.append(_Pending(waiting, _digest(key)))
        self._changed()
        return Claimed(key, waiting)

    def awaited(self, key: str) -> Waiting | None:
        """The device that waits with this key."""
        digest, now = _digest(key), self._clock()
        found = [each.waiting for each in self._pending if hmac.compare_digest(each.digest, digest) and each.waiting.until > now]
        return found[0] if found else None

    def known(self, key: str) -> Device | None:
        """Whose key this is; None for a wrong one. Nothing is written."""
        digest, found, now = _digest(key), None, self._clock()
        for each in tuple(self._held):  # every one is compared: how long it takes says nothing
            is_fresh = now - (each.device.last_seen or each.device.paired) < LIFETIME
            found = each.device if hmac.compare_digest(each.digest, digest) and is_fresh else found
        return found

    def seen(self, device: Device) -> None:
        """Notes that a device was here; it is written down within a minute, or when somebody looks."""
        with self._lock:
            for each in self._held:
                if each.device.id == device.id:
                    each.device = replace(each.device, last_seen=self._clock())

    def is_to_write(self) -> bool:
        return self._clock() - self._written > _SEEN_EVERY

    def write(self) -> None:
        """Writes down when devices were last seen."""
        with self._lock:
            self._written = self._clock()
            if self._held:
                self._keep()

    def _waiting(self) -> tuple[Waiting, ...]:
        now = self._clock()
        return tuple(each.waiting for each in tuple(self._pending) if each.waiting.until > now)

    def _awaited(self, waiting: str) -> _Pending:
        now = self._clock()
        for each in self._pending:
            if each.waiting.id == waiting and each.waiting.until > now:
                return each
        raise NotFound("That device does not wait any more.", hint="Pair again: a code is good for five minutes.")

    def _get(self, device: str) -> _Held:
        for each in self._held:
            if each.device.id == device:
                return each
        raise NotFound(f"there is no device {device[:LONGEST_ID]!r}", hint="`ownmind devices` lists them; their ids look like d3")

    def _keep(self) -> None:
        rows = [
            {
                "id": each.device.id, "name": each.device.name, "digest": each.digest, "paired": each.device.paired.isoformat(),
                "last_seen": each.device.last_seen.isoformat() if each.device.last_seen else "",
            }
            for each in self._held
        ]  # fmt: skip
        self._settings.set(_DEVICES, json.dumps(rows))

    def _settled(self) -> None:
        if self.network is not None:
            self.network.settle()
        self._changed()


_LAST = "devices_last"


def _read(row: dict[str, str]) -> _Held:
    seen = datetime.fromisoformat(row["last_seen"]) if row["last_seen"] else None
    return _Held(Device(row["id"], row["name"], datetime.fromisoformat(row["paired"]), seen), row["digest"])


def _named(name: str) -> str:
    plain = " ".join(name.split())
    if not plain or len(plain) > _LONGEST_NAME or not plain.isprintable():
        raise BadInput(f"a name has 1 to {_LONGEST_NAME} letters", hint="such as “Ana’s phone”")
    return plain


def _rows(text: str) -> tuple[str, ...]:
    """``text`` as a QR code (ISO/IEC 18004, error correction M) without its quiet zone: a row of 0 and 1 for each line of modules."""
    import segno

    return tuple("".join("1" if module else "0" for module in row) for row in segno.make(text, error="m", micro=False).matrix)


def _digest(secret: str) -> str:
    """Plain SHA-256 is enough: codes and keys are random, there is nothing to guess."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
