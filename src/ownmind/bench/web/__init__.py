"""Whether the page's server takes anything it should not: every route and socket against the whole matrix, from outside.

A real server over a real store in a child process; the routes come from its own tables, the requests go over the wire byte by
byte. Beside the zero stand two controls: the proper request for every route is answered, and a naive server of the same
routes (``naive.py``) takes a good part of the same attacks.
"""

from __future__ import annotations

import contextlib
import random
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from ...channels.web import connection, fence, routes
from .. import result
from ..requests import Answer, Request, exchange
from ..served import Served, served
from . import keys, slow, ssrf
from .attacks import Attack, Target, against
from .proper import Way, decided, fresh_token, of_programs, opened, own, told, ways

NAIVE, QUICK_NAIVE = 6, 1  # attacks of a kind on each route that the control gets
QUICK = 2  # of a kind on each route


@dataclass(slots=True)
class Seen:
    """What came of the attacks on one server."""

    accepted: Counter[str] = field(default_factory=Counter)  # by kind
    sent: Counter[str] = field(default_factory=Counter)
    which: list[str] = field(default_factory=list)  # the accepted ones by name
    silent: list[str] = field(default_factory=list)  # neither answered nor closed
    bare: list[str] = field(default_factory=list)  # answers without every header
    telling: list[str] = field(default_factory=list)  # errors that say a path, a secret or a trace
    broken: list[str] = field(default_factory=list)  # answers of 500 and above


def run(*, seed: int = 4, quick: bool = False, **_: object) -> dict[str, object]:
    """Counts; ``faults`` is to be 0. ``control`` says what a naive server took of the same."""
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="ownmind-bench-") as name, contextlib.ExitStack() as held:
        folder, most = Path(name), QUICK if quick else None
        naive = held.enter_context(served(_home(folder / "naive"), naive=True))
        fenced = held.enter_context(served(_home(folder / "fenced")))
        foreign, cookie = opened(naive, naive.token), opened(fenced, fenced.token)
        before, seen = fenced.memory(), Seen()
        proper = _answered(fenced, ways(fenced, cookie))
        reached, naive_reached = ways(fenced, cookie), ways(naive, foreign)
        streams = [_streams(running, some) for running, some in ((fenced, reached), (naive, naive_reached))]
        waiting, naive_waiting = _slow(fenced, reached), _slow(naive, naive_reached)
        target = Target(fenced.port, cookie, foreign, fenced.token)
        keyed = of_programs(fenced)
        proper |= _answered(fenced, keyed)
        for way in (*reached, *keyed):
            _attack(fenced, way, target, seen, most=most, chance=chance)
        asked, fetched = ssrf.tried(fenced, reached, folder, most=QUICK if quick else None, chance=chance)
        slow_held, naive_held = _waited((fenced, waiting), (naive, naive_waiting), quick=quick)
        cookie = opened(fenced, fresh_token(fenced))  # the attacks on the key's route, sent with good keys, have ended the first one
        again = _answered(fenced, (*ways(fenced, cookie), *keyed))
        wrong = [said for said, holds in keys.claims(fenced, opened(fenced, fresh_token(fenced)), told(fenced, folder)) if not holds]
        grown, alive = fenced.memory() - before, fenced.is_alive
        control = _control(
            naive, naive_reached, Target(naive.port, foreign, cookie, naive.token), chance, most=QUICK_NAIVE if quick else NAIVE
        )
        secrets = (cookie.partition("=")[2], target.cookie.partition("=")[2], fenced.token)
        logged = fenced.log.read_text(encoding="utf-8", errors="replace")
        wrong += [said for said, holds in keys.after_restart(_home(folder / "again")) if not holds]
    faults: dict[str, Sequence[str]] = {
        "accepted": seen.which,
        "proper_refused": [name for name, good in (*proper.items(), *again.items()) if not good],
        "routes_without_a_proper_request": [way.name for way in reached if not way.is_proven],
        "neither_answered_nor_closed": seen.silent,
        "answers_without_every_header": seen.bare,
        "errors_that_tell": seen.telling,
        "server_errors": seen.broken,
        "claims_broken": wrong,
    }
    counts: dict[str, int] = {
        **{key: len(names) for key, names in faults.items()},
        **{f"fetched: {key}": value for key, value in fetched.items()},
        **{f"still held: {key}": value for key, value in slow_held.items()},
        "streams over the most": max(0, streams[0] - routes.MOST_LISTENING),
        "secrets_in_the_log": sum(bool(secret) and secret in logged for secret in secrets),
        "died": int(not alive),
    }
    figures: dict[str, object] = {
        "faults": sum(counts.values()),
        "must_be_zero": counts,
        "which": {key: list(names)[:20] for key, names in faults.items() if names},
        "attacks": dict(sorted(seen.sent.items())),
        "routes": len(reached) + len(keyed),
        "proper_answered": sum(proper.values()) + sum(again.values()),
        "urls_tried": asked,
        "streams_kept": streams[0],
        "memory_grown_mb": round(grown / 1e6, 1),
        "log_lines": logged.count("\n"),
    }
    control |= {"still held": naive_held, "streams_kept": streams[1]}
    return result("web", figures, n=sum(seen.sent.values()), seed=seed, control=control)


