"""What memory does about events. Every handler may see its events again, and any order of the two topics."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from services.memory import transcript
from services.memory.transcript import Ending, Opening, Submission
from shared.events.ids import SessionId, TenantId
from shared.events.replies import TurnCancelled, TurnCompleted, TurnFailed
from shared.events.turns import SessionDeleted, SessionOpened, TurnSubmitted


class Transcripts(Protocol):
    """Where sessions and what was said in them are kept."""

    async def open(self, openings: Sequence[Opening]) -> None: ...

    async def submit(self, submissions: Sequence[Submission]) -> None: ...

    async def end(self, endings: Sequence[Ending]) -> None: ...

    async def delete(self, tenant_id: TenantId, session_id: SessionId, user_id: str, at: datetime) -> None: ...


async def on_sessions_opened(events: Sequence[SessionOpened], transcripts: Transcripts) -> None:
    """The sessions appear in their owners' lists."""
    await transcripts.open([transcript.opened(event) for event in events])


async def on_turns_submitted(events: Sequence[TurnSubmitted], transcripts: Transcripts) -> None:
    """What was written is shown as pending."""
    await transcripts.submit([transcript.submitted(event) for event in events])


async def on_turns_completed(events: Sequence[TurnCompleted], transcripts: Transcripts) -> None:
    """Both sides' words are kept, and the rating of an earlier answer."""
    await transcripts.end([transcript.completed(event) for event in events])


async def on_turns_unanswered(events: Sequence[TurnFailed | TurnCancelled], transcripts: Transcripts) -> None:
    """What was written is kept and marked."""
    await transcripts.end([transcript.unanswered(event) for event in events])


async def on_session_deleted(event: SessionDeleted, transcripts: Transcripts) -> None:
    """What was said goes, and nothing that arrives late brings it back. Of somebody who is erased, all goes at once."""
    if not event.by_erasure:
        await transcripts.delete(event.tenant_id, event.session_id, event.user_id, event.occurred_at)
