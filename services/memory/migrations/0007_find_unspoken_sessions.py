"""Sessions that were opened and never spoken in, which monitoring counts and clean-up deletes."""

from shared.runtime.migrate import run_sql

revision = "memory_0007"
down_revision = "memory_0006"
branch_labels = None
depends_on = None

# A session leaves this index with its first turn.
_INDEX = """
create index sessions_unspoken on memory.sessions (tenant_id, created_at) where turn_no = 0 and deleted_at is null;
"""


def upgrade() -> None:
    run_sql(_INDEX)
