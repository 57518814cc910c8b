"""A network between two processes that can be made to fail: a TCP proxy in front of one server."""

import asyncio
import socket
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Flag, auto
from random import Random
from typing import Self

LOOPBACK = "127.0.0.1"
_PIECE_BYTES = 65536
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)


class Direction(Flag):
    """Where bytes go."""

    TO_SERVER = auto()
    TO_CLIENT = auto()
    BOTH = TO_SERVER | TO_CLIENT


@dataclass(frozen=True, slots=True)
class Pass:
    """Everything goes through."""


@dataclass(frozen=True, slots=True)
class Cut:
    """Every connection is reset, new ones as soon as they are made."""


@dataclass(frozen=True, slots=True)
class Stall:
    """Connections stay open and nothing goes through, one way or both; what waits goes on when this ends."""

    direction: Direction = Direction.BOTH


@dataclass(frozen=True, slots=True)
class Dribble:
    """A few bytes go through at a time."""

    size: int
    every_seconds: float


@dataclass(frozen=True, slots=True)
class Delay:
    """Bytes wait before they go on, up to `jitter_seconds` longer than the rest."""

    seconds: float
    jitter_seconds: float = 0.0

    def drawn(self, random: Random) -> float:
        """How long the next bytes wait."""
        return self.seconds + random.uniform(0.0, self.jitter_seconds)


Mode = Pass | Cut | Stall | Dribble | Delay


class Proxy:
    """Listens on a port of its own for as long as its context lasts. A change of `mode` holds for open connections too.

    The same seed draws the same delays.
    """

    def __init__(self, upstream_port: int, *, port: int = 0, seed: int = 0) -> None:
        """In front of a server on the loopback interface; port 0 takes a free one."""
        self.port = port
        self.held = 0
        """How many times bytes wait at this moment."""
        self._upstream_port = upstream_port
        self._random = Random(seed)  # noqa: S311 -- a fault must be repeatable
        self._mode: Mode = Pass()
        self._changed = asyncio.Event()
        self._writers: set[asyncio.StreamWriter] = set()
        self._relays: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    @property
    def mode(self) -> Mode:
        """What happens to bytes."""
        return self._mode

    @mode.setter
    def mode(self, mode: Mode) -> None:
        self._mode = mode
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()
        if isinstance(mode, Cut):
            _reset(self._writers)

    @property
    def connections(self) -> int:
        """How many are open."""
        return len(self._relays)

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, LOOPBACK, self.port)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._server is not None:
            self._server.close()
        self.mode = Cut()
        await asyncio.gather(*self._relays)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        relay = asyncio.create_task(self._relay(reader, writer))
        self._relays.add(relay)
        relay.add_done_callback(self._relays.discard)

    async def _relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        ends = {writer}
        self._writers |= ends
        try:
            if isinstance(self._mode, Cut):
                raise ConnectionResetError
            upstream_reader, upstream_writer = await asyncio.open_connection(LOOPBACK, self._upstream_port)
            ends.add(upstream_writer)
            self._writers.add(upstream_writer)
            async with asyncio.TaskGroup() as pumps:
                pumps.create_task(self._pump(reader, upstream_writer, Direction.TO_SERVER))
                pumps.create_task(self._pump(upstream_reader, writer, Direction.TO_CLIENT))
        except* OSError:
            _reset(ends)
        finally:
            for end in ends:
                end.close()
            self._writers -= ends

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, direction: Direction) -> None:
        while piece := await reader.read(_PIECE_BYTES):
            await self._forward(piece, writer, direction)
        writer.write_eof()

    async def _forward(self, piece: bytes, writer: asyncio.StreamWriter, direction: Direction) -> None:
        delayed = False
        while piece:
            mode = self._mode
            if isinstance(mode, Stall) and direction in mode.direction:
                await self._hold(None)
            elif isinstance(mode, Delay) and not delayed:
                delayed = await self._hold(mode.drawn(self._random))
            elif isinstance(mode, Dribble):
                piece = await self._send(piece, mode.size, writer)
                await self._hold(mode.every_seconds if piece else 0.0)
            else:
                piece = await self._send(piece, len(piece), writer)

    async def _send(self, piece: bytes, size: int, writer: asyncio.StreamWriter) -> bytes:
        writer.write(piece[:size])
        await writer.drain()
        return piece[size:]

    async def _hold(self, seconds: float | None) -> bool:
        """Wait so long, for ever without a number, but no longer than the mode lasts; True if all that time."""
        self.held += 1
        try:
            async with asyncio.timeout(seconds):
                await self._changed.wait()
        except TimeoutError:
            return True
        finally:
            self.held -= 1
        return False


def _reset(writers: Iterable[asyncio.StreamWriter]) -> None:
    """Close at once, in a way that the other side sees as a failure and not as an end."""
    for writer in writers:
        connection = writer.get_extra_info("socket")
        if not writer.transport.is_closing():
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
        writer.transport.abort()
