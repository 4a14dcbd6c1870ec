"""Where the time goes: spans of a turn or of a piece of background work, as OpenTelemetry has them.

A house has a `Tracer` of its own (never the process's global one: many houses may be open), and what it records is found through a
context variable that ``asyncio.to_thread`` carries along. So any room says ``with span("recall", items=6)`` without knowing who listens;
where nothing is recorded that costs well under a microsecond.

A span has counts and times, never words. ``words`` given to one are kept only where the person asked for it (``trace_contents``). Model
calls are named as the semantic conventions for generative AI have it (gen_ai.request.model, gen_ai.usage.input_tokens ...). What was sent
to a model (`Request`) is handed over beside the spans: whoever keeps it decides for how long.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Iterator
from contextvars import Context, ContextVar, Token, copy_context
from dataclasses import dataclass, field
from types import TracebackType
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from opentelemetry.context import Context as Above
    from opentelemetry.sdk.trace import ReadableSpan
    from opentelemetry.trace import Span as OpenSpan
    from opentelemetry.trace import Tracer as OpenTracer

T = TypeVar("T")
Count = bool | int | float | str
"""A number, or a short name from a closed list: a model's, a kind. Never a person's words."""

MODEL = "chat"  # the span of one request to a model (gen_ai.operation.name)
MOST_SPANS = 2_000  # of one recording: a loop gone wrong must not fill the memory


@dataclass(frozen=True, slots=True)
class Ended:
    """A span that is over. ``start`` is Unix seconds, ``seconds`` how long it took; ``parent`` is 0 for the whole."""

    id: int
    parent: int
    name: str
    start: float
    seconds: float
    counts: dict[str, Count]
    words: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """One request to a model: exactly what it was sent, as (role, text), and what that cost. ``purpose``: the part of the turn that asked.
    ``input_tokens`` includes ``cached_tokens``, which the model had evaluated before; both 0 where it does not say."""

    purpose: str
    model: str
    messages: tuple[tuple[str, str], ...]
    input_tokens: int = 0
    cached_tokens: int = 0
    output_tokens: int = 0
    seconds: float = 0.0


@dataclass
class Recording:
    """What is recorded of one turn or piece of work. ``counts`` become those of the whole. ``spans`` are there when it is over, the whole
    first, then in the order in which they began."""

    kind: str
    counts: dict[str, Count]
    keeps_words: bool
    requests: list[Request] = field(default_factory=list)
    spans: tuple[Ended, ...] = ()


@dataclass(slots=True)
class _Here:
    """Where in a recording the code that runs now is."""

    recording: Recording
    tracer: OpenTracer
    above: Above
    span: OpenSpan
    name: str


_HERE: ContextVar[_Here | None] = ContextVar("ownmind_trace", default=None)


class Tracer:
    """Records for one house. ``keep`` is given each recording once it is over, in the thread that ended it (it must not block), with what
    ``mark`` said when it began."""

    def __init__(self, keep: Callable[[Recording, int], None], *, mark: Callable[[], int] = lambda: 0, contents: bool = False) -> None:
        self._keep, self._mark, self._contents = keep, mark, contents
        self._open: _Provider | None = None

    @contextlib.contextmanager
    def recorded(self, kind: str, **counts: Count) -> Iterator[Recording]:
        """Records what the block does, in every thread and task it begins."""
        provider, mark = self._open or _Provider(), self._mark()
        self._open = provider
        recording = Recording(kind, dict(counts), self._contents)
        here, finish = provider.begin(recording)
        token = _HERE.set(here)
        try:
            yield recording
        finally:
            with contextlib.suppress(ValueError):  # a generator that was dropped is ended in a context of somebody else's
                _HERE.reset(token)
            recording.spans = finish()
            self._keep(recording, mark)

    def stream(self, kind: str, make: Callable[[Recording], AsyncGenerator[T]], **counts: Count) -> AsyncGenerator[T]:
        """What ``make`` streams, recorded. An async generator runs in the context of whoever asks for its next value, so it is given
        one of its own: it would leave its span behind in its caller's, or lose it to a caller that asks from another task."""
        return _in_context(copy_context(), self._recorded_stream(kind, make, counts))

    async def _recorded_stream(
        self, kind: str, make: Callable[[Recording], AsyncGenerator[T]], counts: dict[str, Count]
    ) -> AsyncGenerator[T]:
        with self.recorded(kind, **counts) as recording:
            async with contextlib.aclosing(make(recording)) as values:
                async for value in values:
                    yield value


# In the middle of it


class span:  # noqa: N801  # used as a verb would be: with span("recall")
    """Times a part of what is recorded now. ``counts`` may be added inside with ``count``."""

    __slots__ = ("_counts", "_inside", "_name", "_token", "_words")

    def __init__(self, name: str, *, words: str = "", **counts: Count) -> None:
        self._name, self._words, self._counts = name, words, counts

    def __enter__(self) -> None:
        above = _HERE.get()
        self._inside: _Here | None = None if above is None else _begun(above, self._name, self._counts, self._words)
        self._token: Token[_Here | None] | None = None if above is None else _HERE.set(self._inside)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._inside is None or self._token is None:
            return
        if kind is not None:
            self._inside.span.set_attribute("error.type", kind.__name__)
        self._inside.span.end()
        with contextlib.suppress(ValueError):
            _HERE.reset(self._token)


def count(**counts: Count) -> None:
    """Adds counts to the part that runs now; nothing where nothing is recorded."""
    here = _HERE.get()
    if here is not None:
        here.span.set_attributes(counts)


def is_recorded() -> bool:
    return _HERE.get() is not None


