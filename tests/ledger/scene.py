"""A ledger, fake or real, as the path uses it."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from notifier.dispatch.batches import Badge, Batch, Due, Item, Opened, OpenResult, Span
from notifier.dispatch.claims import Claimed, Postponed, Stopped
from notifier.dispatch.debts import Owed, Paid
from notifier.dispatch.recorder import Record
from notifier.domain.plans import Delivery, Marking, Opening
from notifier.domain.pushes import TokenGone
from notifier.domain.reasons import DeadLetterReason, Reason
from notifier.domain.settlements import Done, Failed, Later, Settlement
from notifier.wire.records import DeadLetter, Position, RawRecord
from tests.ledger.cast import LANE, LEASE, NOW, a_phone
from tests.ledger.fake_backend import FakeBackend
from tests.ledger.postgres_backend import PostgresBackend

TOPIC = "1177.events"
Backend = FakeBackend | PostgresBackend


class Scene:
    """What a test does with a ledger."""

    def __init__(self, backend: Backend, partition: int = 0) -> None:
        self.backend = backend
        self.partition = partition
        self.next_offset = 0

    async def open(
        self, *works: Opening | Marking, now: datetime = NOW, broken: int = 0, border: datetime | None = None
    ) -> Opened:
        """Open records in one batch; broken ones come last, and `border` is that of old apps."""
        batch = msgspec.structs.replace(self.batch(*works, now=now, broken=broken), update_border=border)
        self.next_offset = batch.spans[0].next_offset
        result = await self.backend.ledger.open(batch)
        assert isinstance(result, Opened)
        return result

    async def try_open(self, batch: Batch) -> OpenResult:
        return await self.backend.ledger.open(batch)

    def batch(self, *works: Opening | Marking, now: datetime = NOW, broken: int = 0) -> Batch:
        """Make the batch that would come next."""
        first, part = self.next_offset, self.partition
        places = [Position(topic=TOPIC, partition=part, offset=first + number) for number in range(len(works) + broken)]
        reason = DeadLetterReason.NOT_JSON
        return Batch(
            spans=(Span(topic=TOPIC, partition=part, expected=first, next_offset=first + len(places)),),
            items=tuple(Item(position=place, work=work) for place, work in zip(places, works, strict=False)),
            letters=tuple(
                DeadLetter(position=place, reason=reason, field=None, source=None, id=None, raw=b"{")
                for place in places[len(works) :]
            ),
            records={place: _raw(place) for place in places},
            day=now.date(),
            now=now,
            lease=LEASE,
            rejudge_at=now + timedelta(seconds=10),
            catalogue="test",
            policy=1,
        )

    async def reopen(self, *works: Opening, now: datetime = NOW, border: datetime | None = None) -> Opened:
        """Store what judging again made of held events."""
        batch = self.batch(*works, now=now)
        return await self.backend.holdings.reopen(
            Batch(spans=(), items=batch.items, letters=(), records={}, day=now.date(), now=now, lease=LEASE,
                  rejudge_at=batch.rejudge_at, catalogue="test", policy=1, update_border=border)
        )  # fmt: skip

    async def record(
        self, settlement: Settlement | None, *dues: Due, now: datetime = NOW, badge: Badge | None = None
    ) -> Mapping[str, int]:
        """Record the same of all of these."""
        records = [Record(due=due, settlement=settlement, badge=badge or due.badge, at=now) for due in dues]
        return (await self.backend.recordings.record(records, now)).ends

    async def accept(self, *dues: Due, now: datetime = NOW) -> Mapping[str, int]:
        return await self.record(Done(), *dues, now=now)

    async def claim(self, most: int = 100, now: datetime = NOW) -> Sequence[Claimed]:
        """Claim what waits, and let all of it go out."""
        async with self.backend.waiting.claim(LANE, most, now) as claim:
            if claim.claimed:
                await claim.settle([], [], now)
            return claim.claimed

    async def claim_and_judge(
        self, *, hold: bool = False, stop: Reason | None = None, now: datetime = NOW
    ) -> Sequence[Claimed]:
        """Claim what waits, and hold or stop all of it."""
        async with self.backend.waiting.claim(LANE, 100, now) as claim:
            held = [Postponed(claimed=one, reason="feed_stale") for one in claim.claimed] if hold else []
            state = "expired" if stop is Reason.EXPIRED else "cancelled"
            stopped = [Stopped(claimed=one, state=state, reason=stop) for one in claim.claimed] if stop else []
            await claim.settle(held, stopped, now)
            return claim.claimed

    async def owed(self, most: int = 100) -> Sequence[Owed]:
        return await self.backend.debts.claim_quiet(LANE, most)

    async def pay(
        self,
        *owed: Owed,
        badge: bool = True,
        removal: bool = True,
        wait: timedelta = timedelta(),
        taken: bool = False,
    ) -> None:
        await self.backend.debts.pay(
            [Paid(owed=one, badge_done=badge, removal_done=removal, wait=wait, taken=taken) for one in owed]
        )


def _raw(place: Position) -> RawRecord:
    return RawRecord(
        topic=place.topic, partition=place.partition, offset=place.offset, key=None, headers=(), value=b"{}",
        timestamp_ms=0,
    )  # fmt: skip


def due_of(claimed: Claimed) -> Due:
    """Make the lane's entry of a claimed delivery, as far as recording looks at it."""
    phone = a_phone(claimed.device, claimed.recipient)
    return Due(
        ref=claimed.ref,
        id=claimed.id,
        source=claimed.event.source,
        event_id=claimed.event.id,
        recipient=claimed.recipient,
        subject=claimed.subject,
        device=claimed.device,
        delivery=Delivery(
            id=claimed.id, device=claimed.device, lane=LANE, loudness=claimed.loudness, text_key=claimed.text_key,
            collapse_id=claimed.collapse_id, expires_at=NOW + timedelta(days=7), sealed=None, token=phone.token,
            platform=phone.platform, kind=phone.kind, leased=True,
        ),
        lease=claimed.lease,
        attempts=claimed.attempts,
        opened_at=claimed.opened_at,
        appended_at=None,
        badge=claimed.badge,
    )  # fmt: skip


def later(seconds: float = 5, *, unsure: bool = False) -> Later:
    return Later(wait=timedelta(seconds=seconds), unsure=unsure)


GONE = Failed(reason=Reason.DEVICE_GONE, gone=TokenGone(since=None))
REFUSED = Failed(reason=Reason.PROVIDER_REFUSED)
