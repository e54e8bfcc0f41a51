"""Where the simulators listen, and the line that says so."""

import socket
from argparse import Namespace
from collections.abc import Container

from notifier.simulators.certificates import Certificates
from notifier.simulators.serving import reserve_port


def reserve_ports(flags: Namespace) -> tuple[socket.socket, socket.socket | None]:
    """Hold the port for pushes and, if wanted, that for orders."""
    pushes = reserve_port(flags.address, flags.port)
    return pushes, None if flags.control_port is None else reserve_port(flags.address, flags.control_port)


def describe(
    providers: Container[str],
    pushes: socket.socket,
    orders: socket.socket | None,
    certificates: Certificates | None,
) -> str:
    """Say in one line where everything listens."""
    url = f"{'https' if certificates else 'http'}://{_where(pushes)}"
    control = f"http://{_where(orders)}" if orders else "-"
    apns, fcm = (url if name in providers else "-" for name in ("apns", "fcm"))
    return f"ready apns={apns} fcm={fcm} control={control}\n"


def _where(held: socket.socket) -> str:
    address, port = held.getsockname()
    return f"{address}:{port}"
