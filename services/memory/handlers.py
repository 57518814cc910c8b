"""What memory does about each event. Every handler may see its event again, and any order of the two topics."""

from datetime import datetime
from typing import Protocol

from services.memory import transcript
from services.memory.transcript import Ending, Opening, Submission
from shared.events.ids import SessionId, TenantId
from shared.events.replies import TurnCancelled, TurnCompleted, TurnFailed
from shared.events.turns import SessionDeleted, SessionOpened, TurnSubmitted


class Transcripts(Protocol):
    """Where sessions and what was said in them are kept."""

    async def open(self, opening: Opening) -> None: ...

    async def submit(self, submission: Submission) -> None: ...

    async def end(self, ending: Ending) -> None: ...

    async def delete(self, tenant_id: TenantId, session_id: SessionId, user_id: str, at: datetime) -> None: ...


async def on_session_opened(event: SessionOpened, transcripts: Transcripts) -> None:
    """The session appears in its owner's list."""
    await transcripts.open(transcript.opened(event))


async def on_turn_submitted(event: TurnSubmitted, transcripts: Transcripts) -> None:
    """What was written is shown as pending."""
    await transcripts.submit(transcript.submitted(event))


async def on_turn_completed(event: TurnCompleted, transcripts: Transcripts) -> None:
    """Both sides' words are kept, and the rating of an earlier answer."""
    await transcripts.end(transcript.completed(event))


async def on_turn_unanswered(event: TurnFailed | TurnCancelled, transcripts: Transcripts) -> None:
    """What was written is kept and marked."""
    await transcripts.end(transcript.unanswered(event))


async def on_session_deleted(event: SessionDeleted, transcripts: Transcripts) -> None:
    """What was said goes, and nothing that arrives late brings it back."""
    await transcripts.delete(event.tenant_id, event.session_id, event.user_id, event.occurred_at)
