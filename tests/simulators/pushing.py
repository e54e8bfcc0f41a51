"""A sender of good pushes, of which each test spoils one thing."""

from pathlib import Path
from urllib.parse import urlencode

import msgspec
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from pyreqwest.client import Client

from notifier.simulators.credentials import read_service_account
from tests.simulators.child import Answer, Child, send
from tests.simulators.signing import read_rsa_key, sign_assertion, sign_provider_token

TOKEN = "ab" * 32
REGISTRATION = "fGk1:APA91b-made_up"
APNS_ID = "6f7a9a1e-8a9c-4c8c-9c61-0b0a7a4c1b11"
ALERT = {"aps": {"alert": {"loc-key": "notice.own"}, "badge": 3, "sound": "default"}}
GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"


class Pushing:
    """Sends to APNs and FCM over one connection."""

    def __init__(self, child: Child, http: Client, key: EllipticCurvePrivateKey, folder: Path) -> None:
        self.child, self.http, self.key, self.folder = child, http, key, folder
        self.authorization = sign_provider_token(key)
        self.account = read_service_account(folder / "fcm.json")
        self.bearer = ""

    async def apns(
        self,
        payload: object = None,
        *,
        path: str = f"/3/device/{TOKEN}",
        method: str = "POST",
        **headers: str | None,
    ) -> Answer:
        """Push to APNs; headers are named with underscores, None leaves one out."""
        given: dict[str, str | None] = {
            "authorization": self.authorization,
            "apns-topic": "se.inera.test.app",
            "apns-push-type": "alert",
            "apns-priority": "10",
            "apns-expiration": "0",
            "apns-id": APNS_ID,
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        body = payload if isinstance(payload, bytes) else msgspec.json.encode(payload or ALERT)
        kept = {name: value for name, value in given.items() if value is not None}
        return await send(self.http, method, self.child.apns + path, kept, body)

    async def grant(self, grant_type: str = GRANT, **changes: object) -> Answer:
        """Ask for an access token."""
        key = read_rsa_key(self.account.private_key)
        assertion = sign_assertion(key, **{"iss": self.account.client_email, **changes})
        body = urlencode({"grant_type": grant_type, "assertion": assertion}).encode()
        form = {"content-type": "application/x-www-form-urlencoded"}
        return await send(self.http, "POST", self.child.fcm + "/token", form, body)

    async def fcm(self, message: object, *, project: str = "simulated-project", **headers: str) -> Answer:
        """Push to FCM with a good access token, unless another `authorization` is given."""
        if not self.bearer:
            self.bearer = f"Bearer {(await self.grant()).json()['access_token']}"
        body = message if isinstance(message, bytes) else msgspec.json.encode({"message": message})
        url = f"{self.child.fcm}/v1/projects/{project}/messages:send"
        return await send(self.http, "POST", url, {"authorization": self.bearer, **headers}, body)

    async def phone(self, token: str = TOKEN) -> dict[str, object]:
        """Look at one phone."""
        return (await self.child.order("GET", f"/phones/{token}")).json()
