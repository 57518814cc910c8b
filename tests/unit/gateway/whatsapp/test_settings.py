"""Setting up numbers."""

from uuid import uuid4

import pytest
from pydantic import SecretStr, ValidationError

from services.gateway.whatsapp.pseudonyms import is_pseudonym, user_of
from services.gateway.whatsapp.settings import WhatsAppSettings, unanswerable
from shared.events.ids import OPEN_TENANT, TenantId
from tests.support import whatsapp

KEY = SecretStr("key")


@pytest.mark.parametrize("missing", ["app_secrets", "verify_token", "pseudonym_key"])
def test_numbers_need_what_protects_them(missing: str) -> None:
    with pytest.raises(ValidationError, match=f"PARLEY_WHATSAPP_{missing.upper()}"):
        whatsapp.settings("http://graph.example", **{missing: () if missing == "app_secrets" else None})


def test_without_numbers_nothing_is_needed() -> None:
    assert unanswerable(WhatsAppSettings(), {}, has_postgres=False) is None


def test_numbers_need_postgres_and_a_pack_that_is_there() -> None:
    settings = whatsapp.settings("http://graph.example")

    assert "PARLEY_POSTGRES" in (unanswerable(settings, {"painted"}, has_postgres=False) or "")
    assert "the pack painted" in (unanswerable(settings, {"shop"}, has_postgres=True) or "")
    assert unanswerable(settings, {"painted"}, has_postgres=True) is None


def test_secrets_are_not_shown() -> None:
    shown = repr(whatsapp.settings("http://graph.example"))

    assert not any(secret in shown for secret in (whatsapp.SECRET, whatsapp.VERIFY_TOKEN, "-of-the-tests"))


def test_secrets_are_not_told_with_what_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARLEY_WHATSAPP_NUMBERS", '[{"phone_number_id": "1", "access_token": "canary"}]')

    with pytest.raises(ValidationError, match=r"numbers\.0\.domain") as refused:
        WhatsAppSettings()
    assert "canary" not in str(refused.value)


def test_pseudonym_is_the_same_for_a_number_of_a_tenant_and_tells_nothing_else() -> None:
    user_id = user_of(OPEN_TENANT, "919800000001", KEY)

    assert user_of(OPEN_TENANT, "919800000001", KEY) == user_id
    assert is_pseudonym(user_id)
    assert "919800000001" not in user_id
    assert not is_pseudonym("ada")
    others = {
        user_of(OPEN_TENANT, "919800000002", KEY),
        user_of(TenantId(uuid4()), "919800000001", KEY),
        user_of(OPEN_TENANT, "919800000001", SecretStr("another")),
    }
    assert len(others - {user_id}) == 3
