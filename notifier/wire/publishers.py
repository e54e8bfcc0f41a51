"""The register of publishers: which topic may carry what (B20)."""

import re
from collections.abc import Collection, Mapping
from fnmatch import fnmatchcase

import msgspec

from notifier.domain.faults import Misconfigured
from notifier.wire.contract import read_one

_REGIONS = "regions.jsonl"
_ORGANISATION = re.compile(r"SE(?:16)?([0-9]{10})-", re.IGNORECASE)
"""The organisation number in an HSA-id, with or without the century prefix of organisations (domain.md 2.3)."""


class Publisher(msgspec.Struct, frozen=True, kw_only=True, rename={"is_open": "open"}):
    """What one topic may carry; `*` in a pattern stands for any characters."""

    is_open: bool
    """The embedded topic that anybody may write: region and unit need not agree."""
    sources: tuple[str, ...]
    types: tuple[str, ...]
    regions: tuple[str, ...]
    units: tuple[str, ...]
    limit_per_second: int
    """The absolute limit of B27."""


class Register(msgspec.Struct, frozen=True, kw_only=True):
    """All publishers by topic, and the region that each regional organisation number stands for."""

    version: int
    topics: Mapping[str, Publisher]
    region_of: Mapping[str, str]

    def allowed(self, topic: str, source: str, type_name: str, region: str | None, unit: str | None) -> bool:
        """Say whether the topic may carry these, and whether region and unit agree; a mark need name neither (B20)."""
        publisher = self.topics.get(topic)
        if publisher is None:
            return False
        return (
            _fits(publisher.sources, source)
            and _fits(publisher.types, type_name)
            and (region is None or _fits(publisher.regions, region))
            and (unit is None or _fits(publisher.units, unit))
            and (publisher.is_open or self._agrees(region, unit))
        )

    def _agrees(self, region: str | None, unit: str | None) -> bool:
        """Say whether the unit's organisation is that region or none of the regions: private care serves several."""
        match = _ORGANISATION.match(unit or "")
        return match is None or region is None or self.region_of.get(match[1], region) == region


class _Region(msgspec.Struct, frozen=True):
    code: str
    organisation: str


def load_register(files: Mapping[str, bytes], prefix: str) -> Register:
    """Read the register for topics with this prefix; raise Misconfigured with every fault of the file."""
    document = read_one(files, "publishers.json", "publishers.schema.json")
    publishers = msgspec.convert(document["topics"], dict[str, Publisher])
    return Register(
        version=document["version"],
        topics={prefix + topic: publisher for topic, publisher in publishers.items()},
        region_of=_read_regions(files.get(_REGIONS, b"")),
    )


def _read_regions(lines: bytes) -> Mapping[str, str]:
    try:
        regions = [msgspec.json.decode(line, type=_Region) for line in lines.splitlines()]
    except msgspec.DecodeError as error:
        raise Misconfigured(f"{_REGIONS}: {error}") from None
    if not regions:
        raise Misconfigured(f"{_REGIONS}: is missing or empty")
    return {region.organisation: region.code for region in regions}


def _fits(patterns: Collection[str], value: str) -> bool:
    return "*" in patterns or any(fnmatchcase(value, pattern) for pattern in patterns)
