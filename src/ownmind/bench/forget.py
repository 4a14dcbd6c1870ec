"""Whether what was forgotten is gone: 100 facts, each said in four ways and told again in replies and digests, among a life of other talk.

Each fact is forgotten as a person would: by its words, by the person it is about, by an item's id or by a learnt fact, and then by what
the plan offers as saying the same, of which the person chooses what does (the labels choose here), and looks again. A careful person reads
what is shown at once, says "more" once, and goes on only while the last they saw held one to choose. What was not offered or not read
stays behind, and the probes may find it. 300 questions in other words are asked before (the control: they must find it) and after, again
after the index and the vectors were made anew, after everything was imported again, after a restart and after an older backup was
restored; and every decrypted page is searched for the sentences and for the two names each fact goes by.
"""

from __future__ import annotations

import json
import random
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from importlib import resources
from pathlib import Path

from .. import paths
from ..memory.memory import Memory
from ..messages import Cited, Entry, Forgetting, Integrity, Item, Kind, Label, Recalled, Source, Target
from ..models.embedding.embedder import Embedder
from ..store import embeddings, search, traces
from ..store.backup import backup, restore
from ..store.opening import Store, open_store
from . import result, stage

LIFE = 2_000  # other messages, in which the facts stand
_LONG_NAME = 8  # letters
_K = 10  # a probe is asked for as many items as recall gives by itself
_NOW = stage.BEGAN + timedelta(days=800)
_TURN, _OURS, _MINE = Label(Integrity.UNTRUSTED), Label(Integrity.COMPANION), Label(Integrity.PERSON)


@dataclass(frozen=True, slots=True)
class Secret:
    """One fact. ``said`` are four sentences, the last of which uses the other name."""

    name: str
    names: tuple[str, str]  # the value and its other name
    said: tuple[str, ...]
    digest: str
    asked: tuple[str, ...]

    def is_said_by(self, text: str) -> bool:
        return self.name in text and any(name in text for name in self.names)


def run(*, n: int = 100, seed: int = 11, **_: object) -> dict[str, object]:
    """Counts of traces and of probes that found anything; all but those under ``control`` should be 0."""
    secrets, embedder = _secrets(n, seed), stage.embedder()
    entries = _entries(secrets, seed)
    with tempfile.TemporaryDirectory(prefix="ownmind-bench-") as folder:
        places = paths.Paths(Path(folder) / "home", Path(folder) / "cache")
        with open_store(places, "a passphrase") as store:
            memory = Memory(store, embedder, lambda: _NOW)
            _fill(memory, store, entries, secrets)
            control = {"probes_that_found_it": _probed(memory, secrets), "secrets_in_pages": _in_pages(store, secrets)}
            older = backup(store, Path(folder) / "older.ownmind-backup", now=_NOW, passphrase="a passphrase").path  # noqa: S106  # a bench's
            told = _forget_all(memory, secrets, entries)
            figures: dict[str, object] = {**told, **_figures("forgotten", memory, store, secrets)}
            _index_again(memory, store, embedder)
            figures |= _figures("indexed_again", memory, store, secrets)
            figures["brought_back_by_import"] = _remember(memory, entries)
            figures |= _figures("imported_again", memory, store, secrets)
            forgotten = _tombstones(store)
        with open_store(places, "a passphrase") as store:
            figures |= _figures("restarted", Memory(store, embedder, lambda: _NOW), store, secrets)
        again = paths.Paths(Path(folder) / "again", Path(folder) / "cache")
        restore(older, again, "a passphrase", forgotten=forgotten)
        with open_store(again, "a passphrase") as store:
            figures |= _figures("restored", Memory(store, embedder, lambda: _NOW), store, secrets)
    return result("forget", figures, n=n, seed=seed, control=control)


def _secrets(n: int, seed: int) -> list[Secret]:
    data = json.loads(resources.files("ownmind.bench").joinpath("data/forget.json").read_text(encoding="utf-8"))
    found = []
    for kind in data["kinds"].values():
        for name, (value, other) in zip(data["names"], kind["values"], strict=True):
            words = {"n": name, "v": value, "a": other}
            said = (*(text.format(**words) for text in kind["said"]), kind["other"].format(**words))
            found.append(
                Secret(name, (value, other), said, kind["digest"].format(**words), tuple(text.format(n=name) for text in kind["asked"]))
            )
    random.Random(seed).shuffle(found)
    return found[:n]


