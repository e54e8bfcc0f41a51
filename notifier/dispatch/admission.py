"""Which records of a batch pass the gate, and what matters make of them; shared by all implementers of the ledger."""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from notifier.dispatch.batches import Item
from notifier.domain.events import Event, Mark
from notifier.domain.identifiers import EventKey, MatterKey
from notifier.domain.matters import Matter, Reader
from notifier.domain.plans import Marking, Opening
from notifier.domain.resolution import Resolution


class Admission(msgspec.Struct, frozen=True, kw_only=True):
    """A batch told apart: first comers by matter, copies of what is known, and other content under a known id (A4)."""

    admitted: dict[MatterKey, list[Item]]
    duplicates: list[Item]
    reused: list[Item]


def record_of(item: Item) -> Event | Mark:
    """Give the event or mark of an item."""
    return item.work.event if isinstance(item.work, Opening) else item.work.mark


def first_digests(items: Iterable[Item]) -> dict[EventKey, bytes]:
    """Give each key of the batch with the digest of its first record."""
    digests: dict[EventKey, bytes] = {}
    for item in items:
        record = record_of(item)
        digests.setdefault(record.key, record.digest)
    return digests


def admit(items: Sequence[Item], known: Mapping[EventKey, bytes]) -> Admission:
    """Tell first comers from copies: `known` holds the digests of keys that were in the gate before this batch."""
    admission = Admission(admitted={}, duplicates=[], reused=[])
    seen = dict(known)
    for item in items:
        record = record_of(item)
        digest = seen.get(record.key)
        if digest is None:
            seen[record.key] = record.digest
            admission.admitted.setdefault(record.matter_key, []).append(item)
        elif digest == record.digest:
            admission.duplicates.append(item)
        else:
            admission.reused.append(item)
    return admission


def resolve(key: MatterKey, items: Sequence[Item], matter: Matter | None, readers: Iterable[Reader] = ()) -> Resolution:
    """Play a matter's records on its locked state; a matter nobody knew belongs to the first record's subject."""
    resolution = Resolution(matter or Matter(key=key, subject=items[0].work.subject), readers)
    resolution.play([item.work for item in items])
    return resolution


def find_strangers(items: Sequence[Item], strangers: Sequence[Opening | Marking]) -> list[Item]:
    """Give the items whose work the matter refused (A21)."""
    refused = {id(work) for work in strangers}
    return [item for item in items if id(item.work) in refused]
