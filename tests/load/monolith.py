"""The same conversation without any bus: one FastAPI process on Postgres, done as well as one process can.

A turn is one read, and one statement that writes the session's state and both messages: a transaction of one round
trip. It understands nothing, learns nothing, promises nothing: a crash loses the turn, a retry answers twice.
"""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

import asyncpg
import orjson
import uvicorn
from fastapi import FastAPI, Header, HTTPException, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field
from pydantic_settings import BaseSettings, SettingsConfigDict
from uuid_utils.compat import uuid7

from tests.load.script import PIECES, REPLY

TABLES = """
create schema if not exists monolith;
create table if not exists monolith.sessions (
    session_id uuid primary key, user_id text not null, domain text not null, turn_no int not null default 0,
    state jsonb not null default '{"recent": []}', created_at timestamptz not null, updated_at timestamptz not null
);
create index if not exists sessions_of_user on monolith.sessions (user_id, updated_at desc);
create table if not exists monolith.messages (
    session_id uuid not null references monolith.sessions, turn_no int not null, role text not null,
    message_id uuid not null, turn_id uuid not null, text text not null, sent_at timestamptz not null,
    primary key (session_id, turn_no, role)
);
"""
OPEN = "insert into monolith.sessions (session_id, user_id, domain, created_at, updated_at) values ($1, $2, $3, $4, $4)"
LOAD = "select turn_no, state::text from monolith.sessions where session_id = $1 and user_id = $2"
SAVE = """
with moved as (
    update monolith.sessions set turn_no = $2, state = $3::jsonb, updated_at = $4
    where session_id = $1 and turn_no = $2 - 1
    returning session_id
)
insert into monolith.messages (session_id, turn_no, role, message_id, turn_id, text, sent_at)
select $1, $2, said.role, said.message_id, $5, said.text, $4
from moved, (values ('user', $6::uuid, $7::text), ('assistant', $8::uuid, $9::text)) as said(role, message_id, text)
"""
REMEMBERED = 5


class MonolithSettings(BaseSettings):
    """Where it listens and keeps its data."""

    model_config = SettingsConfigDict(env_prefix="BENCH_", frozen=True)

    postgres: str
    port: int
    connections: int = 10


class SessionRequest(BaseModel):
    """Opens a session."""

    domain: str = Field(max_length=64)


class Text(BaseModel):
    """Words."""

    text: str = Field(min_length=1, max_length=8000)


class TurnRequest(BaseModel):
    """What a person says."""

    input: Text


User = Annotated[str, Header(alias="x-parley-user", max_length=128)]


async def keep(_connection: asyncpg.Connection) -> None:
    """Nothing to reset on a connection's release: no request changes it, and a round trip is saved."""


def create_monolith(settings: MonolithSettings) -> FastAPI:
    """The application, with a pool that lives as long as it."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        size = settings.connections
        async with asyncpg.create_pool(settings.postgres, min_size=size, max_size=size, reset=keep) as pool:
            await pool.execute(TABLES)
            app.state.pool = pool
            yield

    app = FastAPI(lifespan=lifespan, docs_url=None)

    @app.post("/v1/sessions", status_code=201)
    async def open_session(request: Request, wanted: SessionRequest, user: User) -> dict[str, str]:
        session_id = uuid7()
        await request.app.state.pool.execute(OPEN, session_id, user, wanted.domain, datetime.now(UTC))
        return {"session_id": str(session_id)}

    @app.post("/v1/sessions/{session_id}/turns")
    async def take_turn(request: Request, session_id: UUID, turn: TurnRequest, user: User) -> StreamingResponse:
        pool = request.app.state.pool
        session = await pool.fetchrow(LOAD, session_id, user)
        if session is None:
            raise HTTPException(404, "there is no such session")
        events = answer(pool, session_id, session, turn.input.text)
        return StreamingResponse(events, media_type="text/event-stream", headers={"Cache-Control": "no-cache"})

    return app


async def answer(pool: asyncpg.Pool, session_id: UUID, session: asyncpg.Record, text: str) -> AsyncIterator[bytes]:
    """The turn's events: the ending comes after the commit."""
    turn_no, now, turn_id = session["turn_no"] + 1, datetime.now(UTC), uuid7()
    attempt = int(now.timestamp() * 1000)
    yield b"retry: 2000\n" + event("accepted", "0-1", {"turn_id": str(turn_id), "session_id": str(session_id)})
    for number, piece in enumerate(PIECES, 1):
        yield event("delta", f"{attempt}-{number}", {"text": piece})
    recent = [*json.loads(session["state"])["recent"], {"turn_no": turn_no, "text": text, "reply": REPLY}]
    state = orjson.dumps({"recent": recent[-REMEMBERED:]}).decode()
    stored = await pool.execute(SAVE, session_id, turn_no, state, now, turn_id, uuid7(), text, uuid7(), REPLY)
    ending = "completed" if stored == "INSERT 0 2" else "failed"
    body = {"turn_id": str(turn_id), "session_id": str(session_id), "turn_no": turn_no, "text": REPLY}
    yield event(ending, f"{attempt}-{len(PIECES) + 1}", body | {"submitted_at": now, "completed_at": datetime.now(UTC)})


def event(name: str, event_id: str, body: object) -> bytes:
    """One server-sent event."""
    return b"event: %b\nid: %b\ndata: %b\n\n" % (name.encode(), event_id.encode(), orjson.dumps(body))


def main() -> None:
    settings = MonolithSettings()
    app = create_monolith(settings)
    uvicorn.run(
        app,
        host="127.0.0.1",
        port=settings.port,
        loop="uvloop",
        http="httptools",
        access_log=False,
        proxy_headers=False,
        server_header=False,
    )


if __name__ == "__main__":
    main()
