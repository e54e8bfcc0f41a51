"""Where a region has its own service or app: the links of `schemas/links.json` (R15)."""

from collections.abc import Iterable

import msgspec

from notifier.domain.catalogue import EventType
from notifier.wire.contract import Document


def add_links(known: EventType, links: Document) -> EventType:
    """Give the type with the link that each region has for its service; `<region>:<service>` goes before `<region>`."""
    regions = {key.partition(":")[0] for key in links}
    found = {region: links.get(f"{region}:{_service(known.name)}", links.get(region)) for region in regions}
    return msgspec.structs.replace(known, links={region: link for region, link in found.items() if link is not None})


def find_strays(links: Document, types: Iterable[str]) -> tuple[str, ...]:
    """Say which links name a service that no type has: a slip of the pen would open the wrong page in silence."""
    services = {_service(name) for name in types}
    named = {key: key.partition(":")[2] for key in links}
    return tuple(
        f"links.json#/{key}: no event type is of the service {service}"
        for key, service in named.items()
        if service and service not in services
    )


def _service(type_name: str) -> str:
    return type_name.split(".")[2]
