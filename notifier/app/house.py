"""What every role shares: contract, keys, clocks, one pool, telemetry."""

import random
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import msgspec

from notifier.app.entropy import Entropy
from notifier.app.keyring import Keyring, make_keyring
from notifier.app.places import Places
from notifier.app.readiness import Readiness
from notifier.app.schemas import read_files, read_migrations
from notifier.dispatch.facts import Observe
from notifier.dispatch.intake import Clocks
from notifier.dispatch.patience import Patience
from notifier.domain.policy import DeviceBrake, Policy
from notifier.postgres.migrations import migrate
from notifier.postgres.partitions import make_partitions
from notifier.postgres.pool import Pool, open_pool
from notifier.settings import Settings, read_keys
from notifier.telemetry import Telemetry, start_logs
from notifier.wire.catalogue import Catalogue, load_catalogue
from notifier.wire.policy import load_policy
from notifier.wire.publishers import Register, load_register


class Contract(msgspec.Struct, frozen=True, kw_only=True):
    """What `schemas/` says."""

    catalogue: Catalogue
    register: Register
    policy: Policy
    device_brake: DeviceBrake


class House(msgspec.Struct, frozen=True, kw_only=True):
    """What every role shares."""

    settings: Settings
    places: Places
    contract: Contract
    keyring: Keyring
    pool: Pool
    clocks: Clocks
    telemetry: Telemetry
    readiness: Readiness
    entropy: Entropy

    @property
    def observe(self) -> Observe:
        """Give where facts go."""
        return self.readiness.observe

    @property
    def prefix(self) -> str:
        """Give what every topic's name begins with."""
        return self.settings.kafka.topic_prefix

    def topic(self, name: str) -> str:
        """Give the full name of a topic."""
        return f"{self.prefix}{name}"

    def patience(self, part: str) -> Patience:
        """Give the patience of a part."""
        return Patience(part=part, chance=random.random, observe=self.observe)


def read_contract(settings: Settings) -> Contract:
    """Read and check the contract; Misconfigured says every fault."""
    files = read_files(settings)
    national = load_policy(files)
    return Contract(
        catalogue=load_catalogue(files),
        register=load_register(files, settings.kafka.topic_prefix),
        policy=national.policy,
        device_brake=national.device_brake,
    )


def utc_now() -> datetime:
    """Give the present."""
    return datetime.now(UTC)


@asynccontextmanager
async def open_house(
    settings: Settings, places: Places, now: Callable[[], datetime] = utc_now, *, prepare: bool = True
) -> AsyncIterator[House]:
    """Open what every role shares; brings an embedded database up to date."""
    contract, entropy = read_contract(settings), Entropy()
    telemetry = Telemetry(start_logs(settings.telemetry.level), now)
    async with open_pool(places.dsn) as pool:
        if prepare and settings.postgres.dsn is None:
            await migrate(pool, read_migrations(settings))
        if prepare:
            await make_partitions(pool, utc_now().date())
        yield House(
            settings=settings,
            places=places,
            contract=contract,
            keyring=make_keyring(read_keys(places.keys), entropy),
            pool=pool,
            clocks=Clocks(now=now, wall=utc_now, monotonic=time.monotonic),
            telemetry=telemetry,
            readiness=Readiness(telemetry.observe, utc_now),
            entropy=entropy,
        )
