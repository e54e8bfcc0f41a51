"""What must never come out (I10): written down by a count of its own, with the standard library alone."""

import hmac
from collections.abc import Iterable, Mapping
from pathlib import Path

from tests.whole.people import Person


def secrets_of(people: Iterable[Person], numbers: Iterable[str], keys: Path) -> dict[str, list[bytes]]:
    """Give everything personal about these people, and the identity numbers of others."""
    known = list(people)
    every = sorted({person.number for person in known} | set(numbers))
    tokens = [phone.token for person in known for phone in person.phones]
    index = (keys / "index" / "1.key").read_bytes()
    kinds = {"phone": phone_numbers(known), "email": emails(known), "token": tokens}
    return {
        "identity number": [spelled.encode() for number in every for spelled in _spell(number)],
        "pseudonym": [hmac.digest((keys / "person" / "1.key").read_bytes(), n.encode(), "sha256") for n in every],
        "token": [token.encode() for token in tokens],
        "token's bytes": [bytes.fromhex(token) for token in tokens if ":" not in token],
        "phone number": [spelled.encode() for one in phone_numbers(known) for spelled in (one[1:], f"0{one[3:]}")],
        "e-mail address": [address.encode() for address in emails(known)],
        "content key": [phone.content_key for person in known for phone in person.phones],
        "blind index": [
            hmac.digest(index, f"{kind}\0{value}".encode(), "sha256")
            for kind, values in kinds.items()
            for value in values
        ],
    }


def person_ids(ids: Iterable[int]) -> Mapping[str, list[bytes]]:
    """Give persons as our own tables know them; they stay inside the database."""
    known = list(ids)
    return {"person id": [*(str(one).encode() for one in known), *(one.to_bytes(8) for one in known)]}


def phone_numbers(people: Iterable[Person]) -> list[str]:
    """Give phone numbers as the projection of residents has them."""
    return sorted({person.phone_number for person in people})


def emails(people: Iterable[Person]) -> list[str]:
    """Give e-mail addresses."""
    return sorted({person.email for person in people})


def _spell(number: str) -> tuple[str, ...]:
    short = number[2:]
    return number, short, f"{number[:8]}-{number[8:]}", f"{short[:6]}-{short[6:]}"
