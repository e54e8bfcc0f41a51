"""`notifier devices`: how deletions stand, and how people end a brake, each with a row of the audit log (R13, A37)."""

import pytest

from notifier.app.house import utc_now
from notifier.domain.faults import Misconfigured
from notifier.postgres.pool import Pool
from tests.commands.cast import call
from tests.ledger.cast import LANE
from tests.ledger.lanes import OTHER_LANE, Phones

pytestmark = pytest.mark.usefixtures("reached")


@pytest.fixture
async def phones(pool: Pool) -> Phones:
    """Lend a lane with 100 phones, 60 of them parked by its brake, and another lane that is fine."""
    other = Phones(pool, OTHER_LANE, first=50_000)
    await other.arrive(10)
    lane = Phones(pool)
    await lane.arrive(100)
    lane.now = other.now = utc_now()
    await other.answer(accepted=990, gone=range(10))
    await lane.answer(accepted=140, gone=range(60))
    return lane


async def audit(pool: Pool) -> list[tuple[str, str, str | None, str]]:
    rows = await pool.fetch("select operator, action, purpose, what from audit order by id")
    return [tuple(row) for row in rows]


@pytest.mark.holds("R13")
async def test_each_lane_is_shown_with_its_answers(phones: Phones, capsys: pytest.CaptureFixture[str]) -> None:
    assert await call("devices") == 0
    head, *rows = capsys.readouterr().out.splitlines()
    since = f"since {phones.now:%Y-%m-%d %H:%M} UTC"
    assert head.split() == ["lane", "answers", "gone", "share", "mean", "brake", "parked"]
    assert [row.split() for row in rows] == [
        [LANE, "200", "60", "30.00%", "0.00%", *since.split(), "60"],
        [OTHER_LANE, "1000", "10", "1.00%", "0.00%", "off", "0"],
    ]


@pytest.mark.holds("R13", "A37")
@pytest.mark.parametrize(
    ("word", "said", "state", "action"),
    [("release", "used again", "used", "release devices"), ("forget", "forgotten", "forgotten", "forget devices")],
)
async def test_one_person_ends_a_brake_and_is_told_how_many_phones_that_were(
    phones: Phones, capsys: pytest.CaptureFixture[str], word: str, said: str, state: str, action: str
) -> None:
    words = ("devices", word, "--lane", LANE, "--operator", " anna ", "--reason", "the key was wrong")
    assert await call(*words) == 0
    assert f"{LANE}: 60 devices are {said}." in capsys.readouterr().out
    assert await phones.states() in ({"used": 100}, {"forgotten": 60, "used": 40})
    assert (await phones.states())[state] >= 60
    assert await audit(phones.pool) == [("anna", action, "the key was wrong", LANE)]

    assert await call(*words) == 1
    assert capsys.readouterr().out == f"Not braked: {LANE}. Braked: nothing.\n"
    assert len(await audit(phones.pool)) == 1


@pytest.mark.holds("R13", "A37")
async def test_what_was_broken_off_goes_on_with_the_same_call_and_not_with_the_opposite(
    phones: Phones, capsys: pytest.CaptureFixture[str]
) -> None:
    ended = "update deletion_brake set ended_at = braked_at, ended_as = 'released', ended_by = 'anna'"
    await phones.pool.execute(ended)
    assert await call("devices", "forget", "--lane", LANE, "--operator", "bo") == 1
    assert await phones.states() == {"brake": 60, "used": 40}
    assert await call("devices", "release", "--lane", LANE, "--operator", "bo") == 0
    assert f"{LANE}: 60 devices are used again." in capsys.readouterr().out
    assert await phones.states() == {"used": 100}


@pytest.mark.holds("R13")
@pytest.mark.usefixtures("phones")
async def test_a_lane_that_is_not_braked_is_answered_with_those_that_are(capsys: pytest.CaptureFixture[str]) -> None:
    for lane in (OTHER_LANE, "apns:production"):
        assert await call("devices", "release", "--lane", lane, "--operator", "anna") == 1
        assert capsys.readouterr().out == f"Not braked: {lane}. Braked: {LANE}.\n"


@pytest.mark.holds("R13", "A37")
async def test_what_cannot_be_audited_does_not_happen(phones: Phones) -> None:
    await phones.pool.execute("alter table audit add constraint full_disk check (action = '')")
    with pytest.raises(Exception, match="full_disk"):
        await call("devices", "forget", "--lane", LANE, "--operator", "anna")
    assert await phones.states() == {"brake": 60, "used": 40}


@pytest.mark.holds("R13", "A37", "I10")
async def test_who_must_be_said_and_no_number_is_kept(phones: Phones) -> None:
    with pytest.raises(SystemExit):
        await call("devices", "release", "--lane", LANE)
    with pytest.raises(Misconfigured, match="an identity number hides in it"):
        await call("devices", "release", "--lane", LANE, "--operator", "191212121212")
    assert await phones.states() == {"brake": 60, "used": 40}
