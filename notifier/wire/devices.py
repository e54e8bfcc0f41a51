"""A device's token and content key at rest (B40): sealed under the contact key, the token with a blind index."""

from notifier.wire.pseudonyms import BlindIndex
from notifier.wire.seals import Sealer, SealFault

TOKEN = b"device token"
"""What a sealed token is authenticated with; it must be given again to open it."""
CONTENT_KEY = b"content key"


class DeviceSecrets:
    """Seals and opens what only sending needs."""

    def __init__(self, sealer: Sealer, index: BlindIndex) -> None:
        self._sealer = sealer
        self._index = index

    def index(self, token: str) -> bytes:
        """Give the blind index of a token."""
        return self._index.token(token.encode())

    def seal_token(self, token: str) -> bytes:
        """Seal a token."""
        return self._sealer.seal(token.encode(), TOKEN)

    def seal_content_key(self, key: bytes) -> bytes:
        """Seal the key that the device opens details with."""
        return self._sealer.seal(key, CONTENT_KEY)

    def open_token(self, sealed: bytes) -> str:
        """Open a token; LookupError where no key of ours opens it."""
        return self._open(sealed, TOKEN).decode()

    def open_content_key(self, sealed: bytes) -> bytes:
        """Open a content key; LookupError where no key of ours opens it."""
        return self._open(sealed, CONTENT_KEY)

    def _open(self, sealed: bytes, purpose: bytes) -> bytes:
        match self._sealer.open(sealed, purpose):
            case SealFault() as fault:
                raise LookupError(f"a device's secret does not open: {fault.value}")
            case opened:
                return opened
