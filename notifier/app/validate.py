"""Whether events would be taken, by the very code that takes them (R44)."""

import os
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from notifier.app.files import Sample, is_event_type, parse, read_samples
from notifier.app.schemas import read_files
from notifier.app.terminal import say
from notifier.domain.faults import Misconfigured, Poison
from notifier.settings import Settings
from notifier.wire.catalogue import load_catalogue
from notifier.wire.events import decode
from notifier.wire.keys import KEY_BYTES, Key
from notifier.wire.letters import explain
from notifier.wire.pseudonyms import Pseudonymiser
from notifier.wire.publishers import load_register
from notifier.wire.records import RawRecord

Refuse = Callable[[bytes, datetime], Poison | None]
"""Says why a record with this value would be refused at an instant."""


async def run(settings: Settings, *, files: Sequence[Path], topic: str | None) -> int:
    """Say of each event that would be refused why, in the words its publisher would read; 1 if there is one."""
    faults = [f"{path}: {fault}" for path in files for fault in find_faults(settings, path, topic)]
    for fault in faults:
        say(fault)
    if not faults:
        say(f"Every event of {len(files)} {'file' if len(files) == 1 else 'files'} would be taken.")
    return 1 if faults else 0


def find_faults(settings: Settings, path: Path, topic: str | None) -> list[str]:
    """Give what is wrong with each event of a file; a type of the catalogue is judged as if it were in it."""
    samples, now = read_samples(path), datetime.now(UTC)
    contract = read_files(settings)
    if is_event_type(parse(path.read_bytes())):
        contract = {**contract, f"events/{path.name}": path.read_bytes()}
        now = _moment_of(samples, now)
    try:
        refuse = prepare_refusal(contract, settings.kafka.topic_prefix, topic)
    except Misconfigured as refused:
        return list(refused.faults)
    judged = ((sample, _compare(sample, refuse(sample.value, now))) for sample in samples)
    return [f"{sample.name}: {fault}" for sample, fault in judged if fault is not None]


def prepare_refusal(contract: Mapping[str, bytes], prefix: str, topic: str | None) -> Refuse:
    """Make ready to judge values of a topic, the open one by default; Misconfigured where the contract is broken."""
    catalogue, register = load_catalogue(contract), load_register(contract, prefix)
    pseudonymiser = Pseudonymiser(Key(id=1, secret=os.urandom(KEY_BYTES)))

    def refuse(value: bytes, now: datetime) -> Poison | None:
        record = RawRecord(
            topic=topic or f"{prefix}events", partition=0, offset=0, key=None, headers=(), value=value, timestamp_ms=0
        )
        try:
            decode(record, catalogue, register, pseudonymiser, now)
        except Poison as poison:
            return poison
        return None

    return refuse


def _moment_of(samples: Sequence[Sample], now: datetime) -> datetime:
    """Examples are as old as their file: they are judged by the time of the first."""
    event = samples[0].event
    try:
        moment = datetime.fromisoformat(event["time"]) if isinstance(event, dict) else now
    except (KeyError, TypeError, ValueError):
        return now
    return moment if moment.tzinfo is not None else now


def _compare(sample: Sample, poison: Poison | None) -> str | None:
    said = None if poison is None else explain(poison.reason, poison.field)
    if sample.reason is None:
        return said
    if poison is None:
        return f"should be refused as {sample.reason}, but would be taken."
    return None if poison.reason == sample.reason else f"should be refused as {sample.reason}, but: {said}"
