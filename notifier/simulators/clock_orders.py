"""Orders about the clock of phones and expiry."""

from datetime import UTC, datetime
from typing import Annotated

import msgspec

from notifier.simulators.clock import Clock
from notifier.simulators.endpoint import Reply
from notifier.simulators.orders import Order
from notifier.simulators.replies import DONE, UNKNOWN, tell

MOST_AHEAD_SECONDS = 366 * 86_400


class ClockOrder(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How far the clock runs ahead."""

    ahead_seconds: Annotated[float, msgspec.Meta(ge=0, le=MOST_AHEAD_SECONDS)]


class ClockOrders:
    """Follows orders about the clock."""

    def __init__(self, clock: Clock) -> None:
        """Move this clock."""
        self._clock = clock

    def follow(self, order: Order) -> Reply:
        """Tell the time, or let it run ahead by so much from now on."""
        match order.method, order.name:
            case "GET", "":
                now = datetime.fromtimestamp(self._clock.now(), UTC)
                return tell({"ahead_seconds": self._clock.ahead_seconds, "now": now})
            case "PUT", "":
                self._clock.ahead_seconds = msgspec.json.decode(order.body, type=ClockOrder).ahead_seconds
                return DONE
        return UNKNOWN
