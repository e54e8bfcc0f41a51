"""Names for the ids of the house, so that one is never taken for another."""

from typing import NewType

PersonId = NewType("PersonId", int)
"""A random 63-bit number; never leaves the database and the process (B40)."""
DeviceId = NewType("DeviceId", int)
NoticeId = NewType("NoticeId", int)
"""A random 63-bit number, unlinkable to the person once its rows are gone (B45)."""
DeliveryId = NewType("DeliveryId", int)
Pseudonym = NewType("Pseudonym", bytes)
"""HMAC-SHA256 of an identity number under the person key: 32 bytes, the look-up column only (DESIGN 5)."""
EventKey = NewType("EventKey", bytes)
"""sha256(source NUL id)[:16]: the gate's key and the event's identity inside (DESIGN 3)."""
MatterKey = NewType("MatterKey", bytes)
"""sha256(source NUL matter)[:16]."""
CollapseId = NewType("CollapseId", bytes)
"""128 random bits per (recipient, matter), the tag and collapse id of its pushes (A28)."""
