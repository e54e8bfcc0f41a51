"""What the made-up world publishes to Kafka: residents, proxies, heartbeats, and a message to one of them."""

from datetime import datetime

import orjson

from notifier.sandbox.people import Link, Person

VERSION = 1
"""Of every record here; raise it when what is written about somebody changes, or it is ignored (A9)."""


def write_resident(person: Person) -> tuple[bytes, bytes]:
    """Give key and value of a record of residents (DESIGN 8)."""
    value = {
        "region": person.region,
        "born": person.born,
        "protected": person.protected,
        "deceased": person.deceased,
        "active": person.active,
        "paper_opt_out": False,
        "language": person.language,
        "phone": None,
        "email": None,
        "contact_set_by": "self",
        "contact_verified_at": None,
        "sms": True,
        "email_on": True,
        "changed_at": "2026-01-02T00:00:00Z",
        "linked": [],
        "replaced_by": None,
        "test": False,
        "version": VERSION,
    }
    return person.number.encode(), orjson.dumps(value)


def write_link(link: Link) -> tuple[bytes, bytes]:
    """Give key and value of a record of proxies (DESIGN 8)."""
    value = {
        "relation": "guardian",
        "valid_from": link.valid_from,
        "valid_to": None,
        "blocked": link.blocked,
        "version": VERSION,
    }
    return f"{link.child}:{link.guardian}".encode(), orjson.dumps(value)


def write_heartbeat(partition: int, now: datetime) -> tuple[bytes, bytes]:
    """Give key and value of the heartbeat that a partition is complete now (B21)."""
    return f"heartbeat:{partition}".encode(), orjson.dumps({"complete_to": now})


def write_event(subject: str, matter: str, now: datetime) -> bytes:
    """Give a message in somebody's inbox, as its e-service would publish it."""
    return orjson.dumps(
        {
            "specversion": "1.0",
            "id": f"{matter}-{now:%Y%m%dT%H%M%S%f}",
            "source": "urn:se:1177:inkorg",
            "type": "se.1177.inbox.message.received.v1",
            "subject": subject,
            "time": now,
            "datacontenttype": "application/json",
            "data": {"matter": matter, "unit": "SE2321000016-A1B2", "region": "01"},
        }
    )
