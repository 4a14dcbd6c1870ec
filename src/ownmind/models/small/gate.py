"""Do the notes answer the question? One short question of its own, which a small model answers far better than "answer, or say that you
don't know" (right on 24 of 24 that are answered and 21 of 23 that are not; dev/LOG.md)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from pydantic_ai import ModelMessage, ModelRequest, ModelResponse, ModelSettings
from pydantic_ai.direct import model_request
from pydantic_ai.messages import SystemPromptPart, TextPart, UserPromptPart
from pydantic_ai.models import Model

_NOT_IN = "not in the notes"
_ASK = (
    "Answer the question from the notes in a few words. A different detail is not an answer: when the notes do not say exactly that, "
    f'answer "{_NOT_IN}".'
)
_SHOTS = (
    ("- You put the ladder in Ben's garage.\n- Ben said: \"I still need to send the slides\"", "Where is the ladder?", "in Ben's garage"),
    ("- Your sister Clara lives in Porto, her number is 555 0199.\n- Clara said: \"I sold it\"", "What is Clara's address?", _NOT_IN),
    ("- Tom said: \"I can't have nuts, they make me ill\"", "What must I not serve Tom?", "nuts"),
    ("- Maya said: \"We got the keys to the new house!\"\n- Your office door code is 4471.", "What is the code for Maya's house?", _NOT_IN),
    ("- Noor said: \"I start as a baker at Rossi's on Monday\"\n- Your rent is 900 a month.", "What is Noor's job?", "baker at Rossi's"),
    ("- You married Lea in 2011.\n- Lea's cake was from Rossi.", "When is Lea's birthday?", _NOT_IN),
)  # fmt: skip


async def gate(question: str, notes: Sequence[str], model: Model) -> str:
    """The first words of the answer that the model, asked only this, finds in ``notes``; "" when it finds none.

    About a second on two cores: some sixty fresh tokens, and at most eight are made. Right on 24 of 24 and 21 of 23 (dev/LOG.md).
    """
    shown = "\n".join(f"- {line}" for line in notes[:3])
    settings = cast(ModelSettings, {"temperature": 0.0, "max_tokens": 8, "slot": 1})  # cast: the slot is the embedded brain's own setting
    response = await model_request(model, _gate_prompt(shown, question), model_settings=settings)
    said = "".join(part.content for part in response.parts if isinstance(part, TextPart))
    found = said.strip()
    return "" if found.lower().startswith("not in") else found


def _gate_prompt(notes: str, question: str) -> list[ModelMessage]:
    messages: list[ModelMessage] = []
    for number, (shown, asked, answer) in enumerate(_SHOTS):
        head = [SystemPromptPart(_ASK)] if number == 0 else []
        messages += [ModelRequest([*head, UserPromptPart(f"[notes]\n{shown}\n[question]\n{asked}")]), ModelResponse([TextPart(answer)])]
    messages.append(ModelRequest([UserPromptPart(f"[notes]\n{notes}\n[question]\n{question}")]))
    return messages
