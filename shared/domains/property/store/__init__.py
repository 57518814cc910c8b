"""All SQL of the property pack."""

from shared.domains.property.store.appointments import Appointments
from shared.domains.property.store.desk import Desk
from shared.domains.property.store.listings import Listings

__all__ = ["Appointments", "Desk", "Listings"]
