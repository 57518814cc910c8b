"""All SQL of the order desk. Reads return models; a turn's writes are effects of its transaction."""

from shared.domains.orders.store.desk import Desk
from shared.domains.orders.store.orders import Orders
from shared.domains.orders.store.shelf import Shelf

__all__ = ["Desk", "Orders", "Shelf"]
