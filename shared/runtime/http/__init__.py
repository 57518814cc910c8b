"""HTTP for every service: one application factory, one shape of error, one server."""

from shared.runtime.http.app import Check, create_app
from shared.runtime.http.direct import Direct, DirectRequest
from shared.runtime.http.paths import segment
from shared.runtime.http.problems import Problem, ProblemBody
from shared.runtime.http.requests import REQUEST_ID_HEADER, request_id_of
from shared.runtime.http.server import serve

__all__ = [
    "REQUEST_ID_HEADER",
    "Check",
    "Direct",
    "DirectRequest",
    "Problem",
    "ProblemBody",
    "create_app",
    "request_id_of",
    "segment",
    "serve",
]
