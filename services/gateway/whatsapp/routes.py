"""The webhook: https://developers.facebook.com/docs/graph-api/webhooks/getting-started."""

from collections.abc import Callable
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response

from services.gateway.whatsapp.incoming import read
from services.gateway.whatsapp.receiving import Receiver
from services.gateway.whatsapp.settings import WhatsAppSettings
from services.gateway.whatsapp.signature import HEADER, is_same, is_signed
from shared.runtime.http import Problem, request_id_of

WEBHOOK: Final = "/webhooks/whatsapp"
LARGEST: Final = 3 * 1024 * 1024
"""Bytes of a body, as WhatsApp may send it."""


def webhook(settings: WhatsAppSettings, receiver: Callable[[], Receiver]) -> APIRouter:
    """The endpoints that WhatsApp calls."""
    router = APIRouter(tags=["webhooks"])

    @router.get(WEBHOOK, summary="Prove that the webhook is ours")
    async def verify_whatsapp(
        mode: Annotated[str, Query(alias="hub.mode")] = "",
        token: Annotated[str, Query(alias="hub.verify_token")] = "",
        challenge: Annotated[str, Query(alias="hub.challenge", max_length=256)] = "",
    ) -> Response:
        expected = settings.verify_token
        if mode != "subscribe" or expected is None or not is_same(token, expected):
            raise Problem(403, "wrong_verify_token", "hub.verify_token is not the one that was set up.")
        return Response(challenge, media_type="text/plain", headers={"X-Content-Type-Options": "nosniff"})

    @router.post(WEBHOOK, summary="Take messages and news of deliveries")
    async def receive_whatsapp(request: Request) -> Response:
        body = await request.body()
        if not is_signed(body, request.headers.get(HEADER), settings.app_secrets):
            raise Problem(401, "invalid_signature", "X-Hub-Signature-256 does not sign this body.", param=HEADER)
        await receiver().receive(read(body), request_id_of(request))
        return Response(status_code=200)

    return router
