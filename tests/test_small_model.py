"""A small model behind the agent library's own interface: calls where a tool fits, text where none does and once results are in."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from pydantic_ai import Agent, ModelMessage, ModelRequest, ModelResponse, ModelSettings, ToolOutput
from pydantic_ai.messages import TextPart, ToolCallPart, ToolReturnPart, UserPromptPart
from pydantic_ai.models import ModelRequestParameters
from pydantic_ai.tools import ToolDefinition

from ownmind import paths
from ownmind.agent.acting.toolset import takes_tools
from ownmind.models.conformance import broken, check_model
from ownmind.models.llama.embedded import EmbeddedModel
from ownmind.models.llama.frames import Json
from ownmind.models.llama.worker import LlamaWorker
from ownmind.models.scripted import ScriptedModel
from ownmind.models.shelf import fetch
from ownmind.models.small.calls import Offered, calls
from ownmind.models.small.model import SmallModel

WEATHER = ToolDefinition(
    name="get_weather",
    description="The weather of a city.",
    parameters_json_schema={
        "type": "object",
        "properties": {"city": {"type": "string"}, "unit": {"type": "string", "enum": ["C", "F"]}},
        "required": ["city"],
    },
)
CLOCK = ToolDefinition(name="get_time", description="The time in a city.", parameters_json_schema=WEATHER.parameters_json_schema)


def ask(
    model: SmallModel, messages: list[ModelMessage] | str, *tools: ToolDefinition, settings: ModelSettings | None = None, text: bool = True
) -> ModelResponse:
    given: list[ModelMessage] = [ModelRequest(parts=[UserPromptPart(messages)])] if isinstance(messages, str) else messages
    return asyncio.run(model.request(given, settings, ModelRequestParameters(function_tools=list(tools), allow_text_output=text)))


def calls_of(reply: ModelResponse) -> list[tuple[str, object]]:
    return [(part.tool_name, part.args) for part in reply.parts if isinstance(part, ToolCallPart)]


def test_calls_come_as_the_library_knows_them() -> None:
    """Several calls of several tools in one reply, each with an id of its own."""
    answer = {"calls": [{"get_weather": {"city": "Rome"}}, {"get_time": {"city": "Oslo"}}]}
    reply = ask(SmallModel(ScriptedModel(json.dumps(answer))), "Weather in Rome, and the time in Oslo?", WEATHER, CLOCK)
    assert calls_of(reply) == [("get_weather", {"city": "Rome"}), ("get_time", {"city": "Oslo"})]
    assert len({part.tool_call_id for part in reply.parts if isinstance(part, ToolCallPart)}) == 2


def test_no_call_means_text() -> None:
    """Where no tool fits the model speaks, and is not shown the tools then."""
    model = ScriptedModel(lambda pairs: '{"calls":[]}' if "[functions]" in pairs[-1][1] else "A small river.")
    reply = ask(SmallModel(model), "What is a brook?", WEATHER)
    assert reply.text == "A small river." and not calls_of(reply)
    assert "get_weather" not in str(model.calls[-1])


@pytest.mark.parametrize(
    "answer", ["Sure!", "[]", '{"calls":7}', '{"calls":[{"rm":{}}]}', '{"calls":[{"get_weather":3}]}', '{"calls":[{"get_w']
)
def test_what_cannot_be_read_calls_nothing(answer: str) -> None:
    """A model that ignores the grammar calls nothing."""
    model = ScriptedModel(lambda pairs: answer if "[functions]" in pairs[-1][1] else "Hm.")
    assert not calls_of(ask(SmallModel(model), "Weather in Rome?", WEATHER))


def test_once_results_are_in_it_speaks() -> None:
    """The results stand before the message they answer; nothing is routed again."""
    model = ScriptedModel("Rain, 17 degrees.")
    history: list[ModelMessage] = [
        ModelRequest(parts=[UserPromptPart("Weather in Rome?")]),
        ModelResponse(parts=[TextPart("Let me look."), ToolCallPart("get_weather", {"city": "Rome"}, tool_call_id="1")]),
        ModelRequest(parts=[ToolReturnPart("get_weather", "17 degrees, rain", tool_call_id="1")]),
    ]
    reply = ask(SmallModel(model), history, WEATHER)
    assert reply.text == "Rain, 17 degrees." and len(model.calls) == 1
    shown = model.calls[0][-1][1]
    assert 'get_weather(city="Rome"): 17 degrees, rain' in shown and shown.index("17 degrees") < shown.index("Weather in Rome?")


def test_a_refused_call_is_routed_again_with_what_was_wrong() -> None:
    """A retry is no result."""
    model = ScriptedModel('{"calls":[{"get_weather":{"city":"Rome"}}]}')
    history: list[ModelMessage] = [
        ModelRequest(parts=[UserPromptPart("Weather in Rome?")]),
        ModelResponse(parts=[ToolCallPart("get_weather", {"city": "rome"}, tool_call_id="1")]),
        ModelRequest(parts=[ToolReturnPart("get_weather", "cities are capitalised", tool_call_id="1", outcome="retried")]),
    ]
    assert calls_of(ask(SmallModel(model), history, WEATHER)) == [("get_weather", {"city": "Rome"})]
    assert "cities are capitalised" in model.calls[0][-1][1]


def test_the_choice_of_tools_is_kept() -> None:
    """ "none" asks nothing, a name alone is all that is offered, and a call must come where one is required."""
    model = ScriptedModel('{"calls":[{"get_time":{"city":"Rome"}}]}')
    assert not calls_of(ask(SmallModel(model), "Time in Rome?", WEATHER, CLOCK, settings=ModelSettings(tool_choice="none")))
    assert len(model.calls) == 1
    assert calls_of(ask(SmallModel(model), "Time in Rome?", WEATHER, CLOCK, settings=ModelSettings(tool_choice=["get_time"])))
    assert "get_weather" not in model.calls[-1][-1][1]


def test_an_agent_of_the_library_runs_its_tools() -> None:
    """The library's own loop: call, result, answer; and an answer through an output tool."""

    def script(pairs: list[tuple[str, str]]) -> str:
        last = pairs[-1][1]
        return "It rains in Rome." if "[results]" in last else '{"calls":[{"weather":{"city":"Rome"}}]}'

    agent = Agent(SmallModel(ScriptedModel(script)))
    asked: list[str] = []

    @agent.tool_plain
    def weather(city: str) -> str:
        asked.append(city)
        return "rain"

    assert agent.run_sync("How is the weather in Rome?").output == "It rains in Rome." and asked == ["Rome"]
    answering = Agent(SmallModel(ScriptedModel('{"calls":[{"final_result":{"response":4}}]}')), output_type=ToolOutput(int))
    assert answering.run_sync("How many legs has a dog? Say 4.").output == 4


