"""Which conversations a person should take over, and how frustrated what was said sounds."""

from shared.runtime.migrate import run_sql

revision = "memory_0006"
down_revision = "memory_0005"
branch_labels = None
depends_on = None

_COLUMNS = """
alter table memory.sessions add column escalated_at timestamptz, add column escalation text;
comment on column memory.sessions.escalation is 'Why a person should take over, in the agent''s code; null: none need.';
create index sessions_escalated on memory.sessions (tenant_id, escalated_at) where escalated_at is not null;

alter table memory.messages add column frustration double precision;
"""


def upgrade() -> None:
    run_sql(_COLUMNS)
