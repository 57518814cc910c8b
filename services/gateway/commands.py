"""Which commands a session may be given."""

from collections.abc import Mapping

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError

from services.gateway.schemas import CommandInput, FeedbackArguments, TextInput
from shared.domains.base import AnyDomain
from shared.events.turns import Command, Text
from shared.runtime.http import Problem
from shared.runtime.http.problems import invalid

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
        raise invalid_body(error, "input", "arguments") from None
    return Command(name=given.name, arguments=given.arguments)


def invalid_body(error: ValidationError, *part: str) -> Problem:
    """What is wrong with a body, or a part of it, that was not read by FastAPI."""
    errors = error.errors(include_input=False, include_url=False)
    return invalid(RequestValidationError([each | {"loc": ("body", *part, *each["loc"])} for each in errors]))
