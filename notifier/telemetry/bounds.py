"""Labels whose values are not an enum stay few, whatever comes (R42)."""

MOST_VALUES = 64
OTHER = "other"


class Bounded:
    """Lets the first values through and calls the rest `other`."""

    def __init__(self, most: int = MOST_VALUES) -> None:
        self._most = most
        self._known: set[str] = set()

    def __call__(self, value: str) -> str:
        """Give the value, or `other` once there are too many."""
        if value not in self._known:
            if len(self._known) >= self._most:
                return OTHER
            self._known.add(value)
        return value
