"""How a handler says what should happen next; only `shared.runtime` acts on these."""


class Unavailable(Exception):
    """A dependency is down: the runtime waits and tries again, without a limit and without counting.

    Only the records of the same key wait, and all that wait share one back-off, so that a dependency which
    comes back is not overrun. Over HTTP it becomes 503 with `Retry-After`.
    """


class Retry(Exception):
    """This attempt failed: the runtime counts it and tries again with back-off.

    After the last attempt the subscription's `exhausted` hook runs and the record goes to the dead letters.
    Any exception that is none of the three is treated the same way.
    """


class Reject(Exception):
    """This record can never succeed: the runtime sends it to the dead letters at once, with the message as reason."""
