"""Dead letters as operators see them (R4, B24)."""

from datetime import datetime, timedelta
from pathlib import Path

import orjson
import pytest

from notifier.app.dead_letters import make_sealer
from notifier.dispatch.batches import Batch
from notifier.domain.faults import Misconfigured, Poison
from notifier.domain.reasons import DeadLetterReason
from notifier.postgres.letters import Letters
from notifier.postgres.pool import Pool, transaction
from notifier.settings import load_settings
from notifier.wire.letters import explain
from notifier.wire.records import RawRecord, bury
from tests.commands.cast import EVENT, call

pytestmark = pytest.mark.usefixtures("reached")


@pytest.fixture
async def buried(pool: Pool, reached: str, now: datetime) -> int:
    """Bury two records as the path does, and give the id of the first."""
    value = orjson.dumps({**EVENT, "subject": "191212121213"})
    letters = [
        bury(_record(10, value), Poison(DeadLetterReason.CHECK_DIGIT, "/subject"), EVENT["source"], EVENT["id"]),
        bury(_record(11, b"{nonsense 191212121212"), Poison(DeadLetterReason.NOT_JSON)),
    ]
    batch = Batch(
        spans=(), items=(), letters=tuple(letters), records={}, day=now.date(), now=now, lease=timedelta(seconds=60),
        rejudge_at=now, catalogue="c", policy=1,
    )  # fmt: skip
    async with transaction(pool) as connection:
        await Letters("1177.dead-letters", make_sealer(load_settings()).seal).put(connection, batch, [], [])
    first: int = await pool.fetchval("select min(id) from dead_letter")
    return first


def _record(offset: int, value: bytes) -> RawRecord:
    return RawRecord(
        topic="1177.events", partition=3, offset=offset, key=b"k", headers=[("h", b"v")], value=value, timestamp_ms=1
    )


@pytest.mark.holds("R4", "B24")
async def test_dead_letters_are_listed_newest_first_without_what_they_hold(
    buried: int, now: datetime, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await call("dead-letters", "list") == 0

    newest, oldest = capsys.readouterr().out.splitlines()
    at = f"{now:%Y-%m-%d %H:%M:%S}Z"
    assert newest == f"{buried + 1}  {at}  1177.events[3]@11  not_json"
    assert oldest == f"{buried}  {at}  1177.events[3]@10  check_digit /subject urn:se:1177:inkorg received-0001"


@pytest.mark.holds("R4")
async def test_a_list_may_be_narrowed(buried: int, capsys: pytest.CaptureFixture[str]) -> None:
    for words, count in (
        (("--reason", "not_json"), 1),
        (("--topic", "1177.other"), 0),
        (("--most", "1"), 1),
        (("--topic", "1177.events"), 2),
    ):
        assert await call("dead-letters", "list", *words) == 0
        assert len(capsys.readouterr().out.splitlines()) == count


@pytest.mark.holds("B24", "I10")
async def test_shown_masked_a_dead_letter_gives_the_sentence_and_no_number(
    buried: int, pool: Pool, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await call("dead-letters", "show", str(buried)) == 0

    text = capsys.readouterr().out
    assert explain(DeadLetterReason.CHECK_DIGIT, "/subject") in text
    assert "191212121213" not in text
    assert await pool.fetchval("select count(*) from audit") == 0


@pytest.mark.holds("B24", "A37")
async def test_opened_it_gives_the_whole_record_and_leaves_a_row(
    buried: int, pool: Pool, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("dead-letters", "show", str(buried), "--open", "--operator", "anna", "--purpose", "ticket 4711")
    assert await call(*words) == 0

    shown = orjson.loads(capsys.readouterr().out.partition("\n{")[2].join("{\n"))
    assert orjson.loads(shown["value"])["subject"] == "191212121213"
    assert (shown["key"], shown["headers"]) == ("k", [["h", "v"]])
    row = await pool.fetchrow("select operator, action, purpose, what from audit")
    assert tuple(row) == ("anna", "open dead letter", "ticket 4711", str(buried))


@pytest.mark.holds("B24", "A37")
async def test_nothing_is_opened_without_a_purpose_or_without_its_row(
    buried: int, pool: Pool, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(Misconfigured, match="needs --operator and --purpose"):
        await call("dead-letters", "show", str(buried), "--open", "--operator", "anna")

    await pool.execute("alter table audit add constraint full_disk check (action = '')")
    with pytest.raises(Exception, match="full_disk"):
        await call("dead-letters", "show", str(buried), "--open", "--operator", "anna", "--purpose", "ticket")
    assert "191212121213" not in capsys.readouterr().out


@pytest.mark.holds("B40")
async def test_another_key_opens_nothing(buried: int, tmp_path: Path) -> None:
    (tmp_path / "keys" / "dead_letter" / "1.key").unlink()
    (tmp_path / "keys" / "audit" / "1.key").rename(tmp_path / "keys" / "dead_letter" / "1.key")

    with pytest.raises(Misconfigured, match="The record does not open"):
        await call("dead-letters", "show", str(buried), "--open", "--operator", "anna", "--purpose", "ticket")


@pytest.mark.holds("R4")
async def test_a_dead_letter_that_is_not_there_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert await call("dead-letters", "show", "4711") == 1
    assert capsys.readouterr().out == "There is no dead letter 4711.\n"
