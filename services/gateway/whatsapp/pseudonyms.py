"""Who somebody is without saying their phone number. Pure."""

import hmac

from pydantic import SecretStr

from shared.events.ids import TenantId, UserId

_PREFIX = "whatsapp-"


def user_of(tenant_id: TenantId, phone: str, key: SecretStr) -> UserId:
    """The user id of a phone number: the same for each of a tenant's business numbers, another for each tenant."""
    told = f"{tenant_id}\n{phone}".encode()
    return _PREFIX + hmac.digest(key.get_secret_value().encode(), told, "sha256").hex()[:32]


def is_pseudonym(user_id: UserId) -> bool:
    """Whether an id can be one of these; others may have been given the same form."""
    return user_id.startswith(_PREFIX)
