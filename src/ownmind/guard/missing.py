"""What could still be read in the person's own house so that a call need not be asked about: the readings, named by code.

"The channel with the most users" is decided over all channels; a model that looked at three of four leaves a question that reading the
fourth answers. The executor makes these reads itself and decides again. Only reads (`Effect.READS`: no byte leaves for them) that the
request's own words call for, so that what was read steers nothing but their arguments: a name from a list, asked about once. What comes
back carries its labels as any read does, and is shown to no model.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from .declared import Declaration, Effect, Parameter, Role
from .gate import Call
from .labels import Type
from .picking import is_each, is_highest, said_there
from .plan import Plan, is_used_up
from .seen import Reading, Seen, unread

MOST = 40  # readings for one call; what takes more is asked about


def missing(call: Call, plan: Plan, declared: Mapping[str, Declaration], seen: Sequence[Seen]) -> tuple[Reading, ...]:
    """The readings after which ``call`` could be decided without the person; none when none would help, or it would take too many. After
    they are made there may be more: a list names what is to be read next."""
    step = plan.step(call.name)
    if call.tool is None or step is None or is_used_up(step, seen):
        return ()
    reads = [tool for tool in declared.values() if tool.effect is Effect.READS]
    wanted = {
        tool.name: tool
        for name in call.arguments
        if (parameter := call.tool.parameters.get(name)) is not None
        for tool in reads
        if any(_calls_for(parameter, tool, plan.request))
    }
    readings = {_key(reading): reading for tool in wanted.values() for reading in unread(tool, reads, seen)}
    return tuple(readings.values()) if len(readings) <= MOST else ()


def _calls_for(parameter: Parameter, tool: Declaration, request: str) -> Iterator[bool]:
    """Whether reading all of ``tool`` can bind a value here: one claim for each way to mean it."""
    if parameter.role is Role.TARGET:
        yield tool.whole and bool(tool.kind) and tool.kind == parameter.kind
    if parameter.role not in (Role.TARGET, Role.AUTHORITY):
        return
    yield any(measure.kind == parameter.kind and is_highest(request, measure.nouns) is not None for measure in tool.measures)
    yield is_each(parameter.kind, request) and tool.kind == parameter.kind
    yield tool.talk is not None and tool.parameters[tool.talk.place].kind == parameter.kind and said_there(request) is not None
    yield tool.transfer is not None and (parameter.type is Type.IBAN or parameter.like == tool.transfer.amount)
    yield bool(tool.wrote_to) and parameter.type is Type.EMAIL


def _key(reading: Reading) -> tuple[str, ...]:
    return (reading.tool.name, *(f"{name}={value.data}" for name, values in reading.arguments.items() for value in values))
