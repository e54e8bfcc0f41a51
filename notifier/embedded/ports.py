"""Ports of this machine that the embedded parts listen on."""

import random
import socket

from notifier.domain.faults import Misconfigured

HOST = "127.0.0.1"
# Below the range that Linux takes for outgoing connections: a client that retries while its server is down
# can otherwise connect to itself and so take the port for good.
CANDIDATES = range(15_000, 30_000)
TRIES = 100


def choose_port(wanted: int | None = None, avoid: int | None = None) -> int:
    """Return the wanted port, or a free one but `avoid`, of 127.0.0.1; a taken one is Misconfigured."""
    if wanted is not None and not _is_free(wanted):
        raise Misconfigured(f"Port {wanted} of {HOST} is taken: stop what listens there, or choose another port.")
    return wanted if wanted is not None else _find_free(avoid)


def _find_free(avoid: int | None) -> int:
    for port in random.sample(CANDIDATES, TRIES):
        if port != avoid and _is_free(port):
            return port
    raise Misconfigured(f"No free port was found on {HOST}: name one that is free.")


def _is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As servers do, so that the remains of closed connections do not count as taken.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True
