"""A connection that breaks loses nothing: what goes on, and what is heard again."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from ownmind.channels import wire
from ownmind.channels.web.ongoing import Ongoing
from ownmind.errors import NotFound
from ownmind.jobs.bulletin import MOST_KEPT, Bulletin, Notice
from ownmind.models.scripted import ScriptedModel
from served import served


async def heard(bulletin: Bulletin, after: str) -> list[Notice]:
    """What comes at once when a page is back."""
    found: list[Notice] = []
    listening = bulletin.listen(after)
    try:
        while True:
            found.append(await asyncio.wait_for(anext(listening), 0.2))
    except TimeoutError:
        return found


def test_who_comes_back_hears_what_came_meanwhile_once() -> None:
    """From the one after the last that was heard, in order; what only says how things stand now is not said again."""

    async def run() -> None:
        bulletin = Bulletin()
        listening = bulletin.listen()
        first = asyncio.ensure_future(anext(listening))
        await asyncio.sleep(0)
        bulletin.publish({"type": "replied", "conversation": "c1"})
        last = str((await first)["id"])
        bulletin.publish({"type": "status"})
        bulletin.publish({"type": "actions"})
        bulletin.publish({"type": "goals"})
        assert [each["type"] for each in await heard(bulletin, last)] == ["actions", "goals"]
        assert await heard(bulletin, str((await heard(bulletin, last))[-1]["id"])) == []

    asyncio.run(run())


@pytest.mark.parametrize("last", ["0123456789abcdef-3", "nonsense", "-", "x" * 64])
def test_an_id_of_another_start_says_that_something_was_missed(last: str) -> None:
    """A restarted server knows nothing of it; the page reads everything again."""
    bulletin = Bulletin()
    bulletin.publish({"type": "actions"})
    assert [each["type"] for each in asyncio.run(heard(bulletin, last))] == ["missed"]


def test_of_what_was_forgotten_no_notice_is_kept() -> None:
    """Who was away when something was forgotten hears none of the earlier words; so does who was away for too long."""
    bulletin = Bulletin()
    listening = asyncio.run(heard(bulletin, "x"))
    bulletin.publish({"type": "learned", "facts": ["Zwirbelwind"]})
    bulletin.publish({"type": "forgotten"})
    found = asyncio.run(heard(bulletin, str(listening[0]["id"])))
    assert [each["type"] for each in found] == ["missed"] and "Zwirbelwind" not in repr(bulletin)
    for _ in range(MOST_KEPT + 1):
        bulletin.publish({"type": "actions"})
    assert [each["type"] for each in asyncio.run(heard(bulletin, str(found[0]["id"])))] == ["missed"]


def test_work_goes_on_without_anybody_and_is_heard_from_any_line() -> None:
    """Two follow it, one leaves, one comes late; once it has ended only an outcome that is wanted is kept."""

    async def lines() -> AsyncIterator[wire.Json]:
        for n in range(4):
            await asyncio.sleep(0.01)
            yield {"type": "words", "text": str(n)}

    async def run() -> None:
        ongoing = Ongoing()
        work = ongoing.begin(lines(), keeps_outcome=True)
        async for _ in work.follow():
            break
        late = [line async for line in ongoing.get(work.id).follow(2)]
        await asyncio.sleep(0)
        assert [line["text"] for line in late if isinstance(line, dict)] == ["2", "3"]
        assert [line async for line in ongoing.get(work.id).follow(3)] == late[-1:], "the outcome, whatever was heard before"
        gone = ongoing.begin(lines())
        await ongoing.stop(gone)
        await asyncio.sleep(0)
        with pytest.raises(NotFound):
            ongoing.get(gone.id)

    asyncio.run(run())


def test_a_reply_goes_on_when_its_page_is_away(tmp_path: Path) -> None:
    """The connection breaks in the middle; another one hears the rest, and the whole reply is stored."""
    with served(tmp_path / "home", ScriptedModel("One two three four five six seven eight.", delay=0.05)) as running:
        running.enter()
        body = json.dumps({"text": "Tell me about the sea, please.", "goes_on": True}).encode()
        response = running.raw("POST", "/api/turn", running.own(), body)
        begun, heard_first = json.loads(response.readline()), json.loads(response.readline())
        assert begun["type"] == "begun" and heard_first["type"] == "heard"
        response.close()
        rest = running.raw("GET", f"/api/ongoing/{begun['id']}?after=1", running.own())
        said = [json.loads(line) for line in rest.read().splitlines()]
        assert said[-1]["type"] == "done" and said[-1]["reply"]["text"] == "One two three four five six seven eight."
        assert running.brain.cancelled == 0
        _, page = running.ask("GET", f"/api/conversations/{heard_first['conversation']}?k=10")
        assert page["ongoing"] is None and page["total"] == 2
        assert running.ask("GET", f"/api/ongoing/{begun['id']}")[0] == 404
