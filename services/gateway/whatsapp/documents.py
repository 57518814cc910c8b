"""Documents that only this gateway has: read as their person may read them, and handed to WhatsApp."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Protocol

import httpx

from services.gateway.principal import USER_HEADER
from services.gateway.whatsapp.graph import File, Parcel, Refused, Rejected, Uploaded
from shared.events.ids import UserId


class Media(Protocol):
    """Where files are handed over."""

    async def upload(self, parcel: Parcel, file: File) -> Uploaded | Refused | Rejected: ...


class Documents:
    """Makes messages ready to be sent."""

    def __init__(self, pages: httpx.AsyncClient, media: Media, *, within: timedelta) -> None:
        """`pages` answers with this gateway's own API."""
        self._pages = pages
        self._media = media
        self._within = within.total_seconds()

    async def ready(self, parcel: Parcel, user_id: UserId) -> Parcel | Refused | Rejected:
        """The parcel with what its document's `path` leads to; other parcels are ready as they are."""
        document = parcel.message.get("document", {})
        if "path" not in document:
            return parcel
        try:
            async with asyncio.timeout(self._within):
                # Packs' endpoints ask for the user by name, and compare.
                url = httpx.URL(document["path"]).copy_merge_params({"user_id": user_id})
                response = await self._pages.get(url, headers={USER_HEADER: user_id})
                if not response.is_success:
                    return _unreadable(response)
                name = document.get("filename") or document["path"].rsplit("/", 1)[-1]
                file = File(name, response.headers.get("content-type", "application/octet-stream"), response.content)
                uploaded = await self._media.upload(parcel, file)
        except TimeoutError:
            return Refused("the document took too long")
        if not isinstance(uploaded, Uploaded):
            return uploaded
        return replace(parcel, message={"type": "document", "document": {"id": uploaded.media_id, "filename": name}})


def _unreadable(response: httpx.Response) -> Refused | Rejected:
    reason = f"the document answered HTTP {response.status_code}"
    return Refused(reason) if response.is_server_error else Rejected(reason)
