"""Every room of one open home, and the few calls channels make on them. No logic lives here.

``House.start`` begins what takes longer (embedder, brain, background work) without waiting for it.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncGenerator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from .. import __version__
from ..agent.connections import Connections
from ..agent.finding import Found, find
from ..agent.growth import Growth
from ..agent.talking import Talking
from ..agent.traces import Traces
from ..config import Config
from ..egress import consents, told
from ..egress.door import Door, Outlet
from ..errors import BadInput, OwnmindError
from ..goals.book import Goals
from ..goals.calendars import Calendars
from ..goals.today import Today
from ..guard.clients import Clients
from ..guard.devices import Devices
from ..jobs.bulletin import Bulletin, Notice
from ..jobs.runner import Runner
from ..memory.library import Library
from ..memory.memories import Memories
from ..memory.memory import Memory
from ..messages import (
    ASK_REMOTE,
    HERE,
    Action,
    ActionState,
    Endorsement,
    Event,
    Heard,
    Imported,
    Integrity,
    Kind,
    Label,
    Origin,
    Permission,
    Progress,
    Sent,
    Tried,
    Trust,
    Voice,
)
from ..models.brain import Brain
from ..models.shelf.book import Models
from ..paths import Paths
from ..people.book import People
from ..skills.book import Skills
from ..store import items, sent
from ..store.opening import Store
from ..tools.act import World
from ..tools.offered import ToolServers
from ..tools.search import Search
from . import clock
from .privacy import Privacy
from .welcome import Welcome

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from ..agent.remote.asking import RemoteBrain
    from ..agent.remote.providers import Providers
    from ..guard.preview import Preview
    from ..memory.export import Exported
    from ..models.embedding.embedder import Embedder
    from ..store.backup import BackedUp
    from ..store.conversations import Said

log = logging.getLogger(__name__)

_LAST_WORDS = 5.0  # seconds that a turn which is being stopped has to keep what was said
EMBEDDER_WAIT = 120.0  # seconds a script waits for the 21 MB embedding model; then keyword search serves alone


@dataclass
class House:
    """Every room of one open home, and the few calls channels make on them. Belongs to one event loop once started."""

    paths: Paths
    config: Config
    store: Store
    memory: Memory
    brain: Brain
    door: Door
    bulletin: Bulletin
    runner: Runner
    world: World
    unsettled: set[str]  # conversations whose last turn the brain has not yet put into its cache
    today: Today
    calendar: Calendars
    people: People
    goals: Goals
    search: Search
    clients: Clients
    devices: Devices
    mcp: ToolServers
    skills: Skills
    traces: Traces
    talk: Talking
    zone: Callable[[], ZoneInfo]  # the person's
    models: Models
    library: Library
    memories: Memories
    connections: Connections
    growth: Growth
    privacy: Privacy
    welcome: Welcome
    wiped: asyncio.Event = field(default_factory=asyncio.Event)  # this home is at its end: whoever serves it stops
    _remote: RemoteBrain | None = None
    _providers: Providers | None = None
    _embedder: asyncio.Task[None] | None = None
    _working: asyncio.Task[None] | None = None

    async def start(self, *, background: bool = True) -> None:
        """Begins to load the embedder, the brain and to work off the backlog. Returns at once. Without ``background`` only the
        embedder comes: one command that recalls must not wake a gigabyte of model."""
        self.models.begin(asyncio.get_running_loop())
        self.privacy.begin(asyncio.get_running_loop(), self.wiped)
        self.brain.listeners.append(lambda brain: self._tell_status())
        await asyncio.to_thread(self.memory.forgetting.forget_expired)  # before anything can be asked, after any time switched off
        await asyncio.to_thread(sent.expire, self.store.db, clock.present().timestamp())
        self.skills.begin(asyncio.get_running_loop(), self._while_a_skill_runs)
        if self.memory.embedder is None:
            self._embedder = asyncio.create_task(self._bring_embedder())
        if background:
            self._working = asyncio.create_task(self._work())
            self.mcp.begin()

    async def close(self) -> None:
        """Stops background work, the brain's process and a fetch under way, and closes the store."""
        await asyncio.to_thread(self.mcp.stop)
        for task in (self._working, self._embedder):
            if task is not None:
                task.cancel()
                await asyncio.wait([task])
        await self.runner.quiet(_LAST_WORDS)
        await asyncio.to_thread(self.models.close)
        await self.brain.close()
        await asyncio.to_thread(self.clients.count)
        await asyncio.to_thread(self.door.close)
        with contextlib.suppress(OwnmindError):  # a full disk: these are numbers about the day, not its words
            await asyncio.to_thread(self.traces.write)
        await asyncio.to_thread(self.store.close)
        for path in await asyncio.to_thread(self.privacy.finish):
            log.warning("wiped, but this could not be removed: %s", path)

    async def turn(
        self, text: str, *, conversation: str | None = None, now: datetime | None = None, wait: bool = False, voice: Voice = HERE,
        instead_of: str = "", files: Sequence[str] = (),
    ) -> AsyncGenerator[Event]:  # fmt: skip
        """One turn: Heard, Words as they come, then Done or Failed. ``wait``: for a brain that is still coming up. ``voice``: how the
        message comes. ``instead_of``: the message it is edited from, or the reply to be given anew; ``files``: sources sent with it."""
        await asyncio.to_thread(import_module, "ownmind.agent.turn")  # 1.5 s of CPU the first time: not in the loop
        from ..agent.turn import Parts, turn

        if wait:
            await self.wait_for_embedder()
            await self.wait_for_brain(None)
        parts = Parts(
            self.memory, self.brain, self.store.conversations, self.store.settings, self.world, self.store.plans, self.remote, self.goals,
            self.people, self.today, voice, self.skills, self.traces.tracer,
        )  # fmt: skip
        try:
            async with (
                self.runner.paused(),
                aclosing(
                    turn(text, parts=parts, conversation=conversation, now=now or clock.present(), instead_of=instead_of, files=files)
                ) as events,
            ):
                async for event in events:
                    if isinstance(event, Heard):
                        self.unsettled.add(event.conversation)
                    yield event
        finally:  # a caller may leave at Done
            self.runner.wake()

    @contextlib.asynccontextmanager
    async def _while_a_skill_runs(self) -> AsyncGenerator[None]:
        """Around a run that no turn asked for: with embedder and brain, and nothing else at work."""
        await self.wait_for_embedder()
        await self.wait_for_brain(None)
        async with self.runner.paused():
            yield

    async def wait_for_embedder(self) -> None:
        """Returns when the embedder is loaded, or after ``EMBEDDER_WAIT`` seconds without it."""
        if self._embedder is not None and not self._embedder.done():
            await asyncio.wait([self._embedder], timeout=EMBEDDER_WAIT)

    async def wait_for_brain(self, timeout: float | None = None) -> bool:  # noqa: ASYNC109 -- a wait, not a cancellation: fetching goes on
        """Whether the brain is ready, after waiting until it is, has failed, or ``timeout`` seconds have passed."""
        await self.brain.start()
        return await self.brain.ready(timeout)

    async def learn(self, seconds: float | None = None) -> int:
        """Works off the backlog now; gives how many steps were done."""
        return await self.runner.run_until_done(seconds)

    def import_paths(
        self,
        paths: Sequence[Path],
        *,
        on_progress: Callable[[Progress], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
        given_in: Path | None = None,
    ) -> Imported:
        """Reads files and folders into memory. Blocks: call it in a thread. ``given_in``: a passing folder the files lie in only
        to be read, so that its name is no part of where they came from."""
        from ..memory.importing import import_paths

        imported = import_paths(
            self.memory, self.store, paths, now=clock.present(), on_progress=on_progress, cancelled=cancelled, given_in=given_in
        )
        self._tell_status()
        self.runner.wake()
        return imported

    # What is done in the world

    async def carry_on(self, *, wait: bool = False) -> list[str]:
        """Does what is left of requests of which a step waited for a yes, as far as it was given; gives what was said of each. The
        background does so by itself. ``wait``: for a brain that is still coming up."""
        if not await asyncio.to_thread(self.store.plans.count_ready):
            return []
        if wait:
            await self.wait_for_embedder()
            await self.wait_for_brain(None)
        async with self.runner.paused():
            return await carried_on(self.memory, self.brain, self.store, self.world, self.bulletin, self.unsettled)

    def actions(self, states: Sequence[ActionState] = (), limit: int = 100) -> list[Action]:
        """What was done, what waits for the person and what was refused, the latest first."""
        return self.store.actions.listed(states, limit, now=clock.present())

    def action(self, action: str) -> Action:
        """One of them, whatever its state. Raises NotFound."""
        return self.store.actions.get(action)

    def action_preview(self, action: str) -> Preview:
        """The exact text that a send which waits would send. Raises NotFound for what sends none."""
        from ..agent.remote.consented import digest, preview

        shown = preview(self.action(action), self.remote)
        self.store.actions.show(action, digest(shown.seal))
        return shown

    def approve(
        self, action: str, *, vouch: bool = False, spend_cap: float | None = None, on_words: Callable[[str], None] = lambda piece: None
    ) -> Action:
        """The person's yes: carries the action out, once. With ``vouch`` its values and its destination are theirs from now on; for a
        question to a remote model up to ``spend_cap``. Blocks, also on that model's whole answer, of which ``on_words`` and who listens
        (``{"type": "words"}``) are told the words as they come."""
        from ..tools.page import sources_of

        if self.store.actions.get(action).tool == ASK_REMOTE:
            return self._told(self._ask_remote(action, on_words, vouch=vouch, spend_cap=spend_cap))
        if spend_cap is not None:
            raise BadInput("only what is asked of a remote model has a cap", hint="leave it out")
        attempt = self.world.allow(action, clock.present(), vouch=vouch)
        assert attempt.action is not None
        self.store.plans.gave(action, sources_of(attempt))
        return self._told(attempt.action)

    def decline(self, action: str) -> Action:
        return self._told(self.world.deny(action, clock.present()))

    def undo(self, action: str) -> Action:
        return self._told(self.world.undo(action, clock.present()))

    def vouched(self) -> list[Endorsement]:
        """The values the person vouched for."""
        return self.store.actions.endorsements()

    def unvouch(self, which: str) -> Endorsement:
        return self.store.actions.revoke(which, clock.present())

    def tried(self, limit: int = 100) -> list[Tried]:
        """What outside text ordered machines to do, and was not obeyed."""
        return self.store.actions.tried(limit)

    def _ask_remote(self, action: str, on_words: Callable[[str], None], *, vouch: bool, spend_cap: float | None) -> Action:
        """In a loop of its own: whoever says yes may be in any thread."""
        from ..agent.answer import Parts
        from ..agent.remote.allowed import allowed

        parts = Parts(self.memory, self.brain, self.store.conversations, self.store.settings, self.world, self.store.plans, self.remote)
        conversation = self.action(action).conversation

        def said(piece: str) -> None:
            on_words(piece)
            self.bulletin.publish({"type": "words", "action": action, "conversation": conversation, "text": piece})

        with ThreadPoolExecutor(1) as thread:
            asked = allowed(action, parts, clock.present(), vouch=vouch, spend_cap=spend_cap, on_words=said)
            done = thread.submit(asyncio.run, asked).result()
        if done.state is ActionState.DONE:
            self.bulletin.publish({"type": "replied", "conversation": done.conversation})
        return done

    def _told(self, action: Action) -> Action:
        self._tell_actions()
        return action

    def _tell_actions(self) -> None:
        self.bulletin.publish({"type": "actions"})
        self.runner.wake()  # what was read may have to be embedded

    def find(self, words: str, each: int) -> tuple[Found, ...]:
        """Anything that holds these words, of the last one the beginning: at most ``each`` of every kind, the newest first."""
        return find(self.store, self.goals, self.people, words, each)

    def conversations(self) -> list[dict[str, object]]:
        """The conversations held, the one spoken in last first: ``id, title, at, messages``."""
        return [
            {"id": held.key, "title": held.title, "at": held.last_at, "messages": held.messages} for held in self.store.conversations.all()
        ]

    def messages(self, conversation: str) -> list[dict[str, object]]:
        """One conversation as it was said: ``id, role, text, at, speaker, sources, known, brain, label, actions, goals, cost, stopped,
        versions, files, feedback``. The actions are as they are now, the goals their ids; a reply that was stopped is as much as was said
        of it. Of a talk that branches it is the branch gone on with; ``versions``: the ids of what was said in one place."""
        return self._as_said(conversation, self.store.conversations.messages(conversation))

    def page(
        self, conversation: str, limit: int, *, before: str = "", after: str = "", around: str = "", on: datetime | None = None
    ) -> dict[str, object]:
        """A stretch of a conversation: ``messages`` as above, the place of the first of them, and the ``total``. The newest, or those
        before or after a message, around one, or from a moment on. Raises NotFound for a message that is not in it."""
        held = self.store.conversations.page(conversation, limit, before=before, after=after, around=around, on=on)
        return {"messages": self._as_said(conversation, held.messages), "first": held.first, "total": held.total}

    def _as_said(self, conversation: str, held: Sequence[Said]) -> list[dict[str, object]]:
        costs = self.store.costs.of_replies(conversation)
        rated = {one.reply_id: one for one in self.talk.feedback(conversation)}
        acted = {one.id: one for one in self.store.actions.among([name for said in held for name in said.actions])}
        return [
            {
                "id": said.id,
                "role": "companion" if said.kind is Kind.REPLY else "person",
                "text": said.text,
                "at": said.at,
                "speaker": said.speaker,
                "sources": list(said.sources),
                "known": said.known,
                "brain": said.brain,
                "label": said.label,
                "actions": [acted[name] for name in said.actions if name in acted],
                "goals": list(said.goals),
                "cost": costs.get(said.id),
                "stopped": said.stopped,
                "versions": list(said.versions),
                "files": [{"source": ref, "name": name} for ref, name in said.files],
                "feedback": rated.get(said.id),
            }
            for said in held
        ]

    def export(self, folder: Path) -> Exported:
        """Everything as Markdown and JSONL in a fresh ``folder``. Not encrypted."""
        from ..memory.export import export

        exported = export(self.store, folder, now=clock.present())
        skills = self.skills.export_all(exported.folder / "skills")
        return replace(exported, files=exported.files + skills)

    def backup(self, path: Path | None = None, *, passphrase: str | None = None) -> BackedUp:
        """One encrypted file with everything, read back and verified."""
        from ..store.backup import backup

        return backup(self.store, path, now=clock.present(), passphrase=passphrase)

    # The models elsewhere

    @property
    def remote(self) -> RemoteBrain:
        """The models on other machines, chosen or not."""
        if self._remote is None:
            from ..agent.remote.asking import RemoteBrain

            self._remote = RemoteBrain(self.config, self.store, self.door, lambda: clock.present().astimezone(self.zone()))
        return self._remote

    @property
    def providers(self) -> Providers:
        """Who lends models to this home, the rule that says who answers what, and what it costs."""
        if self._providers is None:
            from ..agent.remote.providers import Providers

            self._providers = Providers(self.remote, self.door, self.paths.config, self.memory, lambda: self.brain.id, self._tell_status)
        return self._providers

    # What may leave, and what left

    def permissions(self, *, everything: bool = False) -> list[Permission]:
        """What the person allowed that holds now, oldest first; with ``everything`` what is over too."""
        return self.store.permissions.all(holding_at=None if everything else clock.present())

    def allow(
        self, destination: str, purpose: str, *, until: datetime | None = None, once: bool = False, spend_cap: float | None = None
    ) -> Permission:
        """Lets what is sent for ``purpose`` go to ``destination``, from now on. Raises BadInput."""
        to, why = consents.destination(destination), consents.purpose(purpose)
        return self.store.permissions.give(to, why, now=clock.present(), until=until, uses=1 if once else None, spend_cap=spend_cap)

    def preview(self, text: str, *, destination: str, purpose: str, k: int = 6) -> Preview:
        """What would leave if ``text`` were asked there, with the ``k`` items recall finds for it. Nothing is sent and nothing kept."""
        from ..guard import labels
        from ..guard.preview import Part
        from ..guard.scope import Scope

        to, why = consents.destination(destination), consents.purpose(purpose)
        found = self.memory.recall(text, k=k) if k > 0 else []
        notes = [Part(f"{one.text}\n", labels.of_item(one.item), f"{one.item.kind} from {one.item.source.ref}", one.id) for one in found]
        asked = Part(text, Label(Integrity.PERSON), "your words")
        return Scope(self.store, f"{why} {to}").preview([*notes, asked], purpose=why, destination=to)

    def revoke(self, permission: str) -> Permission:
        """Ends a permission (p3). What left under it stays in the ledger."""
        return self.store.permissions.revoke(permission, now=clock.present())

    def cap(self, permission: str, amount: float | None) -> Permission:
        """Says how much may be spent under a permission in all; None: without an end. Raises NotFound."""
        return self.store.permissions.cap(permission, amount)

    def sources(self) -> list[Origin]:
        """Where words from outside came from, the latest first, with what the person says of each."""
        return self.store.trust.all()

    def trust(self, source: str, trust: Trust) -> Origin:
        """Says what the person thinks of a source. Raises BadInput for what is none."""
        return self.memory.forgetting.trust(source, trust)

    def offline(self, value: bool | None = None) -> bool:
        """Whether everything is switched off; with ``value`` switches it. Off, the door is closed at once and what is under way is cut."""
        if value is not None:
            (self.door.go_offline if value else self.door.go_online)()
            self._tell_status()
        return self.door.is_offline

    def sent(
        self,
        *,
        start: datetime | None = None,
        end: datetime | None = None,
        destination: str = "",
        purpose: str = "",
        limit: int = -1,
        skip: int = 0,
    ) -> list[Sent]:
        """What left, by the ledger: the newest ``limit`` before the newest ``skip``, oldest first."""
        first, last = _seconds(start), _seconds(end)
        return sent.sent(self.store.db, start=first, end=last, destination=destination, purpose=purpose, limit=limit, skip=skip)

    def count_sent(self, *, start: datetime | None = None, end: datetime | None = None, destination: str = "", purpose: str = "") -> int:
        """How many things left, of those asked for."""
        return sent.count(self.store.db, start=_seconds(start), end=_seconds(end), destination=destination, purpose=purpose)

    def sent_named(self) -> tuple[list[str], list[str]]:
        """Every destination and every purpose in the ledger."""
        return sent.named(self.store.db)

    def begins(self, item_ids: Sequence[str], most: int = 80) -> dict[str, str]:
        """The first words of these items, by id; what is forgotten is not among them."""
        with self.store.db.read() as cx:
            held = items.begins(cx, (items.row_id(name, "i") for name in item_ids), most)
        return {f"i{row}": text for row, text in held.items()}

    def sent_content(self, row: int) -> bytes:
        """The exact bytes that left under one row of the ledger. Raises NotFound when they are not kept any more."""
        return sent.content(self.store.db, row)

    def left_in_words(self, days: int = 7) -> str:
        """What left in the last ``days`` days, in words."""
        return told.in_words(self.sent(start=clock.present() - timedelta(days=days)), days, self.permissions(everything=True))

    def verify_ledger(self) -> list[str]:
        """What is wrong with the ledger, in words; empty when it is whole."""
        return self.store.ledger.verify()

    def status(self) -> dict[str, object]:
        """What runs, what is known, what has left."""
        left, progress = self.door.left(), self.brain.progress
        return {
            "version": __version__,
            "home": str(self.paths.home),
            "brain": {
                "id": self.brain.id,
                "state": str(self.brain.state),
                "note": self.brain.note,
                "starter": self.brain.id == Config().brain,
                "progress": None if progress is None else {"done": progress.done, "total": progress.total, "unit": progress.unit},
            },
            "embedder": self._embedder_status(),
            "memory": self.memory.counts(),
            "egress": {
                "bytes": left.bytes,
                "requests": left.requests,
                "setup_bytes": left.setup_bytes,
                "setup_requests": left.setup_requests,
                "offline": self.door.is_offline,
            },
            "backlog": {job.name: job.pending() for job in self.runner.jobs},
        }

    async def subscribe(self, after: str = "") -> AsyncGenerator[Notice]:
        """Live notices: ``{"type": "status"}`` when a figure changed, ``{"type": "learned", "facts": [...]}``, and
        ``{"type": "forgotten"}`` when what is remembered became less or may not be used. ``after``: the ``id`` of the last one heard
        before; when what came since is not known any more, ``{"type": "missed"}`` comes first."""
        async with aclosing(self.bulletin.listen(after)) as notices:
            async for notice in notices:
                yield notice

    async def _bring_embedder(self) -> None:
        """The configured embedder. When the vectors of another one are here, that one comes first: it serves until this one has
        read everything, and also when this one cannot come."""
        wanted, before = self.config.embedder, await asyncio.to_thread(self.memory.embeddings.last_served)
        if before not in ("", wanted):
            with contextlib.suppress(OwnmindError):  # its files are gone, or no embedder of ours made these vectors: words serve alone
                old = await asyncio.to_thread(_load_embedder, before, replace(self.config, fetch=False), self.paths, self.door)
                await asyncio.to_thread(self.memory.embeddings.use, old, awaited=wanted)
                self._tell_status()
        try:
            new = await asyncio.to_thread(_load_embedder, wanted, self.config, self.paths, self.door)
            if new is not None:
                await asyncio.to_thread(self.memory.use, new)
        except OwnmindError as error:
            serving = self.memory.embedder
            log.warning("%s: %s", "no embedder, words are searched alone" if serving is None else f"{serving.id} goes on serving", error)
        self._tell_status()
        self.runner.wake()

    def _embedder_status(self) -> dict[str, object]:
        serving, change = self.memory.embedder, self.memory.embeddings.change()
        return {
            "id": self.config.embedder,
            "ready": serving is not None,
            "serving": "" if serving is None else serving.id,
            "change": None if change is None else {"to": change.model, "done": change.done, "total": change.total},
        }

    async def _work(self) -> None:
        """The brain first waits for the embedder: 21 MB make recall whole, 1.1 GB come after."""
        await self.wait_for_embedder()
        await self.brain.start()
        async with self.runner.running():
            await asyncio.Event().wait()

    def _tell_status(self) -> None:
        self.bulletin.publish({"type": "status"})


def _seconds(at: datetime | None) -> float | None:
    return None if at is None else at.timestamp()


async def carried_on(memory: Memory, brain: Brain, store: Store, world: World, bulletin: Bulletin, unsettled: set[str]) -> list[str]:
    await asyncio.to_thread(import_module, "ownmind.agent.turn")
    from ..agent.turn import Parts, go_on

    spoken = await go_on(Parts(memory, brain, store.conversations, store.settings, world, store.plans), clock.present())
    conversations = dict.fromkeys(conversation for conversation, _ in spoken)
    unsettled.update(conversations)
    for conversation in conversations:
        bulletin.publish({"type": "replied", "conversation": conversation})
    if spoken:
        bulletin.publish({"type": "actions"})
    return [text for _, text in spoken]


def _load_embedder(model: str, config: Config, paths: Paths, door: Door) -> Embedder | None:
    """The catalogue's embedder of this id, fetched if it must be and may be. Blocks."""
    from ..models.embedding.embedder import needed_embedder, open_embedder
    from ..models.llama.worker import physical_cores
    from ..models.shelf import fetch

    needed_embedder(model)
    there = fetch.present(model, paths=paths)
    if there is None and not config.fetch:
        return None
    fetched = there or fetch.ensure(model, paths=paths, outlet=setting_up(door))
    return open_embedder(model, fetched.files, threads=config.threads or physical_cores())


def setting_up(door: Door) -> Outlet:
    """The way out for model files; the person consented by starting with ``fetch`` on."""
    return door.outlet(consent="config fetch = true")
