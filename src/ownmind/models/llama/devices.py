"""The processors llama.cpp sees, asked in a short-lived child: xllamacpp is never imported by the process that holds the memory."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass

_SECONDS = 30  # a driver that does not answer must not hold the page up
_MOST = 64


@dataclass(frozen=True, slots=True)
class Gpu:
    """A graphics processor that the installed llama.cpp can use. Bytes."""

    name: str
    memory: int
    free: int


def gpus() -> tuple[Gpu, ...]:
    """The graphics processors the chat model could use; none where there is none, or the child does not come back."""
    from .worker import child_environment

    try:
        asked = subprocess.run(
            [sys.executable, "-m", "ownmind.models.llama.devices"],
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=_SECONDS,
            check=False,
            env=child_environment(),
        )
        return _read(asked.stdout)
    except (OSError, subprocess.SubprocessError, ValueError):
        return ()


def _read(said: bytes) -> tuple[Gpu, ...]:
    listed: object = json.loads(said)
    found: Sequence[object] = listed[:_MOST] if isinstance(listed, list) else ()
    return tuple(
        Gpu(name[:120], memory, free)
        for each in found
        if isinstance(each, list) and len(each) == 3
        for name, memory, free in [each]
        if isinstance(name, str) and type(memory) is int and type(free) is int
    )


def main() -> int:
    """Prints what there is as JSON: a list of (name, bytes, bytes free)."""
    import xllamacpp

    rows = [
        [str(device.get("description") or device.get("name")), int(device["memory_total"]), int(device["memory_free"])]
        for device in xllamacpp.get_device_info()
        if "GPU" in str(device.get("type"))  # GPU and IGPU, not the processor itself or an accelerator without memory of its own
    ]
    sys.stdout.write(json.dumps(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
