"""Errors as these two APIs spell them: OpenAI's ``{"error": {message, type, param, code}}``, Anthropic's ``{"type": "error", ...}``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ...errors import BadInput, NotFound, OwnmindError, TryAgainLater
from .. import wire

ANTHROPIC = "/v1/messages"  # and everything under it
_MODELS = "/v1/models"  # in the form of whoever asks: Anthropic's clients send a version
BUSY = 429
OVERLOADED = 529  # Anthropic's own for what is 503 elsewhere


@dataclass(frozen=True, slots=True)
class Named:
    """One status: its type at OpenAI, its usual code there, and its type at Anthropic."""

    openai: str
    code: str | None
    anthropic: str


_BY_STATUS = {
    400: Named("invalid_request_error", None, "invalid_request_error"),
    401: Named("invalid_request_error", "invalid_api_key", "authentication_error"),
    403: Named("permission_error", "missing_scope", "permission_error"),
    404: Named("invalid_request_error", "not_found", "not_found_error"),
    413: Named("invalid_request_error", "too_large", "request_too_large"),
    BUSY: Named("rate_limit_error", "rate_limit_exceeded", "rate_limit_error"),
    501: Named("not_implemented_error", "not_implemented", "api_error"),
    503: Named("server_error", "try_again_later", "api_error"),
    OVERLOADED: Named("server_error", "try_again_later", "overloaded_error"),
}
_OTHER = Named("server_error", None, "api_error")


class Unsupported(BadInput):
    """A field of a request that cannot be taken; ``param`` names it."""

    def __init__(self, message: str, *, param: str = "", hint: str = "", code: str = "unsupported_value") -> None:
        super().__init__(message, hint=hint)
        self.param = param
        self.code = code


class Missing(NotFound):
    """A model or a response that is not there; ``param`` is the field that named it."""

    def __init__(self, message: str, *, param: str, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.param = param
        self.code = "model_not_found" if param == "model" else "not_found"


class Broke(OwnmindError):
    """A model failed in a way nobody foresaw (500)."""


class Stopped(TryAgainLater):
    """The caller has left, or the server ends: nobody reads this."""


class Absent(OwnmindError):
    """What this house cannot do yet (501)."""


class Busy(TryAgainLater):
    """The line is full (429); ``seconds`` until it is worth asking again."""

    def __init__(self, message: str, *, seconds: int, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.seconds = seconds


def is_anthropic(path: str, headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """Whether a request speaks Anthropic's API."""
    if path == ANTHROPIC or path.startswith(f"{ANTHROPIC}/"):
        return True
    return (path == _MODELS or path.startswith(f"{_MODELS}/")) and any(name == b"anthropic-version" for name, _ in headers)


def status(error: OwnmindError, *, anthropic: bool = False) -> int:
    """The HTTP status of an error of ours here."""
    match error:
        case Busy():
            return BUSY
        case Absent():
            return 501
        case TryAgainLater() if anthropic:
            return OVERLOADED
    return wire.status(error)


def shape(error: OwnmindError, *, anthropic: bool) -> dict[str, wire.Json]:
    """An error of ours as the API that is spoken spells it."""
    param = error.param if isinstance(error, Unsupported | Missing) else ""
    code = error.code if isinstance(error, Unsupported | Missing) else ""
    said = sentence(error.message, error.hint)
    return spelled(status(error, anthropic=anthropic), said, anthropic=anthropic, param=param, code=code)


def spelled(status: int, message: str, *, anthropic: bool, param: str = "", code: str = "") -> dict[str, wire.Json]:
    """A status and its words as the API that is spoken spells them."""
    named = _BY_STATUS.get(status, _OTHER if status >= 500 else _BY_STATUS[400])
    if anthropic:
        return {"type": "error", "error": {"type": named.anthropic, "message": message}}
    return {"error": {"message": message, "type": named.openai, "param": param or None, "code": code or named.code}}


def sentence(message: str, hint: str) -> str:
    """What happened, and what to do: these APIs have one field for both."""
    told = message.strip().rstrip(".")
    told = f"{told[:1].upper()}{told[1:]}."
    return f"{told} {hint.strip().rstrip('.')}." if hint.strip() else told
