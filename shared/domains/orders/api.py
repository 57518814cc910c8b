"""The order desk's own endpoints: say something, see one's orders, fetch an invoice."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel

from shared.domains.orders.catalogue import CURRENCY, Order
from shared.domains.orders.documents import invoice_pdf
from shared.domains.orders.tools import OrderTools
from shared.domains.orders.views import (
    InvoiceNumber,
    Message,
    Nothing,
    OrderList,
    OrderNumber,
    OrderView,
    Reply,
    User,
)
from shared.domains.surface import Asked, Surface
from shared.events.replies import TurnCompleted
from shared.events.turns import Text
from shared.runtime.http import Problem

_MOST_ORDERS = 100

Asking = Annotated[User, Query(description="Whose orders.")]
Number = Annotated[str, Path(max_length=32, pattern=r"^[A-Za-z0-9-]+$")]


async def list_orders(tools: OrderTools, _: Nothing) -> OrderList:
    """The caller's orders."""
    return OrderList(orders=tuple(map(_view, await tools.orders(_MOST_ORDERS))))


async def find_order(tools: OrderTools, wanted: OrderNumber) -> OrderView | None:
    """One order of the caller."""
    order = await tools.order(wanted.number)
    return None if order is None else _view(order)


async def find_invoiced(tools: OrderTools, wanted: InvoiceNumber) -> Order | None:
    """The caller's order with this invoice: the one that stands, or that stood when the order was cancelled."""
    order = await tools.order(wanted.number)
    return order if order is not None and order.invoice.number == wanted.number else None


def routes(surface: Surface) -> APIRouter:
    """The endpoints of this pack."""
    router = APIRouter(prefix="/api/orders", tags=["orders"])
    _add_talk(router, surface)
    _add_orders(router, surface)
    return router


def _add_talk(router: APIRouter, surface: Surface) -> None:
    @router.post("/chat", summary="Say something to the order desk", response_model=Reply)
    async def chat(request: Request, body: Message) -> Response:
        """Answers a message; without `conversation_id` it begins a conversation."""
        if body.conversation_id is None:
            conversation = await surface.open(surface.caller(request, body.user_id))
        else:
            conversation = await surface.find(request, body.conversation_id, body.user_id)
        return await surface.answer(request, conversation, Asked(Text(text=body.message)), _reply)


def _add_orders(router: APIRouter, surface: Surface) -> None:
    async def ask(request: Request, user_id: str, operation: str, arguments: BaseModel) -> object:
        return await surface.operate(surface.caller(request, user_id), operation, arguments)

    @router.get("", summary="List a user's orders")
    async def orders(request: Request, user_id: Asking) -> OrderList:
        """A user's own orders, the latest first, at most 100."""
        return OrderList.model_validate(await ask(request, user_id, "orders", Nothing()))

    @router.get("/invoices/{number}.pdf", summary="Fetch an invoice", response_class=Response)
    async def invoice(request: Request, number: Number, user_id: Asking) -> Response:
        """The invoice as PDF, for the user who ordered."""
        try:
            found = await ask(request, user_id, "invoice", InvoiceNumber(number=number))
        except Problem as problem:
            raise (_no_invoice() if problem.status == 404 else problem) from None
        # Setting type takes from 5 ms to a tenth of a second: others are served meanwhile.
        content = await asyncio.to_thread(invoice_pdf, Order.model_validate(found))
        headers = {"Content-Disposition": f'inline; filename="{number}.pdf"'}
        return Response(content, media_type="application/pdf", headers=headers)

    @router.get("/{number}", summary="Get an order")
    async def order(request: Request, number: Number, user_id: Asking) -> OrderView:
        """One order of the user."""
        return OrderView.model_validate(await ask(request, user_id, "order", OrderNumber(number=number)))


def _reply(ended: TurnCompleted) -> Reply:
    clarification = ended.reply.clarification
    return Reply(
        conversation_id=ended.session_id,
        message_id=ended.turn_id,
        response=ended.reply.text,
        language=ended.reply.language,
        intent=ended.understood.intent,
        clarification_options=clarification.options if clarification else (),
        data=tuple(part.model_dump(mode="json") for part in ended.reply.data),
    )


def _view(order: Order) -> OrderView:
    amounts = {
        "currency": CURRENCY,
        "subtotal_cents": order.subtotal_cents,
        "tax_cents": order.tax_cents,
        "total_cents": order.total_cents,
    }
    return OrderView.model_validate(order.model_dump() | amounts)


def _no_invoice() -> Problem:
    return Problem(404, "unknown_invoice", "You have no such invoice.")
