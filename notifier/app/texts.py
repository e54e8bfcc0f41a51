"""Texts that people give to commands and that are kept: never with an identity number in them (I10)."""

from notifier.domain.faults import Misconfigured
from notifier.wire.numbers import hidden_in

MOST_CHARACTERS = 500


def require_texts(**texts: str | None) -> None:
    """Refuse texts that are empty, endless or hide an identity number; their values are not repeated."""
    faults = [fault for name, text in texts.items() if text is not None and (fault := _judge(name, text))]
    if faults:
        raise Misconfigured(*faults)


def _judge(name: str, text: str) -> str | None:
    if not text.strip():
        return f"--{name}: is empty; say it."
    if len(text) > MOST_CHARACTERS:
        return f"--{name}: is longer than {MOST_CHARACTERS} characters; shorten it."
    if hidden_in(text):
        return f"--{name}: an identity number hides in it, and it would be kept; leave the number out."
    return None
