"""Which phones changed since when: an ordered set, so that asking costs what changed and not what there is; pure."""

from collections.abc import Iterator

MOST_FORGOTTEN = 1_000


class Changes:
    """The tokens in the order of their last change, each with the version that this change got."""

    def __init__(self, run: str) -> None:
        """Count from nothing; `run` is unlike that of every other process."""
        self.version = 0
        self._run, self._times_cleared = run, 0
        self._changed: dict[str, int] = {}
        self._forgotten: dict[str, int] = {}

    @property
    def run(self) -> str:
        """What versions count within: another one once everything was forgotten."""
        return f"{self._run}-{self._times_cleared}" if self._times_cleared else self._run

    def touch(self, token: str) -> None:
        """Note that a phone changed, or is new."""
        self.version += 1
        self._changed.pop(token, None)
        self._changed[token] = self.version

    def forget(self, token: str) -> None:
        """Note that a phone is no more; the newest thousand of these are remembered."""
        self.version += 1
        self._changed.pop(token, None)
        self._forgotten.pop(token, None)
        if len(self._forgotten) >= MOST_FORGOTTEN:
            del self._forgotten[next(iter(self._forgotten))]
        self._forgotten[token] = self.version

    def clear(self) -> None:
        """Forget all, and begin another run."""
        self.version += 1
        self._times_cleared += 1
        self._changed.clear()
        self._forgotten.clear()

    def newest(self) -> Iterator[str]:
        """Give all tokens, the last change first."""
        return reversed(self._changed)

    def since(self, version: int) -> list[str]:
        """Give the tokens that changed after `version`, the last change first."""
        return _after(self._changed, version)

    def forgotten_since(self, version: int) -> list[str]:
        """Give the tokens that were forgotten after `version` and have not come back, the last one first."""
        return [token for token in _after(self._forgotten, version) if token not in self._changed]


def _after(versions: dict[str, int], version: int) -> list[str]:
    tokens = []
    for token, changed in reversed(versions.items()):
        if changed <= version:
            break
        tokens.append(token)
    return tokens
