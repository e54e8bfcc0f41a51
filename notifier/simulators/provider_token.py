"""Apple's provider token: an ES256 JWS whose signature is r||s, checked once per distinct token."""

import binascii
from base64 import urlsafe_b64decode

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

LONGEST_LIFE_SECONDS = 3600
SHORTEST_CHANGE_SECONDS = 1200
MOST_REMEMBERED = 4096


class JoseHeader(msgspec.Struct, frozen=True):
    """The header of a JWS."""

    alg: str
    kid: str = ""


class Claims(msgspec.Struct, frozen=True):
    """What Apple reads of the claims."""

    iss: str
    iat: int


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What never changes about one token: why it is refused ("" if it is good), when it was issued, and by whom."""

    reason: str
    issued_seconds: int = 0
    key_id: str = ""
    team_id: str = ""


class ProviderTokens:
    """Judge of provider tokens; without a key the signature is not checked, only its form."""

    def __init__(self, key: EllipticCurvePublicKey | None, key_id: str | None, team_id: str | None) -> None:
        """Accept tokens of this key, key id and team (None: any)."""
        self._key, self._key_id, self._team_id = key, key_id, team_id
        self._verdicts: dict[str, Verdict] = {}
        self._last_of_connection: dict[str, Verdict] = {}

    def judge(self, authorization: str | None, connection: str, now_seconds: float) -> str:
        """Give Apple's reason for refusing, or "".

        The first key and team bind the connection, and a second token within 20 minutes is one too many there.
        """
        if not authorization:
            return "MissingProviderToken"
        verdict = self._verdicts.get(authorization)
        if verdict is None:
            verdict = _put(self._verdicts, authorization, self._examine(authorization))
        if verdict.reason:
            return verdict.reason
        age = now_seconds - verdict.issued_seconds
        if age < 0:
            return "InvalidProviderToken"
        if age > LONGEST_LIFE_SECONDS:
            return "ExpiredProviderToken"
        last = self._last_of_connection.get(connection)
        return "" if last is verdict else self._judge_change(connection, last, verdict)

    def _judge_change(self, connection: str, last: Verdict | None, verdict: Verdict) -> str:
        if last and (last.key_id, last.team_id) != (verdict.key_id, verdict.team_id):
            return "UnrelatedKeyIdInToken"
        if last and verdict.issued_seconds - last.issued_seconds < SHORTEST_CHANGE_SECONDS:
            return "TooManyProviderTokenUpdates"
        _put(self._last_of_connection, connection, verdict)
        return ""

    def _examine(self, authorization: str) -> Verdict:
        refused = Verdict(reason="InvalidProviderToken")
        scheme, _, token = authorization.partition(" ")
        signed, _, signature = token.rpartition(".")
        try:
            header, claims = (urlsafe_b64decode(part + "==") for part in signed.split("."))
            jose = msgspec.json.decode(header, type=JoseHeader)
            claimed = msgspec.json.decode(claims, type=Claims)
            raw = urlsafe_b64decode(signature + "==")
        except (ValueError, binascii.Error, msgspec.DecodeError):
            return refused
        if scheme.lower() != "bearer" or jose.alg != "ES256" or not jose.kid or not claimed.iss:
            return refused
        if jose.kid != (self._key_id or jose.kid) or claimed.iss != (self._team_id or claimed.iss):
            return refused
        good = self._is_signed(signed.encode(), raw)
        if not good:
            return refused
        return Verdict(reason="", issued_seconds=claimed.iat, key_id=jose.kid, team_id=claimed.iss)

    def _is_signed(self, signed: bytes, raw: bytes) -> bool:
        if len(raw) != 64:
            return False
        if self._key is None:
            return True
        der = encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
        try:
            self._key.verify(der, signed, ECDSA(SHA256()))
        except InvalidSignature:
            return False
        return True


def _put(rows: dict[str, Verdict], key: str, verdict: Verdict) -> Verdict:
    if len(rows) >= MOST_REMEMBERED:
        del rows[next(iter(rows))]
    rows[key] = verdict
    return verdict
