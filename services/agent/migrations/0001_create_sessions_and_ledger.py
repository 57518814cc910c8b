"""Sessions with their state, and the ledger that holds how every turn ended."""

from shared.runtime.migrate import run_sql

revision = "agent_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql(
        """
        create table agent.sessions (
            tenant_id uuid not null,
            session_id uuid not null,
            user_id text not null,
            domain text not null,
            session_no int not null,
            turn_no int not null default 0,
            signalled int not null default 0,
            state jsonb,
            opened_at timestamptz not null,
            updated_at timestamptz not null,
            deleted_at timestamptz,
            primary key (tenant_id, session_id),
            constraint sessions_are_numbered unique (tenant_id, user_id, domain, session_no)
        ) with (fillfactor = 70);
        comment on column agent.sessions.turn_no is
            'The last ended turn. A commit succeeds only on turn_no = its own - 1: this is the fence.';
        comment on column agent.sessions.signalled is 'The last turn that emitted signals.';

        create table agent.ledger (
            tenant_id uuid not null,
            session_id uuid not null,
            turn_id uuid not null,
            turn_no int not null,
            outcome text not null,
            body_hash text not null,
            envelopes bytea,
            ended_at timestamptz not null,
            primary key (tenant_id, session_id, turn_id)
        );
        comment on column agent.ledger.envelopes is
            'Every event of the turn as published; null once the session is deleted.';

        alter table agent.sessions enable row level security;
        alter table agent.sessions force row level security;
        create policy tenant on agent.sessions
            using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
        alter table agent.ledger enable row level security;
        alter table agent.ledger force row level security;
        create policy tenant on agent.ledger
            using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
        """
    )
