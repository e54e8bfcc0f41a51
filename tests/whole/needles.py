"""Finding secrets in anything that came out: raw, in hex, and in base64 at each of its three alignments."""

from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterable, Iterator, Mapping

_WINDOW = 8


class Needles:
    """Knows secrets by what they are, and finds them in bytes, one pass for all of them."""

    def __init__(self, secrets: Mapping[str, Iterable[bytes]]) -> None:
        self._written: dict[bytes, dict[bytes, str]] = {}
        for what, known in secrets.items():
            for secret in known:
                for way, written in spell(secret):
                    self._written.setdefault(written[:_WINDOW], {})[written] = f"{what} {way}"

    def find(self, hay: bytes) -> set[str]:
        """Give what was found, without the secret itself."""
        found = set()
        for at in range(len(hay) - _WINDOW + 1):
            candidates = self._written.get(hay[at : at + _WINDOW])
            if candidates is not None:
                found |= {what for written, what in candidates.items() if hay.startswith(written, at)}
        return found


def spell(secret: bytes) -> Iterator[tuple[str, bytes]]:
    """Give every way in which a secret may be written; secrets have eight bytes at least."""
    assert len(secret) >= _WINDOW, "too short to be told from chance"
    yield "raw", secret
    yield "hex", secret.hex().encode()
    yield "hex", secret.hex().upper().encode()
    for shift in range(3):
        rest = (len(secret) + shift) % 3
        first = (shift * 8 + 5) // 6
        for encode in (b64encode, urlsafe_b64encode):
            whole = encode(b"\0" * shift + secret).rstrip(b"=")
            yield "base64", whole[first : len(whole) - (1 if rest else 0)]
