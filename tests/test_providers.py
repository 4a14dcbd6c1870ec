"""Providers by key: asked by rule, under caps of a month, with tools behind the same gate; whatever goes wrong, the brain here goes on."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chatting import streamed
from commandline import quiet_home, running
from lenders import Asked, Lender, Said
from outside import ok, outside
from ownmind import Companion
from ownmind.channels.attach import Attached
from ownmind.config import Config, Provider, Route
from ownmind.errors import BadInput, KeyRefused, NotFound
from ownmind.messages import ActionState, Cost
from ownmind.models.embedding.embedder import HashEmbedder
from ownmind.models.scripted import ScriptedModel
from ownmind.paths import find

KEY = "sk-canary-5f4e3d2c1b0a99887766"
KINDS = {"chat": "compatible", "messages": "anthropic", "gemini": "google"}


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


def blue(asked: Asked) -> Said:
    return Said("Light is scattered by the air.")


@contextmanager
def home(kind: str = "chat", *, allow: bool = True, **settings: float) -> Iterator[tuple[Companion, Lender]]:
    """A home that lets ``far`` answer everything, a lender of that protocol."""
    with outside(Lender(kind=kind, key=KEY, script=blue)) as place:
        assert isinstance(place, Lender)
        prices = {"price_in": 1.0, "price_out": 2.0} | settings
        cap = prices.pop("monthly_cap", -1.0)
        lender = Provider("far", KINDS[kind], url=place.url, model="big-one", currency="EUR", most_tokens=1000, **prices)
        config = Config(fetch=False, provider=(lender,), route=(Route(to="far"),), monthly_cap=cap)
        with Companion.temporary(brain=ScriptedModel("From here."), embedder=HashEmbedder(), config=config) as mind:
            mind.providers.key("far", KEY)
            if allow:
                mind.allow(place.destination, "answer")
            yield mind, place


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_reply_says_what_it_cost(kind: str) -> None:
    """By the provider's own count; kept with the reply; added up for the month; the key is nowhere."""
    with home(kind) as (mind, place):
        reply = mind.say("Why is the sky blue?")
        assert (reply.text, reply.brain, place.wrong) == ("Light is scattered by the air.", "big-one", [])
        cost = reply.cost
        assert cost is not None and cost.is_counted and cost.sent == place.asked[0].size // 4 and cost.came == 6
        assert cost.amount == pytest.approx((cost.sent + 2 * cost.came) / 1e6) and (cost.currency, cost.provider) == ("EUR", "far")
        assert mind.messages(reply.conversation)[-1]["cost"] == cost
        (spent,) = mind.providers.costs().spent
        assert (spent.provider, spent.model, spent.calls, spent.amount, spent.at_worst) == ("far", "big-one", 1, cost.amount, 0.0)
        assert mind.providers.costs("2001-01").spent == () and KEY not in repr(mind.providers.all())
        row = mind.sent()[-1]
        assert KEY not in mind.sent_text(row.id) and KEY.encode() in place.requests[0]
        place.counts = False
        worst = mind.say("Why is snow white?").cost
        assert worst is not None and not worst.is_counted and worst.amount is not None and worst.amount > 2 * 1000 / 1e6


def refusing(body: bytes, *headers: str, status: str) -> Callable[[bytes], Iterator[bytes]]:
    return lambda request: iter([ok(body, "Content-Type: application/json", *headers, status=status)])


@pytest.mark.parametrize(
    ("kind", "answer", "words"),
    [
        ("messages", refusing(b"{}", status="401 Unauthorized"), "does not take the key"),
        ("gemini", refusing(b'{"error": {"details": [{"reason": "API_KEY_INVALID"}]}}', status="400 Bad Request"), "does not take the key"),
        ("chat", refusing(b'{"error": {"code": "insufficient_quota"}}', status="429 Too Many Requests"), "your quota there is used up"),
        ("messages", refusing(b'{"error": {"type": "billing_error"}}', status="402 Payment Required"), "wants to be paid first"),
        ("gemini", refusing(b"{}", status="403 Forbidden"), "does not take the key"),
        ("messages", refusing(b"{}", status="529 Overloaded"), "out of order"),
        ("gemini", lambda request: iter([ok(b'data: {"promptFeedback": {"blockReason": "SAFETY"}}\n\n')]), "does not answer that"),
        ("messages", lambda request: iter([ok(b'data: {"type": "error", "error": {"type": "overloaded_error"}}\n\n')]), "cannot be read"),
        ("chat", refusing(b'{"error": {"code": "context_length_exceeded"}}', status="400 Bad Request"), "too long"),
    ],
)
def test_what_goes_wrong_is_one_sentence_and_the_brain_here_goes_on(
    kind: str, answer: Callable[[bytes], Iterator[bytes]], words: str
) -> None:
    with home(kind) as (mind, place):
        place.answers = answer
        reply = mind.say("Why is the sky blue?")
        assert words in reply.text and reply.text.count("so I go on from here") == 1 and reply.text.endswith("From here.")
        assert len(place.requests) == 1, "asked once, never again by itself"


