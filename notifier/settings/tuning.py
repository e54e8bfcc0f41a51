"""Bounds and waits of the path; rules of people and law are no settings but data in `schemas/`."""

from datetime import timedelta
from typing import Literal, Self

from pydantic import Field, model_validator

from notifier.settings.values import Count, Duration, Section, Text, seconds


class Sender(Section):
    """Sending and what follows from it (A29 to A31)."""

    connections: Count = Field(
        default=8, description="most connections per lane; it begins with 2 and adds one where more would help"
    )
    in_flight: Count = Field(default=1_200, description="most requests at one time per lane")
    proxy: Text | None = Field(
        default=None, description="proxy to Apple and Google, `http://host:port`; HTTPS_PROXY is not obeyed"
    )
    timeout: Duration = Field(default=seconds(10), description="deadline of one request")
    connect_timeout: Duration = Field(default=seconds(5), description="of it, for a connection to come about")
    lease: Duration = Field(
        default=seconds(60), description="how long a process may hold a delivery before others take it"
    )
    feed_every: Duration = Field(default=seconds(1), description="how often waiting deliveries are looked for")
    rejudge_every: Duration = Field(default=seconds(10), description="how often what is held is judged again")
    passive_after: Duration = Field(default=seconds(60), description="a resend in doubt after this makes no sound")
    retry_first: Duration = Field(
        default=seconds(1), description="first wait after a push that was not sent; then doubled"
    )
    retry_most: Duration = Field(default=seconds(60), description="longest such wait")
    apns_down_wait: Duration = Field(default=seconds(900), description="wait after APNs 500 and 503")
    apns_down_short_wait: Duration = Field(
        default=seconds(5), description="the same, once, if usefulness ends before; up to double"
    )
    busy_wait: Duration = Field(
        default=seconds(30),
        description="first wait, up to double, for a device that gets too much; then doubled",
    )
    fcm_first_wait: Duration = Field(default=seconds(10), description="first wait after FCM refused for load")
    drain: Duration = Field(default=seconds(20), description="how long a stop waits for what is in flight")

    @property
    def patience(self) -> timedelta:
        """Give how long a push waits for its turn, and once more for a place."""
        return self.timeout / 4

    @property
    def longest_attempt(self) -> timedelta:
        """Give how long a push may take that was handed over: both waits, then its request has its whole time."""
        return self.timeout + 2 * self.patience

    @model_validator(mode="after")
    def _fit(self) -> Self:
        """Hold together what only makes sense together."""
        if self.lease < 2 * self.timeout:
            raise ValueError("lease must be twice as long as timeout, or no request could end within it")
        if self.connect_timeout >= self.timeout:
            raise ValueError("connect_timeout must be shorter than timeout, or what was not sent counts as unknown")
        if self.retry_first > self.retry_most:
            raise ValueError("retry_first must not be longer than retry_most")
        return self


class Telemetry(Section):
    """Logs; metrics need no setting."""

    level: Literal["debug", "info", "warning", "error"] = Field(default="info", description="least level of a log line")


class Crash(Section):
    """For tests only."""

    die_at: Text | None = Field(default=None, description="crash point at which the process ends, for tests")
