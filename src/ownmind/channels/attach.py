"""The same companion through a running Ownmind: its Unix socket instead of its store.

One process holds a home. When another command of the same person finds the home in use, it asks the running one over
``home/ownmind.sock`` (0600, so only that person can). ``Face`` is what both ways offer, so no command cares which it has.
The routes are those of channels/web; what comes back is read into the frozen values of messages.py by their types.
"""

from __future__ import annotations

import asyncio
import dataclasses
import json
import time
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, cast
from urllib.parse import quote

import httpx

from .. import errors
from ..errors import HomeInUse, OwnmindError, TryAgainLater
from ..messages import (
    Action,
    ActionState,
    Checked,
    Confidentiality,
    Done,
    Endorsement,
    Event,
    Fact,
    Failed,
    Forgetting,
    Heard,
    Imported,
    Item,
    Origin,
    Permission,
    Progress,
    Recalled,
    Receipt,
    Reply,
    Sent,
    Target,
    TimelineEvent,
    Tried,
    Trust,
    Words,
)
from .doctor import Check
from .rooms import ROOMS, Elsewhere, as_text
from .wire import moment

if TYPE_CHECKING:
    from ..agent.connections import Connections
    from ..agent.growth import Growth
    from ..agent.remote.providers import Providers
    from ..agent.talking import Talking
    from ..agent.traces import Traces
    from ..app.privacy import Privacy
    from ..app.welcome import Welcome
    from ..goals.book import Goals
    from ..goals.calendars import Calendars
    from ..goals.due import Nudge
    from ..goals.today import Today
    from ..guard.clients import Clients
    from ..guard.devices import Devices
    from ..guard.preview import Preview
    from ..memory.library import Library
    from ..memory.memories import Memories
    from ..models.shelf.book import Models
    from ..people.book import People
    from ..skills.book import Skills
    from ..tools.offered import ToolServers
    from ..tools.search import Search

T = TypeVar("T")
OnProgress = Callable[[Progress], None]
When = datetime | str | None


