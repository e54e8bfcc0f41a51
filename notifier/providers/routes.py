"""How a provider is reached, and the one way in which a client is built (TRAPS, pyreqwest)."""

from datetime import timedelta
from pathlib import Path

import msgspec
from cryptography.x509 import load_pem_x509_certificates
from pyreqwest.client import Client, ClientBuilder
from pyreqwest.proxy import ProxyBuilder

from notifier.domain.faults import Misconfigured
from notifier.providers.windows import Bounds


class Route(msgspec.Struct, frozen=True, kw_only=True):
    """An address with its bounds; `ca_file` is trusted beside the usual authorities."""

    url: str
    ca_file: Path | None = None
    connections: int = 2
    """To begin with."""
    most_connections: int = 8
    window: Bounds = Bounds()
    """Requests at one time on one connection."""
    timeout: timedelta = timedelta(seconds=10)
    """The only deadline of a request; Google asks for at least 10 s (protocols 3.3)."""
    connect_timeout: timedelta = timedelta(seconds=5)
    """Below `timeout`, so that a connection that never came counts as not sent."""
    patience: timedelta = timedelta(seconds=2.5)
    """How long a push waits for a place, or is not sent."""
    ping_every: timedelta = timedelta(seconds=10)
    ping_timeout: timedelta = timedelta(seconds=5)
    proxy: str | None = None
    """Address of a proxy that connects us (HTTP CONNECT); HTTPS_PROXY and its like are not obeyed."""


def read_authority(route: Route) -> bytes | None:
    """Read the authority to trust, once; Misconfigured if it cannot be read or is none."""
    if route.ca_file is None:
        return None
    try:
        authority = route.ca_file.read_bytes()
        load_pem_x509_certificates(authority)
    except OSError as error:
        raise Misconfigured(f"The CA file {route.ca_file} cannot be read: {error.strerror}.") from None
    except ValueError:
        raise Misconfigured(f"The CA file {route.ca_file} holds no certificate in PEM.") from None
    return authority


def build_client(route: Route, authority: bytes | None) -> Client:
    """Build a client that is one HTTP/2 connection."""
    builder = (
        ClientBuilder()
        .http2_prior_knowledge()
        .follow_redirects(False)
        .timeout(route.timeout)
        .connect_timeout(route.connect_timeout)
        .pool_idle_timeout(None)
        .http2_keep_alive_interval(route.ping_every)
        .http2_keep_alive_timeout(route.ping_timeout)
        .http2_keep_alive_while_idle(True)
    )
    builder = builder.no_proxy() if route.proxy is None else builder.proxy(ProxyBuilder.all(route.proxy))
    return builder.build() if authority is None else builder.add_root_certificate_pem(authority).build()
