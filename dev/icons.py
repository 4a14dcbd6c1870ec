"""Draws the page's PNG icons from the circles of icon.svg: ``python dev/icons.py`` writes them into ``static/icons/``.

Phones and Windows want PNG where a browser takes the SVG. Four by four samples a pixel make the edges smooth.
"""

from __future__ import annotations

import re
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path

STATIC = Path(__file__).parent.parent / "src/ownmind/channels/web/static"
SAMPLES = 4  # along each side of a pixel
SIDE = 32.0  # of the drawing


@dataclass(frozen=True, slots=True)
class Ring:
    """A disc, or a ring where ``inner`` is not 0, around the middle of the drawing."""

    inner: float
    outer: float
    colour: tuple[int, int, int]


def rings(drawing: str) -> list[Ring]:
    """The circles of the drawing, the lowest first."""
    return [_ring(dict(re.findall(r'([\w-]+)="([^"]*)"', circle))) for circle in re.findall(r"<circle ([^>]*)/>", drawing)]


def picture(drawn: list[Ring], size: int, *, fills: bool) -> bytes:
    """A PNG of ``size`` pixels a side; ``fills``: the lowest disc covers the square, for systems that cut their own shape."""
    rows = b"".join(b"\0" + b"".join(_pixel(drawn, x, y, size, fills) for x in range(size)) for y in range(size))
    head = struct.pack(">IIBBBBB", size, size, 8, 6, 0, 0, 0)  # eight bits a channel, RGBA
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(rows, 9)) + _chunk(b"IEND", b"")


def _ring(said: dict[str, str]) -> Ring:
    radius, width = float(said["r"]), float(said.get("stroke-width", 0))
    colour = said["stroke"] if width else said["fill"]
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return Ring(radius - width / 2 if width else 0, radius + width / 2, (red, green, blue))


def _pixel(drawn: list[Ring], x: int, y: int, size: int, fills: bool) -> bytes:
    scale, total, covered = SIDE / size, [0, 0, 0], 0
    for n in range(SAMPLES * SAMPLES):
        across = (x + (n % SAMPLES + 0.5) / SAMPLES) * scale - SIDE / 2
        down = (y + (n // SAMPLES + 0.5) / SAMPLES) * scale - SIDE / 2
        away = (across * across + down * down) ** 0.5
        colours = [ring.colour for ring in drawn if ring.inner <= away <= ring.outer]
        if colours or fills:
            colour = colours[-1] if colours else drawn[0].colour
            total = [sum(pair) for pair in zip(total, colour, strict=True)]
            covered += 1
    red, green, blue = (part // covered for part in total) if covered else (0, 0, 0)
    return bytes((red, green, blue, 255 * covered // SAMPLES**2))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


if __name__ == "__main__":
    drawn = rings((STATIC / "icon.svg").read_text(encoding="utf-8"))
    folder = STATIC / "icons"
    folder.mkdir(exist_ok=True)
    for name, size, fills in (("192", 192, False), ("512", 512, False), ("512-fills", 512, True)):
        (folder / f"{name}.png").write_bytes(picture(drawn, size, fills=fills))
