"""All SQL of the profiles service."""

from services.profiles.store.people import LeadKey, People, Portrait, Wanted, key_of
from services.profiles.store.profiles import Profiles

__all__ = ["LeadKey", "People", "Portrait", "Profiles", "Wanted", "key_of"]
