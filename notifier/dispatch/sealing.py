"""Sealing a notice's details for the devices that they go to."""

from typing import Protocol

from notifier.domain.events import Event
from notifier.domain.people import Device


class Sealing(Protocol):
    """Seals a notice's details for one device (B9)."""

    def write(self, event: Event, about: bytes | None) -> bytes:
        """Write the details once per recipient; `about` names the child to this guardian's app."""

    def seal(self, written: bytes, device: Device, push_id: bytes) -> bytes:
        """Give nonce, ciphertext and tag for one device."""
