"""The keys at work: who needs which, built once."""

import os
from collections.abc import Callable

import msgspec

from notifier.domain.events import Event
from notifier.domain.identifiers import DeviceId
from notifier.domain.people import Device
from notifier.settings import Keys
from notifier.wire.details import NONCE_BYTES, Details, seal_details, write_details
from notifier.wire.devices import DeviceSecrets
from notifier.wire.pseudonyms import BlindIndex, Pseudonymiser
from notifier.wire.seals import Sealer

DETAILS_KEY_ID = "1"
"""Names the content key to the app: each device has one (A32)."""


class DetailSeals(msgspec.Struct, frozen=True, kw_only=True):
    """Seals a notice's details for one device (B9)."""

    secrets: DeviceSecrets
    entropy: Callable[[int], bytes]

    def write(self, event: Event, about: bytes | None) -> bytes:
        """Write the details once per recipient."""
        return write_details(
            Details(
                type=event.type.name,
                unit=event.unit,
                matter=event.matter,
                happens_at=event.happens_at,
                link=event.type.link_to(event.matter, event.region),
                about=about,
            )
        )

    def seal(self, written: bytes, device: Device, push_id: bytes) -> bytes:
        """Seal them for one device under a fresh nonce."""
        return seal_details(
            written,
            content_key=self.secrets.open_content_key(device.content_key),
            nonce=self.entropy(NONCE_BYTES),
            device=device.id,
            push_id=push_id,
            key_id=DETAILS_KEY_ID,
        )


class Keyring(msgspec.Struct, frozen=True, kw_only=True):
    """What the keys make."""

    pseudonymiser: Pseudonymiser
    contacts: Sealer
    index: BlindIndex
    letters: Sealer
    devices: DeviceSecrets
    sealing: DetailSeals

    def open_token(self, _device: DeviceId, sealed: bytes) -> str:
        """Open a device's token for the parcel."""
        return self.devices.open_token(sealed)


def make_keyring(keys: Keys, entropy: Callable[[int], bytes] = os.urandom) -> Keyring:
    """Build what the keys make."""
    contacts = Sealer(*keys.contact, entropy=entropy)
    index = BlindIndex(max(keys.index, key=lambda key: key.id))
    devices = DeviceSecrets(contacts, index)
    return Keyring(
        pseudonymiser=Pseudonymiser(*keys.person),
        contacts=contacts,
        index=index,
        letters=Sealer(*keys.dead_letter, entropy=entropy),
        devices=devices,
        sealing=DetailSeals(secrets=devices, entropy=entropy),
    )
