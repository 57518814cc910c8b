"""Products, outlets and who orders for them; orders with their delivery orders and invoices."""

from shared.runtime.migrate import run_sql

revision = "orders_0001"
down_revision = None

_TABLES = ("products", "outlets", "outlet_users", "orders", "order_lines", "delivery_orders", "invoices")

_CREATE = """
    create table pack_orders.products (
        tenant_id uuid not null,
        sku text not null,
        name text not null,
        name_zh text not null,
        name_ms text not null,
        category text not null,
        size text,
        unit text not null,
        price_cents integer not null check (price_cents > 0),
        stock integer not null check (stock >= 0),
        restock_on date,
        description text not null default '',
        keywords text[] not null default '{}',
        primary key (tenant_id, sku)
    );
    create index products_by_category on pack_orders.products (tenant_id, category, sku);

    create table pack_orders.outlets (
        tenant_id uuid not null,
        outlet_id text not null,
        name text not null,
        address text not null,
        phone text,
        primary key (tenant_id, outlet_id)
    );

    create table pack_orders.outlet_users (
        tenant_id uuid not null,
        user_id text not null,
        outlet_id text not null,
        linked_at timestamptz not null default now(),
        primary key (tenant_id, user_id),
        foreign key (tenant_id, outlet_id) references pack_orders.outlets on delete cascade
    );

    create sequence pack_orders.order_numbers;
    create sequence pack_orders.delivery_order_numbers;
    create sequence pack_orders.invoice_numbers;
    grant usage on sequence pack_orders.order_numbers, pack_orders.delivery_order_numbers, pack_orders.invoice_numbers
        to parley_agent;

    create table pack_orders.orders (
        tenant_id uuid not null,
        order_id uuid not null,
        number text not null,
        user_id text not null,
        session_id uuid,
        outlet_id text,
        status text not null check (status in ('placed', 'cancelled')),
        currency text not null,
        subtotal_cents bigint not null,
        tax_cents bigint not null,
        total_cents bigint not null,
        placed_at timestamptz not null,
        updated_at timestamptz not null,
        primary key (tenant_id, order_id),
        unique (tenant_id, number)
    );
    create index orders_of_user on pack_orders.orders (tenant_id, user_id, placed_at desc, order_id);
    create index orders_of_outlet on pack_orders.orders (tenant_id, outlet_id, placed_at desc);

    create table pack_orders.order_lines (
        tenant_id uuid not null,
        order_id uuid not null,
        line_no int not null,
        sku text not null,
        name text not null,
        quantity int not null check (quantity > 0),
        unit_price_cents int not null,
        primary key (tenant_id, order_id, line_no),
        foreign key (tenant_id, order_id) references pack_orders.orders on delete cascade
    );

    create table pack_orders.delivery_orders (
        tenant_id uuid not null,
        delivery_order_id uuid not null,
        number text not null,
        order_id uuid not null,
        outlet_id text,
        address text,
        deliver_on date not null,
        status text not null check (status in ('scheduled', 'cancelled')),
        primary key (tenant_id, delivery_order_id),
        unique (tenant_id, number),
        unique (tenant_id, order_id),
        foreign key (tenant_id, order_id) references pack_orders.orders on delete cascade
    );
    comment on column pack_orders.delivery_orders.address is 'Null while nobody has said where the goods go.';
    create index delivery_orders_by_day on pack_orders.delivery_orders (tenant_id, deliver_on, delivery_order_id);

    create table pack_orders.invoices (
        tenant_id uuid not null,
        invoice_id uuid not null,
        number text not null,
        order_id uuid not null,
        issued_on date not null,
        due_on date not null,
        subtotal_cents bigint not null,
        tax_cents bigint not null,
        total_cents bigint not null,
        status text not null check (status in ('issued', 'void')),
        primary key (tenant_id, invoice_id),
        unique (tenant_id, number),
        foreign key (tenant_id, order_id) references pack_orders.orders on delete cascade
    );
    create index invoices_of_order on pack_orders.invoices (tenant_id, order_id, issued_on);
    create unique index one_invoice_stands on pack_orders.invoices (tenant_id, order_id) where status = 'issued';
"""

# A turn decides on the stock it read. When somebody else took it meanwhile, its transaction fails here as a whole, and
# the turn is tried again on what is left.
_TAKE_STOCK = """
    create function pack_orders.take_stock(tenant uuid, wanted_sku text, quantity int) returns void
    language plpgsql set search_path = pg_catalog, pg_temp as $$
    begin
        update pack_orders.products set stock = stock - quantity
        where tenant_id = tenant and sku = wanted_sku and stock >= quantity;
        if not found then
            raise check_violation using message = 'too little is left in stock';
        end if;
    end
    $$;
"""


def upgrade() -> None:
    run_sql(_CREATE)
    run_sql(_TAKE_STOCK)
    for table in _TABLES:
        run_sql(f"""
            alter table pack_orders.{table} enable row level security;
            alter table pack_orders.{table} force row level security;
            create policy tenant on pack_orders.{table}
                using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
        """)
