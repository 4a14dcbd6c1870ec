"""The routes of forgetting: plan and deed, the gentler ways, and the proof."""

from __future__ import annotations

import asyncio
from dataclasses import fields

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ...errors import BadInput, PersonMustAct
from ...messages import Target
from .. import wire
from ..card import as_confidentiality
from .routes import BODY, answer, body_of, house, moment_of, text_of

_FIELDS = {field.name for field in fields(Target)}


async def forget(request: Request) -> Response:
    """The plan when ``dry_run``, else the receipt.

    ``expect`` (the ids a dry run showed, or their seal) makes it a promise: when something else would go by now, nothing does (409).
    """
    body, memory = await body_of(request), house(request).memory
    dry_run = body.get("dry_run")
    if not isinstance(dry_run, bool):
        raise BadInput("dry_run must be true or false", hint="true shows what would go, false removes it")
    target, also, also_near = _target(body), _ids(body, "also"), body.get("also_near") is True
    with_near = dry_run and body.get("near") is True
    plan = await asyncio.to_thread(memory.plan_forget, target, also=also, with_near=with_near, also_near=also_near)
    if dry_run:
        return answer(wire.encode(plan))
    expected = body.get("expect")
    if expected not in (None, plan.seal) and (isinstance(expected, str) or set(_ids(body, "expect")) != set(plan.named)):
        raise PersonMustAct("What this would remove has changed since it was shown.", hint="Look again, then decide.")
    return answer(wire.encode(await asyncio.to_thread(memory.forget, plan)))


async def redact(request: Request) -> Response:
    body, memory = await body_of(request), house(request).memory
    return answer(wire.encode(await asyncio.to_thread(memory.redact, text_of(body, "item"), text_of(body, "words"))))


async def withhold(request: Request) -> Response:
    body, memory = await body_of(request), house(request).memory
    changed = await asyncio.to_thread(memory.withhold, _ids(body, "ids"), undo=body.get("undo") is True)
    return answer({"changed": changed})


async def withheld(request: Request) -> Response:
    return answer({"items": wire.encode(await asyncio.to_thread(house(request).memory.forgetting.withheld))})


async def label(request: Request) -> Response:
    """Says how confidential items or facts are."""
    body, memory = await body_of(request), house(request).memory
    how = as_confidentiality(text_of(body, "confidentiality"))
    return answer({"changed": await asyncio.to_thread(memory.label, _ids(body, "ids"), how)})


async def expire(request: Request) -> Response:
    body, home = await body_of(request), house(request)
    at = moment_of(text_of(body, "at")) if body.get("at") is not None else None
    changed = await asyncio.to_thread(home.memory.expire, _ids(body, "ids"), at)
    home.runner.wake()
    return answer({"changed": changed})


async def receipts(request: Request) -> Response:
    return answer({"receipts": wire.encode(await asyncio.to_thread(house(request).memory.forgetting.receipts))})


async def allow_again(request: Request) -> Response:
    which, memory = text_of(await body_of(request), "which"), house(request).memory
    is_receipt = which[:1] == "r" and which[1:].isdecimal()
    lifted = await asyncio.to_thread(memory.allow_again, which if is_receipt else moment_of(which) or which)
    return answer({"receipts": wire.encode(lifted)})


async def verify(request: Request) -> Response:
    body, memory = await body_of(request), house(request).memory
    return answer(wire.encode(await asyncio.to_thread(memory.verify, text_of(body, "said"))))


ROUTES = (
    Route("/api/forget", forget, methods=["POST"]),
    Route("/api/redact", redact, methods=["POST"]),
    Route("/api/withhold", withhold, methods=["POST"]),
    Route("/api/label", label, methods=["POST"]),
    Route("/api/withheld", withheld),
    Route("/api/expire", expire, methods=["POST"]),
    Route("/api/receipts", receipts),
    Route("/api/allow-again", allow_again, methods=["POST"]),
    Route("/api/verify", verify, methods=["POST"]),
)


def _target(body: BODY) -> str | Target:
    """A text, or an object of Target's fields."""
    said = body.get("target")
    if not isinstance(said, dict):
        return text_of(body, "target")
    if unknown := set(said) - _FIELDS:
        raise BadInput(f"target: unknown key {min(unknown)!r}", hint=f"known keys: {', '.join(sorted(_FIELDS))}")
    if not all(isinstance(value, str) for value in said.values()):
        raise BadInput("target: every value must be text")
    return Target(**{str(key): str(value) for key, value in said.items()})


def _ids(body: BODY, key: str) -> list[str]:
    ids = body.get(key, [])
    if not isinstance(ids, list) or not all(isinstance(each, str) for each in ids):
        raise BadInput(f"{key} must be a list of ids")
    return [str(each) for each in ids]
