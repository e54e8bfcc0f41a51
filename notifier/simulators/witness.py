"""What is kept of accepted pushes: phones, the journal, and a line for people; nothing at all in load mode."""

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import orjson

from notifier.simulators.lines import Lines
from notifier.simulators.phones import Act
from notifier.simulators.population import Phones


class Witness:
    """Sees each accepted push."""

    def __init__(
        self, phones: Phones | None, journal: Lines | None, screen: Lines | None, now: Callable[[], float] = time.time
    ) -> None:
        """Keep phones, a journal and printed lines, each if given."""
        self._phones, self._journal, self._screen, self._now = phones, journal, screen, now
        self.watches = phones is not None or journal is not None

    def see(self, provider: str, token: str, act: Act, headers: Mapping[str, str], body: bytes) -> None:
        """Show the push on its phone, write it down, and say what the phone shows."""
        at = datetime.fromtimestamp(self._now(), UTC)
        if self._journal is not None:
            self._journal.write(_line(at, provider, token, headers, body))
        if self._phones is None:
            return
        phone = self._phones.apply(provider, token, act, at)
        if self._screen is not None and phone is not None and (act.shows or act.remove):
            said = act.text_key if act.shows else f"takes away {len(act.remove)}"
            sound = "sound" if act.sounds else "quiet"
            self._screen.write(f"{at:%H:%M:%S}  {phone.alias}  {said}  badge {phone.badge}  {sound}\n".encode())

    def note(self, provider: str, target: str, headers: Mapping[str, str], body: bytes) -> None:
        """Write down a push that has no phone, one to a topic."""
        if self._journal is not None:
            self._journal.write(_line(datetime.fromtimestamp(self._now(), UTC), provider, target, headers, body))


def _line(at: datetime, provider: str, token: str, headers: Mapping[str, str], body: bytes) -> bytes:
    # A line break in JSON can only stand between its tokens, so it may become a space.
    payload = orjson.Fragment(body.replace(b"\n", b" ").replace(b"\r", b" "))
    row = {"at": at, "provider": provider, "token": token, "headers": headers, "payload": payload}
    return orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE)
