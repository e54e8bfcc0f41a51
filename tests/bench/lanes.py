"""What the product's own lanes push to a running simulator, nothing stored; or stock aioapns, to compare.

python -m tests.bench.lanes http://127.0.0.1:2197 --key-file apns.p8 --seconds 5

Prints JSON as the yardstick does.
"""

import argparse
import asyncio
import json
import secrets
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import cycle
from pathlib import Path

import uvloop

from notifier.domain.identifiers import CollapseId
from notifier.domain.people import Platform
from notifier.domain.pushes import Alert, Outcome, Parcel
from notifier.domain.verdicts import Loudness
from notifier.providers.apns import ApnsLane, ApnsSettings
from notifier.providers.routes import Route
from notifier.simulators.credentials import KEY_ID, TEAM_ID

TOPIC = "se.1177.app"
LANE = f"apns:production:{TOPIC}"
_PARCELS = 5_000
_SEALED_BYTES = 284
Send = Callable[[Parcel], Awaitable[Outcome]]


def main() -> int:
    """Measure and print; 1 if anything was not accepted."""
    flags = read_flags()
    measured = uvloop.run(measure(flags))
    print(json.dumps(measured))
    return 0 if measured["outcomes"] == {"Accepted": measured["pushes"]} else 1


def read_flags() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url")
    parser.add_argument("--key-file", type=Path, required=True)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--warm-up", type=float, default=2.0, help="seconds before anything is counted")
    return parser.parse_args()


async def measure(flags: argparse.Namespace) -> dict[str, object]:
    """Push from as many workers as the lane has room for, until the time is over."""
    route = Route(url=flags.url)
    settings = ApnsSettings(
        lane=LANE, route=route, topic=TOPIC, key_file=flags.key_file, key_id=KEY_ID, team_id=TEAM_ID
    )
    lane = ApnsLane(settings, lambda: datetime.now(UTC))
    await lane.open()
    parcels = make_parcels()
    await push(lane.send, parcels, route.most_in_flight, flags.warm_up)
    measured = await push(lane.send, parcels, route.most_in_flight, flags.seconds)
    await lane.close()
    return measured


async def push(send: Send, parcels: Sequence[Parcel], workers: int, seconds: float) -> dict[str, object]:
    """Let workers push until the time is over, and give what it cost."""
    supply, outcomes = cycle(parcels), Counter[str]()
    started, used = time.perf_counter(), time.process_time()
    ends = started + seconds

    async def work() -> None:
        while time.perf_counter() < ends:
            outcome = await send(next(supply))
            outcomes[type(outcome).__name__] += 1

    async with asyncio.TaskGroup() as group:
        for _ in range(workers):
            group.create_task(work())
    taken, used = time.perf_counter() - started, time.process_time() - used
    pushes = outcomes.total()
    return {
        "pushes_per_second": round(pushes / taken),
        "cpu_us_per_push": round(used / pushes * 1e6, 1),
        "pushes": pushes,
        "outcomes": dict(outcomes),
    }


def make_parcels() -> list[Parcel]:
    """Make pushes to as many phones, each with sealed details of the usual length."""
    expires_at = datetime.now(UTC) + timedelta(days=1)
    return [
        Parcel(
            id=secrets.token_bytes(16),
            platform=Platform.IOS,
            lane=LANE,
            token=secrets.token_hex(32),
            kind="token",
            content=Alert(
                text_key="own",
                loudness=Loudness.ACTIVE,
                badge=at % 10,
                collapse_id=CollapseId(secrets.token_bytes(16)),
                expires_at=expires_at,
                sealed=secrets.token_bytes(_SEALED_BYTES),
                key_id="1",
            ),
        )
        for at in range(_PARCELS)
    ]


if __name__ == "__main__":
    sys.exit(main())
