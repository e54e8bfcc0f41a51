"""Google's quotas: messages of a project in a minute, and of a device in a minute and an hour (protocols 3.3)."""

from collections.abc import Callable
from email.utils import formatdate
from math import ceil
from random import Random
from typing import Annotated, Literal

import msgspec

MINUTE_SECONDS, HOUR_SECONDS = 60.0, 3600.0
MOST_DEVICES = 100_000

Most = Annotated[int, msgspec.Meta(ge=1)]


class Quota(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many messages are taken; None: all. Google's own are 600,000, 240 and 5,000."""

    per_minute: Most | None = None
    device_per_minute: Most | None = None
    device_per_hour: Most | None = None
    retry_after: Literal["seconds", "date"] | None = "seconds"


class Over(msgspec.Struct, frozen=True, kw_only=True):
    """A quota that is used up: whose it is, and what `retry-after` says, None if nothing."""

    subject: str
    retry_after: str | None


class Window(msgspec.Struct, kw_only=True):
    """A span of time that began at a second of the epoch, and how much of its quota is used."""

    began_seconds: float
    used: int = 0

    def is_full(self, most: int | None, lasts_seconds: float, now_seconds: float) -> bool:
        """Say whether nothing more fits; begin anew if the span is over."""
        if now_seconds - self.began_seconds >= lasts_seconds:
            self.began_seconds += (now_seconds - self.began_seconds) // lasts_seconds * lasts_seconds
            self.used = 0
        return most is not None and self.used >= most


class Meter:
    """Counts the messages of one project; a refusal by quota counts for nothing, every other answer does."""

    def __init__(self, now: Callable[[], float], quota: Quota, seed: int = 1) -> None:
        """Refill each minute at a second that no clock shows."""
        self.quota, self._now = quota, now
        phase_seconds = Random(seed).random() * MINUTE_SECONDS  # noqa: S311 - a phase, not a secret
        self._project = Window(began_seconds=now() - phase_seconds)
        self._devices: dict[str, tuple[Window, Window]] = {}

    def take(self) -> Over | None:
        """Take one from the project's quota, or say that it is used up."""
        now_seconds = self._now()
        if self._project.is_full(self.quota.per_minute, MINUTE_SECONDS, now_seconds):
            return self._over("project", self._project, MINUTE_SECONDS, now_seconds)
        self._project.used += 1
        return None

    def take_of(self, device: str) -> Over | None:
        """Take one from a device's quotas, or say which is used up and give the project its own back."""
        now_seconds, quota = self._now(), self.quota
        minute, hour = self._windows_of(device, now_seconds)
        for window, most, lasts_seconds in (
            (minute, quota.device_per_minute, MINUTE_SECONDS),
            (hour, quota.device_per_hour, HOUR_SECONDS),
        ):
            if window.is_full(most, lasts_seconds, now_seconds):
                self._project.used -= 1
                return self._over("device", window, lasts_seconds, now_seconds)
        minute.used += 1
        hour.used += 1
        return None

    def _windows_of(self, device: str, now_seconds: float) -> tuple[Window, Window]:
        if device not in self._devices and len(self._devices) >= MOST_DEVICES:
            del self._devices[next(iter(self._devices))]
        fresh = Window(began_seconds=now_seconds), Window(began_seconds=now_seconds)
        return self._devices.setdefault(device, fresh)

    def _over(self, subject: str, window: Window, lasts_seconds: float, now_seconds: float) -> Over:
        left_seconds = max(1, ceil(window.began_seconds + lasts_seconds - now_seconds))
        told = {"seconds": str(left_seconds), "date": formatdate(now_seconds + left_seconds, usegmt=True)}
        return Over(subject=subject, retry_after=told.get(self.quota.retry_after or ""))