def test_requests_without_tools_pass_as_they_are() -> None:
    """The companion's own turn sees the model it always saw; its tools are not its own, so plans are made as for any small model."""
    bare, wrapped = ScriptedModel("Hello."), ScriptedModel("Hello.")
    model = SmallModel(wrapped)
    messages: list[ModelMessage] = [ModelRequest(parts=[UserPromptPart("Hi")])]
    asyncio.run(bare.request(messages, ModelSettings(max_tokens=9), ModelRequestParameters()))
    asyncio.run(model.request(messages, ModelSettings(max_tokens=9), ModelRequestParameters()))
    assert bare.calls == wrapped.calls and bare.settings_seen == wrapped.settings_seen
    assert model.profile.get("supports_tools") and not takes_tools(model)


def test_many_tools_are_shown_as_far_as_they_fit() -> None:
    """A hundred tools do not fill the window: those whose words the message shares are shown."""
    many = [ToolDefinition(name=f"lamp_{n}", description=f"Something about lamp {n}. " + "More words. " * 20) for n in range(200)]
    model = ScriptedModel('{"calls":[{"get_weather":{"city":"Rome"}}]}')
    assert calls_of(ask(SmallModel(model), "Weather in the city of Rome?", *many, WEATHER))
    assert len(model.calls[0][-1][1]) < 8000


@pytest.mark.model
def test_a_real_small_model_keeps_every_promise() -> None:
    """The suite every provider passes, over 135M parameters."""
    smol = fetch.ensure("smollm2-135m-instruct-q4_1", paths=paths.find()).path

    async def play(path: Path) -> None:
        worker = LlamaWorker(path, context=4096)
        try:
            model = SmallModel(EmbeddedModel(worker, name="smol"))
            only = ("calls_one_tool", "calls_several_tools", "takes_in_a_result", "streams_in_pieces", "keeps_to_a_schema")
            found = await check_model(model, window=4096, only=only)
            assert not broken(found), "\n".join(map(str, broken(found)))
        finally:
            await worker.close()

    asyncio.run(play(smol))


def test_a_tool_for_what_is_asked_for_is_not_called_unasked() -> None:
    """A small model looks everything up; where a tool says that it is for what one asks it for, the message must ask."""
    schema: dict[str, Json] = {"type": "object", "properties": {"query": {"type": "string"}}, "required": ["query"]}
    on_request = Offered("web_search", "Searches the web for what the person asks to have searched.", schema)
    always = Offered("web_search", "Searches the web.", schema)

    def called(message: str, tool: Offered) -> int:
        answer = json.dumps({"calls": [{"web_search": {"query": message}}]})
        return len(asyncio.run(calls(message, tools=[tool], model=ScriptedModel(answer))).calls)

    assert [called("Why do leaves turn red?", tool) for tool in (on_request, always)] == [0, 1]
    assert called("Look up online why leaves turn red", on_request) == called("Search for maple trees", on_request) == 1
