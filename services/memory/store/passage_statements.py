"""The statements of passages. The tenant is always $1."""

# Sessions with messages that are no passages yet: turns end in order, so those beyond the last passage are missing.
_BEHIND = """
with behind as materialized (
    select session_id, domain, created_at, last_active_at, known.turn_no from memory.sessions
    cross join lateral (
        select coalesce(max(turn_no), 0) as turn_no from memory.passages
        where passages.tenant_id = $1 and passages.session_id = sessions.session_id
    ) as known
    where sessions.tenant_id = $1 and sessions.deleted_at is null and sessions.turn_no > known.turn_no
"""

_MISSING = """
    from behind join memory.messages as message on message.tenant_id = $1 and message.session_id = behind.session_id
        and message.turn_no > behind.turn_no and message.role = 'user'
        and message.sent_at between behind.created_at and behind.last_active_at
    where message.intent is distinct from 'recall'
"""

# What locks a message sees it as it is when nobody is changing it, so that nothing is kept of what is being removed.
PREPARE = f"""
{_BEHIND} and sessions.user_id = $2)
insert into memory.passages (tenant_id, session_id, turn_no, user_id, domain, sent_at, words)
select $1, message.session_id, message.turn_no, message.user_id, behind.domain, message.sent_at,
    memory.words(message.text)
{_MISSING}
for share of message
on conflict do nothing
"""

MISSING = f"""
{_BEHIND} and sessions.session_id = any($2::uuid[]))
select message.session_id, message.turn_no, message.sent_at, message.text, behind.domain
{_MISSING}
order by message.session_id, message.turn_no
limit $3
"""

# Two ranges, since an index knows no "other than".
STALE = """
select passage.session_id, passage.turn_no, passage.sent_at, message.text, passage.domain
from (
    (select * from memory.passages where tenant_id = $1 and embedder < $2 limit $3)
    union all
    (select * from memory.passages where tenant_id = $1 and embedder > $2 limit $3)
) as passage
join memory.messages as message on message.tenant_id = $1 and message.session_id = passage.session_id
    and message.turn_no = passage.turn_no and message.role = 'user' and message.sent_at = passage.sent_at
limit $3
"""

# A message that was rewritten meanwhile keeps no vector of what it was. Of two in one place, as a message that came
# through records and a turn of the same moment may be, the first is the passage.
KEEP = """
insert into memory.passages as passage
    (tenant_id, session_id, turn_no, user_id, domain, sent_at, words, embedder, embedding)
select distinct on (message.session_id, message.turn_no) $1, message.session_id, message.turn_no, message.user_id,
    given.domain, message.sent_at, memory.words(message.text),
    case when message.text = given.text then $8 else '' end,
    case when message.text = given.text then given.embedding::halfvec end
from unnest($2::uuid[], $3::int[], $4::timestamptz[], $5::text[], $6::text[], $7::text[])
    as given(session_id, turn_no, sent_at, text, domain, embedding)
cross join lateral (
    select * from memory.messages
    where tenant_id = $1 and session_id = given.session_id and turn_no = given.turn_no and role = 'user'
        and sent_at = given.sent_at
    limit 1 for share
) as message
order by message.session_id, message.turn_no, message.sent_at
on conflict (tenant_id, session_id, turn_no) do update
set words = excluded.words, embedder = excluded.embedder, embedding = excluded.embedding
"""

_FOUND = """
    message.message_id, message.session_id, message.turn_no, message.text as said, message.sent_at as said_at,
    message.language, chosen.domain, reply.text as answered
"""

_TOLD = """
join memory.messages as message on message.tenant_id = $1 and message.session_id = chosen.session_id
    and message.turn_no = chosen.turn_no and message.role = 'user' and message.sent_at = chosen.sent_at
left join memory.turns as turn on turn.tenant_id = $1 and turn.session_id = message.session_id
    and turn.turn_id = message.turn_id
left join memory.messages as reply on reply.tenant_id = $1 and reply.session_id = chosen.session_id
    and reply.turn_no = chosen.turn_no and reply.role = 'assistant' and reply.sent_at = turn.ended_at
"""

