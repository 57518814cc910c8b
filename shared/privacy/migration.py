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


def create_upkeep(schema: str, table: str) -> None:
    """Create `<schema>.upkeep`, which tells what was done, and `<schema>.tenants()`, those of `table`.

    The primary key of the table begins with the tenant. Its owner, as whom the function runs, sees which tenants there
    are; the service itself does not.
    """
    run_sql(
        f"""
        create table {schema}.upkeep (
            tenant_id uuid not null,
            task text not null,
            done bigint not null default 0,
            last_at timestamptz not null,
            primary key (tenant_id, task)
        );
        comment on table {schema}.upkeep is
            'How many rows each task has dealt with, counted in the transactions that did.';
        alter table {schema}.upkeep enable row level security;
        alter table {schema}.upkeep force row level security;
        create policy tenant on {schema}.upkeep
            using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);

        create policy tenants on {schema}.{table} for select to current_user using (true);
        create function {schema}.tenants() returns setof uuid
        language sql stable security definer set search_path = pg_catalog, pg_temp as $$
            with recursive each(tenant_id) as (
                (select tenant_id from {schema}.{table} order by tenant_id limit 1)
                union all
                select (
                    select next.tenant_id from {schema}.{table} next
                    where next.tenant_id > each.tenant_id order by next.tenant_id limit 1
                ) from each where each.tenant_id is not null
            )
            select tenant_id from each where tenant_id is not null
        $$;
        revoke execute on function {schema}.tenants from public;
        grant execute on function {schema}.tenants to parley_{schema};
        """  # noqa: S608 -- the name of a schema is ours
    )
