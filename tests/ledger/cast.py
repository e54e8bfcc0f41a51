"""Three made-up people, their phones, and the day on which everything happens."""

from datetime import UTC, datetime, timedelta

from notifier.domain.identifiers import DeviceId, PersonId, Pseudonym
from notifier.domain.people import Device, Platform
from notifier.domain.reasons import HoldReason, Reason
from notifier.domain.verdicts import Hold, Loudness, Push, Skip

LANE = "apns:production:se.1177.app"
NOW = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0)
ANNA, BERTIL, CHILD = PersonId(1), PersonId(2), PersonId(3)
PEOPLE = (ANNA, BERTIL, CHILD)
PHONES = {ANNA: (DeviceId(11), DeviceId(12)), BERTIL: (DeviceId(21),), CHILD: ()}
SKIPPED, HELD = Skip(reason=Reason.NO_DEVICE), Hold(reason=HoldReason.FEED_STALE)
LEASE = timedelta(seconds=60)
GRACE = timedelta(seconds=10)


def lookup_of(person: PersonId) -> Pseudonym:
    return Pseudonym(int(person).to_bytes(32))


def minute(number: float) -> datetime:
    """Give an instant of the story."""
    return NOW + timedelta(minutes=number)


def a_phone(number: DeviceId, person: PersonId) -> Device:
    return Device(
        id=number,
        platform=Platform.IOS,
        lane=LANE,
        kind="token",
        token=str(number).encode(),
        content_key=b"",
        language="sv",
        trusted_at=NOW - timedelta(days=100),
    )


def a_push(person: PersonId, loudness: Loudness = Loudness.ACTIVE) -> Push:
    """Let every phone of somebody get it."""
    return Push(
        devices=tuple(a_phone(phone, person) for phone in PHONES[person]),
        loudness=loudness,
        expires_at=NOW + timedelta(days=7),
    )
