"""Whether the longest push of an event type fits, asked when the catalogue is read (R16, A32)."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from itertools import product

import jsonschema_rs
import msgspec

from notifier.domain.catalogue import EventType
from notifier.domain.identifiers import CollapseId
from notifier.domain.people import Platform
from notifier.domain.pushes import Alert, Parcel
from notifier.domain.verdicts import Loudness
from notifier.wire import apns, fcm
from notifier.wire.contract import violations
from notifier.wire.details import Details, count_sealed, write_details
from notifier.wire.payloads import MOST_FCM_TOKEN, TEXTS

MOST_MATTER, MOST_UNIT = 64, 31
"""Characters (DESIGN 8); none of those that may stand in them grows in JSON."""
MOST_KEY_ID = 64
_LONGEST_MOMENT = datetime(2099, 12, 31, 23, 59, 59, 999999, timezone(timedelta(hours=1)))
_NOW = datetime(2099, 12, 1, tzinfo=UTC)
_SIXTEEN_BYTES = b"\xff" * 16
_MOST_BADGE = 2**31 - 1
_REGION = "00"


def find_faults(name: str, known: EventType, validator: jsonschema_rs.Validator) -> tuple[str, ...]:
    """Say what in a type's file could make a push too large for Apple or Google; the file is `name`."""
    return (*_find_lax(name, validator), *_find_oversize(name, known))


def _find_lax(name: str, validator: jsonschema_rs.Validator) -> Iterator[str]:
    """Ask the data's schema whether it holds matter and unit to the lengths that are reckoned with."""
    longer = {"matter": "m" * (MOST_MATTER + 1), "unit": "SE-".ljust(MOST_UNIT + 1, "u"), "region": _REGION}
    refused = set(violations(validator, longer))
    for field, most in (("matter", MOST_MATTER), ("unit", MOST_UNIT)):
        if f"/{field}" not in refused:
            yield f"{name}#/data/properties/{field}: lets through more than {most} characters"


def _find_oversize(name: str, known: EventType) -> Iterator[str]:
    for link in sorted({known.link, *known.links.values()}):
        try:
            _write_longest(known, link)
        except ValueError as error:
            yield f"{name}: the longest push of this type is too large for a phone, with the link {link}: {error}"


def _write_longest(known: EventType, link: str) -> None:
    """Write the longest legal push for every text, loudness and platform; ValueError if one does not fit."""
    matter = "m" * MOST_MATTER
    details = Details(
        type=known.name,
        unit="u" * MOST_UNIT,
        matter=matter,
        happens_at=_LONGEST_MOMENT,
        link=link.replace("{matter}", matter),
        about=_SIXTEEN_BYTES,
    )
    sealed = bytes(count_sealed(write_details(details)))
    for text_key, loudness in product(TEXTS, Loudness):
        push = _make_longest(text_key, loudness, sealed)
        apns.encode(push, "t")
        fcm.encode(msgspec.structs.replace(push, platform=Platform.ANDROID), "p", _NOW)


def _make_longest(text_key: str, loudness: Loudness, sealed: bytes) -> Parcel:
    content = Alert(
        text_key=text_key,
        loudness=loudness,
        badge=_MOST_BADGE,
        collapse_id=CollapseId(_SIXTEEN_BYTES),
        expires_at=_LONGEST_MOMENT,
        sealed=sealed,
        key_id="k" * MOST_KEY_ID,
    )
    token = "x" * MOST_FCM_TOKEN
    return Parcel(id=_SIXTEEN_BYTES, platform=Platform.IOS, lane="", token=token, kind="token", content=content)
