"""What was taken in can be listed, read and searched, also when its file is gone; what Ownmind reaches says how it is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from documents import pdf, prose, transcript, turn
from ownmind import Companion
from ownmind.agent.connections import _PURPOSES
from ownmind.agent.remote.asking import ANSWER
from ownmind.errors import BadInput, NotFound
from ownmind.messages import Trust
from ownmind.models.scripted import ScriptedModel
from served import Served, served

PAGES = ["The lease begins on the first of March.", "The notice period is three months.", "Pets need a written consent of the owner."]


@pytest.fixture
def mind() -> Iterator[Companion]:
    with Companion.temporary(brain=ScriptedModel("Good.")) as mind:
        yield mind


def test_the_shelf_names_every_source_with_its_kind_count_and_state(mind: Companion, tmp_path: Path) -> None:
    """Documents, transcripts and notes, narrowed by kind or words and in the order that is asked for; talks are no sources."""
    (tmp_path / "walks.md").write_text(prose(600))
    mind.import_paths([pdf(tmp_path / "lease.pdf", PAGES), transcript(tmp_path / "chat.jsonl", [turn(1), turn(2)]), tmp_path / "walks.md"])
    mind.remember("The boiler was serviced in May.")
    mind.say("Good morning.")
    shelf = mind.library.sources()
    assert {one.title: one.kind for one in shelf.sources} == {
        "lease.pdf": "document", "walks.md": "document", "chat.jsonl": "transcript", "note:python": "note",
    }  # fmt: skip
    assert shelf.total == 4 and shelf.kinds == {"document": 2, "transcript": 1, "note": 1}
    assert all(one.state == "whole" for one in shelf.sources) and sum(one.items for one in shelf.sources) >= 3 + 2 + 5 + 1
    assert [one.title for one in mind.library.sources(kind="document", sort="size").sources] == ["walks.md", "lease.pdf"]
    assert [one.title for one in mind.library.sources(words="LEASE pdf").sources] == ["lease.pdf"]
    mind.trust(next(one.source for one in shelf.sources if one.title == "lease.pdf"), Trust.UNUSED)
    assert [one.title for one in mind.library.sources(state="unused").sources] == ["lease.pdf"]
    with pytest.raises(BadInput, match="order"):
        mind.library.sources(sort="colour")


def test_a_document_is_read_page_by_page_and_from_any_passage(mind: Companion, tmp_path: Path) -> None:
    """Its passages in order with their pages; around an item that item is in the middle; the counts say what is before and after."""
    mind.import_paths([pdf(tmp_path / "lease.pdf", PAGES * 5)])
    [source] = mind.library.sources().sources
    whole = mind.library.read(source.source)
    assert [one.page for one in whole.passages] == list(range(1, 16)) and (whole.before, whole.after) == (0, 0)
    some = mind.library.read(source.source, 4, 3)
    assert [one.page for one in some.passages] == [5, 6, 7] and (some.before, some.after) == (4, 8)
    around = mind.library.around(whole.passages[9].id, 4)
    assert whole.passages[9] in around.passages and around.source == source
    with pytest.raises(NotFound):
        mind.library.read("file:/nowhere")
    with pytest.raises(NotFound):
        mind.library.around("i999999")


def test_words_are_found_in_a_source_whatever_their_case(mind: Companion, tmp_path: Path) -> None:
    """Each hit names its passage, its page and what is around; what stands nowhere gives nothing, and no words are no question."""
    mind.import_paths([pdf(tmp_path / "lease.pdf", PAGES)])
    [source] = mind.library.sources().sources
    [hit] = mind.library.find(source.source, "NOTICE  period")
    assert hit.page == 2 and hit.times == 1 and "three months" in hit.excerpt
    assert mind.library.find(source.source, "[a-z]+") == ()
    with pytest.raises(BadInput):
        mind.library.find(source.source, "  ")


def test_the_text_is_here_when_the_file_is_gone(mind: Companion, tmp_path: Path) -> None:
    """The shelf says so, and what was kept is read as before."""
    path = pdf(tmp_path / "lease.pdf", PAGES)
    mind.import_paths([path])
    [before] = mind.library.sources().sources
    path.unlink()
    [after] = mind.library.sources().sources
    assert (before.is_there, after.is_there) == (True, False) and after.has_original
    assert "three months" in mind.library.read(after.source).passages[1].text


def test_what_is_forgotten_is_on_no_shelf(mind: Companion, tmp_path: Path) -> None:
    """A source that is taken away by the dry run's own target is gone from the list and cannot be read."""
    mind.import_paths([pdf(tmp_path / "lease.pdf", PAGES)])
    [source] = mind.library.sources().sources
    plan = mind.plan_forget(source.source)
    assert plan.counts["items"] == 3 and mind.library.sources().total == 1
    assert mind.forget(plan).verified
    assert mind.library.sources().total == 0
    with pytest.raises(NotFound):
        mind.library.read(source.source)


