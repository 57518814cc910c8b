"""Products, stock, orders, returns, customers and closed conversations."""

from shared.runtime.migrate import run_sql

revision = "shop_0001"
down_revision = None

_TABLES = ("products", "inventory", "orders", "order_lines", "returns", "users", "closed_conversations")

_CREATE = """
    create table pack_shop.products (
        tenant_id uuid not null,
        sku text not null,
        name text not null,
        category text not null,
        brand text not null,
        price integer not null check (price > 0),
        description text not null,
        sizes text[] not null,
        colours text[] not null,
        rating double precision not null check (rating between 0 and 5),
        primary key (tenant_id, sku)
    );
    create index products_category on pack_shop.products (tenant_id, category, price);

    create table pack_shop.inventory (
        tenant_id uuid not null,
        sku text not null,
        warehouse text not null,
        quantity integer not null check (quantity >= 0),
        restock date,
        primary key (tenant_id, sku, warehouse),
        foreign key (tenant_id, sku) references pack_shop.products on delete cascade
    );

    create table pack_shop.orders (
        tenant_id uuid not null,
        id text not null,
        user_id text not null,
        status text not null check (status in ('processing', 'shipped', 'delivered', 'returned', 'cancelled')),
        ordered date not null,
        expected date,
        delivered date,
        tracking text,
        primary key (tenant_id, id)
    );
    create index orders_of_user on pack_shop.orders (tenant_id, user_id, ordered desc);

    create table pack_shop.order_lines (
        tenant_id uuid not null,
        order_id text not null,
        sku text not null,
        quantity integer not null check (quantity > 0),
        price integer not null check (price >= 0),
        primary key (tenant_id, order_id, sku),
        foreign key (tenant_id, order_id) references pack_shop.orders on delete cascade,
        foreign key (tenant_id, sku) references pack_shop.products
    );

    create table pack_shop.returns (
        tenant_id uuid not null,
        id uuid not null,
        order_id text not null,
        user_id text not null,
        requested_at timestamptz not null,
        primary key (tenant_id, id),
        unique (tenant_id, order_id),
        foreign key (tenant_id, order_id) references pack_shop.orders on delete cascade
    );

    create table pack_shop.users (
        tenant_id uuid not null,
        user_id text not null,
        username text,
        email text,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        primary key (tenant_id, user_id)
    );

    create table pack_shop.closed_conversations (
        tenant_id uuid not null,
        session_id uuid not null,
        user_id text not null,
        closed_at timestamptz not null,
        primary key (tenant_id, session_id)
    );
    create index closed_of_user on pack_shop.closed_conversations (tenant_id, user_id);
"""


def upgrade() -> None:
    run_sql(_CREATE)
    for table in _TABLES:
        run_sql(f"""
            alter table pack_shop.{table} enable row level security;
            alter table pack_shop.{table} force row level security;
            create policy tenant on pack_shop.{table}
                using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
        """)
