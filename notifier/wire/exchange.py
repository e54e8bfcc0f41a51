"""What goes to a push provider and what comes back, whatever carries it."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum

import msgspec


class Request(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One POST without its authorization; the path holds the device token and is never shown."""

    path: str
    headers: dict[str, str]
    body: bytes

    def __repr__(self) -> str:
        return f"Request({len(self.body)} bytes)"


class Reply(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What a provider answered; the body is read only where it tells more than the status."""

    status: int
    body: bytes = b""
    retry_after: str | None = None


class Failure(StrEnum):
    """Why there is no reply (TRAPS, pyreqwest)."""

    NOT_SENT = "not_sent"
    """No byte of it left."""
    UNPROCESSED = "unprocessed"
    """The provider says that it did not look at it."""
    RESET = "reset"
    """It ended this one stream; the connection stands, and nobody knows."""
    LOST = "lost"
    """The connection went away, and nobody knows."""
    TIMED_OUT = "timed_out"
    """No answer in time, and nobody knows."""


def read_wait(retry_after: str | None, now: datetime) -> timedelta | None:
    """Read Retry-After, in seconds or as an HTTP date (protocols 3.4); None for none or nonsense."""
    if retry_after is None:
        return None
    if retry_after.isdecimal() and len(retry_after) < 8:
        return timedelta(seconds=int(retry_after))
    try:
        at = parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    return max(at.replace(tzinfo=at.tzinfo or UTC) - now, timedelta())
