"""llama.cpp by its Python library and nothing of ours: what `brain_speed` compares with. Run as a child process.

A line of JSON in is a request (``messages``, ``max_tokens``), a line out is what it took: ``first`` and ``last`` piece and tokens.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from pathlib import Path


def main(model: str, threads: int, prompt_threads: int, context: int, batch: int) -> None:
    os.environ["OMP_WAIT_POLICY"], os.environ["GOMP_SPINCOUNT"] = "passive", "0"  # as in our own process
    import xllamacpp

    out = os.fdopen(os.dup(1), "w")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    parameters = xllamacpp.CommonParams()
    parameters.model.path = model
    parameters.n_ctx, parameters.n_parallel = context, 1
    parameters.n_batch = parameters.n_ubatch = batch
    parameters.cpuparams.n_threads, parameters.cpuparams_batch.n_threads = threads, prompt_threads
    parameters.n_gpu_layers, parameters.cache_ram_mib, parameters.verbosity = 0, 0, -1
    parameters.fit_params = parameters.ui = False
    with tempfile.TemporaryDirectory() as folder:
        parameters.hostnames = [str(Path(folder) / "s.sock")]
        server = xllamacpp.Server(parameters)
    print("{}", file=out, flush=True)
    for line in sys.stdin:
        print(json.dumps(_ask(server, json.loads(line))), file=out, flush=True)


def _ask(server: object, request: dict[str, object]) -> dict[str, object]:
    began = time.perf_counter()
    heard: dict[str, object] = {}

    def chunk(answer: dict[str, object]) -> bool:
        choices = answer.get("choices")
        for choice in choices if isinstance(choices, list) else []:
            if choice.get("delta", {}).get("content"):
                heard["last"] = time.perf_counter() - began
                heard.setdefault("first", heard["last"])
        if isinstance(timings := answer.get("timings"), dict):
            heard.update({"cached": timings["cache_n"], "read": timings["prompt_n"], "said": timings["predicted_n"]})
        return False

    body = {**request, "stream": True, "temperature": 0.0, "cache_prompt": True}
    server.handle_chat_completions(body, chunk)  # type: ignore[attr-defined]  # the library carries no types
    return heard


if __name__ == "__main__":
    main(sys.argv[1], *(int(number) for number in sys.argv[2:6]))
