"""What the page shows, as values: the templates turn them into words of one language."""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from notifier.sandbox.event_views import EventView, TypeView
from notifier.sandbox.gauge_views import AccountView, ClockView, FiguresView, LoadView, PartView, SwitchView
from notifier.sandbox.people import Platform


class EntryView(msgspec.Struct, frozen=True, kw_only=True):
    """One notification that a phone shows."""

    key: str
    identity: str
    """That of the notice: each push about it carries the same."""
    text_key: str
    """`NOTICE_OWN`, `NOTICE_CHILD`: the words are the phone's own."""
    at: datetime
    sounded: bool
    times_shown: int
    push: int
    """Serial of the push that shows it: its exact bytes can be asked for."""


class PhoneState(msgspec.Struct, frozen=True, kw_only=True):
    """What a phone shows and counted, as the simulators tell of it."""

    badge: int = 0
    received: int = 0
    sounds: int = 0
    online: bool = True
    waiting: int = 0
    """Pushes that the provider keeps for a phone that is offline."""
    revoked: bool = False
    entries: tuple[EntryView, ...] = ()
    """The newest first; a few of them."""
    more: int = 0
    """Entries that are not listed."""
    doubled: int = 0
    """Notices shown twice (A29): never anything but 0."""


class PhoneView(msgspec.Struct, frozen=True, kw_only=True):
    """One phone."""

    slug: str
    """Its name in ids and addresses, e.g. `tolvan-ios`."""
    platform: Platform
    owner: str
    language: str
    """Of the phone: its notifications speak it, whatever the page does."""
    state: PhoneState = PhoneState()


class PersonView(msgspec.Struct, frozen=True, kw_only=True):
    """One made-up person with phones."""

    slug: str
    name: str
    number: str
    story: str
    """A key of the words `stories`."""
    age: int | None
    """None of somebody whom nobody knows."""
    phones: tuple[PhoneView, ...]


class ChoiceView(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody to publish about."""

    number: str
    name: str
    story: str
    """A key of the words `stories`."""


class MatterView(msgspec.Struct, frozen=True, kw_only=True):
    """What the app shows behind a deep link: what the phone opened with its own key; empty where nothing was sealed."""

    phone: PhoneView
    title: Mapping[str, str]
    type: str
    source: str
    matter: str
    unit: str
    link: str
    happens_at: datetime | None
    about_child: bool
    subject: str
    """Identity number of the person whom the matter is about: the app knows it after login."""
    reader: str
    """That of whoever is logged in."""


class PageView(msgspec.Struct, frozen=True, kw_only=True):
    """The whole page when it is first shown."""

    people: tuple[PersonView, ...]
    choices: tuple[ChoiceView, ...]
    types: tuple[TypeView, ...]
    events: tuple[EventView, ...]
    parts: tuple[PartView, ...]
    figures: FiguresView
    account: AccountView
    switches: tuple[SwitchView, ...]
    clock: ClockView
    load: LoadView
