"""One test's own database, topics, people and processes on the common stage."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import aiokafka
import asyncpg
from aiokafka.errors import KafkaError

from notifier.app.keyring import Keyring, make_keyring
from notifier.settings import read_keys
from tests.whole.book import Book
from tests.whole.people import Person, write_heartbeat
from tests.whole.service import Service
from tests.whole.stage import Stage

_BEAT_SECONDS = 5.0
_LOOK_SECONDS = 0.05
_OUTLOOK_SECONDS = 1.1
"""A process uses for a second what it has read of freshness."""


class Trial:
    """What a test starts, publishes and asks."""

    def __init__(self, stage: Stage, dsn: str, prefix: str, folder: Path, people: Sequence[Person]) -> None:
        self.stage = stage
        self.dsn = dsn
        self.prefix = prefix
        self.folder = folder
        self.people = people
        self.book = Book(prefix.replace(".", "-"))
        self.services: list[Service] = []
        self.journal_start = stage.journal.stat().st_size
        self.keyring: Keyring = make_keyring(read_keys(stage.keys))
        self.producer: aiokafka.AIOKafkaProducer

    @property
    def adults(self) -> list[Person]:
        """Those with phones."""
        return [person for person in self.people if person.phones]

    @property
    def children(self) -> list[Person]:
        """Those with guardians."""
        return [person for person in self.people if person.guardians]

    def topic(self, name: str) -> str:
        """Give a topic's whole name."""
        return f"{self.prefix}{name}"

    def environment(self, **settings: str) -> dict[str, str]:
        """Give the settings of a process of this trial."""
        settings = {
            "POSTGRES__DSN": self.dsn,
            "KAFKA__TOPIC_PREFIX": self.prefix,
            "KAFKA__GROUP": f"{self.prefix}{len(self.services)}",
            **settings,
        }
        return self.stage.environment() | {f"NOTIFIER_{name}": value for name, value in settings.items()}

    async def launch(self, *words: str, **settings: str) -> Service:
        """Start a process; without a group of its own it need not wait until Kafka forgets a dead one (A5)."""
        first = () if self.services else ("--from", "earliest")
        log = self.folder / f"{self.prefix}{len(self.services)}.log"
        service = Service(log, self.environment(**settings), *first, *words)
        await service.start()
        self.services.append(service)
        return service

    async def run(self, *words: str, **settings: str) -> Service:
        """Start a process and wait until it is ready and knows everybody."""
        service = await self.launch(*words, **settings)
        await service.ready()
        await self.know()
        return service

    async def know(self) -> None:
        """Return when residents and proxies have been read, as whoever wants to publish would ask `/readyz`."""
        question = "select count(complete_to) = 8 and count(rebuild_to) = 0 from projection_position"
        async with asyncio.timeout(30):
            while not (await self.fetch(question))[0][0]:
                await asyncio.sleep(_LOOK_SECONDS)
        await asyncio.sleep(_OUTLOOK_SECONDS)

    async def publish(self, values: Iterable[bytes]) -> None:
        """Publish to the topic of events, without keys, over its partitions in turn."""
        sent = []
        for number, value in enumerate(values):
            sent.append(await self.producer.send(self.topic("events"), value, partition=number % 6))
        await asyncio.gather(*sent)

    async def beat(self) -> None:
        """Say that residents and proxies are complete to now."""
        sent = [
            await self.producer.send(self.topic(name), write_heartbeat(), f"heartbeat:{part}".encode(), partition=part)
            for name in ("residents", "proxies")
            for part in range(4)
        ]
        await asyncio.gather(*sent)

    async def fetch(self, statement: str, *values: object) -> list[asyncpg.Record]:
        """Ask the database."""
        connection = await asyncpg.connect(self.dsn)
        try:
            rows: list[asyncpg.Record] = await connection.fetch(statement, *values)
        finally:
            await connection.close()
        return rows

    async def hurry(self) -> None:
        """Let what is held be judged at once instead of after ten seconds (A7)."""
        await self.fetch("update event set rejudge_at = now() where held_reason is not null")

    async def devices(self) -> Mapping[str, int]:
        """Give the id that notifier has given to each phone, by token."""
        rows = {row["token_index"]: row["id"] for row in await self.fetch("select id, token_index from device")}
        tokens = [phone.token for person in self.people for phone in person.phones]
        return {token: rows[self.keyring.devices.index(token)] for token in tokens}

    async def beat_on(self) -> None:
        """Keep residents and proxies fresh, also while Kafka is away."""
        while True:
            await asyncio.sleep(_BEAT_SECONDS)
            with suppress(KafkaError):
                await self.beat()
