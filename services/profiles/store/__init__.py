"""All SQL of the profiles service."""

from services.profiles.store.fades import Fades
from services.profiles.store.leads import LeadKey, Leads, key_of
from services.profiles.store.people import People, Scored
from services.profiles.store.profiles import Profiles
from services.profiles.store.rescorings import Rescorings
from services.profiles.store.rows import Portrait

__all__ = ["Fades", "LeadKey", "Leads", "People", "Portrait", "Profiles", "Rescorings", "Scored", "key_of"]
