"""A real Ownmind in a process of its own, so that a test can stop, kill and wake it: ``python child_server.py HOME HOST PORT DELAY``.

Its brain is scripted: sixty short sentences, ``DELAY`` seconds before each word. It says its port and token in one line of JSON.
"""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from pathlib import Path

from ownmind.app import open_house
from ownmind.channels.web import server
from ownmind.config import Config
from ownmind.models.embedding.embedder import HashEmbedder
from ownmind.models.scripted import ScriptedModel
from ownmind.paths import find

SAID = " ".join(f"Wave {n} came." for n in range(60))


async def main(home: Path, host: str, port: int, delay: float) -> None:
    """Serves ``home`` there until SIGTERM."""
    config = Config(fetch=False, learn=False, devices_port=0, files=str(home.parent / "files"))
    house = open_house(find(home), config, brain=ScriptedModel(SAID, delay=delay), embedder=HashEmbedder())
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    try:
        await house.start()
        listening, token = [server.bind(host, port)], server.new_token()
        serving = asyncio.create_task(server.serve(house, listening, token=token, stop=stop))
        print(json.dumps({"port": listening[0].getsockname()[1], "token": token}), flush=True)
        await serving
    finally:
        await house.close()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), float(sys.argv[4])))
