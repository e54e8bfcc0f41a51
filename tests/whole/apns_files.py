"""What Apple and whoever runs its service would give to an operator: an authority, and a signing key of the team."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_PEM = Encoding.PEM
_LIFE = timedelta(days=1)


def write_files(folder: Path) -> Mapping[str, str]:
    """Write new keys and certificates, and give the path of each by its use."""
    authority_key, leaf_key, team_key = (generate_private_key(SECP256R1()) for _ in range(3))
    authority, leaf = _sign_authority(authority_key), _sign_leaf(leaf_key, authority_key)
    written = {
        "authority": authority.public_bytes(_PEM),
        "chain": leaf.public_bytes(_PEM),
        "key": _write_key(leaf_key),
        "team": _write_key(team_key),
        "signer": team_key.public_key().public_bytes(_PEM, PublicFormat.SubjectPublicKeyInfo),
    }
    return {use: _write(folder / f"{use}.pem", content) for use, content in written.items()}


def _write(path: Path, content: bytes) -> str:
    path.touch(mode=0o600)
    path.write_bytes(content)
    return str(path)


def _write_key(key: EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(_PEM, PrivateFormat.PKCS8, NoEncryption())


def _begin(name: str) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(_named(name))
        .issuer_name(_named("An authority"))
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _LIFE)
        .not_valid_after(now + _LIFE)
    )


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _sign_authority(key: EllipticCurvePrivateKey) -> x509.Certificate:
    basic = x509.BasicConstraints(ca=True, path_length=None)
    return _begin("An authority").public_key(key.public_key()).add_extension(basic, critical=True).sign(key, SHA256())


def _sign_leaf(key: EllipticCurvePrivateKey, authority_key: EllipticCurvePrivateKey) -> x509.Certificate:
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))])
    return (
        _begin("A push service")
        .public_key(key.public_key())
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(names, critical=False)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(authority_key, SHA256())
    )
