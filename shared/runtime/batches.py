"""Writes of many items to Postgres, and flushes for `GroupCommit`: tenants stay apart."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol, TypeVar

import asyncpg

from shared.errors import Reject, Unavailable
from shared.events.ids import TenantId


class Owned(Protocol):
    """Something that belongs to one tenant."""

    @property
    def tenant_id(self) -> TenantId: ...


Item = TypeVar("Item", bound=Owned)
Result = TypeVar("Result")

Write = Callable[[TenantId, Sequence[Item]], Awaitable[Sequence[Result]]]
"""Writes items of one tenant in one transaction, wholly or not at all; a result for each, in order."""

_REFUSED = (asyncpg.DataError, asyncpg.IntegrityConstraintViolationError)


Verdict = Callable[[Exception], Exception]
"""What to raise for an item whose write failed with this error."""


def rejected(error: Exception) -> Exception:
    """`Reject` for content that Postgres refuses, without its words: they may quote what somebody wrote."""
    return Reject(f"Postgres refuses it: {type(error).__name__}") if isinstance(error, _REFUSED) else error


def counted(error: Exception) -> Exception:
    """The error itself, which the runtime counts: whoever gives up on the record has something to do first."""
    return error


async def written(write: Write[Item, Result], items: Sequence[Item]) -> list[Result]:
    """Results of all items, in order; each tenant's are written in a transaction of their own.

    Raises what the first write raised, as `rejected` says it. What other tenants' writes stored then stays.
    """
    results: dict[int, Result] = {}
    for tenant_id, places in _places(items).items():
        try:
            outcome = await write(tenant_id, [items[place] for place in places])
        except Exception as error:
            raise rejected(error) from error
        results.update(zip(places, outcome, strict=True))
    return [results[place] for place in range(len(items))]


def tenant_by_tenant(
    write: Write[Item, Result], verdict: Verdict = rejected
) -> Callable[[Sequence[Item]], Awaitable[list[Result | Exception]]]:
    """A flush that writes each tenant's items in a transaction of their own.

    Items that cannot be written together are written one by one, so that each fails for its own reason, as `verdict`
    says. A tenant's trouble is its own.
    """

    async def flush(items: Sequence[Item]) -> list[Result | Exception]:
        results: dict[int, Result | Exception] = {}
        for tenant_id, mine in _places(items).items():
            outcome = await _written(write, verdict, tenant_id, [items[place] for place in mine])
            results.update(zip(mine, outcome, strict=True))
        return [results[place] for place in range(len(items))]

    return flush


def _places(items: Sequence[Owned]) -> dict[TenantId, list[int]]:
    """Where each tenant's items are."""
    places: dict[TenantId, list[int]] = defaultdict(list)
    for place, item in enumerate(items):
        places[item.tenant_id].append(place)
    return places


async def _written(
    write: Write[Item, Result], verdict: Verdict, tenant_id: TenantId, items: Sequence[Item]
) -> Sequence[Result | Exception]:
    try:
        return await write(tenant_id, items)
    except Unavailable as error:
        return [error] * len(items)
    except Exception as error:
        if len(items) == 1:
            return [verdict(error)]
    return [(await _written(write, verdict, tenant_id, [item]))[0] for item in items]
