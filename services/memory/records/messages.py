"""Messages that come from elsewhere than a turn go the way of those that come from one."""

from collections.abc import Sequence
from datetime import datetime
from itertools import count
from uuid import UUID

from services.memory.records.declarations import MESSAGES, ConversationMessage
from services.memory.store import History, Session, Transcripts, TurnPlace
from services.memory.transcript import Ending, Message, title_of
from shared.errors import Reject, Retry, Unavailable
from shared.events.ids import SessionId, TenantId, TurnId
from shared.runtime.postgres import Database
from shared.runtime.records import Item, RecordTable


class ConversationMessages(RecordTable[ConversationMessage]):
    """The messages of all sessions of a tenant.

    A new one is stored as the ending of a turn of its own: once however often, in no session that is deleted, and
    counted in its session and in the summary of its user.
    """

    def __init__(self, database: Database, history: History, transcripts: Transcripts) -> None:
        super().__init__(database, MESSAGES)
        self._history = history
        self._transcripts = transcripts

    async def create(self, tenant_id: TenantId, items: Sequence[Item]) -> list[ConversationMessage]:
        placed = [(_place(item), item) for item in items]
        sessions = await self._history.named(tenant_id, {place[0] for place, _ in placed})
        known = await self._history.known_turns(tenant_id, [place for place, _ in placed])
        new = _numbered([each for each in placed if each[0] not in known], sessions)
        endings = [_ending(tenant_id, each, sessions[SessionId(each.session_id)]) for each in new]
        try:
            await self._transcripts.end(endings)
        except Retry as error:
            raise Unavailable(f"messages: {error}") from error
        marked = [_marks(each) for each in new if each.context or each.pii_scrubbed]
        if marked:
            await self.update(tenant_id, marked)
        return new


def _numbered(
    placed: Sequence[tuple[TurnPlace, Item]], sessions: dict[SessionId, Session]
) -> list[ConversationMessage]:
    """The items as messages, in the order they were given; each has the next turn of its session, by time."""
    numbers = {session_id: count(session.turn_no + 1) for session_id, session in sessions.items()}
    messages: dict[int, ConversationMessage] = {}
    for index, (place, item) in sorted(enumerate(placed), key=_time):
        session = sessions.get(place[0])
        if session is None or session.deleted:
            raise Reject("there is no session of that session_id")
        more = {"user_id": session.user_id, "turn_no": next(numbers[place[0]]), "status": "final"}
        messages[index] = ConversationMessage.model_validate({**item, **more})
    return [messages[index] for index in range(len(placed))]


def _time(each: tuple[int, tuple[TurnPlace, Item]]) -> datetime:
    return datetime.fromisoformat(str(each[1][1]["timestamp"]))


def _place(item: Item) -> TurnPlace:
    return SessionId(UUID(str(item["session_id"]))), TurnId(UUID(str(item["message_id"])))


def _marks(message: ConversationMessage) -> Item:
    """What no turn says of its messages."""
    return message.model_dump(mode="json", include={"message_id", "context", "pii_scrubbed"})


def _ending(tenant_id: TenantId, message: ConversationMessage, session: Session) -> Ending:
    said = Message(
        message_id=message.message_id,
        turn_id=TurnId(message.message_id),
        turn_no=message.turn_no,
        role=message.role,
        text=message.content,
        created_at=message.timestamp,
        status="final",
        language=message.language,
        intent=message.intent,
        confidence=message.confidence,
        sentiment=message.sentiment,
    )
    return Ending(
        tenant_id=tenant_id,
        session_id=session.session_id,
        turn_id=said.turn_id,
        turn_no=message.turn_no,
        user_id=session.user_id,
        domain=session.domain,
        outcome="completed",
        submitted_at=message.timestamp,
        ended_at=message.timestamp,
        messages=(said,),
        title=title_of(message.content) if message.role == "user" else None,
        feedback=None,
    )
