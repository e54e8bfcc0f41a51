"""The stop button: one person halts, two resume, each call leaves a row (B28, A37)."""

import pytest

from notifier.domain.faults import Misconfigured
from notifier.domain.halts import Halt
from notifier.postgres.halts import read_halts
from notifier.postgres.pool import Pool
from tests.commands.cast import call

pytestmark = pytest.mark.usefixtures("reached")
TYPE = "se.1177.booking.created.v1"


async def halt(*words: str, operator: str = "anna") -> int:
    return await call("halt", *words, "--operator", operator, "--reason", "wrong texts")


async def resume(*words: str, operator: str) -> int:
    return await call("resume", *words, "--operator", operator)


async def audit(pool: Pool) -> list[tuple[str, str, str | None, str]]:
    rows = await pool.fetch("select operator, action, purpose, what from audit order by id")
    return [tuple(row) for row in rows]


@pytest.mark.holds("B28", "A37")
async def test_one_person_halts_and_two_resume(pool: Pool) -> None:
    assert await halt("push") == 0
    assert await read_halts(pool) == (Halt(channel="push"),)

    assert await resume("push", operator="anna") == 0
    assert await resume("push", operator="anna") == 0
    assert await resume("push", operator=" anna ") == 0
    assert await read_halts(pool) == (Halt(channel="push"),)

    assert await resume("push", operator="bo") == 0
    assert await read_halts(pool) == ()
    assert await audit(pool) == [
        ("anna", "halt", "wrong texts", "push"),
        ("anna", "ask to resume", None, "push"),
        ("anna", "ask to resume", None, "push"),
        ("anna", "ask to resume", None, "push"),
        ("bo", "resume", None, "push"),
    ]


@pytest.mark.holds("A37")
async def test_the_second_person_must_come_within_15_minutes(pool: Pool) -> None:
    await halt("push")
    await resume("push", operator="anna")
    await pool.execute("update halt set resume_asked_at = resume_asked_at - interval '15 minutes'")

    await resume("push", operator="bo")
    assert await read_halts(pool) == (Halt(channel="push"),)

    await pool.execute("update halt set resume_asked_at = resume_asked_at - interval '14 minutes 50 seconds'")
    await resume("push", operator="anna")
    assert await read_halts(pool) == ()


@pytest.mark.holds("B28")
async def test_a_scope_is_halted_and_resumed_by_itself(pool: Pool, capsys: pytest.CaptureFixture[str]) -> None:
    await halt("push", "--region", "01", "--type", TYPE, "--source", "urn:se:1177:tidbok")
    await halt("all", "--region", "14")

    narrow = Halt(channel="push", region="01", type=TYPE, source="urn:se:1177:tidbok")
    assert set(await read_halts(pool)) == {narrow, Halt(channel="all", region="14")}
    capsys.readouterr()

    assert await resume("push", operator="bo") == 1
    assert capsys.readouterr().out == (
        f"Not halted: push. In force: all region=14; push region=01 type={TYPE} source=urn:se:1177:tidbok.\n"
    )
    await resume("all", "--region", "14", operator="anna")
    await resume("all", "--region", "14", operator="bo")
    assert await read_halts(pool) == (narrow,)


@pytest.mark.holds("B28")
async def test_a_halt_that_came_after_the_question_needs_two_people_of_its_own(pool: Pool) -> None:
    await halt("push")
    await resume("push", operator="anna")
    await halt("push", operator="cecilia")

    await resume("push", operator="bo")
    assert await read_halts(pool) == (Halt(channel="push"),)
    await resume("push", operator="anna")
    assert await read_halts(pool) == ()


@pytest.mark.holds("A37", "B41")
async def test_what_cannot_be_audited_does_not_happen(pool: Pool) -> None:
    await pool.execute("alter table audit add constraint full_disk check (action = '')")

    with pytest.raises(Exception, match="full_disk"):
        await halt("push")

    assert await read_halts(pool) == ()


@pytest.mark.holds("B28", "I10")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--region", "1"), "--region: is not two digits"),
        (("--type", "se.1177.booking.create.v1"), "--type: is not in the catalogue"),
        (("--source", "patient 191212121212"), "--source: an identity number hides in it"),
        (("--reason", "  "), "--reason: is empty"),
        (("--operator", "x" * 501), "--operator: is longer than 500 characters"),
    ],
)
async def test_a_halt_that_would_stop_nothing_or_keep_a_number_is_refused(
    pool: Pool, words: tuple[str, str], said: str
) -> None:
    with pytest.raises(Misconfigured) as refused:
        await call("halt", "push", "--operator", "anna", "--reason", "wrong texts", *words)

    assert str(refused.value).startswith(said)
    assert "191212121212" not in str(refused.value)
    assert await read_halts(pool) == ()


@pytest.mark.holds("A37")
@pytest.mark.parametrize(
    "words",
    [("halt", "push"), ("halt", "push", "--operator", "a"), ("resume", "push"), ("trace", "s", "i", "--operator", "a")],
)
async def test_who_and_why_must_be_said(words: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit) as left:
        await call(*words)

    assert left.value.code == 2
