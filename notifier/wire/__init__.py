"""Pure translation between bytes and the domain: no I/O, no clock, no random (DESIGN 2)."""