def _entries(secrets: Sequence[Secret], seed: int) -> list[Entry]:
    """The facts, spread over a life: turns of transcripts, notes and passages, in an order drawn by chance."""
    chance = random.Random(seed)
    entries = list(stage.Chatter(seed).entries(LIFE))
    for number, secret in enumerate(secrets):
        at = stage.BEGAN + timedelta(days=7 * number % 700, hours=number % 9)
        turn, note, passage, other = secret.said
        diary, told = Source("file:diary.md", "document"), Source("transcript:told", "transcript")
        scattered = [
            Entry(turn, told, _TURN, Kind.TURN, at, "Sam", f"told{number}", f"s{number}"),
            Entry(note, Source("note:terminal"), _MINE, Kind.NOTE, at + timedelta(days=2)),
            Entry(passage, diary, _TURN, Kind.PASSAGE, conversation=diary.ref, external_id=f"p{number}"),
            Entry(other, told, _TURN, Kind.TURN, at + timedelta(days=9), "Rita", f"told{number}b", f"r{number}"),
        ]
        for entry in scattered:
            entries.insert(chance.randrange(len(entries)), entry)
    return entries


def _remember(memory: Memory, entries: Sequence[Entry]) -> int:
    """How many of ``entries`` are new."""
    before = memory.counts()["items"]
    memory.remember(entries, now=_NOW)
    return memory.counts()["items"] - before


def _fill(memory: Memory, store: Store, entries: Sequence[Entry], secrets: Sequence[Secret]) -> None:
    """Everything that was said, then replies that cite it and digests that tell two facts at once."""
    _remember(memory, entries)
    said = {item.text: item for item in _everything(memory)}
    for number, secret in enumerate(secrets):
        _reply(memory, store, f"What do you know about {secret.name}?", f"As you told me: {secret.said[0]}", [said[secret.said[0]]], number)
    for number, (first, second) in enumerate(zip(secrets[::2], secrets[1::2], strict=False)):
        digest = f"To sum up, {first.digest}, and {second.digest}."
        _reply(memory, store, "Sum up the week for me", digest, [said[first.said[1]], said[second.said[1]]], len(secrets) + number)


def _reply(memory: Memory, store: Store, asked: str, told: str, rests_on: Sequence[Item], number: int) -> None:
    conversation, at = f"talk-{number}", _NOW - timedelta(hours=number)
    source = Source(f"conversation:{conversation}", "conversation")
    _, reply = memory.remember(
        [
            Entry(asked, source, _MINE, Kind.MESSAGE, at, conversation=conversation, external_id="1"),
            Entry(told, source, _OURS, Kind.REPLY, at, conversation=conversation, external_id="2"),
        ],
        now=_NOW,
    )
    store.conversations.start(conversation, now=at.timestamp(), title=told[:60])
    cited = [Cited(item.id, item.text, item.source.ref, "", item.at, item.speaker, item.text) for item in rests_on]
    store.conversations.keep_reply(reply, sources=cited, known=True, brain="")


