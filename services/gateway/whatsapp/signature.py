"""Whether a webhook comes from who it says: HMAC-SHA256 over its raw body. Pure."""

import hmac
from collections.abc import Sequence

from pydantic import SecretStr

HEADER = "x-hub-signature-256"
_SCHEME = "sha256="


def is_signed(body: bytes, signature: str | None, secrets: Sequence[SecretStr]) -> bool:
    """Whether one of the secrets signed these bytes. Takes as long for a wrong signature as for a right one."""
    if signature is None or not signature.startswith(_SCHEME):
        return False
    given = signature.removeprefix(_SCHEME).lower().encode()
    made = [hmac.digest(secret.get_secret_value().encode(), body, "sha256").hex().encode() for secret in secrets]
    # All are compared, so that the time does not tell which secret it was.
    return True in [hmac.compare_digest(each, given) for each in made]


def is_same(given: str, expected: SecretStr) -> bool:
    """Whether somebody knows a secret."""
    return hmac.compare_digest(given.encode(), expected.get_secret_value().encode())
