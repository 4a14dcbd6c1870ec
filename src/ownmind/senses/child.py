"""The child process that parses: reads requests on its standard input, writes parts on its standard output.

One JSON object a line, both ways (JSON escapes every line break). Requests: ``{"path": hex of its bytes, "media_type"}``;
``{"calendar": path, "window": [from, until]}``; ``{"times": lines of iCalendar, "window"}``. Answers: ``{"part": [text, start, end,
page, heading]}``, ``{"event": its fields}``, ``{"skipped": [where, reason]}`` or ``{"occurrences": [their fields]}`` any number of
times, then ``{"end": true}`` or ``{"refused": why, "hint": what to do}``.
It limits itself before it reads anything: memory, no core file (it would hold the person's text), no file written. When the
parent dies its input ends, and so does it.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict, astuple
from pathlib import Path

from ..errors import BadInput
from ..messages import Media, Skipped, Source
from ..process import leave_no_dump
from . import open_regular, perceive


def main(memory: int) -> None:
    """Answers requests until the input ends. ``memory`` is the limit of the address space in bytes, above what is in use now."""
    answers = os.fdopen(os.dup(1), "w", encoding="ascii", buffering=1 << 16)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # whatever a library prints must not mix with the answers
    leave_no_dump()
    _limit(memory)
    for line in sys.stdin.buffer:
        for answer in _answers(json.loads(line)):
            answers.write(json.dumps(answer))
            answers.write("\n")
            answers.flush()  # each at once: whoever waits counts the seconds


def _answers(request: Mapping[str, object]) -> Iterator[dict[str, object]]:
    try:
        match request:
            case {"path": str(path), "media_type": str(media_type)}:
                for part in perceive(Media(_path(path), media_type, Source(""))):
                    yield {"part": [part.text, part.span.start, part.span.end, part.page, part.heading]}
            case {"calendar": str(path), "window": [float(start), float(until)]}:
                yield from _events(_path(path), (start, until))
            case {"times": str(times), "window": [float(start), float(until)]}:
                from . import recurrence, zones

                zones.learn(times.split("\n"))
                found = recurrence.occurrences(times.split("\n"), (start, until))
                yield {"occurrences": [astuple(one) for one in found]}
        yield {"end": True}
    except BadInput as error:
        yield {"refused": error.message, "hint": error.hint}
    except (MemoryError, RecursionError):
        yield {"refused": "reading it takes more memory than is allowed", "hint": ""}
    except OSError as error:
        yield {"refused": f"it cannot be read ({error.strerror})", "hint": ""}


def _events(path: Path, window: tuple[float, float]) -> Iterator[dict[str, object]]:
    from .calendar import events

    with open_regular(path) as stream:
        for found in events(stream, window):
            if isinstance(found, Skipped):
                yield {"skipped": [found.where, found.reason]}
            else:
                yield {"event": asdict(found) | {"at": found.at.isoformat() if found.at else None}}


def _path(name: str) -> Path:
    return Path(os.fsdecode(bytes.fromhex(name)))


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
