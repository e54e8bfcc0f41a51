"""How commands reach Kafka and PostgreSQL: by the settings, else the embedded ones of a running notifier."""

import ssl

from notifier.app.whereabouts import find_whereabouts
from notifier.domain.faults import Misconfigured
from notifier.kafka.connections import Cluster
from notifier.kafka.logins import LoginCluster
from notifier.settings import Security, Settings


def reach_postgres(settings: Settings) -> str:
    """Give the address of PostgreSQL; Misconfigured where there is none."""
    if settings.postgres.dsn is not None:
        return settings.postgres.dsn.get_secret_value()
    return _require(find_whereabouts(settings).postgres, "PostgreSQL", "NOTIFIER_POSTGRES__DSN")


def reach_kafka(settings: Settings) -> Cluster:
    """Give Kafka's cluster; Misconfigured where there is none."""
    if settings.kafka.bootstrap is not None:
        return make_cluster(settings, settings.kafka.bootstrap)
    return Cluster(bootstrap=_require(find_whereabouts(settings).kafka, "Kafka", "NOTIFIER_KAFKA__BOOTSTRAP"))


def make_cluster(settings: Settings, bootstrap: str) -> Cluster:
    """Make the cluster of an address of the settings, with TLS unless they say plain text."""
    kafka = settings.kafka
    if kafka.security is Security.PLAINTEXT:
        return Cluster(bootstrap=bootstrap)
    if kafka.security is Security.SSL or kafka.username is None or kafka.password_file is None:
        return Cluster(bootstrap=bootstrap, tls=_trust(settings))
    password = kafka.password_file.read_text("utf-8").strip()
    return LoginCluster(bootstrap=bootstrap, tls=_trust(settings), username=kafka.username, password=password)


def _trust(settings: Settings) -> ssl.SSLContext:
    kafka = settings.kafka
    try:
        context = ssl.create_default_context(cafile=kafka.ca_file)
        if kafka.cert_file is not None:
            context.load_cert_chain(kafka.cert_file, kafka.key_file)
    except (OSError, ssl.SSLError) as error:
        files = ", ".join(str(path) for path in (kafka.ca_file, kafka.cert_file, kafka.key_file) if path is not None)
        raise Misconfigured(f"{files}: are no certificates or keys in PEM ({type(error).__name__}).") from None
    return context


def _require(address: str | None, part: str, name: str) -> str:
    if address is None:
        raise Misconfigured(f"{part} is not named and no embedded one runs: set {name}, or start `notifier run`.")
    return address
