"""Orders about frames: what the frame-level server does wrong, and what it has open."""

import msgspec

from notifier.simulators.endpoint import Reply
from notifier.simulators.frames.mischief import Mischief
from notifier.simulators.frames.town import Town
from notifier.simulators.orders import Order
from notifier.simulators.replies import DONE, UNKNOWN, RefusedError, tell


class FrameOrders:
    """Follows orders about frames."""

    def __init__(self, town: Town | None) -> None:
        """Rule this server's connections; None: it is the fast one, which cannot."""
        self._town = town

    def follow(self, order: Order) -> Reply:
        """Follow one order."""
        town = self._town
        if town is None:
            raise RefusedError("started without --frames: this server sends no frames of its own")
        match order.method, order.name:
            case "GET", "":
                return tell(
                    {"order": town.mischief, "connections": len(town.connections), "in_flight": town.in_flight()}
                )
            case "PUT", "":
                town.obey(msgspec.json.decode(order.body, type=Mischief))
                return DONE
            case "DELETE", "":
                town.obey(town.calm)
                return DONE
        return UNKNOWN
