"""What the pack keeps of people: who orders for which outlet, and their orders with the documents."""

from shared.privacy.registry import Holding, Kept, Part, Registry, columns

PERSONAL = Registry(
    holdings=(
        Holding(
            table="pack_orders.outlet_users",
            key="user_id",
            since="linked_at",
            columns=columns("tenant_id user_id outlet_id linked_at"),
        ),
        Holding(
            table="pack_orders.orders",
            key="order_id",
            since="placed_at",
            columns=columns(
                "tenant_id order_id number user_id session_id outlet_id status currency subtotal_cents tax_cents"
                " total_cents placed_at updated_at"
            ),
            parts=(
                Part(
                    table="pack_orders.order_lines",
                    of="order_id",
                    columns=columns("tenant_id order_id line_no sku name quantity unit_price_cents"),
                ),
                Part(
                    table="pack_orders.delivery_orders",
                    of="order_id",
                    columns=columns("tenant_id delivery_order_id number order_id outlet_id address deliver_on status"),
                ),
                Part(
                    table="pack_orders.invoices",
                    of="order_id",
                    columns=columns(
                        "tenant_id invoice_id number order_id issued_on due_on subtotal_cents tax_cents total_cents"
                        " status"
                    ),
                ),
            ),
        ),
    ),
    kept=(
        Kept(
            table="pack_orders.products",
            columns=columns(
                "tenant_id sku name name_zh name_ms category size unit price_cents stock restock_on description"
                " keywords"
            ),
            because="What is on offer.",
        ),
        Kept(
            table="pack_orders.outlets",
            columns=columns("tenant_id outlet_id name address phone"),
            because="Places of business, not people.",
        ),
    ),
)
