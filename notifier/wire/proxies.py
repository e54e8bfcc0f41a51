"""Records of `1177.proxies` (DESIGN 8, A14)."""

from datetime import date

import msgspec

from notifier.domain.faults import Poison
from notifier.domain.identifiers import Pseudonym
from notifier.domain.reasons import DeadLetterReason
from notifier.wire.feeds import Shape, Version, read_key
from notifier.wire.pseudonyms import Pseudonymiser
from notifier.wire.records import RawRecord

_NEVER = date(2999, 12, 31)
"""From when a link holds whose start cannot be read."""
_OVER = date(1900, 1, 1)
"""Until when a link held whose end cannot be read."""


class ProxyChange(msgspec.Struct, frozen=True, kw_only=True):
    """One version of a guardian's opt-in for a child; what is not said gives nothing (A14)."""

    child: Pseudonym
    guardian: Pseudonym
    guardian_relation: bool = False
    valid_from: date = _NEVER
    valid_to: date | None = None
    blocked: bool = True
    version: int = 0
    """0 for a tombstone, which keeps the last one (A9)."""
    tombstone: bool = False

    def __repr__(self) -> str:
        return f"ProxyChange(version={self.version})"


class _Proxy(msgspec.Struct, frozen=True):
    version: Version
    relation: object = None
    valid_from: date | None = None
    valid_to: date | None = None
    blocked: object = True


_SHAPE = Shape(_Proxy)


def decode_proxy(record: RawRecord, pseudonymiser: Pseudonymiser) -> ProxyChange:
    """Read a link, or raise Poison for a key that is not `<child>:<guardian>` or a value without a version."""
    child, guardian = _read_pair(record.key or b"", pseudonymiser)
    if record.value is None:
        return ProxyChange(child=child, guardian=guardian, tombstone=True)
    value, faults = _SHAPE.read(record.value)
    return ProxyChange(
        child=child,
        guardian=guardian,
        guardian_relation=value.relation == "guardian",
        valid_from=value.valid_from or _NEVER,
        valid_to=_OVER if "valid_to" in faults else value.valid_to,
        blocked=value.blocked is not False,
        version=value.version,
    )


def _read_pair(key: bytes, pseudonymiser: Pseudonymiser) -> tuple[Pseudonym, Pseudonym]:
    child, _, guardian = key.partition(b":")
    pair = read_key(child), read_key(guardian)
    if pair[0] == pair[1]:
        raise Poison(DeadLetterReason.SUBJECT_INVALID, "/key")
    return pseudonymiser.pseudonym(pair[0]), pseudonymiser.pseudonym(pair[1])
