"""Step 4 of the path: everything that a batch opens or ends, in one transaction (I1)."""

from collections import Counter
from collections.abc import Callable, Iterable

import msgspec

from notifier.dispatch.admission import Admission, admit, count_fates, find_strangers, first_digests, record_of
from notifier.dispatch.batches import Batch, Fenced, Item, Opened
from notifier.dispatch.outlook import Outlook, foresee, tally
from notifier.dispatch.statements import tell_copies, tell_marked, tell_opened, tell_rejected
from notifier.domain.reasons import DeadLetterReason
from notifier.domain.resolution import Resolution
from notifier.domain.verdicts import Hold
from notifier.postgres.endings import end_marked, end_superseded
from notifier.postgres.event_rows import insert_events, insert_notices
from notifier.postgres.gate import add_totals, advance_positions, leave_gate, pass_gate
from notifier.postgres.letters import Letters
from notifier.postgres.matters import resolve_matters
from notifier.postgres.noticing import Written, settle_badges, write_deliveries
from notifier.postgres.outbox import put_statuses
from notifier.postgres.pool import Connection, Pool, transaction
from notifier.postgres.steps import judged_step, put_steps


class Stored(msgspec.Struct, frozen=True, kw_only=True):
    """What a batch wrote, its badges still to be settled."""

    outlook: Outlook
    strangers: tuple[Item, ...]
    written: Written


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
        stored = await self.store(connection, batch, admission)
        await self._letters.put(connection, batch, admission.reused, stored.strangers)
        fates = count_fates(batch, admission, stored.strangers)
        await add_totals(connection, batch.day, fates)
        outlook = stored.outlook
        return Opened(
            due=tuple(await settle_badges(connection, stored.written)),
            fates=fates,
            reasons=tally(outlook.notices),
            ends=Counter(course.ended.end for _, course in outlook.opened if course.ended is not None),
            quiet=bool(outlook.lowered),
        )

    async def store(self, connection: Connection, batch: Batch, admission: Admission) -> Stored:
        """Write what passed the gate, and owe every status; what matters refuse leaves the gate again (A4).

        Badges come last, by `settle_badges`.
        """
        resolutions = await resolve_matters(connection, admission.admitted, batch.day)
        strangers = _strangers(admission, resolutions)
        await leave_gate(connection, [record_of(item).key for item in strangers])
        outlook = foresee(resolutions)
        await insert_events(connection, outlook.opened, batch.catalogue, batch.policy, batch.rejudge_at)
        await insert_notices(connection, outlook.notices, batch.now)
        held = [(one, s) for one, s in outlook.notices if isinstance(s.verdict, Hold)]
        await put_steps(connection, (judged_step(opening, settled, batch) for opening, settled in held))
        written = await write_deliveries(connection, batch, outlook)
        statuses = [
            *(status for opened, course in outlook.opened for status in tell_opened(opened, course, batch.now)),
            *tell_marked((one for resolution in resolutions for one in resolution.marked), batch.now),
            *tell_copies(admission.duplicates, batch.now),
            *await end_superseded(connection, (*outlook.replaced, *outlook.replaced_here), batch.now),
            *await end_marked(connection, outlook.endings, outlook.cancelled, batch.day, batch.now),
            *tell_rejected(admission.reused, DeadLetterReason.ID_REUSED, batch.now),
            *tell_rejected(strangers, DeadLetterReason.MATTER_OF_ANOTHER, batch.now),
        ]
        await put_statuses(connection, self._status_topic, statuses)
        return Stored(outlook=outlook, strangers=tuple(strangers), written=written)


def _strangers(admission: Admission, resolutions: Iterable[Resolution]) -> list[Item]:
    return [
        item
        for resolution in resolutions
        for item in find_strangers(admission.admitted[resolution.matter.key], resolution.strangers)
    ]
