"""Signed tokens (JWS, RFC 7515), written so that equal input gives equal bytes in every process."""

from collections.abc import Mapping

import msgspec
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from notifier.wire.payloads import spell_bytes

Claims = Mapping[str, str | int]

_HALF_BYTES = 32


def sign_es256(key: EllipticCurvePrivateKey, header: Claims, claims: Claims) -> str:
    """Sign with ECDSA as RFC 6979 has it: no randomness, and the signature is r||s."""
    signed = _join(header, claims)
    r, s = decode_dss_signature(key.sign(signed, ECDSA(SHA256(), deterministic_signing=True)))
    return _finish(signed, r.to_bytes(_HALF_BYTES) + s.to_bytes(_HALF_BYTES))


def sign_rs256(key: RSAPrivateKey, header: Claims, claims: Claims) -> str:
    """Sign with RSA, PKCS #1 v1.5."""
    signed = _join(header, claims)
    return _finish(signed, key.sign(signed, PKCS1v15(), SHA256()))


def _join(header: Claims, claims: Claims) -> bytes:
    return spell_bytes(msgspec.json.encode(header)) + b"." + spell_bytes(msgspec.json.encode(claims))


def _finish(signed: bytes, signature: bytes) -> str:
    return (signed + b"." + spell_bytes(signature)).decode()
