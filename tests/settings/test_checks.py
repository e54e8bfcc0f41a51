"""What forbids a process to run: plain text, halves of pairs, files that lie open (A36, B40, B42)."""

from pathlib import Path

import pytest

from notifier.settings import find_faults, read_settings
from tests.settings.cast import set_production


def faults() -> list[str]:
    reading = read_settings()
    assert not reading.faults
    return find_faults(reading.settings)


@pytest.fixture
def production(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    set_production(monkeypatch, tmp_path)
    return tmp_path


@pytest.mark.holds("B42")
@pytest.mark.usefixtures("production")
def test_what_production_should_look_like_has_no_fault() -> None:
    assert faults() == []


@pytest.mark.holds("B42", "A36")
@pytest.mark.usefixtures("production")
@pytest.mark.parametrize(
    ("name", "value", "where"),
    [
        ("KAFKA__SECURITY", "plaintext", "KAFKA__SECURITY"),
        ("POSTGRES__DSN", "postgresql://db.example/notifier", "POSTGRES__DSN"),
        ("POSTGRES__DSN", "postgresql://db.example/notifier?sslmode=require", "POSTGRES__DSN"),
        ("POSTGRES__DSN", "postgresql://127.0.0.1,db.example/notifier?sslmode=disable", "POSTGRES__DSN"),
        ("APNS__URL", "http://api.push.apple.com", "APNS__URL"),
        ("APNS__SANDBOX_URL", "http://api.sandbox.push.apple.com", "APNS__SANDBOX_URL"),
        ("FCM__URL", "http://fcm.googleapis.com", "FCM__URL"),
        ("FCM__URL", "http://127.0.0.1.example", "FCM__URL"),
    ],
)
def test_plain_text_to_another_machine_is_refused_whatever_is_allowed(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, where: str
) -> None:
    monkeypatch.setenv("NOTIFIER_" + name, value)
    monkeypatch.setenv("NOTIFIER_ALLOW_PLAINTEXT", "true")

    (fault,) = faults()

    assert fault.startswith(f"NOTIFIER_{where}: is plain text, which is refused; ")


@pytest.mark.holds("A36")
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("KAFKA__BOOTSTRAP", "127.0.0.1:9092,localhost:9093"),
        ("POSTGRES__DSN", "postgresql://postgres@127.0.0.1:5432/postgres"),
        ("POSTGRES__DSN", "postgresql://postgres@[::1]:5432/postgres"),
        ("POSTGRES__DSN", "postgresql:///postgres?host=/run/postgresql"),
    ],
)
def test_plain_text_on_this_machine_needs_to_be_allowed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, value: str
) -> None:
    monkeypatch.setenv("NOTIFIER_" + name, value)

    assert "is plain text, which is refused" in faults()[0]
    assert "NOTIFIER_ALLOW_PLAINTEXT=true for tests on this machine" in faults()[0]

    monkeypatch.setenv("NOTIFIER_ALLOW_PLAINTEXT", "true")
    assert faults() == []


@pytest.mark.holds("A36")
@pytest.mark.usefixtures("production")
@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("KAFKA__BOOTSTRAP", "kafka.example", "is no list of host:port"),
        ("POSTGRES__DSN", "host=db.example password=swordfish", "is no PostgreSQL address"),
        ("APNS__URL", "api.push.apple.com", "is no address"),
        ("FCM__URL", "https://[::1", "is no address"),
        ("HTTP__INTERNAL_PORT", "8177", "is the same as NOTIFIER_HTTP__PORT"),
        ("TEST__DIE_AT", "open.after_commit", "is for tests"),
        ("SCHEMAS__EXTRA_FOLDER", "/nowhere/at/all", "is no folder"),
        ("KEYS__FOLDER", "/nowhere/at/all", "is no folder"),
        ("APNS__CA_FILE", "/nowhere/ca.pem", "cannot be read"),
        ("KAFKA__CERT_FILE", "/dev/null", "is not set, but its other half is"),
    ],
)
def test_a_single_fault_is_named_where_it_stands(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    monkeypatch.setenv("NOTIFIER_" + name, value)

    text = "\n".join(faults())

    assert said in text
    assert "swordfish" not in text


@pytest.mark.holds("A36")
@pytest.mark.usefixtures("production")
@pytest.mark.parametrize(
    ("unset", "where"),
    [
        ("APNS__KEY_FILE", "APNS__KEY_FILE"),
        ("APNS__KEY_ID", "APNS__KEY_ID"),
        ("APNS__TEAM_ID", "APNS__TEAM_ID"),
        ("FCM__SERVICE_ACCOUNT_FILE", "FCM__SERVICE_ACCOUNT_FILE"),
        ("KAFKA__PASSWORD_FILE", "KAFKA__PASSWORD_FILE"),
        ("KEYS__FOLDER", "KEYS__FOLDER"),
        ("FCM__URL", "FCM__SERVICE_ACCOUNT_FILE"),
        ("APNS__URL", "APNS__KEY_FILE, NOTIFIER_APNS__KEY_ID, NOTIFIER_APNS__TEAM_ID"),
        ("KAFKA__BOOTSTRAP", "KAFKA__USERNAME, NOTIFIER_KAFKA__PASSWORD_FILE, NOTIFIER_KAFKA__CA_FILE"),
    ],
)
def test_what_is_missing_for_a_real_part_is_named_and_nothing_real_is_simulated(
    monkeypatch: pytest.MonkeyPatch, unset: str, where: str
) -> None:
    monkeypatch.delenv("NOTIFIER_" + unset)

    (fault,) = faults()

    assert fault.startswith(f"NOTIFIER_{where}: is ")


@pytest.mark.holds("B40")
@pytest.mark.parametrize("name", ["apns.p8", "account.json", "password", "keys/person/1.key"])
def test_a_secret_that_everybody_can_read_is_refused(production: Path, name: str) -> None:
    (production / name).chmod(0o644)

    (fault,) = faults()

    assert f"{production / name} is open to everybody" in fault
