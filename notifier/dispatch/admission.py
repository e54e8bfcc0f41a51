"""Which records of a batch pass the gate, and what matters make of them; shared by all implementers of the ledger."""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from notifier.dispatch.batches import Batch, Fates, Item
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


def count_fates(batch: Batch, admission: Admission, strangers: Sequence[Item]) -> dict[tuple[str, int], Fates]:
    """Count every record of the batch once, by its first fate (A6)."""
    fates = {(span.topic, span.partition): Fates() for span in batch.spans}
    refused = {id(item) for item in (*admission.reused, *strangers)}
    copies = {id(item) for item in admission.duplicates}
    for item in batch.items:
        fate = fates[item.position.topic, item.position.partition]
        fate.records += 1
        if id(item) in refused:
            fate.dead_letters += 1
        elif id(item) in copies:
            fate.duplicates += 1
        elif isinstance(item.work, Opening):
            fate.opened += 1
        else:
            fate.marks += 1
    for letter in batch.letters:
        fate = fates[letter.position.topic, letter.position.partition]
        fate.records += 1
        fate.dead_letters += 1
    return fates
