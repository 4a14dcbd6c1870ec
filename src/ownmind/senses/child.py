"""The child process that parses: reads requests on its standard input, writes parts on its standard output.

One JSON object a line, both ways (JSON escapes every line break). Request: ``{"path": hex of its bytes, "media_type"}``.
Answers: ``{"part": [text, start, end, page, heading]}`` any number of times, then ``{"end": true}`` or ``{"refused": why}``.
It limits itself before it reads anything: memory, no core file (it would hold the person's text), no file written. When the
parent dies its input ends, and so does it.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from ..errors import BadInput
from ..messages import Media, Source
from ..process import leave_no_dump
from . import perceive


def main(memory: int) -> None:
    """Answers requests until the input ends. ``memory`` is the limit of the address space in bytes, above what is in use now."""
    answers = os.fdopen(os.dup(1), "w", encoding="ascii", buffering=1 << 16)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # whatever a library prints must not mix with the answers
    leave_no_dump()
    _limit(memory)
    for line in sys.stdin.buffer:
        request = json.loads(line)
        path = Path(os.fsdecode(bytes.fromhex(request["path"])))
        for answer in _answers(Media(path, request["media_type"], Source(""))):
            answers.write(json.dumps(answer))
            answers.write("\n")
        answers.flush()


def _answers(media: Media) -> Iterator[dict[str, object]]:
    try:
        for part in perceive(media):
            yield {"part": [part.text, part.span.start, part.span.end, part.page, part.heading]}
        yield {"end": True}
    except BadInput as error:
        yield {"refused": error.message}
    except (MemoryError, RecursionError):
        yield {"refused": "reading it takes more memory than is allowed"}
    except OSError as error:
        yield {"refused": f"it cannot be read ({error.strerror})"}


def _limit(memory: int) -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limits: there the parent's time limit is the only one
        return
    in_use = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize() if Path("/proc/self/statm").exists() else 0
    for limit, value in ((resource.RLIMIT_AS, in_use + memory), (resource.RLIMIT_FSIZE, 0)):
        hard = resource.getrlimit(limit)[1]
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        try:
            resource.setrlimit(limit, (value, value))
        except (ValueError, OSError):  # macOS refuses some of them
            continue


if __name__ == "__main__":
    main(int(sys.argv[1]))
