"""Apple's signing keys: one file with its id said beside it, or a folder of them as Apple names them (rotation)."""

from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from notifier.domain.faults import Misconfigured
from notifier.providers.secrets import read_secret

_NAME, _END = "AuthKey_", ".p8"


class SigningKey(msgspec.Struct, frozen=True, kw_only=True):
    """One key; never shown."""

    id: str
    key: EllipticCurvePrivateKey

    def __repr__(self) -> str:
        return f"SigningKey({self.id!r})"


def read_signing_keys(path: Path, key_id: str) -> tuple[SigningKey, ...]:
    """Read a .p8 file, or every AuthKey_<id>.p8 of a folder, the newest first; Misconfigured if there is none."""
    if not path.is_dir():
        return (SigningKey(id=key_id, key=read_signing_key(path)),)
    files = sorted(path.glob(f"{_NAME}*{_END}"), key=lambda file: (file.stat().st_mtime_ns, file.name), reverse=True)
    if not files:
        raise Misconfigured(f"The folder of APNs keys {path} holds no {_NAME}<key id>{_END}.")
    return tuple(
        SigningKey(id=file.name.removeprefix(_NAME).removesuffix(_END), key=read_signing_key(file)) for file in files
    )


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
