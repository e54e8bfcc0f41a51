"""Events that foreign clients publish, in both CloudEvents modes and without keys."""

import pytest

from tests.whole.foreign import find_kcat, publish_with_java, publish_with_kcat, split
from tests.whole.trial import Trial
from tests.whole.wholeness import require_wholeness


@pytest.mark.skipif(find_kcat() is None, reason="NOT TESTED: kcat is not installed here (Debian package kcat)")
@pytest.mark.holds("R1", "R41", "A1")
async def test_what_kcat_publishes_in_both_modes_arrives_as_pushes(trial: Trial) -> None:
    await trial.run()
    for person in trial.people[:2]:
        await publish_with_kcat(trial, trial.book.tell(person).value, {})
        await publish_with_kcat(trial, *split(trial.book.tell(person).value))

    await require_wholeness(trial)


@pytest.mark.holds("R1", "R41", "A1")
async def test_what_kafkas_console_producer_publishes_in_both_modes_arrives_as_pushes(trial: Trial) -> None:
    await trial.run()
    structured = [(trial.book.tell(person).value, {}) for person in trial.people]
    await publish_with_java(trial, structured)
    await publish_with_java(trial, [split(trial.book.tell(person).value) for person in trial.people])

    await require_wholeness(trial)
