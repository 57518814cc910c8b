"""Puts together what keeps memory's promises about personal data: scrubbing, retention, and the account of both."""

from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta

from services.memory.metrics import MemoryMetrics
from services.memory.retention import Retention, Rule, archive_to, open_storage
from services.memory.scrubbing import ScrubbedTranscripts, Scrubbing
from services.memory.settings import MemorySettings
from services.memory.standing import Overview
from services.memory.store import MESSAGES, SUMMARIES, Archive, Expiry, Transcripts, Unscrubbed, Weeks
from shared.privacy.detection import create_detector
from shared.privacy.scrubbing import Scrubber
from shared.privacy.subjects import Subjects
from shared.privacy.tasks import Tasks
from shared.runtime.jobs import Job
from shared.runtime.process import utc_now
from shared.runtime.service import Service

_SCRUB_EVERY = timedelta(minutes=1)
_DELETE_EVERY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Privacy:
    """The parts: where endings are written to, the work to do now and then, and what was done."""

    transcripts: Transcripts | ScrubbedTranscripts
    jobs: tuple[Job, ...]
    overview: Overview


async def create_privacy(
    settings: MemorySettings,
    service: Service,
    transcripts: Transcripts,
    weeks: Weeks,
    metrics: MemoryMetrics,
) -> Privacy:
    """The parts on this service's database; its stack closes what they open."""
    tasks, unscrubbed = Tasks(service.database, "memory"), Unscrubbed(service.database)
    expiry = Expiry(service.database, Subjects(settings.erasure_key))
    scrubber = Scrubber(create_detector(presidio=settings.scrub_presidio))
    rules = (Rule(MESSAGES, settings.retain_messages), Rule(SUMMARIES, settings.retain_summaries))
    archive = await _archive(settings, service.stack)
    scrubbing = Scrubbing(
        tasks=tasks,
        unscrubbed=unscrubbed,
        scrubber=scrubber,
        after=settings.scrub_after,
        now=utc_now,
        metrics=metrics,
    )
    retention = Retention(
        tasks=tasks, expiry=expiry, weeks=weeks, rules=rules, archive=archive, now=utc_now, metrics=metrics
    )
    overview = Overview(
        tasks=tasks,
        unscrubbed=unscrubbed,
        expiry=expiry,
        scrub_after=settings.scrub_after,
        rules=rules,
        archives=archive is not None,
        now=utc_now,
    )
    return Privacy(
        transcripts if settings.scrub_after else ScrubbedTranscripts(transcripts, scrubber),
        (Job("scrubbing", _SCRUB_EVERY, scrubbing.run), Job("retention", _DELETE_EVERY, retention.run)),
        overview,
    )


async def _archive(settings: MemorySettings, stack: AsyncExitStack) -> Archive | None:
    if settings.cold_storage is None:
        return None
    storage = open_storage(settings.cold_storage, settings.cold_storage_credentials, utc_now)
    return archive_to(await stack.enter_async_context(storage), utc_now)
