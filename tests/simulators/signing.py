"""Signs provider tokens and assertions, right and wrong, from RFC 7515 and 7518 and nothing of ours."""

import time
from base64 import urlsafe_b64encode
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

SCOPE = "https://www.googleapis.com/auth/firebase.messaging"


def encode(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()


def sign_provider_token(key: EllipticCurvePrivateKey, *, der: bool = False, **changes: object) -> str:
    """Give an `authorization` value; `alg`, `kid`, `iss`, `iat` (seconds from now) can change, `der` signs wrongly."""
    header = {"alg": changes.pop("alg", "ES256"), "kid": changes.pop("kid", "SIMULATED1")}
    age = changes.pop("iat", -60)
    assert isinstance(age, int)
    claims = {"iss": "SIMULATEAM", "iat": int(time.time()) + age, **changes}
    signed = f"{encode(msgspec.json.encode(header))}.{encode(msgspec.json.encode(claims))}"
    signature = key.sign(signed.encode(), ECDSA(SHA256()))
    r, s = decode_dss_signature(signature)
    return f"bearer {signed}.{encode(signature if der else r.to_bytes(32) + s.to_bytes(32))}"


def sign_assertion(key: RSAPrivateKey, **changes: object) -> str:
    """Give a service account's assertion; each claim can be changed, `iat` and `exp` by seconds from now."""
    now = int(time.time())
    claims = {"scope": SCOPE, "aud": "https://oauth2.googleapis.com/token", "iat": 0, "exp": 3600, **changes}
    claims |= {name: now + int(str(claims[name])) for name in ("iat", "exp")}
    header = {"alg": "RS256", "typ": "JWT"}
    signed = f"{encode(msgspec.json.encode(header))}.{encode(msgspec.json.encode(claims))}"
    return f"{signed}.{encode(key.sign(signed.encode(), PKCS1v15(), SHA256()))}"


def read_ec_key(path: Path) -> EllipticCurvePrivateKey:
    key = load_pem_private_key(path.read_bytes(), None)
    assert isinstance(key, EllipticCurvePrivateKey)
    return key


def read_rsa_key(pem: str) -> RSAPrivateKey:
    key = load_pem_private_key(pem.encode(), None)
    assert isinstance(key, RSAPrivateKey)
    return key
