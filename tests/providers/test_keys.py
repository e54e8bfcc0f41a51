"""Keys: read safely, and the same token from every process."""

import subprocess
import sys
from base64 import urlsafe_b64decode
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from notifier.domain.faults import Misconfigured
from notifier.providers.provider_token import ProviderTokens, start_of_slot
from notifier.providers.service_account import read_service_account
from notifier.providers.signing_keys import read_signing_key, read_signing_keys
from notifier.simulators.credentials import make_credentials

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
PROGRAM = """
import sys
from datetime import datetime
from pathlib import Path
from notifier.providers.provider_token import ProviderTokens
from notifier.providers.signing_keys import read_signing_keys
at = datetime.fromisoformat(sys.argv[2])
keys = read_signing_keys(Path(sys.argv[1]), "KEY0000001")
tokens = ProviderTokens(lambda: keys, "TEAM000001", lambda: at)
print(tokens.choose(None).value)
"""


def provider_tokens(keys: Path, at: datetime) -> ProviderTokens:
    signing = read_signing_keys(keys / "apns.p8", "KEY0000001")
    return ProviderTokens(lambda: signing, "TEAM000001", lambda: at)


@pytest.mark.holds("R12")
def test_every_process_makes_the_same_provider_token(keys: Path) -> None:
    ours = provider_tokens(keys, NOON + timedelta(minutes=2)).choose(None).value

    program = [sys.executable, "-c", PROGRAM, str(keys / "apns.p8"), (NOON + timedelta(minutes=29)).isoformat()]
    theirs = subprocess.run(program, capture_output=True, text=True, check=True, timeout=20).stdout.strip()

    assert theirs == ours


@pytest.mark.holds("R12")
def test_the_provider_token_is_a_jws_that_its_key_verifies(keys: Path) -> None:
    value = provider_tokens(keys, NOON + timedelta(minutes=2)).choose(None).value

    scheme, _, token = value.partition(" ")
    header, claims, signature = (urlsafe_b64decode(part + "==") for part in token.split("."))
    assert scheme == "bearer"
    assert msgspec.json.decode(header) == {"alg": "ES256", "kid": "KEY0000001"}
    assert msgspec.json.decode(claims) == {"iss": "TEAM000001", "iat": int(NOON.timestamp())}
    assert len(signature) == 64
    der = encode_dss_signature(int.from_bytes(signature[:32]), int.from_bytes(signature[32:]))
    signed = token.rpartition(".")[0].encode()
    read_signing_key(keys / "apns.p8").public_key().verify(der, signed, ECDSA(SHA256()))


@pytest.mark.holds("R12")
@pytest.mark.parametrize(("minutes", "slot"), [(0, -30), (0.98, -30), (1, 0), (30.98, 0), (31, 30)], ids=str)
def test_a_slot_begins_a_minute_late_so_that_no_fast_clock_signs_the_future(minutes: float, slot: int) -> None:
    assert start_of_slot(NOON + timedelta(minutes=minutes)) == int((NOON + timedelta(minutes=slot)).timestamp())


@pytest.mark.holds("R12")
def test_a_connection_keeps_its_token_for_twenty_minutes(keys: Path) -> None:
    first = provider_tokens(keys, NOON + timedelta(minutes=30)).choose(None)

    assert provider_tokens(keys, NOON + timedelta(minutes=49)).choose(first) is first
    assert provider_tokens(keys, NOON + timedelta(minutes=50)).choose(first).value != first.value


@pytest.fixture
def own_keys(tmp_path: Path) -> Path:
    """Lend keys that a test may spoil."""
    make_credentials(tmp_path, "http://127.0.0.1:9/token")
    return tmp_path


def spoil(path: Path, how: str, other: Path) -> None:
    match how:
        case "missing":
            path.unlink()
        case "folder":
            path.unlink()
            path.mkdir()
        case "open":
            path.chmod(0o644)
        case "nonsense":
            path.write_bytes(b"no key at all")
        case "empty":
            path.write_bytes(b"")
        case "other":
            path.write_bytes(other.read_bytes())


@pytest.mark.holds("B40", "R12")
@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("missing", "cannot be read"),
        ("folder", "cannot be read"),
        ("open", "open to everybody"),
        ("nonsense", "no private key"),
        ("empty", "no private key"),
        ("other", "another kind of key"),
    ],
)
def test_a_wrong_apns_key_is_said_in_a_sentence(how: str, said: str, own_keys: Path) -> None:
    rsa = own_keys / "rsa.pem"
    rsa.write_text(msgspec.json.decode((own_keys / "fcm.json").read_bytes())["private_key"])
    spoil(own_keys / "apns.p8", how, rsa)

    with pytest.raises(Misconfigured, match=said) as raised:
        read_signing_key(own_keys / "apns.p8")

    assert raised.value.__cause__ is None


@pytest.mark.holds("B40", "R12")
@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("missing", "cannot be read"),
        ("open", "open to everybody"),
        ("nonsense", "not the JSON"),
        ("other", "not the JSON"),
    ],
)
def test_a_wrong_service_account_is_said_in_a_sentence(how: str, said: str, own_keys: Path) -> None:
    spoil(own_keys / "fcm.json", how, own_keys / "apns.p8")

    with pytest.raises(Misconfigured, match=said):
        read_service_account(own_keys / "fcm.json")


@pytest.mark.holds("B40", "R12")
def test_a_service_account_with_another_key_is_said_in_a_sentence(own_keys: Path) -> None:
    path = own_keys / "fcm.json"
    account = msgspec.json.decode(path.read_bytes())
    for key, said in (((own_keys / "apns.p8").read_text(), "another kind of key"), ("nonsense", "no private key")):
        path.write_bytes(msgspec.json.encode({**account, "private_key": key}))
        with pytest.raises(Misconfigured, match=said):
            read_service_account(path)


@pytest.mark.holds("I10")
def test_a_service_account_does_not_show_itself(own_keys: Path) -> None:
    account = read_service_account(own_keys / "fcm.json")

    assert repr(account) == "ServiceAccount('simulated-project')"
