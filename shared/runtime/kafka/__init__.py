"""Kafka for every service: one way to subscribe, one to publish, one delivery policy.

A process owns one `Bus`::

    bus = Bus(settings.kafka, client_id="agent", options=Options(attempts=RedisAttempts(redis)))
    bus.subscribe(
        Subscription(
            topics=(TURNS.name,),
            group="agent",
            handlers=(
                Handler(TurnSubmitted, on_turn_submitted, exhausted=on_turn_exhausted),
                Handler(TurnCancelRequested, on_turn_cancel_requested, on_read=see_cancel),
            ),
            ignores=(SessionOpened, SessionDeleted),
            concurrency=512,
        )
    )
    await bus.start()                     # joined its groups, read positions known
    await bus.publish(envelope)           # returns when all in-sync replicas have it, else raises Unavailable
    await bus.publish_all(envelopes)      # together, in order per topic and key
    await bus.publish(envelope, within=timedelta(seconds=3), insist=True)   # tries again until then
    bus.health()                          # for /healthz (alive) and /readyz (ready)
    await bus.stop()                      # finishes running handlers, commits, leaves

Delivery policy of `subscribe`:

- At least once: a handler must bear the same event twice. After a hand-over or a clean stop nothing is repeated.
- Records of one key are handled one at a time, in the order of their offsets; other keys are not held up.
- Where nobody waits, a `BatchHandler` gets many events in one call. If that fails, each gets a call of its own.
- What a handler raises decides (`shared.errors`): `Unavailable` waits, uncounted; `Retry` and anything
  unexpected is tried 5 times, then `exhausted(event, error)`, then `<topic>.dead`; `Reject`, an unknown event
  type or a body its model refuses goes to `<topic>.dead` at once. A record is finished only when that succeeded.
- A record that kills its process is started at most 5 times and ends like any exhausted one; neighbours are not
  blamed for it. This needs `Options(attempts=RedisAttempts(...))`.
- When partitions move, running handlers get `drain` to finish; then they are cancelled and the record runs again
  elsewhere. Handlers must let `CancelledError` pass. A fenced handler may still be inside a call to a store:
  the store's version check, not Kafka, is what stops it.

`Unavailable` from `publish` means unknown: the record may be in the log. Publish it again with the same event id.
`UnpublishableError` means never: too large, or a topic name that is none.

A gateway reads a whole topic instead, from now on, without a group: `bus.read_all("parley.replies", callback)`.

A process that makes no progress for a minute although there is work and nothing it needs is down, or whose
Kafka plumbing fails, exits non-zero (`on_fatal`): its supervisor restarts it.
"""

from shared.runtime.kafka.attempts import Attempts, RedisAttempts
from shared.runtime.kafka.bus import Bus, Options
from shared.runtime.kafka.health import Health
from shared.runtime.kafka.publisher import Publisher, UnpublishableError
from shared.runtime.kafka.records import Record, header
from shared.runtime.kafka.subscription import BatchHandler, Handler, Subscription, by_key, by_partition_and_key

__all__ = [
    "Attempts",
    "BatchHandler",
    "Bus",
    "Handler",
    "Health",
    "Options",
    "Publisher",
    "Record",
    "RedisAttempts",
    "Subscription",
    "UnpublishableError",
    "by_key",
    "by_partition_and_key",
    "header",
]
