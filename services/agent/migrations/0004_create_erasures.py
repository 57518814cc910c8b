"""Who was erased, so that nothing that arrives late brings them back."""

from shared.privacy.migration import create_erasures

revision = "agent_0004"
down_revision = "agent_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_erasures("agent")
