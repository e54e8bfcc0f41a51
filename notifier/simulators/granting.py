"""Google's token endpoint as a provider of its own: it has its own faults, for it fails apart from FCM."""

import time
from collections.abc import Callable

import msgspec

from notifier.simulators.endpoint import Reply, Scope
from notifier.simulators.faults import Condition, Provider
from notifier.simulators.oauth import AccessTokens

PATH = "/token"


class Granting:
    """Answers `POST /token`."""

    def __init__(self, provider: Provider, tokens: AccessTokens, now: Callable[[], float] = time.time) -> None:
        """Grant with the clock `now` in seconds of the epoch."""
        self.provider, self._tokens, self._now = provider, tokens, now

    def decide(self, scope: Scope, body: bytes) -> Reply:
        """Grant an access token, or say why not."""
        if scope.method != "POST":
            self.provider.count_refused("method")
            return 405, [], b""
        reply = self._tokens.grant(body, self._now())
        if reply[0] == 200:
            self.provider.accepted += 1
        else:
            self.provider.count_refused("refused")
        return reply

    def phrase(self, condition: Condition) -> Reply:
        """Say that the endpoint is down."""
        self.provider.count_refused(condition.reason or "down")
        headers = [("content-type", "application/json; charset=utf-8")]
        if condition.retry_after is not None:
            headers.append(("retry-after", condition.retry_after))
        return condition.status, headers, msgspec.json.encode({"error": condition.reason or "internal_failure"})
