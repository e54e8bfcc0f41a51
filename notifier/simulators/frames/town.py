"""What all connections of the frame-level server share."""

from collections.abc import Callable
from typing import Protocol

import msgspec

from notifier.simulators.endpoint import Endpoint
from notifier.simulators.frames.dice import Dice, Thrown
from notifier.simulators.frames.mischief import Mischief
from notifier.simulators.frames.request import Request

APPLE = "apns"


class Opened(Protocol):
    """What is asked of an open connection."""

    requests: dict[int, Request]

    def watch_age(self) -> None:
        """Leave when it is as old as is ordered."""

    def cut(self) -> None:
        """Reset it."""


class Town:
    """The endpoints, what is ordered, and the connections that are open."""

    def __init__(self, find: Callable[[str], Endpoint], calm: Mischief, streams: int, *, is_apple: bool) -> None:
        """Lead paths by `find`, begin with `calm`; `is_apple`: who says nothing speaks to Apple."""
        self.find, self.calm, self.streams, self._is_apple = find, calm, streams, is_apple
        self.mischief, self.dice, self.thrown = calm, Dice(calm), Thrown()
        self.connections: set[Opened] = set()

    def obey(self, mischief: Mischief) -> None:
        """Do this wrong from now on, with dice of its seed."""
        self.mischief, self.dice = mischief, Dice(mischief)
        for connection in self.connections:
            connection.watch_age()

    def explain(self, provider: str, reason: str) -> bytes:
        """Phrase the reason of a GOAWAY: Apple tells it in JSON, Google does not."""
        is_apple = provider == APPLE if provider else self._is_apple
        return msgspec.json.encode({"reason": reason}) if is_apple else b""

    def in_flight(self) -> int:
        """Say how many requests wait for the end of their answer."""
        return sum(len(connection.requests) for connection in self.connections)
