"""Which offsets of a partition are finished, and how far it is safe to commit: pure bookkeeping.

The committed offset is the lowest unfinished one. What is finished above it travels in the commit's metadata,
so that the next owner of the partition does not repeat it.
"""

import base64
import binascii
from collections import deque
from collections.abc import Iterable

UNKNOWN = -1
"""Stands for the offset of a partition that has no commit."""

BITMAP_BYTES = 3000
"""Encoded this stays under the broker's limit of 4096 bytes (`offset.metadata.max.bytes`)."""

SPAN = BITMAP_BYTES * 8
"""Finished offsets further than this above the commit are not remembered."""

_VERSION = "1:"


def encode_finished(base: int, finished: Iterable[int]) -> str:
    """A bitmap of the offsets in [base, base + SPAN), as text; empty when there are none."""
    bits = bytearray()
    for offset in finished:
        place = offset - base
        if 0 <= place < SPAN:
            byte = place >> 3
            if byte >= len(bits):
                bits.extend(bytes(byte + 1 - len(bits)))
            bits[byte] |= 1 << (place & 7)
    return _VERSION + base64.b85encode(bits).decode() if bits else ""


def decode_finished(base: int, metadata: str) -> set[int]:
    """The offsets that `encode_finished` was given; empty for metadata of any other writer."""
    if not metadata.startswith(_VERSION):
        return set()
    try:
        bits = base64.b85decode(metadata[len(_VERSION) :])
    except (ValueError, binascii.Error):
        return set()
    return {base + 8 * byte + bit for byte, value in enumerate(bits) for bit in range(8) if value >> bit & 1}


class Tracker:
    """The offsets of one partition, from one assignment of it to the end of that assignment."""

    __slots__ = ("_done", "_order", "next")

    def __init__(self, committed: int = UNKNOWN, metadata: str = "") -> None:
        """Begin at a committed offset and what was finished above it."""
        self.next = committed
        self._order: deque[int] = deque()
        self._done = decode_finished(committed, metadata) if committed != UNKNOWN else set()

    @property
    def low(self) -> int:
        """The lowest unfinished offset, the only one that may be committed; UNKNOWN before the first."""
        return self._order[0] if self._order else self.next

    @property
    def span(self) -> int:
        """How far reading has gone beyond the lowest unfinished offset."""
        return self.next - self.low

    @property
    def unfinished(self) -> int:
        """How many delivered offsets are not below the watermark yet."""
        return len(self._order)

    def track(self, offset: int) -> bool:
        """Note a delivered offset; False if an earlier owner has finished it.

        Offsets come in rising order, with gaps where the log has none.
        """
        self.next = offset + 1
        if offset not in self._done:
            self._order.append(offset)
            return True
        if self._order:
            self._order.append(offset)
        else:
            self._done.discard(offset)
        return False

    def finish(self, offset: int) -> None:
        """Note that a tracked offset needs nothing more."""
        order = self._order
        if order[0] != offset:
            self._done.add(offset)
            return
        order.popleft()
        while order and order[0] in self._done:
            self._done.discard(order.popleft())

    def metadata(self) -> str:
        """What is finished above `low`, for the commit's metadata."""
        if not self._done:
            return ""
        low = self.low
        # Offsets an earlier owner finished may never be delivered again: the log can lose them to retention.
        self._done = {offset for offset in self._done if offset >= low}
        return encode_finished(low, self._done)
