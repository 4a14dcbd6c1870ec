"""A real Ownmind for the benches to attack: a child process with the real store, routes and fence, and a scripted brain.

``python -m ownmind.bench.served HOME`` says where it is in one line of JSON and serves until SIGTERM; everything any library
logs at the lowest level is in ``HOME/../debug.log``. With ``--naive`` it is the control: the same routes without the fence.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Coroutine, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from ..app import House, open_house
from ..channels.web import server
from ..config import Config
from ..errors import OwnmindError
from ..messages import Endorsement
from ..models.embedding.embedder import HashEmbedder
from ..models.scripted import ScriptedModel
from ..paths import find
from ..process import settle

VOUCHED = "e1"  # the value that is vouched for in every home that is served


@dataclass(frozen=True, slots=True)
class Served:
    """A running server: its port, the token of its launch, its Unix socket, its process, and the file of its log."""

    port: int
    token: str
    socket: Path
    process: subprocess.Popen[str]
    log: Path
    home: Path

    @property
    def is_alive(self) -> bool:
        return self.process.poll() is None

    def memory(self) -> int:
        """Most bytes that were resident at once; 0 where the system does not say."""
        with contextlib.suppress(OSError, IndexError, ValueError):
            said = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
            return int(said.split("VmHWM:")[1].split()[0]) << 10
        return 0


@contextlib.contextmanager
def served(home: Path, *, naive: bool = False, module: str = __name__, flags: Sequence[str] = ()) -> Iterator[Served]:
    """A server over ``home`` until the block ends; ``module`` is the one that serves, and is given ``flags``."""
    command = [sys.executable, "-m", module, str(home), *(["--naive"] if naive else []), *flags]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=home.parent)  # noqa: S603  # ourselves
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        if not line:
            raise OwnmindError("the server of the bench did not start", hint=f"see {home.parent / 'debug.log'}")
        said = json.loads(line)
        yield Served(int(said["port"]), str(said["token"]), find(home).socket, process, home.parent / "debug.log", home)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout is not None:
            process.stdout.close()


async def serving(home: Path, brain: ScriptedModel, *, naive: bool = False) -> None:
    """Serves ``home`` until SIGTERM, and says where in one line of JSON."""
    config = Config(fetch=False, learn=False, devices_port=0, files=str(home.parent / "files"))
    house = open_house(find(home), config, brain=brain, embedder=HashEmbedder())
    vouched = house.store.actions.endorse(Endorsement("email", "ana@example.org", "sends"), datetime.now(UTC))
    assert vouched.id == VOUCHED
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    try:
        await house.start()
        listening = [server.bind("127.0.0.1", 0), server.bind_unix(house.paths.socket)]
        token, port = server.new_token(), listening[0].getsockname()[1]
        serve = _naive() if naive else server.serve
        running = asyncio.create_task(serve(house, listening, token=token, stop=stop))
        settle()
        print(json.dumps({"port": port, "token": token, "pid": os.getpid()}), flush=True)  # noqa: T201  # the parent reads it
        await running
    finally:
        await house.close()


class _Serve(Protocol):
    def __call__(
        self, house: House, sockets: Sequence[socket.socket], *, token: str, stop: asyncio.Event
    ) -> Coroutine[None, None, None]: ...


def _naive() -> _Serve:
    from .web.naive import serve

    return serve


def _main() -> None:
    home = Path(sys.argv[1])
    logging.basicConfig(filename=home.parent / "debug.log", level=logging.DEBUG)
    asyncio.run(serving(home, ScriptedModel("I will keep that in mind."), naive="--naive" in sys.argv[2:]))


if __name__ == "__main__":
    _main()
