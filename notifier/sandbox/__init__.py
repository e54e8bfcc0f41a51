"""Made-up people for a service that runs here alone: who they are, what they carry, what happens to them (R43)."""

from notifier.sandbox.handsets import Handset, make_handsets
from notifier.sandbox.people import UNKNOWN, Link, Person, make_links, make_people
from notifier.sandbox.publications import write_event, write_heartbeat, write_link, write_resident
from notifier.sandbox.registrations import write_devices, write_first_devices, write_preferences, write_regions

__all__ = [
    "UNKNOWN",
    "Handset",
    "Link",
    "Person",
    "make_handsets",
    "make_links",
    "make_people",
    "write_devices",
    "write_event",
    "write_first_devices",
    "write_heartbeat",
    "write_link",
    "write_preferences",
    "write_regions",
    "write_resident",
]
