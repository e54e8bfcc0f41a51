"""Keys that are replaced while the lanes run: nothing is restarted, and nothing is lost."""

import json
from base64 import urlsafe_b64decode
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from notifier.domain.pushes import Accepted, Refused, Trouble
from notifier.providers import secrets
from notifier.providers.access_token import AccessToken
from notifier.providers.routes import build_client
from notifier.providers.secrets import Replaceable
from notifier.providers.service_account import read_service_account
from notifier.simulators.credentials import make_credentials
from tests.providers.frames import Frames
from tests.providers.lanes import apns_lane, fresh_parcel, now, route

OLD, NEW = "OLDKEY0001", "NEWKEY0001"
INVALID = (403, json.dumps({"reason": "InvalidProviderToken"}).encode())


@pytest.fixture(autouse=True)
def _look_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrets, "LOOK_SECONDS", 0.0)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Lend a folder of Apple's keys with one in it."""
    put_key(tmp_path, OLD)
    return tmp_path


def put_key(folder: Path, id: str) -> None:
    key = generate_private_key(SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    unfinished = folder / "unfinished"
    unfinished.touch(mode=0o600)
    unfinished.write_bytes(key)
    unfinished.rename(folder / f"AuthKey_{id}.p8")


def used(frames: Frames) -> list[str]:
    """Say by which key each request was signed."""
    return [read_head(request["authorization"].split()[1])["kid"] for request in frames.requests]


def read_head(token: str) -> dict[str, str]:
    head: dict[str, str] = json.loads(urlsafe_b64decode(token.split(".", maxsplit=1)[0] + "=="))
    return head


@pytest.mark.holds("R12", "B40")
async def test_a_new_key_of_apple_is_used_on_new_connections_while_the_old_one_is_still_there(
    frames: Frames, folder: Path
) -> None:
    async with apns_lane(route(frames.url, most_connections=1), folder, key_file=folder) as lane:
        outcomes = [await lane.send(fresh_parcel(number=1))]
        put_key(folder, NEW)
        outcomes += [await lane.send(fresh_parcel(number=number)) for number in (2, 3)]
        (folder / f"AuthKey_{OLD}.p8").unlink()
        outcomes += [await lane.send(fresh_parcel(number=4))]

    assert outcomes == [Accepted()] * 4
    assert used(frames) == [OLD, NEW, NEW, NEW]
    assert frames.connections == 2


@pytest.mark.holds("R12", "R13", "B40")
async def test_a_new_key_that_apple_does_not_take_leaves_the_old_one_in_use(frames: Frames, folder: Path) -> None:
    async with apns_lane(route(frames.url, most_connections=1), folder, key_file=folder) as lane:
        await lane.send(fresh_parcel(number=1))
        put_key(folder, NEW)
        frames.replies.append(INVALID)
        outcomes = [await lane.send(fresh_parcel(number=number)) for number in (2, 3)]

    assert outcomes == [Accepted(), Accepted()]
    assert used(frames) == [OLD, NEW, OLD, OLD]


@pytest.mark.holds("R12", "R13", "A20")
async def test_when_apple_takes_none_of_the_keys_the_lane_stops(frames: Frames, folder: Path) -> None:
    put_key(folder, NEW)
    frames.replies.extend([INVALID] * 9)
    async with apns_lane(route(frames.url, most_connections=1), folder, key_file=folder) as lane:
        outcomes = [await lane.send(fresh_parcel(number=number)) for number in range(1, 5)]

    assert outcomes == [Refused(trouble=Trouble.CONFIGURATION)] * 4
    assert used(frames) == [NEW, OLD]


@pytest.mark.holds("R12", "B40")
@pytest.mark.parametrize("content", [b"", b"no key at all"])
async def test_a_replacement_that_is_no_key_changes_nothing(frames: Frames, folder: Path, content: bytes) -> None:
    async with apns_lane(route(frames.url, most_connections=1), folder, key_file=folder) as lane:
        await lane.send(fresh_parcel(number=1))
        wrong = folder / f"AuthKey_{NEW}.p8"
        wrong.touch(mode=0o600)
        wrong.write_bytes(content)
        outcome = await lane.send(fresh_parcel(number=2))
        told = lane.state.fault
        wrong.unlink()
        await lane.send(fresh_parcel(number=3))

    assert outcome == Accepted()
    assert told == f"The APNs key file {wrong} holds no private key in PEM."
    assert lane.state.fault is None
    assert used(frames) == [OLD] * 3


@pytest.mark.holds("R12", "B40")
async def test_a_service_account_that_is_replaced_signs_the_next_request_for_a_token(
    frames: Frames, tmp_path: Path
) -> None:
    granted = json.dumps({"access_token": "made-up", "expires_in": 60}).encode()
    frames.replies.extend([(200, granted)] * 2)
    time = [now()]
    make_credentials(tmp_path, f"{frames.url}/token")
    account = Replaceable(tmp_path / "fcm.json", read_service_account, lambda: 0.0)
    client = build_client(route(frames.url), None)
    access = AccessToken(account.current, client, lambda: time[0])
    assert await access.bearer() is not None
    (tmp_path / "fcm.json").unlink()
    make_credentials(tmp_path, f"{frames.url}/token")
    replaced = json.loads((tmp_path / "fcm.json").read_bytes()) | {"private_key_id": "second"}
    (tmp_path / "fcm.json").write_text(json.dumps(replaced))
    time[0] += timedelta(seconds=61)
    assert await access.bearer() is not None
    await client.close()

    assertions = [parse_qs(body.decode())["assertion"][0] for body in frames.bodies]
    assert [read_head(assertion)["kid"] for assertion in assertions] == ["simulated", "second"]
