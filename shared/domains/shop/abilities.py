"""What a model may look up in the shop: products, stock, and the caller's own orders."""

from collections.abc import Mapping
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from shared.domains.base import Ability
from shared.domains.shop.catalogue import Wanted
from shared.domains.shop.tools import ShopTools
from shared.domains.shop.words import contents, day, money

_MOST: Final = 5


class _Arguments(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ProductsWanted(_Arguments):
    """Whatever is left out does not matter."""

    words: str = Field(default="", max_length=60, description="One word of a product's name, kind or description.")
    brand: str | None = Field(default=None, max_length=60)
    colour: Literal["black", "white", "blue", "red", "green", "grey"] | None = None
    lowest: int | None = Field(default=None, ge=0, le=1_000_000, description="Lowest price in dollars.")
    highest: int | None = Field(default=None, ge=0, le=1_000_000, description="Highest price in dollars.")
    cheapest_first: bool = False


class StockOf(_Arguments):
    """A product, by its code."""

    sku: str = Field(pattern=r"^SKU-\d{1,9}$")


class OrdersOf(_Arguments):
    """The caller's own orders; there is nothing to choose."""


async def find_products(tools: ShopTools, wanted: ProductsWanted) -> JsonValue:
    """Products that fit, with prices as they are said."""
    found = await tools.search(
        Wanted(
            text=wanted.words,
            brand=wanted.brand,
            colour=wanted.colour,
            low=None if wanted.lowest is None else 100 * wanted.lowest,
            high=None if wanted.highest is None else 100 * wanted.highest,
            cheapest_first=wanted.cheapest_first,
        ),
        limit=_MOST,
    )
    return [
        {
            "sku": each.sku,
            "name": each.name,
            "brand": each.brand,
            "price": money(each.price),
            "description": each.description,
            "sizes": list(each.sizes),
            "colours": list(each.colours),
            "rating": each.rating,
        }
        for each in found
    ]


async def find_stock(tools: ShopTools, product: StockOf) -> JsonValue:
    """How many there are, in all warehouses together."""
    stock = await tools.stock(product.sku)
    if not stock:
        return []
    restock = min((each.restock for each in stock if each.restock is not None), default=None)
    more: JsonValue = day(restock) if restock else None
    return {"sku": product.sku, "in stock": sum(each.quantity for each in stock), "more on": more}


async def find_orders(tools: ShopTools, _: OrdersOf) -> JsonValue:
    """The caller's latest orders."""
    return [
        {
            "order": each.id,
            "status": each.status,
            "products": contents(each),
            "total": money(each.total),
            "ordered": day(each.ordered),
            "expected": day(each.expected) if each.expected else None,
            "delivered": day(each.delivered) if each.delivered else None,
            "tracking": each.tracking,
        }
        for each in (await tools.orders())[:_MOST]
    ]


ABILITIES: Final[Mapping[str, Ability[ShopTools]]] = {
    "find_products": Ability(
        "Products of the shop, the best rated first.", "Searching the shop", ProductsWanted, find_products
    ),
    "find_stock": Ability("How many of a product are in stock.", "Checking the stock", StockOf, find_stock),
    "find_orders": Ability("The orders of the person asking.", "Looking up your orders", OrdersOf, find_orders),
}
