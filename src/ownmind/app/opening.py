"""Opening a home: the only place that picks implementations.

``open_house`` opens the store (milliseconds, or the third of a second a passphrase costs) and returns at once.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from ..agent import heartbeat
from ..agent.connections import Connections
from ..agent.growth import Growth
from ..agent.talking import Talking
from ..agent.traces import Traces
from ..config import Config
from ..egress.door import FETCH_MODELS, Door, Outlet
from ..goals.book import Goals
from ..goals.calendars import Calendars
from ..goals.clock import zone_of
from ..goals.nudging.deliver import Follow, gathering
from ..goals.today import Today
from ..guard.clients import Clients
from ..guard.devices import Devices
from ..guard.gate import Granted
from ..guard.secrets import confidentiality
from ..jobs.bulletin import Bulletin
from ..jobs.runner import Job, Runner
from ..memory import background
from ..memory.library import Library
from ..memory.memories import Memories
from ..memory.memory import Memory
from ..models.brain import Brain, State
from ..models.shelf.book import Models
from ..paths import Paths
from ..people.book import People, own_names
from ..people.reading import Reader
from ..skills.book import Skills
from ..skills.rooms import Rooms
from ..store import sent
from ..store.conversations import Conversations
from ..store.keys import protection
from ..store.opening import Store, open_store, open_throwaway
from ..tools import calendar as publishing
from ..tools import wishes
from ..tools.act import World, granted_by
from ..tools.offered import ToolServers
from ..tools.search import Search
from . import clock
from .house import House, carried_on, setting_up
from .privacy import Privacy
from .welcome import Welcome

if TYPE_CHECKING:
    from pydantic_ai.models import Model

    from ..models.embedding.embedder import Embedder

_READING = 1.0  # seconds of reading for promises before they are shown; what is left is read in the background
_AN_ERRAND = timedelta(minutes=2)  # the longest one yes keeps the door open, should the process end in between


def open_house(
    paths: Paths,
    config: Config,
    *,
    passphrase: str | None = None,
    brain: Model | None = None,
    embedder: Embedder | None = None,
    throwaway: bool = False,
) -> House:
    """The house at ``paths``. Raises what ``open_store`` raises. ``throwaway`` keeps the key in memory only."""
    store = open_throwaway(paths) if throwaway else open_store(paths, passphrase)
    try:
        door, bulletin = Door(store, keep_days=config.keep_sent), Bulletin()
        memory = Memory(store, embedder, clock.present, confidentiality)
        mind = Brain(config, paths, outlet=setting_up(door)) if brain is None else Brain.of(brain, config=config, paths=paths)
        mind.warm = _warm
        traces = Traces(store, clock.present, contents=config.trace_contents)
        unsettled: set[str] = set()
        stale: set[str] = set()
        world = _world(paths, config, store, memory, door)
        reader = Reader(memory, store, clock=clock.present, zone=lambda: zone_of(follow.preferences()), you=lambda: own_names(people))
        people = People(store, memory, clock.present, lambda: reader.read(_READING))
        memory.forgetting.called = people.called
        follow = Follow(store, clock.present, gathering(store, people, lambda: goals, clock.present))
        calendar = Calendars(
            store,
            memory,
            door,
            clock.present,
            zone=lambda: zone_of(follow.preferences()),
            folder=paths.quiet,
            planned=lambda: (goals.all(), goals.steps()),
            ask=lambda wanted, now: publishing.ask(world, wanted, now, lambda: bulletin.publish({"type": "actions"})),
        )
        goals = Goals(
            store, memory, clock.present, preferences=follow.preferences, appointments=calendar.appointments, own=paths.home / "templates",
            names=lambda: [held.value for one in people.all() for held in one.handles if held.kind in ("name", "nickname")],
            review=lambda day: today.review(day),
        )  # fmt: skip
        undoing = Outlet(lambda going: door.ask(going, is_shown=True), door.broker)  # to take back is a yes to just that
        world.declare(publishing.deed(store, door.outlet(), undoing, lambda goal: goals.get(goal).item_id))
        jobs = [
            heartbeat.job(follow, goals, [heartbeat.page(bulletin), heartbeat.on_desktop(follow)]),
            _carrying(store, mind, lambda: carried_on(memory, mind, store, world, bulletin, unsettled)),
            _evicting(mind, stale),
            _settling(memory, mind, unsettled, store.conversations),
            *background.jobs(
                memory,
                store,
                mind.model,
                clock=clock.present,
                learnt=lambda facts: bulletin.publish({"type": "learned", "facts": facts}),
                is_ready=lambda: mind.state is State.READY,
                learn=config.learn,
            ),
            reader.job(),
            traces.job(),
        ]
        runner = Runner(jobs, store.work, tracer=traces.tracer)

        def forgot() -> None:
            unsettled.clear()
            traces.forgot()
            stale.add("prompts")
            runner.wake()
            bulletin.publish({"type": "forgotten"})

        memory.forgetting.listeners.append(forgot)
        for wish in wishes.deeds(lambda: goals):
            world.declare(wish)
        servers = ToolServers(config.mcp, store, clock.present, door.outlet(), lambda: bulletin.publish({"type": "actions"}))
        servers.join(world)
        today = Today(store, memory, clock.present, follow, goals=goals, people=people, appointments=calendar.appointments)
        skills = Skills(
            store.skills, world, Rooms(memory, goals, people, today, calendar.appointments), mind, clock.present, store.settings,
            lambda: bulletin.publish({"type": "actions"}),
        )  # fmt: skip
        models = Models(
            paths, config, store.settings, mind, door, publish=bulletin.publish,
            connect=lambda name, url, model: house.providers.set(name, "compatible", url, model, 0.0, 0.0),
        )  # fmt: skip
        search = Search(memory, store.settings, door.outlet(), world, clock.present)
        memories = Memories(store, clock.present, lambda: zone_of(follow.preferences()))
        talk = Talking(memory, store.conversations, store.feedback, store.settings, skills, clock.present)
        house = House(
            paths,
            config,
            store,
            memory,
            mind,
            door,
            bulletin,
            runner,
            world,
            unsettled,
            today,
            calendar,
            people,
            goals,
            search,
            Clients(store.db, clock.present),
            Devices(store.settings, clock.present, lambda: bulletin.publish({"type": "devices"})),
            servers,
            skills,
            traces,
            talk,
            zone=lambda: zone_of(follow.preferences()),
            models=models,
            privacy=Privacy(store, clock.present, saved=_saved(config), sent_to=lambda: sent.named(store.db, besides=FETCH_MODELS)[0]),
            welcome=Welcome(store.settings, lambda: protection(store.paths).kind == "passphrase"),
            library=Library(store),
            memories=memories,
            connections=Connections(
                store, door, clock.present, calendars=calendar, servers=servers, search=search, providers=lambda: house.providers
            ),
            growth=Growth(
                store,
                memory,
                clock.present,
                lambda: zone_of(follow.preferences()),
                memories=memories,
                talk=talk,
                people=people,
                skills=skills,
            ),
        )
        return house
    except BaseException:
        store.close()
        raise


def _world(paths: Paths, config: Config, store: Store, memory: Memory, door: Door) -> World:
    """What may be done outside memory: the deeds, and what the person has granted at each moment."""
    from ..tools import keep, page, save

    store.actions.lost(clock.present())

    def granted() -> Granted:
        allowed = [(one.destination, one.purpose) for one in store.permissions.all(holding_at=clock.present())]
        trusted = store.trust.trusted()
        return granted_by(store.actions.endorsements(), is_offline=door.is_offline, destinations=allowed, trusted_sources=trusted)

    def permit(destination: str, purpose: str, now: datetime, /, *, always: bool) -> Callable[[], object]:
        given = store.permissions.give(destination, purpose, now=now, until=None if always else now + _AN_ERRAND)
        return (lambda: None) if always else (lambda: store.permissions.revoke(given.id, now=clock.present()))

    deeds = [
        page.deed(memory, store, door.outlet(), paths.quiet),
        save.deed(_saved(config)),
        keep.deed(memory),
    ]
    return World(store.actions, deeds, granted, permit)


def _saved(config: Config) -> Path:
    """Where files go that the person asked to have saved."""
    return Path(config.files).expanduser() if config.files else Path.home() / "Ownmind"


def _carrying(store: Store, mind: Brain, step: Callable[[], Awaitable[list[str]]]) -> Job:
    """Goes on with what was asked for, once the yes it waited for is there."""

    async def go_on(seconds: float) -> int:
        return len(await step())

    return Job("plans", lambda: store.plans.count_ready() if mind.state not in (State.FETCHING, State.LOADING) else 0, go_on)


def _settling(memory: Memory, brain: Brain, unsettled: set[str], conversations: Conversations) -> Job:
    """Evaluates the last turn into the brain's cache while the person reads the reply."""

    async def step(seconds: float) -> int:
        from ..agent.turn import settle

        conversation = unsettled.pop()
        await settle(memory, conversation, await brain.model(), conversations)
        return 1

    return Job("talk", lambda: len(unsettled) if brain.keeps_prompts else 0, step)


def _evicting(brain: Brain, stale: set[str]) -> Job:
    """Cuts the brain's cached prompts back to their fixed beginnings after something was forgotten: what was shown to it since may
    hold it. The cache of learning is overwritten by the next item learnt from."""

    async def step(seconds: float) -> int:
        stale.clear()
        await _warm(await brain.model())
        return 1

    return Job("evict", lambda: len(stale) if brain.keeps_prompts else 0, step)


async def _warm(model: Model) -> None:
    from ..agent.warm import warm

    await warm(model)
