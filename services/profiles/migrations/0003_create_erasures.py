"""Who was erased, so that nothing that arrives late brings them back."""

from shared.privacy.migration import create_erasures

revision = "profiles_0003"
down_revision = "profiles_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_erasures("profiles")
