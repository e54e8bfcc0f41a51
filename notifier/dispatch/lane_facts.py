"""What lanes to providers state; no fact holds an id of a person (I10)."""

from datetime import timedelta

import msgspec

from notifier.domain.health import Health
from notifier.domain.pushes import Trouble


class Attempted(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A provider answered, or did not."""

    lane: str
    platform: str
    kind: str
    """`alert`, `badge` or `removal`."""
    outcome: str
    """`accepted`, `token_gone`, `again` or `refused`."""
    trouble: Trouble | None
    took: timedelta
    since_append: timedelta | None
    """From Kafka's append to the provider's acceptance, on the first attempt of an alert."""


class Dropped(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A lane let go of entries it held: the lease was too short, or something tightened (A30)."""

    lane: str
    reason: str
    entries: int


class LaneRead(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """How a lane is, read every second."""

    lane: str
    health: Health
    in_flight: int
    limit: int
    connections: int
    token_age: timedelta | None


class LaneTurned(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A lane is otherwise than it was; somebody is paged where it stopped, or where a key cannot be used."""

    lane: str
    health: Health
    key_refused: bool
    """`/readyz` says why."""
