"""What a person says of the sources of what was read: trusted, not used, or neither; and what follows from it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from commandline import quiet_home
from ownmind.app import House, open_house
from ownmind.channels.attach import Attached
from ownmind.channels.cli import run
from ownmind.config import Config
from ownmind.errors import BadInput, NotFound
from ownmind.messages import Entry, Integrity, Kind, Label, Source, Trust
from ownmind.models.embedding.embedder import HashEmbedder
from ownmind.models.scripted import ScriptedModel
from ownmind.paths import find
from ownmind.store.opening import open_store
from served import served

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
BAKERY, OTHER = "https://bakery.example", "https://bakery.example.evil.example"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    held = open_house(find(tmp_path / "mind"), Config(fetch=False, learn=False), brain=ScriptedModel("Yes."), embedder=HashEmbedder())
    yield held
    held.store.close()


def read(house: House, url: str, text: str) -> str:
    """A page as reading it leaves it in memory."""
    source = Source(f"page:{url}", "document", url)
    (name,) = house.memory.remember([Entry(text, source, Label(Integrity.UNTRUSTED), Kind.PASSAGE, NOW)], now=NOW)
    return name


def recalled(house: House, words: str) -> list[str]:
    return [one.text for one in house.memory.recall(words, now=NOW)]


def test_a_source_that_is_not_used_is_left_out_now_and_later_until_it_is_used_again(house: House) -> None:
    """The whole site, what comes from it afterwards too; nothing of a site whose name only begins alike; and nothing is lost."""
    read(house, f"{BAKERY}/hours", "The bakery opens at seven.")
    read(house, f"{OTHER}/hours", "The bakery opens at nine.")
    house.trust(f"{BAKERY}/hours?day=1", Trust.UNUSED)
    read(house, f"{BAKERY}/bread", "The bakery sells rye bread.")
    assert recalled(house, "bakery") == ["The bakery opens at nine."]
    house.trust(BAKERY, Trust.DEFAULT)
    assert sorted(recalled(house, "bakery"))[1:] == ["The bakery opens at seven.", "The bakery sells rye bread."]


def test_what_the_person_withheld_itself_stays_so(house: House) -> None:
    kept, withheld = read(house, f"{BAKERY}/a", "Rye bread on Monday."), read(house, f"{BAKERY}/b", "Rye bread on Friday.")
    house.memory.forgetting.withhold([withheld])
    house.trust(BAKERY, Trust.UNUSED)
    assert [item.id for item in house.memory.forgetting.withheld()] == [withheld], "a source's items are not listed one by one"
    house.trust(BAKERY, Trust.TRUSTED)
    assert [one.id for one in house.memory.recall("rye bread", now=NOW)] == [kept]


def test_sources_are_listed_by_site_with_what_is_said_of_them(house: House) -> None:
    read(house, f"{BAKERY}/a", "One.")
    read(house, f"{BAKERY}/b", "Two.")
    house.trust("https://never.example/x", Trust.UNUSED)
    found = {one.source: (one.items, one.trust) for one in house.sources()}
    assert found == {f"page:{BAKERY}": (2, Trust.DEFAULT), "page:https://never.example": (0, Trust.UNUSED)}
    house.trust("https://never.example", Trust.DEFAULT)
    assert [one.source for one in house.sources()] == [f"page:{BAKERY}"]


def test_the_gate_hears_which_sources_are_trusted(house: House) -> None:
    """Every page of the site by its own name, and no other; taken back, none."""
    read(house, f"{BAKERY}/a", "One.")
    read(house, f"{OTHER}/a", "Two.")
    house.trust(BAKERY, Trust.TRUSTED)
    assert house.store.trust.trusted() == {f"page:{BAKERY}", f"page:{BAKERY}/a"}
    house.trust(f"page:{BAKERY}/a", Trust.DEFAULT)
    assert house.store.trust.trusted() == frozenset()


@pytest.mark.parametrize("said", ["", "bakery", ":", "page:", "https://", "note\n:1", "file:" + "x" * 3000])
def test_what_is_no_source_is_refused(house: House, said: str) -> None:
    with pytest.raises(BadInput):
        house.trust(said, Trust.TRUSTED)


def test_by_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Trust, distrust, neutral, the list, and a cap changed."""
    home = quiet_home(tmp_path)
    open_store(find(home)).close()

    def said(*words: str, code: int = 0) -> dict[str, object]:
        assert run(["--home", str(home), "permissions", *words, "--json"]) == code, words
        read = json.loads(capsys.readouterr().out or "{}")
        assert isinstance(read, dict)
        return read

    assert said("trust", BAKERY) == {"source": f"page:{BAKERY}", "title": "", "items": 0, "trust": "trusted", "at": None}
    assert said("distrust", f"{BAKERY}/x")["trust"] == "unused"
    assert said("sources")["sources"] == [{"source": f"page:{BAKERY}", "title": "", "items": 0, "trust": "unused", "at": None}]
    assert said("neutral", BAKERY)["trust"] == "default" and said("sources") == {"sources": []}
    given = str(said("allow", "api.example.org", "answer", "--cap", "2")["id"])
    assert said("cap", given, "7.5")["spend_cap"] == 7.5 and said("cap", given, "none")["spend_cap"] is None
    said("cap", given, "-1", code=2)
    said("trust", code=2)


def test_through_a_running_ownmind(tmp_path: Path) -> None:
    """The same over the socket, with the same errors."""
    with served(tmp_path / "mind", on_socket=True) as page, Attached(page.house.paths.socket) as mind:
        assert mind.trust(BAKERY).trust is Trust.TRUSTED
        assert [one.source for one in mind.sources()] == [f"page:{BAKERY}"]
        given = mind.allow("api.example.org", "answer", spend_cap=2)
        assert mind.cap(given.id, 5).spend_cap == 5 and mind.cap(given.id, None).spend_cap is None
        with pytest.raises(BadInput):
            mind.trust("bakery", "unused")
        with pytest.raises(NotFound):
            mind.cap("p99", 1)
        with pytest.raises(NotFound):
            mind.action_preview("a1")