class Face(Protocol):
    """What a person can ask of a companion. ``Companion`` is one; ``Attached`` is the other."""

    @property
    def goals(self) -> Goals: ...
    @property
    def calendar(self) -> Calendars: ...
    @property
    def people(self) -> People: ...
    @property
    def today(self) -> Today: ...
    @property
    def mcp(self) -> ToolServers: ...
    @property
    def providers(self) -> Providers: ...
    @property
    def talk(self) -> Talking: ...
    @property
    def traces(self) -> Traces: ...
    @property
    def search(self) -> Search: ...
    @property
    def clients(self) -> Clients: ...
    @property
    def devices(self) -> Devices: ...
    @property
    def skills(self) -> Skills: ...
    @property
    def models(self) -> Models: ...
    @property
    def privacy(self) -> Privacy: ...
    @property
    def welcome(self) -> Welcome: ...
    @property
    def library(self) -> Library: ...
    @property
    def memories(self) -> Memories: ...
    @property
    def connections(self) -> Connections: ...
    @property
    def growth(self) -> Growth: ...
    def due(self, now: When = None) -> tuple[Nudge, ...]: ...

    def remember_many(self, rows: Iterable[Mapping[str, object]], conversation: str = "") -> list[str]: ...
    def recall(self, query: str, *, k: int = 10, now: When = None) -> list[Recalled]: ...
    def stream(
        self, text: str, *, conversation: str | None = None, now: When = None, wait: bool = True, instead_of: str = "",
        files: Sequence[str] = (),
    ) -> AsyncIterator[Event]: ...  # fmt: skip
    def facts(self, about: str | None = None, at: When = None, *, everything: bool = False) -> list[Fact]: ...
    def timeline(self, about: str | None = None, start: When = None, end: When = None, *, limit: int = 100) -> list[TimelineEvent]: ...
    def keep(self, fact_id: str) -> Fact: ...
    def fix(self, fact_id: str, text: str) -> Fact: ...
    def plan_forget(
        self, target: str | Target, *, also: Sequence[str] = (), with_near: bool = False, also_near: bool = False
    ) -> Forgetting: ...
    def forget(self, target: str | Target | Forgetting) -> Receipt: ...
    def redact(self, item_id: str, words: str) -> Receipt: ...
    def withhold(self, ids: Sequence[str], *, undo: bool = False) -> int: ...
    def withheld(self) -> list[Item]: ...
    def label(self, ids: Sequence[str], confidentiality: Confidentiality | str) -> int: ...
    def expire(self, ids: Sequence[str], at: When) -> int: ...
    def receipts(self) -> list[Receipt]: ...
    def verify(self, said: str) -> Checked: ...
    def allow_again(self, which: str) -> list[Receipt]: ...
    def import_paths(self, paths: Sequence[Path | str], *, on_progress: OnProgress | None = None) -> Imported: ...
    def wait_for_brain(self, timeout: float | None = None) -> bool: ...
    def permissions(self, *, everything: bool = False) -> list[Permission]: ...
    def allow(
        self, destination: str, purpose: str, *, until: When = None, once: bool = False, spend_cap: float | None = None
    ) -> Permission: ...
    def preview(self, text: str, *, destination: str, purpose: str, k: int = 6) -> Preview: ...
    def revoke(self, permission: str) -> Permission: ...
    def cap(self, permission: str, amount: float | None) -> Permission: ...
    def sources(self) -> list[Origin]: ...
    def trust(self, source: str, trust: Trust | str = ...) -> Origin: ...
    def offline(self, value: bool | None = None) -> bool: ...
    def sent(self, *, start: When = None, end: When = None, destination: str = "", purpose: str = "", limit: int = -1) -> list[Sent]: ...
    def sent_text(self, row: int, *, secrets: bool = False) -> str: ...
    def left_in_words(self, days: int = 7) -> str: ...
    def verify_ledger(self) -> list[str]: ...
    def actions(self, states: Sequence[ActionState | str] = (), *, limit: int = 100) -> list[Action]: ...
    def action(self, action: str) -> Action: ...
    def action_preview(self, action: str) -> Preview: ...
    def approve(
        self, action: str, *, vouch: bool = False, spend_cap: float | None = None, on_words: Callable[[str], None] | None = None
    ) -> Action: ...
    def carry_on(self, *, on_begin: Callable[[], None] | None = None) -> list[str]: ...
    def decline(self, action: str) -> Action: ...
    def undo(self, action: str) -> Action: ...
    def vouched(self) -> list[Endorsement]: ...
    def unvouch(self, which: str) -> Endorsement: ...
    def tried(self, *, limit: int = 100) -> list[Tried]: ...
    def status(self) -> dict[str, object]: ...
    def export(self, folder: Path | str) -> object: ...
    def backup(self, path: Path | str | None = None) -> object: ...
    def close(self) -> None: ...


