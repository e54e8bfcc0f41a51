"""Devices and preferences in memory, written from A11 and A19."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from notifier.dispatch.identities import Reference
from notifier.dispatch.registrations import DeviceRow
from notifier.wire.preference_lines import Preference, Quiet


class Kept(msgspec.Struct):
    """A device that is kept."""

    id: int
    row: DeviceRow
    content_key: bytes
    proven: bool
    retired: bool = False


class FakeRegister:
    """Where devices and preferences are kept."""

    def __init__(self) -> None:
        self.devices: dict[tuple[str, str, bytes], Kept] = {}
        self.switches: dict[tuple[bytes, bytes, str], bool] = {}
        self.hours: dict[bytes, Quiet] = {}
        self.people: set[bytes] = set()

    async def put_devices(
        self, rows: Sequence[DeviceRow], people: Sequence[Reference], most: int, now: datetime, *, proven: bool
    ) -> int:
        self.people |= {one.pseudonym for one in people}
        changed = sum(self._put(row, proven=proven) for row in rows)
        for person in {one.pseudonym for one in people}:
            own = [kept for kept in self.devices.values() if kept.row.device.person == person and not kept.retired]
            for kept in sorted(own, key=lambda one: one.row.device.registered_at)[: max(len(own) - most, 0)]:
                kept.retired = True
        return changed

    def _put(self, row: DeviceRow, *, proven: bool) -> bool:
        key = (row.device.platform, row.device.environment, row.token_index)
        kept = self.devices.get(key)
        if kept is None:
            self.devices[key] = Kept(row.id, row, row.content_key, proven)
            return True
        if kept.row.device.registered_at >= row.device.registered_at:
            return False
        told = row.device.content_key is not None
        id_ = kept.id if kept.row.device.person == row.device.person else row.id
        self.devices[key] = Kept(id_, row, row.content_key if told else kept.content_key, kept.proven or proven)
        return True

    async def put_preferences(
        self, switches: Sequence[Preference], hours: Sequence[Quiet], people: Sequence[Reference], now: datetime
    ) -> int:
        self.people |= {one.pseudonym for one in people}
        turned = [one for one in switches if self.switches.get((one.person, one.about, one.setting)) != one.on]
        moved = [
            one for one in hours if self.hours.get(one.person, Quiet(person=one.person, start=None, end=None)) != one
        ]
        self.switches |= {(one.person, one.about, one.setting): one.on for one in turned}
        self.hours |= {one.person: one for one in moved}
        return len(turned) + len(moved)
