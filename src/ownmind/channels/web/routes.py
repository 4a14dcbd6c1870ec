"""What the page and the socket can ask: each route reads its input, calls one thing in the house, and encodes the answer.

The store is synchronous, so everything that touches it runs in a thread; only the turn itself is asynchronous.
"""

from __future__ import annotations

import asyncio
import errno
import json
import logging
import shutil
import tempfile
import unicodedata
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import aclosing
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.background import BackgroundTask
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, Response
from starlette.types import ASGIApp

from ...errors import BadInput, DiskFull, HomeInUse, OwnmindError, Refused, TryAgainLater
from ...messages import Imported, Progress
from .. import wire
from . import told
from .ongoing import Ongoing
from .session import Sessions
from .streams import merged, ndjson, server_sent

if TYPE_CHECKING:
    from ...app import House

log = logging.getLogger(__name__)

MOST_SPENT = 1e12  # of any currency
MOST_FOUND = 100  # results one recall may ask for
MOST_EVENTS = 1000  # of one timeline
MOST_FACTS = 100_000  # of one answer
MOST_SHOWN = 500  # messages of one page of a conversation
MOST_ID = 64  # characters of the id of an event
MOST_LINES = 1_000_000  # of one piece of work
MOST_FILES = 20  # sent with one message
MOST_LISTENING = 48  # event streams at once: eight browsers with six connections each
BODY = dict[str, object]
BROKEN = OwnmindError("Something went wrong inside Ownmind.", hint="Try again; `ownmind doctor` looks for the cause.")


# The session


async def open_session(request: Request) -> Response:
    """Exchanges the one-time token for the session cookie."""
    sessions: Sessions = request.app.state.sessions
    wait = sessions.wait()
    if wait:
        tried = TryAgainLater("Too many wrong addresses were tried.", hint=f"Wait {wait} seconds.")
        return answer(wire.error(tried), status=429, headers={"retry-after": str(wait)})
    token, cookies = text_of(await body_of(request), "token"), request.headers.get("cookie", "")
    session = await asyncio.to_thread(sessions.exchange, token, cookie_header=cookies)
    if session is None:
        used = Refused("This address was used already, or is from an earlier start.", hint="Run `ownmind` again: it opens a new one.")
        return answer(wire.error(used), status=401)
    return answer({"open": True}, headers={"set-cookie": sessions.set_cookie(session)})


async def has_session(request: Request) -> Response:
    """Whether this browser has a session: asked without one, so that the page can say so calmly."""
    sessions: Sessions = request.app.state.sessions
    return answer({"open": sessions.is_known(request.headers.get("cookie", ""))})


async def invite(request: Request) -> Response:
    """A fresh address for another browser. On the socket only: whoever asks is the person."""
    await body_of(request)  # one that breaks off was never asked to its end
    sessions: Sessions = request.app.state.sessions
    if not request.app.state.address:
        raise HomeInUse("a program has this home open (ownmind mcp serve)", hint="end that program, or start `ownmind` before it")
    return answer({"address": f"{request.app.state.address}#{sessions.invite()}"})


# What is going on


async def status(request: Request) -> Response:
    """What runs, what is known, what has left this machine."""
    return answer(wire.encode(await asyncio.to_thread(house(request).status)))


async def events(request: Request) -> ASGIApp:
    """Server-sent events: the status at once, then what changes. With the ``Last-Event-ID`` of an earlier stream (or ``after``) it goes on
    behind that one, or says ``missed``. Raises TryAgainLater when too many are open already."""
    state = request.app.state
    if state.listening >= MOST_LISTENING:
        raise TryAgainLater("too many pages are listening", hint="close some of them")
    state.listening += 1

    def left() -> None:
        state.listening -= 1

    after = request.headers.get("last-event-id") or request.query_params.get("after", "")
    return server_sent(_live(house(request), after[:MOST_ID]), afterwards=left)


