"""Who asks: the one place that says on whose behalf a request acts."""

from collections.abc import Mapping

from pydantic import TypeAdapter, ValidationError

from shared.domains.surface import Principal
from shared.events.ids import OPEN_TENANT, UserId
from shared.runtime.http import Problem

USER_HEADER = "x-parley-user"
ANONYMOUS = "anonymous"

__all__ = ["ANONYMOUS", "USER_HEADER", "Principal", "principal"]

_USER = TypeAdapter(UserId)


def principal(headers: Mapping[str, str], request_id: str, *, otherwise: str = ANONYMOUS) -> Principal:
    """Who asks in a request with these headers, or `otherwise` when they do not say.

    Raises a 400 problem when that cannot be a user.
    """
    named = headers.get(USER_HEADER)
    try:
        # ASGI servers hand headers on as latin-1; people write names in UTF-8.
        user_id = _USER.validate_python(otherwise if named is None else named.encode("latin-1").decode())
    except (UnicodeDecodeError, ValidationError):
        raise Problem(
            400, "invalid_user", "X-Parley-User must be 1 to 128 printable characters.", param=USER_HEADER
        ) from None
    return Principal(OPEN_TENANT, user_id, request_id)
