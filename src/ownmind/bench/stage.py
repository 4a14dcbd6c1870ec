"""What the benches of memory share: a throw-away store, the real embedder, and generated chatter to fill it with."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from itertools import islice
from pathlib import Path

import numpy as np

from .. import paths
from ..memory.memory import Memory
from ..messages import Entry, Integrity, Kind, Label, Source
from ..models.embedding.embedder import Embedder, TextKind, Vectors, normalised, open_embedder
from ..models.shelf import fetch
from ..store import items, vectors
from ..store.blocks import Ids
from ..store.opening import Store, open_throwaway

EMBEDDER = "all-minilm-l6-v2-int8"
BEGAN = datetime(2024, 1, 1, 8, tzinfo=UTC)


@contextmanager
def memory(embedder: Embedder | None, now: datetime = BEGAN) -> Iterator[tuple[Memory, Store]]:
    """A memory over an encrypted store that is gone afterwards."""
    with (
        tempfile.TemporaryDirectory(prefix="ownmind-bench-") as folder,
        open_throwaway(paths.Paths(Path(folder) / "home", Path(folder) / "cache")) as store,
    ):
        yield Memory(store, embedder, lambda: now), store


def embedder(threads: int = 2, model: str = EMBEDDER) -> Embedder:
    """An embedder of the catalogue, the shipped one unless named, fetched once into the person's cache."""
    return open_embedder(model, fetch.ensure(model, paths=paths.find()).files, threads=threads)


class Borrowed:
    """An embedder for filling a large store quickly: passages get vectors of ``sample`` mixed in pairs, questions real ones.

    Mixed, not blurred with noise: they stay among the directions that real texts take. Of n texts n squared can be made.
    """

    def __init__(self, real: Embedder, sample: Sequence[str], seed: int) -> None:
        self._real, self._random = real, np.random.default_rng(seed)
        self._sample = real.embed(list(sample))
        self._others = 0.7 * (self._sample - self._sample.mean(axis=0))

    @property
    def id(self) -> str:
        return self._real.id

    @property
    def dimensions(self) -> int:
        return self._real.dimensions

    def embed(self, texts: Sequence[str], *, kind: TextKind = "passage") -> Vectors:
        if kind == "query":
            return self._real.embed(texts, kind=kind)
        first, second = self._random.integers(0, len(self._sample), (2, len(texts)))
        return normalised(self._sample[first] + self._others[second])


_FILLED = 5_000  # items in one transaction


def fill(store: Store, entries: Iterable[Entry], embedder: Embedder) -> Iterator[tuple[Ids, Vectors]]:
    """Puts ``entries`` in as rows with index and vectors; gives each batch's row ids and its (n, d) vectors once it is durable. For
    filling only: nothing is checked, no rule reads the text, and a ``Memory`` that is open already does not hear of the vectors."""
    ordered = iter(entries)
    while batch := list(islice(ordered, _FILLED)):
        made = embedder.embed([entry.text for entry in batch])
        rows: list[int] = []
        with store.db.write() as cx:
            for entry in batch:
                source, conversation = items.source_row(cx, entry.source, BEGAN), items.conversation_row(cx, entry.conversation, BEGAN)
                position = items.next_position(cx, conversation, source)
                key = blake2b(f"{entry.conversation} {entry.external_id}".encode(), digest_size=16).digest()
                rows.append(items.add(cx, entry, source=source, conversation=conversation, position=position, key=key, now=BEGAN))
            vectors.save(cx, embedder.id, [(row, vectors.pack(vector)) for row, vector in zip(rows, made, strict=True)])
        yield np.array(rows, np.int64), made


