"""What is broken on purpose, how, and which test is to find it."""

import msgspec

SIMULATE = ("tests.simulation", "--seeds", "150")
PAIRS = ("pytest", "-q", "-x", "tests/interleaving/test_pairs.py")
BROKEN_OFF = ("pytest", "-q", "-x", "tests/interleaving/test_breaking_off.py")
OPPOSITE = ("pytest", "-q", "-x", "tests/interleaving/test_opposite_orders.py")
LEDGER = ("pytest", "-q", "-x", "tests/ledger")


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """One replacement in one file; `before` stands there exactly once."""

    name: str
    path: str
    before: str
    after: str
    found_by: tuple[str, ...]
    """Arguments of `python -m`."""


FAULTS = (
    Fault(
        name="the position is moved in a transaction of its own, before the batch is stored",
        path="notifier/postgres/opening.py",
        before="""        async with transaction(self._pool) as connection:
            if not await advance_positions(connection, batch.spans):
                return Fenced()
""",
        after="""        async with transaction(self._pool) as early:
            if not await advance_positions(early, batch.spans):
                return Fenced()
        async with transaction(self._pool) as connection:
""",
        found_by=(*BROKEN_OFF, "-k", "open_newer"),
    ),
    Fault(
        name="the position is moved without looking where it stands",
        path="notifier/postgres/sql/opening.sql",
        before=" where p.topic = s.topic and p.partition = s.partition and p.next_offset = s.expected\n",
        after=" where p.topic = s.topic and p.partition = s.partition\n",
        found_by=(*LEDGER, "-k", "opening"),
    ),
    Fault(
        name="a lane attempts what its lease no longer covers",
        path="notifier/dispatch/lanes.py",
        before="self._limits.request_deadline.total_seconds() > held.lease_until:",
        after="self._limits.request_deadline.total_seconds() > held.lease_until + 1e9:",
        found_by=SIMULATE,
    ),
    Fault(
        name="whoever once held a lease may postpone",
        path="notifier/postgres/sql/sending.sql",
        before="     where d.day = any($8::date[]) and d.state = 'waiting' and d.lease = s.lease\n",
        after="     where d.day = any($8::date[]) and d.state = 'waiting'\n",
        found_by=(*LEDGER, "-k", "recording"),
    ),
    Fault(
        name="a fenced process releases what another owner opened",
        path="notifier/postgres/sql/sending.sql",
        before=" where day = $1 and event = any($2::bytea[]) and id = any($3::bigint[]) and state",
        after=" where day = $1 and event = any($2::bytea[]) and cardinality($3::bigint[]) > 0 and state",
        found_by=(*LEDGER, "-k", "opening"),
    ),
    Fault(
        name="what ends a delivery forgets that a lane holds it",
        path="notifier/postgres/sql/opening.sql",
        before="   set state = 'cancelled', reason = held.reason, sealed = null\n",
        after="   set state = 'cancelled', reason = held.reason, sealed = null, handed = false\n",
        found_by=(*LEDGER, "-k", "abandoned"),
    ),
    Fault(
        name="matters are locked in the order in which they come",
        path="notifier/postgres/sql/opening.sql",
        before="""       as new (key, subject, newest_at, acted_at, withdrawn_at)
 order by key
""",
        after="""       as new (key, subject, newest_at, acted_at, withdrawn_at)
""",
        found_by=OPPOSITE,
    ),
    Fault(
        name="readers are read without their matter's lock",
        path="notifier/postgres/matters.py",
        before="""    known = await _lock(connection, list(imagined.values()), day)
    if known:
        readers = await _lock_readers(connection, list(known))
""",
        after="""    readers = await _lock_readers(connection, list(imagined))
    known = await _lock(connection, list(imagined.values()), day)
    if known:
""",
        found_by=(*PAIRS, "-k", "open_bare"),
    ),
    Fault(
        name="what is left of an event is asked before its row is locked",
        path="notifier/postgres/failing.py",
        before="""    await connection.execute(query("lock_events"), distinct(days), keys)
""",
        after="",
        found_by=(*PAIRS, "-k", "fail_first and fail_second"),
    ),
    Fault(
        name="a push is recorded as accepted before it is sent",
        path="notifier/dispatch/settling.py",
        before="            outcome, badge = await self.attempt(due)\n",
        after="""            await self._put(due, settle(Accepted(), Attempts(), self.waits), due.badge)
            outcome, badge = await self.attempt(due)
""",
        found_by=SIMULATE,
    ),
    Fault(
        name="a copy of what is known passes the gate",
        path="notifier/dispatch/admission.py",
        before="        if digest is None:\n",
        after="        if digest is None or (digest == record.digest and len(seen) > 3):\n",
        found_by=SIMULATE,
    ),
    Fault(
        name="what is claimed again goes out though it is forbidden now",
        path="notifier/dispatch/feeder.py",
        before="        case Skip(reason=reason):\n            return Stopped(",
        after="        case Skip(reason=reason) if reason == Reason.MUTED:\n            return Stopped(",
        found_by=SIMULATE,
    ),
    Fault(
        name="the older of two badges is encoded",
        path="notifier/dispatch/badges.py",
        before="        if known is None or known.version < badge.version:\n",
        after="        if known is None or known.version > badge.version:\n",
        found_by=SIMULATE,
    ),
    Fault(
        name="lanes keep what a tightening forbids",
        path="notifier/dispatch/lanes.py",
        before="lambda due: due.recipient in recipients or due.subject in recipients)",
        after="lambda due: due.attempts < 0)",
        found_by=SIMULATE,
    ),
    Fault(
        name="a stale feed holds nothing",
        path="notifier/domain/channels.py",
        before="    if stale:\n",
        after="    if stale and not person.devices:\n",
        found_by=SIMULATE,
    ),
    Fault(
        name="a resend in doubt sounds however late",
        path="notifier/dispatch/sender.py",
        before="        return due.quiet_from is not None and self.monotonic() >= due.quiet_from\n",
        after="        return due.quiet_from is not None and self.monotonic() >= due.quiet_from + 1e9\n",
        found_by=SIMULATE,
    ),
)
