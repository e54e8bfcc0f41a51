"""Reading records that aiokafka refuses: a header's name that is not UTF-8 makes it give up a whole fetch.

Any client may write such a name, and one bad record never stops the others (DESIGN 3). Its pure Python parser, made
to replace what it cannot decode, is used for the fetch in question only: it is ten times slower.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, SupportsIndex

from aiokafka.consumer import fetcher
from aiokafka.errors import CorruptRecordException
from aiokafka.record.default_records import _DefaultRecordBatchPy
from aiokafka.record.memory_records import _MemoryRecordsPy


class _Lenient(bytearray):
    """Bytes whose parts decode with U+FFFD where they are not UTF-8."""

    def __getitem__(self, key: SupportsIndex | slice) -> Any:
        part = super().__getitem__(key)
        return _Lenient(part) if isinstance(part, bytearray) else part

    def decode(self, encoding: str = "utf-8", errors: str = "replace") -> str:  # noqa: ARG002 - never strict
        return bytes(self).decode(encoding, "replace")


class _LenientRecords(_MemoryRecordsPy):  # type: ignore[misc] # aiokafka has no types
    """The records of one fetch, read by Python."""

    def next_batch(self) -> Any:
        """Give the next batch, whose header names need not be UTF-8."""
        taken = self._next_slice
        if taken is None or taken[self.MAGIC_OFFSET] < 2:
            return super().next_batch()
        self._cache_next()
        batch = _DefaultRecordBatchPy(taken)
        if batch.validate_crc():
            batch._maybe_uncompress()  # noqa: SLF001 - before the bytes are wrapped
            batch._buffer = _Lenient(batch._buffer)  # noqa: SLF001 - the only place where names are decoded
            batch.validate_crc = lambda: True
        return batch


_STRICT = fetcher.MemoryRecords
REFUSALS = (UnicodeDecodeError, CorruptRecordException)
"""What reading raises where leniency may help."""


@contextmanager
def leniency() -> Iterator[None]:
    """Parse leniently what is fetched in this block, by whatever reader."""
    fetcher.MemoryRecords = _LenientRecords
    try:
        yield
    finally:
        fetcher.MemoryRecords = _STRICT
