"""What reading a partitioned log asks of whoever takes its records: intake and the projections alike."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from notifier.domain.faults import Misconfigured
from notifier.wire.records import RawRecord


class RecordTaker(Protocol):
    """Owns the positions of its topics and makes records its own together with them."""

    async def positions(self, topic: str, starts: Mapping[int, int]) -> Mapping[int, int]:
        """Give where each partition is to be read from; `starts` holds the first offset that the log still has.

        Raises Misconfigured where that must not be guessed (A5), Unavailable where it is to be asked again.
        """

    async def handle(
        self, topic: str, partition: int, expected: int, next_offset: int, records: Sequence[RawRecord]
    ) -> bool:
        """Take records in offset order and move the position from `expected` to `next_offset`.

        `records` may be empty: then the log has a gap there (markers and aborted records of transactions), and the
        position moves over it, so that retention never seems to overtake it. True once the position stands at
        `next_offset`; False where it stood elsewhere: the partition has another owner. Raises Unavailable where
        nothing was stored and the same is to be tried again; whatever else it raises ends the reading.
        """


def choose_positions(topic: str, stored: Mapping[int, int], starts: Mapping[int, int]) -> Mapping[int, int]:
    """Give where to read from: a known partition where it stands, a new one of a known topic from 0 (A5).

    Raises Misconfigured for a topic without any position, and where the log no longer has what was not yet read.
    """
    if not stored:
        raise Misconfigured(
            f"Topic {topic} has no position yet: start once with `notifier run --from earliest` to read it whole."
        )
    chosen = {partition: stored.get(partition, 0) for partition in starts}
    faults = [
        f"Topic {topic}, partition {partition}: offsets {chosen[partition]} to {start - 1} were removed before they "
        "were read, and what was lost is never guessed: start once with `notifier run --from earliest`."
        for partition, start in sorted(starts.items())
        if chosen[partition] < start
    ]
    if faults:
        raise Misconfigured(*faults)
    return chosen
