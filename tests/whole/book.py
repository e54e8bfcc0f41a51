"""What was published, and what must follow from it: an independent count that shares no code with notifier."""

import random
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

import msgspec
import orjson

from tests.whole.people import Person

SOURCE = "urn:se:1177:inkorg"
MESSAGE = "se.1177.inbox.message.received.v1"
HANDLED = "se.1177.inbox.matter.handled.v1"
UNIT = "SE2321000016-A1B2"


class Told(msgspec.Struct, kw_only=True):
    """One event about a matter of its own, and who has dealt with it."""

    id: str
    matter: str
    subject: Person
    at: datetime
    value: bytes
    known: bool = True
    read_by: set[str] = msgspec.field(default_factory=set)
    acted: bool = False

    @property
    def recipients(self) -> tuple[str, ...]:
        """Adults get their own pushes; of small children the guardians learn (B11, domain 2.3)."""
        return (self.subject.guardians or (self.subject.number,)) if self.known else ()

    def must_show(self, recipient: str) -> bool:
        """Say whether the recipient's phones surely showed it; what was dealt with may have been dropped before."""
        return not self.acted and recipient not in self.read_by


class Book:
    """Writes events and marks, and remembers them."""

    def __init__(self, name: str, seed: int = 0) -> None:
        self._name = name
        self._count = 0
        self._chance = random.Random(seed)
        self.told: list[Told] = []
        self.marks: list[str] = []
        self.copies = 0
        self.broken = 0

    def tell(self, subject: Person, type: str = MESSAGE, **data: object) -> Told:
        """Write an event about a new matter."""
        name, at = self._next("e"), datetime.now(UTC)
        matter = f"m-{name}"
        content = {"matter": matter, "unit": UNIT, "region": "01", **data}
        told = Told(
            id=name, matter=matter, subject=subject, at=at, value=write(name, type, subject.number, at, content)
        )
        self.told.append(told)
        return told

    def tell_of_stranger(self, stranger: Person) -> Told:
        """Write an event about somebody whom no projection knows: it is held, then ends (A7)."""
        told = self.tell(stranger)
        told.known = False
        return told

    def mark_read(self, told: Told, by: str | None = None) -> bytes:
        """Write that one recipient has read it; the subject, where nobody is named."""
        told.read_by.add(by or told.subject.number)
        return self._mark(told, {"what": "read"} | ({"by": by} if by else {}))

    def mark_acted(self, told: Told) -> bytes:
        """Write that it was dealt with for everybody."""
        told.acted = True
        return self._mark(told, {"what": "acted"})

    def copy(self, told: Told) -> bytes:
        """Write the same event again, as a publisher that repeats itself does."""
        self.copies += 1
        return told.value

    def break_one(self) -> bytes:
        """Write a record that cannot be used."""
        self.broken += 1
        at, content = datetime.now(UTC), {"matter": "m-broken", "unit": UNIT, "region": "01"}
        return self._chance.choice(
            (
                b"{no json",
                b"[]",
                write(self._next("b"), "se.1177.nobody.knows.v1", "199001019802", at, content),
                write(self._next("b"), MESSAGE, "199001019803", at, content),
                write(self._next("b"), MESSAGE, "199001019802", at, {"matter": "m-broken"}),
                write("19900101-9802", MESSAGE, "199001019802", at, content),
            )
        )

    def badge_of(self, recipient: str) -> int:
        """Count the matters that the recipient has not dealt with."""
        return sum(recipient in one.recipients and one.must_show(recipient) for one in self.told)

    def _mark(self, told: Told, data: dict[str, object]) -> bytes:
        name, at = self._next("k"), max(datetime.now(UTC), told.at)
        self.marks.append(name)
        return write(name, HANDLED, told.subject.number, at, {"matter": told.matter, "at": at, **data})

    def _next(self, kind: str) -> str:
        self._count += 1
        return f"{self._name}{kind}{self._count}"


def write(id: str, type: str, subject: str, at: datetime, data: dict[str, object]) -> bytes:
    """Write a CloudEvent in structured mode."""
    event = {"specversion": "1.0", "id": id, "source": SOURCE, "type": type, "subject": subject, "time": at}
    return orjson.dumps(event | {"datacontenttype": "application/json", "data": data})


def values(told: Iterable[Told]) -> Iterator[bytes]:
    """Give what is to be published."""
    return (one.value for one in told)
