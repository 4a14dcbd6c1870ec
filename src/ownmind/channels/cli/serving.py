"""``ownmind mcp serve``: the memory of this home for one program of yours, over standard input and output."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

from ...errors import BadInput
from ...paths import Paths, find
from .opening import attached, require_home, unlocked
from .options import Everywhere
from .output import note

if TYPE_CHECKING:
    from ...app import House

_LONGEST_KEY = 200  # bytes of a key file
_HOW = "`ownmind clients add NAME` makes one; then ownmind mcp serve --client NAME, or --key-file FILE"


def serve(*, client: str, key_file: Path | None, everywhere: Everywhere) -> int:
    """Speaks the Model Context Protocol on standard input and output until the input ends: with the Ownmind that runs, or, where none
    does, with one of its own that ends with it. Nothing else is written to standard output."""
    if bool(client) == (key_file is not None):
        raise BadInput("which program asks?", hint=_HOW)
    headers = {"x-ownmind-client": client} if key_file is None else {"authorization": f"Bearer {_key(key_file)}"}
    paths = find(everywhere.home)
    require_home(paths)
    other = attached(paths)
    if other is not None:
        other.close()
        from ..mcp.stdio import bridge

        asyncio.run(bridge(paths.socket, headers))
        return 0
    from ...app import open_house
    from ...config import read

    house = unlocked(lambda given: open_house(paths, read(paths.config), passphrase=given))
    note(f"ownmind: nothing runs at {paths.home}; this program holds it until it ends")
    asyncio.run(_alone(house, paths, headers))
    return 0


async def _alone(house: House, paths: Paths, headers: dict[str, str]) -> None:
    """With a house of this process, which other commands can ask meanwhile too."""
    from ..mcp.stdio import bridge
    from ..web import server

    stop = asyncio.Event()
    try:
        with contextlib.closing(server.bind_unix(paths.socket)) as listening:
            await house.start(background=False)
            serving = asyncio.create_task(server.serve_socket(house, listening, stop=stop))
            try:
                await bridge(paths.socket, headers)
            finally:
                stop.set()
                await serving
    finally:
        paths.socket.unlink(missing_ok=True)
        await house.close()


def _key(path: Path) -> str:
    try:
        key = path.read_text(encoding="ascii").strip()[:_LONGEST_KEY]
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"cannot read {path}: {type(error).__name__}", hint="a file that holds the key and nothing else") from error
    if not key.isprintable() or not key:
        raise BadInput(f"{path} holds no key", hint=_HOW)
    return key
