"""What is remembered of many things: the newest of them."""

from typing import TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


class Newest(dict[Key, Value]):
    """A bounded dict: what was put longest ago leaves first."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def put(self, key: Key, value: Value) -> None:
        """Keep a value as the newest."""
        self.pop(key, None)
        self[key] = value
        while len(self) > self._most:
            del self[next(iter(self))]
