"""Turns locomo_dev.json.gz into transcripts `ownmind import` reads: one file a conversation, one line a turn.

Usage: uv run python bench/locomo_to_transcripts.py locomo_dev.json.gz FOLDER
Each line: {"id", "at", "speaker", "text", "conversation"}. A turn has its session's time, the only one the data holds; a photo's
caption is part of the text. Ids are the data's own, so a question's evidence can be looked up.
"""

from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path

from ownmind.bench.conversations import locomo_turns


def write(data: Path, folder: Path) -> int:
    """Writes the transcripts into ``folder`` and gives the number of turns."""
    folder.mkdir(parents=True, exist_ok=True)
    written = 0
    with gzip.open(data, "rt", encoding="utf-8") as file:
        conversations = json.load(file)
    for one in conversations:
        name = one["sample_id"]
        with (folder / f"{name}.jsonl").open("w", encoding="utf-8") as out:
            for turn, at, speaker, text, _session in locomo_turns(one["conversation"]):
                line = {"id": turn, "at": at.isoformat(), "speaker": speaker, "text": text, "conversation": name}
                out.write(json.dumps(line, ensure_ascii=False) + "\n")
                written += 1
    return written


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    print(f"{write(Path(sys.argv[1]), Path(sys.argv[2]))} turns")