_MINE = """
    where tenant_id = $1 and user_id = $2 and ($3::text is null or domain = $3)
        and ($4::uuid is null or session_id <> $4) and sent_at >= $5 and sent_at < $6
"""

LATEST = f"""
with last as (
    select session_id from memory.passages {_MINE} order by sent_at desc limit 1
), chosen as (
    select session_id, turn_no, sent_at, domain from memory.passages {_MINE}
        and session_id = (select session_id from last)
    order by sent_at desc limit $7
)
select {_FOUND}, 0.0::float8 as score, '{{}}'::text[] as found_by
from chosen {_TOLD}
order by message.sent_at
"""  # noqa: S608 - composed of constants

_QUOTED = r"""'''' || replace(replace(lexeme, '\', '\\'), '''', '''''') || ''''"""

# Ranks by words weigh each word by how rare it is among what this person said; ranks by meaning are cosines. What
# shares too little with the question in both is not found. Ranks are fused by their reciprocals (Cormack et al. 2009).
SEARCH = f"""
with mine as materialized (
    select session_id, turn_no, sent_at, domain, words,
        case when embedder = $9 and vector_dims(embedding) = vector_dims($10::halfvec)
            then 1 - (embedding <=> $10::halfvec) end as likeness
    from memory.passages {_MINE}
), asked as materialized (
    select ({_QUOTED})::tsquery as query from unnest(memory.words($8))
), weighted as materialized (
    select query, ln(1 + (select count(*) from mine)::float8 / greatest(count(session_id), 1)) as weight
    from asked left join mine on mine.words @@ query group by query
), scored as materialized (
    select *, (select sum(weight) from weighted where mine.words @@ query) as shared from mine
), placed as (
    select *,
        case when shared >= $12 * (select sum(weight) from weighted)
            then row_number() over (order by shared desc nulls last, sent_at desc) end as by_words,
        case when likeness >= $11
            then row_number() over (order by likeness desc nulls last, sent_at desc) end as by_meaning
    from scored
), chosen as (
    select session_id, turn_no, sent_at, domain,
        coalesce(1.0::float8 / (60 + by_words), 0) + coalesce(1.0::float8 / (60 + by_meaning), 0) as score,
        array_remove(array[
            case when by_words is not null then 'words' end, case when by_meaning is not null then 'meaning' end
        ], null) as found_by
    from placed where by_words is not null or by_meaning is not null
    order by score desc, sent_at desc limit $7
)
select {_FOUND}, chosen.score, chosen.found_by
from chosen {_TOLD}
order by chosen.score desc, message.sent_at desc
"""  # noqa: S608 - composed of constants

# Greetings and thanks have a word or none that is no stop word.
ASKED = f"""
with asked as materialized (
    select string_agg({_QUOTED}, ' | ')::tsquery as query
    from unnest(memory.words($4))
), scrubbed as materialized (
    select passage.user_id, passage.domain, passage.sent_at, message.text, passage.words,
        case when passage.embedder = $5 then passage.embedding end as embedding
    from memory.passages as passage
    join memory.messages as message on message.tenant_id = $1 and message.session_id = passage.session_id
        and message.turn_no = passage.turn_no and message.role = 'user' and message.sent_at = passage.sent_at
    where passage.tenant_id = $1 and ($2::text is null or passage.domain = $2) and message.pii_scrubbed
        and length(passage.words) > 1
)
select user_id, domain, sent_at, text, embedding::vector::real[] as embedding
from scrubbed cross join asked
where $4 = '' or words @@ asked.query or (
    vector_dims(embedding) = vector_dims($6::halfvec) and 1 - (embedding <=> $6::halfvec) >= $7
)
order by
    case when vector_dims(embedding) = vector_dims($6::halfvec) then embedding <=> $6::halfvec end,
    ts_rank(words, asked.query) desc nulls last, sent_at desc
limit $3
"""  # noqa: S608 - composed of constants

SESSIONS_WITHOUT = "select * from memory.sessions_without_passages($1, $2, $3)"

TENANTS_TO_EMBED = "select tenant_id from memory.tenants_to_embed($1) as tenant_id"
