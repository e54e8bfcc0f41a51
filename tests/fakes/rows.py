"""What the ledger in memory keeps, table by table."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec

from notifier.dispatch.batches import Badge, Fates
from notifier.domain.ends import Ended
from notifier.domain.identifiers import CollapseId, DeliveryId, DeviceId, EventKey, MatterKey, NoticeId, PersonId
from notifier.domain.matters import Matter, Reader
from notifier.domain.people import Device, Link, Person
from notifier.domain.plans import Delivery, NoticeRef, Opening
from notifier.domain.reasons import DeadLetterReason, HoldReason, Reason
from notifier.domain.statuses import Status
from notifier.wire.records import Position
from tests.fakes.tables import Table, Transactions


class EventRow(msgspec.Struct, frozen=True, kw_only=True):
    opening: Opening
    about_child: bool
    legacy: bool
    held: HoldReason | None
    rejudge_at: datetime | None
    due_at: datetime
    told_at: datetime | None = None
    ended: Ended | None = None
    ended_at: datetime | None = None


class NoticeRow(msgspec.Struct, frozen=True, kw_only=True):
    ref: NoticeRef
    recipient: PersonId
    about: PersonId
    verdict: str
    reason: str | None


class DeliveryRow(msgspec.Struct, frozen=True, kw_only=True):
    ref: NoticeRef
    recipient: PersonId
    delivery: Delivery
    opened_at: float
    available_at: float
    handed: bool
    state: str = "waiting"
    reason: str | None = None
    lease: int = 0
    attempts: int = 0
    unsure: bool = False
    accepted: bool = False


class DeviceRow(msgspec.Struct, frozen=True, kw_only=True):
    device: Device
    person: PersonId
    registered_at: datetime
    parked: bool = False
    removals_at: tuple[float, ...] = ()


class QuietRow(msgspec.Struct, frozen=True, kw_only=True):
    recipient: PersonId
    lane: str
    available_at: float
    with_badge: bool = True
    removals: tuple[CollapseId, ...] = ()
    urgent: bool = False
    lease: int = 0
    wanted: int = 1
    attempts: int = 0


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    position: Position
    reason: DeadLetterReason


class Tables(Transactions):
    """Every table of the house, with one journal over all."""

    def __init__(self, clock: Callable[[], float]) -> None:
        super().__init__(clock)
        self._numbers = 0
        self.positions: Table[tuple[str, int], int] = self._table()
        self.totals: Table[tuple[str, int], Fates] = self._table()
        self.planned: Table[str, int] = self._table()
        self.gate: Table[EventKey, bytes] = self._table()
        self.matters: Table[MatterKey, Matter] = self._table()
        self.readers: Table[tuple[MatterKey, PersonId], Reader] = self._table()
        self.by_matter: Table[MatterKey, tuple[PersonId, ...]] = self._table()
        self.events: Table[EventKey, EventRow] = self._table(lambda row: row.ended is None)
        self.of_matter: Table[MatterKey, tuple[EventKey, ...]] = self._table()
        self.notices: Table[tuple[EventKey, NoticeId], NoticeRow] = self._table()
        self.noticed: Table[EventKey, tuple[NoticeId, ...]] = self._table()
        self.deliveries: Table[DeliveryId, DeliveryRow] = self._table(lambda row: row.state == "waiting")
        self.delivered: Table[EventKey, tuple[DeliveryId, ...]] = self._table()
        self.badges: Table[PersonId, Badge] = self._table()
        self.quiet: Table[DeviceId, QuietRow] = self._table()
        self.persons: Table[PersonId, Person] = self._table()
        self.lookups: Table[bytes, PersonId] = self._table()
        self.links: Table[tuple[PersonId, PersonId], Link] = self._table()
        self.guardians: Table[PersonId, tuple[PersonId, ...]] = self._table()
        self.devices: Table[DeviceId, DeviceRow] = self._table()
        self.owned: Table[PersonId, tuple[DeviceId, ...]] = self._table()
        self.muted: Table[tuple[PersonId, PersonId], frozenset[str]] = self._table()
        self.statuses: Table[int, Status] = self._table()
        self.letters: Table[int, Letter] = self._table()

    def _table(self, is_live: Callable[[Any], bool] | None = None) -> Table[Any, Any]:
        return Table(self.journal, is_live)

    def make_number(self) -> int:
        """Give a number that nothing else has."""
        self._numbers += 1000
        return self._numbers

    def owe(self, statuses: "list[Status]") -> None:
        """Put statuses into the outbox, in order."""
        for status in statuses:
            self.statuses.put(len(self.statuses), status)


NOBODY = Badge(unread=0, version=0)
"""The badge of somebody who has none yet."""
REASONS_OF_MARKS = (Reason.ALREADY_HANDLED, Reason.WITHDRAWN)
