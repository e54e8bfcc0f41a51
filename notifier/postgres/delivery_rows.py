"""Rows of deliveries and of what a later channel owes, as opening writes them: by COPY, hundreds at once."""

from collections.abc import Iterable
from datetime import datetime

from notifier.domain.matters import Settled
from notifier.domain.plans import Delivery, NoticeRef, Opening
from notifier.domain.reasons import Reason
from notifier.domain.verdicts import Hold, Skip
from notifier.postgres.copying import (
    DAY,
    FLAG,
    KEY,
    LONG,
    bytes_field,
    copy_packed,
    days,
    instant_field,
    interval_field,
    microseconds,
    row_struct,
    word_field,
)
from notifier.postgres.event_rows import NoticeRow
from notifier.postgres.pool import Connection

_OVER = frozenset({Reason.ALREADY_HANDLED, Reason.WITHDRAWN, Reason.SUPERSEDED})
DeliveryRow = tuple[NoticeRef, int, Delivery]
"""Its notice, the recipient, the delivery."""

_DELIVERY_TABLE = (
    *("day", "event", "notice", "id", "recipient", "device", "collapse_id", "expires_at", "handed", "available_at"),
    *("lane", "loudness", "text_key", "sealed", "state"),
)
_FALLBACK_TABLE = ("day", "event", "notice", "recipient", "deadline_at", "after", "due_at", "state")

_DELIVERY = row_struct(DAY, KEY, LONG, LONG, LONG, LONG, KEY, LONG, FLAG, LONG)
_FALLBACK = row_struct(DAY, KEY, LONG, LONG, LONG)
_WAITING, _NOT_OURS = word_field("waiting"), word_field("not_ours")


async def insert_deliveries(
    connection: Connection, rows: Iterable[DeliveryRow], now_at: datetime, leased_until: datetime
) -> None:
    """Write one row per push, waiting, before anything is sent (I1); both instants are of the database's clock."""
    available = {False: microseconds(now_at), True: microseconds(leased_until)}
    packed = (_delivery_row(ref, recipient, one, available[one.leased]) for ref, recipient, one in rows)
    await copy_packed(connection, "delivery", _DELIVERY_TABLE, packed)


def _delivery_row(ref: NoticeRef, recipient: int, one: Delivery, available: int) -> bytes:
    beginning = _DELIVERY.pack(
        *(15, 4, days(ref.day), 16, ref.event, 8, ref.notice, 8, one.id, 8, recipient, 8, one.device),
        *(16, one.collapse_id, 8, microseconds(one.expires_at), 1, one.leased, 8, available),
    )
    return b"".join((
        beginning,
        word_field(one.lane),
        word_field(one.loudness),
        word_field(one.text_key),
        bytes_field(one.sealed),
        _WAITING,
    ))  # fmt: skip


async def insert_fallbacks(connection: Connection, rows: Iterable[NoticeRow]) -> None:
    """Write what a later channel owes; while every region is `legacy` it is born terminal, not ours (A26)."""
    packed = (_fallback_row(opening, settled) for opening, settled in rows if _is_owed(settled))
    await copy_packed(connection, "fallback", _FALLBACK_TABLE, packed)


def _fallback_row(opening: Opening, settled: Settled) -> bytes:
    decision = settled.planned.decision
    fallback = decision.fallback
    assert fallback is not None
    beginning = _FALLBACK.pack(
        *(8, 4, days(opening.day), 16, opening.event.key, 8, settled.planned.notice, 8, decision.recipient),
        *(8, microseconds(fallback.deadline_at)),
    )
    due = instant_field(None if fallback.after else opening.opened_at)
    return beginning + interval_field(fallback.after) + due + _NOT_OURS


def _is_owed(settled: Settled) -> bool:
    """Say whether a fallback is owed now: not for what is held, nor what is handled, withdrawn or superseded (I5)."""
    if settled.planned.decision.fallback is None or isinstance(settled.verdict, Hold):
        return False
    return not (isinstance(settled.verdict, Skip) and settled.verdict.reason in _OVER)
