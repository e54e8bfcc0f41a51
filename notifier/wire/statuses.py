"""The value of a record in `1177.status` (DESIGN 8, B6, A27)."""

from datetime import UTC, datetime

import orjson

from notifier.domain.reasons import DeadLetterReason, End, PublicReason
from notifier.domain.statuses import State
from notifier.wire.fingerprints import status_key as status_key  # noqa: PLC0414 - part of this format


def encode_status(
    source: str,
    id: str,
    seq: int,
    at: datetime,
    state: State | End,
    reason: PublicReason | DeadLetterReason | None,
) -> bytes:
    """Write one status; `reason` has already been made public, `at` comes out in UTC."""
    status = {"source": source, "id": id, "seq": seq, "at": at.astimezone(UTC), "state": state, "reason": reason}
    return orjson.dumps(status, option=orjson.OPT_UTC_Z)
