"""The face of skills: which there are, what one may do, installing, updating, running and removing them.

Nothing of a stranger's runs before the person said yes to exactly its bytes: installing keeps the sealed pack and asks, on a card like any
other, what it is to be let do; the yes is for that hash and that list. A built-in one is approved as it is shipped.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, aclosing, nullcontext
from dataclasses import dataclass, replace
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import BadInput, BrainNotReady, NotFound, OwnmindError, Refused
from ..guard.declared import Declaration, Effect, Parameter, Role
from ..guard.labels import Type, Value
from ..guard.plan import Plan
from ..messages import Action, ActionState, Cited, Integrity, Label
from ..models.brain import Brain
from ..store.settings import Settings
from ..store.skills import Kept
from ..store.skills import Skills as Versions
from ..tools.act import Arguments, Deed, Result, Session, World
from . import bundle as bundles
from . import shipped
from .asked import Asked, Change, Sort, asks, change, granted
from .bundle import Bundle
from .rooms import Rooms

if TYPE_CHECKING:  # they bring the agent library, which takes 1.5 s of CPU to import
    from .hands import Hands
    from .running import Job

NAME = "allow_skill"
DECLARED = Declaration(
    NAME,
    Effect.WRITES,
    {
        "name": Parameter(Role.AUTHORITY, Type.NAME),
        "may": Parameter(Role.AUTHORITY, Type.TEXT),
        "change": Parameter(Role.CONTENT, Type.TEXT),
        "description": Parameter(Role.CONTENT, Type.TEXT),
        "gives": Parameter(Role.AUTHORITY, Type.TEXT),
        "digest": Parameter(Role.AUTHORITY, Type.TEXT),
    },
    says="let the skill {name} do this and no more: {may}",
)
Do = Callable[[str, dict[str, object]], str]
_NOTHING = "no more than your request and what you give it: nothing is read, nothing is done, nothing leaves"
_SECONDS = 900.0  # the longest a run asked for from outside the loop is waited for
_PENDING = "skill talk "  # settings: what a conversation's skill goes on with; ids and numbers alone


@dataclass(frozen=True, slots=True)
class Skill:
    """One skill as it is shown. ``state``: builtin, active, or waiting (for your yes). ``asks``: what it may do, or asks for while it
    waits; ``weak``: where the starter brain is weak at it; ``body`` and ``files`` (path, bytes): only of one that was asked for by name."""

    name: str
    description: str
    state: str
    is_on: bool
    digest: str
    asks: tuple[Asked, ...]
    license: str = ""
    compatibility: str = ""
    version: str = ""
    author: str = ""
    came_from: str = ""
    approved_at: datetime | None = None
    weak: str = ""
    example: str = ""
    body: str = ""
    files: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Look:
    """A skill as it lies somewhere, before anything of it is kept. ``change``: against the version you approved, where there is one."""

    skill: Skill
    change: Change | None = None
    is_known: bool = False  # exactly this is installed already


@dataclass(frozen=True, slots=True)
class Ran:
    """What a run gave. ``warnings``: what a check found, or where the brain is weak; ``known``: False where it could not be done."""

    skill: str
    text: str
    sources: tuple[Cited, ...] = ()
    warnings: tuple[str, ...] = ()
    known: bool = True
    brain: str = ""
    calls: int = 0  # of the model


class Skills:
    """The skills of one home. ``clock``: now, aware; ``told``: called when the person may have been asked something. Its methods may be
    called from any thread but the loop's own; a run takes place in the loop that `begin` names."""

    def __init__(
        self, versions: Versions, world: World, rooms: Rooms, brain: Brain, clock: Callable[[], datetime], settings: Settings,
        told: Callable[[], object] = lambda: None,
    ) -> None:  # fmt: skip
        self._versions, self._world, self._rooms, self._brain, self._clock, self._told = versions, world, rooms, brain, clock, told
        self._settings = settings
        self._loop: asyncio.AbstractEventLoop | None = None
        self._around: Callable[[], AbstractAsyncContextManager[object]] = nullcontext
        world.declare(Deed(DECLARED, self._allow, self._take_back, by_us=True))

    def begin(self, loop: asyncio.AbstractEventLoop, around: Callable[[], AbstractAsyncContextManager[object]]) -> None:
        """From now on runs take place in ``loop``, each inside ``around``."""
        self._loop, self._around = loop, around

    # What there is

    def all(self) -> tuple[Skill, ...]:
        """The built-in ones, the installed ones, and those that wait for a yes, each by name."""
        self._settle()
        off = self._versions.off()
        found = [_shown(shipped.load(name), "builtin", name not in off, self._asks(shipped.load(name))) for name in shipped.MADE]
        for state in ("active", "waiting"):
            found += [self._of_kept(kept, name_is_on=kept.name not in off and state == "active") for kept in self._versions.all(state)]
        return tuple(found)

    def get(self, name: str) -> Skill:
        """One of them, with its instructions and files. Raises NotFound."""
        held, state, kept = self._held(name)
        return _shown(held, state, name not in self._versions.off() and state != "waiting", self._permitted(held, kept), kept, whole=True)

    def permissions(self, name: str) -> tuple[Asked, ...]:
        """What it may do, or asks for while it waits. Raises NotFound."""
        return self.get(name).asks

    def changes(self, name: str) -> Change:
        """What approving the version that waits would change. Raises NotFound where none waits."""
        self._settle()
        waiting, active = self._versions.get(name, "waiting"), self._versions.get(name)
        if waiting is None:
            raise NotFound(f"no other version of {name[:64]} waits", hint="`ownmind skills` lists them")
        new = self._unpacked(waiting)
        return change(self._unpacked(active) if active else _nothing(new), new, self._world.declared())

    def look(self, path: str) -> Look:
        """What the skill at ``path`` (a folder, .zip, .tar.gz) may do, and what it would change. Keeps nothing. Raises BadInput."""
        found = bundles.read(Path(path))
        active = self._versions.get(found.skill.name)
        shown = _shown(found, "new" if active is None else "update", False, self._asks(found), whole=True)
        if active is None:
            return Look(shown)
        return Look(shown, change(self._unpacked(active), found, self._world.declared()), active.digest == found.digest)

    # Changing what there is

    def install(self, path: str) -> Action:
        """Keeps the skill at ``path``, sealed, and asks whether it may do what it asks for; a yes to the action installs it. Raises
        BadInput."""
        found = bundles.read(Path(path))
        if self._versions.get(found.skill.name) is not None:
            raise BadInput(f"{found.skill.name} is installed", hint="`ownmind skills update PATH` brings another version")
        return self._ask(found, path)

    def update(self, path: str) -> Action:
        """The same for another version of an installed one: what changes is shown, and the old one goes on until the yes. Raises
        BadInput."""
        found = bundles.read(Path(path))
        active = self._versions.get(found.skill.name)
        if active is None:
            raise NotFound(f"{found.skill.name} is not installed", hint="`ownmind skills install PATH`")
        if active.digest == found.digest:
            raise BadInput(f"exactly this {found.skill.name} is installed already", hint="nothing changes")
        return self._ask(found, path)

    def remove(self, name: str) -> None:
        """Removes an installed skill, or one that waits, and shreds its files. Raises NotFound; BadInput for a built-in one."""
        if name in shipped.MADE:
            raise BadInput(f"{name} came with Ownmind and cannot be removed", hint=f"`ownmind skills off {name}` switches it off")
        for waiting in self._waiting(name):
            self._world.deny(waiting.id, self._clock())
        if not self._versions.remove(name):
            raise NotFound(f"there is no skill {name[:64]}", hint="`ownmind skills` lists them")
        self._told()

    def enable(self, name: str, on: bool = True) -> Skill:
        """Switches a skill on or off. Raises NotFound."""
        if self._held(name)[1] == "waiting":
            raise BadInput(f"{name} waits for your yes", hint="`ownmind approvals` shows what it asks for")
        self._versions.switch(name, on=on, now=self._clock())
        return self.get(name)

    def export(self, name: str, folder: str) -> str:
        """Writes the skill as a folder into ``folder`` and gives where. Raises NotFound, BadInput."""
        return str(bundles.write(self._held(name)[0], Path(folder)))

    def export_all(self, folder: Path) -> int:
        """Writes every installed skill into ``folder`` and gives their number."""
        installed = self._versions.all()
        for kept in installed:
            bundles.write(self._unpacked(kept), folder)
        return len(installed)

    # Running

    def run(self, name: str, request: str = "", text: str = "") -> Ran:
        """Runs it once for ``request``; ``text``: material given with it. Blocks. Raises NotFound, Refused, BadInput, and what the brain
        raises. Nothing is kept of it."""
        if self._loop is None:
            raise BadInput("skills run in an open house", hint="open it first")
        return asyncio.run_coroutine_threadsafe(self._run(name, request, text), self._loop).result(_SECONDS)

    async def _run(self, name: str, request: str, text: str) -> Ran:
        async with self._around():
            started = await self.started(name, request, text=text)
            said = "".join([piece async for piece in started.pieces()])
            hands = started.hands
            brain = self._brain.id if hands.asked else ""
            return Ran(name, said.strip(), hands.sources, tuple(hands.warnings), hands.known, brain, hands.asked)

    async def started(self, name: str, request: str, *, text: str = "", conversation: str = "", item: str = "", state: str = "") -> Started:
        """A run that is about to begin. ``item``: the message that asks for it. Raises NotFound, and Refused for one that is off or
        waits."""
        await asyncio.to_thread(import_module, f"{__package__}.running")
        from .hands import Hands
        from .running import Job

        held, where, kept = await asyncio.to_thread(self._held, name)
        if where == "waiting" or name in await asyncio.to_thread(self._versions.off):
            raise Refused(f"{name} {'waits for your yes' if where == 'waiting' else 'is switched off'}", hint="`ownmind skills` lists them")
        may = granted(self._asks(held)) if kept is None else kept.granted
        try:
            model = await self._brain.model()
        except BrainNotReady:
            model = None
        hands = Hands(name, may, self._rooms, self._clock(), model, item, is_ours=kept is None)
        job = Job(held, request.strip(), text.strip(), hands, conversation, state, do=self._doing(name, may, request, conversation, hands))
        return Started(job, self)

    def enabled(self) -> dict[str, str]:
        """Descriptions by name of those that may run."""
        off = self._versions.off()
        named = {name: shipped.load(name).skill.description for name in shipped.MADE if name not in off}
        return named | {kept.name: self._unpacked(kept).skill.description for kept in self._versions.all() if kept.name not in off}

    def installed(self) -> list[tuple[str, str]]:
        """(name, description) of the installed ones that may run."""
        return [(name, says) for name, says in self.enabled().items() if name not in shipped.MADE]

    def pending(self, conversation: str) -> tuple[str, str]:
        """(skill, state) that this conversation goes on with; ("", "") for none."""
        kept = self._settings.get(_PENDING + conversation)
        return (str(json.loads(kept)[0]), str(json.loads(kept)[1])) if kept else ("", "")

    def keep(self, conversation: str, name: str, state: str) -> None:
        """Keeps what a conversation's skill goes on with; "" drops it."""
        if state:
            self._settings.set(_PENDING + conversation, json.dumps([name, state]))
        else:
            self._settings.remove(_PENDING + conversation)

    def _doing(self, name: str, may: frozenset[str], request: str, conversation: str, hands: Hands) -> Do:
        """A deed asked for by a script: through the gate, for what the request itself asks for and no more."""
        from ..guard.plan import planned

        declared = self._world.declared()
        session = Session(planned(request, sorted(may & declared.keys()), declared), conversation, tools=may)

        def do(tool: str, given: dict[str, object]) -> str:
            if tool not in declared:
                return f"there is no {tool}"
            label = hands.label.joined(Label(Integrity.UNTRUSTED, sources=(f"skill:{name}",)))
            arguments = {key: (Value(str(value), label, declared[tool].parameters[key].type),) for key, value in given.items()
                         if key in declared[tool].parameters}  # fmt: skip
            try:
                attempt = self._world.attempt(tool, arguments, session, self._clock())
            except OwnmindError as error:
                return error.message
            self._told()
            if attempt.result is not None:
                return attempt.result.text
            return "it waits for the person's yes" if attempt.action and attempt.action.state is ActionState.WAITING else "it was refused"

        return do

    # Inside

    def _held(self, name: str) -> tuple[Bundle, str, Kept | None]:
        if name in shipped.MADE:
            return shipped.load(name), "builtin", None
        for state in ("active", "waiting"):
            kept = self._versions.get(name, state)
            if kept is not None:
                return self._unpacked(kept), state, kept
        raise NotFound(f"there is no skill {name[:64]}", hint="`ownmind skills` lists them")

    def _asks(self, bundle: Bundle) -> tuple[Asked, ...]:
        return asks(bundle, self._world.declared())

    def _permitted(self, bundle: Bundle, kept: Kept | None) -> tuple[Asked, ...]:
        """What it asks for; of an approved one only what was approved counts as given, whatever has come to be since."""
        found = self._asks(bundle)
        if kept is None or kept.state != "active":
            return found
        return tuple(replace(one, given=one.given and one.name in kept.granted) for one in found)

    def _of_kept(self, kept: Kept, *, name_is_on: bool) -> Skill:
        held = self._unpacked(kept)
        return _shown(held, kept.state, name_is_on, self._permitted(held, kept), kept)

    def _unpacked(self, kept: Kept) -> Bundle:
        return bundles.unpack(self._versions.content(kept), kept.digest)

    def _ask(self, found: Bundle, path: str) -> Action:
        name, now = found.skill.name, self._clock()
        if name in shipped.MADE:
            raise BadInput(f"{name} is the name of a built-in skill", hint="its author has to give it another")
        for waiting in self._waiting(name):
            self._world.deny(waiting.id, now)
        asked, active = self._asks(found), self._versions.get(name)
        self._versions.wait(name, found.digest, bundles.pack(found), Path(path).expanduser().name, now)
        theirs = Label(Integrity.UNTRUSTED, sources=(f"skill:{name}",))
        words = {
            "name": name,
            "may": may(asked),
            "change": changed(change(self._unpacked(active), found, self._world.declared())) if active else "",
            "description": found.skill.description,
            "gives": ", ".join(sorted(granted(asked))),
            "digest": found.digest,
        }
        arguments = {key: (Value(value, theirs, DECLARED.parameters[key].type),) for key, value in words.items() if value}
        attempt = self._world.attempt(NAME, arguments, Session(Plan(""), by_us=True), now)
        if attempt.action is None or attempt.action.state is not ActionState.WAITING:
            self._versions.refuse(name, found.digest)
            raise Refused(f"{name} was not let in: {' '.join(attempt.decision.reasons)}")
        self._told()
        return attempt.action

    def _allow(self, arguments: Arguments, now: datetime) -> Result:
        said = {name: str(values[0].data) for name, values in arguments.items() if values}
        name, digest = said["name"], said["digest"]
        given = [one for one in said.get("gives", "").split(", ") if one]
        if not self._versions.approve(name, digest, given, now):
            raise BadInput(f"that version of {name} is not kept any more", hint="install it anew")
        return Result(f"The skill {name} is installed.", undo=json.dumps({"name": name, "digest": digest}))

    def _take_back(self, kept: str) -> str:
        was = json.loads(kept)
        match self._versions.back(str(was["name"]), str(was["digest"])):
            case "before":
                return f"The version of {was['name']} before it runs again."
            case "none":
                return f"{was['name']} is removed again."
        raise Refused(f"another version of {was['name']} is installed by now", hint="`ownmind skills` lists them")

    def _waiting(self, name: str = "") -> list[Action]:
        found = self._world.actions.listed((ActionState.WAITING,), 1000, now=self._clock())
        return [one for one in found if one.tool == NAME and (not name or _argument(one, "name") == name)]

    def _settle(self) -> None:
        """Lets versions go whose question was denied, or waited too long."""
        waiting = self._versions.all("waiting")
        if waiting:
            asked = {_argument(one, "digest") for one in self._waiting()}
            for kept in waiting:
                if kept.digest not in asked:
                    self._versions.refuse(kept.name, kept.digest)


