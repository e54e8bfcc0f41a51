"""The simulated token endpoint grants access tokens as protocols.md 3.1 says."""

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key

from tests.simulators.child import running
from tests.simulators.framing import EITHER
from tests.simulators.pushing import Pushing
from tests.simulators.signing import sign_assertion

pytestmark = [pytest.mark.holds("R12"), EITHER]

ERROR_INFO = "type.googleapis.com/google.rpc.ErrorInfo"


class Error(msgspec.Struct):
    details: list[dict[str, str]]


async def test_an_access_token_is_granted_for_a_signed_assertion(pushing: Pushing) -> None:
    granted = (await pushing.grant()).json()
    assert (granted["expires_in"], granted["token_type"]) == (3599, "Bearer")
    assert isinstance(granted["access_token"], str)


@pytest.mark.parametrize(
    "audience",
    ["https://oauth2.googleapis.com/token", "https://www.googleapis.com/oauth2/v4/token", "http://127.0.0.1:1/token"],
)
async def test_all_usual_audiences_are_accepted(pushing: Pushing, audience: str) -> None:
    assert (await pushing.grant(aud=audience)).status == 200


@pytest.mark.parametrize(
    ("error", "changes"),
    [
        ("unsupported_grant_type", {"grant_type": "password"}),
        ("invalid_grant", {"iss": "somebody@else"}),
        ("invalid_grant", {"aud": "https://elsewhere"}),
        ("invalid_grant", {"exp": 7200}),
        ("invalid_grant", {"iat": -7200, "exp": -3600}),
        ("invalid_scope", {"scope": "https://www.googleapis.com/auth/drive"}),
    ],
)
async def test_a_wrong_assertion_is_refused(pushing: Pushing, error: str, changes: dict[str, object]) -> None:
    answer = await pushing.grant(**changes)  # type: ignore[arg-type]
    assert (answer.status, answer.json()["error"]) == (400, error)


async def test_an_assertion_of_another_key_is_refused(pushing: Pushing, monkeypatch: pytest.MonkeyPatch) -> None:
    other = generate_private_key(public_exponent=65537, key_size=2048)
    monkeypatch.setattr("tests.simulators.pushing.sign_assertion", lambda _, **claims: sign_assertion(other, **claims))
    assert (await pushing.grant()).json()["error"] == "invalid_grant"


async def test_an_access_token_past_its_life_is_refused_by_name(pushing: Pushing) -> None:
    flags = ["fcm", "--service-account", str(pushing.folder / "fcm.json"), "--token-seconds", "0"]
    async with running(*flags) as child:
        pushing.child = child
        answer = await pushing.fcm({"token": "a"})
    (detail,) = msgspec.convert(answer.json()["error"], Error).details
    assert (answer.status, (detail["@type"], detail["reason"])) == (401, (ERROR_INFO, "ACCESS_TOKEN_EXPIRED"))
