"""The table of erasures, the same in every schema that holds something of people."""

from shared.runtime.migrate import run_sql


def create_erasures(schema: str) -> None:
    """Create `<schema>.erasures` inside a revision."""
    run_sql(
        f"""
        create table {schema}.erasures (
            tenant_id uuid not null,
            subject bytea not null,
            erasure_id uuid not null,
            erased_at timestamptz not null,
            removed jsonb not null default '{{}}',
            completed_at timestamptz,
            primary key (tenant_id, subject, erasure_id)
        );
        comment on table {schema}.erasures is 'Nothing of the subject that is not later than erased_at may come back.';
        comment on column {schema}.erasures.subject is 'HMAC-SHA256 of tenant and user.';
        comment on column {schema}.erasures.removed is 'Rows removed so far, by table.';
        alter table {schema}.erasures enable row level security;
        alter table {schema}.erasures force row level security;
        create policy tenant on {schema}.erasures
            using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
        """
    )
