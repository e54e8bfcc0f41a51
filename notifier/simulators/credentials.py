"""Made-up credentials for the simulators: an APNs signing key, and a service account for FCM."""

from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ec import generate_private_key as generate_ec_key
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key as generate_rsa_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from notifier.simulators.files import write_private

APNS_KEY, SERVICE_ACCOUNT = "apns.p8", "fcm.json"
KEY_ID, TEAM_ID = "SIMULATED1", "SIMULATEAM"
PROJECT = "simulated-project"


class ServiceAccount(msgspec.Struct, frozen=True, kw_only=True):
    """What Google hands out as a service account's JSON file."""

    type: str = "service_account"
    project_id: str
    private_key_id: str
    private_key: str
    client_email: str
    client_id: str
    auth_uri: str = "https://accounts.google.com/o/oauth2/auth"
    token_uri: str


def make_credentials(folder: Path, token_uri: str, project: str = PROJECT) -> tuple[Path, Path]:
    """Write both files, mode 0600; a key that is there already is kept, so that only the address is renewed."""
    folder.mkdir(parents=True, exist_ok=True)
    apns, fcm = folder / APNS_KEY, folder / SERVICE_ACCOUNT
    if not apns.exists():
        write_private(apns, _pem(generate_ec_key(SECP256R1())))
    private_key = read_service_account(fcm).private_key if fcm.exists() else _rsa_pem()
    account = ServiceAccount(
        project_id=project,
        private_key_id="simulated",
        private_key=private_key,
        client_email=f"notifier@{project}.iam.gserviceaccount.invalid",
        client_id="100000000000000000000",
        token_uri=token_uri,
    )
    write_private(fcm, msgspec.json.format(msgspec.json.encode(account)))
    return apns, fcm


def read_service_account(path: Path) -> ServiceAccount:
    """Read a service account's file; keys that are not needed are skipped."""
    return msgspec.json.decode(path.read_bytes(), type=ServiceAccount)


def read_apns_key(path: Path) -> EllipticCurvePublicKey:
    """Read the public half of an APNs key, from its private .p8 or a public PEM."""
    key = _public(path.read_bytes())
    if not isinstance(key, EllipticCurvePublicKey):
        raise TypeError("the APNs key is no elliptic curve key")
    return key


def read_account_key(account: ServiceAccount) -> RSAPublicKey:
    """Give the public half of a service account's key."""
    key = _public(account.private_key.encode())
    if not isinstance(key, RSAPublicKey):
        raise TypeError("the service account's key is no RSA key")
    return key


def _public(pem: bytes) -> object:
    if b"PRIVATE KEY" not in pem:
        return load_pem_public_key(pem)
    return load_pem_private_key(pem, password=None).public_key()


def _rsa_pem() -> str:
    return _pem(generate_rsa_key(public_exponent=65537, key_size=2048)).decode()


def _pem(key: EllipticCurvePrivateKey | RSAPrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