def test_an_import_names_what_it_read_and_what_to_do_about_the_rest(mind: Companion, tmp_path: Path) -> None:
    """The refs lead to the shelf, also of a file that was known; a file too large to read says how to give it."""
    first = mind.import_paths([pdf(tmp_path / "lease.pdf", PAGES)])
    assert [mind.library.get(ref).title for ref in first.refs] == ["lease.pdf"]
    (tmp_path / "again.pdf").write_bytes((tmp_path / "lease.pdf").read_bytes())
    assert mind.import_paths([tmp_path / "again.pdf"]).refs == first.refs
    with (tmp_path / "huge.txt").open("wb") as file:
        file.truncate((512 << 20) + 1)
    [skipped] = mind.import_paths([tmp_path / "huge.txt"]).skipped
    assert "512 MB" in skipped.reason and skipped.hint == "give it in parts"


def test_connections_say_when_they_were_contacted_and_are_switched(mind: Companion) -> None:
    """A server that does not answer is wrong in words with what to do; off ends its permission, on gives it again."""
    assert mind.connections.all() == ()
    mind.search.set("https://searx.example.org")
    [search] = mind.connections.all()
    assert (search.id, search.state, search.last) == ("search", "asks", None)
    mind.allow(search.where, "search the web")
    assert mind.connections.get("search").state == "on"
    assert mind.connections.switch("search", False).state == "asks"
    with pytest.raises(BadInput):
        mind.connections.check("search")
    with pytest.raises(NotFound):
        mind.connections.switch("nothing", False)
    assert _PURPOSES["provider"][0] == ANSWER


# Given on the page, in pieces


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Served]:
    with served(tmp_path / "home") as held:
        held.enter()
        yield held


def _piece(page: Served, which: object, at: int, content: bytes) -> tuple[int, dict[str, object]]:
    answer = page.raw("PUT", f"/api/pieces/{which}?at={at}", page.own(content_type="application/octet-stream"), content)
    return answer.status, json.loads(answer.read())


def _begin(page: Served, name: str, content: bytes) -> dict[str, object]:
    status, said = page.ask("POST", "/api/given", {"name": name, "size": len(content), "mark": f"{name} 1"})
    assert status == 200, said
    return said


def test_a_file_in_pieces_is_read_as_one_and_goes_on_where_it_broke(page: Served, tmp_path: Path) -> None:
    """Begun again it says how much is here; a piece sent twice is taken once; read, it is on the shelf by its own name and gone from
    where it waited."""
    content = pdf(tmp_path / "lease.pdf", PAGES).read_bytes()
    begun = _begin(page, "lease.pdf", content)
    assert _piece(page, begun["id"], 0, content[:500]) == (200, {"received": 500})
    assert _piece(page, begun["id"], 0, content[:500]) == (200, {"received": 500})
    again = _begin(page, "lease.pdf", content)
    assert again == {"id": begun["id"], "received": 500, "left_out": ""}
    assert page.ask("POST", f"/api/given/{begun['id']}/read", {})[0] == 400
    assert _piece(page, begun["id"], 500, content[500:]) == (200, {"received": len(content)})
    *_, done = page.lines(f"/api/given/{begun['id']}/read", {})
    assert done["type"] == "done" and isinstance(done["imported"], dict) and done["imported"]["items"] == 3
    [source] = page.house.library.sources().sources
    assert source.title == "lease.pdf" and source.source.startswith("given:lease.pdf~")
    assert page.ask("POST", f"/api/given/{begun['id']}/read", {})[0] == 404


def test_a_folder_keeps_its_names_and_leaves_out_what_programs_made(page: Served) -> None:
    """What an import of the folder would pass over is refused before a byte is sent, with the reason."""
    begun = _begin(page, "notes/garden/May.md", b"The roses were cut in May.")
    assert _piece(page, begun["id"], 0, b"The roses were cut in May.")[0] == 200
    assert page.lines(f"/api/given/{begun['id']}/read", {})[-1]["type"] == "done"
    [source] = page.house.library.sources().sources
    assert source.source.startswith("given:notes/garden/May.md~")
    for name in ("notes/.git/config", "notes/node_modules/x.md", "notes/app.py"):
        assert _begin(page, name, b"x")["left_out"]
    assert _begin(page, "app.py", b"x")["left_out"] == ""


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "..\\..\\x.txt", "a/../../b.txt", "con\0trol.txt"])
def test_no_name_leads_out_of_where_files_wait(page: Served, name: str) -> None:
    """Whatever a name says, its file lies inside its own folder."""
    begun = _begin(page, name, b"x")
    if begun["id"]:
        assert _piece(page, begun["id"], 0, b"x")[0] == 200
        said = page.lines(f"/api/given/{begun['id']}/read", {})
        assert said[-1]["type"] == "done"
        assert all(".." not in one.source for one in page.house.library.sources().sources)


def test_what_is_more_than_it_said_or_than_there_is_room_for_is_refused(page: Served) -> None:
    """With what to do. A file that is dropped is gone."""
    begun = _begin(page, "a.txt", b"12345")
    assert _piece(page, begun["id"], 0, b"123456")[0] == 400
    assert page.ask("POST", f"/api/given/{begun['id']}/drop", {}) == (200, {"dropped": True})
    assert _piece(page, begun["id"], 0, b"12345")[0] == 404
    status, said = page.ask("POST", "/api/given", {"name": "huge.mbox", "size": 1 << 40, "mark": "x"})
    assert status == 400 and isinstance(said["error"], dict) and said["error"]["hint"] == "give it in parts"