class Attached:
    """A companion in another process of this person, reached over ``socket``.

    Raises HomeInUse when nobody answers there: something holds the home and does not serve.
    """

    def __init__(self, socket: Path) -> None:
        self.socket = socket
        self._planned: dict[tuple[str, ...], dict[str, object]] = {}  # the ids a plan showed -> what was asked for
        self._rooms = {room.name: Elsewhere(room, self._ask_room) for room in ROOMS}
        self._http = httpx.Client(transport=httpx.HTTPTransport(uds=str(socket)), base_url="http://ownmind", timeout=_PATIENCE)
        try:
            self.answering = self.status()
        except TryAgainLater as error:
            self._http.close()
            raise HomeInUse("another Ownmind has this home open and does not answer", hint=_SILENT) from error

    @property
    def goals(self) -> Goals:
        return cast("Goals", self._rooms["goals"])

    @property
    def calendar(self) -> Calendars:
        return cast("Calendars", self._rooms["calendar"])

    @property
    def people(self) -> People:
        return cast("People", self._rooms["people"])

    @property
    def today(self) -> Today:
        return cast("Today", self._rooms["today"])

    @property
    def mcp(self) -> ToolServers:
        return cast("ToolServers", self._rooms["mcp"])

    @property
    def providers(self) -> Providers:
        return cast("Providers", self._rooms["providers"])

    @property
    def talk(self) -> Talking:
        return cast("Talking", self._rooms["talk"])

    @property
    def traces(self) -> Traces:
        return cast("Traces", self._rooms["traces"])

    @property
    def search(self) -> Search:
        return cast("Search", self._rooms["search"])

    @property
    def models(self) -> Models:
        return cast("Models", self._rooms["models"])

    @property
    def library(self) -> Library:
        return cast("Library", self._rooms["library"])

    @property
    def memories(self) -> Memories:
        return cast("Memories", self._rooms["memories"])

    @property
    def connections(self) -> Connections:
        return cast("Connections", self._rooms["connections"])

    @property
    def growth(self) -> Growth:
        return cast("Growth", self._rooms["growth"])

    @property
    def clients(self) -> Clients:
        return cast("Clients", self._rooms["clients"])

    @property
    def devices(self) -> Devices:
        return cast("Devices", self._rooms["devices"])

    @property
    def skills(self) -> Skills:
        return cast("Skills", self._rooms["skills"])

    @property
    def privacy(self) -> Privacy:
        return cast("Privacy", self._rooms["privacy"])

    @property
    def welcome(self) -> Welcome:
        return cast("Welcome", self._rooms["welcome"])

    def due(self, now: When = None) -> tuple[Nudge, ...]:
        return self.today.due(moment(now) if isinstance(now, str) else now)

    def remember_many(self, rows: Iterable[Mapping[str, object]], conversation: str = "") -> list[str]:
        answer = self._ask("POST", "/api/remember", {"rows": _plain([dict(row) for row in rows]), "conversation": conversation})
        return read(list[str], _under(answer, "ids"))

    def recall(self, query: str, *, k: int = 10, now: When = None) -> list[Recalled]:
        return read(list[Recalled], _under(self._ask("GET", "/api/recall", query=_given(q=query, k=k, now=now)), "found"))

    async def stream(
        self, text: str, *, conversation: str | None = None, now: When = None, wait: bool = True, instead_of: str = "",
        files: Sequence[str] = (),
    ) -> AsyncIterator[Event]:  # fmt: skip
        """The events of one turn as they come; leaving early stops the turn there too."""
        placed = _given(instead_of=instead_of or None, files=list(files) or None)
        body = _given(text=text, conversation=conversation, now=now, wait=None if wait else False) | placed
        transport = httpx.AsyncHTTPTransport(uds=str(self.socket))
        async with httpx.AsyncClient(transport=transport, base_url="http://ownmind", timeout=None) as http:  # noqa: S113  # a slow brain may think
            try:
                async with http.stream("POST", "/api/turn", json=body) as answer:
                    if answer.is_error:
                        raise refusal(await answer.aread(), answer.status_code)
                    async for line in answer.aiter_lines():
                        if line.strip():
                            yield event(parsed(line))
            except httpx.TransportError as error:
                raise _gone(error) from error

    def say(self, text: str, *, conversation: str | None = None, now: When = None) -> Reply:
        """The whole reply to one message. Raises BrainNotReady when the turn ended without one."""
        return asyncio.run(self._say(text, conversation, now))

    def facts(self, about: str | None = None, at: When = None, *, everything: bool = False) -> list[Fact]:
        query = _given(about=about, at=at, all="1" if everything else None)
        return read(list[Fact], _under(self._ask("GET", "/api/facts", query=query), "facts"))

    def timeline(self, about: str | None = None, start: When = None, end: When = None, *, limit: int = 100) -> list[TimelineEvent]:
        query = _given(about=about, to=end, k=limit) | _given(**{"from": start})
        return read(list[TimelineEvent], _under(self._ask("GET", "/api/timeline", query=query), "events"))

    def keep(self, fact_id: str) -> Fact:
        return read(Fact, _under(self._ask("POST", f"/api/facts/{quote(fact_id, safe='')}/keep", {}), "fact"))

    def fix(self, fact_id: str, text: str) -> Fact:
        return read(Fact, _under(self._ask("POST", f"/api/facts/{quote(fact_id, safe='')}/fix", {"text": text}), "fact"))

    def plan_forget(
        self, target: str | Target, *, also: Sequence[str] = (), with_near: bool = False, also_near: bool = False
    ) -> Forgetting:
        body = _target(target) | {"also": list(also), "also_near": also_near}
        plan = read(Forgetting, self._ask("POST", "/api/forget", {**body, "near": with_near, "dry_run": True}, slow=True))
        self._planned[plan.named] = body
        return plan

    def forget(self, target: str | Target | Forgetting) -> Receipt:
        """Of a plan just what it showed: when something else would go by now, nothing does (PersonMustAct)."""
        if not isinstance(target, Forgetting):
            return read(Receipt, self._ask("POST", "/api/forget", {**_target(target), "dry_run": False}, slow=True))
        body = {**self._planned[target.named], "dry_run": False, "expect": target.seal}
        return read(Receipt, self._ask("POST", "/api/forget", body, slow=True))

    def redact(self, item_id: str, words: str) -> Receipt:
        return read(Receipt, self._ask("POST", "/api/redact", {"item": item_id, "words": words}, slow=True))

    def withhold(self, ids: Sequence[str], *, undo: bool = False) -> int:
        return read(int, _under(self._ask("POST", "/api/withhold", {"ids": list(ids), "undo": undo}), "changed"))

    def withheld(self) -> list[Item]:
        return read(list[Item], _under(self._ask("GET", "/api/withheld"), "items"))

    def label(self, ids: Sequence[str], confidentiality: Confidentiality | str) -> int:
        return read(int, _under(self._ask("POST", "/api/label", {"ids": list(ids), "confidentiality": confidentiality}), "changed"))

    def expire(self, ids: Sequence[str], at: When) -> int:
        return read(int, _under(self._ask("POST", "/api/expire", {"ids": list(ids), "at": _plain(at)}), "changed"))

    def receipts(self) -> list[Receipt]:
        return read(list[Receipt], _under(self._ask("GET", "/api/receipts"), "receipts"))

    def verify(self, said: str) -> Checked:
        return read(Checked, self._ask("POST", "/api/verify", {"said": said}, slow=True))

    def allow_again(self, which: str) -> list[Receipt]:
        return read(list[Receipt], _under(self._ask("POST", "/api/allow-again", {"which": which}), "receipts"))

    def import_paths(self, paths: Sequence[Path | str], *, on_progress: OnProgress | None = None) -> Imported:
        body = {"paths": [str(Path(path).absolute()) for path in paths]}
        with self._http.stream("POST", "/api/import", json=body, timeout=None) as answer:  # a long import is no silence
            if answer.is_error:
                raise refusal(answer.read(), answer.status_code)
            for line in filter(None, answer.iter_lines()):
                said = parsed(line)
                if said.get("type") == "done":
                    return read(Imported, said.get("imported", said))
                if "error" in said:
                    raise refusal(line.encode(), 500)
                if on_progress is not None and "task" in said:
                    on_progress(read(Progress, said))
        raise TryAgainLater("the running Ownmind stopped during the import", hint="run the same command again: it goes on where it was")

    def wait_for_brain(self, timeout: float | None = None) -> bool:
        """True when the running one's chat model is ready; polls, since it is fetched and loaded over there."""
        end = time.monotonic() + (float("inf") if timeout is None else timeout)
        while brain_state(self.status()) in ("fetching", "loading"):
            if time.monotonic() >= end:
                return False
            time.sleep(0.2)
        return brain_state(self.status()) == "ready"

    def permissions(self, *, everything: bool = False) -> list[Permission]:
        answer = self._ask("GET", "/api/permissions", query=_given(all="1" if everything else None))
        return read(list[Permission], _under(answer, "permissions"))

    def allow(
        self, destination: str, purpose: str, *, until: When = None, once: bool = False, spend_cap: float | None = None
    ) -> Permission:
        body = _given(destination=destination, purpose=purpose, until=until, once=once, spend_cap=spend_cap)
        return read(Permission, self._ask("POST", "/api/permissions", body))

    def preview(self, text: str, *, destination: str, purpose: str, k: int = 6) -> Preview:
        from ..guard.preview import Preview  # only here: it brings the dictionaries of names along

        body = {"text": text, "destination": destination, "purpose": purpose, "k": k}
        return read(Preview, self._ask("POST", "/api/preview", body, slow=True))

    def revoke(self, permission: str) -> Permission:
        return read(Permission, self._ask("POST", "/api/permissions/revoke", {"id": permission}))

    def cap(self, permission: str, amount: float | None) -> Permission:
        return read(Permission, self._ask("POST", "/api/permissions/cap", {"id": permission, "cap": amount}))

    def sources(self) -> list[Origin]:
        return read(list[Origin], _under(self._ask("GET", "/api/sources", query={"k": 10_000}), "sources"))

    def trust(self, source: str, trust: Trust | str = Trust.TRUSTED) -> Origin:
        return read(Origin, _under(self._ask("POST", "/api/sources", {"source": source, "trust": str(Trust(trust))}), "source"))

    def offline(self, value: bool | None = None) -> bool:
        if value is not None:
            self._ask("POST", "/api/offline", {"offline": value})
        return read(bool, _under(self._ask("GET", "/api/offline"), "offline"))

    def sent(self, *, start: When = None, end: When = None, destination: str = "", purpose: str = "", limit: int = -1) -> list[Sent]:
        query = _given(to=end, destination=destination or None, purpose=purpose or None, k=limit) | _given(**{"from": start})
        return read(list[Sent], _under(self._ask("GET", "/api/ledger", query=query), "rows"))

    def sent_text(self, row: int, *, secrets: bool = False) -> str:
        route = f"/api/ledger/{row}/exact" if secrets else f"/api/ledger/{row}"
        return str(_under(self._ask("GET", route), "text"))

    def left_in_words(self, days: int = 7) -> str:
        return str(_under(self._ask("GET", "/api/ledger/words", query={"days": days}), "words"))

    def verify_ledger(self) -> list[str]:
        return read(list[str], _under(self._ask("GET", "/api/ledger/verify"), "wrong"))

    def actions(self, states: Sequence[ActionState | str] = (), *, limit: int = 100) -> list[Action]:
        query: dict[str, object] = {"k": limit, "state": [str(ActionState(state)) for state in states]}
        return read(list[Action], _under(self._ask("GET", "/api/actions", query=query), "actions"))

    def action(self, action: str) -> Action:
        return self._action("GET", action)

    def action_preview(self, action: str) -> Preview:
        from ..guard.preview import Preview  # only here: it brings the dictionaries of names along

        return read(Preview, self._ask("GET", f"/api/actions/{quote(action, safe='')}/preview", slow=True))

    def approve(
        self, action: str, *, vouch: bool = False, spend_cap: float | None = None, on_words: Callable[[str], None] | None = None
    ) -> Action:
        """Waits as long as it takes; ``on_words`` is given a remote model's answer as it comes."""
        route, body = f"/api/actions/{quote(action, safe='')}/allow", _given(spend_cap=spend_cap) | {"vouch": vouch}
        if on_words is None:
            return read(Action, _under(self._ask("POST", route, body, slow=True), "action"))
        with self._http.stream("POST", route, json=body | {"stream": True}, timeout=None) as answer:
            if answer.is_error:
                raise refusal(answer.read(), answer.status_code)
            for line in filter(None, answer.iter_lines()):
                said = parsed(line)
                if said.get("type") == "words":
                    on_words(str(said.get("text", "")))
                elif "error" in said:
                    raise refusal(line.encode(), int(said.get("status", 500)))
                else:
                    return read(Action, _under(said, "action"))
        raise TryAgainLater("the running Ownmind stopped in the middle", hint="`ownmind approvals` says what became of it")

    def carry_on(self, *, on_begin: Callable[[], None] | None = None) -> list[str]:
        """Nothing: the Ownmind that runs goes on by itself, and says so in its conversation."""
        return []

    def decline(self, action: str) -> Action:
        return self._action("POST", f"{action}/deny", {})

    def undo(self, action: str) -> Action:
        return self._action("POST", f"{action}/undo", {})

    def _action(self, method: str, which: str, body: object = None) -> Action:
        return read(Action, _under(self._ask(method, f"/api/actions/{which}", body, slow=True), "action"))

    def vouched(self) -> list[Endorsement]:
        return read(list[Endorsement], _under(self._ask("GET", "/api/vouched"), "values"))

    def unvouch(self, which: str) -> Endorsement:
        return read(Endorsement, _under(self._ask("POST", f"/api/vouched/{which}/revoke", {}), "value"))

    def tried(self, *, limit: int = 100) -> list[Tried]:
        return read(list[Tried], _under(self._ask("GET", "/api/tried", query={"k": limit}), "tried"))

    def status(self) -> dict[str, object]:
        return read(dict[str, object], self._ask("GET", "/api/status"))

    def doctor(self, *, verify: bool = False) -> list[Check]:
        return read(list[Check], _under(self._ask("GET", "/api/doctor", query=_given(verify="1" if verify else None)), "checks"))

    def export(self, folder: Path | str) -> object:
        return self._ask("POST", "/api/export", {"folder": str(Path(folder).absolute())})

    def backup(self, path: Path | str | None = None) -> object:
        return self._ask("POST", "/api/backup", _given(path=str(Path(path).absolute()) if path else None))

    def address(self) -> str:
        """A fresh address of the page over there; it opens one session."""
        return str(_under(self._ask("POST", "/api/address", {}), "address"))

    def close(self) -> None:
        self._http.close()

    def __enter__(self) -> Attached:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    async def _say(self, text: str, conversation: str | None, now: When) -> Reply:
        async for said in self.stream(text, conversation=conversation, now=now):
            match said:
                case Done(reply=reply):
                    return reply
                case Failed(message=message, hint=hint):
                    raise errors.BrainNotReady(message, hint=hint)
        raise TryAgainLater("the running Ownmind stopped in the middle of its answer", hint="the message is kept; ask again")

    def _ask_room(self, method: str, path: str, given: dict[str, object]) -> object:
        if method == "GET":
            return self._ask(method, path, query={name: as_text(value) for name, value in given.items() if value is not None})
        return self._ask(method, path, given, slow=True)  # a quarter is planned, a server elsewhere asked

    def _ask(self, method: str, route: str, body: object = None, query: dict[str, object] | None = None, *, slow: bool = False) -> object:
        patience = None if slow else _PATIENCE  # a hundred thousand items take their time
        try:
            answer = self._http.request(method, route, json=body, params=cast("dict[str, str]", query), timeout=patience)
        except httpx.TransportError as error:
            raise _gone(error) from error
        if answer.is_error:
            raise refusal(answer.content, answer.status_code)
        return parsed(answer.content)


