"""Parts that stop, die and come back in the middle of the work (I3, I8)."""

import asyncio
from signal import SIGCONT, SIGKILL, SIGSTOP

import asyncpg
import pytest

from notifier.domain.faults import Unavailable
from notifier.postgres.pool import unavailability
from tests.crashes.lossy import run_lossy_proxy
from tests.whole.book import values
from tests.whole.quiet import read_account, settle
from tests.whole.shown import read_journal
from tests.whole.trial import Trial
from tests.whole.wholeness import require_wholeness

_LEASE_SECONDS = 2.5


async def publish_steadily(trial: Trial, rounds: int, pause: float = 0.1) -> None:
    """Publish an event for everybody, again and again, with a mark and a copy now and then."""
    book = trial.book
    for _ in range(rounds):
        told = [book.tell(person) for person in trial.people]
        await trial.publish([*values(told), book.mark_read(told[0]), book.copy(told[1])])
        await asyncio.sleep(pause)


@pytest.mark.slow
@pytest.mark.usefixtures("well")
@pytest.mark.holds("I3", "A29", "A30", "I12")
async def test_a_process_that_sleeps_past_its_lease_finds_its_work_done_and_doubles_nothing(trial: Trial) -> None:
    sleeper = await trial.run()
    for name in ("apns", "fcm"):
        await trial.stage.set_provider(name, condition="mute")
    await publish_steadily(trial, 3)
    sleeper.signal(SIGSTOP)
    for name in ("apns", "fcm"):
        await trial.stage.set_provider(name)
    await trial.run()
    await publish_steadily(trial, 2)
    await settle(trial)
    await asyncio.sleep(_LEASE_SECONDS)
    sleeper.signal(SIGCONT)
    await publish_steadily(trial, 3)

    await require_wholeness(trial)
    assert [await service.stop() for service in trial.services] == [0, 0]


@pytest.mark.holds("I1", "I3")
def test_a_client_that_a_dying_server_confused_means_wait_and_never_a_dead_letter() -> None:
    with pytest.raises(Unavailable), unavailability():
        raise asyncpg.InternalClientError("cannot switch to state 11")


@pytest.mark.holds("I1", "I3", "I12")
async def test_postgresql_killed_in_the_middle_of_batches_loses_nothing(trial: Trial) -> None:
    service = await trial.run()
    publishing = asyncio.create_task(publish_steadily(trial, 30))
    await asyncio.sleep(1)

    await trial.stage.postgres.restart(SIGKILL)

    await publishing
    await require_wholeness(trial)
    assert await service.stop() == 0


@pytest.mark.holds("I1", "I3", "I12", "B6")
async def test_kafka_killed_in_the_middle_of_batches_loses_nothing(trial: Trial) -> None:
    service = await trial.run()
    publishing = asyncio.create_task(publish_steadily(trial, 20))
    await asyncio.sleep(1)

    await trial.stage.kafka.restart(SIGKILL)

    await publishing
    await require_wholeness(trial, within=60)
    assert await service.stop() == 0


@pytest.mark.usefixtures("well")
@pytest.mark.slow
@pytest.mark.parametrize(("apns", "fcm"), [("down", "hang"), ("mute", "mute")])
@pytest.mark.holds("I3", "I8", "A29", "A31")
async def test_providers_away_for_five_seconds_cost_time_and_nothing_else(trial: Trial, apns: str, fcm: str) -> None:
    service = await trial.run()
    await trial.stage.set_provider("apns", condition=apns)
    await trial.stage.set_provider("fcm", condition=fcm)
    await publish_steadily(trial, 20)
    await asyncio.sleep(3)
    read = await trial.fetch("select sum(records) as records from intake_total")
    assert read[0]["records"] == 20 * (len(trial.people) + 2), "an outage of providers holds Kafka back"
    for name in ("apns", "fcm"):
        await trial.stage.set_provider(name)

    await require_wholeness(trial)
    assert await service.stop() == 0


@pytest.mark.slow
@pytest.mark.holds("I3", "I12")
async def test_of_two_dispatchers_one_dies_and_the_other_does_its_work(trial: Trial) -> None:
    doomed, other = await trial.run(), await trial.run()
    publishing = asyncio.create_task(publish_steadily(trial, 15))
    await asyncio.sleep(0.7)

    await doomed.kill()

    await publishing
    await require_wholeness(trial)
    assert await other.stop() == 0


@pytest.mark.slow
@pytest.mark.holds("I3", "I12")
async def test_a_member_of_the_group_takes_over_the_partitions_of_one_that_died(trial: Trial) -> None:
    doomed = await trial.run(KAFKA__GROUP=f"{trial.prefix}both")
    other = await trial.run(KAFKA__GROUP=f"{trial.prefix}both")
    publishing = asyncio.create_task(publish_steadily(trial, 30))
    await asyncio.sleep(1.5)

    await doomed.kill()

    await publishing
    await require_wholeness(trial, within=75)
    assert await other.stop() == 0


@pytest.mark.holds("I1", "I3", "I12")
async def test_a_commit_whose_reply_is_lost_is_neither_lost_nor_done_twice(trial: Trial) -> None:
    async with run_lossy_proxy(trial.dsn) as (proxy, dsn):
        service = await trial.run(POSTGRES__DSN=dsn)
        proxy.arm(every=5)
        await publish_steadily(trial, 20)
        proxy.disarm()

        await require_wholeness(trial)
        assert proxy.cuts >= 5
        assert await service.stop() == 0


@pytest.mark.slow
@pytest.mark.holds("I2", "A5", "A6", "I12")
async def test_a_renamed_group_that_reads_everything_again_sends_nothing_and_counts_it_all(trial: Trial) -> None:
    service = await trial.run()
    await publish_steadily(trial, 3)
    await require_wholeness(trial)
    assert await service.stop() == 0
    sent = sum(1 for _ in read_journal(trial.stage.journal, trial.journal_start))
    records = 3 * (len(trial.people) + 2)

    again = await trial.run("--from", "earliest", KAFKA__GROUP=f"{trial.prefix}renamed")
    await settle(trial)

    trial.book.copies += records
    await require_wholeness(trial)
    account = await read_account(trial)
    assert sum(one.counted for one in account.partitions) == 2 * records
    assert sum(1 for _ in read_journal(trial.stage.journal, trial.journal_start)) == sent
    assert await again.stop() == 0
