"""The routes of ``/v1``. Each asks the key's scope, reads its request, has it answered, and writes the answer; what goes wrong is said
in the shape of the API, whenever it does.

Which model: ``ownmind`` is the companion with its memory (scope talk), ``brain`` the model alone (scope model). The pieces come from
companion.py and brain.py, which bring the agent library and so are imported when the first of them is asked for.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterator
from contextlib import aclosing, contextmanager
from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, TypeVar
from weakref import WeakKeyDictionary

from starlette.requests import Request
from starlette.responses import Response as Answer
from starlette.routing import Route
from starlette.types import ASGIApp

from ...app import clock
from ...errors import NotFound, OwnmindError
from ...guard.clients import Client, Scope
from .. import wire
from ..web.routes import BROKEN, answer, body_of, house
from ..web.streams import Stream
from . import chat, embedding, errors, line, messages, responses
from .asked import Asked
from .line import Line
from .pieces import Piece, Whole
from .responses import Kept, Response, Responses
from .talks import Talks

if TYPE_CHECKING:
    from ...app import House

log = logging.getLogger(__name__)
T = TypeVar("T")

COMPANION, BRAIN = "ownmind", "brain"
_NEEDED = {COMPANION: Scope.TALK, BRAIN: Scope.MODEL}


class Desk:
    """What the routes of one house share: the line for the model, the talks, and the responses that can be asked for again."""

    def __init__(self, held: House) -> None:
        self.line = Line(line.AT_ONCE, line.WAITING)
        self.talks = Talks(held.store)
        self.responses = Responses()
        held.memory.forgetting.listeners.append(self.responses.clear)


_DESKS: WeakKeyDictionary[object, Desk] = WeakKeyDictionary()  # by the house's memory; the page's port and the socket share one


class Written(Protocol):
    """How an answer is written: as a stream of events, or whole."""

    def first(self) -> bytes: ...
    def chunks(self, piece: Piece) -> Iterator[bytes]: ...
    def failed(self, error: dict[str, wire.Json]) -> bytes: ...
    def whole(self, answer: Whole) -> dict[str, wire.Json]: ...


# Models


async def models(request: Request) -> Answer:
    """What this key may ask for."""
    if _is_anthropic(request):
        return answer(messages.models([name for name in _offered(request) if name in _NEEDED]))
    return answer({"object": "list", "data": [_model(name) for name in _offered(request)]})


async def model(request: Request) -> Answer:
    name = request.path_params["id"]
    if name not in _offered(request):
        raise _no_model(name)
    return answer(messages.model(name) if _is_anthropic(request) else _model(name))


def _need(request: Request, model: str) -> None:
    """Raises Missing for a model nobody has here, Refused where this key may not ask it."""
    if model not in _NEEDED:
        raise _no_model(model)
    _client(request).need(_NEEDED[model])


def _offered(request: Request) -> list[str]:
    client, embedder = _client(request), house(request).memory.embedder
    names = [name for name, scope in _NEEDED.items() if scope in client.scopes]
    return [*names, *([embedder.id] if embedder is not None and Scope.EMBEDDINGS in client.scopes else [])]


def _model(name: str) -> dict[str, wire.Json]:
    return {"id": name, "object": "model", "created": int(messages.BEGAN.timestamp()), "owned_by": "ownmind"}


def _no_model(name: str) -> NotFound:
    return errors.Missing(f"there is no model {name[:80]!r} here", param="model", hint="GET /v1/models lists what this key may ask for")


# Answers


async def complete(request: Request) -> ASGIApp:
    """``POST /v1/chat/completions``."""
    asked = chat.read(await body_of(request))
    completion = chat.Completion(asked)
    return await _answered(request, asked, completion, _pieces(request, asked))


async def respond(request: Request) -> ASGIApp:
    """``POST /v1/responses``."""
    wanted = responses.read(await body_of(request))
    desk, client = _desk(request), _client(request)
    earlier, conversation = desk.responses.get(wanted.previous, client.id), None
    if wanted.previous:
        if wanted.asked.model == COMPANION:
            conversation = await asyncio.to_thread(desk.talks.conversation, client, wanted.previous)
        if earlier is None and conversation is None:
            raise errors.Missing(f"there is no response {wanted.previous[:60]!r} here any more", param="previous_response_id")
    written = Response(wanted)
    messages = (*(earlier.messages if earlier is not None else ()), *wanted.asked.messages)
    asked = replace(wanted.asked, messages=messages)

    async def keep() -> None:
        ended = written.answer.ended
        if not wanted.is_stored or ended is None:
            return
        status = "incomplete" if ended.reason == "length" else "completed"
        desk.responses.keep(written.id, Kept(client.id, written.told(status), (*messages, written.said())))
        if ended.conversation:
            await asyncio.to_thread(desk.talks.name, client, written.id, ended.conversation, clock.present())

    return await _answered(request, asked, written, _pieces(request, asked, conversation or "", wanted.previous), keep)


async def converse(request: Request) -> ASGIApp:
    """``POST /v1/messages``."""
    asked = messages.read(await body_of(request))
    return await _answered(request, asked, messages.Written(asked), _pieces(request, asked))


async def count(request: Request) -> Answer:
    """``POST /v1/messages/count_tokens``: exact for the model alone where it runs here, about right for the companion."""
    asked = messages.read({"max_tokens": 1, **await body_of(request)})
    _need(request, asked.model)
    await asyncio.to_thread(import_module, f"{__package__}.brain")
    from . import brain

    counting = brain.count(asked, house(request)) if asked.model == BRAIN else None
    return answer({"input_tokens": brain.counted(asked) if counting is None else await _while_there(request, counting)})


async def response(request: Request) -> Answer:
    return answer(_kept(request).told)


async def unrespond(request: Request) -> Answer:
    """Takes a response away; the conversation it belongs to stays, as everything said does."""
    _kept(request)
    id = request.path_params["id"]
    _desk(request).responses.drop(id)
    await asyncio.to_thread(_desk(request).talks.unname, _client(request), id)
    return answer({"id": id, "object": "response", "deleted": True})


def _kept(request: Request) -> Kept:
    client = _client(request)
    client.need(Scope.TALK, Scope.MODEL)
    kept = _desk(request).responses.get(request.path_params["id"], client.id)
    if kept is None:
        raise NotFound(f"there is no response {request.path_params['id'][:60]!r} here any more", hint="They last while Ownmind runs")
    return kept


async def embed(request: Request) -> Answer:
    """``POST /v1/embeddings``."""
    _client(request).need(Scope.EMBEDDINGS)
    asked, held = embedding.read(await body_of(request)), house(request)
    async with _desk(request).line.place():
        return answer(await asyncio.to_thread(embedding.answer, asked, held.memory.embedder))


async def audio(request: Request) -> Answer:
    raise errors.Absent(
        "this Ownmind has no ears and no voice yet", hint="Speech is not part of this version; GET /v1/models lists what is"
    )


# How an answer comes


async def _pieces(request: Request, asked: Asked, conversation: str = "", previous: str = "") -> AsyncGenerator[Piece]:
    """The pieces of an answer by whoever was asked for, once it is this request's turn. Raises Refused, Busy, BrainNotReady."""
    held, client, desk = house(request), _client(request), _desk(request)
    _need(request, asked.model)
    async with desk.line.place():
        await asyncio.to_thread(import_module, f"{__package__}.companion")  # the first time: not in the loop
        from . import brain, companion

        if asked.model == COMPANION:
            now = clock.present()
            made = companion.answer(asked, client, held, desk.talks, now, conversation=conversation, previous=previous)
        else:
            made = brain.answer(asked, held)
        async with aclosing(made) as pieces:
            async for piece in pieces:
                yield piece


