"""When so many tokens are gone that the fault is ours and not the phones': the deletion brake (R13, A10)."""

from datetime import datetime, timedelta

import msgspec

from notifier.domain.policy import DeviceBrake

LOOK_AGAIN = timedelta(minutes=1)
"""How long a delivery that waits behind a brake is left alone: people take longer than feeds, and there may be many."""


class Answers(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What a lane's provider said of tokens: how often something conclusive, and how often that one is gone."""

    count: int = 0
    """Accepted, or gone."""
    gone: int = 0

    @property
    def share(self) -> float:
        """Give the share that is gone; 0 of none."""
        return self.gone / self.count if self.count else 0.0


def is_beyond_usual(window: Answers, mean: Answers, brake: DeviceBrake) -> bool:
    """Say whether nothing may be forgotten: at least the floor, and over both the share and the mean's multiple.

    `mean` is the lane's own, from before the window, and without what people found to be a fault.
    """
    if window.gone < brake.floor or window.gone <= brake.share * window.count:
        return False
    return window.gone * max(mean.count, 1) > brake.mean_factor * mean.gone * window.count


def begin_window(now: datetime, brake: DeviceBrake) -> datetime:
    """Give the minute in which the window begins; it holds up to one more than its length, never less."""
    return to_minute(now - brake.window)


def to_minute(instant: datetime) -> datetime:
    """Give the minute that an instant is counted in."""
    return instant.replace(second=0, microsecond=0)
