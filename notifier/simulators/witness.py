"""What is kept of accepted pushes: phones, the requests themselves, and a journal; nothing at all in load mode."""

from collections.abc import Mapping
from datetime import UTC, datetime

import orjson

from notifier.simulators.away import Coming, Stay
from notifier.simulators.clock import Clock
from notifier.simulators.lines import Lines
from notifier.simulators.population import Phones
from notifier.simulators.pushes import Accepted, Pushes
from notifier.simulators.remembered import Act


class Witness:
    """Sees each accepted push."""

    def __init__(
        self, phones: Phones | None, journal: Lines | None, pushes: Pushes | None = None, clock: Clock | None = None
    ) -> None:
        """Keep phones, a journal and requests, each if given, at the time of `clock`."""
        self._phones, self._journal, self._pushes, self._clock = phones, journal, pushes, clock or Clock()
        self.watches = phones is not None or journal is not None

    def see(self, accepted: Accepted, act: Act, stay: Stay) -> None:
        """Write the push down, and show it on its phone or let it wait for it."""
        at, serial = self.note(accepted)
        if self._phones is not None:
            coming = Coming(act=act, stay=stay, push=serial)
            self._phones.meet(accepted.provider, accepted.token, coming, at)

    def note(self, accepted: Accepted) -> tuple[datetime, int]:
        """Write a push down, also one that has no phone because it goes to a topic; give its time and its serial."""
        at = datetime.fromtimestamp(self._clock.now(), UTC)
        if self._journal is not None:
            self._journal.write(_line(at, accepted.provider, accepted.token, accepted.headers, accepted.body))
        return at, self._pushes.keep(accepted, at) if self._pushes is not None else 0


def _line(at: datetime, provider: str, token: str, headers: Mapping[str, str], body: bytes) -> bytes:
    # A line break in JSON can only stand between its tokens, so it may become a space.
    payload = orjson.Fragment(body.replace(b"\n", b" ").replace(b"\r", b" "))
    row = {"at": at, "provider": provider, "token": token, "headers": headers, "payload": payload}
    return orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE)
