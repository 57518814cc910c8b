"""What the WhatsApp channel reads from the gateway's environment."""

from collections.abc import Container
from datetime import timedelta
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, HttpUrl, SecretStr, StringConstraints, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.events.ids import OPEN_TENANT, TenantId


class BusinessNumber(BaseModel):
    """A WhatsApp number of a business, and the pack that answers it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    phone_number_id: str = Field(pattern=r"^[0-9]{1,32}$", description="The number's id at WhatsApp, not the number.")
    domain: str
    access_token: SecretStr
    tenant_id: TenantId = OPEN_TENANT


class WhatsAppSettings(BaseSettings):
    """Names are `PARLEY_WHATSAPP_` and the field in capitals; lists are JSON. Without numbers there is no channel."""

    model_config = SettingsConfigDict(
        env_prefix="PARLEY_WHATSAPP_", frozen=True, extra="ignore", hide_input_in_errors=True
    )

    numbers: tuple[BusinessNumber, ...] = Field(default=(), description="The business numbers that are answered.")
    app_secrets: tuple[SecretStr, ...] = Field(
        default=(),
        description="Secrets of the app that signs webhooks: the new and the old one while they are rotated.",
    )
    verify_token: SecretStr | None = Field(default=None, description="What proves that a webhook was set up by us.")
    pseudonym_key: SecretStr | None = Field(
        default=None, description="The key that makes user ids of phone numbers. With another everybody is a stranger."
    )
    graph_url: HttpUrl = Field(default=HttpUrl("https://graph.facebook.com"), description="Where messages are sent.")
    graph_version: Annotated[str, StringConstraints(pattern=r"^v\d+\.\d+$")] = "v23.0"
    session_idle: timedelta = Field(
        default=timedelta(hours=24), description="After so long without a message the next one begins a new session."
    )
    window: timedelta = Field(
        default=timedelta(hours=24),
        description="How long after a person's last message WhatsApp lets a business answer freely.",
    )
    send_within: timedelta = Field(default=timedelta(seconds=10), description="How long sending may take.")
    uncertain_for: timedelta = Field(
        default=timedelta(minutes=2),
        description="How long news is awaited of a message whose sending nobody answered, before it is sent again.",
    )

    @model_validator(mode="after")
    def _complete(self) -> Self:
        needed = {
            "app_secrets": self.app_secrets,
            "verify_token": self.verify_token,
            "pseudonym_key": self.pseudonym_key,
        }
        missing = [f"PARLEY_WHATSAPP_{name.upper()}" for name, value in needed.items() if not value]
        if self.numbers and missing:
            raise ValueError(f"PARLEY_WHATSAPP_NUMBERS needs {', '.join(missing)} beside it")
        return self

    @property
    def secret_key(self) -> SecretStr:
        """The key of pseudonyms, which is there wherever there are numbers."""
        if self.pseudonym_key is None:
            raise ValueError("PARLEY_WHATSAPP_PSEUDONYM_KEY is not set")
        return self.pseudonym_key


def unanswerable(settings: WhatsAppSettings, domains: Container[str], *, has_postgres: bool) -> str | None:
    """Why the numbers cannot be answered by a gateway with these packs, in a line; None if they can."""
    if settings.numbers and not has_postgres:
        return "PARLEY_WHATSAPP_NUMBERS needs PARLEY_POSTGRES beside it, with the role parley_gateway.\n"
    for number in settings.numbers:
        if number.domain not in domains:
            return f"PARLEY_WHATSAPP_NUMBERS names the pack {number.domain}, which PARLEY_DOMAINS does not load.\n"
    return None
