"""Step 4 of the path: everything that a batch opens or ends, in one transaction (I1)."""

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta

from notifier.dispatch.admission import Admission, admit, find_strangers, first_digests, record_of
from notifier.dispatch.batches import Batch, Fates, Fenced, Item, Opened
from notifier.dispatch.outlook import Outlook, foresee, tally
from notifier.dispatch.statements import tell_copies, tell_marked, tell_opened, tell_rejected
from notifier.domain.plans import Opening
from notifier.domain.reasons import DeadLetterReason
from notifier.domain.resolution import Resolution
from notifier.domain.statuses import Status
from notifier.postgres.endings import end_marked, end_superseded, lower_badges
from notifier.postgres.gate import add_totals, advance_positions, leave_gate, pass_gate
from notifier.postgres.letters import Letters
from notifier.postgres.matters import resolve_matters
from notifier.postgres.noticing import write_notices
from notifier.postgres.outbox import put_statuses
from notifier.postgres.pool import Connection, Pool, transaction
from notifier.postgres.rows import insert_events

REJUDGE_EVERY = timedelta(seconds=10)
"""What is held is judged again this often (A7)."""


class Openings:
    """Opens batches; one instance serves all partitions of a process."""

    def __init__(self, pool: Pool, letters: Letters, status_topic: str, reach: Callable[[str], None]) -> None:
        self._pool = pool
        self._reach = reach
        self._letters = letters
        self._status_topic = status_topic

    async def open(self, batch: Batch) -> Opened | Fenced:
        """Make a batch ours, or say that its position has moved; raises Unavailable where nothing was stored."""
        async with transaction(self._pool) as connection:
            if not await advance_positions(connection, batch.spans):
                return Fenced()
            self._reach("open.after_position")
            known = await pass_gate(connection, first_digests(batch.items), batch.day)
            admission = admit(batch.items, known)
            opened = await self._store(connection, batch, admission)
            self._reach("open.before_commit")
        self._reach("open.after_commit")
        return opened

    async def _store(self, connection: Connection, batch: Batch, admission: Admission) -> Opened:
        resolutions = await resolve_matters(connection, admission.admitted, batch.day)
        strangers = _strangers(admission, resolutions)
        await leave_gate(connection, [record_of(item).key for item in strangers])
        outlook = foresee(resolutions)
        rejudge_at = batch.now + REJUDGE_EVERY
        await insert_events(connection, outlook.opened, batch.catalogue, batch.policy, rejudge_at)
        due = await write_notices(connection, batch, outlook)
        statuses = [
            *(status for opened, course in outlook.opened for status in tell_opened(opened, course, batch.now)),
            *tell_marked((one for resolution in resolutions for one in resolution.marked), batch.now),
            *tell_copies(admission.duplicates, batch.now),
            *await self._finish(connection, batch, outlook),
            *await self._refuse(connection, batch, admission.reused, strangers),
        ]
        await put_statuses(connection, self._status_topic, statuses)
        fates = count_fates(batch, admission, strangers)
        await add_totals(connection, batch.day, fates)
        ends: dict[str, int] = {}
        for _, course in outlook.opened:
            if course.ended is not None:
                ends[course.ended.end] = ends.get(course.ended.end, 0) + 1
        return Opened(
            due=tuple(due), fates=fates, reasons=tally(outlook.notices), ends=ends, quiet=bool(outlook.lowered)
        )

    async def _finish(self, connection: Connection, batch: Batch, outlook: Outlook) -> list[Status]:
        """End what marks and newer events end, and owe the silent work that follows."""
        statuses = [
            *await end_superseded(connection, outlook.replaced, batch.now),
            *await end_marked(connection, outlook.endings, outlook.cancelled, batch.day, batch.now),
        ]
        await lower_badges(connection, outlook.lowered)
        return statuses

    async def _refuse(
        self, connection: Connection, batch: Batch, reused: Sequence[Item], strangers: Sequence[Item]
    ) -> list[Status]:
        await self._letters.put(connection, batch, reused, strangers)
        return [
            *tell_rejected(reused, DeadLetterReason.ID_REUSED, batch.now),
            *tell_rejected(strangers, DeadLetterReason.MATTER_OF_ANOTHER, batch.now),
        ]


def _strangers(admission: Admission, resolutions: Iterable[Resolution]) -> list[Item]:
    return [
        item
        for resolution in resolutions
        for item in find_strangers(admission.admitted[resolution.matter.key], resolution.strangers)
    ]


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
