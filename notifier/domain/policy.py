"""The rules that are proposals (p): national defaults as data, versioned, never constants."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from enum import StrEnum

import msgspec

from notifier.domain.people import Platform


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """National defaults of `schemas/policy.json`."""

    version: int
    day_from: time
    """Audible push from here (B15), Europe/Stockholm."""
    day_to: time
    sms_from: time
    sms_to: time
    proxy_stale_after: timedelta
    """Older proxies or protection hold what guardians would get (B21)."""
    resident_stale_after: timedelta
    own_push_stale_after: timedelta
    """Residents older than this hold own pushes too (A8)."""
    badge_lifetime: timedelta
    """A matter counts as unread no longer than this (A24)."""
    guardian_min_age: int
    """A guardian counts from this age (A13)."""
    brake_share: float
    """Share of tombstones, deaths, protections or lifted blocks in an hour that stops loosening (B22)."""
    brake_floor: int
    """And at least this many (A10)."""
    stale_after: Mapping[Platform, timedelta]
    """A device of this platform that was not confirmed for so long is pushed to no more (R17, protocols 3.5)."""
    least_app_version: Mapping[Platform, str]
    """Whose app is older is told so (R19); none is, where nothing stands."""
    update_notice_every: timedelta
    """At most this often, each device."""

    def stale_borders(self, now: datetime) -> tuple[tuple[Platform, datetime], ...]:
        """Give up to when a device of these platforms must have been confirmed to be stale now (R17)."""
        return tuple((platform, now - after) for platform, after in self.stale_after.items())


class Sender(StrEnum):
    """Who sends SMS and e-mail (B5): today's service, nobody while ours is decided and stored, or notifier."""

    LEGACY = "legacy"
    SHADOW = "shadow"
    NOTIFIER = "notifier"


class DeviceBrake(msgspec.Struct, frozen=True, kw_only=True):
    """How many tokens gone within `window` in a lane stop deletions: over the larger of two shares (R13, A10)."""

    share: float
    """Of the lane's answers, accepted or gone."""
    mean_factor: int
    """Times the lane's mean over `mean_over`."""
    mean_over: timedelta
    window: timedelta
    floor: int
    """Never at fewer tokens than this."""


class Retention(msgspec.Struct, frozen=True, kw_only=True):
    """How long rows are kept."""

    gate: timedelta
    """The horizon (A3, B23)."""
    waiting_marks: timedelta
    """Marks that came before their event (DESIGN 3)."""
    dead_letters: timedelta
    """Sealed records (B24)."""
    traces: timedelta
    """Recorded inputs of decisions (B45)."""
    tombstones: timedelta
    """The last version of a removed row, and the time to return (A9, B22)."""
    devices_after_death: timedelta
    """For a death that is taken back (B13)."""


class National(msgspec.Struct, frozen=True, kw_only=True):
    """All of `schemas/policy.json`: what decisions read, and what the machinery around them does."""

    in_force_at: datetime
    policy: Policy
    device_brake: DeviceBrake
    retention: Retention
    senders: Mapping[str, Sender]
    """By `<region>:<type>`, `<region>` or `default`."""

    def sender(self, region: str, type_name: str) -> Sender:
        """Say who sends SMS and e-mail of a type for a region; the most exact entry wins (B5)."""
        for key in (f"{region}:{type_name}", region):
            if key in self.senders:
                return self.senders[key]
        return self.senders["default"]
