"""The stop button (B28): pressed by one, in force within five seconds; released by two, and what was held goes out."""

import asyncio
import time

import pytest

from tests.whole.book import values
from tests.whole.commands import command
from tests.whole.shown import read_journal
from tests.whole.trial import Trial
from tests.whole.wholeness import require_wholeness

_IN_FORCE_SECONDS = 5.0
_SEEN_SECONDS = 1.5
"""By then a process has read again which halts are in force."""


@pytest.mark.slow
@pytest.mark.holds("B28", "A37", "R44", "I12")
async def test_a_halt_holds_pushes_within_five_seconds_and_two_people_let_them_go(trial: Trial) -> None:
    service = await trial.run()
    pressed = time.monotonic()
    assert (await command(trial, "halt", "push", "--operator", "anna", "--reason", "trial"))[0] == 0
    await asyncio.sleep(max(0.0, _IN_FORCE_SECONDS - (time.monotonic() - pressed)))
    await trial.publish(values(trial.book.tell(person) for person in trial.people))
    await asyncio.sleep(2)
    assert list(read_journal(trial.stage.journal, trial.journal_start)) == []
    assert len((await service.readiness())["halts"]) == 1  # type: ignore[arg-type] # JSON

    assert (await command(trial, "resume", "push", "--operator", "anna"))[0] == 0
    assert (await command(trial, "resume", "push", "--operator", "anna"))[0] == 0
    await asyncio.sleep(2)
    assert list(read_journal(trial.stage.journal, trial.journal_start)) == [], "one person alone resumed it"
    assert (await command(trial, "resume", "push", "--operator", "bo"))[0] == 0
    await asyncio.sleep(_SEEN_SECONDS)
    await trial.hurry()

    await require_wholeness(trial)
    assert await service.stop() == 0
