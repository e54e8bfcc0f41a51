"""Puts the simulators together from their flags and runs them until they are told to stop."""

import asyncio
import signal
import socket
import sys
from argparse import Namespace
from collections.abc import Awaitable, Mapping
from contextlib import AsyncExitStack

from granian.rsgi import Scope

from notifier.simulators.apns import Apns
from notifier.simulators.certificates import Certificates, make_certificates
from notifier.simulators.control import Control
from notifier.simulators.credentials import read_account_key, read_apns_key, read_service_account
from notifier.simulators.endpoint import Endpoint, Exchange, meet
from notifier.simulators.faults import Provider
from notifier.simulators.fcm import Fcm
from notifier.simulators.granting import PATH, Granting
from notifier.simulators.lines import Lines
from notifier.simulators.oauth import AccessTokens
from notifier.simulators.population import Phones
from notifier.simulators.provider_token import ProviderTokens
from notifier.simulators.serving import Application, reserve_port, serving
from notifier.simulators.witness import Witness

CONTROL_STREAMS = 100
APNS_ROOM = "/3/"


async def keep_house(flags: Namespace) -> None:
    """Serve until SIGTERM or SIGINT, then write down what waits."""
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    async with AsyncExitStack() as stack:
        group = await stack.enter_async_context(asyncio.TaskGroup())
        phones = None if flags.no_phones else Phones()
        journal = stack_lines(stack, group, Lines.open(flags.journal) if flags.journal else None)
        screen = stack_lines(stack, group, Lines(sys.stdout.fileno()) if flags.print else None)
        witness = Witness(phones, journal, screen)
        endpoints = build_endpoints(flags, witness)
        pushes, orders = reserve_ports(flags)
        certificates = make_certificates(flags.tls_folder) if flags.tls_folder else None
        await stack.enter_async_context(serving(group, route(endpoints), pushes, certificates, flags.streams))
        if orders:
            control = Control({name: endpoint.provider for name, endpoint in endpoints.items()}, phones)
            await stack.enter_async_context(serving(group, control.answer, orders, None, CONTROL_STREAMS))
        sys.stdout.write(describe(endpoints, pushes, orders, certificates))
        sys.stdout.flush()
        await stopped.wait()


def stack_lines(stack: AsyncExitStack, group: asyncio.TaskGroup, lines: Lines | None) -> Lines | None:
    """Flush the lines regularly, and for the last time at the end."""
    if lines is not None:
        stack.callback(lines.flush)
        task = group.create_task(lines.flush_regularly(), name="flush")
        stack.callback(task.cancel)
    return lines


def build_endpoints(flags: Namespace, witness: Witness) -> dict[str, Endpoint]:
    """Build the providers that the command asks for."""
    endpoints: dict[str, Endpoint] = {}
    if flags.command != "fcm":
        endpoints["apns"] = build_apns(flags, witness)
    if flags.command != "apns":
        endpoints["fcm"], endpoints["oauth"] = build_google(flags, witness)
    return endpoints


def build_apns(flags: Namespace, witness: Witness) -> Apns:
    """Build Apple."""
    key = read_apns_key(flags.apns_key) if flags.apns_key else None
    tokens = ProviderTokens(key, flags.key_id, flags.team_id)
    return Apns(Provider("apns"), tokens, frozenset(flags.topic), witness)


def build_google(flags: Namespace, witness: Witness) -> tuple[Fcm, Granting]:
    """Build FCM and the endpoint that grants its access tokens."""
    account = read_service_account(flags.service_account) if flags.service_account else None
    key, email = (read_account_key(account), account.client_email) if account else (None, None)
    project = flags.project or (account.project_id if account else None)
    tokens = AccessTokens(key, email, flags.token_seconds)
    return Fcm(Provider("fcm"), tokens, project, witness), Granting(Provider("oauth"), tokens)


def route(endpoints: Mapping[str, Endpoint]) -> Application:
    """Lead each request to its provider; their paths do not collide."""
    only = next(iter(endpoints.values()))
    apns, fcm, oauth = (endpoints.get(name, only) for name in ("apns", "fcm", "oauth"))

    def lead(scope: Scope, proto: Exchange) -> Awaitable[None]:
        path = scope.path
        if path.startswith(APNS_ROOM):
            return meet(apns, scope, proto)
        return meet(oauth if path == PATH else fcm, scope, proto)

    return lead


def reserve_ports(flags: Namespace) -> tuple[socket.socket, socket.socket | None]:
    """Hold the port for pushes and, if wanted, that for orders."""
    pushes = reserve_port(flags.address, flags.port)
    return pushes, None if flags.control_port is None else reserve_port(flags.address, flags.control_port)


def describe(
    endpoints: Mapping[str, Endpoint],
    pushes: socket.socket,
    orders: socket.socket | None,
    certificates: Certificates | None,
) -> str:
    """Say in one line where everything listens."""
    url = f"{'https' if certificates else 'http'}://{_where(pushes)}"
    control = f"http://{_where(orders)}" if orders else "-"
    apns, fcm = (url if name in endpoints else "-" for name in ("apns", "fcm"))
    return f"ready apns={apns} fcm={fcm} control={control}\n"


def _where(held: socket.socket) -> str:
    address, port = held.getsockname()
    return f"{address}:{port}"
