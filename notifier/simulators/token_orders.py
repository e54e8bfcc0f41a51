"""Orders about device tokens: what providers think of them, and whose phones they lead to."""

from collections.abc import Mapping

import msgspec

from notifier.simulators.apns_request import judge_token
from notifier.simulators.clock import Clock
from notifier.simulators.endpoint import Reply
from notifier.simulators.faults import Provider, TokenFault, TokenState
from notifier.simulators.orders import Order
from notifier.simulators.population import Phones
from notifier.simulators.replies import DONE, UNKNOWN, tell


class TokenOrder(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to do with one token: its state (ok if nothing is said), and what people call its phone."""

    state: TokenState | None = None
    at_ms: int | None = None
    times: int | None = None
    alias: str | None = None


class TokenOrders:
    """Follows orders about tokens."""

    def __init__(self, phones: Phones | None, providers: Mapping[str, Provider], clock: Clock) -> None:
        """Rule what these providers think of tokens, and name these phones."""
        self._phones, self._providers, self._clock = phones, providers, clock

    def follow(self, order: Order) -> Reply:
        """Follow one order about all tokens, or about the one named."""
        match order.method, order.name:
            case "GET", "":
                return tell({name: provider.tokens for name, provider in self._providers.items()})
            case "PUT", "":
                for token, wanted in msgspec.json.decode(order.body, type=dict[str, TokenOrder]).items():
                    self._set(token, wanted)
            case "PUT", token:
                self._set(token, msgspec.json.decode(order.body, type=TokenOrder))
            case "DELETE", "":
                for provider in self._providers.values():
                    provider.forget_faults()
            case _:
                return UNKNOWN
        return DONE

    def _set(self, token: str, wanted: TokenOrder) -> None:
        if wanted.alias is not None:
            self._name(token, wanted.alias)
        state = wanted.state or (TokenState.OK if wanted.alias is None else None)
        if state is None:
            return
        at_ms = int(self._clock.now() * 1000) if wanted.at_ms is None else wanted.at_ms
        for name, provider in self._providers.items():
            if state is TokenState.THIRD_PARTY and name != "fcm":
                # Apple itself asks nobody else for credentials.
                continue
            fault = None if state is TokenState.OK else TokenFault(state=state, at_ms=at_ms, times=wanted.times)
            provider.set_fault(token.lower() if name == "apns" else token, fault)

    def _name(self, token: str, alias: str) -> None:
        if self._phones is None:
            return
        # Until a push tells, the form of its token tells whose phone it is: Google's are not hexadecimal.
        is_apple = "apns" in self._providers and (not judge_token(token) or "fcm" not in self._providers)
        self._phones.name(token.lower() if is_apple else token, alias, "apns" if is_apple else "fcm")
