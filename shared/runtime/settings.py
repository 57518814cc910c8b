"""Settings that every process reads from its environment, once, at start."""

from datetime import timedelta
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class RuntimeSettings(BaseSettings):
    """What any service needs. Names are `PARLEY_` and the field in capitals, such as `PARLEY_KAFKA`."""

    model_config = SettingsConfigDict(env_prefix="PARLEY_", frozen=True, extra="ignore", hide_input_in_errors=True)

    kafka: str = Field(default="127.0.0.1:9092", description="Bootstrap servers, host:port, comma separated.")
    redis: SecretStr = Field(default=SecretStr("redis://127.0.0.1:6379/0"), description="Redis URL.")
    host: str = Field(default="127.0.0.1", description="Address the HTTP server binds.")
    port: int = Field(default=8000, ge=1, le=65535, description="Port the HTTP server binds.")
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    grace: timedelta = Field(default=timedelta(seconds=15), description="How long a stop waits for running work.")
    erasure_key: SecretStr = Field(
        default=SecretStr("parley"),
        description="Makes the codes under which erased people are remembered: a secret, the same for ever.",
    )


class StoreSettings(RuntimeSettings):
    """What a service with tables of its own needs beside."""

    postgres: SecretStr = Field(description="Postgres URL with the role of this service.")
    postgres_connections: int = Field(default=10, ge=1, le=100)


class DomainSettings(BaseSettings):
    """Which packs a process loads."""

    model_config = SettingsConfigDict(env_prefix="PARLEY_", frozen=True, extra="ignore", hide_input_in_errors=True)

    domains: tuple[str, ...] | None = Field(
        default=None, description="Entry-point names or module:attribute; all installed packs when unset."
    )