async def _answered(
    request: Request, asked: Asked, written: Written, pieces: AsyncGenerator[Piece], done: Callable[[], Awaitable[None]] | None = None
) -> ASGIApp:
    """The answer, streamed or whole. What goes wrong before its first piece is a status; a caller that leaves stops the model."""
    if asked.stream:
        first = await _while_there(request, _first(pieces))
        return Stream(_streamed(request, written, first, pieces, done), media_type="text/event-stream; charset=utf-8")
    whole = await _while_there(request, _whole(pieces))
    told = written.whole(whole)
    if done is not None:
        await done()
    return answer(told)


async def _first(pieces: AsyncGenerator[Piece]) -> Piece | None:
    try:
        with _foreign():
            return await anext(pieces, None)
    except BaseException:
        await pieces.aclose()
        raise


async def _whole(pieces: AsyncGenerator[Piece]) -> Whole:
    whole = Whole()
    with _foreign():
        async with aclosing(pieces):
            async for piece in pieces:
                whole.take(piece)
    return whole


async def _streamed(
    request: Request, written: Written, first: Piece | None, pieces: AsyncGenerator[Piece], done: Callable[[], Awaitable[None]] | None
) -> AsyncIterator[bytes]:
    try:
        async with aclosing(pieces):
            yield written.first()
            if first is not None:
                for chunk in written.chunks(first):
                    yield chunk
            async for piece in pieces:
                for chunk in written.chunks(piece):
                    yield chunk
        if done is not None:
            await done()
    except OwnmindError as error:
        yield written.failed(errors.shape(error, anthropic=_is_anthropic(request)))
    except Exception:  # the wall: a model is foreign code, and the status is sent already
        log.exception("an answer broke off")
        yield written.failed(errors.shape(BROKEN, anthropic=_is_anthropic(request)))


