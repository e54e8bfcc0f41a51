"""What phones showed too late, in memory."""

from datetime import datetime, timedelta

import msgspec

from tests.fakes.endings import owe_quiet
from tests.fakes.rows import REASONS_OF_MARKS, DeliveryRow, Tables
from tests.fakes.tables import Calm, Mood

replace = msgspec.structs.replace
_OPEN = ("waiting", "accepted")


class FakeMendings:
    """Mends what nobody is left to record."""

    def __init__(self, tables: Tables, grace: timedelta, mood: Mood | None = None) -> None:
        self._tables = tables
        self._grace_seconds = grace.total_seconds()
        self._mood = mood or Calm()

    async def mend_abandoned(self, now: datetime, most: int = 500) -> int:
        tables = self._tables
        async with tables.begin(self._mood, "mend"):
            over = tables.clock() - self._grace_seconds
            found = [
                (key, row)
                for key, row in tables.deliveries.items()
                if row.handed and row.state not in _OPEN and row.available_at <= over
            ][:most]
            for key, row in found:
                tables.deliveries.put(key, replace(row, handed=False))
                remove_late(tables, row)
        return len(found)


def remove_late(tables: Tables, row: DeliveryRow) -> None:
    """Owe a removal of what ended before it showed; what its matter shows again is kept (A28)."""
    forbidden = row.state == "cancelled" and row.reason not in REASONS_OF_MARKS
    by_matter = row.state != "expired" and not forbidden
    if row.state not in _OPEN and not (by_matter and _is_unread(tables, row)):
        owe_quiet(tables, [(row.recipient, row.delivery.collapse_id)], urgent=forbidden)


def _is_unread(tables: Tables, row: DeliveryRow) -> bool:
    matter = tables.events[row.ref.event].opening.event.matter_key
    reader = tables.readers.get((matter, row.recipient))
    return reader is not None and reader.counted
