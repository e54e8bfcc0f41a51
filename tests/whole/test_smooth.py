"""The whole path without any trouble: the measure for every test with trouble."""

import pytest

from tests.whole.book import values
from tests.whole.trial import Trial
from tests.whole.wholeness import require_wholeness


@pytest.mark.holds("R1", "R2", "R5", "R14", "I12", "B10", "A6")
async def test_an_undisturbed_service_tells_everybody_once_and_counts_exactly(trial: Trial) -> None:
    service = await trial.run()
    told = [trial.book.tell(person) for person in trial.people for _ in range(4)]
    await trial.publish(values(told))
    marked = [one for one in told if not one.subject.guardians][::4]
    await trial.publish([trial.book.mark_read(one) for one in marked])
    await trial.publish([trial.book.copy(told[0]), *(trial.book.break_one() for _ in range(5))])

    await require_wholeness(trial)

    assert await service.stop() == 0
