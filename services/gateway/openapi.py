"""The API's own documentation."""

from typing import Any, Literal

from fastapi import FastAPI
from fastapi.routing import APIRoute
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from services.gateway.schemas import CancelledEvent, CompletedEvent, FailedEvent, TurnRequest
from shared.runtime.http import ProblemBody

TITLE = "Parley"
DESCRIPTION = """
Conversations with agents that remember people.

Open a session with a domain, submit turns, and read each turn's events as server-sent events, or wait for its outcome.
Until accounts exist, `X-Parley-User` says who you are and the API answers this machine only.

Errors are `application/problem+json` (RFC 9457). Every response carries `X-Request-Id`. Requests that make something
take an `Idempotency-Key`: the same key and body is the same thing for a day.

A turn's stream: every event has an `id`; reconnect with `Last-Event-ID` (or `?last_event_id=`) and get what comes after
it. `delta` events make the text; `reset` says to forget the text so far; `snapshot` replaces it whole.
"""

_UNREFERENCED: tuple[type[BaseModel], ...] = (ProblemBody, TurnRequest, CompletedEvent, FailedEvent, CancelledEvent)


def document(app: FastAPI) -> None:
    """Add the models that no signature mentions: the hot path reads its body itself, and streams have no model."""
    generate = app.openapi

    def openapi() -> dict[str, Any]:
        schema = generate()
        models: list[tuple[type[BaseModel], Literal["validation"]]] = [(model, "validation") for model in _UNREFERENCED]
        _, definitions = models_json_schema(models, ref_template="#/components/schemas/{model}")
        for name, definition in definitions["$defs"].items():
            schema["components"]["schemas"].setdefault(name, definition)
        return schema

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's documented way to extend the document


def operation_id(route: APIRoute) -> str:
    """The function's name, so that generated clients read well."""
    return route.name
