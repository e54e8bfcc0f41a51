"""Random bytes for ids and nonces, fetched from the system by the block: a call for each cost 3 % of a dispatcher."""

import os

_BLOCK_BYTES = 4096


class Entropy:
    """Gives bytes of `os.urandom`, each once; for one thread of one process."""

    def __init__(self) -> None:
        self._block = b""
        self._used = 0

    def __call__(self, count: int) -> bytes:
        """Give that many random bytes."""
        start, end = self._used, self._used + count
        if end > len(self._block):
            self._block = os.urandom(max(_BLOCK_BYTES, count))
            start, end = 0, count
        self._used = end
        return self._block[start:end]
