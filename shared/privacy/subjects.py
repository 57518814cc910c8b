"""Who was erased, without saying who: erasures are kept under a code that only the holder of the key can make."""

import hmac
from functools import lru_cache

from pydantic import SecretStr

from shared.events.ids import TenantId

_REMEMBERED = 10_000


class Subjects:
    """Makes the codes of people."""

    def __init__(self, key: SecretStr) -> None:
        """Every process has the same `key` for ever: under another one, no earlier erasure is recognised."""
        self._key = key.get_secret_value().encode()
        # Every turn of a person needs the same code several times.
        self._made = lru_cache(_REMEMBERED)(self._make)

    def code(self, tenant_id: TenantId, user_id: str) -> bytes:
        """HMAC-SHA256 of a user of a tenant, 32 bytes."""
        return self._made(tenant_id, user_id)

    def _make(self, tenant_id: TenantId, user_id: str) -> bytes:
        return hmac.digest(self._key, tenant_id.bytes + user_id.encode(), "sha256")
