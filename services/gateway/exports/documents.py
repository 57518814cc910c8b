"""The formats of an export. Writing takes processor time, so it happens in a thread and one at a time."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import IO, Final, Literal

from services.gateway.exports.as_csv import write_csv
from services.gateway.exports.as_json import write_json
from services.gateway.exports.collecting import Collected

_IN_MEMORY = 4 * 1024 * 1024

Name = Literal["json", "csv", "pdf"]


@dataclass(frozen=True, slots=True)
class Format:
    """How a format is written and what it is called."""

    write: Callable[[Collected, IO[bytes]], None]
    media_type: str
    file_name: str


def _write_pdf(collected: Collected, out: IO[bytes]) -> None:
    # ReportLab takes longer to import than a gateway to start, and most gateways never write a PDF.
    from services.gateway.exports.as_pdf import write_pdf  # noqa: PLC0415

    write_pdf(collected, out)


FORMATS: Final[Mapping[Name, Format]] = {
    "json": Format(write_json, "application/json", "personal-data.json"),
    "csv": Format(write_csv, "application/zip", "personal-data.zip"),
    "pdf": Format(_write_pdf, "application/pdf", "personal-data.pdf"),
}

_one_at_a_time = asyncio.Semaphore(1)


async def document(collected: Collected, wanted: Format) -> "SpooledTemporaryFile[bytes]":
    """The export in a format, ready to be read. Closes what was collected; close the document."""
    out = SpooledTemporaryFile[bytes](max_size=_IN_MEMORY)
    try:
        async with _one_at_a_time:
            await asyncio.to_thread(wanted.write, collected, out)
    except BaseException:
        out.close()
        raise
    finally:
        collected.close()
    out.seek(0)
    return out
