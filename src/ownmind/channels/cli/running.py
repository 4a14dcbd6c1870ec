"""The long-running Ownmind: one process that holds the home, serves the page on loopback and other commands on its socket."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import os
import signal
import socket
import sys
from collections.abc import Iterator

from ...app import House, open_house
from ...config import Config, read
from ...egress import launch, seal
from ...errors import BadInput, HomeInUse, PassphraseNeeded, PortTaken
from ...paths import Paths, find
from ...process import settle
from ..web import locked, server
from .brainwait import follow
from .opening import unlocked
from .options import Everywhere
from .output import bold, dim, note, print_json


def run(*, port: int | None, host: str | None, browser: bool, everywhere: Everywhere) -> int:
    """Serves until Ctrl-C or SIGTERM, then 0. When this home is served already, opens that page instead."""
    paths = find(everywhere.home)
    config = _chosen(read(paths.config), port, host)
    try:
        house = unlocked(lambda given: open_house(paths, config, passphrase=given), "Passphrase (Enter: type it on the page): ")
    except HomeInUse as error:
        return _already(paths, error, browser=browser, as_json=everywhere.json)
    except PassphraseNeeded:
        return _locked(paths, config, is_asked_for=port is not None, browser=browser, as_json=everywhere.json)
    with contextlib.ExitStack() as held:
        try:
            web = held.enter_context(contextlib.closing(_listening(config, is_asked_for=port is not None)))
            sockets = [web, *_answering(paths, held)]
            seal.close()  # from here on this process and its children open no other
        except BaseException:
            asyncio.run(_closed(house))
            raise
        asyncio.run(_serve(house, sockets, browser=browser and config.open_browser, as_json=everywhere.json))
    return 0


def _locked(paths: Paths, config: Config, *, is_asked_for: bool, browser: bool, as_json: bool) -> int:
    """Serves the page with its one question, and after the answer the house. Sealed before anything is opened."""
    with contextlib.ExitStack() as held:
        web = held.enter_context(contextlib.closing(_listening(config, is_asked_for=is_asked_for)))
        seal.close()
        asyncio.run(_serve_locked(paths, config, web, held, browser=browser and config.open_browser, as_json=as_json))
    return 0


async def _serve_locked(
    paths: Paths, config: Config, web: socket.socket, held: contextlib.ExitStack, *, browser: bool, as_json: bool
) -> None:
    stop = asyncio.Event()
    address = server.address(web, "").removesuffix("#")
    with _stopped_by_signals(stop):
        _say_where(address, paths, as_json=as_json)
        if not as_json:
            note("ownmind: it is locked; the page asks for the passphrase")
        if browser:
            await asyncio.to_thread(_open, address)
        opened = await locked.unlocked(web, lambda secret: open_house(paths, config, passphrase=secret), stop=stop)
    if opened is not None:
        house, token = opened
        sockets = [web, *_answering(paths, held)]  # a socket of a home is made by whoever holds its lock
        await _serve(house, sockets, browser=False, as_json=as_json, token=token)


async def _serve(house: House, sockets: list[socket.socket], *, browser: bool, as_json: bool, token: str = "") -> None:
    """``token``: that of a page which is open already, and knows where this is."""
    stop, is_open = asyncio.Event(), bool(token)
    with _stopped_by_signals(stop):
        try:
            await house.start()
            token = token or server.new_token()
            address = server.address(sockets[0], token)
            house.store.lock.announce(address.partition("#")[0])
            serving = asyncio.create_task(server.serve(house, sockets, token=token, stop=stop))
            if not is_open:
                _say_where(address, house.paths, as_json=as_json)
            if browser:
                await asyncio.to_thread(_open, address)
            following = asyncio.create_task(_settling(house))
            await serving
            following.cancel()
            await asyncio.wait([following])
            if not as_json:
                note("ownmind: stopped")
        finally:
            await house.close()


async def _settling(house: House) -> None:
    """Follows the brain until it is there; with it came a library of its own."""
    settle()
    await follow(house)
    settle()


async def _closed(house: House) -> None:
    await house.close()


def _chosen(config: Config, port: int | None, host: str | None) -> Config:
    """The settings with what the command line says instead. Raises BadInput for a host that is not loopback or a port there is none."""
    from ...config import parse

    given: dict[str, object] = {name: value for name, value in (("port", port), ("host", host)) if value is not None}
    parse(given, where="the command line")
    return dataclasses.replace(config, **given)  # type: ignore[arg-type]  # parse() checked names and types


def _listening(config: Config, *, is_asked_for: bool) -> socket.socket:
    """A socket at the port of the settings. One asked for by --port must be free; else a free one is taken, and said."""
    if config.port == 0:
        return _free(config.host)
    try:
        return server.bind(config.host, config.port)
    except PortTaken as error:
        if is_asked_for:
            raise PortTaken(error.message, hint="stop that program, or say --port 0 for any free port") from error
        free = _free(config.host)
        note(f"ownmind: port {config.port} is taken by another program; using {free.getsockname()[1]} this time")
        return free


def _free(host: str) -> socket.socket:
    """A socket at a free port, then asked for by its number: one whose port the kernel chose could be disconnected, bound to another
    address and connected outwards after sealing, where there is no Landlock (tcp_disconnect() in Linux gives such a port back)."""
    for _ in range(5):
        with server.bind(host, 0) as chosen:
            port = chosen.getsockname()[1]
        with contextlib.suppress(PortTaken):
            return server.bind(host, port)
    raise PortTaken("no free port could be kept", hint="say --port with one that is free")


def _answering(paths: Paths, held: contextlib.ExitStack) -> list[socket.socket]:
    """The Unix socket for other commands; none where the system has none or the home's path is too long for one."""
    if not hasattr(socket, "AF_UNIX"):
        return []
    try:
        listening = server.bind_unix(paths.socket)
    except BadInput as error:
        note(f"ownmind: other commands cannot ask this one while it runs ({error.message})")
        return []
    held.callback(paths.socket.unlink, missing_ok=True)
    return [held.enter_context(contextlib.closing(listening))]


