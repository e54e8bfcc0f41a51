"""The trace: every step of an event with reason, version and time, and nobody's name or number (R38, A37)."""

from datetime import datetime, timedelta

import orjson
import pytest

from notifier.domain.faults import Misconfigured
from notifier.postgres.pool import Pool
from notifier.wire.fingerprints import event_key
from tests.commands.cast import call

pytestmark = pytest.mark.usefixtures("reached")
SOURCE, ID = "urn:se:1177:inkorg", "received-0001"
SUBJECT, MOTHER, FATHER = 700_000_001, 700_000_002, 700_000_003
TELL = ("--operator", "anna", "--purpose", "ticket 4711")


@pytest.fixture
async def opened(pool: Pool, now: datetime) -> datetime:
    """Store an event about a child: the mother's phone took it, the father is blocked, the child is too young."""
    at, day, key = now - timedelta(hours=1), now.date(), event_key(SOURCE, ID)
    await pool.execute("insert into gate (key, digest, day) values ($1, $1, $2)", key, day)
    await pool.execute(
        """insert into event (day, key, source, id, type, subject, matter, matter_key, unit, region,
               happened_at, visible, proxies_allowed, live_asked, opened_at, useful_until, about_child, legacy,
               catalogue, policy, ended_as, ended_at)
           values ($1, $2, $3, $4, 'se.1177.inbox.message.received.v1', $5, 'm-1', $2, 'u', '01',
               $6, true, true, false, $6, $6, true, false, 'c0ffee', 4, 'delivered_unseen', $7)""",
        day, key, SOURCE, ID, SUBJECT, at, at + timedelta(minutes=30),
    )  # fmt: skip
    for notice, recipient, verdict, reason in (
        (5, MOTHER, "push", None), (9, FATHER, "skip", "blocked"), (7, SUBJECT, "skip", "too_young"),
    ):  # fmt: skip
        await pool.execute(
            "insert into notice (day, event, id, recipient, about, verdict, reason, decided_at) "
            "values ($1, $2, $3, $4, $5, $6, $7, $8)",
            day, key, notice, recipient, SUBJECT, verdict, reason, at,
        )  # fmt: skip
    await pool.execute(
        """insert into delivery (day, event, notice, id, recipient, device, lane, loudness, text_key, collapse_id,
               expires_at, state, available_at, handed, attempts, opened_at, accepted_at)
           values ($1, $2, 5, 1, $3, 1, 'apns:production:se.1177.app', 'active', 'child', $2, $4, 'accepted', $4,
               true, 2, $4, $5)""",
        day, key, MOTHER, at, at + timedelta(seconds=1),
    )  # fmt: skip
    await pool.execute(
        "insert into fallback (day, event, notice, recipient, after, deadline_at, due_at, state) "
        "values ($1, $2, 7, $3, interval '4 hours', $4, $4, 'waiting')",
        day, key, SUBJECT, at + timedelta(hours=4),
    )  # fmt: skip
    await pool.execute(
        "insert into step (day, event, notice, at, what, reason, version) "
        "values ($1, $2, 5, $3, 'dropped', 'halted', 'p5')",
        day, key, at + timedelta(seconds=30),
    )  # fmt: skip
    return at


@pytest.mark.holds("R38", "A37")
async def test_each_step_is_told_with_reason_version_and_time(
    opened: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await call("trace", SOURCE, ID, "--json", *TELL) == 0

    found = orjson.loads(capsys.readouterr().out)
    version = "catalogue c0ffee, policy 4"
    assert (found["source"], found["id"], found["type"]) == (SOURCE, ID, "se.1177.inbox.message.received.v1")
    steps = {(step["who"], step["what"], step["reason"], step["version"]) for step in found["steps"]}
    assert steps == {
        ("event", "opened", None, version),
        ("subject", "skip", "too_young", version),
        ("ombud 1", "push", None, version),
        ("ombud 2", "skip", "blocked", version),
        ("subject", f"fallback waiting, due {opened + timedelta(hours=4):%Y-%m-%dT%H:%M:%SZ}", None, None),
        ("event", "pushed", None, None),
        ("ombud 1, device 1", "apns:production:se.1177.app active: accepted, 2 attempts", None, None),
        ("ombud 1", "dropped", "halted", "p5"),
        ("event", "ended delivered_unseen", None, None),
    }
    instants = [datetime.fromisoformat(step["at"]) for step in found["steps"]]
    assert instants == sorted(instants)
    assert instants[-1] == opened + timedelta(minutes=30)


@pytest.mark.holds("A37", "I10")
async def test_a_trace_names_nobody_and_leaves_a_row(
    opened: datetime, pool: Pool, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await call("trace", SOURCE, ID, *TELL) == 0

    text = capsys.readouterr().out
    assert text.splitlines()[0] == f"{SOURCE} {ID} se.1177.inbox.message.received.v1"
    assert f"{opened:%Y-%m-%d %H:%M:%S}.000000Z  ombud 2" in text
    assert not any(str(person) in text for person in (SUBJECT, MOTHER, FATHER))
    row = await pool.fetchrow("select operator, action, purpose, what from audit")
    assert tuple(row) == ("anna", "trace", "ticket 4711", f"{SOURCE} {ID}")


@pytest.mark.holds("A37")
@pytest.mark.usefixtures("opened")
async def test_without_its_row_nothing_is_shown(pool: Pool, capsys: pytest.CaptureFixture[str]) -> None:
    await pool.execute("alter table audit add constraint full_disk check (action = '')")

    with pytest.raises(Exception, match="full_disk"):
        await call("trace", SOURCE, ID, *TELL)

    assert capsys.readouterr().out == ""


@pytest.mark.holds("R38", "B45")
@pytest.mark.usefixtures("opened")
async def test_an_event_is_found_for_as_long_as_its_rows_are_kept_though_the_gate_forgot_it(
    pool: Pool, capsys: pytest.CaptureFixture[str]
) -> None:
    await pool.execute("delete from gate")

    assert await call("trace", SOURCE, ID, *TELL) == 0
    assert "ended delivered_unseen" in capsys.readouterr().out


@pytest.mark.holds("R38", "R4")
async def test_marks_dead_letters_and_strangers_are_told_apart(
    pool: Pool, now: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    mark = event_key(SOURCE, "mark")
    await pool.execute("insert into gate (key, digest, day) values ($1, $1, $2)", mark, now.date())
    await pool.execute(
        "insert into dead_letter (day, topic, partition, record_offset, reason, field, source, event_id, created_at) "
        "values ($1, '1177.events', 0, 1, 'check_digit', '/subject', $2, 'broken', $3)",
        now.date(), SOURCE, now,
    )  # fmt: skip

    assert await call("trace", SOURCE, "mark", *TELL) == 0
    assert f"it passed the gate on {now.date()}, so it is a mark, or its rows are gone" in capsys.readouterr().out
    assert await call("trace", SOURCE, "broken", *TELL) == 0
    assert "dead letter (check_digit /subject)" in capsys.readouterr().out
    assert await call("trace", SOURCE, "never", *TELL) == 1
    assert capsys.readouterr().out == f"{SOURCE} never: no step is stored.\n"


@pytest.mark.holds("I10")
async def test_a_number_is_never_looked_up_or_kept(pool: Pool) -> None:
    with pytest.raises(Misconfigured, match="an identity number hides in it"):
        await call("trace", SOURCE, "191212121212", *TELL)

    assert await pool.fetchval("select count(*) from audit") == 0
