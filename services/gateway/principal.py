"""Who asks: the one place that says on whose behalf a request acts."""

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import TypeAdapter, ValidationError

from shared.events.ids import OPEN_TENANT, TenantId, UserId
from shared.runtime.http import Problem

USER_HEADER = "x-parley-user"
ANONYMOUS = "anonymous"

_USER = TypeAdapter(UserId)


@dataclass(frozen=True, slots=True)
class Principal:
    """A user of a tenant, and the request in which they ask."""

    tenant_id: TenantId
    user_id: UserId
    request_id: str


def principal(headers: Mapping[str, str], request_id: str) -> Principal:
    """Who asks in a request with these headers. Raises a 400 problem when the user named there cannot be one."""
    named = headers.get(USER_HEADER, ANONYMOUS)
    try:
        # ASGI servers hand headers on as latin-1; people write names in UTF-8.
        user_id = _USER.validate_python(named.encode("latin-1").decode())
    except (UnicodeDecodeError, ValidationError):
        raise Problem(
            400, "invalid_user", "X-Parley-User must be 1 to 128 printable characters.", param=USER_HEADER
        ) from None
    return Principal(OPEN_TENANT, user_id, request_id)
