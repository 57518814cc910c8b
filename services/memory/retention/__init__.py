"""Deleting what was kept long enough, after a copy of it has reached cold storage."""

from services.memory.retention.archive import archive_to
from services.memory.retention.job import Retention, Rule
from services.memory.retention.storage import open_storage

__all__ = ["Retention", "Rule", "archive_to", "open_storage"]
