"""Gathers what all holders have before the first byte goes out: an export is whole or there is none."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from tempfile import SpooledTemporaryFile
from typing import Any

import orjson

from services.gateway.holders import Holder
from services.gateway.principal import Principal
from shared.events.ids import UserId

_IN_MEMORY = 4 * 1024 * 1024
"""Bytes of an export that are held in memory; beyond, it lies in a temporary file."""

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Collected:
    """All rows that are held of a person, table by table. Close it."""

    user_id: UserId
    at: datetime
    lines: "SpooledTemporaryFile[bytes]"

    def tables(self) -> Iterator[tuple[str, Iterator[Row]]]:
        """Each table with its rows, which must be read before the next table is asked for."""
        self.lines.seek(0)
        rows = map(orjson.loads, self.lines)
        for table, held in groupby(rows, key=lambda each: str(each["table"])):
            yield table, (each["row"] for each in held)

    def close(self) -> None:
        """Delete what was gathered."""
        self.lines.close()


async def collect(holders: Sequence[Holder], caller: Principal, user_id: UserId, now: datetime) -> Collected:
    """What every holder has of a person. Raises `Unavailable` when one of them does not answer in full."""
    gathered = SpooledTemporaryFile[bytes](max_size=_IN_MEMORY)
    try:
        for holder in holders:
            async for line in holder.export(caller, user_id):
                gathered.write(line.rstrip("\n").encode() + b"\n")
    except BaseException:
        gathered.close()
        raise
    return Collected(user_id, now, gathered)