class Asking:
    """One request to a model while it runs: a span that is no parent of what happens meanwhile, because a stream is left and taken up
    again. ``waited``: seconds that were really spent waiting for the model, where that is less than until the end."""

    def __init__(self, model: str, messages: Callable[[], tuple[tuple[str, str], ...]], purpose: str = "") -> None:
        self._here = here = _HERE.get()
        self._began = time.perf_counter()
        self._model = model
        self._is_over = False
        if here is not None:
            self._purpose = purpose or here.name
            self._messages = messages()
            self._span = _begun(here, f"{MODEL} {model}", {"gen_ai.operation.name": MODEL, "gen_ai.request.model": model}, "").span

    def answered(
        self,
        *,
        input_tokens: int = 0,
        cached_tokens: int = 0,
        output_tokens: int = 0,
        waited: float | None = None,
        prompt: float = 0.0,
        generation: float = 0.0,
        words: str = "",
    ) -> None:
        """Ends it; a second time does nothing. ``prompt`` and ``generation``: seconds as the model measured them."""
        here = self._here
        if here is None or self._is_over:
            return
        self._is_over = True
        seconds = time.perf_counter() - self._began
        held = seconds if waited is None else waited
        span = self._span
        span.set_attributes(
            {
                "purpose": self._purpose,
                "gen_ai.usage.input_tokens": input_tokens,
                "gen_ai.usage.cache_read.input_tokens": cached_tokens,
                "gen_ai.usage.output_tokens": output_tokens,
                "waited": held,
                "prompt": prompt,
                "generation": generation,
                "queue": max(0.0, held - prompt - generation) if prompt or generation else 0.0,
            }
        )
        if words and here.recording.keeps_words:
            span.set_attribute(_WORDS, words)
        span.end()
        here.recording.requests.append(
            Request(self._purpose, self._model, self._messages, input_tokens, cached_tokens, output_tokens, seconds)
        )


_WORDS = "ownmind.words"


def _begun(above: _Here, name: str, counts: dict[str, Count], words: str) -> _Here:
    from opentelemetry.trace import set_span_in_context

    began = above.tracer.start_span(name, above.above, attributes=counts)
    if words and above.recording.keeps_words:
        began.set_attribute(_WORDS, words)
    return _Here(above.recording, above.tracer, set_span_in_context(began, above.above), began, name)


class _Provider:
    """OpenTelemetry's own machinery, with a processor that collects by trace. Its import is .03 s beside the agent library's."""

    def __init__(self) -> None:
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
        from opentelemetry.sdk.trace.sampling import ALWAYS_ON

        ended: dict[int, list[ReadableSpan]] = {}

        class Collector(SpanProcessor):
            def on_end(self, span: ReadableSpan) -> None:
                held = ended.get(span.context.trace_id) if span.context is not None else None
                if held is not None and len(held) < MOST_SPANS:
                    held.append(span)

        provider = TracerProvider(ALWAYS_ON, Resource.get_empty(), shutdown_on_exit=False)
        provider.add_span_processor(Collector())
        self._ended = ended
        self._tracer = provider.get_tracer("ownmind")

    def begin(self, recording: Recording) -> tuple[_Here, Callable[[], tuple[Ended, ...]]]:
        """Begins the span of the whole; gives what ends it and collects the others."""
        from opentelemetry.context import Context as Empty
        from opentelemetry.trace import set_span_in_context

        whole = self._tracer.start_span(recording.kind, Empty())
        trace = whole.get_span_context().trace_id
        self._ended[trace] = []

        def finish() -> tuple[Ended, ...]:
            whole.set_attributes(recording.counts)
            whole.end()
            return tuple(_ended(each) for each in sorted(self._ended.pop(trace), key=lambda each: each.start_time or 0))

        return _Here(recording, self._tracer, set_span_in_context(whole, Empty()), whole, recording.kind), finish


def _ended(span: ReadableSpan) -> Ended:
    start, end = span.start_time or 0, span.end_time or 0
    counts = {name: value for name, value in (span.attributes or {}).items() if isinstance(value, bool | int | float | str)}
    words = str(counts.pop(_WORDS, ""))
    assert span.context is not None
    parent = span.parent.span_id if span.parent is not None else 0
    return Ended(span.context.span_id, parent, span.name, start / 1e9, (end - start) / 1e9, counts, words)


# A stream in a context of its own


async def _in_context(context: Context, values: AsyncGenerator[T]) -> AsyncGenerator[T]:
    try:
        while True:
            try:
                value = await _Within(context, values.__anext__())
            except StopAsyncIteration:
                return
            yield value
    finally:
        await _Within(context, values.aclose())


class _Within(Awaitable[T]):
    """``inner`` awaited with every step of it in ``context``."""

    def __init__(self, context: Context, inner: Awaitable[T]) -> None:
        self._context, self._inner = context, inner

    def __await__(self) -> Generator[object, object, T]:
        steps = self._inner.__await__()
        step: Callable[[], object] = lambda: next(steps)  # noqa: E731  # the first step; each later one is made below
        while True:
            try:
                waits_for = self._context.run(step)
            except StopIteration as end:
                value: T = end.value
                return value
            try:
                given = yield waits_for
            except BaseException as error:  # noqa: BLE001  # a cancellation too belongs to who is being awaited
                step = _thrown(steps, error)
            else:
                step = _sent(steps, given)


def _thrown(steps: Generator[object, object, T], error: BaseException) -> Callable[[], object]:
    return lambda: steps.throw(error)


def _sent(steps: Generator[object, object, T], given: object) -> Callable[[], object]:
    return lambda: steps.send(given)
