"""Records of aiokafka as values of ours, whatever bytes they hold."""

from aiokafka.structs import ConsumerRecord

from notifier.wire.records import RawRecord


def as_raw(record: ConsumerRecord) -> RawRecord:
    """Give the record as it came."""
    return RawRecord(
        topic=record.topic,
        partition=record.partition,
        offset=record.offset,
        key=record.key,
        headers=record.headers,
        value=record.value,
        timestamp_ms=record.timestamp,
    )
