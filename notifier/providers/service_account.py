"""Google's service account and the assertion that it signs (protocols 3.1)."""

from datetime import datetime
from pathlib import Path
from urllib.parse import urlencode

import msgspec
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from notifier.domain.faults import Misconfigured
from notifier.providers.secrets import read_secret
from notifier.providers.signatures import sign_rs256

SCOPE = "https://www.googleapis.com/auth/firebase.messaging"
AUDIENCE = "https://oauth2.googleapis.com/token"
"""Google's own name for its token endpoint, wherever `token_uri` points (as google-auth has it)."""
GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
LIFE_SECONDS = 3600


class _File(msgspec.Struct, frozen=True, kw_only=True):
    client_email: str
    private_key: str
    private_key_id: str
    project_id: str
    token_uri: str


class ServiceAccount(msgspec.Struct, frozen=True, kw_only=True):
    """Who we are for Google; never shown."""

    project: str
    email: str
    key_id: str
    key: RSAPrivateKey
    token_url: str

    def __repr__(self) -> str:
        return f"ServiceAccount({self.project!r})"

    def assert_itself(self, now: datetime) -> bytes:
        """Write the form that asks for an access token."""
        issued_seconds = int(now.timestamp())
        header = {"alg": "RS256", "typ": "JWT", "kid": self.key_id}
        claims: dict[str, str | int] = {"iss": self.email, "scope": SCOPE, "aud": AUDIENCE}
        claims |= {"iat": issued_seconds, "exp": issued_seconds + LIFE_SECONDS}
        return urlencode({"grant_type": GRANT, "assertion": sign_rs256(self.key, header, claims)}).encode()


def read_service_account(path: Path) -> ServiceAccount:
    """Read the JSON file that Google hands out; Misconfigured if it is none, or lies open."""
    content = read_secret(path, "The FCM service account file")
    try:
        file = msgspec.json.decode(content, type=_File)
        key = load_pem_private_key(file.private_key.encode(), password=None)
    except msgspec.DecodeError:
        raise Misconfigured(f"The FCM service account file {path} is not the JSON that Google hands out.") from None
    except (ValueError, TypeError):
        raise Misconfigured(f"The FCM service account file {path} holds no private key in PEM.") from None
    if not isinstance(key, RSAPrivateKey):
        raise Misconfigured(f"The FCM service account file {path} holds another kind of key than Google's (RSA).")
    return ServiceAccount(
        project=file.project_id,
        email=file.client_email,
        key_id=file.private_key_id,
        key=key,
        token_url=file.token_uri,
    )
