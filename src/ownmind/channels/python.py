"""The companion from Python: one synchronous face over the asynchronous house.

Everything a person can do on the page or in the terminal, a script can do here, through the same loop. ``stream`` is the
asynchronous form of ``say``; both run the one turn in ``agent/turn.py``.
"""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from ..app import House, open_house
from ..config import Config
from ..config import read as read_config
from ..egress.told import exactly
from ..errors import BadInput, BrainNotReady, OwnmindError
from ..memory.history import Conflict
from ..messages import (
    Action,
    ActionState,
    Checked,
    Confidentiality,
    Done,
    Endorsement,
    Entry,
    Event,
    Fact,
    Failed,
    Forgetting,
    Imported,
    Integrity,
    Item,
    Kind,
    Label,
    Origin,
    Permission,
    Progress,
    Recalled,
    Receipt,
    Reply,
    Sent,
    Source,
    Target,
    TimelineEvent,
    Tried,
    Trust,
    Words,
)
from ..paths import Paths, find
from .card import as_confidentiality
from .loop import LoopThread

if TYPE_CHECKING:
    from pydantic_ai.models import Model

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
    from ..memory.export import Exported
    from ..memory.library import Library
    from ..memory.memories import Memories
    from ..models.embedding.embedder import Embedder
    from ..models.shelf.book import Models
    from ..people.book import People
    from ..skills.book import Skills
    from ..store.backup import BackedUp
    from ..tools.offered import ToolServers
    from ..tools.search import Search

When = datetime | str | None
"""A moment: an aware datetime, a naive one (local time), or ISO 8601 text. None means now, or unknown."""

ROW_KEYS = ("text", "at", "speaker", "source", "id", "conversation")

_LAST_WORDS = 5.0  # seconds that a turn which was left has to keep what was said


