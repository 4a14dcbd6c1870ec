"""The models of a home through their face: what is here and fits, a file of one's own, the hub, choosing, removing, updating."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from ggufs import TINY, header, written
from hubs import Hub, hub
from ownmind import paths
from ownmind.channels.python import Companion
from ownmind.config import Config, read
from ownmind.errors import BadInput, DiskFull, DoorClosed, DownloadFailed
from ownmind.models.embedding.embedder import HashEmbedder
from ownmind.models.scripted import ScriptedModel
from ownmind.models.shelf import catalogue, fetch
from ownmind.models.shelf.book import Models
from ownmind.models.shelf.underway import Underway

SMOL = "smollm2-135m-instruct-q4_1"
WHOLE = header(TINY, [("token_embd.weight", (64, 4), 1, 0)]) + bytes(64 + 512)

__all__ = ["hub"]


@pytest.fixture
def mind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Companion]:
    """A home with an empty cache and a scripted brain."""
    monkeypatch.setenv("OWNMIND_CACHE", str(tmp_path / "cache"))
    config = Config(fetch=False, learn=False)
    with Companion.open(tmp_path / "home", brain=ScriptedModel("Yes."), embedder=HashEmbedder(), config=config, background=False) as mind:
        yield mind


def ended(models: Models) -> Underway:
    """How what is under way ended."""
    return models._work.wait()


def test_every_model_says_whether_it_runs_here(mind: Companion) -> None:
    """Each has a verdict and a reason; what nothing here runs says so; a kind narrows, and an unknown one is refused."""
    everything = mind.models.all()
    assert len(everything) == len(catalogue.entries()) and all(one.verdict and one.why for one in everything)
    assert {one.verdict for one in everything if not one.runs} == {"nothing here runs it yet"}
    assert not any(one.here or (one.in_use and one.role != "embedding-en") for one in everything)
    assert {one.role for one in mind.models.all("speech")} == {"speech"}
    with pytest.raises(BadInput, match="there is no kind"):
        mind.models.all("oracle")


def test_a_file_of_ones_own_is_added_where_it_lies(mind: Companion, tmp_path: Path) -> None:
    """Read, hashed, listed; changed behind our back it is no longer the model that was added; removed it stays on the disk."""
    mine = written(tmp_path / "elsewhere/Tiny Model.gguf", WHOLE)
    added = mind.models.add(str(mine)).model
    assert (added.id, added.title, added.here, added.path, added.origin) == ("tiny-model", "Tiny", True, str(mine), "yours")
    assert added.quantisation == "Q4_K_M" and added.verdict == "fits" and added.bytes == len(WHOLE)
    mine.write_bytes(WHOLE + b"more")
    assert not next(one for one in mind.models.all() if one.id == "tiny-model").here
    removed = mind.models.remove("tiny-model")
    assert removed.freed == 0 and mine.exists() and "stays at" in removed.note
    assert "tiny-model" not in {one.id for one in mind.models.all()}


@pytest.mark.parametrize("what", ["novel.gguf", "gone.gguf", "mmproj.gguf", "x-00001-of-00002.gguf", "not a model", "a/b/c"])
def test_what_is_no_model_is_not_added(mind: Companion, tmp_path: Path, what: str) -> None:
    """A text, nothing, a projector, half of a model, words: refused in words, and nothing is kept."""
    written(tmp_path / "novel.gguf", b"Once upon a time")
    written(tmp_path / "mmproj.gguf", header({**TINY, "general.type": "mmproj"}))
    written(tmp_path / "x-00001-of-00002.gguf", header({**TINY, "split.count": 2}))
    with pytest.raises(BadInput):
        mind.models.add(str(tmp_path / what) if what.endswith(".gguf") else what)
    assert len(mind.models.all()) == len(catalogue.entries())


def test_a_model_of_the_hub_is_looked_up_pinned_and_fetched(mind: Companion, hub: Hub) -> None:
    """The look shows commit, size, licence and hash, all in the ledger; the fetch follows the redirect and keeps to the hash."""
    hub.put("ana/Tiny-GGUF", {"Tiny-Q4_K_M.gguf": WHOLE, "Tiny-Q8_0.gguf": WHOLE + b"8", "mmproj-F16.gguf": b"GGUF", "README.md": b"#"})
    added = mind.models.add("ana/Tiny-GGUF")
    assert added.model.id == "tiny-q4_k_m" and added.model.pinned and not added.model.here and added.model.licence == "mit"
    assert hashlib.sha256(WHOLE).hexdigest()[:12] in added.note and hub.commit[:12] in added.note and "Q8_0" in added.others
    mind.models.fetch("tiny-q4_k_m")
    assert ended(mind.models).state == "done", mind.models.progress()
    held = next(one for one in mind.models.all() if one.id == "tiny-q4_k_m")
    assert held.here and Path(held.path).read_bytes() == WHOLE
    assert any("/cdn/" in path for path, _ in hub.seen), "large files are given out by another address"
    rows = mind.sent()
    assert len(rows) == len(hub.seen) and {row.purpose for row in rows} == {"fetch models"}
    removed = mind.models.remove("tiny-q4_k_m")
    assert removed.freed == len(WHOLE) and not Path(held.path).exists()


def test_the_first_hash_holds_for_ever_after(mind: Companion, hub: Hub) -> None:
    """The hub's file changes: it is not taken, neither by a fetch nor by another look, until the person forgets the hash."""
    hub.put("ana/Tiny-GGUF", {"Tiny-Q4_K_M.gguf": WHOLE})
    mind.models.add("ana/Tiny-GGUF:Q4_K_M")
    hub.put("ana/Tiny-GGUF", {"Tiny-Q4_K_M.gguf": WHOLE[:-1] + b"x"})
    mind.models.fetch("tiny-q4_k_m")
    failed = ended(mind.models)
    assert failed.state == "failed" and "sha256" in failed.note
    with pytest.raises(BadInput, match="pinned to other bytes"):
        mind.models.add("ana/Tiny-GGUF:Q4_K_M")
    mind.models.remove("tiny-q4_k_m")
    assert mind.models.add("ana/Tiny-GGUF:Q4_K_M").model.pinned


