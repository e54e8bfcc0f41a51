"""Apple's provider token without coordination: every process makes the same one (DESIGN 5, TRAPS)."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from notifier.providers.connections import Bearer
from notifier.providers.signatures import sign_es256
from notifier.providers.signing_keys import SigningKey

SLOT_SECONDS = 1800
SKEW_SECONDS = 60
"""A clock that is this fast never signs an instant in the future."""
KEPT = timedelta(minutes=20)
"""Apple lets a connection change its token no oftener (protocols 2.4)."""


def start_of_slot(now: datetime) -> int:
    """Give the `iat` that every process uses at this time, in seconds of the epoch: 1 to 31 minutes old."""
    return (int(now.timestamp()) - SKEW_SECONDS) // SLOT_SECONDS * SLOT_SECONDS


class ProviderTokens:
    """Makes the token of each slot and chooses which one a connection uses; `keys` gives the newest first."""

    def __init__(self, keys: Callable[[], Sequence[SigningKey]], team_id: str, clock: Callable[[], datetime]) -> None:
        self._keys, self._team_id, self._clock = keys, team_id, clock
        self._seen: Sequence[SigningKey] = ()
        self._refused = set[str]()
        self._made: tuple[SigningKey, int] | None = None
        self._value = self._rejected = ""

    @property
    def age(self) -> timedelta | None:
        """Say how old the token in use is by its own account; None before the first."""
        if self._made is None:
            return None
        return timedelta(seconds=self._clock().timestamp() - self._made[1])

    def choose(self, kept: Bearer | None) -> Bearer:
        """Give what a connection sends now: its first token for 20 minutes, then that of the slot.

        Where another key is in use the token is signed by it; a connection that is bound to its key cannot send it.
        """
        now, key = self._clock(), self._key()
        if kept is not None and kept.key == key.id and now - kept.since < KEPT and kept.value != self._rejected:
            return kept
        return Bearer(value=self._sign(key, start_of_slot(now)), since=now, key=key.id)

    def reject(self, bearer: Bearer) -> None:
        """Let no connection keep a token that Apple finds too old."""
        self._rejected = bearer.value

    def refuse(self, bearer: Bearer) -> bool:
        """Use another key than the one that Apple does not take, and say whether there is one that was not tried."""
        self.reject(bearer)
        self._refused.add(bearer.key)
        untried = [key for key in self._seen if key.id not in self._refused]
        if not untried:
            self._refused.clear()
        self._in_use = (untried or self._seen)[0]
        return bool(untried)

    def keep(self, kept: Bearer) -> Bearer:
        """Give a token that a connection goes on with for another 20 minutes, for Apple finds the next one too new."""
        return Bearer(value=kept.value, since=self._clock(), key=kept.key)

    def _key(self) -> SigningKey:
        keys = self._keys()
        if keys is not self._seen:
            self._seen, self._in_use = keys, keys[0]
            self._refused.clear()
        return self._in_use

    def _sign(self, key: SigningKey, issued_seconds: int) -> str:
        if self._made != (key, issued_seconds):
            header = {"alg": "ES256", "kid": key.id}
            claims: dict[str, str | int] = {"iss": self._team_id, "iat": issued_seconds}
            self._value = f"bearer {sign_es256(key.key, header, claims)}"
            self._made = key, issued_seconds
        return self._value
