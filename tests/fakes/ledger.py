"""Step 4 of the path in memory: a batch becomes ours in one transaction, or not at all."""

from collections.abc import Sequence

import msgspec

from notifier.dispatch.admission import (
    Admission,
    admit,
    count_fates,
    find_strangers,
    first_digests,
    record_of,
    resolve,
)
from notifier.dispatch.batches import Batch, Fates, Fenced, Item, Opened
from notifier.dispatch.outlook import Outlook, foresee, tally
from notifier.dispatch.statements import tell_copies, tell_marked, tell_opened, tell_rejected
from notifier.domain.identifiers import EventKey, MatterKey
from notifier.domain.reasons import DeadLetterReason
from notifier.domain.resolution import Resolution
from tests.fakes.endings import cancel, end_marked, end_superseded, owe_quiet
from tests.fakes.noticing import insert_event, write_notices
from tests.fakes.people import name_task
from tests.fakes.rows import EventRow, Letter, Tables
from tests.fakes.tables import Calm, Mood

replace = msgspec.structs.replace


class FakeLedger:
    """Opens batches, and says where partitions stand."""

    def __init__(self, tables: Tables, mood: Mood | None = None) -> None:
        self._tables = tables
        self._mood = mood or Calm()

    async def open(self, batch: Batch) -> Opened | Fenced:
        tables = self._tables
        async with tables.begin(self._mood, "open"):
            if any(tables.positions.get((one.topic, one.partition)) != one.expected for one in batch.spans):
                return Fenced()
            for span in batch.spans:
                tables.positions.put((span.topic, span.partition), span.next_offset)
            digests = first_digests(batch.items)
            admission = admit(batch.items, {key: tables.gate[key] for key in digests if key in tables.gate})
            for key, digest in digests.items():
                if key not in tables.gate:
                    tables.gate.put(key, digest)
            return self._store(batch, admission)

    async def position(self, topic: str, partition: int) -> int | None:
        async with self._tables.begin(self._mood, "position"):
            return self._tables.positions.get((topic, partition))

    async def release_events(self, batch: Batch, keys: Sequence[EventKey]) -> None:
        tables = self._tables
        async with tables.begin(self._mood, "release"):
            planned = [one for item in batch.items for one in getattr(item.work, "planned", ())]
            ours = {delivery.id for one in planned for delivery in one.deliveries}
            for one in sorted(ours & {one for key in keys for one in tables.delivered.get(key, ())}):
                row = tables.deliveries[one]
                if row.state != "accepted" and row.lease == 0:
                    tables.deliveries.put(one, replace(row, available_at=tables.clock(), handed=False))

    def _store(self, batch: Batch, admission: Admission) -> Opened:
        tables = self._tables
        resolutions = [resolve_matter(tables, key, items) for key, items in admission.admitted.items()]
        strangers = [
            item for one in resolutions for item in find_strangers(admission.admitted[one.matter.key], one.strangers)
        ]
        for item in strangers:
            tables.gate.drop(record_of(item).key)
        outlook = foresee(resolutions)
        for opened, course in outlook.opened:
            insert_event(tables, opened.opening, EventRow(
                opening=replace(opened.opening, planned=()),
                about_child=opened.opening.about_child,
                legacy=opened.opening.legacy,
                held=course.held,
                rejudge_at=None if course.held is None else batch.rejudge_at,
                due_at=course.due_at,
                ended=course.ended,
                ended_at=None if course.ended is None else opened.opening.opened_at,
            ))  # fmt: skip
        due = write_notices(tables, batch, outlook)
        tables.owe([status for opened, course in outlook.opened for status in tell_opened(opened, course, batch.now)])
        tables.owe(list(tell_marked((one for each in resolutions for one in each.marked), batch.now)))
        tables.owe(list(tell_copies(admission.duplicates, batch.now)))
        self._finish(batch, outlook)
        self._refuse(batch, admission.reused, strangers)
        fates = count_fates(batch, admission, strangers)
        for place, fate in fates.items():
            tables.totals.put(place, _add(tables.totals.get(place), fate))
        tables.note("opened", (name_task(), batch, outlook.notices))
        ends = [course.ended.end for _, course in outlook.opened if course.ended is not None]
        return Opened(
            due=tuple(due),
            fates=fates,
            reasons=tally(outlook.notices),
            ends={end: ends.count(end) for end in ends},
            quiet=bool(outlook.lowered),
        )

    def _finish(self, batch: Batch, outlook: Outlook) -> None:
        tables = self._tables
        tables.owe(end_superseded(tables, (*outlook.replaced, *outlook.replaced_here), batch.now))
        cancel(tables, outlook.cancelled)
        tables.owe(end_marked(tables, outlook.endings, batch.now))
        owe_quiet(tables, [(one.recipient, one.collapse_id) for one in outlook.lowered])

    def _refuse(self, batch: Batch, reused: Sequence[Item], strangers: Sequence[Item]) -> None:
        tables = self._tables
        letters = [Letter(position=one.position, reason=one.reason) for one in batch.letters]
        letters += [Letter(position=one.position, reason=DeadLetterReason.ID_REUSED) for one in reused]
        letters += [Letter(position=one.position, reason=DeadLetterReason.MATTER_OF_ANOTHER) for one in strangers]
        for letter in letters:
            tables.letters.put(len(tables.letters), letter)
        tables.owe(list(tell_rejected(reused, DeadLetterReason.ID_REUSED, batch.now)))
        tables.owe(list(tell_rejected(strangers, DeadLetterReason.MATTER_OF_ANOTHER, batch.now)))


def resolve_matter(tables: Tables, key: MatterKey, items: Sequence[Item]) -> Resolution:
    """Play a matter's records on copies of its rows, and store what they became."""
    matter = tables.matters.get(key)
    readers = [replace(tables.readers[key, one]) for one in tables.by_matter.get(key, ())]
    resolution = resolve(key, items, None if matter is None else replace(matter), readers)
    tables.matters.put(key, resolution.matter)
    for recipient in sorted(resolution.touched):
        if (key, recipient) not in tables.readers:
            tables.by_matter.put(key, (*tables.by_matter.get(key, ()), recipient))
        tables.readers.put((key, recipient), resolution.readers[recipient])
    return resolution


def _add(old: Fates | None, new: Fates) -> Fates:
    old = old or Fates()
    return Fates(**{name: getattr(old, name) + getattr(new, name) for name in Fates.__struct_fields__})
