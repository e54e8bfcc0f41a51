"""What the page sends: the shapes of its orders."""

from typing import Annotated, Literal

import msgspec

from notifier.sandbox.compositions import What

_Text = Annotated[str, msgspec.Meta(max_length=300_000)]
_Name = Annotated[str, msgspec.Meta(max_length=300)]


class TextOrder(msgspec.Struct, frozen=True, kw_only=True):
    """Judge or renew the event in the editor."""

    event: _Text


class PublishOrder(TextOrder, frozen=True, kw_only=True):
    """Publish it."""

    how: Literal["once", "twice", "broken", "thousand"]


class ComposeOrder(msgspec.Struct, frozen=True, kw_only=True):
    """Make a fresh event of a type about somebody."""

    type: _Name
    subject: _Name


class MarkOrder(msgspec.Struct, frozen=True, kw_only=True):
    """Say that a matter was read, acted on, or withdrawn."""

    source: _Name
    matter: _Name
    subject: _Name
    what: What
    by: _Name = ""
    """Who read it; the subject where nobody is named."""


class ClockOrder(msgspec.Struct, frozen=True, kw_only=True):
    """Move the clock: a length of ISO 8601, or `midnight`."""

    forward: _Name


class SwitchOrder(msgspec.Struct, frozen=True, kw_only=True):
    """Let something fail, or work again."""

    name: _Name
    on: bool = True


class PhoneOrder(msgspec.Struct, frozen=True, kw_only=True):
    """Do something with a phone."""

    phone: _Name
    act: Literal["offline", "online", "revoke", "restore", "replace", "dismiss"]
    key: _Name = ""


class LoadOrder(msgspec.Struct, frozen=True, kw_only=True):
    """Publish so many events a second."""

    events_per_second: int
