"""Serves a shop's customers: products and stock, their own orders, returns."""

from pathlib import Path

from shared.domains.base import Domain, Example, Operation, Seed
from shared.domains.shop.abilities import ABILITIES
from shared.domains.shop.api import closed_conversations, find_user, remember_user, routes
from shared.domains.shop.language import gazetteer, language
from shared.domains.shop.loading import load_inventory, load_orders, load_products
from shared.domains.shop.outcomes import OrderCancelled, ReturnRequested
from shared.domains.shop.personal_data import PERSONAL
from shared.domains.shop.policy import CLOSE, decide
from shared.domains.shop.policy.talk import GREETING
from shared.domains.shop.state import ShopState
from shared.domains.shop.tools import ShopTools
from shared.domains.shop.views import Nothing, UserDetails

_FOLDER = Path(__file__).parent
_DATA = _FOLDER / "data"

DOMAIN: Domain[ShopState, ShopTools] = Domain(
    name="shop",
    title="Shop assistant",
    greeting=GREETING,
    example=Example(
        (
            (
                "Do you have trail running shoes in 42?",
                "What does the second one cost?",
                "Where is my order?",
                "#1234",
            ),
            ("Can I still cancel #1240?",),
        ),
        user="ana",
    ),
    language=language(),
    state=ShopState,
    decide=decide,
    tools=ShopTools,
    gazetteer=gazetteer,
    commands={CLOSE: Nothing},
    outcomes=(ReturnRequested, OrderCancelled),
    seeds=(
        Seed("products", _DATA / "products.csv", load_products),
        Seed("inventory", _DATA / "inventory.csv", load_inventory),
        Seed("orders", _DATA / "orders.csv", load_orders),
    ),
    api=routes,
    operations={
        "remember_user": Operation(UserDetails, remember_user),
        "find_user": Operation(Nothing, find_user),
        "closed_conversations": Operation(Nothing, closed_conversations),
    },
    prompts=_FOLDER / "prompts",
    abilities=ABILITIES,
    migrations=_FOLDER / "migrations",
    personal=PERSONAL,
)
