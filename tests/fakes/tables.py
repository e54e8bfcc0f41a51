"""The ledger's rows in memory: written inside a transaction, and put back as they were when it fails."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, Generic, Protocol, TypeVar

Key = TypeVar("Key")
Row = TypeVar("Row")
Journal = list[tuple["Table[Any, Any]", Any, Any]]


class Table(dict[Key, Row], Generic[Key, Row]):
    """Rows by key; `live` holds those that a condition picks, so that finding work never scans the past."""

    def __init__(self, journal: Journal, is_live: Callable[[Row], bool] | None = None) -> None:
        super().__init__()
        self._journal = journal
        self._is_live = is_live
        self.live: dict[Key, Row] = {}

    def put(self, key: Key, row: Row) -> None:
        self._journal.append((self, key, self.get(key)))
        self._set(key, row)

    def drop(self, key: Key) -> None:
        self._journal.append((self, key, self.get(key)))
        self._set(key, None)

    def put_back(self, key: Key, row: Row | None) -> None:
        self._set(key, row)

    def _set(self, key: Key, row: Row | None) -> None:
        if row is None:
            self.pop(key, None)
            self.live.pop(key, None)
            return
        self[key] = row
        if self._is_live is not None:
            if self._is_live(row):
                self.live[key] = row
            else:
                self.live.pop(key, None)


class Mood(Protocol):
    """What may go wrong around a call to a part: waiting, Unavailable, the end of the process."""

    async def before(self, call: str) -> None:
        """Nothing has happened yet."""

    async def within(self, call: str) -> None:
        """Everything is written and nothing is committed."""

    async def after(self, call: str) -> None:
        """It is committed, and the reply may be lost."""


class Calm:
    """Nothing goes wrong."""

    async def before(self, call: str) -> None:
        pass

    async def within(self, call: str) -> None:
        pass

    async def after(self, call: str) -> None:
        pass


class Transactions:
    """One transaction at a time, all or nothing; `history` keeps what was committed, in order, with its instant."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.clock = clock
        """The clock of the database, in seconds: leases and waits."""
        self.journal: Journal = []
        self.history: list[tuple[float, str, object]] = []
        self._notes: list[tuple[str, object]] = []
        self._lock = asyncio.Lock()

    def note(self, what: str, value: object) -> None:
        """Remember something with the commit; it never happened if the transaction fails."""
        self._notes.append((what, value))

    @asynccontextmanager
    async def begin(self, mood: Mood, call: str) -> AsyncIterator[None]:
        await mood.before(call)
        async with self._lock:
            try:
                yield
                await mood.within(call)
            except BaseException:
                self._undo()
                raise
            self._commit()
        await mood.after(call)

    def found(self) -> None:
        """Keep what was written before the first transaction."""
        self._commit()

    def _undo(self) -> None:
        for table, key, row in reversed(self.journal):
            table.put_back(key, row)
        self.journal.clear()
        self._notes.clear()

    def _commit(self) -> None:
        self.journal.clear()
        now = self.clock()
        self.history.extend((now, what, value) for what, value in self._notes)
        self._notes.clear()
