"""What the product's own lane to Apple pushes to a running simulator, nothing stored.

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
from datetime import UTC, datetime, timedelta
from itertools import cycle
from pathlib import Path

import uvloop

from notifier.domain.identifiers import CollapseId
from notifier.domain.people import Platform
from notifier.domain.pushes import Alert, Outcome, Parcel
from notifier.domain.verdicts import Loudness
from notifier.providers.apns import ApnsLane, ApnsSettings
from notifier.providers.crew import Crew
from notifier.providers.routes import Route
from notifier.settings.tuning import Sender
from notifier.simulators.credentials import KEY_ID, TEAM_ID

TOPIC = "se.1177.app"
LANE = f"apns:production:{TOPIC}"
_PARCELS = 5_000
_IN_HAND = Sender().in_flight
"""As much as the path hands over at one time."""
_SEALED_BYTES = 284


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
    parser.add_argument("--ca-file", type=Path)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--warm-up", type=float, default=2.0, help="seconds before anything is counted")
    return parser.parse_args()


async def measure(flags: argparse.Namespace) -> dict[str, object]:
    """Push from as many workers as the lane has room for, until the time is over."""
    route = Route(url=flags.url, ca_file=flags.ca_file)
    settings = ApnsSettings(
        lane=LANE, route=route, topic=TOPIC, key_file=flags.key_file, key_id=KEY_ID, team_id=TEAM_ID
    )
    lane = ApnsLane(settings, lambda: datetime.now(UTC))
    await lane.open()
    try:
        return await _press(lane, route, flags)
    finally:
        await lane.close()


async def _press(lane: ApnsLane, route: Route, flags: argparse.Namespace) -> dict[str, object]:
    """Keep as much in hand as the path would; each outcome brings the next parcel, as in the courier."""
    supply, outcomes = cycle(make_parcels()), Counter[str]()

    def tell(number: int, outcome: Outcome) -> None:
        outcomes[type(outcome).__name__] += 1
        crew.hand(number, next(supply))

    crew = Crew(lane.send, lane.pool(doubtful=False), route.patience, tell)
    for number in range(_IN_HAND):
        crew.hand(number, next(supply))
    await asyncio.sleep(flags.warm_up)
    outcomes.clear()
    clock = Stopwatch()
    await asyncio.sleep(flags.seconds)
    measured = clock.measure(outcomes)
    crew.dismiss()
    return measured


class Stopwatch:
    """Time and CPU of this process from now on."""

    def __init__(self) -> None:
        self._started, self._used = time.perf_counter(), time.process_time()

    def measure(self, outcomes: Counter[str]) -> dict[str, object]:
        """Give what so many outcomes cost."""
        taken, used = time.perf_counter() - self._started, time.process_time() - self._used
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
