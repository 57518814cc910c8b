"""Everything held of a person, as a document: JSON, CSV or PDF."""

from services.gateway.exports.collecting import Collected, collect
from services.gateway.exports.documents import FORMATS, Format, document

__all__ = ["FORMATS", "Collected", "Format", "collect", "document"]
