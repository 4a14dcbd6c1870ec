"""Changing the embedder: recall goes on, nothing is lost to a kill, and going back costs nothing."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from ownmind.app import open_house
from ownmind.bench import stage
from ownmind.config import Config
from ownmind.memory.memory import Memory
from ownmind.messages import Entry, Integrity, Label, Source
from ownmind.models.embedding.embedder import HashEmbedder, TextKind, Vectors
from ownmind.store import vectors
from ownmind.store.opening import Store, open_store
from store_fixtures import child, number, paths_at

NOW = datetime(2026, 11, 18, 12, tzinfo=UTC)
OLD, NEW = HashEmbedder(256), HashEmbedder(128)


def notes(*texts: str) -> list[Entry]:
    return [Entry(text, Source("note:1"), Label(Integrity.PERSON), at=NOW) for text in texts]


def herons(n: int) -> list[Entry]:
    return notes(*(f"heron number {i} stood by the pond" for i in range(n)))


def held(store: Store, model: str) -> int:
    with store.db.read() as cx:
        return vectors.count(cx, model)


def finish(memory: Memory, limit: int = 256) -> None:
    while memory.embed_backlog(limit):
        pass


class Counting:
    """An embedder that counts the texts it was given: how much work a change costs."""

    def __init__(self, real: HashEmbedder) -> None:
        self.real, self.texts = real, 0
        self.id, self.dimensions = real.id, real.dimensions

    def embed(self, texts: Sequence[str], *, kind: TextKind = "passage") -> Vectors:
        self.texts += len(texts) if kind == "passage" else 0
        return self.real.embed(texts, kind=kind)


def test_the_old_embedder_serves_until_the_new_one_has_read_everything() -> None:
    """Recall finds by meaning at every step; the change is whole, and then the old vectors go."""
    with stage.memory(OLD, NOW) as (memory, store):
        memory.remember(herons(60), now=NOW)
        memory.use(NEW)
        steps = 0
        while memory.embedder is not NEW:
            assert memory.embedder is OLD
            best = memory.recall("heron number 7", now=NOW)[0]
            assert best.text.startswith("heron number 7 ") and best.signals["cosine"] > 0.3
            change = memory.embeddings.change()
            assert change is not None and change.model == NEW.id and change.done == min(60, 16 * steps) and change.total == 60
            assert memory.embed_backlog(16)
            steps += 1
        assert steps == 5 and memory.embeddings.change() is None
        assert memory.recall("heron number 7", now=NOW)[0].signals["cosine"] > 0.3
        assert held(store, OLD.id) == 60
        finish(memory)
        assert (held(store, OLD.id), held(store, NEW.id), memory.embeddings.left()) == (0, 60, 0)
        assert memory.counts()["unembedded"] == 0


def test_what_is_learnt_during_the_change_is_found_at_once_and_by_the_new_one_too() -> None:
    """A new item gets the serving embedder's vector when it is written and the coming one's with the backlog, before the change."""
    with stage.memory(OLD, NOW) as (memory, store):
        memory.remember(herons(40), now=NOW)
        memory.use(NEW)
        memory.embed_backlog(40)
        memory.remember(notes("The kingfisher nests under the bridge"), now=NOW)
        assert memory.recall("kingfisher", now=NOW)[0].signals["cosine"] > 0.2
        assert (held(store, OLD.id), held(store, NEW.id)) == (41, 40)
        finish(memory)
        assert memory.embedder is NEW and held(store, NEW.id) == 41
        assert memory.recall("kingfisher", now=NOW)[0].signals["cosine"] > 0.2


def test_going_back_before_the_end_costs_nothing() -> None:
    """The old vectors are all there; those begun for the other embedder are dropped."""
    old = Counting(OLD)
    with stage.memory(old, NOW) as (memory, store):
        memory.remember(herons(50), now=NOW)
        memory.use(NEW)
        memory.embed_backlog(20)
        memory.use(old)
        read = old.texts
        finish(memory)
        assert memory.embedder is old and old.texts == read == 50
        assert (held(store, OLD.id), held(store, NEW.id)) == (50, 0)


def test_a_third_choice_replaces_the_second() -> None:
    """Only the last one chosen is made; the first serves all along."""
    third = HashEmbedder(64)
    with stage.memory(OLD, NOW) as (memory, store):
        memory.remember(herons(30), now=NOW)
        memory.use(NEW)
        memory.embed_backlog(10)
        memory.use(third)
        assert memory.embedder is OLD
        finish(memory)
        assert memory.embedder is third and [held(store, one.id) for one in (OLD, NEW, third)] == [0, 0, 30]


def test_forgetting_during_the_change_takes_both_vectors() -> None:
    """What was forgotten is in neither index, on disk or in memory, and the new one never gets it."""
    with stage.memory(OLD, NOW) as (memory, store):
        memory.remember([*notes("My secret is a blue heron feather"), *herons(30)], now=NOW)
        memory.use(NEW)
        memory.embed_backlog(31)
        assert memory.recall("secret feather", now=NOW)[0].id == "i1"
        assert memory.forget("i1").verified
        assert (held(store, OLD.id), held(store, NEW.id)) == (30, 30)
        assert all(one.id != "i1" for one in memory.recall("secret feather", now=NOW))
        finish(memory)
        assert memory.embedder is NEW and held(store, NEW.id) == 30
        assert all(one.id != "i1" for one in memory.recall("secret feather", now=NOW))


def test_the_next_process_knows_what_served_and_what_is_awaited(tmp_path: Path) -> None:
    """The old embedder is loaded again while the new one is still being fetched, and nothing the new one has made is dropped."""
    with open_store(paths_at(tmp_path / "mind")) as store:
        memory = Memory(store, OLD, lambda: NOW)
        memory.remember(herons(40), now=NOW)
        memory.use(NEW)
        memory.embed_backlog(25)
    with open_store(paths_at(tmp_path / "mind")) as store:
        memory = Memory(store, None, lambda: NOW)
        assert memory.embeddings.last_served() == OLD.id
        memory.embeddings.use(OLD, awaited=NEW.id)
        finish(memory)
        assert memory.embedder is OLD and held(store, NEW.id) == 25
        new = Counting(NEW)
        memory.use(new)
        assert memory.embedder is OLD
        finish(memory)
        assert memory.embedder is new and new.texts == 15 and memory.embeddings.last_served() == NEW.id
        assert held(store, OLD.id) == 0


CHANGES = """
import sys, time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from ownmind.memory.memory import Memory
from ownmind.models.embedding.embedder import HashEmbedder
from ownmind.store.opening import open_store
from store_fixtures import paths_at

