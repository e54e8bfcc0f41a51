"""Files with events: one JSON event, a list of them, JSON lines, or a type of the catalogue with its examples."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import orjson

from notifier.domain.faults import Misconfigured


class Sample(msgspec.Struct, frozen=True, kw_only=True):
    """One event of a file as it would be published."""

    name: str
    """Where it stands: `event 3`, `line 3`, `example "…"`."""
    value: bytes
    event: object
    """What was parsed of it; None where it is no JSON."""
    reason: str | None = None
    """Why it should be refused, for a bad example."""


def read_samples(path: Path) -> list[Sample]:
    """Read every event of a file; Misconfigured where the file cannot be read or holds none."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise Misconfigured(f"{path}: cannot be read ({error.strerror}).") from None
    samples = list(_split(content))
    if not samples:
        raise Misconfigured(f"{path}: holds no event.")
    return samples


def is_event_type(content: object) -> bool:
    """Say whether parsed JSON is a file of the catalogue."""
    return isinstance(content, dict) and isinstance(content.get("examples"), dict)


def parse(value: bytes) -> Any:  # the JSON of anybody
    """Parse JSON; None where it is none."""
    try:
        return orjson.loads(value)
    except orjson.JSONDecodeError:
        return None


def _split(content: bytes) -> Iterator[Sample]:
    whole = parse(content)
    if is_event_type(whole):
        yield from _split_examples(whole["examples"])
    elif isinstance(whole, list):
        for number, event in enumerate(whole, 1):
            yield Sample(name=f"event {number}", value=orjson.dumps(event), event=event)
    elif whole is None and parse(content.lstrip().partition(b"\n")[0]) is not None:
        lines = ((number, line) for number, line in enumerate(content.splitlines(), 1) if line.strip())
        yield from (Sample(name=f"line {number}", value=line, event=parse(line)) for number, line in lines)
    elif content.strip():
        yield Sample(name="event 1", value=content, event=whole)


def _split_examples(examples: dict[str, Any]) -> Iterator[Sample]:
    for example in (*examples.get("good", ()), *examples.get("bad", ())):
        event = example["event"]
        yield Sample(
            name=f'example "{example["name"]}"',
            value=orjson.dumps(event),
            event=event,
            reason=example.get("reason"),
        )
