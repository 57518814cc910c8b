"""What the pack keeps of the people who use it: the campaigns they applied."""

from shared.privacy.registry import Holding, Kept, Part, Registry, columns

PERSONAL = Registry(
    holdings=(
        Holding(
            table="pack_luxury.campaigns",
            key="id",
            since="applied_at",
            columns=columns("tenant_id id session_id user_id payload applied_at"),
            parts=(
                Part(
                    table="pack_luxury.audiences",
                    of="campaign_id",
                    columns=columns("tenant_id campaign_id place customer_id"),
                ),
            ),
        ),
    ),
    kept=(
        Kept(
            table="pack_luxury.customers",
            columns=columns("tenant_id id name tier score annual_spend email_response behaviours note"),
            because="Customers of the house, loaded from its own records and erased there; none of them talks here.",
        ),
    ),
)
