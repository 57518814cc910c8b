"""Webhooks as WhatsApp sends them."""

import hashlib
import hmac
import json
import time
from typing import Any

import httpx

from services.gateway.whatsapp.settings import WhatsAppSettings

NUMBER = "106540352242922"
PATH = "/webhooks/whatsapp"
SECRET = "app-secret-of-the-tests"
VERIFY_TOKEN = "verify-token-of-the-tests"


def settings(graph_url: str, **changes: Any) -> WhatsAppSettings:
    """Settings of a channel with one number, which the pack `painted` answers."""
    given = {
        "numbers": [{"phone_number_id": NUMBER, "domain": "painted", "access_token": "token-of-the-tests"}],
        "app_secrets": [SECRET],
        "verify_token": VERIFY_TOKEN,
        "pseudonym_key": "key-of-the-tests",
        "graph_url": graph_url,
    }
    return WhatsAppSettings.model_validate(given | changes)


def environment(graph_url: str, domain: str, **more: str) -> dict[str, str]:
    """The same for a process."""
    number = {"phone_number_id": NUMBER, "domain": domain, "access_token": "token-of-the-tests"}
    return {
        "PARLEY_WHATSAPP_NUMBERS": json.dumps([number]),
        "PARLEY_WHATSAPP_APP_SECRETS": json.dumps([SECRET]),
        "PARLEY_WHATSAPP_VERIFY_TOKEN": VERIFY_TOKEN,
        "PARLEY_WHATSAPP_PSEUDONYM_KEY": "key-of-the-tests",
        "PARLEY_WHATSAPP_GRAPH_URL": graph_url,
        **more,
    }


def message(phone: str, wamid: str, *, at: float | None = None, **content: Any) -> dict[str, Any]:
    """A message; `content` is its one part, such as `text={"body": "Hi"}`."""
    (kind,) = content
    return {"from": phone, "id": wamid, "timestamp": str(int(at or time.time())), "type": kind, **content}


def words(phone: str, wamid: str, body: str, *, at: float | None = None) -> dict[str, Any]:
    """A text message."""
    return message(phone, wamid, at=at, text={"body": body})


def status(phone: str, wamid: str, state: str, *, reference: str | None = None, **more: Any) -> dict[str, Any]:
    """News of a message to somebody."""
    told = {} if reference is None else {"biz_opaque_callback_data": reference}
    return {"id": wamid, "status": state, "timestamp": str(int(time.time())), "recipient_id": phone, **told, **more}


def value(*messages: dict[str, Any], statuses: tuple[dict[str, Any], ...] = (), number: str = NUMBER) -> dict[str, Any]:
    """One change's value."""
    metadata = {"display_phone_number": "15550783881", "phone_number_id": number}
    parts = {"messages": list(messages)} if messages else {}
    news = {"statuses": list(statuses)} if statuses else {}
    return {"messaging_product": "whatsapp", "metadata": metadata, **parts, **news}


def body(*values: dict[str, Any]) -> bytes:
    """A webhook's body: an entry for each value."""
    entries = [{"id": "102290129340398", "changes": [{"field": "messages", "value": each}]} for each in values]
    return json.dumps({"object": "whatsapp_business_account", "entry": entries}).encode()


def signature(content: bytes, secret: str = SECRET) -> str:
    """The header's value."""
    return "sha256=" + hmac.new(secret.encode(), content, hashlib.sha256).hexdigest()


def signed(*values: dict[str, Any]) -> dict[str, Any]:
    """A webhook as the arguments of a request."""
    content = body(*values)
    headers = {"X-Hub-Signature-256": signature(content), "Content-Type": "application/json"}
    return {"content": content, "headers": headers}


async def notify(url: str, *values: dict[str, Any]) -> httpx.Response:
    """Send a signed webhook to a gateway."""
    async with httpx.AsyncClient(base_url=url, trust_env=False, timeout=30, verify=False) as client:  # noqa: S501 - plain HTTP, and making a TLS context is slow
        return await client.post(PATH, **signed(*values))