_NAMES = "Ana Ben Clara David Elif Farid Greta Hugo Ines Jonas Kira Liam Maya Nils Olga Pavel Quinn Rosa Sven Tara".split()  # noqa: SIM905
_OPENINGS = (
    "I talked with {name} about the {a} and the {b}",
    "{name} wants to buy a {a} for the {b} next week",
    "We went to the {a} and had {b} with {name}",
    "Do you remember the {a} {name} told us about?",
    "My {a} is at the {b}, and {name} has the key",
    "Yesterday {name} finally finished the {a}",
    "I am worried about the {a}; {name} says the {b} will help",
    "Yes, the {a} was great",
)


# The commonest words of the generated talk are real ones, so that a text has as many tokens as real talk has.
_COMMON = """time day home work friend week car house garden kitchen phone train book music film dinner lunch coffee weather doctor school
office meeting project report holiday beach mountain river city street market shop ticket hotel flight passport camera picture painting
pottery guitar piano song dance party birthday wedding present letter mail email address number key door window table chair lamp sofa bed
bath boiler roof fence tree flower tomato apple bread cheese fish soup rice cake wine beer tea water milk sugar salt egg dog cat horse bird
rabbit mother father sister brother uncle aunt cousin neighbour teacher student manager engineer nurse lawyer builder driver baker artist
writer money price bank loan rent tax bill insurance contract plan idea problem question answer story dream goal habit course exam lesson
language history science medicine health sleep pain fever allergy vitamin exercise running swimming yoga football tennis chess game puzzle
computer laptop screen keyboard printer battery charger cable update backup password account photo video message call calendar reminder
bicycle bus plane boat bridge road map trip tour museum theatre concert festival church library park forest lake island village winter
summer spring autumn morning evening night weekend month year hour minute moment reason change choice chance trouble surprise promise secret
happy tired busy quiet early late small large blue green yellow heavy broken clean ready better cheap strange simple lucky careful
bought sold found lost fixed broke cooked baked painted planted visited called wrote read learned forgot started finished moved changed
wants needs likes hopes thinks feels plans tries helps brings keeps shows leaves meets waits works runs sings paints travels""".split()  # noqa: SIM905


class Chatter:
    """Endless short messages that mean nothing, to fill a store (bench/life has lives that mean something): the same for the same
    seed. Words are spread as in real talk (Zipf), so that the common ones are in many items and most are in few."""

    def __init__(self, seed: int, vocabulary: int = 8_000) -> None:
        self._random = random.Random(seed)
        syllables = [c + v for c in "bcdfghklmnprstvz" for v in ("a", "e", "i", "o", "u", "ar", "en", "il")]
        words: dict[str, None] = dict.fromkeys(_COMMON)
        while len(words) < vocabulary:
            words["".join(self._random.choices(syllables, k=self._random.choice((2, 2, 3))))] = None
        self._words = list(words)
        self._weights = np.cumsum(1.0 / np.arange(1, vocabulary + 1)).tolist()

    def _some(self, n: int) -> list[str]:
        return self._random.choices(self._words, cum_weights=self._weights, k=n)

    def text(self) -> str:
        """A sentence or two, 8 to 25 words."""
        a, b = self._some(2)
        opening = self._random.choice(_OPENINGS).format(name=self._random.choice(_NAMES), a=a, b=b)
        return f"{opening}. {' '.join(self._some(self._random.randint(2, 12))).capitalize()}."

    def question(self) -> str:
        a, b = self._some(2)
        return self._random.choice(
            ("What did {n} say about the {a}?", "When did we get the {a} and the {b}?", "Where is the {a} of {n}?")
        ).format(n=self._random.choice(_NAMES), a=a, b=b)

    def entries(self, n: int) -> Iterator[Entry]:
        """``n`` turns of conversations of 40."""
        for i in range(n):
            conversation = f"talk{i // 40}"
            yield Entry(
                self.text(), Source("transcript:life", "transcript"), Label(Integrity.UNTRUSTED), Kind.TURN,
                BEGAN + timedelta(hours=8 * (i // 40), minutes=i % 40), self._random.choice(_NAMES), conversation, f"t{i}",
            )  # fmt: skip