def _forget_all(memory: Memory, secrets: Sequence[Secret], entries: Sequence[Entry]) -> dict[str, object]:
    """Forgets one fact after another, each in one of four ways."""
    unverified = offered = taken = 0
    read: set[tuple[int, str]] = set()
    ranks: list[int] = []
    seconds: list[float] = []
    before = {item.id for item in _everything(memory)}
    carriers = {item.id for item in _everything(memory) if any(secret.is_said_by(item.text) for secret in secrets)}
    for number, secret in enumerate(secrets):
        began = time.perf_counter()
        plan = memory.plan_forget(_target(memory, secret, number), with_near=True)
        while True:  # a person who chose looks again
            offered += len(plan.near)
            ranks += [at for at, one in enumerate(plan.near, start=1) if secret.is_said_by(one.text)]
            shown = _read(plan, secret)
            read |= {(number, one.id) for one in shown}
            chosen = [one.id for one in shown if secret.is_said_by(one.text)]
            if not chosen:
                break
            taken += len(chosen)
            plan = memory.plan_forget(Target(), also=[*plan.ids, *chosen], with_near=True)
        receipt = memory.forget(plan)
        seconds.append(time.perf_counter() - began)
        unverified += not receipt.verified
    left = {item.id for item in _everything(memory)}
    innocent = sum(1 for name in before - left if name not in carriers)
    return {
        "items_said_so": len(carriers),
        "items_left_that_say_so": len(carriers & left),
        "other_items_removed": innocent,
        "offered_as_close": offered,
        "of_these_read": len(read),
        "of_these_chosen": taken,
        "chosen_rank": {"median": sorted(ranks)[len(ranks) // 2], "worst": max(ranks)} if ranks else {},
        "receipts_not_verified": unverified,
        "seconds_each": round(sorted(seconds)[len(seconds) // 2], 3),
    }


def _read(plan: Forgetting, secret: Secret) -> list[Recalled]:
    """The offers a careful person reads: what is shown at once, the next as many, and more as long as the last they saw held one."""
    end = 2 * plan.first
    while end < len(plan.near) and any(secret.is_said_by(one.text) for one in plan.near[end - plan.first : end]):
        end += plan.first
    return list(plan.near[:end])


def _target(memory: Memory, secret: Secret, number: int) -> Target:
    """What the person names: words, the person with words, an item, or what was learnt from it."""
    item = next((item for item in _everything(memory) if item.text == secret.said[number % 3]), None)
    learnt = memory.learnt_from(item.id) if item else []
    match number % 4:
        case 0:
            return Target(what=f"{secret.name} {secret.names[0]}")
        case 1:
            return Target(person=secret.name, part="about", topic=secret.names[0])
        case 2 if learnt:
            return Target(what=learnt[0].id)
        case _:
            return Target(what=item.id if item else f"{secret.name} {secret.names[0]}")


def _figures(when: str, memory: Memory, store: Store, secrets: Sequence[Secret]) -> dict[str, object]:
    facts = sum(any(secret.is_said_by(fact.text) for secret in secrets) for fact in memory.facts(everything=True))
    with store.db.read() as cx:
        phrases = [f"{secret.name} {name}".lower().split() for secret in secrets for name in secret.names]
        entries = sum(bool(search.holding(cx, phrase, list(Kind), 1)) for phrase in phrases)
    return {
        when: {
            "probes": len(secrets) * 3,
            "probes_that_found_it": _probed(memory, secrets),
            "secrets_in_pages": _in_pages(store, secrets),
            "index_entries": entries,
            "facts": facts,
        }
    }


def _probed(memory: Memory, secrets: Sequence[Secret]) -> int:
    """How many questions bring up an item (a reply too) that says the fact."""
    kinds = list(Kind)
    return sum(
        any(secret.is_said_by(found.text) for found in memory.recall(asked, k=_K, now=_NOW, kinds=kinds))
        for secret in secrets
        for asked in secret.asked
    )


def _in_pages(store: Store, secrets: Sequence[Secret]) -> int:
    """How many facts can be read off some decrypted page: by a stretch of 24 bytes of any of their sentences, or by a
    name that is long enough to stand nowhere by chance."""
    store.db.checkpoint()
    sentences = traces.Needles()
    sentences.add(text for secret in secrets for text in (*secret.said, secret.digest))
    names = {name.encode() for secret in secrets for name in secret.names if len(name) >= _LONG_NAME}
    with store.db.read() as cx:
        hits = traces.in_pages(cx, sentences) | traces.standing(cx, sorted(names))
    return sum(any(hit in text.encode() for text in (*secret.said, secret.digest) for hit in hits) for secret in secrets)


def _index_again(memory: Memory, store: Store, embedder: Embedder) -> None:
    """Drops vectors and full-text index and makes both anew from what is there."""
    with store.db.write() as cx:
        search.rebuild(cx)
        embeddings.drop_others(cx, set(), 1 << 30)
    memory.use(None)
    memory.use(embedder)
    while memory.embed_backlog():
        pass


def _tombstones(store: Store) -> set[bytes]:
    with store.db.read() as cx:
        return {bytes(key) for (key,) in cx.execute("SELECT key FROM tombstones")}


def _everything(memory: Memory) -> list[Item]:
    return memory.items(limit=1_000_000)
