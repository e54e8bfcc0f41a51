"""What the parts around notifier are reached by; a part is embedded when its address is unset (A36)."""

from enum import StrEnum
from pathlib import Path

from pydantic import Field, SecretStr

from notifier.settings.values import Count, Duration, Port, Section, Text, seconds


class Security(StrEnum):
    """How Kafka is spoken to, in Kafka's own words."""

    PLAINTEXT = "plaintext"
    SSL = "ssl"
    SASL_SSL = "sasl_ssl"


class Kafka(Section):
    """Where events come from and statuses go."""

    bootstrap: Text | None = Field(
        default=None, description="Kafka's addresses, `host:port`, with commas; unset: embedded"
    )
    group: Text = Field(default="notifier", description="consumer group")
    instance_id: Text | None = Field(default=None, description="static membership, only where it is wanted (TRAPS)")
    session_timeout: Duration = Field(
        default=seconds(10),
        ge=seconds(6),
        description="after this others take over the partitions of a process that was killed; brokers want 6 s",
    )
    topic_prefix: str = Field(default="1177.", description="what every topic's name begins with")
    security: Security = Field(default=Security.PLAINTEXT, description="`plaintext`, `ssl` or `sasl_ssl`")
    ca_file: Path | None = Field(default=None, description="authority that signed the brokers' certificates, PEM")
    cert_file: Path | None = Field(default=None, description="our certificate, where brokers ask for one, PEM")
    key_file: Path | None = Field(default=None, description="its key, PEM")
    username: Text | None = Field(default=None, description="name for SASL (SCRAM-SHA-512)")
    password_file: Path | None = Field(default=None, description="file with the password for SASL")


class Postgres(Section):
    """Where everything is kept."""

    dsn: SecretStr | None = Field(
        default=None, description="PostgreSQL, `postgresql://…?sslmode=verify-full`; unset: embedded"
    )


class Apns(Section):
    """Apple's push service."""

    url: Text | None = Field(default=None, description="APNs' production address; unset: simulated")
    sandbox_url: Text | None = Field(
        default=None, description="APNs' sandbox address; unset: sandbox devices are parked"
    )
    topic: Text = Field(default="se.1177.app", description="the app's bundle id, for devices that name none")
    more_topics: str = Field(
        default="", description="bundle ids of regions' own apps, with commas; each is a lane of its own"
    )
    key_file: Path | None = Field(
        default=None, description="Apple's signing key, .p8, or a folder of `AuthKey_<id>.p8` of which the newest signs"
    )
    key_id: Text | None = Field(default=None, description="its id, 10 characters; not of a folder")
    team_id: Text | None = Field(default=None, description="the team's id, 10 characters")
    ca_file: Path | None = Field(default=None, description="an authority to trust beside the usual ones, PEM")
    streams: Count = Field(default=400, description="most requests at one time per connection, below Apple's limit")


class Fcm(Section):
    """Google's push service."""

    url: Text | None = Field(default=None, description="FCM's address; unset: simulated")
    service_account_file: Path | None = Field(default=None, description="Google's service account, JSON")
    ca_file: Path | None = Field(default=None, description="an authority to trust beside the usual ones, PEM")
    streams: Count = Field(default=100, description="most requests at one time per connection, below Google's limit")
    per_second: Count = Field(
        default=9_000, description="most messages a second of this process; Google's quota is 10,000 per project"
    )
    first_per_second: Count = Field(
        default=1_000,
        description="at the start, after 10 idle minutes and after 429; a minute later it is `PER_SECOND`",
    )


class Http(Section):
    """The listeners (B42)."""

    host: Text = Field(default="127.0.0.1", description="address of the public listener")
    port: Port = Field(default=8177, description="port for residents, reports of operators and the sandbox")
    internal_host: Text = Field(default="127.0.0.1", description="address of the internal listener")
    internal_port: Port = Field(default=8178, description="port of `/livez`, `/readyz` and `/metrics`")


class Keys(Section):
    """Our own keys (B40)."""

    folder: Path | None = Field(
        default=None, description="folder of `<use>/<id>.key` files of 32 random bytes; unset: made in the state folder"
    )


class State(Section):
    """What embedded parts keep between runs (A35)."""

    dir: Path | None = Field(default=None, description="folder of the embedded parts; unset: one per user and checkout")


class Schemas(Section):
    """The contract."""

    folder: Path | None = Field(default=None, description="the contract; unset: the one that came with notifier")
    extra_folder: Path | None = Field(
        default=None, description="laid over it, e.g. with `events/<type>.json` of new types"
    )
