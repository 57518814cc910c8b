"""What the routes work with: the use cases of one running gateway."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Annotated

from fastapi import Depends, Request

from services.gateway.acceptance import NewTurn, TurnAcceptance
from services.gateway.clients import AgentClient, MemoryClient
from services.gateway.erasures import Erasures
from services.gateway.holders import Holder
from services.gateway.people import ProfilesClient
from services.gateway.records import Records
from services.gateway.sessions import Sessions
from services.gateway.settings import GatewaySettings
from services.gateway.sse import Encode, StreamEvent
from services.gateway.streams import Streams, TurnStream
from services.gateway.turns import TurnAddress, Turns
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
    agent: AgentClient
    memory: MemoryClient
    profiles: ProfilesClient
    records: Records
    holders: Sequence[Holder]
    erasures: Erasures
    clock: Callable[[], datetime]

    def domain(self, name: str) -> AnyDomain:
        """The pack of this name; raises a 422 problem naming those there are."""
        if name not in self.domains:
            names = ", ".join(sorted(self.domains)) or "none"
            raise Problem(422, "unknown_domain", f"There is no such domain. There are: {names}.", param="body.domain")
        return self.domains[name]

    async def submit(self, turn: NewTurn, encode: Encode = StreamEvent.encode) -> TurnStream:
        """Accept a turn; its stream is registered before it is published, so that it misses nothing."""
        stream = self.streams.open(turn.caller, turn.id, encode=encode)
        try:
            accepted = await self.acceptance.accept(turn)
            stream.check_with(partial(self.turns.ending, TurnAddress(turn.caller, turn.session, turn.id)))
            if not accepted.is_new:
                await stream.resume(accepted.ended)
        except BaseException:
            stream.close()
            raise
        return stream


def gateway_of(request: Request) -> Gateway:
    """The gateway that serves this request."""
    gateway: Gateway = request.app.state.gateway
    return gateway


async def _the_gateway(request: Request) -> Gateway:
    return gateway_of(request)


TheGateway = Annotated[Gateway, Depends(_the_gateway)]
