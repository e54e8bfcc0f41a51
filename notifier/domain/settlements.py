"""Step 6 of the path: what the ledger must remember of a provider's answer (pure)."""

from datetime import timedelta
from typing import assert_never

import msgspec

from notifier.domain.people import Platform
from notifier.domain.pushes import Accepted, Again, Outcome, Refused, TokenGone, Trouble
from notifier.domain.reasons import Reason


class Waits(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """How long to wait before another attempt (A31); all settings, scaled by tests."""

    first: timedelta = timedelta(seconds=1)
    most: timedelta = timedelta(seconds=60)
    unavailable: timedelta = timedelta(minutes=15)
    """After APNs' 500 or 503."""
    unavailable_short: timedelta = timedelta(seconds=5)
    """The same, once, where usefulness ends before; up to double."""
    busy: timedelta = timedelta(seconds=30)
    """For a device that gets too much, up to double; then doubled, four times (protocols 2.5, 3.4)."""
    fcm_first: timedelta = timedelta(seconds=10)
    """After FCM refused for load, then doubled."""


class Attempts(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What the wait depends on beside the answer."""

    earlier: int = 0
    platform: Platform = Platform.IOS
    left: timedelta = timedelta.max
    """Until the push is useful no more."""
    chance: float = 0.0
    """In [0, 1), so that waits spread."""


class Done(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The provider took it."""


class Later(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Another attempt after `wait`; `unsure` where it may have been shown."""

    wait: timedelta
    unsure: bool


class Failed(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Never again; `gone` where the device is to be parked."""

    reason: Reason
    gone: TokenGone | None = None


Settlement = Done | Later | Failed


def settle(outcome: Outcome, attempts: Attempts, waits: Waits) -> Settlement:
    """Say what becomes of a delivery.

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
        case _:
            assert_never(outcome)


def _wait(again: Again, attempts: Attempts, waits: Waits) -> timedelta:
    if again.after is not None:
        return again.after
    if again.trouble is Trouble.BUSY:
        return waits.busy * (1 << min(attempts.earlier, 4)) * (1 + attempts.chance)
    if again.trouble is not Trouble.UNAVAILABLE:
        return min(waits.first * (1 << min(attempts.earlier, 16)), waits.most)
    if attempts.platform is Platform.ANDROID:
        return waits.fcm_first * (1 << min(attempts.earlier, 8)) * (1 + attempts.chance / 2)
    if attempts.left < waits.unavailable and attempts.earlier == 0:
        return waits.unavailable_short * (1 + attempts.chance)
    return waits.unavailable
