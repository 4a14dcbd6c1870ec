"""Servers of models on this machine are found when they are asked for, each by its kind; what is none is passed by."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from ownmind.channels.python import Companion
from ownmind.config import Config, read
from ownmind.errors import BadInput
from ownmind.models.embedding.embedder import HashEmbedder
from ownmind.models.scripted import ScriptedModel
from ownmind.models.shelf import servers

MODELS = {
    "Ollama": {"object": "list", "data": [{"id": "llama3.2:latest", "object": "model", "created": 1, "owned_by": "library"}]},
    "LM Studio": {"data": [{"id": "qwen2.5-7b-instruct", "object": "model", "owned_by": "organization_owner"}], "object": "list"},
    "llama-server": {
        "models": [{"name": "m.gguf", "model": "m.gguf"}],
        "object": "list",
        "data": [{"id": "m.gguf", "object": "model", "created": 1, "owned_by": "llamacpp", "meta": {"n_ctx_train": 4096}}],
    },
    "vLLM": {"object": "list", "data": [{"id": "org/model", "object": "model", "owned_by": "vllm", "max_model_len": 4096, "root": "x"}]},
    "OpenAI-compatible": {"data": [{"id": "mine"}]},
}


@contextmanager
def answering(answers: dict[str, bytes]) -> Iterator[tuple[int, list[str]]]:
    """A server on loopback that says these bytes at these paths and 404 elsewhere; its port, and what it was asked."""
    seen: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append(self.path)
            body = answers.get(self.path, b"")
            self.send_response(200 if self.path in answers else 404)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            with contextlib.suppress(ConnectionError):
                self.wfile.write(body)

        def log_message(self, *arguments: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield server.server_address[1], seen
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def mind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Companion]:
    """A home; the usual ports are taken to be ones where nobody listens, whatever runs on this machine."""
    monkeypatch.setattr(servers, "_USUAL", ())
    config = Config(fetch=False, learn=False)
    with Companion.open(tmp_path / "home", brain=ScriptedModel("Yes."), embedder=HashEmbedder(), config=config, background=False) as mind:
        yield mind


def test_each_kind_is_known_by_what_it_says(mind: Companion) -> None:
    """Ollama, LM Studio, llama-server and vLLM by their own forms of /v1/models, another one as what it is; each request in the ledger."""
    with ExitStack() as stack:
        for kind, said in MODELS.items():
            port, seen = stack.enter_context(answering({"/v1/models": json.dumps(said).encode()}))
            [found] = mind.models.servers(str(port))
            assert (found.kind, found.url) == (kind, f"http://127.0.0.1:{port}/v1")
            assert found.models == tuple(row["id"] for row in said["data"]) and seen == ["/v1/models"]
    rows = mind.sent()
    assert len(rows) == len(MODELS) and {row.purpose for row in rows} == {servers.PURPOSE}


def test_an_ollama_without_the_openai_form_is_found_by_its_own(mind: Companion) -> None:
    """/api/tags, as older ones have it."""
    tags = {"models": [{"name": "gemma3:4b", "size": 3}, {"name": "phi4"}]}
    with answering({"/api/tags": json.dumps(tags).encode()}) as (port, seen):
        [found] = mind.models.servers(f"http://localhost:{port}/")
        assert (found.kind, found.models) == ("Ollama", ("gemma3:4b", "phi4")) and seen == ["/v1/models", "/api/tags"]


@pytest.mark.parametrize(
    "said", [b"<html>hello</html>", b"[]", b'{"data": 5}', b'{"data": [{"id": 5}, "x"]}', b"[" * 9999, b" " * (2 << 20)]
)
def test_what_is_no_server_of_models_is_passed_by(mind: Companion, said: bytes) -> None:
    """A page, nonsense, a flood: nothing is found, and nothing breaks."""
    with answering({"/v1/models": said}) as (port, _):
        assert all(not found.models for found in mind.models.servers(str(port)))


def test_nobody_there_is_nothing_found(mind: Companion) -> None:
    assert mind.models.servers("9") == ()
    assert mind.models.servers() == () and mind.sent()[-1].purpose == servers.PURPOSE


@pytest.mark.parametrize("port", ["0", "99999", "http://192.0.2.1:8000", "example.org:80", "nonsense", "-1", "http://["])
def test_only_this_machine_is_looked_at(mind: Companion, port: str) -> None:
    """Another machine, or what is no port, is refused and nothing is asked."""
    with pytest.raises(BadInput, match="no port of this machine"):
        mind.models.servers(port)
    assert mind.sent() == []


def test_one_that_was_found_becomes_a_provider(mind: Companion, tmp_path: Path) -> None:
    """It is in the settings under a name of its own, at no price; one elsewhere is not taken for one of this machine."""
    said = mind.models.connect("http://127.0.0.1:9000/v1", "mine")
    assert "local-9000" in said
    [held] = read(tmp_path / "home" / "config.toml").provider
    assert (held.name, held.url, held.model, held.price_in, held.price_out) == ("local-9000", "http://127.0.0.1:9000/v1", "mine", 0.0, 0.0)
    with pytest.raises(BadInput):
        mind.models.connect("https://api.example.org/v1", "theirs")
