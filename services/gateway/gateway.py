"""What the routes work with: the use cases of one running gateway."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request

from services.gateway.acceptance import TurnAcceptance
from services.gateway.clients import MemoryClient, ProfilesClient
from services.gateway.sessions import Sessions
from services.gateway.settings import GatewaySettings
from services.gateway.streams import Streams
from services.gateway.turns import Turns
from shared.domains.base import AnyDomain
from shared.runtime.http import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Gateway:
    """One running gateway; `id` names its inbox."""

    id: str
    settings: GatewaySettings
    domains: Mapping[str, AnyDomain]
    sessions: Sessions
    acceptance: TurnAcceptance
    turns: Turns
    streams: Streams
    memory: MemoryClient
    profiles: ProfilesClient
    clock: Callable[[], datetime]

    def domain(self, name: str) -> AnyDomain:
        """The pack of this name; raises a 422 problem naming those there are."""
        if name not in self.domains:
            names = ", ".join(sorted(self.domains)) or "none"
            raise Problem(422, "unknown_domain", f"There is no such domain. There are: {names}.", param="body.domain")
        return self.domains[name]


def gateway_of(request: Request) -> Gateway:
    """The gateway that serves this request."""
    gateway: Gateway = request.app.state.gateway
    return gateway


async def _the_gateway(request: Request) -> Gateway:
    return gateway_of(request)


TheGateway = Annotated[Gateway, Depends(_the_gateway)]
