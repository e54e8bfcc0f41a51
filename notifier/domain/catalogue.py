"""What the service knows of an event type: data from `schemas/events`, never code (R1)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

HORIZON = timedelta(days=14)
"""No notice is useful longer than this after its opening (ANSWERS, Types)."""


class Weight(StrEnum):
    """The class of a type: how loud it is and what it may cost (B36)."""

    LOW = "low"
    NORMAL = "normal"
    MUST_DELIVER = "must-deliver"


class Live(StrEnum):
    """Whether a notice rings outside the day's window (B15): never, always, or as `data.live` says."""

    NEVER = "never"
    ALWAYS = "always"
    BY_DATA = "by_data"


class Useful(msgspec.Struct, frozen=True, kw_only=True):
    """Until when a notice helps: `length` after opening, or `happens_at` plus `after` (`length` where unset)."""

    length: timedelta | None = None
    from_happens_at: bool = False
    after: timedelta = timedelta()

    def until(self, opened_at: datetime, happens_at: datetime | None) -> datetime:
        """Give the instant after which the notice is no longer sent: never past opening + 14 days."""
        limit = opened_at + HORIZON
        if self.from_happens_at and happens_at is not None:
            return min(happens_at + self.after, limit)
        return limit if self.length is None else min(opened_at + self.length, limit)


class EventType(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of the catalogue."""

    name: str
    revision: int
    category: str
    weight: Weight
    own_min_age: int
    proxy_max_age: int
    useful: Useful
    fallback_after: timedelta | None
    warn_before: timedelta
    """With `happens_at`: how long before it nobody told becomes `unreachable` (A25)."""
    live: Live
    legacy_sends: bool
    own_text: str
    child_text: str
    link: str
    """Deep-link template with `{matter}`; travels sealed only (B8)."""
    links: Mapping[str, str] = {}
    """The same by sending region, where a region has its own service or app (R15)."""

    def text(self, *, own: bool) -> str:
        """Give the key of the text for the subject, or for an ombud."""
        return self.own_text if own else self.child_text

    def link_to(self, matter: str, region: str) -> str:
        """Give what a tap opens: the matter, where the sending region has it (R15)."""
        return self.links.get(region, self.link).replace("{matter}", matter)
