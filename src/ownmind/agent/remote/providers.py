"""Who lends models to this home, the rule that says who answers what, and what it costs: the face ``providers``.

Nothing of it sends a word of the person's. ``test`` and ``models`` each send one request that is always the same, and asking for it is the
yes to just that; it stands in the ledger as any other.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ...config import Config, Provider, Route, write, write_tables
from ...egress.door import Door
from ...errors import BadInput, KeyRefused, RemoteFailed
from ...messages import Integrity, Item, Kind, Label, Source
from ...models.elsewhere.endpoint import endpoint
from ...models.elsewhere.presets import Priced, preset, presets
from ...store.costs import Spent
from .asking import ANSWER, RemoteBrain
from .budget import month_of
from .probing import greet, listing
from .rules import LOCAL, Rule, asking, choose, in_words, route_of, rules_of

if TYPE_CHECKING:
    from ...memory.memory import Memory

TEST = "test the key"
LIST = "list the models"
_LONGEST = 4000  # characters of a message to explain


@dataclass(frozen=True, slots=True)
class PresetCard:
    """A kind of provider. ``models`` are examples, ``prices`` what was known of them on a day."""

    kind: str
    title: str
    url: str
    key_at: str  # where it gives keys
    models: tuple[str, ...]
    prices: tuple[Priced, ...]


@dataclass(frozen=True, slots=True)
class ProviderCard:
    """A provider as the person set it up. Its key is never shown, only whether there is one."""

    name: str
    kind: str
    title: str
    url: str
    model: str
    destination: str  # as permissions and the ledger name it; "" when the settings are wrong
    has_key: bool
    may_answer: bool  # a permission stands: it is asked without showing each text first
    is_used: bool  # a line of the rule names it
    price_in: float | None  # of a million tokens; None: not known
    price_out: float | None
    priced_by: str  # "you", or the day on which our table was read
    currency: str
    cap: float | None  # the most it may cost in a month
    spent: float  # this month; what nobody counted at its worst
    most_tokens: int  # of one answer
    rests_until: datetime | None  # it asked not to be asked before
    wrong: str  # with its settings, in words


@dataclass(frozen=True, slots=True)
class Rules:
    """The rule as it stands. ``lines`` are read from top to bottom; where none fits, the brain here answers."""

    lines: tuple[Rule, ...]
    local: str  # id of the brain here
    is_offline: bool
    wrong: str  # with a line, in words; then nothing is asked of anybody elsewhere


@dataclass(frozen=True, slots=True)
class Explained:
    """Who would answer a message, and why. Nothing was sent."""

    task: str
    whens: tuple[str, ...]  # the conditions that hold
    to: str  # the name of a provider, or local
    model: str
    line: str  # of the rule that decided; "" when none did
    may_answer: bool  # it would be asked at once; else the text is shown first
    why: str


@dataclass(frozen=True, slots=True)
class Costs:
    """What a month cost. ``spent``: by provider and model."""

    month: str  # 2026-11
    currency: str  # of the sum; "" where there are several, and then there is none
    total: float
    cap: float | None  # of all together
    spent: tuple[Spent, ...]


@dataclass(frozen=True, slots=True)
class Tested:
    """What one small request said of a provider."""

    name: str
    model: str
    key: str  # right, wrong, none (and none was wanted), or unknown
    is_there: bool  # the model answered
    price_in: float | None
    price_out: float | None
    currency: str
    cost: float | None  # of this request; None where no price is known
    said: str  # in words


@dataclass(frozen=True, slots=True)
class Listed:
    """The models a provider says it has, in its order."""

    name: str
    models: tuple[str, ...]


class Providers:
    """The face. ``path``: of the settings. ``changed`` is called when who answers may be another."""

    def __init__(
        self,
        remote: RemoteBrain,
        door: Door,
        path: Path,
        memory: Memory,
        local: Callable[[], str],
        changed: Callable[[], None] = lambda: None,
    ) -> None:
        self._remote, self._door, self._path, self._memory, self._local, self._changed = remote, door, path, memory, local, changed

    def presets(self) -> tuple[PresetCard, ...]:
        """The kinds of providers there are, with what is known of each."""
        return tuple(PresetCard(one.kind, one.title, one.url, one.key_at, one.models, one.prices) for one in presets().values())

    def all(self) -> tuple[ProviderCard, ...]:
        """The providers of this home, in the order of the settings."""
        return tuple(self._card(one) for one in self._config.provider)

    def get(self, name: str) -> ProviderCard:
        """Raises NotFound."""
        return self._card(self._remote.provider(name))

    def set(
        self,
        name: str,
        kind: str = "",
        url: str | None = None,
        model: str = "",
        price_in: float | None = None,
        price_out: float | None = None,
        currency: str = "",
        most_tokens: int | None = None,
    ) -> ProviderCard:
        """A provider by this name, new or changed: what is left out stays. A negative price is one that is not known. Nothing is asked of
        it until a line of the rule names it. Raises BadInput."""
        held = {one.name: one for one in self._config.provider}
        was = held.get(name) or Provider(name=name, kind=kind or _kind_of(name))
        chosen = kind or was.kind
        first = next(iter(preset(chosen).models), "")
        made = replace(
            was, kind=chosen, url=was.url if url is None else url.strip(), model=model.strip() or was.model or first,
            price_in=was.price_in if price_in is None else price_in, price_out=was.price_out if price_out is None else price_out,
            currency=currency.upper() or was.currency, most_tokens=was.most_tokens if most_tokens is None else most_tokens,
        )  # fmt: skip
        endpoint(made)
        others = [one for one in held.values() if one.name != name]
        if self._config.monthly_cap >= 0 and any(one.currency != made.currency for one in others):
            raise BadInput(
                "a cap over all of them adds up one currency only", hint=f"prices in {others[0].currency}, or take that cap away"
            )
        self._keep(provider=[*(held | {name: made}).values()])
        return self._card(made)

    def key(self, name: str, key: str) -> ProviderCard:
        """Keeps a provider's key in the encrypted store, for the address it has now; "" takes it away. Raises NotFound, BadInput."""
        held = self._remote.provider(name)
        self._remote.keep_key(name, endpoint(held).destination, key.strip())
        return self._card(held)

    def forget(self, name: str) -> tuple[ProviderCard, ...]:
        """Takes a provider away, its key and the lines of the rule that name it; gives those left. What it cost stays counted."""
        gone = self._remote.provider(name)
        with suppress(BadInput):  # a place that is none has no key
            self._remote.keep_key(name, endpoint(gone).destination, "")
        self._keep(
            provider=[one for one in self._config.provider if one.name != name],
            route=[one for one in self._config.route if one.to != name],
        )
        return self.all()

    def cap(self, name: str = "", amount: float | None = None) -> tuple[ProviderCard, ...]:
        """Says how much a provider may cost in a month; with no name all of them together. None: without an end. Raises BadInput."""
        if amount is not None and amount < 0:
            raise BadInput("a cap is an amount", hint="such as 5")
        said = -1.0 if amount is None else amount
        if name:
            self._remote.provider(name)
            self._keep(provider=[replace(one, cap=said) if one.name == name else one for one in self._config.provider])
            return self.all()
        if amount is not None and len({one.currency for one in self._config.provider}) > 1:
            raise BadInput("they are paid in several currencies, which a cap cannot add up", hint="give each its own cap")
        write(self._path, "monthly_cap", said)
        self._remote.config = replace(self._config, monthly_cap=said)
        return self.all()

    # The rule

    def rules(self) -> Rules:
        """The rule that says who answers what."""
        lines: tuple[Rule, ...] = ()
        wrong = ""
        try:
            lines = self._remote.rules()
        except BadInput as error:
            wrong = f"{error.message}; {error.hint}"
        return Rules(lines, self._local(), self._remote.is_offline, wrong)

    def set_rules(self, lines: tuple[str, ...]) -> Rules:
        """The rule anew, a line each: ``write to anthropic``, ``code when long to openai with MODEL``, ``everything to local``. No line:
        the brain here answers everything. Raises BadInput."""
        routes = [route_of(line) for line in lines]
        for rule in rules_of(routes, [one.name for one in self._config.provider]):
            if rule.to != LOCAL:
                self._remote.endpoint(rule.to, rule.model)
        self._keep(route=routes)
        return self.rules()

    def use(self, name: str) -> Rules:
        """Has a provider answer everything, or the brain here (``local``): the rule of one line, or none. Raises NotFound, BadInput."""
        return self.set_rules(() if name == LOCAL else (in_words(Route(to=self._remote.provider(name).name)),))

    def explain(self, text: str) -> Explained:
        """Who would answer this message, by which line and why. Nothing is sent and nothing kept."""
        asked = asking(text, personal=self._is_personal(text[:_LONGEST]))
        whens = tuple(sorted(asked.whens))
        rules = self.rules()
        if rules.wrong:
            return Explained(asked.task, whens, LOCAL, self._local(), "", True, f"The rule cannot be read: {rules.wrong}.")
        rule = choose(rules.lines, asked)
        if rule is None:
            fits = next((one for one in rules.lines if one.to == LOCAL and choose([replace(one, to=".")], asked)), None)
            why = "That line keeps it here." if fits else "There is no rule." if not rules.lines else "No line fits, so it stays here."
            return Explained(asked.task, whens, LOCAL, self._local(), fits.line if fits else "", True, why)
        card, chosen = self._card(self._remote.provider(rule.to)), self._remote.chosen(asked)
        why = "It is asked at once, and what is secret stays here." if card.may_answer else "You are shown the text first."
        if card.wrong or chosen is None:
            why = f"It cannot be asked: {card.wrong}. The brain here answers."
        elif chosen.against:
            why = f"{chosen.against}, so the brain here answers."
        elif asked.personal:
            why += " Where memory holds no answer, nobody is asked."
        return Explained(asked.task, whens, rule.to, rule.model or card.model, rule.line, card.may_answer, why)

    # What it costs

    def costs(self, month: str = "") -> Costs:
        """What a month cost (2026-11); this one when left out. Raises BadInput."""
        named = month or month_of(self._remote.clock())
        try:
            datetime.strptime(named, "%Y-%m")  # only whether it is a month
        except ValueError as error:
            raise BadInput(f"{named[:20]!r} is no month", hint="such as 2026-11") from error
        spent = tuple(self._remote.costs.by_model(named))
        currencies = {one.currency for one in spent if one.amount}
        cap = self._config.monthly_cap
        total = sum(one.amount for one in spent) if len(currencies) < 2 else 0.0
        return Costs(named, next(iter(currencies)) if len(currencies) == 1 else "", total, cap if cap >= 0 else None, spent)

    # What asks

    def test(self, name: str) -> Tested:
        """Sends a provider one request of two words, the same from every home, and says whether it takes the key, has the model, and what
        that costs. Asking for it is the yes to it. What is wrong is said, not raised, but for DoorClosed and OverBudget."""
        at = self._remote.endpoint(name)
        key = self._remote.key(name, at.destination)
        budget, bad = self._remote.budget(at, TEST), None
        with ThreadPoolExecutor(1) as thread:  # in a loop of its own: whoever asks may be in any thread
            try:
                thread.submit(asyncio.run, greet(at, key, self._door, budget, purpose=TEST)).result()
            except (KeyRefused, RemoteFailed) as error:
                bad = error
        held = "none" if not key else "right" if bad is None else "wrong" if isinstance(bad, KeyRefused) else "unknown"
        priced = "." if at.priced_by else "; what it costs is not known, so no cap can hold."
        said = f"{at.model} answered{priced}" if bad is None else f"{bad.message[:1].upper()}{bad.message[1:]}; {bad.hint}."
        cost = self._remote.costs.of(budget.calls)
        return Tested(name, at.model, held, bad is None, at.price_in, at.price_out, at.currency, cost.amount if cost else None, said)

    def models(self, name: str) -> Listed:
        """The models a provider says it has. Asking for it is the yes to that request. Raises KeyRefused, RemoteFailed, DoorClosed."""
        at = self._remote.endpoint(name)
        return Listed(name, listing(at, self._remote.key(name, at.destination), self._door, purpose=LIST))

    @property
    def _config(self) -> Config:
        return self._remote.config

    def _card(self, one: Provider) -> ProviderCard:
        at, wrong = None, ""
        try:
            at = endpoint(one)
        except BadInput as error:
            wrong = error.message
        to = at.destination if at else ""
        return ProviderCard(
            name=one.name,
            kind=one.kind,
            title=presets()[one.kind].title if one.kind in presets() else one.kind,
            url=at.url if at else one.url,
            model=one.model,
            destination=to,
            has_key=bool(to) and bool(self._remote.key(one.name, to)),
            may_answer=bool(to) and self._remote.may(to, ANSWER),
            is_used=any(route.to == one.name for route in self._config.route),
            price_in=at.price_in if at else None,
            price_out=at.price_out if at else None,
            priced_by=at.priced_by if at else "",
            currency=one.currency,
            cap=one.cap if one.cap >= 0 else None,
            spent=self._remote.costs.spent(month_of(self._remote.clock()), one.name),
            most_tokens=at.most_tokens if at else one.most_tokens,
            rests_until=self._remote.rests_until(one.name),
            wrong=wrong,
        )

    def _keep(self, **tables: list[Provider] | list[Route]) -> None:
        """In the settings' file, and in force at once."""
        config = replace(self._config, **{name: tuple(rows) for name, rows in tables.items()})  # type: ignore[arg-type]  # of one kind each
        write_tables(self._path, provider=config.provider, route=config.route)
        self._remote.config = config
        self._changed()

    def _is_personal(self, text: str) -> bool:
        """As the turn decides it."""
        from ..evidence import Message, gather, is_about_the_person
        from ..intent import intent

        now = self._remote.clock()
        item = Item("i0", text, Source("conversation:explain", "conversation"), Label(Integrity.PERSON), Kind.MESSAGE, now, "", "", 1, now)
        message = Message(item, text, intent(text).want, now)
        return is_about_the_person(message, gather(message, self._memory))


def _kind_of(name: str) -> str:
    """The kind that a new provider of this name is, when nobody says."""
    return name if name in presets() else "compatible"
