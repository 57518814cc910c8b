"""Scrubbing before anything is stored, where no delay is allowed."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from services.memory.scrubbing.content import scrub_data, scrub_question, scrub_words
from services.memory.store import Transcripts
from services.memory.transcript import Ending, Message, Opening, Submission, title_of
from shared.events.ids import SessionId, TenantId
from shared.privacy.detection import NOBODY, Known
from shared.privacy.scrubbing import Scrubber, known_from


class ScrubbedTranscripts:
    """Transcripts that never hold personal data. The job marks what was stored as scrubbed, and counts."""

    def __init__(self, transcripts: Transcripts, scrubber: Scrubber) -> None:
        self._transcripts = transcripts
        self._scrubber = scrubber

    async def open(self, openings: Sequence[Opening]) -> None:
        await self._transcripts.open(openings)

    async def submit(self, submissions: Sequence[Submission]) -> None:
        """Keep what waits for its answer, scrubbed."""
        await self._transcripts.submit(await asyncio.to_thread(lambda: [*map(self._submission, submissions)]))

    async def end(self, endings: Sequence[Ending]) -> None:
        """Store what turns leave, scrubbed."""
        await self._transcripts.end(await asyncio.to_thread(lambda: [*map(self._ending, endings)]))

    async def delete(self, tenant_id: TenantId, session_id: SessionId, user_id: str, at: datetime) -> None:
        await self._transcripts.delete(tenant_id, session_id, user_id, at)

    def _submission(self, turn: Submission) -> Submission:
        return turn if turn.text is None else replace(turn, text=self._scrubber.scrub(turn.text).text)

    def _ending(self, ending: Ending) -> Ending:
        known = NOBODY
        for message in ending.messages:
            known |= known_from(message.entities)
        messages = tuple(self._message(each, known) for each in ending.messages)
        asked = next((each.text for each in messages if each.role == "user"), None)
        title = None if ending.title is None or asked is None else title_of(asked) or None
        feedback = ending.feedback
        if feedback is not None and feedback.comment:
            feedback = feedback.model_copy(update={"comment": self._scrubber.scrub(feedback.comment).text})
        return replace(ending, messages=messages, title=title, feedback=feedback)

    def _message(self, message: Message, known: Known) -> Message:
        text, entities = scrub_words(message.text, message.entities, self._scrubber, known)
        return replace(
            message,
            text=text,
            entities=entities,
            data=scrub_data(message.data, self._scrubber, known),
            clarification=scrub_question(message.clarification, self._scrubber, known),
        )
