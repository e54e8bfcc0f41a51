"""What Apple's answers mean (protocols 2.5), as far as the core tells them apart (A31)."""

from datetime import UTC, datetime

import msgspec

from notifier.domain.pushes import Accepted, Again, Outcome, Refused, TokenGone, Trouble
from notifier.wire.exchange import Reply

_ACCEPTED = Accepted()
_REFUSED = Refused(trouble=Trouble.REFUSED)
_OURS = Refused(trouble=Trouble.CONFIGURATION)
_CREDENTIALS = Again(trouble=Trouble.CREDENTIALS)
_NOT_TAKEN = Again(trouble=Trouble.NOT_SENT)
_BUSY = Again(trouble=Trouble.BUSY)
_UNAVAILABLE = Again(trouble=Trouble.UNAVAILABLE)

ROWS: dict[tuple[int, str], Outcome] = {
    (400, "BadDeviceToken"): _REFUSED,
    (400, "DeviceTokenNotForTopic"): _REFUSED,
    (400, "IdleTimeout"): _NOT_TAKEN,
    (400, "BadCollapseId"): _OURS,
    (400, "BadExpirationDate"): _OURS,
    (400, "BadMessageId"): _OURS,
    (400, "BadPriority"): _OURS,
    (400, "BadTopic"): _OURS,
    (400, "DuplicateHeaders"): _OURS,
    (400, "InvalidPushType"): _OURS,
    (400, "MissingDeviceToken"): _OURS,
    (400, "MissingTopic"): _OURS,
    (400, "PayloadEmpty"): _OURS,
    (400, "TopicDisallowed"): _OURS,
    (403, "BadCertificate"): _OURS,
    (403, "BadCertificateEnvironment"): _OURS,
    (403, "BadEnvironmentKeyIdInToken"): _CREDENTIALS,
    (403, "ExpiredProviderToken"): _CREDENTIALS,
    (403, "Forbidden"): _OURS,
    (403, "InvalidProviderToken"): _CREDENTIALS,
    (403, "MissingProviderToken"): _CREDENTIALS,
    (403, "UnrelatedKeyIdInToken"): _CREDENTIALS,
    (404, "BadPath"): _OURS,
    (405, "MethodNotAllowed"): _OURS,
    (413, "PayloadTooLarge"): _OURS,
    (429, "TooManyProviderTokenUpdates"): _CREDENTIALS,
    (429, "TooManyRequests"): _BUSY,
    (500, "InternalServerError"): _UNAVAILABLE,
    (503, "ServiceUnavailable"): _UNAVAILABLE,
    (503, "Shutdown"): _NOT_TAKEN,
}
"""(status, reason) -> outcome; 200 and 410 are told apart before."""


class _Body(msgspec.Struct, frozen=True):
    reason: str = ""
    timestamp: int | None = None


_decoder = msgspec.json.Decoder(_Body)
_NOTHING = _Body()


def read_reply(reply: Reply) -> Outcome:
    """Say what an answer means; one that nobody has described refuses this push (4xx) or waits (all others)."""
    if reply.status == 200:
        return _ACCEPTED
    body = _read_body(reply.body)
    if reply.status == 410:
        return _read_gone(body.timestamp)
    known = ROWS.get((reply.status, body.reason))
    return known or _read_status(reply.status)


def _read_gone(timestamp_ms: int | None) -> Outcome:
    """Say since when a token is gone; without the instant it cannot be held against the registration, so it stays."""
    try:
        return _REFUSED if timestamp_ms is None else TokenGone(since=datetime.fromtimestamp(timestamp_ms / 1000, UTC))
    except (OverflowError, ValueError):
        return _REFUSED


def _read_status(status: int) -> Outcome:
    if status == 429:
        return _BUSY
    return _REFUSED if 400 <= status < 500 else _UNAVAILABLE


def _read_body(body: bytes) -> _Body:
    try:
        return _decoder.decode(body) if body else _NOTHING
    except msgspec.DecodeError:
        return _NOTHING
