"""A matter's state, and the values that its records leave behind."""

from datetime import datetime

import msgspec

from notifier.domain.identifiers import CollapseId, MatterKey, PersonId
from notifier.domain.plans import NoticeRef, Opening, Planned
from notifier.domain.reasons import End, Reason
from notifier.domain.verdicts import Verdict


class Matter(msgspec.Struct, kw_only=True, gc=False):
    """(source, matter): who it is about, its newest event, and when it was acted on or withdrawn."""

    key: MatterKey
    subject: PersonId
    newest_at: datetime | None = None
    acted_at: datetime | None = None
    withdrawn_at: datetime | None = None


class Reader(msgspec.Struct, kw_only=True, gc=False):
    """(recipient, source, matter): what was read, whether it counts as unread, the newest notice."""

    recipient: PersonId
    about: PersonId
    read_at: datetime | None = None
    counted: bool = False
    newest_at: datetime | None = None
    shown: NoticeRef | None = None
    collapse_id: CollapseId | None = None


class Settled(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A notice as it is stored: the verdict after the matter's state had its say."""

    planned: Planned
    verdict: Verdict
    collapse_id: CollapseId
    replaces: NoticeRef | None = None
    """The recipient's earlier notice of this matter, whose waiting deliveries end as superseded."""


class Opened(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """An event with its notices."""

    opening: Opening
    notices: tuple[Settled, ...]


class Ending(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A mark ends every open event of the matter whose time is at most `at`."""

    matter: MatterKey
    end: End
    at: datetime


class Cancelled(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Waiting deliveries of this notice end for this reason."""

    notice: NoticeRef
    reason: Reason


class Lowered(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A recipient's badge went down; the shown push with this collapse id is to be removed."""

    recipient: PersonId
    collapse_id: CollapseId
