"""What a person is shown before anything is sent for a purpose for the first time: the exact text, and what it gives away.

A ``Part`` is a stretch of what is to be sent, with its label and the memory item it came from. Parts are joined, what is secret is
left out unless it has a consent of its own, the rest is veiled (``guard/pseudonyms``). ``Preview.text`` is what leaves, to the
byte; ``Preview.seal`` names it together with purpose and destination, so that a consent to one text is none to another.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from itertools import accumulate
from random import Random

from ..messages import Confidentiality, Integrity, Label, Span
from .labels import NEUTRAL, join
from .pseudonyms import Dictionary, Pseudonym, Replaced, veil
from .secrets import secrets

_MOST_TEXT = 200  # characters of an item shown beside the text


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the text to be sent. ``what`` says in a few words what it is: "your message", "a note of 3 May"."""

    text: str
    label: Label
    what: str
    item_id: str = ""  # i12; "" for what is no memory item

    @property
    def seal(self) -> str:
        """Names this very text: what a consent for a secret is bound to."""
        return blake2b(f"{self.item_id}\0{self.text}".encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


@dataclass(frozen=True, slots=True)
class Price:
    """What the call may cost at most."""

    amount: float
    currency: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the outgoing text; the pieces joined are the text. ``stands_for``: what a pseudonym hides, "" for plain words."""

    text: str
    stands_for: str = ""
    kind: str = ""  # of the pseudonym: given, place, phone, ...


@dataclass(frozen=True, slots=True)
class Contained:
    """A memory item of which something is in the text."""

    item_id: str
    what: str
    begins: str  # its first words as they are remembered, for the person alone
    confidentiality: Confidentiality
    integrity: Integrity
    span: Span  # where in the outgoing text


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something secret that stays here. ``seal``: consenting to it by name lets just this text go."""

    what: str
    item_id: str
    characters: int
    seal: str


@dataclass(frozen=True, slots=True)
class Preview:
    """Everything a person needs for a yes or no. It holds real values beside pseudonyms: for the person's eyes, never to be sent."""

    purpose: str
    destination: str
    text: str
    bytes: int  # of the text in UTF-8; the request around it adds its own
    price: Price | None
    pieces: tuple[Piece, ...]
    items: tuple[Contained, ...]
    confidentiality: Confidentiality  # the highest of what is in the text
    sources: tuple[str, ...]
    left_out: tuple[LeftOut, ...]
    secrets: tuple[str, ...]  # what of the secret is in the text, by a consent of its own
    new: tuple[Pseudonym, ...]  # to be kept with the purpose's scope before the text is sent
    seal: str


def preview(
    parts: Sequence[Part],
    *,
    purpose: str,
    destination: str,
    dictionary: Dictionary,
    known: Collection[Pseudonym],
    random: Random,
    price: Price | None = None,
    consented: Collection[str] = (),
) -> Preview:
    """What would leave for ``destination``. ``consented``: seals of secret parts the person let go by name. Nothing is sent."""
    going = [part for part in parts if may_go(part, consented)]
    staying = [part for part in parts if part not in going]
    veiled = veil("".join(part.text for part in going), dictionary, known, random)
    label = join(*(part.label for part in going)) if going else NEUTRAL
    return Preview(
        purpose=purpose,
        destination=destination,
        text=veiled.text,
        bytes=len(veiled.text.encode("utf-8", "surrogatepass")),
        price=price,
        pieces=tuple(_pieces(veiled.text, veiled.replaced)),
        items=tuple(_contained(going, veiled.replaced)),
        confidentiality=label.confidentiality,
        sources=label.sources,
        left_out=tuple(LeftOut(part.what, part.item_id, len(part.text), part.seal) for part in staying),
        secrets=tuple(part.what for part in going if part.label.confidentiality is Confidentiality.SECRET),
        new=veiled.new,
        seal=seal(purpose, destination, veiled.text),
    )


def seal(purpose: str, destination: str, text: str) -> str:
    """Names one text sent to one place for one purpose: what a consent is checked against before the first byte."""
    whole = b"\0".join(part.encode("utf-8", "surrogatepass") for part in (purpose, destination, text))
    return blake2b(whole, digest_size=16).hexdigest()


def may_go(part: Part, consented: Collection[str] = ()) -> bool:
    """Whether a part is not secret, or was let go by name."""
    return part.label.confidentiality is not Confidentiality.SECRET or part.seal in consented


def cut(part: Part) -> list[Part]:
    """A part with what is secret by its shape (a card number, what stands beside "password") as parts of its own, labelled so: the rest
    of it may go without them."""
    if part.label.confidentiality is Confidentiality.SECRET:
        return [part]
    found, at = [], 0
    for secret in secrets(part.text):
        if secret.span.start < at:
            continue  # inside the one before it
        found.append(replace(part, text=part.text[at : secret.span.start]))
        label = replace(part.label, confidentiality=Confidentiality.SECRET)
        found.append(replace(part, text=part.text[secret.span.start : secret.span.end], label=label, what=f"{secret.what} in {part.what}"))
        at = secret.span.end
    return [one for one in (*found, replace(part, text=part.text[at:])) if one.text]


def parted(shown: Preview, lengths: Sequence[int]) -> list[str]:
    """The outgoing text cut into stretches whose meant text, before pseudonyms, has these lengths in characters. A pseudonym belongs
    to the stretch in which what it stands for begins."""
    stretches, at = [""] * (len(lengths) + 1), 0
    ends = [*accumulate(lengths)]
    for piece in shown.pieces:
        if piece.stands_for:
            stretches[bisect_right(ends, at)] += piece.text
            at += len(piece.stands_for)
            continue
        left = piece.text
        while left:
            place = bisect_right(ends, at)
            size = len(left) if place == len(ends) else ends[place] - at
            stretches[place] += left[:size]
            left, at = left[size:], at + min(size, len(left))
    assert not stretches[-1], "more left than was meant"
    return stretches[:-1]


def _pieces(text: str, replaced: Sequence[Replaced]) -> list[Piece]:
    pieces, at = [], 0
    for place in replaced:
        pieces += [Piece(text[at : place.stands_at.start]), Piece(place.pseudonym, place.value, place.kind)]
        at = place.stands_at.end
    return [piece for piece in (*pieces, Piece(text[at:])) if piece.text]


def _contained(going: Sequence[Part], replaced: Sequence[Replaced]) -> list[Contained]:
    found, at = [], 0
    for part in going:
        span = Span(_moved(at, replaced), _moved(at + len(part.text), replaced))
        at += len(part.text)
        if part.item_id:
            begins = part.text if len(part.text) <= _MOST_TEXT else part.text[: _MOST_TEXT - 1] + "…"
            found.append(Contained(part.item_id, part.what, begins, part.label.confidentiality, part.label.integrity, span))
    return found


def _moved(place: int, replaced: Sequence[Replaced]) -> int:
    """Where a place of the text stands once pseudonyms are in it; inside of one: its end."""
    shift = 0
    for one in replaced:
        if one.at.start >= place:
            break
        if one.at.end > place:
            return one.stands_at.end
        shift = one.stands_at.end - one.at.end
    return place + shift
