"""Simulated APNs judges provider tokens as protocols.md 2.4 says."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key

from tests.simulators.child import client
from tests.simulators.framing import EITHER
from tests.simulators.pushing import Pushing
from tests.simulators.signing import sign_provider_token

pytestmark = [pytest.mark.holds("R12"), EITHER]


@pytest.mark.parametrize(
    ("reason", "changes"),
    [
        ("InvalidProviderToken", {"kid": "ANOTHERKEY"}),
        ("InvalidProviderToken", {"iss": "OTHERTEAM1"}),
        ("InvalidProviderToken", {"alg": "HS256"}),
        ("InvalidProviderToken", {"der": True}),
        ("InvalidProviderToken", {"iat": 300}),
        ("ExpiredProviderToken", {"iat": -3660}),
    ],
)
async def test_a_wrong_provider_token_is_refused(pushing: Pushing, reason: str, changes: dict[str, object]) -> None:
    token = sign_provider_token(pushing.key, **changes)  # type: ignore[arg-type]
    for _ in range(2):  # the second time from the verdict that is kept
        answer = await pushing.apns(authorization=token)
        assert (answer.status, answer.reason) == (403, reason)


async def test_a_token_of_another_key_is_refused(pushing: Pushing) -> None:
    answer = await pushing.apns(authorization=sign_provider_token(generate_private_key(SECP256R1())))
    assert (answer.status, answer.reason) == (403, "InvalidProviderToken")


async def test_a_token_issued_within_20_minutes_of_the_last_is_one_too_many_on_its_connection(
    pushing: Pushing,
) -> None:
    old, soon, later = (sign_provider_token(pushing.key, iat=-age) for age in (3000, 1801, 1799))
    assert (await pushing.apns(authorization=old)).status == 200
    answer = await pushing.apns(authorization=soon)
    assert (answer.status, answer.reason) == (429, "TooManyProviderTokenUpdates")
    assert (await pushing.apns(authorization=later)).status == 200
    async with client() as other:
        pushing.http = other
        assert (await pushing.apns(authorization=soon)).status == 200
