"""How old the projections are: now minus the least `complete_to`, never lag (B21, A8)."""

from datetime import datetime, timedelta

import msgspec

from notifier.domain.policy import Policy


class Freshness(msgspec.Struct, frozen=True, kw_only=True):
    """Up to when each projection is complete; None before the first heartbeat of every partition, or while rebuilt."""

    residents_complete_to: datetime | None
    proxies_complete_to: datetime | None

    def knows(self, instant: datetime) -> bool:
        """Say whether somebody absent from residents was absent at `instant` (A7)."""
        return self.residents_complete_to is not None and self.residents_complete_to > instant

    def holds_ombud(self, policy: Policy, now: datetime) -> bool:
        """Say whether guardians' notices must wait (A8)."""
        return _is_older(self.proxies_complete_to, policy.proxy_stale_after, now) or _is_older(
            self.residents_complete_to, policy.resident_stale_after, now
        )

    def holds_own(self, policy: Policy, now: datetime) -> bool:
        """Say whether even own pushes must wait (A8)."""
        return _is_older(self.residents_complete_to, policy.own_push_stale_after, now)


def _is_older(complete_to: datetime | None, limit: timedelta, now: datetime) -> bool:
    return complete_to is None or now - complete_to > limit
