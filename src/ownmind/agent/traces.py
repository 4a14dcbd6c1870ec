"""Where a turn's time went, and what the model saw: the face of what is recorded.

A recording is written after the turn, in one transaction: by a job while the person reads, before anything is read here, and when the
house is closed.
"""

from __future__ import annotations

import asyncio
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice

from ..errors import NotFound, OwnmindError
from ..jobs.runner import Job
from ..store.opening import Store
from ..store.spans import TURN, Kept, Span, Spans
from ..tracing import MODEL, Count, Recording, Tracer

_MOST_WAITING = 200  # recordings that are not written yet
_DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Recorded:
    """One turn, in milliseconds. ``ours`` is all but the model and the one who read meanwhile; ``model`` what was spent waiting for it."""

    id: str  # t12
    kind: str  # turn, or the job
    at: datetime
    ms: float
    ours_ms: float
    model_ms: float
    first_ms: float  # until the first word was out; 0 where none was
    message: str  # ids of the message and of the reply; "" where there is none
    reply: str
    model: str
    input_tokens: int
    cached_tokens: int
    output_tokens: int
    stopped: bool
    failed: str  # what ended it, "" for nothing
    set_aside: int  # earlier turns of the talk that gave way before it


@dataclass(frozen=True, slots=True)
class Timed:
    """A part of a turn. ``depth`` 0 is the whole; ``own_ms`` is without its parts; ``share`` of the whole, 0..1."""

    name: str
    depth: int
    start_ms: float
    ms: float
    own_ms: float
    share: float
    is_model: bool
    counts: dict[str, Count]
    words: str  # "" unless the person had asked for contents


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn with its parts, each followed by those inside it."""

    turn: Recorded
    parts: tuple[Timed, ...]


@dataclass(frozen=True, slots=True)
class Spread:
    """A part over many turns, in milliseconds a turn that has it. ``share``: of all time, without the parts inside it."""

    name: str
    n: int
    p50_ms: float
    p95_ms: float
    share: float


@dataclass(frozen=True, slots=True)
class Summary:
    """Some days. ``parts``: what took the most of all time first."""

    days: int
    turns: int
    total: Spread
    ours: Spread
    model: Spread
    first: Spread
    parts: tuple[Spread, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """One message as a model was sent it."""

    role: str
    text: str


@dataclass(frozen=True, slots=True)
class Asked:
    """One request to a model. ``input_tokens`` includes ``cached_tokens``, which it had read before."""

    purpose: str
    model: str
    messages: tuple[Shown, ...]
    input_tokens: int
    cached_tokens: int
    output_tokens: int
    ms: float


@dataclass(frozen=True, slots=True)
class Seen:
    """Everything models were sent for one reply, in order. ``note`` says why there is nothing."""

    reply: str
    requests: tuple[Asked, ...]
    note: str = ""


class Traces:
    """What is recorded of one home. ``tracer`` records; everything else reads, from any thread."""

    def __init__(self, store: Store, clock: Callable[[], datetime], *, contents: bool = False) -> None:
        self._spans, self._clock = Spans(store.db), clock
        self._waiting: list[tuple[Recording, int]] = []
        self._lock = threading.Lock()
        self.tracer = Tracer(self._take, mark=self._mark, contents=contents)

    def recent(self, limit: int = 20) -> tuple[Recorded, ...]:
        """The latest turns, the latest first."""
        self.write()
        return tuple(recorded(kept) for kept in self._spans.traces(limit=limit))

    def turn(self, reply: str) -> Turn:
        """Where the time of one turn went, by its reply's or its message's id. Raises NotFound."""
        kept = self._kept(reply)
        return Turn(recorded(kept), parts(kept))

    def summary(self, days: int = 7) -> Summary:
        """The turns of so many days, part by part."""
        self.write()
        return summary(days, self._spans.traces(limit=-1, since=self._clock().timestamp() - days * _DAY))

    def background(self, days: int) -> tuple[Spread, ...]:
        """What was done while nobody talked: each job with its steps."""
        self.write()
        since = self._clock().timestamp() - days * _DAY
        steps = {kind: self._spans.traces(limit=-1, kind=kind, since=since) for kind in self._spans.kinds() if kind != TURN}
        total = sum(kept.spans[0].seconds for held in steps.values() for kept in held) or 1.0
        spent = {kind: [kept.spans[0].seconds for kept in held] for kind, held in steps.items()}
        return tuple(_spread(kind, each, sum(each) / total) for kind, each in spent.items() if each)

    def seen(self, reply: str) -> Seen:
        """Exactly what models were sent for one reply. It is kept for a week and a hundred replies, and until anything is forgotten.
        Raises NotFound."""
        kept = self._kept(reply)
        sent = self._spans.prompts(kept.id)
        requests = tuple(
            Asked(
                one.purpose,
                one.model,
                tuple(Shown(role, text) for role, text in one.messages),
                one.input_tokens,
                one.cached_tokens,
                one.output_tokens,
                one.seconds * 1000,
            )
            for one in sent
        )
        asked = any(_is_model(span) for span in kept.spans)
        note = "" if requests else "What was sent is not kept any more." if asked else "No model was asked."
        return Seen(kept.reply, requests, note)

    def write(self) -> int:
        """Makes what was recorded durable; gives how many recordings that were."""
        with self._lock:
            waiting, self._waiting = self._waiting, []
            return self._spans.keep(waiting, now=self._clock().timestamp()) if waiting else 0

    def pending(self) -> int:
        """How many recordings are not durable yet."""
        return len(self._waiting)

    def forgot(self) -> None:
        """Something was forgotten: what was recorded before has no words any more. What is kept lost them with the forgetting itself."""
        with self._lock:
            for recording, _ in self._waiting:
                recording.requests.clear()
            self._waiting = [(recording, -1) for recording, _ in self._waiting]

    def job(self) -> Job:
        """Writes what was recorded, while the person reads."""
        return Job("traces", self.pending, lambda _: asyncio.to_thread(self.write), is_recorded=False)

    def _kept(self, item: str) -> Kept:
        self.write()
        kept = self._spans.of(item)
        if kept is None:
            raise NotFound(f"there is no trace of {item}", hint="`ownmind traces` lists them")
        return kept

    def _take(self, recording: Recording, mark: int) -> None:
        with self._lock:
            self._waiting.append((recording, mark))
            del self._waiting[:-_MOST_WAITING]

    def _mark(self) -> int:
        try:
            return self._spans.newest_receipt()
        except OwnmindError:  # the turn will say so; its words are not kept
            return -1


# From rows to what a person sees


def recorded(kept: Kept) -> Recorded:
    """One trace in numbers."""
    first, asked = kept.spans[0], [span for span in kept.spans if _is_model(span)]
    waited = sum(_number(span.counts.get("waited", span.seconds)) for span in asked)
    away = _number(first.counts.get("away", 0.0))
    return Recorded(
        id=f"t{kept.id}",
        kind=kept.kind,
        at=datetime.fromtimestamp(kept.at, UTC),
        ms=first.seconds * 1000,
        ours_ms=max(0.0, first.seconds - waited - away) * 1000,
        model_ms=waited * 1000,
        first_ms=_number(first.counts.get("first", 0.0)) * 1000,
        message=kept.message,
        reply=kept.reply,
        model=str(asked[-1].counts.get("gen_ai.request.model", "")) if asked else "",
        input_tokens=_tokens(asked, "gen_ai.usage.input_tokens"),
        cached_tokens=_tokens(asked, "gen_ai.usage.cache_read.input_tokens"),
        output_tokens=_tokens(asked, "gen_ai.usage.output_tokens"),
        stopped=bool(first.counts.get("stopped", False)),
        failed=str(first.counts.get("error.type", "")),
        set_aside=int(_number(first.counts.get("set_aside", 0))),
    )


def parts(kept: Kept) -> tuple[Timed, ...]:
    """The parts of one trace, each followed by those inside it."""
    total = kept.spans[0].seconds or 1.0
    inside: dict[int, list[Span]] = defaultdict(list)
    for span in kept.spans:
        inside[span.parent].append(span)

    def below(span: Span, depth: int) -> Iterable[Timed]:
        held = inside[span.place]
        own = max(0.0, span.seconds - sum(each.seconds for each in held))
        yield Timed(
            span.name, depth, span.start * 1000, span.seconds * 1000, own * 1000, span.seconds / total, _is_model(span), span.counts,
            span.words,
        )  # fmt: skip
        yield from _of_the_model(span, depth + 1, total)
        for each in held:
            yield from below(each, depth + 1)

    return tuple(below(kept.spans[0], 0))


def _of_the_model(span: Span, depth: int, total: float) -> Iterable[Timed]:
    """What a request was spent on, as the model itself measured it."""
    start = span.start
    if _is_model(span) and span.counts.get("prompt", 0.0):
        for name in ("queue", "prompt", "generation"):
            spent = _number(span.counts.get(name, 0.0))
            yield Timed(name, depth, start * 1000, spent * 1000, spent * 1000, spent / total, True, {}, "")
            start += spent


def summary(days: int, turns: Sequence[Kept]) -> Summary:
    """Many turns, part by part."""
    told = [recorded(kept) for kept in turns]
    whole = sum(one.ms for one in told) or 1.0
    spent: dict[str, list[float]] = defaultdict(list)
    own: dict[str, float] = defaultdict(float)
    for kept in turns:
        each: dict[str, float] = defaultdict(float)
        for part in islice(parts(kept), 1, None):
            each[part.name] += part.ms
            own[part.name] += part.own_ms
        for name, ms in each.items():
            spent[name].append(ms / 1000)
    found = [_spread(name, held, own[name] / whole) for name, held in spent.items()]
    return Summary(
        days,
        len(told),
        _spread("total", [one.ms / 1000 for one in told], 1.0 if told else 0.0),
        _spread("ours", [one.ours_ms / 1000 for one in told], sum(one.ours_ms for one in told) / whole),
        _spread("model", [one.model_ms / 1000 for one in told], sum(one.model_ms for one in told) / whole),
        _spread("first", [one.first_ms / 1000 for one in told if one.first_ms], 0.0),
        tuple(sorted(found, key=lambda one: -one.share)),
    )


def _spread(name: str, seconds: Sequence[float], share: float) -> Spread:
    ordered = sorted(seconds)
    return Spread(name, len(ordered), _at(ordered, 0.5), _at(ordered, 0.95), share)


def _at(ordered: Sequence[float], part: float) -> float:
    """The quantile in milliseconds, between its neighbours; 0 of nothing."""
    if not ordered:
        return 0.0
    place = part * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return 1000 * (ordered[low] + (place - low) * (ordered[high] - ordered[low]))


def _is_model(span: Span) -> bool:
    return span.counts.get("gen_ai.operation.name") == MODEL


def _tokens(asked: Iterable[Span], name: str) -> int:
    return int(sum(_number(span.counts.get(name, 0)) for span in asked))


def _number(value: Count) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
