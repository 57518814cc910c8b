"""What the pack keeps of people: who they are, their orders and returns, the conversations they closed."""

from shared.privacy.registry import Holding, Kept, Part, Registry, columns

PERSONAL = Registry(
    holdings=(
        Holding(
            table="pack_shop.users",
            key="user_id",
            columns=columns("tenant_id user_id username email created_at updated_at"),
        ),
        Holding(
            table="pack_shop.orders",
            key="id",
            columns=columns("tenant_id id user_id status ordered expected delivered tracking"),
            parts=(
                Part(
                    table="pack_shop.order_lines",
                    of="order_id",
                    columns=columns("tenant_id order_id sku quantity price"),
                ),
                Part(
                    table="pack_shop.returns",
                    of="order_id",
                    columns=columns("tenant_id id order_id user_id requested_at"),
                ),
            ),
        ),
        Holding(
            table="pack_shop.closed_conversations",
            key="session_id",
            since="closed_at",
            columns=columns("tenant_id session_id user_id closed_at"),
        ),
    ),
    kept=(
        Kept(
            table="pack_shop.products",
            columns=columns("tenant_id sku name category brand price description sizes colours rating"),
            because="What is on offer.",
        ),
        Kept(
            table="pack_shop.inventory",
            columns=columns("tenant_id sku warehouse quantity restock"),
            because="What is on offer.",
        ),
    ),
)