def test_a_stream_that_drops_keeps_what_was_said_and_counts_the_worst() -> None:
    with home() as (mind, place):
        place.answers = lambda request: iter([*list(streamed("Light is scattered. ", "And then"))[:3]])
        reply = mind.say("Why is the sky blue?")
        assert reply.text.startswith("Light is scattered.") and "broke off" in reply.text and reply.text.endswith("From here.")
        assert reply.cost is not None and not reply.cost.is_counted and (reply.cost.amount or 0) >= 2 * 1000 / 1e6


def test_who_asked_to_be_left_alone_is_not_asked_before() -> None:
    """Retry-After is kept, in seconds or as a date, also where the next question comes from another process."""
    with home() as (mind, place):
        place.answers = refusing(b"{}", "Retry-After: 3000", status="429 Too Many Requests")
        assert "asked too much" in mind.say("Why is the sky blue?").text
        place.answers = place._answer
        again = mind.say("Why is grass green?")
        assert "asked to be left alone until" in again.text and again.text.endswith("From here.") and len(place.requests) == 1
        (card,) = mind.providers.all()
        assert card.rests_until is not None and card.rests_until > datetime.now(UTC)
        mind.house.remote.rest("far", 0)
        assert mind.say("Why is snow white?").brain == "big-one"


def test_a_month_never_costs_more_than_its_cap() -> None:
    """The worst of a call must fit what is left; then the brain here answers and says so; nothing is asked of anybody."""
    with home() as (mind, place):
        place.counts = False  # each stays at its worst
        first = mind.say("Say something about the number 0.").cost
        assert first is not None and first.amount is not None
        cap = first.amount * 3.5
        mind.providers.cap("far", cap)
        replies = [mind.say(f"Say something about the number {n}.") for n in range(1, 5)]
        (card,) = mind.providers.all()
        assert len(place.requests) == 3 and card.spent <= cap and card.cap == cap
        assert "a month" in replies[-1].text and replies[-1].text.endswith("From here.") and not replies[-1].actions
        mind.providers.cap("far", 1.0)
        assert mind.say("Say something about the number 9.").brain == "big-one"
        mind.providers.cap("", 0.0)
        assert "All of them together" in mind.say("Say something about the number 10.").text
        with pytest.raises(BadInput):
            mind.providers.cap("far", -1.0)


def test_an_unknown_price_fits_no_cap() -> None:
    with home(price_in=-1.0, price_out=-1.0, cap=5.0) as (mind, place):
        assert "is not known, so no cap can hold" in mind.say("Why is the sky blue?").text and place.connections == 0
        mind.providers.cap("far", None)
        reply = mind.say("Why is grass green?")
        assert reply.brain == "big-one" and reply.cost is not None and reply.cost.amount is None
        (spent,) = mind.providers.costs().spent
        assert (spent.unpriced, spent.amount) == (1, 0.0)


def test_two_at_once_cannot_both_have_the_last_of_a_month() -> None:
    """Four ask together where there is room for one: one is answered by the model, three here."""
    with home() as (mind, place):
        place.counts = False
        first = mind.say("Why is the number 1 odd?").cost
        assert first is not None and first.amount is not None and not first.is_counted
        mind.providers.cap("far", first.amount * 2.5)  # that one at its worst, and one more
        place.counts = True
        go = threading.Event()

        def slow(asked: Asked) -> Said:
            go.wait(30)
            return blue(asked)

        place.script = slow
        texts: list[str] = []
        asking = [threading.Thread(target=lambda n=n: texts.append(mind.say(f"Why is the number {n} odd?").text)) for n in (3, 5, 7, 9)]
        for one in asking:
            one.start()
        while sum("a month" in text for text in texts) < 3:
            assert any(one.is_alive() for one in asking)
        go.set()
        for one in asking:
            one.join()
        assert len(place.asked) == 2 and sum("a month" in text for text in texts) == 3


def test_the_rule_decides_and_says_so_beforehand() -> None:
    """Only what a line names goes; explain tells the same and sends nothing; a line can name another model."""
    with home() as (mind, place):
        mind.providers.set_rules(("code to local", "write when short to far with small-one", "explain to far"))
        told = {
            text: mind.providers.explain(text) for text in ("Write a limerick", "Why is the sky blue?", "Fix this code", "I slept well.")
        }
        assert [(one.to, one.line) for one in told.values()] == [
            ("far", "write when short to far with small-one"), ("far", "explain to far"), ("local", "code to local"), ("local", ""),
        ]  # fmt: skip
        assert place.connections == 0 and mind.sent() == []
        assert mind.say("I slept well.").brain == "scripted"
        assert mind.say("Write a limerick").brain == "small-one" and place.asked[-1].body["model"] == "small-one"
        for wrong in (("cook to far",), ("write to nobody",), ("whatever",)):
            with pytest.raises(BadInput):
                mind.providers.set_rules(wrong)
        assert mind.providers.use("local").lines == () and mind.say("Why is the sky blue?").brain == "scripted"
        assert len(place.requests) == 1


