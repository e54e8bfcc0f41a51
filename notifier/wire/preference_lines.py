"""Switches and quiet hours in import files (DESIGN 8, A11)."""

from datetime import datetime, time
from typing import Literal

import msgspec

from notifier.domain.identifiers import Pseudonym
from notifier.wire.imports import Unreadable, decode_line, read_person
from notifier.wire.pseudonyms import Pseudonymiser

Channel = Literal["push", "sms", "email"]
Category = Literal[
    "messages",
    "journal",
    "bookings",
    "results",
    "forms",
    "referrals",
    "prescriptions",
    "contact",
    "video",
    "treatment",
    "sampling",
]


class Preference(msgspec.Struct, frozen=True, kw_only=True):
    """A switch, for oneself or for a child."""

    person: Pseudonym
    about: Pseudonym
    setting: str
    """The channel, or channel:category (A11)."""
    on: bool

    def __repr__(self) -> str:
        return f"Preference({self.setting!r})"


class Quiet(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody's own quiet hours, by the clock in Stockholm; none where both are None."""

    person: Pseudonym
    start: time | None
    end: time | None

    def __repr__(self) -> str:
        return "Quiet()"


class _Hours(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    start: str = msgspec.field(name="from")
    end: str = msgspec.field(name="to")


class _PreferenceLine(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    person: str
    about: str = "self"
    channel: Channel | None = None
    category: Category | None = None
    on: bool | None = None
    quiet: _Hours | msgspec.UnsetType | None = msgspec.UNSET


class PreferenceReader:
    """Reads switches and quiet hours."""

    def __init__(self, pseudonymiser: Pseudonymiser) -> None:
        self._pseudonymiser = pseudonymiser

    def __call__(self, line: bytes) -> Preference | Quiet:
        """Read a preference, or raise Unreadable."""
        read = decode_line(line, _PreferenceLine)
        person = read_person(read.person, "person", self._pseudonymiser)
        if not isinstance(read.quiet, msgspec.UnsetType):
            if read.channel is not None or read.on is not None:
                raise Unreadable("a line has either `quiet` or `channel`, not both")
            return _read_quiet(person, read.quiet)
        if read.channel is None or read.on is None:
            raise Unreadable("a line needs `channel` and `on`, or `quiet`")
        about = person if read.about == "self" else read_person(read.about, "about", self._pseudonymiser)
        setting = read.channel if read.category is None else f"{read.channel}:{read.category}"
        return Preference(person=person, about=about, setting=setting, on=read.on)


def _read_quiet(person: Pseudonym, hours: _Hours | None) -> Quiet:
    if hours is None:
        return Quiet(person=person, start=None, end=None)
    return Quiet(person=person, start=_read_time(hours.start, "from"), end=_read_time(hours.end, "to"))


def _read_time(text: str, field: str) -> time:
    try:
        return datetime.strptime(text, "%H:%M").time()  # noqa: DTZ007 - a time on the wall, no instant
    except ValueError:
        raise Unreadable(f"`quiet.{field}` is no time like 22:00") from None