def test_an_entry_without_a_hash_gets_it_from_the_hub_at_the_first_fetch(mind: Companion, hub: Hub) -> None:
    """What the catalogue cannot know is asked for, shown and pinned before a byte is fetched."""
    entry = catalogue.entry("qwen3-4b-q4_k_m")
    assert not entry.files and entry.hub is not None
    hub.put(entry.hub.repo, {"Qwen3-4B-Q4_K_M.gguf": WHOLE, "Qwen3-4B-Q8_0.gguf": WHOLE})
    mind.models.fetch(entry.id)
    done = ended(mind.models)
    assert done.state == "done" and "nobody else says so" in done.note
    held = next(one for one in mind.models.all() if one.id == entry.id)
    assert held.pinned and held.here and held.title == "Qwen3 4B"


@pytest.mark.parametrize(
    ("status", "error", "words"),
    [
        (401, BadInput, "does not give"),
        (403, BadInput, "does not give"),
        (404, BadInput, "there is no"),
        (503, DownloadFailed, "cannot be asked"),
    ],
)
def test_a_hub_that_refuses_is_told_in_words(mind: Companion, hub: Hub, status: int, error: type[Exception], words: str) -> None:
    """Gated, gone, out of order: said, with what to do."""
    hub.status = status
    with pytest.raises(error, match=words):
        mind.models.add("ana/Tiny-GGUF")


@pytest.mark.parametrize(
    "said", [b"<html>", b"[]", b'{"sha": "no", "siblings": []}', b'{"sha": "' + b"a" * 40 + b'", "siblings": 5}', b"[" * 9999]
)
def test_a_hub_that_talks_nonsense_is_not_believed(mind: Companion, hub: Hub, said: bytes) -> None:
    hub.says = said
    with pytest.raises((DownloadFailed, BadInput)):
        mind.models.add("ana/Tiny-GGUF")


def test_a_quantisation_there_is_none_of_lists_those_there_are(mind: Companion, hub: Hub) -> None:
    hub.put("ana/Tiny-GGUF", {"Tiny-Q4_0.gguf": WHOLE, "Tiny-Q8_0.gguf": WHOLE})
    with pytest.raises(BadInput) as caught:
        mind.models.add("ana/Tiny-GGUF:Q6_K")
    assert "Q4_0, Q8_0" in caught.value.hint
    hub.put("ana/Text", {"README.md": b"#"})
    with pytest.raises(BadInput, match="has no GGUF file"):
        mind.models.add("ana/Text")


