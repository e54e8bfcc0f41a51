"""Addresses of parts: whether they are of this machine, and whether they are spoken to in plain text (A36, B42)."""

from ipaddress import ip_address
from urllib.parse import parse_qs, urlsplit

import msgspec

from notifier.settings.parts import Security

VERIFIED = "verify-full"


class Address(msgspec.Struct, frozen=True, kw_only=True):
    """What the rules ask of an address."""

    loopback: bool
    encrypted: bool


def read_brokers(bootstrap: str, security: Security) -> Address | None:
    """Read Kafka's addresses; None if one of them is no `host:port`."""
    parts = [part.strip().rpartition(":") for part in bootstrap.split(",")]
    if not all(host and port.isdecimal() and "/" not in host for host, _, port in parts):
        return None
    return Address(
        loopback=all(is_loopback(host) for host, _, _ in parts), encrypted=security is not Security.PLAINTEXT
    )


def read_url(url: str) -> Address | None:
    """Read the address of a provider; None if it is none over HTTP."""
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host:
        return None
    return Address(loopback=is_loopback(host), encrypted=parts.scheme == "https")


def read_dsn(dsn: str) -> Address | None:
    """Read PostgreSQL's address, of one host or several or a socket; None if it is none."""
    try:
        parts = urlsplit(dsn)
        query = parse_qs(parts.query)
    except ValueError:
        return None
    if parts.scheme not in ("postgresql", "postgres"):
        return None
    named = parts.netloc.rpartition("@")[2].split(",") + query.get("host", [])
    hosts = [_without_port(host) for host in named if host]
    loopback = all(host.startswith("/") or is_loopback(host) for host in hosts)
    return Address(loopback=loopback, encrypted=query.get("sslmode") == [VERIFIED])


def is_loopback(host: str) -> bool:
    """Say whether a host is this machine, by its name or number; nothing is looked up."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def _without_port(host: str) -> str:
    return host if host.endswith("]") or ":" not in host else host.rpartition(":")[0]
