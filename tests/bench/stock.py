"""What stock aioapns pushes to a running simulator over TLS, from the same pushes as our lanes; for comparison only.

python -m tests.bench.stock https://127.0.0.1:2197 --ca-file ca.pem --key-file apns.p8
"""

import asyncio
import json
import logging
import ssl
import sys
from collections import Counter
from functools import partial
from itertools import cycle
from urllib.parse import urlsplit
from uuid import UUID

import uvloop
from aioapns import APNs, NotificationRequest, PushType
from aioapns.connection import APNsTLSClientProtocol

from notifier.domain.pushes import Accepted, Alert, Outcome, Parcel, Refused, Trouble
from notifier.simulators.credentials import KEY_ID, TEAM_ID
from notifier.wire.apns import encode
from tests.bench.lanes import TOPIC, Stopwatch, make_parcels, read_flags

WORKERS = 200


def main() -> int:
    """Measure and print; 1 if anything was not accepted."""
    logging.disable(logging.CRITICAL)
    measured = uvloop.run(measure())
    print(json.dumps(measured))
    return 0 if measured["outcomes"] == {"Accepted": measured["pushes"]} else 1


async def measure() -> dict[str, object]:
    """Push with the library as it comes: its own pool of ten connections."""
    flags = read_flags()
    place, trust = urlsplit(flags.url), ssl.create_default_context(cafile=flags.ca_file)
    trust.set_alpn_protocols(["h2"])
    client = APNs(
        key=flags.key_file.read_text(), key_id=KEY_ID, team_id=TEAM_ID, topic=TOPIC, ssl_context=trust
    )  # fmt: skip
    here = {"APNS_SERVER": place.hostname, "APNS_PORT": place.port}
    client.pool.protocol_class = type("Here", (APNsTLSClientProtocol,), here)
    send = partial(_send, client)
    supply, outcomes = cycle(make_parcels()), Counter[str]()

    async def work() -> None:
        while True:
            outcome = await send(next(supply))
            outcomes[type(outcome).__name__] += 1

    # Cancelled and not awaited for an answer: some never comes (protocols 1.1).
    workers = [asyncio.ensure_future(work()) for _ in range(WORKERS)]
    await asyncio.sleep(flags.warm_up)
    outcomes.clear()
    clock = Stopwatch()
    await asyncio.sleep(flags.seconds)
    measured = clock.measure(outcomes)
    for worker in workers:
        worker.cancel()
    return measured


async def _send(client: APNs, parcel: Parcel) -> Outcome:
    alert = parcel.content
    assert isinstance(alert, Alert)
    result = await client.send_notification(
        NotificationRequest(
            device_token=parcel.token,
            message=json.loads(encode(parcel, TOPIC).body),
            notification_id=str(UUID(bytes=parcel.id)),
            time_to_live=86_400,
            priority=10,
            collapse_key=alert.collapse_id.hex(),
            push_type=PushType.ALERT,
        )
    )
    return Accepted() if result.is_successful else Refused(trouble=Trouble.REFUSED)


if __name__ == "__main__":
    sys.exit(main())
