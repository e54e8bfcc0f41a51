"""Phones of a lane by the hundred, and what a provider says of them."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from notifier.app.house import utc_now
from notifier.dispatch.batches import Badge, Due
from notifier.dispatch.deletions import DeletionsBraked, settle_parked
from notifier.dispatch.identities import Reference
from notifier.dispatch.recorder import Record
from notifier.dispatch.registrations import DeviceRow
from notifier.domain.identifiers import CollapseId, DeliveryId, DeviceId, EventKey, NoticeId, PersonId, Pseudonym
from notifier.domain.people import Platform
from notifier.domain.plans import Delivery, NoticeRef
from notifier.domain.pushes import Outcome, TokenGone
from notifier.domain.settlements import Attempts, Done, Settlement, Waits, settle
from notifier.domain.verdicts import Loudness
from notifier.postgres.deletions import PostgresParked
from notifier.postgres.imports import PostgresRegister
from notifier.postgres.pool import Pool
from notifier.postgres.recording import Recordings
from notifier.wire.device_lines import Device
from tests.ledger.cast import LANE, NOW
from tests.ledger.postgres_backend import BRAKE, STATUS

OTHER_LANE = "fcm:production"
REGISTERED = NOW - timedelta(days=100)


class Phones:
    """A lane's phones, numbered from `first`, each of somebody who has no other."""

    def __init__(self, pool: Pool, lane: str = LANE, first: int = 10_000) -> None:
        self.pool = pool
        self.lane = lane
        self.first = first
        self.now = NOW
        self.recordings = Recordings(pool, STATUS, lambda _point: None, BRAKE)

    async def arrive(self, count: int) -> None:
        """Register so many phones."""
        await self.pool.execute(
            "insert into device (id, person, platform, environment, lane, kind, token, token_index, content_key,"
            " registered_at, confirmed_at, proven_at) select id, id, 'ios', 'production', $3, 'token', id::text::bytea,"
            " id::text::bytea, '', $4, $4, $4 from generate_series($1::bigint, $2::bigint) as s (id)",
            self.first, self.first + count - 1, self.lane, REGISTERED,
        )  # fmt: skip

    async def register_anew(self, number: int) -> None:
        """Let a phone register itself again, as an import does it."""
        phone, owner = self.first + number, Pseudonym((self.first + number).to_bytes(32))
        await self.pool.execute("insert into person (id, lookup, lookup_key) values ($1, $2, 1)", phone, owner)
        token = str(phone)
        device = Device(
            person=owner, platform="ios", environment="production", lane=self.lane, kind="token", token=token,
            content_key=None, language=None, app_version=None, registered_at=self.now,
        )  # fmt: skip
        row = DeviceRow(
            id=DeviceId(phone), device=device, token=token.encode(), token_index=token.encode(), content_key=b""
        )
        known = Reference(pseudonym=owner, id=PersonId(phone))
        assert await PostgresRegister(self.pool, 1).put_devices([row], [known], 10, self.now, proven=False) == 1

    def wait(self, pause: timedelta) -> None:
        """Let time go on."""
        self.now += pause

    async def answer(
        self,
        *,
        accepted: int = 0,
        gone: Iterable[int] = (),
        since: datetime | None = None,
        outcome: Outcome | None = None,
    ) -> Sequence[DeletionsBraked]:
        """Record one batch: so many acceptances, and these phones gone; give which brakes it closed."""
        lost = settle(outcome or TokenGone(since=since), Attempts(), Waits())
        records = [*(self._record(Done(), 0) for _ in range(accepted)), *(self._record(lost, one) for one in gone)]
        return (await self.recordings.record(records, self.now)).braked

    async def settle(self) -> None:
        """Do what the upkeep does every few seconds."""
        await settle_parked(PostgresParked(self.pool), BRAKE, self.now)

    async def states(self) -> dict[str, int]:
        """Count the lane's phones: `used`, parked by its reason, or `forgotten`."""
        rows = await self.pool.fetch(
            "select case when retired_at is not null then 'forgotten' else coalesce(parked_reason, 'used') end,"
            " count(*) from device where lane = $1 group by 1", self.lane,
        )  # fmt: skip
        return dict(rows)

    def _record(self, settlement: Settlement, number: int) -> Record:
        return Record(
            due=a_due(self.lane, self.first + number),
            settlement=settlement,
            badge=Badge(unread=1, version=1),
            at=self.now,
        )


def a_due(lane: str, device: int) -> Due:
    """Make the lane's entry of a delivery that the ledger has forgotten: only lane and phone matter here."""
    delivery = Delivery(
        id=DeliveryId(device), device=DeviceId(device), lane=lane, loudness=Loudness.ACTIVE, text_key="own",
        collapse_id=CollapseId(bytes(16)), expires_at=NOW + timedelta(days=7), sealed=None, token=b"",
        platform=Platform.IOS, kind="token", leased=True,
    )  # fmt: skip
    return Due(
        ref=NoticeRef(day=utc_now().date(), event=EventKey(bytes(16)), notice=NoticeId(device)),
        id=DeliveryId(device), source="urn:se:1177:inkorg", event_id="e", recipient=PersonId(device),
        subject=PersonId(device), device=DeviceId(device), delivery=delivery, lease=0, attempts=0, opened_at=NOW,
        appended_at=None, badge=Badge(unread=1, version=1),
    )  # fmt: skip
