"""Devices and preferences on their way into the house: ids, sealed tokens, content keys (A11, A19)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from notifier.dispatch.identities import Entropy, Reference, draw_ids, introduce
from notifier.domain.identifiers import DeviceId
from notifier.wire.device_lines import CONTENT_KEY_BYTES, Device
from notifier.wire.devices import DeviceSecrets
from notifier.wire.preference_lines import Preference, Quiet

MOST_DEVICES = 10
"""Of one person; the oldest beyond are retired (A19)."""


class DeviceRow(msgspec.Struct, frozen=True, kw_only=True):
    """A device as it is stored."""

    id: DeviceId
    """Used only where the token has no row, or its row belongs to somebody else."""
    device: Device
    token: bytes
    token_index: bytes
    content_key: bytes
    """Used only where there is none, or the file tells it."""


class Register(Protocol):
    """Where devices and preferences are kept."""

    async def put_devices(
        self, rows: Sequence[DeviceRow], people: Sequence[Reference], most: int, now: datetime, *, proven: bool
    ) -> int:
        """Store devices, the later `registered_at` of a token owning it; give how many rows changed.

        New tokens are in doubt, or `proven`; one that was parked is in doubt (R17).
        """

    async def put_preferences(
        self, switches: Sequence[Preference], hours: Sequence[Quiet], people: Sequence[Reference], now: datetime
    ) -> int:
        """Store switches and quiet hours; give how many rows changed."""


class Registrations:
    """Stores batches of import lines."""

    def __init__(self, register: Register, secrets: DeviceSecrets, entropy: Entropy) -> None:
        self._register = register
        self._secrets = secrets
        self._entropy = entropy

    async def put_devices(self, devices: Sequence[Device], now: datetime, *, proven: bool = False) -> int:
        """Store devices; of lines about one token the latest registration counts, the first where they are equal.

        `proven` where they were pushed to before they came here: a million new tokens would share one connection (R17).
        """
        newest: dict[tuple[str, str, str], Device] = {}
        for device in devices:
            key = (device.platform, device.environment, device.token)
            if key not in newest or newest[key].registered_at < device.registered_at:
                newest[key] = device
        ids = draw_ids(self._entropy, len(newest))
        rows = [self._seal(DeviceId(id_), device) for id_, device in zip(ids, newest.values(), strict=True)]
        people = introduce(self._entropy, sorted({device.person for device in newest.values()}))
        return await self._register.put_devices(rows, people, MOST_DEVICES, now, proven=proven)

    async def put_preferences(self, entries: Sequence[Preference | Quiet], now: datetime) -> int:
        """Store switches and quiet hours; the last line about the same one counts."""
        switches = {(one.person, one.about, one.setting): one for one in entries if isinstance(one, Preference)}
        hours = {one.person: one for one in entries if isinstance(one, Quiet)}
        named = {one.person for one in entries} | {one.about for one in switches.values()}
        people = introduce(self._entropy, sorted(named))
        return await self._register.put_preferences(list(switches.values()), list(hours.values()), people, now)

    def _seal(self, id_: DeviceId, device: Device) -> DeviceRow:
        key = device.content_key or self._entropy(CONTENT_KEY_BYTES)
        return DeviceRow(
            id=id_,
            device=device,
            token=self._secrets.seal_token(device.token),
            token_index=self._secrets.index(device.token),
            content_key=self._secrets.seal_content_key(key),
        )
