"""Moving a delivery: only one that is still to be made."""

from shared.runtime.migrate import run_sql

revision = "orders_0003"
down_revision = "orders_0002"

_MOVE_DELIVERY = """
    create function pack_orders.move_delivery(tenant uuid, wanted uuid, day date) returns void
    language plpgsql set search_path = pg_catalog, pg_temp as $$
    begin
        update pack_orders.delivery_orders set deliver_on = day
        where tenant_id = tenant and delivery_order_id = wanted and status = 'scheduled';
        if not found then
            raise check_violation using message = 'the order has been called off meanwhile';
        end if;
    end
    $$;
"""


def upgrade() -> None:
    run_sql(_MOVE_DELIVERY)
