"""Step 6 of the path: what the ledger must remember of a provider's answer (pure)."""

from datetime import timedelta

import msgspec

from notifier.domain.pushes import Accepted, Again, Outcome, Refused, TokenGone, Trouble
from notifier.domain.reasons import Reason


class Waits(msgspec.Struct, frozen=True, kw_only=True):
    """How long to wait before another attempt (A31); all settings, scaled by tests."""

    first: timedelta = timedelta(seconds=1)
    most: timedelta = timedelta(seconds=60)
    unavailable: timedelta = timedelta(minutes=15)
    """After a provider's 500 or 503."""


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """The provider took it."""


class Later(msgspec.Struct, frozen=True, kw_only=True):
    """Another attempt after `wait`; `unsure` where it may have been shown."""

    wait: timedelta
    unsure: bool


class Failed(msgspec.Struct, frozen=True, kw_only=True):
    """Never again; `gone` where the device is to be parked."""

    reason: Reason
    gone: TokenGone | None = None


Settlement = Done | Later | Failed


def settle(outcome: Outcome, attempts: int, waits: Waits) -> Settlement:
    """Say what becomes of a delivery that had `attempts` earlier attempts.

    What is refused because of how we are set up waits until somebody mends it, or until its time is over (A20).
    """
    match outcome:
        case Accepted():
            return Done()
        case TokenGone():
            return Failed(reason=Reason.DEVICE_GONE, gone=outcome)
        case Refused(trouble=Trouble.CONFIGURATION):
            return Later(wait=waits.most, unsure=False)
        case Refused():
            return Failed(reason=Reason.PROVIDER_REFUSED)
        case Again():
            return Later(wait=_wait(outcome, attempts, waits), unsure=outcome.unknown)


def _wait(again: Again, attempts: int, waits: Waits) -> timedelta:
    if again.after is not None:
        return again.after
    if again.trouble is Trouble.UNAVAILABLE:
        return waits.unavailable
    return min(waits.first * (1 << min(attempts, 16)), waits.most)
