"""Where settings come from, and that every fault is said at once (DESIGN 8)."""

from datetime import timedelta
from pathlib import Path

import pytest

from notifier.domain.faults import Misconfigured
from notifier.settings import describe, load_settings, read_settings

TOML = """
[kafka]
group = "from-file"
topic_prefix = "t."
[http]
port = 9000
[sender]
lease = "PT2M"
retry_first = 0.25
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "notifier.toml"
    path.write_text(TOML)
    return path


@pytest.mark.holds("A36")
def test_without_any_setting_everything_is_embedded() -> None:
    settings = load_settings()

    assert settings.kafka.bootstrap is None
    assert settings.postgres.dsn is None
    assert settings.apns.url is None
    assert settings.fcm.url is None
    assert (settings.http.port, settings.http.internal_port) == (8177, 8178)
    assert not settings.allow_plaintext


@pytest.mark.holds("A31")
def test_waits_default_to_what_the_rules_say_and_can_be_scaled(monkeypatch: pytest.MonkeyPatch) -> None:
    sender = load_settings().sender
    assert (sender.retry_first, sender.retry_most) == (timedelta(seconds=1), timedelta(seconds=60))
    assert sender.apns_down_wait == timedelta(minutes=15)
    assert sender.apns_down_short_wait == timedelta(seconds=5)
    assert sender.fcm_first_wait == timedelta(seconds=10)
    assert sender.lease == sender.passive_after == timedelta(seconds=60)

    monkeypatch.setenv("NOTIFIER_SENDER__RETRY_FIRST", "0.01")
    monkeypatch.setenv("NOTIFIER_SENDER__APNS_DOWN_WAIT", "PT1M")
    scaled = load_settings().sender
    assert scaled.retry_first == timedelta(milliseconds=10)
    assert scaled.apns_down_wait == timedelta(minutes=1)


@pytest.mark.holds("R43")
def test_the_environment_wins_over_the_file(monkeypatch: pytest.MonkeyPatch, config: Path) -> None:
    monkeypatch.setenv("NOTIFIER_KAFKA__GROUP", "from-environment")

    settings = load_settings(config)

    assert settings.kafka.group == "from-environment"
    assert settings.kafka.topic_prefix == "t."
    assert settings.http.port == 9000
    assert settings.sender.lease == timedelta(minutes=2)
    assert settings.sender.retry_first == timedelta(milliseconds=250)


@pytest.mark.holds("R43", "I10")
def test_every_fault_of_every_source_is_said_at_once_and_no_value_with_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    config = tmp_path / "bad.toml"
    config.write_text('nonsense = 1\n[http]\nport = "swordfish"\n[kafka]\ngruop = "x"\nsecurity = "swordfish"\n')
    monkeypatch.setenv("NOTIFIER_APNS__TEEM_ID", "swordfish")
    monkeypatch.setenv("NOTIFIER_SENDER__LEASE", "swordfish")
    monkeypatch.setenv("NOTIFIER_SENDER__TIMEOUT", "-3")
    monkeypatch.setenv("NOTIFIER_POSTGRES__DSN", "swordfish")
    monkeypatch.setenv("NOTIFIER_ALLOW_PLAINTEXT", "swordfish")
    monkeypatch.setenv("NOTIFIER_FCM__URL", "http://fcm.example")

    with pytest.raises(Misconfigured) as refused:
        load_settings(config)

    wheres = [fault.partition(": ")[0] for fault in refused.value.faults]
    assert wheres[0] == "NOTIFIER_APNS__TEEM_ID"
    assert sorted(wheres[1:]) == sorted(
        [
            "NOTIFIER_SENDER__LEASE",
            "NOTIFIER_SENDER__TIMEOUT",
            "NOTIFIER_ALLOW_PLAINTEXT",
            str(config),  # nonsense
            str(config),  # http.port
            str(config),  # kafka.gruop
            str(config),  # kafka.security
            "NOTIFIER_POSTGRES__DSN",
            "NOTIFIER_FCM__URL",
            "NOTIFIER_FCM__SERVICE_ACCOUNT_FILE",
        ]
    )
    text = str(refused.value)
    assert "swordfish" not in text
    assert f"{config}: kafka.gruop: is no setting, kafka.group is; remove it or correct its name." in text
    assert "NOTIFIER_APNS__TEEM_ID: is no setting, NOTIFIER_APNS__TEAM_ID is;" in text


@pytest.mark.holds("A36")
def test_an_empty_value_is_a_fault_and_nothing_is_embedded_by_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOTIFIER_KAFKA__BOOTSTRAP", "")

    with pytest.raises(Misconfigured, match="NOTIFIER_KAFKA__BOOTSTRAP: is empty; give it a value or remove it"):
        load_settings()


@pytest.mark.holds("R43")
def test_a_file_that_is_not_there_or_not_toml_is_said(tmp_path: Path) -> None:
    broken = tmp_path / "broken.toml"
    broken.write_text("[kafka\n")

    assert "is no file" in read_settings(tmp_path / "none.toml").faults[0]
    assert read_settings(broken).faults == (f"{broken}: is not TOML: correct it.",)


@pytest.mark.holds("R43")
def test_values_that_do_not_fit_together_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOTIFIER_SENDER__LEASE", "5")

    assert read_settings().faults == (
        "NOTIFIER_SENDER: lease must be twice as long as timeout, or no request could end within it; correct it.",
    )


@pytest.mark.holds("I10")
def test_the_settings_do_not_show_the_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOTIFIER_POSTGRES__DSN", "postgresql://notifier:swordfish@db.example/notifier")

    settings = read_settings().settings

    assert settings.postgres.dsn is not None
    assert "swordfish" not in repr(settings) + str(settings)


@pytest.mark.holds("R43")
def test_the_table_names_every_setting_of_the_design_with_a_description() -> None:
    rows = [line.split("|") for line in describe().splitlines()[2:]]
    names = {row[1].strip(" `") for row in rows}

    assert names >= {
        "KAFKA__BOOTSTRAP", "KAFKA__GROUP", "KAFKA__INSTANCE_ID", "POSTGRES__DSN", "APNS__URL", "APNS__SANDBOX_URL",
        "APNS__TOPIC", "APNS__KEY_FILE", "APNS__KEY_ID", "APNS__TEAM_ID", "APNS__CA_FILE", "FCM__URL",
        "FCM__SERVICE_ACCOUNT_FILE", "FCM__CA_FILE", "HTTP__PORT", "HTTP__INTERNAL_PORT", "STATE__DIR",
        "TEST__DIE_AT", "ALLOW_PLAINTEXT", "CACHE_DIR",
    }  # fmt: skip
    assert all(len(row[3].strip()) > 5 and row[3].strip() != "None" for row in rows)
