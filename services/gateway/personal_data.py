"""What the gateway keeps of people, where a channel is set up."""

from shared.privacy.registry import Holding, Registry, columns, erasures_of

PERSONAL = Registry(
    holdings=(
        Holding(
            table="gateway.contacts",
            key="number_id",
            since="heard_at",
            columns=columns("tenant_id user_id number_id phone session_id heard_at"),
        ),
        Holding(
            table="gateway.arrivals",
            key="turn_id",
            since="sent_at",
            columns=columns("tenant_id turn_id user_id number_id session_id sent_at accepted_at"),
        ),
        Holding(
            table="gateway.deliveries",
            key="delivery_id",
            since="asked_at",
            columns=columns(
                "tenant_id delivery_id position user_id number_id session_id turn_id message state reason attempts"
                " message_id created_at due_at settled_at asked_at"
            ),
        ),
    ),
    kept=(erasures_of("gateway"),),
)
