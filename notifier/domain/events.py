"""What a record of `1177.events` says once it has been read: an event, or a mark that ends others."""

from datetime import datetime
from enum import StrEnum

import msgspec

from notifier.domain.catalogue import EventType, Live
from notifier.domain.identifiers import EventKey, MatterKey, Pseudonym


class Event(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What an e-service published about one subject."""

    key: EventKey
    digest: bytes
    """The gate's digest of type, subject and data (A4), 16 bytes."""
    source: str
    id: str
    type: EventType
    subject: Pseudonym
    time: datetime
    matter: str
    matter_key: MatterKey
    unit: str
    region: str
    happens_at: datetime | None = None
    visible_to_subject: bool = True
    proxies_allowed: bool = True
    live_asked: bool = False

    @property
    def live(self) -> bool:
        """Say whether it rings at night (B15): by its type, or by `data.live` where the type leaves it open."""
        return self.type.live is Live.ALWAYS or (self.type.live is Live.BY_DATA and self.live_asked)


class MarkKind(StrEnum):
    """What happened to the matter: read by one, acted on for all, or withdrawn by the e-service (B10)."""

    READ = "read"
    ACTED = "acted"
    WITHDRAWN = "withdrawn"


class Mark(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A `matter.handled` or `matter.withdrawn`: it covers events of the matter with `time` <= `at` (A22)."""

    key: EventKey
    digest: bytes
    source: str
    id: str
    type: str
    subject: Pseudonym
    time: datetime
    matter: str
    matter_key: MatterKey
    kind: MarkKind
    at: datetime
    by: Pseudonym
    """Who read it; the subject where the record names nobody."""
