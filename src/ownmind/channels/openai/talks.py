"""Which conversation a request goes on with: these APIs send the whole talk each time, and it must be remembered once.

Every place in a talk has a digest, chained over the messages so far and keyed with a secret of the store: the client's, nobody can tell
words from it. A request whose earlier messages lead to where a conversation has come continues it. One that was edited, or that nobody
here knows, begins another; what stood before is shown to the model and not remembered. Sent again within an hour, it is the same message.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from secrets import token_hex
from typing import TYPE_CHECKING

from ...guard.clients import Client
from ...store import clients as rows
from .asked import Message

if TYPE_CHECKING:
    from ...store.opening import Store

AGAIN = 3600.0  # seconds within which the same talk is the same request, sent once more
_EARLIER = 40  # exchanges of an unknown talk that the model may be shown


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message stands: its conversation, and its digest there."""

    conversation: str
    digest: bytes

    @property
    def key(self) -> str:
        """The message's id in its source: the same place in the same conversation is kept once."""
        return f"{self.conversation}:{self.digest.hex()}"


class Talks:
    """The talks that programs sent to one store. Blocks; call it in a thread."""

    def __init__(self, store: Store) -> None:
        self._db = store.db
        self._secret = store.keys.tombstones

    def place(self, client: Client, before: Sequence[Message], said: Sequence[Message], now: datetime) -> Place:
        """Where ``said`` stands, after ``before``: a message, and what the program's tools gave for it."""
        prefix = self._chain(client, before)
        digest = self._links(prefix, said)
        with self._db.read() as cx:
            again = rows.talk(cx, digest)
            if again is not None and now.timestamp() - again.at < AGAIN:
                return Place(again.conversation, digest)
            known = rows.talk(cx, prefix) if before else None
        return Place(known.conversation if known is not None and known.is_head else f"c{token_hex(5)}", digest)

    def after(self, client: Client, response: str, said: Sequence[Message]) -> bytes:
        """The digest of the place of ``said`` behind a response."""
        return self._links(self._named(client, response), said)

    def heard(self, client: Client, place: Place, now: datetime) -> None:
        """Keeps that the message is remembered, whatever becomes of its answer."""
        self._keep(client, place.conversation, place.digest, now)

    def answered(self, client: Client, place: Place, answer: str, now: datetime) -> None:
        """Keeps how far the conversation has come: to this answer, as it was sent."""
        self._keep(client, place.conversation, self._link(place.digest, Message("assistant", answer)), now)

    def name(self, client: Client, response: str, conversation: str, now: datetime) -> None:
        """Keeps which conversation a response belongs to, so that another may go on from it."""
        with self._db.write() as cx:
            rows.keep_talk(cx, client.number, conversation, self._named(client, response), now.timestamp(), is_head=False)

    def conversation(self, client: Client, response: str) -> str | None:
        """The conversation of this client's response; None for one that is unknown or another's."""
        with self._db.read() as cx:
            found = rows.talk(cx, self._named(client, response))
        return None if found is None else found.conversation

    def unname(self, client: Client, response: str) -> None:
        with self._db.write() as cx:
            rows.drop_talk(cx, self._named(client, response))

    def _keep(self, client: Client, conversation: str, digest: bytes, now: datetime) -> None:
        with self._db.write() as cx:
            rows.keep_talk(cx, client.number, conversation, digest, now.timestamp(), is_head=True)

    def _chain(self, client: Client, messages: Iterable[Message]) -> bytes:
        return self._links(hashlib.blake2b(client.id.encode(), key=self._secret[:64], digest_size=16).digest(), messages)

    def _links(self, digest: bytes, messages: Iterable[Message]) -> bytes:
        for message in messages:
            if message.role != "system":  # programs put the clock into it
                digest = self._link(digest, message)
        return digest

    def _link(self, digest: bytes, message: Message) -> bytes:
        words = " ".join(message.text.split())  # some programs trim what they show, and send that back
        parts = [message.role, words, message.call_id, *(part for call in message.calls for part in (call.name, call.arguments))]
        told = b"".join(len(part.encode("utf-8", "replace")).to_bytes(8) + part.encode("utf-8", "replace") for part in parts)
        return hashlib.blake2b(digest + told, key=self._secret[:64], digest_size=16).digest()

    def _named(self, client: Client, response: str) -> bytes:
        return hashlib.blake2b(f"response {client.id} {response}".encode(), key=self._secret[:64], digest_size=16).digest()


def exchanges(before: Sequence[Message], client: Client) -> tuple[tuple[str, str], ...]:
    """The earlier talk in pairs of what was said and answered, for the model to see: what the program says of itself first."""
    told = "\n".join(message.text for message in before if message.role == "system" and message.text.strip())
    pairs: list[tuple[str, str]] = [(f"[{client.name} says of itself: {told}]", "I have read it.")] if told else []
    said: list[str] = []
    for message in before:
        match message.role:
            case "user":
                said.append(message.text)
            case "tool":
                said.append(f"(a tool gave: {message.text})")
            case "assistant" if message.text.strip():
                pairs.append(("\n".join(said) or "…", message.text))
                said = []
    return tuple(pairs[-_EARLIER:])
