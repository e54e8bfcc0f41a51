"""The named points around parts that know nothing of them: tests end the process there."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import msgspec

from notifier.dispatch.batches import Batch, Opened
from notifier.dispatch.claims import HeldEvent
from notifier.dispatch.debts import Debts, Owed, Paid
from notifier.dispatch.feeder import Claim, Waiting
from notifier.dispatch.intake_port import RecordTaker
from notifier.dispatch.rejudging import HeldLedger
from notifier.dispatch.relay import Errand, Outbox, Publisher
from notifier.wire.records import RawRecord

Reach = Callable[[str], None]


class MarkedPublisher(msgspec.Struct, frozen=True, kw_only=True):
    """Publishes, with the points around it."""

    publisher: Publisher
    reach: Reach

    async def publish(self, topic: str, keys: Sequence[bytes], values: Sequence[bytes]) -> None:
        """Publish in order per key."""
        self.reach("relay.before_publish")
        await self.publisher.publish(topic, keys, values)
        self.reach("relay.after_publish")


class MarkedOutbox(msgspec.Struct, frozen=True, kw_only=True):
    """The outbox, with a point after what was acknowledged is forgotten."""

    outbox: Outbox
    reach: Reach

    async def claim(self, within: timedelta) -> Errand:
        """Take shards."""
        return await self.outbox.claim(within)

    async def settle(self, errand: Errand) -> None:
        """Forget what was acknowledged."""
        await self.outbox.settle(errand)
        self.reach("relay.after_settle")


class MarkedTaker(msgspec.Struct, frozen=True, kw_only=True):
    """A projection's taker, with a point after its transaction."""

    taker: RecordTaker
    reach: Reach

    async def positions(self, topic: str, starts: Mapping[int, int]) -> Mapping[int, int]:
        """Give where each partition is to be read from."""
        return await self.taker.positions(topic, starts)

    async def handle(
        self, topic: str, partition: int, expected: int, next_offset: int, records: Sequence[RawRecord]
    ) -> bool:
        """Take records."""
        taken = await self.taker.handle(topic, partition, expected, next_offset, records)
        self.reach("project.after_commit")
        return taken


class MarkedWaiting(msgspec.Struct, frozen=True, kw_only=True):
    """The deliveries that wait, with a point after a claim of some is committed."""

    waiting: Waiting
    reach: Reach

    @asynccontextmanager
    async def claim(self, lane: str, most: int, now: datetime) -> AsyncIterator[Claim]:
        """Claim the oldest due deliveries of a lane."""
        async with self.waiting.claim(lane, most, now) as claim:
            yield claim
        if claim.claimed:
            self.reach("feed.after_claim")


class MarkedHoldings(msgspec.Struct, frozen=True, kw_only=True):
    """The held events, with a point after what judging again made of them is committed."""

    holdings: HeldLedger
    reach: Reach

    async def find_held(self, now: datetime, most: int) -> Sequence[HeldEvent]:
        """Give held events that are due."""
        return await self.holdings.find_held(now, most)

    async def reopen(self, batch: Batch) -> Opened:
        """Store what judging again made of them."""
        opened = await self.holdings.reopen(batch)
        self.reach("rejudge.after_commit")
        return opened

    async def put_off(self, held: HeldEvent, until: datetime) -> None:
        """Leave an event held."""
        await self.holdings.put_off(held, until)


class MarkedDebts(msgspec.Struct, frozen=True, kw_only=True):
    """Silent work, with the points around sending it."""

    debts: Debts
    reach: Reach

    async def claim_quiet(self, lane: str, most: int) -> Sequence[Owed]:
        """Claim due work of a lane."""
        owed = await self.debts.claim_quiet(lane, most)
        if owed:
            self.reach("quiet.after_claim")
        return owed

    async def pay(self, paid: Sequence[Paid]) -> None:
        """Store what was done of it."""
        self.reach("quiet.before_pay")
        await self.debts.pay(paid)
        self.reach("quiet.after_pay")
