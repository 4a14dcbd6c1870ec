"""The matrix of clients (docs/clients.md): programs as their makers ship them, against the real server over a real store."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import anthropic
import openai
import pytest

from ownmind.guard.clients import Scope
from ownmind.messages import Integrity, Kind
from ownmind.models.scripted import ScriptedModel
from ownmind.models.shelf import fetch
from ownmind.paths import find
from served import Served, served

SMOL = "smollm2-135m-instruct-q4_1"
ALL = (Scope.TALK, Scope.MODEL, Scope.EMBEDDINGS)


@contextmanager
def installed_llm(server: Served, folder: Path) -> Iterator[dict[str, str]]:
    """The settings of Simon Willison's `llm` for our server, as docs/clients.md says to write them."""
    folder.mkdir()
    key = server.house.clients.add("llm", ALL).key
    each = "- model_id: {0}\n  model_name: {0}\n  api_base: http://127.0.0.1:{1}/v1\n  api_key_name: ownmind\n"
    models = [each.format(name, server.port) for name in ("ownmind", "brain")]
    (folder / "extra-openai-models.yaml").write_text("".join(models), encoding="utf-8")
    (folder / "keys.json").write_text(f'{{"ownmind": "{key}"}}', encoding="utf-8")
    yield {**os.environ, "LLM_USER_PATH": str(folder), "NO_PROXY": "127.0.0.1", "HOME": str(folder)}


def llm(environment: dict[str, str], *words: str) -> str:
    done = subprocess.run([sys.executable, "-m", "llm", *words], env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize("model", ["ownmind", "brain"])
def test_llm_talks_with_it(own_home: Path, tmp_path: Path, model: str) -> None:
    """Somebody else's program, as a program: streamed, whole, and going on with its own conversation."""
    with served(own_home, ScriptedModel("A calm answer.")) as server, installed_llm(server, tmp_path / "llm") as environment:
        assert llm(environment, "-m", model, "Tell me a word.") == "A calm answer."
        assert llm(environment, "-m", model, "--no-stream", "-c", "And another.") == "A calm answer."
        kept = server.house.memory.items(kinds=[Kind.MESSAGE])
        if model == "ownmind":
            assert [item.text for item in kept] == ["Tell me a word.", "And another."]
            assert {item.label.integrity for item in kept} == {Integrity.UNTRUSTED}
            assert len(server.house.conversations()) == 1
        else:
            assert kept == []


def test_llm_is_told_why_a_wrong_key_opens_nothing(own_home: Path, tmp_path: Path) -> None:
    with served(own_home) as server, installed_llm(server, tmp_path / "llm") as environment:
        server.house.clients.revoke("k1")
        command = [sys.executable, "-m", "llm", "-m", "ownmind", "Hello"]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode != 0
        assert "not known here" in done.stderr


@pytest.mark.model
def test_the_official_clients_with_a_real_model(own_home: Path) -> None:
    """The 135M, whole and streamed, with and without memory, in either API: what arrives is what it said, and it counts its own tokens."""
    fetch.ensure(SMOL, paths=find())
    with served(own_home, real=SMOL) as server:
        key = server.house.clients.add("editor", ALL).key
        with openai.OpenAI(api_key=key, base_url=f"http://127.0.0.1:{server.port}/v1", max_retries=0, timeout=200) as client:
            said: Any = [{"role": "user", "content": "Name a colour."}]
            whole = client.chat.completions.create(model="brain", messages=said, max_tokens=12, temperature=0)
            assert whole.choices[0].message.content
            assert whole.usage is not None
            assert 0 < whole.usage.completion_tokens <= 12
            stream = client.chat.completions.create(model="brain", messages=said, max_tokens=12, temperature=0, stream=True)
            assert "".join(chunk.choices[0].delta.content or "" for chunk in stream) == whole.choices[0].message.content
            made = client.responses.create(model="ownmind", input="Write one short line about tea.")
            assert made.output_text
            assert made.status == "completed"
        with anthropic.Anthropic(api_key=key, base_url=f"http://127.0.0.1:{server.port}", max_retries=0, timeout=200) as other:
            counted = other.messages.count_tokens(model="brain", messages=said)
            told = other.messages.create(model="brain", max_tokens=12, messages=said)
            assert told.usage.input_tokens + (told.usage.cache_read_input_tokens or 0) == counted.input_tokens
            assert 0 < told.usage.output_tokens <= 12
            with other.messages.stream(model="brain", max_tokens=12, messages=said) as events:
                assert events.get_final_text() == told.content[0].text
