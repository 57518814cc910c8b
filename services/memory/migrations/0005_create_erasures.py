"""Who was erased, so that nothing that arrives late brings them back; and how what is left of them is found."""

from shared.privacy.migration import create_erasures
from shared.runtime.migrate import run_sql

revision = "memory_0005"
down_revision = "memory_0004"
branch_labels = None
depends_on = None

_INDEXES = """
create index sessions_deleted_of_user on memory.sessions (tenant_id, user_id) where deleted_at is not null;
create index turns_without_session on memory.turns (tenant_id, user_id) where turn_no = 0;
"""


def upgrade() -> None:
    create_erasures("memory")
    run_sql(_INDEXES)
