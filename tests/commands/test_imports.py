"""`notifier import devices`: what is taken over is in no doubt, or millions would share one connection (R17, A19)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import orjson
import pytest

from notifier.postgres.pool import Pool
from tests.commands.cast import Write, call
from tests.wire.parcels import ANDROID_TOKEN, IOS_TOKEN

pytestmark = pytest.mark.usefixtures("reached")


@pytest.fixture
def devices(write: Write, now: datetime) -> Callable[[int], Path]:
    """Write a file of two devices that registered so many days ago."""

    def make(days: int) -> Path:
        usual = {"person": "191212121212", "environment": "production", "registered_at": now - timedelta(days=days)}
        lines = [
            usual | {"platform": "ios", "token": IOS_TOKEN},
            usual | {"platform": "android", "token": ANDROID_TOKEN},
        ]
        return write("devices.jsonl", b"\n".join(orjson.dumps(line) for line in lines))

    return make


@pytest.mark.holds("R17", "A19")
async def test_devices_that_are_taken_over_are_in_no_doubt(pool: Pool, devices: Callable[[int], Path]) -> None:
    assert await call("import", "devices", str(devices(2))) == 0
    assert await pool.fetchval("select count(proven_at) from device") == 2


@pytest.mark.holds("R17", "R13")
async def test_of_those_that_were_parked_a_provider_has_to_say_so_first(
    pool: Pool, devices: Callable[[int], Path]
) -> None:
    await call("import", "devices", str(devices(2)))
    await pool.execute("update device set parked_at = now(), parked_reason = 'brake' where platform = 'ios'")
    assert await call("import", "devices", str(devices(1))) == 0
    rows = await pool.fetch("select platform, proven_at is null, parked_at from device order by platform")
    assert [tuple(row) for row in rows] == [("android", False, None), ("ios", True, None)]
