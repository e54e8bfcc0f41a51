"""How a lane to a provider is, as far as later decisions depend on it."""

from datetime import timedelta
from enum import StrEnum

import msgspec


class Health(StrEnum):
    """Whether pushes get through."""

    READY = "ready"
    SLOW = "slow"
    """The provider asked to be left alone for a while, or takes less than it did."""
    AWAY = "away"
    """There is no way to it."""
    STOPPED = "stopped"
    """It refuses us as we are set up: somebody has to mend that (protocols 2.5, 3.4)."""


class LaneState(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One lane at one moment."""

    lane: str
    health: Health
    fault: str | None = None
    """Why a key that was put there cannot be used; the one before is in use."""
    in_flight: int = 0
    limit: int = 0
    """Requests at one time that its connections allow now."""
    connections: int = 0
    """Those that are warm."""
    reply: timedelta = timedelta()
    """The slowest connection's reply time, smoothed."""
    token_age: timedelta | None = None
    """Of what authorizes us; None where there is nothing yet."""
