"""Everything held of a person, and its erasure. Your own; operators see to anybody's."""

from collections.abc import Iterator
from tempfile import SpooledTemporaryFile
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Response
from fastapi.responses import StreamingResponse
from starlette.background import BackgroundTask

from services.gateway.exports import FORMATS, collect, document
from services.gateway.gateway import TheGateway
from services.gateway.routes.common import Caller, TheSubmission, is_operator
from services.gateway.schemas import ErasureReceipt
from shared.events.ids import UserId
from shared.runtime.http import Problem, segment

router = APIRouter(prefix="/users/{user_id:path}/data", tags=["people"])

_CHUNK = 64 * 1024


async def _person(
    user_id: Annotated[str, Path(min_length=1, max_length=128)], caller: Caller, gateway: TheGateway
) -> UserId:
    if caller.user_id != user_id and not is_operator(gateway, caller):
        raise Problem(404, "person_not_found", "There is no such person.")
    return user_id


Person = Annotated[UserId, Depends(_person)]


@router.get("", summary="Export personal data", response_class=StreamingResponse)
async def export_data(
    person: Person,
    caller: Caller,
    gateway: TheGateway,
    format_: Annotated[Literal["json", "csv", "pdf"], Query(alias="format")] = "json",
) -> StreamingResponse:
    """Everything that any service holds of a person: as JSON, as a ZIP of CSV files, or as a PDF to read."""
    wanted = FORMATS[format_]
    written = await document(await collect(gateway.holders, caller, person, gateway.clock()), wanted)
    headers = {"content-disposition": f'attachment; filename="{wanted.file_name}"', "cache-control": "no-store"}
    closing = BackgroundTask(written.close)
    return StreamingResponse(_chunks(written), media_type=wanted.media_type, headers=headers, background=closing)


@router.delete("", status_code=202, summary="Erase a person")
async def erase_data(person: Person, asked: TheSubmission, gateway: TheGateway, response: Response) -> ErasureReceipt:
    """Has everything erased that any service holds of a person. `Location` leads to the receipt."""
    receipt = await gateway.erasures.request(asked.caller, person, asked.submission("erasures", person))
    response.headers["location"] = f"/v1/users/{segment(person)}/data/erasures/{receipt.erasure_id}"
    return receipt


@router.get("/erasures/{erasure_id}", summary="Get the receipt of an erasure")
async def get_erasure(person: Person, erasure_id: UUID, caller: Caller, gateway: TheGateway) -> ErasureReceipt:
    """How far an erasure is: what each service removed, when it was done, and when the log is empty too."""
    return await gateway.erasures.receipt(caller, person, erasure_id)


def _chunks(written: "SpooledTemporaryFile[bytes]") -> Iterator[bytes]:
    while chunk := written.read(_CHUNK):
        yield chunk