async def _while_there(request: Request, work: Awaitable[T]) -> T:
    """What ``work`` gives; stopped when the caller leaves, or the server ends."""
    task = asyncio.ensure_future(work)
    leaving = asyncio.ensure_future(_gone(request))
    ending = asyncio.ensure_future(request.app.state.ending.wait())
    try:
        await asyncio.wait({task, leaving, ending}, return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            raise errors.Stopped("nobody waits for this answer any more")
        return await task
    finally:
        for each in (task, leaving, ending):
            each.cancel()
        await asyncio.gather(task, leaving, ending, return_exceptions=True)


@contextmanager
def _foreign() -> Iterator[None]:
    """A model is foreign code: whatever it raises is said calmly, and logged."""
    try:
        yield
    except OwnmindError:
        raise
    except Exception as error:
        log.exception("a model failed")
        raise errors.Broke(BROKEN.message, hint=BROKEN.hint) from error


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _is_anthropic(request: Request) -> bool:
    return errors.is_anthropic(request.scope["path"], request.scope["headers"])


def _client(request: Request) -> Client:
    client = request.scope["client"]
    assert isinstance(client, Client), "behind the fence there is one"
    return client


def _desk(request: Request) -> Desk:
    held = house(request)
    if held.memory not in _DESKS:
        _DESKS[held.memory] = Desk(held)
    return _DESKS[held.memory]


ROUTES = (
    Route("/v1/models", models),
    Route("/v1/models/{id:path}", model),
    Route("/v1/chat/completions", complete, methods=["POST"]),
    Route("/v1/messages", converse, methods=["POST"]),
    Route("/v1/messages/count_tokens", count, methods=["POST"]),
    Route("/v1/responses", respond, methods=["POST"]),
    Route("/v1/responses/{id}", response),
    Route("/v1/responses/{id}", unrespond, methods=["DELETE"]),
    Route("/v1/embeddings", embed, methods=["POST"]),
    Route("/v1/audio/{what:path}", audio, methods=["POST"]),
)
