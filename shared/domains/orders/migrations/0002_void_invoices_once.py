"""Voiding an invoice: only one that stands, so that an order is changed from the state that was read, or not at all."""

from shared.runtime.migrate import run_sql

revision = "orders_0002"
down_revision = "orders_0001"

# Every change of an order voids the invoice that was read. When another conversation changed the order meanwhile, that
# invoice is void already, the turn's transaction fails here as a whole, and the turn is tried again on what is there.
_VOID_INVOICE = """
    create function pack_orders.void_invoice(tenant uuid, wanted uuid) returns void
    language plpgsql set search_path = pg_catalog, pg_temp as $$
    begin
        update pack_orders.invoices set status = 'void'
        where tenant_id = tenant and invoice_id = wanted and status = 'issued';
        if not found then
            raise check_violation using message = 'the order has been changed meanwhile';
        end if;
    end
    $$;
"""


def upgrade() -> None:
    run_sql(_VOID_INVOICE)
