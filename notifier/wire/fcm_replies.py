"""What Google's answers mean (protocols 3.4): decided by `errorCode`, and only without one by the status."""

from datetime import datetime, timedelta

import msgspec

from notifier.domain.pushes import Again, TokenGone, Trouble
from notifier.wire.exchange import Reply, read_wait
from notifier.wire.reactions import BROKEN, BUSY, DONE, EXPIRED, MALFORMED, OVERLOADED, REFUSED, STOPPED, Reaction, Row

_GONE = Row(reaction=Reaction.FORGET, outcome=TokenGone(since=None))
# Google asks for a minute where it names no time (protocols 3.4).
_QUOTA = Row(reaction=Reaction.SLOW, outcome=Again(trouble=Trouble.BUSY, after=timedelta(seconds=60)))

CODES: dict[str, Row] = {
    "APNS_AUTH_ERROR": STOPPED,
    "INTERNAL": BROKEN,
    "INVALID_ARGUMENT": REFUSED,
    "QUOTA_EXCEEDED": _QUOTA,
    "SENDER_ID_MISMATCH": REFUSED,
    "THIRD_PARTY_AUTH_ERROR": STOPPED,
    "UNAVAILABLE": OVERLOADED,
    "UNREGISTERED": _GONE,
    "UNSPECIFIED_ERROR": BROKEN,
}
"""FcmError's `errorCode` -> row."""
STATUSES: dict[int, Row] = {401: EXPIRED, 403: STOPPED, 404: STOPPED, 429: _QUOTA}
"""Status -> row where no `errorCode` says more: 404 is then a wrong project, and no token is gone."""
_TARGETS = frozenset({"message.token", "message.fid"})


class _Violation(msgspec.Struct, frozen=True):
    field: str = ""


class _Excess(msgspec.Struct, frozen=True):
    subject: str = ""
    description: str = ""


class _Detail(msgspec.Struct, frozen=True, rename={"code": "errorCode", "fields": "fieldViolations"}):
    code: str = ""
    fields: tuple[_Violation, ...] = ()
    violations: tuple[_Excess, ...] = ()


class _Error(msgspec.Struct, frozen=True):
    details: tuple[_Detail, ...] = ()


class _Body(msgspec.Struct, frozen=True):
    error: _Error = _Error()


_decoder = msgspec.json.Decoder(_Body)


def read_reply(reply: Reply, now: datetime) -> Row:
    """Say what an answer means; one that nobody has described refuses this push (4xx) or waits (all others)."""
    if reply.status == 200:
        return DONE
    details = _read_details(reply.body)
    row = next((CODES[detail.code] for detail in details if detail.code in CODES), None)
    row = row or _read_status(reply.status, details)
    if row is _QUOTA and _is_of_device(details):
        row = BUSY
    wait = read_wait(reply.retry_after, now)
    if wait is not None and isinstance(row.outcome, Again):
        return Row(reaction=row.reaction, outcome=msgspec.structs.replace(row.outcome, after=wait))
    return row


def _read_status(status: int, details: tuple[_Detail, ...]) -> Row:
    fields = [violation.field for detail in details for violation in detail.fields]
    if status == 400 and fields:
        return REFUSED if _TARGETS.issuperset(fields) else MALFORMED
    return STATUSES.get(status, REFUSED if 400 <= status < 500 else BROKEN)


def _is_of_device(details: tuple[_Detail, ...]) -> bool:
    """Say whether QuotaFailure names the device's own limit: the project's is then not used up."""
    excesses = [excess for detail in details for excess in detail.violations]
    return any("device" in f"{excess.subject} {excess.description}".lower() for excess in excesses)


def _read_details(body: bytes) -> tuple[_Detail, ...]:
    try:
        return _decoder.decode(body).error.details
    except msgspec.DecodeError:
        return ()
