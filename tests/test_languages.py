"""The bench of languages: its data are whole, and what it keeps of the model's means is what the model gives."""

from __future__ import annotations

import json
from importlib import resources

import numpy as np

from ownmind.bench import languages, stage
from ownmind.models.embedding.e5 import E5Embedder


def test_every_language_asks_the_same_questions_and_translates_the_same_notes() -> None:
    """Thirteen languages, sixteen questions and eight notes each, none left in English or given twice."""
    data = json.loads(resources.files("ownmind.bench").joinpath("data/cross_language.json").read_text(encoding="utf-8"))
    assert len(data["notes"]) == 60 == len({note for note, _ in data["notes"]}) == len({question for _, question in data["notes"]})
    assert data["questions"].keys() == data["translated"].keys() and len(data["questions"]) == 13
    said = [text for of in (data["questions"], data["translated"]) for texts in of.values() for text in texts]
    assert len(said) == 13 * (16 + 8) == len(set(said)) and not {*said} & {text for pair in data["notes"] for text in pair}


def test_the_kept_means_are_those_of_the_model() -> None:
    """e5_means.json can be made again, and from sentences the bench does not use."""
    embedder = stage.embedder(model="multilingual-e5-small-q4")
    assert isinstance(embedder, E5Embedder)
    kept = json.loads(resources.files("ownmind.models.embedding").joinpath("e5_means.json").read_text(encoding="utf-8"))
    for kind, made in languages.means(embedder).items():
        assert np.allclose(kept[kind], made, atol=2e-3)
