"""Google's token endpoint: a signed assertion of a service account for an access token that lives an hour."""

import binascii
import hmac
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from urllib.parse import parse_qsl

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256

from notifier.simulators.endpoint import Reply
from notifier.simulators.provider_token import JoseHeader

GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
SCOPES = frozenset(
    {"https://www.googleapis.com/auth/firebase.messaging", "https://www.googleapis.com/auth/cloud-platform"}
)
AUDIENCES = (
    "https://oauth2.googleapis.com/token",
    "https://accounts.google.com/o/oauth2/token",
    "https://www.googleapis.com/oauth2/v4/token",
)
LONGEST_ASSERTION_SECONDS = 3600
SKEW_SECONDS = 300
# Access tokens are stateless, so that one simulator takes what another issued; there is nothing to protect here.
STAMP_KEY = b"simulated access tokens"
MOST_REMEMBERED = 4096


class Assertion(msgspec.Struct, frozen=True):
    """The claims of a service account's assertion."""

    iss: str
    aud: str
    iat: int
    exp: int
    scope: str = ""


class AccessTokens:
    """Issues access tokens and knows its own again."""

    def __init__(self, key: RSAPublicKey | None, client_email: str | None, life_seconds: int) -> None:
        """Take assertions signed by this service account (None: by anybody)."""
        self._key, self._client_email, self._life_seconds = key, client_email, life_seconds
        self._expiries: dict[str, float] = {}

    def grant(self, body: bytes, now_seconds: float) -> Reply:
        """Answer `POST /token`."""
        form = dict(parse_qsl(body.decode("utf-8", "replace")))
        if form.get("grant_type") != GRANT:
            return _refuse("unsupported_grant_type", "Invalid grant_type")
        refusal = self._judge(form, now_seconds)
        if refusal:
            return _refuse(*refusal)
        token = _stamp(int(now_seconds) + self._life_seconds)
        granted = {"access_token": token, "expires_in": self._life_seconds, "token_type": "Bearer"}
        return 200, [("content-type", "application/json; charset=utf-8")], msgspec.json.encode(granted)

    def is_expired(self, authorization: str | None, now_seconds: float) -> bool | None:
        """Say whether a bearer's token is past its life; None for one that was never issued."""
        expiry = self._expiries.get(authorization or "")
        if expiry is None:
            scheme, _, token = (authorization or "").partition(" ")
            stamp = token.split(".")
            if scheme.lower() != "bearer" or len(stamp) != 3 or not stamp[1].isdecimal():
                return None
            if not hmac.compare_digest(token.encode(), _stamp(int(stamp[1])).encode()):
                return None
            if len(self._expiries) >= MOST_REMEMBERED:
                self._expiries.clear()
            expiry = self._expiries[authorization or ""] = float(stamp[1])
        return now_seconds >= expiry

    def _judge(self, form: Mapping[str, str], now_seconds: float) -> tuple[str, str] | None:
        signed, _, signature = form.get("assertion", "").rpartition(".")
        try:
            header, claims = (urlsafe_b64decode(part + "==") for part in signed.split("."))
            jose = msgspec.json.decode(header, type=JoseHeader)
            assertion = msgspec.json.decode(claims, type=Assertion)
            raw = urlsafe_b64decode(signature + "==")
        except (ValueError, binascii.Error, msgspec.DecodeError):
            return "invalid_grant", "Invalid JWT: malformed assertion."
        if jose.alg != "RS256" or not self._is_signed(signed.encode(), raw):
            return "invalid_grant", "Invalid JWT Signature."
        if assertion.iss != (self._client_email or assertion.iss):
            return "invalid_grant", "Invalid grant: account not found"
        if not SCOPES.intersection(assertion.scope.split()):
            return "invalid_scope", "Invalid OAuth scope or ID token audience provided."
        return _judge_times(assertion, now_seconds) or _judge_audience(assertion.aud)

    def _is_signed(self, signed: bytes, raw: bytes) -> bool:
        if self._key is None:
            return bool(raw)
        try:
            self._key.verify(raw, signed, PKCS1v15(), SHA256())
        except InvalidSignature:
            return False
        return True


def _judge_times(assertion: Assertion, now_seconds: float) -> tuple[str, str] | None:
    lasts = assertion.exp - assertion.iat
    early, late = assertion.iat - now_seconds > SKEW_SECONDS, now_seconds - assertion.exp > SKEW_SECONDS
    if early or late or not 0 < lasts <= LONGEST_ASSERTION_SECONDS:
        return (
            "invalid_grant",
            "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe.",
        )
    return None


def _judge_audience(audience: str) -> tuple[str, str] | None:
    # google-auth keeps Google's audience even where token_uri names a simulator; others sign for its address.
    if audience in AUDIENCES or audience.endswith("/token"):
        return None
    return "invalid_grant", "Invalid JWT: Failed audience check."


def _refuse(error: str, description: str) -> Reply:
    told = {"error": error, "error_description": description}
    return 400, [("content-type", "application/json; charset=utf-8")], msgspec.json.encode(told)


def _stamp(expiry_seconds: int) -> str:
    mark = hmac.digest(STAMP_KEY, str(expiry_seconds).encode(), "sha256").hex()
    return f"ya29.{expiry_seconds}.{mark}"
