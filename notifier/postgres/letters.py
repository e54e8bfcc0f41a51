"""Dead letters: the table holds the record sealed, the topic only what a publisher may read (B24)."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from notifier.dispatch.admission import record_of
from notifier.dispatch.batches import Batch, Item
from notifier.domain.reasons import DeadLetterReason
from notifier.postgres.pool import Connection
from notifier.postgres.queries import query
from notifier.wire.letters import encode_dead_letter
from notifier.wire.records import DeadLetter, pack

SEALED_FOR = b"dead letter"
"""What records are sealed for; it must be given again to open them."""


class Letters:
    """Writes dead letters; `seal` takes a record and what it is sealed for, under the key of this use alone (B40)."""

    def __init__(self, topic: str, seal: Callable[[bytes, bytes], bytes]) -> None:
        self._topic = topic
        self._seal = seal

    async def put(
        self, connection: Connection, batch: Batch, reused: Sequence[Item], strangers: Sequence[Item]
    ) -> None:
        """Store and owe every dead letter of a batch."""
        letters = [
            *batch.letters,
            *(bury(batch, item, DeadLetterReason.ID_REUSED, "/id") for item in reused),
            *(bury(batch, item, DeadLetterReason.MATTER_OF_ANOTHER, "/data/matter") for item in strangers),
        ]
        if letters:
            await self._store(connection, batch, letters)
            await self._owe(connection, letters)

    async def _store(self, connection: Connection, batch: Batch, letters: Sequence[DeadLetter]) -> None:
        await connection.execute(
            query("insert_dead_letters"),
            batch.day,
            [letter.position.topic for letter in letters],
            [letter.position.partition for letter in letters],
            [letter.position.offset for letter in letters],
            [letter.reason for letter in letters],
            [letter.field for letter in letters],
            [letter.source for letter in letters],
            [letter.id for letter in letters],
            [self._seal(letter.raw, SEALED_FOR) for letter in letters],
            batch.now,
        )

    async def _owe(self, connection: Connection, letters: Sequence[DeadLetter]) -> None:
        keys = [
            f"{letter.position.topic}:{letter.position.partition}:{letter.position.offset}".encode()
            for letter in letters
        ]
        contents = [encode_dead_letter(letter) for letter in letters]
        await connection.execute(query("put_outbox"), 0, self._topic, keys, contents, timedelta())


def bury(batch: Batch, item: Item, reason: DeadLetterReason, field: str) -> DeadLetter:
    """Make the dead letter of a record that was refused after decoding; its references passed the scan."""
    record = record_of(item)
    raw = pack(batch.records[item.position])
    return DeadLetter(position=item.position, reason=reason, field=field, source=record.source, id=record.id, raw=raw)
