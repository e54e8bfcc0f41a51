"""What Apple's answers mean (protocols 2.5)."""

from datetime import UTC, datetime

import msgspec

from notifier.domain.pushes import TokenGone
from notifier.wire.exchange import Reply
from notifier.wire.reactions import (
    BROKEN,
    BUSY,
    CLOSING,
    DONE,
    EXPIRED,
    FOREIGN_KEY,
    GONE,
    MALFORMED,
    OVERLOADED,
    REFUSED,
    STOPPED,
    TOO_NEW,
    Reaction,
    Row,
)

ROWS: dict[tuple[int, str], Row] = {
    (400, "BadDeviceToken"): GONE,
    (400, "DeviceTokenNotForTopic"): GONE,
    (400, "BadCollapseId"): MALFORMED,
    (400, "BadExpirationDate"): MALFORMED,
    (400, "BadMessageId"): MALFORMED,
    (400, "BadPriority"): MALFORMED,
    (400, "DuplicateHeaders"): MALFORMED,
    (400, "InvalidPushType"): MALFORMED,
    (400, "PayloadEmpty"): MALFORMED,
    (400, "MissingDeviceToken"): MALFORMED,
    (400, "BadTopic"): STOPPED,
    (400, "MissingTopic"): STOPPED,
    (400, "TopicDisallowed"): STOPPED,
    (400, "IdleTimeout"): CLOSING,
    (403, "ExpiredProviderToken"): EXPIRED,
    (403, "UnrelatedKeyIdInToken"): FOREIGN_KEY,
    (403, "BadCertificate"): STOPPED,
    (403, "BadCertificateEnvironment"): STOPPED,
    (403, "BadEnvironmentKeyIdInToken"): STOPPED,
    (403, "Forbidden"): STOPPED,
    (403, "InvalidProviderToken"): STOPPED,
    (403, "MissingProviderToken"): STOPPED,
    (404, "BadPath"): MALFORMED,
    (405, "MethodNotAllowed"): MALFORMED,
    (413, "PayloadTooLarge"): MALFORMED,
    (429, "TooManyProviderTokenUpdates"): TOO_NEW,
    (429, "TooManyRequests"): BUSY,
    (500, "InternalServerError"): BROKEN,
    (503, "ServiceUnavailable"): OVERLOADED,
    (503, "Shutdown"): CLOSING,
}
"""(status, reason) -> row; 200 and 410 are told apart before."""


class _Body(msgspec.Struct, frozen=True):
    reason: str = ""
    timestamp: int | None = None


_decoder = msgspec.json.Decoder(_Body)
_NOTHING = _Body()


def read_reply(reply: Reply) -> Row:
    """Say what an answer means; one that nobody has described refuses this push (4xx) or waits (all others)."""
    if reply.status == 200:
        return DONE
    body = _read_body(reply.body)
    if reply.status == 410:
        return _read_gone(body.timestamp)
    known = ROWS.get((reply.status, body.reason))
    return known or _read_status(reply.status)


def _read_gone(timestamp_ms: int | None) -> Row:
    """Say since when a token is gone; without the instant it cannot be held against the registration, so it stays."""
    if timestamp_ms is None:
        return REFUSED
    try:
        since = datetime.fromtimestamp(timestamp_ms / 1000, UTC)
    except (OverflowError, ValueError):
        return REFUSED
    return Row(reaction=Reaction.FORGET, outcome=TokenGone(since=since))


def _read_status(status: int) -> Row:
    if status == 429:
        return BUSY
    return REFUSED if 400 <= status < 500 else BROKEN


def _read_body(body: bytes) -> _Body:
    try:
        return _decoder.decode(body) if body else _NOTHING
    except msgspec.DecodeError:
        return _NOTHING
