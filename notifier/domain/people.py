"""The people around an event as the projections know them when it is judged."""

from datetime import date, datetime, time
from enum import StrEnum

import msgspec

from notifier.domain.identifiers import DeviceId, PersonId


class Platform(StrEnum):
    """Where a device's pushes go."""

    IOS = "ios"
    ANDROID = "android"
    WEB = "web"


class Device(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """An approved app installation; token and content key are sealed as in the database."""

    id: DeviceId
    platform: Platform
    lane: str
    """Provider, environment and topic it is reached through, e.g. `apns:production:se.1177.app`."""
    kind: str
    """`token` or `fid` (protocols 3.2)."""
    token: bytes
    content_key: bytes
    language: str
    trusted_at: datetime
    """The later of registered and confirmed (A17)."""
    app_version: str | None = None
    told_to_update_at: datetime | None = None
    """When a notice last said that the app is too old (R19)."""
    doubtful: bool = False
    """No provider has taken a push to its token yet, or it was parked (R17)."""


class Link(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A guardian's opt-in for a child (A14)."""

    valid_from: date
    valid_to: date | None
    blocked: bool
    guardian: bool
    """False for a relation other than guardian, which gives nothing."""
    ended: bool
    """A tombstone came."""
    about_id: bytes
    """16 random bytes that name the child to this guardian's app (A32)."""


class Person(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One person, flags being the strictest over all linked identities (B25)."""

    id: PersonId
    known: bool
    region: str = "00"
    joined: bool = False
    """The region of residence has joined at this instant (B4)."""
    born_younger: date | None = None
    """The later birth date where record and number differ: own age uses it (A12)."""
    born_older: date | None = None
    protected: bool = True
    protected_at: datetime | None = None
    deceased: bool = False
    active: bool = False
    loop: bool = False
    """`replaced_by` did not end within three hops (A9)."""
    quiet_from: time | None = None
    quiet_to: time | None = None
    devices: tuple[Device, ...] = ()
    parked_trusted_at: datetime | None = None
    """The latest `trusted_at` of devices that a deletion brake parks; None without such a device (A20)."""
    muted: frozenset[str] = frozenset()
    """`channel` or `channel:category` that is off for the person represented in this audience (A11)."""


class Ombud(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A person with a link to the subject, whatever its state."""

    person: Person
    link: Link


class Audience(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Everybody who might learn of events about one subject."""

    subject: Person
    ombud: tuple[Ombud, ...] = ()
