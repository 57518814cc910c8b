"""Which commands a session may be given."""

from collections.abc import Mapping

from pydantic import BaseModel, ValidationError

from services.gateway.schemas import CommandInput, FeedbackArguments, TextInput
from shared.domains.base import AnyDomain
from shared.events.turns import Command, Text
from shared.runtime.http import Problem

FEEDBACK = "feedback"
_OWN: Mapping[str, type[BaseModel]] = {FEEDBACK: FeedbackArguments}


def turn_input(given: TextInput | CommandInput, domain: AnyDomain) -> Text | Command:
    """The input of the event; raises a 422 problem for a command the domain does not have, or wrong arguments."""
    if isinstance(given, TextInput):
        return Text(text=given.text)
    known = {**_OWN, **domain.commands}
    model = known.get(given.name)
    if model is None:
        names = ", ".join(sorted(known))
        detail = f"The domain {domain.name} has no such command. It has: {names}."
        raise Problem(422, "unknown_command", detail, param="body.input.name", commands=sorted(known))
    try:
        model.model_validate(given.arguments)
    except ValidationError as error:
        raise invalid(error, "body", "input", "arguments") from None
    return Command(name=given.name, arguments=given.arguments)


def invalid(error: ValidationError, *place: str) -> Problem:
    """What is wrong with a part of a request, without what was sent."""
    places = [
        {"loc": ".".join((*place, *(str(part) for part in each["loc"]))), "msg": each["msg"], "type": each["type"]}
        for each in error.errors(include_input=False, include_url=False, include_context=False)
    ]
    first = places[0]
    return Problem(422, "invalid_request", f"{first['loc']}: {first['msg']}", param=first["loc"], errors=places)
