"""Jobs: in the background, out of the way, and never lost."""

# ruff: noqa: ASYNC110  # a test looks at what a job did; the job has no event to give it

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from ownmind.jobs.runner import Job, Runner
from ownmind.store.opening import Store, open_throwaway
from store_fixtures import paths_at


@pytest.fixture
def store(own_home: Path) -> Iterator[Store]:
    with open_throwaway(paths_at(own_home)) as opened:
        yield opened


class Heap:
    """A backlog of numbered things, like rows that lack something."""

    def __init__(self, size: int, *, bad: bool = False, name: str = "heap") -> None:
        self.left, self.done, self.bad = size, 0, bad
        self.began, self.cancelled, self.counted = 0, 0, 0
        self.job = Job(name, self.pending, self.step)

    def pending(self) -> int:
        self.counted += 1
        return self.left

    async def step(self, seconds: float) -> int:
        assert seconds > 0
        self.began += 1
        try:
            await asyncio.sleep(0.01)
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        if self.bad:
            raise ValueError("the text being read")
        self.left -= 1
        self.done += 1
        return 1


def test_everything_is_done_and_then_it_stops(store: Store) -> None:
    """Jobs take turns until none has anything left."""
    heaps = [Heap(5, name="a"), Heap(3, name="b")]
    assert asyncio.run(Runner([heap.job for heap in heaps], store.work).run_until_done()) == 8
    assert [heap.left for heap in heaps] == [0, 0]


def test_a_job_that_fails_stops_no_other_and_waits_longer_each_time(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    """The failure outlives the process, its wait doubles, its error is logged without the text it holds, success forgets it."""
    bad, good = Heap(1, bad=True, name="bad"), Heap(5, name="good")
    now = [1000.0]
    with caplog.at_level(logging.DEBUG):
        for attempt, wait in ((1, 5), (2, 10), (3, 20)):
            asyncio.run(Runner([bad.job, good.job], store.work, clock=lambda: now[0]).run_until_done())
            (failure,) = store.work.failures()
            assert (failure.attempts, failure.not_before, failure.error) == (attempt, now[0] + wait, "ValueError")
            asyncio.run(Runner([bad.job, good.job], store.work, clock=lambda: now[0]).run_until_done())  # a new process, too early
            assert bad.began == attempt
            now[0] += wait
    assert good.left == 0
    assert "the text being read" not in caplog.text
    assert "ValueError" in caplog.text
    bad.bad = False
    asyncio.run(Runner([bad.job], store.work, clock=lambda: now[0]).run_until_done())
    assert bad.left == 0
    assert store.work.failures() == []


def test_a_count_that_fails_is_a_failure_like_another(store: Store) -> None:
    """The other jobs go on."""

    def broken() -> int:
        raise RuntimeError("x")

    good = Heap(2, name="good")
    assert asyncio.run(Runner([Job("broken", broken, good.step), good.job], store.work).run_until_done()) == 2
    assert [failure.name for failure in store.work.failures()] == ["broken"]


def test_a_turn_stops_the_step_at_once_and_nothing_is_lost(store: Store) -> None:
    """While a turn lasts no step runs, also with two turns at once; afterwards the rest is done."""
    heap = Heap(20)

    async def scenario() -> None:
        runner = Runner([heap.job], store.work)
        async with runner.running():
            while not heap.began:
                await asyncio.sleep(0)
            async with runner.paused():
                assert heap.cancelled == 1
                before = heap.began
                async with runner.paused():
                    await asyncio.sleep(0.05)
                await asyncio.sleep(0.05)
                assert heap.began == before
            while heap.left:
                await asyncio.sleep(0.01)
        assert heap.done == 20

    asyncio.run(asyncio.wait_for(scenario(), 20))


def test_with_nothing_to_do_nothing_happens_until_it_is_woken(store: Store) -> None:
    """No polling: the backlog is counted once, and again only when somebody says there is news, from any thread."""
    heap = Heap(0)

    async def scenario() -> None:
        runner = Runner([heap.job], store.work)
        async with runner.running():
            while not heap.counted:
                await asyncio.sleep(0)
            await asyncio.sleep(0.3)
            assert heap.counted == 1
            heap.left = 2
            await asyncio.to_thread(runner.wake)
            while heap.left:
                await asyncio.sleep(0.01)

    asyncio.run(asyncio.wait_for(scenario(), 20))


def test_a_back_off_ends_by_itself(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The runner tries again when the wait is over, without being told."""
    monkeypatch.setattr("ownmind.jobs.runner.FIRST_WAIT", 0.1)
    heap = Heap(1, bad=True)

    async def scenario() -> None:
        async with Runner([heap.job], store.work).running():
            while not store.work.failures():
                await asyncio.sleep(0.01)
            heap.bad = False
            while heap.left:
                await asyncio.sleep(0.01)

    asyncio.run(asyncio.wait_for(scenario(), 20))
    assert heap.began == 2


def test_time_is_limited_for_scripts(store: Store) -> None:
    """With a limit it stops although there is more."""
    heap = Heap(10_000)
    done = asyncio.run(Runner([heap.job], store.work).run_until_done(0.2))
    assert 0 < done < 10_000
    assert heap.left == 10_000 - done


def test_a_script_that_asks_for_work_does_not_double_it(store: Store) -> None:
    """Beside the background, one step runs at a time, so that a turn has one to stop."""
    at_once, most = 0, 0
    left = 20

    async def step(seconds: float) -> int:
        nonlocal at_once, most, left
        at_once += 1
        most = max(most, at_once)
        await asyncio.sleep(0.005)
        at_once -= 1
        left -= 1
        return 1

    async def scenario() -> None:
        runner = Runner([Job("one", lambda: max(0, left), step)], store.work)
        async with runner.running():
            await runner.run_until_done()

    asyncio.run(asyncio.wait_for(scenario(), 20))
    assert left <= 0
    assert most == 1


def test_leaving_ends_the_step_in_progress(store: Store) -> None:
    """Closing the house waits for no model."""
    heap = Heap(1)

    async def scenario() -> None:
        never = asyncio.Event()

        async def step(seconds: float) -> int:
            heap.began += 1
            try:
                await never.wait()
            except asyncio.CancelledError:
                heap.cancelled += 1
                raise
            return 1

        async with Runner([Job("long", heap.pending, step)], store.work).running():
            while not heap.began:
                await asyncio.sleep(0)

    asyncio.run(asyncio.wait_for(scenario(), 20))
    assert heap.cancelled == 1