async def openapi(request: Request) -> Response:
    """Every route in one document (OpenAPI 3.1)."""
    from ..openapi import document

    return answer(await asyncio.to_thread(document))


# Talking


async def turn(request: Request) -> ASGIApp:
    """One turn, as lines of JSON: heard, words, then done or failed. With ``goes_on`` it goes on when the page is away; the first line is
    its id then (see ``follow``)."""
    body = await body_of(request)
    conversation, now, instead_of = maybe_of(body, "conversation"), moment_of(maybe_of(body, "now")), maybe_of(body, "instead_of") or ""
    text = (maybe_of(body, "text") or "") if instead_of else text_of(body, "text")  # a reply is given anew without a word
    files = body.get("files", [])
    if not isinstance(files, list) or not all(isinstance(each, str) for each in files) or len(files) > MOST_FILES:
        raise BadInput(f"files must be a list of sources, {MOST_FILES} at most")
    lines = _turn(house(request), text, conversation, now, instead_of, files)
    return ndjson(_begun(request, lines) if body.get("goes_on") is True else lines)


async def follow(request: Request) -> ASGIApp:
    """What goes on, from the line behind the first ``after`` on. Raises NotFound once it has ended."""
    after = request.query_params.get("after", "0")
    skip = 0 if after == "0" else number_of(after, "after", MOST_LINES)
    return ndjson(ongoing(request).get(request.path_params["id"]).follow(skip))


async def stop(request: Request) -> Response:
    """Stops what goes on; what it did so far stays."""
    await body_of(request)
    held = ongoing(request)
    await held.stop(held.get(request.path_params["id"]))
    return answer({"stopped": True})


async def conversations(request: Request) -> Response:
    return answer({"conversations": wire.encode(await asyncio.to_thread(house(request).conversations))})


async def messages(request: Request) -> Response:
    """A conversation as it was said: the whole of it, or with ``k`` the newest, those ``before`` or ``after`` a message, ``around`` one,
    or from a day ``on``; then with ``first`` (the place of the first of them) and ``total``."""
    asked, key = request.query_params, request.path_params["id"]
    if "k" not in asked:
        held = await asyncio.to_thread(house(request).messages, key)
        return answer({"messages": [told.message(said) for said in held]})
    limit = number_of(asked["k"], "k", MOST_SHOWN)
    where = {name: asked[name] for name in ("before", "after", "around") if asked.get(name)}
    if len(where) + ("on" in asked) > 1:
        raise BadInput("a page is before, after or around one message, or from one day on", hint="give one of them")
    page = await asyncio.to_thread(partial(house(request).page, key, limit, **where, on=moment_of(asked.get("on"))))
    said, run = page.pop("messages"), ongoing(request).of(key)
    assert isinstance(said, list)
    rest = {name: wire.encode(value) for name, value in page.items()}
    return answer({"messages": [told.message(each) for each in said], "ongoing": run.id if run is not None else None, **rest})


# Memory


async def recall(request: Request) -> Response:
    """Remembered items that bear on ``q``, best first."""
    query, k = request.query_params.get("q", "").strip(), request.query_params.get("k", "10")
    if not query:
        raise BadInput("there is nothing to look for", hint="give some words in q")
    most = number_of(k, "k", MOST_FOUND)
    now = moment_of(request.query_params.get("now")) or datetime.now().astimezone()
    return answer({"found": wire.encode(await asyncio.to_thread(house(request).memory.recall, query, k=most, now=now))})


async def find(request: Request) -> Response:
    """Anything that holds the words of ``q``, at most ``k`` of each kind: what is found while it is being typed."""
    words, each = request.query_params.get("q", "").strip(), number_of(request.query_params.get("k", "5"), "k", MOST_FOUND)
    return answer({"found": wire.encode(await asyncio.to_thread(house(request).find, words, each))})


