"""Every event of the platform by its type. Packs add their outcomes."""

from shared.events.base import Event
from shared.events.outcomes import ConversationEscalated
from shared.events.privacy import ErasureCompleted, ErasureRequested
from shared.events.profiles import LeadBecameHot, ProfileScored
from shared.events.replies import TurnCancelled, TurnCompleted, TurnFailed
from shared.events.signals import SignalsObserved
from shared.events.turns import SessionDeleted, SessionOpened, TurnCancelRequested, TurnSubmitted

EVENTS: tuple[type[Event], ...] = (
    SessionOpened,
    TurnSubmitted,
    TurnCancelRequested,
    SessionDeleted,
    TurnCompleted,
    TurnFailed,
    TurnCancelled,
    SignalsObserved,
    ProfileScored,
    LeadBecameHot,
    ConversationEscalated,
    ErasureRequested,
    ErasureCompleted,
)
