"""Apple's provider token without coordination: every process makes the same one (DESIGN 5, TRAPS)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from notifier.domain.faults import Misconfigured
from notifier.providers.connections import Bearer
from notifier.providers.secrets import read_secret
from notifier.providers.signatures import sign_es256

SLOT_SECONDS = 1800
SKEW_SECONDS = 60
"""A clock that is this fast never signs an instant in the future."""
KEPT = timedelta(minutes=20)
"""Apple lets a connection change its token no oftener (protocols 2.4)."""


def start_of_slot(now: datetime) -> int:
    """Give the `iat` that every process uses at this time, in seconds of the epoch: 1 to 31 minutes old."""
    return (int(now.timestamp()) - SKEW_SECONDS) // SLOT_SECONDS * SLOT_SECONDS


def read_signing_key(path: Path) -> EllipticCurvePrivateKey:
    """Read Apple's .p8 file; Misconfigured if it is none, or lies open."""
    content = read_secret(path, "The APNs key file")
    try:
        key = load_pem_private_key(content, password=None)
    except (ValueError, TypeError):
        raise Misconfigured(f"The APNs key file {path} holds no private key in PEM.") from None
    if not isinstance(key, EllipticCurvePrivateKey) or not isinstance(key.curve, SECP256R1):
        raise Misconfigured(f"The APNs key file {path} holds another kind of key than Apple's (EC P-256).")
    return key


class ProviderTokens:
    """Makes the token of each slot and chooses which one a connection uses."""

    def __init__(
        self, key: EllipticCurvePrivateKey, *, key_id: str, team_id: str, clock: Callable[[], datetime]
    ) -> None:
        self._key, self._key_id, self._team_id, self._clock = key, key_id, team_id, clock
        self._slot_seconds = 0
        self._value = self._rejected = ""

    def choose(self, kept: Bearer | None) -> Bearer:
        """Give what a connection sends now: its first token for 20 minutes, then that of the slot."""
        now = self._clock()
        if kept is not None and now - kept.since < KEPT and kept.value != self._rejected:
            return kept
        return Bearer(value=self._current(now), since=now)

    def keep(self, kept: Bearer) -> Bearer:
        """Give a token that a connection goes on with for another 20 minutes, for Apple finds the next one too new."""
        return Bearer(value=kept.value, since=self._clock())

    def reject(self, bearer: Bearer) -> None:
        """Let no connection keep a token that Apple finds too old."""
        self._rejected = bearer.value

    def _current(self, now: datetime) -> str:
        slot_seconds = start_of_slot(now)
        if slot_seconds != self._slot_seconds:
            header = {"alg": "ES256", "kid": self._key_id}
            claims: dict[str, str | int] = {"iss": self._team_id, "iat": slot_seconds}
            self._value = f"bearer {sign_es256(self._key, header, claims)}"
            self._slot_seconds = slot_seconds
        return self._value