async def facts(request: Request) -> Response:
    """Facts, newest first, each with where it was told. ``about``, ``at`` and ``all=1`` narrow or widen, ``k``: only the newest."""
    asked = request.query_params
    most = number_of(asked["k"], "k", MOST_FACTS) if "k" in asked else None
    memory, about, everything = house(request).memory, asked.get("about") or None, asked.get("all") == "1"
    if most is not None and about is None and "at" not in asked:
        newest = await asyncio.to_thread(memory.latest, most, everything)
    else:
        held = await asyncio.to_thread(memory.facts, about, at=moment_of(asked.get("at")), everything=everything)
        newest = sorted(held, key=lambda fact: fact.learned_at, reverse=True)[:most]
    return answer({"facts": wire.encode(await asyncio.to_thread(told.with_context, memory, newest))})


async def timeline(request: Request) -> Response:
    """Events in order of time. ``about``, ``from``, ``to`` and ``k`` narrow."""
    asked, k = request.query_params, request.query_params.get("k", "100")
    most = number_of(k, "k", MOST_EVENTS)
    start, end = moment_of(asked.get("from")), moment_of(asked.get("to"))
    found = await asyncio.to_thread(house(request).memory.timeline, asked.get("about") or None, start, end, most)
    return answer({"events": wire.encode(found)})


async def keep(request: Request) -> Response:
    await body_of(request)
    memory = house(request).memory
    fact = await asyncio.to_thread(memory.keep, request.path_params["id"])
    return answer({"fact": await asyncio.to_thread(told.one, memory, fact)})


async def fix(request: Request) -> Response:
    memory, text = house(request).memory, text_of(await body_of(request), "text")
    fact = await asyncio.to_thread(memory.fix, request.path_params["id"], text)
    return answer({"fact": await asyncio.to_thread(told.one, memory, fact)})


# Taking in, taking away


async def give(request: Request) -> ASGIApp:
    """A file dropped on the page: read into a private folder in memory where there is one, imported, and removed."""
    name = safe_name(request.path_params["name"])
    folder = await asyncio.to_thread(tempfile.TemporaryDirectory, prefix="given-", dir=house(request).paths.quiet())
    path = Path(folder.name) / name
    try:
        with path.open("xb") as file:
            async for piece in request.stream():
                await asyncio.to_thread(file.write, piece)
    except BaseException as error:
        await asyncio.to_thread(folder.cleanup)
        if isinstance(error, ClientDisconnect):
            return Response(status_code=400)
        if isinstance(error, OSError) and error.errno == errno.ENOSPC:
            raise DiskFull("there is no room for this file while it is read", hint="free some space and give it again") from error
        raise
    lines = importing(house(request), [path], folder.cleanup, given_in=Path(folder.name))
    return ndjson(_begun(request, lines, keeps_outcome=True) if request.query_params.get("goes_on") == "1" else lines)


async def import_paths(request: Request) -> ASGIApp:
    """Paths on this machine, named by another command of the same person."""
    paths = (await body_of(request)).get("paths")
    if not isinstance(paths, list) or not paths or not all(isinstance(path, str) and Path(path).is_absolute() for path in paths):
        raise BadInput("paths must be a list of absolute paths")
    return ndjson(importing(house(request), [Path(path) for path in paths], lambda: None))


async def remember(request: Request) -> Response:
    """Rows as ``Companion.remember_many`` takes them."""
    body = await body_of(request)
    rows = body.get("rows")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise BadInput("rows must be a list of objects")
    ids = await asyncio.to_thread(_remember, house(request), rows, maybe_of(body, "conversation") or "")
    return answer({"ids": wire.encode(ids)})


async def backup(request: Request) -> Response:
    body = await body_of(request)
    path = absolute_of(body, "path") if maybe_of(body, "path") else None
    return answer(wire.encode(await asyncio.to_thread(house(request).backup, path)))