class Companion:
    """A mind that is open. Use it in a ``with`` statement, or call ``close()``."""

    def __init__(self, house: House, *, throwaway: Path | None = None, background: bool = True) -> None:
        self._house = house
        self._throwaway = throwaway
        self._loop = LoopThread()
        self._closed = False
        self._loop.call(house.start(background=background))
        atexit.register(self.close)

    @classmethod
    def open(
        cls,
        home: Path | str | None = None,
        passphrase: str | None = None,
        *,
        brain: Model | str | None = None,
        embedder: Embedder | None = None,
        config: Config | None = None,
        background: bool = True,
    ) -> Self:
        """The mind kept in ``home`` (made when there is none). Raises HomeInUse, WrongPassphrase, StoreDamaged.

        Without a ``passphrase``, ``OWNMIND_PASSPHRASE`` is used if it is set. Without ``background`` nothing is learnt meanwhile and
        the brain is woken by the first thing said, not at once.

        ``brain`` is a catalogue id, the path of a GGUF file, or any pydantic-ai model; None means the configured one.
        """
        paths = find(home)
        config = config or read_config(paths.config)
        passphrase = passphrase if passphrase is not None else os.environ.get("OWNMIND_PASSPHRASE")
        return cls(_open_house(paths, config, passphrase, brain, embedder), background=background)

    @classmethod
    def temporary(cls, *, brain: Model | str | None = None, embedder: Embedder | None = None, config: Config | None = None) -> Self:
        """A throw-away mind: as encrypted as a lasting one, and gone with its key when closed."""
        folder = Path(tempfile.mkdtemp(prefix="ownmind-"))
        try:
            house = _open_house(find(folder / "home"), config or Config(), None, brain, embedder, throwaway=True)
            return cls(house, throwaway=folder)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Ends background work, closes the store, gives the home back. Calling it twice does no harm."""
        if self._closed:
            return
        self._closed = True
        try:
            self._loop.call(self._house.close())
        finally:
            self._loop.close()
            atexit.unregister(self.close)
            if self._throwaway is not None:
                shutil.rmtree(self._throwaway, ignore_errors=True)

    # What you want, and with whom

    @property
    def goals(self) -> Goals:
        """What you want: ``add``, ``plan``, ``next``, ``check_in``, ``progress`` and more."""
        return self._house.goals

    @property
    def calendar(self) -> Calendars:
        """Your calendars: what takes place, and putting a plan into one of them."""
        return self._house.calendar

    @property
    def people(self) -> People:
        """Who is who, what was promised, who waits."""
        return self._house.people

    @property
    def today(self) -> Today:
        """The day's briefing, the week's review, and when you may be spoken to."""
        return self._house.today

    @property
    def providers(self) -> Providers:
        """Who lends models to this home, the rule that says who answers what, and what it costs."""
        return self._house.providers

    @property
    def talk(self) -> Talking:
        """Branches of talks, and what the person thought of replies."""
        return self._house.talk

    @property
    def traces(self) -> Traces:
        """Where the time of a turn went, and what the model was sent for it."""
        return self._house.traces

    @property
    def search(self) -> Search:
        """The server the web is searched through, and searching."""
        return self._house.search

    @property
    def models(self) -> Models:
        """The models: what this machine can run and how well; fetch, choose, add, check, remove."""
        return self._house.models

    @property
    def clients(self) -> Clients:
        """The programs that hold a key to your Ownmind, and what each may do."""
        return self._house.clients

    @property
    def devices(self) -> Devices:
        """The person's paired devices: ``all``, ``revoke`` and, in a running Ownmind, ``pair``."""
        return self._house.devices

    @property
    def mcp(self) -> ToolServers:
        """Programs and addresses of others that offer tools: which there are, and what is allowed of them."""
        return self._house.mcp

    @property
    def library(self) -> Library:
        """What was taken in, source by source, and each of them to be read."""
        return self._house.library

    @property
    def memories(self) -> Memories:
        """What is known, to be looked through: narrowed, counted, with why it is known and what it was before."""
        return self._house.memories

    @property
    def connections(self) -> Connections:
        """What Ownmind reaches beyond this machine: the last contact of each, what went wrong, and its switch."""
        return self._house.connections

    @property
    def growth(self) -> Growth:
        """What changed in this companion because of you, with the words that changed it, and taken back; what each week brought."""
        return self._house.growth

    @property
    def skills(self) -> Skills:
        """What it can do by a SKILL.md: ``all``, ``look``, ``install``, ``run`` and more."""
        return self._house.skills

    @property
    def privacy(self) -> Privacy:
        """How this home's key is kept, what is encrypted, backups, and wiping it all."""
        return self._house.privacy

    @property
    def welcome(self) -> Welcome:
        """What a new person is offered, each once."""
        return self._house.welcome

    def due(self, now: When = None) -> tuple[Nudge, ...]:
        """What is to be said at this moment, the most important first. Asking sends nothing."""
        return self._house.today.due(_moment(now, "now"))

    # What it remembers

    def remember(self, text: str, *, at: When = None, speaker: str = "", source: str = "", conversation: str = "", now: When = None) -> str:
        """The id of the remembered item, once it is durable and was read back."""
        return self.remember_many([{"text": text, "at": at, "speaker": speaker, "source": source}], conversation, now=now)[0]

    def remember_many(self, rows: Iterable[Mapping[str, object]], conversation: str = "", *, now: When = None) -> list[str]:
        """Ids of the remembered items, in order. A row has ``text`` and may have ``at, speaker, source, id, conversation``.

        All rows are checked before any is written. A row already remembered gives the id it has; one that was forgotten
        gives ``""``.
        """
        moment = _moment(now, "now") or _present()
        entries = [entry(row, conversation, number) for number, row in enumerate(rows)]
        self._loop.call(self._house.wait_for_embedder())
        ids = self._house.memory.remember(entries, now=moment)
        self._house.runner.wake()  # there may be a promise in it
        return ids

    def recall(self, query: str, *, k: int = 10, now: When = None, conversation: str | None = None) -> list[Recalled]:
        """Up to ``k`` remembered items that bear on ``query``, best first."""
        if k < 1:
            raise BadInput(f"k is {k}", hint="ask for at least one item")
        self._loop.call(self._house.wait_for_embedder())
        return self._house.memory.recall(query, k=k, now=_moment(now, "now") or _present(), conversation=conversation)

    def facts(self, about: str | None = None, at: When = None, *, everything: bool = False) -> list[Fact]:
        """What is believed about ``about`` (everyone: None) as true at ``at``; ``everything`` adds what was superseded."""
        return self._house.memory.facts(about, at=_moment(at, "at"), everything=everything)

    def conflicts(self) -> tuple[Conflict, ...]:
        """What is believed in more than one way where code cannot decide: the facts of one thing that cannot all hold."""
        return self._house.memory.conflicts()

    def timeline(self, about: str | None = None, start: When = None, end: When = None, *, limit: int = 100) -> list[TimelineEvent]:
        """What happened in ``[start, end)``, in order of time, with the words that say so; ``about`` narrows to a person or a topic.
        Of more than ``limit`` events those that best match, or the latest."""
        if limit < 1:
            raise BadInput(f"limit is {limit}", hint="ask for at least one event")
        return self._house.memory.timeline(about, _moment(start, "start"), _moment(end, "end"), limit)

    def keep(self, fact_id: str) -> Fact:
        """Confirms a fact: nothing learnt later changes it."""
        return self._house.memory.keep(fact_id)

    def fix(self, fact_id: str, text: str) -> Fact:
        """Corrects a fact in the person's own words; the old one is kept as superseded."""
        return self._house.memory.fix(fact_id, text)

    def item(self, item_id: str) -> Item:
        """One remembered item. Raises NotFound."""
        return self._house.memory.item(item_id)

    def plan_forget(
        self, target: str | Target, *, also: Sequence[str] = (), with_near: bool = False, also_near: bool = False
    ) -> Forgetting:
        """What forgetting ``target`` would remove; nothing is. A text is an id, a conversation, a source, or words; a ``Target`` names a
        person, a time, a topic. ``with_near`` offers what says the same in other words, ``also_near`` takes all of it."""
        if with_near or also_near:
            self._loop.call(self._house.wait_for_embedder())
        return self._house.memory.plan_forget(target, also=also, with_near=with_near, also_near=also_near)

    def forget(self, target: str | Target | Forgetting) -> Receipt:
        """Forgets, and says what was removed, from where, and whether a scan found nothing left."""
        return self._house.memory.forget(target)

    def redact(self, item_id: str, words: str) -> Receipt:
        """Cuts words out of one item; the rest of it stays."""
        self._loop.call(self._house.wait_for_embedder())
        return self._house.memory.redact(item_id, words)

    def withhold(self, ids: Sequence[str], *, undo: bool = False) -> int:
        """Keeps items without using them, until ``undo``. Gives how many that changed."""
        return self._house.memory.withhold(ids, undo=undo)

    def withheld(self) -> list[Item]:
        """What is kept but not used."""
        return self._house.memory.forgetting.withheld()

    def label(self, ids: Sequence[str], confidentiality: Confidentiality | str) -> int:
        """Says how confidential items or facts are: ``public``, ``private``, ``sensitive`` or ``secret``. An item takes its facts
        along. What is secret leaves only by a consent of its own. Gives how many changed."""
        return self._house.memory.label(ids, as_confidentiality(confidentiality))

    def expire(self, ids: Sequence[str], at: When) -> int:
        """Says when items are to be forgotten by themselves; None: never."""
        changed = self._house.memory.expire(ids, _moment(at, "at"))
        self._house.runner.wake()
        return changed

    def receipts(self) -> list[Receipt]:
        """What was forgotten when, by numbers, the latest first."""
        return self._house.memory.forgetting.receipts()

    def verify(self, said: str) -> Checked:
        """Where anything still says these words; for a receipt's id, what still says something that forget removed."""
        self._loop.call(self._house.wait_for_embedder())
        return self._house.memory.verify(said)

    def allow_again(self, which: str) -> list[Receipt]:
        """Lifts a forget, by its receipt's id (``r3``) or its date: the same may be remembered again."""
        is_receipt = which[:1] == "r" and which[1:].isdecimal()
        return self._house.memory.allow_again(which if is_receipt else _moment(which, "which") or which)

    # Talking

    def say(
        self,
        text: str,
        *,
        conversation: str | None = None,
        now: When = None,
        wait: bool = True,
        on_words: Callable[[str], None] | None = None,
    ) -> Reply:
        """The companion's reply. ``wait`` waits for a brain that is being fetched or loaded; else memory answers alone.

        Raises BrainNotReady when the brain fails in the middle; the message itself is kept.
        """
        return self._loop.call(self._say(text, conversation, _moment(now, "now"), wait, on_words))

    async def stream(
        self, text: str, *, conversation: str | None = None, now: When = None, wait: bool = True, instead_of: str = "",
        files: Sequence[str] = (),
    ) -> AsyncIterator[Event]:  # fmt: skip
        """The same turn as ``say``, as events: Heard, Words as they come, then Done or Failed. Runs on any event loop. ``instead_of``: the
        id of the message that ``text`` is edited from, or of a reply that is asked for anew (then ``text`` says nothing): the talk
        branches there. ``files``: sources (``Imported.refs``) sent with it."""
        loop = asyncio.get_running_loop()
        queue: asyncio.Queue[Event | BaseException | None] = asyncio.Queue()

        def put(value: Event | BaseException | None) -> None:
            loop.call_soon_threadsafe(queue.put_nowait, value)

        async def pump() -> None:
            try:
                turn = self._house.turn(
                    text, conversation=conversation, now=_moment(now, "now"), wait=wait, instead_of=instead_of, files=files
                )
                async with aclosing(turn) as events:
                    async for event in events:
                        put(event)
            except Exception as error:  # noqa: BLE001 -- carried to the caller's loop and raised there
                put(error)
            finally:
                put(None)

        running, is_over = self._loop.start(pump()), False
        try:
            while not (is_over := (value := await queue.get()) is None):
                if isinstance(value, BaseException):
                    raise value
                yield value
        finally:
            running.cancel()
            with contextlib.suppress(TimeoutError):  # one that was cancelled before it began says nothing
                while not is_over:  # until what was said is kept: the next message must find it
                    is_over = await asyncio.wait_for(queue.get(), _LAST_WORDS) is None

    async def _say(
        self, text: str, conversation: str | None, now: datetime | None, wait: bool, on_words: Callable[[str], None] | None
    ) -> Reply:
        async with aclosing(self._house.turn(text, conversation=conversation, now=now, wait=wait)) as events:
            async for event in events:
                match event:
                    case Words(text=words) if on_words is not None:
                        on_words(words)
                    case Done(reply=reply):
                        return reply
                    case Failed(message=message, hint=hint):
                        raise BrainNotReady(message, hint=hint)
        raise AssertionError("a turn ends with Done or Failed")

    def conversations(self) -> list[dict[str, object]]:
        """The conversations held, newest first: ``id, title, at, messages``."""
        return self._house.conversations()

    def messages(self, conversation: str) -> list[dict[str, object]]:
        """One conversation as it was: each message and reply, with the sources a reply cited."""
        return self._house.messages(conversation)

    # Taking in, taking away, looking after

    def import_paths(
        self,
        paths: Sequence[Path | str],
        *,
        on_progress: Callable[[Progress], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> Imported:
        """Reads files and folders into memory. Resumable; a second import adds nothing; what was skipped is listed."""
        self._loop.call(self._house.wait_for_embedder())
        return self._house.import_paths([Path(path) for path in paths], on_progress=on_progress, cancelled=cancelled)

    def learn(self, seconds: float | None = None) -> list[Fact]:
        """Runs the background learning of facts now, for at most ``seconds``, and gives what was learnt."""
        before = {fact.id for fact in self.facts(everything=True)}
        self._loop.call(self._house.learn(seconds))
        return [fact for fact in self.facts(everything=True) if fact.id not in before]

    def wait_for_brain(self, timeout: float | None = None) -> bool:
        """Whether the brain is ready, after waiting at most ``timeout`` seconds (None: until it is ready or has failed)."""
        return self._loop.call(self._house.wait_for_brain(timeout))

    def status(self) -> dict[str, object]:
        """What runs, what is known, what has left: the same figures as ``ownmind status --json``."""
        return self._house.status()

    def export(self, folder: Path | str) -> Exported:
        """Everything remembered as Markdown and JSONL in a fresh folder. The export is not encrypted."""
        return self._house.export(Path(folder))

    def backup(self, path: Path | str | None = None) -> BackedUp:
        """One encrypted file with everything, verified by reading it back."""
        return self._house.backup(None if path is None else Path(path))

    # What may leave, and what left

    def permissions(self, *, everything: bool = False) -> list[Permission]:
        """What you allowed to leave that holds now; with ``everything`` what is over too."""
        return self._house.permissions(everything=everything)

    def allow(
        self, destination: str, purpose: str, *, until: When = None, once: bool = False, spend_cap: float | None = None
    ) -> Permission:
        """Lets what is sent for ``purpose`` go to ``destination`` (host, or host:port) until you revoke it, ``until`` then, or once."""
        return self._house.allow(destination, purpose, until=_moment(until, "until"), once=once, spend_cap=spend_cap)

    def preview(self, text: str, *, destination: str, purpose: str, k: int = 6) -> Preview:
        """What would leave if ``text`` were asked there with the ``k`` items recall finds for it, pseudonyms beside what they stand
        for. Nothing is sent."""
        self._loop.call(self._house.wait_for_embedder())
        return self._house.preview(text, destination=destination, purpose=purpose, k=k)

    def revoke(self, permission: str) -> Permission:
        """Ends a permission (p3)."""
        return self._house.revoke(permission)

    def cap(self, permission: str, amount: float | None) -> Permission:
        """Says how much may be spent under a permission in all; None: without an end."""
        return self._house.cap(permission, amount)

    def sources(self) -> list[Origin]:
        """Where words from outside came from (sites, files, transcripts), the latest first, with what you say of each."""
        return self._house.sources()

    def trust(self, source: str, trust: Trust | str = Trust.TRUSTED) -> Origin:
        """Says what you think of a source (an address stands for its whole site): ``trusted``, ``unused`` or ``default``."""
        return self._house.trust(source, Trust(trust))

    def offline(self, value: bool | None = None) -> bool:
        """Whether everything is switched off; with ``value`` switches it."""
        return self._house.offline(value)

    def sent(self, *, start: When = None, end: When = None, destination: str = "", purpose: str = "", limit: int = -1) -> list[Sent]:
        """What left this machine, by the ledger, oldest first."""
        first, last = _moment(start, "start"), _moment(end, "end")
        return self._house.sent(start=first, end=last, destination=destination, purpose=purpose, limit=limit)

    def sent_text(self, row: int, *, secrets: bool = False) -> str:
        """The exact content that left under one row, as text; with ``secrets`` also the values of headers that open something."""
        return exactly(self._house.sent_content(row), secrets=secrets)

    def left_in_words(self, days: int = 7) -> str:
        """What left in the last ``days`` days, in words."""
        return self._house.left_in_words(days)

    def verify_ledger(self) -> list[str]:
        """What is wrong with the ledger, in words; empty when it is whole."""
        return self._house.verify_ledger()

    # What is done in the world

    def actions(self, states: Sequence[ActionState | str] = (), *, limit: int = 100) -> list[Action]:
        """What was done, what waits for a yes and what was refused, the latest first; of some states alone, when given."""
        return self._house.actions([ActionState(state) for state in states], limit)

    def action(self, action: str) -> Action:
        """One of them (a7), whatever its state. Raises NotFound."""
        return self._house.action(action)

    def action_preview(self, action: str) -> Preview:
        """The exact text a send that waits would send, pseudonyms beside what they stand for. Raises NotFound for what sends none."""
        return self._house.action_preview(action)

    def approve(
        self, action: str, *, vouch: bool = False, spend_cap: float | None = None, on_words: Callable[[str], None] | None = None
    ) -> Action:
        """Your yes: carries the action out, once, exactly as it was shown. With ``vouch`` its values and its destination are yours
        from now on; for a question to a remote model until it has cost ``spend_cap``, and ``on_words`` is given its answer as it comes.
        Raises Refused when it does not wait any more."""
        return self._house.approve(action, vouch=vouch, spend_cap=spend_cap, on_words=on_words or (lambda piece: None))

    def carry_on(self, *, on_begin: Callable[[], None] | None = None) -> list[str]:
        """Does what is left of requests of which a step waited for your yes, and gives what it says of each: "read this page and save the
        hours" goes on to the saving. Waits for the brain; ``on_begin`` is called where there is something to do."""
        if on_begin is not None and self._house.store.plans.count_ready():
            on_begin()
        return self._loop.call(self._house.carry_on(wait=True))

    def decline(self, action: str) -> Action:
        """Your no: the action is never carried out."""
        return self._house.decline(action)

    def undo(self, action: str) -> Action:
        """Takes a done action back, where ``can_undo`` says so. Raises Refused where not."""
        return self._house.undo(action)

    def vouched(self) -> list[Endorsement]:
        """The values you vouched for: each as it is, for one kind of effect, and nothing wider."""
        return self._house.vouched()

    def unvouch(self, which: str) -> Endorsement:
        """Takes your word for a value (e3) back."""
        return self._house.unvouch(which)

    def tried(self, *, limit: int = 100) -> list[Tried]:
        """What text from outside asked for and did not get, the latest first."""
        return self._house.tried(limit)

    @property
    def house(self) -> House:
        """The rooms themselves, for channels that serve this mind (the page, the socket)."""
        return self._house


def _open_house(
    paths: Paths,
    config: Config,
    passphrase: str | None,
    brain: Model | str | None,
    embedder: Embedder | None,
    *,
    throwaway: bool = False,
) -> House:
    if isinstance(brain, str):
        config, brain = replace(config, brain=brain), None
    return open_house(paths, config, passphrase=passphrase, brain=brain, embedder=embedder, throwaway=throwaway)


def entry(row: Mapping[str, object], conversation: str, number: int) -> Entry:
    """The Entry of one row as a person's program gives it. Raises BadInput naming the row's ``number``."""
    unknown = set(row) - set(ROW_KEYS)
    if unknown:
        raise BadInput(f"row {number}: unknown key {min(unknown)!r}", hint=f"known keys: {', '.join(ROW_KEYS)}")
    text = row.get("text")
    if not isinstance(text, str) or not text.strip():
        raise BadInput(f"row {number}: there is no text to remember", hint="give each row a non-empty text")
    at = row.get("at")
    if not (at is None or isinstance(at, datetime | str)):
        raise BadInput(f"row {number}: at is a {type(at).__name__}", hint="give a datetime or ISO 8601 text")
    ref = str(row.get("source") or "") or "note:python"
    return Entry(
        text=text,
        source=Source(ref=ref, kind=ref.partition(":")[0] if ":" in ref else "note", title=ref),
        label=Label(Integrity.PERSON, Confidentiality.PRIVATE),
        kind=Kind.NOTE,
        at=_moment(at, f"row {number}: at"),
        speaker=str(row.get("speaker") or ""),
        conversation=str(row.get("conversation") or conversation),
        external_id=str(row.get("id") or ""),
    )


def _moment(value: When, name: str) -> datetime | None:
    if value is None:
        return None
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError as error:
            raise BadInput(f"{name}: {value!r} is not a date", hint="use ISO 8601, such as 2026-05-03 or 2026-05-03T18:30+02:00") from error
    return value if value.tzinfo else value.astimezone()


def _present() -> datetime:
    return datetime.now().astimezone()


__all__ = ["Companion", "OwnmindError"]