def _home(folder: Path) -> Path:
    folder.mkdir()
    return folder / "home"


def _answered(running: Served, reached: Sequence[Way]) -> dict[str, bool]:
    """Whether each proper request is answered well."""
    found: dict[str, bool] = {}
    for way in reached:
        answers = exchange(_where(running, way), _fresh(running, way).proper.raw(), timeout=60)
        found[way.name] = len(answers) == 1 and way.is_answered(answers[0])
    return found


def _attack(
    running: Served, way: Way, target: Target, seen: Seen, *, most: int | None, chance: random.Random, patience: float = 20.0
) -> None:
    """Sends the attacks on one way, or ``most`` of each kind."""
    for attack in _chosen(list(against(_fresh(running, way), target)), most, chance):
        name = f"{way.name}: {attack.kind} {attack.name}"
        seen.sent[attack.kind] += 1
        try:
            answers = exchange(_where(running, way), attack.pieces, half_close=attack.half_close, timeout=patience)
        except TimeoutError:
            seen.silent.append(name)
            continue
        if sum(answer.status < 400 or way.is_answered(answer) for answer in answers) > attack.allowed:
            seen.accepted[attack.kind] += 1
            seen.which.append(name)
        for answer in answers:
            _look(answer, name, running, target, seen, on_socket=way.on_socket)


def _look(answer: Answer, name: str, running: Served, target: Target, seen: Seen, *, on_socket: bool) -> None:
    """What is wrong with an answer, whatever it was to."""
    if not all(answer.header(key.decode()) == value.decode() for key, value in fence.HEADERS):
        seen.bare.append(name)
    if answer.status == 500:
        seen.broken.append(f"{name}: {answer.status}")
    if answer.status < 400:
        return
    told = ("Traceback", "site-packages", '.py"', str(running.home), str(Path.home()), target.token, target.cookie.partition("=")[2])
    if any(secret and secret.encode() in answer.body for secret in told):
        seen.telling.append(name)


def _chosen(attacks: list[Attack], most: int | None, chance: random.Random) -> Iterator[Attack]:
    by_kind: dict[str, list[Attack]] = {}
    for attack in attacks:
        by_kind.setdefault(attack.kind, []).append(attack)
    for same in by_kind.values():
        yield from same if most is None else chance.sample(same, min(most, len(same)))


def _fresh(running: Served, way: Way) -> Way:
    """The way with a key that was not used, where it takes one, or an undecided action: else an attack would fail for want of one."""
    if way.path.startswith("/api/actions/{id}/"):
        return replace(way, proper=replace(way.proper, target=decided(running, way.path)))
    if (way.method, way.path) != ("POST", "/api/session"):
        return way
    return replace(way, proper=way.proper.with_body(b'{"token":"%s"}' % fresh_token(running).encode()))


def _where(running: Served, way: Way) -> int | Path:
    return running.socket if way.on_socket else running.port


def _slow(running: Served, reached: Sequence[Way]) -> list[slow.Slow]:
    page = Request("GET", "/", own(running.port)[:2])
    return slow.begin(running.port, _proper(reached, "/api/turn"), page)


def _streams(running: Served, reached: Sequence[Way]) -> int:
    return slow.streams(running.port, running.process.pid, _proper(reached, "/api/events"))


def _proper(reached: Sequence[Way], path: str) -> Request:
    return next(way.proper for way in reached if way.path == path and not way.on_socket)


def _waited(
    fenced: tuple[Served, list[slow.Slow]], naive: tuple[Served, list[slow.Slow]], *, quick: bool
) -> tuple[dict[str, int], dict[str, int]]:
    """How many connections of each kind either server still holds once their time is up. Those that do not read get the longest time,
    which the quick form does not wait for."""
    patience = max(connection.HEAD_SECONDS, fence.GRACE) if quick else connection.UNREAD_SECONDS + fence.GRACE
    every = (*fenced[1], *naive[1])
    while time.monotonic() < max(each.began for each in every) + patience + 3:
        for each in every:
            each.keep_on()
        time.sleep(0.5)
    counted = [{each.kind: each.open(server.process.pid) for each in some} for server, some in (fenced, naive)]
    for each in every:
        each.close()
    if quick:
        counted = [{kind: open_ for kind, open_ in each.items() if "read" not in kind} for each in counted]
    return counted[0], counted[1]


def _control(naive: Served, reached: Sequence[Way], target: Target, chance: random.Random, *, most: int) -> dict[str, object]:
    """How many of the same attacks a naive server takes, by kind."""
    seen = Seen()
    for way in (way for way in reached if not way.on_socket):
        _attack(naive, way, target, seen, most=most, chance=chance, patience=3.0)
    return {
        "accepted": sum(seen.accepted.values()),
        "of": sum(seen.sent.values()),
        "accepted_by_kind": {kind: f"{seen.accepted[kind]} of {sent}" for kind, sent in sorted(seen.sent.items())},
        "answers_without_every_header": len(seen.bare),
        "errors_that_tell": len(seen.telling),
    }
