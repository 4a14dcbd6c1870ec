"""Being reached from the home network: a porter in front, TLS behind it, and only while somebody is meant to come.

It is closed unless a code is shown, a device waits to be confirmed, or devices are paired and the person said they may come; the switch
"offline" closes it too. The certificate is renewed when it nears its end or this machine has another address, which the porter notices.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
import socket
from collections.abc import Callable, Coroutine, Mapping
from contextlib import aclosing
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.routing import BaseRoute
from starlette.types import ExceptionHandler
from uvicorn import Server

from ...egress import launch
from ...egress.porter import is_home
from ...errors import BadInput, PersonMustAct, TryAgainLater
from ...guard.devices import Device, Reach
from . import certificate
from .certificate import Issued

if TYPE_CHECKING:
    from ...app import House

log = logging.getLogger(__name__)

_OPENS_WITHIN = 20.0  # seconds a porter has to listen
_AGAIN = 5.0  # seconds before a porter that ended by itself is started again
_KEPT = "devices_certificates"
_OFFLINE = "Ownmind is offline, so no device reaches it."


class HomeNetwork:
    """The listener for paired devices. Belongs to the event loop that ``start`` was awaited in; `open` and `settle` are for others."""

    def __init__(
        self,
        house: House,
        shared: tuple[BaseRoute, ...],
        handlers: Mapping[type[Exception], ExceptionHandler],
        *,
        make: Callable[..., Server],
        bind: Callable[[Path], socket.socket],
    ) -> None:
        self._house = house
        self._shared, self._handlers = shared, handlers
        self._make, self._bind = make, bind
        self._loop = asyncio.get_running_loop()
        self._one = asyncio.Lock()
        self._open: tuple[Server, asyncio.Task[None], Starlette] | None = None
        self._control: asyncio.StreamWriter | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._resuming: asyncio.Task[None] | None = None  # may wait for a home network for hours, with the lock in its hands
        self._asked = ""
        self._endings: dict[str, asyncio.Event] = {}
        self._timer: asyncio.TimerHandle | None = None
        self.reach: Reach | None = None
        self.trouble = ""

    # For other threads (guard.devices.Network)

    def open(self, address: str) -> Reach:
        """Listens at ``address`` ("": the usual one). Raises BadInput, PersonMustAct, TryAgainLater."""
        if address and not is_home(address):
            raise BadInput(
                f"{address[:40]} is not an address of a home network", hint="one of this machine's, such as 192.168.1.5; IPv4 alone"
            )
        if self._house.door.is_offline:
            raise PersonMustAct(_OFFLINE, hint="Switch offline off first.")
        return asyncio.run_coroutine_threadsafe(self._opened(address), self._loop).result()

    def settle(self) -> None:
        """Closes what nobody is meant to reach any more, and ends what revoked devices read."""
        self._loop.call_soon_threadsafe(self._settle)

    # In the loop

    async def start(self) -> None:
        """Listens where the person said so, and from now on follows the switch."""
        self._house.devices.network = self
        self._do(self._follow())
        self._resume()

    async def close(self) -> None:
        """Ends everything."""
        self._house.devices.network = None
        if self._timer is not None:
            self._timer.cancel()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        async with self._one:
            await self._closed()

    def ending(self, device: Device) -> asyncio.Event:
        """Set when this device is let in no longer."""
        return self._endings.setdefault(device.id, asyncio.Event())

    async def _opened(self, address: str, *, wait: bool = False) -> Reach:
        if not wait:
            await self._stop_resuming()
        async with self._one:
            held = self.reach
            if held is None or address != self._asked:
                await self._closed()
                held = await self._begun(address, wait=wait)
                self._asked = address
            self._settle()
            return held

    async def _stop_resuming(self) -> None:
        if self._resuming is not None:
            self._resuming.cancel()
            await asyncio.gather(self._resuming, return_exceptions=True)

    async def _begun(self, address: str, *, wait: bool) -> Reach:
        house = self._house
        if not hasattr(socket, "AF_UNIX"):
            raise BadInput("devices cannot be paired on Windows yet", hint="it needs Linux or macOS")
        ours, theirs = socket.socketpair()
        with theirs:
            child = await asyncio.to_thread(launch.start_porter, theirs)
        reader, self._control = await asyncio.open_unix_connection(sock=ours)
        orders = {"address": address, "port": house.config.devices_port, "to": str(house.paths.devices_socket), "wait": wait}
        self._control.write(json.dumps(orders).encode() + b"\n")
        try:
            line = await asyncio.wait_for(reader.readline(), None if wait else _OPENS_WITHIN)
            said = json.loads(line or b'{"error": "the porter did not start"}')
            if "error" in said:
                raise TryAgainLater(f"Ownmind cannot be reached from the home network: {said['error']}.", hint=_ADVICE)
            reach = await asyncio.to_thread(self._made, str(said["address"]), int(said["port"]))
        except BaseException as error:
            self._control.close()
            self._control = None
            if child is not None:
                await asyncio.to_thread(child.wait)
            if isinstance(error, TimeoutError):
                raise TryAgainLater("The home network did not answer in time.", hint=_ADVICE) from error
            raise
        self.reach, self.trouble = reach, ""
        self._do(self._watched(reader, child))
        self._tell()
        return reach

    def _made(self, address: str, port: int) -> Reach:
        """The server behind TLS, with a certificate that is good for this address now."""
        from .devices import device_app

        authority, server, local = self._certificates(address)
        hosts = frozenset(f"{name}{suffix}" for name in (address, local) for suffix in ((f":{port}", "") if port == 443 else (f":{port}",)))
        addresses = tuple(f"https://{name}:{port}" for name in (address, local))
        reach = Reach(addresses, server.fingerprint, authority.fingerprint, authority.certificate)
        context = certificate.context(server, authority, self._house.paths.quiet())
        listening = self._bind(self._house.paths.devices_socket)

        async def begin() -> None:
            app = device_app(self._house, reach, hosts, port, self._shared, self._handlers, self.ending)
            made = self._make(app, tls=context)
            # The socket listens already: who calls before uvicorn accepts waits in its queue.
            self._open = (made, asyncio.create_task(made.serve(sockets=[listening])), app)

        asyncio.run_coroutine_threadsafe(begin(), self._loop).result()
        return reach

    def _certificates(self, address: str) -> tuple[Issued, Issued, str]:
        """The authority, made once; the server's certificate, made anew for another address or near its end; our ``.local`` name."""
        settings, now = self._house.store.settings, datetime.now(UTC)
        held = json.loads(settings.get(_KEPT, "{}"))
        local = str(held["local"]) if held else local_name(socket.gethostname())
        authority = Issued(**held["authority"]) if held else certificate.make_authority(local, now)
        server = Issued(**held["server"]) if held else None
        if server is None or not server.is_good_for((address, local), now):
            server = certificate.make_server(authority, (address, local), now)
            settings.set(_KEPT, json.dumps({"local": local, "authority": asdict(authority), "server": asdict(server)}))
        return authority, server, local

    async def _closed(self) -> None:
        if self._control is not None:
            self._control.close()  # which ends the porter
            self._control = None
        if self._open is not None:
            server, serving, app = self._open
            self._open = None
            app.state.ending.set()
            server.should_exit = True
            await app.state.ongoing.close()
            await asyncio.gather(serving, return_exceptions=True)
            self._house.paths.devices_socket.unlink(missing_ok=True)
            await asyncio.to_thread(self._house.devices.write)
        if self.reach is not None:
            self.reach = None
            self._tell()

    async def _watched(self, reader: asyncio.StreamReader, child: object) -> None:
        """Waits for what a porter says later: that this machine has moved; or for its end."""
        control, line = self._control, await reader.readline()
        if child is not None:
            await asyncio.to_thread(child.wait)  # type: ignore[attr-defined]  # Popen, named in launch.py for its checker alone
        if control is not self._control:
            return  # we ended it
        if not line:
            log.warning("the porter ended by itself")
            await asyncio.sleep(_AGAIN)
        async with self._one:
            await self._closed()
        self._resume()

    def _settle(self) -> None:
        held = {device.id for device in self._house.devices.held}
        for gone in [name for name in self._endings if name not in held]:
            self._endings.pop(gone).set()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        until = self._house.devices.pairing_until
        if until is not None:
            left = (until - datetime.now(UTC)).total_seconds()
            self._timer = self._loop.call_later(max(0.0, left) + 0.1, self._settle)
        if not self._is_wanted:
            self._do(self._unwanted())

    @property
    def _is_wanted(self) -> bool:
        return self._house.devices.is_wanted and not self._house.door.is_offline

    async def _unwanted(self) -> None:
        await self._stop_resuming()
        async with self._one:
            if not self._is_wanted:
                await self._closed()

    async def _follow(self) -> None:
        """The switch: off it goes at once, on again where the person said so."""
        async with aclosing(self._house.subscribe()) as notices:
            async for notice in notices:
                if notice.get("type") == "status" and self._house.door.is_offline == (self.reach is not None):
                    self._settle()
                    self._resume()

    def _resume(self) -> None:
        """Listens where paired devices may come, waiting for a home network if need be."""
        if self.reach is None and self._is_wanted and not self._one.locked():
            self._resuming = self._do(self._resumed())

    async def _resumed(self) -> None:
        try:
            await self._opened(self._house.devices.address, wait=True)
        except (TryAgainLater, BadInput) as error:
            self.trouble = error.message
            log.warning("devices cannot come: %s", error.message)
            self._tell()

    def _tell(self) -> None:
        self._house.bulletin.publish({"type": "devices"})

    def _do(self, running: Coroutine[None, None, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(running)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


_ADVICE = "Is it on your home network, by cable or Wi-Fi? Where it has several addresses, give the one to use, such as 192.168.1.5."


def local_name(hostname: str) -> str:
    """The name a machine has on its home network where something answers for it (RFC 6762): ``kitchen.local``."""
    plain = re.sub(r"[^a-z0-9-]", "", hostname.lower().partition(".")[0]).strip("-")[:63]
    return f"{plain or 'ownmind'}.local"
