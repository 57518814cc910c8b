"""What the gateway reads from its environment."""

from datetime import timedelta
from ipaddress import ip_address

from pydantic import Field, SecretStr

from shared.runtime.settings import DomainSettings, RuntimeSettings


class GatewaySettings(RuntimeSettings, DomainSettings):
    """Names are `PARLEY_` and the field in capitals; lists are JSON."""

    agent_url: str = Field(default="http://127.0.0.1:8001", description="Internal API of the agent.")
    memory_url: str = Field(default="http://127.0.0.1:8002", description="Internal API of memory.")
    profiles_url: str = Field(default="http://127.0.0.1:8003", description="Internal API of profiles.")
    cors_origins: tuple[str, ...] = Field(default=(), description="Origins whose pages may call the API; * for any.")
    postgres: SecretStr | None = Field(
        default=None, description="Postgres URL with the role parley_gateway; needed only where a channel is set up."
    )
    postgres_connections: int = Field(default=10, ge=1, le=100)
    operators: tuple[str, ...] = Field(default=("operator",), description="Users who may see everybody's leads.")

    turn_ttl: timedelta = Field(
        default=timedelta(minutes=10),
        description="A turn that waited longer is not answered any more: long enough for a restart of anything, "
        "too short for a reply that nobody remembers asking for.",
    )
    publish_within: timedelta = Field(default=timedelta(seconds=5), description="How long Kafka may take to accept.")
    wait_within: timedelta = Field(default=timedelta(seconds=50), description="How long `?wait=true` waits.")
    heartbeat: timedelta = Field(
        default=timedelta(seconds=15),
        description="How long a stream is silent at most; as often the ledger is asked whether its turn has ended.",
    )
    waiting_turns: int = Field(default=20, ge=1, description="Turns of one session that may wait at once.")
    streams_per_user: int = Field(default=20, ge=1, description="Open streams of one user.")
    streams: int = Field(default=2000, ge=1, description="Open streams of this process.")

    @property
    def is_on_loopback(self) -> bool:
        """Whether only this machine can reach the address we bind."""
        if self.host == "localhost":
            return True
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return False
