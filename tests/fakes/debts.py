"""Silent work owed to devices, in memory."""

from collections.abc import Sequence
from datetime import timedelta

import msgspec

from notifier.dispatch.debts import Owed, Paid
from notifier.domain.identifiers import DeviceId
from tests.fakes.endings import repair
from tests.fakes.people import prove
from tests.fakes.rows import NOBODY, QuietRow, Tables
from tests.fakes.tables import Calm, Mood

replace = msgspec.structs.replace
_HOUR_SECONDS = 3600.0


class FakeDebts:
    """Claims and settles silent work."""

    def __init__(self, tables: Tables, lease: timedelta = timedelta(seconds=60), mood: Mood | None = None) -> None:
        self._tables = tables
        self._lease_seconds = lease.total_seconds()
        self._mood = mood or Calm()

    async def claim_quiet(self, lane: str, most: int) -> Sequence[Owed]:
        tables = self._tables
        async with tables.begin(self._mood, "claim quiet"):
            clock = tables.clock()
            due = sorted(
                (row.available_at, device)
                for device, row in tables.quiet.items()
                if row.lane == lane and row.available_at <= clock
            )[:most]
            for _, device in due:
                row, lease = tables.quiet[device], tables.make_number()
                tables.quiet.put(device, replace(row, available_at=clock + self._lease_seconds, lease=lease))
            return [self._describe(device, tables.quiet[device], clock) for _, device in due]

    def _describe(self, device: DeviceId, row: QuietRow, clock: float) -> Owed:
        owned = self._tables.devices[device]
        return Owed(
            device=device,
            recipient=row.recipient,
            platform=owned.device.platform,
            lane=row.lane,
            kind=owned.device.kind,
            token=owned.device.token,
            badge=self._tables.badges.get(row.recipient, NOBODY),
            with_badge=row.with_badge,
            removals=row.removals,
            urgent=row.urgent,
            removed=sum(at > clock - _HOUR_SECONDS for at in owned.removals_at),
            lease=row.lease,
            wanted=row.wanted,
            attempts=row.attempts,
            gone=owned.parked,
            doubtful=owned.device.doubtful,
        )

    async def pay(self, paid: Sequence[Paid]) -> None:
        async with self._tables.begin(self._mood, "pay"):
            for one in paid:
                self._pay(one)

    def _pay(self, one: Paid) -> None:
        tables, device = self._tables, one.owed.device
        owned = tables.devices[device]
        if one.removal_done and one.owed.removals:
            tables.devices.put(device, replace(owned, removals_at=(tables.clock(), *owned.removals_at)[:2]))
        row = tables.quiet.get(device)
        if row is not None and row.lease == one.owed.lease:
            self._keep(one, row)
        repair(tables, device, one.owed.recipient, one.owed.badge)
        if one.taken and one.owed.doubtful:
            prove(tables, device)

    def _keep(self, one: Paid, row: QuietRow) -> None:
        tables, device, same = self._tables, one.owed.device, row.wanted == one.owed.wanted
        if same and one.badge_done and one.removal_done:
            tables.quiet.drop(device)
            return
        tables.quiet.put(device, replace(
            row,
            with_badge=row.with_badge and (not same or not one.badge_done),
            removals=() if same and one.removal_done else row.removals,
            attempts=row.attempts + 1,
            lease=0,
            available_at=tables.clock() + (one.wait.total_seconds() if same else 0),
        ))  # fmt: skip
