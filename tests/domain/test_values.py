"""Who sends (B5), which events are live (B15), and the three exceptions."""

from datetime import UTC, datetime, timedelta

import pytest

from notifier.domain.events import Event
from notifier.domain.faults import Misconfigured, Poison, Unavailable
from notifier.domain.policy import DeviceBrake, National, Retention, Sender
from notifier.domain.reasons import DeadLetterReason
from tests.domain.cast import NATIONAL, an_event
from tests.domain.kinds import CASE, INBOX, VIDEO


@pytest.mark.holds("B5")
@pytest.mark.parametrize(
    ("region", "type_name", "sender"),
    [
        ("01", "se.1177.inbox.message.received.v1", Sender.NOTIFIER),
        ("01", "se.1177.booking.changed.v1", Sender.SHADOW),
        ("12", "se.1177.inbox.message.received.v1", Sender.LEGACY),
        ("00", "se.1177.inbox.message.received.v1", Sender.LEGACY),
    ],
)
def test_who_sends_sms_is_said_per_region_and_type_the_most_exact_first(
    region: str, type_name: str, sender: Sender
) -> None:
    day = timedelta(days=1)
    national = National(
        in_force_at=datetime(2026, 1, 1, tzinfo=UTC),
        policy=NATIONAL,
        device_brake=DeviceBrake(share=0.02, mean_factor=3, mean_over=7 * day, window=day / 144, floor=50),
        retention=Retention(
            gate=30 * day,
            waiting_marks=30 * day,
            dead_letters=30 * day,
            traces=90 * day,
            tombstones=30 * day,
            devices_after_death=30 * day,
        ),
        senders={
            "default": Sender.LEGACY,
            "01": Sender.SHADOW,
            "01:se.1177.inbox.message.received.v1": Sender.NOTIFIER,
        },
    )
    assert national.sender(region, type_name) is sender


@pytest.mark.holds("B15")
@pytest.mark.parametrize(
    ("event", "live"),
    [
        (an_event(VIDEO), True),
        (an_event(INBOX, live_asked=True), False),
        (an_event(CASE), False),
        (an_event(CASE, live_asked=True), True),
    ],
)
def test_an_event_is_live_by_its_type_or_by_its_data_where_the_type_leaves_it_open(event: Event, live: bool) -> None:
    assert event.live is live


@pytest.mark.holds("B24", "R4")
def test_poison_names_its_reason_and_field_and_nothing_else() -> None:
    poison = Poison(DeadLetterReason.SCHEMA_VIOLATED, "/data/unit")
    assert (poison.reason, poison.field) == (DeadLetterReason.SCHEMA_VIOLATED, "/data/unit")
    assert poison.args == ("schema_violated", "/data/unit")
    assert Poison(DeadLetterReason.EMPTY).field is None


@pytest.mark.holds("R43")
def test_every_fault_of_the_settings_is_said_at_once() -> None:
    faults = Misconfigured("no key", "no topic")
    assert faults.faults == ("no key", "no topic")
    assert str(faults) == "no key\nno topic"
    assert not issubclass(Misconfigured, Unavailable)
