"""People without phones, a register, and the path from their audience to the ledger, over PostgreSQL."""

import os
from datetime import datetime
from typing import Any, Literal

import msgspec

from notifier.dispatch.batches import Due, Opened, Span
from notifier.dispatch.claims import Postponed, Stopped
from notifier.dispatch.feeder import judge_again
from notifier.dispatch.fleet import Fleet
from notifier.dispatch.intake import Clocks
from notifier.dispatch.patience import Patience
from notifier.dispatch.registrations import Registrations
from notifier.dispatch.rejudging import Rejudger
from notifier.domain.circumstances import Circumstances
from notifier.domain.identifiers import PersonId
from notifier.postgres.imports import PostgresRegister
from notifier.postgres.pool import Pool
from notifier.wire.device_lines import Device
from notifier.wire.records import Decoded, Position, Read
from tests.domain.cast import NATIONAL, around
from tests.ledger.cast import LANE, LEASE, NOW, lookup_of
from tests.ledger.parts import an_event
from tests.ledger.postgres_backend import PostgresBackend
from tests.ledger.scene import TOPIC, Scene
from tests.wire.planning import PLANNER, SECRETS

LANES = {"ios": LANE, "android": "fcm:production"}


class House:
    """People without phones, a register, and the path from their audience to the ledger."""

    def __init__(self, pool: Pool) -> None:
        self.pool = pool
        self.backend = PostgresBackend(pool)
        self.scene = Scene(self.backend)
        self.registrations = Registrations(PostgresRegister(pool, 1), SECRETS, os.urandom)
        self._number = 0

    async def register(
        self,
        person: PersonId,
        token: str,
        at: datetime,
        platform: Literal["ios", "android"] = "ios",
        version: str | None = None,
        *,
        proven: bool = False,
    ) -> None:
        """Register a phone as the app does, or take over a proven one as the import does."""
        line = Device(
            person=lookup_of(person), platform=platform, environment="production", lane=LANES[platform], kind="token",
            token=token, content_key=None, language=None, app_version=version, registered_at=at,
        )  # fmt: skip
        await self.registrations.put_devices([line], at, proven=proven)

    async def notify(
        self, person: PersonId, now: datetime = NOW, around: Circumstances | None = None, **policy: Any
    ) -> list[Due]:
        """Plan and open an event about somebody; give what is handed to the lanes."""
        number, self._number = self._number, self._number + 1
        event = an_event(f"e{number}", matter=f"m{number}", subject=person)
        read = Read(position=Position(topic=TOPIC, partition=0, offset=number), item=event, appended_at=now)
        audiences = await self.backend.directory.audience_of([event.subject], now)
        batch = PLANNER.plan(
            (Span(topic=TOPIC, partition=0, expected=number, next_offset=number + 1),),
            Decoded(reads=(read,), letters=()), {}, audiences, {}, around or at(now, **policy),
        )  # fmt: skip
        opened = await self.backend.ledger.open(batch)
        assert isinstance(opened, Opened)
        return list(opened.due)

    async def claim(self, now: datetime = NOW) -> list[Due | Postponed | Stopped]:
        """Claim what waits and judge it again, as the feeder does."""
        claimed = await self.scene.claim(now=now)
        audiences = await self.backend.directory.audience_of([one.event.subject for one in claimed], now)
        return [judge_again(one, audiences[one.event.subject], at(now), 0.0) for one in claimed]

    async def judge_held(self, now: datetime, **policy: Any) -> None:
        """Judge what is held as the service does; no lane has room."""

        async def circumstances(now: datetime) -> Circumstances:
            return at(now, **policy)

        fleet = Fleet(lanes={}, lease=LEASE, workers=1, monotonic=lambda: 0.0)
        clocks = Clocks(now=lambda: now, wall=lambda: now, monotonic=lambda: 0.0)
        await Rejudger(
            ledger=self.backend.holdings, directory=self.backend.directory, circumstances=circumstances,
            planner=PLANNER, fleet=fleet, clocks=clocks, observe=lambda _fact: None,
            patience=Patience(part="rejudge", chance=lambda: 0.5, observe=lambda _fact: None),
        ).judge()  # fmt: skip


def at(now: datetime, residents_complete_to: datetime | None = None, **policy: Any) -> Circumstances:
    """Give the circumstances under a changed policy."""
    known = around(now, residents_complete_to=residents_complete_to or now)
    return msgspec.structs.replace(known, policy=msgspec.structs.replace(NATIONAL, **policy), day=NOW.date())


def tokens(dues: list[Due]) -> set[str]:
    return {SECRETS.open_token(due.delivery.token) for due in dues}
