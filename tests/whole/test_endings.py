"""The orderly end of a process (R43): what is in hand is finished, what is not begun is left to others."""

import asyncio
import time
from collections import Counter

import pytest

from tests.whole.book import values
from tests.whole.shown import content_of, read_journal
from tests.whole.trial import Trial
from tests.whole.wholeness import require_wholeness

_DRAIN_SECONDS = 20


@pytest.mark.usefixtures("well")
@pytest.mark.slow
@pytest.mark.parametrize("condition", ["slow", "hang"])
@pytest.mark.holds("R43", "I1", "I3")
async def test_a_stop_in_the_middle_of_the_work_drains_and_leaves_nothing_half_done(
    trial: Trial, condition: str
) -> None:
    service = await trial.run(SENDER__CONNECTIONS="1", SENDER__IN_FLIGHT="4")
    for name in ("apns", "fcm"):
        await trial.stage.set_provider(name, condition=condition, slow_seconds=0.2)
    await trial.publish(values(trial.book.tell(person) for person in trial.people * 10))
    await asyncio.sleep(1)

    began = time.monotonic()
    code = await service.stop()

    assert code == 0, service.tail()
    assert time.monotonic() - began < _DRAIN_SECONDS
    left = await trial.fetch("select count(*) filter (where handed) as handed, count(*) as waiting from delivery "
                             "where state = 'waiting'")  # fmt: skip
    assert left[0]["waiting"] > 0, "everything was done before the stop"
    assert left[0]["handed"] == 0
    for name in ("apns", "fcm"):
        await trial.stage.set_provider(name)
    await trial.run()
    await require_wholeness(trial)
    if condition == "slow":
        pushes = read_journal(trial.stage.journal, trial.journal_start)
        alerts = [(push["token"], content_of(push)) for push in pushes]
        assert max(Counter((token, content["id"]) for token, content in alerts if "s" in content).values()) == 1
