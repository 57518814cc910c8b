"""What the pack keeps of people: nothing."""

from shared.privacy.registry import Kept, Registry, columns

PERSONAL = Registry(
    kept=(
        Kept(
            table="pack_insights.metrics",
            columns=columns("tenant_id day market channel sends opens clicks conversions"),
            because="Sums over many people.",
        ),
    )
)
