"""One fact of each kind, with made-up numbers."""

from datetime import UTC, datetime, timedelta

from notifier.dispatch.facts import (
    BatchHalved,
    BatchOpened,
    Braked,
    Fact,
    Gauges,
    PartitionFenced,
    ProjectionApplied,
    Recorded,
    Rejudged,
    Relayed,
    Waited,
)
from notifier.dispatch.lane_facts import Attempted, Dropped, LaneRead, LaneTurned
from notifier.domain.health import Health
from notifier.domain.pushes import Trouble

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)

OPENED = BatchOpened(
    topic="1177.events", partition=3, records=10, opened=6, marks=1, duplicates=2, dead_letters={"not_json": 1},
    verdicts={"push": 4, "skip:muted": 2, "hold:feed_stale": 1}, ends={"unreachable": 2}, lag=2 * SECOND,
    took={"decode": SECOND / 1000, "open": SECOND / 100},
)  # fmt: skip
ACCEPTED = Attempted(
    lane="apns:production:se.1177.app", platform="ios", kind="alert", outcome="accepted", trouble=None,
    took=SECOND / 20, since_append=SECOND / 10,
)  # fmt: skip
LATER = Attempted(
    lane="fcm:production", platform="android", kind="badge", outcome="again", trouble=Trouble.BUSY,
    took=SECOND / 2, since_append=None,
)  # fmt: skip
GAUGES = Gauges(
    waiting={"apns:production:se.1177.app": 7}, held=3, outbox=5, quiet=2, residents_complete_to=NOW - 90 * SECOND,
    proxies_complete_to=None, days_ahead=14, halts=1, oldest_waiting=4 * SECOND, badge_drift=6,
)  # fmt: skip

FACTS: tuple[Fact, ...] = (
    OPENED,
    ACCEPTED,
    LATER,
    GAUGES,
    BatchHalved(topic="1177.events", partition=3, records=10, fault="CheckViolationError"),
    PartitionFenced(topic="1177.events", partition=3),
    Waited(part="postgres", fault="ConnectionRefusedError", pause=SECOND),
    Recorded(settlements=9, took=SECOND / 100, ends={"delivered_unseen": 1}),
    Dropped(lane="fcm:production", reason="lease", entries=5),
    Rejudged(what="held", verdicts={"push": 1, "skip:unknown_person": 2}),
    ProjectionApplied(
        topic="1177.residents", partition=0, records=10, applied=7, stale=2, dead_letters=1, took=SECOND / 50
    ),
    Relayed(messages=11),
    LaneRead(lane="fcm:production", health=Health.SLOW, in_flight=12, limit=150, connections=3, token_age=70 * SECOND),
    LaneTurned(lane="fcm:production", health=Health.STOPPED, key_refused=False),
    Braked(topic="1177.residents", kind="tombstone", changes=1200, limit=1000),
)
