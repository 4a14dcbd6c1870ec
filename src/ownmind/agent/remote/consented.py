"""A question that waits for the person's yes before it leaves: the row, its preview, and what the yes does.

What would be sent is kept part by part in the row of the action, so that what is shown later is what was composed then, and what is
forgotten meanwhile goes from it. The row's digest is made of the seal of the outgoing text: a yes is for exactly that text, to that
destination, for that purpose. When it would read otherwise by now (a name that was learnt since is veiled too), nothing is sent and it is
asked anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from hashlib import blake2b

from pydantic_ai import ModelMessage, ModelRequest, ModelResponse
from pydantic_ai.messages import SystemPromptPart, TextContent, TextPart, UserPromptPart

from ...errors import NotFound, Refused
from ...guard.declared import Effect
from ...guard.labels import NEUTRAL
from ...guard.preview import Preview
from ...messages import ASK_REMOTE, Action, ActionState, Argument, Integrity, Item, Span
from ...models.elsewhere.endpoint import Endpoint
from ...store.actions import Actions
from ...store.items import row_id
from ...tools.act import HOLDS
from .asking import ANSWER, ORDER, RemoteBrain
from .outgoing import MARK, Mark, marked
from .veiled import VeiledModel

_WHOM = "model"  # of the argument that says whom it would ask
_WITHOUT_TOOLS = "It is asked without tools: a yes is for this one text, and what they give would be another."
_SHOWN = 80  # characters of the question in the sentence that says what would be done


def waiting(
    messages: Sequence[ModelMessage], asked: Item, model: VeiledModel, shown: Preview, actions: Actions, now: datetime, why: str
) -> Action:
    """Leaves the question waiting, and gives its row. One that waits in this conversation already makes room for it."""
    for other in actions.listed([ActionState.WAITING], now=now):
        if other.tool == ASK_REMOTE and other.conversation == asked.conversation:
            actions.end(other.id, ActionState.EXPIRED, "You asked something else since.", now)
    arguments = tuple(_arguments(messages))
    question = " ".join(asked.text.split())
    short = question if len(question) <= _SHOWN else f"{question[: _SHOWN - 1]}…"
    to = model.at.destination
    asks = Argument(_WHOM, f"{model.at.provider} {model.at.model}", f"0 {_WHOM}", NEUTRAL)
    action = Action(
        id="",
        tool=ASK_REMOTE,
        effect=Effect.SENDS.value,
        words=f"Ask {model.at.model} at {to}: “{short}”",
        arguments=(asks, *arguments),
        state=ActionState.WAITING,
        asked_at=now,
        destination=to,
        reasons=(why, _WITHOUT_TOOLS),
        conversation=asked.conversation,
        expires_at=now + HOLDS,
    )
    items = {row_id(_read(one)[2]) for one in arguments if _read(one)[2]} | {row_id(asked.id)}
    return actions.ask(action, digest(shown.seal), items=items)


def digest(seal: str) -> bytes:
    """32 bytes that stand for sending just this text."""
    return blake2b(seal.encode(), person=b"ask_remote", digest_size=32).digest()


def preview(action: Action, remote: RemoteBrain) -> Preview:
    """What would leave on a yes to ``action``. Raises NotFound for one that sends no text, Refused when its words were forgotten."""
    if action.tool != ASK_REMOTE:
        raise NotFound(f"{action.id} sends no text to a model", hint="its values are on its card")
    if not action.arguments:
        raise Refused(f"what {action.id} would have sent was forgotten", hint="ask it anew")
    return remote.model(asked_of(action, remote), ANSWER, action.conversation).shown(composed(action))


def asked_of(action: Action, remote: RemoteBrain) -> Endpoint:
    """The model that ``action`` would ask. Raises NotFound where its provider is not there any more, BadInput."""
    whom = next((one.value for one in action.arguments if one.name == _WHOM), "")
    provider, _, model = whom.partition(" ")
    return remote.endpoint(provider, model)


def composed(action: Action) -> list[ModelMessage]:
    """The messages, as they were composed."""
    messages: list[ModelMessage] = [ModelRequest([SystemPromptPart(ORDER)])]
    held: list[TextContent] = []
    before = ""
    for argument in action.arguments:
        number, role, item_id = _read(argument)
        if role == _WHOM:
            continue
        if held and number != before:
            messages.append(ModelRequest([UserPromptPart(held)]))
            held = []
        before = number
        if role == "answer":
            messages.append(ModelResponse([TextPart(argument.value)], metadata={MARK: Mark(argument.label, argument.name, item_id)}))
        else:
            held.append(marked(argument.value, argument.label, argument.name, item_id))
    return [*messages, ModelRequest([UserPromptPart(held)])] if held else messages


def question(action: Action) -> str:
    """The id of the message it would answer."""
    return next(_read(one)[2] for one in reversed(action.arguments) if one.name == "your message")


def _arguments(messages: Sequence[ModelMessage]) -> list[Argument]:
    """Every part but the order, which is ours and always the same. ``type`` says where it belongs: "3 message i12"."""
    found = []
    for number, message in enumerate(messages):
        if isinstance(message, ModelResponse):
            mark = (message.metadata or {})[MARK]
            assert isinstance(mark, Mark)
            found.append(_argument(message.text or "", mark, f"{number} answer"))
            continue
        for part in message.parts:
            if not isinstance(part, UserPromptPart):
                continue
            for content in part.content:
                assert isinstance(content, TextContent)
                assert isinstance(content.metadata, Mark)
                found.append(_argument(content.content, content.metadata, f"{number} message"))
    return found


def _argument(text: str, mark: Mark, place: str) -> Argument:
    outside = (Span(0, len(text)),) if mark.label.integrity is Integrity.UNTRUSTED and text else ()
    return Argument(mark.what, text, f"{place} {mark.item_id}".rstrip(), mark.label, outside)


def _read(argument: Argument) -> tuple[str, str, str]:
    """(number of the message, whether it is an "answer" or a "message", item id or "")."""
    number, role, *item = argument.type.split(" ")
    return number, role, item[0] if item else ""
