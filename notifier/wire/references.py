"""References never carry identity numbers: the scan, and what of a broken record may be named (B24, A2)."""

from notifier.domain.faults import Poison
from notifier.domain.reasons import DeadLetterReason
from notifier.wire.envelopes import peek
from notifier.wire.numbers import hidden_in
from notifier.wire.records import RawRecord

_MOST_CHARACTERS = 256


def check_references(source: str, id: str, matter: str, unit: str) -> None:
    """Raise Poison if an identity number hides in one of the four (B24): one scan over all, then which."""
    if hidden_in(f"{source}\n{id}\n{matter}\n{unit}"):
        named = {"/id": id, "/source": source, "/data/matter": matter, "/data/unit": unit}
        field = next(field for field, text in named.items() if hidden_in(text))
        raise Poison(DeadLetterReason.IDENTITY_IN_REFERENCE, field)


def mention(record: RawRecord) -> tuple[str | None, str | None]:
    """Give a broken record's source and id as far as they can be read and pass the scan (B24)."""
    attributes = peek(record)
    return _show(attributes.get("source")), _show(attributes.get("id"))


def _show(text: object) -> str | None:
    if not isinstance(text, str) or not 0 < len(text) <= _MOST_CHARACTERS:
        return None
    return None if "\0" in text or hidden_in(text) else text
