"""What the pack keeps of people: their visits and call-backs."""

from shared.privacy.registry import Holding, Kept, Mention, Registry, columns

PERSONAL = Registry(
    holdings=(
        Holding(
            table="pack_property.visits",
            key="id",
            since="requested_at",
            columns=columns(
                "tenant_id id user_id session_id listing_id starts_at requested_at cancelled_at revision changed_at"
            ),
        ),
        Holding(
            table="pack_property.callbacks",
            key="id",
            since="requested_at",
            columns=columns("tenant_id id user_id session_id listing_id preferred_at requested_at done_at done_by"),
        ),
    ),
    mentions=(Mention(table="pack_property.callbacks", column="done_by"),),
    kept=(
        Kept(
            table="pack_property.listings",
            columns=columns(
                "tenant_id id project aliases developer city locality status possession amenities rera brochure"
                " latitude longitude"
            ),
            because="What is on offer.",
        ),
        Kept(
            table="pack_property.homes",
            columns=columns("tenant_id listing_id bedrooms area_sqft price"),
            because="What is on offer.",
        ),
    ),
)
