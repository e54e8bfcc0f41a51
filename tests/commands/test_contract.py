"""`check`, `migrate` and `validate`: what installers and publishers call before anything runs (R43, R44)."""

from pathlib import Path
from typing import Any

import orjson
import pytest

from notifier.app.whereabouts import Whereabouts, announce
from notifier.domain.faults import Misconfigured
from notifier.domain.reasons import DeadLetterReason
from notifier.postgres.pool import Pool, open_pool
from notifier.settings import load_settings
from notifier.wire.letters import explain
from tests.commands.cast import Write, call
from tests.postgres import Databases
from tests.settings.cast import set_production

SCHEMAS = Path(__file__).resolve().parents[2] / "schemas"


@pytest.mark.holds("R43")
async def test_check_is_fine_without_settings(capsys: pytest.CaptureFixture[str]) -> None:
    assert await call("check") == 0
    assert capsys.readouterr().out == "The settings are fine.\n"


@pytest.mark.holds("R43", "B40")
async def test_check_says_at_once_what_settings_contract_and_credentials_lack(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, write: Write
) -> None:
    set_production(monkeypatch, tmp_path)
    (tmp_path / "extra" / "events").mkdir(parents=True)
    write("extra/events/se.1177.bad.v1.json", {"type": "se.1177.bad.v1"})
    (tmp_path / "account.json").chmod(0o644)
    monkeypatch.setenv("NOTIFIER_SCHEMAS__EXTRA_FOLDER", str(tmp_path / "extra"))
    monkeypatch.setenv("NOTIFIER_HTTP__INTERNAL_PORT", "8177")

    with pytest.raises(Misconfigured) as refused:
        await call("check")

    text = str(refused.value)
    assert "NOTIFIER_HTTP__INTERNAL_PORT: is the same as" in text
    assert "events/se.1177.bad.v1.json#/category" in text
    assert f"The APNs key file {tmp_path / 'apns.p8'} holds no private key in PEM." in text
    assert text.count(str(tmp_path / "account.json")) == 1


@pytest.mark.holds("R43")
async def test_migrate_brings_an_empty_database_up_to_date_and_may_be_repeated(
    monkeypatch: pytest.MonkeyPatch, postgres_server: Databases, capsys: pytest.CaptureFixture[str]
) -> None:
    async with postgres_server.fresh() as dsn, open_pool(dsn, "test") as pool:
        await pool.execute("drop schema public cascade")
        await pool.execute("create schema public")
        monkeypatch.setenv("NOTIFIER_POSTGRES__DSN", dsn)
        monkeypatch.setenv("NOTIFIER_ALLOW_PLAINTEXT", "true")

        assert await call("migrate") == 0
        first = capsys.readouterr().out
        assert await call("migrate") == 0
        second = capsys.readouterr().out

        files = [path.name for path in sorted((SCHEMAS / "migrations").glob("*.sql"))]
        assert [line.removeprefix("applied ") for line in first.splitlines()[:-1]] == files
        assert "applied" not in second
        assert await pool.fetchval("select count(*) from event") == 0


@pytest.mark.holds("R44")
async def test_validate_takes_what_intake_would_take(
    write: Write, event: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    one = write("one.json", orjson.dumps(event, option=orjson.OPT_INDENT_2))
    many = write("many.json", [event, event])
    lines = write("lines.jsonl", orjson.dumps(event) + b"\n\n" + orjson.dumps(event) + b"\n")

    assert await call("validate", str(one), str(many), str(lines)) == 0
    assert capsys.readouterr().out == "Every event of 3 files would be taken.\n"


@pytest.mark.holds("R44", "B24")
async def test_validate_says_per_file_and_event_what_the_publisher_would_read(
    write: Write, event: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    wrong_digit = {**event, "subject": "191212121213"}
    without_region = {**event, "data": {"matter": "m-1", "unit": "SE2321000131-E000000001"}}
    path = write("bad.jsonl", b"\n".join([orjson.dumps(event), orjson.dumps(wrong_digit), b"{nonsense"]))
    other = write("other.json", [event, without_region])

    assert await call("validate", str(path), str(other)) == 1

    assert capsys.readouterr().out.splitlines() == [
        f"{path}: line 2: {explain(DeadLetterReason.CHECK_DIGIT, '/subject')}",
        f"{path}: line 3: {explain(DeadLetterReason.NOT_JSON, None)}",
        f"{other}: event 2: {explain(DeadLetterReason.SCHEMA_VIOLATED, '/data/region')}",
    ]


@pytest.mark.holds("R44")
async def test_validate_holds_the_examples_of_a_type_to_what_they_say(
    write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    types = sorted(str(path) for path in (SCHEMAS / "events").glob("*.json"))
    assert await call("validate", *types) == 0

    entry = orjson.loads((SCHEMAS / "events" / "se.1177.inbox.message.received.v1.json").read_bytes())
    entry["examples"]["bad"][0]["event"] = entry["examples"]["good"][0]["event"]
    entry["type"] = "se.1177.inbox.message.received.v9"
    path = write("se.1177.inbox.message.received.v9.json", entry)
    capsys.readouterr()

    assert await call("validate", str(path)) == 1

    text = capsys.readouterr().out
    assert 'example "matter missing": should be refused as schema_violated, but would be taken.' in text


@pytest.mark.holds("R44", "B20")
async def test_validate_knows_the_topics_of_the_register(write: Write, event: dict[str, Any]) -> None:
    path = write("one.json", event)

    assert await call("validate", str(path), "--topic", "1177.events.nobody") == 1


@pytest.mark.holds("R44")
async def test_a_file_that_is_not_there_or_empty_is_said(write: Write) -> None:
    with pytest.raises(Misconfigured, match="cannot be read"):
        await call("validate", "/nowhere/event.json")
    with pytest.raises(Misconfigured, match="holds no event"):
        await call("validate", str(write("empty.json", b"\n")))


@pytest.mark.holds("A35", "A36")
async def test_commands_find_the_embedded_parts_of_a_running_notifier(
    database: str, tmp_path: Path, pool: Pool
) -> None:
    with announce(tmp_path, Whereabouts(postgres=database)):
        assert load_settings().postgres.dsn is None
        assert await call("migrate") == 0

    with pytest.raises(Misconfigured, match="no embedded one runs"):
        await call("migrate")
    assert list(tmp_path.iterdir()) == []