with open_store(paths_at(Path(sys.argv[1]))) as store:
    memory = Memory(store, HashEmbedder(256), lambda: datetime(2026, 11, 18, 12, tzinfo=UTC))
    memory.use(HashEmbedder(128))
    done = 0
    while step := memory.embed_backlog(7):
        done += step
        print(done, memory.embedder.id, flush=True)
        time.sleep(0.002)
"""


def test_a_killed_change_goes_on_where_it_was(tmp_path: Path) -> None:
    """kill -9 at twelve moments: what was said to be done is there, the store is sound, each process does less than the last."""
    home = tmp_path / "mind"
    with open_store(paths_at(home)) as store:
        Memory(store, OLD, lambda: NOW).remember(herons(150), now=NOW)
    kept = 0
    for kills in range(12):
        changing = child(CHANGES, home)
        assert changing.stdout is not None
        said = [changing.stdout.readline() for _ in range(1 + kills % 3)]
        changing.kill()
        said += changing.stdout.readlines()
        changing.wait()
        lines = [line.split() for line in said if line.endswith("\n")]
        with open_store(paths_at(home)) as store:
            assert store.db.check() == []
            with store.db.read() as cx:
                serving = str(cx.execute("SELECT value FROM settings WHERE key = 'embedder.serving'").get)
                assert number(cx, "SELECT count(*) FROM items") == 150
            made = held(store, NEW.id)
            assert serving == NEW.id or held(store, OLD.id) == 150, "the old one is whole until the new one serves"
            assert serving == OLD.id or made == 150, "the new one serves only when it is whole"
            assert made >= min(150, kept + 7 * len([line for line in lines if line[1] == OLD.id]) - 7)
            kept = made
    with open_store(paths_at(home)) as store:
        memory = Memory(store, OLD, lambda: NOW) if kept < 150 else Memory(store, None, lambda: NOW)
        memory.use(NEW)
        finish(memory)
        assert memory.embedder is NEW and (held(store, OLD.id), held(store, NEW.id)) == (0, 150)
        assert memory.recall("heron number 99", now=NOW)[0].text.startswith("heron number 99 ")


def test_everything_goes_on_at_once_while_it_changes() -> None:
    """Five threads remember, recall, forget, and change back and forth: nothing is raised, and in the end all is there once."""
    failures: list[BaseException] = []
    with stage.memory(OLD, NOW) as (memory, store):
        memory.remember(herons(200), now=NOW)
        over = threading.Event()

        def guarded(act: object) -> None:
            try:
                act()  # type: ignore[operator]  # one of the functions below
            except Exception as error:  # noqa: BLE001  # shown below
                failures.append(error)

        def change() -> None:
            while not over.is_set():
                memory.embed_backlog(16)

        def choose() -> None:
            for number_ in range(12):
                memory.use((NEW, OLD)[number_ % 2])
                over.wait(0.02)

        def remember() -> None:
            for i in range(40):
                memory.remember(notes(f"egret number {i} on the roof"), now=NOW)

        def forget() -> None:
            for row in range(1, 16):
                assert memory.forget(f"i{row}").verified

        def ask() -> None:
            for i in range(60):
                assert memory.recall(f"heron number {100 + i}", now=NOW)[0].text.startswith(f"heron number {100 + i} ")

        changing = threading.Thread(target=guarded, args=(change,))
        others = [threading.Thread(target=guarded, args=(act,)) for act in (choose, remember, forget, ask)]
        for thread in (changing, *others):
            thread.start()
        for thread in others:
            thread.join()
        over.set()
        changing.join()
        assert not failures
        memory.use(NEW)
        finish(memory)
        assert memory.embedder is NEW and held(store, NEW.id) == memory.counts()["items"] == 225 and held(store, OLD.id) == 0


def test_the_real_embedders_change_places_in_a_house(tmp_path: Path) -> None:
    """Settings that name the multilingual one: MiniLM serves first, the background reads everything again, and Spanish finds English."""
    quiet = Config(learn=False, brain="none", embedder="all-minilm-l6-v2-int8")
    english = notes("Ana is allergic to peanuts", "We had pizza on Friday", "The train to Porto leaves at nine")
    asked = "¿Quién no puede comer cacahuetes?"

    async def live(config: Config, *, work: bool) -> dict[str, object]:
        house = open_house(paths_at(tmp_path / "mind"), config)
        try:
            await house.start(background=False)
            await house.wait_for_embedder()
            house.memory.remember(english, now=NOW)
            began = house.status()["embedder"]
            if work:
                assert house.memory.recall("Who must avoid nuts?", now=NOW)[0].id == "i1"
                await house.learn()
                assert house.memory.recall(asked, now=NOW)[0].id == "i1"
            return {"began": began, "ended": house.status()["embedder"]}
        finally:
            await house.close()

    first = asyncio.run(live(quiet, work=False))
    assert first["ended"] == {"id": "all-minilm-l6-v2-int8", "ready": True, "serving": "all-minilm-l6-v2-int8", "change": None}
    wanted = "multilingual-e5-small-q4"
    second = asyncio.run(live(replace(quiet, embedder=wanted), work=True))
    change = {"to": wanted, "done": 0, "total": 3}
    assert second["began"] == {"id": wanted, "ready": True, "serving": "all-minilm-l6-v2-int8", "change": change}
    assert second["ended"] == {"id": wanted, "ready": True, "serving": wanted, "change": None}


def test_the_old_embedder_serves_where_the_new_one_cannot_come(tmp_path: Path) -> None:
    """A name that is no embedder, or files that may not be fetched: a warning, and meaning goes on."""
    home = tmp_path / "mind"
    with open_store(paths_at(home)) as store:
        embedder = stage.embedder()
        Memory(store, embedder, lambda: NOW).remember(notes("The spare key hangs behind the blue coat"), now=NOW)

    async def serving(config: Config) -> object:
        house = open_house(paths_at(home), config)
        try:
            await house.start(background=False)
            await house.wait_for_embedder()
            return house.memory.embedder.id if house.memory.embedder is not None else ""
        finally:
            await house.close()

    for wrong in ("smollm2-135m-instruct-q4_1", "no-such-model"):
        assert asyncio.run(serving(Config(learn=False, brain="none", embedder=wrong))) == embedder.id


class Interrupted:
    """An embedder during whose work something else happens, once."""

    def __init__(self, real: HashEmbedder) -> None:
        self.real = real
        self.meanwhile: Callable[[], object] | None = None
        self.id, self.dimensions = real.id, real.dimensions

    def embed(self, texts: Sequence[str], *, kind: TextKind = "passage") -> Vectors:
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile is not None:
            meanwhile()
        return self.real.embed(texts, kind=kind)


def test_what_is_redacted_while_it_is_read_leaves_no_vector_of_the_old_words() -> None:
    """The vector that was being made of the whole text is thrown away, and one of what is left is made."""
    with stage.memory(None, NOW) as (memory, store):
        (name,) = memory.remember(notes("the safe opens with heron and pond"), now=NOW)
        slow = Interrupted(OLD)
        memory.use(slow)
        slow.meanwhile = lambda: memory.redact(name, "heron and pond")
        finish(memory)
        with store.db.read() as cx:
            (made,) = (bytes(blob) for (blob,) in cx.execute("SELECT vector FROM item_vectors"))
        assert made == vectors.pack(OLD.embed([memory.item(name).text])[0])
