"""What a tenant sells, where it delivers, and the numbers of its documents."""

from collections.abc import Sequence
from typing import Final

from shared.domains.orders.catalogue import Numbers, Outlet, Product
from shared.events.ids import TenantId
from shared.runtime.postgres import Database

_PRODUCTS: Final = """
    select sku, name, name_zh, name_ms, category, size, unit, price_cents, stock, restock_on, description, keywords
    from pack_orders.products order by sku
"""

_NUMBERS: Final = """
    select 'SO-' || lpad(nextval('pack_orders.order_numbers')::text, 6, '0') as "order",
        'DO-' || lpad(nextval('pack_orders.delivery_order_numbers')::text, 6, '0') as delivery_order,
        'INV-' || lpad(nextval('pack_orders.invoice_numbers')::text, 6, '0') as invoice
"""

LINK: Final = """
    insert into pack_orders.outlet_users (tenant_id, user_id, outlet_id) values ($1, $2, $3)
    on conflict (tenant_id, user_id) do update set outlet_id = excluded.outlet_id
"""
"""Says who orders for which outlet."""


class Shelf:
    """The products and outlets of one tenant."""

    def __init__(self, database: Database, tenant_id: TenantId) -> None:
        self._database = database
        self._tenant_id = tenant_id

    async def products(self) -> tuple[Product, ...]:
        """Everything on sale."""
        async with self._database.tenant(self._tenant_id) as connection:
            rows = await connection.fetch(_PRODUCTS)
        return tuple(Product(**(dict(row) | {"keywords": tuple(row["keywords"])})) for row in rows)

    async def outlets(self) -> tuple[Outlet, ...]:
        """Every place that goods are delivered to."""
        async with self._database.tenant(self._tenant_id) as connection:
            rows = await connection.fetch(
                "select outlet_id, name, address, phone from pack_orders.outlets order by outlet_id"
            )
        return tuple(Outlet(**dict(row)) for row in rows)

    async def numbers(self) -> Numbers:
        """Fresh numbers for one order; a turn that is tried again draws others, which leaves a gap."""
        async with self._database.tenant(self._tenant_id) as connection:
            row = await connection.fetchrow(_NUMBERS)
        return Numbers(**dict(row or {}))

    async def replace(self, products: Sequence[Product]) -> None:
        """Write products, in place of those of the same SKU."""
        async with self._database.transaction(self._tenant_id) as connection:
            await connection.executemany(
                "insert into pack_orders.products (tenant_id, sku, name, name_zh, name_ms, category, size, unit,"
                " price_cents, stock, restock_on, description, keywords)"
                " values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
                " on conflict (tenant_id, sku) do update set (name, name_zh, name_ms, category, size, unit,"
                " price_cents, stock, restock_on, description, keywords) ="
                " (excluded.name, excluded.name_zh, excluded.name_ms, excluded.category, excluded.size,"
                " excluded.unit, excluded.price_cents, excluded.stock, excluded.restock_on, excluded.description,"
                " excluded.keywords)",
                [_columns(self._tenant_id, product) for product in products],
            )

    async def replace_outlets(self, linked: Sequence[tuple[Outlet, str]]) -> None:
        """Write outlets and who orders for them, in place of what is there."""
        tenant = self._tenant_id
        async with self._database.transaction(tenant) as connection:
            await connection.executemany(
                "insert into pack_orders.outlets (tenant_id, outlet_id, name, address, phone)"
                " values ($1, $2, $3, $4, $5) on conflict (tenant_id, outlet_id) do update"
                " set (name, address, phone) = (excluded.name, excluded.address, excluded.phone)",
                [(tenant, each.outlet_id, each.name, each.address, each.phone) for each, _ in linked],
            )
            await connection.executemany(LINK, [(tenant, user, outlet.outlet_id) for outlet, user in linked if user])


def _columns(tenant: TenantId, product: Product) -> tuple[object, ...]:
    return (
        tenant,
        product.sku,
        product.name,
        product.name_zh,
        product.name_ms,
        product.category,
        product.size,
        product.unit,
        product.price_cents,
        product.stock,
        product.restock_on,
        product.description,
        list(product.keywords),
    )
