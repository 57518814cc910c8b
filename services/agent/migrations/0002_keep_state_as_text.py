"""A session's state is read and written whole: parsing it in Postgres only cost time."""

from shared.runtime.migrate import run_sql

revision = "agent_0002"
down_revision = "agent_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql(
        """
        alter table agent.sessions alter column state type text;
        comment on column agent.sessions.state is 'JSON, as the agent wrote it.';
        """
    )
