"""The configuration page names every setting with its default, and no other."""

import re
from pathlib import Path

import pytest
from pydantic import SecretStr, TypeAdapter
from pydantic_core import PydanticUndefined
from pydantic_settings import BaseSettings

from deploy.local.settings import MAVEN_CENTRAL, REPOSITORY, LocalSettings
from deploy.migrate import MigrationSettings
from services.agent.settings import AgentSettings
from services.gateway.settings import GatewaySettings
from services.gateway.whatsapp.settings import WhatsAppSettings
from services.memory.settings import MemorySettings
from services.profiles.settings import ProfilesSettings
from shared.domains.insights.settings import InsightsSettings
from shared.domains.luxury.settings import LuxurySettings
from shared.runtime.failpoints import FailpointSettings
from shared.runtime.kafka.provision import ProvisionSettings

SETTINGS: tuple[type[BaseSettings], ...] = (
    AgentSettings,
    FailpointSettings,
    GatewaySettings,
    InsightsSettings,
    LocalSettings,
    LuxurySettings,
    MemorySettings,
    MigrationSettings,
    ProfilesSettings,
    ProvisionSettings,
    WhatsAppSettings,
)
ROW = re.compile(r"^\| `(PARLEY_[A-Z_]+)` \| (.+?) \| ", re.MULTILINE)
NAME = re.compile(r"PARLEY_[A-Z_]+")


def documented() -> set[tuple[str, str]]:
    page = (REPOSITORY / "docs" / "configuration.md").read_text(encoding="utf-8")
    return {(name, default.strip("`")) for name, default in ROW.findall(page)}


def variable(settings: type[BaseSettings], field: str) -> str:
    """The name of a setting in the environment."""
    return f"{settings.model_config.get('env_prefix') or 'PARLEY_'}{field.upper()}"


def default_of(settings: type[BaseSettings], field: str) -> str | None:
    """The default as the page writes it; None where words say it better."""
    value = settings.model_fields[field].default
    if value in (PydanticUndefined, None, MAVEN_CENTRAL) or isinstance(value, Path):
        return None
    plain = value.get_secret_value() if isinstance(value, SecretStr) else value
    return TypeAdapter(type(plain)).dump_json(plain).decode().strip('"')


@pytest.mark.parametrize("settings", SETTINGS, ids=lambda each: each.__name__)
def test_every_setting_is_on_the_page_with_its_default(settings: type[BaseSettings]) -> None:
    rows = documented()
    for field in settings.model_fields:
        name, expected = variable(settings, field), default_of(settings, field)
        defaults = {default for other, default in rows if other == name}
        assert defaults, f"{name} is not on the page"
        assert expected is None or expected in defaults, name


@pytest.mark.parametrize("page", ["README.md", "docs/configuration.md"])
def test_no_page_names_a_variable_that_nobody_reads(page: str) -> None:
    known = {variable(settings, field) for settings in SETTINGS for field in settings.model_fields}

    assert set(NAME.findall((REPOSITORY / page).read_text(encoding="utf-8"))) <= known
