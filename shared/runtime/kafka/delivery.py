"""One record, one attempt: what its outcome means and when it may count as finished."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

import structlog

from shared.errors import Reject, Retry, Unavailable
from shared.events.envelope import Envelope
from shared.runtime.failpoints import failpoint
from shared.runtime.kafka import deadletters
from shared.runtime.kafka.attempts import Attempts
from shared.runtime.kafka.metrics import GroupMetrics
from shared.runtime.kafka.policy import Policy
from shared.runtime.kafka.records import describe
from shared.runtime.kafka.work import BatchRoute, Step, Verdict, Work

log = structlog.get_logger(__name__)


class KilledItsProcessError(Exception):
    """A record was started several times and each time its process ended before it did."""


class Delivery:
    """Runs attempts under the delivery policy and writes dead letters."""

    def __init__(
        self,
        group: str,
        *,
        publish: Callable[[Envelope], Awaitable[None]],
        attempts: Attempts,
        policy: Policy,
        metrics: GroupMetrics,
        now: Callable[[], datetime],
    ) -> None:
        """`publish` returns when the broker has acknowledged, and raises Unavailable otherwise."""
        self._group = group
        self._publish = publish
        self._attempts = attempts
        self._policy = policy
        self._metrics = metrics
        self._now = now

    async def run(self, work: Work) -> Step:
        """Try once; the step says whether the record is finished."""
        if work.verdict is None and work.prior >= self._policy.attempts - 1 and work.starts == work.prior:
            await self._convict(work)
        if work.verdict is None:
            return await self._attempt(work)
        return await self._end(work, work.verdict)

    async def run_together(self, route: BatchRoute, works: Sequence[Work]) -> bool:
        """Handle records that nothing is known against in one call; False if each has to be tried by itself.

        What fails here does not count: who is to blame shows only when they are tried alone.
        """
        counted = [work for work in works if work.counted]
        done = False
        try:
            await asyncio.gather(*map(self._begin, counted))
            async with asyncio.timeout(route.timeout_seconds):
                await route.handle_all([work.record for work in works])
            done = True
        except Exception as error:
            log.warning("batch_failed", first=describe(works[0].record), records=len(works), error=repr(error))
        finally:
            for work in counted:
                (self._forget if done else self._withdraw)(work)
        if done:
            self._metrics.done.inc(len(works))
        return done

    async def _attempt(self, work: Work) -> Step:
        """Let the service handle it. A record that has to end gets its verdict, and time of its own for it."""
        work.delay_seconds = 0.0
        try:
            await self._begin(work)
            await work.route.handle(work.record)
        except Unavailable as error:
            self._withdraw(work)
            self._metrics.unavailable.inc()
            log.warning("dependency_unavailable", record=describe(work.record), error=str(error))
            return Step.WAIT
        except Reject as error:
            work.verdict = Verdict(deadletters.REJECTED, error, notify=False)
        except asyncio.CancelledError:
            failure = _failure(work)
            if failure is None:
                self._withdraw(work)
                raise
            self._failed(work, failure)
        except Exception as error:
            self._failed(work, error)
        else:
            self._forget(work)
            self._metrics.done.inc()
            return Step.DONE
        return Step.AGAIN

    async def _end(self, work: Work, verdict: Verdict) -> Step:
        try:
            if verdict.notify:
                await work.route.exhausted(work.record, verdict.error)
                verdict.notify = False
            await self._publish(self._dead_letter(work, verdict))
            await failpoint("consumer.after_dead_letter")
        except Unavailable as error:
            log.warning("dependency_unavailable", record=describe(work.record), error=str(error))
            return Step.WAIT
        except asyncio.CancelledError:
            failure = _failure(work)
            if failure is None:
                raise
            return self._ending_failed(work, verdict, failure)
        except Exception as error:
            return self._ending_failed(work, verdict, error)
        self._forget(work)
        self._metrics.dead.inc()
        log.error("dead_letter", record=describe(work.record), reason=verdict.reason, attempts=work.starts)
        return Step.DONE

    async def _begin(self, work: Work) -> None:
        work.starts += 1
        if work.counted:
            await self._attempts.save(self._group, work.epoch.partition, work.record.offset, work.starts)

    def _withdraw(self, work: Work) -> None:
        work.starts -= 1
        if work.counted:
            self._attempts.note(self._group, work.epoch.partition, work.record.offset, work.starts)

    def _forget(self, work: Work) -> None:
        if work.counted:
            self._attempts.note(self._group, work.epoch.partition, work.record.offset, 0)

    def _failed(self, work: Work, error: Exception) -> None:
        work.counted = True
        self._metrics.failed.inc()
        log.warning(
            "attempt_failed",
            record=describe(work.record),
            attempt=work.starts,
            error=type(error).__name__,
            reason=str(error) if isinstance(error, Retry) else None,
            exc_info=None if isinstance(error, Retry) else error,
        )
        if work.starts >= self._policy.attempts:
            work.verdict = Verdict(deadletters.EXHAUSTED, error, notify=True)
        else:
            work.delay_seconds = self._policy.retry.seconds(work.starts)

    async def _convict(self, work: Work) -> None:
        # The hook may be what kills: its runs are counted as well, and after a few it is left out.
        hook_runs = work.prior - (self._policy.attempts - 1)
        error = KilledItsProcessError(f"started {work.prior} times without an end")
        work.verdict = Verdict(deadletters.KILLED, error, notify=hook_runs < self._policy.hook_attempts)
        work.counted = True
        await self._begin(work)

    def _ending_failed(self, work: Work, verdict: Verdict, error: Exception) -> Step:
        verdict.hook_failures += 1
        verdict.notify = verdict.notify and verdict.hook_failures < self._policy.hook_attempts
        log.error("ending_failed", record=describe(work.record), exc_info=error)
        work.delay_seconds = self._policy.retry.seconds(verdict.hook_failures)
        return Step.AGAIN

    def _dead_letter(self, work: Work, verdict: Verdict) -> Envelope:
        return deadletters.bury(
            work.record,
            group=self._group,
            reason=verdict.reason,
            error=verdict.error,
            attempts=work.prior if verdict.reason == deadletters.KILLED else work.starts,
            at=self._now(),
        )


def _failure(work: Work) -> Exception | None:
    """What a cancellation amounts to; None if somebody cancelled the attempt because its partition moves."""
    if work.task is None or not work.task.cancelling():
        return RuntimeError("the handler waited for something that was cancelled")
    if not work.overdue or work.epoch.closing:
        return None
    work.overdue = False
    work.task.uncancel()
    return TimeoutError(f"no end after {work.route.timeout_seconds:g} s")
