"""The porter: a process that stands at the home network while paired devices may come, and knows nothing.

The process with the memory can open no socket but a Unix one (seal.py), and a connection of the network in its hands could be turned
outwards. So the porter listens, and passes bytes on between each connection and a Unix socket of ours; TLS ends there, so what
passes through here is ciphertext. Once it listens it is sealed itself (Linux): it answers, and calls nobody.

It is given one line on its control socket, ``{"address", "port", "to", "wait"}`` (``wait``: until this machine is on a home network), and
says one, ``{"address", "port"}`` or ``{"error"}``, and later perhaps ``{"moved": true}``: this machine has another address now. It ends
when the control socket does.

Only addresses of home networks, and only callers that have one: a router that lets the world in is not enough.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import ipaddress
import json
import socket
import sys
from collections import Counter

HOME = tuple(
    ipaddress.IPv4Network(net)
    # RFC 1918, link-local (RFC 3927), shared (RFC 6598: private networks laid over others use it), and this machine
    for net in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "100.64.0.0/10", "127.0.0.0/8")
)
MOST = 96  # connections at once
MOST_EACH = 24  # of one address: a browser opens six
LOOKED_EVERY = 20.0  # seconds between looks at this machine's address
_LINGER = 5.0  # seconds a connection may go on after our side has ended it
_PIECE = 64 << 10
# Nothing is sent there: a datagram socket that is connected only asks the routing table (RFC 5737 for the first).
_ASKED = ("192.0.2.1", "192.168.0.1", "10.0.0.1", "172.16.0.1")


def is_home(address: str) -> bool:
    """Whether this is an address of a home network, or of this machine alone."""
    try:
        read = ipaddress.IPv4Address(address)
    except ValueError:
        return False
    return any(read in net for net in HOME)


def home_address(probe: socket.socket) -> str:
    """The address other devices of the home network reach this machine at; "" where it is on none."""
    for asked in _ASKED:
        with contextlib.suppress(OSError):
            probe.connect((asked, 9))
            found = str(probe.getsockname()[0])
            if is_home(found) and not found.startswith("127."):
                return found
    return ""


def bind(address: str, port: int) -> socket.socket:
    """A listening socket. Its port is asked for by number, so that it stays bound to it (see seal.py). Raises OSError."""
    for _ in range(5):
        chosen = port
        if not chosen:
            with socket.socket() as free:
                free.bind((address, 0))
                chosen = free.getsockname()[1]
        listening = socket.socket()
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((address, chosen))
            listening.listen(64)
        except OSError as error:
            listening.close()
            if port or error.errno != errno.EADDRINUSE:
                raise
        else:
            return listening
    raise OSError(errno.EADDRINUSE, "no free port")


class Porter:
    """Passes bytes on between a listening socket and the Unix socket at ``to``."""

    def __init__(self, to: str) -> None:
        self._to = to
        self._callers: Counter[str] = Counter()

    async def passed(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, until either side has ended."""
        caller = str((writer.get_extra_info("peername") or ("",))[0])
        if not is_home(caller) or self._callers[caller] >= MOST_EACH or self._callers.total() >= MOST:
            writer.transport.abort()
            return
        self._callers[caller] += 1
        try:
            inner, outer = await asyncio.open_unix_connection(self._to)
            try:
                inwards = asyncio.create_task(_pumped(reader, outer))
                await _pumped(inner, writer)
                await asyncio.wait([inwards], timeout=_LINGER)
                inwards.cancel()
            finally:
                outer.transport.abort()
        except OSError:
            pass  # whoever called sees the connection end
        finally:
            self._callers[caller] -= 1
            writer.transport.abort()


async def _pumped(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while piece := await reader.read(_PIECE):
            writer.write(piece)
            await writer.drain()
    with contextlib.suppress(OSError, RuntimeError):
        writer.write_eof()


async def _stand(control: socket.socket) -> None:
    orders, told = await asyncio.open_unix_connection(sock=control)
    given = json.loads(await orders.readline())
    probe = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    ended = asyncio.create_task(orders.read())
    usual = not given["address"]
    address = home_address(probe) if usual else str(given["address"])
    while given["wait"] and not address and not ended.done():
        await asyncio.wait([ended], timeout=LOOKED_EVERY)
        address = home_address(probe)
    try:
        if not is_home(address):
            raise OSError(errno.EADDRNOTAVAIL, "this machine is on no home network now")
        listening = bind(address, int(given["port"]))
    except OSError as error:
        _say(told, {"error": error.strerror or str(error)})
        await told.drain()
        return
    if sys.platform == "linux":
        from . import seal

        seal.close()
    porter = Porter(str(given["to"]))
    async with await asyncio.start_server(porter.passed, sock=listening):
        _say(told, {"address": address, "port": listening.getsockname()[1]})
        while not ended.done():
            await asyncio.wait([ended], timeout=LOOKED_EVERY if usual else None)
            if usual and not ended.done() and home_address(probe) not in (address, ""):
                _say(told, {"moved": True})
                return


def _say(told: asyncio.StreamWriter, said: dict[str, object]) -> None:
    told.write(json.dumps(said).encode() + b"\n")


def _main() -> None:
    from . import launch

    launch.is_private()
    control = socket.socket(fileno=int(sys.argv[1]))
    control.set_inheritable(False)
    asyncio.run(_stand(control))


if __name__ == "__main__":
    _main()
