"""What is handed to a provider for one device, and what the provider answered."""

from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

from notifier.domain.identifiers import CollapseId
from notifier.domain.people import Platform
from notifier.domain.verdicts import Loudness


class Alert(msgspec.Struct, frozen=True, kw_only=True, tag=True, gc=False):
    """A notice that shows: generic text by key, everything else sealed (B8, B9)."""

    text_key: str
    """`own`, `child`, `update` or `test` (B8)."""
    loudness: Loudness
    badge: int
    collapse_id: CollapseId
    expires_at: datetime
    sealed: bytes | None
    """nonce, ciphertext, tag; None for protected persons (A32)."""
    key_id: str


class BadgeDown(msgspec.Struct, frozen=True, kw_only=True, tag=True, gc=False):
    """A silent change of the badge: type alert with only the badge, priority 5 (TRAPS)."""

    badge: int


class Removal(msgspec.Struct, frozen=True, kw_only=True, tag=True, gc=False):
    """Take shown pushes off the phone: background push, data message on Android (TRAPS)."""

    collapse_ids: tuple[CollapseId, ...]
    badge: int
    """Carried on Android only, where one data message does both."""


class Parcel(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One request to a provider; `id` and the collapse id stay the same however often it is resent (I3)."""

    id: bytes
    """16 bytes: the apns-id as a UUID, and the message id in FCM's data."""
    platform: Platform
    lane: str
    token: str
    kind: str
    """`token` or `fid`."""
    content: Alert | BadgeDown | Removal
    doubtful: bool = False
    """Its token is new, or failed before: it may be bad."""

    def __repr__(self) -> str:
        """Show no token (I10)."""
        return f"Parcel({self.lane}, {type(self.content).__name__})"


class Trouble(StrEnum):
    """Why a provider did not take a push, as far as metrics and traces tell it apart."""

    BUSY = "busy"
    CONFIGURATION = "configuration"
    CREDENTIALS = "credentials"
    MALFORMED = "malformed"
    NOT_SENT = "not_sent"
    REFUSED = "refused"
    UNAVAILABLE = "unavailable"
    UNKNOWN = "unknown"


class Accepted(msgspec.Struct, frozen=True, kw_only=True, tag=True, gc=False):
    """The provider took it; accepted is not seen (I9)."""


class TokenGone(msgspec.Struct, frozen=True, kw_only=True, tag=True, gc=False):
    """The token is no longer valid since `since`; None where the provider does not say (A31)."""

    since: datetime | None


class Again(msgspec.Struct, frozen=True, kw_only=True, tag=True, gc=False):
    """Not taken, or nobody knows; try later."""

    trouble: Trouble
    after: timedelta | None = None
    """What the provider asked for; None leaves the wait to the service (A31)."""
    unknown: bool = False
    """It may have been shown: a later attempt resends the same ids, passive after 60 s (I3, A29)."""


class Refused(msgspec.Struct, frozen=True, kw_only=True, tag=True, gc=False):
    """The provider will never take this one."""

    trouble: Trouble


Outcome = Accepted | TokenGone | Again | Refused
