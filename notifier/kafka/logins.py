"""A cluster that asks for a name and a password, always inside TLS."""

from notifier.kafka.connections import Cluster

MECHANISM = "SCRAM-SHA-512"


class LoginCluster(Cluster, frozen=True, kw_only=True):
    """Where Kafka is, and how we log in there (SASL); the password is never shown."""

    username: str
    password: str

    def __repr__(self) -> str:
        return f"LoginCluster({self.bootstrap!r})"

    def options(self) -> dict[str, object]:
        """Give what every client of aiokafka takes."""
        login = {"sasl_plain_username": self.username, "sasl_plain_password": self.password}
        return super().options() | login | {"security_protocol": "SASL_SSL", "sasl_mechanism": MECHANISM}
