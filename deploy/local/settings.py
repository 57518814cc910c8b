"""What the environment says about the local stack."""

import os
from pathlib import Path

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from deploy.local.errors import StackError

REPOSITORY = Path(__file__).resolve().parents[2]
MAVEN_CENTRAL = "https://repo.maven.apache.org/maven2/"


class LocalSettings(BaseSettings):
    """Settings of `parley` itself; each is an environment variable with the prefix PARLEY_."""

    model_config = SettingsConfigDict(env_prefix="PARLEY_", env_ignore_empty=True, frozen=True)

    kafka: str | None = None
    postgres: str | None = None
    redis: str | None = None
    port: int = Field(default=8000, ge=1, le=65535)
    maven_url: str = MAVEN_CENTRAL
    cache: Path | None = None
    state: Path = REPOSITORY / ".parley"

    @property
    def given_servers(self) -> dict[str, str]:
        """The servers that exist already, by name; we start only the others."""
        urls = {"kafka": self.kafka, "postgres": self.postgres, "redis": self.redis}
        return {name: url for name, url in urls.items() if url is not None}


def load_settings() -> LocalSettings:
    """The settings of this environment; StackError names the variable that makes no sense."""
    try:
        return LocalSettings()
    except ValidationError as failure:
        first = failure.errors()[0]
        variable = f"PARLEY_{str(first['loc'][0]).upper()}"
        raise StackError(f"{variable} makes no sense: {first['msg']}.") from failure


def inherited_environment() -> dict[str, str]:
    """The environment that the services inherit from whoever ran `parley`."""
    return dict(os.environ)
