"""What language models did for each turn that they helped with."""

from shared.runtime.migrate import run_sql

revision = "agent_0003"
down_revision = "agent_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql(
        """
        create table agent.usage (
            tenant_id uuid not null,
            turn_id uuid not null,
            domain text not null,
            model text not null,
            requests int not null,
            input_tokens bigint not null,
            output_tokens bigint not null,
            tool_calls int not null,
            used_at timestamptz not null,
            primary key (tenant_id, turn_id)
        );
        comment on table agent.usage is 'Names no person and no session, so it outlives both.';
        create index usage_by_time on agent.usage (tenant_id, used_at);
        alter table agent.usage enable row level security;
        alter table agent.usage force row level security;
        create policy tenant on agent.usage using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
        """
    )