@contextlib.contextmanager
def _stopped_by_signals(stop: asyncio.Event) -> Iterator[None]:
    """SIGINT and SIGTERM set ``stop`` the first time; a second Ctrl-C ends at once."""
    loop = asyncio.get_running_loop()

    def asked() -> None:
        if stop.is_set():
            os._exit(130)  # the store survives this as it survives a power cut
        stop.set()

    numbers = (signal.SIGINT, signal.SIGTERM)
    for number in numbers:
        try:
            loop.add_signal_handler(number, asked)
        except NotImplementedError:  # Windows: loops take no signals there
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(asked))
    try:
        yield
    finally:
        for number in numbers:
            with contextlib.suppress(NotImplementedError):
                loop.remove_signal_handler(number)


def _say_where(address: str, paths: Paths, *, as_json: bool) -> None:
    if as_json:
        print_json({"address": address, "home": str(paths.home), "pid": os.getpid()})
        return
    print(f"Ownmind is at {bold(address)}")
    print(dim(f"Everything stays in {paths.home}. Ctrl-C stops."), flush=True)


def _already(paths: Paths, error: HomeInUse, *, browser: bool, as_json: bool) -> int:
    """The page of the Ownmind that runs already. Raises ``error`` when it serves none."""
    from .opening import attached

    other = attached(paths)
    if other is None:
        raise HomeInUse(
            error.message, hint="wait until it is done or stop it, then start again", pid=error.pid, address=error.address
        ) from error
    try:
        address = other.address()
    finally:
        other.close()
    _say_where(address, paths, as_json=as_json)
    if browser:
        _open(address)
    return 0


def _open(address: str) -> None:
    """Opens the page where there is a browser and somebody to see it; a text browser would take the terminal over."""
    if sys.platform.startswith("linux") and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        return
    launch.browse(address)
