"""Operators clean up sessions that no agent knows, and these are gone for everybody."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from shared.runtime.polling import read_until
from tests.support.client import Client
from tests.support.stack import Stack


async def test_a_session_without_an_owner_is_found_then_deleted_and_others_stay(client: Client, stack: Stack) -> None:
    async with Client(stack.gateway.url, "operator") as operator:
        own = await client.open("shop")
        await client.ask(own, "Where is my order?")
        lost = await plant(operator)

        tried = await clean_up(operator, dry_run=True)
        assert lost in tried["sessions"]
        assert own not in tried["sessions"]
        assert await there(operator, lost)

        done = await clean_up(operator, dry_run=False)
        assert set(done["sessions"]) >= {lost}
        await read_until(lambda: there(operator, lost), lambda found: not found, within=timedelta(seconds=10))
        assert not await there(operator, lost)
        assert (await client.get(f"/v1/sessions/{own}"))["turn_no"] == 1


async def plant(operator: Client) -> str:
    """A session of three days ago that came from elsewhere."""
    at = (datetime.now(UTC) - timedelta(days=3)).isoformat()
    row = {"user_id": f"lost-{uuid4()}", "domain": "shop", "start_time": at, "end_time": at}
    response = await operator.http.post("/v1/records/conversation_sessions", json=row)
    assert response.status_code == 201, response.text
    return str(response.json()["session_id"])


async def clean_up(operator: Client, *, dry_run: bool) -> dict[str, Any]:
    asked = {"kind": "ownerless", "dry_run": dry_run, "limit": 1000}
    response = await operator.http.post("/v1/admin/sessions/cleanup", json=asked)
    assert response.status_code == 200, response.text
    report: dict[str, Any] = response.json()
    return report


async def there(operator: Client, session: str) -> bool:
    response = await operator.http.get(f"/v1/records/conversation_sessions/{session}/exists")
    found: dict[str, bool] = response.json()
    return found["exists"]
