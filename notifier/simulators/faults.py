"""What a simulated provider is told to do wrong: per token, and as a whole."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from random import Random

import msgspec


class TokenState(StrEnum):
    """What a provider thinks of one device token."""

    OK = "ok"
    GONE = "gone"
    EXPIRED = "expired"
    BAD = "bad"
    REFUSED = "refused"
    LIMITED = "limited"
    BROKEN = "broken"
    THIRD_PARTY = "third_party"


REVOKED = (TokenState.GONE, TokenState.EXPIRED)


class TokenFault(msgspec.Struct, kw_only=True):
    """A token's state, since when in ms of the epoch, and for how many more requests (None: for ever)."""

    state: TokenState
    at_ms: int
    times: int | None = None


class Kind(StrEnum):
    """How a whole provider behaves; `mute` accepts the push and shows it, but never answers."""

    UP = "up"
    DOWN = "down"
    HANG = "hang"
    MUTE = "mute"
    SLOW = "slow"


class Condition(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a provider meets requests; `share` of them (0 to 1, evenly spread) meets the fault, the rest none."""

    condition: Kind = Kind.UP
    status: int = 503
    reason: str = ""
    retry_after: str | None = None
    latency_seconds: float = 0.0
    spread_seconds: float = 0.0
    slow_seconds: float = 5.0
    share: float = 1.0

    def wait_seconds(self, chance: Random) -> float:
        """Say how long the answer to one request is held back."""
        spread = chance.random() * self.spread_seconds if self.spread_seconds else 0.0
        return self.latency_seconds + spread + (self.slow_seconds if self.condition is Kind.SLOW else 0.0)


CLEAR = Condition()


class Provider:
    """The state of one simulated provider: its condition, its tokens and what it has answered."""

    def __init__(self, name: str, changed: Callable[[str], None] | None = None) -> None:
        """Start without faults; `changed` hears of each token whose state is another from now on."""
        self.name = name
        self.condition = CLEAR
        self.tokens: dict[str, TokenFault] = {}
        self.accepted = 0
        self.refused: dict[str, int] = {}
        self.chance = Random(1)  # noqa: S311 - a seeded spread of latencies, not a secret
        self._owed = 0.0
        self._changed = changed

    def strike(self) -> Condition | None:
        """Give the fault that the next request meets, or None."""
        self._owed += self.condition.share
        if self._owed < 1.0:
            return None
        self._owed -= 1.0
        return self.condition

    def set_condition(self, condition: Condition) -> None:
        """Let `condition` meet the requests from now on."""
        self.condition = CLEAR if condition == CLEAR else condition
        self._owed = 0.0

    def take_fault(self, token: str) -> TokenFault | None:
        """Give the token's fault and use up one of its times."""
        fault = self.tokens.get(token)
        if fault is None or fault.state is TokenState.OK:
            return None
        if fault.times is not None:
            fault.times -= 1
            if fault.times <= 0:
                self.set_fault(token, None)
        return fault

    def set_fault(self, token: str, fault: TokenFault | None) -> None:
        """Let the token meet a fault from now on, or none."""
        if fault is None:
            self.tokens.pop(token, None)
        else:
            self.tokens[token] = fault
        if self._changed is not None:
            self._changed(token)

    def forget_faults(self) -> None:
        """Let no token meet a fault any more."""
        for token in list(self.tokens):
            self.set_fault(token, None)

    def is_revoked(self, token: str) -> bool:
        """Say whether the app was removed from the phone, or the token has run out."""
        fault = self.tokens.get(token)
        return fault is not None and fault.state in REVOKED

    def count_refused(self, reason: str) -> None:
        """Count one request that was not accepted, under its reason."""
        self.refused[reason] = self.refused.get(reason, 0) + 1

    def counts(self) -> Mapping[str, int]:
        """Give the number of requests per outcome."""
        return {"accepted": self.accepted, **self.refused}

    def forget_counts(self) -> None:
        """Count from nothing again."""
        self.accepted = 0
        self.refused.clear()
