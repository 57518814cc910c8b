"""Records: rows of one declared kind that other programs create, read, update, delete, list and count."""

from shared.runtime.records.declaration import EQUAL, RANGE, Operator, Record
from shared.runtime.records.routes import record_routes
from shared.runtime.records.selection import Filter, Order, Selection
from shared.runtime.records.statements import conditions, select
from shared.runtime.records.table import Item, Records, RecordTable

__all__ = [
    "EQUAL",
    "RANGE",
    "Filter",
    "Item",
    "Operator",
    "Order",
    "Record",
    "RecordTable",
    "Records",
    "Selection",
    "conditions",
    "record_routes",
    "select",
]
