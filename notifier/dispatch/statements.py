"""What publishers are told of a batch, as values; encoding is the wire's, storing the ledger's."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from notifier.dispatch.admission import record_of
from notifier.dispatch.batches import Item
from notifier.domain.ends import Course, Ended, Sequence
from notifier.domain.events import Event, Mark
from notifier.domain.matters import Opened
from notifier.domain.plans import Marking, Opening
from notifier.domain.reasons import DeadLetterReason, PublicReason
from notifier.domain.statuses import State, Status, tell_end


def tell(
    record: Event | Mark,
    state: State,
    seq: Sequence,
    at: datetime,
    reason: PublicReason | DeadLetterReason | None = None,
) -> Status:
    """Make one status about a record."""
    return Status(key=record.key, source=record.source, id=record.id, seq=seq, at=at, state=state, reason=reason)


def tell_opened(opened: Opened, course: Course, now: datetime) -> Iterator[Status]:
    """`accepted`, then `held` or the end where there is one already."""
    event = opened.opening.event
    yield tell(event, State.ACCEPTED, Sequence.ACCEPTED, now)
    if course.held is not None:
        yield tell(event, State.HELD, Sequence.HELD, now, PublicReason.HELD)
    if course.ended is not None:
        yield tell_course(opened.opening, course.ended, now)


def tell_course(opening: Opening, ended: Ended, now: datetime) -> Status:
    """Make the status of an end met at opening."""
    event = opening.event
    return tell_end(
        event.key, event.source, event.id, ended,
        about_child=opening.about_child, opened_at=opening.opened_at, now=now,
    )  # fmt: skip


def tell_marked(markings: Iterable[Marking], now: datetime) -> Iterator[Status]:
    """Marks get `accepted` only (A27)."""
    for marking in markings:
        yield tell(marking.mark, State.ACCEPTED, Sequence.ACCEPTED, now)


def tell_copies(duplicates: Iterable[Item], now: datetime) -> Iterator[Status]:
    """A copy gets `duplicate` and replaces no state (A27)."""
    for item in duplicates:
        yield tell(record_of(item), State.DUPLICATE, Sequence.DUPLICATE, now, PublicReason.DUPLICATE)


def tell_rejected(items: Iterable[Item], reason: DeadLetterReason, now: datetime) -> Iterator[Status]:
    """A record refused after decoding gets `rejected` beside its dead letter."""
    for item in items:
        yield tell(record_of(item), State.REJECTED, Sequence.REJECTED, now, reason)
