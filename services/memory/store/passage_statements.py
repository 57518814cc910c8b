"""The statements of passages. The tenant is always $1."""

# What locks a message sees it as it is when nobody is changing it, so that nothing is kept of what is being removed.
# A session's turns end in order: those beyond its last passage are the ones that are missing.
_MISSING = """
    from memory.sessions
    cross join lateral (
        select coalesce(max(turn_no), 0) as turn_no from memory.passages
        where passages.tenant_id = $1 and passages.session_id = sessions.session_id
    ) as known
    join memory.messages as message on message.tenant_id = $1 and message.session_id = sessions.session_id
        and message.turn_no > known.turn_no and message.role = 'user'
        and message.sent_at between sessions.created_at and sessions.last_active_at
    where sessions.tenant_id = $1 and sessions.turn_no > known.turn_no and sessions.deleted_at is null
        and message.intent is distinct from 'recall'
"""

PREPARE = f"""
insert into memory.passages (tenant_id, session_id, turn_no, user_id, domain, sent_at, words)
select $1, message.session_id, message.turn_no, message.user_id, sessions.domain, message.sent_at,
    memory.words(message.text)
{_MISSING} and sessions.user_id = $2
for share of message
on conflict do nothing
"""

MISSING = f"""
select message.session_id, message.turn_no, message.sent_at, message.text, sessions.domain
{_MISSING} and sessions.session_id = any($2::uuid[])
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

# $8 holds all vectors end to end, each $9 long. A message that was rewritten meanwhile keeps no vector of what it was.
KEEP = """
insert into memory.passages as passage
    (tenant_id, session_id, turn_no, user_id, domain, sent_at, words, embedder, embedding)
select $1, message.session_id, message.turn_no, message.user_id, given.domain, message.sent_at,
    memory.words(message.text),
    case when message.text = given.text then $7 else '' end,
    case when message.text = given.text and given.told
        then ($8::real[])[(given.place - 1) * $9::int + 1 : given.place * $9::int]::halfvec end
from unnest($2::uuid[], $3::int[], $4::timestamptz[], $5::text[], $6::text[], $10::bool[]) with ordinality
    as given(session_id, turn_no, sent_at, text, domain, told, place)
join memory.messages as message on message.tenant_id = $1 and message.session_id = given.session_id
    and message.turn_no = given.turn_no and message.role = 'user' and message.sent_at = given.sent_at
for share of message
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
        case when embedder = $9 and vector_dims(embedding) = vector_dims($10::real[]::halfvec)
            then 1 - (embedding <=> $10::real[]::halfvec) end as likeness
    from memory.passages {_MINE}
), asked as materialized (
    select lexeme, ({_QUOTED})::tsquery as query
    from unnest(memory.words($8))
), hits as (
    select session_id, turn_no, sent_at, lexeme from asked join mine on mine.words @@ asked.query
), weights as (
    select lexeme, ln(1 + (select count(*) from mine)::float8 / greatest(count(session_id), 1)) as weight
    from asked left join hits using (lexeme) group by lexeme
), by_words as (
    select session_id, turn_no, row_number() over (order by sum(weight) desc, max(sent_at) desc) as place
    from hits join weights using (lexeme) group by session_id, turn_no
    having sum(weight) >= $12 * (select sum(weight) from weights)
), by_meaning as (
    select session_id, turn_no, row_number() over (order by likeness desc, sent_at desc) as place
    from mine where likeness >= $11
), chosen as (
    select mine.session_id, mine.turn_no, mine.sent_at, mine.domain,
        coalesce(1.0 / (60 + by_words.place), 0) + coalesce(1.0 / (60 + by_meaning.place), 0) as score,
        array_remove(array[
            case when by_words.place is not null then 'words' end,
            case when by_meaning.place is not null then 'meaning' end
        ], null) as found_by
    from by_words full join by_meaning using (session_id, turn_no) join mine using (session_id, turn_no)
    order by score desc, mine.sent_at desc limit $7
)
select {_FOUND}, chosen.score::float8 as score, chosen.found_by
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
    vector_dims(embedding) = vector_dims($6::real[]::halfvec) and 1 - (embedding <=> $6::real[]::halfvec) >= $7
)
order by
    case when vector_dims(embedding) = vector_dims($6::real[]::halfvec) then embedding <=> $6::real[]::halfvec end,
    ts_rank(words, asked.query) desc nulls last, sent_at desc
limit $3
"""  # noqa: S608 - composed of constants

SESSIONS_WITHOUT = "select * from memory.sessions_without_passages($1, $2, $3)"

TENANTS_TO_EMBED = "select tenant_id from memory.tenants_to_embed($1) as tenant_id"
