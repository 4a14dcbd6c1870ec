"""What our models share: the whole answer is the stream read to its end, and no provider of the agent library stands behind it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

from pydantic_ai import ModelMessage, ModelResponse, ModelSettings
from pydantic_ai.models import Model, ModelRequestParameters, StreamedResponse


class StreamingModel(Model):
    """A model of which ``request_stream`` is all there is to say."""

    @property
    def provider(self) -> None:
        return None

    async def request(
        self, messages: list[ModelMessage], model_settings: ModelSettings | None, model_request_parameters: ModelRequestParameters
    ) -> ModelResponse:
        async with self.request_stream(messages, model_settings, model_request_parameters) as stream:
            async for _ in stream:
                pass
            return stream.get()


class OwnModel(StreamingModel):
    """One that answers on this machine."""

    _name: str

    @property
    def model_name(self) -> str:
        return self._name

    @property
    def system(self) -> str:
        return "ownmind"


@dataclass
class OwnStream(StreamedResponse):
    """The stream of an `OwnModel`."""

    name: str = field(kw_only=True)
    started: datetime = field(default_factory=lambda: datetime.now(UTC), kw_only=True)

    @property
    def model_name(self) -> str:
        return self.name

    @property
    def provider_name(self) -> str:
        return "ownmind"

    @property
    def provider_url(self) -> None:
        return None

    @property
    def timestamp(self) -> datetime:
        return self.started
