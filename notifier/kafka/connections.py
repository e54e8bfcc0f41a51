"""How clients reach the cluster, and what their faults mean."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager

import msgspec
from aiokafka.errors import (
    AuthenticationFailedError,
    AuthenticationMethodNotSupported,
    ClusterAuthorizationFailedError,
    GroupAuthorizationFailedError,
    InvalidSessionTimeoutError,
    KafkaError,
    SaslAuthenticationFailed,
    TopicAuthorizationFailedError,
    UnsupportedCodecError,
)

from notifier.domain.faults import Misconfigured, Unavailable

_REFUSALS = (
    AuthenticationFailedError,
    AuthenticationMethodNotSupported,
    ClusterAuthorizationFailedError,
    GroupAuthorizationFailedError,
    InvalidSessionTimeoutError,
    SaslAuthenticationFailed,
    TopicAuthorizationFailedError,
)


class Cluster(msgspec.Struct, frozen=True, kw_only=True):
    """Where Kafka is and who we are there; without `tls` the connection is in the clear (B42)."""

    bootstrap: str
    tls: ssl.SSLContext | None = None
    client_id: str = "notifier"

    def options(self) -> dict[str, object]:
        """Give what every client of aiokafka takes."""
        return {
            "bootstrap_servers": self.bootstrap,
            "client_id": self.client_id,
            "security_protocol": "PLAINTEXT" if self.tls is None else "SSL",
            "ssl_context": self.tls,
            "metadata_max_age_ms": 60_000,
        }


@contextmanager
def unavailability() -> Iterator[None]:
    """Turn faults of Kafka into ours, by name only: their texts may hold anything."""
    try:
        yield
    except _REFUSALS as fault:
        name = type(fault).__name__
        raise Misconfigured(f"Kafka refuses us ({name}): check KAFKA__ settings and the access rules.") from None
    except UnsupportedCodecError:
        raise Misconfigured("Kafka's records are compressed in a way that this installation cannot read.") from None
    except (KafkaError, OSError, TimeoutError) as fault:
        raise Unavailable(f"Kafka: {type(fault).__name__}") from None
