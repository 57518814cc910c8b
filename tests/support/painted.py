"""A pack with a command, for gateways whose agent is scripted: no real agent ever answers it."""

from pydantic import BaseModel

from shared.domains.base import Domain
from tests.support import scripted


class Colour(BaseModel):
    """Arguments of the command `paint`."""

    colour: str


DOMAIN = Domain(
    name="painted",
    title="Painted",
    greeting="Hello.",
    language=scripted.DOMAIN.language,
    state=scripted.DOMAIN.state,
    decide=scripted.DOMAIN.decide,
    tools=scripted.DOMAIN.tools,
    commands={"paint": Colour},
)
