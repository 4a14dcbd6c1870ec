"""``ownmind devices``: the phones and tablets that may open your page over the home network."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from ...errors import BadInput, PersonMustAct
from ...guard.devices import Device, Listening, Pairing, Waiting
from .opening import opened
from .options import HERE, Everywhere
from .output import bold, clean, day, note, print_encoded, table

if TYPE_CHECKING:
    from ..attach import Face

What = Literal["list", "pair", "confirm", "refuse", "rename", "revoke", "on", "off", "certificate"]
_HOW = "for example: ownmind devices pair"
_LOOK_EVERY = 1.0  # seconds


def devices(
    what: Annotated[
        What,
        Parameter(
            help="list them; pair a phone; confirm or refuse one that waits; rename or revoke one; on and off: whether they may come; "
            "certificate: print the authority's, for a phone to trust."
        ),
    ] = "list",
    /,
    *words: Annotated[str, Parameter(help="An id (d3; w… of one that waits), and a new name or the number.")],
    address: Annotated[str, Parameter(help="The address of this machine on your home network, where the usual one is not it.")] = "",
    everywhere: Everywhere = HERE,
) -> int:
    """Use your Ownmind from a phone on your home network: paired by a QR code, encrypted, revocable.

    Ownmind must be running. It listens beyond this machine only while you pair, or while paired devices may come.

    Example: ownmind devices pair
    """
    with opened(everywhere) as face:
        if what == "pair" and not words:
            return _pair(face, address, as_json=everywhere.json)
        done = _done(face, what, words)
        held = face.devices.all() if isinstance(done, Listening) else ()
    if everywhere.json:
        print_encoded({"devices": held, "listening": done} if isinstance(done, Listening) else done)
    elif isinstance(done, Listening):
        _show(held, done)
    elif isinstance(done, Device):
        print(f"{bold(done.id)} {clean(done.name)}" if what != "revoke" else f"{clean(done.name)} is let in no longer.")
    else:
        print(done, end="")
    return 0


def _done(face: Face, what: What, words: tuple[str, ...]) -> Device | Listening | str:
    match what, words:
        case "list", ():
            return face.devices.listening()
        case (("on" | "off"), ()):
            return face.devices.listen(what == "on")
        case "confirm", (which, *digits) if digits:
            return face.devices.confirm(which, "".join(digits))
        case "refuse", (which,):
            return face.devices.refuse(which)
        case "rename", (which, _, *_):
            return face.devices.rename(which, " ".join(words[1:]))
        case "revoke", (which,):
            return face.devices.revoke(which)
        case "certificate", ():
            reach = face.devices.listening().reach
            if reach is None:
                raise PersonMustAct("nothing listens on the home network now", hint="ownmind devices pair, or ownmind devices on")
            return reach.certificate
    raise BadInput("that is not how it is said", hint=_HOW)


def _pair(face: Face, address: str, *, as_json: bool) -> int:
    """Shows the code and waits for a device; asks for the person's yes where there is somebody to ask."""
    pairing = face.devices.pair(address)
    if as_json:
        print_encoded(pairing)
        return 0
    for line in _drawn(pairing.qr):
        print(line)
    print(f"\nOpen this on the phone, on the same network, before {pairing.until.astimezone():%H:%M}:\n    {bold(pairing.url)}")
    note("The browser will warn: it does not know who signs here. Compare the fingerprint it shows (SHA-256) before you go on:")
    note(f"  {pairing.reach.fingerprint}")
    note("docs/devices.md says where an iPhone and an Android phone show it, and how to make them trust it.")
    if not sys.stdin.isatty():
        note("Then: ownmind devices (shows who waits), ownmind devices confirm ID NUMBER")
        return 0
    try:
        waiting = _came(face, pairing)
    except KeyboardInterrupt:
        face.devices.cancel()
        raise
    print(f"\n{bold(clean(waiting.name))} shows a number. Type it to let it in, or nothing to send it away.")
    note("A yes also means: while Ownmind runs, it listens on your home network for paired devices (ownmind devices off ends that).")
    said = input("The number: ").strip()
    if not said:
        face.devices.refuse(waiting.id)
        print("Sent away.")
        return 1
    print(f"{clean(face.devices.confirm(waiting.id, said).name)} is paired.")
    return 0


def _came(face: Face, pairing: Pairing) -> Waiting:
    while time.time() < pairing.until.timestamp():
        if found := face.devices.listening().waiting:
            return found[-1]
        time.sleep(_LOOK_EVERY)
    raise PersonMustAct("no device came in five minutes, so the code is void", hint="ownmind devices pair shows a new one")


def _drawn(rows: Sequence[str]) -> list[str]:
    """Two rows of modules a line, light on dark as terminals are; four modules of quiet zone around them (ISO/IEC 18004)."""
    wide = len(rows[0]) + 8
    padded = ["0" * wide] * 4 + [f"0000{row}0000" for row in rows] + ["0" * wide] * 4
    padded += ["0" * wide] * (len(padded) % 2)
    blocks = {("0", "0"): "█", ("0", "1"): "▀", ("1", "0"): "▄", ("1", "1"): " "}
    return ["".join(map(blocks.__getitem__, zip(*pair, strict=True))) for pair in zip(padded[::2], padded[1::2], strict=True)]


def _show(held: Sequence[Device], listening: Listening) -> None:
    if not held:
        print("No device is paired. ownmind devices pair shows a QR code for one.")
    else:
        rows = [[one.id, clean(one.name), day(one.paired), day(one.last_seen) if one.last_seen else "never"] for one in held]
        for line in table([["id", "name", "paired", "last seen"], *rows]):
            print(line)
    for one in listening.waiting:
        print(f"{bold(one.id)} {clean(one.name)} waits: compare its number, then ownmind devices confirm {one.id} NUMBER")
    if listening.reach is not None:
        print(f"Ownmind listens on your home network at {' and '.join(listening.reach.addresses)}")
        note(f"certificate (SHA-256): {listening.reach.fingerprint}")
    elif listening.trouble:
        note(f"Nothing listens on the home network: {listening.trouble}")
    else:
        note("Ownmind listens on this machine alone.")
