"""kill -9 at each named point, and again before anything is mended; then everything must still be whole (I3)."""

from signal import SIGKILL

import pytest

from notifier.app.crashes import POINTS
from tests.whole.book import Told, values
from tests.whole.people import make_adults
from tests.whole.trial import Trial
from tests.whole.wholeness import require_wholeness

_TESTED = (
    ("open.after_position", "open.before_commit", "open.after_commit", "project.after_commit", "rejudge.after_commit"),
    ("send.before", "feed.after_claim", "send.after:5", "record.before_commit", "record.after_commit"),
    (
        *("quiet.after_claim", "quiet.before_pay", "quiet.after_pay"),
        *("relay.before_publish", "relay.after_publish", "relay.after_settle"),
    ),
)
_STRANGERS = make_adults(9, seed=9)[8:]


@pytest.mark.holds("I1", "I2", "I3", "I12", "R14", "B6", "A29")
@pytest.mark.parametrize(
    ("points", "times"),
    [pytest.param(points, 2, marks=pytest.mark.slow) for points in _TESTED],
    ids=lambda value: value[0].partition(".")[0] if isinstance(value, tuple) else f"{value}",
)
@pytest.mark.timeout(240)
async def test_deaths_at_one_point_after_the_other_lose_nothing_and_double_nothing(
    trial: Trial, points: tuple[str, ...], times: int
) -> None:
    first = await trial.run()
    told = await _publish(trial)
    await first.kill()
    for point in points:
        for _ in range(times):
            doomed = await trial.launch(TEST__DIE_AT=point)
            told = await _publish(trial, told)
            await trial.beat()
            if point.startswith("rejudge"):
                await trial.hurry()
            assert await doomed.ended() == -SIGKILL, f"{point}: {doomed.tail()}"

    last = await trial.run()
    await require_wholeness(trial)
    assert await last.stop() == 0


@pytest.mark.holds("I3")
def test_each_point_is_died_at() -> None:
    tested = {point.partition(":")[0] for points in _TESTED for point in points}

    assert tested == set(POINTS)


async def _publish(trial: Trial, earlier: tuple[Told, ...] = ()) -> tuple[Told, ...]:
    """Publish an event for everybody, marks on some of the last round, a copy and something broken."""
    book = trial.book
    told = tuple(book.tell(person) for person in trial.people)
    dealt_with = [one for one in earlier[::4] if not one.subject.guardians]
    await trial.publish(
        [
            *values(told),
            *(book.mark_read(one) for one in dealt_with),
            *(book.mark_acted(one) for one in earlier[-1:]),
            *(book.copy(one) for one in earlier[:1]),
            *(book.tell_of_stranger(one).value for one in _STRANGERS),
            book.break_one(),
        ]
    )
    return told