def test_offline_nobody_is_asked(mind: Companion, hub: Hub) -> None:
    """The switch of the whole house holds here too."""
    mind.offline(True)
    with pytest.raises(DoorClosed):
        mind.models.add("ana/Tiny-GGUF")
    with pytest.raises(DoorClosed):
        mind.models.servers()
    assert hub.seen == []


def test_a_model_larger_than_the_disk_is_refused_before_it_is_fetched(mind: Companion, hub: Hub) -> None:
    """Four terabytes, by the catalogue: no request is made."""
    entry = {**json.loads(GOOD), "id": "huge", "files": [{**json.loads(GOOD)["files"][0], "bytes": 1 << 42}]}
    catalogue.keep(mind._house.paths.home, catalogue.parse(json.dumps([entry])), catalogue.UPDATE)
    with pytest.raises(DiskFull, match="of disk"):
        mind.models.fetch("huge")
    assert hub.seen == []


GOOD = json.dumps(
    {
        "id": "mine",
        "role": "chat",
        "title": "Mine",
        "about": "A model.",
        "runs_with": "llama.cpp",
        "licence": "MIT",
        "upstream": "ana/mine",
        "files": [{"name": "mine.gguf", "bytes": 5, "sha256": "0" * 64, "hub": {"repo": "ana/mine-GGUF", "file": "mine.gguf"}}],
    }
)


def test_the_catalogue_is_updated_from_a_file_or_an_address(mind: Companion, hub: Hub, tmp_path: Path) -> None:
    """New and changed models are named; what is no catalogue changes nothing."""
    updated = mind.models.update(str(written(tmp_path / "new.json", f"[{GOOD}]".encode())))
    assert updated.new == ("mine",) and updated.changed == () and "mine" in {one.id for one in mind.models.all()}
    hub.files["/catalogue.json"] = f"[{GOOD.replace('A model.', 'A better model.')}]".encode()
    assert mind.models.update(f"{hub.address}/catalogue.json").changed == ("mine",)
    hub.files["/wrong.json"] = b'[{"id": "../x"}]'
    with pytest.raises(BadInput):
        mind.models.update(f"{hub.address}/wrong.json")
    with pytest.raises(BadInput, match="no catalogue at that address"):
        mind.models.update(f"{hub.address}/gone.json")
    assert next(one for one in mind.models.all() if one.id == "mine").about == "A better model."


def test_what_is_not_here_cannot_be_used_and_what_is_in_use_not_removed(mind: Companion) -> None:
    """Each in words, at once."""
    with pytest.raises(BadInput, match="is not on this machine"):
        mind.models.use("qwen2.5-coder-0.5b-instruct-q4_k_m")
    with pytest.raises(BadInput, match="nothing here runs"):
        mind.models.use("whisper-large-v3-turbo")
    with pytest.raises(BadInput, match="is in use"):
        mind.models.remove(Config().embedder)
    with pytest.raises(BadInput, match="there is no model"):
        mind.models.fetch("gpt-9")


@pytest.mark.model
def test_a_model_is_used_from_now_on_and_after_every_start(tmp_path: Path) -> None:
    """A link to the 135M is added, chosen, answers, and is in the settings; then it cannot be removed."""
    mine, home = tmp_path / "mine.gguf", tmp_path / "home"
    mine.symlink_to(fetch.ensure(SMOL, paths=paths.find()).path)
    with Companion.open(home, embedder=HashEmbedder(), config=Config(fetch=False, learn=False), background=False) as mind:
        id = mind.models.add(str(mine)).model.id
        mind.models.use(id)
        done = ended(mind.models)
        assert done.state == "done", done
        now = mind.models.using()
        assert (now.id, now.state, now.chosen) == (id, "ready", id) and now.memory > 50 << 20
        assert read(home / "config.toml").brain == id
        assert next(one for one in mind.models.all() if one.id == id).in_use
        with pytest.raises(BadInput, match="is in use"):
            mind.models.remove(id)
        bad = written(tmp_path / "hollow.gguf", header(TINY))
        mind.models.use(mind.models.add(str(bad)).model.id)
        failed = ended(mind.models)
        assert failed.state == "failed" and "cannot be used" in failed.note
        assert mind.models.using().id == id and read(home / "config.toml").brain == id
