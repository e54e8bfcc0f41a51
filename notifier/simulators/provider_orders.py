"""Orders about whole providers: their condition, and what they have answered."""

from collections.abc import Mapping

import msgspec

from notifier.simulators.endpoint import Reply
from notifier.simulators.faults import Condition, Provider
from notifier.simulators.orders import Order
from notifier.simulators.replies import DONE, UNKNOWN, tell


class ProviderOrders:
    """Follows orders about providers."""

    def __init__(self, providers: Mapping[str, Provider]) -> None:
        """Rule these providers."""
        self._providers = providers

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
                return tell({name: provider.counts() for name, provider in self._providers.items()})
            case "DELETE", "":
                for provider in self._providers.values():
                    provider.forget_counts()
                return DONE
        return UNKNOWN