async def export(request: Request) -> Response:
    return answer(wire.encode(await asyncio.to_thread(house(request).export, absolute_of(await body_of(request), "folder"))))


async def archive(request: Request) -> Response:
    """Everything as one zip of plain files, made in memory where the system has a folder there, and removed once it was sent."""
    folder = await asyncio.to_thread(tempfile.TemporaryDirectory, prefix="export-", dir=house(request).paths.quiet())
    try:
        made = await asyncio.to_thread(_archived, house(request), Path(folder.name))
    except BaseException:
        await asyncio.to_thread(folder.cleanup)
        raise
    headers = {"cache-control": "no-store"}
    return FileResponse(made, media_type="application/zip", filename=made.name, headers=headers, background=BackgroundTask(folder.cleanup))


async def doctor(request: Request) -> Response:
    from ..doctor import check_house

    verify = request.query_params.get("verify") == "1"
    return answer({"checks": wire.encode(await asyncio.to_thread(check_house, house(request), verify=verify))})


# The rest


def house(request: Request) -> House:
    held: House = request.app.state.house
    return held


def ongoing(request: Request) -> Ongoing:
    held: Ongoing = request.app.state.ongoing
    return held


def answer(value: wire.Json, *, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """``value`` as a JSON answer that no cache keeps."""
    return Response(
        wire.line(value), status_code=status, media_type="application/json", headers={"cache-control": "no-store", **(headers or {})}
    )


def safe_name(given: str) -> str:
    """A file name made of ``given``'s last part: no separators, no control characters, no leading dot. At most 200 bytes before its
    suffix: systems take 255, and count bytes."""
    last = unicodedata.normalize("NFC", given).replace("\\", "/").rpartition("/")[2]
    kept = "".join("_" if each in '<>:"|?*' else each for each in last if each.isprintable()).strip(" .")
    stem, dot, suffix = kept.rpartition(".")
    if not dot or len(suffix) > 12:
        stem, dot, suffix = kept, "", ""
    short = stem.encode()[:200].decode(errors="ignore")
    return f"{short or 'untitled'}{dot}{suffix}"


async def body_of(request: Request) -> BODY:
    try:
        read = json.loads((await request.body()).decode("utf-8"), parse_constant=_no_number)
        json.dumps(read, ensure_ascii=False).encode("utf-8")  # half a surrogate pair is no character, and the store takes none
    except (ValueError, RecursionError) as error:
        raise BadInput("the body is not JSON in UTF-8") from error
    if not isinstance(read, dict):
        raise BadInput("the body must be a JSON object")
    return read


def _no_number(said: str) -> object:
    raise ValueError(f"{said} is not JSON")  # Python would take NaN and Infinity


def number_of(text: str, key: str, most: int) -> int:
    """A number from 1 to ``most``. Raises BadInput for anything else, however long."""
    if not text.isdecimal() or len(text) > 19 or not 1 <= int(text) <= most:
        raise BadInput(f"{key} must be a number from 1 to {most}")
    return int(text)


def amount_of(body: BODY, key: str) -> float | None:
    """An amount of money; None where none is given."""
    amount = body.get(key)
    if amount is None:
        return None
    if isinstance(amount, bool) or not isinstance(amount, int | float) or not 0 <= amount <= MOST_SPENT:
        raise BadInput(f"{key} must be an amount")
    return float(amount)


def text_of(body: BODY, key: str) -> str:
    value = body.get(key)
    if not isinstance(value, str) or not value.strip():
        raise BadInput(f"{key} must be some text")
    return value


def maybe_of(body: BODY, key: str) -> str | None:
    value = body.get(key)
    if value is not None and not isinstance(value, str):
        raise BadInput(f"{key} must be text")
    return value or None


def absolute_of(body: BODY, key: str) -> Path:
    """A path that means the same to whoever named it as to this process. Raises BadInput for any other."""
    text = text_of(body, key)
    if not Path(text).is_absolute() or "\0" in text:
        raise BadInput(f"{key} must be an absolute path")
    return Path(text)


def moment_of(text: str | None) -> datetime | None:
    return wire.moment(text) if text else None


def _archived(held: House, folder: Path) -> Path:
    held.export(folder / "ownmind-export")
    return Path(shutil.make_archive(str(folder / "ownmind-export"), "zip", folder, "ownmind-export"))


async def _begun(request: Request, lines: AsyncIterator[wire.Json], *, keeps_outcome: bool = False) -> AsyncIterator[wire.Json]:
    """Begins work that goes on by itself, says its id, and follows it."""
    run = ongoing(request).begin(lines, keeps_outcome=keeps_outcome)
    yield {"type": "begun", "id": run.id}
    async with aclosing(run.follow()) as said:
        async for line in said:
            yield line


async def _turn(
    held: House, text: str, conversation: str | None, now: datetime | None, instead_of: str, files: Sequence[str]
) -> AsyncIterator[wire.Json]:
    try:
        async with aclosing(held.turn(text, conversation=conversation, now=now, instead_of=instead_of, files=files)) as said:
            async for event in said:
                yield await asyncio.to_thread(told.event, held.memory, event)
    except OwnmindError as error:
        yield {"type": "failed", "message": error.message, "hint": error.hint}
    except Exception:  # the wall: a bug ends this turn, not the server
        log.exception("a turn failed")
        yield {"type": "failed", "message": BROKEN.message, "hint": BROKEN.hint}


async def _live(held: House, after: str) -> AsyncIterator[dict[str, wire.Json]]:
    # A download moves many times a second; the page needs its figures only as often as eyes do.
    status: dict[str, object] = {"type": "status"}
    notices = merged(held.subscribe(after), lambda said: said.get("type") == "status", seconds=0.25, first=status)
    async with aclosing(notices):
        async for notice in notices:
            yield await asyncio.to_thread(told.notice, held, notice)


async def importing(
    held: House, paths: Sequence[Path], afterwards: Callable[[], None], *, given_in: Path | None = None
) -> AsyncGenerator[wire.Json]:
    """Progress as it is made, then what was done. Cancelled when nobody listens any more; what was committed stays.

    ``given_in`` is a folder the person never chose: it is no part of where the words come from, nor of what is said.
    """
    loop = asyncio.get_running_loop()
    queue: asyncio.Queue[wire.Json] = asyncio.Queue()
    left = False

    def on_progress(progress: Progress) -> None:
        encoded = wire.encode(progress)
        assert isinstance(encoded, dict)
        loop.call_soon_threadsafe(queue.put_nowait, {"type": "progress", **encoded})

    def run() -> Imported:
        return held.import_paths(paths, on_progress=on_progress, cancelled=lambda: left, given_in=given_in)

    work = asyncio.create_task(asyncio.to_thread(run))
    work.add_done_callback(lambda _: queue.put_nowait(None))
    try:
        while (said := await queue.get()) is not None:
            yield said
        try:
            done = work.result()
            inside = "" if given_in is None else f"{given_in}/"
            skipped = tuple(replace(each, where=each.where.removeprefix(inside)) for each in done.skipped)
            yield {"type": "done", "imported": wire.encode(replace(done, skipped=skipped))}
        except OwnmindError as error:
            yield wire.error(error)
        except Exception:  # the wall, as above
            log.exception("an import failed")
            yield wire.error(BROKEN)
    finally:
        left = True
        await asyncio.wait({work})  # the file is there until the last reader is done with it
        await asyncio.to_thread(afterwards)


def _remember(held: House, rows: list[dict[str, object]], conversation: str) -> list[str]:
    from ..python import entry

    entries = [entry(row, conversation, number) for number, row in enumerate(rows)]
    ids = held.memory.remember(entries, now=datetime.now().astimezone())
    held.runner.wake()  # there may be a promise in it
    return ids
