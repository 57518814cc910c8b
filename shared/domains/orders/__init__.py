"""Takes restaurants' orders for packaging in English, Chinese and Malay, with their documents, in one turn."""

from pathlib import Path

from shared.domains.base import Domain, Example, Operation, Seed
from shared.domains.orders.api import find_invoiced, find_order, list_orders, routes
from shared.domains.orders.language import gazetteer, language
from shared.domains.orders.loading import load_outlets, load_products
from shared.domains.orders.outcomes import (
    DeliveryScheduled,
    InvoiceIssued,
    OrderAmended,
    OrderCancelled,
    OrderPlaced,
)
from shared.domains.orders.personal_data import PERSONAL
from shared.domains.orders.policy import decide
from shared.domains.orders.policy.talk import GREETING
from shared.domains.orders.records import RECORDS
from shared.domains.orders.state import OrdersState
from shared.domains.orders.tools import OrderTools
from shared.domains.orders.views import InvoiceNumber, Nothing, OrderNumber

_FOLDER = Path(__file__).parent
_DATA = _FOLDER / "data"

DOMAIN: Domain[OrdersState, OrderTools] = Domain(
    name="orders",
    title="Order desk",
    greeting=GREETING,
    example=Example(
        (
            (
                "Hi, we need 400 boxes for 10 inch pizzas",
                "make it 500",
                "and 200 paper cups",
                "12 oz",
                "when will it arrive?",
            ),
            ("早上好", "跟上次一样"),
        ),
        user="luigi",
    ),
    language=language(),
    state=OrdersState,
    decide=decide,
    tools=OrderTools,
    gazetteer=gazetteer,
    outcomes=(OrderPlaced, OrderAmended, OrderCancelled, DeliveryScheduled, InvoiceIssued),
    seeds=(
        Seed("products", _DATA / "products.csv", load_products),
        Seed("outlets", _DATA / "outlets.csv", load_outlets),
    ),
    api=routes,
    operations={
        "orders": Operation(Nothing, list_orders),
        "order": Operation(OrderNumber, find_order),
        "invoice": Operation(InvoiceNumber, find_invoiced),
    },
    records=RECORDS,
    prompts=_FOLDER / "prompts",
    migrations=_FOLDER / "migrations",
    personal=PERSONAL,
)
