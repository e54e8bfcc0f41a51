"""What the control address answers."""

import msgspec

from notifier.simulators.endpoint import Reply

JSON = ("content-type", "application/json")
DONE: Reply = (204, [], b"")
UNKNOWN: Reply = (404, [JSON], b'{"error":"no such order; GET / lists them"}')


class RefusedError(Exception):
    """The order cannot be followed; the message says why."""


def tell(value: object, status: int = 200) -> Reply:
    """Answer with JSON."""
    return status, [JSON], msgspec.json.encode(value)


def miss(what: str) -> Reply:
    """Say that there is no such thing."""
    return tell({"error": what}, 404)
