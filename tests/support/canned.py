"""A stand-in for a service's internal HTTP API: answers what a test put there and remembers what it was asked."""

from dataclasses import dataclass, field
from typing import Any

import orjson
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse


@dataclass
class CannedService:
    """Answers by "METHOD path"; 404 for the rest."""

    answers: dict[str, Any] = field(default_factory=dict)
    status: int = 200
    asked: list[tuple[str, dict[str, str], dict[str, str]]] = field(default_factory=list)
    """What it was asked, with query and headers."""
    bodies: list[Any] = field(default_factory=list)
    """The JSON that came with what it was asked, where any did."""

    def api(self) -> FastAPI:
        """The application."""
        app = FastAPI()

        @app.api_route("/{path:path}", methods=["GET", "POST", "PATCH", "DELETE"])
        async def answer(path: str, request: Request) -> Response:
            question = f"{request.method} /{path}"
            self.asked.append((question, dict(request.query_params), dict(request.headers)))
            if content := await request.body():
                self.bodies.append(orjson.loads(content))
            found = question in self.answers
            return JSONResponse(self.answers.get(question), self.status if found else 404)

        return app
