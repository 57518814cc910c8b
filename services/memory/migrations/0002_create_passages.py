"""Passages: what people said, prepared for being found again. They follow their messages, whoever changes those."""

from shared.runtime.migrate import run_sql

revision = "memory_0002"
down_revision = "memory_0001"
branch_labels = None
depends_on = None

# English is the one language with stems and stop words here; words of others stand as they are written. Chinese has no
# spaces: its words are pairs of characters, but for those with a character that only serves grammar.
_WORDS = r"""
create function memory.words(said text) returns tsvector
language sql immutable parallel safe set search_path = pg_catalog, pg_temp as $$
    select to_tsvector('english', regexp_replace(normalize(said, nfkc), '[\u3400-\u9fff]+', ' ', 'g')) || coalesce(
        (
            select array_to_tsvector(array_agg(distinct substr(run[1], place, 2)))
            from regexp_matches(normalize(said, nfkc), '[\u3400-\u9fff]+', 'g') as run,
                generate_series(1, greatest(length(run[1]) - 1, 1)) as place
            where substr(run[1], place, 2) !~ '[的了吗呢吧啊呀我你您他她它们是在也就都很把被]'
        ),
        ''
    )
$$;
"""

_TABLES = """
create table memory.passages (
    tenant_id uuid not null,
    session_id uuid not null,
    turn_no int not null,
    user_id text not null,
    domain text,
    sent_at timestamptz not null,
    words tsvector not null,
    embedder text not null default '',
    embedding halfvec,
    primary key (tenant_id, session_id, turn_no)
);
comment on column memory.passages.embedder is 'What made the embedding; empty: nothing has yet.';
comment on column memory.passages.embedding is 'Null with an embedder: it could tell nothing of the words.';
create index passages_of_user on memory.passages (tenant_id, user_id, sent_at);
create index passages_of_embedder on memory.passages (embedder, tenant_id);

alter table memory.passages enable row level security;
alter table memory.passages force row level security;
create policy tenant on memory.passages using (tenant_id = nullif(current_setting('app.tenant', true), '')::uuid);
create policy upkeep on memory.passages to current_user using (true);
create policy upkeep on memory.sessions for select to current_user using (true);
"""

# Passages hold what messages hold. Triggers keep them in step with every deletion and rewriting there is or will be;
# new messages cost nothing here.
_TRIGGERS = """
create function memory.forget_passages() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    delete from memory.passages as passage using gone
    where passage.tenant_id = gone.tenant_id and passage.session_id = gone.session_id
        and passage.turn_no = gone.turn_no and gone.role = 'user';
    return null;
end
$$;
create trigger forget_passages after delete on memory.messages referencing old table as gone
    for each statement execute function memory.forget_passages();

create function memory.rewrite_passage() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    update memory.passages set words = memory.words(new.text), embedder = '', embedding = null
    where tenant_id = new.tenant_id and session_id = new.session_id and turn_no = new.turn_no;
    return null;
end
$$;
create trigger rewrite_passage after update of text on memory.messages
    for each row when (new.role = 'user' and new.text is distinct from old.text)
    execute function memory.rewrite_passage();
"""

_UPKEEP = """
create function memory.sessions_without_passages(after_tenant uuid, after_session uuid, at_most int)
returns table (tenant_id uuid, session_id uuid, behind boolean)
language sql security definer stable set search_path = pg_catalog, pg_temp as $$
    select s.tenant_id, s.session_id, s.deleted_at is null and s.turn_no > known.turn_no
    from memory.sessions s
    cross join lateral (
        select coalesce(max(p.turn_no), 0) as turn_no from memory.passages p
        where p.tenant_id = s.tenant_id and p.session_id = s.session_id
    ) as known
    where (s.tenant_id, s.session_id) > (after_tenant, after_session)
    order by s.tenant_id, s.session_id limit at_most
$$;

create function memory.tenants_to_embed(current_embedder text) returns setof uuid
language sql security definer stable set search_path = pg_catalog, pg_temp as $$
    select distinct tenant_id from (
        (select tenant_id from memory.passages where embedder < current_embedder limit 1000)
        union all
        (select tenant_id from memory.passages where embedder > current_embedder limit 1000)
    ) as waiting
$$;

revoke execute on function memory.forget_passages, memory.rewrite_passage, memory.sessions_without_passages,
    memory.tenants_to_embed from public;
grant execute on function memory.sessions_without_passages, memory.tenants_to_embed to parley_memory;
"""


def upgrade() -> None:
    run_sql(_WORDS)
    run_sql(_TABLES)
    run_sql(_TRIGGERS)
    run_sql(_UPKEEP)
