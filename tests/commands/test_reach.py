"""How Kafka is reached: in the clear, by TLS, by TLS with a login (B42)."""

import inspect
import ssl
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient

from notifier.app.reach import make_cluster, reach_kafka
from notifier.domain.faults import Misconfigured
from notifier.settings import read_settings
from notifier.simulators.certificates import make_certificates


@pytest.fixture
def authority(tmp_path: Path) -> Path:
    return make_certificates(tmp_path / "certificates").authority


@pytest.mark.holds("B42")
async def test_a_login_travels_inside_tls_and_every_client_takes_it(
    monkeypatch: pytest.MonkeyPatch, authority: Path, tmp_path: Path
) -> None:
    (tmp_path / "password").write_text("swordfish\n")
    monkeypatch.setenv("NOTIFIER_KAFKA__BOOTSTRAP", "kafka.example:9093")
    monkeypatch.setenv("NOTIFIER_KAFKA__SECURITY", "sasl_ssl")
    monkeypatch.setenv("NOTIFIER_KAFKA__USERNAME", "notifier")
    monkeypatch.setenv("NOTIFIER_KAFKA__PASSWORD_FILE", str(tmp_path / "password"))
    monkeypatch.setenv("NOTIFIER_KAFKA__CA_FILE", str(authority))

    cluster = reach_kafka(read_settings().settings)

    options = cluster.options()
    assert options["security_protocol"] == "SASL_SSL"
    assert (options["sasl_plain_username"], options["sasl_plain_password"]) == ("notifier", "swordfish")
    assert cluster.tls is not None
    assert cluster.tls.verify_mode is ssl.CERT_REQUIRED
    assert cluster.tls.check_hostname
    assert "swordfish" not in repr(cluster)
    for client in (AIOKafkaConsumer, AIOKafkaProducer, AIOKafkaAdminClient):
        inspect.signature(client).bind(**options)


@pytest.mark.holds("B42")
def test_tls_alone_logs_nobody_in(monkeypatch: pytest.MonkeyPatch, authority: Path) -> None:
    monkeypatch.setenv("NOTIFIER_KAFKA__SECURITY", "ssl")
    monkeypatch.setenv("NOTIFIER_KAFKA__CA_FILE", str(authority))

    options = make_cluster(read_settings().settings, "kafka.example:9093").options()

    assert options["security_protocol"] == "SSL"
    assert "sasl_mechanism" not in options


@pytest.mark.holds("B42")
def test_an_authority_that_is_none_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("made up")
    monkeypatch.setenv("NOTIFIER_KAFKA__SECURITY", "ssl")
    monkeypatch.setenv("NOTIFIER_KAFKA__CA_FILE", str(tmp_path / "ca.pem"))

    with pytest.raises(Misconfigured, match="are no certificates or keys in PEM"):
        make_cluster(read_settings().settings, "kafka.example:9093")
