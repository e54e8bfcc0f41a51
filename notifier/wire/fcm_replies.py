"""What Google's answers mean (protocols 3.4): decided by `errorCode`, and only without one by the status."""

from datetime import datetime, timedelta

import msgspec

from notifier.domain.pushes import Accepted, Again, Outcome, Refused, TokenGone, Trouble
from notifier.wire.exchange import Reply, read_wait

_ACCEPTED = Accepted()
_REFUSED = Refused(trouble=Trouble.REFUSED)
_OURS = Refused(trouble=Trouble.CONFIGURATION)
_CREDENTIALS = Again(trouble=Trouble.CREDENTIALS)
_UNAVAILABLE = Again(trouble=Trouble.UNAVAILABLE)
# Google asks for a minute where it names no time (protocols 3.4).
_BUSY = Again(trouble=Trouble.BUSY, after=timedelta(seconds=60))

CODES: dict[str, Outcome] = {
    "APNS_AUTH_ERROR": _OURS,
    "INTERNAL": _UNAVAILABLE,
    "INVALID_ARGUMENT": _REFUSED,
    "QUOTA_EXCEEDED": _BUSY,
    "SENDER_ID_MISMATCH": _REFUSED,
    "THIRD_PARTY_AUTH_ERROR": _OURS,
    "UNAVAILABLE": _UNAVAILABLE,
    "UNREGISTERED": TokenGone(since=None),
    "UNSPECIFIED_ERROR": _UNAVAILABLE,
}
"""FcmError's `errorCode` -> outcome."""
STATUSES: dict[int, Outcome] = {401: _CREDENTIALS, 403: _OURS, 404: _OURS, 429: _BUSY}
"""Status -> outcome where no `errorCode` says more: 404 is then a wrong project, and no token is gone."""
_TARGETS = frozenset({"message.token", "message.fid"})


class _Violation(msgspec.Struct, frozen=True):
    field: str = ""


class _Detail(msgspec.Struct, frozen=True, rename={"code": "errorCode", "violations": "fieldViolations"}):
    code: str = ""
    violations: tuple[_Violation, ...] = ()


class _Error(msgspec.Struct, frozen=True):
    details: tuple[_Detail, ...] = ()


class _Body(msgspec.Struct, frozen=True):
    error: _Error = _Error()


_decoder = msgspec.json.Decoder(_Body)


def read_reply(reply: Reply, now: datetime) -> Outcome:
    """Say what an answer means; one that nobody has described refuses this push (4xx) or waits (all others)."""
    if reply.status == 200:
        return _ACCEPTED
    details = _read_details(reply.body)
    outcome = next((CODES[detail.code] for detail in details if detail.code in CODES), None)
    outcome = outcome or _read_status(reply.status, details)
    wait = read_wait(reply.retry_after, now)
    if wait is not None and isinstance(outcome, Again):
        return msgspec.structs.replace(outcome, after=wait)
    return outcome


def _read_status(status: int, details: tuple[_Detail, ...]) -> Outcome:
    fields = [violation.field for detail in details for violation in detail.violations]
    if status == 400 and fields:
        return _REFUSED if _TARGETS.issuperset(fields) else _OURS
    return STATUSES.get(status, _REFUSED if 400 <= status < 500 else _UNAVAILABLE)


def _read_details(body: bytes) -> tuple[_Detail, ...]:
    try:
        return _decoder.decode(body).error.details
    except msgspec.DecodeError:
        return ()
