"""Orders about whole providers: their condition, and what they have answered."""

from collections.abc import Mapping

import msgspec

from notifier.simulators.endpoint import Reply
from notifier.simulators.faults import Condition, Provider
from notifier.simulators.frames.dice import Thrown
from notifier.simulators.orders import Order
from notifier.simulators.replies import DONE, UNKNOWN, tell


class ProviderOrders:
    """Follows orders about providers."""

    def __init__(self, providers: Mapping[str, Provider], thrown: Thrown | None = None) -> None:
        """Rule these providers; `thrown` counts beside them."""
        self._providers = providers
        self._counting: Mapping[str, Provider | Thrown] = {**providers, **({"frames": thrown} if thrown else {})}

    def follow(self, order: Order) -> Reply:
        """Follow one order about the condition of providers."""
        match order.method, order.name:
            case "GET", "":
                return tell({name: provider.condition for name, provider in self._providers.items()})
            case "PUT", name if name in self._providers:
                self._providers[name].set_condition(msgspec.json.decode(order.body, type=Condition))
                return DONE
        return UNKNOWN

    def follow_counts(self, order: Order) -> Reply:
        """Tell how many requests had which outcome, or count from nothing again."""
        match order.method, order.name:
            case "GET", "":
                return tell({name: counting.counts() for name, counting in self._counting.items()})
            case "DELETE", "":
                for counting in self._counting.values():
                    counting.forget_counts()
                return DONE
        return UNKNOWN
