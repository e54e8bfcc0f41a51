"""Regions, devices and preferences from files, each batch in one transaction (DESIGN 8, A19)."""

from collections.abc import Sequence
from datetime import datetime

from notifier.dispatch.identities import Reference
from notifier.dispatch.registrations import DeviceRow
from notifier.postgres.acquaintance import meet
from notifier.postgres.pool import Connection, Pool, transaction
from notifier.postgres.queries import query
from notifier.wire.imports import Region
from notifier.wire.preference_lines import Preference, Quiet


async def put_regions(pool: Pool, regions: Sequence[Region]) -> int:
    """Store regions, the last line about a code; give how many rows changed."""
    rows = list({region.code: region for region in regions}.values())
    async with transaction(pool) as held:
        status = await held.execute(
            query("put_regions"),
            [row.code for row in rows],
            [row.name for row in rows],
            [row.organisation for row in rows],
            [row.joined for row in rows],
            [row.joined_from for row in rows],
            [" ".join(row.withhold_units) for row in rows],
        )
    return _count(status)


class PostgresRegister:
    """Where devices and preferences are kept; newcomers are named under the person key `key_id`."""

    def __init__(self, pool: Pool, key_id: int) -> None:
        self._pool = pool
        self._key_id = key_id

    async def put_devices(
        self, rows: Sequence[DeviceRow], people: Sequence[Reference], most: int, now: datetime, *, proven: bool
    ) -> int:
        """Store devices, the later `registered_at` of a token owning it; give how many rows changed."""
        async with transaction(self._pool) as held:
            ids = await meet(held, people, self._key_id)
            changed = await _upsert(held, rows, ids, proven=proven)
            await held.execute(query("retire_devices"), sorted(set(ids.values())), most, now)
        return changed

    async def put_preferences(
        self, switches: Sequence[Preference], hours: Sequence[Quiet], people: Sequence[Reference], now: datetime
    ) -> int:
        """Store switches and quiet hours; give how many rows changed."""
        async with transaction(self._pool) as held:
            ids = await meet(held, people, self._key_id)
            turned = await held.execute(
                query("put_preferences"),
                [ids[one.person] for one in switches],
                [ids[one.about] for one in switches],
                [one.setting for one in switches],
                [one.on for one in switches],
                now,
            )
            moved = await held.execute(
                query("put_quiet_hours"),
                [ids[one.person] for one in hours],
                [one.start for one in hours],
                [one.end for one in hours],
            )
        return _count(turned) + _count(moved)


async def _upsert(held: Connection, rows: Sequence[DeviceRow], ids: dict[bytes, int], *, proven: bool) -> int:
    devices = [row.device for row in rows]
    status = await held.execute(
        query("put_devices"),
        [row.id for row in rows],
        [ids[device.person] for device in devices],
        [device.platform for device in devices],
        [device.environment for device in devices],
        [device.lane for device in devices],
        [device.kind for device in devices],
        [row.token for row in rows],
        [row.token_index for row in rows],
        [row.content_key for row in rows],
        [device.language for device in devices],
        [device.app_version for device in devices],
        [device.registered_at for device in devices],
        [row.token_index for row in rows if row.device.content_key is not None],
        proven,
    )
    return _count(status)


def _count(status: str) -> int:
    return int(status.rsplit(maxsplit=1)[-1])
