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


@pytest.mark.holds("R17", "R5", "I12")
async def test_where_every_token_is_new_everybody_is_told_too_and_their_tokens_are_in_doubt_no_more(
    trial: Trial,
) -> None:
    await trial.fetch("update device set proven_at = null")
    service = await trial.run()
    await trial.publish(values([trial.book.tell(person) for person in trial.people]))

    await require_wholeness(trial)

    doubted = "select count(*) from delivery d join device v on v.id = d.device where v.proven_at is null"
    assert await trial.fetch(f"{doubted} and d.accepted_at is not null") == [(0,)]
    assert await trial.fetch("select count(proven_at) > 0 from device") == [(True,)]
    assert await service.stop() == 0
