"""The foreign APNs refuses what Apple's pages forbid (protocols 2.2 to 2.4): else its acceptance would say nothing."""

from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, generate_private_key
from pyreqwest.client import Client

from tests.simulators.child import client, send
from tests.simulators.signing import read_ec_key, sign_provider_token
from tests.whole.foreign_apns import KEY_ID, TEAM_ID, TOPIC, ForeignApns, find_node, run_foreign_apns

pytestmark = [
    pytest.mark.skipif(find_node() is None, reason="NOT TESTED: Node is not installed here (Debian package nodejs)"),
    pytest.mark.holds("R12"),
]

ID = "6f7a9a1e-8a9c-4c8c-9c61-0b0a7a4c1b11"
PATH = f"/3/device/{'ab' * 32}"
ALERT = {"aps": {"alert": {"loc-key": "NOTICE_OWN"}, "badge": 3, "sound": "default"}, "id": ID}
SILENT = {"aps": {"content-available": 1}, "remove": []}
BACKGROUND = {"apns_push_type": "background", "apns_priority": "5"}


@pytest.fixture(scope="module")
async def apple(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[ForeignApns]:
    """Run one server; every request comes over a connection of its own."""
    async with run_foreign_apns(tmp_path_factory.mktemp("apns"), streams=50) as running:
        yield running


class Sender:
    """Sends good pushes, of which each test spoils one thing."""

    def __init__(self, http: Client, apple: ForeignApns) -> None:
        self._http, self._url = http, apple.settings["APNS__URL"]
        self._key = read_ec_key(Path(apple.settings["APNS__KEY_FILE"]))

    def sign(self, key: EllipticCurvePrivateKey | None = None, **changes: object) -> str:
        """Give a good provider token but for the changes."""
        return sign_provider_token(key or self._key, **{"kid": KEY_ID, "iss": TEAM_ID} | changes)

    async def push(
        self, payload: object = ALERT, *, method: str = "POST", path: str = PATH, **headers: str | None
    ) -> tuple[int, str]:
        """Push and give the status with Apple's reason, or the id; None leaves a header out."""
        given = {
            "authorization": self.sign(),
            "apns-topic": TOPIC,
            "apns-push-type": "alert",
            "apns-priority": "10",
            "apns-expiration": "0",
            "apns-id": ID,
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        kept = {name: value for name, value in given.items() if value is not None}
        body = payload if isinstance(payload, bytes) else msgspec.json.encode(payload)
        answer = await send(self._http, method, self._url + path, kept, body)
        return answer.status, str(answer.reason) if answer.body else answer.headers["apns-id"]


@pytest.fixture
async def sender(apple: ForeignApns) -> AsyncIterator[Sender]:
    """Open a connection of a test's own, which trusts the server's authority."""
    async with client(Path(apple.settings["APNS__CA_FILE"])) as http:
        yield Sender(http, apple)


@pytest.mark.parametrize(
    ("payload", "headers"),
    [
        (ALERT, {}),
        (ALERT, {"apns_collapse_id": "c" * 64, "apns_priority": "5", "apns_expiration": "1800000000"}),
        ({"aps": {"badge": 0}}, {"apns_priority": "5"}),
        (SILENT, BACKGROUND),
    ],
)
async def test_what_apples_pages_allow_is_taken(sender: Sender, payload: object, headers: dict[str, str]) -> None:
    assert await sender.push(payload, **headers) == (200, ID)


@pytest.mark.parametrize(
    ("status", "reason", "changes"),
    [
        (405, "MethodNotAllowed", {"method": "PUT"}),
        (404, "BadPath", {"path": "/2/device/abab"}),
        (400, "BadDeviceToken", {"path": "/3/device/abc"}),
        (400, "BadDeviceToken", {"path": "/3/device/xyzz"}),
        (400, "MissingDeviceToken", {"path": "/3/device/"}),
        (403, "MissingProviderToken", {"authorization": None}),
        (403, "InvalidProviderToken", {"authorization": "bearer a.b.c"}),
        (403, "InvalidProviderToken", {"authorization": "bearer"}),
        (400, "MissingTopic", {"apns_topic": None}),
        (400, "TopicDisallowed", {"apns_topic": "se.example.other"}),
        (400, "InvalidPushType", {"apns_push_type": None}),
        (400, "InvalidPushType", {"apns_push_type": "alarm"}),
        (400, "BadPriority", {"apns_priority": "7"}),
        (400, "BadPriority", {**BACKGROUND, "apns_priority": "10"}),
        (400, "BadExpirationDate", {"apns_expiration": "tomorrow"}),
        (400, "BadExpirationDate", {"apns_expiration": "1.5"}),
        (400, "BadMessageId", {"apns_id": ID.upper()}),
        (400, "BadMessageId", {"apns_id": ID.replace("-", "")}),
        (400, "BadCollapseId", {"apns_collapse_id": "c" * 65}),
        (400, "UnknownHeader", {"x_request_id": "1"}),
        (400, "UnknownHeader", {"apns_unique_id": ID}),
        (400, "UnknownHeader", {"content_encoding": "gzip"}),
    ],
)
async def test_a_bad_request_is_refused(sender: Sender, status: int, reason: str, changes: dict[str, str]) -> None:
    assert await sender.push(**changes) == (status, reason)


@pytest.mark.parametrize(
    ("status", "reason", "payload", "headers"),
    [
        (400, "PayloadEmpty", b"", {}),
        (413, "PayloadTooLarge", ALERT | {"s": "x" * 4096}, {}),
        (400, "BadPayload", b"{", {}),
        (400, "BadPayload", b'{"aps":{"alert":"\xff"}}', {}),
        (400, "BadPayload", {"id": ID}, {}),
        (400, "BadPayload", {"aps": {"category": "NOTICE_OWN"}}, {}),
        (400, "BadPayload", {"aps": {"alert": {"loc_key": "NOTICE_OWN"}}}, {}),
        (400, "BadPayload", {"aps": {"alert": {}}}, {}),
        (400, "BadPayload", {"aps": {"badge": "3"}}, {}),
        (400, "BadPayload", {"aps": {"badge": -1}}, {}),
        (400, "BadPayload", {"aps": {"badge": 1, "colour": "red"}}, {}),
        (400, "BadPayload", {"aps": {"alert": "x", "interruption-level": "loud"}}, {}),
        (400, "BadPayload", {"aps": {"badge": 1, "mutable-content": 1}}, {}),
        (400, "BadPayload", {"aps": {"badge": 1, "content-available": 1}}, {}),
        (400, "BadPayload", {"aps": {"badge": 1, "content-available": 1}}, BACKGROUND),
        (400, "BadPayload", {"aps": {"content-available": True}}, BACKGROUND),
        (400, "BadPayload", ALERT, BACKGROUND),
    ],
)
async def test_a_bad_payload_is_refused(
    sender: Sender, status: int, reason: str, payload: object, headers: dict[str, str]
) -> None:
    assert await sender.push(payload, **headers) == (status, reason)


@pytest.mark.parametrize(
    ("reason", "changes"),
    [
        ("InvalidProviderToken", {"alg": "HS256"}),
        ("InvalidProviderToken", {"kid": "OTHERKEYID"}),
        ("InvalidProviderToken", {"iss": "OTHERTEAMS"}),
        ("InvalidProviderToken", {"iat": 60}),
        ("InvalidProviderToken", {"der": True}),
        ("InvalidProviderToken", {"key": generate_private_key(SECP256R1())}),
        ("ExpiredProviderToken", {"iat": -3660}),
    ],
)
async def test_a_bad_provider_token_is_refused(sender: Sender, reason: str, changes: dict[str, object]) -> None:
    assert await sender.push(authorization=sender.sign(**changes)) == (403, reason)


async def test_a_connection_that_changes_its_token_too_soon_is_refused(sender: Sender) -> None:
    first = sender.sign(iat=-120)
    assert await sender.push(authorization=first) == (200, ID)
    assert await sender.push(authorization=sender.sign()) == (429, "TooManyProviderTokenUpdates")
    assert await sender.push(authorization=first) == (200, ID)
