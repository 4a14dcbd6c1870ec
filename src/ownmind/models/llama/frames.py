"""What goes between us and the model's process: a 4-byte big-endian length and then one JSON object."""

from __future__ import annotations

import json
import struct
from typing import BinaryIO, TypeAlias

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
Frame: TypeAlias = "dict[str, Json]"


def write_frame(stream: BinaryIO, frame: Frame) -> None:
    body = json.dumps(frame, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    stream.write(struct.pack(">I", len(body)) + body)
    stream.flush()


def read_frame(stream: BinaryIO) -> Frame | None:
    """The next frame; None when the stream has ended."""
    head = stream.read(4)
    if len(head) < 4:
        return None
    body = stream.read(struct.unpack(">I", head)[0])
    frame: Frame = json.loads(body)
    return frame
