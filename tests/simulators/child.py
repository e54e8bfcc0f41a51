"""Runs the simulators as the process that they are, and talks to them."""

import asyncio
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import msgspec
from pyreqwest.client import Client, ClientBuilder
from pyreqwest.response import Response

START_SECONDS = 10.0


class Answer(msgspec.Struct, frozen=True):
    """What a simulator answered."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> dict[str, object]:
        decoded: dict[str, object] = msgspec.json.decode(self.body, type=dict[str, object])
        return decoded

    @property
    def reason(self) -> object:
        return self.json()["reason"]


class Child(msgspec.Struct, frozen=True):
    """A running simulator and its addresses ("-": not served)."""

    process: asyncio.subprocess.Process
    apns: str
    fcm: str
    control: str

    async def order(self, method: str, path: str, body: object = None) -> Answer:
        """Send one order to the control address."""
        async with client() as http:
            return await send(http, method, self.control + path, {}, b"" if body is None else msgspec.json.encode(body))

    async def reset(self) -> None:
        """Forget phones, tokens, counts, quotas and faults, and let the clock be right."""
        async with client() as http:
            for path in ("/phones", "/tokens", "/counts", "/quota"):
                assert (await send(http, "DELETE", self.control + path, {}, b"")).status == 204
            for name in ("apns", "fcm", "oauth"):
                assert (await send(http, "PUT", f"{self.control}/providers/{name}", {}, b"{}")).status == 204
            assert (await send(http, "PUT", f"{self.control}/clock", {}, b'{"ahead_seconds":0}')).status == 204


def client(authority: Path | None = None, timeout: timedelta = timedelta(seconds=5)) -> Client:
    """Build a client that speaks HTTP/2 from its first byte, trusting the CA if one is given."""
    builder = ClientBuilder().http2_prior_knowledge().no_proxy().follow_redirects(False).timeout(timeout)
    if authority is not None:
        builder = builder.add_root_certificate_pem(authority.read_bytes())
    return builder.build()


async def send(http: Client, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
    """Send one request and read the whole answer."""
    response: Response = await http.request(method, url).headers(dict(headers)).body_bytes(body).build().send()
    return Answer(response.status, dict(response.headers), bytes(await response.bytes()))


@asynccontextmanager
async def running(*flags: str) -> AsyncIterator[Child]:
    """Run the simulators until the block ends, and see that they end well."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "notifier.simulators", *flags, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(START_SECONDS):
            line = (await process.stdout.readline()).decode().split()
        assert line[:1] == ["ready"], line
        yield Child(process, *(part.partition("=")[2] for part in line[1:]))
    finally:
        if process.returncode is None:
            process.terminate()
        async with asyncio.timeout(START_SECONDS):
            await process.wait()
