"""The frozen yardstick (DESIGN 7): what pyreqwest alone can push to a running simulator; imports nothing of notifier.

python tests/bench/wire.py http://127.0.0.1:2197 --seconds 10

Two clients with prior knowledge, 100 requests in flight each, fixed workers, uvloop, fixed headers and body.
Do not improve it: figures of years are compared with it.
"""

import argparse
import asyncio
import json
import sys
import time
from base64 import urlsafe_b64encode
from datetime import timedelta
from itertools import cycle, islice
from pathlib import Path

import uvloop
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from pyreqwest.client import Client, ClientBuilder

CLIENTS = 2
IN_FLIGHT = 100
TOKEN = "00" * 32
BODY = (
    b'{"aps":{"alert":{"loc-key":"NOTICE_OWN"},"category":"NOTICE_OWN","interruption-level":"active",'
    b'"sound":"default","mutable-content":1,"badge":3},"id":"00000000-0000-4000-8000-000000000000","s":"'
    + b"A" * 379
    + b'","k":"1"}'
)
HEADERS = {
    "apns-topic": "se.1177.app",
    "apns-id": "00000000-0000-4000-8000-000000000000",
    "apns-push-type": "alert",
    "apns-priority": "10",
    "apns-expiration": "4000000000",
    "apns-collapse-id": "00000000000000000000000000000000",
}


def main() -> int:
    """Measure and print; 1 if anything was not accepted."""
    flags = read_flags()
    authorization = f"bearer {sign(flags)}"
    measured = uvloop.run(measure(flags.url.rstrip("/"), flags.seconds, authorization, flags.ca_file))
    refused = measured.pop("refused")
    print(json.dumps(measured))
    if refused:
        print(f"{refused:.0f} pushes were refused: these figures mean nothing.", file=sys.stderr)
    return 1 if refused else 0


def read_flags() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url")
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--ca-file", type=Path)
    parser.add_argument("--key-file", type=Path, help="signs the provider token; without it the signature is made up")
    parser.add_argument("--key-id", default="SIMULATED1")
    parser.add_argument("--team-id", default="SIMULATEAM")
    return parser.parse_args()


def sign(flags: argparse.Namespace) -> str:
    """Make one provider token for the whole run."""
    header = {"alg": "ES256", "kid": flags.key_id}
    claims = {"iss": flags.team_id, "iat": int(time.time()) - 60}
    signed = ".".join(spell(json.dumps(part).encode()) for part in (header, claims))
    if flags.key_file is None:
        return f"{signed}.{spell(bytes(64))}"
    key = load_pem_private_key(flags.key_file.read_bytes(), password=None)
    assert isinstance(key, EllipticCurvePrivateKey)
    r, s = decode_dss_signature(key.sign(signed.encode(), ECDSA(SHA256())))
    return f"{signed}.{spell(r.to_bytes(32) + s.to_bytes(32))}"


def spell(raw: bytes) -> str:
    """Write base64url without padding."""
    return urlsafe_b64encode(raw).decode().rstrip("=")


async def measure(url: str, seconds: float, authorization: str, ca_file: Path | None) -> dict[str, float]:
    """Warm each client by one request, then push from all workers until the time is over."""
    target = f"{url}/3/device/{TOKEN}"
    clients = [build(ca_file) for _ in range(CLIENTS)]
    counts = {200: 0}
    for client in clients:
        await push(client, target, authorization)
    started, used = time.perf_counter(), time.process_time()
    ends = started + seconds
    async with asyncio.TaskGroup() as workers:
        for client in islice(cycle(clients), CLIENTS * IN_FLIGHT):
            workers.create_task(work(client, target, authorization, ends, counts))
    taken, used = time.perf_counter() - started, time.process_time() - used
    for client in clients:
        await client.close()
    await asyncio.sleep(0.2)
    pushes = sum(counts.values())
    return {
        "pushes_per_second": round(pushes / taken),
        "cpu_us_per_push": round(used / pushes * 1e6, 1),
        "refused": pushes - counts[200],
    }


def build(ca_file: Path | None) -> Client:
    """Build one client, which is one connection."""
    builder = ClientBuilder().http2_prior_knowledge().no_proxy().follow_redirects(False)
    builder = builder.timeout(timedelta(seconds=10)).pool_idle_timeout(None)
    return (builder.add_root_certificate_pem(ca_file.read_bytes()) if ca_file else builder).build()


async def work(client: Client, target: str, authorization: str, ends: float, counts: dict[int, int]) -> None:
    """Push one after another until the time is over."""
    while time.perf_counter() < ends:
        status = await push(client, target, authorization)
        counts[status] = counts.get(status, 0) + 1


async def push(client: Client, target: str, authorization: str) -> int:
    """Push once and give the status."""
    request = client.post(target).headers(HEADERS).header("authorization", authorization).body_bytes(BODY).build()
    return (await request.send()).status


if __name__ == "__main__":
    sys.exit(main())
