"""People at hand for turns that begin when they begin: each arrival gets somebody who is not waiting for an answer."""

import asyncio
from collections import deque
from collections.abc import Iterator
from itertools import cycle

from tests.load.probe import StoredSession
from tests.load.users import User, gather

TURNS_A_SESSION = 20


class Crowd:
    """Users with connections. They open a session every `TURNS_A_SESSION` turns, or go on with stored ones."""

    def __init__(self, address: str, stored: list[StoredSession]) -> None:
        """With `stored`, each turn belongs to the next of these sessions, round and round."""
        self._address = address
        self._stored: Iterator[StoredSession] | None = cycle(stored) if stored else None
        self._free: deque[User] = deque()
        self._said: dict[User, int] = {}
        self._renewing: set[asyncio.Task[None]] = set()
        self.opened_late = 0
        self.failed_openings = 0

    async def assemble(self, count: int) -> None:
        """Connects so many users and opens their sessions."""
        users = [User(self._address) for _ in range(count)]
        await gather(users)
        self._free.extend(users)

    async def take(self) -> User:
        """Somebody who is free; somebody new when nobody is."""
        if self._free:
            user = self._free.popleft()
        else:
            self.opened_late += 1
            user = User(self._address)
            await gather([user])
        if self._stored is not None:
            user.take_up(*next(self._stored))
        return user

    def give_back(self, user: User) -> None:
        """This user's turn is over; who has said enough is replaced by somebody new."""
        self._said[user] = self._said.get(user, 0) + 1
        if self._stored is None and self._said[user] >= TURNS_A_SESSION:
            self.dismiss(user)
            renewal = asyncio.create_task(self.assemble(1))
            self._renewing.add(renewal)
            renewal.add_done_callback(self._renewed)
        else:
            self._free.append(user)

    def dismiss(self, user: User) -> None:
        """This user leaves."""
        self._said.pop(user, None)
        user.close()

    def _renewed(self, renewal: "asyncio.Task[None]") -> None:
        self._renewing.discard(renewal)
        if renewal.exception() is not None:
            self.failed_openings += 1

    async def leave(self) -> None:
        """Everybody who is free leaves."""
        await asyncio.gather(*self._renewing, return_exceptions=True)
        while self._free:
            self.dismiss(self._free.popleft())
