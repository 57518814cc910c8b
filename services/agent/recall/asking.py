"""Answers what a person asks about earlier sessions, from what memory finds. A conversation never fails by it."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

import httpx
import structlog
from pydantic import BaseModel, JsonValue, ValidationError

from services.agent.recall.telling import Recalled, Telling, tell
from services.agent.understanding import Recollection, recollected
from shared.domains.base import Decision, Turn
from shared.domains.dates import Days, span
from shared.events.replies import DataPart
from shared.events.turns import Text

_log = structlog.get_logger()

_SESSION: Final = 20
_BEST: Final = 3


class _Answer(BaseModel):
    items: tuple[Recalled, ...]


@dataclass(frozen=True, slots=True)
class Recall:
    """Asks memory within a deadline."""

    client: httpx.AsyncClient
    deadline: timedelta

    async def decide(self, turn: Turn[Any]) -> Decision[Any] | None:
        """What to say; the pack's state stays as it is. None: the words ask for nothing of the past."""
        asked = recollected(turn.input.text, turn.understood.entities) if isinstance(turn.input, Text) else None
        if asked is None:
            return None
        days = _days(asked, turn.now.date())
        try:
            async with asyncio.timeout(self.deadline.total_seconds()):
                found, last = await self._found(turn, asked, days)
        except (TimeoutError, httpx.HTTPError, ValidationError) as error:
            _log.warning("memory not read in time", reason=f"{type(error).__name__}: {error}")
            found, last = None, ()
        return _decision(
            turn, Telling(asked.topic, found, last, of_a_time=days is not None, now=turn.now), asked.language
        )

    async def _found(
        self, turn: Turn[Any], asked: Recollection, days: Days | None
    ) -> tuple[Sequence[Recalled], Sequence[Recalled]]:
        """What was found, and where that is nothing of a certain time, the last session there was."""
        found = await self._ask(turn, asked.topic, days)
        if found or days is None or asked.topic:
            return found, ()
        return (), await self._ask(turn, "", None)

    async def _ask(self, turn: Turn[Any], topic: str, days: Days | None) -> tuple[Recalled, ...]:
        wanted: dict[str, JsonValue] = {
            "user_id": turn.scope.user_id,
            "domain": turn.domain,
            "excluding": str(turn.session_id),
            "text": topic or None,
            "limit": _BEST if topic else _SESSION,
        }
        if days is not None:
            wanted["since"] = _midnight(days[0]).isoformat()
            wanted["until"] = (_midnight(days[1]) + timedelta(days=1)).isoformat()
        headers = {"x-parley-tenant": str(turn.scope.tenant_id), "x-request-id": turn.request_id}
        response = await self.client.post("/internal/recall", json=wanted, headers=headers)
        return _Answer.model_validate_json(response.raise_for_status().content).items


def _decision(turn: Turn[Any], telling: Telling, language: str) -> Decision[Any]:
    """An aside: a question that waited for its answer is put again, and nothing else of the talk changes."""
    spoken = turn.understood.language if language == "en" else language
    text, told = tell(telling, spoken)
    waiting = turn.dialogue.question
    found = [each.model_dump(mode="json", exclude={"found_by"}) for each in told]
    return Decision(
        text=text if waiting is None else f"{text} {waiting.clarification.question}",
        state=turn.state,
        language=spoken if spoken in {"zh", "ms"} else "en",
        question=waiting,
        data=(DataPart(kind="recall", value=found),) if found else (),
    )


def _days(asked: Recollection, today: date) -> Days | None:
    """The days asked about; those that the calendar would have in the future were meant in the past."""
    if asked.when is None:
        return None
    back = timedelta(days=7 if isinstance(asked.when, dict) and "weekday" in asked.when else 365)
    try:
        days = span(asked.when, today)
        return days if days[0] <= today else span(asked.when, today - back)
    except ValueError:
        return None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
