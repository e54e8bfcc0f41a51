"""The newest accepted pushes as their provider saw them, by serial."""

from collections import deque
from collections.abc import Mapping
from datetime import datetime

import msgspec

from notifier.simulators.endpoint import Scope

MOST_PUSHES = 5_000


class Accepted(msgspec.Struct, frozen=True, kw_only=True):
    """One push that its provider has accepted; `token` is what it went to, `headers` are those that a journal needs."""

    provider: str
    token: str
    headers: Mapping[str, str]
    scope: Scope
    body: bytes


class Push(msgspec.Struct, frozen=True, kw_only=True):
    """One request as it came, but for the credential in its `authorization`."""

    serial: int
    provider: str
    token: str
    at: datetime
    method: str
    path: str
    headers: list[tuple[str, str]]
    body: str


class Pushes:
    """Gives each push its serial, and keeps the newest 5,000."""

    def __init__(self) -> None:
        """Start with serial 1."""
        self.last_serial = 0
        self._kept: deque[Push] = deque(maxlen=MOST_PUSHES)

    def keep(self, accepted: Accepted, at: datetime) -> int:
        """Keep one push and give its serial."""
        self.last_serial += 1
        scope = accepted.scope
        push = Push(
            serial=self.last_serial,
            provider=accepted.provider,
            token=accepted.token,
            at=at,
            method=scope.method,
            path=scope.path,
            headers=[
                (name, _hide(value) if name == "authorization" else value) for name, value in scope.headers.items()
            ],
            body=accepted.body.decode("utf-8", "replace"),
        )
        self._kept.append(push)
        return push.serial

    def find(self, serial: int) -> Push | None:
        """Give the push of this serial; None once it is forgotten, or before it came."""
        place = serial - self._kept[0].serial if self._kept else -1
        return self._kept[place] if 0 <= place < len(self._kept) else None


def _hide(credential: str) -> str:
    scheme, space, _ = credential.partition(" ")
    return f"{scheme} …" if space else "…"
