"""Calling commands in process, and the events that are published."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from notifier.commands.line import build_parser, execute

EVENT: Mapping[str, Any] = {
    "specversion": "1.0",
    "id": "received-0001",
    "source": "urn:se:1177:inkorg",
    "type": "se.1177.inbox.message.received.v1",
    "subject": "191212121212",
    "time": "2026-11-22T08:00:00Z",
    "datacontenttype": "application/json",
    "data": {"matter": "m-8801", "unit": "SE2321000131-E000000001", "region": "14"},
}


Write = Callable[[str, object], Path]
"""Writes a file of this name with these bytes, or this as JSON."""


async def call(*words: str) -> int:
    """Do what the words say as `notifier` would, without its process."""
    return await execute(build_parser().parse_args(words))
