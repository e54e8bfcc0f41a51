"""Entries of a lane and a clock that stands until it is moved."""

from datetime import UTC, datetime, timedelta

from notifier.dispatch.batches import Badge, Due
from notifier.domain.identifiers import CollapseId, DeliveryId, DeviceId, EventKey, NoticeId, PersonId
from notifier.domain.people import Platform
from notifier.domain.plans import Delivery, NoticeRef
from notifier.domain.pushes import Accepted, Outcome, Parcel
from notifier.domain.verdicts import Loudness

LANE = "apns:production:se.1177.app"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


class Clock:
    """Seconds that pass only by `move`."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds

    def move(self, seconds: float) -> None:
        self.seconds += seconds

    def now(self) -> datetime:
        return NOW + timedelta(seconds=self.seconds)


class Post:
    """Takes every parcel."""

    def __init__(self) -> None:
        self.parcels: list[Parcel] = []

    async def send(self, parcel: Parcel) -> Outcome:
        self.parcels.append(parcel)
        return Accepted()


def a_due(
    number: int = 1,
    *,
    recipient: int = 1,
    subject: int = 1,
    quiet_from: float | None = None,
    doubtful: bool = False,
) -> Due:
    return Due(
        ref=NoticeRef(day=NOW.date(), event=EventKey(number.to_bytes(16)), notice=NoticeId(number)),
        id=DeliveryId(number), source="urn:x", event_id=f"e{number}", recipient=PersonId(recipient),
        subject=PersonId(subject), device=DeviceId(number),
        delivery=Delivery(
            id=DeliveryId(number), device=DeviceId(number), lane=LANE, loudness=Loudness.ACTIVE, text_key="own",
            collapse_id=CollapseId(bytes(16)), expires_at=NOW + timedelta(days=1), sealed=None, token=b"sealed",
            platform=Platform.IOS, kind="token", leased=True, doubtful=doubtful,
        ),
        lease=1, attempts=1, opened_at=NOW, appended_at=None, badge=Badge(unread=1, version=1), quiet_from=quiet_from,
    )  # fmt: skip
