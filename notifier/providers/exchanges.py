"""One request and its answer; what pyreqwest raises becomes a value, since its texts hold the device token (I10)."""

from pyreqwest.client import Client
from pyreqwest.exceptions import (
    BuilderError,
    DetailedPyreqwestError,
    PoolTimeoutError,
    PyreqwestError,
    RequestTimeoutError,
)

from notifier.wire.exchange import Failure, Reply, Request

_TAKEN = Reply(status=200)


async def exchange(client: Client, url: str, request: Request, bearer: str) -> Reply | Failure:
    """Send one push and give the answer, or why there is none; the body of a 200 is not read."""
    try:
        response = await (
            client.post(url + request.path)
            .headers(request.headers)
            .header("authorization", bearer, is_sensitive=True)
            .body_bytes(request.body)
            .build()
            .send()
        )
        if response.status == 200:
            return _TAKEN
        body = bytes(await response.bytes())
        return Reply(status=response.status, body=body, retry_after=response.get_header("retry-after"))
    except PyreqwestError as error:
        return classify(error)


async def ask(client: Client, url: str, body: bytes) -> Reply | Failure:
    """Send a form without authorization and give the answer with its body."""
    try:
        response = await (
            client.post(url).header("content-type", "application/x-www-form-urlencoded").body_bytes(body).build().send()
        )
        return Reply(status=response.status, body=bytes(await response.bytes()))
    except PyreqwestError as error:
        return classify(error)


def classify(error: PyreqwestError) -> Failure:
    """Say what happened by the causes alone: the names of the exceptions lie (TRAPS)."""
    causes = _causes(error)
    last = causes[-1] if causes else ""
    if isinstance(error, PoolTimeoutError | BuilderError) or "client error (Connect)" in causes:
        return Failure.NOT_SENT
    if last.startswith("connection error received") or "stream error received: refused stream" in last:
        return Failure.UNPROCESSED
    if isinstance(error, RequestTimeoutError):
        return Failure.TIMED_OUT
    return Failure.RESET if "stream error" in last else Failure.LOST


def _causes(error: PyreqwestError) -> list[str]:
    details = error.details if isinstance(error, DetailedPyreqwestError) else None
    return [cause["message"] for cause in (details["causes"] if details else None) or ()]