@pytest.mark.parametrize("kind", ["messages", "gemini"])
def test_a_talk_begins_with_the_person_however_it_is_cut(kind: str) -> None:
    """Two replies to one message (from here, then from there) shift where the last messages of a talk begin; both providers refuse one that
    begins with theirs."""
    with home(kind, allow=False) as (mind, place):
        first = mind.say("Why is the sky blue?")
        mind.approve(first.actions[0].id)
        mind.allow(place.destination, "answer")
        for n in range(3):
            assert mind.say(f"And why is the number {n} odd?", conversation=first.conversation).brain == "big-one"
        assert not place.wrong and len(place.asked) == 4


def test_what_only_a_secret_answers_stays_here() -> None:
    with home() as (mind, place):
        mind.remember("My locker number is 4711.")
        for item in mind.recall("locker number"):
            mind.label([item.id], "secret")
        mind.say("What is my locker number?")
        assert not any(b"4711" in request for request in place.requests)


def test_a_provider_is_set_tested_listed_and_forgotten() -> None:
    """A key that is wrong is said, not raised; the request carries nothing of the person's; a forgotten one leaves no key and no line."""
    with home(allow=False) as (mind, place):
        mind.remember("My sister Zephyrine lives in Llanwddyn.")
        right = mind.providers.test("far")
        assert (right.key, right.is_there, right.price_in) == ("right", True, 1.0) and right.cost is not None and right.cost > 0
        assert mind.providers.models("far").models == ("big-one", "small-one")
        assert [row.purpose for row in mind.sent()] == ["test the key", "list the models"]
        assert not any(word in request for word in (b"Zephyrine", b"Llanwddyn") for request in place.requests)
        mind.providers.key("far", "sk-other")
        wrong = mind.providers.test("far")
        assert (wrong.key, wrong.is_there) == ("wrong", False) and "does not take the key" in wrong.said
        with pytest.raises(KeyRefused):
            mind.providers.models("far")
        assert mind.permissions() == [], "a test allows nothing but itself"
        assert mind.providers.forget("far") == () and mind.providers.rules().lines == ()
        with pytest.raises(NotFound):
            mind.providers.test("far")
        assert "sk-other" not in repr(mind.house.paths.config.read_text())


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_it_has_tools_behind_the_same_gate(kind: str, tmp_path: Path) -> None:
    """Under a standing permission: it asks to save a file, which waits for the person as it would for any model; what the tool gave goes
    back to it, and both requests are counted."""

    def saves(asked: Asked) -> Said:
        if asked.has_result:
            return Said("It waits for you.")
        return Said(calls=(("save_file", {"path": "poem.md", "text": "Roses."}),)) if "save_file" in asked.tools else Said("No tools.")

    with home(kind) as (mind, place):
        place.script = saves
        reply = mind.say("Why not put a short poem about roses somewhere?")
        assert len(place.asked) == 2 and not place.wrong, place.wrong
        assert place.asked[0].tools and place.asked[1].has_result and reply.cost is not None and reply.cost.calls == 2
        assert all(action.state is not ActionState.DONE for action in reply.actions)


def test_a_yes_to_one_text_is_asked_without_tools_and_streams() -> None:
    """The words of the answer come one after the other, to whoever said yes and to an open page; no tool is offered."""
    with home(allow=False) as (mind, place):
        (action,) = mind.say("Why is the sky blue?").actions
        assert any("without tools" in reason for reason in action.reasons)
        heard: list[str] = []
        told: list[object] = []
        publish = mind.house.bulletin.publish
        object.__setattr__(mind.house, "bulletin", _Overheard(told, publish))
        done = mind.approve(action.id, on_words=heard.append)
        assert done.state is ActionState.DONE and "".join(heard).strip() == done.outcome and place.asked[0].tools == ()
        assert [one for one in told if isinstance(one, dict) and one["type"] == "words"]
        cost = mind.messages(action.conversation)[-1]["cost"]
        assert isinstance(cost, Cost) and cost.is_counted


class _Overheard:
    """A bulletin that keeps what was published."""

    def __init__(self, told: list[object], publish: Callable[[dict[str, object]], None]) -> None:
        self._told, self._publish = told, publish

    def publish(self, notice: dict[str, object]) -> None:
        self._told.append(notice)
        self._publish(notice)


def test_over_the_socket_it_is_all_the_same(tmp_path: Path) -> None:
    """Set, key, rule, the streamed yes and the costs of a running Ownmind, from another process."""
    with outside(Lender(key=KEY, script=blue)) as place:
        assert isinstance(place, Lender)
        folder = quiet_home(tmp_path)
        with running(folder), Attached(find(folder).socket) as mind:
            card = mind.providers.set("far", url=place.url, model="big-one", price_in=1.0, price_out=2.0)
            assert not card.has_key and mind.providers.key("far", KEY).has_key
            assert mind.providers.use("far").lines[0].to == "far"
            (action,) = mind.say("Why is the sky blue?").actions
            heard: list[str] = []
            assert mind.approve(action.id, on_words=heard.append).state is ActionState.DONE
            assert "".join(heard).strip() == "Light is scattered by the air."
            assert mind.providers.costs().spent[0].calls == 1
            written = (folder / "config.toml").read_text()
            assert "[[provider]]" in written and "[[route]]" in written and KEY not in written
