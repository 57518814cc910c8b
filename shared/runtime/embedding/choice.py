"""Which embedder a process uses."""

import asyncio
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.runtime.embedding.embedder import Embedder
from shared.runtime.embedding.endpoint import EmbeddingEndpoint, EndpointEmbedder
from shared.runtime.embedding.lexical import LexicalEmbedder


class EmbeddingSettings(BaseSettings):
    """What a process that embeds reads from its environment."""

    model_config = SettingsConfigDict(env_prefix="PARLEY_", frozen=True, extra="ignore", hide_input_in_errors=True)

    embedder: Literal["lexical", "minilm", "endpoint"] = Field(
        default="lexical",
        description="By letters alone, by a small English model in this process, or by a service.",
    )
    embedding: EmbeddingEndpoint | None = Field(default=None, description="The service: base_url, model, api_key.")
    embedding_cache: Path = Field(
        default=Path("~/.cache/parley/embedding"), description="Where the graph of the small model is kept."
    )

    @model_validator(mode="after")
    def _names_the_service(self) -> Self:
        if (self.embedder == "endpoint") != (self.embedding is not None):
            raise ValueError("PARLEY_EMBEDDING names the service of PARLEY_EMBEDDER=endpoint: set both or neither")
        return self


async def open_embedder(settings: EmbeddingSettings) -> Embedder:
    """The embedder these settings name; whoever opened it closes it."""
    if settings.embedding is not None:
        return EndpointEmbedder(settings.embedding)
    if settings.embedder == "minilm":
        from shared.runtime.embedding.minilm import MiniLMEmbedder  # noqa: PLC0415 -- an extra that may not be installed

        return await asyncio.to_thread(MiniLMEmbedder.load, settings.embedding_cache.expanduser())
    return LexicalEmbedder()