@dataclass
class Started:
    """A run that is about to begin. Its hands hold sources, label and warnings once its pieces have come."""

    job: Job
    book: Skills

    @property
    def hands(self) -> Hands:
        return self.job.hands

    async def pieces(self) -> AsyncGenerator[str]:
        """The answer as it comes; what it leaves for the next message of its conversation is kept at the end."""
        from .running import run

        async with aclosing(run(self.job)) as pieces:
            async for piece in pieces:
                yield piece
        for warning in dict.fromkeys(self.hands.warnings):
            yield f"\n\n({warning})"
        if self.job.conversation:
            await asyncio.to_thread(self.book.keep, self.job.conversation, self.job.bundle.skill.name, self.job.left)


def may(asked: tuple[Asked, ...]) -> str:
    """What is asked for, in one text: what approval gives, then what it does not."""
    given, not_given = [one.says for one in asked if one.given], [one.says for one in asked if not one.given]
    return "; ".join(given or [_NOTHING]) + ("" if not not_given else f". Not given: {'; '.join(not_given)}") + ". Network: none"


def changed(change: Change) -> str:
    """What an update changes, in one text."""
    parts = [f"now also asks to {one.says}" for one in change.more] + [f"no longer asks to {one.says}" for one in change.less]
    parts += [f"{path} {how}" for path, how in change.files]
    return "; ".join(parts) + (f"\n{change.text[:4000]}" if change.text else "")


def _shown(held: Bundle, state: str, is_on: bool, asked: tuple[Asked, ...], kept: Kept | None = None, *, whole: bool = False) -> Skill:
    skill = held.skill
    meta = skill.metadata
    return Skill(
        skill.name, skill.description, state, is_on, held.digest, asked, skill.license, skill.compatibility, meta.get("version", ""),
        meta.get("author", ""), kept.came_from if kept else "", kept.approved_at if kept else None, meta.get("ownmind-weak", ""),
        meta.get("ownmind-example", ""), skill.body if whole else "",
        tuple((path, len(content)) for path, content in held.files.items()) if whole else (),
    )  # fmt: skip


def _nothing(new: Bundle) -> Bundle:
    """What a skill that was never there is compared with."""
    return Bundle(replace(new.skill, allowed_tools=(), body=""), {}, "")


def _argument(action: Action, name: str) -> str:
    return next((one.value for one in action.arguments if one.name == name), "")


__all__ = ["DECLARED", "NAME", "Look", "Ran", "Skill", "Skills", "Sort", "Started"]
