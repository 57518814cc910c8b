"""People who write over a channel, what arrived from them, and what is delivered to them."""

from shared.runtime.migrate import run_sql

revision = "gateway_0001"
down_revision = None
branch_labels = None
depends_on = None

_TABLES = """
create table gateway.contacts (
    tenant_id uuid not null,
    user_id text not null,
    number_id text not null,
    phone text not null,
    session_id uuid not null,
    heard_at timestamptz not null,
    primary key (tenant_id, user_id, number_id)
);
comment on table gateway.contacts is
    'Where replies to a person go. The only place of their phone number, which is kept while replies may be sent.';
comment on column gateway.contacts.number_id is 'The business number they wrote to, as the channel names it.';
comment on column gateway.contacts.session_id is 'The running session of this person with this number.';
comment on column gateway.contacts.heard_at is 'When they last wrote.';
create index contacts_by_age on gateway.contacts (tenant_id, heard_at);

create table gateway.arrivals (
    tenant_id uuid not null,
    turn_id uuid not null,
    user_id text not null,
    number_id text not null,
    session_id uuid not null,
    sent_at timestamptz not null,
    accepted_at timestamptz,
    primary key (tenant_id, turn_id)
);
comment on table gateway.arrivals is 'Each message once, and the session it went to: a repetition goes there too.';
comment on column gateway.arrivals.accepted_at is 'Set when Kafka has its turn: a repetition has nothing left to do.';
create index arrivals_by_user on gateway.arrivals (tenant_id, user_id);
create index arrivals_by_age on gateway.arrivals (tenant_id, sent_at);

create table gateway.deliveries (
    tenant_id uuid not null,
    delivery_id uuid not null,
    position bigint generated always as identity,
    user_id text not null,
    number_id text not null,
    session_id uuid not null,
    turn_id uuid not null,
    message jsonb,
    state text not null
        check (state in ('waiting', 'sending', 'uncertain', 'sent', 'delivered', 'read', 'dead')),
    reason text,
    attempts int not null default 0,
    message_id text,
    created_at timestamptz not null,
    due_at timestamptz not null,
    settled_at timestamptz,
    primary key (tenant_id, delivery_id),
    check ((message is null) = (state not in ('waiting', 'sending', 'uncertain')))
) with (fillfactor = 80);
comment on column gateway.deliveries.position is 'A person gets what is delivered to them in this order.';
comment on column gateway.deliveries.message is 'What is to be sent; forgotten once it is sent or given up.';
comment on column gateway.deliveries.message_id is
    'The id that WhatsApp gave it. It has the phone number in it, so it is personal.';
comment on column gateway.deliveries.due_at is
    'waiting: when to send it; sending: when its sender counts as dead; uncertain: when it is sent again.';
create index deliveries_open on gateway.deliveries (tenant_id, user_id, number_id, position)
    where state in ('waiting', 'sending', 'uncertain');
create index deliveries_by_message on gateway.deliveries (tenant_id, message_id) where message_id is not null;
create index deliveries_by_age on gateway.deliveries (tenant_id, settled_at) where settled_at is not null;
create index deliveries_by_user on gateway.deliveries (tenant_id, user_id);
create index deliveries_by_state on gateway.deliveries (tenant_id, state);
"""

_ROW_LEVEL_SECURITY = """
alter table gateway.contacts enable row level security;
alter table gateway.contacts force row level security;
create policy tenant on gateway.contacts using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);

alter table gateway.arrivals enable row level security;
alter table gateway.arrivals force row level security;
create policy tenant on gateway.arrivals using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);

alter table gateway.deliveries enable row level security;
alter table gateway.deliveries force row level security;
create policy tenant on gateway.deliveries using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
"""


def upgrade() -> None:
    run_sql(_TABLES)
    run_sql(_ROW_LEVEL_SECURITY)