_PATIENCE = 120.0  # seconds: forgetting and doctor scan the whole store
_SILENT = "stop that process, or start `ownmind` there: then every command can ask it"


def read(kind: type[T], value: object) -> T:
    """``value`` (from JSON) as ``kind``: a frozen value of messages.py, or a container of them. Raises TryAgainLater for what is none."""
    from pydantic import TypeAdapter, ValidationError

    try:
        return TypeAdapter(kind).validate_python(value)
    except (ValidationError, RecursionError) as error:
        raise _unknown() from error


def parsed(line: str | bytes) -> dict[str, Any]:
    """One line of a stream as an object. Raises TryAgainLater for what is none."""
    try:
        said = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise _unknown() from error
    if not isinstance(said, dict):
        raise _unknown()
    return said


def event(said: dict[str, Any]) -> Event:
    """One line of a turn as its event. Raises TryAgainLater for a line that is none."""
    match said.get("type"):
        case "heard":
            return read(Heard, said)
        case "words":
            return read(Words, said)
        case "done":
            return Done(read(Reply, said.get("reply", said)))
        case "failed":
            return read(Failed, said)
    raise _unknown()


def refusal(content: bytes, status: int) -> OwnmindError:
    """The error the other process answered with, as the same class it was there."""
    try:
        said = json.loads(content)["error"]
        kind = getattr(errors, str(said.get("kind") or said.get("type")), OwnmindError)
        return cast("OwnmindError", kind(str(said["message"]), hint=str(said.get("hint", ""))))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return OwnmindError(f"the running Ownmind answered {status}", hint="see `ownmind doctor`")


def brain_state(status: dict[str, object]) -> str:
    """``absent``, ``fetching``, ``loading``, ``ready`` or ``failed``."""
    brain = status.get("brain")
    return str(brain.get("state", "")) if isinstance(brain, dict) else str(brain or "")


def _under(answer: object, key: str) -> object:
    """A list route may answer the list itself or an object that names it."""
    return answer[key] if isinstance(answer, dict) and key in answer else answer


def _given(**values: object) -> dict[str, object]:
    return {name: _plain(value) for name, value in values.items() if value is not None}


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone().isoformat()
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    return value


def _unknown() -> TryAgainLater:
    return TryAgainLater("the running Ownmind said something this version does not know", hint="run the same version in both places")


def _gone(error: httpx.TransportError) -> TryAgainLater:
    return TryAgainLater(f"the running Ownmind went away ({type(error).__name__})", hint="run the same command again")


def _target(target: str | Target) -> dict[str, object]:
    return {"target": target if isinstance(target, str) else dataclasses.asdict(target)}
